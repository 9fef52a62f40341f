"""Chapter on ranges: what the plan may cost where prices and drivers are not certain, and what matters most."""

from collections.abc import Iterator

from xlplan.drawn import NOTHING, Bar, Drawn, drawn, has_ranges, sheet_ranges
from xlplan.ranges import HOW, PERCENTS, Ranges
from xlplan.report.budget import COMMITTED, PALETTE, no_cost
from xlplan.report.content import (
    Bands,
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Heading,
    Section,
    Series,
    Table,
    Text,
    Tornado,
)
from xlplan.report.view import View

DARK, _, LIGHT = PALETTE
PERCENTILES = tuple(f"P{percent}" for percent in PERCENTS)
P10, P90 = 0, len(PERCENTS) - 1
NAMED_AFTER_THE_FIRST = 2
"""Inputs that the sentence on what matters most names besides the first."""

CHANCES = ((0.9, "good"), (0.5, "fair"), (0.0, "bad"))
"""From which chance on it is good or fair that money is enough: that of a budget at P90, and an even one."""


def ranges(view: View) -> Section:
    """Cost and gap in P10, P50 and P90, the chance that money is enough, and what changes the cost most."""
    title = view.say("Ranges")
    found = sheet_ranges(view.plan) if view.has_cost else None
    if found is None:
        return Section("ranges", title, (nothing(view),))
    shown = drawn(found)
    matters = (Heading(view.say("What matters most")), *what_matters(view, shown))
    made = (Heading(view.say("How these figures were drawn")), *how(view, found), *newer(view, shown))
    money = (*in_short(view, shown, found.draws), *by_year(view, shown), *gap(view, shown))
    return Section("ranges", title, (*money, *matters, *made))


def nothing(view: View) -> Text:
    """Why there are no figures."""
    if not has_ranges(view.plan):
        return Text(
            view.say(
                "No range is given so far: enter a lowest and a highest figure, or a confidence, on Prices and Drivers."
            )
        )
    if not view.has_cost:
        return no_cost(view)
    return Text(view.say("Nothing could be drawn: a price or driver is outside its own range, see Checks."))


def in_short(view: View, shown: Drawn, draws: int) -> Iterator[Block]:
    """The range of the whole plan and the chance that money is enough, and what the words mean."""
    money, enough = view.money, shown.enough[-1]
    cost = view.say(
        "In eight of ten draws the whole plan costs between {currency} {low} and {high}; as planned it costs {typed}."
    )
    ends = {"low": money(shown.cost[P10][-1]), "high": money(shown.cost[P90][-1])}
    yield Callout(cost.format(currency=view.currency, typed=money(shown.typed[-1]), **ends))
    chance = view.say("The chance that committed money is enough for the whole plan is {share}.")
    tone = next(tone for least, tone in CHANCES if enough >= least)
    yield Callout(chance.format(share=view.figures.share(enough)), tone)
    drawing = view.say(
        "Prices and quantities of the coming years are not certain. {draws} times, each price and driver with a range "
        "was given a value from it by chance, and the whole plan was calculated anew. In one of ten such draws the "
        "cost stayed below P10, in five below P50 and in nine below P90: whoever budgets P90 has too little in one "
        "draw of ten. A chance is the part of the draws in which the money was enough."
    ).format(draws=money(draws))
    yield Text(f"{drawing} {view.say('P10, P50 and P90 of the years do not add up to those of the whole plan.')}")


def by_year(view: View, shown: Drawn) -> Iterator[Block]:
    yield band(view, shown)
    enough = view.say("Chance that committed money is enough for the cost")
    heads = (*PERCENTILES, view.say("As planned"), view.say("Committed"), enough)
    caption = view.say("Ranges of the cost by year, {currency}").format(currency=view.currency)
    yield years_down(view, caption, heads, (*shown.cost, shown.typed, shown.committed), shown.enough)


def band(view: View, shown: Drawn) -> Bands:
    """From P10 to P90 in each year, with P50, the cost as typed and committed money."""
    years = tuple(str(year) for year in view.plan.budget_years)
    title = view.say("What each year may cost, and committed money, {currency}").format(currency=view.currency)
    low, middle, high = (row[:-1] for row in shown.cost)
    typed, committed = view.say("As planned"), view.say("Committed")
    rows = (("P10", low), ("P50", middle), ("P90", high), (typed, shown.typed), (committed, shown.committed))
    figures = ((year, [(name, view.money(row[n])) for name, row in rows]) for n, year in enumerate(years))
    said = view.every_figure(title, figures)
    marks = (
        Series("P50", middle, DARK),
        Series(typed, shown.typed[:-1], LIGHT),
        Series(committed, shown.committed[:-1], COMMITTED),
    )
    name = view.say("P10 to P90: eight of ten draws")
    return Bands(title, years, name, low, high, marks, said, view.figures.decimal_point)


def gap(view: View, shown: Drawn) -> Iterator[Block]:
    yield Text(
        view.say(
            "Money of one source never fills the gap of another. So a gap can be left even where the committed money "
            "of all sources together would be enough."
        )
    )
    heads = (*PERCENTILES, view.say("Chance that no line and no source is short of money"))
    caption = view.say("Ranges of the funding gap by year, {currency}").format(currency=view.currency)
    yield years_down(view, caption, heads, shown.gap, shown.no_gap)


def years_down(
    view: View, caption: str, heads: tuple[str, ...], amounts: tuple[tuple[float, ...], ...], chances: tuple[float, ...]
) -> Table:
    """A row for each year and one for the whole plan: amounts, and last a chance."""
    years = (*map(str, view.plan.budget_years), view.say("Whole plan"))
    columns = (Column(view.say("Year")), *(Column(head, "number") for head in heads))
    rows = tuple(
        (Cell(year), *(Cell(view.money(row[n])) for row in amounts), Cell(view.figures.share(chances[n])))
        for n, year in enumerate(years)
    )
    return Table(caption, columns, rows, frozenset({len(rows) - 1}))


def what_matters(view: View, shown: Drawn) -> Iterator[Block]:
    """The inputs that change the cost of the whole plan most, each alone."""
    if not shown.bars:
        yield Text(view.say("None of the ranges changes the cost of the plan."))
        return
    yield Text(most(view, shown))
    yield tornado(view, shown)
    heads = ("Price or driver, all others as planned", "At its lowest", "At its highest")
    columns = tuple(Column(view.say(head), kind) for head, kind in zip(heads, ("text", *["number"] * 2), strict=True))
    rows = tuple(
        (Cell(f"{number}. {bar.label}"), *map(Cell, changes(view, bar))) for number, bar in enumerate(shown.bars, 1)
    )
    caption = view.say("What changes the cost of the whole plan most, {currency}").format(currency=view.currency)
    yield Table(caption, columns, rows)


def most(view: View, shown: Drawn) -> str:
    """The first input with its changes, and the names of the next."""
    largest, *others = shown.bars
    low, high = changes(view, largest)
    first = view.say(
        "{input}: at its lowest it changes the cost of the whole plan by {currency} {low}, at its highest by {high}, "
        "all others as planned."
    ).format(input=largest.label, currency=view.currency, low=low, high=high)
    names = ", ".join(bar.label for bar in others[:NAMED_AFTER_THE_FIRST])
    return f"{first} {view.say('Next: {names}.').format(names=names)}" if names else first


def tornado(view: View, shown: Drawn) -> Tornado:
    labels = tuple(bar.label for bar in shown.bars)
    title = view.say("Change of the cost of the whole plan, {currency}").format(currency=view.currency)
    lowest, highest = view.say("At its lowest"), view.say("At its highest")
    ends = (changes(view, bar) for bar in shown.bars)
    figures = ((label, zip((lowest, highest), both, strict=True)) for label, both in zip(labels, ends, strict=True))
    said = view.every_figure(title, figures)
    series = (
        Series(lowest, tuple(bar.low for bar in shown.bars), LIGHT),
        Series(highest, tuple(bar.high for bar in shown.bars), DARK),
    )
    return Tornado(title, labels, series, said, view.figures.decimal_point)


def changes(view: View, bar: Bar) -> tuple[str, str]:
    """The changes of the cost with their signs."""
    low, high = (f"{'+' if end > 0 else ''}{view.money(end)}" for end in (bar.low, bar.high))
    return low, high


def how(view: View, found: Ranges) -> Iterator[Block]:
    """Draws, seed and correlation, for somebody who wants to draw the same again."""
    draws = view.say(HOW).format(
        draws=view.money(found.draws),
        seed=found.seed,
        count=len(found.inputs),
        share=view.figures.share(found.covered),
    )
    correlation = view.plan.catalogue.constants["range_correlation"].value
    together = view.say(
        "Prices of one category move together, and so do drivers: the correlation is {correlation}. "
        "The same seed gives the same draws."
    )
    shape = view.say("The nearer a value is to the typed one, the more likely it is drawn.")
    yield Bullets((draws, shape, together.format(correlation=view.figures.typed(correlation))))


def newer(view: View, shown: Drawn) -> Iterator[Block]:
    """Whether the workbook that the plan was read from shows the same."""
    if view.stored is None:
        return
    if view.stored.agrees(shown):
        yield Text(view.say("The sheet Ranges of the workbook shows the same figures."))
    elif view.stored == NOTHING:
        said = view.say("The sheet Ranges of the workbook shows no figures: these were drawn for this report.")
        yield Callout(said, "fair")
    else:
        said = view.say(
            "The sheet Ranges of the workbook is out of date: the plan has changed since. These figures were drawn "
            "anew for this report, with the same seed."
        )
        yield Callout(said, "fair")
