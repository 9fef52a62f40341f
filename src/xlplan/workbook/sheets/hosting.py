"""Hosting: five ways to host side by side, in the reporting currency and the prices of the price year."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "hosting",
    "Hosting",
    "Five ways to host, side by side: type what each would cost. Only for the choice; what you choose goes to Costs as lines.",
    "input",
    (14, 34, 13, 13, 9, 13, 8, 13, 30, 15, 15, 46, 46),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    options = tuple(catalogue.hosting.values())
    fields = catalogue.tables["hosting"].fields
    money = style.NUMBER.but(bold=True, format=style.MONEY)
    columns = (
        Column("No.", style.ID, values=tuple(option.id for option in options)),
        Column(
            "Option",
            style.BODY.but(wrap=True, bold=True),
            quantity="hosting.name",
            values=tuple(option.label for option in options),
        ),
        *(Column(field.label, input_look(field), field=field) for field in fields),
        Column("Equivalent annual cost", money, text=lambda refs: refs.here("hosting_annual")),
        Column("Over the plan", money, text=lambda refs: refs.here("hosting_total")),
        Column("Who does what", style.MUTED_TEXT, values=tuple(option.who for option in options)),
        Column("Risks", style.MUTED_TEXT, values=tuple(option.risks for option in options)),
    )
    ids = tuple(option.id for option in options)
    return (Block("hosting", "", "hosting", len(options), columns, ids=ids, height=60),)


def draw(canvas: Canvas) -> None:
    head, count = canvas.layout.starts["hosting"], canvas.layout.shape.count("hosting")
    canvas.ws.row_dimensions[head].height = 48
    grow_rows(canvas, head + 1, head + count, 60, 10)
    set_page(canvas, 13, head + count)
