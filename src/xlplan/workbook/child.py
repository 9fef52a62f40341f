"""The process in which parsers see what others have written: little memory, little time, nothing but cells comes out.

It is run as a program of its own: a line of JSON says what to do, the package follows. To read, it imports no other
module of xlplan, so that it starts at once and a fault in it reaches nothing.
"""

import datetime as dt
import io
import json
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MIB = 1024 * 1024
MOST_CELLS = 1_500_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
EXTRA = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")

Cell = list[Any]


class StrangeError(ValueError):
    """A file whose parts contradict each other."""


def limit(memory: int, seconds: int) -> None:
    """Bound what this process may take, where the system can."""
    try:
        import resource  # noqa: PLC0415  there is none on Windows
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def main() -> None:
    job = json.loads(sys.stdin.buffer.readline())
    limit(job["memory"], job["seconds"])
    data = sys.stdin.buffer.read()
    if job["do"] == "calculate":
        from xlplan.workbook.package import pack  # noqa: PLC0415  takes longer to load than reading takes
        from xlplan.workbook.recalculate import recalculated  # noqa: PLC0415

        sys.stdout.buffer.write(pack(dict(recalculated(data))))
    else:
        found = read(data, job["kind"], job["titles"], job["machine"])
        sys.stdout.buffer.write(json.dumps(found, allow_nan=False, separators=(",", ":")).encode())


def read(data: bytes, kind: str, titles: list[str] | None, machine: str) -> dict[str, Any]:
    """Titles of all sheets; values, formulas and errors of those that are asked for, or of all.

    With a ``machine`` sheet, that one and those it names as sheets with inputs.
    """
    import python_calamine  # noqa: PLC0415

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    scanned = xlsx_scans if kind == "xlsx" else ods_scans
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if machine in book.sheet_names:
            formulas = scanned(package, [machine])[1].get(machine, {}).get("formulas", [])
            titles = [machine, *named(book.get_sheet_by_name(machine), formulas, book.sheet_names)]
        known, scans = scanned(package, titles)
    if known != book.sheet_names:
        raise StrangeError("two lists of sheets that differ")
    asked = [title for title in known if titles is None or title in titles]
    sheets = {}
    for title in asked:
        values = list(values_of(book.get_sheet_by_name(title)))
        check_filled(scans[title].pop("filled"), {(row, column) for row, column, _ in values})
        sheets[title] = {"values": values, **scans[title]}
    return {"titles": known, "sheets": sheets}


def check_filled(filled: list[Cell], values: set[tuple[int, int]]) -> None:
    """Raise ``StrangeError`` where one reader sees a value and the other none."""
    missing = [f"row {row}, column {column}" for row, column in filled if (row, column) not in values]
    if missing:
        raise StrangeError(f"a cell that two readers read differently ({missing[0]})")


def named(machine: Any, formulas: list[Cell], titles: list[str]) -> list[str]:
    """Sheets with inputs, by the rows of the machine sheet that begin with ``block``."""
    values = {(row, column): value for row, column, value in values_of(machine)}
    blocks = {row for (row, column), value in values.items() if column == 1 and value == "block"}
    said = {str(values.get((row, 7), "")) for row in blocks}
    texts = [text for row, _, text, _ in formulas if row in blocks]
    return [t for t in titles if t in said or any(t.replace("'", "''") in text for text in texts)]


def values_of(sheet: Any) -> Iterator[Cell]:
    """Row, column and value of each cell that holds something."""
    if sheet.start is None:
        return
    top, left = sheet.start
    if sheet.height * sheet.width > 40 * MOST_CELLS:
        raise StrangeError("a sheet of too many cells")
    count = 0
    for row, cells in enumerate(sheet.to_python(), top + 1):
        for column, value in enumerate(cells, left + 1):
            if value not in ("", None):
                count += 1
                yield [row, column, plain(value)]
        if count > MOST_CELLS:
            raise StrangeError("a sheet of too many cells")


def plain(value: Any) -> Any:
    """A value as JSON can say it; dates and times as a pair."""
    if isinstance(value, float):
        if value - value != 0:
            raise StrangeError("a number that is none")
        return value
    if isinstance(value, dt.timedelta):
        return ["duration", value.total_seconds()]
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return [type(value).__name__, value.isoformat()]
    return value


def xlsx_scans(package: zipfile.ZipFile, titles: list[str] | None) -> tuple[list[str], dict[str, Any]]:
    parts = sheet_parts(package)
    asked = {title: part for title, part in parts.items() if titles is None or title in titles}
    if not set(asked.values()) <= set(package.namelist()):
        raise StrangeError("a sheet without its part")
    return list(parts), {title: xlsx_scan(package.read(part)) for title, part in asked.items()}


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Title of each sheet and the part that holds it."""
    relations = tree(package.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): str(r.get("Target")) for r in relations.iter("{*}Relationship")}
    found: dict[str, str] = {}
    for sheet in tree(package.read("xl/workbook.xml")).iter("{*}sheet"):
        id = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        title = str(sheet.get("name"))
        if title.casefold() in map(str.casefold, found) or id not in targets:
            raise StrangeError("a sheet that stands twice or nowhere")
        found[title] = posixpath.normpath(posixpath.join("/xl", targets[id])).lstrip("/")
    return found


def tree(part: bytes) -> Any:
    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(part, parser)


def steps(part: bytes, *tags: str, events: tuple[str, ...] = ("start", "end")) -> Iterator[tuple[str, Any]]:
    from lxml import etree  # noqa: PLC0415

    yield from etree.iterparse(
        io.BytesIO(part), events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False
    )


def xlsx_scan(part: bytes) -> dict[str, list[Cell]]:
    """Formulas, errors, and formulas without a value; cells must stand in rows, rows in order, each once."""
    found: dict[str, list[Cell]] = {"formulas": [], "errors": [], "hollow": [], "filled": []}
    number = tables = 0
    for _, element in steps(part, "{*}row", "{*}sheetData", events=("end",)):
        if element.tag.endswith("}row"):
            number = following(number, element.get("r"), LAST_ROW)
            scan_row(found, element, number)
            element.clear()
        else:
            tables += 1
            if tables > 1 or any(local(child) != "row" for child in element):
                raise StrangeError("cells outside rows")
    return found


def scan_row(found: dict[str, list[Cell]], row: Any, number: int) -> None:
    column = 0
    inner = sum(1 for _ in row.iter("{*}c", "{*}row")) - 1
    if inner != sum(1 for _ in row.iterchildren("{*}c")):
        raise StrangeError("cells inside cells")
    for cell in row:
        name = local(cell)
        if name == "c":
            column = following(column, column_of(cell.get("r"), number), LAST_COLUMN)
            if len(cell):
                note(found, cell, number, column)
        elif name not in ("extLst", ""):
            raise StrangeError(f"a {name} among cells")


def local(element: Any) -> str:
    """Name of an element without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def following(before: int, here: str | int | None, last: int) -> int:
    """Number of the next row or column. Raises ``StrangeError`` where one stands twice."""
    number = before + 1 if here is None else int(here)
    if not before < number <= last:
        raise StrangeError("rows or cells that stand twice or out of order")
    return number


def column_of(address: str | None, row: int) -> int | None:
    if address is None:
        return None
    match = ADDRESS.match(address)
    if not match or int(match[2]) != row:
        raise StrangeError("a cell in a row that is not its own")
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return number


def note(found: dict[str, list[Cell]], cell: Any, row: int, column: int) -> None:
    inner: dict[str, Any] = {}
    for child in cell:
        name = local(child)
        if name in inner or name not in ("v", "f", "is", "extLst", ""):
            raise StrangeError("a cell with two values")
        inner[name] = child
    kind = cell.get("t")
    stored = inner["v"].text if "v" in inner else None
    check_stored(kind or "n", inner.get("v"), stored)
    if ("is" in inner and kind != "inlineStr") or (stored and kind == "inlineStr"):
        raise StrangeError("a cell whose value is not of its kind")
    if kind == "e":
        found["errors"].append([row, column, stored or "error"])
    elif kind != "s" and (stored or ("is" in inner and any(t.text for t in inner["is"].iterfind("{*}t")))):
        found["filled"].append([row, column])
    if "f" in inner:
        formula = inner["f"]
        shared = formula.get("si") if formula.get("t") == "shared" else None
        found["formulas"].append([row, column, formula.text or "", shared])
        if not stored and "is" not in inner and kind != "str":
            found["hollow"].append([row, column])


def check_stored(kind: str, element: Any, stored: str | None) -> None:
    """Raise for a stored value that no reader should have to guess."""
    if element is None:
        return
    strange = len(element) > 0 or (stored is None and kind == "s")
    if stored is not None:
        strange |= kind == "s" and not (stored.isascii() and stored.isdigit())
        strange |= kind == "b" and stored not in ("0", "1")
        strange |= kind == "n" and not NUMBER.match(stored)
    if strange:
        raise StrangeError("a cell whose value is not of its kind")


def ods_scans(package: zipfile.ZipFile, titles: list[str] | None) -> tuple[list[str], dict[str, Any]]:
    """The same of an OpenDocument spreadsheet, in one pass over its one large part."""
    known: list[str] = []
    found: dict[str, Any] = {}
    row = column = rows = depth = 0
    scan: dict[str, list[Cell]] = {}
    tags = (f"{TABLE}table", f"{TABLE}table-row", f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
    for event, element in steps(package.read("content.xml"), *tags):
        if element.tag == tags[0]:
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                title = str(element.get(f"{TABLE}name"))
                if title in known:
                    raise StrangeError("a sheet that stands twice")
                known.append(title)
                scan, row = {"formulas": [], "errors": [], "hollow": [], "filled": []}, 1
                if titles is None or title in titles:
                    found[title] = scan
        elif element.tag == tags[1]:
            if event == "start":
                rows, column = repeats(element, "rows"), 1
            else:
                row += rows
                element.clear()
        elif event == "end":
            note_ods(scan, element, row, column)
            column += repeats(element, "columns")
    return known, found


def repeats(element: Any, what: str) -> int:
    return max(1, min(int(element.get(f"{TABLE}number-{what}-repeated", "1")), LAST_ROW))


def note_ods(scan: dict[str, list[Cell]], cell: Any, row: int, column: int) -> None:
    formula = cell.get(f"{TABLE}formula")
    kind = cell.get(f"{EXTRA}value-type") or cell.get(f"{OFFICE}value-type")
    if kind == "error":
        scan["errors"].append([row, column, "".join(cell.itertext()) or "error"])
    if formula is not None:
        scan["formulas"].append([row, column, formula, None])


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit("it takes too much memory")
    except BaseException as error:  # noqa: BLE001  whatever a parser raises, the parent says it in one sentence
        sys.exit(f"{type(error).__name__}: {error}"[:300])
