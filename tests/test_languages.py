"""Three languages: nothing untranslated, a word of its own for whatever is found by it, the same plan in each."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from xlplan import load
from xlplan.catalogue import load_catalogue, templates, templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.shipped import example_plan, in_language
from xlplan.wordlist import spoken_texts
from xlplan.words import LANGUAGES
from xlplan.workbook import style
from xlplan.workbook.build import SHEETS, build_workbook
from xlplan.workbook.wording import Wording

FOREIGN = [code for code in LANGUAGES if code != "en"]
LISTS = [load_catalogue(language=code).say("Lists") for code in LANGUAGES]
PLACEHOLDER = re.compile(r"\{\w*\}")


def translations(code: str) -> dict[str, str]:
    with (templates_folder() / "locale" / f"{code}.po").open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream, locale=code) if message.id}


@pytest.fixture(scope="module")
def spoken() -> tuple[str, ...]:
    return spoken_texts()


def lacking(texts: tuple[str, ...], known: dict[str, str]) -> list[str]:
    return [text for text in texts if not known.get(text)]


@pytest.mark.parametrize("code", FOREIGN)
def test_every_text_that_a_workbook_shows_is_translated_and_no_other(code: str, spoken: tuple[str, ...]) -> None:
    known = translations(code)
    assert lacking(spoken, known) == []
    assert set(known) == set(spoken)


def test_a_missing_translation_is_seen(spoken: tuple[str, ...]) -> None:
    known = translations("fr")
    known[spoken[7]] = ""
    assert lacking(spoken, known) == [spoken[7]]


@pytest.mark.parametrize("code", FOREIGN)
def test_placeholders_and_outer_blanks_are_kept(code: str) -> None:
    for text, said in translations(code).items():
        assert Counter(PLACEHOLDER.findall(said)) == Counter(PLACEHOLDER.findall(text)), text
        assert (said[:1] == " ", said[-1:] == " ") == (text[:1] == " ", text[-1:] == " "), text


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("template", templates())
def test_what_is_found_by_its_word_has_a_word_of_its_own(code: str, template: str) -> None:
    catalogue = load_catalogue(template, code)
    groups = [[entry.label for entry in found.entries] for found in catalogue.lists.values()]
    groups += [[item.label for item in catalogue.items.values()], [q.text for q in catalogue.questions.values()]]
    groups += [[d.label for d in (*catalogue.band_domains("foundation"), *catalogue.areas.values())]]
    groups += [[catalogue.say(module.SHEET.title) for module in SHEETS]]
    for labels in groups:
        assert [label for label, n in Counter(map(str.casefold, labels)).items() if n > 1] == []
    assert max(map(len, groups[-1])) <= 31


def is_id(cell: Cell) -> bool:
    """Ids are the same in every language: small in their columns, and beside the words on Lists."""
    return cell.font.sz == style.ID.size or (cell.parent.title in LISTS and cell.column == 3)


def cell_texts(book: Workbook) -> Iterator[tuple[str, str]]:
    """Where each text stands: cells, prompts and errors of input cells."""
    for ws in book.worksheets[:-1]:
        yield ws.title, "title"
        for row in ws.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("=") and not is_id(cell):
                    yield cell.value, f"{ws.title}!{cell.coordinate}"
        for rule in ws.data_validations.dataValidation:
            yield from (
                (text, f"{ws.title}, input {rule.sqref}") for text in (rule.promptTitle, rule.prompt, rule.error)
            )


def english_left(data: bytes, code: str, typed: Plan) -> list[str]:
    """Texts of ours that stand in the workbook as in English although the language has other words for them."""
    known = translations(code)
    own = set(known.values()) | {str(v) for rows in typed.tables.values() for row in rows for v in row.values()}
    texts = cell_texts(load_workbook(BytesIO(data)))
    return [f"{where}: {text}" for text, where in texts if known.get(text, text) != text and text not in own]


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("template", templates())
def test_no_english_is_left_in_a_workbook_of_another_language(code: str, template: str) -> None:
    plan = example_plan(code, template=template)
    assert english_left(build_workbook(plan), code, plan) == []


def test_english_that_is_left_is_seen(blank: Plan) -> None:
    plan = in_language(blank, "fr")
    prices = {"prices": ({"id": "price-001", "label": "Steering"},)}
    data = build_workbook(replace(plan, tables=dict(plan.tables) | prices), line_rows=6)
    book = load_workbook(BytesIO(data))
    book["Prix"]["H3"] = "Unit cost"
    stream = BytesIO()
    book.save(stream)
    assert english_left(stream.getvalue(), "fr", plan) == ["Prix!H3: Unit cost"]


@pytest.mark.parametrize("code", FOREIGN)
def test_a_chart_speaks_the_language(code: str) -> None:
    book = load_workbook(BytesIO(build_workbook(example_plan(code), line_rows=161)))
    known = translations(code)
    titles = [
        "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r)
        for ws in book.worksheets
        for chart in ws._charts
    ]
    assert len(titles) >= 5
    assert not set(titles) & set(known)


@pytest.mark.parametrize("code", FOREIGN)
def test_a_plan_in_another_language_and_back_is_the_same_plan(code: str, national: Plan, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("one.xlsx", "two.xlsx", "three.xlsx"))
    first.write_bytes(build_workbook(national))
    for source, target, language in ((first, second, code), (second, third, "en")):
        done = CliRunner().invoke(main, ["translate", str(source), "--lang", language, "-o", str(target)])
        assert (done.exit_code, done.output.count("Made")) == (0, 1)
    there, back = load(second), load(third)
    assert (there.language, back.language) == (code, "en")
    assert there == back == national
    assert back.evaluate().number("cash") == pytest.approx(there.evaluate().number("cash"), rel=1e-15)


@pytest.mark.parametrize("code", FOREIGN)
def test_the_terminal_speaks_the_language_of_the_plan(code: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(build_workbook(example_plan(code)))
    said = CliRunner().invoke(main, ["show", str(path)]).output
    known = translations(code)
    for text in ("Maturity profile", "Readiness today", "Total", "Must be", "Early progress"):
        assert known[text] in said
    assert all(len(line) <= 80 for line in said.splitlines())


def test_needs_of_courses_are_read_with_the_colon_of_the_language() -> None:
    """The lists of today all have the same one; another must work as well."""
    catalogue = load_catalogue()
    words = catalogue.lists["words"]
    entries = tuple(replace(entry, label=" \u2013 ") if entry.id == "colon" else entry for entry in words.entries)
    other = replace(catalogue, lists={**catalogue.lists, "words": replace(words, entries=entries)})
    courses = {"courses": [("Nurses", "nurse_course")]}
    wording = Wording(other, lambda table: courses.get(table, []), "en")
    field = other.tables["lines"].field("driver")
    measure = other.lists["course_series"].entries[0]
    assert wording.id_of(field, f"Nurses \u2013 {measure.label}", "A1") == f"nurse_course-{measure.id}"
    assert wording.id_of(field, f"Nurses: {measure.label}", "A1") == f"Nurses: {measure.label}"
