"""Chapters on new work: gates and what opens them, programmes, strengthening of the foundations."""

from collections.abc import Iterator

from xlplan.plan import Row
from xlplan.report.content import Block, Cell, Column, Section, Table, Text
from xlplan.report.view import View


def gates(view: View) -> Section:
    """Which new work the foundations are ready for today and in each year, and what is missing."""
    columns = (
        Column(view.say("New work")),
        Column(view.say("Today"), "word"),
        Column(view.say("First year open"), "word"),
        Column(view.say("What is missing")),
    )
    opens = view.results.values["first_open_year"].ravel()
    rows = tuple(
        (
            Cell(view.plan.catalogue.gates[id].label),
            view.status(status),
            Cell(view.figures.year(year) or view.word("never")),
            Cell(view.blockers(id)),
        )
        for year, (id, (status, _)) in zip(opens, view.results.gate_status.items(), strict=True)
    )
    today = Table(view.say("Readiness for new work today"), columns, rows)
    return Section("gates", view.say("Readiness for new work"), (today, *gates_by_year(view), *programmes(view)))


def words_by_year(view: View, caption: str, head: str, rows: dict[str, tuple[Cell, ...]]) -> Iterator[Table]:
    """A word for each year, in as many tables as the years need."""
    for shown, years, part in view.year_parts():
        columns = (Column(head), *(Column(year, "word") for year in years))
        yield Table(f"{caption}{part}", columns, tuple((Cell(name), *cells[shown]) for name, cells in rows.items()))


def gates_by_year(view: View) -> Iterator[Block]:
    frame = view.results.gates_by_year
    labels = {id: gate.label for id, gate in view.plan.catalogue.gates.items()}
    rows = {labels[id]: tuple(map(view.status, frame[id])) for id in frame.columns}
    yield from words_by_year(view, view.say("Readiness gates in each year"), view.say("New work"), rows)


def programmes(view: View) -> Iterator[Block]:
    """Planned start of each programme against the year in which its gate opens."""
    heads = ("Programme", "Kind of data", "Planned start", "Gate today", "Gate opens in", "Finding")
    kinds = ("text", "text", "word", "word", "word", "text")
    columns = tuple(Column(view.say(head), kind) for head, kind in zip(heads, kinds, strict=True))
    rows = tuple(programme_row(view, number, row) for number, row in enumerate(view.plan.rows("programmes")))
    if rows:
        yield Table(view.say("Programmes: planned start against the year in which their gate opens"), columns, rows)
    else:
        yield Text(view.say("No programme is planned so far."))


def programme_row(view: View, number: int, row: Row) -> tuple[Cell, ...]:
    found = view.results.programmes.iloc[number]
    early = view.results.values["starts_too_early"][number, 0] > 0
    closed = view.word("never") if row.get("band") else ""
    return (
        Cell(view.plan.labels["programmes"][str(row["id"])]),
        Cell(view.plan.labels["programme_bands"].get(str(row.get("band")), "")),
        Cell(view.figures.year(found["start"])),
        view.status(found["status"]),
        Cell(view.figures.year(found["opens"]) or closed),
        Cell(view.word("too_early"), "bad") if early else Cell(""),
    )


def strengthening(view: View) -> Section:
    """Targets of the foundations, and the level expected of each in each year."""
    typed = {str(row["foundation"]): row for row in view.plan.rows("targets")}
    years = view.results.values["target_year"].ravel()
    rows = tuple(
        target_row(view, id, typed.get(id, {}), year) for id, year in zip(view.results.foundations, years, strict=True)
    )
    heads = ("Foundational domain", "Level now", "Target level", "Reached in", "How")
    kinds = ("text", "word", "word", "word", "text")
    columns = tuple(Column(view.say(head), kind) for head, kind in zip(heads, kinds, strict=True))
    none = Text(view.say("No target is set so far: levels are expected to stay as they are."))
    targets: Block = Table(view.say("Strengthening targets"), columns, rows) if typed else none
    rule = Text(
        view.say("A target counts from its year once a cost line of the domain, with a funding source, has begun.")
    )
    return Section("strengthening", view.say("Strengthening the foundations"), (targets, rule, *expected(view)))


def target_row(view: View, id: str, row: Row, year: float) -> tuple[Cell, ...]:
    return (
        Cell(view.domain(id)),
        view.level(view.results.levels[id]),
        view.level(str(row["target"])) if "target" in row else Cell(""),
        Cell(view.figures.year(year) if year else ""),
        Cell(str(row.get("note", ""))),
    )


def expected(view: View) -> Iterator[Block]:
    frame = view.results.expected_levels
    rows = {view.domain(id): tuple(map(view.level, frame[id])) for id in frame.columns}
    yield from words_by_year(view, view.say("Expected level in each year"), view.say("Foundational domain"), rows)
