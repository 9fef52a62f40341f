"""Sentences: a path, its obstacles and a cut in plain words."""

from collections.abc import Iterator
from itertools import groupby

from xlplan.path.choices import FUNDED, OFF, UNFUNDED, target_of
from xlplan.path.compare import Comparison
from xlplan.path.cut import GATE, LEVEL, OPENING, ROOM, TAIL, Cut, Loss
from xlplan.path.obstacles import Obstacle
from xlplan.path.programme import DAYS, MONEY, ORDER, WANT
from xlplan.path.search import Finding, Target
from xlplan.path.wants import CONTINUED, FUNDED_LINE, REQUIRES
from xlplan.plan import Plan, Row

WHAT_TO_DO = {OFF: "switch on", UNFUNDED: "find a source", FUNDED: "begin earlier"}
CAVEAT = (
    "A domain rises, as the plan counts it, by its target and a funded line; where its questions are answered, by the"
    " points of those that the lines serve. What a line achieves is for the planner to judge."
)


def line_name(plan: Plan, line: str) -> str:
    return str(line_row(plan, line).get("activity") or line)


def line_row(plan: Plan, line: str) -> Row:
    return next(row for row in plan.rows("lines") if row["id"] == line)


def amount(plan: Plan, money: float) -> str:
    return f"{money:,.0f} {plan.currency}"


def listed(texts: list[str], last: str = " and ") -> str:
    return last.join(filter(None, [", ".join(texts[:-1]), texts[-1]])) if texts else ""


def target_words(plan: Plan, target: Target) -> str:
    """A target to set, with the one that the plan has now."""
    now, levels = target_of(plan, target.domain), plan.labels["levels"]
    was = f"{levels[str(now['target'])]} from {now.get('year', 'no year')}" if now.get("target") else "none"
    label = plan.catalogue.domains[target.domain].label
    return f"{label}: {levels[target.level]} from {target.year} (now: {was})"


def earlier_words(plan: Plan, found: Comparison) -> str:
    """The price of one year earlier."""
    path, earlier = found.finding.path, found.earlier
    if path is None or earlier is None:
        return ""
    if earlier.path is None:
        return f"One year earlier is not possible: {' '.join(obstacle_words(plan, earlier))}"
    more = earlier.path.total - path.total
    change = f"{amount(plan, abs(more))} {'more' if more >= 0 else 'less'}"
    return f"One year earlier, from {earlier.aim.year}: {amount(plan, earlier.path.total)}, {change}."


def obstacle_words(plan: Plan, finding: Finding, later: int | None = None) -> Iterator[str]:
    """Why there is no path, and what would make one possible; groups of which one is enough stand as alternatives."""
    for number, group in enumerate(finding.obstacles):
        for kind, found in groupby(group, key=lambda obstacle: obstacle.kind):
            said = list(found)
            text = bound_words(plan, finding, kind, said) if kind in (MONEY, DAYS) else ""
            yield from [text] if text else [one_words(plan, obstacle) for obstacle in said]
        if number + 1 < len(finding.obstacles):
            yield "Or, instead:"
    if later:
        yield f"Within these bounds {later} is the first year in which it can open."


def bound_words(plan: Plan, finding: Finding, kind: str, found: list[Obstacle]) -> str:
    """Bounds that are too low, and those that would do."""

    def said(name: str) -> str:
        unit = plan.currency if kind == MONEY else "core-team days"
        return listed([f"{getattr(o, name):,.0f} {unit} in {o.year}" for o in found])

    return f"With at most {said('limit')} it cannot open by {finding.aim.year}; {said('needed')} would do."


def one_words(plan: Plan, found: Obstacle) -> str:
    domains = {domain.id: domain.label for domain in plan.catalogue.domains.values()}
    if found.kind == WANT and found.name == FUNDED_LINE:
        return f"No line with a price strengthens {domains[found.after]} in time; add or price one."
    if found.kind == WANT:
        question = plan.catalogue.questions[found.name]
        items = listed([plan.catalogue.items[item].label for item in question.items], " or ")
        return f"No line with a price serves in time: {question.text} Add or price a line of: {items}."
    if found.kind == ORDER:
        return (
            f"{line_name(plan, found.name)} in {found.year} needs {order_words(plan, found)}; add or price that line."
        )
    return (
        f"{domains[found.name]} can be at its level from {found.needed:.0f} at the earliest, not from {found.year}:"
        " each level takes a year of funded work, or as --pace says."
    )


def order_words(plan: Plan, found: Obstacle) -> str:
    """What a line needs before it, or after it."""
    if found.why == REQUIRES:
        return f"{plan.catalogue.items[found.after].label} first"
    return f"{line_name(plan, found.after)} {'to go on with it' if found.why == CONTINUED else 'first'}"


def cut_words(plan: Plan, cut: Cut) -> Iterator[str]:
    """What falls where a line is switched off; the same fall in several years is one sentence."""
    years = [f"{amount(plan, saved)} in {y}" for y, saved in zip(plan.budget_years, cut.saved, strict=True) if saved]
    yield f"Without {line_name(plan, cut.line)} the plan costs {amount(plan, sum(cut.saved))} less: {listed(years)}."
    key = lambda loss: (loss.kind, loss.name, loss.before, loss.after) if loss.kind != ROOM else (loss.kind, loss.name)  # noqa: E731
    for _, group in groupby(cut.losses, key=key):
        losses = list(group)
        when = f"in {listed([str(loss.year) for loss in losses])}" if losses[0].year else ""
        yield loss_words(plan, losses[0], when)
    if not cut.losses:
        yield "No level, gate, room or continuation falls."


def loss_words(plan: Plan, loss: Loss, when: str) -> str:
    labels, catalogue = plan.labels, plan.catalogue
    before, after = int(loss.before or 0), int(loss.after or 0)
    if loss.kind == LEVEL:
        levels = ("not assessed", *labels["levels"].values())
        return f"{catalogue.domains[loss.name].label} is {levels[after]}, not {levels[before]}, {when}."
    if loss.kind == GATE:
        words = list(labels["statuses"].values())
        return f"{catalogue.gates[loss.name].label}: {words[after]}, not {words[before]}, {when}."
    if loss.kind == OPENING:
        then = f"opens in {after}" if loss.after else "never opens in this plan"
        return f"The gate of {labels['programmes'][loss.name]} {then}, not in {before}."
    if loss.kind == TAIL:
        return f"{line_name(plan, loss.name)} is no longer continued by any line."
    return f"{labels['loads'][loss.name]}: more than there is room for {when}."
