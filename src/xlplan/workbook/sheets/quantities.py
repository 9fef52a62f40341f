"""Quantities: units needed, added, replaced and bought, by line and year."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import table_id, unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.terms import line_activity, name_of
from xlplan.workbook.style import FORMATS

SHEET = Sheet(
    "quantities",
    "Quantities",
    "Calculated: how many units each line needs, adds, replaces and buys in each year.",
    "calculation",
    (16, 40, 14, 14, 11),
    years=True,
    freeze="F6",
)
LINES = (
    "units_bought",
    "units_needed",
    "active",
    "driver_quantity",
    "line_exchange_rate",
    "units_kept",
    "units_added",
    "units_in_batches",
    "units_worn_out",
    "units_replaced",
)
STOCKS = ("units_needed", "units_in_batches")
EMPTY = Column("", style.BODY)


def blocks(shape: Shape) -> tuple[Block, ...]:
    lines = tuple(line_block(shape, id, titled=id != LINES[0], opening=id in STOCKS) for id in LINES)
    rate = Series("year", number_look("exchange_rate"), quantity="exchange_rate")
    columns = (
        Column("No.", style.ID, text=table_id("currencies")),
        name_of("currencies"),
        unit_column("exchange_rate"),
        EMPTY,
        EMPTY,
    )
    return (
        *lines,
        Block(
            "exchange_rate",
            "Exchange rate used",
            "currencies",
            shape.count("currencies"),
            columns,
            (rate,),
            guarded=True,
        ),
    )


def number_look(quantity: str) -> style.Look:
    return style.NUMBER.but(format=FORMATS.get(load_model()[quantity].unit, "General"))


def unit_column(quantity: str) -> Column:
    return Column("Unit", style.MUTED_TEXT, text=unit_text(load_model()[quantity].unit))


def line_block(shape: Shape, quantity: str, *, titled: bool = True, opening: bool = False, total: str = "") -> Block:
    """One quantity of all lines across the years; ``opening`` shows what there was before the plan."""
    found = load_model()[quantity]
    series = Series("year", number_look(quantity), quantity=quantity)
    money = style.NUMBER.but(bold=True, format=style.MONEY)
    columns = (
        Column("Line", style.ID, text=lambda refs: refs.here("line_id")),
        Column(found.label, style.BODY, text=line_activity),
        unit_column(quantity),
        Column("Total", money, quantity=total) if total else EMPTY,
        Column("Before", style.NUMBER, text=lambda refs: refs.here("opening_stock")) if opening else EMPTY,
    )
    title = found.label if titled else ""
    count = shape.count("lines")
    return Block(f"{quantity}_by_year", title, "lines", count, columns, (series,), guarded=True)


def draw(canvas: Canvas) -> None:
    first = canvas.layout.blocks[SHEET.key][0]
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.layout.starts[first.key] + first.count)
