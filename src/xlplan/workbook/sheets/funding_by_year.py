"""Funding by year: cost placed on each source against its committed and expected money."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.quantities import EMPTY, number_look, unit_column
from xlplan.workbook.sheets.terms import name_of

SHEET = Sheet(
    "funding_by_year",
    "Funding by year",
    "Calculated: cost placed on each source, what committed and expected money pays of it, and what stays open.",
    "calculation",
    (16, 40, 14, 15, 11),
    years=True,
    freeze="F6",
)
FEET = {
    "placed_cost": (
        Foot("Cost without a source", "unplaced_cost", "plan_unplaced_cost", "money/year"),
        Foot("Placed on sources", "", "plan_placed_cost", "money"),
    ),
    "shortfall": (Foot("Placed without commitment", "total_shortfall", "", "money/year", strong=True),),
}


def blocks(shape: Shape) -> tuple[Block, ...]:
    return tuple(
        block(shape, id) for id in ("placed_cost", "confirmed_cover", "expected_cover", "shortfall", "is_over_placed")
    )


def block(shape: Shape, quantity: str) -> Block:
    label = load_model()[quantity].label
    columns = (
        Column("No.", style.ID, text=table_id("funders")),
        name_of("funders"),
        unit_column(quantity),
        EMPTY,
        EMPTY,
    )
    series = Series("year", number_look(quantity), quantity=quantity)
    title = "" if quantity == "placed_cost" else label
    return Block(
        f"{quantity}_by_source",
        title,
        "funders",
        shape.count("funders"),
        columns,
        (series,),
        guarded=True,
        feet=FEET.get(quantity, ()),
    )


def draw(canvas: Canvas) -> None:
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)
