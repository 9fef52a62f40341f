"""Rounding that adds up: amounts in whole units, the remainder where the largest parts were cut off."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from xlplan.columns import Column
from xlplan.rounding import rounded

NOISE = 1e-12
"""Relative difference of two sums of the same numbers in another order."""


def whole(amount: float) -> int:
    """The nearest whole number, halves away from zero, judged on 15 digits as a spreadsheet does.

    >>> whole(2.5), whole(-2.5), whole(2.49), whole(0.1 + 0.2 + 0.2)
    (3, -3, 2, 1)
    """
    return int(rounded(amount, 0))


def apportioned(amounts: Column, total: int) -> list[int]:
    """Whole parts of ``total`` that follow the amounts: the largest remainder method, of equal ones the first.

    >>> apportioned(np.array([1.4, 1.3, 1.3]), 4)
    [2, 1, 1]
    """
    clean = np.round(amounts, 9)
    floors = np.floor(clean)
    left = total - int(floors.sum())
    order = np.argsort(-np.round(clean - floors, 6), kind="stable")
    floors[order[:left]] += 1
    return [int(part) for part in floors]


def split(units: int, parts: int) -> list[int]:
    """Equal whole parts; what cannot be split equally goes to the first ones.

    >>> split(10, 4)
    [3, 3, 2, 2]
    """
    share, rest = divmod(units, parts)
    return [share + 1] * rest + [share] * (parts - rest)


def difference(units: int, exact: float) -> int:
    """0 where ``units`` is a right rounding of ``exact``, else how far it is from it.

    >>> difference(3, 2.6), difference(4, 2.6)
    (0, 1)
    """
    return 0 if abs(units - exact) <= 0.5 + NOISE * abs(exact) else units - whole(exact)


def in_units(units: int, unit: Decimal) -> Decimal | int:
    """An amount of so many units of rounding, exact.

    >>> in_units(1250, Decimal("0.01")), in_units(12, Decimal(1000))
    (Decimal('12.50'), 12000)
    """
    amount = units * unit
    return int(amount) if unit >= 1 else amount


def counted(amounts: Sequence[Decimal | int], unit: Decimal) -> int:
    """How many units of rounding the amounts are together. Raises ``ValueError`` for an amount that is no multiple."""
    total = sum(map(Decimal, amounts), Decimal(0)) / unit
    if total != int(total):
        raise ValueError(f"{total * unit} is no multiple of {unit}")
    return int(total)
