"""About: what this workbook is, how to use it, and where everything stands."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from xlplan.words import LANGUAGES
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import HEAD_ROW, Block, Shape, Sheet
from xlplan.workbook.page import grow_rows, link, set_page
from xlplan.workbook.refs import Refs

SHEET = Sheet(
    "about",
    "About",
    "Plan and budget a sustainable DHIS2: maturity, readiness and multi-year recurring costs.",
    "about",
    (28, 60, 18, 40),
    freeze="A6",
)
FILLED, OF = 3, 15
STEP_LINK = style.LINKS.but(border="hairline", indent=1, size=11)
KINDS = {
    "about": "to read",
    "input": "yellow cells are yours",
    "calculation": "nothing to type",
    "output": "to read and print",
    "control": "what must agree",
}
Count = Callable[[Refs], str]


@dataclass(frozen=True)
class Step:
    """A sheet to fill: what to do there, how many are filled, of how many where that is known, and what is counted."""

    sheet: str
    words: str
    filled: Count
    counted: str
    of: Count | None = None


def typed(*keys: str) -> Count:
    """Cells filled in the columns of inputs."""
    return lambda refs: f"COUNTA({','.join(refs.column(key) for key in keys)})"


def priced(refs: Refs) -> str:
    return f"COUNT({refs.column('typed_price')})"


def settled(refs: Refs) -> str:
    """Lines without a finding."""
    return f"{refs.here('lines_typed')}-COUNT({refs.column('first_finding')})"


def assessed(refs: Refs) -> str:
    return f"COUNT({refs.column('level_now')})"


def rows_of(key: str) -> Count:
    return lambda refs: f"ROWS({refs.column(key)})"


def settings(refs: Refs) -> str:
    """The column of values on Settings."""
    first, last = (refs.layout.places[f"settings.{id}"] for id in ("title", "current_round"))
    return refs.on(first, f"$C${first.row}:$C${last.row}")


STEPS = (
    Step("settings", "Name the plan; choose the first year, the reporting currency and the assessment round.",
         lambda refs: f"COUNTA({settings(refs)})", "settings", lambda refs: f"ROWS({settings(refs)})"),
    Step("questions", "Answer the questions of the round, each with its evidence.",
         lambda refs: refs.here("all_answered"), "questions answered", lambda refs: refs.here("all_questions")),
    Step("maturity", "Read the levels that follow, or type those that an assessment gave.",
         assessed, "foundational domains with a level", rows_of("foundation_place")),
    Step("strengthening", "Set a target and its year for each weak domain; see when the gates open.",
         typed("targets.target"), "targets"),
    Step("programmes", "Name new work and when it starts; see when its gate opens.",
         typed("programmes.label"), "programmes"),
    Step("drivers", "Type what grows, year by year, and the exchange rates.", typed("drivers.label"), "drivers"),
    Step("training", "One row a course: who attends, how long, how often.", typed("courses.label"), "courses"),
    Step("prices", "Type your unit costs, each with its source.", priced, "items with a price", typed("prices.label")),
    Step("costs", "One line an activity; take items from the Catalogue, and say what continues a one-off.",
         settled, "lines without a finding", lambda refs: refs.here("lines_typed")),
    Step("funding", "Type committed and expected money of each source.", typed("funders.label"), "sources of money"),
    Step("load", "Say what hosting, training and support can carry today.", typed("loads.before"), "loads",
         rows_of("loads.before")),
    Step("hosting", "Set ways to host side by side.", typed("hosting.yearly"), "ways to host", rows_of("hosting.yearly")),
    Step("workplan", "Say who sees to each line and when; later, type what was spent.", typed("lines.start"),
         "lines with a start", lambda refs: refs.here("lines_typed")),
)  # fmt: skip
LAST_STEP = "Then mend the findings on Checks. Profile, Budget and Total cost are the pages to print; Guidance says more on each domain."


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def draw(canvas: Canvas) -> None:
    row = draw_facts(canvas, HEAD_ROW)
    row = draw_steps(canvas, row + 1)
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


def draw_steps(canvas: Canvas, row: int) -> int:
    """What to do in which order, and how far each sheet is filled."""
    heads = ("What to do first", "What to do there", "Filled", "What is counted")
    for column, head in enumerate(heads, 1):
        canvas.put(row, column, canvas.say(head), style.HEAD.but(align="center" if column == FILLED else "left"))
    for number, step in enumerate(STEPS, 1):
        row += 1
        draw_step(canvas, row, number, step)
    canvas.put(row + 1, 1, canvas.say(LAST_STEP), style.PURPOSE.but(indent=1))
    return row + 2


def draw_step(canvas: Canvas, row: int, number: int, step: Step) -> None:
    refs, title = canvas.refs(), canvas.layout.title(step.sheet)
    link(canvas.put(row, 1, f"{number}. {title}", STEP_LINK), title)
    canvas.put(row, 2, canvas.say(step.words), style.BODY.but(wrap=True))
    filled = step.filled(refs)
    of = f"&{refs.entry('words', OF)}&{step.of(refs)}" if step.of else ""
    canvas.formula(row, FILLED, f"{filled}{of}", style.CENTRED.but(bold=True))
    canvas.put(row, 4, canvas.say(step.counted), style.MUTED_TEXT)
    grow_rows(canvas, row, row, 21)


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
        link(canvas.put(row, 1, sheet.title, STEP_LINK), sheet.title)
        canvas.put(row, 2, sheet.purpose, style.MUTED_TEXT)
        canvas.put(row, 3, canvas.say(sheet.kind), style.MUTED_TEXT)
        canvas.put(row, 4, canvas.say(KINDS[sheet.kind]), style.MUTED_TEXT)
        grow_rows(canvas, row, row, 21, 10)
    row += 1
    canvas.put(row, 1, "xlplan", style.BODY)
    for column, text in enumerate((MACHINE, "machine", "hidden"), 2):
        canvas.put(row, column, canvas.say(text), style.MUTED_TEXT)
    grow_rows(canvas, row, row, 21, 10)
    return row + 1
