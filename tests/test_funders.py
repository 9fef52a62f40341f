"""Exports for funders: amounts worked out by hand, against the engine, read back by other programs; slips refused."""

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conftest import example
from fits import cut_texts
from plans import random_plan
from xlplan.catalogue import load_catalogue, templates, templates_folder
from xlplan.funders.accounts import Account, Accounts, blank_accounts, load_accounts
from xlplan.funders.csvfile import csv_notes, to_csv
from xlplan.funders.layout_files import load_layouts
from xlplan.funders.layouts import Layout
from xlplan.funders.placed import UNFUNDED
from xlplan.funders.reconciliation import reconciliation, table_problems
from xlplan.funders.request import Request, answer
from xlplan.funders.rounding import apportioned, difference, split, whole
from xlplan.funders.table import Table, export_table
from xlplan.plan import Plan, Row
from xlplan.planfile import parse_plan
from xlplan.problems import PlanError
from xlplan.scenarios import in_scenario
from xlplan.shipped import in_language
from xlplan.words import LANGUAGES
from xlplan.workbook.funder_book import funder_book

MADE_UP = templates_folder() / "funders" / "accounts" / "made-up.toml"

PLAN = """
[plan]
format = 1
id = "small"
years = 2
title = "Small plan"
first_year = 2027
reporting_currency = "usd"
price_year = 2027
discount_rate = 0.03
replacement_method = "steady"
current_round = "one"

[[rounds]]
id = "one"
label = "Round"

[[currencies]]
id = "usd"
label = "USD"

[[currencies]]
id = "loc"
label = "LOC"
rates = { 2027 = 2, 2028 = 4 }

[[funders]]
id = "gov"
label = "Ministry"
kind = "domestic"
committed = { 2027 = 1000, 2028 = 100 }

[[funders]]
id = "fund"
label = "Fund"
kind = "external"
committed = { 2027 = 1000, 2028 = 1000 }

[[lines]]
id = "line-a"
activity = "Meetings"
area = "leadership"
category = "local_operational"
nature = "recurring"
quantity_1 = 1
unit_1 = "meeting"
unit_cost = 100.40
grouping = "gf-2"
item = "lg-twg"
shares = { gov = 0.5, fund = 0.5 }

[[lines]]
id = "line-b"
activity = "Meetings of districts"
area = "strategy"
category = "local_operational"
nature = "recurring"
quantity_1 = 1
unit_1 = "meeting"
unit_cost = 100.30
grouping = "gf-2"
item = "lg-twg"
shares = { gov = 1 }

[[lines]]
id = "line-c"
activity = "Adviser"
area = "strategy"
category = "technical_assistance"
nature = "recurring"
quantity_1 = 1
unit_1 = "day"
unit_cost = 100.30
shares = { fund = 0.25 }

[[lines]]
id = "line-d"
activity = "Report"
area = "strategy"
category = "technical_assistance"
nature = "one_off"
quantity_1 = 1
unit_1 = "day"
unit_cost = 0.40
first_year = 2028
grouping = "gf-3"
shares = { fund = 1 }
"""


@pytest.fixture(scope="module")
def small() -> Plan:
    return parse_plan(PLAN)


def amounts(table: Table) -> dict[tuple[str, str], list]:
    """Amounts of each row of an export across, by line and source."""
    at = {head: n for n, head in enumerate(table.heads)}
    return {
        (line.cells[at["Line"]] or "rounding", line.source): [
            cell for cell, year in zip(line.cells, line.years, strict=True) if year
        ]
        for line in table.lines
    }


# Rounding


def test_rounded_amounts_are_those_worked_out_by_hand(small: Plan) -> None:
    """2027: gov 50.20 + 100.30 = 150.50, so 151, and the 1 left goes to line-b; fund 50.20 + 25.075 = 75.275, so 75.

    2028: line-d adds 0.40, fund is 75.675, so 76, and the 1 goes to line-d. The sources then add up to 302, the year
    is 301.40, so 301: the row Rounding takes -1. Halves: what is odd stands in the first one.
    """
    assert amounts(answer(small, Request("two_years"))) == {
        ("line-a", "gov"): [25, 25, 25, 25],
        ("line-a", "fund"): [25, 25, 25, 25],
        ("line-b", "gov"): [51, 50, 51, 50],
        ("line-c", "fund"): [13, 12, 13, 12],
        ("line-c", "unfunded"): [38, 37, 38, 37],
        ("line-d", "fund"): [0, 0, 1, 0],
        ("rounding", "rounding"): [0, 0, 0, -1],
    }


def test_a_currency_at_the_rates_of_the_plan_is_converted_year_by_year(small: Plan) -> None:
    """2 in 2027: gov 100.40 + 200.60 = 301; 4 in 2028: 200.80 + 401.20 = 602."""
    found = amounts(answer(small, Request("two_years", source="gov", currency="LOC")))
    assert found == {("line-a", "gov"): [50, 50, 101, 100], ("line-b", "gov"): [101, 100, 201, 200]}


def test_one_rate_holds_for_all_years(small: Plan) -> None:
    """10: gov 502 + 1003."""
    found = amounts(answer(small, Request("two_years", source="Ministry", currency="XYZ", rate=10)))
    assert found == {("line-a", "gov"): [251, 251, 251, 251], ("line-b", "gov"): [502, 501, 502, 501]}


def test_rows_of_accounts_add_up_their_lines_to_the_cent(small: Plan, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('[[account]]\ncode = "1"\ncategory = "local_operational"\n[[account]]\ncode = "2"\n')
    table = answer(small, Request("chart_of_accounts", accounts=path, first_year=2028))
    assert [line.cells for line in table.lines] == [
        ("1", None, "Ministry", 2028, "USD", Decimal("150.50")),
        ("1", None, "Fund", 2028, "USD", Decimal("50.20")),
        ("2", None, "Fund", 2028, "USD", Decimal("25.48")),
        ("2", None, "Without a source", 2028, "USD", Decimal("75.23")),
        (None, None, "Rounding", 2028, "USD", Decimal("-0.01")),
    ]


@given(st.lists(st.floats(0, 1e9).map(lambda x: round(x, 4)), min_size=1, max_size=40))
def test_parts_add_up_to_the_total_and_none_is_a_whole_unit_off(parts: list[float]) -> None:
    total = whole(sum(parts))
    found = apportioned(np.array(parts), total)
    assert sum(found) == total
    assert all(abs(one - part) < 1 + 1e-6 for one, part in zip(found, parts, strict=True))
    assert all(one == 0 for one, part in zip(found, parts, strict=True) if part == 0)


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 2, 4]))
def test_periods_add_up_to_their_year_and_differ_by_one_unit_at_most(units: int, parts: int) -> None:
    found = split(units, parts)
    assert (sum(found), len(found)) == (units, parts)
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


def test_a_unit_too_much_is_a_difference_and_a_half_rounds_either_way() -> None:
    assert [difference(units, 2.5) for units in (1, 2, 3, 4)] == [-2, 0, 0, 1]


# Against the engine


def all_requests() -> Iterator[tuple[str, Request]]:
    for template in templates():
        plan = example("national", template)
        for layout in load_layouts().values():
            if layout.groupings in ("", plan.catalogue.lists["groupings"].source):
                for source in ("", UNFUNDED, *plan.places["funders"]):
                    yield template, Request(layout.id, source)
                yield template, Request(layout.id, currency="EXL")
                yield template, Request(layout.id, currency="EUR", rate=0.918273)
                yield template, Request(layout.id, first_year=plan.first_year + 2)


REQUESTS = list(all_requests())


@pytest.mark.parametrize(("template", "asked"), REQUESTS, ids=str)
def test_every_export_reconciles_to_zero(template: str, asked: Request) -> None:
    table = answer(example("national", template), asked)
    assert [one for one in reconciliation(table) if one.difference] == []
    assert len(reconciliation(table)) >= len(table.placed.years)


def at_most_whole(plan: Plan) -> Plan:
    """The plan with the shares of each line scaled down to one whole."""

    def scaled(row: Row) -> Row:
        total = sum(row.get("shares", {}).values())
        return {**row, "shares": {id: share / total for id, share in row["shares"].items()}} if total > 1 else row

    return replace(plan, tables={**plan.tables, "lines": tuple(map(scaled, plan.rows("lines")))})


@pytest.mark.parametrize("seed", [*range(30), 120])
def test_random_plans_reconcile_to_zero(seed: int) -> None:
    """That of 120 costs more than 10 to the power 12."""
    plan = at_most_whole(random_plan(seed))
    for layout in load_layouts():
        assert [one for one in reconciliation(answer(plan, Request(layout))) if one.difference] == []


@pytest.mark.parametrize("asked", [Request(id) for id in load_layouts()], ids=str)
def test_an_amount_changed_by_one_unit_is_seen(national: Plan, asked: Request) -> None:
    table = answer(national, asked)
    line = next(line for line in table.lines if line.source == "norland")
    at = next(n for n, year in enumerate(line.years) if year and line.cells[n])
    cells = (*line.cells[:at], line.cells[at] + table.layout.unit, *line.cells[at + 1 :])
    lines = tuple(replace(one, cells=cells) if one is line else one for one in table.lines)
    found = [one for one in reconciliation(replace(table, lines=lines)) if one.difference]
    assert [(one.source, one.year) for one in found] == [("norland", line.years[at]), ("", line.years[at])]
    assert "do not send this file" in str(table_problems(replace(table, lines=lines))[-1])


@pytest.mark.parametrize("layout", load_layouts().values(), ids=lambda layout: layout.id)
def test_a_line_that_got_lost_on_its_way_into_the_rows_is_seen(layout: Layout, national: Plan) -> None:
    """The rounded totals follow the rows, so only the engine's own totals can tell."""
    right = answer(national, Request(layout.id))
    money = right.placed.money.copy()
    money[0] = 0
    wrong = export_table(layout, replace(right.placed, money=money), right.accounts)
    assert {one.source for one in reconciliation(wrong) if one.difference} == {"ministry", ""}


def test_an_export_for_one_source_has_the_rows_that_it_has_in_the_export_for_all(national: Plan) -> None:
    whole_one = answer(national, Request("global_fund"))
    for source in ("ministry", "global_health", "norland", "foundation", UNFUNDED):
        own = tuple(line for line in whole_one.lines if line.source == source)
        assert answer(national, Request("global_fund", source=source)).lines == own != ()


def independent(plan: Plan) -> pd.DataFrame:
    """Money by source and year from the table of costs and the shares as they were typed, nothing of exports."""
    costs = plan.evaluate().costs
    shares = pd.DataFrame(
        [(row["id"], id, share) for row in plan.rows("lines") for id, share in row.get("shares", {}).items()],
        columns=["line", "source", "share"],
    )
    joined = costs.merge(shares, on="line")
    paid = joined.assign(money=joined["cost"] * joined["share"]).groupby(["source", "year"])["money"].sum()
    rest = costs.groupby("year")["cost"].sum() - paid.groupby("year").sum()
    return pd.concat([paid, pd.concat({UNFUNDED: rest}, names=["source"])]).rename("money").reset_index()


def sums_of(heads: list[str], rows: list[list], layout: Layout) -> dict[tuple[str, int], float]:
    """Sums by source and year of a file that another program read, by its headings alone."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    at = {head: n for n, head in enumerate(heads)}
    for row in rows:
        source = row[at["Funding source"]]
        if layout.periods == "down":
            found[source, int(row[at["Year"]])] += float(row[at["Amount"]])
        else:
            for head in (head for head in heads if re.match(r"USD \d{4}", head)):
                found[source, int(head.split()[1])] += float(row[at[head]])
    return found


def wrong_sums(plan: Plan, found: dict[tuple[str, int], float], layout: Layout) -> list[tuple[str, int]]:
    labels = {**plan.labels["funders"], UNFUNDED: "Without a source"}
    years = {year for _, year in found}
    expected = [row for row in independent(plan).itertuples() if row.year in years]
    assert len(expected) == len(years) * (len(plan.rows("funders")) + 1)
    half = layout.rounding / 2 + 1e-6
    return [(row.source, row.year) for row in expected if abs(found[labels[row.source], row.year] - row.money) > half]


@pytest.mark.parametrize("layout", load_layouts().values(), ids=lambda layout: layout.id)
def test_the_workbook_as_calamine_reads_it_holds_the_money_of_each_source_and_year(
    layout: Layout, national: Plan
) -> None:
    data = funder_book(answer(national, Request(layout.id)))
    heads, *rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    found = sums_of(heads, rows, layout)
    assert wrong_sums(national, found, layout) == []
    found["Norland Development Cooperation", 2028] += layout.rounding
    assert wrong_sums(national, found, layout) == [("norland", 2028)]


@pytest.mark.parametrize("layout", load_layouts().values(), ids=lambda layout: layout.id)
def test_the_text_file_as_pandas_reads_it_holds_the_money_of_each_source_and_year(
    layout: Layout, national: Plan
) -> None:
    frame = pd.read_csv(BytesIO(to_csv(answer(national, Request(layout.id)))), sep=layout.delimiter, encoding="utf-8")
    assert wrong_sums(national, sums_of(list(frame.columns), frame.to_numpy().tolist(), layout), layout) == []


def test_the_reconciliation_in_the_workbook_is_zero_and_names_every_source(national: Plan) -> None:
    data = funder_book(answer(national, Request("two_years")))
    _, *rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Reconciliation").to_python()
    assert {row[0] for row in rows} == {*national.labels["funders"].values(), "Without a source",
                                        "All sources with rounding"}  # fmt: skip
    assert {row[4] for row in rows} == {0}
    costs = national.evaluate().totals["cost"]
    found = {int(year): exported for source, year, exported, *_ in rows if source.startswith("All")}
    assert found == {year: pytest.approx(cost, abs=0.5) for year, cost in costs.items()}


def test_an_export_of_a_scenario_names_it(national: Plan) -> None:
    def told(plan: Plan) -> dict[object, object]:
        sheet = CalamineWorkbook.from_filelike(BytesIO(funder_book(answer(plan, Request("two_years")))))
        return dict(row[:2] for row in sheet.get_sheet_by_name("About this export").to_python())

    label = national.labels["scenarios"]["dearer"]
    assert told(in_scenario(national, "dearer"))["Scenario in use"] == label
    assert "Scenario in use" not in told(national)


# What can be imported


@pytest.mark.parametrize("layout", load_layouts())
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_is_a_plain_table_from_the_first_cell_on(layout: str, language: str, national: Plan) -> None:
    table = answer(in_language(national, language), Request(layout))
    book = openpyxl.load_workbook(BytesIO(funder_book(table)))
    for ws in book.worksheets:
        assert ws.merged_cells.ranges == set()
        assert all(cell.value for cell in ws[1])
        assert {cell.data_type for row in ws.iter_rows() for cell in row} <= {"s", "n"}
    first = book.worksheets[0]
    assert tuple(cell.value for cell in first[1]) == table.heads
    assert len(set(table.heads)) == len(table.heads)
    assert (first.max_row, first.max_column) == (len(table.lines) + 1, len(table.heads))


@pytest.mark.libreoffice
@pytest.mark.parametrize("layout", load_layouts())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_an_export_fits_its_cell(layout: str, language: str, national: Plan) -> None:
    data = funder_book(answer(in_language(national, language), Request(layout)))
    assert cut_texts(openpyxl.load_workbook(BytesIO(data))) == []


def test_headings_are_said_in_each_language(national: Plan) -> None:
    for layout in load_layouts():
        heads = {code: answer(in_language(national, code), Request(layout)).heads for code in LANGUAGES}
        assert len(set(heads.values())) == len(LANGUAGES)
    assert "USD 2027 T1" in answer(in_language(national, "fr"), Request("global_fund")).heads
    assert "USD 2027 S2" in answer(in_language(national, "pt"), Request("two_years")).heads


def test_equal_plans_give_equal_bytes(small: Plan) -> None:
    one, other = (funder_book(answer(parse_plan(PLAN), Request("two_years"))) for _ in range(2))
    assert one == other


FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(1)", "\uff1d1", "_x0041_", '=HYPERLINK("http://example.org")', "1.5", "007")


@pytest.fixture(scope="module")
def poisoned(small: Plan) -> Plan:
    lines = tuple(
        {**small.rows("lines")[n % 2], "id": f"line-{n}", "activity": text, "note": text}
        for n, text in enumerate(FORMULAS)
    )
    funders = tuple({**row, "label": f"=2+{n}"} for n, row in enumerate(small.rows("funders")))
    return replace(small, tables={**small.tables, "lines": lines, "funders": funders})


def test_texts_that_look_like_formulas_or_numbers_stay_texts_in_the_workbook(poisoned: Plan) -> None:
    data = funder_book(answer(poisoned, Request("two_years")))
    book = openpyxl.load_workbook(BytesIO(data))
    assert {cell.data_type for ws in book for row in ws.iter_rows() for cell in row if cell.value} == {"s", "n"}
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    at = rows[0].index("Activity")
    assert {row[at] for row in rows[1:]} == set(FORMULAS)


def test_texts_that_look_like_formulas_get_a_mark_in_a_text_file_and_a_note(poisoned: Plan) -> None:
    table = answer(poisoned, Request("two_years"))
    rows = list(csv.reader(io.StringIO(to_csv(table).decode())))
    at = rows[0].index("Activity")
    shown = {row[at] for row in rows[1:]}
    assert shown == {f"'{text}" if text[0] in "=+-@\uff1d" else text for text in FORMULAS}
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+@")] == []
    assert len(list(csv_notes(table))) == 6 + 2


def test_a_separator_inside_a_text_stays_in_it(small: Plan) -> None:
    lines = ({**small.rows("lines")[0], "activity": 'Meetings, "of, two"\tdays; and\nmore'},)
    table = answer(replace(small, tables={**small.tables, "lines": lines}), Request("two_years"))
    rows = list(csv.reader(io.StringIO(to_csv(table).decode())))
    assert rows[1][rows[0].index("Activity")] == 'Meetings, "of, two"\tdays; and\nmore'


# What is refused


def test_a_line_paid_more_than_once_is_refused_with_its_share(small: Plan) -> None:
    lines = ({**small.rows("lines")[0], "shares": {"gov": 0.7, "fund": 0.5}}, *small.rows("lines")[1:])
    with pytest.raises(PlanError) as refused:
        answer(replace(small, tables={**small.tables, "lines": lines}), Request("two_years"))
    said = "line-a: 120% of it is placed on sources; expected at most 100%; lower the shares until they are one whole"
    assert [str(problem) for problem in refused.value.problems] == [f"{said}, then export."]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Request("three_years"), "no layout 'three_years'; expected one of chart_of_accounts, global_fund, two_years"),
        (Request("two_years", source="nobody"), "no source 'nobody'; expected one of gov, fund, unfunded"),
        (Request("two_years", currency="XYZ"), "no currency 'XYZ'; expected one of USD, LOC, or a rate"),
        (Request("two_years", first_year=2031), "2031 is no year of the plan; expected a year from 2027 to 2028"),
    ],
    ids=["layout", "source", "currency", "year"],
)
def test_what_a_plan_does_not_have_is_refused(asked: Request, said: str, small: Plan) -> None:
    with pytest.raises(PlanError, match=re.escape(said)):
        answer(small, asked)


def test_a_currency_without_a_rate_in_a_year_is_refused(small: Plan) -> None:
    currencies = (small.rows("currencies")[0], {"id": "loc", "label": "LOC"})
    plan = replace(small, tables={**small.tables, "currencies": currencies})
    with pytest.raises(PlanError, match="no exchange rate of LOC in 2027, 2028"):
        answer(plan, Request("two_years", currency="loc"))


def test_a_layout_of_other_groupings_is_refused(case_management: Plan) -> None:
    with pytest.raises(PlanError, match="grouped by gfsm-2014; expected groupings of global-fund"):
        answer(case_management, Request("global_fund"))


def test_a_line_without_the_grouping_that_its_layout_needs_is_named_once(small: Plan) -> None:
    said = [str(problem) for problem in table_problems(answer(small, Request("global_fund")))]
    assert said == ["line-c: no grouping; expected one: the layout needs it; choose it on Costs."]


# Accounts


def test_no_account_code_is_shipped_but_for_the_made_up_ones() -> None:
    catalogue = load_catalogue()
    assert {account.code for account in load_accounts(blank_accounts(), catalogue).accounts} == {""}
    made_up = load_accounts(MADE_UP, catalogue).accounts
    assert all(account.code.startswith("X-") and account.label.startswith("Made up: ") for account in made_up)
    shipped = {path.name for path in MADE_UP.parent.iterdir()}
    assert shipped == {blank_accounts().name, MADE_UP.name}


def test_each_blank_code_that_a_plan_needs_is_named_once(small: Plan) -> None:
    said = [problem.found for problem in table_problems(answer(small, Request("chart_of_accounts")))]
    assert said == [
        "no account mapped for Technical assistance, one-off",
        "no account mapped for Technical assistance, recurring",
        "no account mapped for Local operational costs, recurring",
        "no account mapped for rounding",
    ]


def test_a_filled_mapping_leaves_no_account_open(national: Plan) -> None:
    asked = Request("chart_of_accounts", accounts=MADE_UP)
    assert table_problems(answer(national, asked)) == ()


def test_a_line_goes_to_the_first_account_that_takes_it() -> None:
    accounts = Accounts("x", (Account("1", category="a", nature="b"), Account("2", category="a"), Account("1")))
    lines = ({"category": "a", "nature": "b"}, {"category": "a", "nature": "c"}, {"category": "d"})
    assert [accounts.at(accounts.place(line)).code for line in lines] == ["1", "2", "1"]
    assert accounts.place(lines[0]) == accounts.place(lines[2])


ACCOUNT_SLIPS = {
    "code = 1": "x.toml, line 2: code is 1; expected a text; correct code",
    'category = "local"': "no key 'code'; expected [[account]] with it; add code",
    'code = "1"\nnature = "monthly"': "x.toml, line 3: nature 'monthly'; expected one of one_off, recurring, equipment",
    'code = "1"\nhead = "cars"': "x.toml, line 3: head 'cars'",
    'code = "1"\narea = "training"': "x.toml, line 3: key 'area'; expected one of code, label, category",
    'code = "1"\n[[account]]\ncode = "2"\nnature = "one_off"': "line 4: account '2' gets no line: '1' before it takes",
    'code = "1"\n[[acount]]\ncode = "2"': "x.toml, line 3: heading 'acount'; expected [[account]]",
    'code = "1': "x.toml: ",
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ACCOUNT_SLIPS.items(), ids=ACCOUNT_SLIPS.values())
def test_a_slip_in_a_mapping_is_refused_with_file_and_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(f"[[account]]\n{text}\n", encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        load_accounts(path, load_catalogue())
    assert said in str(refused.value)


def test_a_mapping_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('[[account]]\ncode = "1"\n', encoding="utf-8-sig")
    assert load_accounts(path, load_catalogue()).accounts == (Account("1"),)


@pytest.mark.parametrize("bytes", [None, b"\xff\xfe[\x00", b"\x00", b"[[ account ]]\ncode = ''", b"account = 3"])
def test_a_file_that_is_no_mapping_gives_a_problem(bytes: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    if bytes is not None:
        path.write_bytes(bytes)
    with pytest.raises(PlanError, match=r"^x\.toml"):
        load_accounts(path, load_catalogue())


def test_an_empty_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("", encoding="utf-8")
    with pytest.raises(PlanError, match=r"no \[\[account\]\]"):
        load_accounts(tmp_path / "x.toml", load_catalogue())


# Layouts


SLIPS = {
    ("rounding = 1.0", "rounding = 0.5"): "rounding 0.5; expected one of 0.01, 0.1, 1, 10",
    ("rounding = 1.0", 'rounding = "1"'): "rounding is '1'; expected a number",
    ("rounding = 1.0", ""): "no key 'rounding'",
    ('later = "year"', 'later = "never"'): "later 'never'; expected one of year, none",
    ('later = "year"', 'separator = "|"'): "separator '|'; expected one of comma, semicolon, tab",
    ('later = "year"', 'latter = "year"'): "key 'latter'; expected one of id, label",
    ('period = "half_year"', 'period = "month"'): "period 'month'; expected one of year, half_year, quarter",
    ('periods = "across"', 'periods = "up"'): "periods 'up'; expected one of across, down",
    ("detailed_years = 2", "detailed_years = -1"): "detailed_years is -1; expected a whole number from 0",
    ("detailed_years = 2", "detailed_years = true"): "detailed_years is True",
    ('id = "two_years"', 'id = "other"'): "id 'other'; expected 'two_years', as the file",
    ('rows = ["line", "source"]', 'rows = ["line"]'): "rows line; expected source among them",
    ('rows = ["line", "source"]', 'rows = ["lines", "source"]'): "rows 'lines'; expected one of line, source",
    ('rows = ["line", "source"]', 'rows = "line"'): "rows is 'line'; expected a list of texts",
    ('rows = ["line", "source"]', 'rows = ["area", "source"]'): "field 'line'; expected what rows of area, source",
    ('sort = ["area", "line", "source"]', 'sort = ["size"]'): "sort 'size'; expected one of line, source",
    ('sources = ["std-funders"]', 'sources = ["std-other"]'): "sources 'std-other'; expected one of",
    ('field = "note"', 'field = "notes"'): "field 'notes'; expected one of",
    ('field = "note"', 'field = "note", wide = 3'): "key 'wide'; expected one of header, field, quantity, required",
    ('field = "note"', 'field = "note", quantity = "unit_cost"'): "expected a field or a quantity",
    ('field = "note"', 'field = "period"'): "field 'period'; expected periods = \"down\" with it",
    ('field = "note"', 'field = "year"'): "field 'year'; expected periods = \"down\" with it",
    ('field = "note"', 'field = "amount"'): "expected one with the field amount",
    ('field = "note"', 'quantity = "costs"'): "quantity 'costs'; expected a quantity of cost lines",
    ('field = "note"', 'quantity = "cost"'): "quantity 'cost' in money/year; expected a quantity of cost lines",
    ('field = "note"', 'quantity = "line_area"'): "quantity 'line_area' in place",
    ('field = "note"', 'quantity = "total_cost"'): "quantity 'total_cost'; expected a quantity of cost lines",
    ('field = "note"', 'quantity = "units_bought"'): "header 'Note'; expected {year}",
    ('header = "Note"', 'header = "Line"'): "header 'Line' stands twice or is blank",
    ('header = "Note"', 'header = "Note {month}"'): "{month} in a header; expected one of period, year, currency",
    ('header = "Note"', 'header = "Note {"'): "in a header; expected one of",
    ('header = "Note"', 'header = "Note {year}"'): "header 'Note {year}'; expected neither {period} nor {year}",
    ("{currency} {period}", "{currency}"): "header '{currency}'; expected {period}",
    ("[[layout]]", "[[layuot]]"): "heading 'layuot'; expected [[layout]]",
    ('label = "Two years in detail"', 'label = "Two'): "funders/two_years.toml: ",
}  # fmt: skip


def refused(tmp_path: Path, before: str, after: str) -> tuple[str, int]:
    """What loading says after a change of a layout, and the line that was changed."""
    shutil.copytree(templates_folder() / "funders", tmp_path / "funders")
    path = tmp_path / "funders" / "two_years.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(PlanError) as found:
        load_layouts(tmp_path / "funders")
    return str(found.value), text[: text.index(before)].count("\n") + 1


@pytest.mark.parametrize(("slip", "said"), SLIPS.items(), ids=SLIPS.values())
def test_a_slip_in_a_layout_is_refused_with_file_and_line(slip: tuple[str, str], said: str, tmp_path: Path) -> None:
    found, line = refused(tmp_path, *slip)
    assert said in found
    assert "funders/two_years.toml" in found
    if not said.endswith((".toml: ", "no key 'rounding'", "with the field amount", "what rows of area, source")):
        assert f"line {line}" in found


def test_layouts_keep_what_they_say_about_their_sources() -> None:
    """Only the names of the Global Fund's groupings are public: modules and interventions have no entry."""
    layouts = load_layouts()
    assert set(layouts) == {"global_fund", "two_years", "chart_of_accounts"}
    empty = {column.header for column in layouts["global_fund"].columns if column.field == "blank"}
    assert empty == {"Module", "Intervention"}
    for layout in layouts.values():
        assert layout.choices.startswith("Our choice: ")
        assert "std-funders" in layout.sources
