"""Monitoring: actuals of a plan as sentences and as a document for programs."""

from collections.abc import Iterator
from typing import Any

from xlplan.ledger import Ledger
from xlplan.renewals import calendar
from xlplan.results import SPENDING, Results


def absorption_document(results: Results) -> dict[str, Any]:
    """Budget of the reported periods, spent, absorption and reforecast: of the plan, by year, group and line.

    Money is in the reporting currency; absorption is ``None`` where nothing is reported.
    """
    names = ("plan_reported", "plan_spent", "plan_variance", "plan_absorption", "plan_carried_over", "plan_reforecast")
    views = {f"by_{view}": records(results.spending(view)) for view in SPENDING}
    lines = results.line_actuals[results.line_actuals.index.isin(reported_lines(results))]
    return {
        "plan": results.plan.id,
        "currency": results.plan.text("reporting_currency"),
        "totals": {name.removeprefix("plan_"): number(results.number(name)) for name in names},
        "by_year": records(results.absorption),
        **views,
        "by_line": records(lines),
    }


def records(frame: Any) -> dict[str, dict[str, float | None]]:
    """Key of each row -> its figures by name."""
    return {str(key): {str(name): number(value) for name, value in row.items()} for key, row in frame.iterrows()}


def number(value: float) -> float | None:
    """The number, nothing where there is none."""
    return None if value != value else float(value)  # noqa: PLR0124  not a number


def reported_lines(results: Results) -> list[str]:
    """Lines with an amount in any year."""
    return [str(row["id"]) for row in results.plan.rows("lines") if row.get("spent")]


def said(found: Ledger) -> Iterator[str]:
    """What an import came to: its total is what was brought to lines and what was left out."""
    lines = len({line for line, _ in found.amounts})
    yield f"{found.rows:,} rows, total {found.total:,}: {found.imported:,} brought to {lines} lines."
    for reason, amount in found.left_out.items():
        yield f"Left out, {reason}: {amount:,}."
    if found.blank_rows:
        numbers = ", ".join(map(str, found.blank_rows))
        yield f"Rows without an amount are not reported: {numbers}."


def calendar_document(results: Results) -> dict[str, Any]:
    """What falls due, in the order of time; the month is ``None`` where the line has no start date."""
    rows = calendar(results).astype(object)
    due = rows.where(rows.notna(), None).to_dict("records")
    return {"plan": results.plan.id, "currency": results.plan.text("reporting_currency"), "due": due}
