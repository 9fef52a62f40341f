"""Advice: what to do first in each foundational domain, from the answers, and which cost lines pay for it."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import Block, Column, Shape, Sheet, TextOf
from xlplan.workbook.page import grow_rows, link, set_page
from xlplan.workbook.refs import Refs

SHEET = Sheet(
    "advice",
    "Advice",
    "What to do first in each foundational domain: from the answers that are not Yes, with the catalogue items that pay for it.",
    "output",
    (8, 30, 18, 60, 60, 16),
    freeze="C6",
)


def advice_domain(refs: Refs) -> str:
    return f"INDEX({refs.column('foundations.name')},{refs.here('advice_domain')})"


def level_of_domain(refs: Refs) -> str:
    return f"INDEX({refs.column('level_name')},{refs.here('advice_domain')})"


def words_of(key: str) -> TextOf:
    """A text of the advised question, nothing where there is no advice."""

    def formula_of(refs: Refs) -> str:
        place = refs.here("advised_question")
        return f'IF({place}>0,INDEX({refs.column(key)},{place})&"","")'

    return formula_of


def blocks(shape: Shape) -> tuple[Block, ...]:
    columns = (
        Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["advice"])),
        Column("Foundational domain", style.BODY.but(wrap=True), text=advice_domain),
        Column("Level now", style.CENTRED.but(wrap=True), text=level_of_domain),
        Column("What to do", style.BODY.but(wrap=True), text=words_of("question_advice")),
        Column("Catalogue items that pay for it", style.MUTED_TEXT, text=words_of("question_items")),
        Column("Read more", style.LINKS),
    )
    return (Block("advice", "", "advice", shape.count("advice"), columns, height=34),)


def draw(canvas: Canvas) -> None:
    head, count = canvas.layout.starts["advice"], canvas.layout.shape.count("advice")
    title = canvas.layout.title("guidance")
    for row in range(head + 1, head + 1 + count):
        link(canvas.put(row, 6, title, style.LINKS.but(border="hairline", indent=1)), title)
    grow_rows(canvas, head, head, 34)
    set_page(canvas, 6, head + count)
