"""Drivers: what grows year by year, and the currencies with inflation and exchange rates."""

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import named_unit
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Layout, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.columns import EMPTY
from xlplan.workbook.sheets.inputs import input_column, input_look, typed_columns

SHEET = Sheet(
    "drivers",
    "Drivers",
    "What quantities grow with, year by year, and the currencies that prices are in.",
    "input",
    (14, 42, 16, 42, 18),
    years=True,
    freeze="C6",
)

RANGE = ("low", "high", "confidence")
"""Inputs that stand behind the years, which have the same columns on every sheet."""

RANGE_WIDTHS = (15, 15, 31)


def blocks(shape: Shape) -> tuple[Block, ...]:
    return (
        block(shape, "drivers", "values", ""),
        block(shape, "currencies", "rates", "Currencies: inflation, and units for one of the reporting currency"),
    )


def block(shape: Shape, key: str, by_year: str, title: str) -> Block:
    table = shape.plan.catalogue.tables[key]
    field = table.field(by_year)
    columns = (
        *typed_columns(shape, table, without=RANGE),
        Column("Unit", style.MUTED_TEXT, text=named_unit(key, field.unit)) if key == "currencies" else EMPTY,
    )
    if key == "drivers":
        ends = (table.field(id) for id in RANGE)
        columns = (*columns, *(EMPTY,) * shape.plan.years, *map(input_column, ends))
    return Block(
        key, title, key, shape.count(key), columns, (Series("year", input_look(field), field=field),), guarded=True
    )


def place(layout: Layout) -> None:
    for table in ("drivers", "currencies"):
        layout.places[f"list:{table}"] = layout.places[f"{table}.label"]


def draw(canvas: Canvas) -> None:
    for block in canvas.layout.blocks["drivers"]:
        first = canvas.layout.starts[block.key] + 1
        hide_spare_ids(canvas, block, f"COUNTA($B{first}:$D{first},$F{first}:$Z{first})>0")
        grow_rows(canvas, first, first + block.count - 1, 22 if block.key == "drivers" else 34)
    last = FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years
    for column, width in enumerate(RANGE_WIDTHS, last + 1):
        canvas.ws.column_dimensions[get_column_letter(column)].width = width
    set_page(canvas, last + len(RANGE), first + block.count - 1)
