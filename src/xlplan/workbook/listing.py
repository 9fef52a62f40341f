"""Sheets that are lists, written row by row so that memory does not grow with them; in the look of the workbook."""

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xlplan.problems import PlanError, Problem
from xlplan.workbook import style
from xlplan.workbook.canvas import keep_as_text, put_text, stored_text
from xlplan.workbook.container import packed
from xlplan.workbook.layout import HEAD_ROW
from xlplan.workbook.package import FIXED_DATE, parts, stamped
from xlplan.workbook.page import height_of, lines_of, set_frame, set_paper
from xlplan.workbook.style import Look, Painter

LONGEST = 4000
"""Characters of one text; longer ones are cut, with three dots."""

WIDEST_PAGE = 240
"""Width in characters from which a sheet is printed on two pages side by side."""

MONEY = style.NUMBER.but(format=style.MONEY)
TOTAL = style.TOTAL.but(align="right", format=style.MONEY)


NO_VALUE = re.compile(rb"</f><v(?:></v>| ?/>)")
"""What openpyxl writes after a formula."""


def letter_of(column: int) -> str:
    """Letters of a column, from 1."""
    return get_column_letter(column)


class Heading(str):
    """A text that stands above the rows that follow."""

    __slots__ = ()


class Sum(str):
    """A label whose whole row is a total."""

    __slots__ = ()


class Formula(NamedTuple):
    """A formula without its equals sign, and its value; any text stays text, whatever it begins with."""

    text: str
    value: float


@dataclass(frozen=True)
class Column:
    """A column of a list: heading, width, and look of its cells."""

    head: str
    width: float
    look: Look = style.BODY


@dataclass(frozen=True)
class Listing:
    """A sheet: title, what it is for, columns and rows of values.

    ``totals`` stand in the first row below the heading; the first ``kept`` columns stay in sight.
    """

    title: str
    purpose: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    totals: Sequence[Any] = ()
    kind: str = "output"
    kept: int = 1


class _Painter(Painter):
    """Looks of cells that are written once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[Look, Cell] = {}
        self._ws: WriteOnlyWorksheet | None = None

    def _blank(self) -> Cell:
        return WriteOnlyCell(self._book.worksheets[0])


def listing_book(listings: Sequence[Listing], title: str, language: str) -> bytes:
    """The sheets as an ``.xlsx``, every formula with its value; equal listings give equal bytes.

    Raises ``PlanError`` for a formula whose value is no number.
    """
    book = Workbook(write_only=True)
    sheets = [book.create_sheet(listing.title) for listing in listings]
    painter = _Painter(book)
    values = {}
    for number, (ws, listing) in enumerate(zip(sheets, listings, strict=True), 1):
        values[f"xl/worksheets/sheet{number}.xml"] = write_rows(ws, listing, painter, title)
    book.properties.title, book.properties.creator, book.properties.language = stored_text(title), "xlplan", language
    book.calculation = CalcProperties(calcId=191029, fullCalcOnLoad=False)
    stream = BytesIO()
    book.save(stream)
    found = parts(stream.getvalue())
    return packed({name: filled(stamped(name, found[name], FIXED_DATE), values.get(name, ())) for name in found})


def write_rows(ws: WriteOnlyWorksheet, listing: Listing, painter: Painter, title: str) -> Sequence[float]:
    """Write a sheet, and give the values of its formulas in their order."""
    set_page(ws, listing, title)
    values = array("d")
    for number, row in enumerate(drawn(listing), 1):
        if number > HEAD_ROW:
            ws.row_dimensions[number].height = height(row, listing.columns)
        ws.append([painted(ws, painter, value, look) for value, look in row])
        values.extend(value.value for value, _ in row if isinstance(value, Formula))
    return values


def filled(part: bytes, values: Iterable[float]) -> bytes:
    """A part with the values of its formulas, in their order, in 15 digits as spreadsheets show them."""
    left = iter(values)
    return NO_VALUE.sub(lambda _: b"</f><v>%s</v>" % stored(next(left)), part)


def stored(value: float) -> bytes:
    if not math.isfinite(value):
        words = "a sum that is no number", "sums of numbers", "look for costs beyond all measure"
        raise PlanError([Problem("the workbook", *words)])
    return f"{value:.15g}".encode()


def drawn(listing: Listing) -> Iterable[Sequence[tuple[Any, Look]]]:
    """Values with their looks, row by row."""
    yield [(listing.title, style.TITLE)]
    yield [(listing.purpose, style.PURPOSE)]
    yield []
    yield []
    yield [(column.head, style.HEAD.but(align=column.look.align)) for column in listing.columns]
    if listing.totals:
        yield [(value, total_look(column)) for value, column in zip(listing.totals, listing.columns, strict=True)]
    for row in listing.rows:
        yield [(value, look_of(row[0], column)) for value, column in zip(row, listing.columns, strict=False)]


def look_of(first: Any, column: Column) -> Look:
    """Look of a cell by what its row begins with."""
    if isinstance(first, Heading):
        return style.SECTION
    return total_look(column) if isinstance(first, Sum) else column.look


def height(row: Sequence[tuple[Any, Look]], columns: Sequence[Column]) -> float:
    """Room for the texts that are wrapped; spreadsheet programs do not see to it."""
    wrapped = (
        lines_of(clean(value), column.width * style.BODY.size / look.size)
        for (value, look), column in zip(row, columns, strict=False)
        if look.wrap and isinstance(value, str)
    )
    return height_of(max(wrapped, default=1))


def total_look(column: Column) -> Look:
    return column.look.but(bold=True, border="total", wrap=False)


def painted(ws: WriteOnlyWorksheet, painter: Painter, value: Any, look: Look) -> Cell:
    cell = WriteOnlyCell(ws)
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
    elif isinstance(value, str):
        put_text(cell, clean(value))
    elif value is not None:
        cell.value = value
    painter.paint(cell, look)
    if not isinstance(value, Formula):
        keep_as_text(cell, value)
    return cell


def clean(text: str) -> str:
    """Text that a file may hold: no control characters, not too long."""
    found = "".join(character if character.isprintable() else " " for character in text)
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 3]}..."


def set_page(ws: WriteOnlyWorksheet, listing: Listing, title: str) -> None:
    """A4 landscape, one page wide, headings repeated, page numbers; protected without password."""
    for number, column in enumerate(listing.columns, 1):
        ws.column_dimensions[get_column_letter(number)].width = column.width
    for row, height in ((1, 30), (2, 20), (3, 6), (4, 6), (HEAD_ROW, 36)):
        ws.row_dimensions[row].height = height
    wide = sum(column.width for column in listing.columns) > WIDEST_PAGE
    set_paper(ws, listing.kind, clean(title), wide=2 if wide else 1)
    set_frame(ws)
    ws.print_title_rows = f"1:{HEAD_ROW}"
    if wide:
        ws.print_title_cols = f"A:{get_column_letter(listing.kept)}"
    ws.freeze_panes = f"{get_column_letter(listing.kept + 1)}{HEAD_ROW + 1 + bool(listing.totals)}"
