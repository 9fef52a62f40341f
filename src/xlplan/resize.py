"""The example plan for other years: everything shifted, series cut or carried on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from xlplan.changes import CHANGES, changes_left
from xlplan.plan import Plan, Row, Value
from xlplan.records import Field, Table

FEBRUARY = 2
REPORTED = "spent"
"""The series that says what has happened: it is cut, but never carried on."""


def for_years(plan: Plan, first_year: int, years: int) -> Plan:
    """The same plan from another first year and over another number of years.

    A series that becomes longer keeps its last value. Meant for plans without a planner's figures.
    """
    shift = first_year - plan.first_year
    last = first_year + years - 1
    tables = {
        id: tuple(
            row
            for row in (_row(row, plan.catalogue.tables[id], shift, first_year, last) for row in rows)
            if row is not None
        )
        for id, rows in plan.tables.items()
    }
    lines = {str(line["id"]) for line in tables.get("lines", ())}
    tables["changes"] = changes_left(tables.get("changes", ()), {"lines": lines})
    tables["lines"] = tuple(_without_lost_tail(row, tables["lines"]) for row in tables.get("lines", ()))
    settings = _row(plan.settings, plan.catalogue.tables["settings"], shift, first_year, 9999) or plan.settings
    return replace(plan, years=years, settings=settings, tables={id: rows for id, rows in tables.items() if rows})


def _without_lost_tail(row: Row, lines: tuple[Row, ...]) -> Row:
    """The line, not continued by one that begins after the last year."""
    kept = {line["id"] for line in lines}
    return {key: value for key, value in row.items() if key != "tail" or value in kept}


def _row(row: Row, table: Table, shift: int, first: int, last: int) -> Row | None:
    fields = {field.id: field for field in table.fields}
    moved = {key: _value(value, fields.get(key), shift, first, last) for key, value in row.items()}
    if table.id == "changes" and CHANGES[str(row["kind"])].unit == "year" and isinstance(row.get("values"), Mapping):
        moved["values"] = {scenario: year + shift for scenario, year in row["values"].items()}  # type: ignore[union-attr]
    return None if table.id == "lines" and start_of(moved, first) > last else moved


def in_year(day: date, year: int) -> date:
    """The same day of another year; the last days of February become the 28th.

    >>> in_year(date(2028, 2, 29), 2029)
    datetime.date(2029, 2, 28)
    """
    return day.replace(year=year, day=min(day.day, 28) if day.month == FEBRUARY else day.day)


def start_of(line: Row, first: int) -> float:
    """Year in which a line starts: of its date, else the one typed, else the first."""
    day, year = line.get("start"), line.get("first_year", first)
    return day.year if isinstance(day, date) else year if isinstance(year, (int, float)) else first


def _value(value: Value, field: Field | None, shift: int, first: int, last: int) -> Value:
    if field is None:
        return value
    if field.by == "year" and isinstance(value, Mapping):
        return _series(value, shift, first, last, carried=field.id != REPORTED)
    if field.kind == "date" and field.quantity and isinstance(value, date):
        return in_year(value, value.year + shift)
    if field.kind == "year" and isinstance(value, (int, float)):
        return min(value + shift, last) if field.id == "last_year" else value + shift
    return value


def _series(series: Mapping[str, float], shift: int, first: int, last: int, *, carried: bool) -> Mapping[str, float]:
    moved = {int(year) + shift: number for year, number in series.items()}
    longest = max(moved, default=first)
    if carried and moved:
        moved |= dict.fromkeys(range(longest + 1, last + 1), moved[longest])
    return {str(year): moved[year] for year in range(first, last + 1) if year in moved}
