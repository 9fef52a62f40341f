"""Ledger: spending as an accounting system exports it, brought to lines and years of a plan by a mapping."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from xlplan.ledger_map import LedgerMap, Table
from xlplan.plan import Plan, Row
from xlplan.problems import Problem, refuse
from xlplan.values import shortened

SPACES = re.compile(r"[\s'\u2019]")
Key = tuple[str, int]
"""Line and year."""


@dataclass(frozen=True)
class Ledger:
    """What a table came to: amounts by line and year, those left out by reason, rows without an amount, its total."""

    amounts: Mapping[Key, Decimal]
    left_out: Mapping[str, Decimal]
    blank_rows: tuple[int, ...]
    rows: int
    total: Decimal

    @property
    def imported(self) -> Decimal:
        """Total of the amounts; with what was left out it is the total of the table."""
        return sum(self.amounts.values(), Decimal(0))


def ledger(plan: Plan, table: Table, map: LedgerMap, name: str) -> Ledger:
    """Amounts by line and year of all rows of a table. Raises ``PlanError`` with every row that has no place."""
    return _Reader(plan, map, name).ledger(table)


class _Reader:
    def __init__(self, plan: Plan, map: LedgerMap, name: str) -> None:
        self.plan, self.map, self.name = plan, map, name
        self.lines = {str(row["id"]) for row in plan.rows("lines")}
        self.problems = [*self.unknown_lines()]
        self.columns: dict[str, int] = {}

    def unknown_lines(self) -> Iterator[Problem]:
        for account, line in self.map.lines.items():
            if line not in self.lines:
                where, expected = f"{self.map.name}, lines", "the id of a line of the plan"
                yield Problem(where, f"line {line!r} of account {account!r}", expected, "correct the id")

    def ledger(self, table: Table) -> Ledger:
        head = self.map.header_row - 1
        self.columns = self.found_columns(table[head] if 0 <= head < len(table) else ())
        refuse(self.problems)
        rows = [(n, row) for n, row in enumerate(table[head + 1 :], head + 2) if not all(map(is_blank, row))]
        known = [(n, row, amount) for n, row in rows if (amount := self.amount(row, n)) is not None]
        amounts, left_out = self.placed(known)
        refuse(self.problems)
        blank = tuple(n for n, row in rows if is_blank(self.cell(row, "amount")))
        found = Ledger(amounts, left_out, blank, len(rows), sum((amount for *_, amount in known), Decimal(0)))
        refuse(self.differing(found))
        return found

    def placed(
        self, rows: Sequence[tuple[int, Sequence[object], Decimal]]
    ) -> tuple[dict[Key, Decimal], dict[str, Decimal]]:
        """Amounts by line and year, and those that the mapping leaves out, by reason."""
        amounts: dict[Key, Decimal] = {}
        left_out: dict[str, Decimal] = {}
        for number, row, amount in rows:
            reason = self.map.left_out.get(self.text(row, "account"))
            if reason is not None:
                left_out[reason] = left_out.get(reason, Decimal(0)) + amount
            elif key := self.key(row, number):
                amounts[key] = amounts.get(key, Decimal(0)) + amount
        return amounts, left_out

    def found_columns(self, heads: Sequence[object]) -> dict[str, int]:
        texts = [str(head).strip().casefold() for head in heads]
        found = {}
        for key, head in self.map.columns.items():
            places = [n for n, text in enumerate(texts) if text == head.strip().casefold()]
            if len(places) == 1:
                found[key] = places[0]
                continue
            shown = ", ".join(str(head) for head in heads if not is_blank(head))[:200] or "nothing"
            many = "twice the heading" if places else "no heading"
            where = f"{self.name}, row {self.map.header_row}"
            self.problems += [Problem(where, f"{many} {head!r} among {shown}", "it once", "correct the mapping")]
        return found

    def cell(self, row: Sequence[object], key: str) -> object:
        place = self.columns.get(key, len(row))
        return row[place] if place < len(row) else None

    def text(self, row: Sequence[object], key: str) -> str:
        value = self.cell(row, key)
        if isinstance(value, datetime):
            return value.date().isoformat()
        whole = isinstance(value, float) and value == int(value)
        return "" if value is None else str(int(value) if whole and isinstance(value, float) else value).strip()

    def problem(self, number: int, found: str, expected: str, remedy: str) -> None:
        self.problems += [Problem(f"{self.name}, row {number}", found, expected, remedy)]

    def amount(self, row: Sequence[object], number: int) -> Decimal | None:
        value = self.cell(row, "amount")
        if is_blank(value):
            return None
        found = decimal_of(value, self.map.decimal)
        if found is None:
            expected = f"a number with {self.map.decimal!r} before its decimals"
            self.problem(number, f"amount is {shortened(value)}", expected, "correct it, or decimal in the mapping")
        return found

    def key(self, row: Sequence[object], number: int) -> Key | None:
        line, year = self.line(row, number), self.year(row, number)
        return (line, year) if line and year else None

    def line(self, row: Sequence[object], number: int) -> str:
        line, account = self.text(row, "line"), self.text(row, "account")
        line = line or self.map.lines.get(account, "")
        if line in self.lines:
            return line
        if line:
            self.problem(number, f"line {line!r}", "the id of a line of the plan", "correct it")
        else:
            remedy = f"give it a line under [lines] of {self.map.name}, or a reason under [left_out]"
            self.problem(number, f"account {account!r}", "an account of the mapping", remedy)
        return ""

    def year(self, row: Sequence[object], number: int) -> int | None:
        day, text, years = date_of(self.cell(row, "date")), self.text(row, "year"), self.plan.budget_years
        year = day.year if day else int(text) if text.isdecimal() else None if text else self.map.year
        if year in years:
            return year
        given = self.text(row, "date") or text or self.map.year
        self.problem(
            number,
            f"year or date {given!r}",
            f"{years[0]} to {years[-1]}, or a date such as {years[0]}-06-30",
            "correct it",
        )
        return None

    def differing(self, found: Ledger) -> Iterator[Problem]:
        """Proof that no money was lost: entries and what was left out are the total of the table."""
        placed = found.imported + sum(found.left_out.values(), Decimal(0))
        if placed != found.total:
            yield Problem(self.name, f"{placed} brought to lines", f"{found.total}", "report this as a fault of xlplan")


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def number_of(amount: Decimal) -> float:
    return int(amount) if amount == int(amount) else float(amount)


def decimal_of(value: object, decimal: str = ".") -> Decimal | None:
    """The amount that a cell holds, nothing where it is none; brackets mean less than nothing.

    >>> decimal_of("1.234,50", ","), decimal_of("(20)"), decimal_of("12O")
    (Decimal('1234.50'), Decimal('-20'), None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if not isinstance(value, str):
        return Decimal(repr(value)) if abs(value) < 1e15 else None  # noqa: PLR2004  as the field allows
    text, thousands = SPACES.sub("", value), "." if decimal == "," else ","
    bracketed = re.fullmatch(r"\((.+)\)", text)
    text = bracketed[1] if bracketed else text
    grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?"
    if not re.fullmatch(rf"{grouped}|[+-]?\d{{1,15}}(?:{re.escape(decimal)}\d+)?", text, re.ASCII):
        return None
    found = Decimal(text.replace(thousands, "").replace(decimal, "."))
    return -found if bracketed else found


def date_of(value: object) -> date | None:
    """The day that a cell holds, written year first where it is text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def with_actuals(plan: Plan, found: Ledger, map: LedgerMap, *, replaced: bool = False) -> Plan:
    """The plan with these amounts; ``replaced`` lets them stand for what is reported of the same line and year.

    Raises ``PlanError`` with every line and year that is reported already.
    """
    spent = {str(row["id"]): spent_of(row) for row in plan.rows("lines")}
    if not replaced:
        refuse(already(map.name, *key) for key in found.amounts if str(key[1]) in spent[key[0]])
    rows = tuple(with_spent(row, found.amounts, plan.budget_years) for row in plan.rows("lines"))
    settings = plan.settings if map.reported_to is None else {**plan.settings, "reported_to": map.reported_to}
    return replace(plan, settings=settings, tables={**plan.tables, "lines": rows})


def with_spent(row: Row, amounts: Mapping[Key, Decimal], years: range) -> Row:
    """The line with the amounts of its years."""
    new = {str(year): number_of(amounts[str(row["id"]), year]) for year in years if (str(row["id"]), year) in amounts}
    both = {**spent_of(row), **new}
    return {**row, "spent": {str(year): both[str(year)] for year in years if str(year) in both}} if both else row


def spent_of(row: Row) -> Mapping[str, float]:
    """What the line has spent, by year."""
    spent = row.get("spent")
    return spent if isinstance(spent, Mapping) else {}


def already(name: str, line: str, year: int) -> Problem:
    found = f"line {line} in {year}, which the plan reports already"
    return Problem(name, found, "a line and year without an amount", "remove that amount, or add --replace")
