"""Scenarios: what the plan says where the scenario in use says something else, or multiplies it."""

from xlplan.exact import default, mod
from xlplan.rule import reuse, rule
from xlplan.units import Count, Factor, Money, Place, Rate, UnitCost, Year


@rule(label="Discount rate", unit="share/year", source="std-scenarios")
def discount_rate(typed_discount_rate: Rate, scenario_discount_rate: Rate | None) -> Rate:
    """Discount rate of the plan, or that of the scenario in use.

    >>> discount_rate(typed_discount_rate=0.03, scenario_discount_rate=0.05)
    0.05
    """
    return default(scenario_discount_rate, typed_discount_rate)


@rule(label="Factor of the scenario", unit="factor", source="std-scenarios")
def unit_cost_factor(scenario_unit_cost_factor: Factor | None) -> Factor:
    """What all unit costs are multiplied by in the scenario in use; 1 where it says nothing.

    >>> unit_cost_factor(scenario_unit_cost_factor=None)
    1
    """
    return default(scenario_unit_cost_factor, 1)


reuse("driver_factor", of="unit_cost_factor", label="Factor of the scenario",
      scenario_unit_cost_factor="scenario_driver_factor")  # fmt: skip


@rule(label="Value of the driver", unit="count", source="std-scenarios")
def driver_value(typed_driver_value: Count | None, driver_factor: Factor) -> Count | None:
    """Value of the driver in the year, times what the scenario in use says; blank where none is typed.

    >>> driver_value(typed_driver_value=200, driver_factor=1.5)
    300.0
    """
    return typed_driver_value * driver_factor if typed_driver_value is not None else None


@rule(label="Unit cost of the item", unit="local money/unit", source="std-scenarios")
def price_unit_cost(typed_price: UnitCost | None, scenario_price_factor: Factor | None) -> UnitCost:
    """Unit cost of the price item, times what the scenario in use says; 0 where none is typed.

    >>> price_unit_cost(typed_price=200, scenario_price_factor=1.5)
    300.0
    """
    return default(typed_price, 0) * default(scenario_price_factor, 1)


@rule(label="Inflation as typed, 0 none", unit="share/year", source="std-inflation")
def inflation_as_typed(currency_inflation: Rate | None) -> Rate:
    """Inflation of the currency as it was typed; 0 where none is.

    >>> inflation_as_typed(currency_inflation=None)
    0
    """
    return default(currency_inflation, 0)


@rule(label="Inflation used", unit="share/year", source="std-scenarios")
def known_inflation(inflation_as_typed: Rate, scenario_inflation: Rate | None) -> Rate:
    """Inflation of the currency, or that of the scenario in use.

    >>> known_inflation(inflation_as_typed=0.06, scenario_inflation=0.1)
    0.1
    """
    return default(scenario_inflation, inflation_as_typed)


@rule(label="Committed", unit="money/year", source="std-scenarios")
def committed(typed_committed: Money | None, scenario_committed_factor: Factor | None) -> Money:
    """Money that the source has committed for the year, times what the scenario in use says.

    >>> committed(typed_committed=100, scenario_committed_factor=0.5)
    50.0
    """
    return default(typed_committed, 0) * default(scenario_committed_factor, 1)


@rule(label="Start as typed, 0 none", unit="year", source="std-scenarios")
def start_as_typed(typed_start: Year | None) -> Year:
    """Year in which work on the programme begins as it was typed; 0 where none is.

    >>> start_as_typed(typed_start=None)
    0
    """
    return default(typed_start, 0)


@rule(label="Planned start, 0 none", unit="year", source="std-scenarios")
def programme_start(start_as_typed: Year, scenario_programme_start: Year | None) -> Year:
    """Year in which work on the programme begins, in the scenario in use; 0 where nobody says.

    >>> programme_start(start_as_typed=2028, scenario_programme_start=2029)
    2029
    """
    return default(scenario_programme_start, start_as_typed)


@rule(label="Target year as typed, 0 none", unit="year", source="std-scenarios")
def target_year_as_typed(typed_target_year: Year | None) -> Year:
    """Year in which the target level is reached as it was typed; 0 where none is.

    >>> target_year_as_typed(typed_target_year=2028)
    2028
    """
    return default(typed_target_year, 0)


@rule(label="Reached in, 0 never", unit="year", source="std-scenarios")
def target_year(target_year_as_typed: Year, scenario_target_year: Year | None) -> Year:
    """Year from which the target level of the domain holds, in the scenario in use; 0 where nobody says.

    >>> target_year(target_year_as_typed=2028, scenario_target_year=None)
    2028
    """
    return default(scenario_target_year, target_year_as_typed)


@rule(label="On as typed", unit="place", source="std-switch")
def known_on(typed_on: Place | None, yes: Place) -> Place:
    """Place of the word that says whether the line is on; a blank counts as Yes, so that no typed line is forgotten.

    >>> known_on(typed_on=None, yes=1)
    1
    """
    return default(typed_on, yes)


@rule(label="On", unit="flag", source="std-scenarios")
def line_on(known_on: Place, scenario_line_on: Place | None) -> Place:
    """Place of Yes or of another word: what the line says, or what the scenario in use says, where 0 is off.

    >>> line_on(known_on=1, scenario_line_on=0)
    0
    """
    return default(scenario_line_on, known_on)


@rule(label="From as typed", unit="year", source="std-scenarios")
def known_first_year(typed_first_year: Year | None, first_plan_year: Year) -> Year:
    """First year of the line as it was typed; the first plan year where none is.

    >>> known_first_year(typed_first_year=None, first_plan_year=2027)
    2027
    """
    return default(typed_first_year, first_plan_year)


@rule(label="From", unit="year", source="std-scenarios")
def line_first_year(known_first_year: Year, scenario_line_first_year: Year | None) -> Year:
    """First year of the line, in the scenario in use.

    >>> line_first_year(known_first_year=2028, scenario_line_first_year=2030)
    2030
    """
    return default(scenario_line_first_year, known_first_year)


@rule(label="Start, months since year 0", unit="count", source="std-scenarios")
def start_month(
    typed_start_month: Count, scenario_line_first_year: Year | None, line_first_year: Year, months_a_year: Count
) -> Count:
    """Month of the line's start date, in the first year that the scenario in use says; 0 where it has none.

    >>> start_month(typed_start_month=24343, scenario_line_first_year=2030, line_first_year=2030, months_a_year=12)
    24367
    """
    return (
        line_first_year * months_a_year + 1 + mod(typed_start_month - 1, months_a_year)
        if scenario_line_first_year is not None and typed_start_month > 0
        else typed_start_month
    )


@rule(label="Changes that take effect", unit="count", source="std-scenarios")
def changes_found(line_changes_found: Count, table_changes_found: Count) -> Count:
    """Changes of the scenario in use that find the row they name.

    >>> changes_found(line_changes_found=3, table_changes_found=2)
    5
    """
    return line_changes_found + table_changes_found
