"""Terms: what each line, price, currency and driver means in numbers, blanks filled with what they stand for."""

from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import PLACE_OF, row_number, table_id
from xlplan.workbook.layout import HEAD_ROW, Block, Column, Foot, Layout, Place, Shape, Sheet
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.style import FORMATS

SHEET = Sheet(
    "terms",
    "Terms",
    "Calculated: what each cost line means in numbers, with blanks filled by what they stand for, and its findings.",
    "calculation",
    (16, 40),
    freeze="C6",
)
PLACES = (
    "line_on",
    "line_area",
    "line_category",
    "line_nature",
    "line_driver",
    "line_price",
    "line_currency",
    "line_base",
)
TERMS = (
    "unknown_choices",
    "text_quantities",
    "text_terms",
    "line_text_numbers",
    "is_on",
    "is_one_off",
    "is_equipment",
    "first_active_year",
    "planned_last_year",
    "last_active_year",
    "typed_interval",
    "interval",
    "base_quantity",
    "item_unit_cost",
    "unit_cost",
    "item_currency",
    "item_or_reporting_currency",
    "currency",
    "item_price_year",
    "item_or_plan_price_year",
    "price_year",
    "inflation",
    "years_without_rate",
    "years_without_value",
    "category_key",
    "life",
    "life_years",
    "wear_rate",
    "annuity_factor",
    "loss",
    "opening_stock",
    "base_share",
    "funded_share",
    "unfunded_share",
    "active_years",
    "has_activity",
)
PLAN_TERMS = (
    "plan_last_year",
    "reporting_currency",
    "reporting_inflation",
    "replacement_method",
    "by_cohort",
    "current_round",
    "plan_annuity_factor",
)
COLUMN_WIDTH = 13


def flags(shape: Shape) -> tuple[str, ...]:
    return tuple(check.flag for check in shape.plan.catalogue.checks.values() if check.flag)


def quantity_columns(ids: Iterable[str], heads: dict[str, str] | None = None) -> tuple[Column, ...]:
    """One calculated column per quantity, headed by its label and unit."""
    model = load_model()
    return tuple(
        Column(
            (heads or {}).get(id, model[id].label),
            style.NUMBER.but(format=FORMATS.get(model[id].unit, "General")),
            quantity=id,
        )
        for id in ids
    )


def line_activity(refs: Refs) -> str:
    return f'{refs.here("lines.activity")}&""'


def name_of(table: str) -> Column:
    return Column("Name", style.BODY, text=lambda refs: refs.here(f"{table}.label"))


def blocks(shape: Shape) -> tuple[Block, ...]:
    finding = Column("First finding, place in the columns to the left", style.NUMBER, quantity="first_finding")
    status = Column("Gate today", style.CENTRED, quantity="programme_status_name")
    findings = {check.flag: check.label for check in shape.plan.catalogue.checks.values() if check.flag}
    line_columns = (
        Column("Line", style.ID, quantity="line_id"),
        Column("Activity or item", style.BODY, text=line_activity),
        *quantity_columns((*PLACES, *TERMS)),
        *quantity_columns(flags(shape), findings),
        finding,
    )
    moved = tuple(Foot(f"Rows moved or inserted: {table}", total=f"moved_{table}", unit="count") for table in PLACE_OF)
    feet = (*(Foot(load_model()[id].label, total=id, unit=load_model()[id].unit) for id in PLAN_TERMS), *moved)
    return (
        Block("line_terms", "", "lines", shape.count("lines"), line_columns, guarded=True),
        table_block(shape, "prices", ("price_currency", "stated_currency", "price_example")),
        table_block(shape, "currencies", ("is_reporting_currency", "currency_years_without_rate")),
        table_block(shape, "drivers", ("driver_years_without_value",)),
        table_block(shape, "funders", ()),
        table_block(shape, "programmes", ("programme_gate", "programme_status"), more=(status,)),
        Block(
            "plan_terms",
            "Plan",
            "",
            0,
            (
                Column("", style.ID),
                Column("Term", style.BODY),
                Column("Unit", style.BODY),
                Column("Value", style.NUMBER),
            ),
            feet=feet,
        ),
    )


def table_block(shape: Shape, table: str, ids: tuple[str, ...], more: tuple[Column, ...] = ()) -> Block:
    """Quantities of another table's rows, and whether each row still stands where it belongs."""

    def own_row(refs: Refs) -> str:
        return row_number(refs.layout.starts[f"{table}_terms"])

    columns = (
        Column("No.", style.ID, text=table_id(table)),
        name_of(table),
        Column("Place", style.NUMBER, quantity=PLACE_OF[table], text=own_row),
        *quantity_columns((f"{table}_moved", *ids)),
        *more,
    )
    title = shape.plan.catalogue.tables[table].label
    return Block(f"{table}_terms", title, table, shape.count(table), columns, guarded=True)


def place(layout: Layout) -> None:
    found = flags(layout.shape)
    first = layout.places[found[0]]
    layout.places["line_flags"] = Place(
        "terms", first.row, first.column, first.rows, len(found), first.axis._replace(columns="flag")
    )
    layout.places["flag_words"] = Place(
        "terms", HEAD_ROW, first.column, 1, len(found), first.axis._replace(rows=None, columns="flag")
    )


def draw(canvas: Canvas) -> None:
    count = len(canvas.layout.blocks["terms"][0].columns)
    for number in range(3, count + 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
    canvas.ws.row_dimensions[HEAD_ROW].height = 66
    set_page(canvas, count, canvas.ws.max_row)
