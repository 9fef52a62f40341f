"""Scope of work of technical assistance: for cost lines, or for a domain or programme."""

from collections.abc import Collection, Iterator

from xlplan.plan import Plan, Row
from xlplan.problems import Problem, refuse
from xlplan.records import Link, Scope, Source
from xlplan.report.content import Block, Bullets, Callout, Document, Heading, Section, Text
from xlplan.report.effort import days_set_aside, effort, facts, numbered
from xlplan.report.view import View

TEMPLATE = "scope.docx"
ASSISTANCE = "technical_assistance"
MOST_NAMES = 20
UNTRIED = " *"


def scope_of_lines(plan: Plan, ids: tuple[str, ...]) -> Document:
    """Scope of work for cost lines of one area. Raises ``PlanError`` for unknown lines and for several areas."""
    known = {str(row["id"]): (number, row) for number, row in enumerate(plan.rows("lines"))}
    refuse(unknown("line", id, known) for id in ids if id not in known)
    lines = [known[id] for id in dict.fromkeys(ids)]
    areas = {str(row.get("area", "")) for _, row in lines}
    found, expected = f"lines of {len(areas)} areas", "lines of one area"
    refuse([Problem("scope", found, expected, "make one scope of work for each")] if len(areas) > 1 else ())
    title = str(lines[0][1].get("activity", "")) if len(lines) == 1 else ""
    return scope_of_work(View(plan.evaluate()), areas.pop(), lines, title)


def scope_of_domain(plan: Plan, area: str) -> Document:
    """Scope of work for all technical assistance in a domain, area or programme.

    Raises ``PlanError`` for one that the plan does not know.
    """
    refuse([unknown("domain", area, plan.areas)] if area not in plan.areas else ())
    view = View(plan.evaluate())
    lines = [(n, row) for n, row in numbered(view) if row.get("area") == area and row.get("category") == ASSISTANCE]
    return scope_of_work(view, area, lines, "")


def unknown(what: str, id: str, known: Collection[str]) -> Problem:
    few = ", ".join(tuple(known)[:MOST_NAMES]) + (", ..." if len(known) > MOST_NAMES else "")
    expected = f"one of {few}" if known else "nothing, since there is none"
    return Problem("scope", f"no {what} {id!r} in this plan", expected, "correct the name")


def scope_of_work(view: View, area: str, lines: list[tuple[int, Row]], title: str) -> Document:
    chapters = (
        background(view, area),
        *work(view, area, title),
        Section("effort", view.say("Days, travel and budget lines"), (*effort(view, lines), *travel(view, lines))),
        transfer(view, lines),
        completing(view, TO_COMPLETE),
        reading(view, area),
    )
    label = view.plan.labels["areas"].get(area, "")
    return Document(
        view.say("Scope of work: technical assistance"),
        title or label or view.say("Technical assistance"),
        view.plan.language,
        facts(view, lines),
        chapters,
        TEMPLATE,
    )


def home(view: View, area: str) -> str:
    """Under which id the facts about an area stand: its own, or the kind of work of a programme."""
    rows = {str(row["id"]): str(row.get("band", "")) for row in view.plan.rows("programmes")}
    return rows.get(area, area)


def background(view: View, area: str) -> Section:
    """What the domain is about, where it stands, and what the assessment advises."""
    guidance = view.plan.catalogue.guidance.get(home(view, area)) or view.plan.catalogue.guidance["all"]
    return Section("background", view.say("Background"), (Text(guidance.text), *standing(view, area)))


def standing(view: View, area: str) -> Iterator[Block]:
    """Level today with its evidence, target, and the gates that wait for it."""
    if area in view.results.levels:
        label = view.plan.labels["areas"][area]
        level = view.level(view.results.levels[area])
        yield Callout(view.named(label, f"{level.text}."), level.tone)
    if evidence := view.evidence(area):
        yield Text(view.named(view.say("Evidence"), evidence))
    if area in view.results.foundations:
        yield from aims(view, area)


def aims(view: View, area: str) -> Iterator[Block]:
    target: Row = next((row for row in view.plan.rows("targets") if row["foundation"] == area), {})
    if "target" in target and "year" in target:
        said = view.say("Target: {level} in {year}.")
        yield Text(said.format(level=view.level(str(target["target"])).text, year=f"{target['year']:.0f}"))
    for id, (_, blockers) in view.results.gate_status.items():
        if area in [blocker["domain"] for blocker in blockers]:
            gate = view.plan.catalogue.gates[id].label
            yield Text(view.say("This domain keeps a gate shut: {gate}.").format(gate=gate))
    advice = tuple(row.advice for row in view.results.advice.itertuples() if row.domain == area)
    if advice:
        yield Heading(view.say("What the assessment advises"))
        yield Bullets(advice)


def work(view: View, area: str, title: str) -> tuple[Section, ...]:
    """Objective, tasks and deliverables; where the template has none, the advice of the domain's questions."""
    known = view.plan.catalogue.scopes.get(home(view, area)) or from_questions(view, area)
    keep = (Text(view.say("Keep what belongs to this task and strike out the rest: {task}.").format(task=title)),)
    kept = keep if title else ()
    objective = Section("objective", view.say("Objective"), (Text(known.objective),))
    tasks = Section("tasks", view.say("Tasks"), (*kept, Bullets(known.tasks)))
    return (objective, tasks, Section("deliverables", view.say("Deliverables"), (Bullets(known.deliverables),)))


def from_questions(view: View, area: str) -> Scope:
    questions = [q for q in view.plan.catalogue.questions.values() if home(view, area) in (q.domain, q.band)]
    label = view.plan.labels["areas"].get(area, "")
    objective = view.say("What the assessment asks of {domain} is in place, and lasts.").format(domain=label)
    report = view.say("Report on each task: what was done, what is left, and who carries it on")
    tasks = tuple(q.advice for q in questions if area) or (view.say("As agreed with the ministry"),)
    return Scope("", objective, tasks, (report,), "std-scope")


def travel(view: View, lines: list[tuple[int, Row]]) -> Iterator[Block]:
    """What the offer says about travel, and why days may shrink."""
    yield Text(view.say("State fees and travel apart: fares, per diems and lodging, with number and length of visits."))
    if any(view.results.values["is_tapering"][number, 0] > 0 for number, _ in lines):
        yield Text(view.say("Days shrink over the years as the domain matures: routine work passes to the core team."))


def transfer(view: View, lines: list[tuple[int, Row]]) -> Section:
    """The demand of the planning page: assistance is planned so that the core team takes part and learns."""
    owed = view.plan.catalogue.scopes["all"]
    days = days_set_aside(view, lines)
    said = view.say("The plan sets aside {days} core-team days for this.").format(days=view.figures.typed(days, 2))
    none = view.say("The plan sets aside no core-team days for this yet: enter them on Costs.")
    blocks = (
        Text(owed.objective),
        Bullets(owed.tasks),
        Callout(said if days else none, "unknown" if days else "fair"),
        Heading(view.say("What shows that it happened")),
        Bullets(owed.deliverables),
    )
    return Section("transfer", view.say("Skills transfer to the core team"), blocks)


TO_COMPLETE = (
    "Contact person, and who accepts the deliverables",
    "Dates of start and end, places and languages of the work",
    "Dates of deliverables and of payments",
    "Number and length of visits",
    "Qualifications and references that are asked for",
    "Confidentiality, access to data, and rights to what is made",
)


def completing(view: View, texts: tuple[str, ...]) -> Section:
    """What only the ministry can say."""
    return Section("complete", view.say("To be completed by the ministry"), (Bullets(tuple(map(view.say, texts))),))


def reading(view: View, area: str) -> Section:
    """Pages that the texts follow."""
    catalogue, id = view.plan.catalogue, home(view, area)
    guidance = catalogue.guidance.get(id) or catalogue.guidance["all"]
    scope = catalogue.scopes.get(id)
    ids = dict.fromkeys((*(scope.sources if scope else ()), *guidance.sources))
    found: list[Source | Link] = [catalogue.sources[id] for id in ids]
    found += [catalogue.links[id] for id in guidance.links]
    texts = {one.address or one.title: told(view, one) for one in reversed(found)}
    note = Text(view.say("* Address taken from the menu of the site and not opened."))
    notes = (note,) if any(one.untried for one in found) else ()
    blocks = (Bullets(tuple(reversed(texts.values()))), *notes)
    return Section("reading", view.say("Sources and further reading"), blocks)


def told(view: View, one: Source | Link) -> str:
    """Title and address; an address that was never opened is marked."""
    return view.named(f"{one.title}{UNTRIED * one.untried}", one.address) if one.address else one.title
