"""Given: what functions of the Python sheet are given and no other sheet shows, since it stands inside one formula."""

from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, Block, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.lines import draw_head, line_block

SHEET = Sheet(
    "given",
    "Given to Python",
    "Calculated: what the functions of the next sheet are given and no other sheet shows.",
    "calculation",
    (16, 64, 18, 15, 15),
    years=True,
    freeze="F6",
)
QUANTITIES = ("driver_quantity", "taper_factor")


def blocks(shape: Shape) -> tuple[Block, ...]:
    return tuple(line_block(shape, quantity) for quantity in QUANTITIES)


def draw(canvas: Canvas) -> None:
    for quantity in QUANTITIES:
        draw_head(canvas, quantity)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, HEAD_ROW + canvas.layout.shape.count("lines"))
