"""Scenarios: choosing one gives what a plan gives in which the changes were typed; a comparison knows when it is old.

The oracle types the changes into the inputs of a plan without scenarios, field by field, and knows no rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from openpyxl.utils.cell import coordinate_to_tuple

from engines import stored_values
from office import worked_on
from plans import changed_inputs, differing_numbers, differing_texts, random_plan, typed_cells
from test_planners_edit import typed
from xlplan import PlanError, load
from xlplan.catalogue import load_catalogue, templates
from xlplan.changes import CHANGES, PREFIX, TYPED
from xlplan.cli import main
from xlplan.consolidate.extract import extract
from xlplan.engine import evaluate
from xlplan.files import checked_package
from xlplan.path.cut import cut
from xlplan.path.search import find_path
from xlplan.plan import Plan
from xlplan.planfile import parse_plan, write_plan
from xlplan.scenarios import compared, in_scenario
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import Layout
from xlplan.workbook.package import pack, parts
from xlplan.workbook.recalculate import refreshed
from xlplan.workbook.renewal import patched, renewed, sheet_parts
from xlplan.workbook.verify import verify

SCENARIOS = ("gate_first", "dearer", "fund_leaves", "all_kinds")
Row = dict[str, Any]

ALL_KINDS = {
    "discount_rate": ("", 0.07),
    "unit_cost_factor": ("", 1.1),
    "inflation": ("usd", 0.04),
    "driver_factor": ("users", 1.3),
    "price_factor": ("laptop", 0.8),
    "committed_factor": ("norland", 0),
    "programme_start": ("disease_surveillance", 2030),
    "target_year": ("security", 2031),
    "line_on": ("line-124", 1),
    "line_quantity_factor": ("line-115", 3),
    "line_first_year": ("line-040", 2029),
}
"""One change of every kind; line-124 is only suggested, and is switched on."""


@pytest.fixture(scope="module")
def plan(national: Plan) -> Plan:
    """The national example with one scenario more, which changes something of every kind."""
    scenarios = (*national.rows("scenarios"), {"id": "all_kinds", "label": "A bit of everything"})
    known = {(row["kind"], row.get("row", "")) for row in national.rows("changes")}
    fresh = [
        {"id": f"every-{n:02d}", "kind": kind, "values": {"all_kinds": value}} | ({"row": row} if row else {})
        for n, (kind, (row, value)) in enumerate(ALL_KINDS.items())
        if (kind, row) not in known
    ]
    old = [
        {**row, "values": {**row["values"], "all_kinds": ALL_KINDS[str(row["kind"])][1]}}  # type: ignore[dict-item]
        if ALL_KINDS.get(str(row["kind"]), ("?",))[0] == row.get("row", "")
        else row
        for row in national.rows("changes")
    ]
    tables = {**national.tables, "scenarios": scenarios, "changes": (*old, *fresh)}
    return parse_plan(write_plan(replace(national, tables=tables)))


@pytest.fixture(scope="module")
def data(plan: Plan) -> bytes:
    return build_workbook(plan, 159)


@pytest.fixture(scope="module")
def layout(plan: Plan) -> Layout:
    return make_layout(plan, 159)


# ---------------------------------------------------------------------------- the oracle: changes typed by hand


def times(key: str) -> Callable[[Row, float], Row]:
    return lambda row, by: row | {key: row[key] * by} if key in row else row


def series_times(key: str) -> Callable[[Row, float], Row]:
    return lambda row, by: row | {key: {year: number * by for year, number in row.get(key, {}).items()}}


def put(key: str) -> Callable[[Row, float], Row]:
    return lambda row, value: row | {key: value}


def begun(row: Row, year: float) -> Row:
    """The line with another first year; where it has a date, that is in this year too."""
    return row | {"first_year": year} | ({"start": row["start"].replace(year=int(year))} if "start" in row else {})


EDITS: Mapping[str, tuple[str, Callable[[Row, float], Row]]] = {
    "inflation": ("currencies", put("inflation")),
    "driver_factor": ("drivers", series_times("values")),
    "price_factor": ("prices", times("unit_cost")),
    "committed_factor": ("funders", series_times("committed")),
    "programme_start": ("programmes", put("start_year")),
    "target_year": ("targets", put("year")),
    "line_on": ("lines", lambda row, on: row | {"on": "yes" if on else "no"}),
    "line_quantity_factor": ("lines", times("quantity_1")),
    "line_first_year": ("lines", begun),
}


def typed_in(plan: Plan, scenario: str) -> Plan:
    """The plan without scenarios, in whose inputs somebody typed what the scenario says."""
    settings, tables = dict(plan.settings), {id: [dict(row) for row in rows] for id, rows in plan.tables.items()}
    for change in tables.pop("changes"):
        number = change["values"].get(scenario)
        if number is None:
            continue
        if change["kind"] == "discount_rate":
            settings["discount_rate"] = number
        elif change["kind"] == "unit_cost_factor":
            for table in ("prices", "lines"):
                tables[table] = [times("unit_cost")(row, number) for row in tables[table]]
        else:
            table, edit = EDITS[change["kind"]]
            name = "foundation" if table == "targets" else "id"
            tables[table] = [edit(row, number) if row[name] == change["row"] else row for row in tables[table]]
    tables.pop("scenarios")
    return replace(plan, settings=settings, tables={id: tuple(rows) for id, rows in tables.items()})


SKIPPED = {*TYPED.values(), *(f"{PREFIX}{kind}" for kind in CHANGES), "scenario_in_use", "currency_inflation",
           "quantity_1", "line_unit_cost", "changes_in_force", "changes_found", "line_changes_found",
           "table_changes_found", "price_unit_cost", "item_unit_cost", "unit_cost_factor", "driver_factor",
           "inflation_as_typed", "start_as_typed", "target_year_as_typed", "known_on", "known_first_year", "line_on",
           "typed_quantity", "line_start", "typed_start_month", "typed_start_year"}  # fmt: skip
"""What is typed, and what only the scenario says; where all unit costs grow, the items' own do not."""


def differing(one: Plan, other: Plan) -> list[str]:
    """Quantities that two plans do not share, to 12 digits."""
    first, second = evaluate(one), evaluate(other)
    return [
        id
        for id in first
        if id not in SKIPPED and not np.allclose(first[id], second[id], rtol=1e-12, atol=1e-6, equal_nan=True)
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_gives_what_typing_its_changes_gives(plan: Plan, scenario: str) -> None:
    assert differing(in_scenario(plan, scenario), typed_in(plan, scenario)) == []


def test_the_plan_as_typed_is_as_if_there_were_no_scenarios(plan: Plan) -> None:
    bare = {id: rows for id, rows in plan.tables.items() if id not in ("scenarios", "changes")}
    assert differing(plan, replace(plan, tables=bare)) == []


def test_a_change_that_were_not_made_would_be_seen(plan: Plan) -> None:
    assert "cost" in differing(plan, typed_in(plan, "dearer"))


def test_one_scenario_changes_something_of_every_kind(plan: Plan) -> None:
    assert {str(row["kind"]) for row, _ in in_scenario(plan, "all_kinds").changes_in_use} == set(CHANGES)


# ---------------------------------------------------------------------------- the workbook


def with_cell(data: bytes, sheet: str, address: str, value: str | float) -> bytes:
    """The workbook with another value in one cell, calculated by the engine of the builder."""
    found = parts(data)
    part = dict(sheet_parts(found))[sheet]
    text = patched(found[part], {coordinate_to_tuple(address): value})
    assert text is not None
    return refreshed(pack({**found, part: text}))[0]


def chosen(data: bytes, layout: Layout, label: str) -> bytes:
    """The workbook with another scenario in the selector."""
    _, sheet, address, _ = typed(layout, "settings.scenario", 0, label)
    return with_cell(data, sheet, address, label)


@pytest.mark.parametrize("scenario", ["", *SCENARIOS])
def test_choosing_a_scenario_in_the_workbook_gives_what_the_engine_gives(
    plan: Plan, data: bytes, layout: Layout, scenario: str
) -> None:
    found = typed_cells(chosen(data, layout, plan.labels["scenarios"].get(scenario, "")))
    here = in_scenario(plan, scenario)
    assert differing_numbers(here, found, layout) + differing_texts(here, found, layout) == []
    assert state(layout, found) == "Up to date"


def state(layout: Layout, found: Mapping[tuple[str, str], Any]) -> str:
    place = layout.places["comparison_state"]
    return str(found[layout.title("scenarios"), f"D{place.row}"])


@pytest.mark.libreoffice
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_libreoffice_calculates_every_scenario_like_the_engine(
    plan: Plan, data: bytes, layout: Layout, tmp_path: Path, scenario: str
) -> None:
    path = worked_on(data, [typed(layout, "settings.scenario", 0, plan.labels["scenarios"][scenario])], tmp_path)
    found, here = typed_cells(path.read_bytes()) | stored_values(path.read_bytes()), in_scenario(plan, scenario)
    assert differing_numbers(here, found, layout) + differing_texts(here, found, layout) == []
    assert state(layout, found) == "Up to date"
    assert changed_inputs(here, load(path)) == []


def test_a_workbook_with_scenarios_reads_back_as_it_was(plan: Plan, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(data)
    assert changed_inputs(plan, load(path)) == []


def input_cell(layout: Layout, table: str, field: str, id: str) -> tuple[str, int]:
    """Key and row of an input, for ``typed``."""
    rows = [str(row["id"]) for row in layout.shape.plan.rows(table)]
    return f"{table}.{field}", rows.index(id)


def edits(layout: Layout) -> dict[str, tuple[str, int, str | float, int]]:
    """One edit of each sort: key of the input, row, value typed, slot."""
    at = partial(input_cell, layout)
    return {
        "a price": (*at("prices", "unit_cost", "salary-lead"), 1234.5, 0),
        "a price of a cent more": (*at("prices", "unit_cost", "tablet"), 0.01, 0),
        "a driver of one year": (*at("drivers", "values", "users"), 99, 4),
        "an answer": ("answers.answer", 3, "Not applicable", 1),
        "a share": (*at("lines", "shares", "line-101"), 0.05, 3),
        "the start of a programme": (*at("programmes", "start_year", "disease_surveillance"), 2032, 0),
        "a line switched off": (*at("lines", "on", "line-099"), "No", 0),
        "a suggested line that no total counts": (*at("lines", "quantity_2", "line-124"), 77, 0),
        "an area": (*at("lines", "area", "line-101"), "Infrastructure", 0),
        "a number of a scenario that is not in use": ("changes.values", 1, 2031, 0),
        "the row of a change": ("changes.row", 1, "line-100", 0),
        "the discount rate": ("typed_discount_rate", 0, 0.0300001, 0),
        "a target": ("targets.target", 0, "Adequate", 0),
    }


EDITS_OF_INPUTS = (
    "a price", "a price of a cent more", "a driver of one year", "an answer", "a share", "the start of a programme",
    "a line switched off", "a suggested line that no total counts", "an area",
    "a number of a scenario that is not in use", "the row of a change", "the discount rate", "a target",
)  # fmt: skip


def typed_into(data: bytes, layout: Layout, edit: tuple[str, int, str | float, int]) -> bytes:
    _, sheet, address, value = typed(layout, edit[0], edit[1], edit[2], edit[3])
    assert typed_cells(data).get((sheet, address)) != value
    return with_cell(data, sheet, address, value)


@pytest.mark.parametrize("name", EDITS_OF_INPUTS)
def test_the_comparison_says_that_it_is_old_as_soon_as_an_input_changes(data: bytes, layout: Layout, name: str) -> None:
    found = typed_cells(typed_into(data, layout, edits(layout)[name]))
    assert state(layout, found).startswith("Out of date")


def test_two_quantities_that_change_places_make_the_comparison_old(data: bytes, layout: Layout) -> None:
    """Lines that are only suggested: no total follows them, and the sum of their column stays as it is."""
    rows = [n for n, row in enumerate(layout.shape.plan.rows("lines")) if row.get("on") == "suggested"]
    (_, sheet, one, _), (_, _, other, _) = (typed(layout, "lines.quantity_2", row, 0) for row in rows[:2])
    apart, notes = renewed(checked_package("plan.xlsx", with_cell(with_cell(data, sheet, one, 3), sheet, other, 5)))
    swapped = with_cell(with_cell(apart, sheet, one, 5), sheet, other, 3)
    assert notes == ()
    assert [state(layout, typed_cells(book))[:11] for book in (refreshed(apart)[0], swapped)] == [
        "Up to date", "Out of date"
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("template", templates())
def test_the_comparison_of_a_workbook_just_made_is_up_to_date(template: str, seed: int) -> None:
    made = random_plan(seed, template)
    book = build_workbook(made, len(made.rows("lines")) + 3)
    assert state(make_layout(made, line_rows=len(made.rows("lines")) + 3), typed_cells(book)) == "Up to date"


def test_a_note_does_not_make_the_comparison_old(data: bytes, layout: Layout) -> None:
    found = typed_cells(typed_into(data, layout, ("lines.note", 3, "Asked the supplier again", 0)))
    assert state(layout, found) == "Up to date"


@pytest.mark.libreoffice
def test_libreoffice_sees_each_edit_too(data: bytes, layout: Layout, tmp_path: Path) -> None:
    fresh = stored_values(worked_on(data, [], tmp_path).read_bytes())
    assert state(layout, fresh) == "Up to date"
    for name in ("a price of a cent more", "an answer", "a line switched off", "the row of a change"):
        key, row, value, slot = edits(layout)[name]
        found = stored_values(worked_on(data, [typed(layout, key, row, value, slot)], tmp_path).read_bytes())
        assert state(layout, found).startswith("Out of date"), name


def test_calc_compares_anew_and_verify_accepts_both(data: bytes, layout: Layout) -> None:
    """A returned workbook whose comparison is old is no damage; afterwards it is that of its inputs."""
    old = typed_into(data, layout, (*input_cell(layout, "prices", "unit_cost", "tablet"), 300, 0))
    fresh, notes = renewed(checked_package("plan.xlsx", old))
    again = refreshed(fresh)[0]
    assert (state(layout, typed_cells(old))[:11], state(layout, typed_cells(again)), notes) == (
        "Out of date", "Up to date", ()
    )  # fmt: skip
    plan = verify(checked_package("plan.xlsx", again)).plan
    assert plan is not None
    row = layout.places["comparison_state"].row + 1
    shown = [typed_cells(again)["Scenarios", f"{column}{row}"] for column in "EFGHI"]
    assert shown == pytest.approx([outcome.total for outcome in compared(plan)])
    assert [verify(checked_package("plan.xlsx", each)).problems for each in (old, again)] == [(), ()]


def test_a_change_whose_row_is_gone_is_a_finding(plan: Plan, data: bytes, layout: Layout) -> None:
    """Somebody renames the price that a scenario multiplies: the number no longer reaches it."""
    renamed = typed_into(data, layout, (*input_cell(layout, "prices", "label", "tablet"), "Tablet, rugged", 0))
    found = typed_cells(chosen(renamed, layout, plan.labels["scenarios"]["dearer"]))
    row = layout.places["changes_in_force"].row
    assert (found["Checks", f"C{row}"], found["Checks", f"D{row}"], found["Checks", f"H{row}"]) == (4, 3, "finding")


def test_the_comparison_in_the_workbook_is_what_the_engine_compares(plan: Plan, data: bytes, layout: Layout) -> None:
    found, first = typed_cells(data), layout.places["comparison_state"].row + 1
    for number, outcome in enumerate(compared(plan)):
        column = "EFGHIJ"[number]
        shown = [found["Scenarios", f"{column}{first + row}"] for row in range(2)]
        assert shown == pytest.approx([outcome.total, outcome.total_gap])
    assert [outcome.too_early for outcome in compared(plan)][:2] == [1, 0]


# ---------------------------------------------------------------------------- files and problems


HEAD = """
[[scenarios]]
id = "late"
label = "Later"
"""


def change(number: int, kind: str, row: str, values: str) -> str:
    named = f'row = "{row}"' if row else ""
    return f'[[changes]]\nid = "change-{number:03d}"\nkind = "{kind}"\n{named}\nvalues = {values}\n'


WRONG = {
    "an unknown row": (
        change(1, "price_factor", "nothing", "{ late = 2 }"),
        "changes row: Of what is 'nothing'; expected an entry of the prices",
    ),
    "a row of another table": (
        change(1, "price_factor", "line-001", "{ late = 2 }"),
        "changes row: Of what is 'line-001'; expected an entry of the prices",
    ),
    "an unknown kind": (
        change(1, "weather", "line-001", "{ late = 2 }"),
        "changes kind: What changes is 'weather'; expected one of discount_rate",
    ),
    "an unknown scenario": (
        change(1, "price_factor", "tablet", "{ early = 2 }"),
        "In the scenario of early is 2; expected one of late",
    ),
    "text where a number belongs": (
        change(1, "price_factor", "tablet", '{ late = "much" }'),
        "In the scenario of late is 'much'; expected a number",
    ),
    "a number that the kind does not allow": (
        change(1, "line_on", "line-001", "{ late = 0.5 }"),
        "Line on (1) or off (0) is 0.5 in 'late'; expected a whole number from 0 to 1",
    ),
    "a year of another century": (
        change(1, "line_first_year", "line-001", "{ late = 20 }"),
        "Line begins in is 20 in 'late'; expected a whole number from 1990 to 2150",
    ),
    "no row where one is needed": (
        change(1, "price_factor", "", "{ late = 2 }"),
        "Price item times: no row; expected the row that changes",
    ),
    "two changes of one thing": (
        change(1, "price_factor", "tablet", "{ late = 2 }") + change(2, "price_factor", "tablet", "{ late = 3 }"),
        "'Price item times tablet' stands twice; expected each only once",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_change_is_refused_with_its_place_and_a_remedy(national: Plan, name: str) -> None:
    text, sentence = WRONG[name]
    bare = {id: rows for id, rows in national.tables.items() if id not in ("scenarios", "changes")}
    with pytest.raises(PlanError, match=r"line [0-9]+, changes") as refused:
        parse_plan(write_plan(replace(national, tables=bare)) + HEAD + text)
    assert sentence in str(refused.value)


def test_an_unknown_scenario_in_use_is_refused(national: Plan) -> None:
    text = write_plan(national).replace('current_round = "follow_up"', 'current_round = "follow_up"\nscenario = "war"')
    with pytest.raises(PlanError, match="Scenario in use is 'war'; expected one of gate_first, dearer, fund_leaves"):
        parse_plan(text)
    with pytest.raises(PlanError, match="no scenario 'war'"):
        in_scenario(national, "war")


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_no_words_of_a_change_begin_like_those_of_another(language: str) -> None:
    """A change is found by its words and its row, one after the other."""
    labels = [entry.label for entry in load_catalogue(language=language).lists["change_kinds"].entries]
    assert [(a, b) for a in labels for b in labels if a != b and b.startswith(a)] == []


def test_every_kind_of_change_has_words_bounds_and_a_quantity() -> None:
    kinds = load_catalogue().lists["change_kinds"].entries
    assert [kind.id for kind in kinds] == list(CHANGES)
    assert [kind.id for kind in kinds if {"minimum", "maximum", "whole"} - set(kind.values)] == []


def test_an_override_of_a_calculated_quantity_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="committed"):
        evaluate(plan, {"committed": np.zeros((1, 1, 1))})


def test_a_path_and_a_cut_are_those_of_the_plan_as_typed(plan: Plan) -> None:
    line, other = "line-115", in_scenario(plan, "all_kinds")
    assert cut(other, line) == cut(plan, line)
    assert find_path(other, "disease_surveillance") == find_path(plan, "disease_surveillance")


@pytest.mark.parametrize("command", ["ranges", "actuals", "calendar", "align"])
def test_figures_of_a_scenario_are_told_as_such(plan: Plan, tmp_path: Path, command: str) -> None:
    said = []
    for scenario in ("dearer", ""):
        (tmp_path / "plan.toml").write_text(write_plan(in_scenario(plan, scenario)), encoding="utf-8")
        said.append(CliRunner().invoke(main, [command, str(tmp_path / "plan.toml")]).stderr)
    assert "the scenario 'Dearer devices, weaker currency' is in use" in said[0]
    assert "scenario" not in said[1]


def test_a_consolidated_plan_in_a_scenario_is_told_as_such(plan: Plan, data: bytes, layout: Layout) -> None:
    book = chosen(data, layout, plan.labels["scenarios"]["dearer"])
    notes = [str(note) for note in extract("district.xlsx", book, "").notes]
    assert sum("'Dearer devices, weaker currency' is in use" in note for note in notes) == 1
    assert extract("district.xlsx", data, "").notes == []
