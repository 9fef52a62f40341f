"""Results as one JSON document: the same figures as the workbook, under stable keys."""

from typing import Any

from xlplan.problems import Problem
from xlplan.ranges import PERCENTS, Ranges
from xlplan.results import VIEWS, Results

Json = dict[str, Any]


def document(results: Results) -> Json:
    """Profile, gates, costs, funding, totals and checks; money in the reporting currency, levels as ids."""
    gates = {id: {"status": status, "blockers": blockers} for id, (status, blockers) in results.gate_status.items()}
    return {
        "plan": results.plan.id,
        "scenario": results.plan.scenario,
        "currency": results.plan.text("reporting_currency"),
        "profile": {id: level or "not_assessed" for id, level in results.levels.items()},
        "gates": gates,
        "gates_by_year": {str(year): dict(row) for year, row in results.gates_by_year.iterrows()},
        "programmes": programmes(results),
        "advice": results.advice.to_dict("records"),
        "in_depth": list(results.in_depth),
        "costs": costs(results),
        "funding": funding(results),
        "totals": {name: results.number(name) for name in ("cash", "present_value", "equivalent_annual_cost")},
        "checks": checks(results),
    }


def programmes(results: Results) -> Json:
    found = results.programmes.astype({"start": object, "opens": object})
    rows = found.where(found.notna(), None).to_dict("records")
    return {row.pop("programme"): row for row in rows}


def costs(results: Results) -> Json:
    """Year -> total, by nature and by every budget view; an empty name is what is in no group."""
    views = {view: results.budget(view) for view in VIEWS}
    return {
        str(year): {
            "total": float(row["cost"]),
            "by_nature": {"one_off": float(row["one_off"]), "recurring": float(row["recurring"])},
            **{f"by_{view}": floats(budget.loc[year]) for view, budget in views.items()},
        }
        for year, row in results.totals.iterrows()
    }


def floats(row: Any) -> dict[str, float]:
    return {str(key): float(value) for key, value in row.items()}


def funding(results: Results) -> Json:
    """Year -> committed money used, expected money, gap (total less committed)."""
    return {
        str(year): {key: float(row[key]) for key in ("confirmed", "expected", "gap")}
        for year, row in results.totals.iterrows()
    }


def checks(results: Results) -> list[Json]:
    rows = results.checks.to_dict("records")
    return [{str(key): value if isinstance(value, str) else float(value) for key, value in row.items()} for row in rows]


def findings(results: Results, file: str) -> list[Problem]:
    """Failed checks as problems, in the words of the Checks sheet."""
    failed = results.checks[results.checks["status"] == "finding"]
    known = results.plan.catalogue.checks
    return [
        Problem(
            f"{file}, Checks",
            f"{known[row.check].label}: {row.found:,.6g}",
            f"{row.expected:,.6g}",
            known[row.check].remedy,
        )
        for row in failed.itertuples()
    ]


def problem_document(problem: Problem) -> Json:
    return {"where": problem.where, "found": problem.found, "expected": problem.expected, "remedy": problem.remedy}


def range_document(found: Ranges) -> Json:
    """Cost and gap not exceeded with a chance of 10, 50 and 90 %, by year and in total, and the tornado."""
    years = [*map(str, found.plan.budget_years), "total"]
    return {
        "plan": found.plan.id,
        "currency": found.plan.text("reporting_currency"),
        "draws": found.draws,
        "seed": found.seed,
        "inputs": len(found.inputs),
        "share_of_cost": found.covered,
        "years": {
            year: {
                "cost": {f"p{percent}": float(found.cost[k, n]) for k, percent in enumerate(PERCENTS)},
                "gap": {f"p{percent}": float(found.gap[k, n]) for k, percent in enumerate(PERCENTS)},
                "typed": float(found.base[n]),
                "committed": float(found.committed[n]),
                "enough": float(found.enough[n]),
                "no_gap": float(found.no_gap[n]),
            }
            for n, year in enumerate(years)
        },
        "tornado": [
            {"table": s.input.table, "input": s.input.label, "low": s.low, "high": s.high} for s in found.swings
        ],
    }
