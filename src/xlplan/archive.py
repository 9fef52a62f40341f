"""A zip file as its directory describes it, checked before anything in it is unpacked, and unpacked under a bound."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

MOST_PARTS = 1000
LARGEST_PART, LARGEST_ALL = 64 * 1024 * 1024, 256 * 1024 * 1024
"""What a workbook that comes back may hold, in parts and in bytes once unpacked."""

END, END_SIZE, WIDE = b"PK\x05\x06", 22, 0xFFFF
ENTRY, ENTRY_SIZE = b"PK\x01\x02", 46
LOCAL, LOCAL_SIZE = b"PK\x03\x04", 30
WIDE_LOCATOR, WIDE_LOCATOR_SIZE = b"PK\x06\x07", 20
STORED, DEFLATED = 0, 8
ENCRYPTED, UTF8 = 0x1, 0x800
NEWEST = 63
"""Version of the zip format, times ten, that is understood."""

NO_SIZES = 0x8
"""Flag of an entry whose sizes follow its data."""

CHUNK = 1024 * 1024


class ArchiveError(Exception):
    """Why a zip file is not opened, in a few words."""


@dataclass(frozen=True)
class Entry:
    """One part as the directory lists it: where its bytes stand and how many it says they are."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    flags: int


def unpacked(data: bytes) -> Mapping[str, bytes]:
    """Every part of a zip file by its name. Raises ``ArchiveError`` before more is unpacked than is allowed."""
    places = placed(data)
    return chosen_parts(data, places, places)


def placed(data: bytes) -> Mapping[str, tuple[Entry, int, int]]:
    """Each part of a zip file by its name, with its first byte and one past its last. Raises ``ArchiveError``."""
    start, entries = directory(data)
    check_names(entries)
    spans = [span(data, entry) for entry in entries]
    check_spans(spans, start)
    return {entry.name: (entry, first, last) for entry, (_, first, last) in zip(entries, spans, strict=True)}


def chosen_parts(
    data: bytes, places: Mapping[str, tuple[Entry, int, int]], names: Iterable[str]
) -> Mapping[str, bytes]:  # fmt: skip
    """Some parts unpacked, those that there are. Raises ``ArchiveError`` before more is unpacked than is allowed."""
    found, left = {}, LARGEST_ALL
    for name in names:
        if name in places and not name.endswith("/"):
            entry, first, last = places[name]
            found[name] = inflated(data[first:last], entry, min(left, LARGEST_PART))
            left -= len(found[name])
    return found


def directory(data: bytes) -> tuple[int, list[Entry]]:
    """Offset of the directory, and its entries. Raises ``ArchiveError`` where it does not end the file."""
    end = data.rfind(END, max(0, len(data) - END_SIZE - WIDE))
    if end < 0 or len(data) < end + END_SIZE:
        raise ArchiveError("not a workbook, or cut short")
    disk, first_disk, here, count, size, start, comment = struct.unpack("<4H2LH", data[end + 4 : end + END_SIZE])
    if data[max(0, end - WIDE_LOCATOR_SIZE) : end].startswith(WIDE_LOCATOR) or WIDE in (count, disk):
        raise ArchiveError("a zip file with a second, wide directory (ZIP64)")
    if disk or first_disk or here != count or end + END_SIZE + comment != len(data):
        raise ArchiveError("a zip file in several pieces, or with something after its end")
    if start + size != end:
        raise ArchiveError("a zip file whose directory is not where it says")
    if count > MOST_PARTS:
        raise ArchiveError(f"{count:,} parts, more than {MOST_PARTS:,}")
    return start, list(entries_of(data[start:end], count))


def entries_of(listing: bytes, count: int) -> Iterator[Entry]:
    place = 0
    for _ in range(count):
        head = listing[place : place + ENTRY_SIZE]
        if len(head) < ENTRY_SIZE or not head.startswith(ENTRY) or head[6] > NEWEST:
            raise ArchiveError("a zip file with a damaged directory")
        flags, method, _, _, crc, packed, size, name, extra, comment = struct.unpack("<4H3L3H", head[8:34])
        raw = listing[place + ENTRY_SIZE : place + ENTRY_SIZE + name]
        yield Entry(decoded(raw, flags), method, crc, packed, size, struct.unpack("<L", head[42:46])[0], flags)
        place += ENTRY_SIZE + name + extra + comment
    if place != len(listing):
        raise ArchiveError("a zip file with a damaged directory")


def decoded(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError:
        raise ArchiveError("a zip file with a name that cannot be read") from None


def check_names(entries: list[Entry]) -> None:
    """Refuse names that stand twice or lead out of the package."""
    seen = set()
    for entry in entries:
        key = entry.name.casefold()
        if key in seen:
            raise ArchiveError(f"two parts named {entry.name}")
        seen.add(key)
        if leads_out(entry.name):
            raise ArchiveError(f"a part whose name {entry.name!r} leads out of the package")
        if entry.flags & ENCRYPTED:
            raise ArchiveError("an encrypted part")
        if entry.method not in (STORED, DEFLATED):
            raise ArchiveError(f"a part packed in an unusual way ({entry.method})")
        if max(entry.size, entry.packed) > LARGEST_PART:
            raise ArchiveError(f"the part {entry.name} of {entry.size:,} bytes, more than {LARGEST_PART:,}")
    if sum(entry.size for entry in entries) > LARGEST_ALL:
        raise ArchiveError(f"{sum(entry.size for entry in entries):,} bytes unpacked, more than {LARGEST_ALL:,}")


def leads_out(name: str) -> bool:
    pieces = name.removesuffix("/").split("/")
    odd = any(character in name for character in "\\:") or not name.isprintable()
    return odd or any(piece in ("", ".", "..") for piece in pieces)


def span(data: bytes, entry: Entry) -> tuple[int, int, int]:
    """Offsets of a part's own head, its first byte and one past its last. Raises ``ArchiveError``."""
    head = data[entry.offset : entry.offset + LOCAL_SIZE]
    if len(head) < LOCAL_SIZE or not head.startswith(LOCAL):
        raise ArchiveError(f"the part {entry.name} is not where the directory says")
    flags, method, _, _, crc, packed, size, name, extra = struct.unpack("<4H3L2H", head[6:30])
    first = entry.offset + LOCAL_SIZE + name + extra
    own = decoded(data[entry.offset + LOCAL_SIZE : entry.offset + LOCAL_SIZE + name], flags)
    sizes = (crc, packed, size) in ((entry.crc, entry.packed, entry.size), (0, 0, 0), (0, 0xFFFFFFFF, 0xFFFFFFFF))
    if own != entry.name or method != entry.method or flags & ENCRYPTED or not (sizes or flags & NO_SIZES):
        raise ArchiveError(f"the part {entry.name} calls itself something else than the directory says")
    return entry.offset, first, first + entry.packed


def check_spans(spans: list[tuple[int, int, int]], start: int) -> None:
    """Refuse parts that share bytes with each other or with the directory."""
    ordered = sorted(spans)
    overlap = any(one[2] > other[0] for one, other in pairwise(ordered))
    if overlap or (ordered and ordered[-1][2] > start):
        raise ArchiveError("a zip file whose parts overlap")
    if ordered and ordered[0][0] != 0:
        raise ArchiveError("a zip file with something before its first part")


def inflated(packed: bytes, entry: Entry, most: int) -> bytes:
    """The bytes of a part, counted while they are unpacked. Raises ``ArchiveError``."""
    found = packed if entry.method == STORED else b"".join(pieces(packed, entry, most))
    if len(found) > most:
        raise ArchiveError(f"more than {LARGEST_ALL:,} bytes unpacked")
    if len(found) != entry.size or zlib.crc32(found) != entry.crc:
        raise ArchiveError(f"a damaged part {entry.name}")
    return found


def pieces(packed: bytes, entry: Entry, most: int) -> Iterator[bytes]:
    stream, total, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, packed
    try:
        while not stream.eof:
            piece = stream.decompress(rest, CHUNK)
            rest, total = stream.unconsumed_tail, total + len(piece)
            if total > min(most, entry.size):
                raise ArchiveError(f"the part {entry.name} is larger than the directory says, or than is allowed")
            if not piece and not rest:
                raise ArchiveError(f"a damaged part {entry.name}")
            yield piece
    except zlib.error as error:
        raise ArchiveError(f"a damaged part {entry.name}") from error
    if stream.unused_data:
        raise ArchiveError(f"a damaged part {entry.name}")
