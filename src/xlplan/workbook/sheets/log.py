"""Log: versions of the plan and the assumptions it rests on."""

from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import typed_columns

SHEET = Sheet(
    "log",
    "Log",
    "Versions of this plan, and what it takes to be true.",
    "input",
    (16, 44, 34, 16, 44, 24, 24),
    freeze="A6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    return tuple(
        Block(key, title, key, shape.count(key), typed_columns(shape, shape.plan.catalogue.tables[key]), guarded=True)
        for key, title in (("versions", "Versions"), ("assumptions", "Assumptions"))
    )


def draw(canvas: Canvas) -> None:
    for block in canvas.layout.blocks["log"]:
        first = canvas.layout.starts[block.key] + 1
        hide_spare_ids(canvas, block, f"COUNTA($B{first}:$G{first})>0")
        grow_rows(canvas, first, first + block.count - 1)
    set_page(canvas, 7, first + block.count - 1)
