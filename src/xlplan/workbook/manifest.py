"""The machine sheet: what this workbook is and where each input stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from openpyxl.worksheet.worksheet import Worksheet

from xlplan.workbook.canvas import stored_text
from xlplan.workbook.layout import HEAD_ROW, Layout, defined_name, settings_fields

TITLE = "xlplan"
MARKER = "xlplan workbook"
FORMAT = 1


@dataclass(frozen=True)
class Stretch:
    """One column of inputs: its field, the slot across rounds or sources, and its cells."""

    table: str
    field: str
    slot: int
    sheet: str
    column: int
    first: int
    count: int


def stretches(layout: Layout) -> Iterator[Stretch]:
    """Every column of inputs of the workbook."""
    for row, field in enumerate(settings_fields(layout.shape.plan.catalogue), HEAD_ROW + 1):
        yield Stretch("settings", field.id, 0, layout.title("settings"), 3, row, 1)
    for key, blocks in layout.blocks.items():
        for block in blocks:
            first = layout.starts[block.key] + 1
            for number, column in enumerate(block.columns, 1):
                if column.field:
                    yield Stretch(column.field.table, column.field.id, 0, layout.title(key), number, first, block.count)
            for series in (series for series in block.series if series.field):
                for slot in range(layout.shape.count(series.over)):
                    assert series.field  # noqa: S101  filtered above
                    yield Stretch(
                        series.field.table,
                        series.field.id,
                        slot,
                        layout.title(key),
                        series.column + slot * series.stride,
                        first,
                        block.count,
                    )


def write_manifest(ws: Worksheet, layout: Layout) -> None:
    """Head, inputs and names, one row each."""
    plan = layout.shape.plan
    head = (
        ("marker", MARKER), ("format", FORMAT), ("xlplan", version("xlplan")), ("plan", plan.id), ("years", plan.years),
        ("language", plan.language), ("template", plan.template), ("lines", layout.shape.count("lines")),
    )  # fmt: skip
    for key, value in head:
        ws.append([key, stored_text(value) if isinstance(value, str) else value])
    for s in stretches(layout):
        ws.append(["input", s.table, s.field, s.slot, s.sheet, s.column, s.first, s.count])
    for quantity, place in sorted(layout.names.items()):
        ws.append(["name", defined_name(quantity), quantity, 0, layout.title(place.sheet), place.column, place.row, 1])
    ws.sheet_state = "hidden"
    ws.protection.sheet = True
