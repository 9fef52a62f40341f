"""Whether every text fits its cell, measured with the letters of the font that the workbook asks for.

Carlito has the widths of Calibri; columns and rows are counted as spreadsheets do at 96 dots an inch. No tests here.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from PIL import ImageFont

FONTS = Path("/usr/share/fonts/truetype/crosextra")
DOTS, POINTS = 96, 72
DIGIT, EDGE, INDENT, DEFAULT = 7, 5, 9, 64
"""Dots: a digit of the body text, both edges of a cell, one indent, a column of no stated width."""

LINE = 1.34
"""Height of a line, in sizes of its letters: 15 points for size 11, as spreadsheets have it."""

FORMATS = {"#,##0": "{:,.0f}", "#,##0.00": "{:,.2f}", "0%": "{:.0%}", "0.0%": "{:.1%}", "0": "{:.0f}"}


@cache
def letters(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"Carlito-{'Bold' if bold else 'Regular'}.ttf", size * DOTS / POINTS)


@cache
def width_of(text: str, size: float, *, bold: bool) -> float:
    """Dots that a text takes on one line."""
    return letters(size, bold=bold).getlength(text)


IDS = 9
"""Size of row ids, which may break anywhere."""


def cut_texts(shown: Workbook) -> list[str]:
    """Cells whose text or number does not fit, each with what is wrong; ``shown`` holds values, not formulas."""
    return [fault for ws in shown.worksheets if ws.sheet_state == "visible" for fault in cut_on(ws)]


def cut_on(ws: Worksheet) -> Iterator[str]:
    wide, last = widths(ws), ws.max_column
    merged = {area.coord.split(":")[0]: area for area in ws.merged_cells.ranges}
    for row in ws.iter_rows():
        for cell in row:
            text = text_in(cell)
            if text and cell.font.sz != IDS:
                area = merged.get(cell.coordinate)
                own = range(cell.column, area.max_col + 1 if area else cell.column + 1)
                free = free_to_the_right(ws, cell, last)
                fault = fault_of(ws, cell, text, *(sum(wide.get(n, DEFAULT) for n in each) for each in (own, free)))
                if fault:
                    yield f"{ws.title}!{cell.coordinate}: {fault}: {text!r}"


def text_in(cell: Cell) -> str:
    """What a reader sees; nothing for a number in a format that these tests do not know."""
    if isinstance(cell.value, str):
        return "" if cell.number_format == ";;;" else cell.value
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return FORMATS.get(cell.number_format, "").format(cell.value)
    return ""


def widths(ws: Worksheet) -> dict[int, float]:
    """Dots of each column; equal neighbours are stored as one."""
    groups = ws.column_dimensions.values()
    return {n: group.width * DIGIT + EDGE for group in groups for n in range(group.min, group.max + 1)}


def fault_of(ws: Worksheet, cell: Cell, text: str, wide: float, free: float) -> str:
    size, bold = cell.font.sz, bool(cell.font.b)
    room = wide - EDGE - INDENT * (cell.alignment.indent or 0)
    if not isinstance(cell.value, str):
        return "" if width_of(text, size, bold=bold) <= room else "####"
    if not cell.alignment.wrap_text:
        room += free if cell.alignment.horizontal in (None, "left", "general") else 0
        return "" if width_of(text, size, bold=bold) <= room else "cut off at the right"
    words = [word for part in text.split("\n") for word in part.split(" ")]
    longest = max(words, key=lambda word: width_of(word, size, bold=bold))
    if width_of(longest, size, bold=bold) > room:
        return f"the word {longest!r} is broken"
    high = lines_of(text, size, room, bold=bold) * size * LINE
    return "" if high <= (ws.row_dimensions[cell.row].height or 15) + 1 else "cut off below"


def free_to_the_right(ws: Worksheet, cell: Cell, last: int) -> range:
    """The empty columns into which a text runs on."""
    end = cell.column + 1
    while end <= last and ws.cell(cell.row, end).value in (None, ""):
        end += 1
    return range(cell.column + 1, end)


def lines_of(text: str, size: float, room: float, *, bold: bool) -> int:
    """Lines of a text that wraps at its blanks."""
    count = 0
    for part in text.split("\n"):
        line, count = "", count + 1
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width_of(longer, size, bold=bold) > room:
                line, count = word, count + 1
            else:
                line = longer
    return count
