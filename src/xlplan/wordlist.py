"""The list of every text that a workbook shows, for translators: gathered by building it, not by reading code."""

import inspect
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from xlplan import load, screen
from xlplan.addin.sheets import WINDOWS
from xlplan.catalogue import TEMPLATE, spoken_catalogue, templates
from xlplan.funders.alignment import paragraphs
from xlplan.funders.layout_files import load_layouts
from xlplan.funders.report import sheets
from xlplan.funders.request import Request, answer
from xlplan.path import proposal
from xlplan.plan import Plan
from xlplan.shipped import example_path, in_words
from xlplan.words import LANGUAGES, Words
from xlplan.workbook.build import draw_workbook

SAID = re.compile(r"""\bsay\(["']([^"']+)["']\)""")
"""Texts of the terminal and of proposals; which of them come up depends on the plan."""


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
    hear_exports(replace(load(example_path()), catalogue=spoken_catalogue(TEMPLATE, listener)))
    for module in (screen, proposal):
        for text in SAID.findall(inspect.getsource(module)):
            listener(text)
    return tuple(listener.heard)


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
