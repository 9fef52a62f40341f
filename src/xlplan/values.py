"""One typed value against its field of the data dictionary."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime

from xlplan.plan import Scalar
from xlplan.records import Field

LONGEST_TEXT, LONGEST_LABEL, LONGEST_ID = 2000, 120, 40
HUGE = 1e300
MOST_NAMED = 12
"""Words of a list up to which a problem names them all."""

FIRST_YEAR_ALLOWED, LAST_YEAR_ALLOWED = 1990, 2150
OLDEST_DATE = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900 that never was; earlier days would shift."""

ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}\Z")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
WILD = re.compile(r"[*?~]")


class WrongValueError(Exception):
    """A value that its field does not allow: what was expected, and what to do."""

    def __init__(self, expected: str, remedy: str = "correct it") -> None:
        self.expected, self.remedy = expected, remedy
        super().__init__(expected)


def bounds(field: Field) -> tuple[float, float]:
    """Least and greatest number that the field allows."""
    return (FIRST_YEAR_ALLOWED, LAST_YEAR_ALLOWED) if field.kind == "year" else (field.minimum, field.maximum)


def checked(field: Field, value: object, options: Collection[str]) -> Scalar:
    """The value as the plan holds it. Raises ``WrongValueError`` for what the field does not allow."""
    if field.kind == "text":
        return checked_text(field, value)
    if field.kind == "date":
        return checked_date(value)
    return checked_choice(field, value, options) if field.kind == "choice" else checked_number(field, value)


def checked_text(field: Field, value: object) -> str:
    longest = LONGEST_LABEL if field.key else LONGEST_TEXT
    if not isinstance(value, str):
        raise WrongValueError("text", "put it in quotation marks")
    if UNPRINTABLE.search(value):
        raise WrongValueError("text without control characters", "remove them")
    if len(value) > longest:
        raise WrongValueError(f"at most {longest} characters", "shorten it")
    if field.key and WILD.search(value):
        raise WrongValueError("a name without * ? ~", "spreadsheets search by these; use other characters")
    return value


def checked_date(value: object) -> date:
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime) and value >= OLDEST_DATE:
        return value
    raise WrongValueError("a date such as 2026-11-30", "type it as a date")


def checked_choice(field: Field, value: object, options: Collection[str]) -> str:
    if isinstance(value, str) and value in options:
        return value
    few = 0 < len(options) <= MOST_NAMED
    expected = f"one of {', '.join(options)}" if few else f"an entry of the {field.list.replace('_', ' ')}"
    raise WrongValueError(expected, f"choose from the {field.list.replace('_', ' ')}")


def checked_number(field: Field, value: object) -> float:
    low, high = bounds(field)
    whole = field.kind in ("year", "whole")
    expected = f"a whole number from {low:g} to {high:g}" if whole else f"a number from {low:,g} to {high:,g}"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -HUGE < value < HUGE:
        raise WrongValueError(expected, "type a number")
    if not low <= value <= high or (whole and value != int(value)):
        raise WrongValueError(expected)
    return int(value) if value == int(value) else float(value)


def checked_entry(field: Field, key: str, value: object, keys: Collection[str]) -> float:
    """One number of a series. Raises ``WrongValueError`` also for a year or source that there is not."""
    if key not in keys:
        expected = f"one of {', '.join(keys)}" if keys else "nothing, since there are none"
        raise WrongValueError(expected, "correct or remove it")
    return checked_number(field, value)


def is_id(value: object) -> bool:
    """Is it a short name of letters, digits, - and _ that no spreadsheet takes for a cell?"""
    return (
        isinstance(value, str) and len(value) <= LONGEST_ID and bool(ID.match(value)) and not LIKE_A_CELL.match(value)
    )


def shortened(value: object) -> str:
    """The value as a problem quotes it."""
    text = repr(dict(value)) if isinstance(value, Mapping) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  a line of a terminal with room for the rest
