"""Reconciliation: what an export adds up to, by source and year, against the totals of the engine."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from xlplan.funders.accounts import words_of
from xlplan.funders.entries import Entry
from xlplan.funders.fields import View
from xlplan.funders.placed import ROUNDING, UNFUNDED
from xlplan.funders.rounding import counted, difference, in_units
from xlplan.funders.table import Table
from xlplan.problems import Problem

Amounts: TypeAlias = dict[tuple[str, int], list[Decimal | int]]
ALL = ""


@dataclass(frozen=True)
class Balance:
    """One source (an empty id for all of them) in one year: the export, the engine in the same unit, the difference."""

    source: str
    year: int
    exported: Decimal | int
    expected: Decimal | int
    difference: Decimal | int


def reconciliation(table: Table) -> tuple[Balance, ...]:
    """Every source in every year, then all sources together; the differences must all be 0."""
    found = exported(table)
    return tuple(_balance(table, found, *one) for one in engine(table))


def exported(table: Table) -> Amounts:
    """The amounts of the table itself, by source and year."""
    found: Amounts = defaultdict(list)
    for line in table.lines:
        for cell, year in zip(line.cells, line.years, strict=True):
            if year is not None and isinstance(cell, (int, Decimal)):
                found[line.source, year].append(cell)
                found[ALL, year].append(cell)
    return found


def engine(table: Table) -> Iterator[tuple[str, int, float]]:
    """The engine's totals in units of rounding."""
    placed, unit = table.placed, float(table.layout.unit)
    for source, row in zip(placed.sources, placed.totals, strict=True):
        yield from ((source, year, total / unit) for year, total in zip(placed.years, row, strict=True))
    if placed.is_whole:
        yield from ((ALL, year, cost / unit) for year, cost in zip(placed.years, placed.costs, strict=True))


def _balance(table: Table, found: Amounts, source: str, year: int, total: float) -> Balance:
    unit = table.layout.unit
    units = counted(found[source, year], unit)
    off = difference(units, total)
    expected = units - off
    return Balance(source, year, *(in_units(number, unit) for number in (units, expected, off)))


def source_word(table: Table, source: str) -> str:
    """Name of a source in the language of the plan."""
    view = View(table.placed, table.accounts)
    words = {ALL: "All sources with rounding", UNFUNDED: "Without a source", ROUNDING: "Rounding"}
    return view.say(words[source]) if source in words else view.plan.labels["funders"][source]


def table_problems(table: Table) -> tuple[Problem, ...]:
    """What a funder's system would refuse: required cells that are empty, and differences that are not 0."""
    return (*unmapped(table), *lacking(table), *unbalanced(table))


def unmapped(table: Table) -> Iterator[Problem]:
    """Kinds of cost lines whose account has no code, each once."""
    fields = {column.field for column in table.layout.columns}
    if "account" not in fields:
        return
    view = View(table.placed, table.accounts)
    without = [entry for entry in table.entries if not view.account(entry).code]
    for kind in dict.fromkeys(kind_of(view, entry) for entry in without):
        remedy = "fill in the code, or add an [[account]] that takes them"
        yield Problem(table.accounts.name, f"no account mapped for {kind}", "a code of the chart of accounts", remedy)


def kind_of(view: View, entry: Entry) -> str:
    """What a row without an account is made of, in words."""
    if entry.source == ROUNDING:
        return "rounding"
    account = view.account(entry)
    return ", ".join(words_of(account, view.plan.labels)) or "cost lines that no [[account]] takes"


def lacking(table: Table) -> Iterator[Problem]:
    """Rows without what the layout requires, each once; accounts are told apart."""
    view, remedy = View(table.placed, table.accounts), "choose it on Costs"
    own = [entry for entry in table.entries if entry.source != ROUNDING]
    for column in table.layout.columns:
        if column.required and column.field != "account":
            lines = dict.fromkeys(name_of(view, entry) for entry in own if not view.cell(column.field, entry))
            yield from (Problem(name, f"no {column.field}", "one: the layout needs it", remedy) for name in lines)


def name_of(view: View, entry: Entry) -> str:
    line = view.line(entry)
    return str(line["id"]) if line else "cost lines"


def unbalanced(table: Table) -> Iterator[Problem]:
    """Balances that are not 0: a fault of the program."""
    for one in reconciliation(table):
        if one.difference:
            where = f"export, {source_word(table, one.source)} {one.year}"
            found, expected = f"{one.exported:,} exported", f"{one.expected:,} as the engine has it"
            yield Problem(where, found, expected, "do not send this file; report the difference")
