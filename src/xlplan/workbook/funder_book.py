"""An export as a workbook: plain tables from the first cell on, real numbers, no formula, no merged cell."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.funders.report import Plain, sheets
from xlplan.funders.table import Cell, Table
from xlplan.plan import Plan
from xlplan.workbook import style
from xlplan.workbook.build import describe
from xlplan.workbook.canvas import put_text
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts, tidy
from xlplan.workbook.page import BOLD_LETTER, LETTER, PADDING, height_of, lines_of, set_paper

WIDEST, NARROWEST, ONE_PAGE = 48.0, 9.0, 14
FORMATS = {"share": style.WHOLE_SHARE, "year": style.PLAIN, "number": "#,##0.##"}


def funder_book(table: Table) -> bytes:
    """The export, its reconciliation and what it rests on; equal exports give equal bytes."""
    book, plan = Workbook(), table.placed.plan
    book.remove(book.worksheets[0])
    painter = style.Painter(book)
    for plain in sheets(table):
        draw(book.create_sheet(plain.title), painter, plain, plan)
    painter.finish(book)
    describe(book, plan)
    stream = BytesIO()
    book.save(stream)
    return packed(parts(tidy(stream.getvalue(), plan.settings.get("data_date"))))


def draw(ws: Worksheet, painter: style.Painter, plain: Plain, plan: Plan) -> None:
    for number, (head, kind) in enumerate(zip(plain.heads, plain.kinds, strict=True), 1):
        look = style.HEAD.but(align="left" if kind == "text" else "right")
        put(ws, painter, (1, number), head, look)
        column = (row[number - 1] for row in plain.rows)
        ws.column_dimensions[get_column_letter(number)].width = width(head, column, kind)
    for row, cells in enumerate(plain.rows, 2):
        for number, (cell, kind) in enumerate(zip(cells, plain.kinds, strict=True), 1):
            put(ws, painter, (row, number), cell, look_of(kind, is_exact=isinstance(cell, Decimal)))
    set_heights(ws, plain)
    set_page(ws, plan)


def put(ws: Worksheet, painter: style.Painter, place: tuple[int, int], value: Cell, look: style.Look) -> None:
    """A cell; a text stays text whatever it begins with."""
    cell = ws.cell(*place)
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    painter.paint(cell, look)


@cache
def look_of(kind: str, *, is_exact: bool) -> style.Look:
    """Look of the cells of a column; amounts below one unit of money are ``Decimal``s."""
    if kind == "text":
        return style.BODY.but(wrap=True)
    return style.NUMBER.but(format=FORMATS.get(kind, style.PRICE if is_exact else style.MONEY))


def width(head: str, cells: Iterable[Cell], kind: str) -> float:
    """Wide enough for the longest word of the heading and for the cells, which wrap where they are texts."""
    word = max(len(part) for part in head.split()) * BOLD_LETTER + PADDING
    shown = [str(cell) if kind == "text" else f"{cell:,}" for cell in cells if cell is not None]
    longest = max(map(len, shown), default=0) * (LETTER if kind == "text" else 1.0) + PADDING + 1
    return max(word, NARROWEST, min(longest, WIDEST))


def set_heights(ws: Worksheet, plain: Plain) -> None:
    """Heights from the texts, since spreadsheet programs do not grow rows of fixed height."""
    widths = [ws.column_dimensions[get_column_letter(n)].width for n in range(1, len(plain.heads) + 1)]
    for row, cells in enumerate((plain.heads, *plain.rows), 1):
        letter = BOLD_LETTER if row == 1 else LETTER
        texts = [(cell, wide) for cell, wide in zip(cells, widths, strict=True) if isinstance(cell, str)]
        tallest = max((lines_of(text, wide, letter) for text, wide in texts), default=1)
        ws.row_dimensions[row].height = height_of(tallest)


def set_page(ws: Worksheet, plan: Plan) -> None:
    """A4, one page wide or two, headings repeated and frozen, page numbers."""
    set_paper(ws, "output", plan.text("title"), wide=2 if ws.max_column > ONE_PAGE else 1)
    ws.freeze_panes, ws.print_title_rows = "A2", "1:1"
