"""About: what this workbook is, how to use it, and where everything stands."""

from importlib.metadata import version

from xlplan.words import LANGUAGES
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import HEAD_ROW, Block, Shape, Sheet
from xlplan.workbook.page import link, set_page

SHEET = Sheet(
    "about",
    "About",
    "Plan and budget a sustainable DHIS2: maturity, readiness and multi-year recurring costs.",
    "about",
    (28, 60, 18, 40),
    freeze="A6",
)
KINDS = {
    "about": "about",
    "input": "input: yellow cells are yours",
    "calculation": "calculation: nothing to type",
    "output": "output: to read and print",
    "control": "control",
}
STEPS = (
    "1. Settings: name the plan, choose the first year, the reporting currency and the assessment round.",
    "2. Questions and Maturity: answer the questions of the round, or type the levels that an assessment gave. Progress and Advice show what follows.",
    "3. Strengthening and Programmes: type targets for weak domains, name new work and when it starts; see when its gate opens.",
    "4. Drivers, Training and Prices: type what grows, the courses, the exchange rates and the unit costs.",
    "5. Costs: one line per activity; take items from the Catalogue, choose price, driver and area; say what continues a one-off.",
    "6. Funding, Load and Hosting: committed and expected money, what the foundations can carry, ways to host side by side.",
    "7. Checks: mend the findings. Profile, Budget and Total cost are the pages to print. Guidance says more on each domain.",
)


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def draw(canvas: Canvas) -> None:
    row = draw_facts(canvas, HEAD_ROW)
    row = draw_texts(canvas, row + 1, "What to do first", STEPS)
    row = draw_texts(canvas, row + 1, "Good to know", notes(canvas))
    row = draw_legend(canvas, row + 1)
    row = draw_sheets(canvas, row + 1)
    set_page(canvas, 4, row - 1, portrait=True)


NOTES = (
    "The questions here are ours, written from the topics of the DHIS2 documentation. Those of the official DHIS2 Maturity Profile tool are not public; a level it gave may be typed on Maturity.",
    "Sheets are protected without a password: this only prevents accidents. Unprotect a sheet to change its layout; use the spare rows rather than inserting rows.",
    "Everything calculates with native formulas: no macro, no add-in, no external link. The hidden sheet xlplan only tells the program where inputs stand.",
    "Shipped templates hold no prices. Prices marked as Example are made up and must be replaced; Checks counts what is left.",
    "Licence: Apache-2.0. No warranty; the numbers are as good as the inputs.",
)


NATIVE = NOTES[2]
WITH_FUNCTIONS = "Everything calculates with native formulas, without any external link; only the sheet Python calls functions of an add-in, and nothing depends on it."


def notes(canvas: Canvas) -> tuple[str, ...]:
    """What to know of this edition."""
    has_functions = "python" in canvas.layout.blocks
    return tuple(WITH_FUNCTIONS if note is NATIVE and has_functions else note for note in NOTES)


MACHINE = "Hidden machine sheet: where inputs stand, for the program that reads this file."


def draw_facts(canvas: Canvas, row: int) -> int:
    refs = canvas.refs()
    settings = {
        key: refs.layout.places[f"settings.{key}"] for key in ("title", "country", "owner", "data_version", "data_date")
    }
    labels = {
        "title": "Plan",
        "country": "Country",
        "owner": "Owner",
        "data_version": "Version of the data",
        "data_date": "Date of the data",
    }
    canvas.put(row, 1, canvas.say("This plan"), style.HEAD)
    for column in (2, 3, 4):
        canvas.put(row, column, None, style.HEAD)
    for key, place in settings.items():
        row += 1
        cell = refs.on(place, f"$C${place.row}")
        canvas.put(row, 1, canvas.say(labels[key]), style.BODY.but(bold=True))
        look = style.BODY.but(wrap=True, format=style.DATE if key == "data_date" else "General")
        canvas.formula(row, 2, f'IF({cell}="","",{cell})', look)
    for label, value in (
        ("Template version", f"xlplan {version('xlplan')}"),
        ("Language", LANGUAGES[canvas.book_plan.language]),
        ("Plan id", canvas.book_plan.id),
    ):
        row += 1
        canvas.put(row, 1, canvas.say(label), style.BODY.but(bold=True))
        canvas.put(row, 2, value, style.BODY)
    return row + 1


def draw_texts(canvas: Canvas, row: int, title: str, texts: tuple[str, ...]) -> int:
    canvas.put(row, 1, canvas.say(title), style.SECTION)
    for text in map(canvas.say, texts):
        row += 1
        canvas.ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
        canvas.put(row, 1, text, style.BODY.but(wrap=True, border=""))
        canvas.ws.row_dimensions[row].height = 21 if len(text) < 120 else 36  # noqa: PLR2004
    return row + 1


def draw_legend(canvas: Canvas, row: int) -> int:
    canvas.put(row, 1, canvas.say("Legend"), style.SECTION)
    for text, note, look in (
        ("Input", "Yellow with a frame: type here", style.TYPED.but(locked=True)),
        ("Calculated", "White: follows from the inputs", style.BODY),
        ("Total", "Bold between lines", style.TOTAL),
    ):
        row += 1
        canvas.put(row, 1, canvas.say(text), look)
        canvas.put(row, 2, canvas.say(note), style.MUTED_TEXT)
    return row + 1


def draw_sheets(canvas: Canvas, row: int) -> int:
    canvas.put(row, 1, canvas.say("Sheets"), style.SECTION)
    for sheet in canvas.layout.sheets:
        row += 1
        link(canvas.put(row, 1, sheet.title, style.LINKS.but(border="hairline", indent=1, size=11)), sheet.title)
        canvas.put(row, 2, sheet.purpose, style.MUTED_TEXT)
        canvas.put(row, 3, canvas.say(sheet.kind), style.MUTED_TEXT)
        canvas.put(row, 4, canvas.say(KINDS[sheet.kind]), style.MUTED_TEXT)
        canvas.ws.row_dimensions[row].height = 21 if len(sheet.purpose) < 62 else 34  # noqa: PLR2004
    row += 1
    canvas.put(row, 1, "xlplan", style.BODY)
    for column, text in enumerate((MACHINE, "machine", "hidden"), 2):
        canvas.put(row, column, canvas.say(text), style.MUTED_TEXT)
    return row + 1
