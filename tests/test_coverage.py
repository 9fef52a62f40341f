"""The page sentence by sentence: docs/coverage.md says what answers each one, and everything it names exists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from functools import cache
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag

import pytest

from conftest import example
from xlplan.catalogue import load_catalogue
from xlplan.cli import main
from xlplan.model import load_model
from xlplan.rule import REGISTRY
from xlplan.workbook.build import make_layout

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "page" / "planning-budgeting.md").read_text(encoding="utf-8")
COVERAGE = (DOCS / "coverage.md").read_text(encoding="utf-8")

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"^#+ ([^{]+)")
LINK = re.compile(r"(!?)\[(.*?)\]\((.*?)\)")
SENTENCE_END = re.compile(r"(?<=[.?!])(?<!e\.g\.)(?<!i\.e\.) +(?=[A-Z])")
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$")
REFERENCE = re.compile(r"([a-z]+):(\S+)")
NO_ANSWER = re.compile(r"none: \w+( \S+)+")
ADDRESS = re.compile(r"`([^`]+)`")
WRITE_YOUR_OWN = ("Scope of Work", "Generic Scope of Work")
"""Bullets of the page without a link: nothing of the kind is public, as the Guidance sheet says."""

Said = tuple[str, str]
"""Heading of the section, and a sentence in it."""


class Row(NamedTuple):
    """A row of the table: its section, number and sentence, and what answers the sentence."""

    section: str
    number: int
    sentence: str
    answers: tuple[str, ...]


def lines_of(page: str) -> Iterator[Said]:
    """Paragraphs and bullets of the page; a link is its words with the address behind them in code type."""
    section = ""
    for line in filter(None, map(str.strip, COMMENT.sub("", page).splitlines())):
        if heading := HEADING.match(line):
            section = heading[1].strip()
        else:
            yield section, LINK.sub(without_link, line.removeprefix("- "))


def without_link(link: re.Match[str]) -> str:
    figure, words, address = link.groups()
    return f"{'Figure: ' if figure else ''}{words} `{address}`"


def sentences_of(page: str) -> list[Said]:
    """A sentence ends with a mark before a capital letter, but not after "e.g." or "i.e."."""
    return [(section, sentence) for section, line in lines_of(page) for sentence in SENTENCE_END.split(line)]


def rows_of(coverage: str) -> Iterator[Row]:
    section = ""
    for line in coverage.splitlines():
        if heading := HEADING.match(line):
            section = heading[1].strip()
        elif row := ROW.match(line):
            no_answer = row[3].startswith("none:")
            yield Row(section, int(row[1]), row[2], (row[3],) if no_answer else tuple(row[3].split(", ")))


ROWS = tuple(rows_of(COVERAGE))


def differing(page: str, rows: Iterable[Row]) -> list[str]:
    """Sentences that only the page has (-) and rows that it has not (+)."""
    there = [f"{section}: {sentence}" for section, sentence in sentences_of(page)]
    here = [f"{row.section}: {row.sentence}" for row in rows]
    return list(unified_diff(there, here, "page", "coverage", n=0, lineterm=""))


@cache
def records() -> Mapping[str, Mapping[str, object]]:
    """What an answer can name, by the kind of answer and its id."""
    found, sheets = load_catalogue(), make_layout(example("blank")).sheets
    return {
        "question": found.questions, "item": found.items, "driver": found.drivers, "domain": found.domains,
        "band": found.bands, "gate": found.gates, "check": found.checks, "constant": found.constants,
        "guidance": found.guidance, "role": found.roles, "hosting": found.hosting, "burden": found.burdens,
        "scope": found.scopes,
        "link": found.links, "source": found.sources, "list": found.lists | {
            f"{list.id}.{entry}": list for list in found.lists.values() for entry in list.ids
        },
        "field": {f"{table.id}.{field.id}": field for table in found.tables.values() for field in table.fields},
        "rule": {rule.id: rule for rule in REGISTRY},
        "quantity": {id: found for id, found in load_model().quantities.items() if id not in REGISTRY.rules},
        "sheet": {sheet.key: sheet for sheet in sheets}, "command": main.commands,
    }  # fmt: skip


def leads_nowhere(rows: Iterable[Row]) -> list[str]:
    """Answers that name nothing there is, and missing answers without a reason."""
    return [f"{row.number}: {answer}" for row in rows for answer in row.answers if not exists(answer)]


def exists(answer: str) -> bool:
    reference = REFERENCE.fullmatch(answer)
    known = reference is not None and reference[2] in records().get(reference[1], {})
    return known or NO_ANSWER.fullmatch(answer) is not None


def of_kind(row: Row, *kinds: str) -> list[str]:
    """Ids among the answers that are of these kinds."""
    return [id for kind, id in (answer.partition(":")[::2] for answer in row.answers) if kind in kinds]


def led(row: Row) -> list[str]:
    """Addresses of the page, and addresses that replace them, to which the links and sources of a row lead."""
    found = load_catalogue()
    links = [found.links[id] for id in of_kind(row, "link")]
    return [*(found.sources[id].address for id in of_kind(row, "source")),
            *(link.address for link in links), *(link.replaces for link in links if link.replaces)]  # fmt: skip


def lost_links(rows: Iterable[Row]) -> list[str]:
    """Addresses of the page that nothing beside them equals or replaces; a figure needs a sheet that draws it."""
    return [
        f"{row.number}: {address}"
        for row in rows
        for address in ADDRESS.findall(row.sentence)
        if not (of_kind(row, "sheet") if row.sentence.startswith("Figure: ") else stands_for(row, address))
    ]


def stands_for(row: Row, address: str) -> bool:
    return any(urldefrag(address).url == there or (there and there in address) for there in led(row))


def unreached(rows: Iterable[Row]) -> list[str]:
    """What gives the page as its source, but answers no sentence of it."""
    named = {answer for row in rows for answer in row.answers}
    named |= {answer.partition(".")[0] for answer in named}
    return [f"{kind}:{id}" for kind, id in said_by_the_page() if f"{kind}:{id}" not in named]


def said_by_the_page() -> Iterator[tuple[str, str]]:
    """Kind and id of whatever has the page as its source; one field speaks for its table, one entry for its list.

    A rule that fills a second quantity by the formula of a first is answered for by the first.
    """
    again = {rule.id for rule in REGISTRY if rule.renames}
    for kind, found in records().items():
        for id, record in found.items():
            if getattr(record, "source", "") == "page" and id not in again:
                yield kind, id.partition(".")[0]


def test_the_sentences_of_the_table_are_those_of_the_page() -> None:
    assert differing(PAGE, ROWS) == []


def test_the_table_has_the_text_of_the_page_letter_by_letter() -> None:
    """Without splitting it: headings and sentences in a row are the page, marks and blanks left out."""
    parts = [[section, *(row.sentence.removeprefix("Figure: ") for row in rows)]
             for section, rows in groupby(ROWS, key=attrgetter("section"))]  # fmt: skip
    page = re.sub(r"\{.*?\}", "", COMMENT.sub("", PAGE))
    assert letters("".join(chain.from_iterable(parts))) == letters(page)


def letters(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text)


def test_rows_are_numbered_from_one() -> None:
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))


def test_a_sentence_ends_where_a_reader_would_end_it() -> None:
    page = "# One { #one }\nA server (e.g. at WHO). Is it safe? Yes!\n\n- a bullet\n- [a](#b)\n\n![c](d.png)"
    assert sentences_of(page) == [
        ("One", "A server (e.g. at WHO)."), ("One", "Is it safe?"), ("One", "Yes!"),
        ("One", "a bullet"), ("One", "a `#b`"), ("One", "Figure: c `d.png`"),
    ]  # fmt: skip


def test_a_planted_missing_sentence_is_seen() -> None:
    dropped = ROWS[60]
    assert f"-{dropped.section}: {dropped.sentence}" in differing(PAGE, [row for row in ROWS if row != dropped])


def test_a_planted_change_of_the_page_is_seen() -> None:
    changed = differing(PAGE.replace("A regular (e.g. yearly) internal", "A monthly internal"), ROWS)
    assert [line for line in changed if line.startswith("-DHIS2 security and compliance: A monthly internal")]


def test_every_sentence_has_an_answer_that_exists() -> None:
    assert leads_nowhere(ROWS) == []


@pytest.mark.parametrize(
    "wrong",
    ["question:leadership-king", "item:lg-twig", "check:to_early", "sheet:profil", "answer:me", "", "none: "],
)
def test_a_planted_wrong_answer_is_seen(wrong: str) -> None:
    assert leads_nowhere([ROWS[0]._replace(answers=(*ROWS[0].answers, wrong))]) == [f"1: {wrong}"]


def test_no_sentence_names_an_answer_twice() -> None:
    assert [row.number for row in ROWS if len(set(row.answers)) < len(row.answers)] == []


def test_every_link_of_the_page_leads_somewhere() -> None:
    assert lost_links(ROWS) == []
    assert sum(len(ADDRESS.findall(row.sentence)) for row in ROWS) == PAGE.count("](")


def test_a_planted_lost_link_is_seen() -> None:
    row = next(row for row in ROWS if "#deployment-strategies" in row.sentence)
    assert lost_links([row._replace(answers=("link:dqa",))]) == [f"{row.number}: #deployment-strategies"]


def test_every_resource_of_the_page_leads_to_a_link_or_a_page() -> None:
    """Also those that the page names without a link."""
    resources = [row for row in ROWS if row.section == "Resources"]
    assert [row.number for row in resources if row.sentence not in WRITE_YOUR_OWN and not led(row)] == []


def test_every_replaced_reference_stands_on_the_page_beside_its_link() -> None:
    for link in load_catalogue().links.values():
        beside = [row for row in ROWS if link.id in of_kind(row, "link") and link.replaces in row.sentence]
        assert beside or not link.replaces, link.id


def test_every_link_and_page_named_is_on_the_guidance_sheet() -> None:
    texts = load_catalogue().guidance.values()
    shown = {id for text in texts for id in (*text.links, *text.sources)}
    assert {id for row in ROWS for id in of_kind(row, "link", "source")} <= shown


def test_every_guidance_text_answers_a_sentence() -> None:
    assert set(load_catalogue().guidance) == {id for row in ROWS for id in of_kind(row, "guidance")}


def test_what_gives_the_page_as_its_source_answers_a_sentence() -> None:
    assert unreached(ROWS) == []


def test_a_planted_claim_to_the_page_is_seen() -> None:
    without = [row for row in ROWS if "item:lg-twg" not in row.answers and "gate:tracker" not in row.answers]
    assert {"item:lg-twg", "gate:tracker", "question:leadership-working_group"} <= set(unreached(without))
