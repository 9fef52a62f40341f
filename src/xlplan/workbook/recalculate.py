"""Fill in the value of every formula, and leave every other part of the file as it is."""

import re
from typing import Any

import formualizer

from xlplan.problems import PlanError, Problem
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts

SHEETS = "xl/worksheets/"
LONG_NUMBER = re.compile(rb"(</f>|<f [^<>]*/>)<v>(-?[0-9.]{17,}(?:[eE][-+]?[0-9]+)?)</v>")
"""A calculated number with more digits than a spreadsheet shows or LibreOffice stores."""


def recalculated(data: bytes, name: str = "workbook") -> dict[str, Any]:
    """The engine's answer: ``bytes`` with every stored value calculated anew, and counts.

    Raises ``PlanError`` where the file cannot be calculated.
    """
    try:
        found: dict[str, Any] = formualizer.recalculate_xlsx_bytes(data)
    except Exception as error:  # the extension raises its own and built-in kinds
        remedy = "make a fresh workbook from its inputs"
        raise PlanError([Problem(name, f"it cannot be calculated: {error}", "formulas of xlplan", remedy)]) from error
    return found


def refreshed(data: bytes, name: str = "workbook") -> tuple[bytes, int]:
    """A workbook with fresh values, all parts but the sheets as they were, and the number of formulas."""
    found = recalculated(data, name)
    before, after = parts(data), parts(bytes(found["bytes"]))
    fresh = {name: shown(after[name]) if name.startswith(SHEETS) else part for name, part in before.items()}
    return packed(fresh), formulas_in(fresh)


def shown(sheet: bytes) -> bytes:
    """The sheet with calculated numbers of 15 digits, as spreadsheets show them; typed ones keep all of theirs."""
    return LONG_NUMBER.sub(lambda cell: b"%s<v>%s</v>" % (cell[1], f"{float(cell[2]):.15g}".encode()), sheet)


def formulas_in(found: dict[str, bytes]) -> int:
    return sum(part.count(b"<f>") + part.count(b"<f ") for name, part in found.items() if name.startswith(SHEETS))
