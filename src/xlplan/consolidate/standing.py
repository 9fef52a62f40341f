"""Which plans are counted: copies of one plan, versions of one plan, activities that several plans carry."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.consolidate.extract import Extract, Line
from xlplan.problems import Problem, refuse

COUNTED, COPY, REPLACED, QUARANTINED = "counted", "copy", "replaced", "quarantined"
PART = 1e-9
"""Part by which copies of a shared activity may differ."""

Notes = list[Problem]


@dataclass(frozen=True)
class Standing:
    """What becomes of a file, and why; ``other`` is the file that is counted instead."""

    status: str
    problems: Sequence[Sequence[str]] = ()
    other: str = ""


@dataclass(frozen=True)
class Activity:
    """An activity that several plans carry: who, and in which years each one is counted."""

    code: str
    counted: Mapping[str, frozenset[int]]
    carriers: tuple[str, ...]


def key(text: str) -> str:
    """Text as it is compared: case and spaces do not matter."""
    return " ".join(text.split()).casefold()


def identity(extract: Extract) -> tuple[str, str, str]:
    """What a plan is of: country, part of the country, and the plan's id."""
    return key(extract.country), key(extract.unit), extract.plan


def standings(extracts: Iterable[Extract], *, currency: str = "", newest: bool = False) -> dict[str, Standing]:
    """What becomes of each file, by name. Raises ``PlanError`` where the currency of the whole must be told."""
    found: dict[str, Standing] = {}
    plans: list[Extract] = []
    for extract in extracts:
        if extract.problems:
            found[extract.name] = Standing(QUARANTINED, extract.problems)
        else:
            plans.append(extract)
    plans = of_one_kind(plans, currency.upper(), found)
    plans = without_copies(plans, found)
    for group in grouped(plans, identity).values():
        found |= versions(group, newest=newest)
    return found


def grouped(plans: Iterable[Extract], by: Callable[[Extract], Hashable]) -> dict[Hashable, list[Extract]]:
    groups: dict[Hashable, list[Extract]] = defaultdict(list)
    for plan in plans:
        groups[by(plan)].append(plan)
    return groups


def of_one_kind(plans: list[Extract], currency: str, found: dict[str, Standing]) -> list[Extract]:
    """Plans of one template and currency; others are set apart. Raises ``PlanError`` where nobody said which."""
    templates, currencies = grouped(plans, lambda p: p.template), grouped(plans, lambda p: p.currency)
    problems = []
    if len(templates) > 1:
        expected, remedy = "plans of one template", "put the plans of each template together on their own"
        problems.append(Problem("plans", f"templates {numbers(templates)}", expected, remedy))
    if len(currencies) > 1 and not currency:
        expected = "one reporting currency, since amounts in several cannot be added up"
        remedy = "set the others apart with --currency CODE, or change their reporting currency"
        problems.append(Problem("plans", f"reporting currencies {numbers(currencies)}", expected, remedy))
    refuse(problems)
    for plan in plans:
        if currency and plan.currency != currency:
            words = f"the reporting currency {plan.currency}", currency, "change the reporting currency of the plan"
            found[plan.name] = Standing(QUARANTINED, [(plan.name, *words)])
    return [plan for plan in plans if plan.name not in found]


def numbers(groups: Mapping[Hashable, list[Extract]]) -> str:
    return ", ".join(f"{name or 'none'} ({len(group):,} plans)" for name, group in sorted(groups.items(), key=str))


def without_copies(plans: list[Extract], found: dict[str, Standing]) -> list[Extract]:
    """Plans that differ; of those that are equal in every input the first counts."""
    kept = []
    for group in grouped(plans, lambda plan: plan.digest).values():
        first, *rest = group
        kept.append(first)
        for plan in rest:
            words = f"the same plan as {first.name}, in every input", "each plan once", "remove one of the files"
            found[plan.name] = Standing(COPY, [(plan.name, *words)], first.name)
    return kept


def versions(group: list[Extract], *, newest: bool) -> Iterator[tuple[str, Standing]]:
    """Of several versions of one plan the newest counts if that was told, else none; nothing is guessed."""
    if len(group) == 1:
        return iter([(group[0].name, Standing(COUNTED))])
    if not group[0].unit and len({key(plan.title) for plan in group}) > 1:
        found, remedy = f"a plan without a unit, as {others(group)}", "type its district, province or programme"
        return apart(group, f"{found}: different plans or versions of one", "a unit on Settings", remedy)
    if not newest:
        remedy = "remove the older files, or let the newest count with --newest"
        return apart(group, f"one of {len(group)} versions of one plan, with {others(group)}", "each plan once", remedy)
    *_, before, last = sorted(group, key=age)
    if age(before) == age(last):
        remedy = "type the date of the data on Settings"
        return apart(group, f"as old as {others(group)}", "one version that is newest", remedy)
    words = f"an older version of {last.name}", "the newest version", "nothing, if that is right"
    replaced = [(p.name, Standing(REPLACED, [(p.name, *words)], last.name)) for p in group if p is not last]
    return iter([(last.name, Standing(COUNTED)), *replaced])


def age(plan: Extract) -> tuple[str, str]:
    """Date of the data, then the time at which a program last saved the file."""
    return plan.data_date, plan.saved


def others(group: list[Extract]) -> str:
    """The first files of a group, and how many more."""
    names = ", ".join(plan.name for plan in group[:3])
    return names + (f" and {len(group) - 3} more" if len(group) > 3 else "")  # noqa: PLR2004


def apart(group: list[Extract], found: str, expected: str, remedy: str) -> Iterator[tuple[str, Standing]]:
    return ((plan.name, Standing(QUARANTINED, [(plan.name, found, expected, remedy)])) for plan in group)


# ------------------------------------------------------------------------------------------------ shared activities


def shared_activities(plans: Sequence[Extract]) -> tuple[list[Activity], Notes]:
    """Each activity once: in each year the first plan that has that year is counted; copies that differ are told."""
    carriers: dict[str, list[tuple[Extract, list[Line]]]] = defaultdict(list)
    for plan in plans:
        by_code: dict[str, list[Line]] = defaultdict(list)
        for line in plan.lines:
            by_code[key(line.shared)].append(line)
        for code, lines in by_code.items():
            carriers[code].append((plan, lines))
    activities, notes = [], []
    for code, found in sorted(carriers.items()):
        taken: set[int] = set()
        counted = {}
        for plan, _ in found:
            counted[plan.name] = frozenset(plan.budget_years) - taken
            taken |= set(plan.budget_years)
        activities.append(Activity(code, counted, tuple(plan.name for plan, _ in found)))
        notes += [problem for copy in found[1:] for problem in disagreement(code, found[0], copy)]
    return activities, notes


def disagreement(
    code: str, first: tuple[Extract, list[Line]], copy: tuple[Extract, list[Line]]
) -> Iterator[Problem]:  # fmt: skip
    """What a copy says otherwise than the first, in the years that both have."""
    (plan, lines), (other, own) = first, copy
    where = f"{other.name}, {own[0].cell}"
    remedy = f"agree with {plan.name}, {lines[0].cell}; the first of the two is counted"
    years = sorted(set(plan.budget_years) & set(other.budget_years))
    for year in years:
        one, two = money(plan, lines, year), money(other, own, year)
        if abs(one - two) > PART * max(abs(one), abs(two), 1):
            yield Problem(where, f"{code} costs {two:,.0f} in {year}", f"{one:,.0f}, as in {plan.name}", remedy)
            return
    if by_source(lines) != by_source(own):
        words = f"the sources of {code} are {said(own)}", said(lines), remedy
        yield Problem(where, *words)


def money(plan: Extract, lines: list[Line], year: int) -> float:
    return sum(line.cost[year - plan.first_year] for line in lines)


def by_source(lines: list[Line]) -> list[tuple[str, float]]:
    return sorted((key(source), round(share, 9)) for line in lines for source, share in line.shares.items())


def said(lines: list[Line]) -> str:
    shares = {source: share for line in lines for source, share in line.shares.items()}
    return ", ".join(f"{source} {share:.0%}" for source, share in shares.items()) or "none"


def counted_elsewhere(activities: Iterable[Activity]) -> dict[str, dict[str, frozenset[int]]]:
    """File -> code -> years in which another plan's copy is counted."""
    found: dict[str, dict[str, frozenset[int]]] = defaultdict(dict)
    for activity in activities:
        years = frozenset(year for own in activity.counted.values() for year in own)
        for name, own in activity.counted.items():
            if years - own:
                found[name][activity.code] = years - own
    return found


def cautions(plans: Sequence[Extract]) -> Iterator[Problem]:
    """What is no reason to leave a plan out, but to look twice."""
    for group in grouped((p for p in plans if p.unit), lambda p: identity(p)[:2]).values():
        if len(group) > 1:
            found = f"{len(group)} plans of {group[0].unit}: {others(group)}"
            yield Problem("plans", found, "different plans of one unit", "see that none is a version of another")
    countries = {key(p.country): p.country for p in plans}
    if len(countries) > 1:
        names = ", ".join(sorted(name or "none" for name in countries.values())[:5])
        yield Problem("plans", f"countries {names}", "plans of one country", "see that the names are typed alike")
    years = {p.price_year for p in plans}
    if len(years) > 1:
        found = f"price years {', '.join(map(str, sorted(years)))}"
        remedy = "costs are in money of each budget year, so they may be added up; typed prices may not be compared"
        yield Problem("plans", found, "one price year", remedy)
    spans = {(p.first_year, p.years) for p in plans}
    if len(spans) > 1:
        found = f"{len(spans)} different periods of years"
        yield Problem(
            "plans", found, "the same years in each plan", "years of the calendar that some plans lack hold less"
        )
