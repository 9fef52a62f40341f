"""The search: the cheapest path to an open gate, or what stands in its way, and what a year earlier costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from xlplan.path.aim import Aim, aim_of
from xlplan.path.choices import FUNDED, Trial, aimed_level, target_of
from xlplan.path.obstacles import Obstacle, obstacles
from xlplan.path.solver import cheapest
from xlplan.path.task import Choice, Task, spent
from xlplan.path.wants import goal_of, orders, worth_trying
from xlplan.plan import Plan
from xlplan.results import Results


@dataclass(frozen=True)
class Limits:
    """Bounds of a path: the most money to find in a year (reporting currency), years of funded work for each level.

    ``within_funding`` allows only what the plan's sources have free; a ``pace`` of None is that of the templates.
    """

    ceilings: Mapping[int, float] = field(default_factory=dict)
    within_funding: bool = False
    pace: float | None = None


@dataclass(frozen=True)
class Step:
    """A line that is to begin in a year, and the money to find for it in each year.

    Now it is ``off``, or on and ``unfunded``, or ``funded`` and to begin later.
    """

    line: str
    state: str
    year: int
    cost: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.cost)


@dataclass(frozen=True)
class Target:
    """A target to set: the domain, its level, and the year from which it is to hold."""

    domain: str
    level: str
    year: int


@dataclass(frozen=True)
class Path:
    """Steps and targets that open the gate; ``cost`` is the money to find in each year of the plan."""

    aim: Aim
    steps: tuple[Step, ...]
    targets: tuple[Target, ...]
    cost: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.cost)


@dataclass(frozen=True)
class Finding:
    """A path, or groups of obstacles of which one is enough to remove; lines that were left out for want of a price."""

    aim: Aim
    path: Path | None
    obstacles: tuple[tuple[Obstacle, ...], ...] = ()
    unpriced: tuple[str, ...] = ()


def find_path(plan: Plan, programme: str, year: int | None = None, limits: Limits | None = None) -> Finding:
    """The cheapest path to an open gate for a programme by the start of a year, its planned start where none is given.

    It is a path of the plan as typed, whatever scenario is in use, since its steps are typed.
    Raises ``PlanError`` for what ``aim_of`` refuses, and where scipy is not installed.
    """
    limits, results = limits or Limits(), plan.as_typed.evaluate()
    aim = aim_of(results, programme, year, limits.pace)
    task, trial, unpriced = task_of(results, aim, limits)
    taken = cheapest(task)
    if taken is None:
        pace = results.number("years_per_level") if limits.pace is None else limits.pace
        return Finding(aim, None, obstacles(task, aim, pace), unpriced)
    return Finding(aim, path_of(trial, aim, task.chosen(taken)), unpriced=unpriced)


def task_of(results: Results, aim: Aim, limits: Limits) -> tuple[Task, Trial, tuple[str, ...]]:
    """The task of an aim, the trial that priced it, and the lines that have no price."""
    plan, trial = results.plan, Trial(results.plan, aim)
    lines = worth_trying(results, aim)
    priced = {line: trial.choices(line, aim.year + 1) for line in lines}
    choices = tuple(choice for found in priced.values() for choice in found or ())
    steady = {c.start for c in choices if not is_step(trial, c)}
    task = Task(
        years=tuple(plan.budget_years),
        choices=choices,
        goals=tuple(goal_of(results, raised, choices) for raised in aim.raises),
        orders=tuple(orders(plan, choices, steady)),
        ceilings=ceilings(results, limits),
        days_left=days_left(results),
    )
    return task, trial, tuple(line for line, found in priced.items() if found is None)


def ceilings(results: Results, limits: Limits) -> tuple[float | None, ...]:
    """Most money to find in each year."""
    years = results.plan.budget_years
    found = [limits.ceilings.get(year) for year in years]
    if limits.within_funding:
        free = free_money(results)
        found = [free[n] if most is None else min(most, free[n]) for n, most in enumerate(found)]
    return tuple(found)


def free_money(results: Results) -> list[float]:
    """Committed and expected money of each year that no line of the plan uses yet, source by source."""
    values = results.values
    given = np.nan_to_num(values["committed"]) + np.nan_to_num(values["expected"])
    return [float(free) for free in np.maximum(given - values["placed_cost"], 0).sum(axis=0)]


def days_left(results: Results) -> tuple[float | None, ...]:
    """Core-team days that the plan leaves in each year; no bound where the plan does not count the team."""
    left, posts = results.values["team_days_left"][0], results.values["team_days_available"][0]
    counted = bool((posts > 0).any())
    return tuple(max(0.0, float(days)) if counted else None for days in left)


def is_step(trial: Trial, choice: Choice) -> bool:
    """Does the choice change the plan?"""
    return trial.state(choice.line) != FUNDED or choice.year != trial.first(choice.line)


def path_of(trial: Trial, aim: Aim, chosen: tuple[Choice, ...]) -> Path:
    steps = tuple(Step(c.line, trial.state(c.line), c.year, c.cost) for c in chosen if is_step(trial, c))
    return Path(aim, steps, tuple(targets(trial.plan, aim)), spent(chosen, trial.plan.years))


def targets(plan: Plan, aim: Aim) -> Iterator[Target]:
    """Targets that the plan does not have yet."""
    for raised in aim.raises:
        level, now = aimed_level(plan, raised, aim.year), target_of(plan, raised.domain)
        if (now.get("target"), now.get("year")) != (level, aim.year):
            yield Target(raised.domain, level, aim.year)
