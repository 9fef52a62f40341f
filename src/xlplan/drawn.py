"""Drawn: the figures of ranges as a workbook stores them and a report tells them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isclose

from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.ranged import sum_of_ends, uses_of_confidence
from xlplan.ranges import SHEET_DRAWS, Ranges, ranges

DIGITS = 6
"""Digits of a drawn amount: more would only be chance, and differ from one processor to another."""

ONE_DIGIT, ONE_CENT, ONE_DRAW = 10.0 ** (1 - DIGITS), 0.01, 1 / SHEET_DRAWS
"""What two processors may differ by: of a drawn amount the part, of a typed amount and of a chance the whole."""

Row = tuple[float, ...]
"""A figure of each year and, last, of the whole plan."""


@dataclass(frozen=True)
class Bar:
    """Change of the cost of the whole plan with one input at its lowest and at its highest, all others as typed."""

    label: str
    low: float
    high: float


@dataclass(frozen=True)
class Drawn:
    """``Ranges`` as they are shown: drawn amounts with six digits, typed ones to the cent, chances to 0.01 %.

    ``bars`` are the inputs that change the cost of the whole plan most, the widest first.
    """

    cost: tuple[Row, ...]
    gap: tuple[Row, ...]
    typed: Row
    committed: Row
    enough: Row
    no_gap: Row
    bars: tuple[Bar, ...] = ()

    def agrees(self, other: "Drawn") -> bool:
        """Does the other show the same figures? Names are not compared: they may be in another language."""
        return (
            near(self.amounts, other.amounts, ONE_DIGIT, ONE_CENT)
            and near(self.typed + self.committed, other.typed + other.committed, 0, ONE_CENT)
            and near(self.enough + self.no_gap, other.enough + other.no_gap, 0, ONE_DRAW)
        )

    @property
    def amounts(self) -> Row:
        """Every amount that was drawn, or comes of an end of a range."""
        rows = (*self.cost, *self.gap, *((bar.low, bar.high) for bar in self.bars))
        return tuple(amount for row in rows for amount in row)


NOTHING = Drawn(((),) * 3, ((),) * 3, (), (), (), ())
"""What a plan without ranges has to show."""


def near(some: Sequence[float], others: Sequence[float], part: float, whole: float) -> bool:
    """Are there as many of both, each no further from the other than a part of it or a whole amount?"""
    return len(some) == len(others) and all(
        isclose(one, other, rel_tol=part, abs_tol=whole * 1.01) for one, other in zip(some, others, strict=True)
    )


def drawn(found: Ranges) -> Drawn:
    """The ranges with no more digits than are shown."""
    base = float(found.base[-1])
    return Drawn(
        cost=tuple(map(amounts, found.cost)),
        gap=tuple(map(amounts, found.gap)),
        typed=rounded_row(found.base, 2),
        committed=rounded_row(found.committed, 2),
        enough=rounded_row(found.enough, 4),
        no_gap=rounded_row(found.no_gap, 4),
        bars=tuple(Bar(s.input.label, *amounts((s.low - base, s.high - base))) for s in found.swings),
    )


def amounts(values: Iterable[float]) -> Row:
    """Drawn amounts, with the digits that are not chance.

    >>> amounts([24670225.97734886])
    (24670200.0,)
    """
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)


def rounded_row(values: Iterable[float], decimals: int) -> Row:
    return tuple(round(float(value), decimals) for value in values)


def has_ranges(plan: Plan) -> bool:
    """Has any price or driver a lowest or highest figure or a confidence?"""
    return bool(sum_of_ends(plan)) or any(uses_of_confidence(plan).values())


def sheet_ranges(plan: Plan) -> Ranges | None:
    """The draws that a workbook and a report show; none where the plan has no ranges, or some that are none."""
    try:
        return ranges(plan, SHEET_DRAWS) if has_ranges(plan) else None
    except PlanError:
        return None
