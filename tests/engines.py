"""Independent engines: each takes a workbook as bytes and gives the value of every formula cell.

No engine may see a stored value: caches are stripped first, so that what comes back was calculated here.
``as_workbook`` writes rules as such a workbook. No tests here: ``test_engines.py`` proves that each engine calculates.
"""

import math
import os
import posixpath
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import formualizer
import formulas
import ironcalc
import numpy as np
import pytest
from formulas.functions import Array, wrap_ufunc
from formulas.functions.operators import OPERATORS
from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from xlplan.columns import columns_function
from xlplan.rule import Rule
from xlplan.translate import native_formula

Value = float | bool | str | None
Cell = tuple[str, str]
"""Title of the sheet and address of the cell."""
Values = dict[Cell, Value]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FULL_CELL = re.compile(rb"<c(?:\s[^>]*)?(?<!/)>.*?</c>", re.DOTALL)
STORED = re.compile(rb"<v\s*/>|<v(?:\s[^>]*)?>.*?</v>", re.DOTALL)
SECONDS = 120

READ_AS: Mapping[str, Callable[[str], Value]] = {"n": float, "b": lambda text: text == "1", "str": str, "e": str}
"""How the stored text of a formula cell is read, by the type of the cell."""


class CalculationError(Exception):
    """An engine gave no answer; the message names engine and cell."""


def strip_caches(data: bytes) -> bytes:
    """The package without the stored value of any formula cell, every other part untouched."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as stripped:
        for info in source.infolist():
            part = source.read(info)
            is_sheet = info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
            stripped.writestr(info, FULL_CELL.sub(_without_cache, part) if is_sheet else part)
    return target.getvalue()


def _without_cache(cell: re.Match[bytes]) -> bytes:
    return STORED.sub(b"", cell[0]) if re.search(rb"<f[\s/>]", cell[0]) else cell[0]


def stored_values(data: bytes) -> Values:
    """What the package stores beside every formula; a blank or absent value is ``None``."""
    with ZipFile(BytesIO(data)) as package:
        return {
            (title, cell.attrib["r"]): _stored(cell)
            for title, part in _sheets(package)
            for cell in ET.fromstring(package.read(part)).iter(f"{MAIN}c")  # noqa: S314  a file we made
            if cell.find(f"{MAIN}f") is not None
        }


def _sheets(package: ZipFile) -> Iterator[tuple[str, str]]:
    """Title and part of every sheet."""
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  a file we made
    parts = {relation.attrib["Id"]: relation.attrib["Target"] for relation in relations}
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314  a file we made
    for sheet in book.iter(f"{MAIN}sheet"):
        yield sheet.attrib["name"], posixpath.join("xl", parts[sheet.attrib[RELATION]]).lstrip("/")


def _stored(cell: ET.Element) -> Value:
    text = cell.findtext(f"{MAIN}v")
    return READ_AS[cell.get("t", "n")](text) if text else None


def formualizer_values(data: bytes) -> Values:
    """Values by formualizer, the engine that fills the caches of our own workbooks."""
    return stored_values(formualizer.recalculate_xlsx_bytes(strip_caches(data))["bytes"])


def ironcalc_values(data: bytes) -> Values:
    """Values by ironcalc."""
    with tempfile.TemporaryDirectory() as folder:
        model = ironcalc.load_from_xlsx(str(_saved(strip_caches(data), folder)))
    model.evaluate()
    place = {sheet["name"]: number for number, sheet in enumerate(model.get_worksheets_properties())}
    return {
        (title, address): _none_if_empty(model.get_cell_value(place[title], *coordinate_to_tuple(address)))
        for title, address in stored_values(data)
    }


def libreoffice_values(data: bytes) -> Values:
    """Values by LibreOffice."""
    return stored_values(saved_by_libreoffice(strip_caches(data)))


def saved_by_libreoffice(data: bytes) -> bytes:
    """The workbook as LibreOffice saves it again, without a window and in a profile of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source, profile, out = _saved(data, folder), Path(folder, "profile"), Path(folder, "out")
        options = (f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", out)
        said = run([soffice(), *map(str, options), str(source)])
        if not (out / source.name).exists():
            raise CalculationError(f"LibreOffice wrote no workbook; it said: {said}")
        return (out / source.name).read_bytes()


def soffice() -> str:
    """Path of LibreOffice; without it the test fails, for a comparison that is left out proves nothing."""
    path = shutil.which("soffice")
    return path or pytest.fail("LibreOffice is not installed: the test command of the README installs it")


def run(command: list[str]) -> str:
    """What the command says; ends it with all its children when it takes too long."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True) as process:
        try:
            return process.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def formulas_values(data: bytes) -> Values:
    """Values by the ``formulas`` package, with the two corrections its arithmetic needs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(formulas.get_functions(), ROUNDINGS),
        patch.dict(OPERATORS, {"U+": wrap_ufunc(_plus, input_parser=lambda *arguments: arguments)}),
    ):
        path = _saved(strip_caches(data), folder)
        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
        return {cell: _solved(solution, path.name, *cell) for cell in stored_values(data)}


def _solved(solution: Mapping[str, "formulas.ranges.Ranges"], book: str, title: str, address: str) -> Value:
    key = f"'[{book}]{title.upper()}'!{address}"
    if key not in solution:
        raise CalculationError(f"formulas gives no value for {title}!{address}: a function raised, or it reads itself")
    value = solution[key].value[0, 0]
    plain = value.item() if hasattr(value, "item") else value
    return _none_if_empty(plain if isinstance(plain, bool | int | float) else str(plain))


def _plus(operand: Value) -> Value:
    """``--`` is folded into a plus, which must make a number of a boolean as Excel does."""
    return float(operand) if isinstance(operand, bool) else operand


def _round(mode: str, number: float, digits: float) -> float:
    """Round the decimal number of 15 significant digits, as Excel does, not the binary one."""
    return float(Decimal(f"{number:.14e}").quantize(Decimal(1).scaleb(-int(digits)), rounding=mode))


ROUNDINGS: Mapping[str, Callable[..., Array]] = {
    "ROUND": wrap_ufunc(partial(_round, ROUND_HALF_UP)),
    "ROUNDUP": wrap_ufunc(partial(_round, ROUND_UP)),
    "ROUNDDOWN": wrap_ufunc(partial(_round, ROUND_DOWN)),
}

ENGINES: Mapping[str, Callable[[bytes], Values]] = {
    "formualizer": formualizer_values,
    "libreoffice": libreoffice_values,
    "ironcalc": ironcalc_values,
    "formulas": formulas_values,
}


def _saved(data: bytes, folder: str) -> Path:
    path = Path(folder, "book.xlsx")
    path.write_bytes(data)
    return path


def _none_if_empty(value: Value) -> Value:
    return None if value == "" else value


def agree(one: Value, other: Value) -> bool:
    """Numbers to nine digits, all else exactly; a truth value is no number, and a blank is no zero."""
    if isinstance(one, bool | str | None) or isinstance(other, bool | str | None):
        return type(one) is type(other) and one == other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def differences(expected: Mapping[Cell, Value], found: Mapping[Cell, Value]) -> list[str]:
    """One sentence for every cell that differs.

    Raises ``KeyError`` for a cell that was not calculated at all.
    """
    return [
        f"{title}!{address}: expected {value!r}, found {found[title, address]!r}"
        for (title, address), value in expected.items()
        if not agree(value, found[title, address])
    ]


Quantities = dict[str, float | None]


@dataclass(frozen=True)
class Row:
    """Quantities of one calculation and the number that everyone must find."""

    quantities: Quantities
    expected: Value


Book = Mapping[Rule, Sequence[Row]]
"""A sheet a rule, a row a calculation."""


def as_workbook(book: Book, blank: str | None = None) -> bytes:
    """A row of headings, then quantities and the native formula; ``blank`` is what stands in a blank cell."""
    workbook, target = Workbook(write_only=True), BytesIO()
    for rule, rows in book.items():
        sheet = workbook.create_sheet(title(rule))
        sheet.append([*rule.parameters, rule.id])
        for number, row in enumerate(rows, start=2):
            cells = [blank if row.quantities[name] is None else row.quantities[name] for name in rule.parameters]
            sheet.append([*cells, f"={native_formula(rule, references(rule, number))}"])
    workbook.save(target)
    return target.getvalue()


def title(rule: Rule) -> str:
    """Title of the rule's sheet; a spreadsheet allows 31 letters."""
    return rule.id[:31]


def references(rule: Rule, row: int) -> Callable[[str], str]:
    """Cell of each quantity in this row."""
    columns = {name: get_column_letter(place) for place, name in enumerate(rule.parameters, start=1)}
    return lambda name: f"{columns[name]}{row}"


def expected_cells(rule: Rule, rows: Sequence[Row]) -> Values:
    """What must stand in the result column of the rule's sheet."""
    result = get_column_letter(len(rule.parameters) + 1)
    return {(title(rule), f"{result}{number}"): row.expected for number, row in enumerate(rows, start=2)}


def columns_values(rule: Rule, rows: Sequence[Row]) -> Values:
    """The NumPy reading of the rows, addressed as the workbook's cells are."""
    columns = {name: np.array([row.quantities[name] for row in rows], dtype=float) for name in rule.parameters}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # as in engine.py: both branches are calculated
        results = np.broadcast_to(columns_function(rule)(**columns), len(rows)).tolist()
    found = (None if np.isnan(result) else result for result in results)
    return dict(zip(expected_cells(rule, rows), found, strict=True))
