"""Places in an order, and the row that an order points to; see ``derived.py``."""

from dataclasses import dataclass

import numpy as np

from xlplan.derived import Axes, Cells, Column, Derived, OfOne, Values
from xlplan.records import Axis


@dataclass(frozen=True)
class Grade(Derived):
    """How many thresholds the value reaches: the place of the highest one, since they rise from the first row down."""

    of: str
    thresholds: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.thresholds)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.of]

    def columns(self, values: Values) -> Column:
        of, steps = values[self.of], values[self.thresholds][..., 0]
        place = (steps[..., None, None, :] <= of[..., None]).sum(axis=-1).astype(float)
        return np.where(np.isnan(of), np.nan, place)

    def formula(self, cells: Cells) -> str:
        of = cells.here(self.of)
        return f'IF(ISNUMBER({of}),SUMPRODUCT(({cells.column(self.thresholds)}<={of})*1),"")'


@dataclass(frozen=True)
class RankIn(Derived):
    """Place of the row in its group by rising order; blank where the order is blank."""

    order: str
    key: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.order, self.key)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.order]

    def columns(self, values: Values) -> Column:
        order, key = values[self.order][..., 0], values[self.key][..., 0]
        before = (order[..., None, :] < order[..., None]) & (key[..., None, :] == key[..., None])
        return np.where(np.isnan(order), np.nan, 1.0 + before.sum(axis=-1))[..., None]

    def formula(self, cells: Cells) -> str:
        order, group = cells.here(self.order), f"({cells.column(self.key)}={cells.here(self.key)})"
        before = f"SUMPRODUCT({group}*({cells.column(self.order)}<{order}))"
        return f'IF(ISNUMBER({order}),{before}+1,"")'


@dataclass(frozen=True)
class RowOf(Derived):
    """Number of the row of a group with a given rank, 0 where there is none."""

    place: str
    key: str
    rank: str
    group: str
    wanted: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.place, self.key, self.rank, self.group, self.wanted)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.group]

    def columns(self, values: Values) -> Column:
        place, key, rank = (values[id][..., 0][..., None, :] for id in (self.place, self.key, self.rank))
        found = (key == values[self.group]) & (rank == values[self.wanted])
        return np.where(found, place, 0).sum(axis=-1, keepdims=True)

    def formula(self, cells: Cells) -> str:
        pairs = ((self.key, self.group), (self.rank, self.wanted))
        conditions = ",".join(f"{cells.column(row)},{cells.here(asked)}" for row, asked in pairs)
        return f"SUMIFS({cells.column(self.place)},{conditions})"


@dataclass(frozen=True)
class Most(OfOne):
    """The largest number of the row."""

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        return np.nan_to_num(values[self.of]).max(axis=-1, keepdims=True, initial=0)

    def formula(self, cells: Cells) -> str:
        return f"MAX({cells.row(self.of)})"


@dataclass(frozen=True)
class FirstYear(Derived):
    """The first year in which a flag is 1, blank if there is none."""

    of: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, "year")

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        flags = values[self.of] > 0
        years = np.broadcast_to(values["year"], flags.shape)
        found = np.take_along_axis(years, flags.argmax(axis=-1)[..., None], -1)
        return np.where(flags.any(axis=-1, keepdims=True), found, np.nan)

    def formula(self, cells: Cells) -> str:
        flags = cells.row(self.of)
        return f'IF(SUM({flags})>0,INDEX({cells.row("year")},MATCH(1,{flags},0)),"")'


@dataclass(frozen=True)
class Turned(Derived):
    """A table turned on its side: years down, what was down across."""

    of: str
    down: str
    across: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.down)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.down].rows, self.across)

    def columns(self, values: Values) -> Column:
        return np.swapaxes(values[self.of], -1, -2)

    def formula(self, cells: Cells) -> str:
        return f"INDEX({cells.whole(self.of)},COLUMNS({cells.until_now('year')}),{cells.here(self.down)})"


@dataclass(frozen=True)
class Mixed(Derived):
    """Per row and year: the row's shares times what each share stands for in that year."""

    shares: str
    turned: str
    of: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.shares, self.turned, self.of, "year", "first_plan_year")

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.shares].rows, "year")

    def columns(self, values: Values) -> Column:
        return np.nan_to_num(values[self.shares]) @ np.nan_to_num(values[self.of])

    def formula(self, cells: Cells) -> str:
        number = f"{cells.here('year')}-{cells.here('first_plan_year')}+1"
        return f"SUMPRODUCT({cells.row(self.shares)},INDEX({cells.whole(self.turned)},{number},0))"


@dataclass(frozen=True)
class Stack(Derived):
    """Tables of years, one below the other."""

    parts: tuple[str, ...]
    rows: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.parts

    def axis(self, _axes: Axes) -> Axis:
        return Axis(self.rows, "year")

    def columns(self, values: Values) -> Column:
        parts = [values[part] for part in self.parts]
        lead = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
        return np.concatenate([np.broadcast_to(part, (*lead, *part.shape[-2:])) for part in parts], -2)

    def formula(self, cells: Cells) -> str:
        return cells.here(self.parts[0])
