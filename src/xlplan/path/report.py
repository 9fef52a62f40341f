"""One JSON document of a path or a cut: figures under stable keys, ids as in the plan file."""

from dataclasses import asdict
from typing import Any

from xlplan.path.compare import Comparison
from xlplan.path.cut import Cut
from xlplan.path.search import Finding, Path
from xlplan.path.tell import cut_words, line_name, obstacle_words
from xlplan.plan import Plan

Json = dict[str, Any]


def path_document(plan: Plan, found: Comparison) -> Json:
    """The path with its steps, or what stands in its way; money in the reporting currency."""
    finding = found.finding
    return {
        "plan": plan.id,
        "currency": plan.text("reporting_currency"),
        "programme": finding.aim.programme,
        "gate": finding.aim.gate,
        "year": finding.aim.year,
        "possible": finding.path is not None,
        "status": found.status,
        "path": steps(plan, finding.path) if finding.path else None,
        "obstacles": [[asdict(obstacle) for obstacle in group] for group in finding.obstacles],
        "sentences": list(obstacle_words(plan, finding)),
        "first_possible_year": found.first_possible,
        "one_year_earlier": earlier(plan, found.earlier),
        "left_out_without_price": list(finding.unpriced),
    }


def steps(plan: Plan, path: Path) -> Json:
    years = [str(year) for year in plan.budget_years]
    return {
        "steps": [
            {"line": s.line, "activity": line_name(plan, s.line), "now": s.state, "year": s.year}
            | {"cost": dict(zip(years, s.cost, strict=True)), "total": s.total}
            for s in path.steps
        ],
        "targets": [asdict(target) for target in path.targets],
        "cost": dict(zip(years, path.cost, strict=True)),
        "total": path.total,
    }


def earlier(plan: Plan, finding: Finding | None) -> Json | None:
    if finding is None:
        return None
    total = finding.path.total if finding.path else None
    return {"year": finding.aim.year, "total": total, "sentences": list(obstacle_words(plan, finding))}


def cut_document(plan: Plan, cut: Cut) -> Json:
    """What a line that is switched off saves by year, and what is lost."""
    saved = dict(zip(map(str, plan.budget_years), cut.saved, strict=True))
    losses = [asdict(loss) for loss in cut.losses]
    return {
        "plan": plan.id,
        "line": cut.line,
        "saved": saved,
        "losses": losses,
        "sentences": list(cut_words(plan, cut)),
    }
