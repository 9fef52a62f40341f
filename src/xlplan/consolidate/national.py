"""What the national workbook shows: counted plans, shared activities, sums, and what became of each file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xlplan.consolidate.totals import ByYear
from xlplan.problems import Problem


@dataclass(frozen=True)
class Unit:
    """One plan that is counted: who, where its total stands, and the money of its own lines."""

    country: str
    unit: str
    plan: str
    title: str
    file: str
    cell: str
    findings: int
    notes: int
    one_off: float
    gap: float
    cost: ByYear


@dataclass(frozen=True)
class SharedCost:
    """An activity that several plans carry, and its cost counted once."""

    code: str
    activity: str
    carriers: Sequence[str]
    file: str
    cell: str
    cost: ByYear


@dataclass(frozen=True)
class Aside:
    """A file that is not counted, or that is with a note: what became of it, and why."""

    file: str
    status: str
    problem: Sequence[str]


@dataclass(frozen=True)
class Read:
    """A file that was read."""

    file: str
    hash: str
    status: str
    unit: str
    data_date: str
    saved: str
    version: str
    sheet: str


@dataclass(frozen=True)
class National:
    """Everything that the workbook shows. Lists may be read once only; money in one currency, nominal."""

    years: Sequence[int]
    currency: str
    counts: Mapping[str, int]
    units: Sequence[Unit]
    shared: Sequence[SharedCost]
    areas: Iterable[tuple[str, ByYear]]
    categories: Iterable[tuple[str, ByYear]]
    sources: Iterable[tuple[str, ByYear]]
    cautions: Sequence[Problem]
    asides: Iterable[Aside]
    read: Iterable[Read]

    @property
    def title(self) -> str:
        """Name of the whole: the country, where the plans name one."""
        names = {unit.country for unit in self.units if unit.country}
        return names.pop() if len(names) == 1 else ""


NOTHING = National((), "", {}, (), (), (), (), (), (), (), ())
"""No plan at all: for the texts that the sheets show."""
