"""The page docs/worked-example.md, number by number, against the engine, formualizer and LibreOffice."""

import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from openpyxl.utils import get_column_letter

from engines import Values, libreoffice_values, stored_values
from xlplan import load
from xlplan.catalogue import templates_folder
from xlplan.engine import evaluate
from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.workbook.build import draw_workbook, make_layout
from xlplan.workbook.layout import Layout
from xlplan.workbook.recalculate import refreshed

PAGE = Path(__file__).parents[1] / "docs" / "worked-example.md"
ROW = re.compile(r"^\| (\w+) \| (\w+) \| (.+) \|$", re.MULTILINE)
HAND = 1e-9
"""The page has at most twelve digits."""

Figure = tuple[str, str, int, float]
"""Row, quantity, column from 0, and the number on the page."""


@cache
def worked() -> Plan:
    return load(templates_folder() / "examples" / "worked-example.toml")


def figures() -> Iterator[Figure]:
    for row, quantity, cells in ROW.findall(PAGE.read_text(encoding="utf-8")):
        if row != "Row":
            for column, cell in enumerate(cells.split(" | ")):
                yield row, quantity, column, float(cell)


FIGURES = tuple(figures())


def place_of(row: str, quantity: str) -> int:
    """Number of the row in the table of the quantity."""
    table = load_model()[quantity].axis.rows
    if table is None:
        return 0
    keys = {"foundations": "foundation", "assessed": "domain"}
    if table in keys:
        return worked().key_ids(keys[table]).index(row)
    ids = list(worked().catalogue.gates) if table == "gates" else list(worked().places[table])
    return ids.index(row)


def differing(found: Values, layout: Layout) -> list[str]:
    """Figures of the page that a workbook shows otherwise."""
    wrong = []
    for row, quantity, column, expected in FIGURES:
        place = layout.places[quantity]
        cell = f"{get_column_letter(place.column + column)}{place.row + place_of(row, quantity)}"
        shown = found.get((layout.title(place.sheet), cell))
        if not isinstance(shown, int | float) or not math.isclose(shown, expected, rel_tol=HAND, abs_tol=HAND):
            wrong.append(f"{row} {quantity} {column}: the page has {expected}, {cell} shows {shown!r}")
    return wrong


def test_the_page_has_numbers_for_every_chapter() -> None:
    assert len(FIGURES) > 200
    assert {quantity for _, quantity, _, _ in FIGURES} <= set(load_model().quantities)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: " ".join(map(str, figure[:3])))
def test_the_engine_finds_what_was_calculated_by_hand(figure: Figure) -> None:
    row, quantity, column, expected = figure
    assert np.isclose(values()[quantity][place_of(row, quantity), column], expected, rtol=HAND, atol=HAND)


@cache
def values() -> dict[str, np.ndarray]:
    return evaluate(worked())


@cache
def made() -> tuple[bytes, Layout]:
    return draw_workbook(worked(), 1), make_layout(worked(), 1)


def test_formualizer_finds_what_was_calculated_by_hand() -> None:
    data, layout = made()
    assert differing(stored_values(refreshed(data)[0]), layout) == []


def test_libreoffice_finds_what_was_calculated_by_hand() -> None:
    data, layout = made()
    assert differing(libreoffice_values(data), layout) == []


def test_a_planted_number_is_seen() -> None:
    data, layout = made()
    found = dict(stored_values(refreshed(data)[0]))
    place = layout.places["cash"]
    found[layout.title(place.sheet), f"{get_column_letter(place.column)}{place.row}"] = 652713.38
    assert len(differing(found, layout)) == 1
