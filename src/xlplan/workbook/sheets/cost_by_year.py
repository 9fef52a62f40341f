"""Cost by year: what each line costs in each year, by nature and spread over useful lives."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.quantities import EMPTY, line_block, number_look, unit_column

SHEET = Sheet(
    "cost_by_year",
    "Cost by year",
    "Calculated: what each line costs in each year, in the reporting currency and in money of that year.",
    "calculation",
    (16, 40, 14, 15, 11),
    years=True,
    freeze="F6",
)
LINES = ("unit_price", "direct_cost", "base_amount", "one_off_cost", "recurring_cost", "annualised_cost")


def blocks(shape: Shape) -> tuple[Block, ...]:
    cost = line_block(shape, "cost", titled=False, total="line_cost")
    amounts = Series("year", number_look("base_amounts"), quantity="base_amounts")
    columns = (
        Column("No.", style.ID, text=base_number),
        Column("Base", style.BODY, text=base_name),
        unit_column("base_amounts"),
        EMPTY,
        EMPTY,
    )
    bases = Block(
        "base_amounts", "Bases of contingency and indirect cost", "bases", shape.count("bases"), columns, (amounts,)
    )
    return (cost, *(line_block(shape, id) for id in LINES), bases)


def base_number(refs: Refs) -> str:
    return row_number(refs.layout.starts["base_amounts"])


def base_name(refs: Refs) -> str:
    place = refs.layout.places["list:bases"]
    return refs.on(place, f"${refs.letter(place, 0)}{refs.line(place)}")


def draw(canvas: Canvas) -> None:
    first = canvas.layout.blocks[SHEET.key][0]
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.layout.starts[first.key] + first.count)
