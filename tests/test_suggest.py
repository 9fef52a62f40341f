"""Suggested cost lines, the catalogue they come from, and workbooks in another language."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlplan import load
from xlplan.catalogue import load_catalogue, spoken_catalogue
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.suggest import Wish, with_suggestions
from xlplan.words import Words

HIV = "HIV cases:tracker:metadata_package:2029"


def suggested(plan: Plan, *programmes: str, weak: tuple[str, ...] = ()) -> Plan:
    return with_suggestions(plan, Wish(programmes, weak))


def test_the_catalogue_has_what_the_documentation_names() -> None:
    items = load_catalogue().items.values()
    assert len(items) >= 150
    assert {item.area for item in items} >= {*load_catalogue().bands, "operations", "whole_plan"} - {"foundation"}
    assert {item.area for item in items} >= {d.id for d in load_catalogue().band_domains("foundation")}
    assert [item.id for item in items if item.nature == "one_off" and not (item.tail or item.waiver)] == []


@pytest.mark.parametrize("domain", [d.id for d in load_catalogue().band_domains("foundation")])
def test_each_foundation_has_seven_to_ten_questions_with_must_haves(domain: str) -> None:
    questions = [question for question in load_catalogue().questions.values() if question.domain == domain]
    assert 5 <= len(questions) <= 10
    assert any(question.must for question in questions)
    assert all(question.advice and question.evidence and question.items for question in questions)


@pytest.mark.parametrize("band", ["aggregate", "tracker"])
def test_each_kind_of_use_has_four_to_eight_questions(band: str) -> None:
    assert 4 <= len(load_catalogue().band_questions(band)) <= 8


def test_a_programme_brings_its_lines_switched_off_and_without_price(blank: Plan) -> None:
    plan = suggested(blank, HIV)
    assert [row["label"] for row in plan.rows("programmes")] == ["HIV cases"]
    lines = plan.rows("lines")
    assert lines
    assert {line["on"] for line in lines} == {"suggested"}
    assert not any("unit_cost" in line or "price" in line for line in lines)
    assert {line["area"] for line in lines} == {plan.rows("programmes")[0]["id"]}
    assert plan.evaluate().number("cash") == 0


def test_the_approach_decides_which_lines_come(blank: Plan) -> None:
    existing, package = (
        {line["item"] for line in suggested(blank, f"TB:aggregate:{approach}").rows("lines")}
        for approach in ("existing_tools", "metadata_package")
    )
    assert "ag-package" in package - existing


@pytest.mark.parametrize("approach", ["metadata_package", "tracker_field_tested", "existing_tools"])
def test_a_tracker_is_field_tested_and_adjusted_from_a_package_or_from_scratch(approach: str, blank: Plan) -> None:
    items = {line["item"] for line in suggested(blank, f"TB:tracker:{approach}").rows("lines")}
    assert {"tr-pilot", "tr-adjust"} <= items


def test_a_weak_domain_brings_its_items_and_each_continues_inside_the_plan(blank: Plan) -> None:
    plan = suggested(blank, weak=("security",))
    items = {item.id for item in load_catalogue().items.values() if item.area == "security"}
    assert {line["item"] for line in plan.rows("lines")} == items
    ids = {line["id"] for line in plan.rows("lines")}
    assert all(line["tail"] in ids for line in plan.rows("lines") if "tail" in line)


def test_what_the_plan_has_is_not_suggested_again(blank: Plan) -> None:
    once = suggested(blank, weak=("security",))
    assert suggested(once, weak=("security",)).rows("lines") == once.rows("lines")


def test_every_suggestion_is_a_plan_that_a_workbook_can_hold(blank: Plan, tmp_path: Path) -> None:
    words = ["new", str(tmp_path / "s.xlsx"), "--programme", HIV, "--weak", "all"]
    assert CliRunner().invoke(main, words, catch_exceptions=False).exit_code == 0
    assert load(tmp_path / "s.xlsx").rows("lines") == suggested(blank, HIV, weak=("all",)).rows("lines")


@pytest.mark.parametrize("wish", ["X:trackers", "X:tracker:by_magic", "X:tracker::1999"])
def test_a_wish_that_makes_no_sense_is_refused(wish: str, blank: Plan) -> None:
    with pytest.raises(PlanError) as refusal:
        suggested(blank, wish)
    assert wish in str(refusal.value)


def test_an_unknown_domain_is_refused(blank: Plan) -> None:
    with pytest.raises(PlanError):
        suggested(blank, weak=("secrecy",))


class Marked(Words):
    """A language in which every text stands between brackets."""

    def __call__(self, text: str) -> str:
        return f"[{text}]" if text else text


def test_another_language_changes_words_and_no_number(blank: Plan) -> None:
    marked = replace(blank, catalogue=spoken_catalogue("dhis2", Marked("xx")))
    assert marked.catalogue.domains["security"].label == "[DHIS2 security and compliance]"
    assert marked.evaluate().number("cash") == blank.evaluate().number("cash")
    assert marked == blank
