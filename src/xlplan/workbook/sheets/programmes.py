"""Programmes: new or improved work, the gate it must pass, and when it is planned to start."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Shape, Sheet
from xlplan.workbook.page import color_words, grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import typed_columns

SHEET = Sheet(
    "programmes",
    "Programmes",
    "New or improved programmes and data sets. Each needs its readiness gate to be open before it starts.",
    "input",
    (16, 40, 26, 14, 56, 24),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    table = shape.plan.catalogue.tables["programmes"]
    status = Column("Gate today", style.CENTRED.but(wrap=True), text=lambda refs: refs.here("programme_status_name"))
    columns = (*typed_columns(shape, table), status)
    return (Block("programmes", "", "programmes", shape.count("programmes"), columns, guarded=True, height=26),)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["programmes"][0]
    first = canvas.layout.starts["programmes"] + 1
    hide_spare_ids(canvas, block, f"COUNTA($B{first}:$E{first})>0")
    statuses = {"statuses": tuple(canvas.book_plan.labels["statuses"].values())}
    color_words(canvas, f"F{first}:F{first + block.count - 1}", f"F{first}", statuses)
    grow_rows(canvas, first, first + block.count - 1, 26)
    set_page(canvas, 6, first + block.count - 1)
