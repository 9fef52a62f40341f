"""Programmes: new or improved work, the gate it must pass, and when it is planned to start."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import color_words, grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import input_look, typed_columns

SHEET = Sheet(
    "programmes",
    "Programmes",
    "New or improved programmes and data sets. Each needs its readiness gate to be open before it starts.",
    "input",
    (16, 36, 22, 26, 13, 34, 11, 11, 11, 11, 20, 16),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    table = shape.plan.catalogue.tables["programmes"]
    status = Column("Gate today", style.CENTRED.but(wrap=True), text=lambda refs: refs.here("programme_status_name"))
    adds = table.field("adds")
    filler = (Column("", style.BODY),) * shape.count("addition")
    typed = typed_columns(shape, table)
    opens_in = Column("Gate opens in", style.CENTRED.but(wrap=True), text=lambda refs: refs.here("programme_opening"))
    heads = tuple(
        shape.say("Adds: {what}").format(what=entry.label) for entry in shape.plan.catalogue.lists["additions"].entries
    )
    series = Series("addition", input_look(adds), field=adds, column=len(typed) + 1, heads=heads)
    columns = (*typed, *filler, status, opens_in)
    count = shape.count("programmes")
    return (Block("programmes", "", "programmes", count, columns, (series,), guarded=True, height=34),)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["programmes"][0]
    first = canvas.layout.starts["programmes"] + 1
    hide_spare_ids(canvas, block, f"COUNTA($B{first}:$J{first})>0")
    statuses = {"statuses": tuple(canvas.book_plan.labels["statuses"].values())}
    color_words(canvas, f"K{first}:K{first + block.count - 1}", f"K{first}", statuses)
    grow_rows(canvas, first, first + block.count - 1, 34)
    canvas.ws.row_dimensions[first - 1].height = 48
    set_page(canvas, 12, first + block.count - 1)
