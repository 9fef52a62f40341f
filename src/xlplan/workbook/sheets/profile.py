"""Profile: where each foundation stands, and what new work the foundations are ready for."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.charts import level_bars
from xlplan.workbook.formulas import row_number, table_id
from xlplan.workbook.layout import Block, Column, Shape, Sheet, TextOf
from xlplan.workbook.page import color_words, grow_rows, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.levels import assessed_number

SHEET = Sheet(
    "profile",
    "Profile",
    "Where each foundation stands, and which new work it is ready for today.",
    "output",
    (8, 48, 20),
    freeze="C6",
)
GATE_WIDTH, LAST_WIDTHS = 19, (15, 96)
CHART_ROWS = 13


def level_of(quantity: str, gate: int) -> TextOf:
    """What a gate asks of the domain, in words."""

    def formula_of(refs: Refs) -> str:
        place = refs.layout.places[quantity]
        cell = refs.on(place, f"${refs.letter(place, gate)}{refs.line(place)}")
        return f"INDEX({refs.list_range('levels')},{cell})"

    return formula_of


def weak_words(refs: Refs) -> str:
    return f'IF({refs.here("is_weak_unfunded")}>0,{refs.entry("words", 6)},"")'


def gate_value(quantity: str, key: str) -> TextOf:
    def formula_of(refs: Refs) -> str:
        value = f"INDEX({refs.row(quantity)},{row_number(refs.layout.starts[key])})"
        return f"INDEX({refs.list_range('statuses')},{value}+1)" if quantity == "gate_status" else f'{value}&""'

    return formula_of


def programme_blockers(refs: Refs) -> str:
    gate = refs.here("programme_gate")
    return f'IF(ISNUMBER({gate}),INDEX({refs.row("gate_blockers")},{gate}),"")'


def blocks(shape: Shape) -> tuple[Block, ...]:
    blank = Column("", style.BODY)
    gates = tuple(shape.plan.catalogue.gates.values())
    asked = tuple(
        Column(
            shape.say("Needed: {gate}").format(gate=gate.label),
            style.CENTRED.but(wrap=True),
            text=level_of("required_level", n),
        )
        for n, gate in enumerate(gates)
    )
    foundations = Block(
        "profile_foundations",
        "",
        "foundations",
        shape.count("foundations"),
        (
            Column("No.", style.ID, text=lambda refs: refs.here("foundation_place")),
            Column("Foundational domain", style.BODY.but(wrap=True), text=lambda refs: refs.here("foundation_name")),
            Column("Level now", style.CENTRED.but(bold=True), text=lambda refs: refs.here("level_name")),
            *asked,
            Column(
                "Money in the plan", style.NUMBER.but(format=style.MONEY), text=lambda refs: refs.here("domain_cost")
            ),
            Column("What holds it back", style.MUTED_TEXT, text=weak_words),
        ),
    )
    readiness = Block(
        "profile_gates",
        "Readiness for new work today",
        "gate",
        len(gates),
        (
            Column("No.", style.ID, text=lambda refs: row_number(refs.layout.starts["profile_gates"])),
            Column("New work", style.BODY.but(wrap=True), values=tuple(gate.label for gate in gates)),
            Column("Today", style.CENTRED.but(bold=True, wrap=True), text=gate_value("gate_status", "profile_gates")),
            *(blank,) * (len(gates) + 1),
            Column("What is missing", style.MUTED_TEXT, text=gate_value("gate_blockers", "profile_gates")),
        ),
        height=84,
    )
    programmes = Block(
        "profile_programmes",
        "Programmes of this plan",
        "programmes",
        shape.count("programmes"),
        (
            Column("No.", style.ID, text=table_id("programmes")),
            Column("Programme", style.BODY.but(wrap=True), text=lambda refs: refs.here("programmes.label")),
            Column(
                "Gate today",
                style.CENTRED.but(bold=True, wrap=True),
                text=lambda refs: refs.here("programme_status_name"),
            ),
            Column(
                "Kind of data", style.CENTRED.but(wrap=True), text=lambda refs: f'{refs.here("programmes.band")}&""'
            ),
            Column("Planned start", style.CENTRED.but(format="0;;"), text=lambda refs: refs.here("programme_start")),
            *(blank,) * (len(gates) - 1),
            Column("What is missing", style.MUTED_TEXT, text=programme_blockers),
        ),
        guarded=True,
        gap=CHART_ROWS,
        height=30,
    )
    uses = Block(
        "profile_uses",
        "All domains and programmes",
        "assessed",
        shape.count("assessed"),
        (
            Column("No.", style.ID, text=assessed_number("profile_uses")),
            Column("Domain or programme", style.BODY.but(wrap=True), text=lambda refs: refs.here("assessed.name")),
            Column("Level now", style.CENTRED.but(bold=True), text=lambda refs: f'{refs.here("assessed_words")}&""'),
            Column("Band", style.MUTED_TEXT, text=lambda refs: f'{refs.here("assessed.band")}&""'),
            *(blank,) * len(gates),
            Column("Look closer", style.MUTED_TEXT, text=lambda refs: f'{refs.here("closer_words")}&""'),
        ),
        guarded=True,
        height=32,
    )
    return foundations, readiness, programmes, uses


def draw(canvas: Canvas) -> None:
    layout, labels = canvas.layout, canvas.book_plan.labels
    widths = (*SHEET.widths, *(GATE_WIDTH,) * layout.shape.count("gate"), *LAST_WIDTHS)
    for number, width in enumerate(widths, 1):
        canvas.ws.column_dimensions[get_column_letter(number)].width = width
    levels = {"levels": tuple(labels["levels"].values())}
    statuses = {"statuses": tuple(labels["statuses"].values())}
    for key, lists in (
        ("profile_foundations", levels),
        ("profile_gates", statuses),
        ("profile_programmes", statuses),
        ("profile_uses", levels),
    ):
        first = layout.starts[key] + 1
        count = next(block.count for block in layout.blocks["profile"] if block.key == key)
        color_words(canvas, f"C{first}:C{first + count - 1}", f"C{first}", lists)
    first, count = layout.starts["profile_foundations"] + 1, layout.shape.count("foundations")
    entries = canvas.book_plan.catalogue.lists["levels"].entries
    scale = ", ".join(f"{n} = {entry.label}" for n, entry in enumerate(entries, 1))
    chart_row = layout.starts["profile_gates"] + layout.shape.count("gate") + 2
    level_bars(
        canvas,
        canvas.say("Maturity of the foundations ({scale})").format(scale=scale),
        first,
        first + count - 1,
        len(entries),
        f"A{chart_row}",
    )
    canvas.ws.row_breaks.append(Break(id=layout.starts["profile_programmes"] - 2))
    grow_rows(canvas, first, first + count - 1, 20)
    canvas.ws.row_dimensions[layout.starts["profile_foundations"]].height = 48
    set_page(canvas, len(widths), layout.starts["profile_uses"] + layout.shape.count("assessed"))
