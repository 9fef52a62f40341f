"""The Python sheet of a Windows workbook, and beside it the sheet from which xlwings reads its settings."""

from xlplan.addin.pins import pinned
from xlplan.addin.sheet import SHEET, blocks
from xlplan.addin.sheet import draw as draw_python
from xlplan.addin.vba import PYTHON_MODULE
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.style import TAB

__all__ = ["SHEET", "blocks", "draw"]

TITLE = "xlwings.conf"
NOTE = "Settings that xlwings reads; leave them as they are."


def settings() -> dict[str, str]:
    """Where functions stand, and that Python looks for nothing beside the workbook; the last row is for people."""
    return {
        "UDF MODULES": PYTHON_MODULE,
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "XLWINGS VERSION": pinned("xlwings"),
    }


def draw(canvas: Canvas) -> None:
    draw_python(canvas, "windows")
    ws = canvas.ws.parent.create_sheet(TITLE)
    for row in settings().items():
        ws.append(row)
    ws["C1"] = canvas.say(NOTE)
    ws.column_dimensions["A"].width = ws.column_dimensions["B"].width = 34
    ws.column_dimensions["C"].width = 60
    ws.sheet_properties.tabColor = TAB["control"]
    ws.protection.sheet = True
