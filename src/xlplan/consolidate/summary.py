"""The summary of the national workbook: what was counted, and its cost by year added up in four ways."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlplan.consolidate.formulas import MOST_ROWS, TEXT, by_year, cut, span, told, total, year_columns
from xlplan.consolidate.national import National
from xlplan.words import Words
from xlplan.workbook.layout import HEAD_ROW, quoted
from xlplan.workbook.listing import MONEY, Column, Formula, Heading, Listing, Sum, letter_of

YEARS_AFTER = 12
"""Columns of the unit list before its years."""

MOST_COUNTRIES = 200
"""Countries or regions with a row of their own; each adds up the whole list of units."""

PATTERN = re.compile(r"[*?~]|\A[<>=]")
"""What makes a criterion of a spreadsheet more than the text it is."""

Totals = Mapping[str, Sequence[Any]]
"""The row of totals of each list, by its title."""


class Names:
    """Titles of the sheets."""

    def __init__(self, say: Words) -> None:
        self.summary, self.unit, self.area = say("Summary"), say("By unit"), say("By area")
        self.category, self.source, self.shared = say("By category"), say("By source"), say("Shared activities")
        self.asides, self.read = say("Duplicates and quarantined"), say("Sources")

    def places(self, sheet: str) -> tuple[int, int]:
        """Columns of a list's total and of its first year."""
        return {self.unit: (9, YEARS_AFTER + 1), self.shared: (6, 7)}.get(sheet, (2, 3))


def summary(national: National, totals: Totals, names: Names, say: Words) -> Listing:
    """What was counted, the cost by year added up in four ways, countries, and what to look at twice."""
    years = national.years
    columns = (Column(say("All counted plans"), 50, TEXT), Column(say("Total"), 18, MONEY), *year_columns(years))
    rows: list[Sequence[Any]] = [*count_rows(national, say), []]
    rows += [*cross_foot(totals, names, say, HEAD_ROW + 1 + len(rows)), []]
    rows += country_rows(national, names, say, HEAD_ROW + 1 + len(rows))
    heading, more = say("To look at twice"), say("{n} more, not shown")
    if national.cautions:
        rows += [[], [Heading(heading)], *cut(([str(problem)] for problem in national.cautions), more)]
    title = national.title or say("Several plans")
    return Listing(names.summary, f"{title}: {say('plans put together.')} {national.currency}", columns, rows)


def count_rows(national: National, say: Words) -> Iterator[list[Any]]:
    words = {
        "counted": say("Plans counted"), "copy": say("Copies of a counted plan"), "replaced": say("Older versions"),
        "quarantined": say("Quarantined files"),
    }  # fmt: skip
    for status, label in words.items():
        yield [label, national.counts.get(status, 0)]


def cross_foot(totals: Totals, names: Names, say: Words, top: int) -> Iterator[list[Any]]:
    """Total cost by unit and shared activity, by area, category and source, and by how much these differ.

    The first of the rows is ``top``.
    """
    own, shared, *ways = (
        total_cells(sheet, totals[sheet], names.places(sheet))
        for sheet in (names.unit, names.shared, names.area, names.category, names.source)
    )
    whole = [
        Formula(f"{letter_of(column)}{top}+{letter_of(column)}{top + 1}", one.value + other.value)
        for column, (one, other) in enumerate(zip(own, shared, strict=True), 2)
    ]
    yield [say("Own costs of the plans"), *own]
    yield [say("Shared activities, counted once"), *shared]
    yield [Sum(say("Total cost")), *whole]
    words = say("Total of all areas"), say("Total of all categories"), say("Total of all sources")
    yield from ([label, *cells] for label, cells in zip(words, ways, strict=True))
    columns = enumerate(zip(whole, *ways, strict=True), 2)
    yield [say("Largest difference"), *(difference(column, top + 2, cells) for column, cells in columns)]


def total_cells(sheet: str, totals: Sequence[Any], places: tuple[int, int]) -> list[Formula]:
    """The total of a list and those of its years, as another sheet shows them."""
    last, first = len(totals), places[1]
    return [
        Formula(f"{quoted(sheet)}!{letter_of(column)}{HEAD_ROW + 1}", totals[column - 1].value)
        for column in (places[0], *range(first, last + 1))
    ]


def difference(column: int, top: int, cells: Sequence[Formula]) -> Formula:
    """By how much the largest of some cells one above the other exceeds the smallest."""
    numbers, letter = [cell.value for cell in cells], letter_of(column)
    found = f"{letter}{top}:{letter}{top + len(numbers) - 1}"
    return Formula(f"MAX({found})-MIN({found})", max(numbers) - min(numbers))


def country_rows(national: National, names: Names, say: Words, top: int) -> Iterator[list[Any]]:
    """Own costs by country or region, added up over the list of units, below a heading in row ``top``."""
    yield [Heading(say("Own costs by country or region"))]
    more = say("{n} more, added up")
    found = list(countries(national).values())
    for row, (country, money) in enumerate(found[:MOST_COUNTRIES], top + 1):
        yield [country, *country_cells(country, money, row, national, names)]
    rest = [money for _, money in found[MOST_COUNTRIES:]]
    if rest:
        yield [told(more, len(rest)), *(total(column) for column in zip(*rest, strict=True))]


def countries(national: National) -> dict[str, tuple[str, list[float]]]:
    """First spelling of each country, and its own costs in all and by year; case does not matter to spreadsheets."""
    found: dict[str, tuple[str, list[float]]] = {}
    for unit in national.units[:MOST_ROWS]:
        if unit.country:
            years = by_year(unit.cost, national.years)
            name, before = found.get(unit.country.casefold(), (unit.country, [0.0] * (len(years) + 1)))
            added = [one + other for one, other in zip(before, [total(years), *years], strict=True)]
            found[unit.country.casefold()] = (name, added)
    return found


def country_cells(country: str, money: Sequence[float], row: int, national: National, names: Names) -> list[Any]:
    """Money of a country; without formulas where its name would be taken for a pattern."""
    if PATTERN.search(country):
        return list(money)
    count = min(len(national.units), MOST_ROWS + 1)
    first = YEARS_AFTER + 1
    columns, among = (9, *range(first, first + len(national.years))), span(1, count, names.unit)
    return [
        Formula(f"SUMIFS({span(column, count, names.unit)},{among},$A{row})", value)
        for column, value in zip(columns, money, strict=True)
    ]
