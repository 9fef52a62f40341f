"""Build a workbook from a plan: place, draw, name, and hand over the bytes."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from types import MappingProxyType, ModuleType
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties

from xlplan.plan import Plan
from xlplan.workbook import manifest
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.draw import draw_block
from xlplan.workbook.layout import ROWS, Layout, Shape, defined_name, quoted
from xlplan.workbook.package import pack, parts, shortened, tidy
from xlplan.workbook.page import draw_head, draw_master, fit_headings
from xlplan.workbook.recalculate import refreshed
from xlplan.workbook.sheets import (
    about,
    absorption,
    advice,
    budget,
    catalogue,
    checks,
    costs,
    drivers,
    funding,
    funding_by_year,
    gates,
    gates_by_year,
    guidance,
    hosting,
    levels,
    lines,
    lists,
    load,
    load_by_year,
    log,
    maturity,
    ownership,
    prices,
    profile,
    programmes,
    progress,
    proposal,
    questions,
    ranges,
    scenarios,
    series,
    settings,
    strengthening,
    terms,
    training,
    workplan,
)
from xlplan.workbook.style import Painter

Sheets: TypeAlias = tuple[ModuleType, ...]

SHEETS: Sheets = (
    *(about, settings, questions, maturity, profile, progress, advice, strengthening),
    *(programmes, drivers, training, prices, costs, funding, load, hosting, workplan, scenarios),
    *(budget, ranges, ownership, absorption, checks, guidance, catalogue, log),
    *(lines, terms, levels, series, funding_by_year, gates, gates_by_year, load_by_year, lists),
)
"""What a planner fills and reads, in the order of the work; then what is calculated."""


Sizes: TypeAlias = Mapping[str, int]
NO_SIZES: Sizes = MappingProxyType({})


def build_workbook(plan: Plan, line_rows: int = ROWS, more: Sheets = (), sizes: Sizes = NO_SIZES) -> bytes:
    """The plan as an ``.xlsx`` with every formula calculated; equal plans give equal bytes.

    ``more`` are modules of sheets that only some editions have; ``sizes`` are rows of tables that are given.
    """
    day = plan.settings.get("data_date")
    drawn = tidy(draw_workbook(plan, line_rows, more, sizes), day if isinstance(day, date) else None)
    return refreshed(drawn)[0]


def sheets_of(plan: Plan) -> Sheets:
    """The sheets of a plan: those of every plan, and a proposal behind Strengthening where there is one."""
    if not plan.rows("proposals"):
        return SHEETS
    place = SHEETS.index(strengthening) + 1
    return (*SHEETS[:place], proposal, *SHEETS[place:])


def make_layout(plan: Plan, line_rows: int = ROWS, more: Sheets = (), sizes: Sizes = NO_SIZES) -> Layout:
    """Where everything stands in the workbook of this plan."""
    shape, modules = Shape(plan, line_rows, sizes), (*sheets_of(plan), *more)
    sheets = tuple(module.SHEET.said(plan.catalogue.say) for module in modules)
    layout = Layout(shape, sheets, {m.SHEET.key: m.blocks(shape) for m in modules})
    for module in modules:
        if hasattr(module, "place"):
            module.place(layout)
    return layout


def draw_workbook(plan: Plan, line_rows: int = ROWS, more: Sheets = (), sizes: Sizes = NO_SIZES) -> bytes:
    """The workbook as openpyxl writes it, no value calculated yet."""
    with no_collection():
        return saved(drawn_book(plan, line_rows, more, sizes))


@contextmanager
def no_collection() -> Iterator[None]:
    """Spare Python from looking for garbage among cells that all stay: a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def drawn_book(plan: Plan, line_rows: int, more: Sheets = (), sizes: Sizes = NO_SIZES) -> Workbook:
    """The workbook before it is saved."""
    layout = make_layout(plan, line_rows, more, sizes)
    book = Workbook()
    book.remove(book.worksheets[0])
    painter = Painter(book)
    sheets = layout.sheets
    canvases = [Canvas(plan, layout, sheet, book.create_sheet(sheet.title), painter) for sheet in sheets]
    for number, (module, canvas) in enumerate(zip((*sheets_of(plan), *more), canvases, strict=True)):
        draw_head(
            canvas, sheets[number - 1] if number else None, sheets[number + 1] if number + 1 < len(sheets) else None
        )
        for block in layout.blocks[canvas.sheet.key]:
            if not block.key.startswith("setting"):
                draw_block(canvas, block)
        if canvas.sheet.key == "settings":
            draw_block(canvas, layout.blocks["settings"][0])
        module.draw(canvas)
        fit_headings(canvas)
        draw_master(canvas)
        select_first_input(canvas)
    painter.finish(book)
    define_names(book, layout)
    manifest.write_manifest(book.create_sheet(manifest.TITLE), layout)
    describe(book, plan)
    return book


def select_first_input(canvas: Canvas) -> None:
    """The cursor stands on the first cell to fill."""
    cells = (c.coordinate for row in canvas.ws.iter_rows(min_row=5, max_row=40) for c in row if not c.protection.locked)
    first = next(cells, "A1") if canvas.sheet.kind == "input" else "A1"
    for selection in canvas.ws.sheet_view.selection:
        selection.activeCell = selection.sqref = first


def define_names(book: Workbook, layout: Layout) -> None:
    for quantity, place in sorted(layout.names.items()):
        target = f"{quoted(layout.title(place.sheet))}!${get_column_letter(place.column)}${place.row}"
        name = defined_name(quantity)
        book.defined_names[name] = DefinedName(name, attr_text=target)


def describe(book: Workbook, plan: Plan) -> None:
    """Document properties; no full recalculation on load, so that stored values survive opening."""
    book.active = 0
    say = plan.catalogue.say
    book.properties.title = plan.text("title") or say("DHIS2 plan")
    book.properties.creator, book.properties.language = plan.text("owner") or "xlplan", plan.language
    book.properties.subject = say("DHIS2 planning and budgeting")
    book.calculation = CalcProperties(calcId=191029, fullCalcOnLoad=False)


def plain_workbook(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet of texts and no look."""
    book, stream = Workbook(), BytesIO()
    book.worksheets[0].title = title
    for row in rows:
        book.worksheets[0].append(row)
    book.save(stream)
    return tidy(stream.getvalue(), None)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return pack(dict(shortened(parts(stream.getvalue()))), level=1)
