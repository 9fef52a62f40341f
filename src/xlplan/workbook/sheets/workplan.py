"""Work plan: what was spent on each cost line in each year; a blank is not reported, 0 is nothing spent."""

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import lines_of, set_page
from xlplan.workbook.sheets.columns import line_activity, quantity_columns
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "workplan",
    "Work plan",
    "What was spent on each line and year, in the reporting currency. Blank = not reported yet; 0 = nothing was spent.",
    "input",
    (14, 56, 10, 15, 12),
    years=True,
    freeze="F6",
)
AFTER = ("line_reported", "line_variance", "line_absorption")
AFTER_WIDTH, TWO_LINES = 15, 38


def blocks(shape: Shape) -> tuple[Block, ...]:
    field = shape.plan.catalogue.tables["lines"].field("spent")
    total, *after = quantity_columns(("line_spent", *AFTER))
    columns = (
        Column("Line", style.ID, text=lambda refs: f'{refs.here("line_id")}&""'),
        Column("Activity or item", style.BODY.but(wrap=True), text=line_activity),
        Column("Unit", style.MUTED_TEXT, text=unit_text("money/year")),
        total,
        after[-1],
        *(Column("", style.BODY),) * shape.plan.years,
        *after[:-1],
    )
    series = Series("year", input_look(field), field=field)
    return (Block("workplan", "", "lines", shape.count("lines"), columns, (series,), guarded=True),)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["workplan"][0]
    for number in range(FIRST_YEAR_COLUMN + canvas.book_plan.years, len(block.columns) + 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = AFTER_WIDTH
    grow_names(canvas, canvas.layout.starts["workplan"] + 1)
    set_page(canvas, len(block.columns), canvas.layout.starts["workplan"] + block.count)


def grow_names(canvas: Canvas, first: int) -> None:
    """Rows high enough for the names of their lines, which come by formula."""
    width = canvas.ws.column_dimensions["B"].width
    for row, line in enumerate(canvas.book_plan.rows("lines"), first):
        if lines_of(line.get("activity", ""), width) > 1:
            canvas.ws.row_dimensions[row].height = TWO_LINES
