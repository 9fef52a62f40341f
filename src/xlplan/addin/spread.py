"""A range of a total: what the sum of uncertain amounts is likely to come to, in plain Python and always the same."""

from collections.abc import Sequence
from math import sqrt
from random import Random
from statistics import NormalDist, quantiles
from typing import Any

from xlplan.addin.arguments import Argument, InputError, cells_of, checked
from xlplan.addin.grid import Cell, number

SPREAD_ARGUMENTS = (
    Argument("low", "Lowest amount of each row; blank: as the value.", "rows"),
    Argument("base", "Value of each row: the most likely amount.", "rows", required=True),
    Argument("high", "Highest amount of each row; blank: as the value.", "rows"),
    Argument("group", "What each row moves together with, such as its category; left out: all move together.", "rows",
             kind="key"),
    Argument("correlation", "How much the rows of a group move together, 0 to 1; left out: 0.5.", low=0, high=1,
             instead=0.5),
)  # fmt: skip
SPREAD_HELP = (
    "What the sum of uncertain amounts comes to, in three rows: P10, P50 and P90, the sums that one, five and nine of "
    "ten draws stay below. Amounts are triangular; the same arguments give the same result."
)
SPREAD_DRAWS, SPREAD_SEED = 2_000, 1
NORMAL = NormalDist()

Triangle = tuple[float, float, float]


def spread_of(values: Sequence[Any]) -> list[list[Cell]]:
    """P10, P50 and P90 of the sum. Raises ``InputError`` for a value outside its range."""
    padded = [*values, *[None] * (len(SPREAD_ARGUMENTS) - len(values))]
    low, base, high, group, correlation = (
        list(checked(argument, cells_of(value) or [[argument.instead]]).cells)
        for argument, value in zip(SPREAD_ARGUMENTS, padded, strict=True)
    )
    count = len(base)
    lows, highs, groups = (column_of(*named, count) for named in (("low", low), ("high", high), ("group", group)))
    rows = [
        (triangle(n, lows[n], base[n], highs[n]), str(groups[n]))
        for n in range(count)
        if not spare(n, lows, base, highs)
    ]
    if not rows:
        raise InputError("base is missing; give a range.")
    tenths = quantiles(sums(rows, number(correlation[0])), n=10, method="inclusive")
    return [[tenths[0]], [tenths[4]], [tenths[8]]]


def column_of(name: str, cells: list[Cell], count: int) -> list[Cell]:
    """One cell for each row; a single one stands for all. Raises ``InputError`` for another number of cells."""
    if len(cells) not in (1, count):
        raise InputError(f"{name}: {len(cells)} cells, where base has {count}; make them equal.")
    return cells * count if len(cells) == 1 else cells


def spare(row: int, *columns: Sequence[Cell]) -> bool:
    return all(cells[row] is None for cells in columns)


def triangle(row: int, low: Cell, base: Cell, high: Cell) -> Triangle:
    """Lowest, most likely and highest amount of a row. Raises ``InputError``."""
    if base is None:
        raise InputError(f"base: row {row + 1} is blank; type a number.")
    ends = number(base if low is None else low), number(base), number(base if high is None else high)
    if not ends[0] <= ends[1] <= ends[2]:
        name, end, side = ("low", low, "above") if ends[0] > ends[1] else ("high", high, "below")
        raise InputError(f"{name}: row {row + 1} holds {end:g}, {side} base {base:g}; correct one of them.")
    return ends


def sums(rows: Sequence[tuple[Triangle, str]], correlation: float) -> list[float]:
    """The sum of every draw."""
    chance = Random(SPREAD_SEED)  # noqa: S311  nothing here is secret
    groups = list(dict.fromkeys(group for _, group in rows))
    common, own = sqrt(correlation), sqrt(1 - correlation)
    found = []
    for _ in range(SPREAD_DRAWS):
        shared = {group: common * score(chance) for group in groups}
        found.append(sum(amount(of, NORMAL.cdf(shared[group] + own * score(chance))) for of, group in rows))
    return found


def score(chance: Random) -> float:
    """A normal score from random bits, which every version of Python gives alike."""
    return NORMAL.inv_cdf((chance.getrandbits(52) + 0.5) / 2**52)


def amount(of: Triangle, share: float) -> float:
    """Amount below which the triangle stays with this share of its draws.

    >>> amount((0, 1, 2), 0.5), amount((5, 5, 5), 0.2)
    (1.0, 5.0)
    """
    low, base, high = of
    span, rise = high - low, base - low
    if share * span < rise:
        return low + sqrt(share * span * rise)
    return high - sqrt((1 - share) * span * (high - base))
