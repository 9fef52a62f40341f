"""Quantities: when a line is active and how many units it needs in each year."""

from xlplan.exact import default, mod, one_if
from xlplan.rule import rule
from xlplan.units import Count, Factor, Flag, Place, Share, Year, Years


@rule(label="Switched on", unit="flag", source="std-switch")
def is_on(line_on: Place | None, yes: Place) -> Flag:
    """1 unless the planner switched the line off; a blank counts as on, so that no typed line is forgotten.

    >>> is_on(line_on=None, yes=1), is_on(line_on=2, yes=1)
    (1.0, 0.0)
    """
    return one_if(line_on is None or line_on == yes)


@rule(label="Tapers", unit="flag", source="page")
def is_tapering(line_tapers: Place | None, yes: Place) -> Flag:
    """1 for technical assistance that shrinks as its area matures.

    >>> is_tapering(line_tapers=1, yes=1)
    1.0
    """
    return one_if(line_tapers is not None and line_tapers == yes)


@rule(label="First year", unit="year", source="page")
def first_active_year(start_year: Year, line_first_year: Year | None, first_plan_year: Year) -> Year:
    """Year in which the line first costs money: of its start date, else the one typed, else the first of the plan.

    >>> first_active_year(start_year=0, line_first_year=None, first_plan_year=2027)
    2027.0
    """
    return max(start_year, default(line_first_year, first_plan_year) * one_if(start_year == 0))


@rule(label="Last year before nature", unit="year", source="page")
def planned_last_year(end_year: Year, line_last_year: Year | None, plan_last_year: Year) -> Year:
    """Year to which a recurring line runs: of its end date, else the one typed, else the last of the plan.

    >>> planned_last_year(end_year=0, line_last_year=None, plan_last_year=2031)
    2031.0
    """
    return max(end_year, default(line_last_year, plan_last_year) * one_if(end_year == 0))


@rule(label="Last year", unit="year", source="page")
def last_active_year(is_one_off: Flag, first_active_year: Year, planned_last_year: Year) -> Year:
    """Last year in which the line can cost money: a one-off occurs in its first year only.

    >>> last_active_year(is_one_off=1, first_active_year=2028, planned_last_year=2031)
    2028
    """
    return first_active_year if is_one_off > 0 else planned_last_year


@rule(label="Every n years as typed", unit="years", source="page")
def typed_interval(line_every: Years | None) -> Years:
    """Years between two occurrences; every year where none is typed.

    >>> typed_interval(line_every=None), typed_interval(line_every=2)
    (1, 2)
    """
    return max(1, default(line_every, 1))


@rule(label="Every n years", unit="years", source="std-equipment")
def interval(is_equipment: Flag, typed_interval: Years) -> Years:
    """Years between two occurrences; equipment is in use in every year between first and last.

    >>> interval(is_equipment=1, typed_interval=3)
    1
    """
    return 1 if is_equipment > 0 else typed_interval


@rule(label="Quantity as typed", unit="units", source="dhis2-budget")
def typed_quantity(quantity_1: Count | None, quantity_2: Factor | None, quantity_3: Factor | None) -> Count:
    """Product of the line's quantity factors, such as participants, days and sessions; a blank second or third is 1.

    >>> typed_quantity(quantity_1=25, quantity_2=5, quantity_3=None)
    125
    """
    return default(quantity_1, 0) * default(quantity_2, 1) * default(quantity_3, 1)


@rule(label="Base quantity", unit="units", source="std-scenarios")
def base_quantity(typed_quantity: Count, scenario_line_quantity_factor: Factor | None) -> Count:
    """Quantity of the line before its driver, times what the scenario in use says.

    >>> base_quantity(typed_quantity=125, scenario_line_quantity_factor=2)
    250
    """
    return typed_quantity * default(scenario_line_quantity_factor, 1)


@rule(label="Active part of the year", unit="share", source="page")
def active(
    is_on: Flag,
    active_from: Count,
    active_until: Count,
    first_active_year: Year,
    interval: Years,
    year: Year,
    months_a_year: Count,
) -> Share:
    """Part of each year in which the line occurs: 1 for whole years, less where it starts or ends within the year.

    >>> active(is_on=1, active_from=6, active_until=60, first_active_year=0, interval=1, year=0, months_a_year=12)
    0.5
    """
    return (
        is_on
        * max(0, min(active_until, (year + 1) * months_a_year) - max(active_from, year * months_a_year))
        / months_a_year
        * one_if(mod(year - first_active_year, interval) == 0)
    )


@rule(label="Units needed", unit="units/year", source="dhis2-budget")
def units_needed(
    active: Share, base_quantity: Count, driver_quantity: Count, is_tapering: Flag, taper_factor: Share
) -> Count:
    """Units the year needs: to pay for, or, for equipment, to have in use; assistance that tapers needs a share.

    >>> units_needed(active=1, base_quantity=2, driver_quantity=150, is_tapering=1, taper_factor=0.5)
    150.0
    """
    return active * base_quantity * driver_quantity * (1 - is_tapering * (1 - taper_factor))


@rule(label="Units bought", unit="units/year", source="page")
def units_bought(is_equipment: Flag, units_added: Count, units_replaced: Count, units_needed: Count) -> Count:
    """Units paid for in the year: for equipment what is added and replaced, else all that is needed.

    >>> units_bought(is_equipment=1, units_added=100, units_replaced=20, units_needed=500)
    120
    """
    return units_added + units_replaced if is_equipment > 0 else units_needed
