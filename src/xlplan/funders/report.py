"""The sheets of an export as plain tables: the export, its reconciliation, the alignment, what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.funders.alignment import KINDS, alignment, source_words, spans
from xlplan.funders.placed import Placed
from xlplan.funders.reconciliation import reconciliation, source_word
from xlplan.funders.table import Cell, Table
from xlplan.scenarios import scenario_label


@dataclass(frozen=True)
class Plain:
    """A table from the first cell on: one row of headings, a kind for each column, rows."""

    title: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(table: Table) -> Iterator[Plain]:
    """Every table; funders stand beside each other only where all of them are shown."""
    yield export_sheet(table)
    yield balance_sheet(table)
    if table.placed.is_whole:
        yield alignment_sheet(table)
    yield about_sheet(table)


def export_sheet(table: Table) -> Plain:
    say = table.placed.plan.catalogue.say
    return Plain(say("Export"), table.heads, table.kinds, tuple(line.cells for line in table.lines))


def balance_sheet(table: Table) -> Plain:
    """The export against the plan, by source and year; every difference is 0."""
    say = table.placed.plan.catalogue.say
    heads = ("Funding source", "Year", "In the export", "In the plan", "Difference")
    rows = tuple(
        (source_word(table, one.source), one.year, one.exported, one.expected, one.difference)
        for one in reconciliation(table)
    )
    return Plain(say("Reconciliation"), tuple(map(say, heads)), ("text", "year", "amount", "amount", "amount"), rows)


def alignment_sheet(table: Table) -> Plain:
    """What several funders pay for and what none pays, in the reporting currency."""
    results, plan, say = table.placed.results, table.placed.plan, table.placed.plan.catalogue.say
    currency = plan.currency
    heads = ("What to settle", "Line, item, area or source", "Years", "What each source pays", "Money", "Currency")
    rows = tuple(
        (say(KINDS[one.kind]), one.what, spans(one.years), source_words(plan, one), round(one.money), currency)
        for one in alignment(results)
    )
    kinds = ("text", "text", "text", "text", "amount", "text")
    return Plain(say("Alignment of funders"), tuple(map(say, heads)), kinds, rows)


def about_sheet(table: Table) -> Plain:
    """What the export is and what its figures rest on."""
    say = table.placed.plan.catalogue.say
    rows = tuple((say(what), entry) for what, entry in (*about_plan(table), *about_money(table)) if entry)
    return Plain(say("About this export"), (say("What"), say("Entry")), ("text", "text"), rows)


def about_plan(table: Table) -> Iterator[tuple[str, str]]:
    """The plan and the layout; the words before each entry are translated where they are shown."""
    layout, plan = table.layout, table.placed.plan
    say = plan.catalogue.say
    yield "Plan", plan.text("title") or plan.id
    yield "Version of the data", plan.text("data_version")
    yield "Scenario in use", scenario_label(plan, plan.scenario) if plan.scenario else ""
    yield "Layout", say(layout.label)
    yield "What it holds", say(layout.about)
    yield "What is our choice", say(layout.choices)
    yield "Sources", "; ".join(plan.catalogue.sources[id].title for id in layout.sources)
    if any("account" in column.field for column in layout.columns):
        yield "Mapping of accounts", table.accounts.name


def about_money(table: Table) -> Iterator[tuple[str, str]]:
    """What the amounts are."""
    placed, say = table.placed, table.placed.plan.catalogue.say
    yield "Money", say("Cost placed on each source by the shares of the lines; the plan says what is committed.")
    yield "Currency", placed.currency.label
    yield "Units for one unit of the reporting currency", rates(placed)
    yield "Rounded to", f"{table.layout.unit.normalize():f}"
    yield "Rounding", say("In each source and year the largest remainders are rounded up, so that rows add up.")
    costs = placed.results.values["total_cost"][0] * placed.currency.rates
    left = zip(placed.plan.budget_years, costs, strict=True)
    yield "Years left out, with their cost", "; ".join(f"{y}: {c:,.0f}" for y, c in left if y not in placed.years)


def rates(placed: Placed) -> str:
    """One rate where it is the same in all years shown, else each."""
    own = {year: f"{placed.rate(year):.10g}" for year in placed.years}
    same = len(set(own.values())) == 1
    return own[placed.years[0]] if same else "; ".join(f"{year}: {rate}" for year, rate in own.items())
