"""Where the inputs of a workbook stand now: by what its machine sheet says, never by the cell they once had."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from openpyxl.utils import column_index_from_string

from xlplan.catalogue import chosen
from xlplan.files import AGAIN
from xlplan.problems import PlanError, Problem, refuse
from xlplan.records import Catalogue
from xlplan.workbook.cells import Book, Cells, Formula
from xlplan.workbook.manifest import FORMAT, MARKER, TITLE, seal_of

HEAD_ROWS = 12
MOST_SLOTS, LAST_COLUMN, LAST_ROW = 100, 16384, 20_000
"""What a machine sheet of ours may hold; more is a damaged or hostile file."""

SHEET = r"(?:'((?:[^']|'')+)'|([^\s'!:\[\]()]+))!"
REFERENCE = re.compile(
    rf"={{0,1}}[A-Z]+\({SHEET}\$?([A-Z]{{1,3}})\$?(\d+)(?::(?:{SHEET})?\$?[A-Z]{{1,3}}\$?(\d+))?\)\Z"
)
OPEN_SHEET = r"\$?(?:'((?:[^']|'')+)'|([^\s'.\[\]()]+))\."
OPEN_REFERENCE = re.compile(
    rf"of:=[A-Z]+\(\[{OPEN_SHEET}\$?([A-Z]{{1,3}})\$?(\d+)(?::(?:{OPEN_SHEET}|\.)\$?[A-Z]{{1,3}}\$?(\d+))?\]\)\Z"
)
"""A formula of the machine sheet, as spreadsheet programs write it in ``xlsx`` and in ``ods``."""


@dataclass(frozen=True)
class Sight:
    """What a formula of the machine sheet looks at."""

    sheet: str
    column: int
    row: int
    last: int


@dataclass(frozen=True)
class BlockPlace:
    """A block of input rows: its heading row, its last row, and how many rows it was made with."""

    key: str
    table: str
    count: int
    feet: int
    sheet: str
    id_column: int
    head: int
    last: int


@dataclass(frozen=True)
class InputPlace:
    """A column of inputs; ``slot`` counts years, rounds or sources from 0, or is the number of a setting."""

    table: str
    field: str
    slot: int
    block: str
    heading: str
    column: int


@dataclass(frozen=True)
class Places:
    """What the machine sheet says; ``unknown`` are inputs that the template of today does not have."""

    plan: str
    years: int
    lines: int
    version: str
    language: str
    origin: str
    catalogue: Catalogue
    blocks: Mapping[str, BlockPlace]
    inputs: tuple[InputPlace, ...]
    unknown: tuple[tuple[BlockPlace, InputPlace], ...] = ()
    titles: tuple[str, ...] = field(default=(), compare=False)

    @property
    def sheets(self) -> set[str]:
        """Titles of the sheets with inputs."""
        return {block.sheet for block in self.blocks.values()}

    def of(self, table: str) -> list[BlockPlace]:
        """Blocks of a table, the one with its names first."""
        return [block for block in self.blocks.values() if block.table == table]

    def columns(self, block: BlockPlace) -> list[InputPlace]:
        return self.by_block[block.key]

    @cached_property
    def by_block(self) -> Mapping[str, list[InputPlace]]:
        return {key: [place for place in self.inputs if place.block == key] for key in self.blocks}


def head_of(name: str, machine: Cells) -> dict[str, Any]:
    """What the machine sheet says of the whole workbook. Raises ``PlanError`` for a workbook of somebody else."""
    head = {str(machine.at(row, 1)): machine.at(row, 2) for row in range(1, HEAD_ROWS) if machine.at(row, 1)}
    if head.get("marker") != MARKER:
        remedy = "copy its figures into a workbook from xlplan new"
        raise PlanError([Problem(name, "a workbook of somebody else", "one that xlplan made", remedy)])
    return head


def places(name: str, book: Book) -> Places:
    """Where blocks and columns stand. Raises ``PlanError`` where the machine sheet makes no sense."""
    machine = book.sheets.get(TITLE, Cells())
    head = head_of(name, machine)
    if head.get("format") != FORMAT:
        found, remedy = f"a workbook of template format {shown(head.get('format'))}", "use xlplan migrate"
        if not isinstance(head.get("format"), (int, float)) or head["format"] > FORMAT or head["format"] < 1:
            remedy = "use the version of xlplan that made it"
        raise PlanError([Problem(name, found, f"format {FORMAT}", remedy)])
    rows = [[machine.at(row, column) for column in range(1, 10)] for row in range(1, machine.last_row + 1)]
    try:
        check_seal(head, rows)
        found_places = Places(
            str(head["plan"]), int(head["years"]), int(head["lines"]), str(head["xlplan"]), str(head["language"]),
            str(head["origin"]), chosen(head.get("template"), head.get("language")), {}, (), titles=book.titles,
        )  # fmt: skip
        return _with_blocks(name, book, machine, rows, found_places)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise nonsense(name, error) from error


def shown(number: object) -> str:
    return f"{number:g}" if isinstance(number, float) else str(number)


def nonsense(name: str, error: object) -> PlanError:
    found = f"a machine sheet that makes no sense: {error}"
    return PlanError(
        [Problem(name, found, "the sheet as xlplan wrote it", "make a fresh workbook and copy the figures")]
    )


def check_seal(head: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> None:
    """Raises ``ValueError`` where anything was changed that nobody should change."""
    widths = {"block": 7, "input": 7}
    fixed = [row[: widths.get(str(row[0]), 2)] for row in rows if row[0] not in ("seal", "name", None)]
    said = [tuple("" if value is None else value for value in row) for row in fixed]
    if head.get("seal") != seal_of(said):
        raise ValueError("it was changed")


def _with_blocks(name: str, book: Book, machine: Cells, rows: list[list[Any]], bare: Places) -> Places:
    blocks, inputs, problems = {}, [], list[Problem]()
    for number, row in enumerate(rows, 1):
        if row[0] == "block":
            block = _block(book, machine, number, row)
            if isinstance(block, BlockPlace):
                blocks[block.key] = block
            else:
                problems.append(block_lost(name, row, block))
    for number, row in enumerate(rows, 1):
        if row[0] == "input" and str(row[4]) in blocks:
            column = _column(machine, number, blocks[str(row[4])])
            if column:
                inputs.append(_input(row, column))
            else:
                problems.append(column_lost(name, row, blocks[str(row[4])]))
    refuse(problems)
    if not any(block.table == "settings" for block in blocks.values()):
        raise ValueError("no settings")
    return with_known(replace(bare, blocks=blocks, inputs=tuple(inputs)))


def with_known(found: Places) -> Places:
    """The places with what the template of today does not have set apart."""
    tables = found.catalogue.tables
    fields = {(table.id, field.id) for table in tables.values() for field in table.fields}
    unknown = [place for place in found.inputs if (place.table, place.field) not in fields]
    return replace(
        found,
        blocks={key: block for key, block in found.blocks.items() if block.table in tables},
        inputs=tuple(place for place in found.inputs if (place.table, place.field) in fields),
        unknown=tuple((found.blocks[place.block], place) for place in unknown),
    )


def refuse_unknown(name: str, found: Places) -> None:
    """Raise ``PlanError`` for a workbook of another version of the template, whose inputs might be lost."""
    if found.unknown:
        block, place = found.unknown[0]
        words = f"{len(found.unknown)} columns of another template, such as {place.heading or place.field}"
        remedy = "use xlplan migrate"
        raise PlanError([Problem(f"{name}, {block.sheet}", words, "the columns of this version", remedy)])


def _input(row: Sequence[Any], column: int) -> InputPlace:
    found = InputPlace(str(row[1]), str(row[2]), int(row[3]), str(row[4]), str(row[5] or ""), column)
    if found.slot not in range(MOST_SLOTS) or not 1 <= column <= LAST_COLUMN:
        raise ValueError(f"{found.table} {found.field}")
    return found


def _block(book: Book, machine: Cells, number: int, row: Sequence[Any]) -> BlockPlace | str:
    """A block, or the title of the sheet that is not there."""
    key, table, count, closing, feet, title = str(row[1]), str(row[2]), *map(int, row[3:6]), str(row[6])
    if not 0 < count < LAST_ROW or closing not in (0, 1) or not 0 <= feet < LAST_ROW:
        raise ValueError(f"{key}: {count} rows")
    top, reach = sight(machine, number, 8), sight(machine, number, 9)
    if top and reach:
        if top.sheet != reach.sheet or top.row != reach.row or reach.last > LAST_ROW * 2:
            raise ValueError(f"{key}: two places")
        return (
            BlockPlace(key, table, count, feet, top.sheet, top.column, top.row, reach.last)
            if top.sheet in book.titles
            else top.sheet
        )
    if (number, 8) in machine.formulas:
        return title
    first, rows = int(row[7]), int(row[8])
    if not 1 <= first < LAST_ROW * 2 or not 1 <= rows < LAST_ROW * 2:
        raise ValueError(f"{key}: row {first}")
    return BlockPlace(key, table, count, feet, title, 1, first, first + rows - 1) if title in book.titles else title


def _column(machine: Cells, number: int, block: BlockPlace) -> int:
    """Column of an input now; 0 where it is gone."""
    seen = sight(machine, number, 7)
    if seen:
        rows = range(block.head, block.last + 1) if block.table == "settings" else (block.head,)
        if seen.sheet != block.sheet or seen.row not in rows:
            raise ValueError(f"{block.key}: a column elsewhere")
        return seen.column
    if (number, 7) in machine.formulas:
        return 0
    return int(machine.at(number, 7))


def sight(machine: Cells, row: int, column: int) -> Sight | None:
    """What the formula in this cell of the machine sheet looks at, if there is one that looks at anything."""
    formula = machine.formulas.get((row, column), Formula(""))
    found = REFERENCE.match(formula.text) or OPEN_REFERENCE.match(formula.text)
    if not found:
        return None
    sheet = (found[1] or found[2]).replace("''", "'")
    return Sight(sheet, column_index_from_string(found[3]), int(found[4]), int(found[7] or found[4]))


def block_lost(name: str, row: Sequence[Any], title: str) -> Problem:
    found = f"no sheet {title}" if title != row[6] else f"no sheet {title}, or none of its rows {row[1]}"
    return Problem(name, found, "all sheets with inputs", f"{AGAIN}, or take the sheet from an earlier copy")


def column_lost(name: str, row: Sequence[Any], block: BlockPlace) -> Problem:
    found = f"the column {row[5] or row[2]} is gone"
    return Problem(f"{name}, {block.sheet}", found, "all columns with inputs", "take the column from an earlier copy")


def odd_headings(name: str, book: Book, found: Places) -> Iterator[tuple[Problem, bool]]:
    """Headings that are not as they were, and whether a column may then be mistaken for another."""
    for block in found.blocks.values():
        cells = book.sheets[block.sheet]
        columns = found.columns(block)
        twins = [place.column for place in columns if place.table != "settings"]
        if len(twins) != len(set(twins)):
            yield Problem(f"{name}, {block.sheet}", "two inputs in one column", "a column each", AGAIN), True
        for place in columns:
            text = cells.at(block.head, place.column)
            if place.heading and text != place.heading:
                elsewhere = [column for (row, column), value in cells.values.items()
                             if row == block.head and value == place.heading]  # fmt: skip
                mistaken = any(column not in twins for column in elsewhere) or bool(elsewhere and text is not None)
                where = f"{name}, {block.sheet}"
                said = f"the heading {place.heading!r} is now {text!r}"
                yield (
                    Problem(where, said, "headings as xlplan wrote them", "see that the figures below it belong there"),
                    mistaken,
                )
