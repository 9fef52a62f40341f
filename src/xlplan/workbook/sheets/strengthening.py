"""Strengthening: a target and its year for each foundation, and what that opens in which year."""

from xlplan.records import Field
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import opening_word, row_number, table_id
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import color_words, grow_rows, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "strengthening",
    "Strengthening",
    "A target level and year for each foundation. It counts once a funded cost line strengthens the domain; then see which gates open when.",
    "input",
    (20, 48, 18, 18, 12),
    years=True,
    freeze="C6",
)
NOTE_WIDTH = 40


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    fields = {field.id: field for field in catalogue.tables["targets"].fields}
    foundations, words = catalogue.band_domains("foundation"), style.CENTRED.but(wrap=True)
    years = (Column("", style.BODY),) * shape.plan.years
    target = Block(
        "targets",
        "",
        "foundations",
        len(foundations),
        (
            Column("No.", style.ID, values=tuple(domain.id for domain in foundations)),
            Column("Foundational domain", style.BODY.but(wrap=True), values=tuple(d.label for d in foundations)),
            Column("Level now", words, text=lambda refs: refs.here("level_name")),
            typed(fields["target"]),
            typed(fields["year"]),
            *years,
            Column(fields["note"].label, input_look(fields["note"]), field=fields["note"]),
        ),
        (Series("year", words, text=expected_word),),
        ids=tuple(domain.id for domain in foundations),
        height=34,
    )
    gates = Block(
        "gates_open",
        "Readiness gates in each year",
        "gates",
        shape.count("gates"),
        (
            Column("No.", style.ID, quantity="gate_place", text=row_of("gates_open")),
            Column(
                "New work",
                style.BODY.but(wrap=True),
                quantity="gate_name",
                values=tuple(gate.label for gate in catalogue.gates.values()),
            ),
            Column("Today", words, text=today),
            Column("First year open", words, text=opening_word("first_open_year")),
            Column("", style.BODY),
        ),
        (Series("year", words, text=status_in_year),),
        height=34,
    )
    programmes = Block(
        "programmes_open",
        "Programmes: planned start against the year in which their gate opens",
        "programmes",
        shape.count("programmes"),
        (
            Column("No.", style.ID, text=table_id("programmes")),
            Column("Programme", style.BODY.but(wrap=True), text=lambda refs: refs.here("programmes.label")),
            Column("Planned start", words.but(format="0;;"), text=lambda refs: refs.here("programme_start")),
            Column("Gate opens in", words, text=lambda refs: refs.here("programme_opening")),
            Column("Finding", words.but(color=style.BAD[0]), text=too_early),
        ),
        guarded=True,
        height=48,
    )
    return target, gates, programmes


def row_of(key: str) -> TextOf:
    return lambda refs: row_number(refs.layout.starts[key])


def typed(field: Field) -> Column:
    return Column(field.label, input_look(field).but(align="center", indent=0), field=field)


def expected_word(refs: Refs) -> str:
    """Expected level in words; not assessed says so."""
    level = refs.here("expected_level")
    return f"IF({level}>0,INDEX({refs.list_range('levels')},{level}),{refs.entry('words', 0)})"


def status_in_year(refs: Refs) -> str:
    return f"INDEX({refs.list_range('statuses')},{refs.here('status_in_year')}+1)"


def today(refs: Refs) -> str:
    number = row_number(refs.layout.starts["gates_open"])
    return f"INDEX({refs.list_range('statuses')},INDEX({refs.row('gate_status')},{number})+1)"


def too_early(refs: Refs) -> str:
    return f'IF({refs.here("starts_too_early")}>0,{refs.entry("words", 11)},"")'


def draw(canvas: Canvas) -> None:
    layout, labels = canvas.layout, canvas.book_plan.labels
    years = canvas.book_plan.years
    note = FIRST_YEAR_COLUMN + years
    canvas.ws.column_dimensions[canvas.ws.cell(1, note).column_letter].width = NOTE_WIDTH
    for number in range(years):
        canvas.ws.column_dimensions[canvas.ws.cell(1, FIRST_YEAR_COLUMN + number).column_letter].width = 15
    last = canvas.ws.cell(1, note - 1).column_letter
    levels = {"levels": tuple(labels["levels"].values())}
    statuses = {"statuses": tuple(labels["statuses"].values())}
    for key, table, first, lists in (
        ("targets", "foundations", "C", levels),
        ("targets", "foundations", "F", levels),
        ("gates_open", "gates", "C", statuses),
        ("gates_open", "gates", "F", statuses),
    ):
        start, count = layout.starts[key] + 1, layout.shape.count(table)
        end = last if first == "F" else first
        color_words(canvas, f"{first}{start}:{end}{start + count - 1}", f"{first}{start}", lists)
    start = layout.starts["targets"] + 1
    grow_rows(canvas, start, start + layout.shape.count("foundations") - 1, 34)
    set_page(canvas, note, layout.starts["programmes_open"] + layout.shape.count("programmes"))
