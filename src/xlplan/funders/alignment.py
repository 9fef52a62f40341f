"""Alignment of funders: what several pay for, and what nobody pays."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from xlplan.columns import Column
from xlplan.plan import Plan, Row
from xlplan.results import Results

KINDS: Mapping[str, str] = {
    "same_item": "The same item or activity on several lines, paid by several sources in the same year",
    "shared_line": "Lines that several sources pay together",
    "shared_area": "Areas that several sources pay in the same year",
    "unpaid_line": "Lines, or parts of them, that no source pays",
    "over_funded_line": "Lines paid more than once: their shares add up to more than 100 %",
    "short_source": "Sources with more cost placed on them than they have committed",
}
"""Kinds of findings in the order in which they are told."""


@dataclass(frozen=True)
class Finding:
    """Something to settle between funders: ``lines`` by id, money of each source and in all, over its ``years``.

    Money is in the reporting currency. Of a line without money it is what no source pays, of a line paid more than
    once what is paid too much, of a source what it has not committed.
    """

    kind: str
    what: str
    lines: tuple[str, ...]
    sources: Mapping[str, float]
    years: tuple[int, ...]
    money: float


def alignment(results: Results) -> tuple[Finding, ...]:
    """Every finding, kind by kind."""
    money = placed_money(results)
    found = (
        *same_items(results.plan, money),
        *shared_lines(results.plan, money),
        *shared_areas(results.plan, money),
        *unpaid_lines(results),
        *over_funded_lines(results),
        *short_sources(results),
    )
    return tuple(found)


def placed_money(results: Results) -> Column:
    """Cost placed on sources: (lines, sources, years)."""
    shares = np.nan_to_num(results.values["line_funder_share"])
    return shares[:, :, None] * results.values["cost"][:, None, :]


def name_of(line: Row) -> str:
    """Id and activity of a line."""
    return f"{line['id']} {line.get('activity', '')}".strip()


def by_source(plan: Plan, money: Column) -> Mapping[str, float]:
    """Money of each source (rows) that has any, over the plan."""
    sums = money.sum(axis=1)
    return {id: float(sum) for id, sum in zip(plan.places["funders"], sums, strict=True) if sum > 0}


def several(money: Column) -> Column:
    """Years in which several sources (rows) have money."""
    return (money > 0).sum(axis=0) > 1


def finding(kind: str, what: str, plan: Plan, lines: Iterable[int], money: Column) -> Finding:
    """A finding of what several sources pay, over the years in which they do."""
    years = several(money)
    sources = by_source(plan, money[:, years])
    when = tuple(year for year, both in zip(plan.budget_years, years, strict=True) if both)
    ids = tuple(str(plan.rows("lines")[line]["id"]) for line in lines)
    return Finding(kind, what, ids, sources, when, sum(sources.values()))


def shared_lines(plan: Plan, money: Column) -> Iterator[Finding]:
    for number, line in enumerate(plan.rows("lines")):
        if several(money[number]).any():
            yield finding("shared_line", name_of(line), plan, (number,), money[number])


def same_items(plan: Plan, money: Column) -> Iterator[Finding]:
    """Lines of one item, or of one activity where no item is chosen; of a programme its own ones only."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, line in enumerate(plan.rows("lines")):
        if money[number].any() and what_it_is(line):
            area = str(line.get("area"))
            alike[what_it_is(line), area if area in plan.places["programmes"] else ""].append(number)
    for (what, _), lines in alike.items():
        own = money[lines]
        together = np.where(((own > 0).any(axis=1).sum(axis=0) > 1), own.sum(axis=0), 0)
        if several(together).any():
            label = plan.labels["items"].get(what) or str(plan.rows("lines")[lines[0]].get("activity"))
            yield finding("same_item", label, plan, lines, together)


def what_it_is(line: Row) -> str:
    return str(line.get("item") or " ".join(str(line.get("activity", "")).split()).casefold())


def shared_areas(plan: Plan, money: Column) -> Iterator[Finding]:
    for area, label in plan.labels["areas"].items():
        lines = [number for number, line in enumerate(plan.rows("lines")) if line.get("area") == area]
        own = money[lines].sum(axis=0) if lines else np.zeros(money.shape[1:])
        if several(own).any():
            yield finding("shared_area", label, plan, lines, own)


def unpaid_lines(results: Results) -> Iterator[Finding]:
    tolerance = results.number("share_tolerance")
    return beyond(results, "unpaid_line", lambda share: share if share > tolerance else 0)


def over_funded_lines(results: Results) -> Iterator[Finding]:
    tolerance = results.number("share_tolerance")
    return beyond(results, "over_funded_line", lambda share: -share if share < -tolerance else 0)


def beyond(results: Results, kind: str, part: Callable[[float], float]) -> Iterator[Finding]:
    """Lines of whose cost a part has no source, or several: the money of that part, and what each source pays."""
    plan, money = results.plan, placed_money(results)
    shares, costs = results.values["unfunded_share"].ravel(), results.values["cost"]
    for number, line in enumerate(plan.rows("lines")):
        cost = costs[number] * part(shares[number])
        years = tuple(year for year, one in zip(plan.budget_years, cost, strict=True) if one > 0)
        if years:
            sources = by_source(plan, money[number])
            yield Finding(kind, name_of(line), (str(line["id"]),), sources, years, float(cost.sum()))


def short_sources(results: Results) -> Iterator[Finding]:
    """Sources by what they have not committed of the cost placed on them; expected money is not committed."""
    plan, tolerance = results.plan, results.number("money_tolerance")
    for (id, label), row in zip(plan.labels["funders"].items(), results.values["shortfall"], strict=True):
        short = np.where(row > tolerance, row, 0)
        years = tuple(year for year, one in zip(plan.budget_years, short, strict=True) if one > 0)
        if years:
            yield Finding("short_source", label, (), {id: float(short.sum())}, years, float(short.sum()))


def spans(years: tuple[int, ...]) -> str:
    """Years as a person writes them.

    >>> spans((2027, 2028, 2029, 2031))
    '2027-2029, 2031'
    """
    runs = groupby(enumerate(years), key=lambda pair: pair[1] - pair[0])
    groups = [[year for _, year in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in groups)


def source_words(plan: Plan, found: Finding) -> str:
    """What each source pays, in words."""
    return "; ".join(f"{plan.labels['funders'][id]} {money:,.0f}" for id, money in found.sources.items())


def paragraphs(results: Results) -> Iterator[tuple[int, str]]:
    """All findings in the language of the plan: indent and text of each paragraph."""
    plan, found = results.plan, alignment(results)
    say, currency = plan.catalogue.say, plan.currency
    for kind, title in KINDS.items():
        own = [one for one in found if one.kind == kind]
        yield 0, f"{say(title)}{plan.labels['words']['colon']}{len(own)}"
        for one in own:
            words = {"what": one.what, "money": f"{one.money:,.0f}", "currency": currency, "years": spans(one.years)}
            yield 2, say("{what}: {money} {currency} in {years}").format(**words)
            if one.sources and kind != "short_source":
                yield 4, source_words(plan, one)
