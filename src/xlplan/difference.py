"""What changed from one plan to another: every entry in words, and what it does to the results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.plan import Plan, Row, Value
from xlplan.records import Field, Table

NAMED = "id"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One entry that differs; ``field`` is empty where a whole row was added or removed, ``part`` a year or source."""

    table: str
    row: Key
    field: str = ""
    part: str = ""
    before: Value | None = None
    after: Value | None = None
    note: str = ""


def changes(before: Plan, after: Plan) -> list[Change]:
    """Every entry that differs, in the order of the workbook."""
    found = [*changed_row(before.catalogue.tables["settings"], (), before.settings, after.settings)]
    for table in after.catalogue.tables.values():
        if not table.single:
            found += changed_table(table, before, after)
    return found


def changed_table(table: Table, before: Plan, after: Plan) -> Iterator[Change]:
    old, new = by_key(before, table), by_key(after, table)
    for key in dict.fromkeys((*old, *new)):
        if table.keys or (key in old and key in new):
            yield from changed_row(table, key, old.get(key, {}), new.get(key, {}))
        elif key in new:
            yield Change(table.id, key, note="added")
            yield from changed_row(table, key, {}, new[key])
        else:
            yield Change(table.id, key, note="removed")
            yield from changed_row(table, key, old[key], {})


def by_key(plan: Plan, table: Table) -> Mapping[Key, Row]:
    """Rows of a table by their id, or by the ids they belong to."""
    keys = table.keys or (NAMED,)
    return {tuple(str(row[key]) for key in keys): row for row in plan.rows(table.id)}


def changed_row(table: Table, key: Key, old: Row, new: Row) -> Iterator[Change]:
    for field in table.fields:
        one, other = old.get(field.id), new.get(field.id)
        if isinstance(one, Mapping) or isinstance(other, Mapping):
            for part in dict.fromkeys((*parts(one), *parts(other))):
                if parts(one).get(part) != parts(other).get(part):
                    yield Change(table.id, key, field.id, part, parts(one).get(part), parts(other).get(part))
        elif one != other:
            yield Change(table.id, key, field.id, "", one, other)


def parts(value: Value | None) -> Mapping[str, float]:
    return value if isinstance(value, Mapping) else {}


# ---------------------------------------------------------------------------------------------------- in words


def sentence(change: Change, before: Plan, after: Plan) -> str:
    """One change in words.

    A row is called by its name, a choice by the words of the workbook; a blank is "blank".
    """
    table = after.catalogue.tables[change.table]
    place = f"{table.label}, {name_of(change, before, after)}" if change.row else table.label
    if change.note:
        return f"{place}: {change.note}"
    field = table.field(change.field)
    of = f" ({part_name(field, change.part, before, after)})" if change.part else ""
    old, new = (said(plan, field, value) for plan, value in ((before, change.before), (after, change.after)))
    by = author_of(change, after)
    return f"{place}: {field.label}{of} was {old}, is {new}{by}"


def name_of(change: Change, before: Plan, after: Plan) -> str:
    """The row as a planner knows it: its id and name, or the question or domain and the round."""
    if not after.catalogue.tables[change.table].keys:
        plans = (before, after)
        known = (words for plan in plans for words in (plan.labels[change.table], names(plan, change.table)))
        labels = {id: label for words in known for id, label in words.items()}
        label = labels.get(change.row[0], "")
        return change.row[0] + (f" ({label})" if label not in ("", change.row[0]) else "")
    return ", ".join(key_name(key, after) for key in change.row)


def names(plan: Plan, table: str) -> Mapping[str, str]:
    """Activities of lines, which have no other name."""
    return {str(row["id"]): str(row["activity"]) for row in plan.rows(table) if "activity" in row}


def key_name(key: str, plan: Plan) -> str:
    known = (plan.labels["areas"], plan.labels["rounds"], plan.labels["levels"], plan.labels["heads"])
    domains = {id: domain.label for id, domain in plan.catalogue.domains.items()}
    return next((words[key] for words in (*known, domains) if key in words), key)


def part_name(field: Field, part: str, before: Plan, after: Plan) -> str:
    words = {id: label for plan in (before, after) for id, label in plan.labels.get(f"{field.by}s", {}).items()}
    return str(words.get(part, part))


def said(plan: Plan, field: Field, value: Value | None) -> str:
    """A value as a sentence holds it."""
    if value is None:
        return "blank"
    if field.kind == "choice":
        return repr(str(plan.labels[field.list].get(str(value), value)))
    if field.kind == "share" and isinstance(value, (int, float)):
        return f"{100 * value:.15g} %"
    if isinstance(value, (int, float)):
        return str(value) if field.kind == "year" else f"{value:,.15g}"
    return repr(value) if isinstance(value, str) else str(value)


def author_of(change: Change, after: Plan) -> str:
    """Who answered, where the row says it."""
    table = after.catalogue.tables[change.table]
    row = by_key(after, table).get(change.row, {}) if change.row else {}
    who = row.get("assessor")
    return f", by {who}" if who and change.field != "assessor" else ""


def log_entries(before: Plan, after: Plan) -> list[str]:
    """What the Log of the later plan says that the earlier one's does not: who, when, why."""
    known = {tuple(sorted((k, str(v)) for k, v in row.items())) for row in before.rows("versions")}
    found = [row for row in after.rows("versions") if tuple(sorted((k, str(v)) for k, v in row.items())) not in known]
    return [", ".join(str(row[key]) for key in ("label", "date", "author", "reason") if key in row) for row in found]


# ---------------------------------------------------------------------------------------------------- effects


@dataclass(frozen=True)
class Effect:
    """A result that differs: in words, before and after."""

    result: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.result}: {self.before} -> {self.after}"


TOTALS = {"cash": "Total cost", "present_value": "Present value", "plan_gap": "Funding gap"}


def effects(before: Plan, after: Plan) -> list[Effect]:
    """Totals, gap and gates that differ. Raises nothing that ``Plan.evaluate`` does not."""
    old, new = before.evaluate(), after.evaluate()
    found = [Effect(label, f"{old.number(id):,.2f}", f"{new.number(id):,.2f} ({new.number(id) - old.number(id):+,.2f})")
             for id, label in TOTALS.items() if f"{old.number(id):,.2f}" != f"{new.number(id):,.2f}"]  # fmt: skip
    for id, gate in after.catalogue.gates.items():
        status = old.gate_status.get(id, ("none", []))[0], new.gate_status[id][0]
        if status[0] != status[1]:
            found.append(Effect(f"Gate today, {gate.label}", *status))
    years = [year for year in new.gates_by_year.index if year in old.gates_by_year.index]
    for id, gate in after.catalogue.gates.items():
        for year in years:
            status = str(old.gates_by_year.loc[year, id]), str(new.gates_by_year.loc[year, id])
            if status[0] != status[1]:
                found.append(Effect(f"Gate in {year}, {gate.label}", *status))
    return found
