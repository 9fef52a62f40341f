"""xlplan path as a planner meets it: what it says, the workbook it makes, and what comes of accepting a proposal."""

import importlib.util
import json
from dataclasses import replace
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import packages as check
import xlplan
from fits import cut_texts
from packages import made_of
from xlplan.cli import main
from xlplan.path.proposal import with_accepted, with_proposal
from xlplan.path.search import find_path
from xlplan.planfile import write_plan
from xlplan.problems import PlanError
from xlplan.shipped import example_path, example_plan
from xlplan.words import LANGUAGES
from xlplan.workbook.build import build_workbook, make_layout

ACCEPT, SOURCE = "Accept", "Source to find"


def weak(plan):
    """The plan with the lines of security as suggestions that nobody pays for."""

    def change(row):
        if row["area"] != "security":
            return row
        return {key: value for key, value in {**row, "on": "suggested"}.items() if key != "shares"}

    return replace(plan, tables={**plan.tables, "lines": tuple(map(change, plan.rows("lines")))})


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    found = tmp_path_factory.mktemp("path") / "weak.toml"
    found.write_text(write_plan(weak(xlplan.load(example_path("dhis2", "worked-example")))), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def proposed(file):
    """The workbook with the proposal to open the gate by 2028."""
    found = file.with_name("proposed.xlsx")
    assert run(file, "--programme", "tb_cases", "--by", "2028", "-o", found).exit_code == 0
    return found


def run(*words):
    return CliRunner().invoke(main, ["path", *map(str, words)])


def typed(source, target, answers):
    """The workbook with a planner's answers on the sheet Proposal: row of the proposal -> heading -> word."""
    book = load_workbook(source)
    sheet = book["Proposal"]
    heads = {cell.value: cell.column for cell in sheet[5]}
    for row, words in answers.items():
        for heading, word in words.items():
            sheet.cell(5 + row, heads[heading]).value = word
    book.save(target)
    return target


def test_the_answer_stands_in_80_columns_with_the_price_of_a_year_earlier(file):
    found = run(file, "--programme", "TB case surveillance")
    assert found.exit_code == 0
    assert max(map(len, found.output.splitlines())) <= 80
    assert "ready with conditions in 2029, for 39,900 USD" in found.output
    assert "One year earlier, from 2028: 48,300 USD, 8,400 USD more." in found.output


def test_what_is_impossible_exits_1_and_says_what_would_do(file):
    found = run(file, "--programme", "tb_cases", "--ceiling", "2027=5000", "--ceiling", "2028=5,000")
    said = " ".join(found.output.split())
    assert found.exit_code == 1
    assert "With at most 5,000 USD in 2027 and 5,000 USD in 2028 it cannot open by 2029" in said
    assert "6,300 USD in 2027 and 8,400 USD in 2028 would do." in said
    assert "Within these bounds 2030 is the first year in which it can open." in said


def test_what_no_later_year_mends_is_said(file):
    found = " ".join(run(file, "--programme", "tb_cases", "--ceiling", "0").output.split())
    assert "it cannot open in any later year of the plan either" in found


def test_json_holds_the_same_figures(file):
    found = json.loads(run(file, "--programme", "tb_cases", "--json").output)
    assert (found["possible"], found["status"], found["path"]["total"]) == (True, "ready with conditions", 39900)
    assert sum(step["total"] for step in found["path"]["steps"]) == sum(found["path"]["cost"].values()) == 39900
    assert found["one_year_earlier"]["total"] == 48300
    refused = json.loads(run(file, "--programme", "tb_cases", "--ceiling", "5000", "--json").output)
    assert (refused["possible"], refused["path"]) == (False, None)
    assert {obstacle["kind"] for obstacle in refused["obstacles"][0]} == {"money"}


def test_a_cut_is_told_with_what_it_saves(file):
    found = run(example_path("dhis2", "worked-example"), "--cut", "External audit")
    assert found.exit_code == 0
    assert "the plan costs 33,600 USD less" in " ".join(found.output.split())
    assert (
        json.loads(run(example_path("dhis2", "worked-example"), "--cut", "audit", "--json").output)["line"] == "audit"
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--programme", "tb_cases", "--cut", "audit"),
        ("--accept",),
        ("--programme", "tb_cases", "-o", "out.txt"),
        ("--programme", "tb_cases", "--ceiling", "much"),
        ("--programme", "tb_cases", "--ceiling", "1999=5"),
        ("--programme", "tb_cases", "--ceiling", "5", "--ceiling", "6"),
    ],
)
def test_wrong_usage_exits_2(file, words):
    assert run(file, *words).exit_code == 2


def test_without_its_solver_the_command_says_what_to_install(file, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr("xlplan.path.solver.find_spec", lambda name: None if name == "scipy" else find(name))
    found = run(file, "--programme", "tb_cases")
    assert found.exit_code == 1
    assert "pip install 'xlplan[optimise]'" in found.output


def test_a_proposal_changes_no_input_of_the_plan(file, proposed):
    found = xlplan.load(proposed)
    rows = found.rows("proposals")
    assert [(row["action"], row.get("line"), row["year"]) for row in rows] == [
        ("target", None, 2028), ("off", "audit", 2027), ("off", "policy", 2027),
    ]  # fmt: skip
    tables = {table: found for table, found in found.tables.items() if table != "proposals"}
    assert replace(found, tables=tables) == replace(xlplan.load(file), origin=found.origin)


def test_a_workbook_with_a_proposal_is_verified_like_any_other(proposed):
    assert CliRunner().invoke(main, ["verify", str(proposed)]).exit_code == 0


def test_what_a_planner_accepts_stands_in_the_new_plan_and_opens_the_gate(file, proposed, tmp_path):
    yes = {ACCEPT: "Yes", SOURCE: "Partner"}
    answered = typed(proposed, tmp_path / "answered.xlsx", {1: {ACCEPT: "Yes"}, 2: yes, 3: yes})
    target = tmp_path / "plan.xlsx"
    assert run("--accept", answered, "-o", target).exit_code == 0
    plan, before = xlplan.load(target), xlplan.load(file)
    results = plan.evaluate()
    assert results.gates_by_year.loc[2028, "tracker"] == "ready with conditions"
    assert results.number("cash") - before.evaluate().number("cash") == pytest.approx(48300)
    assert plan.rows("proposals") == ()


def test_what_is_not_accepted_stays_a_proposal_and_counts_for_nothing(proposed, tmp_path):
    answered = typed(proposed, tmp_path / "answered.xlsx", {3: {ACCEPT: "Yes"}, 2: {ACCEPT: "No"}})
    plan = with_accepted(xlplan.load(answered)).plan
    lines = {row["id"]: row for row in plan.rows("lines")}
    assert (lines["policy"]["on"], lines["policy"]["first_year"]) == ("yes", 2027)
    assert "shares" not in lines["policy"]
    assert lines["audit"]["on"] == "suggested"
    assert [row.get("line") for row in plan.rows("proposals")] == [None, "audit"]
    assert plan.rows("targets")[0]["year"] == 2029


def test_accepting_nothing_is_refused(proposed, tmp_path):
    found = run("--accept", proposed, "-o", tmp_path / "plan.xlsx")
    assert (found.exit_code, (tmp_path / "plan.xlsx").exists()) == (1, False)
    assert "no row accepted" in found.output


def test_an_accepted_row_that_lost_its_year_is_refused(file):
    plan = xlplan.load(file)
    plan = with_proposal(plan, find_path(plan, "tb_cases", 2029).path)
    rows = tuple({k: v for k, v in row.items() if k != "year"} | {"accept": "yes"} for row in plan.rows("proposals"))
    with pytest.raises(PlanError, match="accepted without year"):
        with_accepted(replace(plan, tables={**plan.tables, "proposals": rows}))


def test_a_second_proposal_replaces_only_rows_that_nobody_answered(file):
    plan = xlplan.load(file)
    once = with_proposal(plan, find_path(plan, "tb_cases", 2029).path)
    first, *rest = once.rows("proposals")
    answered = replace(once, tables={**once.tables, "proposals": (first | {"accept": "no"}, *rest)})
    twice = with_proposal(answered, find_path(answered, "tb_cases", 2028).path)
    assert twice.rows("proposals")[0] == first | {"accept": "no"}
    assert len({row["id"] for row in twice.rows("proposals")}) == len(twice.rows("proposals")) == 4


RULES = (
    check.badly_validated, check.dead_links, check.error_values, check.heads_out_of_place, check.literals,
    check.long_formulas, check.uneven_columns, check.uneven_rows, check.wrong_pages, check.wrong_views,
    check.wrongly_locked,
)  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request):
    plan = weak(example_plan(request.param, "worked-example"))
    plan = with_proposal(plan, find_path(plan, "tb_cases", 2028).path)
    return made_of(plan, make_layout(plan, line_rows=1), build_workbook(plan, 1))


@pytest.mark.parametrize("made", ["en"], indirect=True)
def test_a_workbook_with_a_proposal_keeps_the_rules(made):
    assert [fault for rule in RULES for fault in rule(made)] == []


@pytest.mark.libreoffice
def test_every_text_of_a_proposal_fits_its_cell(made):
    title = f"{made.plan.catalogue.say('Proposal')}!"
    shown = load_workbook(BytesIO(made.data), data_only=True)
    assert [fault for fault in cut_texts(shown) if fault.startswith(title)] == []
