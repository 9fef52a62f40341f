"""A proposal: a path as rows of the plan that count for nothing until a planner accepts them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xlplan.path.accept import accepted
from xlplan.path.choices import FUNDED, OFF, UNFUNDED, target_of
from xlplan.path.search import Path, Step, Target
from xlplan.path.tell import line_name, line_row
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem
from xlplan.suggest import fresh_id

TARGET = "target"
ANSWERS = ("funder", "accept")
"""Fields that are the planner's: rows in which one is filled are never replaced."""


@dataclass(frozen=True)
class Accepted:
    """A plan with what was accepted in it, and how many lines and targets that were."""

    plan: Plan
    lines: int
    targets: int


def with_proposal(plan: Plan, path: Path) -> Plan:
    """The plan with the path as its proposal, in place of rows that nobody has answered."""
    kept = [row for row in plan.rows("proposals") if any(row.get(field) for field in ANSWERS)]
    taken = {str(row["id"]) for row in kept}
    rows = [{"id": fresh_id("proposal", 1, taken)} | row for row in rows_of(plan, path)]
    return replace(plan, tables=dict(plan.tables) | {"proposals": (*kept, *rows)})


def rows_of(plan: Plan, path: Path) -> Iterator[dict[str, Value]]:
    """A row for each target and each step of a path."""
    say, levels = plan.catalogue.say, plan.labels["levels"]
    for target in path.targets:
        text = say("Target: {level}; now: {now}").format(level=levels[target.level], now=target_now(plan, target))
        row: dict[str, Value] = {"activity": text, "area": target.domain, "action": TARGET, "year": target.year}
        yield row | {"level": target.level, "programme": path.aim.programme}
    for step in path.steps:
        cost = {str(y): amount for y, amount in zip(plan.budget_years, step.cost, strict=True) if amount}
        row = {"activity": line_name(plan, step.line), "action": step.state, "year": step.year, "line": step.line}
        row |= {"programme": path.aim.programme} | ({"cost": cost} if cost else {})
        area = line_row(plan, step.line).get("area")
        yield row | ({"area": area} if area else {})


def target_now(plan: Plan, target: Target) -> str:
    """The target that the domain has in the plan, in the language of its workbook."""
    now = target_of(plan, target.domain)
    level = plan.labels["levels"].get(str(now.get("target")), plan.catalogue.say("none"))
    return " ".join(filter(None, (level, str(now.get("year", "")))))


def with_accepted(plan: Plan) -> Accepted:
    """The plan with the accepted rows of its proposal carried out and taken off the proposal.

    Raises ``PlanError`` where no row is accepted, or an accepted row does not say enough.
    """
    rows = [row for row in plan.rows("proposals") if row.get("accept") == "yes"]
    problems = [problem for row in rows for problem in unclear(row)] if rows else [nothing(plan)]
    if problems:
        raise PlanError(problems)
    targets = [Target(str(r["area"]), str(r["level"]), year_of(r)) for r in rows if r.get("action") == TARGET]
    steps = [Step(str(r["line"]), str(r["action"]), year_of(r), ()) for r in rows if r.get("action") != TARGET]
    sources = {str(row["line"]): str(row["funder"]) for row in rows if row.get("line") and row.get("funder")}
    done = accepted(plan, steps, targets, sources)
    left = tuple(row for row in plan.rows("proposals") if row not in rows)
    tables = {id: found for id, found in (dict(done.tables) | {"proposals": left}).items() if found}
    return Accepted(replace(done, tables=tables), len(steps), len(targets))


def year_of(row: Row) -> int:
    year = row.get("year")
    return year if isinstance(year, int) else 0


def nothing(plan: Plan) -> Problem:
    if not plan.rows("proposals"):
        return Problem(plan.id, "no proposal", "a workbook that xlplan path -o made", "make one first")
    return Problem(f"{plan.id}, Proposal", "no row accepted", "Yes in the column Accept", "type Yes and save the file")


def unclear(row: Row) -> Iterator[Problem]:
    """What an accepted row lacks."""
    where = f"Proposal, {row['id']}"
    needed = ("area", "level", "year") if row.get("action") == TARGET else ("line", "year")
    for field in needed:
        if not row.get(field):
            yield Problem(where, f"accepted without {field}", "the row as it was proposed", f"fill {field}")
    if row.get("action") not in (TARGET, OFF, UNFUNDED, FUNDED):
        yield Problem(where, "accepted without what to do", "the row as it was proposed", "choose what to do")
