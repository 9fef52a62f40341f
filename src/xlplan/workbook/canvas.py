"""A worksheet to draw on: cells with values, formulas and looks."""

import re
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.plan import Plan
from xlplan.workbook.layout import Layout, Sheet
from xlplan.workbook.refs import Refs
from xlplan.workbook.style import Look, Painter

FORMULA_LIKE = ("=", "+", "-", "@", "'")
LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Canvas:
    """A worksheet with what is needed to draw on it."""

    book_plan: Plan
    layout: Layout
    sheet: Sheet
    ws: Worksheet
    painter: Painter
    shared: int = 0

    def put(self, row: int, column: int, value: object, look: Look) -> Cell:
        cell: Cell = self.ws.cell(row=row, column=column)
        self.write(cell, value)
        self.painter.paint(cell, look)
        return cell

    def formula(self, row: int, column: int, text: str, look: Look) -> Cell:
        cell: Cell = self.ws.cell(row=row, column=column)
        cell.value = f"={text}"
        self.painter.paint(cell, look)
        return cell

    def say(self, text: str) -> str:
        """A text of ours in the language of the workbook."""
        return self.book_plan.catalogue.say(text)

    def write(self, cell: Cell, value: object) -> None:
        """Store a typed value; text stays text whatever it begins with."""
        if isinstance(value, str):
            put_text(cell, value)
        elif value is not None:
            cell.value = value
            if isinstance(value, float) and float(f"{value:.16g}") != value:
                cell._value = repr(value)  # noqa: SLF001  openpyxl would store 16 digits of 17

    def refs(self, offset: int = 0) -> Refs:
        return Refs(self.layout, self.sheet.key, offset)


def put_text(cell: Cell, text: str) -> None:
    """Store a text that no program takes for a formula or an escape."""
    cell.value = stored_text(text)
    cell.data_type = "s"


def keep_as_text(cell: Cell, value: object) -> None:
    """Mark a text that begins like a formula, so that it stays one when a person edits the cell."""
    if isinstance(value, str) and value[:1] in FORMULA_LIKE:
        cell.quotePrefix = True


def stored_text(text: str) -> str:
    """Text as the file stores it: ``_x0041_`` would otherwise be read as an escaped character."""
    return LIKE_ESCAPE.sub("_x005F_", text)
