"""Obstacles: which bounds make a path impossible, and the least that would make it possible."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from xlplan.path.aim import Aim
from xlplan.path.programme import DAYS, MONEY, ORDER, WANT
from xlplan.path.solver import Answer, least_breach
from xlplan.path.task import Task, days_taken, spent

TIME = "time"


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way.

    ``time``: a domain (``name``) can rise by ``needed`` only. ``want``: no priced line of a domain (``after``) turns
    a question. ``order``: a line lacks the item or line that it needs (``after``), as ``why`` says. ``money`` and
    ``days``: in a year there may be ``limit`` and ``needed`` would do.
    """

    kind: str
    name: str = ""
    after: str = ""
    year: int = 0
    limit: float = 0
    needed: float = 0
    why: str = ""


def obstacles(task: Task, aim: Aim, pace: float) -> tuple[tuple[Obstacle, ...], ...]:
    """Why a task has no answer: each group is enough to make it possible, what stands in one is needed together."""
    late = tuple(too_late(task, aim, pace))
    if late:
        return (late,)
    free = replace(task, ceilings=(), days_left=())
    for loose, soft in ((replace(free, orders=()), {WANT}), (free, {ORDER})):
        answer = least_breach(loose, soft)
        if answer and answer.breaches:
            return (tuple(named(loose, answer)),)
    ways = [least_breach(task, soft) for soft in ({MONEY}, {DAYS})]
    found = [way for way in ways if way] or [way for way in [least_breach(task, {MONEY, DAYS})] if way]
    return tuple(tuple(named(task, way)) for way in found)


def too_late(task: Task, aim: Aim, pace: float) -> Iterator[Obstacle]:
    """Domains for which work would have to begin before the plan, with the first year in which they can be up."""
    for raised in aim.raises:
        if raised.latest < task.years[0]:
            first = task.years[0] + pace * (raised.needed - raised.now)
            yield Obstacle(TIME, raised.domain, year=aim.year, needed=first)


def named(task: Task, answer: Answer) -> Iterator[Obstacle]:
    """The bounds that give way, with the names and figures of the task."""
    wants = [(goal.domain, want) for goal in task.goals for want in goal.wants]
    for (kind, number), _ in sorted(answer.breaches.items()):
        if kind == WANT:
            yield Obstacle(WANT, wants[number][1].id, wants[number][0])
        elif kind == ORDER:
            order = task.orders[number]
            yield Obstacle(ORDER, order.start[0], order.name, order.start[1], why=order.why)
        else:
            yield bounded(task, answer.taken, kind, number)


def bounded(task: Task, taken: Collection[tuple[str, int]], kind: str, number: int) -> Obstacle:
    chosen, years = task.chosen(taken), len(task.years)
    limit, use = (task.ceilings, spent) if kind == MONEY else (task.days_left, days_taken)
    most = limit[number]
    assert most is not None  # noqa: S101  a bound that is none cannot give way
    return Obstacle(kind, year=task.years[number], limit=most, needed=use(chosen, years)[number])
