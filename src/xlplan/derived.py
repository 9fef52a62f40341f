"""Lookups and totals: records with two readings side by side, NumPy columns and native formula.

A rule reads only its own row, year and plan. What looks into another table, at other rows or other years is one of
these. Arrays are (..., rows, columns); an axis a quantity does not have has length 1. ``Cells`` is how the workbook
answers where a quantity stands.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from xlplan.records import Axis

Column: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = Mapping[str, Column]
Axes: TypeAlias = Mapping[str, Axis]


class Cells(Protocol):
    """References as seen from the cell that is being filled."""

    def here(self, quantity: str) -> str: ...  # same row, same column
    def row(self, quantity: str) -> str: ...  # all columns of this row
    def column(self, quantity: str) -> str: ...  # all rows of this column
    def whole(self, quantity: str) -> str: ...  # all rows and columns
    def before(self, quantity: str) -> str: ...  # this row, the column to the left
    def since_opening(self, quantity: str) -> str: ...  # this row, from the opening column to the one before
    def until_now(self, quantity: str) -> str: ...  # this row, from the first year to this one
    def entry(self, list: str, number: int) -> str: ...  # one word of a list
    def list_range(self, list: str) -> str: ...  # all words of a list


@dataclass(frozen=True)
class Derived(ABC):
    """A quantity that is not a rule: how it is found from others."""

    id: str
    label: str
    unit: str

    @property
    @abstractmethod
    def inputs(self) -> tuple[str, ...]: ...
    @abstractmethod
    def axis(self, axes: Axes) -> Axis: ...
    @abstractmethod
    def columns(self, values: Values) -> Column: ...
    @abstractmethod
    def formula(self, cells: Cells) -> str: ...


@dataclass(frozen=True)
class OfOne(Derived):
    """A quantity that is found from one other alone."""

    of: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Lookup(Derived):
    """The value in the row of another table that ``at`` names; ``instead`` where none is named.

    ``blanks`` says that the table calculates blanks, which count as 0; blank input cells do so by themselves. SUM would
    do as well, but formualizer cannot sum what INDEX finds by a name.
    """

    of: str
    at: str
    instead: int | None = 0
    blanks: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.at)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.at].rows, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        of, at = values[self.of], values[self.at]
        instead = np.nan if self.instead is None else float(self.instead)
        if of.shape[-2] == 0:
            return np.full((*at.shape[:-1], of.shape[-1]), instead)
        of = of if self.instead is None else np.nan_to_num(of)
        found = of[..., np.nan_to_num(at[..., 0], nan=1).astype(int).clip(1) - 1, :]
        return np.where(at > 0, found, instead)

    def formula(self, cells: Cells) -> str:
        at = cells.here(self.at)
        instead = '""' if self.instead is None else self.instead
        found = f"INDEX({cells.column(self.of)},{at})"
        return f"IF(ISNUMBER({at}),{f'SUMPRODUCT({found})' if self.blanks else found},{instead})"


@dataclass(frozen=True)
class LookupEach(Derived):
    """For each cell of ``at``, the value in the row of another table that it names; 1 for a place of 0."""

    of: str
    at: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.at)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.at]

    def columns(self, values: Values) -> Column:
        of, at = values[self.of][..., 0], values[self.at]
        place = at.astype(int).clip(1) - 1
        return np.where(at > 0, np.take_along_axis(*spread(of, place), -1).reshape(place.shape), 1.0)

    def formula(self, cells: Cells) -> str:
        at = cells.here(self.at)
        return f"IF({at}>0,INDEX({cells.column(self.of)},{at}),1)"


def spread(of: Column, place: npt.NDArray[np.int_]) -> tuple[Column, npt.NDArray[np.int_]]:
    """Values in one row, and places in one row, each for every variant."""
    flat = place.reshape(*place.shape[:-2], -1)
    lead = np.broadcast_shapes(of.shape[:-1], flat.shape[:-1])
    return np.broadcast_to(of, (*lead, of.shape[-1])), np.broadcast_to(flat, (*lead, flat.shape[-1]))


@dataclass(frozen=True)
class Pick(Derived):
    """The value in the column that ``at`` names, blank if that cell is blank."""

    of: str
    at: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.at)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows or axes[self.at].rows, None)

    def columns(self, values: Values) -> Column:
        of, at = values[self.of], values[self.at]
        place = np.nan_to_num(at, nan=1).astype(int).clip(1) - 1
        shape = np.broadcast_shapes(of.shape[:-1], at.shape[:-1])
        found = np.take_along_axis(np.broadcast_to(of, (*shape, of.shape[-1])), np.broadcast_to(place, (*shape, 1)), -1)
        return np.where(at > 0, found, np.nan)

    def formula(self, cells: Cells) -> str:
        at = cells.here(self.at)
        return f'IF(ISNUMBER({at}),INDEX({cells.row(self.of)},{at}),"")'


@dataclass(frozen=True)
class Sum(OfOne):
    """Total over ``rows``, ``columns`` or ``all`` of a quantity."""

    over: str

    def axis(self, axes: Axes) -> Axis:
        of = axes[self.of]
        return Axis(None if self.over != "columns" else of.rows, None if self.over != "rows" else of.columns)

    def columns(self, values: Values) -> Column:
        axis = {"rows": (-2,), "columns": (-1,), "all": (-2, -1)}[self.over]
        return np.nan_to_num(values[self.of]).sum(axis=axis, keepdims=True)

    def formula(self, cells: Cells) -> str:
        reach = {"rows": cells.column, "columns": cells.row, "all": cells.whole}[self.over]
        return f"SUM({reach(self.of)})"


@dataclass(frozen=True)
class CountBlanks(OfOne):
    """How many cells of this row hold no number (``zeros``: or the number 0)."""

    zeros: bool = False

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        of = values[self.of]
        return (~(of != 0) if self.zeros else np.isnan(of)).sum(axis=-1, keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        row = cells.row(self.of)
        return f"COUNTIF({row},0)" if self.zeros else f"COLUMNS({row})-COUNT({row})"


@dataclass(frozen=True)
class CountEqual(Derived):
    """How many rows hold the value of ``value``."""

    of: str
    value: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.value)

    def axis(self, _axes: Axes) -> Axis:
        return Axis()

    def columns(self, values: Values) -> Column:
        return (values[self.of] == values[self.value]).sum(axis=(-2, -1), keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        return f"COUNTIF({cells.whole(self.of)},{cells.here(self.value)})"


@dataclass(frozen=True)
class SumBy(Derived):
    """Total per group: the rows whose ``key`` is the group's ``criterion`` (a number, or text such as ``>=0``)."""

    of: str
    key: str
    criterion: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.key, self.criterion)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.criterion].rows, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        key, criterion = np.nan_to_num(values[self.key][..., 0]), values[self.criterion]
        member = ((criterion == key[..., None, :]) | np.isnan(criterion)).astype(float)
        return member @ np.nan_to_num(values[self.of])

    def formula(self, cells: Cells) -> str:
        return f"SUMIFS({cells.column(self.of)},{cells.column(self.key)},{cells.here(self.criterion)})"


@dataclass(frozen=True)
class Weighted(Derived):
    """Total over the rows of ``of`` times ``weight``; with a weight per column, one total per such column."""

    of: str
    weight: str
    number: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.of, self.weight, self.number)))

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.number].rows if self.number else None, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        return np.nan_to_num(np.swapaxes(values[self.weight], -1, -2)) @ np.nan_to_num(values[self.of])

    def formula(self, cells: Cells) -> str:
        weight = cells.column(self.weight)
        if self.number:
            weight = f"INDEX({cells.whole(self.weight)},0,{cells.here(self.number)})"
        return f"SUMPRODUCT({weight},{cells.column(self.of)})"


@dataclass(frozen=True)
class Weighted3(Derived):
    """Total over the rows of two quantities by column times a weight."""

    of: str
    times: str
    weight: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.times, self.weight)

    def axis(self, axes: Axes) -> Axis:
        return Axis(None, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        of, times, weight = (np.nan_to_num(values[id]) for id in self.inputs)
        return (of * times * weight).sum(axis=-2, keepdims=True)

    def formula(self, cells: Cells) -> str:
        return f"SUMPRODUCT({','.join(cells.column(id) for id in (self.weight, self.of, self.times))})"


@dataclass(frozen=True)
class WeightedBy(Derived):
    """Total per group of a quantity times a weight: the rows whose ``key`` is the group's ``criterion``."""

    of: str
    weight: str
    key: str
    criterion: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.weight, self.key, self.criterion)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.criterion].rows, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        key, weight = values[self.key][..., 0], np.nan_to_num(values[self.weight][..., 0])
        member = (values[self.criterion] == key[..., None, :]) * weight[..., None, :]
        return member @ np.nan_to_num(values[self.of])

    def formula(self, cells: Cells) -> str:
        member = f"({cells.column(self.key)}={cells.here(self.criterion)})*1"
        return f"SUMPRODUCT({member},{cells.column(self.weight)},{cells.column(self.of)})"
