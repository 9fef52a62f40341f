"""Funding: money placed on lines against money committed or expected, per source and year, never netted."""

from xlplan.exact import default, one_if
from xlplan.rule import reuse, rule
from xlplan.units import Count, Flag, Money, Place, Share


@rule(label="Share without a source", unit="share", source="page")
def unfunded_share(funded_share: Share) -> Share:
    """Part of a line that no funding source carries.

    >>> unfunded_share(funded_share=0.75)
    0.25
    """
    return 1 - funded_share


@rule(label="Funded above 100 %", unit="flag", source="std-checks")
def is_over_funded(funded_share: Share, share_tolerance: Share) -> Flag:
    """1 where the shares of a line add to more than the whole.

    >>> is_over_funded(funded_share=1.25, share_tolerance=0.0001)
    1.0
    """
    return one_if(funded_share > 1 + share_tolerance)


@rule(label="Confirmed", unit="money/year", source="page")
def confirmed_cover(placed_cost: Money, committed: Money | None) -> Money:
    """Cost placed on a source that its committed money pays; what it has left over helps no other line.

    >>> confirmed_cover(placed_cost=100, committed=80)
    80
    """
    return min(placed_cost, default(committed, 0))


@rule(label="Expected", unit="money/year", source="std-expected")
def expected_cover(placed_cost: Money, confirmed_cover: Money, expected: Money | None) -> Money:
    """Cost placed on a source, beyond its committed money, that its expected money would pay.

    >>> expected_cover(placed_cost=100, confirmed_cover=80, expected=50)
    20
    """
    return min(placed_cost - confirmed_cover, default(expected, 0))


@rule(label="Short of committed money", unit="money/year", source="page")
def shortfall(placed_cost: Money, confirmed_cover: Money) -> Money:
    """Cost placed on a source for which it has no committed money in the year.

    >>> shortfall(placed_cost=100, confirmed_cover=80)
    20
    """
    return placed_cost - confirmed_cover


@rule(label="Placed beyond all its money", unit="flag", source="std-checks")
def is_over_placed(shortfall: Money, expected_cover: Money, money_tolerance: Money) -> Flag:
    """1 where more cost is placed on a source in a year than it has committed and expected together.

    >>> is_over_placed(shortfall=20, expected_cover=5, money_tolerance=1)
    1.0
    """
    return one_if(shortfall - expected_cover > money_tolerance)


@rule(label="Funding gap", unit="money/year", source="page")
def funding_gap(unplaced_cost: Money, total_shortfall: Money) -> Money:
    """Cost of the year less committed money: what no source carries, and what sources carry without commitment.

    >>> funding_gap(unplaced_cost=25, total_shortfall=20)
    45
    """
    return unplaced_cost + total_shortfall


@rule(label="Placed and not placed", unit="money", source="std-checks")
def plan_funder_cost(plan_placed_cost: Money, plan_unplaced_cost: Money) -> Money:
    """Cost by funding source with what none carries: one side of the check against the total.

    >>> plan_funder_cost(plan_placed_cost=75, plan_unplaced_cost=25)
    100
    """
    return plan_placed_cost + plan_unplaced_cost


@rule(label="Confirmed and gap", unit="money", source="std-checks")
def plan_confirmed_and_gap(plan_confirmed: Money, plan_gap: Money) -> Money:
    """Confirmed funding and gap together: one side of the check against the total.

    >>> plan_confirmed_and_gap(plan_confirmed=55, plan_gap=45)
    100
    """
    return plan_confirmed + plan_gap


@rule(label="Share without commitment", unit="share", source="page")
def shortfall_share(shortfall: Money, placed_cost: Money) -> Share:
    """Part of what is placed on a source in the year for which it has no committed money.

    >>> shortfall_share(shortfall=20, placed_cost=100)
    0.2
    """
    return shortfall / placed_cost if placed_cost > 0 else 0


@rule(label="Gap of the line", unit="money/year", source="std-line-gap")
def line_gap(cost: Money, unfunded_share: Share, uncommitted_share: Share) -> Money:
    """Cost of the line that no source carries, and its part of what its sources carry without commitment.

    >>> line_gap(cost=100, unfunded_share=0.25, uncommitted_share=0.25)
    50.0
    """
    return cost * (unfunded_share + uncommitted_share)


@rule(label="Domestic share", unit="share", source="page")
def domestic_share(domestic_cover: Money, total_cost: Money) -> Share:
    """Part of the cost of the year that committed domestic money pays.

    >>> domestic_share(domestic_cover=25, total_cost=100)
    0.25
    """
    return domestic_cover / total_cost if total_cost > 0 else 0


@rule(label="Recurring cost beyond committed money", unit="money/year", source="page")
def uncovered_recurring(total_recurring_cost: Money, total_committed: Money) -> Money:
    """Recurring cost of the year for which all sources together have no committed money.

    >>> uncovered_recurring(total_recurring_cost=100, total_committed=80)
    20
    """
    return max(0, total_recurring_cost - total_committed)


@rule(label="Fiscal cliff", unit="flag", source="page")
def is_cliff_year(uncovered_recurring: Money, money_tolerance: Money) -> Flag:
    """1 in a year in which recurring cost exceeds committed money.

    >>> is_cliff_year(uncovered_recurring=20, money_tolerance=1)
    1.0
    """
    return one_if(uncovered_recurring > money_tolerance)


@rule(label="Category allowed, 0 for any", unit="place", source="std-checks")
def allowed_category(only_category: Place | None) -> Place:
    """Category that a source is restricted to, 0 where it may pay for any.

    >>> allowed_category(only_category=None)
    0
    """
    return default(only_category, 0)


reuse("allowed_area", of="allowed_category", label="Area allowed, 0 for any", only_category="only_area")


@rule(label="Lines a source may not pay for", unit="count", source="std-checks")
def forbidden_lines(allowed_category: Place, other_categories: Count, allowed_area: Place, other_areas: Count) -> Count:
    """Lines placed on a restricted source outside its category, and outside its area.

    >>> forbidden_lines(allowed_category=2, other_categories=3, allowed_area=0, other_areas=9)
    3.0
    """
    return one_if(allowed_category > 0) * other_categories + one_if(allowed_area > 0) * other_areas
