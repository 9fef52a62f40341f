"""Damaged and hostile workbooks by the thousand: none may break, hang, or be read as something else than it says.

    python tests/fuzz.py --count 20000 --seed 1

Each case changes bytes, zip structure, markup, cell values, styles or the machine sheet of a workbook and reads it.
It ends as a plan or as problems, within ten seconds and half a gigabyte. What is accepted is compared, input cell by
input cell, with what a second reader (the standard library's) finds in the same file. No tests here.
"""

import argparse
import json
import os
import posixpath
import re
import resource
import struct
import sys
import tempfile
import time
import traceback
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from random import Random
from unittest.mock import patch
from xml.sax.saxutils import escape

import lxml.etree  # noqa: F401  so that copies of this process need not load it
import python_calamine  # noqa: F401
from openpyxl.utils.cell import coordinate_to_tuple

from engines import saved_by_libreoffice
from xlplan import PlanError, load
from xlplan.catalogue import templates_folder
from xlplan.files import read_package
from xlplan.plan import Plan
from xlplan.workbook import cells, child
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.cells import calculated
from xlplan.workbook.layout import Layout
from xlplan.workbook.manifest import TITLE, Stretch, stretches
from xlplan.workbook.package import pack, parts
from xlplan.workbook.recalculate import refreshed
from xlplan.workbook.verify import verify

LONGEST_SECONDS, MOST_MIB = 10, 512
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAY_ZERO = date(1899, 12, 30)
CALC_EVERY, VERIFY_EVERY = 100, 1000
USERS = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

Grid = dict[tuple[int, int], object]
Change = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Base:
    """A sound workbook to damage, and where its inputs stand."""

    data: bytes
    plan: Plan
    layout: Layout

    @cached_property
    def parts(self) -> Mapping[str, bytes]:
        return parts(self.data)

    @cached_property
    def columns(self) -> list[Stretch]:
        return list(stretches(self.layout))

    @cached_property
    def sheets(self) -> frozenset[str]:
        """Titles of the sheets with inputs."""
        return frozenset(column.sheet for column in self.columns)

    @cached_property
    def grids(self) -> Mapping[str, Grid]:
        return grids(self.parts, self.sheets)

    @cached_property
    def light(self) -> bytes:
        """The workbook with nothing on the sheets that no reader of inputs looks at, quicker to read ten times over."""
        read = {*self.sheets, TITLE}
        titles = [sheet.attrib["name"] for sheet in ET.fromstring(self.parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
        empty = {f"xl/worksheets/sheet{n}.xml" for n, title in enumerate(titles, 1) if title not in read}
        found = {name: CELLS.sub(b"<sheetData/>", part) if name in empty else part for name, part in self.parts.items()}
        return pack(found, 0)


CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)


def bases() -> list[Base]:
    """A filled workbook as xlplan makes it, and as LibreOffice saves it again."""
    plan = load(templates_folder() / "examples" / "worked-example.toml")
    data, layout = build_workbook(plan, line_rows=1), make_layout(plan, line_rows=1)
    found = [Base(data, plan, layout), Base(saved_by_libreoffice(data), plan, layout)]
    for base in found:
        assert base.light, base.grids  # made once, before the work is shared out
    return found


# ---------------------------------------------------------------------------------------------------- the second reader


def grids(found: Mapping[str, bytes], sheets: frozenset[str], known: Mapping[str, bytes] | None = None,
          before: Mapping[str, Grid] | None = None) -> dict[str, Grid]:  # fmt: skip
    """Cells of some sheets by title, read with the standard library; unchanged parts as they were read before."""
    relations = ET.fromstring(found["xl/_rels/workbook.xml.rels"])
    known_parts = ((r.get("Id"), r.get("Target")) for r in relations)
    targets = {
        id: posixpath.normpath(posixpath.join("/xl", part)).lstrip("/") for id, part in known_parts if id and part
    }
    shared = "xl/sharedStrings.xml"
    texts = [text_of(item) for item in ET.fromstring(found[shared]).iter(f"{MAIN}si")] if shared in found else []
    same_texts = known is not None and known.get(shared) == found.get(shared)
    result = {}
    for sheet in ET.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet"):
        title, part = sheet.attrib["name"], targets[relation_of(sheet)]
        if title not in sheets:
            continue
        reuse = before is not None and known is not None and same_texts and known.get(part) == found.get(part)
        result[title] = before[title] if reuse and before and title in before else grid(found[part], texts)
    return result


def relation_of(sheet: ET.Element) -> str:
    """Relation of a sheet, in whatever namespace its id stands."""
    return next(value for key, value in sheet.attrib.items() if key.endswith("}id"))


def grid(part: bytes, texts: list[str]) -> Grid:
    found: Grid = {}
    number = 0
    for row in ET.fromstring(part).iter(f"{MAIN}row"):
        number, column = int(row.get("r", number + 1)), 0
        for cell in row.iter(f"{MAIN}c"):
            number, column = coordinate_to_tuple(cell.attrib["r"]) if "r" in cell.attrib else (number, column + 1)
            value = value_of(cell, texts)
            if value not in (None, ""):
                found[number, column] = value
    return found


def value_of(cell: ET.Element, texts: list[str]) -> object:
    kind, stored = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return "" if inline is None else text_of(inline)
    if not stored:
        return None
    if kind == "s":
        return texts[int(stored)]
    return float(stored) if kind == "n" else stored == "1" if kind == "b" else unescaped(stored)


def text_of(item: ET.Element) -> str:
    """Text of plain or rich pieces, without the reading aid of phonetic ones."""
    plain = (t for piece in item for t in ([piece] if piece.tag == f"{MAIN}t" else runs(piece)))
    return unescaped("".join(t.text or "" for t in plain))


def runs(piece: ET.Element) -> list[ET.Element]:
    return piece.findall(f"{MAIN}t") if piece.tag == f"{MAIN}r" else []


def unescaped(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


# ---------------------------------------------------------------------------------------------------- the comparison


def silent_differences(base: Base, found: Plan, data: bytes) -> list[str]:
    """Input cells that the plan holds otherwise than the file says."""
    now = parts(data)
    shown = grids(now, base.sheets, base.parts, base.grids)
    if shown == base.grids:
        return [] if found == base.plan else ["the same cells, another plan"]
    return [*differing_cells(base, found, shown)]


def differing_cells(base: Base, found: Plan, shown: Mapping[str, Grid]) -> Iterator[str]:
    rounds = [str(shown["Settings"].get((row, 1))) for row in range(*home_rows(base, "rounds"))]
    for column in base.columns:
        table = found.catalogue.tables[column.table]
        words = held_values(base, found, column, rounds, shown)
        cells = shown[column.sheet]
        for row in range(column.first, column.first + column.count):
            value, id = cells.get((row, column.column)), str(cells.get((row, 1), ""))
            key = "" if table.single else asked_id(found, id) if table.keys[:1] == ("question",) else id
            has_id = id and not id.startswith("#")  # a row without one is told
            if has_id and not same(value, words.get(key)):
                place = f"{column.sheet} row {row} column {column.column}"
                yield f"{place}: the file has {value!r}, the plan {words.get(key)!r}"


def home_rows(base: Base, table: str) -> tuple[int, int]:
    column = next(c for c in base.columns if c.table == table)
    return column.first, column.first + column.count


def held_values(
    base: Base, found: Plan, column: Stretch, rounds: list[str], shown: Mapping[str, Grid]
) -> Mapping[str, object]:
    """What the plan holds for one column of inputs, by the id of the row; for choices their words."""
    table = found.catalogue.tables[column.table]
    field = table.field(column.field)
    if table.single:
        rows: Mapping[str, Mapping[str, object]] = {"": found.settings}
    elif table.keys:
        own = [r for r in found.rows(table.id) if "round" not in table.keys or r["round"] == rounds[column.slot]]
        rows = {str(row[table.keys[0]]): row for row in own}
    else:
        rows = {str(row["id"]): row for row in found.rows(table.id)}
    values = {id: row.get(field.id) for id, row in rows.items() if field.id in row}
    if field.by:
        keys = (
            [str(year) for year in found.budget_years] if field.by == "year" else slot_ids(base, field.by, found, shown)
        )
        key = keys[column.slot] if column.slot < len(keys) else ""
        return {id: value.get(key) for id, value in values.items() if isinstance(value, Mapping)}
    words = found.labels[field.list] if field.kind == "choice" else {}
    return {id: words.get(str(value), value) for id, value in values.items()}


def slot_ids(base: Base, by: str, found: Plan, shown: Mapping[str, Grid]) -> list[str]:
    if f"{by}s" in found.catalogue.lists:
        return list(found.catalogue.lists[f"{by}s"].ids)
    sheet = next(c.sheet for c in base.columns if c.table == f"{by}s")
    return [str(shown[sheet].get((row, 1))) for row in range(*home_rows(base, f"{by}s"))]


def asked_id(found: Plan, id: str) -> str:
    programme, _, number = id.rpartition(".")
    if not number.isdecimal() or not programme:
        return id
    own = [asked.id for asked in found.asked if asked.domain == programme and asked.question]
    return own[int(number) - 1] if 0 < int(number) <= len(own) else id


def same(value: object, held: object) -> bool:
    if isinstance(held, date) and isinstance(value, float):
        return (held - DAY_ZERO).days == value
    if isinstance(held, str) and isinstance(value, str):
        return held == value or held.casefold() == value.casefold()
    return (value in (None, "") and held is None) or (type(value) is not bool and value == held)


# ---------------------------------------------------------------------------------------------------- the damage


def flipped(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut(data: bytes, chance: Random) -> bytes:
    first, last = sorted(chance.randrange(len(data)) for _ in range(2))
    return chance.choice((data[:first], data[last:], data[:first] + data[last:], data + data[first : first + 999]))


def directory_changed(data: bytes, chance: Random) -> bytes:
    """Numbers of the zip directory or of a part's own head replaced."""
    found = bytearray(data)
    place = found.find(chance.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")), chance.randrange(len(found) // 2))
    at = max(place, 0) + chance.randint(4, 44)
    found[at : at + 4] = struct.pack("<L", chance.choice((0, 1, 0xFFFFFFFF, chance.getrandbits(32), 8, 20)))
    return bytes(found)


def parts_changed(data: bytes, chance: Random) -> bytes:
    """Parts left out, exchanged, renamed, doubled or added."""
    found = parts(data)
    one, other = chance.sample(sorted(found), 2)
    kind = chance.randrange(5)
    if kind == 0:
        found.pop(one)
    elif kind == 1:
        found[one], found[other] = found[other], found[one]
    elif kind == 2:
        found[chance.choice((one.upper(), "../" + one, one + " ", "xl/vbaProject.bin"))] = found.pop(one)
    elif kind == 3:
        found[one] *= chance.choice((2, 40))
    else:
        found[f"xl/extra{chance.randrange(9)}.xml"] = chance.randbytes(chance.randrange(4000))
    return pack(found, chance.choice((0, 1)))


def scrambled(data: bytes, chance: Random) -> bytes:
    name, found = chosen_part(data, chance)
    part = bytearray(found[name])
    for _ in range(chance.randint(1, 5)):
        part[chance.randrange(len(part))] = chance.choice(b'<>&"/ =0159AZaz\x00\xff')
    return pack(found | {name: bytes(part)}, 0)


WEIRD = (
    b"<!DOCTYPE x []>", b"<!-- " + b"-" * 6000, b"<!---->", b"<![CDATA[x]]>", b"<?x y?>", b"&#0;", b"&lt;",
    b"&x;",
    b"<c/>", b'<c r="C6"><v>5</v></c>', b'<row r="6"/>', b"<v>1</v>", b"</c>", b"</row>", b"\xef\xbb\xbf", b"<x:y/>",
    b'<c r="XFD1048576"><v>1</v></c>', b"<is><t>z</t></is>", b"<f>1+1</f>", b"<f>cmd|'/c calc'!A0</f>",
    b"<r><t>q</t></r>",
)  # fmt: skip


def inserted(data: bytes, chance: Random) -> bytes:
    """Odd markup at the end of some tag."""
    name, found = chosen_part(data, chance)
    places = [match.end() for match in re.finditer(rb">", found[name][:400_000])]
    at = chance.choice(places) if places else 0
    return pack(found | {name: found[name][:at] + chance.choice(WEIRD) + found[name][at:]}, 0)


def element_changed(data: bytes, chance: Random) -> bytes:
    """One cell or row left out, doubled, or exchanged with another."""
    name, found = chosen_part(data, chance)
    cells = list(re.finditer(rb"<c [^>]*?(?:/>|>.*?</c>)", found[name][:400_000], re.DOTALL))
    if len(cells) < 2:
        return scrambled(data, chance)
    one, other = sorted(chance.sample(cells, 2), key=lambda match: match.start())
    part, kind = found[name], chance.randrange(3)
    if kind == 0:
        new = part[: one.start()] + part[one.end() :]
    elif kind == 1:
        new = part[: one.end()] + one[0] + part[one.end() :]
    else:
        new = part[: one.start()] + other[0] + part[one.end() : other.start()] + one[0] + part[other.end() :]
    return pack(found | {name: new}, 0)


TYPED = (
    "", "0", "-1", "12,5", "1.234", "1,234.5", " 7 ", "1e9", "1e400", "-0", "NaN", "TRUE", "#N/A", "=1+1", "+1", "-1",
    "@x",
    "=HYPERLINK(1)", "\t=1", "yes", "Yes", "YES ", "2027", "2026-11-30", "30/11/2026", "03/04/2026",
    "é" * 3000, "x" * 33_000,
    "\u202e", "_x0041_", "a\nb", "&amp;", "<b>", "\u0661\u0662", "1 234", "50%", "Adequate", "recurring", "USD", "☃",
)  # fmt: skip


def retyped(data: bytes, chance: Random) -> bytes:
    """One input cell typed over with something a person may type, in any kind of cell."""
    name, found = chosen_part(data, chance, rb"<dataValidations|inlineStr|t=\"s\"")
    cells = list(re.finditer(rb'<c r="([A-Z]+[0-9]+)"([^>]*?)(?:/>|>.*?</c>)', found[name][:400_000], re.DOTALL))
    if not cells:
        return scrambled(data, chance)
    cell, typed = chance.choice(cells), escape(chance.choice(TYPED)).encode()
    style = re.search(rb' s="\d+"', cell[2])
    head = b'<c r="' + cell[1] + b'"' + (style[0] if style else b"")
    forms = (
        head + b' t="inlineStr"><is><t xml:space="preserve">' + typed + b"</t></is></c>",
        head + b"><v>" + str(chance.choice((0, 1, -1, 12.5, 1e15, 46_000, 2027, 1e308, 0.1))).encode() + b"</v></c>",
        head + b' t="b"><v>1</v></c>', head + b' t="e"><v>#N/A</v></c>', head + b"/>",
        head + b"><f>1+1</f></c>", head + b"><f>1+1</f><v>2</v></c>",
        head + b' t="str"><f>1</f><v>' + typed + b"</v></c>",
    )  # fmt: skip
    return pack(found | {name: found[name][: cell.start()] + chance.choice(forms) + found[name][cell.end() :]}, 0)


def restyled(data: bytes, chance: Random) -> bytes:
    """Another style for some cells: numbers may turn into days, days into numbers."""
    name, found = chosen_part(data, chance, rb"<sheetData")
    styles = list(re.finditer(rb' s="\d+"', found[name][:400_000]))
    if not styles:
        return scrambled(data, chance)
    part = bytearray(found[name])
    for match in sorted(chance.sample(styles, min(len(styles), 8)), key=lambda m: -m.start()):
        part[match.start() : match.end()] = f' s="{chance.randrange(120)}"'.encode()
    return pack(found | {name: bytes(part)}, 0)


def machine_changed(data: bytes, chance: Random) -> bytes:
    """One value or formula of the machine sheet replaced by another."""
    found = parts(data)
    name = next(name for name, part in found.items() if b"ROWS(" in part and b"COLUMN(" in part)
    values = list(re.finditer(rb"(?<=<v>)[^<]*(?=</v>)|(?<=<t>)[^<]*(?=</t>)|(?<=<f>)[^<]*(?=</f>)", found[name]))
    one, other = chance.sample(values, 2)
    new = chance.choice(
        [b"", b"0", b"-1", b"1.5", b"9999", b"1e9x", b"abc", other[0], other[0], shifted(one[0], chance)]
    )
    return pack(found | {name: found[name][: one.start()] + new + found[name][one.end() :]}, 0)


def shifted(formula: bytes, chance: Random) -> bytes:
    """A reference one row or column further."""
    return re.sub(rb"!\$?([A-Z])\$?(\d+)", lambda m: b"!" + bytes([65 + (m[1][0] - 64) % 26]) + m[2]
                  if chance.random() < 0.5 else b"!" + m[1] + str(int(m[2]) + 1).encode(), formula)  # fmt: skip


def chosen_part(data: bytes, chance: Random, holding: bytes = b"") -> tuple[str, dict[str, bytes]]:
    """A part, more often one that matters for inputs."""
    found = parts(data)
    names = [name for name, part in found.items() if part and (not holding or re.search(holding, part[:2_000_000]))]
    sheets = [name for name in names if name.startswith("xl/worksheets/sheet") and len(found[name]) < 400_000]
    return chance.choice(sheets if sheets and chance.random() < 0.75 else names), found


CHANGES: Mapping[Change, int] = {
    flipped: 8, cut: 4, directory_changed: 8, parts_changed: 8, scrambled: 14, inserted: 14, element_changed: 12,
    retyped: 16, restyled: 6, machine_changed: 10,
}  # fmt: skip
"""Kinds of damage and how often each is chosen."""


# ---------------------------------------------------------------------------------------------------- the run


def forked(name: str, job: Mapping[str, object], data: bytes, memory: int, seconds: int) -> bytes:
    """What the reading child answers, from a copy of this process: the same code, without the time to start it."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            child.limit(memory + 1024 * child.MIB, seconds)
            found = child.read(data, job["kind"], job["titles"], job["machine"])
            answer, code = json.dumps(found, allow_nan=False).encode(), 0
        except BaseException as error:  # noqa: BLE001  as the child says whatever a parser raises
            answer = f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace")
        with os.fdopen(write_end, "wb") as stream:
            stream.write(answer)
        os._exit(code)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise cells.unreadable(name, cells.reason(os.waitstatus_to_exitcode(status), answer))
    return answer


@contextmanager
def reading(seed: int) -> Iterator[None]:
    """One case in ten reads in a program of its own, as users do; the others in a copy of this process."""
    if seed % 10 == 0 or not hasattr(os, "fork"):
        yield
        return
    with patch.object(cells, "confined", forked):
        yield


@dataclass
class Tally:
    """What came out of the cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    longest: float = 0
    seconds: float = 0
    mebibytes: tuple[float, float] = (0, 0)
    """Most memory of this process and of a child."""


def mutant(base: Base, seed: int) -> tuple[str, bytes]:
    """The name of the change and the changed file; the same for the same seed."""
    chance = Random(f"workbook {seed}")
    change = chance.choices(list(CHANGES), list(CHANGES.values()))[0]
    whole = seed % CALC_EVERY == 0
    return change.__name__, change(base.data if whole else base.light, chance)


def run_case(found: list[Base], seed: int, path: Path, tally: Tally) -> None:
    base = found[seed % 5 == 0]
    name, data = mutant(base, seed)
    path.write_bytes(data)
    began = processor_seconds()
    try:
        outcome = judged(base, path, data, seed)
    except Exception:  # noqa: BLE001  a traceback is what this looks for
        outcome = "traceback"
        tally.failures.append(f"{name} {seed}: {traceback.format_exc(limit=-4)}")
    took = processor_seconds() - began
    if took > LONGEST_SECONDS:
        tally.failures.append(f"{name} {seed}: {took:.1f} s")
    if outcome.startswith("silent"):
        tally.failures.append(f"{name} {seed}: {outcome}")
    tally.outcomes[outcome.split(":")[0]] += 1
    tally.outcomes[f"{name}, {outcome.split(':')[0]}"] += 1
    tally.longest = max(tally.longest, took)


def processor_seconds() -> float:
    """Seconds that this process and its ended children have worked; what waits forever, the reader's own limit ends."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, USERS))


def judged(base: Base, path: Path, data: bytes, seed: int) -> str:
    if seed % VERIFY_EVERY == 0:
        verify_or_refuse(path)
    if seed % CALC_EVERY == 0:
        calculate_or_refuse(path)
    try:
        with reading(seed):
            plan = load(path)
    except PlanError:
        return "quarantined"
    silent = silent_differences(base, plan, data)
    if silent:
        return f"silent difference: {silent[0]}"
    return "accepted with warnings" if plan.notes else "accepted"


def verify_or_refuse(path: Path) -> None:
    try:
        package = read_package(path)
    except PlanError:
        return
    verify(package)


def calculate_or_refuse(path: Path) -> None:
    try:
        refreshed(read_package(path).data, path.name, calculated)
    except PlanError:
        return


def fuzzed(seeds: range, found: list[Base], tell: Callable[[str], None] = lambda _: None) -> Tally:
    """Run the cases of these seeds."""
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds, 1):
            known = len(tally.failures)
            run_case(found, seed, Path(folder, "north.xlsx"), tally)
            for failure in tally.failures[known:]:
                tell(failure)
            if number % 500 == 0:
                tell(f"{number} cases, {time.monotonic() - began:.0f} s, {len(tally.failures)} failures")
    tally.seconds = time.monotonic() - began
    used = (resource.getrusage(who).ru_maxrss / 1024 for who in USERS)
    tally.mebibytes = tuple(used)
    return tally


MADE: list[Base] = []
"""What the working process finds when it is copied from this one."""


def fuzzed_here(seeds: range) -> Tally:
    return fuzzed(seeds, MADE, tell)


def tell(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.count)
    MADE.extend(bases())
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:  # its children are the readers only
        tally = pool.submit(fuzzed_here, seeds).result()
    for outcome, count in sorted(tally.outcomes.items()):
        print(f"{count:7,} {outcome}")
    print(f"{tally.seconds:.0f} s, longest case {tally.longest:.1f} s, most memory {tally.mebibytes} MiB (self, child)")
    sys.exit(1 if tally.failures or max(tally.mebibytes) > MOST_MIB else 0)


__all__ = ["TITLE", "Base", "Tally", "bases", "fuzzed", "mutant", "silent_differences"]

if __name__ == "__main__":
    main()
