"""What stands where: sheets, blocks and columns as records, and the references that follow from them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.records import Axis, Field, Table
from xlplan.workbook.style import Look

if TYPE_CHECKING:
    from xlplan.workbook.refs import Refs

HEAD_ROW = 5
NO_AXIS = Axis()
FIRST_YEAR_COLUMN = 6
NAME_PREFIX = "xlp_"
MARK = "\x01"
"""Stands around a row number in a formula: the row moves with the row that is filled."""

TextOf = Callable[["Refs"], str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, what it is for, its type, and where the panes freeze."""

    key: str
    title: str
    purpose: str
    kind: str
    widths: tuple[float, ...]
    years: bool = False
    freeze: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a block: an input, a quantity, or a text made by a formula."""

    head: str
    look: Look
    field: Field | None = None
    quantity: str = ""
    text: TextOf | None = None
    values: tuple[object, ...] = ()


@dataclass(frozen=True)
class Series:
    """Equal columns across years, gates, rounds or funding sources: an input field or one quantity."""

    over: str
    look: Look
    quantity: str = ""
    field: Field | None = None
    register: str = ""
    heads: tuple[str, ...] = ()
    column: int = FIRST_YEAR_COLUMN
    values: tuple[tuple[object, ...], ...] = ()


@dataclass(frozen=True)
class Foot:
    """A row below the records: quantities of the whole table, across its columns and over the plan."""

    label: str
    across: str = ""
    total: str = ""
    unit: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """Rows of one table on a sheet: head, one row per record, a closing row that totals include, and feet."""

    key: str
    title: str
    rows: str
    count: int
    columns: tuple[Column, ...]
    series: tuple[Series, ...] = ()
    guarded: bool = False
    ids: tuple[str, ...] = ()
    feet: tuple[Foot, ...] = ()
    total_column: int = 4
    height: float = 22
    gap: int = 0

    @property
    def series_column(self) -> int:
        return self.series[0].column if self.series else FIRST_YEAR_COLUMN

    @property
    def closing(self) -> int:
        """1 where a row may be inserted at the end: ranges then reach one row further."""
        return 1 if self.guarded else 0


@dataclass(frozen=True)
class Place:
    """Where a quantity stands: its first cell and its extent; ``rows`` includes the closing row."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    axis: Axis = NO_AXIS


@dataclass(frozen=True)
class Shape:
    """How large a workbook is made for a plan: rows per table, years."""

    plan: Plan
    line_rows: int = 200

    def count(self, table: str) -> int:
        """Rows that the workbook has for a table, the spare ones included."""
        if table in self.fixed:
            return self.fixed[table]
        found: Table = self.plan.catalogue.tables[table]
        least = self.line_rows if table == "lines" else found.rows
        return max(least, len(self.plan.rows(table)) + found.spare)

    @cached_property
    def fixed(self) -> Mapping[str, int]:
        catalogue = self.plan.catalogue
        foundations = len(catalogue.band_domains("foundation"))
        programmes = self.count_of_table("programmes")
        lists = {id: len(found.entries) for id, found in catalogue.lists.items()}
        return lists | {
            "year": self.plan.years,
            "gate": len(catalogue.gates),
            "round": self.count_of_table("rounds"),
            "funder": self.count_of_table("funders"),
            "foundations": foundations,
            "uses": len(catalogue.domains) - foundations + programmes,
            "areas": foundations + len(catalogue.areas) + programmes,
        }

    def count_of_table(self, table: str) -> int:
        found = self.plan.catalogue.tables[table]
        return max(found.rows, len(self.plan.rows(table)) + found.spare)

    def ids(self, table: str) -> tuple[str, ...]:
        """Row ids: those of the plan, then ready-made ones for the spare rows."""
        given = [str(row["id"]) for row in self.plan.rows(table)]
        taken = {id.casefold() for id in given} | set(self.plan.catalogue.domains) | set(self.plan.catalogue.areas)
        prefix = self.plan.catalogue.tables[table].prefix
        used = [int(id.rpartition("-")[2]) for id in given if re.fullmatch(rf"{prefix}-\d{{1,9}}", id)]
        fresh = (id for n in range(max(used, default=0) + 1, 10**10) if (id := f"{prefix}-{n:03d}") not in taken)
        return (*given, *(next(fresh) for _ in range(self.count(table) - len(given))))


TEXT_AXES = {"gate_blockers": Axis(None, "gate")}
"""Axes of texts that sheets put together and others show."""


@dataclass
class Layout:
    """All places of a workbook; ``names`` collects the plan-wide cells that formulas refer to."""

    shape: Shape
    sheets: tuple[Sheet, ...]
    blocks: Mapping[str, tuple[Block, ...]]
    places: dict[str, Place] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sheet in self.sheets:
            row = HEAD_ROW
            for number, block in enumerate(self.blocks.get(sheet.key, ())):
                row += 2 + block.gap if number else 0
                self.starts[block.key] = row
                self._register(sheet, block, row + 1)
                row += block.count + block.closing + len(block.feet) + 1

    def _register(self, sheet: Sheet, block: Block, first: int) -> None:
        reach = block.count + block.closing
        for number, foot in enumerate(block.feet):
            for quantity, at in ((foot.across, block.series_column), (foot.total, block.total_column)):
                if quantity:
                    self.put_cell(quantity, sheet.key, first + reach + number, at)
        for number, column in enumerate(block.columns, 1):
            key = column.quantity or (f"{column.field.table}.{column.field.id}" if column.field else "")
            if key:
                plan_wide = block.rows == ""
                rows = block.rows or None
                place = Place(sheet.key, first, number, reach, 1, Axis(None if plan_wide else rows, None))
                self._put(key, place, column.field)
        for series in block.series:
            axis = Axis(block.rows or None, series.over)
            place = Place(sheet.key, first, series.column, reach, self.shape.count(series.over), axis)
            key = (
                series.register
                or series.quantity
                or (f"{series.field.table}.{series.field.id}" if series.field else "")
            )
            if key:
                self._put(key, place, series.field)

    def _put(self, key: str, place: Place, input: Field | None) -> None:
        if key in self.places:
            raise ValueError(f"{key} is placed twice: calculate once, refer elsewhere")
        self.places[key] = place
        if input is not None and input.quantity and input.kind != "choice":
            self.places[input.quantity] = place

    def put_cell(self, quantity: str, sheet: str, row: int, column: int) -> None:
        """Place a plan-wide quantity, or one row of years, in a hand-drawn part of a sheet."""
        axis = load_model()[quantity].axis if quantity in load_model().quantities else TEXT_AXES.get(quantity, Axis())
        columns = self.shape.count(axis.columns) if axis.columns else 1
        self.places[quantity] = Place(sheet, row, column, 1, columns, axis)

    def title(self, key: str) -> str:
        return next(sheet.title for sheet in self.sheets if sheet.key == key)


def quoted(title: str) -> str:
    """Sheet name as a formula writes it."""
    escaped = title.replace("'", "''")
    return f"'{escaped}'"
