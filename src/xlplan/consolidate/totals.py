"""Money of all plans added up: by unit, area, category and source, by year of the calendar."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.consolidate.extract import FIXED, Extract, Line, Years, sums
from xlplan.consolidate.standing import Activity, key

ByYear = dict[int, float]

ALL, AREA, CATEGORY, SOURCE = "all", "area", "category", "source"


@dataclass
class Totals:
    """Sums of the plans that were added so far, always in the same order; money in one currency.

    ``tables`` holds area, category and source -> entry -> year -> cost; ``spelling`` the first spelling of an entry.
    """

    tables: dict[str, dict[str, ByYear]] = field(default_factory=lambda: {ALL: {}, AREA: {}, CATEGORY: {}, SOURCE: {}})
    spelling: dict[str, str] = field(default_factory=dict)

    def add(self, first_year: int, money: Mapping[str, Mapping[str, Years]], only: Iterable[int] | None = None) -> None:
        """Add money by what, entry and budget year; ``only`` are the years that are counted."""
        years = None if only is None else set(only)
        for table, entries in money.items():
            for entry, values in entries.items():
                self.put(self.tables[table], entry, first_year, values, years)

    def put(
        self, table: dict[str, ByYear], entry: str, first_year: int, values: Years, years: set[int] | None
    ) -> None:  # fmt: skip
        name = entry if entry.startswith(f"{FIXED}:") else key(entry)
        self.spelling.setdefault(name, entry)
        add_years(table.setdefault(name, {}), first_year, values, years)

    @property
    def years(self) -> list[int]:
        return sorted({year for entries in self.tables.values() for found in entries.values() for year in found})

    def entries(self, table: str) -> Iterator[tuple[str, ByYear]]:
        """Spelling and money of each entry of a table."""
        return ((self.spelling[name], found) for name, found in self.tables[table].items())


def add_activities(totals: Totals, plans: Mapping[str, Extract], activities: Sequence[Activity]) -> None:
    """Add each shared activity once."""
    for activity in activities:
        for name, years in activity.counted.items():
            own = lines_of(plans[name], activity.code)
            totals.add(plans[name].first_year, sums(iter(own)), years)


def activity_money(plans: Mapping[str, Extract], activity: Activity) -> ByYear:
    """Cost of a shared activity by year, counted once."""
    found: ByYear = {}
    for name, years in activity.counted.items():
        for line in lines_of(plans[name], activity.code):
            add_years(found, plans[name].first_year, line.cost, years)
    return found


def add_years(found: ByYear, first_year: int, values: Years, only: Collection[int] | None) -> None:
    """Add money of the budget years from ``first_year`` on; ``only`` are those that are counted."""
    for year, value in enumerate(values, first_year):
        if only is None or year in only:
            found[year] = found.get(year, 0.0) + value


def lines_of(plan: Extract, code: str) -> list[Line]:
    return [line for line in plan.lines if key(line.shared) == code]
