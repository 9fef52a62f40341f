"""Reported: totals over what was reported and what was not, and months of days; see ``derived.py``."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from xlplan.derived import Axes, Cells, Column, Derived, OfOne, Values
from xlplan.records import Axis

FIRST_DAY = date(1899, 12, 30)
"""Day 0 of spreadsheets; days before March 1900 differ between programs and are not allowed."""


def day_number(day: date) -> int:
    """Number under which a spreadsheet stores a day.

    >>> day_number(date(2027, 1, 1))
    46388
    """
    return (day - FIRST_DAY).days


@dataclass(frozen=True)
class MonthOf(Derived):
    """Months from year 0 to the month of a day, that month included; 0 for no day."""

    of: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, "months_a_year")

    def axis(self, axes: Axes) -> Axis:
        return axes[self.of]

    def columns(self, values: Values) -> Column:
        days, months = np.nan_to_num(values[self.of]), values["months_a_year"]
        day = np.datetime64(FIRST_DAY) + days.astype(int).astype("timedelta64[D]")
        year = day.astype("datetime64[Y]")
        month = day.astype("datetime64[M]").astype(int) - year.astype("datetime64[M]").astype(int) + 1
        return np.where(days > 0, (year.astype(int) + 1970) * months + month, 0)

    def formula(self, cells: Cells) -> str:
        day = cells.here(self.of)
        return f"IF(ISNUMBER({day}),YEAR({day})*{cells.here('months_a_year')}+MONTH({day}),0)"


@dataclass(frozen=True)
class SumReported(Derived):
    """Total over ``rows`` or ``columns`` of a quantity where another holds a number; ``weight`` is by column."""

    of: str
    where: str
    over: str
    weight: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.of, self.where, self.weight)))

    def axis(self, axes: Axes) -> Axis:
        of = axes[self.of]
        return Axis(None, of.columns) if self.over == "rows" else Axis(of.rows, None)

    def columns(self, values: Values) -> Column:
        counted = np.where(np.isnan(values[self.where]), 0, values[self.of])
        counted = counted * values[self.weight] if self.weight else counted
        return counted.sum(axis=-2 if self.over == "rows" else -1, keepdims=True)

    def formula(self, cells: Cells) -> str:
        reach = cells.column if self.over == "rows" else cells.row
        parts = [f'({reach(self.where)}<>"")*1', reach(self.of)]
        parts += [cells.row(self.weight)] if self.weight else []
        return f"SUMPRODUCT({','.join(parts)})"


@dataclass(frozen=True)
class SumTyped(OfOne):
    """Total of a row, blank where the row holds no number."""

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        of = values[self.of]
        return np.where(np.isnan(of).all(axis=-1, keepdims=True), np.nan, np.nan_to_num(of).sum(axis=-1, keepdims=True))

    def formula(self, cells: Cells) -> str:
        row = cells.row(self.of)
        return f'IF(COUNT({row})>0,SUM({row}),"")'


@dataclass(frozen=True)
class Shortfall(OfOne):
    """Total of what is below 0 in the rows of a quantity, as a positive number."""

    def axis(self, axes: Axes) -> Axis:
        return Axis(None, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        return -np.minimum(np.nan_to_num(values[self.of]), 0).sum(axis=-2, keepdims=True)

    def formula(self, cells: Cells) -> str:
        of = cells.column(self.of)
        return f"0-SUMPRODUCT(({of}<0)*1,{of})"


@dataclass(frozen=True)
class Filled(OfOne):
    """How many rows hold a number."""

    def axis(self, axes: Axes) -> Axis:
        return Axis(None, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        return (~np.isnan(values[self.of])).sum(axis=-2, keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        return f"COUNT({cells.column(self.of)})"


@dataclass(frozen=True)
class CountUneven(Derived):
    """How many rows hold two numbers above 0 of which the first is ``<`` or ``<>`` the second."""

    of: str
    other: str
    sign: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.other)

    def axis(self, _axes: Axes) -> Axis:
        return Axis()

    def columns(self, values: Values) -> Column:
        of, other = (np.nan_to_num(values[id]) for id in self.inputs)
        uneven = of < other if self.sign == "<" else of != other
        return ((of > 0) & (other > 0) & uneven).sum(axis=(-2, -1), keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        of, other = (cells.column(id) for id in self.inputs)
        return f"SUMPRODUCT(({of}>0)*({other}>0)*({of}{self.sign}{other}))"
