"""Training: courses, who attends, how long, how often; classes and trainer days follow from it."""

from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import typed_columns

SHEET = Sheet(
    "training",
    "Training",
    "One row per course. Cost lines then follow its participants, participant-days, classes or trainer-days: choose them as driver on Costs.",
    "input",
    (14, 40, 24, 11, 10, 9, 10, 10, 11, 11, 13),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    columns = typed_columns(shape, shape.plan.catalogue.tables["courses"])
    return (Block("courses", "", "courses", shape.count("courses"), columns, guarded=True, height=30),)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["training"][0]
    head = canvas.layout.starts["courses"]
    hide_spare_ids(canvas, block, f"COUNTA($B{head + 1}:$K{head + 1})>0")
    canvas.ws.row_dimensions[head].height = 48
    grow_rows(canvas, head + 1, head + block.count, 30)
    set_page(canvas, 11, head + block.count)
