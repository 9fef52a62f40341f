"""Gates: each foundational domain against what each readiness gate asks."""

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.quantities import unit_column
from xlplan.workbook.sheets.terms import quantity_columns

SHEET = Sheet(
    "gates",
    "Gates",
    "Calculated: each foundational domain against what each readiness gate asks of it.",
    "calculation",
    (16, 40, 18, 24, 24, 14, 14, 14, 14, 14),
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


def blocks(shape: Shape) -> tuple[Block, ...]:
    rounds = shape.count("round")
    place_series = Series(
        "round", style.NUMBER, quantity="level_place", column=9, heads=tuple(f"Round {n + 1}" for n in range(rounds))
    )
    use_series = Series("round", style.NUMBER, quantity="use_level_place", column=9, heads=place_series.heads)
    level_columns = (
        Column(
            "No.",
            style.ID,
            quantity="foundation_place",
            text=lambda refs: row_number(refs.layout.starts["gate_levels"]),
        ),
        Column("Foundational domain", style.BODY, quantity="foundation_name"),
        Column("Level now", style.CENTRED, quantity="level_name"),
        *quantity_columns(("level_now", "is_unknown", "domain_cost", "is_weak_unfunded")),
        Column("", style.BODY),
    )
    use_columns = (
        Column("No.", style.ID, text=use_number),
        Column("Use domain", style.BODY, text=lambda refs: f'{refs.here("uses.name")}&""'),
        Column("Level now", style.CENTRED, quantity="use_level_name"),
        *quantity_columns(("use_level_now",)),
        *(Column("", style.BODY),) * 4,
    )
    count = shape.count("foundations")
    return (
        Block("gate_levels", "", "foundations", count, level_columns, (place_series,)),
        *(per_gate(shape, id, load_model()[id].label) for id in PER_GATE),
        per_gate(shape, "block_sentence", "What is missing, in words"),
        Block(
            "use_levels", "Levels of use domains", "uses", shape.count("uses"), use_columns, (use_series,), guarded=True
        ),
    )


def use_number(refs: Refs) -> str:
    """Row number; nothing for a programme row without a programme."""
    return f'IF({refs.here("uses.name")}="","",{row_number(refs.layout.starts["use_levels"])})'


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
    blockers = canvas.layout.places["gate_blockers"]
    canvas.ws.row_dimensions[blockers.row].height = 120
    for number in range(blockers.columns):
        canvas.painter.paint(canvas.ws.cell(blockers.row, blockers.column + number), style.MUTED_TEXT)
    set_page(canvas, 10, canvas.ws.max_row)
