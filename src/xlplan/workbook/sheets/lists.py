"""Lists: the closed lists behind the drop-downs, what gates demand, and plan-wide facts, each with its source."""

from xlplan.records import Area, Domain, List
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Layout, Place, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page

SHEET = Sheet(
    "lists",
    "Lists",
    "The lists behind the drop-downs, what each gate demands, and plan-wide facts, each with its source.",
    "control",
    (8, 44, 24, 16, 16, 16, 70),
    freeze="A6",
)
VALUES = {
    "natures": ("is_one_off_nature", "is_equipment_nature"),
    "replacement_methods": ("is_cohort_method",),
    "bases": ("base_criterion",),
}
KEYS = {"is_one_off_nature": "is_one_off", "is_equipment_nature": "is_equipment", "is_cohort_method": "by_cohort"}


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    lists = tuple(list_block(shape, found) for found in catalogue.lists.values())
    demands = tuple(demand_block(shape, id, label, strengths) for id, label, strengths in DEMANDS)
    return (*lists, areas_block(shape), *demands, facts_block(shape))


DEMANDS = (
    ("required_level", "Level required by each gate (place in the list of levels)", ("required",)),
    ("preferred_level", "Level preferred by each gate, at least the required one", ("required", "preferred")),
)


def list_block(shape: Shape, found: List) -> Block:
    source = shape.plan.catalogue.sources[found.source].title
    values = [entry_values(shape, found, quantity) for quantity in VALUES.get(found.id, ())]
    blank = Column("", style.BODY)
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(found.entries) + 1))),
        Column(
            found.label, style.BODY, quantity=f"list:{found.id}", values=tuple(entry.label for entry in found.entries)
        ),
        Column("Id", style.MUTED_TEXT, values=found.ids),
        *values,
        *(blank,) * (3 - len(values)),
        Column("Source", style.MUTED_TEXT, values=(source,) * len(found.entries)),
    )
    return Block(f"list_{found.id}", found.label, found.id, len(found.entries), columns, height=20)


def entry_values(shape: Shape, found: List, quantity: str) -> Column:
    if quantity == "base_criterion":
        places = shape.plan.places["categories"]
        values: tuple[object, ...] = tuple(places.get(entry.criterion or "", ">=0") for entry in found.entries)
        return Column("Categories", style.NUMBER, quantity=quantity, values=values)
    numbers = tuple(entry.values[KEYS[quantity]] for entry in found.entries)
    return Column(KEYS[quantity].replace("_", " "), style.NUMBER, quantity=quantity, values=numbers)


def areas_block(shape: Shape) -> Block:
    catalogue = shape.plan.catalogue
    fixed: tuple[Domain | Area, ...] = (*catalogue.band_domains("foundation"), *catalogue.areas.values())
    ids = (*(area.id for area in fixed), *shape.ids("programmes"))
    count = shape.count("areas")
    blank = Column("", style.BODY)
    columns = (
        Column("No.", style.ID, values=tuple(range(1, count + 1))),
        Column("Areas of cost", style.BODY, quantity="list:areas", values=tuple(area.label for area in fixed)),
        Column("Id", style.MUTED_TEXT, values=ids),
        blank,
        blank,
        blank,
        Column("Source", style.MUTED_TEXT, values=tuple(catalogue.sources[area.source].title for area in fixed)),
    )
    return Block("list_areas", "Areas of cost", "areas", count, columns, height=20)


def demand_block(shape: Shape, quantity: str, label: str, strengths: tuple[str, ...]) -> Block:
    catalogue = shape.plan.catalogue
    foundations, gates = catalogue.band_domains("foundation"), tuple(catalogue.gates.values())
    values = tuple(tuple(catalogue.demanded(gate, domain, strengths) for gate in gates) for domain in foundations)
    source = catalogue.sources[gates[0].source].title
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(foundations) + 1))),
        Column("Foundational domain", style.BODY, values=tuple(domain.label for domain in foundations)),
        Column("Id", style.MUTED_TEXT, values=tuple(domain.id for domain in foundations)),
        *(Column("", style.BODY),) * 3,
        Column("Source", style.MUTED_TEXT, values=(source,) * len(foundations)),
    )
    heads = tuple(gate.label for gate in gates)
    series = Series("gate", style.NUMBER, register=quantity, column=4, heads=heads, values=values)
    return Block(f"list_{quantity}", label, "foundations", len(foundations), columns, (series,), height=20)


def facts_block(shape: Shape) -> Block:
    facts = tuple(shape.plan.catalogue.constants.values())
    blank = Column("", style.BODY)
    units = shape.plan.catalogue.units
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(facts) + 3))),
        Column(
            "Plan-wide fact",
            style.BODY,
            values=(*(fact.label for fact in facts), "Place of Yes", "Highest maturity level"),
        ),
        Column(
            "Unit",
            style.MUTED_TEXT,
            values=(*(units[fact.unit].label for fact in facts), units["place"].label, units["level"].label),
        ),
        Column(
            "Value",
            style.NUMBER,
            values=(*(f.value for f in facts), shape.plan.places["yes_no"]["yes"], len(shape.plan.places["levels"])),
        ),
        blank,
        blank,
        Column(
            "Source",
            style.MUTED_TEXT,
            values=(*(shape.plan.catalogue.sources[f.source].title for f in facts), "list above", "list above"),
        ),
    )
    return Block("list_facts", "Plan-wide facts", "", len(facts) + 2, columns, height=20)


def place(layout: Layout) -> None:
    first = layout.starts["list_facts"] + 1
    for number, id in enumerate((*layout.shape.plan.catalogue.constants, "yes", "highest_level")):
        layout.places[id] = Place("lists", first + number, 4)


def draw(canvas: Canvas) -> None:
    layout = canvas.layout
    first, programmes = layout.places["list:areas"].row, layout.places["programmes.label"]
    fixed = layout.shape.count("areas") - layout.shape.count("programmes")
    for number in range(layout.shape.count("programmes")):
        name = f"'{layout.title('programmes')}'!$B${programmes.row + number}"
        canvas.formula(first + fixed + number, 2, f'IF({name}="","",{name})', style.BODY)
    last = layout.starts["list_facts"] + len(canvas.book_plan.catalogue.constants) + 2
    grow_rows(canvas, 6, last, 20, 10)
    set_page(canvas, 7, last)
