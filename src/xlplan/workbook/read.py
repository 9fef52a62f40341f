"""Read the inputs of a workbook back, by its manifest."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine
from openpyxl.utils import get_column_letter

from xlplan.catalogue import chosen, load_catalogue
from xlplan.changes import list_of
from xlplan.checking import check_plan
from xlplan.files import one, read_package
from xlplan.plan import Plan
from xlplan.problems import Problem, refuse
from xlplan.records import Area, Catalogue, Domain, Field, Table
from xlplan.workbook.manifest import FORMAT, MARKER, TITLE, Stretch

Grid = list[list[Any]]
ID_HEADS = ("No.", "Line")
HEAD_ROWS, MOST_SLOTS, LAST_COLUMN, LAST_ROW = 8, 100, 16384, 20_000
"""What a machine sheet of ours may hold; more is a damaged or hostile file."""


@dataclass(frozen=True)
class Manifest:
    """What the machine sheet says."""

    plan: str
    years: int
    stretches: tuple[Stretch, ...]
    catalogue: Catalogue


def read_workbook(path: Path) -> Plan:
    """The plan in a workbook of xlplan. Raises ``PlanError`` with every problem, each with sheet and cell."""
    return read_cells(path, dict(_grids(path, read_package(path))))


def read_cells(path: Path, cells: Mapping[str, Grid]) -> Plan:
    """The plan in the cells of a workbook, sheet by sheet. Raises ``PlanError`` with every problem."""
    return _Reader(path, cells).plan()


def line_rows(path: Path) -> int:
    """Rows for cost lines that a workbook has. Raises ``PlanError`` for a workbook of somebody else."""
    found = _manifest(path, dict(_grids(path, read_package(path))))
    return next(stretch.count for stretch in found.stretches if stretch.table == "lines")


class _Reader:
    def __init__(self, path: Path, grids: Mapping[str, Grid]) -> None:
        self.path = path
        self.grids = grids
        self.manifest = _manifest(path, self.grids)
        self.catalogue = self.manifest.catalogue
        self.cells: dict[tuple[str, int, str], str] = {}
        self.tables: dict[str, list[Mapping[str, Any]]] = {}
        self.ids: dict[str, list[str]] = {}

    def plan(self) -> Plan:
        refuse(self.inserted_rows())
        for table in self.catalogue.tables.values():
            if not table.single and not table.keys:
                self.tables[table.id] = list(self.rows(table.id))
        self.read_settings()
        for table in self.catalogue.tables.values():
            if table.keys:
                self.tables[table.id] = list(self.keyed(table))
        years = self.manifest.years
        tables = {table: rows for table, rows in self.tables.items() if rows}
        return check_plan(self.manifest.plan, years, tables, self.where, self.catalogue)

    def inserted_rows(self) -> Iterator[Problem]:
        """The first row of each table that stands where xlplan put none; what was typed in it would be lost."""
        blocks = {(s.sheet, s.first, s.count): s for s in self.manifest.stretches if s.table != "settings"}
        for block in blocks.values():
            row = self.first_strange_row(block)
            if row:
                where, remedy = f"{self.path.name}, {block.sheet}!A{row}", "delete the inserted row and use a spare row"
                yield Problem(where, "a row that was inserted or removed", "the rows as xlplan made them", remedy)

    def first_strange_row(self, block: Stretch) -> int:
        """A row without an id, or 0; the heading must stand above the rows, and nothing right below them."""
        grid, below = self.grids[block.sheet], block.first + block.count
        ids = [value_at(grid, block.first + n, 1) for n in range(block.count)]
        same = (s for s in self.stretches(block.table) if (s.sheet, s.first) == (block.sheet, block.first))
        columns = [1, *(s.column for s in same)]
        if any(value_at(grid, below, column) is not None for column in columns):
            return below
        if value_at(grid, block.first - 1, 1) not in map(self.catalogue.say, ID_HEADS):
            return block.first
        if block.first != self.stretches(block.table)[0].first:  # these rows repeat the ids, if anything was calculated
            strange = (bool(id) and id != source for id, source in zip(ids, self.ids_of("funders"), strict=False))
        else:
            strange = (id is None for id in ids)
        return next((block.first + n for n, wrong in enumerate(strange) if wrong), 0)

    def where(self, table: str, row: int, field: str) -> str:
        return f"{self.path.name}, {self.cells.get((table, row, field)) or self.cells.get((table, row, 'id')) or table}"

    def stretches(self, table: str) -> tuple[Stretch, ...]:
        return tuple(s for s in self.manifest.stretches if s.table == table)

    def cell(self, stretch: Stretch, offset: int) -> Any:
        return value_at(self.grids[stretch.sheet], stretch.first + offset, stretch.column)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        stretches = self.stretches(table)
        if not stretches:
            return
        first = min(stretches, key=lambda s: s.column)
        number = 0
        for offset in range(first.count):
            row = self.row(table, stretches, offset, number)
            if row:
                home = stretches[0]
                self.note(table, number, "id", home.sheet, 1, home.first + offset)
                id = value_at(self.grids[home.sheet], home.first + offset, 1)
                yield {"id": id} | row
                number += 1

    def row(self, table: str, stretches: Sequence[Stretch], offset: int, number: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for stretch in stretches:
            value = self.cell(stretch, offset)
            if value in (None, ""):
                continue
            field = self.catalogue.tables[table].field(stretch.field)
            self.note(table, number, field.id, stretch.sheet, stretch.column, stretch.first + offset)
            if field.by:
                found.setdefault(field.id, {})[self.slot(field, stretch.slot)] = value
            else:
                found[field.id] = self.id_of(field, value, found.get("kind"))
        return found

    def slot(self, field: Field, slot: int) -> str:
        if field.by == "year":
            first = self.first_year()
            return str(first + slot) if isinstance(first, int) else str(slot)
        list = f"{field.by}s"
        ids = self.catalogue.lists[list].ids if list in self.catalogue.lists else self.ids_of(list)
        return ids[slot] if slot < len(ids) else f"column {slot + 1}"

    def first_year(self) -> object:
        stretch = next(s for s in self.stretches("settings") if s.field == "first_year")
        value = self.cell(stretch, 0)
        return int(value) if isinstance(value, float) and value == int(value) else value

    def ids_of(self, table: str) -> Sequence[str]:
        """Row ids of a table, those of spare rows included."""
        home = next(s for s in self.stretches(table) if s.field == "label")
        return [str(value_at(self.grids[home.sheet], home.first + n, 1)) for n in range(home.count)]

    def note(self, table: str, number: int, field: str, sheet: str, column: int, row: int) -> None:
        self.cells.setdefault((table, number, field), f"{sheet}!{get_column_letter(column)}{row}")

    def id_of(self, field: Field, value: Any, kind: object = None) -> Any:
        """Id of a chosen label; what is in no list stays as it is, for the check to refuse."""
        if field.kind != "choice":
            return value
        chosen_from = list_of(field, kind)
        return self.options(chosen_from).get(str(value).casefold(), value) if chosen_from else value

    def options(self, list: str) -> Mapping[str, str]:
        if list in self.catalogue.lists:
            return {e.label.casefold(): e.id for e in self.catalogue.lists[list].entries}
        if list == "lines":
            return {id.casefold(): id for id in self.line_ids()}
        if list == "items":
            return {item.label.casefold(): item.id for item in self.catalogue.items.values()}
        if list == "series":
            return self.series()
        if list == "foundations":
            return {d.label.casefold(): d.id for d in self.catalogue.band_domains("foundation")}
        names = "programmes" if list == "areas" else list
        found = dict(self.labels(names))
        if list == "areas":
            facts: tuple[Domain | Area, ...] = (
                *self.catalogue.band_domains("foundation"),
                *self.catalogue.areas.values(),
            )
            found = {fact.label.casefold(): fact.id for fact in facts} | found
        return found

    def line_ids(self) -> Iterator[str]:
        home = self.stretches("lines")[0]
        return (str(value_at(self.grids[home.sheet], home.first + n, 1)) for n in range(home.count))

    def series(self) -> Mapping[str, str]:
        """Drivers, and what courses need, by the words of the workbook."""
        measures = self.catalogue.lists["course_series"].entries
        courses = list(self.labels("courses"))
        colon = next(entry.label for entry in self.catalogue.lists["words"].entries if entry.id == "colon")
        needs = {f"{label}{colon}{m.label}".casefold(): f"{id}-{m.id}" for label, id in courses for m in measures}
        return needs | dict(self.labels("drivers"))

    def labels(self, table: str) -> Iterator[tuple[str, str]]:
        home = next(s for s in self.stretches(table) if s.field == "label")
        for offset in range(home.count):
            label = self.cell(home, offset)
            if label not in (None, ""):
                yield str(label).casefold(), str(value_at(self.grids[home.sheet], home.first + offset, 1))

    def read_settings(self) -> None:
        settings: dict[str, Any] = {}
        self.tables["settings"] = [settings]
        for stretch in self.stretches("settings"):
            field = self.catalogue.tables["settings"].field(stretch.field)
            self.note("settings", 0, field.id, stretch.sheet, stretch.column, stretch.first)
            value = self.cell(stretch, 0)
            if value not in (None, ""):
                number = (
                    int(value)
                    if field.kind in ("year", "whole") and isinstance(value, float) and value == int(value)
                    else value
                )
                settings[field.id] = self.id_of(field, number)

    def keyed(self, table: Table) -> Iterator[dict[str, Any]]:
        """Rows of a table whose rows are known beforehand, each with the id beside it and its round."""
        rounds = self.ids_of("rounds")
        found: dict[tuple[str, ...], dict[str, Any]] = defaultdict(dict)
        for stretch in self.stretches(table.id):
            field = table.field(stretch.field)
            for offset in range(stretch.count):
                value = self.cell(stretch, offset)
                if value not in (None, ""):
                    row = stretch.first + offset
                    id = self.known_id(table, str(value_at(self.grids[stretch.sheet], row, 1)))
                    key = (id, rounds[stretch.slot])[: len(table.keys)]
                    number = list(found).index(key) if key in found else len(found)
                    self.note(table.id, number, field.id, stretch.sheet, stretch.column, row)
                    found[key][field.id] = self.id_of(field, value)
        for key, values in found.items():
            yield dict(zip(table.keys, key, strict=True)) | values

    def known_id(self, table: Table, id: str) -> str:
        """Id of a row; a row of a programme's questions stands for the question of its kind of data."""
        programme, _, number = id.rpartition(".")
        if table.keys[0] != "question" or not number.isdecimal():
            return id
        bands = {str(row["id"]): str(row.get("band", "")) for row in self.tables["programmes"]}
        own = [question.id for question in self.catalogue.band_questions(bands.get(programme, ""))]
        place = int(number) - 1
        return f"{programme}.{own[place]}" if place < len(own) else id


def value_at(grid: Grid, row: int, column: int) -> Any:
    """Value of a cell, counted from 1; blank outside what is filled."""
    if row > len(grid) or column > len(grid[row - 1]):
        return None
    value = grid[row - 1][column - 1]
    return None if value == "" else value


def refuse_foreign(path: Path, data: bytes) -> None:
    """Raise ``PlanError`` unless xlplan made the workbook, in a format this version knows."""
    _manifest(path, dict(_grids(path, data)))


def _grids(path: Path, data: bytes) -> Iterator[tuple[str, Grid]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise one(
            path, f"a workbook that cannot be read: {error}", "an .xlsx workbook", "open and save it again"
        ) from error


def _manifest(path: Path, grids: Mapping[str, Grid]) -> Manifest:
    rows = grids.get(TITLE, [])
    head = {str(row[0]): row[1] for row in rows[:HEAD_ROWS] if len(row) > 1}
    if head.get("marker") != MARKER:
        remedy = "copy its figures into a workbook from xlplan new"
        raise one(path, "a workbook of somebody else", "one that xlplan made", remedy)
    if head.get("format") != FORMAT:
        found = f"a workbook of template format {head.get('format')}"
        raise one(path, found, f"format {FORMAT}", "use the version of xlplan that made it")
    try:
        stretches = tuple(_stretch(row) for row in rows if row[0] == "input")
        catalogue = chosen(head.get("template"), head.get("language"))
        manifest = Manifest(str(head["plan"]), int(head["years"]), stretches, catalogue)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        remedy = "make a fresh workbook and copy the figures"
        raise one(
            path, f"a machine sheet that makes no sense: {error}", "the sheet as xlplan wrote it", remedy
        ) from error
    missing = {s.sheet for s in stretches} - set(grids)
    if missing:
        remedy = "rename the sheets back"
        raise one(path, f"no sheet {', '.join(sorted(missing))}", "all sheets under their own names", remedy)
    return manifest


def _stretch(row: Sequence[Any]) -> Stretch:
    """One row of the machine sheet. Raises ``ValueError`` for a field or place that cannot be."""
    found = Stretch(str(row[1]), str(row[2]), int(row[3]), str(row[4]), int(row[5]), int(row[6]), int(row[7]))
    fields = [field.id for field in load_catalogue().tables[found.table].fields]
    if found.field not in fields or not 1 <= found.column <= LAST_COLUMN or found.slot not in range(MOST_SLOTS):
        raise ValueError(f"{found.table} {found.field}")
    if found.first < 1 or found.count < 1 or found.first + found.count > LAST_ROW:
        raise ValueError(f"rows {found.first} and {found.count} more")
    return found
