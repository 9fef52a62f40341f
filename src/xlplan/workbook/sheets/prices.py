"""Prices: unit costs with currency, price year and source; cost lines take them by name."""

from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Layout, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import typed_columns

SHEET = Sheet(
    "prices",
    "Prices",
    "One price, one row: cost lines take unit cost, currency and price year from here.",
    "input",
    (16, 44, 18, 16, 14, 12, 48, 12, 15, 15, 31),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    columns = typed_columns(shape, shape.plan.catalogue.tables["prices"])
    return (Block("prices", "", "prices", shape.count("prices"), columns, guarded=True),)


def place(layout: Layout) -> None:
    layout.places["list:prices"] = layout.places["prices.label"]


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["prices"][0]
    first = canvas.layout.starts["prices"] + 1
    hide_spare_ids(canvas, block, f"COUNTA($B{first}:$K{first})>0")
    grow_rows(canvas, first, first + block.count - 1)
    set_page(canvas, 11, first + block.count - 1)
