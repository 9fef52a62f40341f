"""Progress: which domains rose or fell between rounds, since when, and which need a closer look."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.charts import level_rounds
from xlplan.workbook.formulas import level_word
from xlplan.workbook.layout import Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import color_word, color_words, grow_rows, round_heads, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.levels import assessed_number

SHEET = Sheet(
    "progress",
    "Progress",
    "What rose and what fell between the rounds, since when, and which domains need in-depth evaluation.",
    "output",
    (8, 48, 16, 16, 22, 16, 16, 16, 16, 60),
    freeze="C6",
)
FIRST_ROUND, CHART_ROWS = 6, 17


def shown_level(refs: Refs) -> str:
    return f'{refs.here("final_words")}&""'


def direction(refs: Refs) -> str:
    """Place of rose, the same or fell among the words; blank where a level is missing."""
    change = refs.here("change_since_first")
    return f'IF(ISNUMBER({change}),INDEX({refs.list_range("directions")},SIGN({change})+1+1),"")'


def since(refs: Refs) -> str:
    """Name of the round of the last change."""
    last = refs.here("last_change")
    return f'IF({last}>0,INDEX({refs.column("rounds.label")},{last}),"")'


def closer(refs: Refs) -> str:
    """Why the domain needs a closer look."""
    low, open_, differ = (refs.here(id) for id in ("low_now", "unfinished_questions", "differ_now"))
    words = [refs.entry("words", n) for n in (7, 8, 9)]
    counted = "&".join(f'IF({n}>0,{n}&{word},"")' for n, word in ((low, words[0]), (open_, words[1])))
    return f'{counted}&IF({differ}>0,{words[2]},"")'


def blocks(shape: Shape) -> tuple[Block, ...]:
    words = style.CENTRED.but(wrap=True)
    rounds = shape.count("round")
    columns = (
        Column("No.", style.ID, text=assessed_number("progress")),
        Column("Domain or programme", style.BODY.but(wrap=True), text=lambda refs: refs.here("assessed.name")),
        Column("Level now", words.but(bold=True), quantity="assessed_words", text=level_word("assessed_level")),
        Column("Since the first round", words.but(bold=True), text=direction),
        Column("Last change in", words, text=since),
        *(Column("", style.BODY),) * rounds,
        Column("Look closer", style.MUTED_TEXT, quantity="closer_words", text=closer),
    )
    series = Series("round", words, column=FIRST_ROUND, text=shown_level)
    return (Block("progress", "", "assessed", shape.count("assessed"), columns, (series,), guarded=True),)


def draw(canvas: Canvas) -> None:
    layout, rounds = canvas.layout, canvas.layout.shape.count("round")
    head, count = layout.starts["progress"], layout.shape.count("assessed")
    round_heads(canvas, head, FIRST_ROUND, 1, "")
    levels = {"levels": tuple(canvas.book_plan.labels["levels"].values())}
    for letter, last in (("C", "C"), ("F", get_column_letter(FIRST_ROUND + rounds - 1))):
        color_words(canvas, f"{letter}{head + 1}:{last}{head + count}", f"{letter}{head + 1}", levels)
    words = canvas.book_plan.labels["directions"]
    for id, tone in (("fell", style.BAD), ("rose", style.GOOD)):
        color_word(canvas, f"D{head + 1}:D{head + count}", f"D{head + 1}", words[id], tone)
    grow_rows(canvas, head + 1, head + count, 34)
    chart = head + count + 3
    canvas.ws.row_breaks.append(Break(id=chart - 1))
    canvas.put(chart, 1, canvas.say("Foundational domains, round by round"), style.SECTION)
    title = canvas.say("Level of the foundational domains by round ({scale})").format(scale=scale(canvas))
    level_rounds(canvas, title, rounds, f"A{chart + 1}")
    set_page(canvas, FIRST_ROUND + rounds, chart + CHART_ROWS)


def scale(canvas: Canvas) -> str:
    entries = canvas.book_plan.catalogue.lists["levels"].entries
    return ", ".join(f"{number} = {entry.label}" for number, entry in enumerate(entries, 1))
