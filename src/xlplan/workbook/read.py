"""Read the inputs of a workbook back, by the ids of its rows and columns."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import proxy

from openpyxl.utils import get_column_letter

from xlplan.changes import narrowed
from xlplan.checking import Raw, RawRow, check_plan
from xlplan.files import AGAIN, Package, read_package
from xlplan.plan import Plan
from xlplan.problems import Problem, refuse
from xlplan.records import Field, Table
from xlplan.workbook.cells import Book, Cells, read_cells
from xlplan.workbook.manifest import TITLE
from xlplan.workbook.places import BlockPlace, InputPlace, Places, odd_headings, places, refuse_unknown
from xlplan.workbook.wording import Wording

Values = dict[str, Any]
LAST_YEAR = 10_000
INTO_SPARE = "move it into a spare row, or make a fresh workbook with xlplan verify --fix"


@dataclass(frozen=True)
class Inputs:
    """What stands in the input cells: rows by table as they were typed, the cell of each value, and what is odd.

    ``rows`` are the rows of each table with ids, in the order of the sheet, those that were inserted without an id.
    ``troubles`` keep the file from being read as a plan; of each it says whether the typed value is kept in ``tables``.
    """

    name: str
    places: Places
    tables: Raw
    cells: Mapping[tuple[str, int, str], str]
    rows: Mapping[str, tuple[tuple[int, str], ...]]
    notes: tuple[Problem, ...]
    troubles: tuple[tuple[Problem, bool], ...]

    def where(self, table: str, row: int, field: str) -> str:
        """Sheet and cell of a value, or of its row."""
        found = self.cells.get((table, row, field)) or self.cells.get((table, row, "id")) or table
        return f"{self.name}, {found}"

    def plan(self) -> Plan:
        """The plan. Raises ``PlanError`` with every problem, each with sheet and cell."""
        refuse(problem for problem, _ in self.troubles)
        tables = {table: rows for table, rows in self.tables.items() if rows}
        found = check_plan(self.places.plan, self.places.years, tables, self.where, self.places.catalogue)
        return replace(found, notes=self.notes, origin=self.places.origin)


def read_workbook(path: Path) -> Plan:
    """The plan in a workbook of xlplan. Raises ``PlanError`` with every problem, each with sheet and cell."""
    return read_inputs(read_package(path)).plan()


def read_open(name: str, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Plan:
    """The plan in the values of an open workbook, sheet by sheet from A1. Raises ``PlanError`` with every problem."""
    book = Book(tuple(sheets), {title: cells_of(rows) for title, rows in sheets.items()})
    return inputs_of(name, book, places(name, book)).plan()


def cells_of(rows: Sequence[Sequence[Any]]) -> Cells:
    spots = ((row, column, value) for row, cells in enumerate(rows, 1) for column, value in enumerate(cells, 1))
    return Cells({(row, column): value for row, column, value in spots if value not in (None, "")})


def refuse_foreign(package: Package) -> None:
    """Raise ``PlanError`` unless xlplan made the workbook, in a format this version knows."""
    machine_sheet(package)


def line_rows(package: Package) -> int:
    """Rows for cost lines that a workbook has. Raises ``PlanError`` for a workbook of somebody else."""
    return machine_sheet(package).lines


def machine_sheet(package: Package) -> Places:
    return places(package.name, read_cells(package, [TITLE]))


def read_inputs(package: Package) -> Inputs:
    """What stands in the input cells. Raises ``PlanError`` where they cannot be found."""
    book = read_cells(package, [], TITLE)
    return inputs_of(package.name, book, places(package.name, book), package.notes)


def read_old(name: str, book: Book, found: Places) -> Inputs:
    """Inputs of a workbook of an older template, as far as this one has them."""
    return _Reader(name, book, found).inputs([])


def inputs_of(name: str, book: Book, found: Places, notes: Sequence[Problem] = ()) -> Inputs:
    """Inputs of a workbook whose cells were read. Raises ``PlanError`` where columns may be mistaken."""
    refuse_unknown(name, found)
    unread = sorted(found.sheets - set(book.sheets))
    refuse(Problem(name, f"the sheet {title} cannot be read", "a sheet with inputs", AGAIN) for title in unread)
    odd = list(odd_headings(name, book, found))
    refuse(problem for problem, mistaken in odd if mistaken)
    return _Reader(name, book, found).inputs([*notes, *(problem for problem, _ in odd)])


class _Reader:
    def __init__(self, name: str, book: Book, found: Places) -> None:
        self.name, self.book, self.places, self.catalogue = name, book, found, found.catalogue
        self.cells: dict[tuple[str, int, str], str] = {}
        self.tables: dict[str, list[RawRow]] = {}
        self.notes: list[Problem] = []
        self.troubles: list[tuple[Problem, bool]] = []
        self.known_slots: dict[str, list[str]] = {}
        self.known_ids: dict[str, list[tuple[int, str]]] = {}
        self.numbers: dict[tuple[str, tuple[str, ...]], int] = {}

    def inputs(self, notes: Sequence[Problem]) -> Inputs:
        for table in self.catalogue.tables.values():
            if not table.single and not table.keys:
                self.tables[table.id] = self.named(table)
        self.tables["settings"] = [self.settings()]
        for table in self.catalogue.tables.values():
            if table.keys:
                self.tables[table.id] = list(self.keyed(table))
        found = tuple(dict.fromkeys((*notes, *self.notes, *self.wording.notes)))
        homes = {t.id: self.places.of(t.id)[0] for t in self.catalogue.tables.values() if self.places.of(t.id)}
        rows = {table: tuple(self.ids(home)) for table, home in homes.items()}
        return Inputs(self.name, self.places, self.tables, self.cells, rows, found, tuple(self.troubles))

    # ------------------------------------------------------------------------------------------------ cells

    def sheet(self, block: BlockPlace) -> Cells:
        return self.book.sheets[block.sheet]

    def problem(self, block: BlockPlace, row: int, column: int, *words: str) -> Problem:
        return Problem(f"{self.name}, {block.sheet}!{get_column_letter(column)}{row}", *words)

    def trouble(self, problem: Problem, *, kept: bool) -> None:
        self.troubles.append((problem, kept))

    def value(self, block: BlockPlace, row: int, column: int) -> Any:
        """What was typed into a cell; a formula there gives its value, and is told."""
        spot, cells = (row, column), self.sheet(block)
        if spot in cells.errors:
            words = f"the error value {cells.errors[spot]}", "a typed value", "type the value"
            self.trouble(self.problem(block, *spot, *words), kept=True)
            return cells.errors[spot]
        if spot in cells.hollow:
            words = "a formula whose value was not stored", "a typed value", "open and save the file, or type the value"
            self.trouble(self.problem(block, *spot, *words), kept=True)
            return f"={cells.formulas[spot].text}"
        value = cells.at(*spot)
        if spot in cells.formulas:
            words = f"a formula in an input cell; its value {value!r} is taken", "a typed value", "type the value"
            self.notes.append(self.problem(block, *spot, *words))
        return value

    def id_at(self, block: BlockPlace, row: int) -> str:
        value = self.sheet(block).at(row, block.id_column)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def rows_of(self, block: BlockPlace) -> range:
        return range(block.head + 1, block.last + 1)

    def note_place(self, table: str, number: int, field: str, block: BlockPlace, row: int, column: int) -> None:
        self.cells.setdefault((table, number, field), f"{block.sheet}!{get_column_letter(column)}{row}")

    # ------------------------------------------------------------------------------------------------ tables

    def settings(self) -> Values:
        block = self.places.of("settings")[0]
        rows: dict[str, int] = {}
        for row in self.rows_of(block):
            id = self.id_at(block, row)
            if id in rows:
                words = f"the number {id} stands twice", "each setting once", "restore the numbers of the settings"
                self.trouble(self.problem(block, row, block.id_column, *words), kept=False)
            rows.setdefault(id, row)
        found: Values = {}
        for place in self.places.columns(block):
            row = rows.get(str(place.slot), 0)
            field = self.catalogue.tables["settings"].field(place.field)
            if not row:
                where, expected = f"{self.name}, {block.sheet}", f"a row numbered {place.slot}"
                problem = Problem(where, f"no row for {field.label}", expected, "restore it from an earlier copy")
                self.trouble(problem, kept=False)
                continue
            self.note_place("settings", 0, field.id, block, row, place.column)
            value = self.value(block, row, place.column)
            if value is not None:
                found[field.id] = self.said(field, as_whole(field, value), block, row, place.column)
        return found

    def named(self, table: Table) -> list[RawRow]:
        """Rows of a table whose rows have an id, in their order; the values of one row may stand in several blocks."""
        blocks = self.places.of(table.id)
        if not blocks:
            return []
        home, found = blocks[0], dict[str, Values]()
        doubles: list[Values] = []
        for row, id in self.ids(home):
            values = self.row(home, row, f"row {row}" if not id or id in found else id)
            if values and id in found:
                doubles.append({"id": id, " row": row} | values)
            elif values or id:
                found[id or self.fresh(table, home, row, found)] = {" row": row} | values
        for block in blocks[1:]:
            self.add_block(block, home, found)
        rows = [{"id": id} | values for id, values in found.items() if len(values) > 1] + doubles
        rows.sort(key=lambda row: row[" row"])
        rows += list(self.beyond(table, home, found))
        return [self.placed(table, home, number, row) for number, row in enumerate(rows)]

    def ids(self, block: BlockPlace) -> list[tuple[int, str]]:
        """Row and id of each row of a block."""
        if block.key not in self.known_ids:
            self.known_ids[block.key] = [(row, self.id_at(block, row)) for row in self.rows_of(block)]
        return self.known_ids[block.key]

    def row(self, block: BlockPlace, row: int, id: str) -> Values:
        """Values of one row by field; numbers by year, round or source under their key."""
        found: Values = {}
        if row not in self.sheet(block).touched_rows:
            return found
        touched = self.sheet(block).touched
        for place in self.places.columns(block):
            value = self.value(block, row, place.column) if (row, place.column) in touched else None
            if value is None:
                continue
            field = self.catalogue.tables[block.table].field(place.field)
            self.spots[block.table, id, field.id] = (block, row, place.column)
            if field.by:
                found.setdefault(field.id, {})[self.slot(field, place.slot)] = value
            else:
                found[field.id] = self.said(narrowed(field, found), value, block, row, place.column)
        return found

    @cached_property
    def spots(self) -> dict[tuple[str, str, str], tuple[BlockPlace, int, int]]:
        return {}

    def fresh(self, table: Table, block: BlockPlace, row: int, found: Mapping[str, Values]) -> str:
        """An id for a row that was inserted."""
        taken = {id.casefold() for _, id in self.ids(block)} | {id.casefold() for id in found}
        used = [int(id.rpartition("-")[2]) for id in taken if re.fullmatch(rf"{table.prefix}-\d{{1,9}}", id)]
        id = f"{table.prefix}-{max(used, default=0) + 1:03d}"
        for key, spot in [*self.spots.items()]:
            if key[:2] == (table.id, f"row {row}"):
                self.spots[table.id, id, key[2]] = spot
        words = f"an inserted row; it is read as {id}", "the rows as xlplan made them", "use xlplan verify --fix"
        self.notes.append(self.problem(block, row, block.id_column, *words))
        return id

    def add_block(self, block: BlockPlace, home: BlockPlace, found: dict[str, Values]) -> None:
        """Values of a second block, whose ids are formulas that repeat those of the first."""
        own = [id for _, id in self.ids(home)][: home.last - home.head]
        same = block.last - block.head == home.last - home.head
        for number, (row, id) in enumerate(self.ids(block)):
            values = self.row(block, row, id or (own[number] if same else ""))
            if values:
                key = id or (own[number] if same else "")
                if not key:
                    words = "figures in a row without id", "figures in the rows that xlplan made", INTO_SPARE
                    self.trouble(self.problem(block, row, block.id_column, *words), kept=False)
                else:
                    found.setdefault(key, {" row": home.head + 1 + number}).update(values)

    def beyond(self, table: Table, block: BlockPlace, found: Mapping[str, Values]) -> Iterator[Values]:
        """Rows typed below the last one: read, so that nothing is lost, but not accepted."""
        taken = dict(found)
        for row in range(block.last + block.feet + 1, self.end_below(block)):
            values = self.row(block, row, f"row {row}")
            if values:
                id = self.fresh(table, block, row, taken)
                taken[id] = values
                self.notes.pop()
                columns = (place.column for place in self.places.columns(block))
                first = min(column for column in columns if self.sheet(block).at(row, column) is not None)
                words = "a row past the end of its table, outside every total", f"rows {block.head + 1} to {block.last}"
                self.trouble(self.problem(block, row, first, *words, INTO_SPARE), kept=True)
                yield {"id": id, " row": row} | values

    def end_below(self, block: BlockPlace) -> int:
        """The first row below a block that belongs to something else: the title above the next, or the sheet's end."""
        others = (other.head for other in self.places.blocks.values() if other.sheet == block.sheet)
        heads = [head - 1 for head in others if head > block.head]
        return min(heads, default=self.sheet(block).last_row + 1)

    def placed(self, table: Table, block: BlockPlace, number: int, row: Values) -> Values:
        """The row without its place, which is noted under its number."""
        id, line = str(row["id"]), row.pop(" row")
        self.note_place(table.id, number, "id", block, line, block.id_column)
        for field in row:
            spot = self.spots.get((table.id, id, field)) or self.spots.get((table.id, f"row {line}", field))
            if spot:
                self.note_place(table.id, number, field, *spot)
        return row

    def keyed(self, table: Table) -> Iterator[RawRow]:
        """Rows of a table whose rows are known beforehand, each with the id beside it and its round."""
        found: dict[tuple[str, ...], Values] = defaultdict(dict)
        for block in self.places.of(table.id):
            seen: set[str] = set()
            touched = self.sheet(block).touched
            for row, shown in self.ids(block):
                id = self.known_id(table, shown)
                for place in self.places.columns(block):
                    value = self.value(block, row, place.column) if (row, place.column) in touched else None
                    if value is not None:
                        self.add_known(table, block, place, row, id, value, found, twice=shown in seen)
                seen.add(shown)
        for key, values in found.items():
            yield dict(zip(table.keys, key, strict=True)) | values

    def add_known(
        self, table: Table, block: BlockPlace, place: InputPlace, row: int, id: str, value: Any,
        found: dict[tuple[str, ...], Values], *, twice: bool,
    ) -> None:  # fmt: skip
        if not id or twice:
            what = "whose id stands twice" if twice else "without id"
            words = f"an entry in a row {what}", "rows as xlplan made them"
            remedy = "move the entry into the row it belongs to"
            self.trouble(self.problem(block, row, place.column, *words, remedy), kept=False)
            return
        rounds = self.slots("rounds") if "round" in table.keys else []
        key = (id, rounds[place.slot] if place.slot < len(rounds) else f"round {place.slot + 1}")[: len(table.keys)]
        field = table.field(place.field)
        number = self.numbers.setdefault((table.id, key), len(found))
        self.note_place(table.id, number, field.id, block, row, place.column)
        self.note_place(table.id, number, "id", block, row, block.id_column)
        found[key][field.id] = self.said(field, value, block, row, place.column)

    def known_id(self, table: Table, id: str) -> str:
        """Id of a row; a row of a programme's questions stands for the question of its kind of data."""
        programme, _, number = id.rpartition(".")
        if table.keys[0] != "question" or not number.isdecimal():
            return id
        bands = {str(row["id"]): str(row.get("band", "")) for row in self.tables["programmes"]}
        own = [question.id for question in self.catalogue.band_questions(bands.get(programme, ""))]
        place = int(number) - 1
        return f"{programme}.{own[place]}" if place < len(own) else id

    # ------------------------------------------------------------------------------------------------ slots, words

    def slot(self, field: Field, slot: int) -> str:
        """The year, source or other key that a column of a series stands for."""
        if field.by == "year":
            return str(self.first_year + slot) if self.first_year else str(slot)
        list = f"{field.by}s"
        ids = self.catalogue.lists[list].ids if list in self.catalogue.lists else self.slots(list)
        return ids[slot] if slot < len(ids) else f"column {slot + 1}"

    @cached_property
    def first_year(self) -> int:
        block = self.places.of("settings")[0]
        number = next(place for place in self.places.columns(block) if place.field == "first_year")
        row = next((row for row, id in self.ids(block) if id == str(number.slot)), 0)
        value = self.sheet(block).at(row, number.column) if row else None
        return int(value) if isinstance(value, float) and value == int(value) and abs(value) < LAST_YEAR else 0

    def slots(self, table: str) -> Sequence[str]:
        """Ids of the rows to which the columns of a series belong, spare ones included, inserted ones left out."""
        if table in self.known_slots:
            return self.known_slots[table]
        home = self.places.of(table)[0]
        found = self.known_slots[table] = [id for _, id in self.ids(home) if id]
        if len(found) != home.count:
            words = f"{len(found)} rows with an id", f"{home.count}", "restore the removed row, or take an earlier copy"
            self.trouble(self.problem(home, home.head, home.id_column, *words), kept=False)
        return found

    @cached_property
    def wording(self) -> Wording:
        reader = proxy(self)  # a bound method would hold the reader, and every cell until the collector comes
        return Wording(self.catalogue, lambda table: reader.labels(table), self.places.language)  # noqa: PLW0108

    def labels(self, table: str) -> Iterator[tuple[str, str]]:
        """Name and id of each named row of a table."""
        homes = self.places.of(table)
        if not homes:
            return
        home = homes[0]
        if table == "lines":
            yield from ((id, id) for _, id in self.ids(home) if id)
            return
        column = next(place.column for place in self.places.columns(home) if place.field == "label")
        for row, id in self.ids(home):
            label = self.sheet(home).at(row, column)
            if label is not None:
                yield str(label), id or self.inserted_id(table, home, row)

    def inserted_id(self, table: str, home: BlockPlace, row: int) -> str:
        """Id that an inserted row was given."""
        return next((id for (t, id, _), spot in self.spots.items()
                     if t == table and spot[:2] == (home, row) and not id.startswith("row ")), "")  # fmt: skip

    def said(self, field: Field, value: Any, block: BlockPlace, row: int, column: int) -> Any:
        """Id of a chosen word; what is in no list stays as it is, for the check to refuse."""
        if field.kind != "choice":
            return value
        return self.wording.id_of(field, value, f"{self.name}, {block.sheet}!{get_column_letter(column)}{row}")


def as_whole(field: Field, value: Any) -> Any:
    """A year or count of the settings as a whole number."""
    whole = field.kind in ("year", "whole") and isinstance(value, float) and value == int(value)
    return int(value) if whole else value
