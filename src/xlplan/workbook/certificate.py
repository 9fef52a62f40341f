"""A certificate: what of a returned workbook was compared with what, and what came out."""

from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import tomlkit

from xlplan.files import Package
from xlplan.plan import Plan
from xlplan.workbook.manifest import FORMAT
from xlplan.workbook.verify import TOTALS, Verdict

ENGINES = ("formualizer", "numpy", "pandas", "python-calamine", "openpyxl")


def certificate(package: Package, verdict: Verdict) -> str:
    """The certificate as TOML; equal files give equal certificates."""
    document: dict[str, Any] = {
        "file": {"name": package.name, "sha256": sha256(package.data).hexdigest(), "bytes": len(package.data)},
        "outcome": {"inputs": verdict.outcome, "problems": len(verdict.problems), "notes": len(verdict.notes)},
        "compared": {
            "formulas with the template": verdict.formulas,
            "stored values with formualizer": verdict.values,
            "totals with the Python engine": verdict.totals,
            "quantities": list(TOTALS),
        },
        "by": {"xlplan": version("xlplan"), "template format": FORMAT, **{name: version(name) for name in ENGINES}},
    }
    if verdict.plan:
        document["inputs"] = {"digest": verdict.plan.digest, "origin": verdict.plan.origin, **counts(verdict.plan)}
        document["totals"] = totals(verdict.plan)
    document["problems"] = [str(problem) for problem in verdict.problems]
    document["notes"] = [str(note) for note in verdict.notes]
    return tomlkit.dumps(document)


def counts(plan: Plan) -> Mapping[str, int]:
    return {table: len(rows) for table, rows in plan.tables.items()}


def totals(plan: Plan) -> Mapping[str, float]:
    results = plan.evaluate()
    return {name: results.number(name) for name in ("cash", "present_value", "plan_gap")}
