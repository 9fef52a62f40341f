"""A copy of a plan for recipients: no names of persons, salaries in sum where asked, a note of what is gone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from xlplan.identity import fresh_ids
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem

PERSONS = {
    "settings": ("owner",), "rounds": ("assessor",), "answers": ("assessor",), "versions": ("author",),
    "assumptions": ("author", "signed_off"),
}  # fmt: skip
"""Fields that name persons, by table."""

SALARY_HEAD = "salaries"
KEPT = ("area", "category", "nature", "head", "grouping", "shares", "on")
"""What stays of a salary line; lines that agree in these become one."""

AGGREGATE, LEAST = "Salaries, in sum", 2


@dataclass(frozen=True)
class Shared:
    """The plan for recipients, and what was left out, in words."""

    plan: Plan
    redacted: tuple[str, ...]


def shared(plan: Plan, *, salaries: bool = False) -> Shared:
    """The plan without names of persons; with ``salaries`` also without single salaries, all totals as before.

    Raises ``PlanError`` where a salary cannot be hidden without changing a total.
    """
    found, words = without_persons(plan)
    if salaries:
        found, more = without_salaries(found)
        words = (*words, *more)
    return Shared(recorded(found, words), words)


def without_persons(plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    counts: dict[str, int] = defaultdict(int)

    def cleaned(table: str, row: Row) -> Row:
        gone = [field for field in PERSONS.get(table, ()) if field in row]
        for field in gone:
            counts[f"{plan.catalogue.tables[table].label}, {plan.catalogue.tables[table].field(field).label}"] += 1
        return {key: value for key, value in row.items() if key not in gone}

    settings = cleaned("settings", plan.settings)
    tables = {table: tuple(filled(cleaned(table, row) for row in rows)) for table, rows in plan.tables.items()}
    words = tuple(f"{place}: {count} names removed" for place, count in counts.items())
    return replace(plan, settings=settings, tables={t: rows for t, rows in tables.items() if rows}), words


def filled(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows that still say something beside what they belong to."""
    return (row for row in rows if set(row) - {"id", "domain", "round", "question"})


def without_salaries(plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    """Lines of salaries as one line for each group that differs in area, category, source and so on."""
    salary = [row for row in plan.rows("lines") if is_salary(plan, row)]
    if not salary:
        return plan, ("Salaries: there are no lines of salaries",)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in salary:
        groups[repr([row.get(key) for key in KEPT])].append(row)
    drivers, lines = sums(plan, list(groups.values()))
    gone = {str(row["id"]) for row in salary}
    kept = [without_links(row, gone) for row in plan.rows("lines") if str(row["id"]) not in gone]
    still = {str(row.get("price", "")) for row in kept}
    prices = [row for row in plan.rows("prices") if not is_salary_price(row, salary, still)]
    tables = {
        **plan.tables,
        "lines": (*kept, *lines),
        "drivers": (*plan.rows("drivers"), *drivers),
        "prices": tuple(prices),
    }
    words = [
        f"Salaries: {len(salary)} lines became {len(groups)}, {len(plan.rows('prices')) - len(prices)} prices removed"
    ]
    alone = sum(1 for rows in groups.values() if len(rows) < LEAST)
    if alone:
        words.append(f"Salaries: {alone} of the sums hold one line only, so its total can still be read")
    found = replace(plan, tables={table: rows for table, rows in tables.items() if rows})
    refuse_other_totals(plan, found)
    return found, tuple(words)


def is_salary(plan: Plan, line: Row) -> bool:
    """A line of the salaries head, or of a catalogue item of that head; shares of other costs are no salaries."""
    item = plan.catalogue.items.get(str(line.get("item", "")))
    head = line.get("head") or (item.head if item else "")
    return head == SALARY_HEAD and "base" not in line


def is_salary_price(price: Row, salary: list[Row], still: set[str]) -> bool:
    id = str(price["id"])
    return id in {str(row.get("price", "")) for row in salary} and id not in still


def without_links(row: Row, gone: set[str]) -> Row:
    return {key: value for key, value in row.items() if not (key == "tail" and value in gone)}


def sums(plan: Plan, groups: list[list[Row]]) -> tuple[list[Row], list[Row]]:
    """A series of yearly sums for each group, and the line that follows it at a price of 1."""
    results = plan.evaluate()
    numbers = {str(row["id"]): n for n, row in enumerate(plan.rows("lines"))}
    ids = fresh_ids("salaries", {str(row["id"]).casefold() for t in ("drivers", "lines") for row in plan.rows(t)})
    drivers: list[Row] = []
    lines: list[Row] = []
    factor = price_levels(plan)
    for number, (rows, id) in enumerate(zip(groups, ids, strict=False), 1):
        money = sum(results.values["cost"][numbers[str(row["id"])]] for row in rows)
        days = sum(float(str(row.get("team_days", 0))) for row in rows)
        yearly = {str(y): float(v) for y, v in zip(plan.budget_years, np.asarray(money) / factor, strict=True)}
        label = f"{AGGREGATE}, {number}"
        drivers.append({"id": id, "label": label, "unit": plan.text("reporting_currency"), "values": yearly})
        line: dict[str, Value] = {key: rows[0][key] for key in KEPT if key in rows[0]}
        line |= {
            "id": id,
            "activity": f"{AGGREGATE} of {len(rows)} lines",
            "quantity_1": 1,
            "driver": id,
            "unit_cost": 1,
        }
        line["currency"] = plan.text("reporting_currency")
        line["price_year"] = plan.settings["price_year"]
        lines.append(line | ({"team_days": days} if days else {}))
    return drivers, lines


def price_levels(plan: Plan) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Price level of the reporting currency in each year, from the price year of the plan."""
    row = list(plan.places["currencies"]).index(plan.text("reporting_currency"))
    inflation = plan.rows("currencies")[row].get("inflation", 0.0)
    years = np.array(plan.budget_years, dtype=float) - float(plan.number("price_year"))
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = (1 + float(str(inflation))) ** years
    return found


def refuse_other_totals(before: Plan, after: Plan) -> None:
    """Raise ``PlanError`` where a total by year, area, category, head or source is no longer the same."""
    old, new = before.evaluate(), after.evaluate()
    same = np.allclose(old.totals[["cost", "gap"]], new.totals[["cost", "gap"]], rtol=1e-9, atol=1e-6)
    views = ("area", "category", "head", "grouping", "source")
    same = same and all(np.allclose(old.budget(v), new.budget(v), rtol=1e-9, atol=1e-6) for v in views)
    if not same:
        found, expected = "totals that differ once salaries are summed up", "the same totals"
        raise PlanError([Problem(before.id, found, expected, "share it without --salaries, or sum them up by hand")])


def recorded(plan: Plan, words: tuple[str, ...]) -> Plan:
    """The plan with a row in its Log that says what was left out."""
    rows = plan.rows("assumptions")
    id = next(fresh_ids("redacted", {str(row["id"]).casefold() for row in rows}))
    note = {
        "id": id,
        "label": "Copy for recipients: some entries were left out",
        "effect": "; ".join(words) or "nothing",
        "reason": "Made by xlplan share; totals are those of the full plan.",
    }
    return replace(plan, tables={**plan.tables, "assumptions": (*rows, note)}, notes=())
