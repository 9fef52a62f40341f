"""The machine sheet: what this workbook is and where each input stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.workbook.canvas import stored_text
from xlplan.workbook.layout import HEAD_ROW, Block, Layout, defined_name, quoted

Row = tuple[str | int, ...]

TITLE = "xlplan"
MARKER = "xlplan workbook"
FORMAT = 2


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
    for row, field in enumerate(layout.shape.plan.catalogue.tables["settings"].fields, HEAD_ROW + 1):
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


def input_blocks(layout: Layout) -> Iterator[tuple[Block, str, str]]:
    """Every block with inputs, its table, and the title of its sheet."""
    for key, blocks in layout.blocks.items():
        for block in blocks:
            fields = [f for f in (*(c.field for c in block.columns), *(s.field for s in block.series)) if f]
            if block.key == "settings" or fields:
                yield block, fields[0].table if fields else "settings", layout.title(key)


def write_manifest(ws: Worksheet, layout: Layout) -> None:
    """Head, blocks, inputs and names, one row each.

    Where a block and its columns stand is told by formulas that look at their headings: whoever renames a sheet or
    moves rows and columns, the spreadsheet program itself keeps these up to date.
    """
    plan = layout.shape.plan
    head: tuple[Row, ...] = (
        ("marker", MARKER), ("format", FORMAT), ("xlplan", version("xlplan")), ("plan", plan.id), ("years", plan.years),
        ("language", plan.language), ("template", plan.template), ("lines", layout.shape.count("lines")),
        ("origin", plan.origin or plan.digest),
    )  # fmt: skip
    fixed: list[Row] = [*head, *block_rows(layout), *input_rows(layout, ws)]
    seal: Row = ("seal", seal_of(fixed))
    heads = {block.key: (quoted(title), layout.starts[block.key]) for block, _, title in input_blocks(layout)}
    ends = {block.key: heads[block.key][1] + block.count + block.closing for block, *_ in input_blocks(layout)}
    for row in (*head, seal, *fixed[len(head) :]):
        stored = [stored_text(value) if isinstance(value, str) else value for value in row]
        if row[0] == "block":
            sheet, top = heads[str(row[1])]
            stored += [f"=ROW({sheet}!A{top})", f"=ROWS({sheet}!A{top}:A{ends[str(row[1])]})"]
        elif row[0] == "input":
            sheet, top = heads[str(row[4])]
            at = top + int(row[3]) if row[1] == "settings" else top
            stored[-1] = f"=COLUMN({sheet}!{get_column_letter(int(row[-1]))}{at})"
        ws.append(stored)
    for quantity, place in sorted(layout.names.items()):
        ws.append(["name", defined_name(quantity), layout.title(place.sheet), place.column, place.row])
    ws.sheet_state = "hidden"
    ws.protection.sheet = True


def block_rows(layout: Layout) -> Iterator[Row]:
    for block, table, title in input_blocks(layout):
        yield "block", block.key, table, block.count, block.closing, len(block.feet), title


def input_rows(layout: Layout, ws: Worksheet) -> Iterator[Row]:
    """Table, field, slot, block, heading and first column of every input; of a setting, its number instead."""
    blocks = {(s, layout.starts[b.key] + 1): b.key for b, _, s in input_blocks(layout)}
    for s in stretches(layout):
        if s.table == "settings":
            yield "input", s.table, s.field, s.first - HEAD_ROW, "settings", "", s.column
        else:
            heading = ws.parent[s.sheet].cell(s.first - 1, s.column).value
            text = "" if heading is None or str(heading).startswith("=") else str(heading)
            yield "input", s.table, s.field, s.slot, blocks[s.sheet, s.first], text, s.column


def seal_of(rows: Iterable[Row]) -> str:
    """A digest of what the machine sheet says and nobody should change; columns that move are not in it."""
    said = (row[:-1] if row[0] == "input" else row for row in rows)
    text = "\n".join("\t".join(f"{v:g}" if isinstance(v, (int, float)) else str(v) for v in row) for row in said)
    return sha256(text.encode()).hexdigest()[:16]
