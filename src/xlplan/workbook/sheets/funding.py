"""Funding: who pays, what is committed and what is only expected, year by year."""

from xlplan.records import Table
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import named_unit, table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.columns import EMPTY
from xlplan.workbook.sheets.inputs import input_column, input_look, typed_columns

SHEET = Sheet(
    "funding",
    "Funding",
    "Who pays: money that is committed, and money that is only expected, in the reporting currency.",
    "input",
    (14, 44, 20, 42, 12),
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
            (*typed_columns(shape, table, without=LIMITS), unit),
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
        limits(shape, table),
        reasons(shape),
    )


LIMITS = ("only_category", "only_area")


def limits(shape: Shape, table: Table) -> Block:
    """What a source may pay for; lines outside are a finding."""
    columns = (
        Column("No.", style.ID, text=table_id("funders")),
        Column("Funding source", style.BODY, text=lambda refs: refs.here("funders.label")),
        input_column(table.field("only_category")),
        input_column(table.field("only_area")),
        EMPTY,
    )
    return Block("limits", "What a source may pay for", "funders", shape.count("funders"), columns, guarded=True)


def reasons(shape: Shape) -> Block:
    """HISP's yearly heads, and why a plan has no line for one."""
    heads = shape.plan.catalogue.lists["heads"].entries
    field = shape.plan.catalogue.tables["head_reasons"].field("reason")
    columns = (
        Column("No.", style.ID, values=tuple(head.id for head in heads)),
        Column("HISP head", style.BODY.but(wrap=True), values=tuple(head.label for head in heads)),
        EMPTY,
        input_column(field),
        EMPTY,
    )
    ids = tuple(head.id for head in heads)
    return Block("head_reasons", "Yearly heads that need no line", "heads", len(heads), columns, ids=ids, height=30)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["funding"][0]
    first = canvas.layout.starts["funders"] + 1
    hide_spare_ids(canvas, block, f"COUNTA($B{first}:$D{first},$F{first}:$Z{first})>0")
    grow_rows(canvas, first, first + block.count - 1)
    reasons_row = canvas.layout.starts["head_reasons"]
    last = reasons_row + canvas.layout.shape.count("heads")
    grow_rows(canvas, reasons_row + 1, last, 30)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, last)
