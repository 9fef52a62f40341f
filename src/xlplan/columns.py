"""The NumPy spelling of what a rule may call; meanings as in ``exact.py``."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from xlplan.rule import Rule
from xlplan.translate import columns_source

Column = npt.NDArray[np.float64]


def round_up(number: Column, _digits: float) -> Column:
    """Whole things away from zero; what is whole to 15 significant digits stays.

    >>> round_up(np.array([400 * (1 / 10 + 0.05), 60.1, -60.1, 0.0]), 0)
    array([ 60.,  61., -61.,   0.])
    """
    given, whole = np.asarray(number), np.array(np.rint(number))
    broken = given != whole  # few; the others are done
    whole[broken] = _away_from_zero(given[broken])
    return whole


def _away_from_zero(number: Column) -> Column:
    size, nearest = np.abs(number), np.rint(np.abs(number))
    last_digit = 10.0 ** (np.floor(np.log10(size)) - 14)
    whole = np.where(np.abs(size - nearest) <= last_digit / 2, nearest, np.ceil(size))
    return np.copysign(whole, number)


def one_if(condition: npt.NDArray[np.bool_]) -> Column:
    return condition.astype(np.float64)


NAMESPACE: Mapping[str, Any] = {
    "nan": np.nan,
    "isnan": np.isnan,
    "where": np.where,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
    "mod": np.mod,
    "round_up": round_up,
    "one_if": one_if,
}


@cache
def columns_function(rule: Rule) -> Callable[..., Column]:
    """The rule over columns: keyword arguments are its quantities, a blank is NaN."""
    source = f"lambda {', '.join(rule.parameters)}: {columns_source(rule)}"
    function: Callable[..., Column] = eval(source, dict(NAMESPACE))  # noqa: S307  built from our own rules only
    return function
