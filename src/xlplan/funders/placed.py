"""Money by cost line, source and year: what an export shows, in its currency, before it is rounded."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xlplan.columns import Column
from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem
from xlplan.results import Results

UNFUNDED, ROUNDING = "unfunded", "rounding"
"""What stands beside the sources of a plan: cost that none carries, and what rounding leaves over."""

LAST_BIT = 1e-15


@dataclass(frozen=True)
class Currency:
    """A currency of an export and its units for one unit of the reporting currency, by year."""

    label: str
    rates: Column


@dataclass(frozen=True)
class Placed:
    """``money`` is (lines, sources, years); ``totals`` (sources, years) and ``costs`` (years) are the engine's."""

    results: Results
    currency: Currency
    years: tuple[int, ...]
    sources: tuple[str, ...]
    money: Column
    totals: Column
    costs: Column

    @property
    def plan(self) -> Plan:
        return self.results.plan

    def rate(self, year: int) -> float:
        """Units of the currency for one unit of the reporting currency."""
        return float(self.currency.rates[self.plan.budget_years.index(year)])

    @property
    def is_whole(self) -> bool:
        """Are all sources of the plan in it, with what none carries?"""
        return len(self.sources) == len(self.plan.rows("funders")) + 1


def placed(results: Results, currency: Currency, years: tuple[int, ...], source: str = "") -> Placed:
    """Money of each line on each source, or on one of them, with the engine's totals.

    Raises ``PlanError`` for lines that are paid more than once.
    """
    refuse_over_funded(results)
    plan, values = results.plan, results.values
    ids = (*plan.places["funders"], UNFUNDED)
    shares = np.column_stack([np.nan_to_num(values["line_funder_share"]), without_noise(values["unfunded_share"])])
    totals = np.vstack([values["placed_cost"], values["unplaced_cost"]])
    chosen = [n for n, id in enumerate(ids) if source in ("", id)]
    at = [plan.budget_years.index(year) for year in years]
    rates = currency.rates[at]
    money = shares[:, chosen, None] * values["cost"][:, None, at] * rates
    costs = values["total_cost"][0, at] * rates
    own, sums = tuple(ids[n] for n in chosen), totals[np.ix_(chosen, at)] * rates
    return Placed(results, currency, years, own, money, sums, costs)


def without_noise(shares: Column) -> Column:
    """Shares of a line that add up to one whole leave nothing, not the last bit of their sum."""
    return np.where(abs(shares) < LAST_BIT, 0, shares)


def refuse_over_funded(results: Results) -> None:
    """A line paid more than once would show less cost without a source than there is."""
    flags, shares = results.values["is_over_funded"].ravel(), results.values["funded_share"].ravel()
    lines = results.plan.rows("lines")
    remedy = "lower the shares until they are one whole, then export"
    found = [
        Problem(str(line["id"]), f"{share:.0%} of it is placed on sources", "at most 100%", remedy)
        for line, flag, share in zip(lines, flags, shares, strict=True)
        if flag > 0
    ]
    if found:
        raise PlanError(found)


def chosen_source(plan: Plan, name: str) -> str:
    """Id of a source by its id or name; ``unfunded`` is what no source pays.

    Raises ``PlanError`` for a source that there is not.
    """
    labels = plan.labels["funders"]
    named = {label.casefold(): id for id, label in labels.items()} | {id: id for id in labels}
    found = named.get(name) or named.get(name.casefold()) or (UNFUNDED if name == UNFUNDED else "")
    if not found:
        known = ", ".join((*labels, UNFUNDED))
        raise PlanError([Problem("--source", f"no source {name!r}", f"one of {known}", "correct the name")])
    return found


def chosen_currency(results: Results, name: str, rate: float | None) -> Currency:
    """A currency at the plan's own rates, or at one rate for all years; the reporting currency without a name.

    Raises ``PlanError`` for a currency that is not in the plan and comes without a rate, or lacks one in a year.
    """
    plan = results.plan
    labels = plan.labels["currencies"]
    id = next((id for id, label in labels.items() if name.casefold() in (id.casefold(), label.casefold())), "")
    id = id if name else plan.text("reporting_currency")
    if rate is not None:
        return Currency(labels.get(id, name), np.full(plan.years, rate))
    if not id:
        expected = f"one of {', '.join(labels.values())}, or a rate"
        raise PlanError([Problem("--currency", f"no currency {name!r}", expected, "add --rate")])
    rates = results.values["exchange_rate"][plan.places["currencies"][id] - 1]
    refuse_missing(labels[id], (year for year, one in zip(plan.budget_years, rates, strict=True) if not one > 0))
    return Currency(labels[id], rates)


def refuse_missing(label: str, years: Iterable[int]) -> None:
    missing = ", ".join(map(str, years))
    if missing:
        remedy = "fill the rate on Drivers or add --rate"
        raise PlanError([Problem("--currency", f"no exchange rate of {label} in {missing}", "a rate", remedy)])
