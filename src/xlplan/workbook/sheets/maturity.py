"""Maturity: the level of every domain in each round, official or set by the assessor, with reason and evidence."""

from dataclasses import replace

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import round_level
from xlplan.workbook.layout import Block, Column, Layout, Series, Shape, Sheet
from xlplan.workbook.page import color_words, grow_rows, hide_spare_ids, round_heads, set_page
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "maturity",
    "Maturity",
    "The level of each domain: from the answers, from an official assessment, or set by the assessor with a reason. Not assessed is never a pass.",
    "input",
    (18, 42, 20),
    freeze="D6",
)
FIRST_LEVEL = 4
LEVEL_WIDTH, TEXT_WIDTH = 16, 34


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    rounds, fields = shape.count("round"), catalogue.tables["levels"].fields
    bands = {band.id: band.label for band in catalogue.bands.values()}
    fixed = [catalogue.domains[id] for id in shape.assessed if id in catalogue.domains]
    spare = len(shape.assessed) - len(fixed)
    rows = (
        Column("No.", style.ID, values=shape.assessed),
        Column("Domain or programme", style.BODY.but(wrap=True), values=tuple(d.label for d in fixed)),
        Column("Band", style.MUTED_TEXT, values=(*(bands[d.band] for d in fixed), *(shape.say("New work"),) * spare)),
    )
    look = style.CENTRED.but(wrap=True)
    words = Series("round", look, column=FIRST_LEVEL, text=round_level, register="final_words")
    first = FIRST_LEVEL + rounds
    typed = tuple(
        Series(
            "round",
            input_look(field).but(align="center", indent=0) if field.kind == "choice" else input_look(field),
            field=field,
            column=first + number,
            stride=len(fields),
        )
        for number, field in enumerate(fields)
    )
    return (Block("assessed", "", "assessed", len(shape.assessed), rows, (words, *typed), ids=shape.assessed),)


def place(layout: Layout) -> None:
    """Names and bands beside the levels, for the sheets that show them."""
    levels = replace(layout.places["levels.level"], columns=1, stride=1)
    foundations = levels.axis._replace(rows="foundations", columns=None)
    for key, column in (("name", 2), ("band", 3)):
        layout.places[f"assessed.{key}"] = replace(levels, column=column, axis=levels.axis._replace(columns=None))
    rows = layout.shape.count("foundations")
    layout.places["foundations.name"] = replace(levels, column=2, rows=rows, axis=foundations)


def draw(canvas: Canvas) -> None:
    layout, rounds = canvas.layout, canvas.layout.shape.count("round")
    fields = canvas.book_plan.catalogue.tables["levels"].fields
    head, first = layout.starts["assessed"], FIRST_LEVEL + rounds
    round_heads(canvas, head, FIRST_LEVEL, 1, "")
    for number, field in enumerate(fields):
        round_heads(canvas, head, first + number, len(fields), field.label)
    for number in range(rounds * (1 + len(fields))):
        text = number >= rounds and fields[(number - rounds) % len(fields)].kind == "text"
        letter = get_column_letter(FIRST_LEVEL + number)
        canvas.ws.column_dimensions[letter].width = TEXT_WIDTH if text else LEVEL_WIDTH
    canvas.ws.row_dimensions[head].height = 48
    draw_programme_names(canvas, head + 1 + len(layout.shape.assessed) - layout.shape.count("programmes"))
    start, last = head + 1, head + len(layout.shape.assessed)
    levels = {"levels": tuple(canvas.book_plan.labels["levels"].values())}
    color_words(canvas, f"D{start}:{get_column_letter(first - 1)}{last}", f"D{start}", levels)
    grow_rows(canvas, start, last, 24)
    set_page(canvas, first + rounds * len(fields) - 1, last, wide=2)
    canvas.ws.print_title_cols = "A:B"


def draw_programme_names(canvas: Canvas, first: int) -> None:
    """New work by the names of the Programmes sheet; spare rows show nothing."""
    programmes, count = canvas.layout.places["programmes.label"], canvas.layout.shape.count("programmes")
    for number in range(count):
        name = f"'{canvas.layout.title('programmes')}'!$B${programmes.row + number}"
        canvas.formula(first + number, 2, f'IF({name}="","",{name})', style.BODY.but(wrap=True))
    block = Block(f"programmes on {canvas.sheet.key}", "", "", count, ())
    canvas.layout.starts[block.key] = first - 1
    hide_spare_ids(canvas, block, f'$B{first}<>""')
