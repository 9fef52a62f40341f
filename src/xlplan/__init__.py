"""xlplan: plan and budget a sustainable DHIS2.

``load`` reads a plan from a workbook or a TOML file; ``Plan.evaluate`` calculates it.
"""

from pathlib import Path

from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem

__all__ = ["Plan", "PlanError", "Problem", "load"]


def load(path: str | Path) -> Plan:
    """Read a plan from an ``.xlsx`` workbook of xlplan or a ``.toml`` plan file.

    Raises ``PlanError`` with every problem found; nothing is read in part.
    """
    path = Path(path)
    if path.suffix.lower() == ".toml":
        from xlplan.files import read_bytes
        from xlplan.planfile import read_plan

        read_bytes(path)
        return read_plan(path)
    from xlplan.workbook.read import read_workbook

    return read_workbook(path)
