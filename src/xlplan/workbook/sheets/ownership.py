"""Total cost: what the system costs to own, on one page for a ministry of finance."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.charts import stacked_years
from xlplan.workbook.formulas import value_or_words
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.budget import LEFT_WIDTH, YEAR_CM, feet_block, foot

SHEET = Sheet(
    "ownership",
    "Total cost",
    "Total cost of ownership: what it takes to have the system and to keep it, over the whole horizon, for a ministry of finance.",
    "output",
    (8, 48, 16, 16, 9),
    years=True,
    freeze="C6",
)
CHART_ROWS = 12


def blocks(_shape: Shape) -> tuple[Block, ...]:
    shown = (
        Foot("Total cost, money of each year", "shown:total_cost", "shown:cash", "money/year", strong=True),
        Foot("of which one-off: to have it", "shown:total_one_off_cost", "shown:plan_one_off_cost", "money/year"),
        Foot("of which recurring: to keep it", "shown:total_recurring_cost", "shown:plan_recurring_cost", "money/year"),
        Foot("Committed domestic money used", "shown:domestic_cover", "shown:plan_domestic_cover", "money/year"),
        foot("domestic_share", "", "Domestic share of the cost"),
        Foot("Funding gap", "shown:funding_gap", "shown:plan_gap", "money/year"),
        foot("total_committed", "", "Committed by all sources"),
        foot("uncovered_recurring", "", "Recurring cost beyond committed money"),
    )
    each = (
        foot("users_counted", "", "Users"),
        foot("cost_per_user", ""),
        foot("recurring_per_user", ""),
        foot("facilities_counted", "", "Facilities"),
        foot("cost_per_facility", ""),
        foot("recurring_per_facility", ""),
    )
    values = (
        Foot("Real cost, prices of the price year", "shown:real_cost", "plan_real_cost", "money/year"),
        Foot("Present value", "shown:discounted_cost", "shown:present_value", "money/year"),
        Foot("Equivalent annual cost", "", "shown:equivalent_annual_cost", "money/year", strong=True),
        foot("unpaid_value", "", "Value given and not paid for"),
        foot("economic_cost", "plan_economic_cost", "Economic cost: all resources used"),
    )
    return (
        feet_block("own", "Over the whole plan", shown, "ownership"),
        feet_block("own_each", "For each user and each facility", each, "ownership", gap=CHART_ROWS),
        feet_block("own_value", "Value over time", values, "ownership"),
        Block("own_cliff", "", "", 1, (
            Column("", style.ID),
            Column("Fiscal cliff", style.BODY.but(bold=True, wrap=True), text=cliff),
        ), height=40),
    )  # fmt: skip


def cliff(refs: Refs) -> str:
    """The first year in which recurring cost exceeds committed money, in a sentence."""
    return value_or_words("first_cliff_year", 13, 14)(refs)


def draw(canvas: Canvas) -> None:
    layout, years = canvas.layout, canvas.book_plan.years
    currency = canvas.book_plan.currency
    first = layout.starts["ownership_own"] + 1
    title = canvas.say("One-off and recurring cost by year, {currency}").format(currency=currency)
    anchor = layout.starts["ownership_own_each"] - CHART_ROWS
    width = LEFT_WIDTH + years * YEAR_CM
    stacked_years(canvas, title, [first + 1, first + 2], style.CHART, f"A{anchor}", years, width)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + years, layout.starts["own_cliff"] + 1)
    canvas.ws.page_setup.fitToHeight = 1
