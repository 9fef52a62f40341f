"""Checks: two sides that must agree, or a count that must be zero, and one master check."""

from openpyxl.worksheet.datavalidation import DataValidation

from xlplan.records import Check
from xlplan.workbook import style
from xlplan.workbook.draw import Canvas, color_words, grow_rows, link, set_page
from xlplan.workbook.formulas import formula
from xlplan.workbook.layout import HEAD_ROW, Block, Layout, Place, Shape, Sheet
from xlplan.workbook.style import FORMATS

SHEET = Sheet(
    "checks",
    "Checks",
    "What must agree, and what is still missing. A finding says what to do and where.",
    "control",
    (8, 48, 16, 16, 14, 12, 14, 58, 20),
    freeze="C6",
)
HEADS = ("No.", "Check", "Found", "Must be", "Difference", "Tolerance", "Status", "What to do", "Where")
MASTER_ROW_GAP = 2


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def place(layout: Layout) -> None:
    """Counts stand on Checks unless they stand elsewhere already; the master check below them."""
    checks = tuple(layout.shape.plan.catalogue.checks.values())
    for row, check in enumerate(checks, HEAD_ROW + 1):
        if check.left not in layout.places:
            layout.put_cell(check.left, "checks", row, 3)
        if check.right and check.right not in layout.places:
            layout.put_cell(check.right, "checks", row, 4)
    master = HEAD_ROW + len(checks) + MASTER_ROW_GAP
    layout.places["findings"] = Place("checks", master, 3)
    layout.places["master_text"] = Place("checks", master, 7)


def draw(canvas: Canvas) -> None:
    checks = tuple(canvas.book_plan.catalogue.checks.values())
    for number, head in enumerate(HEADS, 1):
        aligned = "right" if number in (3, 4, 5, 6) else "center" if number == 7 else "left"  # noqa: PLR2004
        canvas.put(HEAD_ROW, number, head, style.HEAD.but(align=aligned, indent=0 if aligned == "center" else 1))
    canvas.ws.row_dimensions[HEAD_ROW].height = 34
    for row, check in enumerate(checks, HEAD_ROW + 1):
        draw_check(canvas, check, row)
    draw_master_row(canvas, len(checks))
    last = HEAD_ROW + len(checks) + MASTER_ROW_GAP
    color_words(
        canvas,
        f"G{HEAD_ROW + 1}:G{last}",
        f"G{HEAD_ROW + 1}",
        {"s": tuple(canvas.book_plan.labels["check_statuses"].values())},
    )
    grow_rows(canvas, HEAD_ROW + 1, last, 24)
    set_page(canvas, 9, last)


def draw_check(canvas: Canvas, check: Check, row: int) -> None:
    refs, layout = canvas.refs(), canvas.layout
    unit = "money" if check.tolerance else "count"
    number = style.NUMBER.but(format=FORMATS.get(unit, "#,##0"))
    canvas.put(row, 1, row - HEAD_ROW, style.ID)
    canvas.put(row, 2, check.label, style.BODY.but(wrap=True))
    for column, quantity in ((3, check.left), (4, check.right)):
        if not quantity:
            canvas.put(row, column, 0, number)
        elif layout.places[quantity].sheet == "checks" and layout.places[quantity].row == row:
            canvas.formula(row, column, formula(quantity, refs), number)
        else:
            canvas.formula(row, column, refs.here(quantity), number)
    canvas.formula(row, 5, f"$C{row}-$D{row}", number)
    if check.tolerance:
        canvas.formula(row, 6, refs.here(check.tolerance), style.NUMBER)
    else:
        canvas.put(row, 6, 0, style.NUMBER)
    failed = refs.entry("check_statuses", 1 if check.grade == "note" else 0)
    within = f"IF(ABS($E{row})<=$F{row},{refs.entry('check_statuses', 2)},{failed})"
    canvas.formula(row, 7, f"IF(ISNUMBER($E{row}),{within},{failed})", style.CENTRED.but(bold=True))
    canvas.put(row, 8, check.remedy[0].upper() + check.remedy[1:] + ".", style.MUTED_TEXT)
    title = layout.title(check.sheet)
    link(canvas.put(row, 9, title, style.LINKS.but(border="hairline", indent=1)), title)


def draw_master_row(canvas: Canvas, count: int) -> None:
    refs, row = canvas.refs(), HEAD_ROW + count + MASTER_ROW_GAP
    for column in range(1, 10):
        canvas.put(row, column, None, style.TOTAL)
    canvas.put(row, 2, "All checks", style.TOTAL)
    first, last = HEAD_ROW + 1, HEAD_ROW + count
    canvas.formula(
        row, 3, f"COUNTIF($G${first}:$G${last},{refs.entry('check_statuses', 0)})", style.TOTAL.but(align="right")
    )
    findings = refs.here("findings")
    text = f"IF({findings}=0,{refs.entry('words', 4)},{findings}&{refs.entry('words', 5)})"
    canvas.formula(row, 7, text, style.TOTAL)


__all__ = ["DataValidation"]
