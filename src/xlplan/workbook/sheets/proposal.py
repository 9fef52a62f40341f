"""Proposal: what xlplan path found, for the planner to accept; the sheet stands only where there is a proposal."""

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Layout, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.sheets.inputs import id_column, input_column, input_look

SHEET = Sheet(
    "proposal",
    "Proposal",
    "The cheapest way found to open a gate in time, with the money to find in each year. It counts for nothing yet: say who pays, accept what you agree to, and run xlplan path --accept.",
    "input",
    (14, 44, 30, 16, 10),
    years=True,
    freeze="C6",
)
AFTER = {"programme": 30, "line": 14, "level": 18, "funder": 26, "accept": 12}
"""Fields to the right of the years, and the widths of their columns."""

LEAD = ("activity", "area", "action", "year")


def blocks(shape: Shape) -> tuple[Block, ...]:
    table = shape.plan.catalogue.tables["proposals"]
    years = (Column("", style.BODY),) * shape.plan.years
    columns = (
        id_column(shape, "proposals"),
        *(input_column(table.field(id)) for id in LEAD),
        *years,
        *(input_column(table.field(id)) for id in AFTER),
    )
    cost = table.field("cost")
    series = (Series("year", input_look(cost), field=cost),)
    count, total = shape.count("proposals"), (Foot("Total", strong=True),)
    return (Block("proposals", "", "proposals", count, columns, series, guarded=True, feet=total, height=34),)


def place(layout: Layout) -> None:
    for table in ("programmes", "funders"):
        layout.places[f"list:{table}"] = layout.places[f"{table}.label"]


def draw(canvas: Canvas) -> None:
    years, first = canvas.book_plan.years, canvas.layout.starts["proposals"] + 1
    total = first + canvas.layout.shape.count("proposals") + 1
    for column, width in enumerate(AFTER.values(), FIRST_YEAR_COLUMN + years):
        canvas.ws.column_dimensions[get_column_letter(column)].width = width
    look = style.TOTAL.but(align="right", format=style.MONEY)
    for column in range(FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + years):
        letter = get_column_letter(column)
        canvas.formula(total, column, f"SUM({letter}{first}:{letter}{total - 1})", look)
    grow_rows(canvas, first, total - 2, 34)
    set_page(canvas, FIRST_YEAR_COLUMN + years + len(AFTER) - 1, total)
