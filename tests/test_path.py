"""Paths through whole plans: followed by hand, carried out in the engine, and tried against every other way."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

import xlplan
from xlplan.path import choices
from xlplan.path.accept import accepted
from xlplan.path.compare import status_of
from xlplan.path.cut import cut
from xlplan.path.search import Limits, find_path
from xlplan.problems import PlanError
from xlplan.shipped import example_path


@pytest.fixture(scope="module")
def example():
    return xlplan.load(example_path("dhis2", "worked-example"))


def with_lines(plan, change):
    return replace(plan, tables={**plan.tables, "lines": tuple(map(change, plan.rows("lines")))})


def without_security(plan):
    """Both lines of security as suggestions that nobody pays for: an adequate level cannot come."""

    def change(row):
        if row["area"] != "security":
            return row
        return {key: value for key, value in {**row, "on": "suggested"}.items() if key != "shares"}

    return with_lines(plan, change)


def starts(path):
    return {step.line: step.year for step in path.steps}


def carried_out(plan, path, funder="partner"):
    """Results of the plan with the path accepted."""
    sources = dict.fromkeys((step.line for step in path.steps), funder)
    return accepted(plan, path.steps, path.targets, sources).evaluate()


def test_the_path_of_the_worked_example_by_hand(example):
    """Security needs 15 of 20 points and has 13: policy earns 1 and audit 2, and an audit follows a policy.

    Policy: 20 days at 500, 60 % of them at Early progress, 6,000. Audit: 8,000 in each of four years. Contingency 5 %.
    Both begin in the last year that shows in time.
    """
    found = find_path(without_security(example), "tb_cases", 2029)
    assert starts(found.path) == {"policy": 2028, "audit": 2028}
    assert found.path.cost == (0, 6300 + 8400, 8400, 8400, 8400)
    assert found.path.targets == ()


def test_a_start_date_moves_with_the_year_of_its_line(example):
    """The policy was to start on 1 March 2030; its 6,000 with contingency are due in 2028 instead."""
    undated = without_security(example)
    dated = with_lines(undated, lambda row: row | ({"start": date(2030, 3, 1)} if row["id"] == "policy" else {}))
    path = find_path(dated, "tb_cases", 2029).path
    assert starts(path) == {"policy": 2028, "audit": 2028}
    assert path.cost == (0, 6300 + 8400, 8400, 8400, 8400)
    done = accepted(dated, path.steps, path.targets, {"policy": "partner", "audit": "partner"})
    assert next(row["start"] for row in done.rows("lines") if row["id"] == "policy") == date(2028, 3, 1)
    status = done.evaluate().gates_by_year.loc[2029, "tracker"]
    assert status == status_of(dated, path) == status_of(undated, find_path(undated, "tb_cases", 2029).path)


def test_a_ceiling_spreads_the_cost_over_years(example):
    found = find_path(without_security(example), "tb_cases", 2029, Limits({2028: 10000}))
    assert starts(found.path) == {"policy": 2027, "audit": 2028}
    assert found.path.cost == (6300, 8400, 8400, 8400, 8400)


def test_a_programme_whose_gate_opens_as_planned_needs_no_step(example):
    found = find_path(example, "TB case surveillance")
    assert (found.aim.year, found.path.steps, found.path.total) == (2029, (), 0)


def test_a_year_earlier_brings_the_audit_forward_and_moves_the_target(example):
    found = find_path(without_security(example), "tb_cases", 2028)
    assert starts(found.path) == {"policy": 2027, "audit": 2027}
    assert found.path.total == 6300 + 5 * 8400
    assert [(t.domain, t.level, t.year) for t in found.path.targets] == [("security", "adequate", 2028)]


def test_ceilings_that_are_too_low_are_named_with_those_that_would_do(example):
    found = find_path(without_security(example), "tb_cases", 2029, Limits({2027: 5000, 2028: 5000, 2029: 9000}))
    assert found.path is None
    ((first, second),) = found.obstacles
    assert [(o.kind, o.year, o.limit, o.needed) for o in (first, second)] == [
        ("money", 2027, 5000, 6300), ("money", 2028, 5000, 8400),
    ]  # fmt: skip


def test_work_takes_a_year_for_each_level_unless_another_pace_is_asked_for(example):
    plan = without_security(example)
    assert [o.kind for o in find_path(plan, "tb_cases", 2027).obstacles[0]] == ["time"]
    assert starts(find_path(plan, "tb_cases", 2027, Limits(pace=0)).path) == {"policy": 2027, "audit": 2027}


@pytest.mark.parametrize("year", [2028, 2029, 2030, 2031])
def test_the_engine_finds_the_gate_open_and_the_cost_as_stated_once_a_path_is_carried_out(example, year):
    plan = without_security(example)
    path, before = find_path(plan, "tb_cases", year).path, plan.evaluate()
    after = carried_out(plan, path)
    assert before.gates_by_year.loc[year, "tracker"] == "not ready"
    assert after.gates_by_year.loc[year, "tracker"] in ("ready with conditions", "ready")
    assert list(after.totals["cost"] - before.totals["cost"]) == pytest.approx(path.cost)


def test_the_engine_agrees_on_a_plan_of_150_lines_over_eight_years():
    plan = without_security(xlplan.load(example_path("dhis2", "national")))
    path, before = find_path(plan, "tb_tracker", 2029).path, plan.evaluate()
    after = carried_out(plan, path, plan.rows("funders")[0]["id"])
    assert before.gates_by_year.loc[2029, "tracker"] == "not ready"
    assert after.gates_by_year.loc[2029, "tracker"] in ("ready with conditions", "ready")
    assert list(after.totals["cost"] - before.totals["cost"]) == pytest.approx(path.cost)


def test_a_plan_without_any_source_has_a_path(example):
    lines = tuple({key: value for key, value in row.items() if key != "shares"} for row in example.rows("lines"))
    plan = replace(example, tables={**example.tables, "lines": lines, "funders": ()})
    found = find_path(plan, "tb_cases", 2029)
    assert {step.line: step.state for step in found.path.steps} == {"policy": "unfunded", "audit": "unfunded"}
    assert status_of(plan, found.path) == "ready with conditions"


def test_a_line_that_nobody_pays_for_is_money_to_find_though_it_adds_no_cost(example):
    plan = with_lines(example, lambda row: {k: v for k, v in row.items() if k != "shares" or row["id"] != "audit"})
    plan = with_lines(plan, lambda row: row | ({"first_year": 2030} if row["id"] == "policy" else {}))
    found, before = find_path(plan, "tb_cases", 2029), plan.evaluate()
    assert {step.line: (step.state, step.year) for step in found.path.steps} == {
        "audit": ("unfunded", 2028), "policy": ("funded", 2028),
    }  # fmt: skip
    assert next(step.cost for step in found.path.steps if step.line == "audit") == (0, 8000, 8000, 8000, 8000)
    after = carried_out(plan, found.path)
    assert after.values["unplaced_cost"].sum() == before.values["unplaced_cost"].sum() - 4 * 8000
    assert after.gates_by_year.loc[2029, "tracker"] == "ready with conditions"


def test_money_of_sources_that_is_free_is_a_ceiling(example):
    """Both sources have less than is placed on them, so that not a coin is free."""
    plan = without_security(example)
    poor = tuple(row | {"committed": {"2029": 1.0}, "expected": {}} for row in plan.rows("funders"))
    plan = replace(plan, tables={**plan.tables, "funders": poor})
    found = find_path(plan, "tb_cases", 2029, Limits(within_funding=True))
    assert [(o.kind, o.year, o.limit, o.needed) for o in found.obstacles[0]] == [
        ("money", 2027, 0, 6300), *(("money", year, 0, 8400) for year in (2028, 2029, 2030, 2031)),
    ]  # fmt: skip


def test_days_that_the_core_team_does_not_have_are_named(example):
    plan = with_lines(without_security(example), lambda row: row | ({"team_days": 900} if row["id"] == "audit" else {}))
    ((found, *_),) = find_path(plan, "tb_cases", 2029).obstacles
    assert (found.kind, found.year, found.limit, found.needed) == ("days", 2028, 620, 900)


def test_a_line_without_a_price_is_never_taken_for_free(example):
    plan = with_lines(
        without_security(example),
        lambda row: {k: v for k, v in row.items() if row["id"] != "audit" or k != "unit_cost"},
    )
    found = find_path(plan, "tb_cases", 2029)
    assert found.unpriced == ("audit",)
    assert found.path is None
    assert {o.kind for o in found.obstacles[0]} == {"want"}


def test_a_domain_that_is_not_assessed_is_refused(example):
    rows = tuple(row for row in example.rows("levels") if row["domain"] != "training")
    targets = tuple(row for row in example.rows("targets") if row["foundation"] != "training")
    plan = replace(example, tables={**example.tables, "levels": rows, "targets": targets})
    with pytest.raises(PlanError, match="Training end users: not assessed"):
        find_path(plan, "tb_cases", 2029)


@pytest.mark.parametrize(("programme", "year", "said"), [
    ("malaria", 2029, "no such programme"), ("tb_cases", 2040, "2040 is no year of the plan"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(example, programme, year, said):
    with pytest.raises(PlanError, match=said):
        find_path(example, programme, year)


REGISTER = {
    "id": "register", "on": "suggested", "activity": "Risk register", "area": "security", "item": "se-risk-register",
    "category": "local_operational", "nature": "recurring", "quantity_1": 1,
}  # fmt: skip
PAID = {"on": "yes", "shares": {"partner": 1.0}}


def third(plan, price):
    """A third way for security: a risk register, which earns a point."""
    return replace(plan, tables={**plan.tables, "lines": (*plan.rows("lines"), REGISTER | {"unit_cost": price})})


def reached(plan, begun, year):
    """Does the questionnaire give security its level once what lines begun in time pay for is answered Yes?"""
    items = {row["item"] for row in plan.rows("lines") if begun.get(row["id"], year) < year}
    served = {q.id for q in plan.catalogue.questions.values() if items & set(q.items)}
    answers = tuple(row | ({"answer": "yes"} if row["question"] in served else {}) for row in plan.rows("answers"))
    levels = replace(plan, tables={**plan.tables, "answers": answers}).evaluate().levels
    return levels["security"] == "adequate"


def in_order(plan, begun):
    """An audit follows a policy, and goes on after it by the next year."""
    audit, policy = begun.get("audit"), begun.get("policy")
    if audit and (policy is None or policy > audit):
        return False
    return not policy or policy == plan.budget_years[-1] or (audit is not None and audit <= policy + 1)


def done(plan, begun, year):
    """Results with these lines begun and paid, and security to be adequate from the year."""
    found = with_lines(plan, lambda row: row | (PAID | {"first_year": begun[row["id"]]} if row["id"] in begun else {}))
    targets = tuple(row | ({"year": year} if row["foundation"] == "security" else {}) for row in plan.rows("targets"))
    return replace(found, tables={**found.tables, "targets": targets}).evaluate()


def every_way(plan, lines, year):
    """Cost of every way to open the gate by the year, each carried out in the engine."""
    before = plan.evaluate().number("cash")
    for years in product((None, *plan.budget_years), repeat=len(lines)):
        begun = {line: start for line, start in zip(lines, years, strict=True) if start}
        if in_order(plan, begun) and reached(plan, begun, year):
            after = done(plan, begun, year)
            if after.gates_by_year.loc[year, "tracker"] != "not ready":
                yield after.number("cash") - before


@pytest.mark.parametrize(("price", "year"), [(100, 2029), (9000, 2029), (500, 2030)])
def test_no_way_that_the_engine_can_try_is_cheaper(example, price, year):
    plan = third(without_security(example), price)
    assert find_path(plan, "tb_cases", year).path.total == pytest.approx(
        min(every_way(plan, ("policy", "audit", "register"), year))
    )


def test_a_cost_that_does_not_come_from_the_engine_is_seen(example, monkeypatch):
    plan = without_security(example)
    monkeypatch.setattr(choices, "cents", lambda amounts: tuple(float(a) * 2 for a in amounts))
    assert find_path(plan, "tb_cases", 2029).path.total != pytest.approx(
        min(every_way(plan, ("policy", "audit"), 2029))
    )


def test_another_sector_has_paths_by_its_own_levels_and_gates():
    plan = xlplan.load(example_path("case_management", "national"))
    for row in plan.rows("programmes"):
        found = find_path(plan, row["id"], plan.budget_years[-1])
        assert found.path or found.obstacles


def test_a_cut_says_what_falls_and_what_it_saves(example):
    """Without its audit, security keeps a funded line, so its level holds; the policy loses its continuation."""
    found = cut(example, "External audit")
    assert found.line == "audit"
    assert found.saved == pytest.approx((0, 8400, 8400, 8400, 8400))
    assert [(loss.kind, loss.name) for loss in found.losses] == [("tail", "policy")]


def test_a_cut_of_the_only_line_of_a_domain_shuts_the_gate(example):
    plan = with_lines(example, lambda row: row | ({"on": "no"} if row["id"] == "audit" else {}))
    found = cut(plan, "policy")
    levels = [(loss.name, loss.year, loss.before, loss.after) for loss in found.losses if loss.kind == "level"]
    assert levels == [("security", year, 3, 2) for year in (2029, 2030, 2031)]
    assert [(loss.name, loss.before, loss.after) for loss in found.losses if loss.kind == "opening"] == [
        ("tb_cases", 2029, None)
    ]
    assert {(loss.name, loss.year) for loss in found.losses if loss.kind == "gate"} == {
        ("tracker", year) for year in (2029, 2030, 2031)
    }


@pytest.mark.parametrize(("line", "said"), [("nothing", "no such line"), ("policy", "a line that is not on")])
def test_a_cut_of_what_is_not_there_is_refused(example, line, said):
    with pytest.raises(PlanError, match=said):
        cut(without_security(example), line)


def test_what_continues_a_one_off_that_is_off_and_missing_begins_after_it(example):
    """A policy ten times as dear would make the audit alone the cheaper way, but the audit goes on with the policy."""

    def change(row):
        row = {key: value for key, value in row.items() if key != "item"}
        return row | ({"quantity_1": 200} if row["id"] == "policy" else {})

    levels = (*example.rows("levels"), {"domain": "security", "round": "baseline", "level": "early_progress"})
    plan = with_lines(without_security(example), change)
    plan = replace(plan, tables={**plan.tables, "answers": (), "levels": levels})
    assert starts(find_path(plan, "tb_cases", 2029).path) == {"policy": 2028, "audit": 2029}
