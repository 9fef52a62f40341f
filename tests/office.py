"""A person at work in LibreOffice: edits through its own interface, saved as ``xlsx`` or ``ods``. No tests here."""

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from engines import SECONDS, soffice

SYSTEM_PYTHON = "/usr/bin/python3"
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
CRASHED = "Binary URP bridge"
"""What the bridge says when the program at its other end is gone."""

OPERATOR = """
import json, sys, time
import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import CellAddress, CellRangeAddress, TableSortField

def desktop(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(900):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not answer")

def option(name, value):
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found

def sort(sheet, area, column):
    field = TableSortField()
    field.Field, field.IsAscending = column, True
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    uno.invoke(sheet.getCellRangeByName(area), "sort", (uno.Any("[]com.sun.star.beans.PropertyValue",
        (option("SortFields", fields), option("ContainsHeader", False))),))

def move_column(sheet, source, target):
    area = sheet.Columns.getByIndex(source).RangeAddress
    sheet.Columns.insertByIndex(target, 1)
    if target <= source:
        area = sheet.Columns.getByIndex(source + 1).RangeAddress
    place = CellAddress()
    place.Sheet, place.Column, place.Row = area.Sheet, target, 0
    sheet.moveRange(place, area)
    sheet.Columns.removeByIndex(source + 1 if target <= source else source, 1)

def edit(sheets, action, title, where, value):
    sheet = sheets.getByName(title)
    if action != "type":
        sheet.unprotect("")
    if action == "insert row":
        sheet.Rows.insertByIndex(where - 1, 1)
    elif action == "remove row":
        sheet.Rows.removeByIndex(where - 1, 1)
    elif action == "insert column":
        sheet.Columns.insertByIndex(where - 1, 1)
    elif action == "remove column":
        sheet.Columns.removeByIndex(where - 1, 1)
    elif action == "move column":
        move_column(sheet, where - 1, value - 1)
    elif action == "rename":
        sheet.setName(where)
    elif action == "sort":
        sort(sheet, where, value)
    elif isinstance(value, str):
        sheet.getCellRangeByName(where).setFormula(value)
    else:
        sheet.getCellRangeByName(where).setValue(value)

pipe, source, target, filter, edits = sys.argv[1:]
office = desktop(pipe)
book = office.loadComponentFromURL(source, "_blank", 0, (option("Hidden", True),))
for each in json.loads(edits):
    edit(book.Sheets, *each)
book.calculateAll()
book.storeToURL(target, (option("FilterName", filter),))
book.close(True)
"""

Edit = tuple[str, str, str | int, str | float | None]
"""What is done, on which sheet, where, and with what; ``type`` is for input cells, ``overtype`` for any."""


def worked_on(data: bytes, edits: Sequence[Edit], folder: Path, ending: str = "xlsx") -> Path:
    """The workbook after a person has opened, edited, recalculated and saved it in LibreOffice.

    LibreOffice itself crashes once in some hundred runs; it is the judge here, and judges a second time.
    """
    target = folder / f"after.{ending}"
    said = operated(data, edits, target)
    if CRASHED in said:
        said = operated(data, edits, target)
    assert said == ""
    return target


def operated(data: bytes, edits: Sequence[Edit], target: Path) -> str:
    """What went wrong while a LibreOffice of its own edited and saved; nothing where all went well."""
    pipe = f"xlplan-{uuid.uuid4().hex}"
    source = target.parent / f"{pipe}.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(target.parent / pipe).as_uri()}"
    office = [soffice(), profile, "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    operator = [SYSTEM_PYTHON, "-c", OPERATOR, pipe, source.as_uri(), target.as_uri(), FILTERS[target.suffix]]
    with subprocess.Popen(
        office, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            run = subprocess.run(
                [*operator, json.dumps(edits)], check=False, timeout=SECONDS, stderr=subprocess.PIPE, text=True
            )
            return run.stderr
        finally:
            os.killpg(process.pid, signal.SIGKILL)
