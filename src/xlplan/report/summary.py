"""The first page: what a reader should know in a minute, and what is still missing."""

from collections import Counter
from collections.abc import Iterator

from xlplan.report.budget import cliff
from xlplan.report.content import Block, Bullets, Callout, Fact, Heading, Section
from xlplan.report.proof import master
from xlplan.report.view import View
from xlplan.scenarios import scenario_label

TOLD = ("country", "owner", "data_version", "data_date")
MOST_BLOCKERS = 3
"""Domains that one sentence can name."""


def facts(view: View) -> tuple[Fact, ...]:
    """What the plan says about itself; what is blank is left out."""
    plan, fields = view.plan, view.plan.catalogue.tables["settings"]
    years = f"{plan.first_year}-{plan.budget_years[-1]}" if plan.years > 1 else f"{plan.first_year}"
    typed = [(fields.field(id).label, plan.settings.get(id, "")) for id in TOLD]
    found = [(label, view.figures.day(value)) for label, value in typed]
    found += [(view.say("Years"), years), (fields.field("reporting_currency").label, view.currency)]
    found += [(fields.field("scenario").label, scenario_label(plan, plan.scenario))] if plan.scenario else []
    return tuple(Fact(label, text) for label, text in found if text)


def summary(view: View) -> Section:
    """Maturity, readiness, cost, funding and checks, one sentence each."""
    blocks = (*levels(view), *gates(view), *money(view), master(view), *missing(view))
    return Section("summary", view.say("In short"), blocks)


def levels(view: View) -> Iterator[Block]:
    """How many foundations stand at each level."""
    found = Counter(view.results.levels[id] for id in view.results.foundations)
    order = (*reversed(view.plan.catalogue.lists["levels"].ids), "")
    counts = ", ".join(f"{found[id]} {view.level(id).text}" for id in order if found[id])
    sentence = view.named(view.say("Foundational domains"), f"{counts}.")
    yield Callout(sentence, view.level(min(found, key=order[::-1].index)).tone)


def gates(view: View) -> Iterator[Block]:
    """The status of each gate today, and what keeps it shut."""
    for id, (status, blockers) in view.results.gate_status.items():
        said, why = view.status(status), reason(view, id, len(blockers))
        sentence = view.named(view.plan.catalogue.gates[id].label, f"{said.text}.{f' {why}' if why else ''}")
        yield Callout(sentence, said.tone)


def reason(view: View, gate: str, blockers: int) -> str:
    """What keeps the gate from its next status; where that is much, how many domains do."""
    if blockers <= MOST_BLOCKERS:
        return view.blockers(gate)
    return view.say("{count} foundational domains are below what it needs, or not assessed.").format(count=blockers)


def money(view: View) -> Iterator[Block]:
    if not view.has_cost:
        return
    number, cash = view.results.number, view.results.number("cash")
    cost = view.say("Total cost over {years} years: {currency} {total}, {share} of it recurring.")
    yield Callout(
        cost.format(
            years=view.plan.years,
            currency=view.currency,
            total=view.money(cash),
            share=view.figures.share(number("plan_recurring_cost") / cash),
        )
    )
    gap = view.say("Committed money pays {currency} {paid}; the gap is {currency} {gap}, {share} of the cost.")
    yield Callout(
        gap.format(
            currency=view.currency,
            paid=view.money(number("plan_confirmed")),
            gap=view.money(number("plan_gap")),
            share=view.figures.share(number("plan_gap") / cash),
        ),
        "bad" if round(number("plan_gap")) else "good",
    )
    yield Callout(*cliff(view))


def missing(view: View) -> Iterator[Block]:
    """What the plan does not hold yet, so that nobody takes an empty page for a result."""
    found = tuple(text.format(count=count) for text, count in gaps(view) if count)
    if found:
        yield Heading(view.say("What is still missing"))
        yield Bullets(found)


def gaps(view: View) -> Iterator[tuple[str, int]]:
    plan, number = view.plan, view.results.number
    yield view.say("{count} foundational domains are not assessed."), int(number("unknown_domains"))
    yield view.say("No cost line is entered."), not plan.rows("lines")
    yield view.say("The cost lines have no cost."), bool(plan.rows("lines")) and not view.has_cost
    yield view.say("No funding source is entered."), not plan.rows("funders")
    yield view.say("No programme is entered."), not plan.rows("programmes")
    yield (
        view.say("{count} prices are examples, made up: replace them before any figure is used."),
        int(number("example_prices")),
    )
