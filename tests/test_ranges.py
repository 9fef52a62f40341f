"""Ranges against closed forms, scipy, and the engine one input at a time; no expected number comes from the draws."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from scipy import integrate, optimize, stats

import xlplan.ranges
from engines import Values, formualizer_values, libreoffice_values
from plans import Ends, bare, plan_of_prices, typed_cells, with_small_tables
from xlplan.catalogue import load_catalogue
from xlplan.cli import main
from xlplan.columns import Column
from xlplan.engine import evaluate, recalculate
from xlplan.files import read_package
from xlplan.plan import Plan
from xlplan.planfile import parse_plan, write_plan
from xlplan.problems import PlanError
from xlplan.ranged import overrides, ranged_inputs, triangles
from xlplan.ranges import SHEET_DRAWS, Ranges, ranges
from xlplan.sampling import Triangles, draws, triangular
from xlplan.shipped import example_path
from xlplan.workbook import sheets
from xlplan.workbook.build import build_workbook
from xlplan.workbook.layout import HEAD_ROW
from xlplan.workbook.recalculate import refreshed
from xlplan.workbook.sheets.ranges import COST, ENOUGH, GAP, STATE, TYPED
from xlplan.workbook.verify import verify

EXAMPLE = example_path("dhis2", "national")
COUNT = 40_000
SUMS: Sequence[Ends] = ((80, 100, 150), (10, 10, 40), (0, 300, 320), (45, 50, 55), (5, 25, 25))
"""Lowest, most frequent and highest price of the lines that a sum is made of."""


def correlated(plan: Plan, by: float) -> Plan:
    """The same plan where prices of a category move together by this much."""
    constants = dict(plan.catalogue.constants)
    constants["range_correlation"] = replace(constants["range_correlation"], value=by)
    return replace(plan, catalogue=replace(plan.catalogue, constants=constants))


def scipy_triangle(ends: Ends) -> "stats.rv_continuous_frozen":
    low, mode, high = ends
    return stats.triang((mode - low) / (high - low), low, high - low)


def drawn_costs(prices: Sequence[Ends], correlation: float, seed: int = 3) -> Column:
    plan = correlated(plan_of_prices(prices), correlation)
    return xlplan.ranges.drawn(plan, evaluate(plan), ranged_inputs(plan), COUNT, seed)[0][:, -1]


# ---------------------------------------------------------------------------- one triangle


@pytest.mark.parametrize("ends", SUMS)
def test_a_value_at_a_chance_is_that_of_scipy(ends):
    chances = np.linspace(0.001, 0.999, 101)
    one = Triangles(*(np.array([end], dtype=float) for end in ends), group=np.array([0]))
    assert np.allclose(triangular(chances[:, None], one).ravel(), scipy_triangle(ends).ppf(chances), rtol=1e-9)


def test_what_has_no_range_keeps_its_value_to_the_last_digit():
    sure = Triangles(*(np.array([0.1 + 0.2]),) * 3, group=np.array([0]))
    assert set(triangular(np.linspace(0, 1, 11)[:, None], sure).ravel()) == {0.1 + 0.2}


@pytest.mark.parametrize("ends", SUMS)
def test_the_draws_of_one_price_follow_its_triangle(ends):
    """Kolmogorov-Smirnov: the distance from the exact distribution is what chance allows (1 in 1,000)."""
    assert stats.kstest(drawn_costs([ends], 0.5), scipy_triangle(ends).cdf).pvalue > 1e-3


def test_a_planted_other_shape_does_not_follow_the_triangle(monkeypatch):
    monkeypatch.setattr("xlplan.sampling.normal_share", np.frompyfunc(lambda score: (1 + np.tanh(score)) / 2, 1, 1))
    assert stats.kstest(drawn_costs([SUMS[0]], 0.5), scipy_triangle(SUMS[0]).cdf).pvalue < 1e-3


# ---------------------------------------------------------------------------- sums


def mean_and_variance(prices: Sequence[Ends]) -> tuple[float, float]:
    """Closed form of a sum of independent triangles."""
    mean = sum(sum(ends) / 3 for ends in prices)
    variance = sum((a * a + b * b + c * c - a * b - a * c - b * c) / 18 for a, b, c in prices)
    return mean, variance


def strays(costs: Column, prices: Sequence[Ends]) -> bool:
    """Is mean or variance further from the closed form than four standard errors?"""
    mean, variance = mean_and_variance(prices)
    spread = (costs - costs.mean()) ** 2
    return bool(
        abs(costs.mean() - mean) > 4 * np.sqrt(variance / costs.size)
        or abs(costs.var() - variance) > 4 * spread.std() / np.sqrt(costs.size)
    )


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_independent_prices_add_up_to_the_closed_form_of_mean_and_variance(count):
    assert not strays(drawn_costs(SUMS[:count], 0), SUMS[:count])


def test_a_planted_correlation_strays_from_the_closed_form():
    assert strays(drawn_costs(SUMS, 0.5), SUMS)


def quantile_of_two(one: Ends, other: Ends, chance: float) -> float:
    """By numerical convolution of two exact distributions."""
    first, second = scipy_triangle(one), scipy_triangle(other)

    def below(total: float) -> float:
        kinks = [p for p in (one[1], total - other[1]) if one[0] < p < one[2]]
        found = integrate.quad(lambda x: first.pdf(x) * second.cdf(total - x), one[0], one[2], points=kinks or None)
        return float(found[0]) - chance

    return float(optimize.brentq(below, one[0] + other[0], one[2] + other[2]))


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_quantiles_of_two_independent_prices_are_those_of_their_convolution(percent):
    one, other = SUMS[0], SUMS[2]
    costs, exact = drawn_costs([one, other], 0), quantile_of_two(one, other, percent / 100)
    share = (costs <= exact).mean()
    assert abs(share - percent / 100) < 4 * np.sqrt(percent / 100 * (1 - percent / 100) / COUNT)


def test_prices_in_step_add_up_quantile_by_quantile():
    """With a correlation of 1 the quantile of the sum is the sum of the quantiles."""
    chances = np.array([0.1, 0.5, 0.9])
    exact = sum(scipy_triangle(ends).ppf(chances) for ends in SUMS)
    shares = [(drawn_costs(SUMS, 1) <= total).mean() for total in exact]
    assert np.allclose(shares, chances, atol=4 * 0.5 / np.sqrt(COUNT))


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.5, 0.9])
def test_rank_correlation_inside_a_group_is_that_of_the_normal_scores(correlation):
    """Spearman's rho of two normal scores is 6/pi asin(r/2); it does not change under triangles."""
    one = Triangles(*np.array(SUMS[:3], dtype=float).T, group=np.array([0, 0, 1]))
    values = np.concatenate(list(draws(one, correlation, COUNT, 5, 1000)))
    found, apart = stats.spearmanr(values[:, 0], values[:, 1])[0], stats.spearmanr(values[:, 0], values[:, 2])[0]
    assert abs(found - 6 / np.pi * np.arcsin(correlation / 2)) < 4 / np.sqrt(COUNT)
    assert abs(apart) < 4 / np.sqrt(COUNT)


def test_draws_depend_on_the_seed_and_not_on_the_size_of_a_block():
    one = Triangles(*np.array(SUMS, dtype=float).T, group=np.array([0, 0, 1, 1, 2]))
    first, blocks, other = (
        np.concatenate(list(draws(one, 0.5, 100, seed, block))) for seed, block in ((1, 100), (1, 7), (2, 100))
    )
    assert (first == blocks).all()
    assert not (first == other).any()


# ---------------------------------------------------------------------------- the whole plan


def with_confidence(plan: Plan, confidence: str) -> Plan:
    tables = {id: tuple({**row, "confidence": confidence} for row in plan.rows(id)) for id in ("prices", "drivers")}
    return replace(plan, tables={**plan.tables, **tables})


def without_ranges(plan: Plan) -> Plan:
    marks = ("low", "high", "confidence")
    tables = {
        id: tuple({key: value for key, value in row.items() if key not in marks} for row in plan.rows(id))
        for id in ("prices", "drivers")
    }
    return replace(plan, tables={**plan.tables, **tables})


@pytest.fixture(scope="module")
def found(national: Plan) -> Ranges:
    return ranges(with_confidence(without_ranges(national), "similar"), 400)


def test_the_same_seed_gives_the_same_figures(national: Plan, found: Ranges):
    again = ranges(with_confidence(without_ranges(national), "similar"), 400)
    assert (again.cost == found.cost).all()
    assert (again.enough == found.enough).all()


def test_without_any_range_every_percentile_is_what_the_engine_finds(national: Plan):
    plan = without_ranges(national)
    none, values = ranges(plan, 50), evaluate(plan)
    assert (none.cost[:, :-1] == values["total_cost"]).all()
    assert (none.gap[:, :-1] == values["funding_gap"]).all()
    assert none.swings == ()


def test_draws_at_the_typed_values_give_every_number_of_the_engine(national: Plan):
    plan = with_confidence(without_ranges(national), "similar")
    inputs, values = ranged_inputs(plan), evaluate(plan)
    typed = overrides(values, inputs, np.tile(triangles(inputs).mode, (3, 1)))
    again = recalculate(values, typed, ("total_cost", "funding_gap", "line_cost", "cash"))
    for id, numbers in again.items():
        assert np.allclose(numbers, values[id], rtol=1e-12, atol=1e-6), id


def changed(plan: Plan, table: str, number: int, **fields: object) -> Plan:
    rows = list(plan.rows(table))
    rows[number] = {**rows[number], **fields}
    return replace(plan, tables={**plan.tables, table: tuple(rows)})


def at_end(plan: Plan, table: str, number: int, end: float) -> float:
    """Total cost of the plan when it is typed anew with one input at an end of its range."""
    row = plan.rows(table)[number]
    if table == "prices":
        return float(evaluate(changed(plan, table, number, unit_cost=end))["cash"].item())
    series: Mapping[str, float] = row.get("values", {})  # type: ignore[assignment]
    return float(
        evaluate(changed(plan, table, number, values={year: value * end for year, value in series.items()}))[
            "cash"
        ].item()
    )


def misplaced(found: Ranges) -> list[str]:
    """Bars of the tornado that differ from a plan typed anew."""
    plan = without_ranges(found.plan)
    return [
        swing.input.label
        for swing in found.swings
        for end, cost in ((swing.input.low, swing.low), (swing.input.high, swing.high))
        if not np.isclose(at_end(plan, swing.input.table, swing.input.row, end), cost, rtol=1e-9, atol=0)
    ]


def test_every_bar_of_the_tornado_is_the_cost_of_a_plan_typed_anew(found: Ranges):
    assert {swing.input.table for swing in found.swings} == {"prices", "drivers"}
    assert misplaced(found) == []


def test_a_planted_wrong_bar_is_caught(found: Ranges):
    wrong = replace(found.swings[0], high=found.swings[0].high * 1.001)
    assert misplaced(replace(found, swings=(wrong, *found.swings[1:]))) == [wrong.input.label]


def test_the_tornado_shows_the_ten_inputs_that_move_the_total_most(found: Ranges):
    plan = without_ranges(found.plan)
    widths = {
        one.label: abs(at_end(plan, one.table, one.row, one.high) - at_end(plan, one.table, one.row, one.low))
        for one in found.inputs
    }
    most = sorted(widths, key=lambda label: -widths[label])[:10]
    assert [swing.input.label for swing in found.swings] == most


# ---------------------------------------------------------------------------- money and inputs

FUNDED = """
    [[funders]]
    id = "ministry"
    label = "Ministry"
    committed = { 2027 = 110 }
"""


def test_the_chance_that_money_suffices_is_that_of_the_exact_distribution():
    """One price of 80 to 150, most often 100, and 110 committed."""
    plan = plan_of_prices([SUMS[0]], lines="shares = { ministry = 1 }", more=FUNDED)
    exact = scipy_triangle(SUMS[0]).cdf(110.5)  # money agrees within half a unit
    result = ranges(plan, COUNT)
    assert np.allclose(result.enough, exact, atol=4 * 0.5 / np.sqrt(COUNT))
    assert np.allclose(result.no_gap, exact, atol=4 * 0.5 / np.sqrt(COUNT))


def test_money_that_no_line_is_placed_on_leaves_a_gap_in_every_draw():
    result = ranges(plan_of_prices([SUMS[0]], more=FUNDED), 200)
    assert result.enough[0] > 0
    assert result.no_gap[0] == 0


def test_confidence_gives_the_ends_that_are_blank():
    plan = plan_of_prices([(100, 100, 100), (100, 100, 100)])
    first = changed(plan, "prices", 0, confidence="similar")
    rows = [{k: v for k, v in row.items() if k not in ("low", "high")} for row in first.rows("prices")]
    ends = [
        (one.low, one.high) for one in ranged_inputs(replace(first, tables={**first.tables, "prices": tuple(rows)}))
    ]
    assert ends == [(70, 130)]
    kept = changed(first, "prices", 0, low=95.0)
    assert [(one.low, one.high) for one in ranged_inputs(kept)] == [(95, 100)]


def test_half_of_the_cost_depends_on_a_range_where_one_of_two_equal_prices_has_one():
    assert ranges(plan_of_prices([(100, 100, 100), (80, 100, 150)]), 10).covered == 0.5


def test_every_price_outside_its_range_is_named_at_once():
    with pytest.raises(PlanError) as error:
        ranges(plan_of_prices([(120, 100, 150), (10, 20, 15)]))
    said = [(problem.where, problem.found) for problem in error.value.problems]
    assert said == [
        ("ranges, Price items, Item 0", "lowest is 120"),
        ("ranges, Price items, Item 1", "highest is 15"),
    ]


@pytest.mark.parametrize(("typed", "found"), [('low = "10"', "'10'"), ("low = -1", "-1"), ("high = true", "True")])
def test_text_and_negative_ends_are_refused_with_their_line(typed, found):
    with pytest.raises(PlanError, match=f"est is {found}"):
        parse_plan(f"""
            {bare("p", 1)}
            [[prices]]
            id = "x"
            label = "X"
            unit_cost = 100
            {typed}
        """)


# ---------------------------------------------------------------------------- command and sheet


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_command_says_what_python_finds(national: Plan):
    said = json.loads(run("ranges", EXAMPLE, "--draws", 200, "--seed", 4, "--json").stdout)
    found = ranges(national, 200, 4)
    assert [year["cost"]["p90"] for year in said["years"].values()] == found.cost[2].tolist()
    assert [bar["input"] for bar in said["tornado"]] == [swing.input.label for swing in found.swings]


def test_the_screen_has_a_row_for_each_year_and_fits_80_columns(national: Plan):
    lines = run("ranges", EXAMPLE, "--draws", 100).stdout.splitlines()
    years = [line.split()[0] for line in lines if line[:2] == "20"]
    assert years == [str(year) for year in national.budget_years]
    assert max(map(len, lines)) <= 80


def test_the_command_refuses_ranges_that_are_none_in_a_sentence_each(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(write_plan(plan_of_prices([(120, 100, 150)])), encoding="utf-8")
    result = run("ranges", path)
    assert result.exit_code == 1
    assert "lowest is 120; expected at most 100; correct lowest or the value." in result.stderr


def stored(plan: Plan) -> Values:
    return typed_cells(small(plan))


@cache
def small_text(text: str) -> bytes:
    return build_workbook(with_small_tables(parse_plan(text)), 1)


def small(plan: Plan) -> bytes:
    return small_text(write_plan(plan))


def test_the_sheet_stores_what_the_engine_draws():
    plan = plan_of_prices(SUMS[:2], lines="shares = { ministry = 1 }", more=FUNDED)
    cells, found = stored(plan), ranges(plan, SHEET_DRAWS)
    for row, values in ((COST, found.cost[0]), (COST + 2, found.cost[2]), (TYPED, found.base), (GAP + 1, found.gap[1])):
        for column, value in (("F", values[0]), ("D", values[-1])):
            assert np.isclose(cells["Ranges", f"{column}{row}"], value, rtol=1e-5), (row, column)
    assert np.isclose(cells["Ranges", f"F{ENOUGH}"], found.enough[0], atol=1e-4)


def state_of(data: bytes, engine: Callable[[bytes], Values] = formualizer_values) -> str:
    words = load_catalogue().lists["range_states"]
    labels = {entry.label: entry.id for entry in words.entries}
    return labels[str(engine(data)["Ranges", f"B{STATE}"])]


def typed(data: bytes, sheet: str, cell: str, value: object) -> bytes:
    """The workbook after a planner typed a number and a spreadsheet calculated it."""
    book, target = load_workbook(BytesIO(data)), BytesIO()
    book[sheet][cell] = value
    book.save(target)
    return target.getvalue()


STALE = {
    "a price": ("Prices", "D6", 101),
    "a lowest price": ("Prices", "I6", 79),
    "a confidence": ("Prices", "K6", "B: recent figure"),
    "committed money": ("Funding", "F6", 111),
}


@pytest.mark.parametrize("change", list(STALE))
def test_the_sheet_says_when_the_plan_has_changed(change):
    data = small(plan_of_prices(SUMS[:2], lines="shares = { ministry = 1 }", more=FUNDED))
    assert state_of(data) == "current"
    assert state_of(typed(data, *STALE[change])) == "stale"


def test_libreoffice_says_when_the_plan_has_changed():
    data = small(plan_of_prices(SUMS[:2], lines="shares = { ministry = 1 }", more=FUNDED))
    assert state_of(data, libreoffice_values) == "current"
    assert state_of(typed(data, *STALE["a price"]), libreoffice_values) == "stale"


def test_a_plan_without_ranges_says_so_until_one_is_typed():
    plan = plan_of_prices([(100, 100, 100)])
    rows = tuple({k: v for k, v in row.items() if k not in ("low", "high")} for row in plan.rows("prices"))
    data = small(replace(plan, tables={**plan.tables, "prices": rows}))
    assert state_of(data) == "none"
    assert state_of(typed(data, "Prices", "J6", 120)) == "stale"


def test_a_workbook_with_a_range_that_is_none_is_made_and_its_check_finds_it():
    plan = plan_of_prices([(120, 100, 150), (10, 20, 15)])
    data = small(plan)
    checks = plan.evaluate().checks.set_index("check")["found"]
    assert (checks["lows_above"], checks["highs_below"]) == (1, 1)
    assert (stored(plan).get(("Ranges", f"D{COST}")), state_of(data)) == (None, "stale")


def test_a_returned_workbook_whose_draws_are_old_is_no_finding(tmp_path):
    data = small(plan_of_prices(SUMS[:2], lines="shares = { ministry = 1 }", more=FUNDED))
    path = tmp_path / "returned.xlsx"
    path.write_bytes(refreshed(typed(data, *STALE["a price"]))[0])
    verdict = verify(read_package(path))
    assert [str(problem) for problem in verdict.problems if "Ranges" in problem.where] == []


def test_old_draws_would_be_told_were_the_sheet_not_marked_as_drawn(tmp_path, monkeypatch):
    data = small(plan_of_prices(SUMS[:2], lines="shares = { ministry = 1 }", more=FUNDED))
    path = tmp_path / "returned.xlsx"
    path.write_bytes(refreshed(typed(data, *STALE["a price"]))[0])
    monkeypatch.setattr(sheets.ranges, "SHEET", replace(sheets.ranges.SHEET, drawn=False))
    verdict = verify(read_package(path))
    assert [problem.where for problem in verdict.problems if "Ranges" in problem.where] != []


DRIVER = """
    [[drivers]]
    id = "users"
    label = "Users"
    low = 0.5
    values = { 2027 = 5 }
"""


def test_a_driver_that_no_line_follows_moves_nothing():
    found = ranges(plan_of_prices([(100, 100, 100)], more=DRIVER), 100)
    assert (found.cost == 100).all()
    assert (found.swings, found.covered) == ((), 0)


def test_a_range_of_a_driver_is_one_factor_of_its_series():
    (swing,) = ranges(plan_of_prices([(100, 100, 100)], lines='driver = "users"', more=DRIVER), 100).swings
    assert (swing.low, swing.high) == (250, 500)


@pytest.mark.parametrize(("check", "sheet", "cell"), [
    ("text_in_prices", "Prices", "I6"), ("text_in_prices", "Prices", "J6"), ("text_in_drivers", "Drivers", "G6"),
    ("text_in_drivers", "Drivers", "H6"), ("lows_above", "Prices", "I6"), ("highs_below", "Prices", "J6"),
])  # fmt: skip
def test_a_check_counts_ends_stored_as_text_and_on_the_wrong_side(check, sheet, cell):
    plan = plan_of_prices([(90, 100, 120)], lines='driver = "users"', more=DRIVER)
    value = {"lows_above": 101, "highs_below": 99}.get(check, "1")
    row = HEAD_ROW + 1 + list(plan.catalogue.checks).index(check)
    data = small(plan)
    assert formualizer_values(data)["Checks", f"C{row}"] == 0
    assert formualizer_values(typed(data, sheet, cell, value))["Checks", f"C{row}"] == 1
