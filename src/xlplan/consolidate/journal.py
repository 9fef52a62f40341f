"""What was read so far, on disk: rows in part files, and a line in the journal for each file once its part is whole."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xlplan.consolidate.extract import Extract, Line
from xlplan.consolidate.rows import SCHEMA, rows_of
from xlplan.files import fsynced, one
from xlplan.problems import PlanError, Problem

FORMAT = 1
BATCH = 32
"""Files of one part: what an interruption may cost."""


@dataclass(frozen=True)
class Entry:
    """A file that was read: its extract with none but shared lines, and where its rows stand."""

    extract: Extract
    part: int
    start: int
    count: int


class Journal:
    """The work folder of one target; it is found again by whoever writes to the same target."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "journal.jsonl"
        self.spots: dict[str, int] = {}
        self.hashes: dict[str, str] = {}
        self.parts = 0
        self.waiting: list[Extract] = []

    def open(self) -> None:
        """Take up what another run of this version has left; anything else there is begun anew."""
        lines = list(self.whole_lines())
        head = {"format": FORMAT, "xlplan": version("xlplan")}
        if not lines or json.loads(lines[0][1]) != head:
            for part in self.folder.glob("part-*.parquet"):
                part.unlink()
            self.path.write_bytes(json.dumps(head).encode() + b"\n")
            return
        for spot, line in lines[1:]:
            self.note(spot, json.loads(line))
        end = lines[-1][0] + len(lines[-1][1])
        with self.path.open("r+b") as stream:
            stream.truncate(end)

    def whole_lines(self) -> Iterator[tuple[int, bytes]]:
        """Lines that were written to their end, with their offsets."""
        if self.path.exists():
            spot = 0
            with self.path.open("rb") as stream:
                for line in stream:
                    if line.endswith(b"\n"):
                        yield spot, line
                    spot += len(line)

    def note(self, spot: int, said: dict[str, Any]) -> None:
        name = said["extract"]["name"]
        self.spots[name], self.hashes[name] = spot, said["extract"]["hash"]
        self.parts = max(self.parts, said["part"] + 1)

    def add(self, extract: Extract) -> None:
        """Keep what was read of a file; it is safe on disk once its part is full."""
        self.waiting.append(extract)
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the part, then the lines that name it."""
        if not self.waiting:
            return
        table, counts = rows_of(self.waiting)
        with fsynced(self.part(self.parts)) as path:
            pq.write_table(table, path, compression="zstd", compression_level=1)
        spot, start, text = self.path.stat().st_size, 0, b""
        for extract, count in zip(self.waiting, counts, strict=True):
            shared = [line for line in extract.lines if line.shared]
            said = {"extract": replace(extract, lines=shared), "part": self.parts, "start": start, "count": count}
            line = json.dumps(said, default=vars, separators=(",", ":")).encode() + b"\n"
            self.spots[extract.name], self.hashes[extract.name] = spot + len(text), extract.hash
            text, start = text + line, start + count
        append(self.path, text)
        self.parts, self.waiting = self.parts + 1, []

    def part(self, number: int) -> Path:
        return self.folder / f"part-{number:06d}.parquet"

    def entry(self, name: str) -> Entry:
        """What was read of a file."""
        with self.path.open("rb") as stream:
            stream.seek(self.spots[name])
            said = json.loads(stream.readline())
        extract = said["extract"]
        extract["lines"] = tuple(Line(**line) for line in extract["lines"])
        return Entry(Extract(**extract), said["part"], said["start"], said["count"])

    def rows(self, entry: Entry) -> pa.Table:
        """Rows of a file."""
        return part_table(self.part(entry.part)).slice(entry.start, entry.count)

    def names(self) -> Sequence[str]:
        """Names of the files that were read, sorted."""
        return sorted(self.spots)


@lru_cache(maxsize=4)
def part_table(path: Path) -> pa.Table:
    """Rows of a part. Raises ``PlanError`` where it cannot be read."""
    try:
        return pq.read_table(path, schema=SCHEMA)
    except (OSError, pa.ArrowException) as error:
        raise one(path, "a damaged part", "the part as it was written", "remove its folder and run again") from error


def append(path: Path, text: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def reserved(target: Path) -> Iterator[Path]:
    """The work folder beside a target, while nobody else works on it.

    Raises ``PlanError`` where another run does; a run that was ended holds nothing.
    """
    folder = target.parent / f".{target.name}.work"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a+b") as lock:
        if not (locked(lock.fileno()) and same_file(lock.fileno(), folder / "lock")):
            words = "another consolidation is writing it", "one at a time", "wait for it, or choose another target"
            raise PlanError([Problem(target.name, *words)])
        yield folder
        if os.name != "nt":
            shutil.rmtree(folder, ignore_errors=True)
    if os.name == "nt":
        shutil.rmtree(folder, ignore_errors=True)


def same_file(handle: int, path: Path) -> bool:
    """Does the name still lead to the file that is open?"""
    with suppress(OSError):
        return os.fstat(handle).st_ino == path.stat().st_ino
    return False


def locked(handle: int) -> bool:
    """Is the file now ours alone, until we close it or end?"""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows
        import msvcrt  # noqa: PLC0415

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
