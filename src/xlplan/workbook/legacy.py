"""Workbooks of older templates: where their inputs stood, and what of them has a place in the template of today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter

from xlplan.catalogue import chosen
from xlplan.checking import RawRow, check_plan
from xlplan.files import AGAIN, Package
from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem
from xlplan.repair import repaired
from xlplan.workbook.cells import Book, Cells, read_cells
from xlplan.workbook.manifest import TITLE
from xlplan.workbook.places import (
    LAST_COLUMN,
    LAST_ROW,
    MOST_SLOTS,
    BlockPlace,
    InputPlace,
    Places,
    head_of,
    places,
    with_known,
)
from xlplan.workbook.read import Inputs, read_old

FIRST_FORMAT = 1
MOVED_TABLES = {"foundations": "levels", "uses": "levels"}
"""Tables of older templates and the one that has taken their rows in; ids of rows are the same."""

HEADS = ("No.", "Line")
NO_SCAN = 10**6
"""Older templates do not say what stands below their tables; only the row right below is looked at."""

MOST_ROUNDS = 20


@dataclass(frozen=True)
class Migrated:
    """A plan in the template of today, and every typed value that it could not take."""

    plan: Plan
    losses: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def migrated(package: Package) -> Migrated:
    """The plan of a workbook of any older template. Raises ``PlanError`` where it cannot be read at all."""
    machine = read_cells(package, [TITLE]).sheets.get(TITLE, Cells())
    head = head_of(package.name, machine)
    if head.get("format") == FIRST_FORMAT:
        book = read_cells(package)
        found = first_places(package.name, book, machine, head)
    else:
        found = places(package.name, read_cells(package, [TITLE]))
        book = read_cells(package, found.sheets | {block.sheet for block, _ in found.unknown})
    inputs = read_old(package.name, book, found)
    losses = list(lost_columns(package.name, book, found))
    return carried_over(inputs, losses, package.notes)


def first_places(name: str, book: Book, machine: Cells, head: dict[str, Any]) -> Places:
    """Places by the addresses of the first format. Raises ``PlanError`` where rows have moved."""
    rows = [[machine.at(row, column) for column in range(1, 9)] for row in range(1, machine.last_row + 1)]
    try:
        blocks: dict[str, BlockPlace] = {}
        inputs: list[InputPlace] = []
        for row in (row for row in rows if row[0] == "input"):
            block = first_block(book, row)
            known = blocks.setdefault(block.key, block)
            blocks[block.key] = replace(known, last=max(known.last, block.last))
            inputs.append(first_input(book, row, block))
        bare = Places(
            str(head["plan"]), int(head["years"]), int(head["lines"]), str(head["xlplan"]), str(head["language"]), "",
            chosen(head.get("template"), head.get("language")), blocks, tuple(inputs), titles=book.titles,
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, IndexError) as error:
        found, expected = f"a machine sheet that makes no sense: {error}", "the sheet as xlplan wrote it"
        raise PlanError([Problem(name, found, expected, AGAIN)]) from error
    moved = [block for block in bare.blocks.values() if has_moved(bare, book, block)]
    if moved:
        where, found = f"{name}, {moved[0].sheet}!A{moved[0].head}", "rows that were inserted or removed"
        remedy = "move the entries into spare rows and delete the inserted rows, then migrate again"
        raise PlanError([Problem(where, found, "the rows as xlplan made them", remedy)])
    return with_known(bare)


def first_block(book: Book, row: Sequence[Any]) -> BlockPlace:
    table, sheet, first, count = str(row[1]), str(row[4]), int(row[6]), int(row[7])
    if sheet not in book.sheets or not 1 < first < LAST_ROW or not 0 < count < LAST_ROW:
        raise ValueError(f"{table} on {sheet}")
    now = MOVED_TABLES.get(table, table)
    if table == "settings":
        return BlockPlace("settings", now, 1, NO_SCAN, sheet, 1, 5, first)
    return BlockPlace(f"{sheet} {first}", now, count, NO_SCAN, sheet, 1, first - 1, first + count - 1)


def first_input(book: Book, row: Sequence[Any], block: BlockPlace) -> InputPlace:
    table, field, slot, column, first = str(row[1]), str(row[2]), int(row[3]), int(row[5]), int(row[6])
    if not 1 <= column <= LAST_COLUMN or slot not in range(MOST_SLOTS):
        raise ValueError(f"{table} {field}")
    if table == "settings":
        slot = int(book.sheets[block.sheet].at(first, 1))
    return InputPlace(block.table, field, slot, block.key, "", column)


def has_moved(found: Places, book: Book, block: BlockPlace) -> bool:
    """Rows are not where they were: another heading, a row without id, or something right below."""
    cells, say = book.sheets[block.sheet], found.catalogue.say
    if cells.at(block.head, 1) not in {say(head) for head in HEADS}:
        return True
    if block.table == "settings":
        return False
    below = any(cells.at(block.last + 1, place.column) is not None for place in found.columns(block))
    home = found.of(block.table)[0] == block or block.table in MOVED_TABLES.values()
    return below or (home and any(cells.at(row, 1) is None for row in range(block.head + 1, block.last + 1)))


def lost_columns(name: str, book: Book, found: Places) -> Iterator[Problem]:
    """Typed values in columns that the template of today does not have."""
    for block, place in found.unknown:
        for row in range(block.head + 1, block.last + 1):
            value = book.sheets[block.sheet].at(row, place.column)
            if value is not None:
                where = f"{name}, {block.sheet}!{get_column_letter(place.column)}{row}"
                yield loss(where, f"{place.field} is {value!r}", "no column for it in this template")


def loss(where: str, found: str, expected: str) -> Problem:
    return Problem(where, found, expected, "type it again where it belongs, for example into a note")


def carried_over(inputs: Inputs, losses: list[Problem], notes: Sequence[Problem]) -> Migrated:
    """The plan without the values that the template of today refuses, each of them told."""
    tables, repairs = repaired(inputs.tables, inputs.where, inputs.places.catalogue)
    losses += [problem for problem, _ in inputs.troubles]
    spots = {f"{inputs.name}, {cell}": spot for spot, cell in inputs.cells.items() if spot[2] != "id"}
    work = {table: [dict(row) for row in rows] for table, rows in tables.items() if rows}
    while True:
        try:
            raw: dict[str, list[RawRow]] = {table: [*rows] for table, rows in work.items() if rows}
            plan = check_plan(inputs.places.plan, inputs.places.years, raw, inputs.where, inputs.places.catalogue)
        except PlanError as error:
            droppable = [problem for problem in error.problems if problem.where in spots]
            if not droppable:
                raise
            for problem in droppable:
                table, number, field = spots.pop(problem.where)
                work[table][number].pop(field, None)
                losses.append(loss(problem.where, problem.found, problem.expected))
        else:
            told = (*notes, *inputs.notes, *(repair.problem for repair in repairs))
            return Migrated(plan, tuple(dict.fromkeys(losses)), tuple(dict.fromkeys(told)))
