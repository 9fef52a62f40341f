"""Wants: what has to be in place for a domain to reach its level, by its questionnaire and by the rule of targets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from xlplan.path.aim import Aim, Raise
from xlplan.path.task import Choice, Goal, Order, Start, Want
from xlplan.plan import Plan, Row
from xlplan.records import Question
from xlplan.results import Results

FUNDED_LINE = "funded-line"
REQUIRES, CONTINUED, FOLLOWS = "requires", "continued", "follows"


@dataclass(frozen=True)
class Open:
    """A question that is not answered Yes: the points that Yes would earn more, and whether its No caps the level."""

    question: Question
    points: float
    must: bool


def answers_say(results: Results, raised: Raise) -> bool:
    """Is every question of the domain answered, and do the answers give less than the level it needs?"""
    place = results.plan.key_ids("domain").index(raised.domain)
    now = int(results.values["current_round"].item()) - 1
    return bool(0 < results.values["answered_level"][place, now] < raised.needed)


def open_questions(results: Results, domain: str, *, highest: bool) -> Iterator[Open]:
    """Questions of a domain answered Partly or No; a No to a must-have keeps it from the highest level."""
    yes, partly = results.number("points_of_yes"), results.number("points_of_partly")
    answers = {"partly": yes - partly, "no": yes}
    given = {asked.id: answer_of(results.plan, asked.id) for asked in results.plan.asked}
    for asked in results.plan.asked:
        if asked.question and asked.domain == domain and given[asked.id] in answers:
            must = asked.question.must and highest and given[asked.id] == "no"
            yield Open(asked.question, answers[given[asked.id]], must)


def answer_of(plan: Plan, question: str) -> str:
    now = plan.text("current_round")
    rows = (row for row in plan.rows("answers") if row["question"] == question and row["round"] == now)
    return str(next(rows, {}).get("answer", ""))


def points_short(results: Results, domain: str, level: int) -> int:
    """Points that the domain lacks for the level, in whole points."""
    place = results.plan.key_ids("domain").index(domain)
    now = int(results.values["current_round"].item()) - 1
    counted, earned = results.values["counted_answers"][place, now], results.values["answer_points"][place, now]
    threshold = results.values["threshold"][level - 1, 0]
    return max(0, ceil(threshold * counted * results.number("points_of_yes") - earned - 1e-9))


def goal_of(results: Results, raised: Raise, choices: Sequence[Choice]) -> Goal:
    """A funded line of the domain in time; and where answers say what is missing, enough of them turned to Yes."""
    lines = {str(row["id"]): row for row in results.plan.rows("lines")}
    timely = [choice for choice in choices if choice.year <= raised.latest]
    own = Want(FUNDED_LINE, starts(timely, lines, "area", {raised.domain}), must=True)
    if not answers_say(results, raised):
        return Goal(raised.domain, 0, (own,))
    highest = raised.needed == len(results.plan.catalogue.lists["levels"].entries)
    asked = open_questions(results, raised.domain, highest=highest)
    wants = [Want(o.question.id, starts(timely, lines, "item", o.question.items), o.points, o.must) for o in asked]
    return Goal(raised.domain, points_short(results, raised.domain, raised.needed), (own, *wants))


def starts(choices: Sequence[Choice], lines: Mapping[str, Row], key: str, allowed: Collection[str]) -> frozenset[Start]:
    return frozenset(choice.start for choice in choices if lines[choice.line].get(key) in allowed)


def orders(plan: Plan, choices: Sequence[Choice], steady: Collection[Start]) -> Iterator[Order]:
    """What a start needs before it, and what has to go on after it; ``steady`` starts are in the plan already."""
    lines = {str(row["id"]): row for row in plan.rows("lines")}
    for choice in choices:
        if choice.start not in steady:
            yield from required(plan, choice, choices, lines)
            yield from continued(plan, choice, choices, lines)
            yield from following(plan, choice, choices, lines)


def required(plan: Plan, choice: Choice, choices: Sequence[Choice], lines: Mapping[str, Row]) -> Iterator[Order]:
    """Items that the catalogue puts before this one, unless every question they pay for is answered Yes."""
    item = plan.catalogue.items.get(str(lines[choice.line].get("item", "")))
    for before in item.requires if item else ():
        if not in_place(plan, before, ("yes",)):
            after = starts([c for c in choices if c.year <= choice.year], lines, "item", {before})
            yield Order(choice.start, after, REQUIRES, before)


def in_place(plan: Plan, item: str, answers: Collection[str]) -> bool:
    """Are all foundational questions that the item pays for answered in one of these words?"""
    asked = [q.id for q in plan.catalogue.questions.values() if item in q.items and q.domain]
    return bool(asked) and all(answer_of(plan, question) in answers for question in asked)


def continued(plan: Plan, choice: Choice, choices: Sequence[Choice], lines: Mapping[str, Row]) -> Iterator[Order]:
    """A line that is off and continues a one-off is on by the next year, if the plan still has that year."""
    tail = str(lines[choice.line].get("tail", ""))
    if tail in lines and not is_on(lines[tail]) and choice.year + 1 in plan.budget_years:
        after = frozenset(c.start for c in choices if c.line == tail and c.year <= choice.year + 1)
        yield Order(choice.start, after, CONTINUED, tail)


def following(plan: Plan, choice: Choice, choices: Sequence[Choice], lines: Mapping[str, Row]) -> Iterator[Order]:
    """What continues one-offs of the plan begins after one of them, unless one is on, or there in part already."""
    before = {id: row for id, row in lines.items() if row.get("tail") == choice.line}
    known = any(in_place(plan, str(row.get("item", "")), ("yes", "partly")) for row in before.values())
    if before and not known and not any(is_on(row) for row in before.values()):
        after = frozenset(c.start for c in choices if c.line in before and c.year <= choice.year)
        yield Order(choice.start, after, FOLLOWS, next(iter(before)))


def is_on(line: Row) -> bool:
    return line.get("on", "yes") == "yes"


def worth_trying(results: Results, aim: Aim) -> tuple[str, ...]:
    """Lines that could help: of the domains, for the questions, and what those require or are continued by."""
    plan = results.plan
    domains = {raised.domain for raised in aim.raises}
    answered = [raised.domain for raised in aim.raises if answers_say(results, raised)]
    items = {i for d in answered for o in open_questions(results, d, highest=True) for i in o.question.items}
    lines = {str(row["id"]): row for row in plan.rows("lines")}
    found = [id for id, row in lines.items() if row.get("area") in domains or row.get("item") in items]
    for id in found:  # grows while it is read
        found += [other for other in needed_by(plan, lines, id) if other not in found]
    return tuple(found)


def needed_by(plan: Plan, lines: Mapping[str, Row], line: str) -> Iterator[str]:
    """Lines that this one requires, those that it continues, and the one that continues it."""
    item = plan.catalogue.items.get(str(lines[line].get("item", "")))
    if lines[line].get("tail") in lines:
        yield str(lines[line]["tail"])
    yield from (id for id, row in lines.items() if row.get("tail") == line)
    yield from (id for id, row in lines.items() if item and row.get("item") in item.requires)
