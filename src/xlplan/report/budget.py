"""Chapters on money: budget by the page's dimensions, funding and fiscal cliff, total cost of ownership."""

from collections.abc import Iterator
from math import isnan

import numpy as np

from xlplan.report.content import Bars, Block, Callout, Section, Series, Text
from xlplan.report.view import View, YearRow

PALETTE = ("14365C", "2C6693", "A8841A")
COMMITTED, EXPECTED, GAP = "2F7D4F", "A8841A", "8E1B12"
"""Colours that are told apart in grey as well, each from the one beside it."""

VIEWS = (
    ("By category", "Category", "categories", "category_cost", ""),
    ("By area", "Area", "areas", "area_cost", ""),
    ("By HISP head", "HISP head", "heads", "head_cost", "headless_cost"),
    ("By Global Fund grouping", "Global Fund grouping", "groupings", "grouping_cost", "ungrouped_cost"),
    ("By funding source", "Funding source", "funders", "placed_cost", "unplaced_cost"),
)
"""Caption, heading and list of each budget view, its quantity, and that of what is in none of its groups."""


def no_cost(view: View) -> Text:
    return Text(view.say("No cost line has a cost so far: type quantities and prices on Costs."))


def bars(view: View, title: str, rows: tuple[YearRow, ...], colors: tuple[str, ...]) -> Bars:
    """Stacked columns by year, with an alternative text that says every figure."""
    years = tuple(str(year) for year in view.plan.budget_years)
    named = title.format(currency=view.currency)
    series = tuple(Series(row.label, row.values, color) for row, color in zip(rows, colors, strict=True))
    figures = ((year, [(one.name, view.money(one.values[n])) for one in series]) for n, year in enumerate(years))
    return Bars(named, years, series, view.every_figure(named, figures), view.figures.decimal_point)


def budget(view: View) -> Section:
    """What the plan costs by year, category, area, head, grouping and source."""
    title = view.say("Budget")
    if not view.has_cost:
        return Section("budget", title, (no_cost(view),))
    currency = Text(view.say("All amounts in {currency}, money of each year.").format(currency=view.currency))
    by_year = view.year_tables(view.say("By year"), view.say("Figure"), summary_rows(view))
    blocks = (currency, *by_year, by_category(view), *(block for one in VIEWS for block in dimension(view, *one)))
    return Section("budget", title, blocks)


def summary_rows(view: View) -> tuple[YearRow, ...]:
    return (
        view.row("total_cost", "cash", "Total", strong=True),
        view.row("total_one_off_cost", "plan_one_off_cost", "of which one-off"),
        view.row("total_recurring_cost", "plan_recurring_cost", "of which recurring"),
        view.row("total_confirmed", "plan_confirmed", "Committed money used"),
        view.row("total_expected", "plan_expected"),
        view.row("funding_gap", "plan_gap", "Gap: total less committed", strong=True),
    )


def by_category(view: View) -> Bars:
    labels = tuple(view.plan.labels["categories"].values())
    cost = view.results.values["category_cost"]
    rows = tuple(YearRow(label, tuple(row)) for label, row in zip(labels, cost, strict=True))
    return bars(view, view.say("Cost by category and year, {currency}"), rows, PALETTE)


def dimension(view: View, caption: str, head: str, list_: str, quantity: str, rest: str) -> Iterator[Block]:
    """Cost by the entries of a list that have any, and what is in none of them."""
    labels = tuple(view.plan.labels[list_][id] for id in view.plan.places[list_])
    rows = tuple(view.rows_of(view.results.values[quantity], labels))
    if rest and np.sum(view.results.values[rest]) > 0:
        total = float(np.sum(view.results.values[rest]))
        rows += (YearRow(view.label(rest), tuple(view.results.values[rest].ravel()), total),)
    if rows:
        yield from view.year_tables(view.say(caption), view.say(head), rows, view.results.number("cash"))


def funding(view: View) -> Section:
    """Committed and expected money against cost, and the year in which recurring cost outgrows it."""
    title = view.say("Funding and fiscal cliff")
    if not view.has_cost:
        return Section("funding", title, (no_cost(view),))
    none = () if view.plan.rows("funders") else (Text(view.say("No funding source is entered so far.")),)
    tables = view.year_tables(view.say("Money by year"), view.say("Figure"), funding_rows(view))
    return Section("funding", title, (Callout(*cliff(view)), covered(view), *tables, *by_source(view), *none))


def cliff(view: View) -> tuple[str, str]:
    """The first year in which recurring cost exceeds committed money, in a sentence, and its tone."""
    year = view.results.number("first_cliff_year")
    return (view.word("no_cliff"), "good") if isnan(year) else (f"{view.word('cliff')}{year:.0f}.", "bad")


def covered(view: View) -> Bars:
    rows = (view.row("total_confirmed", "", "Committed money used"), view.row("total_expected"), open_row(view))
    title = view.say("How the cost of each year is covered, {currency}")
    return bars(view, title, rows, (COMMITTED, EXPECTED, GAP))


def open_row(view: View) -> YearRow:
    """What neither committed nor expected money pays."""
    totals = view.results.totals
    values = tuple((totals["gap"] - totals["expected"]).clip(lower=0))
    return YearRow(view.say("Neither committed nor expected"), values, sum(values))


def funding_rows(view: View) -> tuple[YearRow, ...]:
    return (
        view.row("total_committed", "", "Committed by all sources"),
        view.row("total_confirmed", "plan_confirmed", "Committed money used"),
        view.row("total_expected", "plan_expected"),
        view.row("funding_gap", "plan_gap", "Funding gap", strong=True),
        view.row("uncovered_recurring", "", "Recurring cost beyond committed money"),
        view.row("domestic_cover", "plan_domestic_cover", "Committed domestic money used"),
        view.row("domestic_share", "", "Domestic share of the cost"),
    )


def by_source(view: View) -> Iterator[Block]:
    """What is placed on each source, and what it has no commitment for."""
    labels = tuple(view.plan.labels["funders"][id] for id in view.plan.places["funders"])
    head = view.say("Funding source")
    for quantity, caption in (("committed", "Committed"), ("shortfall", "Placed without commitment")):
        rows = tuple(view.rows_of(np.nan_to_num(view.results.values[quantity]), labels))
        if rows:
            yield from view.year_tables(view.say(caption), head, rows)


def ownership(view: View) -> Section:
    """What it takes to have the system and to keep it, for a ministry of finance."""
    title = view.say("Total cost of ownership")
    if not view.has_cost:
        return Section("ownership", title, (no_cost(view),))
    figure = view.say("Figure")
    return Section(
        "ownership",
        title,
        (
            *view.year_tables(view.say("Over the whole plan"), figure, own_rows(view)),
            bars(view, view.say("One-off and recurring cost by year, {currency}"), own_rows(view)[1:3], PALETTE[:2]),
            *view.year_tables(view.say("For each user and each facility"), figure, each_rows(view)),
            *view.year_tables(view.say("Value over time"), figure, value_rows(view)),
        ),
    )


def own_rows(view: View) -> tuple[YearRow, ...]:
    return (
        view.row("total_cost", "cash", "Total cost, money of each year", strong=True),
        view.row("total_one_off_cost", "plan_one_off_cost", "of which one-off: to have it"),
        view.row("total_recurring_cost", "plan_recurring_cost", "of which recurring: to keep it"),
    )


def each_rows(view: View) -> tuple[YearRow, ...]:
    return (
        view.row("users_counted", "", "Users"),
        view.row("cost_per_user"),
        view.row("recurring_per_user"),
        view.row("facilities_counted", "", "Facilities"),
        view.row("cost_per_facility"),
        view.row("recurring_per_facility"),
    )


def value_rows(view: View) -> tuple[YearRow, ...]:
    return (
        view.row("real_cost", "plan_real_cost", "Real cost, prices of the price year"),
        view.row("discounted_cost", "present_value", "Present value"),
        view.row("", "equivalent_annual_cost", "Equivalent annual cost", strong=True),
        view.row("unpaid_value", "", "Value given and not paid for"),
        view.row("economic_cost", "plan_economic_cost", "Economic cost: all resources used"),
    )
