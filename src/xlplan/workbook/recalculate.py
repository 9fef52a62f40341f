"""Fill in the value of every formula, and leave every other part of the file as it is."""

import formualizer

from xlplan.problems import PlanError, Problem


def recalculated(data: bytes) -> bytes:
    """The workbook with every stored value calculated anew.

    Raises ``PlanError`` where the file cannot be calculated.
    """
    try:
        found = formualizer.recalculate_xlsx_bytes(data)
    except Exception as error:  # the extension raises its own and built-in kinds
        raise PlanError([Problem("workbook", f"it cannot be calculated: {error}", "a workbook of xlplan", "make a fresh one")]) from error
    return bytes(found["bytes"] if isinstance(found, dict) else found)
