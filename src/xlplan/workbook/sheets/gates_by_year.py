"""Gates by year: the level that each foundation is expected to reach, and what that means for every gate."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import EMPTY, number_look, quantity_columns, unit_column

SHEET = Sheet(
    "gates_by_year",
    "Gates by year",
    "Calculated: the level that each foundation is expected to reach in each year, and what that means for each gate.",
    "calculation",
    (16, 56, 14, 14, 11),
    years=True,
    freeze="F6",
)
FOUNDATIONS = ("expected_level", "target_holds", "funded_lines")
TERMS = {
    "gate_is_open": (("first_open_year",), ()),
    "funded_lines": (("ever_funded",), ("target_year_as_typed",)),
    "target_holds": (("scenario_target_year",), ("target_year",)),
}
"""What stands before the years of a table: in D and in E."""

GATES = ("status_in_year", "required_short", "preferred_short", "gate_is_open")


def blocks(shape: Shape) -> tuple[Block, ...]:
    known = Foot(load_model()["unknown_in_year"].label, "unknown_in_year", "", "count")
    found = [block(shape, id, "foundations", (known,) if id == "expected_level" else ()) for id in FOUNDATIONS]
    found += [block(shape, id, "gates", ()) for id in GATES]
    return (*found, area_block(shape, "area_level"))


def area_block(shape: Shape, quantity: str) -> Block:
    return block(shape, quantity, "areas", ())


def block(shape: Shape, quantity: str, rows: str, feet: tuple[Foot, ...]) -> Block:
    label = load_model()[quantity].label
    total, last = TERMS.get(quantity, ((), ()))
    columns = (
        Column("No.", style.ID, text=number_of(rows, quantity)),
        Column("Name", style.BODY, text=name_of(rows)),
        unit_column(quantity),
        *(quantity_columns(total) or (EMPTY,)),
        *(quantity_columns(last) or (EMPTY,)),
    )
    series = (Series("year", number_look(quantity), quantity=quantity),)
    title = "" if quantity == FOUNDATIONS[0] else label
    return Block(
        f"{quantity}_by_year", title, rows, shape.count(rows), columns, series, guarded=rows == "areas", feet=feet
    )


def number_of(rows: str, quantity: str) -> TextOf:
    """Row number; nothing for an area whose programme has no name."""

    def formula_of(refs: Refs) -> str:
        number = row_number(refs.layout.starts[f"{quantity}_by_year"])
        return f'IF({refs.here("list:areas")}="","",{number})' if rows == "areas" else number

    return formula_of


def name_of(rows: str) -> TextOf:
    key = {"foundations": "foundation_name", "gates": "gate_name", "areas": "list:areas"}[rows]
    return lambda refs: f'{refs.here(key)}&""'


def draw(canvas: Canvas) -> None:
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)
