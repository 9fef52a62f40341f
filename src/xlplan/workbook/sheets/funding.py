"""Funding: who pays, what is committed and what is only expected, year by year."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import named_unit, table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import input_look, typed_columns
from xlplan.workbook.sheets.quantities import EMPTY

SHEET = Sheet(
    "funding",
    "Funding",
    "Who pays: money that is committed, and money that is only expected, in the reporting currency.",
    "input",
    (14, 38, 16, 42, 12),
    years=True,
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    table = shape.plan.catalogue.tables["funders"]
    committed, expected = table.field("committed"), table.field("expected")
    unit = Column("Unit", style.MUTED_TEXT, text=named_unit("funders", committed.unit))
    again = (
        Column("No.", style.ID, text=table_id("funders")),
        Column("Funding source", style.BODY, text=lambda refs: refs.here("funders.label")),
        EMPTY,
        EMPTY,
        unit,
    )
    count = shape.count("funders")
    return (
        Block(
            "funders",
            "",
            "funders",
            count,
            (*typed_columns(shape, table), unit),
            (Series("year", input_look(committed), field=committed),),
            guarded=True,
        ),
        Block(
            "expected",
            "Expected, not confirmed",
            "funders",
            count,
            again,
            (Series("year", input_look(expected), field=expected),),
            guarded=True,
        ),
    )


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["funding"][0]
    first = canvas.layout.starts["funders"] + 1
    hide_spare_ids(canvas, block, f"COUNTA($B{first}:$D{first},$F{first}:$Z{first})>0")
    grow_rows(canvas, first, first + block.count - 1)
    last = canvas.layout.starts["expected"] + block.count
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, last)
