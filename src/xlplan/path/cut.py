"""A cut: what the plan loses where one of its lines is switched off."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem
from xlplan.results import Results

LEVEL, GATE, OPENING, ROOM, TAIL = "level", "gate", "opening", "room", "tail"


@dataclass(frozen=True)
class Loss:
    """Something that falls, with its id and its place or amount before and after.

    A ``level`` of a domain, the status of a ``gate`` and ``room`` for a load fall in a year; the ``opening`` of the
    gate of a programme comes later or never; a one-off loses the ``tail`` that continues it.
    """

    kind: str
    name: str
    year: int | None = None
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True)
class Cut:
    """A line switched off: the money it no longer costs in each year, and what is lost."""

    line: str
    saved: tuple[float, ...]
    losses: tuple[Loss, ...]


def cut(plan: Plan, line: str) -> Cut:
    """What switching a line off saves and loses. Raises ``PlanError`` for a line that is not there or not on.

    It is a cut of the plan as typed, whatever scenario is in use.
    """
    plan = plan.as_typed
    id = line_id(plan, line)
    rows = tuple({**row, "on": "no"} if row["id"] == id else row for row in plan.rows("lines"))
    before = plan.evaluate()
    after = replace(plan, tables=dict(plan.tables) | {"lines": rows}).evaluate()
    saved = (before.values["total_cost"] - after.values["total_cost"])[0]
    return Cut(id, tuple(round(float(money), 6) for money in saved), tuple(losses(before, after)))


def line_id(plan: Plan, named: str) -> str:
    """Id of the line with this id, or with this activity where only one has it."""
    rows = plan.rows("lines")
    by_id, by_name = ([row for row in rows if row.get(key) == named] for key in ("id", "activity"))
    found = by_id or by_name
    if len(found) != 1:
        seen = "no such line" if not found else f"lines {', '.join(str(row['id']) for row in found)}"
        raise PlanError([Problem(f"--cut {named}", seen, "id or activity of one line", "name one line")])
    if found[0].get("on", "yes") != "yes":
        raise PlanError([Problem(f"--cut {named}", "a line that is not on", "a line that is on", "name another line")])
    return str(found[0]["id"])


def losses(before: Results, after: Results) -> Iterator[Loss]:
    plan = before.plan
    yield from falls(before, after, LEVEL, "expected_level", before.foundations)
    yield from falls(before, after, GATE, "status_in_year", tuple(plan.catalogue.gates))
    yield from openings(before, after)
    yield from rises(before, after, ROOM, "load_short", plan.key_ids("load"))
    yield from rises(before, after, TAIL, "lacks_tail", tuple(str(row["id"]) for row in plan.rows("lines")))


def falls(before: Results, after: Results, kind: str, quantity: str, names: tuple[str, ...]) -> Iterator[Loss]:
    """Where a quantity of named rows is less than before, in which year; continuations have none."""
    was, now = before.values[quantity], after.values[quantity]
    years = (None,) if kind == TAIL else tuple(before.plan.budget_years)
    for row, column in np.argwhere(now < was):
        yield Loss(kind, names[row], years[column], float(was[row, column]), float(now[row, column]))


def rises(before: Results, after: Results, kind: str, quantity: str, names: tuple[str, ...]) -> Iterator[Loss]:
    """Where a quantity of which less is better is more than before."""
    for loss in falls(after, before, kind, quantity, names):
        yield replace(loss, before=loss.after, after=loss.before)


def openings(before: Results, after: Results) -> Iterator[Loss]:
    """Programmes whose gate opens later, or never."""
    was, now = (found.values["programme_open_year"][:, 0] for found in (before, after))
    for row, (first, then) in zip(before.plan.rows("programmes"), zip(was, now, strict=True), strict=True):
        if not np.isnan(first) and then != first:
            yield Loss(OPENING, str(row["id"]), None, float(first), None if np.isnan(then) else float(then))
