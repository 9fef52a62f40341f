"""The solver: the cheapest starts of a task, and the least by which its bounds must give way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from xlplan.path.programme import MONEY, Bound, Programme, programme_of
from xlplan.path.task import Start, Task
from xlplan.problems import Problem, refuse

Column = npt.NDArray[np.float64]
CLOSE = 1e-7
"""Share of the largest amount below which two amounts are the same: the solver's own tolerance."""

EARLY = 10_000
"""Years of beginning later for which one more line is not worth it: far more than lines times years of any plan."""


@dataclass(frozen=True)
class Answer:
    """The starts taken, and by how much each bound gives way: (group, number in its group) -> amount."""

    taken: frozenset[Start]
    breaches: Mapping[tuple[str, int], float]


def cheapest(task: Task) -> frozenset[Start] | None:
    """The starts that reach every goal for the least money, and among those the fewest and latest; None where none do.

    Raises ``PlanError`` where scipy is not installed.
    """
    programme = programme_of(task)
    unit = programme.unit(MONEY)
    price = [cost / unit for cost in programme.cost]
    found = solved(programme, price)
    if found is None:
        return None
    least = sum(share * value for share, value in zip(price, found, strict=False))
    as_cheap = Bound(dict(enumerate(programme.cost)), most=(least + CLOSE) * unit, group=MONEY)
    effort = [1.0 + (task.years[-1] - choice.year) / EARLY for choice in task.choices]
    fewest = solved(replace(programme, bounds=(*programme.bounds, as_cheap)), effort)
    return taken(programme, found if fewest is None else fewest)


def least_breach(task: Task, give_way: Collection[str]) -> Answer | None:
    """The starts with which the bounds of these groups give way least, in sum; None where that does not help."""
    programme = programme_of(task)
    soft = [bound for bound in programme.bounds if bound.group in give_way]
    found = solved(programme, [CLOSE * cost / programme.unit(MONEY) for cost in programme.cost], soft)
    if found is None:
        return None
    slack = zip(soft, found[programme.binaries :], strict=True)
    breaches = {(b.group, b.number): float(s) * programme.unit(b.group) for b, s in slack if s > 10 * CLOSE}
    return Answer(taken(programme, found), breaches)


def taken(programme: Programme, values: Column) -> frozenset[Start]:
    return frozenset(start for start, value in zip(programme.starts, values, strict=False) if round(value) == 1)


def solved(programme: Programme, price: Sequence[float], soft: Sequence[Bound] = ()) -> Column | None:
    """Binaries at the least price, then how much each soft bound gives way at a price of 1; None where nothing fits."""
    refuse(missing_solver())
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  an extra, loaded when it is needed

    count = programme.binaries + len(soft)
    if count == 0:
        return np.zeros(0) if all(bound.least <= 0 <= bound.most for bound in programme.bounds) else None
    prices = np.zeros(count)
    prices[: len(price)], prices[programme.binaries :] = price, 1.0
    whole = np.arange(count) < programme.binaries
    found = milp(
        prices,
        constraints=LinearConstraint(*rows(programme, soft, count)),
        integrality=whole,
        bounds=Bounds(0.0, np.where(whole, 1.0, np.inf)),
        options={"mip_rel_gap": 0.0},
    )
    return found.x if found.success else None


def rows(programme: Programme, soft: Sequence[Bound], count: int) -> tuple[Column, Column, Column]:
    """Matrix, least and most of all bounds, each in the unit of its group."""
    matrix = np.zeros((len(programme.bounds), count))
    for row, bound in enumerate(programme.bounds):
        for column, weight in bound.weights.items():
            matrix[row, column] = weight / programme.unit(bound.group)
        if bound in soft:
            matrix[row, programme.binaries + soft.index(bound)] = 1.0 if bound.least > -np.inf else -1.0
    units = [programme.unit(bound.group) for bound in programme.bounds]
    least, most = (np.array([getattr(b, end) for b in programme.bounds]) / units for end in ("least", "most"))
    return matrix, least, most


def missing_solver() -> Iterator[Problem]:
    """That scipy is not there, and what to do."""
    if find_spec("scipy") is None:
        yield Problem(
            "xlplan path", "no scipy", "its solver", "install it with: python -m pip install 'xlplan[optimise]'"
        )
