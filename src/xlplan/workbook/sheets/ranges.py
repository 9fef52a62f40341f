"""Ranges: what the plan may cost, drawn when the workbook was made, and whether the plan is still the same."""

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter

from xlplan.drawn import NOTHING, Drawn, drawn, sheet_ranges
from xlplan.ranged import DRIVERS, sum_of_ends, uses_of_confidence
from xlplan.ranges import LARGEST, PERCENTS, Ranges, said
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.charts import bars_both_ways, lines_of_years
from xlplan.workbook.formulas import between, unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, Block, Column, Shape, Sheet, TextOf
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.budget import LEFT_WIDTH, YEAR_CM

SHEET = Sheet(
    "ranges",
    "Ranges",
    "What the plan may cost where prices and drivers are not certain; drawn by xlplan when the workbook was made.",
    "output",
    (8, 56, 14, 18, 18),
    years=True,
    freeze="C6",
    drawn=True,
)
STATE, NOTE, COST, TYPED, COMMITTED, ENOUGH, NO_GAP, GAP = 6, 7, 8, 11, 12, 13, 14, 15
"""Rows of the first table."""

CHARTS, CHART_ROWS = 19, 15
TORNADO = CHARTS + CHART_ROWS + 1
BASIS = TORNADO + LARGEST + 3
NOW, COMMITTED_NOW, APART, ENDS, GRADES = range(BASIS + 1, BASIS + 6)
"""Rows of the last table, head at ``BASIS``; from ``GRADES`` on one for each entry of the list."""

TORNADO_CM = 18.5

NAMES = (Column("", style.BODY), Column("Figure", style.BODY), Column("Unit", style.BODY))
HEADS = (*NAMES, Column("Whole plan", style.NUMBER), Column("", style.BODY))
BASIS_HEADS = (*NAMES, Column("When drawn", style.NUMBER), Column("Now", style.NUMBER))
TORNADO_HEADS = {
    "No.": "left", "Price or driver, all others as planned": "left", "Unit": "left", "At its lowest": "right",
    "At its highest": "right",
}  # fmt: skip
COST_LABELS = (
    "P10: one draw in ten costs less",
    "P50: half of the draws cost less",
    "P90: nine draws in ten cost less",
)
GAP_LABELS = ("Gap, P10", "Gap, P50", "Gap, P90")


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return (
        Block("ranges", "", "", 0, HEADS),
        Block("ranges_basis", "What these figures were drawn from", "", 0, BASIS_HEADS, gap=BASIS - HEAD_ROW - 3),
    )


def draw(canvas: Canvas) -> None:
    plan = canvas.book_plan
    found = sheet_ranges(plan)
    shown = drawn(found) if found else NOTHING
    draw_figures(canvas, shown, said(found) if found else "")
    draw_tornado(canvas, shown)
    draw_basis(canvas, found)
    if found:
        draw_charts(canvas, shown)
    last = GRADES + canvas.layout.shape.count("grades") - 1
    for first, end in ((STATE, GAP + 2), (TORNADO + 1, TORNADO + LARGEST), (NOW, last)):
        grow_rows(canvas, first, end)
    canvas.ws.row_dimensions[STATE].height = 40
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + plan.years, last)


def draw_figures(canvas: Canvas, shown: Drawn, note: str) -> None:
    row_of(canvas, STATE, "", bold=True)
    canvas.formula(STATE, 2, state(canvas), style.BODY.but(bold=True, wrap=True))
    row_of(canvas, NOTE, note)
    for number in range(len(PERCENTS)):
        numbers(canvas, COST + number, COST_LABELS[number], "money/year", shown.cost[number])
        numbers(canvas, GAP + number, GAP_LABELS[number], "money/year", shown.gap[number])
    numbers(canvas, TYPED, "Cost as planned, when drawn", "money/year", shown.typed)
    numbers(canvas, COMMITTED, "Committed by all sources, when drawn", "money/year", shown.committed)
    numbers(canvas, ENOUGH, "Chance that committed money is enough for the cost", "share", shown.enough)
    numbers(canvas, NO_GAP, "Chance that no line and no source is short of it", "share", shown.no_gap)


def row_of(canvas: Canvas, row: int, label: str, *, bold: bool = False) -> None:
    """An empty row of the table with its label."""
    for column in range(1, FIRST_YEAR_COLUMN + canvas.book_plan.years):
        canvas.put(row, column, None, style.BODY)
    canvas.put(row, 2, label, style.BODY.but(wrap=True, bold=bold))


def numbers(canvas: Canvas, row: int, label: str, unit: str, values: Sequence[float]) -> None:
    """Stored values: the years, and the whole plan in front of them."""
    row_of(canvas, row, canvas.say(label))
    canvas.formula(row, 3, unit_text(unit)(canvas.refs()), style.MUTED_TEXT)
    look = style.NUMBER.but(format=style.FORMATS.get(unit, "General"))
    for number, value in enumerate(values[:-1]):
        canvas.put(row, FIRST_YEAR_COLUMN + number, value, look)
    for value in values[-1:]:
        canvas.put(row, 4, value, look.but(bold=True))


def state(canvas: Canvas) -> str:
    """In words: whether costs, committed money and ranges are still those of the draws."""
    refs, last = canvas.refs(), GRADES + canvas.layout.shape.count("grades") - 1
    apart = f"($D${ENDS}:$D${last}-$E${ENDS}:$E${last})"
    same = f"$E${APART}+SUMPRODUCT({apart}*{apart})<={refs.here('share_tolerance')}"
    none, current, stale = (refs.entry("range_states", number) for number in range(3))
    return f"IF(SUM($E${ENDS}:$E${last})=0,{none},IF({same},{current},{stale}))"


def draw_tornado(canvas: Canvas, shown: Drawn) -> None:
    canvas.put(TORNADO - 1, 1, canvas.say("The ten that change the cost of the whole plan most"), style.SECTION)
    canvas.ws.row_dimensions[TORNADO - 1].height = 26
    canvas.ws.row_dimensions[TORNADO].height = 34
    for column, (head, align) in enumerate(TORNADO_HEADS.items(), 1):
        canvas.put(TORNADO, column, canvas.say(head), style.HEAD.but(align=align))
    for number, bar in enumerate(shown.bars, 1):
        row, look = TORNADO + number, style.NUMBER.but(format=style.MONEY)
        canvas.put(row, 1, number, style.ID)
        canvas.put(row, 2, bar.label, style.BODY.but(wrap=True))
        canvas.formula(row, 3, unit_text("money")(canvas.refs()), style.MUTED_TEXT)
        for column, change in enumerate((bar.low, bar.high), 4):
            canvas.put(row, column, change, look)


def draw_basis(canvas: Canvas, found: Ranges | None) -> None:
    live(canvas, NOW, "Cost as planned, now", "money/year", lambda refs: refs.here("total_cost"))
    live(
        canvas, COMMITTED_NOW, "Committed by all sources, now", "money/year", lambda refs: refs.here("total_committed")
    )
    live(canvas, APART, "Years in which they differ", "count", apart)
    draw_marks(canvas, found)


def apart(refs: Refs) -> str:
    """1 in a year whose cost or committed money is no longer that of the draws."""
    year = get_column_letter(FIRST_YEAR_COLUMN + refs.offset)
    size = f"ABS({year}${TYPED}-{year}${NOW})+ABS({year}${COMMITTED}-{year}${COMMITTED_NOW})"
    return f"IF({size}>{refs.here('money_tolerance')},1,0)"


def live(canvas: Canvas, row: int, label: str, unit: str, text: TextOf) -> None:
    """A row that the workbook calculates itself, and its sum now."""
    numbers(canvas, row, label, unit, ())
    look = style.NUMBER.but(format=style.FORMATS.get(unit, "General"))
    years = canvas.book_plan.years
    for number in range(years):
        canvas.formula(row, FIRST_YEAR_COLUMN + number, text(canvas.refs(number)), look)
    first, last = (get_column_letter(FIRST_YEAR_COLUMN + number) for number in (0, years - 1))
    canvas.formula(row, 5, f"SUM(${first}{row}:${last}{row})", look.but(bold=True))


def draw_marks(canvas: Canvas, found: Ranges | None) -> None:
    """What ranges there are: their sum, and how often each confidence is used, when drawn and now."""
    plan, refs = canvas.book_plan, canvas.refs()
    ends = ",".join(between(refs, f"{table}_low", f"{table}_high") for table in ("price", "driver"))
    label = "Sum of all lowest and highest figures"
    mark(canvas, ENDS, canvas.say(label), "count", sum_of_ends(plan) if found else None, f"SUM({ends})")
    uses: Mapping[str, int] = uses_of_confidence(plan)
    columns = [refs.column(f"{table}.confidence") for table in ("prices", DRIVERS)]
    for number, entry in enumerate(plan.catalogue.lists["grades"].entries):
        word = refs.entry("grades", number)
        count = "+".join(f"COUNTIF({column},{word})" for column in columns)
        label = canvas.say("Confidence {grade}").format(grade=entry.label)
        mark(canvas, GRADES + number, label, "count", uses[entry.id] if found else None, count)


def mark(canvas: Canvas, row: int, label: str, unit: str, stored: float | None, text: str) -> None:
    row_of(canvas, row, label)
    canvas.formula(row, 3, unit_text(unit)(canvas.refs()), style.MUTED_TEXT)
    canvas.put(row, 4, stored, style.NUMBER)
    canvas.formula(row, 5, text, style.NUMBER)


def draw_charts(canvas: Canvas, shown: Drawn) -> None:
    plan = canvas.book_plan
    currency = plan.currency
    title = canvas.say("Cost in P10, P50 and P90 and committed money, {currency}").format(currency=currency)
    lines_of_years(
        canvas, title, (COST, COST + 1, COST + 2, COMMITTED), f"E{CHARTS}", max(LEFT_WIDTH, plan.years * YEAR_CM)
    )
    if shown.bars:
        title = canvas.say("Change of the cost of the whole plan, {currency}").format(currency=currency)
        rows = (TORNADO + 1, TORNADO + len(shown.bars))
        bars_both_ways(canvas, title, rows, (4, 5), TORNADO, f"A{CHARTS}", TORNADO_CM)
