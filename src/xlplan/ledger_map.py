"""Ledger map: where the spending stands in an export of an accounting system, and which line an account stands for."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.problems import PlanError, Problem, refuse
from xlplan.values import shortened

COLUMNS = ("line", "account", "amount", "year", "date")
Table = Sequence[Sequence[object]]
"""Rows of a sheet or text file, the first of the file first; blank cells are None or empty."""


@dataclass(frozen=True)
class LedgerMap:
    """What a mapping file says: where the table is, which heading holds what, and which line an account stands for.

    ``lines`` and ``left_out`` are keyed by account; ``left_out`` gives the reason. ``year`` holds for rows without a
    column for it; ``reported_to`` is the last day that the table covers.
    """

    name: str = ""
    sheet: str = ""
    header_row: int = 1
    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    year: int | None = None
    reported_to: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path) -> LedgerMap:
    """Read a mapping file. Raises ``PlanError`` with every problem."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise PlanError([Problem(path.name, f"not readable as TOML: {error}", "a mapping file", "mend it")]) from error
    refuse(wrong_keys(path.name, raw))
    return LedgerMap(**raw | {"name": path.name, "lines": named(raw, "lines"), "left_out": named(raw, "left_out")})


def named(raw: Mapping[str, Any], key: str) -> dict[str, str]:
    return {str(account).strip(): str(value) for account, value in raw.get(key, {}).items()}


def wrong_keys(name: str, raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys that a mapping does not have, values of another kind, and what it needs and lacks."""
    kinds = {f.name: type(getattr(LedgerMap(), f.name)) for f in fields(LedgerMap) if f.name != "name"}
    kinds |= {"year": int, "reported_to": date}
    for key, value in raw.items():
        if key not in kinds:
            yield Problem(name, f"unknown key {key!r}", f"one of {', '.join(kinds)}", "correct the name")
        elif not isinstance(value, kinds[key]) or isinstance(value, bool):
            yield Problem(name, f"{key} is {shortened(value)}", f"a value of kind {kinds[key].__name__}", "correct it")
    columns = raw.get("columns", {})
    columns = columns if isinstance(columns, dict) else {}
    strange = [key for key in columns if key not in COLUMNS]
    for key in strange:
        yield Problem(name, f"unknown column {key!r}", f"one of {', '.join(COLUMNS)}", "correct the name")
    for needed in (("amount",), ("line", "account")):
        if not set(needed) & set(columns):
            remedy = 'add its heading, such as amount = "Amount"'
            yield Problem(name, f"no heading for {' or '.join(needed)}", "it under [columns]", remedy)
    if not {"year", "date"} & set(columns) and "year" not in raw:
        yield Problem(name, "no year", "a heading for year or date, or a year for all rows", "add year = 2027")
    if raw.get("decimal", ".") not in (".", ","):
        yield Problem(name, f"decimal is {shortened(raw['decimal'])}", 'a "." or a ","', "correct it")


def csv_rows(path: Path, map: LedgerMap) -> Table:
    """Rows of a text file. Raises ``PlanError`` where it cannot be read."""
    try:
        text = path.read_bytes().decode(map.encoding).removeprefix("\ufeff")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=map.delimiter, strict=True))
    except (OSError, UnicodeDecodeError, LookupError, csv.Error, TypeError) as error:
        remedy = "check delimiter and encoding in the mapping, or save the file as CSV in UTF-8"
        raise PlanError([Problem(path.name, f"it cannot be read: {error}", "a CSV file", remedy)]) from error
