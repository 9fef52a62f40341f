"""A request for an export: layout, source, currency, first year, accounts; and the table that answers it."""

from dataclasses import dataclass
from pathlib import Path

from xlplan.funders.accounts import blank_accounts, load_accounts
from xlplan.funders.layout_files import load_layouts
from xlplan.funders.layouts import Layout
from xlplan.funders.placed import chosen_currency, chosen_source, placed
from xlplan.funders.table import Table, covered, export_table
from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem


@dataclass(frozen=True)
class Request:
    """What is asked for: all sources, the reporting currency, all years and no account codes unless it says so."""

    layout: str
    source: str = ""
    currency: str = ""
    rate: float | None = None
    first_year: int | None = None
    accounts: Path | None = None


def answer(plan: Plan, asked: Request) -> Table:
    """The table of an export. Raises ``PlanError`` for what the plan, the layouts or the accounts do not have."""
    layout = chosen_layout(asked.layout)
    refuse_groupings(layout, plan)
    accounts = load_accounts(asked.accounts or blank_accounts(), plan.catalogue)
    source = chosen_source(plan, asked.source) if asked.source else ""
    years = covered(layout, years_from(plan, asked.first_year))
    results = plan.evaluate()
    currency = chosen_currency(results, asked.currency, asked.rate)
    return export_table(layout, placed(results, currency, years, source), accounts)


def chosen_layout(id: str) -> Layout:
    """A layout by its id. Raises ``PlanError`` for one that there is not."""
    known = load_layouts()
    if id not in known:
        raise PlanError([Problem("--layout", f"no layout {id!r}", f"one of {', '.join(known)}", "correct the name")])
    return known[id]


def refuse_groupings(layout: Layout, plan: Plan) -> None:
    """Refuse a layout by groupings that the template of the plan does not have."""
    own = plan.catalogue.lists["groupings"].source
    if layout.groupings not in ("", own):
        found = f"cost lines grouped by {own}"
        raise PlanError([Problem(plan.id, found, f"groupings of {layout.groupings}", "choose another layout")])


def years_from(plan: Plan, first: int | None) -> tuple[int, ...]:
    """Budget years from this one on; all without one."""
    years = plan.budget_years
    if first is not None and first not in years:
        expected = f"a year from {years[0]} to {years[-1]}"
        raise PlanError([Problem("--first-year", f"{first} is no year of the plan", expected, "correct the year")])
    return tuple(year for year in years if year >= (first or years[0]))
