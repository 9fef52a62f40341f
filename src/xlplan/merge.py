"""Two copies of one plan, edited apart, as one: what either changed is taken, what both changed is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xlplan.checking import check_plan
from xlplan.difference import Change, Key, by_key, key_name, name_of, part_name, said
from xlplan.identity import Renames, fresh_ids, renamed
from xlplan.plan import Plan, Row, Value
from xlplan.problems import PlanError, Problem, refuse
from xlplan.records import Field, Table
from xlplan.values import LONGEST_TEXT

Numbers = Mapping[str, float]

LONGEST_NAME = 100


@dataclass(frozen=True)
class Conflict:
    """An entry that both copies changed, each in its own way; the merged plan keeps that of the base."""

    change: Change
    base: str
    one: str
    other: str


@dataclass(frozen=True)
class Merged:
    """The merged plan, its conflicts, and rows of the second copy that got another id."""

    plan: Plan
    conflicts: tuple[Conflict, ...]
    moved: tuple[str, ...]


def merged(base: Plan, one: Plan, other: Plan, names: tuple[str, str, str] = ("base", "one", "other")) -> Merged:
    """The three-way merge of two plans that come from one.

    Raises ``PlanError`` where they do not, or where the result is no plan.
    """
    refuse(strangers(base, one, other, names))
    other, moved = told_apart(base, one, other)
    work = _Merge(base, one, other)
    settings = work.row(base.catalogue.tables["settings"], (), base.settings, one.settings, other.settings)
    tables = {table.id: work.table(table) for table in base.catalogue.tables.values() if not table.single}
    tables["assumptions"] = (*tables["assumptions"], *noted(work, tables["assumptions"], names))
    raw = {table: [*rows] for table, rows in tables.items() if rows} | {"settings": [settings]}
    plan = check_plan(
        base.id, base.years, raw, lambda table, row, field: f"merged, {table} {row + 1} {field}", base.catalogue
    )
    return Merged(replace(plan, origin=base.origin or base.digest), tuple(work.conflicts), tuple(moved))


def strangers(base: Plan, one: Plan, other: Plan, names: tuple[str, str, str]) -> Iterator[Problem]:
    """Copies that were not made from the base, or are of another size."""
    home = {base.digest, base.origin} - {""}
    for plan, name in ((one, names[1]), (other, names[2])):
        if not home & {plan.origin, plan.digest}:
            found, expected = f"made from another plan (origin {plan.origin or plan.digest})", f"a copy of {names[0]}"
            yield Problem(
                name,
                found,
                f"{expected} (origin {base.origin or base.digest})",
                "name the copy that both were made from as BASE",
            )
        if (plan.years, plan.template) != (base.years, base.template):
            found = f"{plan.years} years of template {plan.template}"
            yield Problem(name, found, f"{base.years} years of {base.template}", "merge plans of one size only")


def told_apart(base: Plan, one: Plan, other: Plan) -> tuple[Plan, list[str]]:
    """The second plan with other ids for its new rows where the first gave the same id to something else.

    New rows of one name are one row, whatever their ids.
    """
    names: dict[str, dict[str, str]] = {}
    moved = []
    for table in base.catalogue.tables.values():
        if table.single or table.keys:
            continue
        known, mine, theirs = (by_key(plan, table) for plan in (base, one, other))
        new = {id: row for (id,), row in theirs.items() if (id,) not in known}
        named = {
            str(row["label"]).casefold(): id for (id,), row in mine.items() if (id,) not in known and "label" in row
        }
        taken = {id.casefold() for keys in (known, mine, theirs) for (id,) in keys}
        fresh = fresh_ids(table.prefix, taken)
        for id, row in new.items():
            twin = named.get(str(row.get("label", "")).casefold()) if any(f.key for f in table.fields) else None
            if twin and twin != id:
                names.setdefault(table.id, {})[id] = twin
            elif not twin and (id,) in mine and mine[id,] != row:
                names.setdefault(table.id, {})[id] = next(fresh)
                moved.append(f"{table.label}: {id} of the second copy is now {names[table.id][id]}")
    found = renamed(other, names)
    labels = {table: {str(row["id"]): row["label"] for row in one.rows(table) if "label" in row} for table in names}
    tables = {table: tuple(as_named(table, row, names, labels) for row in rows) for table, rows in found.tables.items()}
    return replace(found, tables=tables), moved


def as_named(table: str, row: Row, names: Renames, labels: Mapping[str, Mapping[str, Value]]) -> Row:
    """A row that is one with a row of the first copy, under the name that it has there."""
    id = str(row.get("id", ""))
    is_twin = id in names.get(table, {}).values() and id in labels.get(table, {})
    return {**row, "label": labels[table][id]} if is_twin else row


class _Merge:
    def __init__(self, base: Plan, one: Plan, other: Plan) -> None:
        self.base, self.one, self.other = base, one, other
        self.conflicts: list[Conflict] = []

    def table(self, table: Table) -> tuple[Row, ...]:
        old, mine, theirs = (by_key(plan, table) for plan in (self.base, self.one, self.other))
        rows: list[Row] = []
        for key in dict.fromkeys((*mine, *old, *theirs)):
            found = self.known(table, key, old, mine, theirs)
            if found is not None:
                rows.append(found)
        return tuple(rows)

    def known(
        self, table: Table, key: Key, old: Mapping[Key, Row], mine: Mapping[Key, Row], theirs: Mapping[Key, Row]
    ) -> Row | None:
        """One row: taken, removed, or merged entry by entry."""
        if table.keys or (key in mine and key in theirs) or key not in old:
            given = [rows.get(key, {}) for rows in (old, mine, theirs)]
            if key not in old and not table.keys:
                given = [given[0], given[1] or given[2], given[2] or given[1]]
            values = self.row(table, key, *given)
            names = dict(zip(table.keys or ("id",), key, strict=True))
            return {**names, **values} if values else None
        left = mine.get(key) or theirs.get(key)
        if left is None or left == old[key]:
            return None
        gone = "removed" if key not in mine else "changed", "removed" if key not in theirs else "changed"
        self.conflicts.append(Conflict(Change(table.id, key, note="row"), "there", *gone))
        return left

    def row(self, table: Table, key: Key, old: Row, mine: Row, theirs: Row) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for field in table.fields:
            values = [row.get(field.id) for row in (old, mine, theirs)]
            if any(isinstance(value, Mapping) for value in values):
                series = self.series(table, key, field, *(v if isinstance(v, Mapping) else {} for v in values))
                if series:
                    found[field.id] = series
            else:
                value = self.entry(Change(table.id, key, field.id), field, *values)
                if value is not None:
                    found[field.id] = value
        return found

    def series(self, table: Table, key: Key, field: Field, old: Numbers, mine: Numbers, theirs: Numbers) -> Numbers:
        found: dict[str, float] = {}
        for part in dict.fromkeys((*old, *mine, *theirs)):
            change = Change(table.id, key, field.id, part)
            value = self.entry(change, field, old.get(part), mine.get(part), theirs.get(part))
            if isinstance(value, (int, float)):
                found[part] = value
        return found

    def entry(
        self, change: Change, field: Field, old: Value | None, mine: Value | None, theirs: Value | None
    ) -> Value | None:
        """Whichever copy changed it; where both did, and differently, the base."""
        if theirs in (mine, old):
            return mine
        if mine == old:
            return theirs
        plans = (self.base, self.one, self.other)
        words = [said(plan, field, value) for plan, value in zip(plans, (old, mine, theirs), strict=True)]
        self.conflicts.append(Conflict(change, *words))
        return old


def conflict_words(conflict: Conflict, base: Plan, one: Plan, names: tuple[str, str, str]) -> tuple[str, str]:
    """Where a conflict is, and what each copy says."""
    change, table = conflict.change, base.catalogue.tables[conflict.change.table]
    place = [table.label]
    if change.row:
        place.append(
            name_of(change, base, one) if not table.keys else ", ".join(key_name(key, one) for key in change.row)
        )
    if change.field:
        place.append(table.field(change.field).label)
    if change.part:
        place.append(part_name(table.field(change.field), change.part, base, one))
    values = f"{names[0]}: {conflict.base}; {names[1]}: {conflict.one}; {names[2]}: {conflict.other}"
    return ", ".join(place), values


def noted(work: _Merge, rows: tuple[Row, ...], names: tuple[str, str, str]) -> Iterator[Row]:
    """A row of the Log for each conflict, so that it stands in the workbook until somebody decides."""
    table = work.base.catalogue.tables["assumptions"]
    fresh = fresh_ids(table.prefix, {str(row["id"]).casefold() for row in rows})
    for number, conflict in enumerate(work.conflicts, 1):
        place, values = conflict_words(conflict, work.base, work.one, names)
        kept = "what is left of the row is kept" if conflict.change.note else "the entry of the base is kept"
        yield {
            "id": next(fresh),
            "label": f"Merge conflict {number}: {place}"[:LONGEST_NAME],
            "effect": f"{place}. {values}"[:LONGEST_TEXT],
            "reason": f"Both copies changed it; {kept} until somebody decides.",
            "author": "xlplan merge",
        }


def conflict_problems(found: Merged, base: Plan, one: Plan, names: tuple[str, str, str], target: str) -> list[Problem]:
    """Each conflict as a problem."""
    problems = []
    for conflict in found.conflicts:
        place, values = conflict_words(conflict, base, one, names)
        problems.append(
            Problem(
                f"{target}, {place}",
                f"both copies changed it ({values})",
                "one value",
                "decide, type it, and clear the row in Log",
            )
        )
    return problems


__all__ = ["Conflict", "Merged", "PlanError", "conflict_problems", "merged"]
