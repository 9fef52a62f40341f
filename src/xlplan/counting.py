"""Counts over rows with conditions; see ``derived.py``."""

from dataclasses import dataclass

import numpy as np

from xlplan.derived import Axes, Cells, Column, Derived, OfOne, Values
from xlplan.records import Axis


@dataclass(frozen=True)
class CountChoices(Derived):
    """Per group and column: rows of the group whose choice is one entry of its list; ``where`` narrows them by a flag.

    The workbook counts the words of the input cells, so the places of the choices need no cells.
    """

    of: str
    input: str
    list: str
    entry: int
    key: str
    criterion: str
    where: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.of, self.key, self.criterion, self.where)))

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.criterion].rows, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        chosen = (values[self.of] == self.entry + 1).astype(float)
        if self.where:
            chosen = chosen * (values[self.where] > 0)
        return (values[self.criterion] == values[self.key][..., 0][..., None, :]).astype(float) @ chosen

    def formula(self, cells: Cells) -> str:
        conditions = [
            (cells.column(self.key), cells.here(self.criterion)),
            (cells.column(self.input), cells.entry(self.list, self.entry)),
        ]
        if self.where:
            conditions.append((cells.column(self.where), "1"))
        return f"COUNTIFS({','.join(part for condition in conditions for part in condition)})"


@dataclass(frozen=True)
class PickChoice(Derived):
    """Place in its list of the choice in the column that ``at`` names, blank if there is none."""

    of: str
    input: str
    list: str
    at: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.at)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        of, at = values[self.of], values[self.at]
        found = of[..., np.nan_to_num(at, nan=1).astype(int).clip(1).item() - 1]
        return np.where(at > 0, found[..., None], np.nan)

    def formula(self, cells: Cells) -> str:
        word = f"INDEX({cells.row(self.input)},{cells.here(self.at)})"
        return f'IFERROR(MATCH({word},{cells.list_range(self.list)},0),"")'


@dataclass(frozen=True)
class CountUpTo(Derived):
    """Per group: rows of the group whose number is at most ``limit``."""

    of: str
    key: str
    criterion: str
    limit: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.key, self.criterion, self.limit)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.criterion].rows, axes[self.limit].columns)

    def columns(self, values: Values) -> Column:
        member = (values[self.criterion] == values[self.key][..., 0][..., None, :]).astype(float)
        return member @ (values[self.of] <= values[self.limit]).astype(float)

    def formula(self, cells: Cells) -> str:
        group = f"({cells.column(self.key)}={cells.here(self.criterion)})"
        return f"SUMPRODUCT({group}*({cells.column(self.of)}<={cells.here(self.limit)}))"


@dataclass(frozen=True)
class CountBelow(Derived):
    """Per gate and column: known rows (above 0) that are below what the gate asks of them."""

    of: str
    limit: str
    number: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.limit, self.number)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.number].rows, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        of, limit = values[self.of][..., None, :, :], np.swapaxes(values[self.limit], -1, -2)[..., None]
        return ((of > 0) & (of < limit)).sum(axis=-2).astype(float)

    def formula(self, cells: Cells) -> str:
        of, asked = cells.column(self.of), f"INDEX({cells.whole(self.limit)},0,{cells.here(self.number)})"
        return f"SUMPRODUCT(({of}<{asked})*({of}>0))"


@dataclass(frozen=True)
class CountBeyond(Derived):
    """Rows whose number is above the one beside it, or below it; a blank beside it counts as 0."""

    of: str
    beside: str
    is_above: bool

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.beside)

    def axis(self, _axes: Axes) -> Axis:
        return Axis()

    def columns(self, values: Values) -> Column:
        of, beside = values[self.of], np.nan_to_num(values[self.beside])
        return ((of > beside) if self.is_above else (of < beside)).sum(axis=(-2, -1), keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        of, beside = cells.column(self.of), cells.column(self.beside)
        return f'SUMPRODUCT(({of}<>"")*({of}{">" if self.is_above else "<"}{beside}))'


@dataclass(frozen=True)
class CountOther(Derived):
    """Per column: rows with a share in the column whose ``key`` is not what the column's row asks for."""

    of: str
    key: str
    asked: str
    number: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.key, self.asked, self.number)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.number].rows, None)

    def columns(self, values: Values) -> Column:
        shared = np.swapaxes(values[self.of] > 0, -1, -2)
        other = values[self.asked] != values[self.key][..., 0][..., None, :]
        return (shared & other).sum(axis=-1, keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        shared = f"INDEX({cells.whole(self.of)},0,{cells.here(self.number)})>0"
        return f"SUMPRODUCT(({shared})*({cells.column(self.key)}<>{cells.here(self.asked)}))"


@dataclass(frozen=True)
class CountZeros(OfOne):
    """How many rows of the column hold 0."""

    def axis(self, axes: Axes) -> Axis:
        return Axis(None, axes[self.of].columns)

    def columns(self, values: Values) -> Column:
        return (values[self.of] == 0).sum(axis=-2, keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        return f"COUNTIF({cells.column(self.of)},0)"


@dataclass(frozen=True)
class CountLower(Derived):
    """Per row: rows that hold less although they come later by ``order``."""

    of: str
    order: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.order)

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.of].rows, None)

    def columns(self, values: Values) -> Column:
        of, order = values[self.of], values[self.order]
        lower, later = np.swapaxes(of, -1, -2) < of, np.swapaxes(order, -1, -2) > order
        return (lower & later).sum(axis=-1, keepdims=True).astype(float)

    def formula(self, cells: Cells) -> str:
        lower = f"({cells.column(self.of)}<{cells.here(self.of)})"
        return f"SUMPRODUCT({lower}*({cells.column(self.order)}>{cells.here(self.order)}))"


@dataclass(frozen=True)
class Started(Derived):
    """Per row of additions: their sum over programmes that have started by the column's year."""

    of: str
    start: str
    number: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.start, self.number, "year")

    def axis(self, axes: Axes) -> Axis:
        return Axis(axes[self.number].rows, "year")

    def columns(self, values: Values) -> Column:
        start = values[self.start]
        running = ((start > 0) & (start <= values["year"])).astype(float)
        return np.swapaxes(np.nan_to_num(values[self.of]), -1, -2) @ running

    def formula(self, cells: Cells) -> str:
        start = cells.column(self.start)
        running = f"({start}<={cells.here('year')})*({start}>0)"
        return f"SUMPRODUCT({running},INDEX({cells.whole(self.of)},0,{cells.here(self.number)}))"
