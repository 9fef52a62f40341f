"""Renewal: the stored comparison of scenarios in a workbook, brought up to date with its inputs."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from xlplan.files import Package
from xlplan.problems import PlanError, Problem
from xlplan.scenarios import compared
from xlplan.workbook.build import make_layout
from xlplan.workbook.canvas import stored_text
from xlplan.workbook.cells import Cells, Spot, read_cells
from xlplan.workbook.fingerprint import Trace, count_of_traces, traces
from xlplan.workbook.layout import Layout
from xlplan.workbook.package import pack
from xlplan.workbook.places import places
from xlplan.workbook.read import inputs_of
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.scenarios import AS_TYPED, IN_USE, measures, rows_of

LABEL, STORED, WORDS = 2, 4, 7
"""Columns of the inputs when compared: words, number then, text then; what they are now stands beside each."""

CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^<>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
Values = Mapping[Spot, str | float]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def dated_spots(layout: Layout) -> Mapping[str, frozenset[Spot]]:
    """Cells by sheet that hold what was compared, or follow from it: older than the inputs in a returned workbook."""
    first, last = layout.starts["comparison"] + 1, layout.starts["comparison"] + 1 + rows_of(layout.shape)
    columns = range(AS_TYPED, AS_TYPED + layout.shape.count("scenario") + 1)
    shown = {(row, column) for row in range(first, last + 1) for column in columns} | {(first, IN_USE)}
    traced = layout.starts["list_traces"] + 1
    rows = range(traced, traced + count_of_traces(layout.shape) + 1)
    kept = {(row, column) for row in rows for column in range(LABEL, WORDS + 2)}
    return {layout.title("scenarios"): frozenset(shown), layout.title("lists"): frozenset(kept)}


def stored_values(layout: Layout, found: Sequence[Trace]) -> Mapping[str, Values]:
    """What a fresh comparison puts into its cells, by sheet."""
    first = layout.starts["comparison"] + 2
    table = {
        (row, column): value
        for row, measure in enumerate(measures(layout, compared(layout.shape.plan)), first)
        for column, value in enumerate(measure.values, AS_TYPED)
        if isinstance(value, (str, int, float))
    }
    rows = enumerate(found, layout.starts["list_traces"] + 1)
    figures = {(row, STORED if isinstance(trace.stored, float) else WORDS): trace.stored for row, trace in rows}
    return {layout.title("scenarios"): table, layout.title("lists"): figures}


def renewed(package: Package) -> tuple[bytes, tuple[Problem, ...]]:
    """The workbook with a comparison of its scenarios as its inputs now are; notes say why it could not be renewed."""
    try:
        book = read_cells(package)
        inputs = inputs_of(package.name, book, places(package.name, book))
        plan = inputs.plan()
    except PlanError as error:
        return package.data, (note(package.name, str(error.problems[0])),)
    sizes = {block.table: block.count for block in inputs.places.blocks.values() if block.table in plan.named_tables}
    layout = make_layout(plan, inputs.places.lines, sizes=sizes)
    traced = tuple(traces(layout, Refs(layout, "lists")))
    found, labels = stored_values(layout, traced), dict(labels_of(layout, traced))
    if any(not stands(book.sheets.get(title, Cells()), spots) for title, spots in labels.items()):
        return package.data, (note(package.name, "rows of it were moved"),)
    homes = {title: part for title, part in sheet_parts(package.parts) if title in found}
    fresh = {part: patched(package.parts[part], found[title]) for title, part in homes.items()}
    if len(homes) < len(found) or None in fresh.values():
        return package.data, (note(package.name, "its cells were rewritten by another program"),)
    return pack({**package.parts, **{part: text for part, text in fresh.items() if text is not None}}), ()


def note(name: str, reason: str) -> Problem:
    words = f"the comparison of scenarios is as it was: {reason}", "one of the inputs as they are"
    return Problem(name, *words, "make a fresh workbook with xlplan verify --fix")


def labels_of(layout: Layout, rows: Sequence[Trace]) -> Iterator[tuple[str, Values]]:
    """Words beside the first and last row of each part, by which a moved one is told."""
    found = tuple(measures(layout, ()))
    first, last = layout.starts["comparison"] + 2, layout.starts["comparison"] + 1 + len(found)
    yield layout.title("scenarios"), {(first, LABEL): found[0].label, (last, LABEL): found[-1].label}
    traced = layout.starts["list_traces"]
    ends = {(traced + 1, LABEL): rows[0].label, (traced + len(rows), LABEL): rows[-1].label}
    yield layout.title("lists"), ends


def stands(cells: Cells, words: Values) -> bool:
    return all(cells.at(*spot) == word for spot, word in words.items())


def sheet_parts(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Title and part of every sheet."""
    related = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314  checked when the package was opened
    targets = {relation.attrib["Id"]: relation.attrib["Target"] for relation in related}
    for sheet in ET.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet"):  # noqa: S314  as above
        yield sheet.attrib["name"], posixpath.join("xl", targets[sheet.attrib[RELATION]]).lstrip("/")


def patched(part: bytes, values: Values) -> bytes | None:
    """The sheet with other constants in these cells; nothing where one of them has no cell to hold it."""
    cells = {f"{get_column_letter(column)}{row}": value for (row, column), value in values.items()}
    seen = set[str]()

    def cell(found: re.Match[bytes]) -> bytes:
        address = found[1].decode()
        if address not in cells or b"<f" in (found[3] or b""):
            return found[0]
        seen.add(address)
        style = re.search(rb' s="[0-9]+"', found[2])
        return written(address, style[0] if style else b"", cells[address])

    text = CELL.sub(cell, part)
    return text if seen == set(cells) else None


def written(address: str, style: bytes, value: str | float) -> bytes:
    """A constant in its cell, spelled as in a workbook that was just made."""
    head = b'<c r="%s"%s' % (address.encode(), style)
    if value == "":
        return head + b"/>"
    if isinstance(value, str):
        kept = b' xml:space="preserve"' if value != value.strip() or "\n" in value else b""
        return head + b' t="inlineStr"><is><t%s>%s</t></is></c>' % (kept, escape(stored_text(value)).encode())
    short = f"{value:.16g}"
    return head + b"><v>%s</v></c>" % (short if float(short) == value else repr(value)).encode()
