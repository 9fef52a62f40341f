"""What cost lines give in each year: quantity, core-team days, cost."""

from collections.abc import Iterable

import numpy as np

from xlplan.plan import Row
from xlplan.report.content import Block, Cell, Column, Fact, Table, Text
from xlplan.report.view import View
from xlplan.scenarios import scenario_label


def numbered(view: View) -> list[tuple[int, Row]]:
    """Every cost line with its place in the plan, from 0."""
    return list(enumerate(view.plan.rows("lines")))


def effort(view: View, lines: Iterable[tuple[int, Row]]) -> tuple[Block, ...]:
    """One table for each line: the years in which it is active; a text where there is no line."""
    found = tuple(line_table(view, number, row) for number, row in lines)
    return found or (Text(view.say("The plan has no cost line for this yet: enter one on Costs.")),)


def line_table(view: View, number: int, row: Row) -> Table:
    values = view.results.values
    quantity, cost = values["units_bought"][number], values["cost"][number]
    days = values["active"][number] * values["line_days"][number]
    shown = [n for n in range(view.plan.years) if quantity[n] or cost[n]]
    cells = [effort_row(view, str(view.plan.budget_years[n]), quantity[n], days[n], cost[n]) for n in shown]
    cells.append(effort_row(view, view.say("Total"), quantity[shown].sum(), days[shown].sum(), cost[shown].sum()))
    columns = (
        Column(view.say("Year")),
        Column(view.say("Quantity ({units})").format(units=units(view, row)), "number"),
        Column(view.say("Core-team days"), "number"),
        Column(view.say("Cost, {currency}").format(currency=view.currency), "number"),
    )
    return Table(line_name(row), columns, tuple(cells), frozenset({len(cells) - 1}))


def effort_row(view: View, head: str, quantity: float, days: float, cost: float) -> tuple[Cell, ...]:
    figures = view.figures
    return (Cell(head), Cell(figures.typed(quantity, 2)), Cell(figures.typed(days, 2)), Cell(view.money(cost)))


def line_name(row: Row) -> str:
    """Id and activity, as they stand on Costs."""
    return f"{row['id']} {row.get('activity', '')}".strip()


def units(view: View, row: Row) -> str:
    """What the quantities count, multiplied."""
    known = view.plan.labels["line_units"]
    found = [known[str(row[key])] for key in ("unit_1", "unit_2", "unit_3") if key in row]
    return " \N{MULTIPLICATION SIGN} ".join(found) or view.say("units")


def payers(view: View, row: Row) -> str:
    """Funding sources of a line with their shares."""
    shares = row.get("shares", {})
    known = view.plan.labels["funders"]
    paid = [(known[id], share) for id, share in shares.items() if share] if isinstance(shares, dict) else []
    return ", ".join(f"{label} {view.figures.share(share)}" for label, share in paid)


def facts(view: View, lines: list[tuple[int, Row]]) -> tuple[Fact, ...]:
    """What a document says about the plan it belongs to and about its budget lines."""
    plan, fields = view.plan, view.plan.catalogue.tables["settings"]
    sources = sorted({payers(view, row) for _, row in lines} - {""})
    found = (
        (fields.field("country").label, plan.text("country")),
        (fields.field("owner").label, plan.text("owner")),
        (view.say("Plan"), plan.text("title")),
        (fields.field("scenario").label, scenario_label(plan, plan.scenario) if plan.scenario else ""),
        (view.say("Budget lines"), ", ".join(str(row["id"]) for _, row in lines)),
        (view.say("Funding sources"), "; ".join(sources)),
    )
    return tuple(Fact(label, text) for label, text in found if text)


def days_set_aside(view: View, lines: list[tuple[int, Row]]) -> float:
    """Core-team days of the lines over the whole plan."""
    values = view.results.values
    return float(sum(np.sum(values["active"][n] * values["line_days"][n]) for n, _ in lines))
