"""Catalogue: every cost item that the guidance names, to make cost lines of."""

from collections.abc import Mapping

from xlplan.records import Item
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page

SHEET = Sheet(
    "catalogue",
    "Catalogue",
    "Every cost item that the guidance names. Copy what you need to Costs, or have xlplan new suggest it; prices are yours.",
    "about",
    (22, 46, 28, 20, 16, 22, 20, 16, 11, 30, 24, 30, 50),
    freeze="C6",
)


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    items = tuple(catalogue.items.values())
    labels = {id: {e.id: e.label for e in found.entries} for id, found in catalogue.lists.items()}
    areas = {d.id: d.label for d in catalogue.domains.values()} | {a.id: a.label for a in catalogue.areas.values()}
    areas |= {band.id: band.label for band in catalogue.bands.values()}
    units = {unit.id: unit.label for unit in catalogue.units.values()}
    heads = labels["heads"] | labels["groupings"] | {"": None}
    drivers = {driver.id: driver.label for driver in catalogue.drivers.values()} | {"": None}
    text, muted = style.BODY.but(wrap=True), style.MUTED_TEXT
    columns: tuple[tuple[str, style.Look, list[object]], ...] = (
        ("No.", style.ID, [item.id for item in items]),
        ("Item", text, [item.label for item in items]),
        ("Area", muted, [areas[item.area] for item in items]),
        ("Category", muted, [labels["categories"][item.category] for item in items]),
        ("Nature", muted, [labels["natures"][item.nature] for item in items]),
        ("Multiply", muted, [" x ".join(units[unit] for unit in item.units) for item in items]),
        ("Grows with", muted, [drivers[item.driver] for item in items]),
        ("How often", muted, [how_often(shape, item) for item in items]),
        ("Tapers", style.CENTRED, [labels["yes_no"]["yes"] if item.taper else None for item in items]),
        ("Continued by", muted, [continued(catalogue.items, item) for item in items]),
        ("HISP head", muted, [heads[item.head] for item in items]),
        ("Global Fund grouping", muted, [heads[item.grouping] for item in items]),
        ("Note", muted, [item.note or None for item in items]),
    )
    made = [Column(head, look, values=tuple(values)) for head, look, values in columns]
    made[1] = Column("Item", text, quantity="list:items", values=made[1].values)
    return (Block("items", "", "items", len(items), tuple(made)),)


def how_often(shape: Shape, item: Item) -> str:
    """Every year, every n years, once, or useful life."""
    if item.nature == "one_off":
        return shape.say("once")
    if item.nature == "equipment":
        return shape.say("every {n} years, without end").format(n=f"{item.useful_life:g}")
    return shape.say("every year") if item.every == 1 else shape.say("every {n} years").format(n=item.every)


def continued(items: Mapping[str, Item], item: Item) -> str | None:
    """Items that continue a one-off, or why none does."""
    return "; ".join(items[id].label for id in item.tail) or item.waiver or None


def draw(canvas: Canvas) -> None:
    head, count = canvas.layout.starts["items"], canvas.layout.shape.count("items")
    grow_rows(canvas, head + 1, head + count, 22, 10)
    set_page(canvas, 13, head + count)
