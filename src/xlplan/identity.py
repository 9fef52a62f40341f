"""Ids of rows: given anew where two rows have one, and followed wherever a plan refers to them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from xlplan.changes import narrowed
from xlplan.plan import Plan, Row, Value
from xlplan.records import Field, Table

Renames = Mapping[str, Mapping[str, str]]
"""Table -> old id -> new id."""

KEYS = {"domain": "programmes", "round": "rounds"}
"""Keys of tables that may be the id of a row."""

LISTS = {"areas": ("programmes",), "series": ("drivers", "courses")}
"""Lists that hold the ids of other tables."""


def renamed(plan: Plan, names: Renames) -> Plan:
    """The plan with other ids, and every reference to them."""
    if not any(names.values()):
        return plan
    tables = {table: tuple(_row(plan, table, row, names) for row in rows) for table, rows in plan.tables.items()}
    settings = _row(plan, "settings", plan.settings, names)
    return replace(plan, settings=settings, tables=tables)


def _row(plan: Plan, table: str, row: Row, names: Renames) -> Row:
    record = plan.catalogue.tables[table]
    return {key: _value(record, key, value, names, row) for key, value in row.items()}


def _value(table: Table, key: str, value: Value, names: Renames, row: Row) -> Value:
    if key == "id":
        return names.get(table.id, {}).get(str(value), value)
    if key in table.keys:
        return _key(key, str(value), names)
    field = narrowed(table.field(key), row)
    if field.by and isinstance(value, Mapping):
        known = names.get(f"{field.by}s", {})
        return {known.get(entry, entry): number for entry, number in value.items()}
    return _choice(field, str(value), names) if field.kind == "choice" else value


def _key(key: str, value: str, names: Renames) -> str:
    if key == "question":
        programme, point, question = value.partition(".")
        return names.get("programmes", {}).get(programme, programme) + point + question
    return names.get(KEYS.get(key, ""), {}).get(value, value)


def _choice(field: Field, value: str, names: Renames) -> str:
    for table in LISTS.get(field.list, (field.list,)):
        known = names.get(table, {})
        if value in known:
            return known[value]
        if table == "courses":
            for old, new in known.items():
                if value.startswith(f"{old}-"):
                    return new + value[len(old) :]
    return value


def fresh_ids(prefix: str, taken: set[str]) -> Iterator[str]:
    """Ids that nobody has, in order; ids differ also where only capitals differ."""
    return (id for n in range(1, 10**9) if (id := f"{prefix}-{n:03d}").casefold() not in taken)
