"""Scripts over the open workbook: check, recalculate with Python, export; on Windows and macOS, through xlwings.

They read the cells as they are, saved or not, and write into new workbooks only.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlwings as xw

from xlplan.document import findings
from xlplan.export import WRITERS
from xlplan.files import refuse_existing, write_whole
from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.workbook.read import read_open

TITLE = "xlplan"


def run(name: str) -> None:
    """Run a script on the workbook whose macro called it; what is wrong with the workbook is shown."""
    book = xw.Book.caller()
    try:
        SCRIPTS[name](book)
    except PlanError as error:
        show(book, {"Problems": [[str(problem)] for problem in error.problems]})


def plan_of(book: xw.Book) -> Plan:
    """The plan in the cells of an open workbook. Raises ``PlanError`` with every problem."""
    return read_open(book.name, {sheet.name: cells_of(sheet) for sheet in book.sheets})


def cells_of(sheet: xw.Sheet) -> list[list[Any]]:
    last = sheet.used_range.last_cell
    return list(sheet.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True).value)


def check(book: xw.Book) -> None:
    """What ``xlplan check`` says."""
    found = [[str(problem)] for problem in findings(plan_of(book).evaluate(), book.name)]
    show(book, {"Checks": found or [["All checks pass."]]})


def recalculate(book: xw.Book) -> None:
    """What Python calculates: totals by year, gates, checks."""
    results = plan_of(book).evaluate()
    show(book, {"By year": results.totals, "Gates": results.gates, "Checks": results.checks})


def export(book: xw.Book) -> None:
    """The plan as ``xlplan export --to x.toml`` writes it, beside the workbook; never over a file that is there."""
    path = Path(book.fullname).with_suffix(".toml")
    refuse_existing(path, force=False)
    write_whole(path, WRITERS[".toml"](plan_of(book)))
    book.app.alert(f"Wrote {path}.", title=TITLE)


def show(book: xw.Book, tables: Mapping[str, Any]) -> None:
    """Each table on a sheet of a new workbook."""
    new = book.app.books.add()
    for name, table in reversed(list(tables.items())):
        sheet = new.sheets.add(name)
        sheet.range("A1").value = table


SCRIPTS: Mapping[str, Callable[[xw.Book], None]] = {"check": check, "recalculate": recalculate, "export": export}
