"""What stands where: sheets, blocks and columns as records, and the references that follow from them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.checking import check_plan
from xlplan.engine import ADVICE
from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.records import Axis, Field, Question
from xlplan.words import Words
from xlplan.workbook.style import Look

if TYPE_CHECKING:
    from xlplan.workbook.refs import Refs

HEAD_ROW = 5
NO_AXIS = Axis()
FIRST_YEAR_COLUMN = 6
NAME_PREFIX = "xlp_"
ROWS = 200
"""Rows for cost lines where nobody asks for more or fewer; a longer plan has room all the same."""

FEWEST_SPARE = 5
"""Empty rows for cost lines below which a workbook gets as many as the table of fields says."""

NAMES_OF_FUNCTIONS = ("equivalent_annual_cost", "present_value")
"""Quantities whose name a function of the add-in has: a cell of the same name would hide the function."""

MARK = "\x01"
"""Stands around a row number in a formula: the row moves with the row that is filled."""

TextOf = Callable[["Refs"], str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, what it is for, its type, and where the panes freeze.

    A ``drawn`` one holds figures of the day on which the workbook was made; others than the inputs give now are no
    fault of it.
    """

    key: str
    title: str
    purpose: str
    kind: str
    widths: tuple[float, ...]
    years: bool = False
    freeze: str = ""
    drawn: bool = False

    def said(self, say: Words) -> "Sheet":
        """The sheet with name and purpose in another language."""
        return replace(self, title=say(self.title), purpose=say(self.purpose))


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
    """Equal columns across years, gates, rounds or funding sources: an input field, one quantity or a text.

    ``stride`` is the distance from one to the next where several fields of a round stand side by side.
    """

    over: str
    look: Look
    quantity: str = ""
    field: Field | None = None
    register: str = ""
    heads: tuple[str, ...] = ()
    column: int = FIRST_YEAR_COLUMN
    values: tuple[tuple[object, ...], ...] = ()
    text: TextOf | None = None
    stride: int = 1


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
    """Rows of one table on a sheet: head, one row per record, a closing row that totals include, and feet.

    A ``joined`` block has no head and stands right below the one before it, as one long table.
    """

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
    joined: bool = False

    @property
    def series_column(self) -> int:
        return self.series[0].column if self.series else FIRST_YEAR_COLUMN

    @property
    def closing(self) -> int:
        """1 where a row may be inserted at the end: ranges then reach one row further."""
        return 1 if self.guarded and not self.joined else 0


@dataclass(frozen=True)
class Place:
    """Where a quantity stands: its first cell and its extent; ``rows`` includes the closing row."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    axis: Axis = NO_AXIS
    stride: int = 1


@dataclass(frozen=True)
class AskedRow:
    """A row of the questionnaire: its id in the workbook, and the question it stands for in the plan."""

    id: str
    domain: str
    question: Question | None
    answers: str = ""
    slot: int = 0


@dataclass(frozen=True)
class Shape:
    """How large a workbook is made for a plan: rows per table, years.

    ``sizes`` says how many rows some tables have, where a workbook that exists already is made again.
    """

    plan: Plan
    line_rows: int = ROWS
    sizes: Mapping[str, int] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """A text of ours in the language of the workbook."""
        return self.plan.catalogue.say(text)

    @cached_property
    def calculable(self) -> bool:
        """Can the plan be calculated? One that keeps what was wrongly typed cannot."""
        raw = {"settings": [self.plan.settings], **{table: [*rows] for table, rows in self.plan.tables.items()}}
        try:
            check_plan(self.plan.id, self.plan.years, raw, lambda *_: "", self.plan.catalogue)
        except PlanError:
            return False
        return True

    def count(self, table: str) -> int:
        """Rows that the workbook has for a table, the spare ones included."""
        if table in self.fixed:
            return self.fixed[table]
        if table == "lines" and self.line_rows >= len(self.plan.rows(table)) + FEWEST_SPARE:
            return self.sizes.get(table) or self.line_rows
        return self.count_of_table(table)

    @cached_property
    def fixed(self) -> Mapping[str, int]:
        catalogue = self.plan.catalogue
        foundations, gates = len(catalogue.band_domains("foundation")), len(catalogue.gates)
        programmes, courses = self.count_of_table("programmes"), self.count_of_table("courses")
        fixed_questions = sum(1 for asked in self.plan.asked if asked.domain in catalogue.domains)
        lists = {id: len(found.entries) for id, found in catalogue.lists.items()}
        return lists | {
            "year": self.plan.years,
            "years": self.plan.years,
            "gate": gates,
            "gates": gates,
            "kinds": gates + 1,
            "round": self.count_of_table("rounds"),
            "funder": self.count_of_table("funders"),
            "addition": len(catalogue.lists["additions"].entries),
            "scenario": self.count_of_table("scenarios"),
            "foundations": foundations,
            "advice": foundations * ADVICE,
            "assessed": len(catalogue.domains) + programmes,
            "asked": fixed_questions + programmes * catalogue.most_band_questions,
            "areas": foundations + len(catalogue.areas) + programmes,
            "hosting": len(catalogue.hosting),
            "items": len(catalogue.items),
            "series": self.count_of_table("drivers") + 1 + courses * len(catalogue.lists["course_series"].entries),
        }

    @cached_property
    def asked_rows(self) -> tuple[AskedRow, ...]:
        """Rows of the questionnaire; each row for a programme has questions for either kind of data."""
        catalogue = self.plan.catalogue
        asked = [AskedRow(a.id, a.domain, a.question, a.id) for a in self.plan.asked if a.domain in catalogue.domains]
        for programme in self.ids("programmes"):
            own = [a.id for a in self.plan.asked if a.domain == programme and a.question]
            own += [""] * (catalogue.most_band_questions - len(own))
            asked += [AskedRow(f"{programme}.{n}", programme, None, id, n) for n, id in enumerate(own, 1)]
        return tuple(asked)

    @cached_property
    def assessed(self) -> tuple[str, ...]:
        """Domains and programmes of the profile, spare ones included."""
        foundations = tuple(domain.id for domain in self.plan.catalogue.band_domains("foundation"))
        uses = tuple(id for id in self.plan.catalogue.domains if id not in foundations)
        return (*foundations, *uses, *self.ids("programmes"))

    def count_of_table(self, table: str) -> int:
        found = self.plan.catalogue.tables[table]
        least = self.line_rows if table == "lines" else found.rows
        return self.sizes.get(table) or max(least, len(self.plan.rows(table)) + found.spare)

    def ids(self, table: str) -> tuple[str, ...]:
        """Row ids: those of the plan, then ready-made ones for the spare rows."""
        given = [str(row["id"]) for row in self.plan.rows(table)]
        taken = {id.casefold() for id in given} | set(self.plan.catalogue.domains) | set(self.plan.catalogue.areas)
        prefix = self.plan.catalogue.tables[table].prefix
        used = [int(id.rpartition("-")[2]) for id in given if re.fullmatch(rf"{prefix}-\d{{1,9}}", id)]
        fresh = (id for n in range(max(used, default=0) + 1, 10**10) if (id := f"{prefix}-{n:03d}") not in taken)
        return (*given, *(next(fresh) for _ in range(self.count(table) - len(given))))


SHOWN = "shown:"
"""Before the name of a quantity that stands on another sheet and is shown once more."""

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
                row += block.gap + (-1 if block.joined else 2) if number else 0
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
            columns = self.shape.count(series.over)
            place = Place(sheet.key, first, series.column, reach, columns, axis, series.stride)
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
        if input is not None and input.quantity and input.kind != "choice" and key != input.quantity:
            self.places[input.quantity] = place

    def put_cell(self, quantity: str, sheet: str, row: int, column: int) -> None:
        """Place a plan-wide quantity, or one row of years, in a hand-drawn part of a sheet."""
        known, shown = load_model().quantities, quantity.removeprefix(SHOWN)
        axis = known[shown].axis if shown in known else TEXT_AXES.get(quantity, Axis())
        columns = self.shape.count(axis.columns) if axis.columns else 1
        self.places[quantity] = Place(sheet, row, column, 1, columns, axis)

    def title(self, key: str) -> str:
        return next(sheet.title for sheet in self.sheets if sheet.key == key)


def defined_name(quantity: str) -> str:
    """Name of the one cell of a plan-wide quantity."""
    return f"{NAME_PREFIX}{'plan_' if quantity in NAMES_OF_FUNCTIONS else ''}{quantity}"


def quoted(title: str) -> str:
    """Sheet name as a formula writes it."""
    escaped = title.replace("'", "''")
    return f"'{escaped}'"
