"""Questions: the questionnaire of every domain and programme, round by round."""

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Series, Shape, Sheet
from xlplan.workbook.page import SLACK, color_words, grow_rows, hide_spare_ids, lines_of, round_heads, set_page
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "questions",
    "Questions",
    "Answer each question for the round. The questions are ours, written from the topics of the DHIS2 documentation; those of the official tool are not public.",
    "input",
    (14, 22, 60, 11, 34),
    freeze="D6",
)
FIRST_ANSWER = 6
ANSWER_WIDTH, DETAIL_WIDTHS = 14, {"confidence": 12, "evidence": 36, "assessor": 18, "date": 13}


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue, rounds = shape.plan.catalogue, shape.count("round")
    answer, *details = catalogue.tables["answers"].fields
    fixed = [row for row in shape.asked_rows if row.question]
    domains, must = catalogue.domains, shape.say("must")
    columns = (
        Column("No.", style.ID, values=tuple(row.id for row in shape.asked_rows)),
        Column("Domain", style.MUTED_TEXT, values=tuple(domains[row.domain].label for row in fixed)),
        Column("Question", style.BODY.but(wrap=True), values=tuple(r.question.text for r in fixed if r.question)),
        Column(
            "Must-have",
            style.CENTRED.but(bold=True),
            values=tuple(must if row.question and row.question.must else None for row in fixed),
        ),
        Column("Ask for", style.MUTED_TEXT, values=tuple(r.question.evidence for r in fixed if r.question)),
    )
    answers = Series("round", input_look(answer).but(align="center", indent=0), field=answer, column=FIRST_ANSWER)
    more = tuple(
        Series(
            "round",
            input_look(field),
            field=field,
            column=FIRST_ANSWER + rounds + number,
            stride=len(details),
        )
        for number, field in enumerate(details)
    )
    ids = tuple(row.answers for row in shape.asked_rows)
    return (Block("asked", "", "asked", len(ids), columns, (answers, *more), ids=ids),)


def draw(canvas: Canvas) -> None:
    layout, rounds = canvas.layout, canvas.layout.shape.count("round")
    _, *details = canvas.book_plan.catalogue.tables["answers"].fields
    head, first = layout.starts["asked"], FIRST_ANSWER + rounds
    round_heads(canvas, head, FIRST_ANSWER, 1, "")
    for number, field in enumerate(details):
        round_heads(canvas, head, first + number, len(details), field.label)
    for number in range(rounds):
        canvas.ws.column_dimensions[get_column_letter(FIRST_ANSWER + number)].width = ANSWER_WIDTH
        for offset, field in enumerate(details):
            letter = get_column_letter(first + number * len(details) + offset)
            canvas.ws.column_dimensions[letter].width = DETAIL_WIDTHS[field.id]
    canvas.ws.row_dimensions[head].height = 48
    draw_programme_rows(canvas, head)
    start, last = head + 1, head + len(layout.shape.asked_rows)
    labels = [entry.label for entry in canvas.book_plan.catalogue.lists["answers"].entries]
    answers = {"answers": (labels[2], labels[1], labels[0])}
    color_words(canvas, f"F{start}:{get_column_letter(first - 1)}{last}", f"F{start}", answers)
    grow_rows(canvas, start, last, 22)
    for row in range(last - programme_rows(layout.shape) + 1, last + 1):
        canvas.ws.row_dimensions[row].height = tallest_of_bands(canvas)
    set_page(canvas, first + rounds * len(details) - 1, last, wide=2)
    canvas.ws.print_title_cols = "A:C"


def programme_rows(shape: Shape) -> int:
    return sum(1 for row in shape.asked_rows if not row.question)


def tallest_of_bands(canvas: Canvas) -> float:
    """Height in which every question of a kind of work fits, since a planner chooses the kind."""
    _, _, text, _, evidence = SHEET.widths
    asked = [question for question in canvas.book_plan.catalogue.questions.values() if question.band]
    lines = [max(lines_of(q.text, text), lines_of(q.evidence, evidence * 1.1)) for q in asked]
    return max(lines, default=1) * 15 + SLACK


def draw_programme_rows(canvas: Canvas, head: int) -> None:
    """Questions of a programme follow from its kind of data; a row without a question shows nothing."""
    rows = canvas.layout.shape.asked_rows
    ids = canvas.layout.shape.ids("programmes")
    named = canvas.layout.places["programmes.label"]
    refs = canvas.refs()
    offset = len([row for row in rows if row.question])
    for number, row in enumerate(rows[offset:], head + 1 + offset):
        asked = refs.at("is_asked", number - head - 1)
        name = f"'{canvas.layout.title('programmes')}'!$B${named.row + ids.index(row.domain)}"
        canvas.formula(number, 2, f'IF({asked}>0,{name},"")', style.MUTED_TEXT)
        place = refs.at("band_question", number - head - 1)
        for column, key, look in ((3, "text", style.BODY.but(wrap=True)), (5, "evidence", style.MUTED_TEXT)):
            words = f"INDEX({refs.column(f'band_questions.{key}')},{place})"
            canvas.formula(number, column, f'IF({asked}>0,{words},"")', look)
    block = Block("programmes on questions", "", "", len(rows) - offset, ())
    canvas.layout.starts[block.key] = head + offset
    hide_spare_ids(canvas, block, f'$B{head + 1 + offset}<>""')
