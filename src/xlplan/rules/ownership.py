"""Total cost of ownership: economic cost, cost per user and facility, hosting options side by side."""

from xlplan.exact import default, round_up
from xlplan.rule import reuse, rule
from xlplan.units import Count, Money, Rate, UnitCost, Years


@rule(label="Economic unit cost", unit="local money/unit", source="dhis2-costing")
def economic_unit_cost(line_economic_unit_cost: UnitCost | None, unit_cost: UnitCost) -> UnitCost:
    """Value of one unit, paid for or not; the unit cost where none is typed.

    >>> economic_unit_cost(line_economic_unit_cost=250, unit_cost=0)
    250
    """
    return default(line_economic_unit_cost, unit_cost)


@rule(label="Value beyond the price", unit="local money/unit", source="dhis2-costing")
def unpaid_unit_value(economic_unit_cost: UnitCost, unit_cost: UnitCost) -> UnitCost:
    """Value of one unit that nobody pays for in this plan, such as a donated device.

    >>> unpaid_unit_value(economic_unit_cost=250, unit_cost=100)
    150
    """
    return economic_unit_cost - unit_cost


@rule(label="Economic cost", unit="money/year", source="dhis2-costing")
def economic_cost(total_cost: Money, unpaid_value: Money) -> Money:
    """Value of all resources used in the year: what is paid, and what is given.

    >>> economic_cost(total_cost=1000, unpaid_value=200)
    1200
    """
    return total_cost + unpaid_value


@rule(label="Cost per user", unit="money/user", source="dhis2-costing")
def cost_per_user(total_cost: Money, users_counted: Count) -> Money | None:
    """Cost of the year for each user; blank where users are not counted.

    >>> cost_per_user(total_cost=1000, users_counted=50)
    20.0
    """
    return total_cost / users_counted if users_counted > 0 else None


reuse("recurring_per_user", of="cost_per_user", label="Recurring cost per user", total_cost="total_recurring_cost")
reuse("cost_per_facility", of="cost_per_user", label="Cost per facility", users_counted="facilities_counted")
reuse(
    "recurring_per_facility", of="cost_per_user", label="Recurring cost per facility",
    total_cost="total_recurring_cost", users_counted="facilities_counted",
)  # fmt: skip


@rule(label="Staff of the option", unit="money/year", source="doc-sh")
def hosting_staff(hosting_posts: Count | None, hosting_post_cost: Money | None) -> Money:
    """What the posts of a hosting option cost in a year.

    >>> hosting_staff(hosting_posts=1.5, hosting_post_cost=10000)
    15000.0
    """
    return default(hosting_posts, 0) * default(hosting_post_cost, 0)


@rule(label="Running cost of the option", unit="money/year", source="doc-sh")
def hosting_running(hosting_yearly: Money | None, hosting_staff: Money) -> Money:
    """What a hosting option costs in every year, without equipment.

    >>> hosting_running(hosting_yearly=6000, hosting_staff=15000)
    21000
    """
    return default(hosting_yearly, 0) + hosting_staff


@rule(label="Life of own equipment", unit="years", source="std-lives")
def hosting_life_years(hosting_life: Years | None, plan_years: Years) -> Years:
    """Whole years after which own equipment is bought again; the whole plan where no life is typed.

    >>> hosting_life_years(hosting_life=4.5, plan_years=8)
    5.0
    """
    return max(1, round_up(default(hosting_life, plan_years), 0))


@rule(label="Times that equipment is bought", unit="count", source="doc-sh")
def hosting_rounds(plan_years: Years, hosting_life_years: Years) -> Count:
    """How often own equipment is bought in the plan: at the start and again after each useful life.

    >>> hosting_rounds(plan_years=8, hosting_life_years=5)
    2.0
    """
    return round_up(plan_years / hosting_life_years, 0)


@rule(label="Equipment over the plan", unit="money", source="doc-sh")
def hosting_purchases(hosting_equipment: Money | None, hosting_rounds: Count) -> Money:
    """Own equipment over the plan, in prices of the price year.

    >>> hosting_purchases(hosting_equipment=50000, hosting_rounds=2)
    100000
    """
    return default(hosting_equipment, 0) * hosting_rounds


@rule(label="Over the plan", unit="money", source="doc-sh")
def hosting_total(
    hosting_setup: Money | None, hosting_purchases: Money, hosting_running: Money, plan_years: Years
) -> Money:
    """What the option costs over the plan, real money without discounting.

    >>> hosting_total(hosting_setup=5000, hosting_purchases=100000, hosting_running=21000, plan_years=8)
    273000
    """
    return default(hosting_setup, 0) + hosting_purchases + hosting_running * plan_years


reuse("hosting_annuity_factor", of="annuity_factor", label="Annuity factor of equipment",
      life_years="hosting_life_years")  # fmt: skip


@rule(label="What the option invests, a year", unit="money/year", source="dhis2-costing")
def hosting_invested(
    hosting_setup: Money | None,
    plan_annuity_factor: Rate,
    hosting_equipment: Money | None,
    hosting_annuity_factor: Rate,
) -> Money:
    """Set-up and equipment of a hosting option, spread over the plan and over the useful life.

    >>> hosting_invested(hosting_setup=8, plan_annuity_factor=0.25, hosting_equipment=50, hosting_annuity_factor=0.5)
    27.0
    """
    return default(hosting_setup, 0) * plan_annuity_factor + default(hosting_equipment, 0) * hosting_annuity_factor


@rule(label="Equivalent annual cost of the option", unit="money/year", source="dhis2-costing")
def hosting_annual(hosting_invested: Money, hosting_running: Money) -> Money:
    """The level amount a year that compares options with large purchases and options with large fees.

    >>> hosting_annual(hosting_invested=11000, hosting_running=21000)
    32000
    """
    return hosting_invested + hosting_running
