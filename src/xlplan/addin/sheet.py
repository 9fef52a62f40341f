"""The Python sheet: whole tables calculated a second time by functions of the add-in, and whether they agree.

Its numbers come from the engine when the file is made; ``array_calls`` says which function fills which cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlplan.addin.calls import CALLS, Call
from xlplan.addin.grid import Cell, Grid, of_rows
from xlplan.addin.pins import pinned
from xlplan.columns import Column
from xlplan.engine import evaluate
from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.draw import draw_years
from xlplan.workbook.formulas import unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, Block, Layout, Place, Shape, Sheet
from xlplan.workbook.page import color_word, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import number_look

KEY = "python"
SHEET = Sheet(
    KEY,
    "Python",
    "Whole tables calculated a second time by Python, and whether they agree. Nothing else depends on this sheet.",
    "control",
    (16, 72, 30, 16, 15),
    years=True,
    freeze="C6",
)


FIRST_CALL_ROW = HEAD_ROW + len(CALLS) + 8
GATE_HEIGHT = 78
"""Room for the name of a gate in a column of years, in points."""

TITLE_ROWS = 2
"""Rows of a call above its cells: its title and its headings."""

STATUSES = ("agrees", "differs", "not calculated")
NEEDS = {
    "windows": "It needs Windows, and Python 3.11 or later with xlplan and xlwings {version}; docs/addin.md says how.",
    "lite": "It needs the free add-in xlwings Lite, Excel 2021 or 365, and the internet; docs/addin.md says how.",
}
NOTES = (
    "Numbers here were calculated by Python when this file was made. Excel calculates them anew where it finds Python.",
    "Where it finds none, cells show an error or the old numbers; every other sheet shows everything all the same.",
)


APART = style.NUMBER.but(format=style.PRICE)


@dataclass(frozen=True)
class Array:
    """A call with its place: the first row of its cells, how many, and what stands in them."""

    call: Call
    row: int
    cells: Grid

    @property
    def area(self) -> Place:
        return Place(KEY, self.row, FIRST_YEAR_COLUMN, self.cells.rows, self.cells.columns)


@dataclass(frozen=True)
class ArrayCall:
    """A formula that fills an area of the Python sheet."""

    area: str
    function: str
    arguments: tuple[str, ...]


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def arrays(plan: Plan, layout: Layout) -> Iterator[Array]:
    """Every call in its place, with the engine's numbers."""
    values, row = evaluate(plan), FIRST_CALL_ROW
    for call in CALLS:
        grids = [engine_cells(values[id], layout.places[id], layout) for id in call.gives]
        if call.function == "gate_blockers":
            blocking = engine_cells(values["is_blocking"], layout.places["is_blocking"], layout)
            grids = [only_where(blocking, grids[0])]
        cells = of_rows([cells for grid in grids for cells in grid.lists()], grids[0].columns)
        yield Array(call, row + TITLE_ROWS, cells)
        row += TITLE_ROWS + cells.rows + 1


def engine_cells(values: Column, place: Place, layout: Layout) -> Grid:
    """A quantity of the engine in the cells of the workbook; spare rows and rounds are blank."""
    rows, columns = extent(place, layout)
    full = np.full((rows, columns), np.nan)
    full[: values.shape[0], : values.shape[1]] = values
    return of_rows([[known(value) for value in row] for row in full], columns)


def known(value: float) -> Cell:
    return None if np.isnan(value) else float(value)


def only_where(flags: Grid, cells: Grid) -> Grid:
    kept = [cell if flag else None for flag, cell in zip(flags.cells, cells.cells, strict=True)]
    return Grid(cells.rows, cells.columns, kept)


def extent(place: Place, layout: Layout) -> tuple[int, int]:
    """Rows and columns of a quantity without the closing row of its table."""
    return layout.shape.count(place.axis.rows) if place.axis.rows else 1, place.columns


def array_calls(plan: Plan, layout: Layout) -> Iterator[ArrayCall]:
    """The formula of every array, by the names of functions on Windows."""
    refs = Refs(layout, KEY)
    for array in arrays(plan, layout):
        arguments = tuple(argument(id, refs) for id in array.call.reads)
        yield ArrayCall(area_of(array.area, refs), array.call.name, arguments)


def argument(id: str, refs: Refs) -> str:
    """The range of a quantity or input, or its name where it is one cell of the plan."""
    place = refs.place(id)
    if not place.axis.rows and not place.axis.columns:
        return refs.here(id)
    return refs.on(place, area_of(place, refs, *extent(place, refs.layout)))


def area_of(place: Place, refs: Refs, rows: int = 0, columns: int = 0) -> str:
    last = place.row + (rows or place.rows) - 1
    return f"${refs.letter(place, 0)}${place.row}:${refs.letter(place, (columns or place.columns) - 1)}${last}"


def draw(canvas: Canvas, edition: str = "lite") -> None:
    draw_years(canvas, HEAD_ROW, style.NUMBER)
    for column, head in enumerate(("No.", "Calculated twice", "Function", "Difference", "Agreement"), 1):
        look = style.HEAD.but(align="right" if head == "Difference" else "left")
        canvas.put(HEAD_ROW, column, canvas.say(head), look)
    found = list(arrays(canvas.book_plan, canvas.layout))
    for id in {id for call in CALLS for id in call.reads}:
        argument(id, canvas.refs())  # so that the names of single cells are defined
    draw_words(canvas, edition)
    for number, array in enumerate(found, 1):
        draw_array(canvas, array)
        draw_agreement(canvas, number, array)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)


def draw_words(canvas: Canvas, edition: str) -> None:
    """The words of the agreement, below it, and what the sheet needs."""
    first = HEAD_ROW + len(CALLS) + 1
    needs = {of: canvas.say(text) for of, text in NEEDS.items()}[edition].format(version=pinned("xlwings"))
    for row, text in enumerate((*map(canvas.say, NOTES), needs), first):
        canvas.put(row, 2, text, style.PURPOSE)
    for number, word in enumerate(STATUSES):
        canvas.put(first + len(NOTES) + 1 + number, 2, canvas.say(word), style.MUTED_TEXT)


def word_cell(number: int) -> str:
    return f"$B${HEAD_ROW + len(CALLS) + 2 + len(NOTES) + number}"


def draw_array(canvas: Canvas, array: Array) -> None:
    """Title, headings, the numbers, and beside each row how far it is from the native one."""
    call, refs = array.call, canvas.refs()
    canvas.put(array.row - 2, 1, canvas.say(call.title), style.SECTION)
    for column, head in enumerate(("", "Name", "Unit", "", "Difference"), 1):
        canvas.put(
            array.row - 1, column, canvas.say(head), style.HEAD.but(align="right" if head == "Difference" else "left")
        )
    draw_column_heads(canvas, array)
    per_quantity = array.cells.rows // len(call.gives)
    for number in range(array.cells.rows):
        row, quantity, offset = array.row + number, call.gives[number // per_quantity], number % per_quantity
        draw_name(canvas, row, call, quantity, offset)
        canvas.formula(row, 5, difference(array, number, refs), APART)
        for column, cell in enumerate(array.cells.row(number), FIRST_YEAR_COLUMN):
            canvas.put(row, column, cell, number_look(quantity))


def draw_column_heads(canvas: Canvas, array: Array) -> None:
    """What stands across: years as above, gates or rounds by name."""
    over = canvas.layout.places[array.call.gives[0]].axis.columns
    canvas.ws.row_dimensions[array.row - 1].height = GATE_HEIGHT if over == "gate" else 22
    for number in range(max(array.cells.columns, canvas.book_plan.years)):
        column, look = FIRST_YEAR_COLUMN + number, style.HEAD.but(align="right", wrap=True)
        if over == "year":
            canvas.formula(array.row - 1, column, f"{canvas.refs().letter(array.area, number)}${HEAD_ROW}", look)
        elif over == "gate" and number < array.cells.columns:
            canvas.formula(array.row - 1, column, canvas.refs().at("gate_name", number), look)
        elif over == "round" and number < array.cells.columns:
            canvas.put(array.row - 1, column, number + 1, look)
        else:
            canvas.put(array.row - 1, column, None, look)


def draw_name(canvas: Canvas, row: int, call: Call, quantity: str, offset: int) -> None:
    """Id and name of a row, where it has any, else the quantity; and its unit."""
    refs, label = canvas.refs(), canvas.say(load_model()[quantity].label)
    unit = unit_text(load_model()[quantity].unit)(refs)
    for column in (1, 4):
        canvas.put(row, column, None, style.BODY)
    if call.ids:
        canvas.formula(row, 1, f'{refs.at(call.ids, offset)}&""', style.ID)
    if call.names:
        canvas.formula(row, 2, f'{refs.at(call.names, offset)}&""', style.BODY)
        unit = f'IF($B{row}="","",{unit})'
    else:
        canvas.put(row, 2, label, style.BODY)
    canvas.formula(row, 3, unit, style.MUTED_TEXT)
    if len(call.gives) > 1 and call.names:
        canvas.put(row, 4, label, style.MUTED_TEXT.but(wrap=False))


def difference(array: Array, number: int, refs: Refs) -> str:
    """How far a row is from the native one; nothing on spare rows."""
    per_quantity = array.cells.rows // len(array.call.gives)
    quantity, offset = array.call.gives[number // per_quantity], number % per_quantity
    ours = row_area(array.area, number, refs)
    native = row_area(refs.place(quantity), offset, refs)
    if array.call.function == "gate_blockers":
        return f"ABS(SUMPRODUCT({row_area(refs.place('is_blocking'), offset, refs)},{native})-SUM({ours}))"
    if array.call.same:
        return f"SUMPRODUCT(({native}<>{ours})*1)"
    apart = f"SUMPRODUCT(({native}-{ours})*(({native}>{ours})-({native}<{ours})))"
    guard = f"${'A' if array.call.ids else 'B'}{array.row + number}"
    return f'IF({guard}="","",{apart})' if array.call.names else apart


def row_area(place: Place, offset: int, refs: Refs) -> str:
    row, first, last = place.row + offset, refs.letter(place, 0), refs.letter(place, place.columns - 1)
    return refs.on(place, f"${first}${row}:${last}${row}")


def draw_agreement(canvas: Canvas, number: int, array: Array) -> None:
    """One line of the summary: the sum of the differences, and a word."""
    row, refs = HEAD_ROW + number, canvas.refs()
    canvas.put(row, 1, number, style.ID)
    canvas.put(row, 2, canvas.say(array.call.title), style.BODY)
    canvas.put(row, 3, array.call.name, style.MUTED_TEXT.but(wrap=False))
    last = array.row + array.cells.rows - 1
    canvas.formula(row, 4, f"SUM($E${array.row}:$E${last})", APART)
    agrees, differs, unknown = map(word_cell, range(3))
    within = f"IF($D{row}<={refs.here(array.call.tolerance)},{agrees},{differs})"
    canvas.formula(row, 5, f"IF(ISNUMBER($D{row}),{within},{unknown})", style.CENTRED.but(bold=True))
    for word, tone in zip(STATUSES, (style.GOOD, style.BAD, style.UNKNOWN), strict=True):
        color_word(canvas, f"E{row}", f"E{row}", canvas.say(word), tone)
