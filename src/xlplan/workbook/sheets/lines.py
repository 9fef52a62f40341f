"""Lines: what each cost line means in numbers, what it needs and what it costs in each year."""

from openpyxl.utils import get_column_letter

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number, unit_text
from xlplan.workbook.layout import (
    FIRST_YEAR_COLUMN,
    HEAD_ROW,
    Block,
    Column,
    Layout,
    Place,
    Series,
    Shape,
    Sheet,
    TextOf,
)
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.change_rows import changes_block
from xlplan.workbook.sheets.columns import EMPTY, line_activity, number_look, quantity_columns, unit_column
from xlplan.workbook.sheets.gates_by_year import area_block
from xlplan.workbook.sheets.series import place_series, rates, series_blocks

SHEET = Sheet(
    "lines",
    "Lines",
    "Calculated: what each cost line costs and needs in each year; its terms and findings stand to the right of the first table.",
    "calculation",
    (16, 64, 18, 15, 15),
    years=True,
    freeze="F6",
)
BY_YEAR = (
    "direct_cost", "one_off_cost", "recurring_cost", "annualised_cost", "line_gap", "price_factor", "units_bought",
    "units_needed", "active", "units_kept", "units_added", "units_in_batches", "units_replaced",
)  # fmt: skip
UNIT_COLUMN = (5, 4)
"""Where the heading of a table says its unit: in E, or in D where E holds what there was before the plan."""

STOCKS = ("units_needed", "units_in_batches")
PLACES = (
    "typed_on", "line_area", "line_category", "line_nature", "line_driver", "line_price", "line_currency",
    "line_tapers", "line_base", "line_head", "line_grouping", "line_tail", "line_covers",
)  # fmt: skip
TERMS = (
    "unknown_choices", "text_quantities", "text_terms", "text_shares", "line_text_numbers", "scenario_line_on", "scenario_line_quantity_factor",
    "scenario_line_first_year", "known_on", "line_on", "known_first_year", "line_first_year", "is_on", "is_one_off", "is_equipment",
    "is_tapering", "first_active_year", "planned_last_year", "last_active_year", "typed_interval", "interval", "typed_start_month", "typed_start_year", "start_month", "start_year", "end_month", "end_year", "is_prorated", "active_from", "active_until",
    "typed_quantity", "base_quantity", "item_unit_cost", "unit_cost", "planned_unit_cost", "economic_unit_cost", "unpaid_unit_value",
    "planned_unpaid_value", "item_currency",
    "item_or_reporting_currency", "currency", "item_price_year", "item_or_plan_price_year", "price_year", "inflation",
    "years_without_rate", "years_without_value", "category_key", "head_key", "grouping_key", "life", "life_years",
    "wear_rate", "annuity_factor", "loss", "opening_stock", "base_share", "funded_share", "unfunded_share",
    "active_years", "strengthens_from", "line_days", "line_room", "tail_is_on", "tail_is_one_off", "has_waiver",
    "has_activity",
)  # fmt: skip
COLUMN_WIDTH = 13


def flags(shape: Shape) -> tuple[str, ...]:
    return tuple(check.flag for check in shape.plan.catalogue.checks.values() if check.flag)


def blocks(shape: Shape) -> tuple[Block, ...]:
    totals = {"line_gap": "line_gap_total"}
    more = (line_block(shape, id, opening=id in STOCKS, total=totals.get(id, "")) for id in BY_YEAR)
    taken = (rates(shape, "currency_factor", "Price level and exchange rate"), area_block(shape, "area_taper"))
    return (first_block(shape), *more, bases(shape), *taken, *series_blocks(shape), changes_block(shape))


def first_block(shape: Shape) -> Block:
    """Cost by year, and to its right the terms of the line and its findings."""
    cost = line_block(shape, "cost", titled=False, total="line_cost", ids=True)
    years = (Column("", style.BODY),) * shape.plan.years
    findings = {check.flag: check.label for check in shape.plan.catalogue.checks.values() if check.flag}
    columns = (
        *cost.columns,
        *years,
        *quantity_columns((*PLACES, *TERMS)),
        *quantity_columns(flags(shape), findings),
        Column("First finding, place in the columns to the left", style.NUMBER, quantity="first_finding"),
    )
    return Block(cost.key, "", "lines", cost.count, columns, cost.series, guarded=True)


def line_block(
    shape: Shape, quantity: str, *, titled: bool = True, opening: bool = False, total: str = "", ids: bool = False
) -> Block:
    """One quantity of all lines across the years; ``opening`` shows what there was before the plan."""
    found = load_model()[quantity]
    series = Series("year", number_look(quantity), quantity=quantity)
    money = style.NUMBER.but(bold=True, format=style.MONEY)
    line = Column("Line", style.ID, quantity="line_id") if ids else Column("Line", style.ID, text=line_id_above)
    columns = (
        line,
        Column(found.label, style.BODY, text=line_activity) if ids else EMPTY,
        Column("Unit", style.MUTED_TEXT, text=unit_above(quantity)),
        Column("Total", money, quantity=total) if total else EMPTY,
        Column("Before", style.NUMBER, text=lambda refs: refs.here("opening_stock")) if opening else EMPTY,
    )
    title = found.label if titled else ""
    return Block(f"{quantity}_by_year", title, "lines", shape.count("lines"), columns, (series,), guarded=True)


def line_id_above(refs: Refs) -> str:
    return f'{refs.here("line_id")}&""'


def unit_above(quantity: str) -> TextOf:
    """Unit of the table, which stands in its heading."""
    letter = get_column_letter(UNIT_COLUMN[quantity in STOCKS])
    return lambda refs: f"${letter}${refs.layout.starts[f'{quantity}_by_year']}"


def bases(shape: Shape) -> Block:
    """What contingency and indirect cost are a share of."""
    amounts = Series("year", number_look("base_amounts"), quantity="base_amounts")
    columns = (
        Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["base_amounts"])),
        Column("Base", style.BODY, text=lambda refs: f'{refs.here("list:bases")}&""'),
        unit_column("base_amounts"),
        EMPTY,
        EMPTY,
    )
    title = "Bases of contingency and indirect cost"
    return Block("base_amounts", title, "bases", shape.count("bases"), columns, (amounts,))


def place(layout: Layout) -> None:
    place_series(layout, "lines")
    found = flags(layout.shape)
    first = layout.places[found[0]]
    axis = first.axis._replace(columns="flag")
    layout.places["line_flags"] = Place("lines", first.row, first.column, first.rows, len(found), axis)
    layout.places["flag_words"] = Place("lines", HEAD_ROW, first.column, 1, len(found), axis._replace(rows=None))


def draw(canvas: Canvas) -> None:
    for quantity in ("cost", *BY_YEAR):
        draw_head(canvas, quantity)
    first = canvas.layout.blocks["lines"][0]
    years = canvas.book_plan.years
    for number in range(FIRST_YEAR_COLUMN + years, len(first.columns) + 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
    canvas.ws.row_dimensions[HEAD_ROW].height = 66
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + years, canvas.layout.starts[first.key] + first.count)


def draw_head(canvas: Canvas, quantity: str) -> None:
    """The unit of a table of lines in its heading, and what it holds; the first one shows activities instead."""
    head, found = canvas.layout.starts[f"{quantity}_by_year"], load_model()[quantity]
    canvas.formula(head, UNIT_COLUMN[quantity in STOCKS], unit_text(found.unit)(canvas.refs()), style.HEAD)
    if quantity != "cost":
        canvas.put(head, 2, canvas.say(found.label), style.HEAD)
