"""Comparison: what a path a year earlier costs, the first year in which one exists, and what the engine says of it."""

from dataclasses import dataclass

from xlplan.path.accept import accepted
from xlplan.path.choices import SOURCE, with_source
from xlplan.path.search import Finding, Limits, Path, find_path
from xlplan.plan import Plan


@dataclass(frozen=True)
class Comparison:
    """A finding beside its neighbours: the same a year earlier, and, where there is no path, the first year with one.

    ``status`` is the word of the gate in the year once the path is carried out, by the engine; empty without a path.
    """

    finding: Finding
    earlier: Finding | None
    first_possible: int | None
    status: str


def compared(plan: Plan, programme: str, year: int | None = None, limits: Limits | None = None) -> Comparison:
    """The cheapest path with what a year earlier costs. Raises ``PlanError`` as ``find_path`` does."""
    plan = plan.as_typed
    finding = find_path(plan, programme, year, limits)
    by, id = finding.aim.year, finding.aim.programme
    if finding.path is None:
        later = (y for y in plan.budget_years if y > by and find_path(plan, id, y, limits).path)
        return Comparison(finding, None, next(later, None), "")
    earlier = find_path(plan, id, by - 1, limits) if by > plan.first_year and finding.path.steps else None
    return Comparison(finding, earlier, by, status_of(plan, finding.path))


def status_of(plan: Plan, path: Path) -> str:
    """Status of the gate in the year of the aim once the path is carried out and every line of it has a source."""
    payer = str(plan.rows("funders")[0]["id"]) if plan.rows("funders") else str(SOURCE["id"])
    sources = {step.line: payer for step in path.steps}
    done = accepted(with_source(plan), path.steps, path.targets, sources).evaluate()
    return str(done.gates_by_year.loc[path.aim.year, path.aim.gate])
