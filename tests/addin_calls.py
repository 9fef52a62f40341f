"""The calls of the Python sheet, made anew: their ranges from a calculated workbook, and what they must come to.

No tests here.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from engines import Values
from xlplan.addin import sheet
from xlplan.addin.sheets import LITE
from xlplan.plan import Plan
from xlplan.workbook.build import make_layout
from xlplan.workbook.layout import Layout

EXCEL_ERRORS = ("#", "Err:")
PART = 1e-9


@dataclass(frozen=True)
class Calculated:
    """A workbook with a Python sheet, and what an engine calculated for its formulas."""

    plan: Plan
    data: bytes
    found: Values
    rows: int

    @cached_property
    def layout(self) -> Layout:
        return make_layout(self.plan, self.rows, LITE)

    @cached_property
    def book(self) -> Any:
        return load_workbook(BytesIO(self.data))

    def cells(self, reference: str) -> list[list[Any]]:
        """Values of a range or of a name, as Excel would hand them over."""
        name = self.book.defined_names.get(reference)
        title, _, area = (name.attr_text if name else reference).rpartition("!")
        ws = self.book[title.strip("'") or "Python"]
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        return [[self.value(ws, row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def value(self, ws: Any, row: int, column: int) -> Any:
        cell = ws.cell(row, column)
        found = self.found[ws.title, cell.coordinate] if cell.data_type == "f" else cell.value
        assert not (isinstance(found, str) and found.startswith(EXCEL_ERRORS)), f"{ws.title}!{cell.coordinate}: {found}"
        return float(found) if isinstance(found, int | float) else found


def native(made: Calculated, array: sheet.Array) -> list[list[Any]]:
    """What the native formulas show where the call gives its cells."""
    found: list[list[Any]] = []
    for id in array.call.gives:
        place = made.layout.places[id]
        rows, _ = sheet.extent(place, made.layout)
        title = made.layout.title(place.sheet)
        found += made.cells(f"'{title}'!{sheet.area_of(place, sheet.Refs(made.layout, sheet.KEY), rows)}")
    if array.call.function == "gate_blockers":
        place = made.layout.places["is_blocking"]
        title, refs = made.layout.title(place.sheet), sheet.Refs(made.layout, sheet.KEY)
        flags = made.cells(f"'{title}'!{sheet.area_of(place, refs)}")
        found = [[n if f else None for f, n in zip(fs, ns, strict=True)] for fs, ns in zip(flags, found, strict=True)]
    return found


def differing(made: Calculated, call: Callable[..., Any]) -> Iterator[str]:
    """One sentence for every cell in which a function and the native formula differ."""
    for array, made_call in zip(
        sheet.arrays(made.plan, made.layout), sheet.array_calls(made.plan, made.layout), strict=True
    ):
        found = call(made_call.function, *map(made.cells, made_call.arguments))
        expected = native(made, array)
        if not isinstance(found, list):
            yield f"{made_call.function}: {found}"
            continue
        slack = 1e-6 + PART * largest(made, made_call.arguments[0]) * (made_call.function == "xlp_funding_gap")
        assert (len(found), len(found[0])) == (len(expected), len(expected[0])), made_call.function
        for row, (ours, theirs) in enumerate(zip(found, expected, strict=True)):
            for column, (one, other) in enumerate(zip(ours, theirs, strict=True)):
                if not alike(one, other, slack):
                    yield f"{made_call.function}, row {row + 1}, column {column + 1}: {one!r}, native {other!r}"


def largest(made: Calculated, reference: str) -> float:
    """What is left after a subtraction is only as exact as what was subtracted."""
    return max((abs(cell) for row in made.cells(reference) for cell in row if isinstance(cell, float)), default=0)


def alike(one: Any, other: Any, slack: float) -> bool:
    """Blank as blank, numbers to nine digits."""
    if one in ("", None) or other in ("", None):
        return one in ("", None) and other in ("", None)
    return math.isclose(one, other, rel_tol=PART, abs_tol=slack)
