"""Dated lines, worked by hand: moving a date moves the money, and lines without dates cost what they always did.

Four lines over 2027 to 2029, no inflation: a post of 1200 a year, a one-off of 5000, a review of 900 every second year,
and 10 tablets of 100 that last 2 years. Dates: post from 1 July 2027 to 31 March 2029, one-off on 15 September 2028.

| | 2027 | 2028 | 2029 |
|---|---|---|---|
| post | 6/12 x 1200 = 600 | 1200 | 3/12 x 1200 = 300 |
| one-off | 0 | 5000 | 0 |
| review, no date | 900 | 0 | 900 |
| tablets, no date: bought, then half replaced each year | 1000 | 500 | 500 |
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from conftest import example
from engines import libreoffice_values, stored_values
from plans import bare, changed_inputs, differing_numbers, drawn, small_layout, typed_cells
from xlplan import load
from xlplan.cli import main
from xlplan.plan import Plan, Value
from xlplan.planfile import parse_plan, write_plan
from xlplan.renewals import calendar
from xlplan.resize import for_years
from xlplan.results import Results
from xlplan.workbook.recalculate import refreshed

TEXT = (
    bare("dated", 3)
    + """
    [[lines]]
    id = "post"
    activity = "Post"
    nature = "recurring"
    quantity_1 = 12
    unit_cost = 100
    team_days = 40
    area = "core_team"
    start = 2027-07-01
    end = 2029-03-31
    responsible = "HMIS unit"
    [[lines]]
    id = "roll-out"
    activity = "Roll-out"
    nature = "one_off"
    quantity_1 = 1
    unit_cost = 5000
    start = 2028-09-15
    [[lines]]
    id = "review"
    activity = "Review"
    nature = "recurring"
    quantity_1 = 1
    unit_cost = 900
    every = 2
    [[lines]]
    id = "tablets"
    activity = "Tablets"
    nature = "equipment"
    quantity_1 = 10
    unit_cost = 100
    useful_life = 2
"""
)
COST = {"post": [600, 1200, 300], "roll-out": [0, 5000, 0], "review": [900, 0, 900], "tablets": [1000, 500, 500]}
BARS = {
    "post": "..## #### #...",
    "roll-out": ".... ..## ....",
    "review": ".... .... ....",
    "tablets": ".... .... ....",
}
"""Quarters under way: a one-off without an end to the end of its year; lines without a start have no bar."""


@cache
def dated() -> Plan:
    return parse_plan(TEXT)


def moved(line: str, **dates: Value | None) -> Results:
    """The plan with other dates of one line; ``None`` takes a date out."""
    rows = tuple(
        {key: value for key, value in {**row, **(dates if row["id"] == line else {})}.items() if value is not None}
        for row in dated().rows("lines")
    )
    return replace(dated(), tables={**dated().tables, "lines": rows}).evaluate()


def costs(results: Results) -> Mapping[str, list[float]]:
    ids = [str(row["id"]) for row in results.plan.rows("lines")]
    return dict(zip(ids, results.values["cost"].tolist(), strict=True))


def test_recurring_cost_counts_by_the_month_and_everything_else_in_the_year_of_its_date() -> None:
    assert costs(dated().evaluate()) == COST


def test_moving_a_date_moves_the_money() -> None:
    """Post from 1 October: 3/12 x 1200 = 300; roll-out in 2029."""
    assert costs(moved("post", start=dt.date(2027, 10, 1)))["post"] == [300, 1200, 300]
    assert costs(moved("roll-out", start=dt.date(2029, 1, 2)))["roll-out"] == [0, 0, 5000]


def test_a_start_and_an_end_in_one_year_leave_their_months() -> None:
    """March to May: 3/12 x 1200 = 300."""
    short = moved("post", start=dt.date(2028, 3, 31), end=dt.date(2028, 5, 1))
    assert costs(short)["post"] == [0, 300, 0]


def test_a_start_before_the_plan_and_an_end_after_it_leave_whole_years() -> None:
    assert costs(moved("post", start=dt.date(2020, 5, 1), end=dt.date(2040, 5, 1)))["post"] == [1200, 1200, 1200]


def test_what_comes_every_second_year_is_not_cut_to_months() -> None:
    """From its start in 2028 on: 2028 only, for 2030 lies after the plan."""
    assert costs(moved("review", start=dt.date(2028, 11, 1)))["review"] == [0, 900, 0]


def test_equipment_is_bought_whole_in_the_year_of_its_start() -> None:
    assert costs(moved("tablets", start=dt.date(2028, 11, 1)))["tablets"] == [0, 1000, 500]


def test_days_of_the_core_team_follow_the_months() -> None:
    """40 days a year: 6/12, 12/12 and 3/12 of them."""
    assert dated().evaluate().values["team_days_needed"].ravel().tolist() == [20, 40, 10]


def test_without_dates_nothing_changes() -> None:
    undated = moved("post", start=None, end=None, responsible=None)
    years = replace(undated.plan, tables=undated.plan.tables).evaluate()
    assert costs(years)["post"] == [1200, 1200, 1200]


def test_the_dates_of_the_example_move_no_money() -> None:
    """Its dates fill whole years or lie on one-offs: the total in docs/excel-checklist.md stays."""
    plan = example("national")
    rows = tuple({k: v for k, v in row.items() if k not in ("start", "end")} for row in plan.rows("lines"))
    without = replace(plan, tables={**plan.tables, "lines": rows}).evaluate()
    assert (without.values["cost"] == plan.evaluate().values["cost"]).all()
    assert f"{plan.evaluate().number('cash'):,.0f}" == "25,805,780"


@pytest.mark.parametrize(
    ("line", "dates", "check"),
    [
        ("post", {"end": dt.date(2027, 6, 30)}, "end_before_start"),
        ("post", {"first_year": 2028}, "other_first_years"),
        ("post", {"last_year": 2028}, "other_last_years"),
    ],
)
def test_dates_that_contradict_each_other_or_the_years_are_a_finding(
    line: str, dates: dict[str, Value], check: str
) -> None:
    checks = moved(line, **dates).checks.set_index("check")
    assert (checks.loc[check, "found"], checks.loc[check, "status"]) == (1, "finding")
    assert dated().evaluate().checks.set_index("check").loc[check, "status"] == "passed"


def test_the_workbook_shows_what_the_engine_finds_and_a_planted_cost_is_seen() -> None:
    data = drawn(dated())
    values = typed_cells(data) | stored_values(refreshed(data)[0])
    layout = small_layout(dated())
    place = layout.places["active"]
    planted = values | {(layout.title(place.sheet), f"{get_column_letter(place.column)}{place.row}"): 1.0}
    assert differing_numbers(dated(), values, layout) == []
    assert [sentence.split(",")[0] for sentence in differing_numbers(dated(), planted, layout)] == ["active"]


def test_a_plan_file_and_a_workbook_keep_dates_and_persons(tmp_path: Path) -> None:
    assert changed_inputs(dated(), parse_plan(write_plan(dated()))) == []
    (tmp_path / "plan.xlsx").write_bytes(refreshed(drawn(dated()))[0])
    assert changed_inputs(dated(), load(tmp_path / "plan.xlsx")) == []


def test_the_same_plan_from_another_year_has_its_dates_moved_along() -> None:
    """Three years later every line costs what it did, and a line that starts after a shorter plan is left out."""
    later = for_years(dated(), 2030, 3)
    assert costs(later.evaluate()) == COST
    assert "roll-out" not in costs(for_years(dated(), 2027, 1).evaluate())


def test_a_day_in_february_exists_in_every_year() -> None:
    """29 February 2028 becomes 28 February 2029."""
    leap = moved("post", start=dt.date(2028, 2, 29)).plan
    assert for_years(leap, 2028, 3).rows("lines")[0]["start"] == dt.date(2029, 2, 28)


# ---------------------------------------------------------------------------- bars


def with_bars_as_formulas() -> tuple[bytes, list[list[str]]]:
    """The workbook with the one rule of the bars written into every cell that it colours, and these cells by line."""
    book = load_workbook(BytesIO(drawn(dated())))
    ws = book["Work plan"]
    area, formula = next(
        (str(found.sqref), rule.formula[0])
        for found in ws.conditional_formatting
        for rule in found.rules
        if "DATE(" in str(rule.formula[0])
    )
    top_left = area.split(":", maxsplit=1)[0]
    for row in ws[area]:
        for cell in row:
            cell.value = Translator(f"=IF({formula},1,0)", origin=top_left).translate_formula(cell.coordinate)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue(), [[cell.coordinate for cell in row] for row in ws[area][: len(BARS)]]


def drawn_bars(values: Mapping[tuple[str, str], object], cells: list[list[str]]) -> dict[str, str]:
    marks = ("".join("#" if values["Work plan", cell] == 1 else "." for cell in row) for row in cells)
    return {line: " ".join((row[:4], row[4:8], row[8:])) for line, row in zip(BARS, marks, strict=True)}


def test_bars_stand_in_the_quarters_in_which_a_line_is_under_way() -> None:
    data, cells = with_bars_as_formulas()
    assert drawn_bars(stored_values(refreshed(data)[0]), cells) == BARS


def test_libreoffice_draws_the_same_bars() -> None:
    data, cells = with_bars_as_formulas()
    assert drawn_bars(libreoffice_values(data), cells) == BARS


# ---------------------------------------------------------------------------- calendar


def test_the_calendar_tells_replacements_returns_and_renewals_with_month_and_money() -> None:
    """Half of 10 tablets each year from the second; the review returns in 2029; a licence each year in March."""
    licence = {
        "id": "licence", "activity": "Licence", "nature": "recurring", "quantity_1": 3, "unit_cost": 10,
        "item": "in-mdm", "start": dt.date(2027, 3, 1), "responsible": "Device manager",
    }  # fmt: skip
    plan = replace(dated(), tables={**dated().tables, "lines": (*dated().rows("lines"), licence)})
    found = calendar(plan.evaluate())
    rows = [(row.year, row.month, row.line, row.why, row.quantity, row.cost) for row in found.itertuples()]
    assert [(year, line, why, quantity, cost) for year, _, line, why, quantity, cost in rows] == [
        (2027, "licence", "renewal", 2.5, 25),  # ten of twelve months
        (2028, "tablets", "replacement", 5, 500),
        (2028, "licence", "renewal", 3, 30),
        (2029, "review", "return", 1, 900),
        (2029, "tablets", "replacement", 5, 500),
        (2029, "licence", "renewal", 3, 30),
    ]
    assert [month for _, month, line, *_ in rows if line == "licence"] == [3, 3, 3]
    assert found[found["line"] == "licence"]["responsible"].unique().tolist() == ["Device manager"]


def test_the_command_tells_the_calendar_in_words_and_as_json(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(write_plan(dated()), encoding="utf-8")
    said = CliRunner().invoke(main, ["calendar", str(path)])
    assert said.exit_code == 0
    assert "Falls due in 2029, USD" in said.output
    told = json.loads(CliRunner().invoke(main, ["calendar", str(path), "--json"]).output)
    assert told["due"][0] == {
        "year": 2028, "month": None, "line": "tablets", "activity": "Tablets", "why": "replacement", "quantity": 5,
        "cost": 500, "responsible": "",
    }  # fmt: skip
