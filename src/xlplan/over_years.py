"""Quantities that look at other years of their own row; see ``derived.py``."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xlplan.derived import Axes, Cells, Column, Derived, Values
from xlplan.records import Axis


def rows_with(column: Column) -> npt.NDArray[np.bool_]:
    """Which rows hold anything but zeros, in any column or variant."""
    return np.asarray(column.any(axis=(*range(column.ndim - 2), -1)))


@dataclass(frozen=True)
class Before(Derived):
    """The value of the year before; in the first year that of ``opening``. It has no cell of its own."""

    of: str
    opening: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.opening)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.of]

    def columns(self, values: Values) -> Column:
        of, opening = values[self.of], values[self.opening]
        shape = np.broadcast_shapes(of.shape[:-1], opening.shape[:-1])
        return np.concatenate(
            [np.broadcast_to(opening, (*shape, 1)), np.broadcast_to(of, (*shape, of.shape[-1]))[..., :-1]], -1
        )

    def formula(self, cells: Cells) -> str:
        return cells.before(self.of)


@dataclass(frozen=True)
class Batches(Derived):
    """Units that begin a life in this year: added ones, and batches whose whole life has just ended.

    What was there before the plan counts as a batch of the year before.
    """

    of: str
    opening: str
    life_years: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.opening, self.life_years)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.of]

    def columns(self, values: Values) -> Column:
        of, life = values[self.of], values[self.life_years]
        bought = Before("", "", "", of="of", opening="opening").columns({"of": of, "opening": values[self.opening]})
        found = np.array(np.broadcast_to(of, np.broadcast_shapes(bought.shape, life.shape)))
        filled = rows_with(bought)
        bought, life = bought[..., filled, :], life[..., filled, :]
        for age in range(1, of.shape[-1] + 1):  # bought[..., s] is what came in the year before column s
            found[..., filled, age - 1 :] += np.where(age % life == 0, bought[..., : of.shape[-1] - age + 1], 0)
        return found

    def formula(self, cells: Cells) -> str:
        place = f"{cells.here('year')}-{cells.here(self.life_years)}-{cells.here('first_plan_year')}+1+1"
        return f"{cells.here(self.of)}+IF({place}>0,INDEX({cells.since_opening(self.id)},{place}),0)"


@dataclass(frozen=True)
class Spread(Derived):
    """Cost of the year when each purchase with a useful life bears one annuity a year over that life."""

    of: str
    life: str
    life_years: str
    factor: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.of, self.life, self.life_years, self.factor)

    def axis(self, axes: Axes) -> Axis:
        return axes[self.of]

    def columns(self, values: Values) -> Column:
        of, life, years, factor = (values[id] for id in self.inputs)
        lasting = rows_with(np.maximum(life, 0))
        spread = np.broadcast_to(of, np.broadcast_shapes(of.shape, life.shape, factor.shape)).copy()
        spread[..., lasting, :] = self._spread(*(column[..., lasting, :] for column in (of, life, years, factor)))
        return spread

    def _spread(self, of: Column, life: Column, years: Column, factor: Column) -> Column:
        in_use = np.zeros(np.broadcast_shapes(of.shape, years.shape))
        for age in range(of.shape[-1]):
            in_use[..., age:] += np.where(age < years, of[..., : of.shape[-1] - age], 0)
        return np.where(life > 0, in_use * factor, of)

    def formula(self, cells: Cells) -> str:
        years, now, of = cells.until_now("year"), cells.here("year"), cells.until_now(self.of)
        in_use = f"SUMPRODUCT(({now}-{years}<{cells.here(self.life_years)})*1,{of})"
        return f"IF({cells.here(self.life)}>0,{in_use}*{cells.here(self.factor)},{cells.here(self.of)})"
