"""Series: what cost lines may follow, typed drivers and what every training course needs, year by year."""

from xlplan.model import SERIES_PARTS, load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number, table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Layout, Place, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import set_page
from xlplan.workbook.sheets.columns import EMPTY, name_of, number_look, quantity_columns, unit_column

SHEET = Sheet(
    "series",
    "Series",
    "Calculated: from the courses to participants, classes and trainer-days in each year, and exchange rates.",
    "calculation",
    (16, 60, 36, 14, 11),
    years=True,
    freeze="F6",
)
CASCADE = (
    "audience_size", "course_runs", "trained_audience", "trained_kept", "first_trained", "newcomers_trained",
    "participants", "participant_days", "classes", "trainer_days",
)  # fmt: skip
PER_COURSE = ("opening_trained", "refresher_rate", "class_trainer_days")
MEASURES = SERIES_PARTS[1:]


def blocks(shape: Shape) -> tuple[Block, ...]:
    return (
        Block("series_blank", "Years without a value", "series", shape.count("series"), BLANKS),
        *(cascade(shape, quantity) for quantity in CASCADE),
        rates(shape, "exchange_rate", "Exchange rate used"),
    )


def rates(shape: Shape, quantity: str, title: str) -> Block:
    """What each currency is worth in each year, the reporting currency's own rate filled in."""
    columns = (
        Column("No.", style.ID, text=table_id("currencies")),
        name_of("currencies"),
        unit_column(quantity),
        EMPTY,
        EMPTY,
    )
    values = (Series("year", number_look(quantity), quantity=quantity),)
    count = shape.count("currencies")
    return Block(quantity, title, "currencies", count, columns, values, guarded=True)


def series_blocks(shape: Shape) -> tuple[Block, ...]:
    """One long list of what lines may follow: the drivers, then what each course needs, measure by measure."""
    count = shape.count("drivers")
    drivers = (
        Column("No.", style.ID, text=table_id("drivers")),
        Column("Series", style.BODY, text=lambda refs: f'{refs.here("drivers.label")}&""'),
        Column("Unit", style.MUTED_TEXT, text=lambda refs: f'{refs.here("drivers.unit")}&""'),
        *quantity_columns(("scenario_driver_factor", "driver_factor")),
    )
    first = Block(
        "series_drivers",
        "What lines may follow",
        "drivers",
        count,
        drivers,
        (Series("year", number_look("driver_value"), quantity="driver_value"),),
        guarded=True,
    )
    return (first, *(measure(shape, number, quantity) for number, quantity in enumerate(MEASURES)))


def place_series(layout: Layout, sheet: str) -> None:
    """One list and one table over all of these blocks."""
    first = layout.starts["series_drivers"] + 1
    rows, years = layout.shape.count("series"), layout.shape.plan.years
    axis = load_model()["series_value"].axis
    layout.places["series_value"] = Place(sheet, first, FIRST_YEAR_COLUMN, rows, years, axis)
    layout.places["list:series"] = Place(sheet, first, 2, rows, 1, axis._replace(columns=None))


def series(text: TextOf) -> Series:
    return Series("year", number_look("series_value"), text=text)


def measure(shape: Shape, number: int, quantity: str) -> Block:
    """What every course needs of one kind, below the drivers: one long list to choose from."""
    columns = (
        Column("No.", style.ID, text=table_id("courses")),
        Column("Series", style.BODY, text=course_words(number)),
        unit_column(quantity),
        EMPTY,
        EMPTY,
    )
    count = shape.count("courses")
    values = series(lambda refs: refs.here(quantity))
    return Block(f"series_{quantity}", "", "courses", count, columns, (values,), guarded=True, joined=True)


def course_words(number: int) -> TextOf:
    """Course and measure, as the drop-down on Costs offers them."""
    return lambda refs: f"{refs.here('courses.label')}&{refs.entry('words', 12)}&{refs.entry('course_series', number)}"


BLANKS = (
    Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["series_blank"])),
    Column("Series", style.BODY, text=lambda refs: f'{refs.here("list:series")}&""'),
    Column("Years without value", style.NUMBER, quantity="series_years_without_value"),
)


def cascade(shape: Shape, quantity: str) -> Block:
    """One quantity of all courses across the years; what was there before the plan stands before the first."""
    before = quantity == "trained_audience"
    terms = {"audience_size": "refresher_rate", "trainer_days": "class_trainer_days"}.get(quantity, "")
    columns = (
        Column("No.", style.ID, text=table_id("courses")),
        name_of("courses"),
        unit_column(quantity),
        Column(load_model()[terms].label, style.NUMBER, quantity=terms) if terms else EMPTY,
        Column("Before", style.NUMBER, quantity="opening_trained") if before else EMPTY,
    )
    values = (Series("year", number_look(quantity), quantity=quantity),)
    title = load_model()[quantity].label
    return Block(f"{quantity}_cascade", title, "courses", shape.count("courses"), columns, values, guarded=True)


def draw(canvas: Canvas) -> None:
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + canvas.book_plan.years, canvas.ws.max_row)
