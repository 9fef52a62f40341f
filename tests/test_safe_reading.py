"""What others have saved is looked at before it is parsed, and parsed where it can do no harm."""

import io
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from xlplan import PlanError, load
from xlplan.archive import LARGEST_PART, MOST_PARTS, ArchiveError, unpacked
from xlplan.files import checked_package
from xlplan.markup import LONGEST_REMARK, LONGEST_TAG
from xlplan.plan import Plan
from xlplan.workbook import cells
from xlplan.workbook.package import pack, parts

Damage = Callable[[bytes], bytes]
END = b"PK\x05\x06"


def quarantined(data: bytes, folder: Path) -> str:
    """The reasons for which a file is refused."""
    path = folder / "north.xlsx"
    path.write_bytes(data)
    with pytest.raises(PlanError) as refused:
        load(path)
    return str(refused.value)


# The zip file and its directory


def entries(data: bytes) -> list[tuple[int, bytes]]:
    """Offset and bytes of each entry of the directory; names hold no signature."""
    end = data.rfind(END)
    start = struct.unpack("<L", data[end + 16 : end + 20])[0]
    places = [start]
    while (at := data.find(b"PK\x01\x02", places[-1] + 4)) > 0:
        places.append(at)
    return [(one, data[one:other]) for one, other in zip(places, [*places[1:], end], strict=True)]


def with_directory(data: bytes, listed: list[bytes]) -> bytes:
    """The same parts under another directory."""
    end = data.rfind(END)
    start = entries(data)[0][0]
    size = sum(map(len, listed))
    tail = struct.pack("<4s4H2LH", END, 0, 0, len(listed), len(listed), size, start, 0)
    return data[:start] + b"".join(listed) + tail + data[end + 22 :]


def named_twice(data: bytes) -> bytes:
    stream = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/workbook.xml", b"<other/>")
    return stream.getvalue()


def with_part(name: str, content: bytes = b"x") -> Damage:
    return lambda data: pack({**parts(data), name: content}, level=1)


def overlapping(data: bytes) -> bytes:
    """Two entries for the same bytes, as a zip bomb has; the second lies inside the first."""
    inner = pack({"inner.txt": b"i" * 100})
    bomb = pack({**parts(data), "outer.bin": b""})
    listed = [entry for _, entry in entries(bomb)]
    place = bomb.find(b"outer.bin") - 30
    carrier = bomb[:place] + struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, zlib.crc32(inner), len(inner),
                                         len(inner), 9, 0) + b"outer.bin" + inner  # fmt: skip
    sizes = struct.pack("<3L", zlib.crc32(inner), len(inner), len(inner))
    outer = listed[-1][:10] + b"\0\0" + listed[-1][12:16] + sizes + listed[-1][28:]
    inside = entries(inner)[0][1]
    inside = inside[:42] + struct.pack("<L", place + 39) + inside[46:]
    end = struct.pack("<4s4H2LH", END, 0, 0, len(listed) + 1, len(listed) + 1,
                      sum(map(len, [*listed[:-1], outer, inside])), len(carrier), 0)  # fmt: skip
    return carrier + b"".join([*listed[:-1], outer, inside]) + end


def said_smaller(data: bytes) -> bytes:
    """A part that unpacks to more than the directory says."""
    listed = [entry for _, entry in entries(data)]
    size = struct.unpack("<L", listed[5][24:28])[0]
    listed[5] = listed[5][:24] + struct.pack("<L", size // 2) + listed[5][28:]
    return with_directory(data, listed)


def wide(data: bytes) -> bytes:
    """A second, 64-bit directory end before the first."""
    end = data.rfind(END)
    return data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]


ZIPS: dict[str, tuple[Damage, str]] = {
    "a part named twice": (named_twice, "two parts named xl/workbook.xml"),
    "a part named twice in other letters": (with_part("XL/Workbook.XML"), "two parts named"),
    "a part that climbs out": (with_part("../evil.xml"), "leads out"),
    "a part with a drive": (with_part("C:/evil.xml"), "leads out"),
    "a part with backslashes": (with_part("xl\\evil.xml"), "leads out"),
    "a part from the root": (with_part("/etc/passwd"), "leads out"),
    "a part with a control character": (with_part("xl/a\x1b[2J.xml"), "leads out"),
    "too many parts": (lambda d: pack({**parts(d), **{f"x/{n}": b"" for n in range(MOST_PARTS)}}), "parts, more than"),
    "a part too large": (with_part("xl/media/big.bin", bytes(LARGEST_PART + 1)), "bytes, more than"),
    "too much in all": (
        lambda d: pack({**parts(d), **{f"xl/media/{n}": bytes(54_000_000) for n in range(5)}}, level=1),
        "bytes unpacked, more than",
    ),
    "parts that overlap": (overlapping, "parts overlap"),
    "a part larger than it says": (said_smaller, "calls itself something else"),
    "a second directory": (wide, "ZIP64"),
    "something after the end": (lambda d: d + b"more", "after its end"),
    "something before the start": (lambda d: b"MZ" + d, "not where it says"),
}


@pytest.mark.parametrize(("damage", "reason"), ZIPS.values(), ids=ZIPS)
def test_a_zip_file_that_hides_something_is_quarantined_before_it_is_unpacked(
    damage: Damage, reason: str, small_bytes: bytes, tmp_path: Path
) -> None:
    assert reason in quarantined(damage(small_bytes), tmp_path)


def test_a_part_that_lies_about_its_size_in_both_heads_is_stopped_while_it_is_unpacked(small_bytes: bytes) -> None:
    """Both heads say ten bytes; sixty million come out."""
    data = pack({"xl/workbook.xml": bytes(60_000_000)})
    true, false = struct.pack("<L", 60_000_000), struct.pack("<L", 10)
    assert data.count(true) == 2
    with pytest.raises(ArchiveError, match="larger than the directory says"):
        unpacked(data.replace(true, false))


def test_an_honest_zip_file_unpacks_as_another_program_unpacks_it(national_bytes: bytes) -> None:
    assert dict(unpacked(national_bytes)) == parts(national_bytes)


# Markup


def with_markup(text: bytes, after: bytes = b"<sheetData") -> Damage:
    """Text put into the markup of a sheet."""

    def damage(data: bytes) -> bytes:
        found = parts(data)
        name = "xl/worksheets/sheet2.xml"
        return pack(found | {name: found[name].replace(after, text + after, 1)})

    return damage


def as_utf_16(data: bytes) -> bytes:
    found, name = parts(data), "xl/worksheets/sheet2.xml"
    return pack(found | {name: found[name].decode().encode("utf-16")})


MARKUP: dict[str, tuple[Damage, str]] = {
    "a document type": (with_markup(b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<worksheet"), "a document type or entity"),
    "an over-long comment": (with_markup(b"<!--" + b"-" * 204 * 1024 + b"-->"), "a comment or instruction"),
    "a comment without end": (with_markup(b"<!--" + b" " * 2 * LONGEST_REMARK), "a comment or instruction"),
    "an over-long instruction": (with_markup(b"<?x " + b"y" * 2 * LONGEST_REMARK + b"?>"), "a comment or instruction"),
    "an over-long tag": (with_markup(b'<x y="' + b"z" * 2 * LONGEST_TAG + b'"/>'), "a tag of great length"),
    "two bytes a character": (as_utf_16, "not UTF-8"),
    "another encoding": (with_markup(b'<?xml version="1.0" encoding="utf-7"?>', b"<worksheet"), "not UTF-8"),
}


@pytest.mark.parametrize(("damage", "reason"), MARKUP.values(), ids=MARKUP)
def test_markup_that_breaks_parsers_is_quarantined_before_any_sees_it(
    damage: Damage, reason: str, small_bytes: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "confined", lambda *_: pytest.fail("a parser was started"))
    began = time.monotonic()
    assert reason in quarantined(damage(small_bytes), tmp_path)
    assert time.monotonic() - began < 5


def test_a_short_comment_is_no_reason(small_bytes: bytes, blank: Plan, tmp_path: Path) -> None:
    (tmp_path / "north.xlsx").write_bytes(with_markup(b"<!-- saved by a program -->")(small_bytes))
    assert load(tmp_path / "north.xlsx") == blank


CONTRADICTIONS: dict[str, Damage] = {
    "a cell that stands twice": with_markup(b'<row r="4"><c r="A4"/><c r="A4"><v>1</v></c></row>', b'<row r="5"'),
    "rows out of order": with_markup(b'<row r="90"><c r="A90"><v>1</v></c></row>', b'<row r="7"'),
    "a row that stands twice": with_markup(b'<row r="6"/>', b'<row r="6"'),
    "a cell inside a cell": with_markup(b'<c r="C6"><v>1</v></c>', b"<t>"),
    "a cell in a row not its own": with_markup(b'<row r="4"><c r="C6"><v>1</v></c></row>', b'<row r="5"'),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_cells_that_two_readers_may_read_differently_are_quarantined(
    name: str, small_bytes: bytes, tmp_path: Path
) -> None:
    assert "cannot be read" in quarantined(CONTRADICTIONS[name](small_bytes), tmp_path)


# What else it carries


CARRIED: dict[str, tuple[Damage, str]] = {
    "a macro": (with_part("xl/vbaProject.bin"), "a macro"),
    "an old macro sheet": (with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "a macro"),
    "another workbook": (with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "another workbook"),
    "an embedded object": (with_part("xl/embeddings/oleObject1.bin"), "an embedded object"),
    "a control": (with_part("xl/activeX/activeX1.xml", b"<x/>"), "an embedded object"),
    "a connection": (with_part("xl/connections.xml", b"<x/>"), "a connection"),
    "a live link": (
        with_part("xl/x.xml", b"<ddeLink ddeService='cmd' ddeTopic='/c calc'/>"),
        "a live link to another program (DDE)",
    ),
    "a live link in a formula": (
        with_part("xl/x.xml", b"<c><f>cmd|'/c calc'!A0</f></c>"), "a live link to another program (DDE)",
    ),
    "a relation to a file": (
        with_part("xl/x.xml.rels", b'<Relationship Type="x/oleObject" Target="file:///x" TargetMode="External"/>'),
        "a link to another file",
    ),
    "a page that is a file": (
        with_part("xl/x.xml.rels", b'<Relationship Type="x/hyperlink" Target="file://srv/x" TargetMode="External"/>'),
        "a link to another file",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "what"), CARRIED.values(), ids=CARRIED)
def test_what_a_file_carries_beside_cells_is_told_and_its_inputs_are_read(
    damage: Damage, what: str, small_bytes: bytes, blank: Plan, tmp_path: Path
) -> None:
    path = tmp_path / "north.xlsx"
    path.write_bytes(damage(small_bytes))
    found = load(path)
    assert found == blank
    assert [what in str(note) for note in found.notes] == [True]


def test_a_workbook_of_our_own_carries_nothing(national_bytes: bytes) -> None:
    assert checked_package("national.xlsx", national_bytes).notes == ()


# The child


@pytest.mark.parametrize(
    ("code", "memory", "seconds"),
    [("while True: pass", 10**9, 1), ("x = bytes(10**9)", 200 * 2**20, 5), ("import os; os.abort()", 10**9, 5)],
    ids=["no end", "much memory", "a crash"],
)
def test_a_parser_that_takes_too_much_is_ended_and_told(
    code: str, memory: int, seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child's own bounds around a program that misbehaves."""
    child = Path(cells.__file__).with_name("child.py").read_text(encoding="utf-8")
    (tmp_path / "child.py").write_text(child.replace("    data = sys.stdin.buffer.read()\n", f"    {code}\n"), "utf-8")
    monkeypatch.setattr(cells, "__file__", str(tmp_path / "cells.py"))
    began = time.monotonic()
    with pytest.raises(PlanError, match=r"cannot be read: .*(takes too|memory)"):
        cells.confined("north.xlsx", {"do": "read"}, b"", memory, seconds)
    assert time.monotonic() - began < 10


def test_a_sheet_of_billions_of_cells_is_quarantined(small_bytes: bytes, tmp_path: Path) -> None:
    far = with_markup(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', b"</sheetData>")
    began = time.monotonic()
    assert "cannot be read" in quarantined(far(small_bytes), tmp_path)
    assert time.monotonic() - began < 10


def test_the_child_imports_nothing_of_ours() -> None:
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); sys.exit(any(m.startswith('xlplan') for m in sys.modules))"
    child = Path(cells.__file__).with_name("child.py")
    assert subprocess.run([sys.executable, "-I", "-c", code, child], check=False).returncode == 0
