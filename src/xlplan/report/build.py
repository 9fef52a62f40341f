"""The report of a plan, chapter by chapter."""

from xlplan.drawn import Drawn
from xlplan.plan import Plan
from xlplan.report import budget, maturity, proof, ranges, readiness, scenarios, summary
from xlplan.report.content import Document
from xlplan.report.view import View

CHAPTERS = (
    summary.summary,
    maturity.profile,
    maturity.progress,
    maturity.recommendations,
    readiness.gates,
    readiness.strengthening,
    budget.budget,
    budget.funding,
    ranges.ranges,
    budget.ownership,
    scenarios.scenarios,
    proof.checks,
    proof.assumptions,
    proof.method,
)


def report_of(plan: Plan, stored: Drawn | None = None) -> Document:
    """Maturity profile with recommendations, readiness, budget, funding, checks and method, in the plan's language.

    ``stored`` are the ranges that the plan's workbook shows: the report says where its own are newer.
    """
    view = View(plan.evaluate(), stored)
    title = plan.text("title") or plan.text("country") or view.say("Plan without a title")
    sections = tuple(chapter(view) for chapter in CHAPTERS)
    kind = view.say("Summary report: maturity, plan and budget")
    return Document(kind, title, plan.language, summary.facts(view), sections)
