"""Fill in the value of every formula, and leave every other part of the file as it is."""

from collections.abc import Callable
from typing import Any

import formualizer

from xlplan.problems import PlanError, Problem
from xlplan.workbook.package import pack, parts

SHEETS = "xl/worksheets/"

Engine = Callable[[str, bytes], bytes]
"""Name and package to the package with fresh values."""


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


def refreshed(data: bytes, name: str = "workbook", engine: Engine | None = None) -> tuple[bytes, int]:
    """A workbook with fresh values, all parts but the sheets as they were, and the number of formulas.

    ``engine`` calculates a file of somebody else; without it the file is one of our own.
    """
    answer = engine(name, data) if engine else bytes(recalculated(data, name)["bytes"])
    before, after = parts(data), parts(answer)
    fresh = {name: after[name] if name.startswith(SHEETS) else part for name, part in before.items()}
    return pack(fresh), formulas_in(fresh)


def formulas_in(found: dict[str, bytes]) -> int:
    return sum(part.count(b"<f>") + part.count(b"<f ") for name, part in found.items() if name.startswith(SHEETS))
