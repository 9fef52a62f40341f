"""Stored: the figures of ranges that a workbook shows, drawn when it was made."""

from pathlib import Path

from xlplan.drawn import NOTHING, Bar, Drawn
from xlplan.files import read_package
from xlplan.ranges import LARGEST, PERCENTS
from xlplan.workbook.cells import Cells, read_cells
from xlplan.workbook.layout import FIRST_YEAR_COLUMN
from xlplan.workbook.read import machine_sheet
from xlplan.workbook.sheets.ranges import COMMITTED, COST, ENOUGH, GAP, NO_GAP, SHEET, TORNADO, TYPED

WHOLE_PLAN, NAME, LOWEST, HIGHEST = 4, 2, 4, 5
"""Columns of the sheet."""


def stored_ranges(path: Path) -> Drawn | None:
    """What the sheet Ranges shows: nothing where it is empty, has moved or was removed; None for a plan file.

    Raises ``PlanError`` for a file that is no workbook of xlplan.
    """
    if path.suffix.lower() == ".toml":
        return None
    package = read_package(path)
    found = machine_sheet(package)
    title = found.catalogue.say(SHEET.title)
    cells = read_cells(package, [title]).sheets.get(title, Cells())
    columns = (*range(FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + found.years), WHOLE_PLAN)
    rows = [
        numbers(cells, row, columns)
        for row in (*percentiles(COST), *percentiles(GAP), TYPED, COMMITTED, ENOUGH, NO_GAP)
    ]
    if not all(rows):
        return NOTHING
    count = len(PERCENTS)
    typed, committed, enough, no_gap = rows[2 * count :]
    return Drawn(tuple(rows[:count]), tuple(rows[count : 2 * count]), typed, committed, enough, no_gap, bars(cells))


def percentiles(first: int) -> range:
    return range(first, first + len(PERCENTS))


def numbers(cells: Cells, row: int, columns: tuple[int, ...]) -> tuple[float, ...]:
    """Numbers of a row, none of them where one is missing."""
    found = [cells.at(row, column) for column in columns]
    return tuple(found) if all(isinstance(value, float) for value in found) else ()


def bars(cells: Cells) -> tuple[Bar, ...]:
    rows = range(TORNADO + 1, TORNADO + 1 + LARGEST)
    found = ((row, numbers(cells, row, (LOWEST, HIGHEST))) for row in rows)
    return tuple(Bar(str(cells.at(row, NAME)), *ends) for row, ends in found if ends)
