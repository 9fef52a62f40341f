"""Sampling: triangular quantities that move together by group, drawn in blocks of the same seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from xlplan.columns import Column

normal_share = np.frompyfunc(NormalDist().cdf, 1, 1)


@dataclass(frozen=True)
class Triangles:
    """Triangular quantities: least, most frequent and greatest value of each, and the number of its group from 0."""

    low: Column
    mode: Column
    high: Column
    group: npt.NDArray[np.int_]

    @property
    def count(self) -> int:
        return self.mode.size


def triangular(chance: Column, of: Triangles) -> Column:
    """Value below which each quantity stays with this chance, 0 to 1; last axis: the quantities.

    >>> ones = np.ones(1)
    >>> triangular(np.array([[0.0], [0.5], [1.0]]), Triangles(0 * ones, ones, 2 * ones, np.array([0]))).ravel()
    array([0., 1., 2.])
    """
    span, rise = of.high - of.low, of.mode - of.low
    rising = of.low + np.sqrt(chance * span * rise)
    falling = of.high - np.sqrt((1 - chance) * span * (of.high - of.mode))
    return np.where(chance * span < rise, rising, falling)


def draws(of: Triangles, correlation: float, count: int, seed: int, block: int) -> Iterator[Column]:
    """Blocks of draws (draw, quantity), together ``count``; the draws do not depend on the size of a block.

    Quantities of one group share a normal factor, which correlates their normal scores by ``correlation``.
    """
    chance, groups = np.random.default_rng(seed), int(of.group.max(initial=-1)) + 1
    for size in sizes(count, block):
        scores = chance.standard_normal((size, groups + of.count))
        common, own = scores[:, :groups][:, of.group], scores[:, groups:]
        joined = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
        yield triangular(normal_share(joined).astype(float), of)


def sizes(count: int, block: int) -> Sequence[int]:
    """Sizes of blocks that together are ``count``.

    >>> sizes(250, 100)
    [100, 100, 50]
    """
    return [min(block, count - start) for start in range(0, count, block)]
