"""The package around the sheets: stored values, fixed times, alt text, equal bytes for equal plans."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import quoteattr

EPOCH = (1980, 1, 1, 0, 0, 0)
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
FIXED_DATE = "2026-01-01T00:00:00Z"
TITLE_TEXT = re.compile(rb"<a:t>([^<]*)</a:t>")


SHARED = "~"
"""Marks a formula that is stored once for several cells, until the package is written."""

NUMBER_CELL = re.compile(rb'(<c [^<>]*) t="n"')
EMPTY_CELL = re.compile(rb"(<c [^<>]*)></c>")
"""What openpyxl writes for a plain number and for a cell that holds nothing; the format says it in fewer bytes."""

LAST_CONTROL = 0x9F
LETTER_NUMBER = re.compile(rb"&#([0-9]+);")
"""A letter that is not ASCII as openpyxl writes it; UTF-8, which the parts are in, needs fewer bytes."""

FIRST_SHARED = re.compile(rb"<f>~(\d+):([A-Z0-9:]+)~")
NEXT_SHARED = re.compile(rb"<f>~(\d+)</f>")


def shortened(found: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Marked formulas as shared ones, the text in the first cell, a number in the others; short cells."""
    for name, part in found.items():
        if name.startswith("xl/worksheets/sheet"):
            named = FIRST_SHARED.sub(rb'<f t="shared" ref="\2" si="\1">', part)
            shared = NEXT_SHARED.sub(rb'<f t="shared" si="\1"/>', named)
            yield name, spelled_out(EMPTY_CELL.sub(rb"\1/>", NUMBER_CELL.sub(rb"\1", shared)))
        else:
            yield name, part


def spelled_out(part: bytes) -> bytes:
    """The part with its letters as themselves; control characters and the like stay as they are."""
    return LETTER_NUMBER.sub(lambda n: chr(int(n[1])).encode() if int(n[1]) > LAST_CONTROL else n[0], part)


def tidy(data: bytes, date: object) -> bytes:
    """Describe charts, and pack again in a fixed order with fixed times."""
    stamp = f"{date}T00:00:00Z" if date else FIXED_DATE
    return pack({name: stamped(name, part, stamp) for name, part in described(parts(data))})


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(found: dict[str, bytes], level: int = 0) -> bytes:
    """A quick zip of the parts in their order, for the next step to open, every time stamp the same."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
        for name, part in found.items():
            package.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED, level)
    return stream.getvalue()


def stamped(name: str, part: bytes, stamp: str) -> bytes:
    return STAMP.sub(rb"\g<1>" + stamp.encode() + rb"\g<3>", part) if name == "docProps/core.xml" else part


def described(found: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each chart frame gets the chart's title as its alternative text."""
    for name, part in found.items():
        if name.startswith("xl/drawings/drawing"):
            yield name, with_alt_text(part, name, found)
        else:
            yield name, part


def with_alt_text(drawing: bytes, name: str, found: dict[str, bytes]) -> bytes:
    number = name.removeprefix("xl/drawings/drawing").removesuffix(".xml")
    relations = found[f"xl/drawings/_rels/drawing{number}.xml.rels"].decode()
    charts = [target.lstrip("/") for target in re.findall(r'Target="([^"]+)"', relations)]
    text = drawing.decode()
    for position, chart in enumerate(charts, 1):
        title = b" ".join(TITLE_TEXT.findall(found[chart])).decode()
        frame = f'name="Chart {position}"'
        text = text.replace(frame, f"{frame} descr={quoteattr(title)}", 1)
    return text.encode()
