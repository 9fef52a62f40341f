"""Foreign: rows of a sheet in a workbook that is none of ours, such as an export of an accounting system."""

from pathlib import Path

from xlplan.files import one, read_package
from xlplan.ledger_map import Table
from xlplan.workbook.cells import Cells, read_cells


def sheet_rows(path: Path, title: str) -> Table:
    """All rows of a sheet, the first of the workbook where none is named; values as they are stored.

    Raises ``PlanError`` where the workbook or the sheet cannot be read.
    """
    book = read_cells(read_package(path))
    if title and title not in book.sheets:
        expected = f"one of {', '.join(book.titles)}"
        raise one(path, f"no sheet {title!r}", expected, "correct sheet in the mapping")
    cells = book.sheets.get(title or next(iter(book.titles), ""), Cells())
    last = max((column for _, column in cells.values), default=0)
    return [[cells.at(row, column) for column in range(1, last + 1)] for row in range(1, cells.last_row + 1)]
