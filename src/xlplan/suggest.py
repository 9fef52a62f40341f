"""Suggested cost lines: what the catalogue names for new programmes and weak domains, switched off until accepted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from xlplan.plan import Plan, Row, Value
from xlplan.problems import Problem, refuse
from xlplan.records import Item

PARTS = ("label", "band", "approach", "start_year")


@dataclass(frozen=True)
class Wish:
    """What suggestions are asked for: new programmes as ``name:kind:approach:year``, and weak domains."""

    programmes: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


def with_suggestions(plan: Plan, wish: Wish) -> Plan:
    """The plan with the wished programmes, and a suggested line for each item that they and weak domains need.

    Without any wish the plan's own programmes and its domains below the highest level are taken. Raises
    ``PlanError`` for a programme or domain that makes no sense.
    """
    added = wished_programmes(plan, wish.programmes)
    programmes = (*plan.rows("programmes"), *added)
    asked = bool(wish.programmes or wish.weak)
    weak = checked_domains(plan, wish.weak) if asked else weak_domains(plan)
    chosen = [*((area, item) for area in weak for item in items_of(plan, area, area))]
    for row in added if asked else programmes:
        chosen += [
            (str(row["id"]), item) for item in items_of(plan, str(row.get("band", "")), str(row.get("approach", "")))
        ]
    lines = (*plan.rows("lines"), *suggested_lines(plan, chosen))
    tables = {"programmes": programmes, "drivers": drivers_for(plan, lines), "lines": lines}
    return replace(plan, tables=dict(plan.tables) | {table: rows for table, rows in tables.items() if rows})


def wished_programmes(plan: Plan, wishes: Iterable[str]) -> tuple[Row, ...]:
    """Rows of the Programmes table for ``name:kind:approach:year``; approach and year may be left out."""
    lists, problems, rows = plan.catalogue.lists, [], []
    taken = {str(row["id"]) for row in plan.rows("programmes")}
    for number, wish in enumerate(wishes, 1):
        parts = dict(zip(PARTS, (part.strip() for part in wish.split(":")), strict=False))
        for key, list_ in (("band", "programme_bands"), ("approach", "approaches")):
            if parts.get(key, "") not in ("", *lists[list_].ids):
                expected = f"one of {', '.join(lists[list_].ids)}"
                problems.append(Problem(f"--programme {wish}", f"{parts[key]!r}", expected, "correct the word"))
        year = parts.get("start_year", "")
        if year and not (year.isdecimal() and plan.first_year <= int(year) <= plan.budget_years[-1]):
            expected = f"a year from {plan.first_year} to {plan.budget_years[-1]}"
            problems.append(Problem(f"--programme {wish}", f"{year!r}", expected, "correct the year"))
        filled: dict[str, Value] = {key: value for key, value in parts.items() if value and key != "start_year"}
        filled |= {"start_year": int(year)} if year.isdecimal() else {}
        rows.append({"id": fresh_id("programme", number, taken)} | filled)
    refuse(problems)
    return tuple(rows)


def fresh_id(prefix: str, number: int, taken: set[str]) -> str:
    """An id that no row has yet."""
    while f"{prefix}-{number:03d}" in taken:
        number += 1
    taken.add(f"{prefix}-{number:03d}")
    return f"{prefix}-{number:03d}"


def checked_domains(plan: Plan, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The foundational domains named, or all of them with what every plan needs. Raises ``PlanError`` for others."""
    known = plan.key_ids("foundation")
    if "all" in ids:
        return (*known, *plan.catalogue.areas)
    refuse(
        Problem(f"--weak {id}", f"no domain {id!r}", f"one of all, {', '.join(known)}", "correct the word")
        for id in ids
        if id not in known
    )
    return ids


def weak_domains(plan: Plan) -> tuple[str, ...]:
    """Foundational domains that are assessed and below the highest level."""
    levels = plan.evaluate().levels
    highest = plan.catalogue.lists["levels"].ids[-1]
    return tuple(id for id in plan.key_ids("foundation") if levels[id] not in ("", highest))


def items_of(plan: Plan, area: str, approach: str) -> Iterator[Item]:
    """Catalogue items of a domain, or of a kind of programme as far as its approach needs them."""
    for item in plan.catalogue.items.values():
        if item.area == area and (not item.approaches or not approach or approach in item.approaches):
            yield item


def suggested_lines(plan: Plan, chosen: Iterable[tuple[str, Item]]) -> Iterator[Row]:
    """One line an item, named after it; an item that the plan has already is not suggested again."""
    chosen = list(chosen)
    taken = {str(row["id"]) for row in plan.rows("lines")}
    has = {(str(row.get("area", "")), str(row.get("item", ""))) for row in plan.rows("lines")}
    wanted = [(area, item) for area, item in chosen if (area, item.id) not in has]
    ids: dict[tuple[str, str], str] = {}
    for area, item in wanted:
        ids[area, item.id] = item.id if item.id not in taken else fresh_id(item.id, 1, taken)
        taken.add(item.id)
    for area, item in wanted:
        yield {"id": ids[area, item.id], "on": "suggested"} | line_of(area, item, ids)


def line_of(area: str, item: Item, ids: dict[tuple[str, str], str]) -> dict[str, Value]:
    """What the catalogue knows of a line; prices and most quantities are the planner's."""
    line: dict[str, Value] = {"activity": item.label, "area": area, "category": item.category, "nature": item.nature}
    for number, unit in enumerate(item.units, 1):
        line[f"unit_{number}"] = unit
    for number, quantity in enumerate(item.quantities, 1):
        line |= {f"quantity_{number}": quantity} if quantity else {}
    by_id = {id: line_id for (_, id), line_id in ids.items()}
    tail = next((ids.get((area, id), by_id.get(id, "")) for id in item.tail if id in by_id), "")
    more: dict[str, Value] = {
        "driver": item.driver, "every": item.every if item.every > 1 else "", "useful_life": item.useful_life or "",
        "loss_rate": item.loss_rate or "", "tapers": "yes" if item.taper else "", "head": item.head,
        "grouping": item.grouping, "tail": tail, "waiver": item.waiver, "covers": item.covers, "item": item.id,
        "note": item.note,
    }  # fmt: skip
    return line | {key: value for key, value in more.items() if value != ""}


def drivers_for(plan: Plan, lines: Iterable[Row]) -> tuple[Row, ...]:
    """The plan's drivers, and the standard ones that suggested lines follow; their values are the planner's."""
    rows = plan.rows("drivers")
    known = {str(row["id"]) for row in rows}
    named = {str(line.get("driver", "")) for line in lines}
    standard = (driver for driver in plan.catalogue.drivers.values() if driver.id in named - known)
    return (*rows, *({"id": d.id, "label": d.label, "unit": d.unit} for d in standard))
