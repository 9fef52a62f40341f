"""Scenarios: what the plan says where the scenario in use says something else, or multiplies it."""

from xlplan.exact import default, one_if
from xlplan.rule import rule
from xlplan.units import Count, Factor, Money, Place, Rate, UnitCost, Year


@rule(label="Discount rate", unit="share/year", source="std-scenarios")
def discount_rate(typed_discount_rate: Rate, scenario_discount_rate: Rate | None) -> Rate:
    """Discount rate of the plan, or that of the scenario in use.

    >>> discount_rate(typed_discount_rate=0.03, scenario_discount_rate=0.05)
    0.05
    """
    return default(scenario_discount_rate, typed_discount_rate)


@rule(label="Value of the driver", unit="count", source="std-scenarios")
def driver_value(typed_driver_value: Count | None, scenario_driver_factor: Factor | None) -> Count | None:
    """Value of the driver in the year, times what the scenario in use says; blank where none is typed.

    >>> driver_value(typed_driver_value=200, scenario_driver_factor=1.5)
    300.0
    """
    return typed_driver_value * default(scenario_driver_factor, 1) if typed_driver_value is not None else None


@rule(label="Unit cost of the item", unit="local money/unit", source="std-scenarios")
def price_unit_cost(typed_price: UnitCost | None, scenario_price_factor: Factor | None) -> UnitCost:
    """Unit cost of the price item, times what the scenario in use says; 0 where none is typed.

    >>> price_unit_cost(typed_price=200, scenario_price_factor=1.5)
    300.0
    """
    return default(typed_price, 0) * default(scenario_price_factor, 1)


@rule(label="Committed", unit="money/year", source="std-scenarios")
def committed(typed_committed: Money | None, scenario_committed_factor: Factor | None) -> Money:
    """Money that the source has committed for the year, times what the scenario in use says.

    >>> committed(typed_committed=100, scenario_committed_factor=0.5)
    50.0
    """
    return default(typed_committed, 0) * default(scenario_committed_factor, 1)


@rule(label="Planned start", unit="year", source="std-scenarios")
def programme_start(typed_start: Year | None, scenario_programme_start: Year | None) -> Year | None:
    """Year in which work on the programme begins, in the scenario in use; blank where nobody says.

    >>> programme_start(typed_start=2028, scenario_programme_start=2029)
    2029
    """
    return (
        scenario_programme_start
        if scenario_programme_start is not None
        else typed_start
        if typed_start is not None
        else None
    )


@rule(label="Reached in", unit="year", source="std-scenarios")
def target_year(typed_target_year: Year | None, scenario_target_year: Year | None) -> Year | None:
    """Year from which the target level of the domain holds, in the scenario in use; blank where nobody says.

    >>> target_year(typed_target_year=2028, scenario_target_year=None)
    2028
    """
    return (
        scenario_target_year
        if scenario_target_year is not None
        else typed_target_year
        if typed_target_year is not None
        else None
    )


@rule(label="On", unit="flag", source="std-scenarios")
def line_on(typed_on: Place | None, scenario_line_on: Count | None, yes: Place) -> Place | None:
    """Place of Yes or of another word: what the line says, or what the scenario in use makes of it.

    >>> line_on(typed_on=1, scenario_line_on=0, yes=1)
    2.0
    """
    return (
        yes + one_if(scenario_line_on == 0)
        if scenario_line_on is not None
        else typed_on
        if typed_on is not None
        else None
    )


@rule(label="From", unit="year", source="std-scenarios")
def line_first_year(typed_first_year: Year | None, scenario_line_first_year: Year | None) -> Year | None:
    """First year that is typed on the line, or the one of the scenario in use; blank where nobody says.

    >>> line_first_year(typed_first_year=2028, scenario_line_first_year=2030)
    2030
    """
    return (
        scenario_line_first_year
        if scenario_line_first_year is not None
        else typed_first_year
        if typed_first_year is not None
        else None
    )


@rule(label="Changes that take effect", unit="count", source="std-scenarios")
def changes_found(line_changes_found: Count, table_changes_found: Count) -> Count:
    """Changes of the scenario in use that find the row they name.

    >>> changes_found(line_changes_found=3, table_changes_found=2)
    5
    """
    return line_changes_found + table_changes_found
