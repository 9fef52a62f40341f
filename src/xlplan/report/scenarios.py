"""Chapter on scenarios: the plan as typed and with each named set of changes, side by side."""

from collections.abc import Iterator

from xlplan.report.content import Block, Bullets, Callout, Cell, Column, Section, Table, Text
from xlplan.report.view import View, YearRow
from xlplan.scenarios import Outcome, compared, scenario_label


def scenarios(view: View) -> Section:
    """What each scenario comes to; which one the rest of the report follows."""
    title = view.say("Scenarios")
    if not view.plan.rows("scenarios"):
        return Section("scenarios", title, (Text(view.say("The plan has no scenarios.")),))
    return Section("scenarios", title, (*in_use(view), described(view), *comparison(view, compared(view.plan))))


def in_use(view: View) -> Iterator[Block]:
    if view.plan.scenario:
        said = view.say("All other figures of this report are those of the scenario: {scenario}.")
        yield Callout(said.format(scenario=scenario_label(view.plan, view.plan.scenario)), "fair")
    else:
        yield Text(view.say("All other figures of this report are those of the plan as typed."))


def described(view: View) -> Bullets:
    """What each scenario supposes, in the planner's words."""
    notes = {str(row["id"]): str(row.get("note", "")) for row in view.plan.rows("scenarios")}
    labels = view.plan.labels["scenarios"]
    return Bullets(tuple(view.named(labels[id], note) if note else labels[id] for id, note in notes.items()))


def comparison(view: View, outcomes: tuple[Outcome, ...]) -> Iterator[Block]:
    """Totals, gates and findings of all scenarios, then their cost by year."""
    money = tuple(Column(view.say(head), "number") for head in ("Total cost", "Funding gap", "Present value"))
    gates = tuple(Column(head, "word") for head in gate_heads(view))
    columns = (Column(view.say("Scenario")), *money, *gates)
    rows = tuple((Cell(scenario_label(view.plan, one.scenario)), *cells(view, one)) for one in outcomes)
    yield Table(view.say("Comparison of the scenarios"), columns, rows)
    years = tuple(
        YearRow(scenario_label(view.plan, one.scenario), tuple(one.cost.values()), one.total) for one in outcomes
    )
    yield from view.year_tables(view.say("Total cost by scenario and year"), view.say("Scenario"), years)


def gate_heads(view: View) -> Iterator[str]:
    head = view.say("{gate}: first year open")
    return (head.format(gate=gate.label) for gate in view.plan.catalogue.gates.values())


def cells(view: View, one: Outcome) -> Iterator[Cell]:
    for amount in (one.total, one.total_gap, one.present_value):
        yield Cell(view.money(amount))
    for year in one.opens.values():
        yield Cell(str(year) if year else view.word("never"))
