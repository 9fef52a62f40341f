"""From what a file says to a plan: every value checked against the data dictionary, every problem gathered."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from xlplan.catalogue import load_catalogue
from xlplan.changes import narrowed, wrong_changes
from xlplan.plan import Plan, Row, Value, series_ids
from xlplan.problems import Problem, refuse
from xlplan.records import Catalogue, Field, Table
from xlplan.values import WrongValueError, checked, checked_entry, is_id, shortened

RawRow = Mapping[str, Any]
Raw = Mapping[str, list[RawRow]]
Where = Callable[[str, int, str], str]
"""Place of a value as a person finds it: table, number of the row from 0, field."""

MOST_YEARS = 15
BLANK = (None, "")


def named(options: Collection[str]) -> str:
    """The allowed words, as many as fit in a sentence."""
    shown = list(options)[:40]
    return ", ".join(shown) + (" and others" if len(shown) < len(options) else "")


def check_plan(id: object, years: object, raw: Raw, where: Where, catalogue: Catalogue | None = None) -> Plan:
    """Build a plan of raw values by table, row and field, with the facts of a template pack.

    Raises ``PlanError`` with all problems; ``where`` says how to find each.
    """
    return _Checker(raw, where, catalogue or load_catalogue()).plan(id, years)


class _Checker:
    def __init__(self, raw: Raw, where: Where, catalogue: Catalogue) -> None:
        self.raw, self.where, self.catalogue = raw, where, catalogue
        self.problems: list[Problem] = []
        self.ids = {table: [str(row.get("id", "")) for row in rows] for table, rows in raw.items()}
        self.years: range = range(0)
        self.known_options: dict[str, Collection[str]] = {}
        self.known_ids: dict[str, tuple[str, ...]] = {}

    def plan(self, id: object, years: object) -> Plan:
        count = self.year_count(years)
        self.years = self.budget_years(count)
        name = self.check_id("settings", 0, id)
        tables = {table.id: tuple(self.rows(table)) for table in self.catalogue.tables.values()}
        self.problems += [*self.unknown_tables(), *self.twins(tables), *self.required()]
        self.problems += wrong_changes(self.raw.get("changes", []), self.catalogue.lists["change_kinds"], self.where)
        refuse(self.problems)
        settings = tables.pop("settings")[0]
        for table in self.catalogue.tables.values():
            if table.keys:
                tables[table.id] = self.ordered(table, tables[table.id])
        return Plan(name, count, settings, {t: rows for t, rows in tables.items() if rows}, self.catalogue)

    def problem(self, table: str, row: int, field: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(self.where(table, row, field), found, expected, remedy))

    def year_count(self, years: object) -> int:
        if isinstance(years, int) and not isinstance(years, bool) and 1 <= years <= MOST_YEARS:
            return years
        expected = f"a whole number from 1 to {MOST_YEARS}"
        self.problem("settings", 0, "years", f"years is {shortened(years)}", expected, "correct it")
        return 1

    def budget_years(self, count: int) -> range:
        settings = self.raw.get("settings") or [{}]
        first = settings[0].get("first_year")
        return range(first, first + count) if isinstance(first, int) else range(0)

    def check_id(self, table: str, number: int, value: object) -> str:
        if not is_id(value):
            expected = "at most 40 letters, digits, - and _, beginning with a letter, not like a cell address"
            self.problem(
                table, number, "id", f"id is {shortened(value)}", expected, "give it a short name such as se-audit"
            )
        return str(value)

    def rows(self, table: Table) -> Iterator[Row]:
        for number, raw in enumerate(self.raw.get(table.id, [])):
            yield self.row(table, number, raw)

    def row(self, table: Table, number: int, raw: RawRow) -> Row:
        values: dict[str, Value] = {}
        if not table.single and not table.keys:
            values["id"] = self.check_id(table.id, number, raw.get("id"))
        for key in table.keys:
            values[key] = self.key_value(table.id, number, key, raw.get(key))
        named = {"id", *table.keys}
        filled = {key: value for key, value in raw.items() if key not in named and value not in (*BLANK, {})}
        for key, value in filled.items():
            self.add(values, table, number, key, value)
        if not filled and not table.single:
            self.problem(table.id, number, "id", "a row without any entry", "at least one entry", "fill or remove it")
        return values

    def add(self, values: dict[str, Value], table: Table, number: int, key: str, value: object) -> None:
        field = table.by_id.get(key)
        if field is None:
            fields = f"one of {', '.join(field.id for field in table.fields)}"
            self.problem(table.id, number, key, f"unknown field {key!r}", fields, "correct the name or remove it")
        elif field.by:
            self.add_series(values, field, number, value)
        else:
            self.add_scalar(values, field, number, value)

    def add_scalar(self, values: dict[str, Value], field: Field, number: int, value: object) -> None:
        field = narrowed(field, self.raw[field.table][number])
        try:
            values[field.id] = checked(field, value, self.options(field.list))
        except WrongValueError as wrong:
            found = f"{field.label} is {shortened(value)}"
            self.problem(field.table, number, field.id, found, wrong.expected, wrong.remedy)

    def add_series(self, values: dict[str, Value], field: Field, number: int, value: object) -> None:
        allowed = [str(year) for year in self.years] if field.by == "year" else list(self.options(f"{field.by}s"))
        if not isinstance(value, Mapping):
            expected = "numbers by year, such as { 2027 = 100 }" if field.by == "year" else "shares by funding source"
            found = f"{field.label} is {shortened(value)}"
            return self.problem(field.table, number, field.id, found, expected, "correct it")
        found_at = {str(key): self.entry(field, number, str(key), cell, allowed) for key, cell in value.items()}
        numbers = {key: found_at[key] for key in allowed if found_at.get(key) is not None}
        if numbers:
            values[field.id] = {key: entry for key, entry in numbers.items() if entry is not None}
        return None

    def entry(self, field: Field, number: int, key: str, cell: object, allowed: list[str]) -> float | None:
        try:
            return checked_entry(field, key, cell, allowed)
        except WrongValueError as wrong:
            found = f"{field.label} of {key} is {shortened(cell)}"
            self.problem(field.table, number, field.id, found, wrong.expected, wrong.remedy)
            return None

    def options(self, list: str) -> Collection[str]:
        if list not in self.known_options:
            self.known_options[list] = dict.fromkeys(self.words(list))
        return self.known_options[list]

    def words(self, list: str) -> Collection[str]:
        if list == "foundations":
            return [domain.id for domain in self.catalogue.band_domains("foundation")]
        if list == "areas":
            foundations = (domain.id for domain in self.catalogue.band_domains("foundation"))
            return [*foundations, *self.catalogue.areas, *self.ids.get("programmes", [])]
        if list == "series":
            return series_ids(
                self.ids.get("drivers", []), self.ids.get("courses", []), self.catalogue.lists["course_series"].ids
            )
        if list == "items":
            return tuple(self.catalogue.items)
        return self.catalogue.lists[list].ids if list in self.catalogue.lists else self.ids.get(list, [])

    def draft_ids(self, key: str) -> tuple[str, ...]:
        if key not in self.known_ids:
            self.known_ids[key] = self.draft.key_ids(key)
        return self.known_ids[key]

    def key_value(self, table: str, number: int, key: str, value: object) -> str:
        options = self.draft_ids(key)
        if value not in options:
            expected = f"one of {named(options)}"
            self.problem(table, number, key, f"{key} is {shortened(value)}", expected, f"correct the {key}")
        return str(value)

    @cached_property
    def draft(self) -> Plan:
        """As much of the plan as says which rows are known beforehand."""
        named = {t: [row for row in self.raw.get(t, []) if is_id(row.get("id"))] for t in ("programmes", "rounds")}
        rows = {
            table: tuple({k: row[k] for k in ("id", "band") if k in row} for row in r) for table, r in named.items()
        }
        return Plan("draft", 1, {}, rows, self.catalogue)

    def ordered(self, table: Table, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Rows in the order in which a workbook shows them."""
        places = [{id: n for n, id in enumerate(self.draft.key_ids(key))} for key in table.keys]
        pairs = tuple(zip(table.keys, places, strict=True))
        return tuple(sorted(rows, key=lambda row: [place[str(row[key])] for key, place in pairs]))

    def unknown_tables(self) -> Iterator[Problem]:
        for table in sorted(set(self.raw) - set(self.catalogue.tables)):
            expected = f"one of {', '.join(self.catalogue.tables)}"
            yield Problem(self.where(table, 0, ""), f"unknown table {table!r}", expected, "correct the name")

    def twins(self, tables: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
        """Ids and names that stand twice where one must be found by it; spreadsheets do not tell case apart."""
        foundations, areas = self.catalogue.band_domains("foundation"), self.catalogue.areas
        labels = {d.label.casefold() for d in foundations} | {area.label.casefold() for area in areas.values()}
        reserved = {"id": {id.casefold() for id in (*self.catalogue.domains, *areas)}, "label": labels}
        for table in (table for table in self.catalogue.tables.values() if not table.single):
            keys = [table.keys] if table.keys else [("id",), *((f.id,) for f in table.fields if f.key)]
            for key in keys:
                taken = reserved[key[0]] if table.id == "programmes" else set()
                yield from self.twins_of(table, key, tables[table.id], taken)

    def twins_of(self, table: Table, key: tuple[str, ...], rows: tuple[Row, ...], taken: set[str]) -> Iterator[Problem]:
        seen = set(taken)
        for number, row in enumerate(rows):
            name = " and ".join(str(row.get(part, "")) for part in key)
            if name and name.casefold() in seen:
                found = f"{' and '.join(key)} {name!r} stands twice"
                yield Problem(self.where(table.id, number, key[0]), found, "each only once", "rename one of them")
            seen.add(name.casefold())

    def required(self) -> Iterator[Problem]:
        for table in self.catalogue.tables.values():
            raws = self.raw.get(table.id, [{}] if table.single else [])
            for field in (field for field in table.fields if field.required):
                for number, raw in enumerate(raws):
                    if raw.get(field.id) in BLANK:
                        yield Problem(
                            self.where(table.id, number, field.id), f"{field.label} is blank", "a value", field.prompt
                        )
