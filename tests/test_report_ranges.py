"""Ranges in the report: the figures of the sheet Ranges, closed forms, and what is said where the two part."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from scipy import stats

from plans import Ends, plan_of_prices, with_small_tables
from reported import Tables, page_tables, range_differences, word_tables
from xlplan.cli import main
from xlplan.drawn import Bar, Drawn, drawn, sheet_ranges
from xlplan.plan import Plan
from xlplan.planfile import write_plan
from xlplan.ranges import SHEET_DRAWS
from xlplan.report.build import report_of
from xlplan.report.content import Bands, Chart, Document, Section, Series, Table, Text, Tornado
from xlplan.report.drawing import LONGEST, name, picture
from xlplan.report.figures import Figures
from xlplan.report.html import page
from xlplan.report.word import word_file
from xlplan.shipped import example_plan, in_language
from xlplan.words import LANGUAGES
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import Layout
from xlplan.workbook.stored import stored_ranges

COMPARED = 9 * (6 + 4) + 10 * 2
"""Eight years and the whole plan, in two tables, and ten bars with two ends."""

COST, GAP = "Ranges of the cost by year, USD", "Ranges of the funding gap by year, USD"
MOST = "What changes the cost of the whole plan most, USD"
ENOUGH = "Chance that committed money is enough for the cost"


def tables_of(plan: Plan) -> Tables:
    return page_tables(page(report_of(plan), plan.catalogue.say))


def chapter(document: Document) -> Section:
    return next(section for section in document.sections if section.id == "ranges")


def texts(document: Document) -> list[str]:
    return [str(getattr(block, "text", "")) for block in chapter(document).blocks]


@pytest.fixture(scope="module")
def national_tables(national: Plan) -> Tables:
    return tables_of(national)


# ---------------------------------------------------------------------------- the sheet Ranges


def test_every_figure_of_the_sheet_stands_in_the_page(national_tables, national_values, layout: Layout):
    assert range_differences(national_tables, national_values, layout) == (COMPARED, [])


def test_every_figure_of_the_sheet_stands_in_the_word_file(national: Plan, national_values, layout: Layout):
    tables = word_tables(word_file(report_of(national), national.catalogue.say))
    assert range_differences(tables, national_values, layout) == (COMPARED, [])


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_other_languages_write_the_figures_of_their_own_sheet(language):
    plan = example_plan(language)
    book = load_workbook(BytesIO(build_workbook(plan, 1)), data_only=True)
    layout = make_layout(plan, line_rows=1)
    assert range_differences(tables_of(plan), book, layout, language) == (COMPARED, [])


@pytest.mark.parametrize(("caption", "row", "column", "wrong"), [
    (COST, "2029", "P50", "3,168,491"), (COST, "Whole plan", "P90", "27,672,000"), (COST, "2031", ENOUGH, "54%"),
    (GAP, "2034", "P10", "0"), (MOST, "1. Users of the registry", "At its highest", "-986,514"),
])  # fmt: skip
def test_a_planted_wrong_figure_is_caught(national: Plan, national_values, layout, caption, row, column, wrong):
    tables = tables_of(national)
    tables[caption][row][column] = wrong
    assert len(range_differences(tables, national_values, layout)[1]) == 1


def test_a_bar_that_is_left_out_is_caught(national: Plan, national_values, layout: Layout):
    tables = tables_of(national)
    del tables[MOST]["10. Vehicle with driver and fuel"]
    assert len(range_differences(tables, national_values, layout)[1]) == 2


def test_costs_as_typed_are_those_of_the_budget(national: Plan, national_tables):
    years = [str(year) for year in national.budget_years]
    budget = national_tables["By year"]["Total"]
    assert [national_tables[COST][year]["As planned"] for year in years] == [budget[year] for year in years]
    assert national_tables[COST]["Whole plan"]["As planned"] == budget["Total"]


# ---------------------------------------------------------------------------- closed forms

FUNDED = """
    [[funders]]
    id = "ministry"
    label = "Ministry"
    committed = { 2027 = 110000 }
"""
TRIANGLE: Ends = (80_000, 100_000, 150_000)


def plan_of(prices: Sequence[Ends], more: str = FUNDED) -> Plan:
    """A line for each price, all paid by the ministry."""
    return plan_of_prices(prices, lines="shares = { ministry = 1 }", more=more)


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%"))


def strays(plan: Plan) -> list[str]:
    """Figures further from the exact triangular distribution than four standard errors of the draws."""
    low, mode, high = TRIANGLE
    exact = stats.triang((mode - low) / (high - low), low, high - low)
    row = next(table for caption, table in tables_of(plan).items() if caption.startswith("Ranges of the cost"))["2027"]
    chances = {head: exact.cdf(number(row[head])) for head in ("P10", "P50", "P90")}
    chances[ENOUGH] = number(row[ENOUGH]) / 100
    wanted = {"P10": 0.1, "P50": 0.5, "P90": 0.9, ENOUGH: exact.cdf(110_000)}
    half_a_percent = {ENOUGH: 0.005}
    return [
        head
        for head, chance in wanted.items()
        if abs(chances[head] - chance) > 4 * np.sqrt(chance * (1 - chance) / SHEET_DRAWS) + half_a_percent.get(head, 0)
    ]


def test_percentiles_and_chance_of_one_price_are_those_of_its_triangle():
    assert strays(plan_of([TRIANGLE])) == []


def test_draws_of_another_shape_stray_from_the_triangle(monkeypatch):
    monkeypatch.setattr("xlplan.sampling.normal_share", np.frompyfunc(lambda score: (1 + np.tanh(score / 2)) / 2, 1, 1))
    assert {"P10", "P90"} <= set(strays(plan_of([TRIANGLE])))


def test_the_bars_of_two_prices_are_what_each_may_change():
    tables = tables_of(plan_of([(90, 100, 105), TRIANGLE]))
    most = next(table for caption, table in tables.items() if caption.startswith("What changes the cost"))
    assert {label: [*row.values()][1:] for label, row in most.items()} == {
        "1. Item 1": ["-20,000", "+50,000"],
        "2. Item 0": ["-10", "+5"],
    }


def test_the_sentence_names_what_matters_most_and_what_comes_next():
    said = [text for text in texts(report_of(plan_of([(90, 100, 105), TRIANGLE]))) if text.startswith("Item 1")]
    assert len(said) == 1
    assert said[0].endswith("-20,000, at its highest by +50,000, all others as planned. Next: Item 0.")


# ---------------------------------------------------------------------------- charts


def range_charts(document: Document) -> list[Chart]:
    return [block for block in chapter(document).blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_charts_say_every_figure_to_those_who_do_not_see_them(language):
    band, tornado = range_charts(report_of(example_plan(language)))
    assert (type(band), type(tornado)) == (Bands, Tornado)
    said = Figures(language).number
    assert all(f"P10 {said(value)}" in band.alternative for value in band.low)
    assert all(f"P90 {said(value)}" in band.alternative for value in band.high)
    assert all(said(value) in tornado.alternative for series in tornado.series for value in series.values)
    assert all(label in tornado.alternative for label in tornado.labels)


def test_the_page_gives_each_picture_its_alternative(national: Plan):
    text = page(report_of(national), national.catalogue.say)
    for chart in range_charts(report_of(national)):
        assert f'alt="{chart.alternative}"' in text


def test_the_band_goes_from_p10_to_p90_and_has_p50_inside(national: Plan):
    band = range_charts(report_of(national))[0]
    columns = zip(band.low, band.series[0].values, band.high, strict=True)
    assert all(low <= middle <= high for low, middle, high in columns)
    assert [series.name for series in band.series] == ["P50", "As planned", "Committed"]


def test_the_widest_bar_is_on_top(national: Plan):
    low, high = (series.values for series in range_charts(report_of(national))[1].series)
    widths = [abs(more - less) for less, more in zip(low, high, strict=True)]
    assert len(widths) == 10
    assert all(before >= after for before, after in pairwise(widths))


def test_names_that_the_letters_of_the_chart_cannot_write_are_numbers():
    assert [name(n, text) for n, text in enumerate(("Câble", "ราคา", "سعر", "ዋጋ"), 1)] == ["1. Câble", "2.", "3.", "4."]


def test_a_long_name_is_shortened_and_lines_are_joined():
    assert name(1, "a\nb\tc") == "1. a b c"
    assert name(2, "x" * 200) == f"2. {'x' * (LONGEST - 1)}…"


def test_a_tornado_of_any_script_and_sign_is_drawn():
    bars = (Series("low", (-5.0, 0.0, 3.0), "A8841A"), Series("high", (9.0, 4.0, 3.0), "14365C"))
    assert picture(Tornado("T", ("ราคา", "سعر $x^2$", "Prix"), bars, "T."), "svg")


# ---------------------------------------------------------------------------- plans without figures


def without(plan: Plan, *marks: str) -> Plan:
    tables = {
        id: tuple({key: value for key, value in row.items() if key not in marks} for row in plan.rows(id))
        for id in ("prices", "drivers")
    }
    return replace(plan, tables={**plan.tables, **tables})


def only_text(plan: Plan) -> str:
    (block,) = chapter(report_of(plan)).blocks
    assert isinstance(block, Text)
    return block.text


def test_a_plan_without_ranges_says_where_to_enter_them(national: Plan):
    said = only_text(without(national, "low", "high", "confidence"))
    assert said.startswith("No range is given so far: enter a lowest and a highest figure, or a confidence, on Prices")


def test_a_plan_without_cost_says_so(blank: Plan):
    plan = replace(blank, tables={**blank.tables, "drivers": ({"id": "users", "label": "Users", "low": 0.5},)})
    assert only_text(plan).startswith("No cost line has a cost so far")


def test_a_price_outside_its_range_is_told_and_not_drawn():
    assert only_text(plan_of([(120, 100, 150)])).startswith("Nothing could be drawn")


def test_ranges_that_change_nothing_have_no_bars():
    driver = f'{FUNDED}\n[[drivers]]\nid = "users"\nlabel = "Users"\nlow = 0.5\nvalues = {{ 2027 = 5 }}\n'
    document = report_of(plan_of([(100, 100, 100)], driver))
    assert "None of the ranges changes the cost of the plan." in texts(document)
    assert [type(chart) for chart in range_charts(document)] == [Bands]


def test_a_plan_of_one_year_has_a_band(national: Plan):
    document = report_of(plan_of([TRIANGLE]))
    assert [len(block.rows) for block in chapter(document).blocks if isinstance(block, Table)] == [2, 2, 1]
    assert all(picture(chart, "png") for chart in range_charts(document))


# ---------------------------------------------------------------------------- what the workbook shows

SAME, OLD, NONE = "shows the same figures.", "is out of date", "shows no figures"


def written(folder: Path, plan: Plan, *typed: tuple[str, str, object]) -> Path:
    """The plan's workbook, with values that a planner typed afterwards."""
    path = folder / "plan.xlsx"
    book = load_workbook(BytesIO(build_workbook(with_small_tables(plan), 1)))
    for sheet, cell, value in typed:
        book[sheet][cell] = value
    book.save(path)
    return path


def told(source: Path, *words: str) -> list[str]:
    """Which of the sentences on the workbook its report says."""
    target = source.with_suffix(".html")
    done = CliRunner().invoke(main, ["report", str(source), "-o", str(target), "--force", *words])
    assert done.exit_code == 0, done.output
    text = target.read_text(encoding="utf-8")
    return [said for said in (SAME, OLD, NONE) if said in text]


def test_a_report_says_that_its_figures_are_those_of_the_workbook(tmp_path):
    assert told(written(tmp_path, plan_of([TRIANGLE]))) == [SAME]


@pytest.mark.parametrize("change", [("Prices", "D6", 101_000), ("Prices", "I6", 79_000), ("Funding", "F6", 111_000)])
def test_a_report_draws_anew_where_the_figures_of_the_workbook_are_old(tmp_path, change):
    assert told(written(tmp_path, plan_of([TRIANGLE]), change)) == [OLD]


def test_a_report_draws_where_the_workbook_shows_nothing(tmp_path):
    plan = without(plan_of([TRIANGLE]), "low", "high")
    assert told(written(tmp_path, plan, ("Prices", "J6", 120_000))) == [NONE]


def test_a_report_of_a_plan_file_speaks_of_no_workbook(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(write_plan(plan_of([TRIANGLE])), encoding="utf-8")
    assert told(path) == []


def test_the_figures_of_a_workbook_in_another_language_are_found(tmp_path):
    plan = plan_of([TRIANGLE])
    path = written(tmp_path, in_language(plan, "fr"))
    assert told(path, "--lang", "en") == [SAME]
    found = sheet_ranges(plan)
    assert found
    assert stored_ranges(path) == drawn(found)


SHOWN = Drawn(((100.0,),) * 3, ((10.0,),) * 3, (100.0,), (50.0,), (0.5,), (0.0,), (Bar("Item", -123456.0, 123456.0),))


@pytest.mark.parametrize(("other", "same"), [
    ({"cost": ((100.0009,),) * 3}, True), ({"cost": ((100.02,),) * 3}, False), ({"typed": (100.5,)}, False),
    ({"committed": (50.5,)}, False), ({"enough": (0.5005,)}, True), ({"no_gap": (0.01,)}, False),
    ({"bars": ()}, False), ({"bars": (Bar("Poste", -123456.0, 123457.0),)}, True),
    ({"bars": (Bar("Item", -123456.0, 123459.0),)}, False),
])  # fmt: skip
def test_figures_agree_up_to_the_last_digit_of_what_is_drawn(other, same):
    assert SHOWN.agrees(replace(SHOWN, **other)) == same
