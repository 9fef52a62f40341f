"""Alignment of funders: what several pay for and what none pays, in plans worked out by hand."""

from dataclasses import replace

import pytest

from test_funders import PLAN
from xlplan.funders.alignment import KINDS, Finding, alignment, spans
from xlplan.plan import Plan, Row
from xlplan.planfile import parse_plan


@pytest.fixture(scope="module")
def small() -> Plan:
    return parse_plan(PLAN)


def found(plan: Plan, kind: str) -> list[Finding]:
    return [one for one in alignment(plan.evaluate()) if one.kind == kind]


def with_lines(plan: Plan, *lines: Row) -> Plan:
    return replace(plan, tables={**plan.tables, "lines": lines})


def test_the_small_plan_is_aligned_as_worked_out_by_hand(small: Plan) -> None:
    """Costs a year: a 100.40 half and half, b 100.30 of gov, c 100.30 of which 75.225 unpaid, d 0.40 once.

    gov has committed 100 for 150.50 in 2028.
    """
    both = (2027, 2028)
    expected = [
        ("same_item", "Technical working group meets", ("line-a", "line-b"),
         {"gov": 301.0, "fund": 100.4}, both, 401.4),
        ("shared_line", "line-a Meetings", ("line-a",), {"gov": 100.4, "fund": 100.4}, both, 200.8),
        ("shared_area", "Leadership and governance", ("line-a",), {"gov": 100.4, "fund": 100.4}, both, 200.8),
        ("shared_area", "Strategy and investment", ("line-b", "line-c", "line-d"),
         {"gov": 200.6, "fund": 50.55}, both, 251.15),
        ("unpaid_line", "line-c Adviser", ("line-c",), {"fund": 50.15}, both, 150.45),
        ("short_source", "Ministry", (), {"gov": 50.5}, (2028,), 50.5),
    ]  # fmt: skip
    told = [(f.kind, f.what, f.lines, f.sources, f.years, f.money) for f in alignment(small.evaluate())]
    assert told == [(*rest, pytest.approx(sources), years, pytest.approx(money))
                    for *rest, sources, years, money in expected]  # fmt: skip


def test_what_sources_pay_one_after_the_other_is_no_overlap(small: Plan) -> None:
    first, second = small.rows("lines")[0], small.rows("lines")[1]
    plan = with_lines(
        small, {**first, "shares": {"fund": 1}, "last_year": 2027}, {**second, "shares": {"gov": 1}, "first_year": 2028}
    )
    assert found(plan, "same_item") == []
    again = with_lines(small, {**first, "shares": {"fund": 1}}, {**second, "shares": {"gov": 1}, "first_year": 2028})
    assert [(one.years, one.sources) for one in found(again, "same_item")] == [
        ((2028,), {"fund": pytest.approx(100.4), "gov": pytest.approx(100.3)})
    ]


def test_lines_without_an_item_are_the_same_by_their_activity(small: Plan) -> None:
    first, second = ({k: v for k, v in row.items() if k != "item"} for row in small.rows("lines")[:2])
    first, second = {**first, "shares": {"fund": 1}}, {**second, "activity": "  MEETINGS "}
    assert [one.what for one in found(with_lines(small, first, second), "same_item")] == ["Meetings"]
    assert found(with_lines(small, first, {**second, "activity": "Meetings of districts"}), "same_item") == []


def test_the_same_item_of_two_programmes_is_no_overlap(small: Plan) -> None:
    programmes = tuple({"id": id, "label": id.upper(), "band": "tracker"} for id in ("hiv", "tb"))
    lines = tuple(
        {**row, "item": "lg-twg", "area": area, "shares": {source: 1}}
        for row, area, source in zip(small.rows("lines")[:2], ("hiv", "tb"), ("gov", "fund"), strict=True)
    )
    plan = replace(small, tables={**small.tables, "programmes": programmes, "lines": lines})
    assert found(plan, "same_item") == []
    same = replace(plan, tables={**plan.tables, "lines": (lines[0], {**lines[1], "area": "hiv"})})
    assert len(found(same, "same_item")) == 1


def test_a_line_that_is_switched_off_overlaps_with_nothing(small: Plan) -> None:
    lines = tuple({**row, "on": "no"} for row in small.rows("lines"))
    assert alignment(with_lines(small, *lines).evaluate()) == ()


def test_a_line_paid_more_than_once_is_told_with_what_is_too_much(small: Plan) -> None:
    line = {**small.rows("lines")[0], "shares": {"gov": 0.75, "fund": 0.5}}
    one = found(with_lines(small, line), "over_funded_line")
    assert [(f.what, f.years, f.money) for f in one] == [("line-a Meetings", (2027, 2028), pytest.approx(50.2))]
    assert found(with_lines(small, line), "unpaid_line") == []


def test_what_no_source_pays_of_all_lines_is_the_cost_that_the_engine_has_without_a_source(national: Plan) -> None:
    results = national.evaluate()
    unpaid = sum(one.money for one in alignment(results) if one.kind == "unpaid_line")
    assert unpaid == pytest.approx(results.number("plan_unplaced_cost"), rel=1e-12)
    short = sum(one.money for one in alignment(results) if one.kind == "short_source")
    assert short == pytest.approx(results.totals["gap"].sum() - unpaid, rel=1e-12)


def test_areas_hold_all_money_that_several_sources_pay(national: Plan) -> None:
    """From the table of costs and the typed shares."""
    costs, shares = national.evaluate().costs, {r["id"]: r.get("shares", {}) for r in national.rows("lines")}
    by: dict[tuple[str, int], dict[str, float]] = {}
    for row in costs.itertuples():
        for source, share in shares[row.line].items():
            of = by.setdefault((row.area, row.year), {})
            of[source] = of.get(source, 0) + share * row.cost
    expected = {
        (area, year): sum(of.values()) for (area, year), of in by.items() if sum(v > 0 for v in of.values()) > 1
    }
    areas = {label: id for id, label in national.labels["areas"].items()}
    told = {areas[one.what]: one for one in found(national, "shared_area")}
    assert {(area, year) for area, one in told.items() for year in one.years} == set(expected)
    assert sum(one.money for one in told.values()) == pytest.approx(sum(expected.values()))


@pytest.mark.parametrize(
    ("years", "said"),
    [((2027,), "2027"), ((2027, 2028), "2027-2028"), ((2027, 2029, 2030), "2027, 2029-2030"), ((), "")],
)
def test_years_are_written_as_spans(years: tuple[int, ...], said: str) -> None:
    assert spans(years) == said


def test_every_kind_of_finding_has_its_words() -> None:
    assert all(title[0].isupper() and not title.endswith(".") for title in KINDS.values())
