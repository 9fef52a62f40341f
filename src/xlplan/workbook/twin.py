"""The workbook as it should be: made anew for the inputs of a returned one, row by row where they stand in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.files import checked_package
from xlplan.plan import Plan, Row
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.cells import Book, read_cells
from xlplan.workbook.layout import Layout
from xlplan.workbook.places import BlockPlace, Places
from xlplan.workbook.read import Inputs


@dataclass(frozen=True)
class Twin:
    """A fresh workbook of the same inputs and size: its places, and its cells calculated."""

    layout: Layout
    book: Book


@dataclass(frozen=True)
class Aligned:
    """Where the cells of a sheet of the twin stand in the returned workbook; nowhere is ``None``."""

    title: str
    rows: Mapping[int, int] | None = None
    columns: Mapping[int, int | None] | None = None
    whole: bool = True

    def spot(self, row: int, column: int) -> tuple[int, int] | None:
        found_row = row if self.rows is None else self.rows.get(row)
        found_column = column if self.columns is None else self.columns.get(column)
        return None if found_row is None or found_column is None else (found_row, found_column)


def twin_of(inputs: Inputs, plan: Plan) -> Twin:
    """The workbook that xlplan makes of these inputs, with as many rows as the returned one was made with."""
    sizes = {block.table: block.count for block in inputs.places.blocks.values() if block.table in plan.named_tables}
    placed = Plan(plan.id, plan.years, plan.settings, {**plan.tables, **dict(in_place(inputs, plan))},
                  plan.catalogue, origin=inputs.places.origin)  # fmt: skip
    data = build_workbook(placed, inputs.places.lines, sizes=sizes)
    return Twin(make_layout(placed, inputs.places.lines, sizes=sizes), read_cells(checked_package(inputs.name, data)))


def in_place(inputs: Inputs, plan: Plan) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Rows of tables with ids as they stand in the sheet, empty ones between included, inserted ones left out."""
    for table in plan.named_tables:
        given = {str(row["id"]): row for row in plan.rows(table)}
        seen: set[str] = set()
        rows: list[Row] = []
        for number, (_, id) in enumerate(inputs.rows.get(table, ())):
            if id:
                own = id if id not in seen else f"{id}-{number}"
                rows.append(given.get(id, {"id": id}) if id not in seen else {"id": own})
                seen.add(id)
        yield table, tuple(rows)


def alignment(inputs: Inputs, twin: Twin, book: Book) -> Mapping[str, Aligned]:
    """For each sheet of the twin its counterpart, and where each row and column of it stands now."""
    layout, found = twin.layout, dict[str, Aligned]()
    for sheet in layout.sheets:
        blocks = [(layout.starts[b.key], place) for b in layout.blocks[sheet.key]
                  if (place := inputs.places.blocks.get(b.key))]  # fmt: skip
        if blocks:
            found[sheet.title] = aligned(inputs.places, layout, twin, book, blocks, sheet.title)
    rest = [title for title in book.titles if title not in {a.title for a in found.values()}]
    for number, title in enumerate(twin.book.titles):
        if title not in found and title in rest:
            found[title] = Aligned(title)
        elif title not in found and len(book.titles) == len(twin.book.titles) and book.titles[number] in rest:
            found[title] = Aligned(book.titles[number])
    return found


def aligned(
    places: Places, layout: Layout, twin: Twin, book: Book, blocks: list[tuple[int, BlockPlace]], title: str
) -> Aligned:
    returned = blocks[0][1].sheet
    rows, whole = row_map(blocks, book)
    same = all(row == found for row, found in rows.items())
    columns = column_map(places, layout, twin, book, blocks, title)
    return Aligned(returned, None if same else rows, columns, whole)


def row_map(blocks: list[tuple[int, BlockPlace]], book: Book) -> tuple[dict[int, int], bool]:
    """Row of the twin to row of the returned sheet, and whether every row has its counterpart."""
    rows, whole, before = {}, True, (0, 0)
    for head, block in blocks:
        for row in range(before[0] + 1, head):
            near_head = row >= head - 1 or not before[0]
            rows[row] = block.head - (head - row) if near_head else before[1] + row - before[0]
        own = [
            row for row in range(block.head + 1, block.last + 1) if book.sheets[block.sheet].at(row, block.id_column)
        ]
        reach = block.last - block.head
        if len(own) < block.count and reach >= block.count:
            own = list(range(block.head + 1, block.head + 1 + block.count))
        whole &= len(own) == block.count
        rows |= {head: block.head, **{head + 1 + n: row for n, row in enumerate(own[: block.count])}}
        before = (head + block.count, own[block.count - 1] if len(own) >= block.count else block.last)
    last = max(before[0], 1)
    return rows | {row: before[1] + row - last for row in range(last + 1, last + 200)}, whole


def column_map(
    places: Places, layout: Layout, twin: Twin, book: Book, blocks: list[tuple[int, BlockPlace]], title: str
) -> dict[int, int | None] | None:
    """Column of the twin to column of the returned sheet; nothing where none has moved."""
    found: dict[int, int | None] = {}
    for head, block in blocks:
        found.setdefault(1, block.id_column)
        for place in places.columns(block):
            if place.table != "settings":
                at = layout.places[f"{place.table}.{place.field}"]
                found.setdefault(at.column + place.slot * at.stride, place.column)
            else:
                found.setdefault(layout.places[f"settings.{place.field}"].column, place.column)
        heads = {value: column for (row, column), value in book.sheets[block.sheet].values.items() if row == block.head}
        for (row, column), value in twin.book.sheets[title].values.items():
            if row == head and column not in found:
                found[column] = heads.get(value)
    if all(column == now for column, now in found.items() if now is not None):
        return None
    steady = {column: now - column for column, now in found.items() if now is not None}
    shift = steady[max(steady)]
    return {column: found.get(column, column + shift) for column in range(1, 200)}
