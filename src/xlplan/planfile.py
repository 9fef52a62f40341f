"""A plan as one TOML file that a person can write: read it, write it."""

import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit

from xlplan.catalogue import TEMPLATE, chosen
from xlplan.checking import check_plan
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem, refuse

FORMAT = 1


def read_plan(path: Path) -> Plan:
    """Read a plan file. Raises ``PlanError`` with every problem, each with the line it stands on."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(
            [Problem(path.name, "bytes that are not UTF-8", "a TOML text file", "save it as UTF-8")]
        ) from error
    return parse_plan(text, path.name)


def parse_plan(text: str, name: str = "plan") -> Plan:
    """Read a plan from TOML text. Raises ``PlanError`` with every problem."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanError([Problem(name, f"not readable as TOML: {error}", "a plan file", "mend that line")]) from error
    settings = raw.pop("plan", None)
    refuse(_wrong_shape(settings, raw, name))
    head = {key: settings.pop(key, None) for key in ("id", "years", "template", "language", "format")}
    raw["settings"] = [settings]
    where = partial(_where, text, name)
    return check_plan(head["id"], head["years"], raw, where, chosen(head["template"], head["language"]))


def _wrong_shape(settings: Any, raw: dict[str, Any], name: str) -> Iterator[Problem]:
    """What is no plan file at all, or one of another format."""
    shape = "[plan] and [[tables]] as xlplan export writes them"
    if not isinstance(settings, dict):
        yield Problem(name, "no table [plan]", shape, "mend the file")
    elif settings.get("format", FORMAT) != FORMAT:
        remedy = "use the version of xlplan that wrote it"
        yield Problem(name, f"plan format {settings['format']!r}", f"format = {FORMAT}", remedy)
    for key, rows in raw.items():
        if key == "settings" or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield Problem(name, f"{key!r} is no list of tables of a plan", shape, "mend the file")


def _where(text: str, name: str, table: str, row: int, field: str) -> str:
    """File, line and key; arrays of tables are found by counting their headings."""
    header = "[plan]" if table == "settings" else f"[[{table}]]"
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines, 1) if line.strip().startswith(header)]
    if row >= len(starts):
        return f"{name}, {table}"
    end = next((n for n in range(starts[row] + 1, len(lines) + 1) if lines[n - 1].startswith("[")), len(lines) + 1)
    key = re.compile(rf"\s*{re.escape(field)}\s*=") if field else re.compile(r"(?!)")
    line = next((n for n in range(starts[row], end) if key.match(lines[n - 1])), starts[row])
    return f"{name}, line {line}, {table}" + (f" {field}" if field else "")


def write_plan(plan: Plan) -> str:
    """The plan as TOML text; reading it again gives an equal plan, and equal plans give equal text."""
    document = tomlkit.document()
    order = [field.id for field in plan.catalogue.tables["settings"].fields]
    head: dict[str, Value] = {"format": FORMAT, "id": plan.id, "years": plan.years}
    head |= {} if plan.template == TEMPLATE else {"template": plan.template}
    head |= {} if plan.language == "en" else {"language": plan.language}
    document["plan"] = _table(head | {key: plan.settings[key] for key in order if key in plan.settings})
    for table in plan.catalogue.tables.values():
        rows = plan.rows(table.id)
        if rows:
            keys = (*(table.keys or ("id",)), *(field.id for field in table.fields))
            document[table.id] = _array([{k: row[k] for k in keys if k in row} for row in rows])
    return tomlkit.dumps(document)


def _array(rows: list[Row]) -> tomlkit.items.AoT:
    array = tomlkit.aot()
    for row in rows:
        array.append(_table(row))
    return array


def _table(row: Row) -> tomlkit.items.Table:
    table = tomlkit.table()
    for key, value in row.items():
        table.add(key, _item(value))
    return table


def _item(value: Value) -> Any:
    if not isinstance(value, dict):
        return value
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline
