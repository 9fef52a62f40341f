"""Devices and other equipment: bought as the stock grows, replaced every year afterwards, without end."""

from xlplan.exact import default, round_up
from xlplan.rule import rule
from xlplan.units import Count, Flag, Rate, Years


@rule(label="Useful life", unit="years", source="std-lives")
def life(line_useful_life: Years | None) -> Years:
    """Years for which one unit is normally used; 0 where none is typed.

    >>> life(line_useful_life=4)
    4
    """
    return default(line_useful_life, 0)


@rule(label="Useful life in whole years", unit="years", source="std-lives")
def life_years(life: Years) -> Years:
    """Whole years after which a batch returns, and over which a price is spread; at least one.

    >>> life_years(life=2.5), life_years(life=0)
    (3.0, 1)
    """
    return max(1, round_up(life, 0))


@rule(label="Loss rate", unit="share/year", source="field-loss")
def loss(line_loss_rate: Rate | None) -> Rate:
    """Share of the stock lost, stolen or broken in a year; 0 where none is typed.

    >>> loss(line_loss_rate=0.06)
    0.06
    """
    return default(line_loss_rate, 0)


@rule(label="In use before the plan", unit="units", source="std-equipment")
def opening_stock(line_in_use_before: Count | None, is_equipment: Flag) -> Count:
    """Equipment already in use when the plan begins: it need not be bought, but it must be replaced.

    >>> opening_stock(line_in_use_before=40, is_equipment=1)
    40
    """
    return default(line_in_use_before, 0) * is_equipment


@rule(label="Units kept in use", unit="units/year", source="std-equipment")
def units_kept(is_equipment: Flag, units_needed: Count, units_needed_before: Count) -> Count:
    """Equipment that was in use the year before and is still needed: only this wears out and must be replaced.

    >>> units_kept(is_equipment=1, units_needed=300, units_needed_before=400)
    300
    """
    return is_equipment * min(units_needed, units_needed_before)


@rule(label="Units added", unit="units/year", source="page")
def units_added(is_equipment: Flag, units_needed: Count, units_needed_before: Count) -> Count:
    """Equipment bought because the stock grows.

    >>> units_added(is_equipment=1, units_needed=500, units_needed_before=400)
    100
    """
    return is_equipment * max(0, units_needed - units_needed_before)


@rule(label="Wear a year", unit="share/year", source="std-steady")
def wear_rate(life: Years) -> Rate:
    """Share of the stock that wears out in a year when a steady share is replaced; 0 where no life is typed.

    >>> wear_rate(life=4)
    0.25
    """
    return 1 / life if life > 0 else 0


@rule(label="Devices to replace", unit="units/year", source="page")
def units_replaced(
    by_cohort: Flag, units_in_batches: Count, units_added: Count, units_kept: Count, wear_rate: Rate, loss: Rate
) -> Count:
    """Devices that wear out or are lost in a year, in whole devices.

    Worn out are the batches that return after their life, or a steady share of the stock.

    >>> units_replaced(by_cohort=0, units_in_batches=0, units_added=0, units_kept=400, wear_rate=0.25, loss=0.05)
    120.0
    """
    return round_up(
        (min(units_in_batches - units_added, units_kept) if by_cohort > 0 else units_kept * wear_rate)
        + units_kept * loss,
        0,
    )
