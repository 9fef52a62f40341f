"""The list of every text that a workbook or a report shows, for translators: gathered by making each of them.

What comes up only in some plans is read from the code: whatever ``say("...")`` says.
"""

import ast
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from xlplan import load, screen, screen_ranges
from xlplan.addin.sheets import WINDOWS
from xlplan.catalogue import TEMPLATE, spoken_catalogue, templates, templates_folder
from xlplan.consolidate.national import NOTHING
from xlplan.consolidate.sheets import listings
from xlplan.funders.alignment import paragraphs
from xlplan.funders.layout_files import load_layouts
from xlplan.funders.report import sheets
from xlplan.funders.request import Request, answer
from xlplan.path import proposal
from xlplan.plan import Plan
from xlplan.report import html
from xlplan.report.build import report_of
from xlplan.report.content import Document
from xlplan.report.scope import scope_of_domain
from xlplan.report.team import capacity_plan, terms_of
from xlplan.report.word import template_texts
from xlplan.shipped import example_path, in_words
from xlplan.words import LANGUAGES, Words
from xlplan.workbook.build import draw_workbook

SAID = re.compile(r"""\bsay\("([^"]+)"\)""")
"""A text in the page that a report is written into."""


@dataclass(frozen=True)
class Listener(Words):
    """Words that remember what they were asked for."""

    heard: dict[str, None] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        said = super().__call__(text)
        if said:
            self.heard[said] = None
        return said


def spoken_texts() -> tuple[str, ...]:
    """Every text of every template pack and its workbook, in the order in which they come up."""
    listener = Listener()
    for template in templates():
        catalogue = spoken_catalogue(template, listener)
        plan = replace(with_proposal(load(example_path(template))), catalogue=catalogue)
        for more in ((), WINDOWS):
            draw_workbook(in_words(plan), 1, more)
        for document in documents():
            document(in_words(plan))
        listings(NOTHING, catalogue)
    hear_exports(replace(load(example_path()), catalogue=spoken_catalogue(TEMPLATE, listener)))
    for text in (*code_texts(), *page_texts(), *template_texts("report.docx"), *template_texts("scope.docx")):
        listener(text)
    return tuple(listener.heard)


def documents() -> Iterator[Callable[[Plan], Document]]:
    """Ways to make a document of each kind."""
    yield report_of
    yield capacity_plan
    yield lambda plan: terms_of(plan, next(iter(plan.catalogue.roles)))
    yield lambda plan: scope_of_domain(plan, plan.areas[0])


def code_texts() -> Iterator[str]:
    """Texts of the terminal, of proposals and of documents; which of them come up depends on the plan."""
    own = (Path(str(module.__file__)) for module in (screen, screen_ranges, proposal))
    for path in (*own, *sorted(Path(html.__file__).parent.glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) == "say" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def name_of(function: ast.expr) -> str:
    """Last part of the name by which a function is called."""
    return ast.unparse(function).rpartition(".")[2]


def page_texts() -> list[str]:
    return SAID.findall((templates_folder() / "report" / html.TEMPLATE).read_text(encoding="utf-8"))


def hear_exports(plan: Plan) -> None:
    """Have everything said that exports for funders show."""
    for layout in load_layouts():
        deque(sheets(answer(plan, Request(layout))), 0)
    deque(paragraphs(plan.evaluate()), 0)


def with_proposal(plan: Plan) -> Plan:
    """The plan with a row on the sheet that only plans with a proposal have."""
    return replace(plan, tables=dict(plan.tables) | {"proposals": ({"id": "proposal-001", "accept": "no"},)})


def write_word_lists(folder: Path) -> Iterator[tuple[str, int]]:
    """Bring ``folder/*.po`` up to date; gives each language and how many texts lack a translation."""
    texts = spoken_texts()
    for language in (code for code in LANGUAGES if code != "en"):
        path = folder / f"{language}.po"
        known = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(language)
        found = Catalog(language, project="xlplan", charset="utf-8", header_comment="# Words of xlplan workbooks")
        for text in texts:
            old = known.get(text)
            found.add(text, old.string if old else "")
        stream = BytesIO()
        write_po(stream, found, width=0, omit_header=True, sort_output=False)
        path.write_bytes(stream.getvalue())
        yield language, sum(1 for message in found if message.id and not message.string)
