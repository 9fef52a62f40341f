"""Levels: from the answers to the level of each domain in each round, and to what should be done first."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number, unit_text
from xlplan.workbook.layout import Block, Column, Foot, Series, Shape, Sheet, TextOf
from xlplan.workbook.page import round_heads, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import EMPTY, number_look, quantity_columns

SHEET = Sheet(
    "levels",
    "Levels",
    "Calculated: from the answers to the level of each domain in each round, and to what should be done first.",
    "calculation",
    (16, 56, 14, 14, 14, 14, 14, 14, 14),
    freeze="C6",
)
FIRST_ROUND = 6
BY_ROUND = (
    "final_level", "level_place", "override_place", "has_override_reason", "assessor_level", "official_level", "stated_level",
    "answered_level", "settled_level",
    "yes_answers", "partly_answers", "no_answers", "na_answers", "answered", "open_questions", "counted_answers",
    "answer_points", "answer_score", "scored_level", "must_noes", "level_cap", "computed_level", "levels_differ",
    "lacks_override_reason", "low_confidences", "level_change", "change_round",
)  # fmt: skip
NOW = (
    "questions_asked", "assessed_level", "first_level", "change_since_first", "last_change", "low_now", "open_now",
    "answered_now", "differ_now", "unfinished_questions", "needs_depth",
)  # fmt: skip
ASKED = ("answer_now", "is_answered_no", "is_answered_partly", "urgency", "advice_order", "advice_rank")


def blocks(shape: Shape) -> tuple[Block, ...]:
    count = shape.count("assessed")
    place = Column("No.", style.ID, quantity="assessed_place", text=assessed_number("levels_now"))
    now = Block("levels_now", "", "assessed", count, (place, NAME, *quantity_columns(NOW)), guarded=True)
    asked = (
        Column("No.", style.ID, text=lambda refs: refs.here("question_place")),
        Column("Question", style.BODY),
        *quantity_columns(ASKED),
    )
    advice = (
        Column("No.", style.ID, text=row_of("advice_levels")),
        Column("Domain", style.BODY),
        *quantity_columns(("advised_question",)),
    )
    return (
        now,
        *(by_round(shape, id) for id in BY_ROUND),
        Block("asked_levels", "Answers of the round in use", "asked", shape.count("asked"), asked),
        Block("advice_levels", "What to do first", "advice", shape.count("advice"), advice),
        scale(shape),
        Block("levels_all", "", "", 0, (EMPTY, Column("All domains", style.BODY), Column("Unit", style.BODY), EMPTY),
              feet=tuple(Foot(load_model()[id].label, total=id, unit="count") for id in ("all_questions", "all_answered"))),
    )  # fmt: skip


def scale(shape: Shape) -> Block:
    """Thresholds and taper in use: what is typed on Settings, else what is proposed."""
    columns = (
        Column("No.", style.ID, text=row_of("levels_scale")),
        Column("Level", style.BODY, text=lambda refs: f'{refs.here("list:levels")}&""'),
        *quantity_columns(("threshold", "level_taper", "lower_thresholds")),
    )
    return Block("levels_scale", "Thresholds and taper in use", "levels", shape.count("levels"), columns)


NAME = Column("Domain or programme", style.BODY, text=lambda refs: refs.here("assessed.name"))


def by_round(shape: Shape, quantity: str) -> Block:
    """One quantity of all domains; the column before the first round stays blank, as no round was before it."""
    columns = (
        Column("No.", style.ID, text=number_above),
        EMPTY,
        Column("Unit", style.MUTED_TEXT, text=lambda refs: f"$D${refs.layout.starts[f'{quantity}_levels']}"),
    )
    series = Series("round", number_look(quantity), quantity=quantity, column=FIRST_ROUND)
    title = load_model()[quantity].label
    return Block(
        f"{quantity}_levels",
        title,
        "assessed",
        shape.count("assessed"),
        (*columns, EMPTY, EMPTY),
        (series,),
        guarded=True,
    )


def number_above(refs: Refs) -> str:
    return f'{refs.here("assessed_place")}&""'


def assessed_number(key: str) -> TextOf:
    """Row number; nothing for a programme row without a programme."""

    def formula_of(refs: Refs) -> str:
        return f'IF({refs.here("assessed.name")}="","",{row_number(refs.layout.starts[key])})'

    return formula_of


def row_of(key: str) -> TextOf:
    return lambda refs: row_number(refs.layout.starts[key])


def draw(canvas: Canvas) -> None:
    for quantity in BY_ROUND:
        head = canvas.layout.starts[f"{quantity}_levels"]
        round_heads(canvas, head, FIRST_ROUND, 1, "", align="right")
        canvas.formula(head, 4, unit_text(load_model()[quantity].unit)(canvas.refs()), style.HEAD)
        canvas.put(head, 2, canvas.say(load_model()[quantity].label), style.HEAD)
    canvas.ws.row_dimensions[canvas.layout.starts["levels_now"]].height = 66
    set_page(canvas, FIRST_ROUND + canvas.layout.shape.count("round") - 1, canvas.ws.max_row)
