"""A task: what may be begun and when, what must be reached, and the bounds of money, days and order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Start: TypeAlias = tuple[str, int]
"""A line and the year in which it begins."""


@dataclass(frozen=True)
class Choice:
    """One line begun in one year: money to find (reporting currency) and core-team days more, per plan year."""

    line: str
    year: int
    cost: tuple[float, ...]
    days: tuple[float, ...]

    @property
    def start(self) -> Start:
        return self.line, self.year

    @property
    def total(self) -> float:
        return sum(self.cost)


@dataclass(frozen=True)
class Want:
    """Something that any one of the ``ways`` brings about; it earns points, and without a ``must`` all is in vain."""

    id: str
    ways: frozenset[Start]
    points: float = 0
    must: bool = False


@dataclass(frozen=True)
class Goal:
    """A domain that needs so many points more, and every must."""

    domain: str
    points: float
    wants: tuple[Want, ...]


@dataclass(frozen=True)
class Order:
    """A start that is allowed only together with one of the ``after``.

    ``why``: it ``requires`` an item, is to be ``continued`` by a line, or ``follows`` one; ``name`` says which.
    """

    start: Start
    after: frozenset[Start]
    why: str
    name: str = ""


@dataclass(frozen=True)
class Task:
    """Choices, goals and bounds over the plan's years; a bound of None is no bound."""

    years: tuple[int, ...]
    choices: tuple[Choice, ...]
    goals: tuple[Goal, ...]
    orders: tuple[Order, ...] = ()
    ceilings: tuple[float | None, ...] = ()
    days_left: tuple[float | None, ...] = ()

    @property
    def wants(self) -> Iterator[Want]:
        return (want for goal in self.goals for want in goal.wants)

    def chosen(self, taken: Collection[Start]) -> tuple[Choice, ...]:
        """The choices among all that were taken, by year and line."""
        return tuple(sorted((c for c in self.choices if c.start in taken), key=lambda c: (c.year, c.line)))


def spent(choices: Sequence[Choice], years: int) -> tuple[float, ...]:
    """Money to find in each year for these choices."""
    return tuple(sum(choice.cost[n] for choice in choices) for n in range(years))


def days_taken(choices: Sequence[Choice], years: int) -> tuple[float, ...]:
    """Core-team days more in each year for these choices."""
    return tuple(sum(choice.days[n] for choice in choices) for n in range(years))
