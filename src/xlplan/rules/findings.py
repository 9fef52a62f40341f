"""Findings on a cost line: what is missing or cannot be right; each is counted by a check."""

from xlplan.exact import default, one_if
from xlplan.rule import rule
from xlplan.units import Count, Flag, Level, Money, Place, Share, UnitCost, Years


@rule(label="No activity", unit="flag", source="std-checks")
def lacks_activity(has_activity: Flag) -> Flag:
    """1 where a line in use does not say what it pays for.

    >>> lacks_activity(has_activity=0)
    1
    """
    return 1 - has_activity


@rule(label="No area", unit="flag", source="std-checks")
def lacks_area(line_area: Place | None) -> Flag:
    """1 where a line names no domain or programme of this plan; its cost would be in no area.

    >>> lacks_area(line_area=None)
    1.0
    """
    return one_if(line_area is None)


@rule(label="No category", unit="flag", source="std-checks")
def lacks_category(line_category: Place | None) -> Flag:
    """1 where a line names none of the cost categories.

    >>> lacks_category(line_category=1)
    0.0
    """
    return one_if(line_category is None)


@rule(label="No nature", unit="flag", source="std-checks")
def lacks_nature(line_nature: Place | None) -> Flag:
    """1 where a line does not say whether it is one-off, recurring or equipment.

    >>> lacks_nature(line_nature=1)
    0.0
    """
    return one_if(line_nature is None)


@rule(label="No quantity", unit="flag", source="std-checks")
def lacks_quantity(is_on: Flag, quantity_1: Count | None, base_share: Share) -> Flag:
    """1 where a line that is on has neither a quantity nor a share of a base, so that it costs nothing.

    >>> lacks_quantity(is_on=1, quantity_1=None, base_share=0)
    1.0
    """
    return is_on * one_if(quantity_1 is None and base_share == 0)


@rule(label="No price", unit="flag", source="std-checks")
def lacks_price(is_on: Flag, unit_cost: UnitCost, base_share: Share) -> Flag:
    """1 where a line that is on has neither a unit cost nor a share of a base.

    >>> lacks_price(is_on=1, unit_cost=0, base_share=0)
    1.0
    """
    return is_on * one_if(unit_cost == 0 and base_share == 0)


@rule(label="No exchange rate", unit="flag", source="std-checks")
def lacks_exchange_rate(is_on: Flag, unit_cost: UnitCost, years_without_rate: Count) -> Flag:
    """1 where a line that is on has a price in a currency that lacks an exchange rate in some year.

    >>> lacks_exchange_rate(is_on=1, unit_cost=100, years_without_rate=2)
    1.0
    """
    return is_on * one_if(unit_cost > 0 and years_without_rate > 0)


@rule(label="No useful life", unit="flag", source="page")
def lacks_life(is_equipment: Flag, life: Years) -> Flag:
    """1 where equipment has no useful life: it would never be replaced.

    >>> lacks_life(is_equipment=1, life=0)
    1.0
    """
    return is_equipment * one_if(life <= 0)


@rule(label="No base", unit="flag", source="std-checks")
def lacks_base(line_base: Place | None, base_share: Share) -> Flag:
    """1 where a share of a base is typed without its base.

    >>> lacks_base(line_base=None, base_share=0.05)
    1.0
    """
    return one_if(line_base is None and base_share > 0)


@rule(label="Never active", unit="flag", source="std-checks")
def is_never_active(is_on: Flag, active_years: Count) -> Flag:
    """1 where a line that is on occurs in no year of the plan.

    >>> is_never_active(is_on=1, active_years=0)
    1.0
    """
    return is_on * one_if(active_years == 0)


@rule(label="Driver without a value", unit="flag", source="std-checks")
def lacks_driver_value(is_on: Flag, years_without_value: Count) -> Flag:
    """1 where a line that is on follows a driver that is blank in some year of the plan.

    >>> lacks_driver_value(is_on=1, years_without_value=1)
    1.0
    """
    return is_on * one_if(years_without_value > 0)


@rule(label="Weak domain without money", unit="flag", source="page")
def is_weak_unfunded(level_now: Level | None, highest_level: Level, domain_cost: Money) -> Flag:
    """1 where a domain is below the highest level, or unknown, and no line of the plan strengthens it.

    >>> is_weak_unfunded(level_now=2, highest_level=3, domain_cost=0)
    1.0
    """
    return one_if(domain_cost == 0 and default(level_now, 0) < highest_level)


@rule(label="Numbers stored as text", unit="count", source="std-checks")
def line_text_numbers(text_quantities: Count, text_terms: Count, text_shares: Count) -> Count:
    """Cells of the line that should hold a number and hold text: they count as blank until they are mended.

    >>> line_text_numbers(text_quantities=1, text_terms=0, text_shares=1)
    2
    """
    return text_quantities + text_terms + text_shares


@rule(label="Has text for a number", unit="flag", source="std-checks")
def has_text_number(line_text_numbers: Count) -> Flag:
    """1 where any number of the line is stored as text.

    >>> has_text_number(line_text_numbers=2)
    1.0
    """
    return one_if(line_text_numbers > 0)


@rule(label="Has an entry not in its list", unit="flag", source="std-checks")
def has_unknown_choice(unknown_choices: Count) -> Flag:
    """1 where any entry of the line is not in its list, so that formulas cannot find it.

    >>> has_unknown_choice(unknown_choices=0)
    0.0
    """
    return one_if(unknown_choices > 0)


@rule(label="Rows of prices and drivers moved", unit="count", source="std-checks")
def lists_moved(moved_prices: Count, moved_currencies: Count, moved_drivers: Count, moved_courses: Count) -> Count:
    """Rows of Prices, Drivers and Training that do not stand where their calculations expect them.

    >>> lists_moved(moved_prices=2, moved_currencies=0, moved_drivers=0, moved_courses=1)
    3
    """
    return moved_prices + moved_currencies + moved_drivers + moved_courses


@rule(label="Rows moved or inserted", unit="count", source="std-checks")
def rows_moved(lists_moved: Count, moved_funders: Count, moved_programmes: Count) -> Count:
    """Rows of tables that others look up and that do not stand where their calculations expect them.

    >>> rows_moved(lists_moved=2, moved_funders=1, moved_programmes=0)
    3
    """
    return lists_moved + moved_funders + moved_programmes


@rule(label="One-off without continuation", unit="flag", source="page")
def lacks_tail(is_on: Flag, is_one_off: Flag, has_waiver: Flag, tail_is_on: Flag, tail_is_one_off: Flag) -> Flag:
    """1 where a one-off neither names a recurring line that continues it nor says why none is needed.

    >>> lacks_tail(is_on=1, is_one_off=1, has_waiver=0, tail_is_on=1, tail_is_one_off=0)
    0
    """
    return is_on * is_one_off * (1 - has_waiver) * (1 - tail_is_on * (1 - tail_is_one_off))


@rule(label="Head without a line", unit="flag", source="dhis2-budget")
def is_head_silent(head_total: Money, has_head_reason: Flag) -> Flag:
    """1 where no line of the plan costs money under a yearly head of HISP, and no reason is given.

    >>> is_head_silent(head_total=0, has_head_reason=0)
    1.0
    """
    return one_if(head_total == 0 and has_head_reason == 0)
