"""Absorption: what was spent of the budget of the reported periods, and what the years come to by then."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.budget import feet_block, foot, source_cell
from xlplan.workbook.sheets.columns import number_look, unit_column

SHEET = Sheet(
    "absorption",
    "Absorption",
    "What was spent of the budget of the periods that are reported, and what each year comes to by then.",
    "output",
    (8, 48, 16, 16, 16),
    years=True,
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    plan = (
        Foot("Cost as planned", "shown:total_cost", "shown:cash", "money/year"),
        foot("reported_in_year", "plan_reported"),
        foot("spent_in_year", "plan_spent", strong=True),
        foot("spending_variance", "plan_variance"),
        foot("absorption", "plan_absorption", strong=True),
        foot("carried_over", "plan_carried_over"),
        foot("reforecast", "plan_reforecast", strong=True),
        foot("", "plan_unspent"),
        foot("period_share", ""),
        foot("entries_in_year", ""),
        foot("entries_after", "late_entries"),
        foot("budget_in_year", ""),
        foot("reported_year", "last_reported_year"),
    )
    return (
        feet_block("plan", "Over the whole plan", plan, "absorption"),
        group(shape, "categories", "category"),
        group(shape, "funders", "source", SOURCES),
    )


SOURCES = (
    Foot("Spent by all sources", "", "sourced_spent", "money"),
    Foot("Spent without a source", "", "unsourced_spent", "money"),
)
HEADS = {"categories": ("Spent by category", "Category"), "funders": ("Spent by funding source", "Funding source")}


def group(shape: Shape, rows: str, of: str, feet: tuple[Foot, ...] = ()) -> Block:
    """Spending by category or by funding source, and what part of the budget of all reported periods it is."""
    title, head = HEADS[rows]
    columns = (
        Column("No.", style.ID, text=number_of(rows)),
        Column(head, style.BODY.but(wrap=True), text=name_of(rows)),
        unit_column(f"{of}_spent"),
        Column("Total", style.NUMBER.but(bold=True, format=style.MONEY), quantity=f"{of}_spent_total"),
        Column("Absorption", number_look(f"{of}_absorption"), quantity=f"{of}_absorption"),
    )
    series = (Series("year", number_look(f"{of}_spent"), quantity=f"{of}_spent"),)
    return Block(
        f"spent_by_{of}", title, rows, shape.count(rows), columns, series, guarded=rows == "funders", feet=feet
    )


def number_of(rows: str) -> TextOf:
    return (
        (lambda refs: source_cell(refs, "funder_place"))
        if rows == "funders"
        else lambda refs: refs.here("category_place")
    )


def name_of(rows: str) -> TextOf:
    if rows == "funders":
        return lambda refs: f'{refs.here("funders.label")}&""'
    return lambda refs: refs.entry_of_row(rows)


def draw(canvas: Canvas) -> None:
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)
