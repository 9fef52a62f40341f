"""A plan as one TOML file that a person can write: read it, write it."""

import tomllib
from pathlib import Path
from typing import Any

import tomlkit

from xlplan.catalogue import line_of, load_catalogue
from xlplan.checking import check_plan
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem

FORMAT = 1


def read_plan(path: Path) -> Plan:
    """Read a plan file. Raises ``PlanError`` with every problem, each with the line it stands on."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PlanError(
            [Problem(path.name, "bytes that are not UTF-8", "a TOML text file", "save it as UTF-8")]
        ) from error
    return parse_plan(text, path.name)


def parse_plan(text: str, name: str = "plan") -> Plan:
    """Read a plan from TOML text. Raises ``PlanError`` with every problem."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PlanError([Problem(name, f"not readable as TOML: {error}", "a plan file", "mend that line")]) from error
    settings = raw.pop("plan", None)
    wrong = [
        key for key, rows in raw.items() if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows)
    ]
    if not isinstance(settings, dict) or wrong:
        found = f"{', '.join(wrong)} is no list of tables" if wrong else "no table [plan]"
        raise PlanError([Problem(name, found, "[plan] and [[tables]] as xlplan export writes them", "mend the file")])
    id, years = settings.pop("id", None), settings.pop("years", None)
    if settings.pop("format", FORMAT) != FORMAT:
        raise PlanError(
            [Problem(name, "another plan format", f"format = {FORMAT}", "use the version of xlplan that wrote it")]
        )
    raw["settings"] = [settings]
    return check_plan(id, years, raw, lambda table, row, field: _where(text, name, table, row, field))


def _where(text: str, name: str, table: str, row: int, field: str) -> str:
    """File, line and key; arrays of tables are found by counting their headings."""
    header = "[plan]" if table == "settings" else f"[[{table}]]"
    starts = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(header)]
    if row >= len(starts):
        return f"{name}, {table}"
    rest = "\n".join(text.splitlines()[starts[row] - 1 :])
    line = starts[row] + line_of(rest, f"{field} ") - 1 if f"{field} " in rest.split("\n[")[0] else starts[row]
    return f"{name}, line {line}, {table}" + (f" {field}" if field else "")


def write_plan(plan: Plan) -> str:
    """The plan as TOML text; reading it again gives an equal plan, and equal plans give equal text."""
    document = tomlkit.document()
    order = [field.id for field in load_catalogue().tables["settings"].fields]
    head: dict[str, Value] = {"format": FORMAT, "id": plan.id, "years": plan.years}
    document["plan"] = _table(head | {key: plan.settings[key] for key in order if key in plan.settings})
    for table in plan.catalogue.tables.values():
        rows = plan.rows(table.id)
        if rows:
            keys = (*(table.pairs or ("id",)), *(field.id for field in table.fields))
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
