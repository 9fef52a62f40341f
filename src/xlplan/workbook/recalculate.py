"""Fill in the value of every formula, and leave every other part of the file as it is."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import formualizer

from xlplan.problems import PlanError, Problem
from xlplan.workbook.container import packed
from xlplan.workbook.large import refilled
from xlplan.workbook.package import parts

SHEETS = "xl/worksheets/"
MOST_FORMULAS = 100_000
"""Formulas of a sheet up to which the engine writes values by itself; a workbook with no more has no larger sheet."""

Engine: TypeAlias = Callable[[str, bytes], bytes]
"""Name and package to the package with fresh values."""

ARRAY = b'<f t="array"'
"""How a function of the add-in that fills several cells begins."""

LONG_NUMBER = re.compile(rb"(</f>|<f [^<>]*/>)<v>(-?[0-9.]{17,}(?:[eE][-+]?[0-9]+)?)</v>")
"""A calculated number with more digits than a spreadsheet shows or LibreOffice stores."""


def refreshed(data: bytes, name: str = "workbook", engine: Engine | None = None) -> tuple[bytes, int]:
    """A workbook with fresh values, all parts but the sheets as they were, and the number of formulas.

    ``engine`` calculates a file of somebody else; without it the file is one of our own. Raises ``PlanError`` where
    the file cannot be calculated.
    """
    before = parts(data)
    if any(ARRAY in part for part in before.values()):
        expected, remedy = "the standard edition", "Excel calculates them; or use xlplan convert first"
        raise PlanError([Problem(name, "a workbook with functions of the add-in", expected, remedy)])
    after = parts(engine(name, data)) if engine else own_parts(data, name)
    fresh = before | {name: shown(part) for name, part in after.items() if name in before and name.startswith(SHEETS)}
    return packed(fresh), formulas_in(fresh)


def own_parts(data: bytes, name: str) -> Mapping[str, bytes]:
    try:
        return recalculated(data)
    except Exception as error:  # the extension raises its own and built-in kinds
        remedy = "make a fresh workbook from its inputs"
        raise PlanError([Problem(name, f"it cannot be calculated: {error}", "formulas of xlplan", remedy)]) from error


def recalculated(data: bytes) -> Mapping[str, bytes]:
    """The parts with every stored value calculated anew, by the engine alone as far as it goes."""
    before = parts(data)
    if formulas_in(before) <= MOST_FORMULAS:
        return parts(bytes(formualizer.recalculate_xlsx_bytes(data)["bytes"]))
    return refilled(data, before)


def shown(sheet: bytes) -> bytes:
    """The sheet with calculated numbers of 15 digits, as spreadsheets show them; typed ones keep all of theirs."""
    return LONG_NUMBER.sub(lambda cell: b"%s<v>%s</v>" % (cell[1], f"{float(cell[2]):.15g}".encode()), sheet)


def formulas_in(found: Mapping[str, bytes]) -> int:
    return sum(part.count(b"<f>") + part.count(b"<f ") for name, part in found.items() if name.startswith(SHEETS))
