"""The solver against plain Python that tries every start of every line, on tasks small enough for that."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.path import solver
from xlplan.path.aim import Aim, Raise
from xlplan.path.obstacles import obstacles
from xlplan.path.solver import cheapest, least_breach
from xlplan.path.task import Choice, Goal, Order, Task, Want

YEARS = (2027, 2028, 2029)
LINES = "abcdef"


def all_ways(task):
    """Every set of starts in which each line begins at most once."""
    lines = sorted({choice.line for choice in task.choices})
    options = [[None, *(c for c in task.choices if c.line == line)] for line in lines]
    for chosen in product(*options):
        yield [choice for choice in chosen if choice]


def allowed(task, chosen):
    """Written from the sentences of the task, with nothing of the programme in it."""
    starts = {(choice.line, choice.year) for choice in chosen}
    for goal in task.goals:
        met = [want for want in goal.wants if starts & want.ways]
        if any(want.must and want not in met for want in goal.wants) or sum(w.points for w in met) < goal.points:
            return False
    if any(order.start in starts and not starts & order.after for order in task.orders):
        return False
    return within(task.ceilings, [choice.cost for choice in chosen]) and within(
        task.days_left, [choice.days for choice in chosen]
    )


def within(limits, uses):
    return all(most is None or sum(use[n] for use in uses) <= most for n, most in enumerate(limits))


def cost(chosen):
    return sum(sum(choice.cost) for choice in chosen)


def least_cost(task):
    return min((cost(chosen) for chosen in all_ways(task) if allowed(task, chosen)), default=None)


def amounts(most):
    return st.tuples(*[st.integers(0, most).map(float)] * len(YEARS))


@st.composite
def tasks(draw):
    """Up to six lines over three years, with goals, orders and bounds."""
    keys = [(line, year) for line in LINES[: draw(st.integers(1, 6))] for year in YEARS]
    choices = tuple(
        Choice(line, year, draw(amounts(9)), draw(amounts(4))) for line, year in keys if draw(st.integers(0, 3))
    )
    starts = st.frozensets(st.sampled_from(keys), max_size=6)
    want = st.builds(Want, st.just("want"), starts, st.integers(0, 2).map(float), st.booleans())
    goal = st.builds(Goal, st.just("goal"), st.integers(0, 3).map(float), st.lists(want, max_size=3).map(tuple))
    known = [choice.start for choice in choices]
    order = st.builds(Order, st.sampled_from(known), starts, st.just("requires")) if known else st.nothing()
    bounds = st.tuples(*[st.none() | st.integers(0, 12).map(float)] * len(YEARS))
    return Task(
        years=YEARS,
        choices=choices,
        goals=tuple(draw(st.lists(goal, max_size=2))),
        orders=tuple(draw(st.lists(order, max_size=3))) if known else (),
        ceilings=draw(bounds),
        days_left=draw(bounds),
    )


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_no_set_of_starts_is_cheaper_than_the_one_that_the_solver_finds(task):
    taken, least = cheapest(task), least_cost(task)
    assert (taken is None) == (least is None)
    if taken is not None:
        assert allowed(task, task.chosen(taken))
        assert cost(task.chosen(taken)) == pytest.approx(least, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(tasks())
def test_no_smaller_ceilings_in_sum_would_do_than_those_that_are_named(task):
    answer = least_breach(task, {"money"})
    ways = [chosen for chosen in all_ways(task) if allowed(replace(task, ceilings=()), chosen)]
    assert (answer is None) == (not ways)
    if answer:
        over = sum(answer.breaches.values())
        assert over == pytest.approx(min(beyond(task, chosen) for chosen in ways), abs=1e-4)
        raised = [
            most if most is None else most + answer.breaches.get(("money", n), 0)
            for n, most in enumerate(task.ceilings)
        ]
        assert allowed(
            replace(task, ceilings=tuple(m if m is None else m + 1e-5 for m in raised)), task.chosen(answer.taken)
        )


def beyond(task, chosen):
    uses = [sum(choice.cost[n] for choice in chosen) for n in range(len(YEARS))]
    return sum(max(0, use - most) for use, most in zip(uses, task.ceilings, strict=True) if most is not None)


def small(**changes):
    """Line a costs 9 in 2027; line b 5 in 2027 or 4 in 2028, and takes 3 days; either serves."""
    a, b, late = (
        Choice("a", 2027, (9, 0, 0), (0, 0, 0)),
        Choice("b", 2027, (5, 0, 0), (3, 0, 0)),
        Choice("b", 2028, (0, 4, 0), (0, 3, 0)),
    )
    goal = Goal("security", 0, (Want("funded-line", frozenset({a.start, b.start, late.start}), must=True),))
    return replace(Task(YEARS, (a, b, late), (goal,)), **changes)


def test_the_cheapest_start_is_taken():
    assert cheapest(small()) == {("b", 2028)}


def test_a_ceiling_moves_the_start():
    assert cheapest(small(ceilings=(None, 3.0, None))) == {("b", 2027)}


def test_days_of_the_core_team_move_the_choice():
    assert cheapest(small(days_left=(2.0, 2.0, 0.0))) == {("a", 2027)}


def test_a_start_that_is_its_own_condition_may_be_taken():
    order = Order(("b", 2028), frozenset({("b", 2028), ("a", 2027)}), "requires")
    assert cheapest(small(orders=(order,))) == {("b", 2028)}


def test_a_start_that_needs_another_brings_it_along():
    order = Order(("b", 2028), frozenset({("a", 2027)}), "requires")
    assert cheapest(small(orders=(order,))) == {("b", 2027)}


def test_among_equally_cheap_ways_the_one_with_fewest_lines_is_taken():
    free = Choice("c", 2027, (0, 0, 0), (0, 0, 0))
    assert cheapest(small(choices=(*small().choices, free))) == {("b", 2028)}


def test_a_planted_dearer_answer_is_seen(monkeypatch):
    """The brute force is an oracle: it refuses a solver that counts another year's money."""
    task = small()
    monkeypatch.setattr(solver, "taken", lambda *_: frozenset({("a", 2027)}))
    assert cost(task.chosen(cheapest(task))) > least_cost(task)


AIM = Aim("p", "tracker", 2029, (Raise("security", 2, 3, 2028),))


def test_too_little_money_is_named_with_what_would_do():
    ((found,),) = obstacles(small(ceilings=(3.0, 3.0, None)), AIM, 1)
    assert (found.kind, found.year, found.limit, found.needed) == ("money", 2028, 3, 4)


def test_money_or_days_are_named_apart_where_either_would_do():
    task = small(ceilings=(8.0, 8.0, None), days_left=(2.0, 2.0, None))
    found = [[(o.kind, o.year, o.limit, o.needed) for o in group] for group in obstacles(task, AIM, 1)]
    assert found[0] == [("money", 2027, 8, 9)]
    assert [kind for kind, *_ in found[1]] == ["days"]


def test_what_nothing_priced_brings_about_is_named():
    goal = Goal("security", 2, (Want("security-audit", frozenset(), 2),))
    ((found,),) = obstacles(small(goals=(goal,)), AIM, 1)
    assert (found.kind, found.name, found.after) == ("want", "security-audit", "security")


def test_an_order_that_nothing_keeps_is_named():
    task = small(choices=small().choices[1:2], orders=(Order(("b", 2027), frozenset(), "requires", "se-policy"),))
    ((found,),) = obstacles(task, AIM, 1)
    assert (found.kind, found.name, found.after, found.year) == ("order", "b", "se-policy", 2027)


def test_work_that_would_have_to_begin_before_the_plan_is_named_with_the_first_year_that_works():
    aim = replace(AIM, year=2027, raises=(Raise("security", 1, 3, 2025),))
    ((found,),) = obstacles(small(), aim, 1)
    assert (found.kind, found.name, found.needed) == ("time", "security", 2029)
