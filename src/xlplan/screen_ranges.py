"""What the terminal shows of ranges, in 80 columns."""

from rich.console import Group, RenderableType
from rich.text import Text

from xlplan.ranges import Ranges, said
from xlplan.screen import table


def range_overview(found: Ranges) -> RenderableType:
    """Cost and chances by year, what moves the cost most, how it was drawn."""
    return Group(costs(found), *([tornado(found)] if found.swings else []), Text(f"\n{said(found)}"))


def costs(found: Ranges) -> RenderableType:
    say, plan = found.plan.catalogue.say, found.plan
    currency = plan.currency
    heads = (say("Year"), "P10", "P50", "P90", say("As planned"), say("Committed"), say("Enough"))
    shown = table(*heads, title="\n" + say("Ranges of the cost by year, {currency}").format(currency=currency))
    years = [*map(str, plan.budget_years), say("Total")]
    for n, year in enumerate(years):
        money = (*found.cost[:, n], found.base[n], found.committed[n])
        figures = (*(f"{amount:,.0f}" for amount in money), f"{found.enough[n]:.0%}")
        shown.add_row(year, *figures, style="bold" if n == len(years) - 1 else None)
    return shown


def tornado(found: Ranges) -> RenderableType:
    say = found.plan.catalogue.say
    heads = (say("Price or driver, all others as planned"), say("At its lowest"), say("At its highest"))
    shown = table(*heads, title="\n" + say("Change of the cost of the whole plan"))
    for swing in found.swings:
        changes = (end - found.base[-1] for end in (swing.low, swing.high))
        shown.add_row(swing.input.label, *(f"{change:+,.0f}" for change in changes))
    return shown
