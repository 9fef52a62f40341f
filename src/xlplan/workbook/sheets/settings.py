"""Settings: what holds for the whole plan, and the assessment rounds."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import HEAD_ROW, Block, Column, Layout, Place, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import input_column, input_look, typed_columns
from xlplan.workbook.typed import draw_inputs

SHEET = Sheet(
    "settings",
    "Settings",
    "What holds for the whole plan. Start here: fill the yellow cells from top to bottom.",
    "input",
    (18, 34, 26, 30, 62, 14, 16),
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
                "Setting",
                style.BODY.but(wrap=True),
                values=(*(f.label for f in table.fields), shape.say("Years in the plan")),
            ),
            Column("Value", style.BODY),
            Column(
                "Unit",
                style.MUTED_TEXT,
                values=(
                    *(shape.say("from the list") if f.kind == "choice" else units[f.unit].label for f in table.fields),
                    shape.say("years"),
                ),
            ),
            Column(
                "What to type",
                style.MUTED_TEXT,
                values=(*(f.prompt for f in table.fields), shape.say("Set when the workbook is made")),
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
    return plan_settings, rounds, scales(shape)


def scales(shape: Shape) -> Block:
    """Each level: from which share of points it is given, and how much assistance it still needs."""
    catalogue, model = shape.plan.catalogue, load_model()
    levels = catalogue.lists["levels"].entries
    threshold, taper = catalogue.tables["scales"].fields
    share = style.NUMBER.but(format=style.WHOLE_SHARE)
    columns = (
        Column("No.", style.ID, values=tuple(level.id for level in levels)),
        Column("Level", style.BODY, values=tuple(level.label for level in levels)),
        input_column(threshold),
        input_column(taper),
        Column("What to type", style.MUTED_TEXT, values=(proposal(shape),) * len(levels)),
        Column(f"{model['proposed_threshold'].label}: points", share, quantity="proposed_threshold",
               values=tuple(level.values["threshold"] for level in levels)),
        Column(f"{model['proposed_taper'].label}: assistance", share, quantity="proposed_taper",
               values=tuple(level.values["taper"] for level in levels)),
    )  # fmt: skip
    ids = tuple(level.id for level in levels)
    return Block("scales", "Levels: thresholds and taper", "levels", len(levels), columns, ids=ids, height=34)


def proposal(shape: Shape) -> str:
    return shape.say("Blank = as proposed to the right; change it only with a reason in the Log")


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
    grow_rows(canvas, rounds + 1, rounds + canvas.layout.shape.count("rounds"))
    last = canvas.layout.starts["scales"] + canvas.layout.shape.count("levels")
    canvas.ws.row_dimensions[canvas.layout.starts["scales"]].height = 48
    grow_rows(canvas, canvas.layout.starts["scales"] + 1, last, 34)
    hide_spare_ids(canvas, canvas.layout.blocks["settings"][1], f"COUNTA($B{rounds + 1}:$D{rounds + 1})>0")
    set_page(canvas, 7, last)
