"""Work plan: what was spent on each line and year, who sees to it, and when, as bars by quarter."""

from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Border
from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import lines_of, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import line_activity, quantity_columns
from xlplan.workbook.sheets.inputs import input_column, input_look

SHEET = Sheet(
    "workplan",
    "Work plan",
    "What was spent on each line (blank = not reported yet, 0 = nothing was spent), who sees to it, from when to when, quarter by quarter.",
    "input",
    (14, 56, 10, 15, 12),
    years=True,
    freeze="F6",
)
PEOPLE_AND_DATES = ("responsible", "start", "end")
AFTER = ("line_reported", "line_variance", "line_absorption")
AFTER_WIDTH, WHO_WIDTH, QUARTER_WIDTH, TWO_LINES = 13, 36, 6.6, 38
QUARTERS = 4
MONTH = "mm/yy"


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
        *(input_column(shape.plan.catalogue.tables["lines"].field(id)) for id in PEOPLE_AND_DATES),
        Column("Runs to", style.CENTRED.but(format=style.DATE), text=runs_to),
    )
    series = Series("year", input_look(field), field=field)
    return (Block("workplan", "", "lines", shape.count("lines"), columns, (series,), guarded=True),)


def runs_to(refs: Refs) -> str:
    """Last day of a line that has a start: its end, else the last day of the last year in which it costs."""
    start, end = refs.here("line_start"), refs.here("line_end")
    last = f"MAX({refs.here('last_active_year')},{refs.here('end_year')})"
    return f'IF({refs.here("is_on")}*ISNUMBER({start})=0,"",MIN({end},DATE({last}+1,1,1)-1))'


def draw(canvas: Canvas) -> None:
    block, years = canvas.layout.blocks["workplan"][0], canvas.book_plan.years
    for number in range(FIRST_YEAR_COLUMN + years, len(block.columns) + 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = AFTER_WIDTH
    canvas.ws.column_dimensions[get_column_letter(len(block.columns) - 3)].width = WHO_WIDTH
    head = canvas.layout.starts["workplan"]
    draw_quarters(canvas, head, len(block.columns) + 1)
    draw_bars(canvas, head + 1, head + block.count, len(block.columns) + 1)
    grow_names(canvas, head + 1)
    set_page(canvas, len(block.columns) + years * QUARTERS, head + block.count, wide=2)
    canvas.ws.print_title_cols = "A:B"


def draw_quarters(canvas: Canvas, head: int, first: int) -> None:
    """Headings of the quarters: the first month of each, counted on from the first plan year."""
    refs, look = canvas.refs(), style.HEAD.but(align="center", indent=0, format=MONTH, size=9)
    for number in range(canvas.book_plan.years * QUARTERS):
        before = f"{get_column_letter(first + number - 1)}${head}"
        step = f"MONTH({before})+{refs.here('months_a_quarter')}"
        day = f"DATE(YEAR({before}),{step},1)" if number else f"DATE({refs.here('first_plan_year')},1,1)"
        canvas.formula(head, first + number, day, look)
        canvas.ws.column_dimensions[get_column_letter(first + number)].width = QUARTER_WIDTH


def draw_bars(canvas: Canvas, top: int, bottom: int, first: int) -> None:
    """One rule for all quarters of all lines with a start; the cells themselves stay empty."""
    last = first + canvas.book_plan.years * QUARTERS - 1
    area = f"{get_column_letter(first)}{top}:{get_column_letter(last)}{bottom}"
    bar = style.difference(style.WHITE, style.LINK)
    bar.border = Border(top=style.side(style.WHITE), bottom=style.side(style.WHITE))
    formula = in_quarter(canvas.refs(), top, first)
    canvas.ws.conditional_formatting.add(area, FormatRule(type="expression", dxf=bar, formula=[formula]))


def in_quarter(refs: Refs, row: int, column: int) -> str:
    """True where the line is under way in the quarter above."""
    start, day = f"${get_column_letter(column - 3)}{row}", f"{get_column_letter(column)}${row - 1}"
    runs_to = f"${get_column_letter(column - 1)}{row}"
    after = f"DATE(YEAR({day}),MONTH({day})+{refs.here('months_a_quarter')},1)"
    return f"AND(ISNUMBER({runs_to}),{start}<{after},{runs_to}>={day})"


def grow_names(canvas: Canvas, first: int) -> None:
    """Rows high enough for the names of their lines, which come by formula."""
    width = canvas.ws.column_dimensions["B"].width
    for row, line in enumerate(canvas.book_plan.rows("lines"), first):
        if lines_of(line.get("activity", ""), width) > 1:
            canvas.ws.row_dimensions[row].height = TWO_LINES
