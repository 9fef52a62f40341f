"""An export as CSV: UTF-8, the separator of its layout, plain numbers, texts that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterator
from io import StringIO

from xlplan.funders.report import Plain, balance_sheet, export_sheet
from xlplan.funders.table import Cell, Table
from xlplan.problems import Problem

FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""A text that begins with one of these is calculated by some spreadsheets when they open the file."""


def to_csv(table: Table) -> bytes:
    """Headings and rows; texts stand in quotation marks, numbers do not."""
    return plain_csv(export_sheet(table), table.layout.delimiter)


def balance_csv(table: Table) -> bytes:
    """The reconciliation of the export, for a file beside it."""
    return plain_csv(balance_sheet(table), table.layout.delimiter)


def plain_csv(plain: Plain, delimiter: str) -> bytes:
    stream = StringIO()
    write = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow
    write(map(harmless, plain.heads))
    for cells in plain.rows:
        write(map(harmless, cells))
    return stream.getvalue().encode()


def harmless(cell: Cell) -> Cell:
    """A text with ' before what a spreadsheet would calculate; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_notes(table: Table) -> Iterator[Problem]:
    """Each text that was written with ' before it."""
    texts = {cell: None for line in table.lines for cell in line.cells if isinstance(cell, str)}
    for text in (text for text in texts if text.startswith(FORMULA)):
        found, remedy = f"{text[:40]!r} begins like a formula", "it got a ' before it; take it away after the import"
        yield Problem("export", found, "a text that no spreadsheet calculates", remedy)
