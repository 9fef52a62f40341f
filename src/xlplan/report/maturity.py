"""Chapters on maturity: profile, progress between rounds, recommendations."""

from collections.abc import Iterator
from math import isnan

from xlplan.report.content import Block, Bullets, Cell, Column, Heading, Ladder, Section, Table, Text
from xlplan.report.view import View


def profile(view: View) -> Section:
    """Level of every foundation against what the gates ask, and of every other domain that was assessed."""
    blocks: list[Block] = [Text(round_in_use(view))]
    if any(view.results.levels[id] for id in view.results.foundations):
        blocks.append(ladder(view))
    return Section("profile", view.say("Maturity profile"), (*blocks, foundations(view), *uses(view)))


def round_in_use(view: View) -> str:
    rounds = {str(row["id"]): row for row in view.plan.rows("rounds")}
    row = rounds[view.plan.text("current_round")]
    day = view.figures.day(row["date"]) if "date" in row else ""
    named = f"{row.get('label', row['id'])}{f' ({day})' if day else ''}"
    return view.say("Assessment round in use: {round}.").format(round=named)


def ladder(view: View) -> Ladder:
    ids = view.plan.catalogue.lists["levels"].ids
    found = [view.results.levels[id] for id in view.results.foundations]
    labels = tuple(map(view.domain, view.results.foundations))
    said = "; ".join(view.named(label, view.level(id).text) for label, id in zip(labels, found, strict=True))
    title = view.say("Level of each foundational domain")
    return Ladder(
        title,
        labels,
        tuple(ids.index(id) + 1 if id else 0 for id in found),
        tuple(view.plan.labels["levels"][id] for id in ids),
        view.word("not_assessed"),
        f"{title}. {said}.",
    )


def foundations(view: View) -> Table:
    gates = tuple(view.plan.catalogue.gates.values())
    needed = tuple(Column(view.say("Needed: {gate}").format(gate=gate.label), "word") for gate in gates)
    columns = (
        Column(view.say("Foundational domain")),
        Column(view.say("Level now"), "word"),
        *needed,
        Column(view.say("Money in the plan"), "number"),
        Column(view.say("What holds it back")),
    )
    return Table(view.say("Foundational domains"), columns, tuple(foundation_rows(view)))


def foundation_rows(view: View) -> Iterator[tuple[Cell, ...]]:
    values, gates = view.results.values, range(len(view.plan.catalogue.gates))
    for number, id in enumerate(view.results.foundations):
        weak = values["is_weak_unfunded"][number, 0] > 0
        yield (
            Cell(view.domain(id)),
            view.level(view.results.levels[id]),
            *(Cell(view.level_at(values["required_level"][number, gate]).text) for gate in gates),
            Cell(view.money(values["domain_cost"][number, 0])),
            Cell(view.word("unfunded") if weak else ""),
        )


def uses(view: View) -> Iterator[Block]:
    """Domains and programmes that are no foundation: those assessed in a table, the others by name."""
    ids = [id for id in view.results.levels if id not in view.results.foundations]
    known = [id for id in ids if view.results.levels[id]]
    columns = (
        Column(view.say("Domain or programme")),
        Column(view.say("Band")),
        Column(view.say("Level now"), "word"),
    )
    rows = tuple((Cell(view.domain(id)), Cell(view.band(id)), view.level(view.results.levels[id])) for id in known)
    if rows:
        yield Table(view.say("Other domains and programmes"), columns, rows)
    unknown = [f"{view.domain(id)} ({view.band(id)})" for id in ids if id not in known]
    if unknown:
        yield Text(view.say("Not assessed: {domains}.").format(domains=", ".join(unknown)))


def progress(view: View) -> Section:
    """What rose and what fell between the rounds of the assessment."""
    rounds = {str(row["id"]): row for row in view.plan.rows("rounds")}
    rows = tuple(progress_rows(view))
    columns = (
        Column(view.say("Domain or programme")),
        Column(view.say("Band")),
        *(Column(str(row.get("label", id)), "word") for id, row in rounds.items()),
        Column(view.say("Since the first round"), "word"),
        Column(view.say("Last change in"), "word"),
    )
    blocks: list[Block] = [round_table(view)] if rounds else []
    if len(rounds) == 1:
        blocks.append(Text(view.say("There is one round so far: progress shows once the assessment is repeated.")))
    elif rows:
        blocks.append(Table(view.say("Levels by round"), columns, rows))
    return Section("progress", view.say("Progress between rounds"), tuple(blocks))


def round_table(view: View) -> Table:
    columns = tuple(Column(view.say(head)) for head in ("Round", "Date", "Assessed by"))
    rows = tuple(
        (
            Cell(str(row.get("label", row["id"]))),
            Cell(view.figures.day(row.get("date", ""))),
            Cell(str(row.get("assessor", ""))),
        )
        for row in view.plan.rows("rounds")
    )
    return Table(view.say("Assessment rounds"), columns, rows)


def progress_rows(view: View) -> Iterator[tuple[Cell, ...]]:
    """Domains assessed in any round: the level in each, what became of it, and when it last changed."""
    values, rounds = view.results.values, view.plan.rows("rounds")
    for number, id in enumerate(view.plan.key_ids("domain")):
        levels = values["final_level"][number]
        last = int(values["last_change"][number, 0])
        if (levels > 0).any():
            since = Cell(str(rounds[last - 1].get("label", "")) if last else "")
            change = values["change_since_first"][number, 0]
            yield (
                Cell(view.domain(id)),
                Cell(view.band(id)),
                *map(view.level_at, levels),
                direction(view, change),
                since,
            )


def direction(view: View, change: float) -> Cell:
    """Rose, fell or stayed; empty where a level is missing."""
    words = view.plan.labels["directions"]
    if isnan(change):
        return Cell("")
    if change == 0:
        return Cell(words["same"])
    return Cell(words["rose"], "good") if change > 0 else Cell(words["fell"], "bad")


def recommendations(view: View) -> Section:
    """What to do first in each domain, where to look closer, and where money is missing."""
    blocks = (*advice(view), *closer(view), *unfunded(view))
    none = (Text(view.say("No recommendation follows from the answers so far: answer the questions on Maturity.")),)
    return Section("recommendations", view.say("Recommendations"), blocks or none)


def advice(view: View) -> Iterator[Block]:
    items = view.plan.catalogue.items
    rows = tuple(
        (
            Cell(view.domain(row.domain)),
            view.level(view.results.levels[row.domain]),
            Cell(row.advice),
            Cell("; ".join(items[id].label for id in row.items if id in items)),
        )
        for row in view.results.advice.itertuples()
    )
    columns = (
        Column(view.say("Foundational domain")),
        Column(view.say("Level now"), "word"),
        Column(view.say("What to do")),
        Column(view.say("Catalogue items that pay for it")),
    )
    if rows:
        yield Table(view.say("What to do first"), columns, rows)


def closer(view: View) -> Iterator[Block]:
    """Domains that need in-depth evaluation, and why."""
    rows = tuple((Cell(view.domain(id)), Cell(reasons(view, id))) for id in view.results.in_depth)
    if rows:
        columns = (Column(view.say("Domain or programme")), Column(view.say("Look closer")))
        yield Table(view.say("Domains that need in-depth evaluation"), columns, rows)


def reasons(view: View, id: str) -> str:
    number, values = view.plan.key_ids("domain").index(id), view.results.values
    found = [
        f"{int(values[quantity][number, 0])}{view.word(word)}"
        for quantity, word in (("low_now", "low_confidence"), ("unfinished_questions", "unanswered"))
        if values[quantity][number, 0] > 0
    ]
    found += [view.word("disagree")] if values["differ_now"][number, 0] > 0 else []
    return "".join(found).strip()


def unfunded(view: View) -> Iterator[Block]:
    """Foundations below what a gate asks for which the plan has no money."""
    flags = view.results.values["is_weak_unfunded"].ravel()
    weak = tuple(view.domain(id) for id, flag in zip(view.results.foundations, flags, strict=True) if flag > 0)
    if weak:
        yield Heading(view.say("Weak domains without money"))
        yield Bullets(weak)
