"""A copy of a plan for recipients: no names of persons, salaries in sum where asked, a note of what is gone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from xlplan.changes import changes_left
from xlplan.identity import fresh_ids
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem

PERSONS = {
    "settings": ("owner",), "rounds": ("assessor",), "answers": ("assessor",), "versions": ("author",),
    "assumptions": ("author", "signed_off"),
}  # fmt: skip
"""Fields that name persons, by table."""

SALARY_HEAD, ONE_OFF = "salaries", "one_off"
KEPT = ("area", "category", "nature", "head", "grouping", "on")
"""Salary lines that agree in these are summed up, for each source that pays them."""

PAY = ("price", "unit_cost", "on_costs", "economic_unit_cost", "currency", "price_year", "spent")
"""What a salary line says of pay; quantities, areas and sources stay."""

LEAST, TINY = 2, 1e-12


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
        found, more = without_salaries(found.as_typed)  # sums of salaries are those of the plan itself
        found, gone = with_changes_left(replace(found, settings=plan_settings(found, plan)))
        words = (*words, *more, *gone)
    return Shared(recorded(found, words), words)


def plan_settings(found: Plan, plan: Plan) -> Row:
    return {**found.settings, **({"scenario": plan.scenario} if plan.scenario else {})}


def with_changes_left(plan: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The plan without changes of scenarios whose row is gone, and how many these were."""
    rows = plan.rows("changes")
    left = changes_left(rows, plan.labels)
    if len(left) == len(rows):
        return plan, ()
    tables = dict(plan.tables) | {"changes": left}
    words = f"Scenarios: {len(rows) - len(left)} changes of what is gone removed"
    return replace(plan, tables={table: rows for table, rows in tables.items() if rows}), (words,)


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
        start = with_years(row).get("first_year") if row.get("nature") == ONE_OFF else None
        groups[repr([*(row.get(key) for key in KEPT), start])].append(row)
    drivers, lines = sums(plan, list(groups.values()))
    hidden = {str(row["id"]) for row in salary}
    kept = [without_pay(row) if str(row["id"]) in hidden else row for row in plan.rows("lines")]
    still = {str(row.get("price", "")) for row in kept}
    prices = [row for row in plan.rows("prices") if not is_salary_price(row, salary, still)]
    more = {"lines": (*kept, *lines), "drivers": (*plan.rows("drivers"), *drivers), "prices": tuple(prices)}
    gone_prices = len(plan.rows("prices")) - len(prices)
    words = [
        f"Salaries: pay of {len(salary)} lines is in {len(lines)} sums by area and source, {gone_prices} prices removed"
    ]
    alone = sum(1 for rows in groups.values() if len(rows) < LEAST)
    if any("spent" in row for row in salary):
        words.append("Salaries: spending stays where all lines of a sum report the year, and is left out elsewhere")
    if alone:
        words.append(f"Salaries: {alone} sums are of one line only, whose pay can still be worked out")
    found = replace(plan, tables={table: rows for table, rows in {**plan.tables, **more}.items() if rows})
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


def without_pay(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in PAY} | {"unit_cost": 0}


def sums(plan: Plan, groups: list[list[Row]]) -> tuple[list[Row], list[Row]]:
    """For each group and source a series of yearly sums, and the line that follows it at a price of 1."""
    cost = dict(zip((str(row["id"]) for row in plan.rows("lines")), plan.evaluate().values["cost"], strict=True))
    ids = fresh_ids("salaries", {str(row["id"]).casefold() for t in ("drivers", "lines") for row in plan.rows(t)})
    levels, currency = price_levels(plan), plan.text("reporting_currency")
    drivers: list[Row] = []
    lines: list[Row] = []
    for rows in groups:
        for source, own in by_source(rows).items():
            id = next(ids)
            money = sum(share * cost[str(row["id"])] for row, share in own) / levels
            yearly = {str(year): float(value) for year, value in zip(plan.budget_years, money, strict=True)}
            label = f"Salaries in sum, {len(lines) + 1}"
            drivers.append({"id": id, "label": label, "unit": plan.labels["currencies"][currency], "values": yearly})
            line: dict[str, Value] = {key: rows[0][key] for key in KEPT if key in rows[0]} | span(
                [row for row, _ in own]
            )
            line |= {"id": id, "activity": label, "quantity_1": 1, "driver": id, "unit_cost": 1, "currency": currency}
            line["price_year"] = plan.number("price_year")
            if source:
                line["shares"] = {source: 1}
            lines.append(line | spent_in_sum(own))
    return drivers, lines


def spent_in_sum(own: list[tuple[Row, float]]) -> dict[str, Value]:
    """What all of these lines spent, in the years that each of them reports."""
    spent = [(given, share) for row, share in own if isinstance(given := row.get("spent", {}), Mapping)]
    years = [year for year in spent[0][0] if all(year in given for given, _ in spent)]
    found = {year: float(sum(share * given[year] for given, share in spent)) for year in years}
    return {"spent": found} if found else {}


def by_source(rows: list[Row]) -> Mapping[str, list[tuple[Row, float]]]:
    """Rows that each source pays, with its share; the part without a source stands under an empty name."""
    found: dict[str, list[tuple[Row, float]]] = defaultdict(list)
    for row in rows:
        given = row.get("shares", {})
        shares = dict(given) if isinstance(given, Mapping) else {}
        rest = 1 - sum(shares.values())
        for source, share in (shares | ({"": rest} if abs(rest) > TINY else {})).items():
            if share:
                found[source].append((row, share))
    return found


def with_years(row: Row) -> Row:
    """The line with the years of its dates, which stand for those typed."""
    days = {"first_year": row.get("start"), "last_year": row.get("end")}
    return {**row, **{key: day.year for key, day in days.items() if isinstance(day, date)}}


def span(rows: list[Row]) -> dict[str, Value]:
    """From the first year of any of the rows to the last."""
    rows, found = [with_years(row) for row in rows], dict[str, Value]()
    if all("first_year" in row for row in rows):
        found["first_year"] = min(float(str(row["first_year"])) for row in rows)
    if all("last_year" in row for row in rows):
        found["last_year"] = max(float(str(row["last_year"])) for row in rows)
    return {key: int(value) if isinstance(value, float) else value for key, value in found.items()}


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
    views = ("area", "category", "head", "grouping", "source")
    pairs = [(old.totals, new.totals), *((old.budget(view), new.budget(view)) for view in views)]
    same = all(np.allclose(one, other, rtol=1e-9, atol=1e-6, equal_nan=True) for one, other in pairs)
    same = same and bool((old.gates_by_year == new.gates_by_year).all().all()) and old.levels == new.levels
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
