"""Functions of the add-in, called as Excel calls them: the native formulas' numbers, or one short sentence."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlwings as xw

from addin_calls import Calculated, differing
from com import MISSING, MODULE, SIDE, as_excel, excel
from conftest import example
from engines import formualizer_values, libreoffice_values, stored_values
from plans import LINE_ROWS, random_plan, with_small_tables
from test_twins import expected_output, without_words, worked_cases
from xlplan.addin import kinds, udfs
from xlplan.addin.arguments import LONGEST
from xlplan.addin.calls import CALLS
from xlplan.addin.functions import RULE_PREFIX, functions
from xlplan.addin.offered import offered
from xlplan.addin.sheets import LITE
from xlplan.plan import Plan
from xlplan.rule import REGISTRY
from xlplan.workbook.build import build_workbook

TABLE_FUNCTIONS = (
    "gate_status", "gate_blockers", "maturity_level", "first_open_year", "recurring_cost", "device_replacement",
    "training_cascade", "cost_by_year", "budget", "range", "funding_gap", "equivalent_annual_cost", "present_value",
    "explain",
)  # fmt: skip
YEARS = [[2027, 2028, 2029]]
SAMPLES: dict[str, list[Any]] = {
    "xlp_gate_status": [[[2], [3]], [[2, 2], [2, 2]], [[3, 3], [2, 3]]],
    "xlp_gate_blockers": [[[2], [3]], [[2, 2], [2, 2]], [[3, 3], [2, 3]]],
    "xlp_maturity_level": [[[1], [2]], [[1], [1], [2]], [["Yes"], ["Partly"], ["No"]]],
    "xlp_first_open_year": [YEARS, [[2], [3]], [[2, 2], [2, 2]], [[3, 3], [2, 3]]],
    "xlp_recurring_cost": [YEARS, [["Recurring"], [3]], [[2], [100]], [[10], [200]]],
    "xlp_device_replacement": [[[100, 100, 100], [10, 20, 20]], [[4], [5]]],
    "xlp_training_cascade": [YEARS, [[100, 100, 100], [10, 20, 20]]],
    "xlp_cost_by_year": [YEARS, [["Recurring"], [3]], [[2], [100]], [[10], [200]]],
    "xlp_budget": [[[1, 2], [3, 4]], [["north"], ["south"]], [[2027, 2028]]],
    "xlp_range": [[[80], [90]], [[100], [100]], [[150], [120]]],
    "xlp_funding_gap": [[[100, 200], [50, 50]], [[1, 0], [0.5, 0]], [[80, 80], [0, 0]]],
    "xlp_equivalent_annual_cost": [YEARS, [[100, 200, 300]], 0.03],
    "xlp_present_value": [YEARS, [[100, 200, 300]], 0.03],
    "xlp_explain": ["units_replaced"],
}
"""Arguments that each table function accepts; those that may be left out are."""


def cohort(plan: Plan) -> Plan:
    return replace(plan, settings={**plan.settings, "replacement_method": "cohort"})


def made(plan: Plan, values: Callable[[bytes], Any], rows: int = 150) -> Calculated:
    data = build_workbook(plan, rows, LITE)
    return Calculated(plan, data, values(data), rows)


@pytest.fixture(scope="module")
def national_calculated() -> Calculated:
    return made(example("national"), formualizer_values)


def shown(cells: Any) -> Any:
    """A single cell by itself, as it stands in the sheet."""
    return cells[0][0] if isinstance(cells, list) and len(cells) == len(cells[0]) == 1 else cells


def sample(name: str) -> list[Any]:
    """Arguments that the function accepts."""
    if name in SAMPLES:
        return list(SAMPLES[name])
    rule = name.removeprefix(RULE_PREFIX)
    case = next(case for case in worked_cases() if case["rule"] == rule)
    return [without_words(case["input"])[id] for id in REGISTRY.rules[rule].parameters]


# ---------------------------------------------------------------------------- what is offered


def test_every_rule_and_every_table_function_is_offered_to_excel():
    wanted = {f"xlp_{id}" for id in TABLE_FUNCTIONS} | {f"{RULE_PREFIX}{rule.id}" for rule in REGISTRY}
    assert set(offered()) == wanted == {name for name in vars(udfs) if name.startswith("xlp_")}


@pytest.mark.parametrize("rule", list(REGISTRY), ids=lambda rule: rule.id)
def test_the_function_of_a_rule_has_its_parameters_and_its_words(rule):
    info = getattr(MODULE, f"{RULE_PREFIX}{rule.id}").__xlfunc__
    assert [argument["name"] for argument in info["args"]] == list(rule.parameters)
    assert rule.label in info["ret"]["doc"]
    assert rule.meaning[:100] in info["ret"]["doc"]
    assert info["category"] == "xlplan"


@pytest.mark.parametrize("name", list(offered()))
def test_help_fits_what_excel_shows(name):
    info = getattr(MODULE, name).__xlfunc__
    for text in (info["ret"]["doc"], *(argument["doc"] for argument in info["args"])):
        assert 0 < len(text) <= LONGEST
        assert text.isprintable()


@pytest.mark.parametrize("name", list(offered()))
def test_arguments_that_may_be_left_out_come_last(name):
    defaults = [
        p.default is inspect.Parameter.empty for p in inspect.signature(getattr(udfs, name)).parameters.values()
    ]
    assert defaults == sorted(defaults, reverse=True)


# ---------------------------------------------------------------------------- single rules


def allowed(case: dict[str, Any]) -> bool:
    """Are the numbers of the case such as a planner may type? Rules can take more than cells."""
    given = without_words(case["input"])
    arguments = offered()[f"{RULE_PREFIX}{case['rule']}"].arguments
    return all(given[a.name] is None or a.low <= given[a.name] <= a.high for a in arguments)


CASES = [case for case in worked_cases() if allowed(case)]


def test_nearly_all_worked_cases_can_be_typed():
    assert [case["name"] for case in worked_cases() if case not in CASES] == [
        "Every 0 years makes no sense and counts as every year"
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['name']}")
def test_a_worked_case_through_excel_gives_its_number(case):
    given = without_words(case["input"])
    values = [[[given[id]]] for id in REGISTRY.rules[case["rule"]].parameters]
    found, expected = shown(excel(f"{RULE_PREFIX}{case['rule']}", *values)), expected_output(case)
    assert found == ("" if expected is None else pytest.approx(expected, rel=1e-9))


@pytest.mark.parametrize("rule", list(REGISTRY), ids=lambda rule: rule.id)
def test_ranges_give_a_number_a_row_and_nothing_on_spare_rows(rule):
    cases = [case for case in CASES if case["rule"] == rule.id]
    inputs = [without_words(case["input"]) for case in cases]
    values = [[*([row[id]] for row in inputs), [None], [None]] for id in rule.parameters]
    found = excel(f"{RULE_PREFIX}{rule.id}", *values)
    nothing = "" if not all(rule.parameters.values()) else found[-1][0]
    expected = ["" if expected_output(c) is None else pytest.approx(expected_output(c), rel=1e-9) for c in cases]
    assert [row[0] for row in found] == [*expected, nothing, nothing]


# ---------------------------------------------------------------------------- wrong input


@pytest.mark.parametrize("name", [name for name in offered() if name != "xlp_explain"])
@pytest.mark.parametrize("wrong", ["#DIV/0!", "#N/A", "#SPILL!"])
def test_an_error_value_in_any_argument_is_named_in_one_sentence(name, wrong):
    for number, argument in enumerate(offered()[name].arguments[: len(sample(name))]):
        values = [value if isinstance(value, list) else [[value]] for value in sample(name)]
        values[number] = [list(row) for row in values[number]]
        values[number][-1][-1] = wrong
        found = shown(excel(name, *values))
        assert isinstance(found, str)
        assert found.startswith(f"{argument.name}: ")
        assert "error" in found
        assert len(found) <= LONGEST
        assert "\n" not in found


@pytest.mark.parametrize("name", [name for name in offered() if name != "xlp_explain"])
def test_a_number_stored_as_text_is_named_and_never_counted_as_blank(name):
    for number, argument in enumerate(offered()[name].arguments[: len(sample(name))]):
        if argument.kind == "key":
            continue
        values = [value if isinstance(value, list) else [[value]] for value in sample(name)]
        values[number] = [list(row) for row in values[number]]
        values[number][-1][-1] = " 12 "
        found = shown(excel(name, *values))
        assert str(found).startswith(f"{argument.name}: "), found
        assert '" 12 "' in found


@pytest.mark.parametrize("name", list(SAMPLES))
def test_every_table_function_gives_cells_for_ranges_as_rows_or_columns(name):
    assert not isinstance(shown(excel(name, *sample(name))), str) or name == "xlp_explain"
    turned = [
        [list(column) for column in zip(*value, strict=True)]
        if isinstance(value, list) and not (argument.rows and argument.columns)
        else value
        for argument, value in zip(offered()[name].arguments, sample(name), strict=False)
    ]
    assert excel(name, *turned) == excel(name, *sample(name))


@pytest.mark.parametrize("name", list(functions()))
def test_an_argument_that_is_left_out_is_as_good_as_its_value_in_every_row(name):
    """Row by row what stands for it, or blanks; all optional ones at once, and each alone."""
    given = sample(name)
    rows = {a.rows: len(v) for a, v in zip(offered()[name].arguments, given, strict=False) if isinstance(v, list)}
    optional = offered()[name].arguments[len(given) :]
    columns = []
    for argument in optional:
        plain = isinstance(argument.instead, float) or argument.rows in rows
        value = argument.instead if isinstance(argument.instead, float) else None
        columns.append([[value]] * rows.get(argument.rows, 1) if plain and argument.name != "words" else MISSING)
        if argument.name == "foundation_place":
            columns[-1] = [[1], [2]]
    for number in range(len(optional)):
        alone = [MISSING] * len(optional)
        alone[number] = columns[number]
        if optional[number].name not in ("line_area", "strengthens_from"):
            assert excel(name, *given, *alone) == excel(name, *given), optional[number].name
    assert excel(name, *given, *columns) == excel(name, *given)


@pytest.mark.parametrize("name", list(SAMPLES))
def test_a_required_argument_that_is_left_out_is_named(name):
    for number, argument in enumerate(offered()[name].arguments):
        if argument.required and number < len(sample(name)):
            values = sample(name)
            values[number] = MISSING if number else [[None]]
            found = shown(excel(name, *values))
            assert argument.name in found or name == "xlp_explain"


@pytest.mark.parametrize("name", list(SAMPLES))
def test_tables_of_pandas_and_numpy_are_ranges_too(name):
    plain = offered()[name](*sample(name))
    frames = [pd.DataFrame(value, dtype=object) if isinstance(value, list) else value for value in sample(name)]
    arrays = [np.array(value, dtype=object) if isinstance(value, list) else value for value in sample(name)]
    assert offered()[name](*frames) == offered()[name](*arrays) == plain


WRONG = (
    (
        "years with a gap",
        "recurring_cost",
        [[[2027, 2029]], 2, 3, 4],
        "year: 2029 follows 2027; expected one year after the other.",
    ),
    (
        "a range too long",
        "recurring_cost",
        [YEARS, [[2], [2]], [[1], [2], [3]], 4],
        "base_quantity: 3 rows, where line_nature has 2; make them equal.",
    ),
    (
        "a table turned on its side",
        "device_replacement",
        [[[1, 2, 3], [1, 2, 3]], [[1], [2], [3]]],
        "line_useful_life: 3 rows, where units_needed has 2; make them equal.",
    ),
    (
        "years and costs that differ",
        "present_value",
        [YEARS, [[1, 2]], 0.03],
        "total_cost: 2 columns, where year has 3; make them equal.",
    ),
    (
        "a hole in a line",
        "recurring_cost",
        [YEARS, [[2], [2]], [[1], [None]], 4],
        "base_quantity: row 2 is blank; fill it, or clear the whole row.",
    ),
    (
        "a word of no list",
        "recurring_cost",
        [YEARS, [["rent"]], 1, 4],
        'line_nature: the cell holds the text "rent"; expected 1 to 3 or one of one-off, recurring, equipment.',
    ),
    (
        "a share above the whole",
        "present_value",
        [YEARS, [[1, 2, 3]], 3],
        "discount_rate: the cell holds 3; expected a number from 0 to 1.",
    ),
    (
        "a negative price",
        "recurring_cost",
        [YEARS, 2, 1, -4],
        "planned_unit_cost: the cell holds -4; expected a number from 0 up.",
    ),
    (
        "a life of nothing",
        "device_replacement",
        [[[1, 2]], 0],
        "line_useful_life: the cell holds 0; expected a number from 0.5 to 50.",
    ),
    (
        "a truth value",
        "recurring_cost",
        [YEARS, 2, True, 4],
        "base_quantity: the cell holds True; expected a number from 0 up.",
    ),
    (
        "money under no heading",
        "budget",
        [[[1], [2]], [["a"], ["b"]], [["x"], ["y"]], [["a"]]],
        'row_head lacks the text "b", which has money; add it.',
    ),
    (
        "a lowest amount above the value",
        "range",
        [[[80], [101]], [[100], [100]], [[150], [120]]],
        "low: row 2 holds 101, above base 100; correct one of them.",
    ),
    (
        "a highest amount below the value",
        "range",
        [[[80]], [[100]], [[99]]],
        "high: row 1 holds 99, below base 100; correct one of them.",
    ),
    (
        "a lowest amount without a value",
        "range",
        [[[80], [90]], [[None], [100]], [[150], [120]]],
        "base: row 1 is blank; type a number.",
    ),
    (
        "half of what belongs together",
        "first_open_year",
        [*SAMPLES["xlp_first_open_year"], [[3], [3]], [[2028], [2028]], [[1]]],
        "strengthens_from is missing, which belongs to line_area; give both.",
    ),
    (
        "a rule that is not",
        "explain",
        ["units_replacd"],
        "rule: no rule 'units_replacd'; did you mean units_replaced, units_kept, units_added?",
    ),
    (
        "too large a number",
        "cost_by_year",
        [YEARS, [[2], [2]], [[1e300], [1e300]], 1e300],
        "The result is too large a number; check the arguments for one that is too large.",
    ),
)


@pytest.mark.parametrize(("name", "arguments", "sentence"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_wrong_input_gives_one_sentence(name, arguments, sentence):
    assert shown(excel(f"xlp_{name}", *arguments)) == sentence


@pytest.mark.parametrize("name", list(SAMPLES))
def test_ranges_that_xlwings_reads_as_tables_of_pandas_give_the_same(name):
    options = {"convert": pd.DataFrame, "index": False, "header": False, "ndim": 2}
    frames = [
        SIDE.conversion.read(xw.Range(impl=xw._xlwindows.Range(xl=as_excel(value))), None, options)
        if isinstance(value, list)
        else value
        for value in sample(name)
    ]
    assert any(isinstance(frame, pd.DataFrame) for frame in frames) or name == "xlp_explain"
    assert offered()[name](*frames) == offered()[name](*sample(name))


def test_arrays_that_excel_calculates_on_the_way_are_ranges_too():
    assert excel("xlp_cost_by_year", (2027.0, 2028.0), 2.0, ((2.0,), (3.0,)), 10.0) == [[50, 50], [0, 0], [50, 50]]


def test_a_key_stored_as_text_is_the_same_key():
    levels = excel("xlp_maturity_level", [[1], [2]], [["1"], [" 1"], [2]], [["Yes"], ["Yes"], ["No"]])
    assert levels == [[3], [1]]


def test_money_typed_as_currency_arrives_as_a_decimal_number():
    assert excel("xlp_rule_funding_gap", [[Decimal("1.5")]], [[Decimal(2)]]) == [[3.5]]


# ---------------------------------------------------------------------------- by hand


def test_tablets_that_last_four_years_are_replaced_by_a_steady_share():
    """A quarter of 100 wears out and 5 % are lost: 30 a year at 200 each, none in the first year."""
    found = excel("xlp_recurring_cost", YEARS, [["Equipment, replaced"]], 100, 200, *[MISSING] * 5, 4, 0.05)
    assert found == [[0, 6000, 6000]]


def test_batches_return_after_their_life():
    """40 in use before count as bought in 2026; 60 are added in 2027: of three years' life, 40 return in 2029."""
    assert excel("xlp_device_replacement", [[100, 100, 100, 100]], 3, 0, 40, 1) == [[0, 0, 40, 60]]


def test_a_course_for_600_with_refreshers_and_turnover():
    """600 new; then 600 x 20 % newcomers and half for a refresher: 420 people, 14 classes of 30."""
    found = excel("xlp_training_cascade", [[2027, 2028]], [[600, 600]], MISSING, MISSING, 0.2, 2, 5, 30, 2, 2)
    assert found == [[600, 420], [3000, 2100], [20, 14], [280, 196]]


def test_levels_and_gates_take_and_give_words():
    levels = [["Early progress"], ["Adequate"]]
    assert excel("xlp_gate_status", levels, [[1], [2]], [[3], [2]], [["no"], ["unknown"], ["conditions"], ["yes"]]) == [
        ["conditions"]
    ]
    assert excel("xlp_gate_blockers", levels, [[1], [2]], [[3], [2]], [["low"], ["mid"], ["high"]]) == [["high"], [""]]


def test_a_budget_by_area_and_category_adds_every_amount_once():
    amounts, areas, categories = (
        [[1, 2], [3, 4], [5, 6]],
        [["North"], ["south"], ["NORTH"]],
        [["staff"], ["staff"], [None]],
    )
    found = excel("xlp_budget", amounts, areas, categories)
    assert found == [["", "staff", ""], ["North", 3, 11], ["south", 7, 0]]
    assert excel("xlp_budget", amounts, areas, [[2027, 2028]], [["south"], ["north"]]) == [
        ["", 2027, 2028],
        ["south", 3, 4],
        ["north", 6, 8],
    ]


def test_present_value_counts_at_the_end_of_each_year():
    """100 a year for two years at 25 %: 80 and 64."""
    assert shown(excel("xlp_present_value", [[2027, 2028]], [[100, 100]], 0.25)) == pytest.approx(144)
    assert shown(excel("xlp_equivalent_annual_cost", [[2027, 2028]], [[100, 100]], 0.25)) == pytest.approx(100)


def test_a_gap_is_never_netted_between_sources():
    """Source 1 is 20 short, source 2 has 500 to spare; 25 of the second line has no source."""
    found = excel("xlp_funding_gap", [[100], [50]], [[1, 0], [0, 0.5]], [[80], [525]])
    assert shown(found) == 20 + 25


def test_explain_gives_the_entry_of_the_rule_book():
    found = shown(excel("xlp_explain", "xlp_rule_units_replaced"))
    assert "Devices that wear out or are lost in a year" in found
    assert "Formula: ROUNDUP(" in found


# ---------------------------------------------------------------------------- native formulas


def test_table_functions_give_what_formualizer_calculates(national_calculated):
    assert list(differing(national_calculated, excel)) == []


def test_table_functions_give_what_libreoffice_calculates(national_calculated):
    calculated = replace(national_calculated, found=libreoffice_values(national_calculated.data))
    assert list(differing(calculated, excel)) == []


def test_replacement_by_cohort_gives_what_formualizer_calculates():
    assert list(differing(made(cohort(example("national")), stored_values), excel)) == []


@pytest.mark.parametrize("name", ["blank", "kenya-paper", "worked-example"])
def test_other_plans_give_what_formualizer_calculates(name):
    assert list(differing(made(example(name), stored_values, LINE_ROWS), excel)) == []


@pytest.mark.parametrize("seed", range(6))
def test_plans_with_awkward_numbers_give_what_formualizer_calculates(seed):
    plan = with_small_tables(random_plan(seed))
    assert list(differing(made(plan, stored_values, LINE_ROWS), excel)) == []


def test_a_wrong_total_is_seen(national_calculated, monkeypatch):
    def nothing_before(found: Any, **fields: Any) -> Any:
        grid = kinds.before(found, **fields)
        return replace(grid, cells=[0.0] * len(grid.cells))

    monkeypatch.setitem(kinds.KINDS, "Before", nothing_before)  # type: ignore[arg-type]
    assert any("device_replacement" in sentence for sentence in differing(national_calculated, excel))


def test_a_wrong_native_number_is_seen(national_calculated):
    place = national_calculated.layout.places["recurring_cost"]
    cell = (national_calculated.layout.title(place.sheet), f"G{place.row + 2}")
    planted = replace(national_calculated, found={**national_calculated.found, cell: 1.0})
    assert [s.split(":")[0] for s in differing(planted, excel)] == ["xlp_recurring_cost, row 3, column 2"]


def test_the_python_sheet_says_that_everything_agrees(national_calculated):
    words = [national_calculated.found["Python", f"E{row}"] for row in range(6, 6 + len(CALLS))]
    assert words == ["agrees"] * len(CALLS)


def test_at_most_twenty_array_calls():
    assert len(CALLS) <= 20
    assert {f"xlp_{call.function}" for call in CALLS} <= set(functions())


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.function)
def test_a_call_hands_over_the_arguments_of_its_function_in_their_order(call):
    names = [argument.name for argument in offered()[call.name].arguments]
    assert [name.replace("answers.answer", "answer_place") for name in call.reads] == names[: len(call.reads)]


def test_a_source_without_committed_money_between_others_leaves_its_cost_open():
    """Cost 100; 50 % on a source without money, 30 % on one with 100, 20 % on none: 50 + 20 are open."""
    found = excel("xlp_funding_gap", [[100.0]], [[0.5, 0.3]], [[None], [100.0]])
    assert found == [[70.0]]
