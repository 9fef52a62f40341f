"""Acceptance: the plan with steps and targets that a planner agreed to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from xlplan.path.search import Step, Target
from xlplan.plan import Plan, Row
from xlplan.resize import in_year


def accepted(plan: Plan, steps: Iterable[Step], targets: Iterable[Target], sources: Mapping[str, str]) -> Plan:
    """The plan with the lines of the steps on, from their year, and the targets set.

    ``sources`` names who pays for a line (line id -> id of a funding source); a line without stays without, and counts
    as strengthening only once a source is found.
    """
    taken = {step.line: step for step in steps}
    lines = tuple(
        begun(row, taken[str(row["id"])], sources.get(str(row["id"]))) if str(row["id"]) in taken else row
        for row in plan.rows("lines")
    )
    return replace(plan, tables=dict(plan.tables) | {"lines": lines, "targets": with_targets(plan, targets)})


def begun(row: Row, step: Step, source: str | None) -> Row:
    """The line on, from the year of its step, and paid by the source where nobody pays yet; its date moves along."""
    found: Row = {**row, "on": "yes", "first_year": step.year, **moved_start(row, step.year)}
    return {**found, "shares": {source: 1.0}} if source and not row.get("shares") else found


def moved_start(row: Row, year: int) -> Row:
    """The start date of a line in another year, where it has one."""
    day = row.get("start")
    return {"start": in_year(day, year)} if isinstance(day, date) else {}


def with_targets(plan: Plan, targets: Iterable[Target]) -> tuple[Row, ...]:
    wanted: dict[str, Row] = {target.domain: {"target": target.level, "year": target.year} for target in targets}
    rows: list[Row] = [{**row, **wanted.pop(str(row["foundation"]), {})} for row in plan.rows("targets")]
    return (*rows, *({"foundation": domain, **more} for domain, more in wanted.items()))
