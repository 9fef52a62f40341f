"""The table of an export: one row of headings, then rows of texts and exact amounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlplan.funders.accounts import Accounts
from xlplan.funders.entries import Entry, entries
from xlplan.funders.fields import View
from xlplan.funders.layouts import PARTS, Layout, LayoutColumn
from xlplan.funders.placed import Placed
from xlplan.funders.rounding import in_units, split
from xlplan.model import load_model

Cell = str | float | Decimal | None


@dataclass(frozen=True)
class Period:
    """A part of a year, 1 for the first of ``parts``."""

    year: int
    part: int
    parts: int

    def label(self, say: Callable[[str], str]) -> str:
        words = {1: "{year}", 2: say("{year} H{part}"), 4: say("{year} Q{part}")}[self.parts]
        return words.format(year=self.year, part=self.part)


@dataclass(frozen=True)
class Line:
    """A row; ``years`` says of each cell which year its amount belongs to, nothing for cells that hold none."""

    source: str
    cells: tuple[Cell, ...]
    years: tuple[int | None, ...]


@dataclass(frozen=True)
class Table:
    """An export: headings, a kind for each column (text, amount, share, year, number), rows in their order."""

    layout: Layout
    placed: Placed
    accounts: Accounts
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]


def export_table(layout: Layout, placed: Placed, accounts: Accounts) -> Table:
    """The table of a plan's money in a layout."""
    view, found = View(placed, accounts), entries(layout, placed, accounts)
    spread = across if layout.periods == "across" else down
    lines = tuple(line for entry in found for line in spread(layout, view, entry))
    named = [(head, kind_of(column)) for column in layout.columns for head in headings(layout, view, column)]
    heads, kinds = zip(*named, strict=True)
    return Table(layout, placed, accounts, heads, kinds, lines, found)


def kind_of(column: LayoutColumn) -> str:
    """What the cells of a column are."""
    if column.quantity:
        return "number"
    return column.field if column.field in ("amount", "share", "year") else "text"


def covered(layout: Layout, years: tuple[int, ...]) -> tuple[int, ...]:
    """The years that an export shows."""
    return years[: layout.detailed_years] if layout.detailed_years and layout.later == "none" else years


def detailed(layout: Layout, years: tuple[int, ...]) -> tuple[int, ...]:
    """The years that it shows in periods."""
    return years[: layout.detailed_years or None]


def periods(layout: Layout, years: tuple[int, ...]) -> Iterator[Period]:
    """Periods of the years in detail, then each later year as one."""
    for year in years:
        parts = PARTS[layout.period] if year in detailed(layout, years) else 1
        yield from (Period(year, part, parts) for part in range(1, parts + 1))


def amounts(layout: Layout, placed: Placed, entry: Entry) -> Iterator[tuple[Period, Decimal | int]]:
    """Money by period: a year in equal parts."""
    years = dict(zip(placed.years, entry.units, strict=True))
    found = list(periods(layout, placed.years))
    parts = {year: split(units, sum(period.year == year for period in found)) for year, units in years.items()}
    yield from ((period, in_units(parts[period.year][period.part - 1], layout.unit)) for period in found)


def headings(layout: Layout, view: View, column: LayoutColumn) -> Iterator[str]:
    """The headings of a column, one for each time it stands."""
    say, words = view.say(column.header), {"currency": view.placed.currency.label}
    if column.field == "amount" and layout.periods == "across":
        for period in periods(layout, view.placed.years):
            yield say.format(period=period.label(view.say), **words)
    elif column.quantity and load_model()[column.quantity].axis.columns:
        yield from (say.format(year=year, **words) for year in detailed(layout, view.placed.years))
    else:
        yield say.format(**words)


def across(layout: Layout, view: View, entry: Entry) -> Iterator[Line]:
    """One row, its periods side by side."""
    cells: list[Cell] = []
    years: list[int | None] = []
    for column in layout.columns:
        if column.field == "amount":
            found = list(amounts(layout, view.placed, entry))
            cells += [amount for _, amount in found]
            years += [period.year for period, _ in found]
        else:
            own = quantities(layout, view, entry, column) if column.quantity else [view.cell(column.field, entry)]
            cells += own
            years += [None] * len(own)
    yield Line(entry.source, tuple(cells), tuple(years))


def quantities(layout: Layout, view: View, entry: Entry, column: LayoutColumn) -> list[Cell]:
    """A quantity of the row's cost line, in each year in detail where it has years."""
    by_year = load_model()[column.quantity].axis.columns
    years = detailed(layout, view.placed.years) if by_year else (None,)
    return [view.quantity(column.quantity, entry, year) for year in years]


def down(layout: Layout, view: View, entry: Entry) -> Iterator[Line]:
    """One row for each period with money."""
    for period, amount in amounts(layout, view.placed, entry):
        own = {"amount": amount, "year": period.year, "period": period.label(view.say)}
        fields = [column.field for column in layout.columns]
        cells = tuple(own[field] if field in own else view.cell(field, entry) for field in fields)
        if amount:
            yield Line(entry.source, cells, tuple(period.year if field == "amount" else None for field in fields))
