"""Load by year: load and room of the foundations, and the days of the core team."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.columns import EMPTY, number_look, unit_column
from xlplan.workbook.sheets.gates_by_year import number_of

SHEET = Sheet(
    "load_by_year",
    "Load by year",
    "Calculated: what programmes add, the load and room of the foundations, and the days of the core team.",
    "calculation",
    (16, 56, 14, 14, 11),
    years=True,
    freeze="F6",
)
LOADS = ("load_short", "load_demand", "load_added", "load_room", "room_added", "is_overloaded")
NAMES = {"additions": "list:additions", "loads": "list:loads", "areas": "list:areas", "kinds": "kind_name"}
TEAM = ("team_posts", "team_days_available", "team_days_needed", "team_days_left", "is_overbooked")


def blocks(shape: Shape) -> tuple[Block, ...]:
    feet = tuple(Foot(load_model()[id].label, id, "", load_model()[id].unit) for id in TEAM)
    return (
        *(block(shape, id, "loads") for id in LOADS),
        block(shape, "additions", "additions"),
        block(shape, "area_team_days", "areas"),
        block(shape, "kind_team_days", "kinds", feet),
    )


def block(shape: Shape, quantity: str, rows: str, feet: tuple[Foot, ...] = ()) -> Block:
    columns = (
        Column("No.", style.ID, text=number_of(rows, quantity), quantity=PLACES.get(quantity, "")),
        Column("Name", style.BODY, text=name_of(rows)),
        unit_column(quantity),
        EMPTY,
        EMPTY,
    )
    series = (Series("year", number_look(quantity), quantity=quantity),)
    title = "" if quantity == LOADS[0] else load_model()[quantity].label
    guarded = rows == "areas"
    key = f"{quantity}_by_year"
    return Block(key, title, rows, shape.count(rows), columns, series, guarded=guarded, feet=feet)


PLACES = {"load_short": "load_place", "additions": "addition_place", "kind_team_days": "kind_place"}


def name_of(rows: str) -> TextOf:
    return lambda refs: f'{refs.here(NAMES[rows])}&""'


def draw(canvas: Canvas) -> None:
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)
