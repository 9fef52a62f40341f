"""Quantities: units needed, added, replaced and bought, by line and year."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.draw import Canvas, set_page
from xlplan.workbook.formulas import table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet
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
    "batches_due",
    "units_worn_out",
    "units_replaced",
)
STOCKS = ("units_needed", "units_added")


def blocks(shape: Shape) -> tuple[Block, ...]:
    lines = tuple(line_block(shape, id, titled=id != LINES[0], opening=id in STOCKS) for id in LINES)
    rate = Series("year", number_look("exchange_rate"), quantity="exchange_rate")
    columns = (Column("No.", style.ID, text=table_id("currencies")), name_of("currencies"), *empty(3))
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


def empty(count: int) -> tuple[Column, ...]:
    return (Column("", style.BODY),) * count


def number_look(quantity: str) -> style.Look:
    return style.NUMBER.but(format=FORMATS.get(load_model()[quantity].unit, "General"))


def line_block(
    shape: Shape,
    quantity: str,
    *,
    titled: bool = True,
    opening: bool = False,
    total: str = "",
    feet: tuple[Foot, ...] = (),
) -> Block:
    """One quantity of all lines across the years."""
    found = load_model()[quantity]
    label = shape.plan.catalogue.units[found.unit].label
    series = Series("year", number_look(quantity), quantity=quantity, opening="opening_stock" if opening else "")
    total_column = (
        Column("Total", style.NUMBER.but(bold=True, format=style.MONEY), quantity=total) if total else empty(1)[0]
    )
    columns = (
        Column("Line", style.ID, text=lambda refs: refs.here("line_id")),
        Column(found.label, style.BODY, text=line_activity),
        Column("", style.BODY),
        total_column,
        *(() if opening else empty(1)),
    )
    return Block(
        f"{quantity}_by_year",
        f"{found.label}, {label}" if titled else "",
        "lines",
        shape.count("lines"),
        columns,
        (series,),
        guarded=True,
        feet=feet,
    )


def draw(canvas: Canvas) -> None:
    first = canvas.layout.blocks[SHEET.key][0]
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.layout.starts[first.key] + first.count)
