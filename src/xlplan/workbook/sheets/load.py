"""Load: what the foundations carry today, so that what programmes add can be held against it."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.sheets.columns import unit_column
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "load",
    "Load and team",
    "What hosting, training, support and the core team carry today; then see in which years new work asks for more than there is.",
    "input",
    (18, 50, 16, 16, 34),
    years=True,
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    fields = catalogue.tables["loads"].fields
    entries = catalogue.lists["loads"].entries
    columns = (
        Column("No.", style.ID, values=tuple(entry.id for entry in entries)),
        Column("Load", style.BODY.but(wrap=True), values=tuple(entry.label for entry in entries)),
        *(Column(f.label, input_look(f), field=f) for f in fields),
    )
    short = Series("year", style.NUMBER.but(format="#,##0;;"), text=lambda refs: refs.here("load_short"))
    kinds = (shape.say("Foundations and operations"), *(gate.label for gate in catalogue.gates.values()))
    days = Series("year", style.NUMBER.but(format="#,##0"), text=lambda refs: refs.here("kind_team_days"))
    blank = Column("", style.BODY)
    without = (
        Column("No.", style.ID, text=lambda refs: refs.here("load_place")),
        Column("Load", style.BODY.but(wrap=True), text=lambda refs: f'{refs.here("list:loads")}&""'),
        blank,
        blank,
        unit_column("load_short"),
    )
    team = (
        Column("No.", style.ID, text=lambda refs: refs.here("kind_place")),
        Column("Needed for", style.BODY.but(wrap=True), quantity="kind_name", values=kinds),
        unit_column("kind_team_days"),
        blank,
        blank,
    )
    return (
        Block("loads", "", "loads", len(entries), columns, ids=tuple(e.id for e in entries), height=34),
        Block("loads_short", "Without room, year by year", "loads", len(entries), without, (short,)),
        Block("team", "Days of the core team", "kinds", len(kinds), team, (days,), feet=BALANCE),
    )


BALANCE = (
    Foot("Days needed", "shown:team_days_needed", "", "days/year"),
    Foot("Days available", "shown:team_days_available", "", "days/year"),
    Foot("Days left (below 0: overbooked)", "shown:team_days_left", "", "days/year", strong=True),
)


def draw(canvas: Canvas) -> None:
    head, count = canvas.layout.starts["loads"], canvas.layout.shape.count("loads")
    for number in range(canvas.book_plan.years):
        canvas.ws.column_dimensions[canvas.ws.cell(1, FIRST_YEAR_COLUMN + number).column_letter].width = 14
    grow_rows(canvas, head + 1, head + count, 34)
    last = canvas.layout.starts["team"] + canvas.layout.shape.count("kinds") + len(BALANCE)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, last)
