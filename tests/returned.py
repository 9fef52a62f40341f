"""A filled workbook that is quick to read, and what may have happened to it when it comes back. No tests here."""

import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from xlplan.catalogue import templates_folder
from xlplan.plan import Plan
from xlplan.planfile import read_plan
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import Layout
from xlplan.workbook.package import pack, parts


def worked_example() -> Plan:
    return read_plan(templates_folder() / "examples" / "worked-example.toml")


def small_book(plan: Plan) -> tuple[bytes, Layout]:
    """The workbook of a plan with as few rows as it can have, and its places."""
    return build_workbook(plan, 1), make_layout(plan, 1)


def cell_of(layout: Layout, key: str, row: int = 0, slot: int = 0) -> tuple[str, str]:
    """Sheet and address of one cell of an input or quantity; rows and slots count from 0."""
    place = layout.places[key]
    return layout.title(place.sheet), f"{get_column_letter(place.column + slot * place.stride)}{place.row + row}"


def sheet_part(data: bytes, title: str) -> str:
    number = load_workbook(BytesIO(data), read_only=True).sheetnames.index(title) + 1
    return f"xl/worksheets/sheet{number}.xml"


def with_cell(data: bytes, title: str, address: str, content: str, kind: str = "") -> bytes:
    """The workbook with other content between the tags of one cell, as any program may leave it."""
    found, name = parts(data), sheet_part(data, title)
    cell = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
    head = f'<c r="{address}"'.encode()
    new = cell.sub(
        lambda m: head + (m[1] or b"") + kind.encode() + b">" + content.encode() + b"</c>", found[name], count=1
    )
    assert new != found[name], f"no cell {title}!{address}"
    return pack(found | {name: new}, 1)


def with_number(data: bytes, title: str, address: str, number: float) -> bytes:
    return with_cell(data, title, address, f"<v>{number!r}</v>")


def with_text(data: bytes, title: str, address: str, text: str) -> bytes:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return with_cell(data, title, address, f'<is><t xml:space="preserve">{escaped}</t></is>', ' t="inlineStr"')


def with_formula(data: bytes, title: str, address: str, formula: str, value: float) -> bytes:
    return with_cell(data, title, address, f"<f>{formula}</f><v>{value!r}</v>")


def saved(data: bytes, folder: Path, name: str = "north.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def by_id(plan: Plan) -> dict[str, object]:
    """Everything typed, by table, id and field, whatever the order of the rows."""
    found: dict[str, object] = {f"settings {key}": value for key, value in plan.settings.items()}
    for table, rows in plan.tables.items():
        keys = plan.catalogue.tables[table].keys or ("id",)
        for row in rows:
            found |= {f"{table} {[row[key] for key in keys]} {field}": value for field, value in row.items()}
    return found
