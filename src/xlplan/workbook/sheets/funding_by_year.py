"""Funding by year: cost placed on each source against its committed and expected money."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.columns import EMPTY, name_of, number_look, unit_column

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


BY_SOURCE = (
    "placed_cost",
    "committed",
    "confirmed_cover",
    "expected_cover",
    "shortfall",
    "is_over_placed",
    "shortfall_share",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    return (*(block(shape, id) for id in BY_SOURCE), cliff())


CLIFF_HEADS = tuple(Column(head, style.BODY) for head in ("", "Figure", "Unit", "Total"))


def cliff() -> Block:
    """What is asked of committed money as a whole."""
    labels = ("domestic_cover", "is_cliff_year")
    totals = {"domestic_cover": "plan_domestic_cover", "is_cliff_year": "cliff_years"}
    feet = [Foot(load_model()[id].label, id, totals[id], load_model()[id].unit) for id in labels]
    first = load_model()["first_cliff_year"]
    feet.append(Foot(first.label, "", "first_cliff_year", first.unit))
    return Block("cliff", "Recurring cost against committed money", "", 0, CLIFF_HEADS, feet=tuple(feet))


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
