"""Actuals: what was spent against the budget of the periods that are reported, and what the years come to by then."""

from xlplan.exact import one_if
from xlplan.rule import reuse, rule
from xlplan.units import Count, Money, Place, Share, Year


@rule(label="Part of the year reported", unit="share", source="std-actuals")
def period_share(reported_month: Count, year: Year, months_a_year: Count) -> Share:
    """Part of the year that the actuals cover: up to the last reported month, or all of it where no day is typed.

    >>> period_share(reported_month=2028 * 12 + 6, year=2028, months_a_year=12)
    0.5
    """
    return max(0, min(1, (reported_month - year * months_a_year) / months_a_year)) if reported_month > 0 else 1


@rule(label="Budget of the reported periods", unit="money/year", source="std-actuals")
def reported_in_year(budget_in_year: Money, period_share: Share) -> Money:
    """What the plan has for the reported part of the year, on the lines that report.

    >>> reported_in_year(budget_in_year=12000, period_share=0.5)
    6000.0
    """
    return budget_in_year * period_share


@rule(label="Amounts after the last reported day", unit="count", source="std-actuals")
def entries_after(entries_in_year: Count, period_share: Share) -> Count:
    """Amounts typed for a year that the actuals do not cover yet.

    >>> entries_after(entries_in_year=3, period_share=0)
    3
    """
    return entries_in_year if period_share <= 0 else 0


@rule(label="Variance: spent less budget", unit="money/year", source="std-actuals")
def spending_variance(spent_in_year: Money, reported_in_year: Money) -> Money:
    """Spent less the budget of the reported periods: above 0 where more was spent than planned.

    >>> spending_variance(spent_in_year=900, reported_in_year=1000)
    -100
    """
    return spent_in_year - reported_in_year


reuse("plan_variance", of="spending_variance", label="Variance", spent_in_year="plan_spent",
      reported_in_year="plan_reported")  # fmt: skip


@rule(label="Variance", unit="money", source="std-actuals")
def line_variance(line_spent: Money | None, line_reported: Money) -> Money | None:
    """What the line spent less the budget of its reported periods; blank where nothing is reported.

    >>> line_variance(line_spent=900, line_reported=1000)
    -100
    """
    return line_spent - line_reported if line_spent is not None else None


@rule(label="Absorption", unit="share", source="std-actuals")
def absorption(spent_in_year: Money, reported_in_year: Money) -> Share | None:
    """Part of the budget of the reported periods that was spent; blank where nothing was planned or reported.

    >>> absorption(spent_in_year=900, reported_in_year=1000)
    0.9
    """
    return spent_in_year / reported_in_year if reported_in_year > 0 else None


reuse("line_absorption", of="absorption", label="Absorption", spent_in_year="line_spent",
      reported_in_year="line_reported")  # fmt: skip
reuse("plan_absorption", of="absorption", label="Absorption", spent_in_year="plan_spent",
      reported_in_year="plan_reported")  # fmt: skip
reuse("category_absorption", of="absorption", label="Absorption of the category",
      spent_in_year="category_spent_total", reported_in_year="category_reported")  # fmt: skip
reuse("source_absorption", of="absorption", label="Absorption of the source",
      spent_in_year="source_spent_total", reported_in_year="source_reported")  # fmt: skip


@rule(label="Spent without a source", unit="money", source="std-actuals")
def unsourced_spent(plan_spent: Money, sourced_spent: Money) -> Money:
    """Spending on parts of lines that no source pays.

    >>> unsourced_spent(plan_spent=900, sourced_spent=800)
    100
    """
    return plan_spent - sourced_spent


@rule(label="Year, where anything is reported", unit="year", source="std-carry")
def reported_year(year: Year, entries_in_year: Count) -> Year:
    """The year itself where an entry reports any of it, else 0.

    >>> reported_year(year=2027, entries_in_year=3)
    2027
    """
    return year if entries_in_year > 0 else 0


@rule(label="Unspent money carried over", unit="money/year", source="std-carry")
def carried_over(
    carry_over: Place | None, yes: Place, plan_unspent: Money, last_reported_year: Year, year: Year
) -> Money:
    """What lines left unspent, where the settings carry it into the year after the last reported one.

    >>> carried_over(carry_over=1, yes=1, plan_unspent=100, last_reported_year=2027, year=2028)
    100.0
    """
    return plan_unspent * one_if(carry_over is not None and carry_over == yes and year == last_reported_year + 1)


@rule(label="Reforecast", unit="money/year", source="std-actuals")
def reforecast(total_cost: Money, spending_variance: Money, carried_over: Money) -> Money:
    """What the year comes to: actuals for the reported periods, the plan's cost for all else.

    >>> reforecast(total_cost=5000, spending_variance=-100, carried_over=0)
    4900
    """
    return total_cost + spending_variance + carried_over
