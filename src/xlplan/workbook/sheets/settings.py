"""Settings: what holds for the whole plan, and the assessment rounds."""

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import HEAD_ROW, Block, Column, Layout, Place, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import input_look, typed_columns
from xlplan.workbook.typed import draw_inputs

SHEET = Sheet(
    "settings",
    "Settings",
    "What holds for the whole plan. Start here: fill the yellow cells from top to bottom.",
    "input",
    (14, 34, 26, 30, 62),
    freeze="A6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    table, units = shape.plan.catalogue.tables["settings"], shape.plan.catalogue.units
    plan_settings = Block(
        "settings",
        "",
        "",
        len(table.fields) + 1,
        (
            Column("No.", style.ID, values=tuple(range(1, len(table.fields) + 2))),
            Column(
                "Setting", style.BODY.but(wrap=True), values=(*(f.label for f in table.fields), "Years in the plan")
            ),
            Column("Value", style.BODY),
            Column(
                "Unit",
                style.MUTED_TEXT,
                values=(
                    *("from the list" if f.kind == "choice" else units[f.unit].label for f in table.fields),
                    "years",
                ),
            ),
            Column(
                "What to type",
                style.MUTED_TEXT,
                values=(*(f.prompt for f in table.fields), "Set when the workbook is made"),
            ),
        ),
    )
    rounds = Block(
        "rounds",
        "Assessment rounds",
        "rounds",
        shape.count("rounds"),
        typed_columns(shape, shape.plan.catalogue.tables["rounds"]),
        guarded=True,
    )
    return plan_settings, rounds


def place(layout: Layout) -> None:
    """Every setting is a cell of its own; rules find it by name."""
    for row, field in enumerate(layout.shape.plan.catalogue.tables["settings"].fields, HEAD_ROW + 1):
        key = field.quantity if field.quantity and field.kind != "choice" else f"settings.{field.id}"
        layout.places[key] = Place("settings", row, 3)
        layout.places[f"settings.{field.id}"] = Place("settings", row, 3)
    rows = len(layout.shape.plan.catalogue.tables["settings"].fields)
    layout.places["plan_years"] = Place("settings", HEAD_ROW + 1 + rows, 3)
    rounds = layout.places["rounds.label"]
    layout.places["list:rounds"] = rounds


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["settings"][0]
    fields = canvas.book_plan.catalogue.tables["settings"].fields
    for row, field in enumerate(fields, HEAD_ROW + 1):
        single = Block(f"setting {field.id}", "", "", 1, ())
        look = input_look(field)
        draw_inputs(canvas, single, field, 3, row, look.but(align="left", indent=1))
    canvas.put(HEAD_ROW + 1 + len(fields), 3, canvas.book_plan.years, style.BODY.but(format=style.PLAIN))
    grow_rows(canvas, HEAD_ROW + 1, HEAD_ROW + block.count)
    rounds = canvas.layout.starts["rounds"]
    last = rounds + canvas.layout.shape.count("rounds")
    grow_rows(canvas, rounds + 1, last)
    hide_spare_ids(canvas, canvas.layout.blocks["settings"][1], f"COUNTA($B{rounds + 1}:$D{rounds + 1})>0")
    set_page(canvas, 5, last)
