"""Copies of a plan: compared, merged, brought from older templates, shared."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from click.testing import CliRunner, Result

from returned import by_id, saved, small_book, worked_example
from xlplan import PlanError, load
from xlplan.cli import main
from xlplan.difference import changes, effects, log_entries, sentence
from xlplan.merge import merged
from xlplan.plan import Plan, Value
from xlplan.share import shared

OLD = Path(__file__).parent / "old"
"""Workbooks of earlier templates, as they were shipped, each with the plan file it was made of."""


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture(scope="module")
def base() -> Plan:
    plan = worked_example()
    return replace(plan, origin=plan.digest)


def with_values(plan: Plan, table: str, number: int, **values: Value | None) -> Plan:
    """The plan with other values in one row; nothing for a blank."""
    rows = list(plan.rows(table))
    row = {**rows[number], **values} if number < len(rows) else values
    rows[number : number + 1] = [{key: value for key, value in row.items() if value is not None}]
    return replace(plan, tables={**plan.tables, table: tuple(rows)})


def without(plan: Plan, table: str, number: int) -> Plan:
    rows = plan.rows(table)
    return replace(plan, tables={**plan.tables, table: (*rows[:number], *rows[number + 1 :])})


def said(before: Plan, after: Plan) -> list[str]:
    return [sentence(change, before, after) for change in changes(before, after)]


# diff


def test_equal_plans_differ_in_nothing(base: Plan) -> None:
    assert (said(base, base), effects(base, base)) == ([], [])


def test_a_changed_price_is_said_in_words_with_its_effect(base: Plan) -> None:
    """The tablet costs 10 more; the engine says by how much the plan does."""
    before = float(str(base.rows("prices")[1]["unit_cost"]))
    after = with_values(base, "prices", 1, unit_cost=before + 10)
    assert said(base, after) == [f"Price items, tablet (Tablet): Unit cost was {before:,g}, is {before + 10:,g}"]
    more = after.evaluate().number("cash") - base.evaluate().number("cash")
    assert any(str(e).startswith("Total cost:") and f"({more:+,.2f})" in str(e) for e in effects(base, after))


def test_a_changed_level_says_domain_round_and_what_it_does_to_the_gates(base: Plan) -> None:
    number = next(n for n, row in enumerate(base.rows("levels")) if row["domain"] == "infrastructure")
    after = with_values(base, "levels", number, level="not_yet_achieved")
    assert "Infrastructure" in said(base, after)[0]
    assert "is 'Not yet achieved'" in said(base, after)[0]
    assert any("Gate today" in str(effect) for effect in effects(base, after))


def test_added_and_removed_rows_are_said_with_their_entries(base: Plan) -> None:
    after = with_values(without(base, "versions", 0), "prices", 99, id="new", label="Server", unit_cost=9)
    words = said(base, after)
    assert "Price items, new (Server): added" in words
    assert any(text.startswith("Versions, ") and text.endswith(": removed") for text in words)


def test_who_changed_it_is_said_where_the_log_says_so(base: Plan) -> None:
    after = with_values(base, "versions", 99, id="v-two", label="Draft 2", author="A. Otieno", reason="New prices")
    assert log_entries(base, after) == ["Draft 2, A. Otieno, New prices"]


def test_diff_compares_two_files(base: Plan, tmp_path: Path) -> None:
    one = saved(small_book(base)[0], tmp_path)
    other = saved(small_book(with_values(base, "prices", 1, unit_cost=1))[0], tmp_path, "south.xlsx")
    result = run("diff", one, other)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Price items, tablet (Tablet): Unit cost was" in result.stdout
    assert "Funding gap:" in result.stdout
    assert run("diff", one, one).stdout == "No entry differs.\n"


# merge


def test_what_either_copy_changed_is_taken(base: Plan) -> None:
    one, other = with_values(base, "prices", 0, unit_cost=1), with_values(base, "prices", 1, unit_cost=2)
    found = merged(base, one, other)
    assert found.conflicts == ()
    assert [row["unit_cost"] for row in found.plan.rows("prices")[:2]] == [1, 2]


def test_what_both_copies_changed_in_the_same_way_is_no_conflict(base: Plan) -> None:
    both = with_values(base, "prices", 0, unit_cost=7)
    assert by_id(merged(base, both, both).plan) == by_id(both)


def test_what_both_changed_keeps_the_base_and_stands_in_the_log(base: Plan) -> None:
    one, other = (with_values(base, "prices", 0, unit_cost=cost) for cost in (1, 2))
    found = merged(base, one, other, ("base.xlsx", "a.xlsx", "b.xlsx"))
    assert found.plan.rows("prices")[0] == base.rows("prices")[0]
    assert len(found.conflicts) == 1
    note = found.plan.rows("assumptions")[-1]
    assert "Unit cost" in note["effect"]
    assert "a.xlsx: 1; b.xlsx: 2" in note["effect"]


def test_years_of_one_series_merge_one_by_one(base: Plan) -> None:
    values = base.rows("drivers")[0]["values"]
    assert isinstance(values, Mapping)
    first, second, *_ = values
    one = with_values(base, "drivers", 0, values={**values, first: 1})
    other = with_values(base, "drivers", 0, values={**values, second: 2})
    assert merged(base, one, other).plan.rows("drivers")[0]["values"] == {**values, first: 1, second: 2}


def test_new_lines_in_the_same_spare_row_are_both_kept(base: Plan) -> None:
    """Each copy fills the row with the ready-made id; one of them gets another."""
    count = len(base.rows("lines"))
    one = with_values(base, "lines", count, id="line-001", activity="North", quantity_1=1)
    other = with_values(base, "lines", count, id="line-001", activity="South", quantity_1=2)
    found = merged(base, one, other)
    assert [row["activity"] for row in found.plan.rows("lines")[-2:]] == ["North", "South"]
    assert len({row["id"] for row in found.plan.rows("lines")}) == count + 2
    assert len(found.moved) == 1


def test_a_price_that_both_added_under_one_name_is_one_price_and_lines_follow_it(base: Plan) -> None:
    count, prices = len(base.rows("lines")), len(base.rows("prices"))
    one = with_values(base, "prices", prices, id="price-001", label="Server", unit_cost=5)
    other = with_values(base, "prices", prices, id="price-002", label="server", unit_cost=5)
    other = with_values(other, "lines", count, id="line-001", activity="Servers", price="price-002")
    found = merged(base, one, other)
    assert [row["id"] for row in found.plan.rows("prices")][prices:] == ["price-001"]
    assert found.plan.rows("lines")[-1]["price"] == "price-001"


def test_a_row_removed_in_one_copy_and_changed_in_the_other_is_a_conflict(base: Plan) -> None:
    found = merged(base, without(base, "versions", 0), with_values(base, "versions", 0, reason="much"))
    assert len(found.conflicts) == 1
    assert any(row.get("reason") == "much" for row in found.plan.rows("versions"))


def test_merge_is_the_same_in_either_order_but_for_names(base: Plan) -> None:
    one, other = with_values(base, "prices", 0, unit_cost=1), with_values(base, "lines", 0, quantity_1=9)
    assert by_id(merged(base, one, other).plan) == by_id(merged(base, other, one).plan)


def test_a_copy_of_another_plan_is_refused(base: Plan) -> None:
    stranger = replace(with_values(base, "prices", 0, unit_cost=1), origin="0" * 16)
    with pytest.raises(PlanError, match="made from another plan"):
        merged(base, base, stranger)


def test_merge_writes_a_workbook_and_lists_conflicts(base: Plan, tmp_path: Path) -> None:
    files = [saved(small_book(plan)[0], tmp_path, name) for plan, name in (
        (base, "base.xlsx"), (with_values(base, "prices", 0, unit_cost=1), "a.xlsx"),
        (with_values(base, "prices", 0, unit_cost=2), "b.xlsx"))]  # fmt: skip
    result = run("merge", *files, "-o", tmp_path / "merged.xlsx")
    assert result.exit_code == 1
    assert "both copies changed it" in result.stderr
    found = load(tmp_path / "merged.xlsx")
    assert found.origin == base.digest
    assert str(found.rows("assumptions")[-1]["label"]).startswith("Merge conflict 1")


# migrate

CHAIN = {"first": "fe2334d", "second": "97c1328", "third": "1033988"}
SAME_TABLES = ("currencies", "drivers", "funders", "lines", "prices", "programmes", "rounds", "versions", "levels")


@pytest.mark.parametrize("name", CHAIN)
def test_a_workbook_of_an_older_template_keeps_every_input(name: str, tmp_path: Path) -> None:
    """Against the plan file that was kept beside it at the time."""
    file = OLD / f"{name}.xlsx"
    result = run("migrate", file, "-o", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / f"{name}-losses.txt").read_bytes() == b""
    found = by_id(load(tmp_path / f"{name}.xlsx"))
    raw = tomllib.loads((OLD / f"{name}.toml").read_text(encoding="utf-8"))
    for table in SAME_TABLES:
        keys = ("domain", "round") if table == "levels" else ("id",)
        for row in raw.get(table, ()):
            own = {f"{table} {[row[key] for key in keys]} {key}": value for key, value in row.items()}
            assert {key: found.get(key) for key in own} == own


def test_an_older_workbook_is_not_read_without_migrating_it(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="use xlplan migrate"):
        load(OLD / "first.xlsx")


def test_what_the_template_of_today_cannot_take_is_named(
    base: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that is gone, and a word that is in no list any more."""
    from xlplan.workbook import legacy

    right = legacy.with_known

    def without_note(found: legacy.Places) -> legacy.Places:
        gone = [place for place in found.inputs if (place.table, place.field) == ("lines", "note")]
        rest = tuple(place for place in found.inputs if place not in gone)
        known = right(replace(found, inputs=rest))
        return replace(known, unknown=tuple((found.blocks[place.block], place) for place in gone))

    monkeypatch.setattr(legacy, "with_known", without_note)
    result = run("migrate", OLD / "first.xlsx", "-o", tmp_path)
    losses = (tmp_path / "first-losses.txt").read_text(encoding="utf-8").splitlines()
    notes = [row["note"] for row in tomllib.loads((OLD / "first.toml").read_text("utf-8"))["lines"] if "note" in row]
    assert result.exit_code == 1
    assert len(losses) == len(notes) > 0
    assert all("first.xlsx, Costs!" in loss and "note is" in loss for loss in losses)


def test_a_workbook_of_today_migrates_to_itself(base: Plan, tmp_path: Path) -> None:
    file = saved(small_book(base)[0], tmp_path)
    (tmp_path / "out").mkdir()
    assert run("migrate", file, "-o", tmp_path / "out").exit_code == 0
    assert by_id(load(tmp_path / "out" / "north.xlsx")) == by_id(base)


# share


def test_a_shared_copy_names_no_person_and_no_machine(base: Plan, tmp_path: Path) -> None:
    named = with_values(base, "versions", 0, author="Amina Otieno")
    named = replace(named, settings={**named.settings, "owner": "Amina Otieno"})
    file = saved(small_book(named)[0], tmp_path)
    assert run("share", file, "-o", tmp_path / "out.xlsx").exit_code == 0
    with ZipFile(tmp_path / "out.xlsx") as package:
        assert not any(b"Amina" in package.read(name) for name in package.namelist())
        assert b">xlplan</dc:creator>" in package.read("docProps/core.xml")
        assert b"lastModifiedBy" not in package.read("docProps/core.xml")
    found = load(tmp_path / "out.xlsx")
    assert "names removed" in str(found.rows("assumptions")[-1]["effect"])
    assert found.evaluate().number("cash") == base.evaluate().number("cash")


def test_salaries_are_shown_in_sum_and_every_total_stays(national: Plan) -> None:
    found = shared(national, salaries=True).plan
    old, new = national.evaluate(), found.evaluate()
    for view in ("area", "category", "head", "grouping", "source"):
        assert np.allclose(old.budget(view), new.budget(view), rtol=1e-9)
    assert np.allclose(old.totals["gap"], new.totals["gap"], rtol=1e-9)
    salary = [
        row
        for row in found.rows("lines")
        if row.get("head") == "salaries" and not str(row["id"]).startswith("salaries-")
    ]
    assert {row.get("unit_cost") for row in salary if "base" not in row} == {0}
    paid = {str(row.get("price")) for row in national.rows("lines") if row.get("head") == "salaries"}
    other = {str(row.get("price")) for row in national.rows("lines") if row.get("head") != "salaries"}
    assert paid - other
    assert not (paid - other) & {str(row["id"]) for row in found.rows("prices")}


def test_the_check_of_totals_sees_a_cost_that_was_left_out(national: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlplan import share

    right = share.sums
    monkeypatch.setattr(share, "sums", lambda plan, groups: tuple(rows[:-1] for rows in right(plan, groups)))
    with pytest.raises(PlanError, match="totals that differ"):
        shared(national, salaries=True)


def test_help_fits_one_screen() -> None:
    lines = run("--help").stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
