"""The rows of an export with their money, rounded so that each source and year adds up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np

from xlplan.columns import Column
from xlplan.funders.accounts import LINE_LISTS, Accounts
from xlplan.funders.layouts import Layout
from xlplan.funders.placed import ROUNDING, Placed
from xlplan.funders.rounding import apportioned, whole
from xlplan.plan import Row

Keys = tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """One row: places of all that it determines (0 for none), its source, its money by year in units of rounding."""

    places: Mapping[str, int]
    source: str
    units: tuple[int, ...]


@dataclass
class _Sum:
    """A row while its money is added up."""

    places: Mapping[str, int]
    source: str
    money: Column
    units: Column = field(default_factory=lambda: np.zeros(0, dtype=int))


def entries(layout: Layout, placed: Placed, accounts: Accounts) -> tuple[Entry, ...]:
    """Rows in the order of the layout, those without money left out; last what rounding leaves over, if anything."""
    found = sorted(_sums(layout, placed, accounts), key=lambda row: _order(layout, row.places))
    for source in placed.sources:
        _round([row for row in found if row.source == source], float(layout.unit))
    kept = (row for row in found if row.units.any())
    own = tuple(Entry(row.places, row.source, tuple(map(int, row.units))) for row in kept)
    return (*own, *remainder(placed, own, accounts, float(layout.unit)))


def _sums(layout: Layout, placed: Placed, accounts: Accounts) -> list[_Sum]:
    """Money by what a row stands for."""
    found: dict[Keys, _Sum] = {}
    for number, line in enumerate(placed.plan.rows("lines")):
        of_line = line_places(placed, accounts, number, line)
        for source in np.flatnonzero(placed.money[number].any(axis=1)):
            known = {**of_line, "source": int(source) + 1}
            keys = tuple(known[key] for key in layout.rows)
            kept = known if "line" in layout.rows else dict(zip(layout.rows, keys, strict=True))
            row = found.setdefault(keys, _Sum(kept, placed.sources[source], np.zeros(len(placed.years))))
            row.money = row.money + placed.money[number, source]
    return list(found.values())


def line_places(placed: Placed, accounts: Accounts, number: int, line: Row) -> Mapping[str, int]:
    """Places of what a cost line determines."""
    chosen = {key: placed.plan.places[list].get(str(line.get(key)), 0) for key, list in LINE_LISTS.items()}
    return {**chosen, "line": number + 1, "account": accounts.place(line)}


def _order(layout: Layout, places: Mapping[str, int]) -> tuple[tuple[bool, int], ...]:
    """What a row is sorted by; what has no entry comes last."""
    return tuple((places[key] == 0, places[key]) for key in (*layout.sort, *layout.rows))


def _round(rows: list[_Sum], unit: float) -> None:
    """Give the rows of a source whole units that add up to the rounded money of each year."""
    if not rows:
        return
    money = np.array([row.money for row in rows]) / unit
    years = [apportioned(column, whole(fsum(column))) for column in money.T]
    for row, units in zip(rows, np.array(years).T, strict=True):
        row.units = units


def remainder(placed: Placed, own: tuple[Entry, ...], accounts: Accounts, unit: float) -> tuple[Entry, ...]:
    """What the rounded sources of a year differ by from its rounded cost, where all sources are shown."""
    if not placed.is_whole:
        return ()
    costs = np.array([whole(fsum(placed.money[..., year].flat) / unit) for year in range(len(placed.years))])
    rest = costs - sum((np.array(entry.units) for entry in own), np.zeros_like(costs))
    places = {"account": accounts.rounding}
    return (Entry(places, ROUNDING, tuple(map(int, rest))),) if rest.any() else ()
