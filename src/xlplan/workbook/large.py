"""Values of workbooks with more formulas than the engine writes by itself: it calculates, they are filled in here."""

import posixpath
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import formualizer
from openpyxl.utils.cell import column_index_from_string

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^<>]*)>(<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)(?:<v>[^<]*</v>|<v/>)?</c>'
)
DAY_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets, for days since March 1900."""

TYPE = re.compile(rb' t="[a-z]+"')
Grid = list[list[Any]]
BOUNDS, MOST_BYTES = ("max_input_bytes", "max_expanded_bytes", "max_part_bytes"), 2**31
"""What the engine takes at most, in bytes; by itself it takes less than 10,000 lines are before they are packed."""


def refilled(data: bytes, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of the sheets with every stored value calculated anew. Raises ``ValueError`` for an error value."""
    book = formualizer.Workbook.from_bytes(data, load_limits=dict.fromkeys(BOUNDS, MOST_BYTES))
    book.evaluate_all()
    return {part: with_values(found[part], values_of(book, title, found[part])) for title, part in sheets(found)}


def sheets(found: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Title and part of every sheet."""
    relations = ET.fromstring(found["xl/_rels/workbook.xml.rels"])  # noqa: S314  a workbook that was checked
    targets = {relation.attrib["Id"]: relation.attrib["Target"] for relation in relations}
    rows = ET.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet")  # noqa: S314  a workbook that was checked
    return [(row.attrib["name"], posixpath.join("xl", targets[row.attrib[RELATION]]).lstrip("/")) for row in rows]


def values_of(book: formualizer.Workbook, title: str, part: bytes) -> Grid:
    """All values of a sheet, from A1 to its last formula."""
    spots = [(int(cell[2]), column_index_from_string(cell[1].decode())) for cell in FORMULA_CELL.finditer(part)]
    if not spots:
        return []
    last_row, last_column = (max(numbers) for numbers in zip(*spots, strict=True))
    grid: Grid = book.sheet(title).get_values(formualizer.RangeAddress(title, 1, 1, last_row, last_column))
    return grid


def with_values(part: bytes, grid: Grid) -> bytes:
    return FORMULA_CELL.sub(lambda cell: filled(cell, grid), part)


def filled(cell: re.Match[bytes], grid: Grid) -> bytes:
    """The cell of a formula with its value."""
    value = grid[int(cell[2]) - 1][column_index_from_string(cell[1].decode()) - 1]
    kind, text = stored(value)
    spot = b'<c r="%s%s"%s%s>' % (cell[1], cell[2], TYPE.sub(b"", cell[3]), kind)
    return b"%s%s<v>%s</v></c>" % (spot, cell[4], text)


def stored(value: Any) -> tuple[bytes, bytes]:
    """Type and text of a value as a file holds it."""
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, (int, float)):
        return b"", repr(value).removesuffix(".0").encode()
    if value is None or isinstance(value, str):
        return b' t="str"', escape(value or "").encode()
    if isinstance(value, date):
        return b"", str((value - DAY_ZERO).days).encode()
    raise ValueError(f"{value} is no number and no text")
