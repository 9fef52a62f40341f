"""Actuals, worked by hand: a plan of three lines over three years, reported to the middle of the second.

Each year the lines cost 1000 (salaries, paid by the ministry), 2000 (audit, half of it paid by the donor) and 600
(training); no inflation. Typed: salaries 900 in 2027 and 550 in 2028, audit 0 in 2027, training nothing at all.

| | 2027 | 2028 | 2029 | plan |
|---|---|---|---|---|
| part of the year reported | 1 | 6/12 | 0 | |
| budget of the reported periods | 1000 + 2000 = 3000 | 1000/2 = 500 | 0 | 3500 |
| spent | 900 + 0 | 550 | | 1450 |
| variance | -2100 | 50 | 0 | -2050 |
| absorption | 0.3 | 1.1 | blank | 1450/3500 |
| left unspent by lines: 1500 - 1450 = 50 and 2000 - 0 = 2000 | | | 2050 | |
| reforecast, unspent money carried over | 3600 - 2100 = 1500 | 3650 | 3600 + 2050 = 5650 | 10800 |
"""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from engines import Values, libreoffice_values, stored_values
from plans import bare, changed_inputs, differing_numbers, drawn, small_layout, typed_cells
from xlplan import load
from xlplan.plan import Plan
from xlplan.planfile import parse_plan, write_plan
from xlplan.results import Results
from xlplan.share import shared
from xlplan.workbook.recalculate import refreshed

TEXT = (
    bare("worked", 3, 'reported_to = 2028-06-30\ncarry_over = "yes"')
    + """
    [[funders]]
    id = "ministry"
    label = "Ministry"
    [[funders]]
    id = "donor"
    label = "Donor"
    [[lines]]
    id = "salaries"
    activity = "Salaries"
    area = "core_team"
    category = "local_personnel"
    nature = "recurring"
    quantity_1 = 10
    unit_cost = 100
    shares = { ministry = 1 }
    spent = { 2027 = 900, 2028 = 550 }
    [[lines]]
    id = "audit"
    activity = "Audit"
    area = "security"
    category = "technical_assistance"
    nature = "recurring"
    quantity_1 = 1
    unit_cost = 2000
    shares = { donor = 0.5 }
    spent = { 2027 = 0 }
    [[lines]]
    id = "training"
    activity = "Training"
    area = "training"
    category = "local_operational"
    nature = "recurring"
    quantity_1 = 6
    unit_cost = 100
"""
)
BLANK = math.nan
BY_YEAR = {
    "period_share": [1, 0.5, 0],
    "budget_in_year": [3000, 1000, 0],
    "reported_in_year": [3000, 500, 0],
    "spent_in_year": [900, 550, 0],
    "entries_in_year": [2, 1, 0],
    "spending_variance": [-2100, 50, 0],
    "absorption": [0.3, 1.1, BLANK],
    "carried_over": [0, 0, 2050],
    "reforecast": [1500, 3650, 5650],
}
BY_LINE = {
    "line_reported": [1500, 2000, 0],
    "line_spent": [1450, 0, BLANK],
    "line_variance": [-50, -2000, BLANK],
    "line_absorption": [1450 / 1500, 0, BLANK],
}
OF_SOURCES = {
    "source_reported": [1500, 1000],
    "source_spent_total": [1450, 0],
    "source_absorption": [1450 / 1500, 0],
}
OF_CATEGORIES = {
    "category_reported": [1500, 2000, 0],
    "category_spent_total": [1450, 0, 0],
    "category_absorption": [1450 / 1500, 0, BLANK],
}
OF_PLAN = {
    "plan_reported": 3500,
    "plan_spent": 1450,
    "plan_variance": -2050,
    "plan_absorption": 1450 / 3500,
    "plan_unspent": 2050,
    "last_reported_year": 2028,
    "unsourced_spent": 0,
    "plan_reforecast": 10800,
}
BY_HAND = BY_YEAR | BY_LINE | OF_SOURCES | OF_CATEGORIES | {name: [value] for name, value in OF_PLAN.items()}


@cache
def worked() -> Plan:
    return parse_plan(TEXT)


@cache
def found() -> Results:
    return worked().evaluate()


def with_settings(**settings: object) -> Results:
    """The same plan with other settings; ``None`` takes one out."""
    plan = worked()
    kept = {key: value for key, value in {**plan.settings, **settings}.items() if value is not None}
    return replace(plan, settings=kept).evaluate()


def with_spent(line: str, spent: dict[str, float]) -> Results:
    plan = worked()
    rows = tuple({**row, "spent": spent} if row["id"] == line else row for row in plan.rows("lines"))
    return replace(plan, tables={**plan.tables, "lines": rows}).evaluate()


def numbers(results: Results, quantity: str) -> list[float]:
    return [float(value) for value in results.values[quantity].ravel()]


@pytest.mark.parametrize("quantity", BY_HAND)
def test_the_engine_finds_what_was_worked_by_hand(quantity: str) -> None:
    assert numbers(found(), quantity) == pytest.approx(BY_HAND[quantity], rel=1e-12, nan_ok=True)


def in_cells(values: Values, quantity: str) -> list[object]:
    """What the cells of a quantity show, row by row, without spare rows."""
    place, layout = small_layout(worked()).places[quantity], small_layout(worked())
    rows, columns = found().values[quantity].shape
    spots = ((place.row + row, place.column + column) for row in range(rows) for column in range(columns))
    return [values.get((layout.title(place.sheet), f"{letter(column)}{row}")) or None for row, column in spots]


def letter(column: int) -> str:
    return chr(64 + column) if column <= 26 else f"{chr(64 + (column - 1) // 26)}{chr(65 + (column - 1) % 26)}"


def by_hand(quantity: str) -> list[object]:
    return [None if math.isnan(value) or value == 0 else pytest.approx(value) for value in BY_HAND[quantity]]


@cache
def calculated() -> Values:
    return stored_values(refreshed(drawn(worked()))[0])


@pytest.mark.parametrize("quantity", BY_HAND)
def test_the_workbook_shows_what_was_worked_by_hand(quantity: str) -> None:
    assert in_cells(calculated(), quantity) == by_hand(quantity)


def test_libreoffice_shows_what_was_worked_by_hand() -> None:
    values = libreoffice_values(drawn(worked()))
    assert {quantity: in_cells(values, quantity) for quantity in BY_HAND} == {id: by_hand(id) for id in BY_HAND}


def test_a_planted_wrong_value_is_seen() -> None:
    data = drawn(worked())
    values = typed_cells(data) | stored_values(refreshed(data)[0])
    place, layout = small_layout(worked()).places["reforecast"], small_layout(worked())
    planted = values | {(layout.title(place.sheet), f"{letter(place.column)}{place.row}"): 1501.0}
    assert differing_numbers(worked(), values, layout) == []
    assert [sentence.split(",")[0] for sentence in differing_numbers(worked(), planted, layout)] == ["reforecast"]


def test_a_blank_is_not_zero() -> None:
    """Audit: a 0 in 2027 brings 2000 of budget into absorption; a blank brings neither budget nor spending."""
    silent = with_spent("audit", {})
    assert numbers(silent, "reported_in_year")[0] == 1000
    assert numbers(silent, "absorption")[0] == pytest.approx(0.9)
    assert numbers(silent, "reforecast")[0] == 3600 - 100


def test_without_a_day_the_reported_years_are_whole() -> None:
    whole = with_settings(reported_to=None)
    assert numbers(whole, "reported_in_year") == [3000, 1000, 0]
    assert numbers(whole, "period_share") == [1, 1, 1]


@pytest.mark.parametrize("carry_over", [None, "no"])
def test_unspent_money_is_carried_over_only_where_the_settings_say_so(carry_over: str | None) -> None:
    """10800 - 2050 = 8750."""
    kept = with_settings(carry_over=carry_over)
    assert numbers(kept, "carried_over") == [0, 0, 0]
    assert numbers(kept, "reforecast") == [1500, 3650, 3600]
    assert kept.number("plan_reforecast") == 8750


def test_overspending_of_one_line_hides_no_rest_of_another() -> None:
    """Salaries overspend by 400 in 2027: audit's 2000 are left all the same, and not 1600."""
    assert with_spent("salaries", {"2027": 1400}).number("plan_unspent") == 2000


def test_spending_after_the_last_day_is_a_finding() -> None:
    late = with_spent("training", {"2029": 5}).checks.set_index("check")
    assert (late.loc["actuals_late", "found"], late.loc["actuals_late", "status"]) == (1, "finding")
    assert found().checks.set_index("check").loc["actuals_late", "status"] == "passed"


def test_actuals_change_no_cost() -> None:
    """Three lines of 3600 a year: 10800, whatever was spent."""
    assert found().number("cash") == 10800
    assert with_spent("salaries", {}).number("cash") == 10800


def test_tables_of_the_results_hold_the_same_figures() -> None:
    assert found().absorption["reforecast"].to_list() == BY_YEAR["reforecast"]
    assert found().line_actuals["reforecast"].to_list() == [3000 - 50, 6000 - 2000, 1800]
    assert found().spending("source")["absorption"].to_list() == OF_SOURCES["source_absorption"]


def test_a_plan_file_and_a_workbook_keep_actuals(tmp_path: Path) -> None:
    assert changed_inputs(worked(), parse_plan(write_plan(worked()))) == []
    (tmp_path / "plan.xlsx").write_bytes(refreshed(drawn(worked()))[0])
    assert changed_inputs(worked(), load(tmp_path / "plan.xlsx")) == []


def test_a_copy_with_salaries_in_sum_keeps_what_they_spent_together() -> None:
    """Two posts of 1000 and 500 a year, paid by the ministry, spent 900 and 400 in 2027; only one reports 2028."""
    posts = "".join(
        f"""
    [[lines]]
    id = "{id}"
    activity = "{id}"
    area = "core_team"
    category = "local_personnel"
    nature = "recurring"
    head = "salaries"
    quantity_1 = {pay}
    unit_cost = 1
    shares = {{ ministry = 1 }}
    spent = {spent}
"""
        for id, pay, spent in (("lead", 1000, "{ 2027 = 900, 2028 = 950 }"), ("helper", 500, "{ 2027 = 400 }"))
    )
    plan = parse_plan(TEXT.split("    [[lines]]", maxsplit=1)[0] + posts)
    copy = shared(plan, salaries=True).plan
    assert [row.get("spent") for row in copy.rows("lines")] == [None, None, {"2027": 1300}]
    assert copy.evaluate().values["reported_in_year"].ravel().tolist() == [1500, 0, 0]
