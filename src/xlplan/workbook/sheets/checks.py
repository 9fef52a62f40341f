"""Checks: two sides that must agree, or a count that must be zero, and one master check."""

from openpyxl.utils import get_column_letter

from xlplan.records import Check
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import formula, unit_text
from xlplan.workbook.layout import HEAD_ROW, Block, Layout, Place, Shape, Sheet, quoted
from xlplan.workbook.page import color_words, grow_rows, link, set_page
from xlplan.workbook.refs import Refs

SHEET = Sheet(
    "checks",
    "Checks",
    "What must agree, and what is still missing. A finding says what to do and where.",
    "control",
    (8, 48, 16, 16, 14, 12, 12, 14, 58, 18),
    freeze="C6",
)
HEADS = {
    "No.": "left",
    "Check": "left",
    "Found": "right",
    "Must be": "right",
    "Difference": "right",
    "Tolerance": "right",
    "Unit": "left",
    "Status": "center",
    "What to do": "left",
    "Where": "left",
}
FOUND, MUST_BE, DIFFERENCE, TOLERANCE, UNIT, STATUS, TO_DO, WHERE = range(3, 11)


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def checks_of(layout: Layout) -> tuple[Check, ...]:
    return tuple(layout.shape.plan.catalogue.checks.values())


def master_row(layout: Layout) -> int:
    return HEAD_ROW + len(checks_of(layout)) + 2


def place(layout: Layout) -> None:
    """Counts stand on Checks unless they stand elsewhere already; the master check below them."""
    for row, check in enumerate(checks_of(layout), HEAD_ROW + 1):
        for column, quantity in ((FOUND, check.left), (MUST_BE, check.right)):
            if quantity and quantity not in layout.places:
                layout.put_cell(quantity, SHEET.key, row, column)
    layout.places["findings"] = Place(SHEET.key, master_row(layout), FOUND)
    layout.places["master_text"] = Place(SHEET.key, master_row(layout), STATUS)


def draw(canvas: Canvas) -> None:
    for number, (head, align) in enumerate(HEADS.items(), 1):
        canvas.put(
            HEAD_ROW, number, canvas.say(head), style.HEAD.but(align=align, indent=0 if align == "center" else 1)
        )
    canvas.ws.row_dimensions[HEAD_ROW].height = 34
    for row, check in enumerate(checks_of(canvas.layout), HEAD_ROW + 1):
        draw_numbers(canvas, check, row)
        draw_words(canvas, check, row)
    last = master_row(canvas.layout)
    draw_master_row(canvas, last)
    statuses = {"check_statuses": tuple(canvas.book_plan.labels["check_statuses"].values())}
    color_words(canvas, f"H{HEAD_ROW + 1}:H{last - 2}", f"H{HEAD_ROW + 1}", statuses)
    grow_rows(canvas, HEAD_ROW + 1, last, 24)
    set_page(canvas, len(HEADS), last)


def draw_numbers(canvas: Canvas, check: Check, row: int) -> None:
    refs, number = canvas.refs(), style.NUMBER.but(format=style.MONEY)
    for column, quantity in ((FOUND, check.left), (MUST_BE, check.right)):
        if quantity:
            canvas.formula(row, column, side_of(canvas.layout, quantity, row, refs), number)
        else:
            canvas.put(row, column, 0, number)
    canvas.formula(row, DIFFERENCE, f"$C{row}-$D{row}", number)
    if check.tolerance:
        canvas.formula(row, TOLERANCE, refs.here(check.tolerance), style.NUMBER)
    else:
        canvas.put(row, TOLERANCE, 0, style.NUMBER)


def side_of(layout: Layout, quantity: str, row: int, refs: Refs) -> str:
    """The quantity's own formula where it stands in this row, else a reference to where it stands."""
    home = layout.places[quantity]
    return formula(quantity, refs) if (home.sheet, home.row) == (SHEET.key, row) else refs.here(quantity)


def draw_words(canvas: Canvas, check: Check, row: int) -> None:
    refs = canvas.refs()
    canvas.put(row, 1, row - HEAD_ROW, style.ID)
    canvas.put(row, 2, check.label, style.BODY.but(wrap=True))
    canvas.formula(row, UNIT, unit_text("money" if check.tolerance else "count")(refs), style.MUTED_TEXT)
    failed = refs.entry("check_statuses", 1 if check.grade == "note" else 0)
    within = f"IF(ABS($E{row})<=$F{row},{refs.entry('check_statuses', 2)},{failed})"
    canvas.formula(row, STATUS, f"IF(ISNUMBER($E{row}),{within},{failed})", style.CENTRED.but(bold=True))
    canvas.put(row, TO_DO, f"{check.remedy[0].upper()}{check.remedy[1:]}.", style.MUTED_TEXT)
    home = canvas.layout.places[check.field]
    cell = canvas.formula(row, WHERE, where(check, row, refs), style.LINKS.but(border="hairline", indent=1))
    link(cell, canvas.layout.title(home.sheet), f"{get_column_letter(home.column)}{home.row}")


def where(check: Check, row: int, refs: Refs) -> str:
    """Id of the first line with the finding, else the sheet on which it is mended."""
    sheet = f"{quoted(refs.layout.title(refs.layout.places[check.field].sheet))}!$A$1"
    if not check.flag:
        return sheet
    return f"IF($C{row}>0,INDEX({refs.column('line_id')},MATCH(1,{refs.column(check.flag)},0)),{sheet})"


def draw_master_row(canvas: Canvas, row: int) -> None:
    refs = canvas.refs()
    for column in range(1, len(HEADS) + 1):
        canvas.put(row, column, None, style.TOTAL)
    canvas.put(row, 2, canvas.say("All checks"), style.TOTAL)
    statuses = f"$H${HEAD_ROW + 1}:$H${row - 2}"
    count = f"COUNTIF({statuses},{refs.entry('check_statuses', 0)})"
    canvas.formula(row, FOUND, count, style.TOTAL.but(align="right"))
    canvas.formula(row, UNIT, unit_text("count")(refs), style.TOTAL)
    findings = refs.here("findings")
    text = f"IF({findings}=0,{refs.entry('words', 4)},{findings}&{refs.entry('words', 5)})"
    scenario = refs.here("scenario_words")
    text = f'{text}&IF({scenario}="","",{refs.entry("words", 15)}&{scenario})'
    canvas.formula(row, STATUS, text, style.TOTAL)
