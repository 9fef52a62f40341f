"""Terms: what each price, currency, course, source and programme means in numbers, and whether it moved."""

from openpyxl.utils import get_column_letter

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import PLACE_OF, row_number, table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet, quoted
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import EMPTY, name_of, number_look, quantity_columns, unit_column

SHEET = Sheet(
    "terms",
    "Terms",
    "Calculated: what each price, currency, driver, course, source and programme means in numbers.",
    "calculation",
    (16, 56, 20),
    freeze="C6",
)
PLAN_TERMS = (
    "plan_last_year",
    "reporting_currency",
    "reporting_inflation",
    "replacement_method",
    "by_cohort",
    "current_round",
    "lists_moved",
    "users_driver",
    "facilities_driver",
    "team_driver",
    "reported_month",
    "carry_over",
    "plan_annuity_factor",
    "scenario_in_use",
    "scenario_discount_rate",
    "scenario_unit_cost_factor",
    "unit_cost_factor",
    "discount_rate",
    "line_changes_found",
    "table_changes_found",
)
FUNDER_TERMS = (
    "funder_kind", "is_domestic", "only_category", "only_area", "allowed_category", "allowed_area",
    "other_categories", "other_areas", "forbidden_lines", "source_reported", "scenario_committed_factor",
)  # fmt: skip
PROGRAMME_TERMS = (
    "programme_gate",
    "programme_status",
    "has_start",
    "programme_open_year",
    "known_opening",
    "starts_too_early",
    "start_as_typed",
    "scenario_programme_start",
    "programme_start",
)
PRICE_TERMS = ("price_currency", "stated_currency", "price_example", "scenario_price_factor", "price_unit_cost")
CURRENCY_TERMS = ("is_reporting_currency", "currency_years_without_rate", "inflation_as_typed", "scenario_inflation",
                  "known_inflation")  # fmt: skip
COLUMN_WIDTH, SOURCE_WIDTH = 13, 18


def blocks(shape: Shape) -> tuple[Block, ...]:
    status = Column("Gate today", style.CENTRED.but(wrap=True), quantity="programme_status_name")
    opening = Column("Gate opens in", style.CENTRED, quantity="programme_opening")
    moved = tuple(
        Foot(
            shape.say("Rows moved or inserted: {table}").format(table=shape.plan.catalogue.tables[table].label),
            total=f"moved_{table}",
            unit="count",
        )
        for table in PLACE_OF
    )
    feet = (*(Foot(load_model()[id].label, total=id, unit=load_model()[id].unit) for id in PLAN_TERMS), *moved)
    feet = (*feet, Foot(load_model()["scenario_in_use"].label, total="scenario_words", unit="text"))
    return (
        table_block(shape, "prices", PRICE_TERMS),
        table_block(shape, "currencies", CURRENCY_TERMS),
        table_block(shape, "drivers", ()),
        table_block(shape, "courses", ("course_audience", "course_start")),
        table_block(shape, "funders", FUNDER_TERMS),
        table_block(shape, "programmes", PROGRAMME_TERMS, more=(status, opening)),
        hosting_terms(shape),
        head_terms(shape),
        category_terms(shape),
        turned(shape),
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


def head_terms(shape: Shape) -> Block:
    """Which yearly heads have neither a line nor a reason."""
    columns = (
        Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["head_terms"])),
        Column("Name", style.BODY, text=lambda refs: f'{refs.here("list:heads")}&""'),
        *quantity_columns(("has_head_reason", "is_head_silent")),
    )
    return Block("head_terms", "HISP heads", "heads", shape.count("heads"), columns)


def category_terms(shape: Shape) -> Block:
    """What the plan has for each category in the reported periods."""
    columns = (
        Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["category_terms"])),
        Column("Name", style.BODY, text=lambda refs: f'{refs.here("list:categories")}&""'),
        *quantity_columns(("category_reported",)),
    )
    return Block("category_terms", "Categories", "categories", shape.count("categories"), columns)


def turned(shape: Shape) -> Block:
    """The share without commitment again, one row a year, so that a line can be held against its sources."""
    columns = (
        Column("No.", style.ID, quantity="year_place", text=lambda refs: row_number(refs.layout.starts["turned"])),
        Column("Year", style.BODY, text=year_of_row),
        unit_column("shortfall_by_year"),
        EMPTY,
        EMPTY,
    )
    series = Series("funder", number_look("shortfall_by_year"), quantity="shortfall_by_year")
    label = load_model()["shortfall_by_year"].label
    return Block("turned", label, "years", shape.plan.years, columns, (series,))


def year_of_row(refs: Refs) -> str:
    return f"{refs.here('first_plan_year')}+{refs.here('year_place')}-1"


HOSTING = ("hosting_staff", "hosting_running", "hosting_life_years", "hosting_rounds", "hosting_purchases", "hosting_annuity_factor", "hosting_invested",
           "hosting_annual", "hosting_total")  # fmt: skip


def hosting_terms(shape: Shape) -> Block:
    """What stands between the inputs of each hosting option and its two results."""
    columns = (
        Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["hosting_terms"])),
        Column("Name", style.BODY, text=lambda refs: f'{refs.here("hosting.name")}&""'),
        *quantity_columns(HOSTING),
    )
    return Block("hosting_terms", "Hosting options", "hosting", shape.count("hosting"), columns)


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
    return Block(f"{table}_terms", title, table, shape.count(table), columns, guarded=True, height=34 if more else 22)


def draw(canvas: Canvas) -> None:
    count = max(len(block.columns) for block in canvas.layout.blocks["terms"])
    for number in range(4, count + 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
    for block in canvas.layout.blocks["terms"]:
        canvas.ws.row_dimensions[canvas.layout.starts[block.key]].height = 66
    funder_heads(canvas)
    set_page(canvas, count, canvas.ws.max_row)


def funder_heads(canvas: Canvas) -> None:
    """Name of each source over its column of the table turned on its side."""
    names = canvas.layout.places["funders.label"]
    for number in range(canvas.layout.shape.count("funder")):
        cell = f"{quoted(canvas.layout.title('funding'))}!$B${names.row + number}"
        text = f'IF({cell}="","",{cell})'
        canvas.formula(canvas.layout.starts["turned"], FIRST_YEAR_COLUMN + number, text, style.HEAD.but(align="right"))
        canvas.ws.column_dimensions[get_column_letter(FIRST_YEAR_COLUMN + number)].width = SOURCE_WIDTH
