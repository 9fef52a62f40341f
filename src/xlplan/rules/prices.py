"""Prices: which unit cost, currency and price year a line has, and what a unit costs in each year."""

from xlplan.exact import default, one_if
from xlplan.rule import reuse, rule
from xlplan.units import Factor, Flag, Place, Rate, Share, UnitCost, Year


@rule(label="Unit cost", unit="local money/unit", source="page")
def unit_cost(
    line_unit_cost: UnitCost | None,
    item_unit_cost: UnitCost,
    line_on_costs: Share | None,
    unit_cost_factor: Factor,
) -> UnitCost:
    """Unit cost of the line: the one typed on the line, else that of its price item, with its on-costs.

    The scenario in use may multiply all unit costs.

    >>> unit_cost(line_unit_cost=None, item_unit_cost=200, line_on_costs=0.5, unit_cost_factor=2)
    600.0
    """
    return default(line_unit_cost, item_unit_cost) * (1 + default(line_on_costs, 0)) * unit_cost_factor


@rule(label="Currency stated", unit="place", source="std-price-order")
def stated_currency(price_currency: Place | None) -> Place:
    """Currency that a price item states, 0 where it states none.

    >>> stated_currency(price_currency=None)
    0
    """
    return default(price_currency, 0)


@rule(label="Currency of the item", unit="place", source="std-price-order")
def item_or_reporting_currency(item_currency: Place, reporting_currency: Place) -> Place:
    """Currency a line has when it names none: that of its price item, else the reporting currency.

    >>> item_or_reporting_currency(item_currency=0, reporting_currency=1)
    1
    """
    return item_currency if item_currency > 0 else reporting_currency


@rule(label="Currency", unit="place", source="std-price-order")
def currency(line_currency: Place | None, item_or_reporting_currency: Place) -> Place:
    """Currency of the line's unit cost.

    >>> currency(line_currency=2, item_or_reporting_currency=1)
    2
    """
    return default(line_currency, item_or_reporting_currency)


@rule(label="Price year of the item", unit="year", source="std-price-order")
def item_or_plan_price_year(item_price_year: Year, plan_price_year: Year) -> Year:
    """Price year a line has when it names none: that of its price item, else the plan's.

    >>> item_or_plan_price_year(item_price_year=0, plan_price_year=2026)
    2026
    """
    return item_price_year if item_price_year > 0 else plan_price_year


@rule(label="Price year", unit="year", source="std-price-order")
def price_year(line_price_year: Year | None, item_or_plan_price_year: Year) -> Year:
    """Year whose prices the unit cost is in.

    >>> price_year(line_price_year=None, item_or_plan_price_year=2026)
    2026
    """
    return default(line_price_year, item_or_plan_price_year)


@rule(label="Is the reporting currency", unit="flag", source="dhis2-budget")
def is_reporting_currency(currency_place: Place, reporting_currency: Place) -> Flag:
    """1 for the currency the budget is reported in; its own exchange rate is 1 unless something else is typed.

    >>> is_reporting_currency(currency_place=1, reporting_currency=1)
    1.0
    """
    return one_if(currency_place == reporting_currency)


@rule(label="Exchange rate", unit="local money/money", source="dhis2-budget")
def exchange_rate(typed_exchange_rate: Rate | None, is_reporting_currency: Flag) -> Rate:
    """Units of the currency for one unit of the reporting currency in this year; 0 where none is known.

    >>> exchange_rate(typed_exchange_rate=None, is_reporting_currency=1)
    1
    """
    return default(typed_exchange_rate, is_reporting_currency)


@rule(label="Price level and exchange rate", unit="factor", source="std-inflation")
def currency_factor(known_inflation: Rate, year: Year, plan_price_year: Year, exchange_rate: Rate) -> Factor:
    """Reporting currency of this year for one unit of a currency in prices of the plan's price year.

    It is 0 where no exchange rate is known; a check says so.

    >>> currency_factor(known_inflation=0.5, year=2028, plan_price_year=2026, exchange_rate=5)
    0.45
    """
    return (1 + known_inflation) ** (year - plan_price_year) / exchange_rate if exchange_rate > 0 else 0


@rule(label="Unit cost in the plan's price year", unit="local money/unit", source="std-inflation")
def planned_unit_cost(unit_cost: UnitCost, inflation: Rate, plan_price_year: Year, price_year: Year) -> UnitCost:
    """Unit cost of the line, brought from its own price year to that of the plan.

    >>> planned_unit_cost(unit_cost=100, inflation=0.5, plan_price_year=2026, price_year=2025)
    150.0
    """
    return unit_cost * (1 + inflation) ** (plan_price_year - price_year)


reuse("planned_unpaid_value", of="planned_unit_cost", label="Value beyond the price in the plan's price year",
      unit_cost="unpaid_unit_value")  # fmt: skip
