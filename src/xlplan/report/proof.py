"""Chapters that let a reader judge the figures: checks, assumptions, method and limits."""

from collections.abc import Iterator

from xlplan.report.content import Block, Bullets, Callout, Cell, Column, Heading, Section, Table, Text
from xlplan.report.view import View

COUNTED = ("users_driver", "facilities_driver", "team_driver")
LOOKS = {"finding": "bad", "note": "fair", "passed": "good"}


def checks(view: View) -> Section:
    """How many checks pass, and what the others found."""
    frame, known = view.results.checks, view.plan.catalogue.checks
    failed = frame[frame["status"] != "passed"]
    heads = ("Check", "Found", "Must be", "Status", "What to do")
    kinds = ("text", "number", "number", "word", "text")
    columns = tuple(Column(view.say(head), kind) for head, kind in zip(heads, kinds, strict=True))
    rows = tuple(
        (
            Cell(known[row.check].label),
            Cell(view.money(row.found)),
            Cell(view.money(row.expected)),
            Cell(view.plan.labels["check_statuses"][row.status], LOOKS[row.status]),
            Cell(f"{known[row.check].remedy[0].upper()}{known[row.check].remedy[1:]}."),
        )
        for row in failed.itertuples()
    )
    blocks: tuple[Block, ...] = (master(view), Text(passed(view)))
    return Section(
        "checks", view.say("Checks"), (*blocks, *((Table(view.say("Findings and notes"), columns, rows),) * bool(rows)))
    )


def master(view: View) -> Callout:
    """The master check of the workbook, in its words."""
    findings = int((view.results.checks["status"] == "finding").sum())
    if findings:
        return Callout(f"{findings}{view.word('findings')}.", "bad")
    return Callout(f"{view.word('all_pass')}.", "good")


def passed(view: View) -> str:
    frame = view.results.checks
    count = int((frame["status"] == "passed").sum())
    return view.say("{passed} of {all} checks pass.").format(passed=count, all=len(frame))


def assumptions(view: View) -> Section:
    """Settings that move every figure, currencies, and the assumptions that planners wrote down."""
    blocks = (settings(view), *currencies(view), *written(view))
    return Section("assumptions", view.say("Assumptions"), blocks)


def settings(view: View) -> Table:
    plan, known = view.plan, view.plan.catalogue.tables["settings"]
    shown = {
        "first_year": f"{plan.first_year}",
        "price_year": f"{plan.number('price_year'):.0f}",
        "discount_rate": view.figures.share(view.results.number("discount_rate"), 1),
        "replacement_method": plan.labels["replacement_methods"][plan.text("replacement_method")],
        "reporting_currency": view.currency,
        **{id: plan.labels["drivers"].get(plan.text(id), "") for id in COUNTED},
    }
    if "team_days" in plan.settings:
        shown["team_days"] = view.figures.typed(plan.number("team_days"))
    rows = tuple((Cell(known.field(id).label), Cell(text)) for id, text in shown.items() if text)
    return Table(view.say("Settings"), (Column(view.say("Setting")), Column(view.say("Value"))), rows)


def currencies(view: View) -> Iterator[Block]:
    inflations = view.results.values["known_inflation"].ravel()
    rows = tuple(
        (
            Cell(str(row.get("label", row["id"]))),
            Cell(view.figures.share(inflation, 1)),
            Cell(str(row.get("note", ""))),
        )
        for row, inflation in zip(view.plan.rows("currencies"), inflations, strict=True)
    )
    fields = view.plan.catalogue.tables["currencies"]
    heads = ("label", "text"), ("inflation", "number"), ("note", "text")
    if rows:
        yield Table(view.say("Currencies"), tuple(Column(fields.field(id).label, kind) for id, kind in heads), rows)


def written(view: View) -> Iterator[Block]:
    fields = view.plan.catalogue.tables["assumptions"]
    ids = ("label", "effect", "reason", "author", "signed_off")
    rows = tuple(tuple(Cell(str(row.get(id, ""))) for id in ids) for row in view.plan.rows("assumptions"))
    if rows:
        yield Table(view.say("Assumptions of the planners"), tuple(Column(fields.field(id).label) for id in ids), rows)
    else:
        yield Text(view.say("No assumption is written down so far: note them on Log."))


def method(view: View) -> Section:
    """How the figures come about, which choices are ours, and what nobody has checked."""
    title = view.plan.catalogue.sources["page"].title
    steps = Bullets(tuple(view.say(text).format(page=title) for text in STEPS))
    limits = Bullets(tuple(map(view.say, LIMITS)))
    blocks = (steps, Heading(view.say("Limits")), limits, choices(view))
    return Section("method", view.say("Method"), blocks)


def choices(view: View) -> Table:
    """Sources that are our own choice, each with its reason."""
    own = [source for source in view.plan.catalogue.sources.values() if source.reason]
    columns = (Column(view.say("Choice of the tool")), Column(view.say("Reason")))
    return Table(view.say("Choices that a planner may want to question"), columns, tuple(
        (Cell(source.title), Cell(source.reason)) for source in own
    ))  # fmt: skip


STEPS = (
    "Domains, levels, gates and kinds of cost follow the planning page of the DHIS2 documentation: {page}.",
    "The level of a domain is what a person states with evidence, else what the answers give. Unknown is never a pass.",
    "A gate compares the level of every foundation with the level it requires, today and as expected in each year.",
    "The cost of a line is its quantities, multiplied, times its driver and its unit cost, in each year in which it is active.",
    "Unit costs are carried from their price year with the inflation of their currency, then converted at the rate of the year.",
    "Equipment is bought as its quantity grows, and what wears out or is lost is bought again every year.",
    "Money that is committed to one source never fills the gap of another. Expected money is shown apart.",
    "Present values are real, in prices of the price year, counted at the end of each year.",
)
LIMITS = (
    "Questions and scoring of the official DHIS2 Maturity Profile are not public: the questions behind computed levels are those of this tool.",
    "No price is supplied with the tool. Every amount rests on what the planners typed.",
    "The figures are those of the workbook. Whoever changes the workbook must make this report anew.",
)
