"""A linear programme: bounds over binary starts and wants, as the task of a path states them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf

from xlplan.path.task import Start, Task, Want

MONEY, DAYS, ORDER, WANT = "money", "days", "order", "want"
"""Groups of bounds that can give way; whatever else a task says cannot."""


@dataclass(frozen=True)
class Bound:
    """``least <= weights . x <= most``; ``group`` and ``number`` say which bound of the task it is."""

    weights: Mapping[int, float]
    least: float = -inf
    most: float = inf
    group: str = ""
    number: int = 0


@dataclass(frozen=True)
class Programme:
    """Bounds over one binary for each start, then one for each want; cost of each start in money."""

    starts: tuple[Start, ...]
    binaries: int
    cost: tuple[float, ...]
    bounds: tuple[Bound, ...]
    units: Mapping[str, float]

    def unit(self, group: str) -> float:
        """What a bound of the group is counted in, so that the solver's tolerance is small beside it."""
        return self.units.get(group, 1.0)


def programme_of(task: Task) -> Programme:
    """A task in numbers: each line begun once, wants met, goals reached, orders kept, money and days within bounds."""
    starts = tuple(choice.start for choice in task.choices)
    place = {start: n for n, start in enumerate(starts)}
    units = {MONEY: largest(choice.cost for choice in task.choices), DAYS: largest(c.days for c in task.choices)}
    bounds = chain(once(task), goals(task, place), orders(task, place), money(task), days(task))
    cost = tuple(choice.total for choice in task.choices)
    return Programme(starts, len(starts) + len(tuple(task.wants)), cost, tuple(bounds), units)


def largest(series: Iterable[Sequence[float]]) -> float:
    return max((abs(amount) for amounts in series for amount in amounts), default=0.0) or 1.0


def once(task: Task) -> Iterator[Bound]:
    """A line begins once."""
    for line in dict.fromkeys(choice.line for choice in task.choices):
        yield Bound({n: 1.0 for n, choice in enumerate(task.choices) if choice.line == line}, most=1.0)


def goals(task: Task, place: Mapping[Start, int]) -> Iterator[Bound]:
    """A want is met by one of its ways; the wants of a goal earn its points."""
    number = 0
    for goal in task.goals:
        points: dict[int, float] = {}
        for want in goal.wants:
            at = len(place) + number
            points[at] = want.points
            yield from met(want, at, number, place)
            number += 1
        yield Bound(points, least=goal.points)


def met(want: Want, at: int, number: int, place: Mapping[Start, int]) -> Iterator[Bound]:
    ways = {place[start]: 1.0 for start in want.ways if start in place}
    yield Bound(ways | {at: -1.0}, 0.0, inf, WANT, number)
    if want.must:
        yield Bound({at: 1.0}, least=1.0)


def orders(task: Task, place: Mapping[Start, int]) -> Iterator[Bound]:
    """A start only together with one of those before it."""
    for number, order in enumerate(task.orders):
        after = {place[start]: 1.0 for start in order.after if start in place}
        if order.start not in order.after:
            yield Bound(after | {place[order.start]: -1.0}, 0.0, inf, ORDER, number)


def money(task: Task) -> Iterator[Bound]:
    """Money to find in a year within its ceiling."""
    return limits([choice.cost for choice in task.choices], task.ceilings, MONEY)


def days(task: Task) -> Iterator[Bound]:
    """Core-team days more in a year within what is left."""
    return limits([choice.days for choice in task.choices], task.days_left, DAYS)


def limits(uses: Sequence[Sequence[float]], limit: Sequence[float | None], group: str) -> Iterator[Bound]:
    for year, most in enumerate(limit):
        if most is not None:
            yield Bound({n: use[year] for n, use in enumerate(uses) if use[year]}, -inf, most, group, year)
