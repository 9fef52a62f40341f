"""Gates: each foundational domain against what each readiness gate asks."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.sheets.columns import quantity_columns, unit_column

SHEET = Sheet(
    "gates",
    "Gates",
    "Calculated: each foundational domain against what each readiness gate asks of it.",
    "calculation",
    (16, 50, 18, 48, 48, 14, 14, 14, 14, 14, 14, 14),
    freeze="C6",
)
FIRST_GATE = 4
FEET = {
    "fails_required": (Foot("Domains below required", "required_failures", unit="count"),),
    "fails_preferred": (
        Foot("Domains below preferred", "preferred_failures", unit="count"),
        Foot("Domains not assessed", total="unknown_domains", unit="count"),
        Foot(
            "Status: 0 not ready, 1 incomplete, 2 ready with conditions, 3 ready",
            "gate_status",
            unit="place",
            strong=True,
        ),
    ),
    "block_sentence": (Foot("What is missing", "gate_blockers", unit="text"),),
}
PER_GATE = ("fails_required", "fails_preferred", "needed_level", "is_blocking")

SENTENCE_HEIGHT = 36
"""Room for the sentence of one blocking domain, in points."""


def blocks(shape: Shape) -> tuple[Block, ...]:
    targets = shape.plan.catalogue.tables["targets"]
    level_columns = (
        Column(
            "No.",
            style.ID,
            quantity="foundation_place",
            text=lambda refs: row_number(refs.layout.starts["gate_levels"]),
        ),
        Column("Foundational domain", style.BODY, quantity="foundation_name"),
        Column("Level now", style.CENTRED, quantity="level_name"),
        *quantity_columns(
            (
                "level_now",
                "is_unknown",
                "domain_cost",
                "is_weak_unfunded",
                "known_level",
                "wanted_level",
                "lacks_target_year",
                "is_target_unfunded",
            )
        ),
        Column(targets.field("target").label, style.NUMBER, quantity="target_level"),
    )
    count = shape.count("foundations")
    return (
        Block("gate_levels", "", "foundations", count, level_columns),
        *(per_gate(shape, id, load_model()[id].label) for id in PER_GATE),
        per_gate(shape, "block_sentence", "What is missing, in words"),
    )


def per_gate(shape: Shape, quantity: str, title: str) -> Block:
    gates = tuple(shape.plan.catalogue.gates.values())
    look = style.MUTED_TEXT if quantity == "block_sentence" else style.NUMBER
    series = Series("gate", look, quantity=quantity, column=FIRST_GATE, heads=tuple(gate.label for gate in gates))
    columns = (
        Column("No.", style.ID, text=lambda refs: refs.here("foundation_place")),
        Column("Foundational domain", style.BODY, text=lambda refs: refs.here("foundation_name")),
        unit_column(quantity) if quantity in PER_GATE else Column("Unit", style.MUTED_TEXT),
    )
    feet = FEET.get(quantity, ())
    return Block(
        f"gate_{quantity}",
        title,
        "foundations",
        shape.count("foundations"),
        columns,
        (series,),
        feet=feet,
        total_column=FIRST_GATE + len(gates),
    )


def draw(canvas: Canvas) -> None:
    grow_rows(canvas, 6, canvas.ws.max_row)
    first = canvas.layout.starts["gate_block_sentence"] + 1
    for row in range(first, first + canvas.layout.shape.count("foundations")):
        canvas.ws.row_dimensions[row].height = SENTENCE_HEIGHT
    blockers = canvas.layout.places["gate_blockers"]
    canvas.ws.row_dimensions[blockers.row].height = 190
    for number in range(blockers.columns):
        canvas.painter.paint(canvas.ws.cell(blockers.row, blockers.column + number), style.MUTED_TEXT)
    set_page(canvas, max(12, FIRST_GATE + blockers.columns), canvas.ws.max_row)
