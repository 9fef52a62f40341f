"""The report of a plan, chapter by chapter."""

from xlplan.plan import Plan
from xlplan.report import budget, maturity, proof, readiness, scenarios, summary
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
    budget.ownership,
    scenarios.scenarios,
    proof.checks,
    proof.assumptions,
    proof.method,
)


def report_of(plan: Plan) -> Document:
    """Maturity profile with recommendations, readiness, budget, funding, checks and method, in the plan's language."""
    view = View(plan.evaluate())
    title = plan.text("title") or plan.text("country") or view.say("Plan without a title")
    sections = tuple(chapter(view) for chapter in CHAPTERS)
    kind = view.say("Summary report: maturity, plan and budget")
    return Document(kind, title, plan.language, summary.facts(view), sections)
