"""Typed values that are not what their field asks for, and what they can only have meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xlplan.checking import Raw, Where
from xlplan.problems import Problem
from xlplan.records import Catalogue, Field
from xlplan.values import UNPRINTABLE, shortened

BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f']")
PLAIN = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>[\d.,]*\d[.,]?)(?P<percent>%?)")
GROUP, CENTURY = 3, 100
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\Z")
MONTHS = 12
MOST, LONGEST_CELL = 1e9, 32_767
LIFTED = "xlplan verify --fix does it"


@dataclass(frozen=True)
class Repair:
    """One value that was read as something else than what was typed."""

    problem: Problem
    typed: Any
    meant: Any


def repaired(raw: Raw, where: Where, catalogue: Catalogue) -> tuple[Raw, list[Repair]]:
    """Rows with every value that can only mean one thing in its place, and what was changed."""
    repairs: list[Repair] = []
    tables = {table: [dict(row) for row in rows] for table, rows in raw.items()}
    for table in catalogue.tables.values():
        for number, row in enumerate(tables.get(table.id, [])):
            for field in (field for field in table.fields if field.id in row):
                place = where(table.id, number, field.id)
                row[field.id] = mended(field, row[field.id], place, repairs)
        if not table.single and not table.keys:
            tell_apart(table.id, table.prefix, tables.get(table.id, []), where, repairs)
    return {table: [*rows] for table, rows in tables.items()}, repairs


def mended(field: Field, value: Any, place: str, repairs: list[Repair]) -> Any:
    if field.by and isinstance(value, Mapping):
        return {key: mended_one(field, cell, f"{place} ({key})", repairs) for key, cell in value.items()}
    return mended_one(field, value, place, repairs)


def mended_one(field: Field, value: Any, place: str, repairs: list[Repair]) -> Any:
    meant = meaning(field, value)
    if meant is None:
        return value
    found = f"{field.label} is {describe(value)} {shortened(value) if isinstance(value, str) else quoted(value)}"
    problem = Problem(place, found, f"{describe(meant)} {quoted(meant)}", f"type it so; {LIFTED}")
    repairs.append(Repair(problem, value, meant))
    return meant


def describe(value: Any) -> str:
    kinds = {str: "the text", date: "the date", datetime: "the time", bool: "the truth value"}
    return kinds.get(type(value), "the number")


def quoted(value: Any) -> str:
    """A value as one types it."""
    return (
        f"{value:.15g}" if isinstance(value, float) else value.isoformat() if isinstance(value, date) else repr(value)
    )


def meaning(field: Field, value: Any) -> Any:
    """What a value of another kind than the field's can only mean; nothing where it is right or may mean several."""
    if field.is_number and isinstance(value, str):
        return number_of(value)
    if field.kind == "date" and isinstance(value, str):
        return date_of(value)
    if field.kind == "text":
        return text_of(value)
    return None


def number_of(text: str) -> float | None:
    """The number that a text can only mean.

    >>> [number_of(text) for text in ("12,5", "1 234,50", "1,234,567.8", "5 %", "1,234", "about 5")]
    [12.5, 1234.5, 1234567.8, 0.05, None, None]
    """
    found = NUMBER.fullmatch(BLANKS.sub("", text))
    plain = with_point(found["digits"]) if found else None
    if found is None or plain is None:
        return None
    number = float(found["sign"] + plain)
    return float(f"{number / CENTURY:.15g}") if found["percent"] else number


def with_point(digits: str) -> str | None:
    """Digits with a decimal point and no other sign; nothing where comma or point may mean either."""
    signs = [sign for sign in digits if sign in ".,"]
    if not signs:
        return digits
    if len(set(signs)) == 1:
        whole, *groups = digits.split(signs[0])
        if len(signs) == 1:
            ambiguous = len(groups[0]) == GROUP and 0 < len(whole) <= GROUP and not whole.startswith("0")
            return None if ambiguous or not groups[0] else f"{whole or 0}.{groups[0]}"
        return whole + "".join(groups) if is_grouped(whole, groups) else None
    head, _, tail = digits.rpartition(signs[-1])
    whole, *groups = head.split(signs[0])
    one_kind = signs[-1] not in head and tail
    return f"{whole}{''.join(groups)}.{tail}" if one_kind and is_grouped(whole, groups) else None


def is_grouped(whole: str, groups: list[str]) -> bool:
    return 0 < len(whole) <= GROUP and all(len(group) == GROUP and group.isdigit() for group in groups)


def date_of(text: str) -> date | None:
    """The day that a text can only mean.

    >>> [str(date_of(text)) for text in ("2026-11-30", "30/11/2026", "11/30/2026", "03/04/2026")]
    ['2026-11-30', '2026-11-30', '2026-11-30', 'None']
    """
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = DAY_FIRST.match(text)
    if not found:
        return None
    one, other, year = map(int, found.groups())
    if one == other or (one <= MONTHS < other):
        day, month = other, one
    elif other <= MONTHS < one:
        day, month = one, other
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def text_of(value: Any) -> str | None:
    """A number or day typed where text belongs, as text; a text without the signs that no text may hold."""
    if isinstance(value, str):
        clean = UNPRINTABLE.sub("", value.replace("\r\n", "\n"))
        return clean if clean != value else None
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return value.isoformat() if type(value) is date else None


def tell_apart(table: str, prefix: str, rows: list[dict[str, Any]], where: Where, repairs: list[Repair]) -> None:
    """Give the second of two rows with one id an id of its own."""
    seen: set[str] = set()
    taken = {str(row.get("id", "")).casefold() for row in rows}
    for number, row in enumerate(rows):
        id = str(row.get("id", ""))
        if id.casefold() in seen:
            row["id"] = next(new for n in range(1, 10**6) if (new := f"{prefix}-{n:03d}") not in taken | seen)
            found, remedy = f"the id {id!r} stands twice", f"give the row an id of its own; {LIFTED} ({row['id']})"
            repairs.append(Repair(Problem(where(table, number, "id"), found, "each only once", remedy), id, row["id"]))
        seen.add(str(row["id"]).casefold())


def unreadable(raw: Raw, catalogue: Catalogue) -> Iterator[tuple[str, int, str]]:
    """Table, row and field of the settings without which no workbook can be made."""
    settings = (raw.get("settings") or [{}])[0]
    for field in catalogue.tables["settings"].fields:
        rows = raw.get(field.list, []) if field.list in catalogue.tables else None
        ids = None if rows is None else {row.get("id") for row in rows}
        if field.required and not is_usable(field, settings.get(field.id), ids):
            yield "settings", 0, field.id


def is_usable(field: Field, value: Any, ids: set[Any] | None) -> bool:
    if field.is_number:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < MOST
    return isinstance(value, str) and (ids is None or value in ids)


def storable(value: Any) -> Any:
    """A value as a cell can hold it: texts without the signs that no file may hold."""
    if isinstance(value, Mapping):
        return {key: storable(entry) for key, entry in value.items()}
    return UNPRINTABLE.sub("", value)[:LONGEST_CELL] if isinstance(value, str) else value
