"""Years of the plan: inflation of the reporting currency, discounting, and one yearly amount for the whole plan."""

from xlplan.rule import reuse, rule
from xlplan.units import Factor, Money, Rate, Year, Years


@rule(label="Last year of the plan", unit="year", source="std-horizon")
def plan_last_year(first_plan_year: Year, plan_years: Years) -> Year:
    """The year that a cost line runs to when its last year is left blank.

    >>> plan_last_year(first_plan_year=2027, plan_years=5)
    2031
    """
    return first_plan_year + plan_years - 1


@rule(label="Price level of the reporting currency", unit="factor", source="std-inflation")
def price_level(reporting_inflation: Rate, year: Year, plan_price_year: Year) -> Factor:
    """What one unit of money of the price year costs in this year; divides nominal money to give real money.

    >>> price_level(reporting_inflation=0.5, year=2028, plan_price_year=2026)
    2.25
    """
    return (1 + reporting_inflation) ** (year - plan_price_year)


@rule(label="Real cost", unit="money/year", source="std-inflation")
def real_cost(total_cost: Money, price_level: Factor) -> Money:
    """Cost of the year in the prices of the plan's price year.

    >>> real_cost(total_cost=225, price_level=2.25)
    100.0
    """
    return total_cost / price_level


@rule(label="Discount factor", unit="factor", source="std-discounting")
def discount_factor(discount_rate: Rate, year: Year, first_plan_year: Year) -> Factor:
    """Value at the start of the plan of one unit of real money spent by the end of this year, as NPV counts.

    >>> discount_factor(discount_rate=0.25, year=2027, first_plan_year=2027)
    0.8
    """
    return 1 / (1 + discount_rate) ** (year - first_plan_year + 1)


@rule(label="Present value of the year", unit="money", source="std-discounting")
def discounted_cost(real_cost: Money, discount_factor: Factor) -> Money:
    """Real cost of the year, valued at the start of the plan.

    >>> discounted_cost(real_cost=100, discount_factor=0.8)
    80.0
    """
    return real_cost * discount_factor


@rule(label="Annuity factor", unit="factor", source="dhis2-costing")
def annuity_factor(discount_rate: Rate, life_years: Years, smallest_rate: Rate) -> Factor:
    """Part of a price that each year of a useful life bears, interest included.

    >>> annuity_factor(discount_rate=0, life_years=4, smallest_rate=0.000001)
    0.25
    """
    return (
        discount_rate / (1 - 1 / (1 + discount_rate) ** life_years) if discount_rate > smallest_rate else 1 / life_years
    )


reuse("plan_annuity_factor", of="annuity_factor", label="Annuity factor of the plan", life_years="plan_years")


@rule(label="Equivalent annual cost", unit="money/year", source="dhis2-costing")
def equivalent_annual_cost(present_value: Money, plan_annuity_factor: Factor) -> Money:
    """The level real amount per year with the same present value as the whole plan.

    >>> equivalent_annual_cost(present_value=400, plan_annuity_factor=0.25)
    100.0
    """
    return present_value * plan_annuity_factor
