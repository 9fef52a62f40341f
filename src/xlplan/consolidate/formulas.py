"""Formulas of the national workbook, each with the value it has."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from xlplan.consolidate.totals import ByYear
from xlplan.workbook import style
from xlplan.workbook.layout import HEAD_ROW, quoted
from xlplan.workbook.listing import MONEY, Column, Formula, letter_of

MOST_ROWS = 20_000
"""Rows of a list; what is beyond stands in one row. A sheet could hold some fifty times as many."""

FIRST_ROW = HEAD_ROW + 2
TEXT = style.BODY.but(wrap=True)


def cut(rows: Iterable[Sequence[Any]], words: str) -> Iterator[Sequence[Any]]:
    """At most so many rows, then one that says in these ``words`` how many more there are."""
    left = iter(rows)
    yield from islice(left, MOST_ROWS)
    more = sum(1 for _ in left)
    if more:
        yield (told(words, more),)


def told(words: str, count: int) -> str:
    return words.format(n=f"{count:,}")


def bounded(entries: Sequence[tuple[str, ByYear]], words: str) -> Sequence[tuple[str, ByYear]]:
    """At most so many entries, the rest added up in one."""
    kept, rest = entries[:MOST_ROWS], entries[MOST_ROWS:]
    return [*kept, (told(words, len(rest)), together(money for _, money in rest))] if rest else kept


def together(found: Iterable[ByYear]) -> ByYear:
    """Money of several entries added up by year."""
    added: ByYear = {}
    for money in found:
        for year, value in money.items():
            added[year] = added.get(year, 0.0) + value
    return added


def year_columns(years: Sequence[int]) -> list[Column]:
    return [Column(str(year), 14, MONEY) for year in years]


def span(column: int, rows: int, sheet: str = "") -> str:
    """A column of a list, from its first row to its last."""
    letter = letter_of(column)
    return f"{quoted(sheet)}!" * bool(sheet) + f"${letter}${FIRST_ROW}:${letter}${FIRST_ROW + max(rows, 1) - 1}"


def column_totals(before: Sequence[str], first: int, rows: Iterable[Sequence[float]], width: int) -> list[Any]:
    """The row of totals: words, then the sum of each of ``width`` columns of money."""
    sums, count = [0.0] * width, 0
    for count, row in enumerate(rows, 1):  # noqa: B007  how many there were
        sums = [one + other for one, other in zip(sums, row, strict=True)]
    return [*before, *(Formula(f"SUM({span(first + number, count)})", sum) for number, sum in enumerate(sums))]


def row_total(row: int, first: int, money: Sequence[float]) -> Formula:
    return Formula(f"SUM({letter_of(first)}{row}:{letter_of(first + len(money) - 1)}{row})", total(money))


def total(money: Iterable[float]) -> float:
    """The sum as a spreadsheet adds it up: from the first to the last, each time rounded."""
    found = 0.0
    for value in money:
        found += value
    return found


def by_year(money: ByYear, years: Sequence[int]) -> list[float]:
    return [money.get(year, 0.0) for year in years]


def with_total(money: ByYear, years: Sequence[int]) -> list[float]:
    """The whole, then each year."""
    found = by_year(money, years)
    return [total(found), *found]
