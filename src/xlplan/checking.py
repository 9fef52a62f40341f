"""From what a file says to a plan: every value checked against the data dictionary, every problem gathered."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime

from xlplan.catalogue import load_catalogue
from xlplan.plan import Plan, Row, Value
from xlplan.problems import Problem, refuse
from xlplan.records import Catalogue, Field, Table

RawRow = Mapping[str, object]
Raw = Mapping[str, list[RawRow]]
Where = Callable[[str, int, str], str]
"""Place of a value as a person finds it: table, number of the row from 0, field."""

LONGEST_TEXT, LONGEST_LABEL, LONGEST_ID = 2000, 120, 40
YEARS_ALLOWED = range(1990, 2151)
MOST_YEARS = 15
ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}\Z")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
WILD = re.compile(r"[*?~]")


def check_plan(id: str, years: object, raw: Raw, where: Where) -> Plan:
    """Build a plan of raw values by table, row and field.

    Raises ``PlanError`` with all problems; ``where`` says how to find each.
    """
    return _Checker(raw, where).plan(id, years)


class _Checker:
    def __init__(self, raw: Raw, where: Where) -> None:
        self.raw, self.where = raw, where
        self.catalogue: Catalogue = load_catalogue()
        self.problems: list[Problem] = []
        self.ids = {t: [str(row.get("id", "")) for row in rows] for t, rows in raw.items()}
        self.years: range = range(0)

    def plan(self, id: str, years: object) -> Plan:
        self.check_id("settings", 0, id)
        count = self.year_count(years)
        self.years = self.budget_years(count)
        tables = {table.id: tuple(self.rows(table)) for table in self.catalogue.tables.values()}
        self.problems += [*self.unknown_tables(), *self.twins(tables), *self.required(tables)]
        refuse(self.problems)
        settings = tables.pop("settings")[0]
        tables["levels"] = self.ordered_levels(tables["levels"])
        return Plan(id, count, settings, {t: rows for t, rows in tables.items() if rows}, self.catalogue)

    def ordered_levels(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Levels by domain, then by round: the order in which a workbook shows them."""
        domains, rounds = [*self.catalogue.domains, *self.ids.get("programmes", [])], self.ids.get("rounds", [])
        return tuple(sorted(rows, key=lambda row: (domains.index(str(row["domain"])), rounds.index(str(row["round"])))))

    def year_count(self, years: object) -> int:
        if isinstance(years, int) and not isinstance(years, bool) and 1 <= years <= MOST_YEARS:
            return years
        self.problem("settings", 0, "years", f"years is {years!r}", "a whole number from 1 to 15", "correct it")
        return 1

    def budget_years(self, count: int) -> range:
        first = next(iter(self.raw.get("settings", [])), {}).get("first_year")
        return range(first, first + count) if isinstance(first, int) else range(0)

    def problem(self, table: str, row: int, field: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(self.where(table, row, field), found, expected, remedy))

    def rows(self, table: Table) -> Iterator[Row]:
        for number, raw in enumerate(self.raw.get(table.id, [])):
            yield self.row(table, number, raw)

    def row(self, table: Table, number: int, raw: RawRow) -> Row:
        values: dict[str, Value] = {}
        if not table.single and not table.pairs:
            values["id"] = self.check_id(table.id, number, raw.get("id"))
        for pair in table.pairs:
            values[pair] = self.pair(table.id, number, pair, raw.get(pair))
        known = {field.id: field for field in table.fields}
        for key, value in raw.items():
            if key in known and value not in (None, ""):
                self.add(values, known[key], number, value)
            elif key not in known and key not in (*table.pairs, "id"):
                fields = f"one of {', '.join(known)}"
                self.problem(table.id, number, key, f"unknown field {key!r}", fields, "correct the name or remove it")
        self.not_empty(table, number, raw, values)
        return values

    def not_empty(self, table: Table, number: int, raw: RawRow, values: Row) -> None:
        """A row that says nothing would be lost on its way through a workbook."""
        named = {"id", *table.pairs}
        if not table.single and not set(values) - named and not [k for k in raw if raw[k] not in (None, "") and k not in named]:
            self.problem(table.id, number, "id", "a row without any entry", "at least one entry", "fill or remove it")

    def add(self, values: dict[str, Value], field: Field, number: int, value: object) -> None:
        checked = self.series(field, number, value) if field.by else self.value(field, number, value)
        if checked is not None and checked != {}:
            values[field.id] = checked

    def series(self, field: Field, number: int, value: object) -> dict[str, float] | None:
        if not isinstance(value, Mapping):
            expected = f"numbers by {field.by}, such as {{ 2027 = 100 }}" if field.by == "year" else "shares by source"
            return self.wrong(field, number, value, expected)
        allowed = [str(year) for year in self.years] if field.by == "year" else self.ids.get(f"{field.by}s", [])
        found: dict[str, float] = {}
        for key, cell in value.items():
            if str(key) not in allowed:
                expected = f"one of {', '.join(allowed)}"
                self.problem(field.table, number, field.id, f"{field.by} {key!r}", expected, "correct or remove it")
            elif isinstance(checked := self.number(field, number, cell), (int, float)):
                found[str(key)] = checked
        return {key: found[key] for key in allowed if key in found}

    def value(self, field: Field, number: int, value: object) -> str | float | date | None:
        if field.kind == "text":
            return self.text(field, number, value)
        if field.kind == "date":
            return self.date(field, number, value)
        return self.choice(field, number, value) if field.kind == "choice" else self.number(field, number, value)

    def wrong(self, field: Field, number: int, value: object, expected: str, remedy: str = "correct it") -> None:
        shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
        self.problem(field.table, number, field.id, f"{field.label} is {shown}", expected, remedy)

    def text(self, field: Field, number: int, value: object) -> str | None:
        longest = LONGEST_LABEL if field.key else LONGEST_TEXT
        if not isinstance(value, str):
            return self.wrong(field, number, value, "text", "put it in quotation marks")
        if UNPRINTABLE.search(value):
            return self.wrong(field, number, value, "text without control characters", "remove them")
        if len(value) > longest:
            return self.wrong(field, number, value, f"at most {longest} characters", "shorten it")
        if field.key and WILD.search(value):
            return self.wrong(field, number, value, "a name without * ? ~", "spreadsheets search by these; use others")
        return value

    def date(self, field: Field, number: int, value: object) -> date | None:
        if isinstance(value, datetime) and value.time() == datetime.min.time():
            value = value.date()
        if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
            return value
        return self.wrong(field, number, value, "a date such as 2026-11-30", "type it as a date")

    def choice(self, field: Field, number: int, value: object) -> str | None:
        options = self.options(field.list)
        if isinstance(value, str) and value in options:
            return value
        expected = f"one of {', '.join(options)}" if options else f"an entry of {field.list}"
        return self.wrong(field, number, value, expected, f"choose from the {field.list.replace('_', ' ')}")

    def options(self, list: str) -> Collection[str]:
        if list == "areas":
            foundations = (d.id for d in self.catalogue.band_domains("foundation"))
            return [*foundations, *self.catalogue.areas, *self.ids.get("programmes", [])]
        return self.catalogue.lists[list].ids if list in self.catalogue.lists else self.ids.get(list, [])

    def number(self, field: Field, number: int, value: object) -> float | None:
        low, high = (YEARS_ALLOWED[0], YEARS_ALLOWED[-1]) if field.kind == "year" else (field.minimum, field.maximum)
        whole = field.kind in ("year", "whole")
        expected = f"a {'whole ' if whole else ''}number from {low:,g} to {high:,g}".replace(",", "" if whole else ",")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return self.wrong(field, number, value, expected, "type a number")
        if not low <= value <= high or (whole and value != int(value)):
            return self.wrong(field, number, value, expected)
        return int(value) if value == int(value) else float(value)

    def pair(self, table: str, number: int, key: str, value: object) -> str:
        domains = [*self.catalogue.domains, *self.ids.get("programmes", [])]
        options = domains if key == "domain" else self.ids.get(f"{key}s", [])
        if value not in options:
            self.problem(table, number, key, f"{key} {value!r}", f"one of {', '.join(options)}", f"correct the {key}")
        return str(value)

    def check_id(self, table: str, number: int, value: object) -> str:
        text = str(value)
        expected = "letters, digits, - and _, not like a cell address"
        if not isinstance(value, str) or not ID.match(text) or LIKE_A_CELL.match(text) or len(text) > LONGEST_ID:
            self.problem(table, number, "id", f"id is {value!r}", expected, "give it a short name such as se-audit")
        return text

    def unknown_tables(self) -> Iterator[Problem]:
        for table in set(self.raw) - set(self.catalogue.tables):
            expected = f"one of {', '.join(self.catalogue.tables)}"
            yield Problem(self.where(table, 0, ""), f"unknown table {table!r}", expected, "correct the name")

    def twins(self, tables: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
        """Ids and names that stand twice where one must be found by it; spreadsheets do not tell case apart."""
        reserved = {"programmes": {id.casefold() for id in (*self.catalogue.domains, *self.catalogue.areas)}}
        for table in self.catalogue.tables.values():
            keys = ["id", *(f.id for f in table.fields if f.key)]
            for key in [*table.pairs] and ["+".join(table.pairs)] or keys:
                seen = set(reserved.get(table.id, ())) if key == "id" else set()
                for number, row in enumerate(tables[table.id]):
                    name = "+".join(str(row.get(part, "")) for part in key.split("+")).casefold()
                    if name and name in seen:
                        found = f"{key} {name!r} stands twice"
                        yield Problem(self.where(table.id, number, key), found, "each only once", "rename one of them")
                    seen.add(name)

    def required(self, tables: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
        for table in self.catalogue.tables.values():
            for field in (field for field in table.fields if field.required):
                for number, row in enumerate(tables[table.id] or ([{}] if table.single else [])):
                    if field.id not in row and self.raw.get(table.id, [{}])[number].get(field.id) in (None, ""):
                        found, expected = f"{field.label} is blank", "a value"
                        yield Problem(self.where(table.id, number, field.id), found, expected, field.prompt)
