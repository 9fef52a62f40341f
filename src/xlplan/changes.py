"""Changes: what a scenario can change, and on which rows; their words and bounds stand in the list ``change_kinds``."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from xlplan.problems import Problem
from xlplan.records import Axis, Entry, Field, List

PREFIX = "scenario_"
"""Before the kind of a change: the quantity that says what the scenario in use puts there, blank for nothing."""

CHANGED_ROWS = "changed_rows"
"""The list that a change chooses its row from: it depends on the kind of the change."""


Row = Mapping[str, Any]


class Change(NamedTuple):
    """Unit of the number, and the table whose rows it changes; none where it holds for the whole plan."""

    unit: str
    rows: str | None = None


CHANGES: Mapping[str, Change] = {
    "discount_rate": Change("share/year"),
    "unit_cost_factor": Change("factor"),
    "inflation": Change("share/year", "currencies"),
    "driver_factor": Change("factor", "drivers"),
    "price_factor": Change("factor", "prices"),
    "committed_factor": Change("factor", "funders"),
    "programme_start": Change("year", "programmes"),
    "target_year": Change("year", "foundations"),
    "line_on": Change("flag", "lines"),
    "line_quantity_factor": Change("factor", "lines"),
    "line_first_year": Change("year", "lines"),
}

TYPED: Mapping[str, str] = {
    "discount_rate": "typed_discount_rate",
    "driver_value": "typed_driver_value",
    "price_unit_cost": "typed_price",
    "committed": "typed_committed",
    "programme_start": "typed_start",
    "target_year": "typed_target_year",
    "line_on": "typed_on",
    "line_first_year": "typed_first_year",
}
"""Quantities that a scenario may change, with what the planner typed for each."""


def changed_axis(kind: str) -> Axis:
    """Where the quantity of a kind of change lives."""
    return Axis(CHANGES[kind].rows)


def list_of(field: Field, kind: object) -> str:
    """The list that a field is chosen from; ``kind`` is that of the change whose row it names."""
    if field.list != CHANGED_ROWS:
        return field.list
    known = CHANGES.get(str(kind))
    return (known.rows if known else None) or ""


def narrowed(field: Field, row: Mapping[str, Any]) -> Field:
    """The field of a change with the list that this row of it is chosen from; other fields as they are."""
    return replace(field, list=list_of(field, row.get("kind"))) if field.list == CHANGED_ROWS else field


def changes_left(rows: Sequence[Row], left: Mapping[str, Collection[str]]) -> tuple[Row, ...]:
    """Changes whose row is among those ``left`` of its table; a table that is not named keeps all of its rows."""

    def stands(row: Row) -> bool:
        table = CHANGES[str(row["kind"])].rows
        return table is None or table not in left or row["row"] in left[table]

    return tuple(row for row in rows if stands(row))


def wrong_changes(
    rows: Sequence[Mapping[str, Any]], kinds: List, where: Callable[[str, int, str], str]
) -> Iterator[Problem]:
    """Changes of no row or of one too many, numbers that their kind does not allow, and one thing changed twice."""
    entries, seen = {entry.id: entry for entry in kinds.entries}, set[tuple[str, str]]()
    for number, row in enumerate(rows):
        kind, of = entries.get(str(row.get("kind"))), str(row.get("row") or "")
        if kind is None:
            continue  # refused already
        if bool(of) != bool(CHANGES[kind.id].rows):  # whether there is such a row is checked where choices are
            found, expected = (
                ("no row", "the row that changes") if not of else (f"row {of!r}", "none: it holds for all")
            )
            yield Problem(where("changes", number, "row"), f"{kind.label}: {found}", expected, "correct it")
        if (kind.id, of) in seen:
            found = f"{kind.label} {of}".strip()
            remedy = "keep one row, with a number for each scenario"
            yield Problem(where("changes", number, "row"), f"{found!r} stands twice", "each only once", remedy)
        seen.add((kind.id, of))
        yield from wrong_numbers(kind, row, where("changes", number, "values"))


def wrong_numbers(kind: Entry, row: Mapping[str, Any], where: str) -> Iterator[Problem]:
    low, high, whole = (kind.values[key] for key in ("minimum", "maximum", "whole"))
    given = row.get("values")
    numbers = given.items() if isinstance(given, Mapping) else ()
    for scenario, value in numbers:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124  refused already
            continue
        if not low <= value <= high or (whole and value != int(value)):
            expected = f"a {'whole ' if whole else ''}number from {low:g} to {high:g}"
            yield Problem(where, f"{kind.label} is {value:g} in {scenario!r}", expected, "correct it")
