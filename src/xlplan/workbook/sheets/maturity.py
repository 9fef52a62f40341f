"""Maturity: the level of every domain in each assessment round, with its evidence."""

from dataclasses import replace

from openpyxl.utils import get_column_letter

from xlplan.records import Table
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Layout, Series, Shape, Sheet
from xlplan.workbook.page import color_words, grow_rows, hide_spare_ids, set_page
from xlplan.workbook.sheets.inputs import input_look

SHEET = Sheet(
    "maturity",
    "Maturity",
    "Choose the level of each domain and say what shows it. A blank is not assessed, and not assessed is never a pass.",
    "input",
    (18, 42, 20),
    freeze="D6",
)
FIRST_LEVEL = 4
LEVEL_WIDTH, EVIDENCE_WIDTH = 18, 44


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    levels = catalogue.tables["levels"]
    foundations = catalogue.band_domains("foundation")
    uses = tuple(d for d in catalogue.domains.values() if d.band != "foundation")
    bands = {band.id: band.label for band in catalogue.bands.values()}
    programme_ids = shape.ids("programmes")
    foundation_rows = (
        Column("No.", style.ID, values=tuple(d.id for d in foundations)),
        Column("Foundational domain", style.BODY.but(wrap=True), values=tuple(d.label for d in foundations)),
        Column("Band", style.MUTED_TEXT, values=(bands["foundation"],) * len(foundations)),
    )
    use_rows = (
        Column("No.", style.ID, values=(*(d.id for d in uses), *programme_ids)),
        Column("Use domain or programme", style.BODY.but(wrap=True), values=tuple(d.label for d in uses)),
        Column("Band", style.MUTED_TEXT, values=(*(bands[d.band] for d in uses), *("New work",) * len(programme_ids))),
    )
    return (
        Block(
            "foundations",
            "",
            "foundations",
            len(foundations),
            foundation_rows,
            series(shape, levels, "foundations"),
            ids=tuple(d.id for d in foundations),
        ),
        Block(
            "uses",
            "Aggregate and tracker use, and new work from Programmes",
            "uses",
            shape.count("uses"),
            use_rows,
            series(shape, levels, "uses"),
            ids=(*(d.id for d in uses), *programme_ids),
        ),
    )


def series(shape: Shape, levels: Table, rows: str) -> tuple[Series, ...]:
    """Levels of all rounds side by side, then their evidence."""
    count = shape.count("round")
    found = []
    for number, field in enumerate(levels.fields):
        look = input_look(field).but(align="center", indent=0) if field.id == "level" else input_look(field)
        found.append(
            Series("round", look, field=field, register=f"{rows}.{field.id}", column=FIRST_LEVEL + number * count)
        )
    return tuple(found)


def place(layout: Layout) -> None:
    """Names and bands beside the levels, for the sheets that show them."""
    for rows in ("foundations", "uses"):
        levels = layout.places[f"{rows}.level"]
        for key, column in (("name", 2), ("band", 3)):
            axis = levels.axis._replace(columns=None)
            layout.places[f"{rows}.{key}"] = replace(levels, column=column, columns=1, axis=axis)


def draw(canvas: Canvas) -> None:
    layout, count = canvas.layout, canvas.layout.shape.count("round")
    rounds = layout.places["rounds.label"]
    for number in range(2 * count):
        width = LEVEL_WIDTH if number < count else EVIDENCE_WIDTH
        canvas.ws.column_dimensions[get_column_letter(FIRST_LEVEL + number)].width = width
    for key in ("foundations", "uses"):
        for kind, field in enumerate(canvas.book_plan.catalogue.tables["levels"].fields):
            for number in range(count):
                column = FIRST_LEVEL + kind * count + number
                look = style.HEAD.but(align="center", indent=0) if field.id == "level" else style.HEAD
                text = f"'{layout.title('settings')}'!$B${rounds.row + number}"
                if field.id == "evidence":
                    canvas.put(layout.starts[key], column, f"Evidence, round {number + 1}", look)
                else:
                    canvas.formula(layout.starts[key], column, f'IF({text}="","",{text})', look)
    first, total = layout.starts["uses"] + 1, layout.shape.count("uses")
    programmes = layout.places["programmes.label"]
    fixed = total - layout.shape.count("programmes")
    for number in range(layout.shape.count("programmes")):
        name = f"'{layout.title('programmes')}'!$B${programmes.row + number}"
        canvas.formula(first + fixed + number, 2, f'IF({name}="","",{name})', style.BODY.but(wrap=True))
        canvas.ws.cell(first + fixed + number, 3).value = None
    levels = {"levels": tuple(canvas.book_plan.labels["levels"].values())}
    for key in ("foundations", "uses"):
        start, rows = layout.starts[key] + 1, layout.shape.count(key)
        color_words(canvas, f"D{start}:{chr(67 + count)}{start + rows - 1}", f"D{start}", levels)
        grow_rows(canvas, start, start + rows - 1, 24)
    hide_spare_programmes(canvas, first + fixed, layout.shape.count("programmes"))
    set_page(canvas, FIRST_LEVEL + 2 * count - 1, first + total - 1)


def hide_spare_programmes(canvas: Canvas, first: int, count: int) -> None:
    block = Block("programmes on maturity", "", "", count, ())
    canvas.layout.starts[block.key] = first - 1
    hide_spare_ids(canvas, block, f'$B{first}<>""')
