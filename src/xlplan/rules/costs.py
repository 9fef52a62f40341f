"""Costs of a line in a year, and their nature."""

from xlplan.exact import default
from xlplan.rule import reuse, rule
from xlplan.units import Count, Factor, Flag, Money, Place, Share, UnitCost


@rule(label="Cost from quantities", unit="money/year", source="dhis2-budget")
def direct_cost(units_bought: Count, planned_unit_cost: UnitCost, price_factor: Factor) -> Money:
    """Quantity times unit cost in money of the year: what the ingredients of the line cost.

    >>> direct_cost(units_bought=120, planned_unit_cost=100, price_factor=1.5)
    18000.0
    """
    return units_bought * planned_unit_cost * price_factor


@rule(label="Share of the base", unit="share", source="std-contingency")
def base_share(line_base_share: Share | None) -> Share:
    """Part of other costs that the line adds, such as 5 % for contingency; 0 for an ordinary line.

    >>> base_share(line_base_share=None)
    0
    """
    return default(line_base_share, 0)


@rule(label="Cost", unit="money/year", source="page")
def cost(direct_cost: Money, active: Share, base_share: Share, base_amount: Money) -> Money:
    """What the line costs in the year, in money of that year: its ingredients, or its share of its base.

    >>> cost(direct_cost=0, active=1, base_share=0.05, base_amount=10000)
    500.0
    """
    return direct_cost + active * base_share * base_amount


@rule(label="One-off cost", unit="money/year", source="page")
def one_off_cost(
    is_equipment: Flag,
    units_added: Count,
    planned_unit_cost: UnitCost,
    price_factor: Factor,
    is_one_off: Flag,
    cost: Money,
) -> Money:
    """Cost that occurs only once: one-off lines, and equipment bought because the stock grows.

    >>> one_off_cost(is_equipment=1, units_added=100, planned_unit_cost=190, price_factor=1, is_one_off=0, cost=22800)
    19000
    """
    return units_added * planned_unit_cost * price_factor if is_equipment > 0 else cost * is_one_off


@rule(label="Recurring cost", unit="money/year", source="page")
def recurring_cost(
    is_equipment: Flag,
    units_replaced: Count,
    planned_unit_cost: UnitCost,
    price_factor: Factor,
    is_one_off: Flag,
    cost: Money,
) -> Money:
    """Cost that comes back: recurring lines, and the equipment that has to be replaced.

    >>> recurring_cost(is_equipment=1, units_replaced=20, planned_unit_cost=19, price_factor=1, is_one_off=0, cost=228)
    380
    """
    return units_replaced * planned_unit_cost * price_factor if is_equipment > 0 else cost * (1 - is_one_off)


@rule(label="Category, 0 for none", unit="place", source="page")
def category_key(line_category: Place | None) -> Place:
    """Category of the line as totals read it, so that a line without one still counts in the base of all other costs.

    >>> category_key(line_category=None)
    0
    """
    return default(line_category, 0)


reuse("head_key", of="category_key", label="HISP head, 0 for none", line_category="line_head")
reuse("grouping_key", of="category_key", label="Global Fund grouping, 0 for none", line_category="line_grouping")


@rule(label="All heads, and none", unit="money", source="std-checks")
def plan_heads_and_none(plan_head_cost: Money, plan_headless_cost: Money) -> Money:
    """Cost of the HISP heads and of lines without one: one side of the check against the total.

    >>> plan_heads_and_none(plan_head_cost=90, plan_headless_cost=10)
    100
    """
    return plan_head_cost + plan_headless_cost


reuse(
    "plan_groupings_and_none", of="plan_heads_and_none", label="All groupings, and none",
    plan_head_cost="plan_grouping_cost", plan_headless_cost="plan_ungrouped_cost",
)  # fmt: skip


@rule(label="One-off and recurring", unit="money", source="std-checks")
def plan_nature_cost(plan_one_off_cost: Money, plan_recurring_cost: Money) -> Money:
    """Both natures together: one side of the check against the total.

    >>> plan_nature_cost(plan_one_off_cost=40, plan_recurring_cost=60)
    100
    """
    return plan_one_off_cost + plan_recurring_cost
