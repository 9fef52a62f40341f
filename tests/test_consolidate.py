"""Many plans put together: sums that a person made, two other engines, files that are left out with their reason."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from districts import book, column, district, east, line, north, put_together, sheet, south, written
from returned import with_number
from xlplan.cli import main
from xlplan.consolidate.extract import Extract, Line, extract
from xlplan.consolidate.standing import COPY, COUNTED, QUARANTINED, REPLACED, shared_activities, standings
from xlplan.consolidate.store import write_database
from xlplan.problems import PlanError


@cache
def books() -> Mapping[str, bytes]:
    return {"north.xlsx": book(north()), "south.xlsx": book(south()), "coast/east.xlsx": book(east())}


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return written(tmp_path / "plans", books())


@pytest.fixture
def national(plans: Path) -> Path:
    put_together(plans)
    return plans.parent / "national.xlsx"


YEARS = {"2027": (3000, 600), "2028": (3300, 600), "2029": (300, 0)}
"""By hand: 1,000 + 2,000 in the first two years, 300 from the second to the third; 600 of hosting once a year."""


def test_the_total_is_what_a_person_adds_up(national: Path) -> None:
    for year, (own, shared) in YEARS.items():
        found = column(national, "Summary", year, "All counted plans")
        assert found["Own costs of the plans"] == own
        assert found["Shared activities, counted once"] == shared
        assert found["Total cost"] == own + shared
        assert found["Largest difference"] == 0


def test_units_areas_categories_and_sources_are_what_a_person_adds_up(national: Path) -> None:
    assert column(national, "By unit", "Total", "Unit") == {"": 6600, "North": 2000, "South": 4000, "East": 600}
    by_area = {"DHIS2 security and compliance": 3200, "Training end users": 4000, "HIV surveillance": 600}
    assert column(national, "By area", "Total", "Area") == {"Total": 7800, **by_area}
    by_category = {"Technical assistance": 2000, "Local operational costs": 5800}
    assert column(national, "By category", "Total", "Category") == {"Total": 7800, **by_category}
    by_source = {"Ministry of Health": 1600, "Global fund": 1100, "No source": 1200, "Total": 3900}
    assert column(national, "By source", "2028", "Source") == by_source


def workbook_sums(national: Path) -> dict[tuple[str, str, int], float]:
    """By unit, area, category and source as the workbook says, by year; own costs and shared ones together."""
    found = {}
    for title in ("By area", "By category", "By source"):
        heads, _, *rows = sheet(national, title)
        years = [int(year) for year in heads[2:]]
        found |= {(title, row[0], year): money for row in rows for year, money in zip(years, row[2:], strict=True)}
    return {key: money for key, money in found.items() if money}


def frame_sums(frame: pd.DataFrame) -> dict[tuple[str, str, int], float]:
    """The same sums as pandas makes them of the rows of the store."""
    words = {"security": "DHIS2 security and compliance", "training": "Training end users"}
    words |= {"local_operational": "Local operational costs", "technical_assistance": "Technical assistance"}
    frame = frame[frame["counted"]]
    found = {}
    for title, name in (("By area", "area"), ("By category", "category")):
        for (entry, year), money in frame.groupby([name, "year"])["cost"].sum().items():
            found[title, words.get(entry, entry), year] = money
    parts = [
        (source, row.year, share * row.cost)
        for row in frame.itertuples()
        for source, share in [*row.shares, ("No source", 1 - sum(share for _, share in row.shares))]
    ]
    for (source, year), money in pd.DataFrame(parts, columns=["s", "y", "m"]).groupby(["s", "y"])["m"].sum().items():
        found["By source", source, year] = money
    return {key: money for key, money in found.items() if abs(money) > 1e-9}


def differing(one: Mapping[Any, float], other: Mapping[Any, float]) -> list[Any]:
    return [key for key in one | other if abs(one.get(key, 0) - other.get(key, 0)) > 1e-6]


def test_pandas_adds_the_rows_of_the_store_up_to_the_same_totals(national: Path) -> None:
    frame = pq.read_table(national.with_suffix(".parquet")).to_pandas()
    assert differing(workbook_sums(national), frame_sums(frame)) == []


def test_a_planted_wrong_cost_is_seen_by_pandas(national: Path) -> None:
    frame = pq.read_table(national.with_suffix(".parquet")).to_pandas()
    frame.loc[frame["line"] == "hiv", "cost"] += 1
    found = differing(workbook_sums(national), frame_sums(frame))
    assert ("By area", "HIV surveillance", 2028) in found


def test_a_database_adds_up_by_unit_and_source(plans: Path) -> None:
    target = plans.parent / "national.duckdb"
    put_together(plans, store=target)
    with duckdb.connect(str(target), read_only=True) as database:
        units = database.execute("SELECT unit, sum(cost) FROM costs WHERE counted GROUP BY ALL").fetchall()
        sources = database.execute("SELECT source, cost FROM by_source WHERE year = 2028 AND cost > 0").fetchall()
        areas = database.execute("SELECT sum(cost) FROM by_area").fetchall()
        files = database.execute("SELECT status, count(*) FROM files GROUP BY ALL").fetchall()
    assert dict(units) == {"North": 3200, "South": 4000, "East": 600}
    assert dict(sources) == {"Ministry of Health": 1600, "Global fund": 1100, "": 1200}
    assert (areas, files) == ([(7800,)], [("counted", 3)])


def test_a_planted_wrong_cost_is_seen_by_the_database(national: Path, tmp_path: Path) -> None:
    rows = pq.read_table(national.with_suffix(".parquet"))
    wrong = rows.set_column(
        rows.column_names.index("cost"), "cost", pa.array([c + 1 for c in rows["cost"].to_pylist()])
    )
    pq.write_table(wrong, tmp_path / "wrong.parquet")
    write_database(tmp_path / "wrong.duckdb", tmp_path / "wrong.parquet", standings([plan_of("north.xlsx")]))
    with duckdb.connect(str(tmp_path / "wrong.duckdb"), read_only=True) as database:
        assert database.execute("SELECT sum(cost) FROM by_area").fetchall() != [(7800,)]


def test_every_cost_leads_to_its_line_in_its_file(national: Path, plans: Path) -> None:
    rows = pq.read_table(national.with_suffix(".parquet")).to_pylist()
    assert len(rows) == 10
    for row in rows:
        with CalamineWorkbook.from_path(str(plans / row["file"])) as found:
            cells = found.get_sheet_by_name(row["sheet"]).to_python(skip_empty_area=False)
        assert cells[int(row["cell"].strip("C")) - 1][2] == row["activity"]


def test_every_unit_leads_to_the_cell_of_its_total(national: Path, plans: Path) -> None:
    heads, _, *rows = sheet(national, "By unit")
    for row in rows:
        title, _, address = row[heads.index("Cell of its total")].partition("!")
        with CalamineWorkbook.from_path(str(plans / row[heads.index("File")])) as found:
            stored = found.get_sheet_by_name(title).to_python(skip_empty_area=False)[int(address[1:]) - 1][3]
        hosting = 0 if row[1] == "East" else 1200
        assert stored == row[heads.index("Total")] + hosting


def test_a_file_whose_stored_total_is_wrong_is_counted_by_its_inputs_with_a_note(plans: Path) -> None:
    wrong = with_number(books()["north.xlsx"], "Budget", "D9", 9999.0)
    (plans / "north.xlsx").write_bytes(wrong)
    found = put_together(plans)
    assert (found.counts, found.problems) == ({"counted": 3}, [])
    assert column(plans.parent / "national.xlsx", "By unit", "Total", "Unit")["North"] == 2000
    notes = sheet(plans.parent / "national.xlsx", "Duplicates and quarantined")[1:]
    assert notes[0][:4] == [
        "north.xlsx", "Note", "north.xlsx, Budget!D9", "the file shows 9,999; the engine finds 3,200, which is counted",
    ]  # fmt: skip


def test_files_that_are_no_plans_are_left_out_with_their_reason(plans: Path) -> None:
    (plans / "cut.xlsx").write_bytes(books()["north.xlsx"][:50_000])
    (plans / "list.xlsx").write_bytes(b"not a workbook")
    (plans / "~$north.xlsx").write_bytes(b"lock of a program")
    found = put_together(plans)
    assert found.counts == {"counted": 3, "quarantined": 2}
    rows = {row[0]: row for row in sheet(plans.parent / "national.xlsx", "Duplicates and quarantined")[1:]}
    assert set(rows) == {"cut.xlsx", "list.xlsx"}
    assert rows["cut.xlsx"][1:4] == ["Quarantined", "cut.xlsx", "not a workbook, or cut short"]


def test_the_same_plan_twice_is_counted_once(plans: Path) -> None:
    (plans / "copy of north.xlsx").write_bytes(books()["north.xlsx"])
    found = put_together(plans)
    assert found.counts == {"counted": 3, "copy": 1}
    assert column(plans.parent / "national.xlsx", "Summary", "Total", "All counted plans")["Total cost"] == 7800


def test_equal_plans_give_equal_workbooks_and_stores(plans: Path) -> None:
    home = plans.parent
    put_together(plans)
    before = [(home / f"national.{kind}").read_bytes() for kind in ("xlsx", "parquet")]
    put_together(plans)
    assert [(home / f"national.{kind}").read_bytes() for kind in ("xlsx", "parquet")] == before


WORDS = [("en", "By unit", "Total cost"), ("fr", "Par unité", "Coût total"), ("pt", "Por unidade", "Custo total")]


@pytest.mark.parametrize(("language", "title", "total"), WORDS)
def test_the_workbook_speaks_the_language_that_is_asked_for(plans: Path, language: str, title: str, total: str) -> None:
    put_together(plans, language=language)
    with CalamineWorkbook.from_path(str(plans.parent / "national.xlsx")) as found:
        assert found.sheet_names[1] == title
        words = [row[0] for row in found.get_sheet_by_index(0).to_python()]
    assert total in words


def test_what_was_typed_is_never_a_formula_of_the_workbook(plans: Path) -> None:
    typed = district("=1+1", line("audit", 5), title="=HYPERLINK(1)", country="@Examplia")
    (plans / "odd.xlsx").write_bytes(book(typed))
    put_together(plans)
    rows = sheet(plans.parent / "national.xlsx", "By unit")
    assert ["@Examplia", "=1+1", "district", "=HYPERLINK(1)"] in [row[:4] for row in rows]


# ------------------------------------------------------------------------------------------------ judging


def plan_of(name: str, unit: str = "North", **more: Any) -> Extract:
    given = {"hash": name, "digest": name, "currency": "USD", "template": "dhis2", "plan": "district"} | more
    return Extract(name, unit=unit, country="Examplia", first_year=2027, years=2, price_year=2027, **given)


def statuses(*plans: Extract, **told: Any) -> list[str]:
    found = standings(plans, **told)
    return [found[plan.name].status for plan in plans]


OLD, NEW = plan_of("a.xlsx", data_date="2027-01-05"), plan_of("b.xlsx", " north ", data_date="2027-02-01")


def test_of_two_versions_none_counts_unless_the_newest_was_asked_for() -> None:
    assert statuses(OLD, NEW) == [QUARANTINED, QUARANTINED]
    assert statuses(OLD, NEW, newest=True) == [REPLACED, COUNTED]


def test_the_time_of_saving_decides_between_versions_of_one_day() -> None:
    early, late = (
        replace(OLD, saved="2027-01-05T08:00:00Z"),
        replace(OLD, name="c", digest="c", saved="2027-01-06T07:00:00Z"),
    )
    assert statuses(late, early, newest=True) == [COUNTED, REPLACED]


def test_versions_of_one_age_are_left_out_even_so() -> None:
    assert statuses(OLD, replace(OLD, name="c.xlsx", digest="c"), newest=True) == [QUARANTINED, QUARANTINED]


def test_plans_without_a_unit_are_not_taken_for_versions_of_each_other() -> None:
    one, other = plan_of("a", "", title="District A"), plan_of("b", "", title="District B", data_date="2028-01-01")
    assert statuses(one, other, newest=True) == [QUARANTINED, QUARANTINED]


def test_equal_inputs_are_one_plan_whatever_the_files_are_called() -> None:
    assert statuses(OLD, replace(OLD, name="z.xlsx", hash="other")) == [COUNTED, COPY]


def test_two_plans_of_one_unit_are_both_counted() -> None:
    assert statuses(OLD, replace(NEW, plan="hiv_programme")) == [COUNTED, COUNTED]


def test_currencies_are_never_added_up() -> None:
    shillings = plan_of("k.xlsx", "Coast", currency="KES")
    with pytest.raises(PlanError, match=r"KES \(1 plans\), USD \(1 plans\)"):
        standings([OLD, shillings])
    assert statuses(OLD, shillings, currency="kes") == [QUARANTINED, COUNTED]


def test_plans_of_two_templates_are_refused() -> None:
    with pytest.raises(PlanError, match="one template"):
        standings([OLD, plan_of("s.xlsx", "Coast", template="case_management")])


def hosting(cost: list[float], **shares: float) -> Line:
    return Line("h", "Host", "area", "infrastructure", "", "", "HOST", "Costs!C7", cost, [0, 0], [0, 0], shares)


def test_copies_of_a_shared_activity_that_disagree_are_told_and_the_first_counts() -> None:
    one = plan_of("a.xlsx", "A", lines=(hosting([600, 600], ministry=1),))
    other = plan_of("b.xlsx", "B", lines=(hosting([600, 650], ministry=1),))
    activities, told = shared_activities([one, other])
    assert activities[0].counted == {"a.xlsx": {2027, 2028}, "b.xlsx": set()}
    assert ("b.xlsx, Costs!C7", "host costs 650 in 2028", "600, as in a.xlsx") in [
        (problem.where, problem.found, problem.expected) for problem in told
    ]


def test_copies_of_a_shared_activity_with_other_sources_are_told() -> None:
    one = plan_of("a.xlsx", "A", lines=(hosting([600, 600], ministry=1),))
    other = plan_of("b.xlsx", "B", lines=(hosting([600, 600], ministry=0.5, fund=0.5),))
    assert ["ministry 50%, fund 50%" in problem.found for problem in shared_activities([one, other])[1]] == [True]


def test_years_that_only_a_later_plan_has_are_counted_from_it() -> None:
    one = plan_of("a.xlsx", "A", lines=(hosting([600, 600], ministry=1),))
    later = replace(plan_of("b.xlsx", "B", lines=(hosting([600, 600], ministry=1),)), first_year=2028)
    activities, told = shared_activities([one, later])
    assert (activities[0].counted, told) == ({"a.xlsx": {2027, 2028}, "b.xlsx": {2029}}, [])


def test_the_extract_has_the_cost_of_the_engine() -> None:
    found = extract("north.xlsx", books()["north.xlsx"], "")
    results = north().evaluate()
    for one in found.lines:
        rows = results.costs[results.costs["line"] == one.id]
        assert one.cost == rows["cost"].tolist()


# ------------------------------------------------------------------------------------------------ the command


def run(*words: object) -> Any:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_command_puts_a_folder_and_a_pattern_together(plans: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    result = run("consolidate", plans / "coast", plans / "*.xlsx", "-o", target, "--processes", 1)
    assert (result.exit_code, f"Made {target}: 3 counted." in result.output) == (0, True)
    again = run("consolidate", plans, "-o", target)
    assert (again.exit_code, "exists already" in again.output) == (1, True)


def test_the_command_refuses_other_endings_and_empty_folders(tmp_path: Path) -> None:
    assert run("consolidate", tmp_path, "-o", tmp_path / "out.csv").exit_code == 2
    assert run("consolidate", tmp_path, "-o", tmp_path / "out.xlsx", "--store", tmp_path / "out.csv").exit_code == 2
    result = run("consolidate", tmp_path, "-o", tmp_path / "out.xlsx")
    assert (result.exit_code, "no workbook" in result.output) == (1, True)
