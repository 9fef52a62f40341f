"""The cells of a workbook that somebody else has saved, read in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from xlplan.files import Package
from xlplan.markup import SOURCES
from xlplan.problems import PlanError, Problem
from xlplan.workbook.package import pack

MIB = 1024 * 1024
MEMORY, SECONDS = 448 * MIB, 8
PATIENCE = 1 if sys.platform == "win32" else 5
"""Times that the clock may show more than the processor works: a busy machine is no fault of the file. Windows bounds
only the clock."""

CALCULATION_MEMORY, CALCULATION_SECONDS = 2048 * MIB, 60
LARGE = 16 * MIB
"""What is larger is packed for the child, which then holds less at once."""

UNUSED = ("xl/media/", "xl/charts/", "xl/drawings/", "xl/embeddings/", "xl/activeX/", "xl/vbaProject", "Object",
          "Thumbnails/", "Pictures/", "xl/externalLinks/", "xl/printerSettings/", SOURCES)  # fmt: skip
"""Parts that hold no cell."""

TIMES: Mapping[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda seconds: timedelta(seconds=seconds),
}

Spot = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Formula:
    """A formula as the file spells it; a ``shared`` one without text repeats the one of that number."""

    text: str
    shared: str | None = None


@dataclass(frozen=True)
class Cells:
    """One sheet: values of filled cells, formulas, error values, and formulas whose value was not stored."""

    values: Mapping[Spot, Any] = field(default_factory=dict)
    formulas: Mapping[Spot, Formula] = field(default_factory=dict)
    errors: Mapping[Spot, str] = field(default_factory=dict)
    hollow: frozenset[Spot] = frozenset()

    @cached_property
    def touched(self) -> frozenset[Spot]:
        """Every cell that is not blank."""
        return frozenset(self.values.keys() | self.formulas.keys() | self.errors.keys() | self.hollow)

    @cached_property
    def touched_rows(self) -> frozenset[int]:
        """Every row with a cell that is not blank."""
        return frozenset(row for row, _ in self.touched)

    def at(self, row: int, column: int) -> Any:
        """Value of a cell, nothing where it is blank."""
        return self.values.get((row, column))

    @property
    def last_row(self) -> int:
        return max((row for row, _ in self.values), default=0)


@dataclass(frozen=True)
class Book:
    """Titles of all sheets of a workbook, and the cells of those that were read."""

    titles: tuple[str, ...]
    sheets: Mapping[str, Cells]


def read_cells(package: Package, titles: Collection[str] | None = None, machine: str = "") -> Book:
    """The cells of some sheets, or of all; of a ``machine`` sheet and of those it names, where it is given.

    Raises ``PlanError`` where they cannot be read within bounds.
    """
    asked = titles if titles is None else sorted(titles)
    job = {"do": "read", "kind": package.kind, "titles": asked, "machine": machine}
    parts = {name: part for name, part in package.parts.items() if not name.startswith(UNUSED)}
    level = 1 if sum(map(len, parts.values())) > LARGE else 0
    answer = confined(package.name, job, pack(parts, level), MEMORY, SECONDS)
    try:
        return book_of(json.loads(answer))
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable(package.name, str(error)) from error


def book_of(found: Mapping[str, Any]) -> Book:
    """The book that the child's answer describes."""
    return Book(tuple(found["titles"]), {title: _cells(sheet) for title, sheet in found["sheets"].items()})


def _cells(sheet: Mapping[str, Any]) -> Cells:
    return Cells(
        {(row, column): _value(value) for row, column, value in sheet["values"]},
        {(row, column): Formula(text, shared) for row, column, text, shared in sheet["formulas"]},
        {(row, column): text for row, column, text in sheet["errors"]},
        frozenset((row, column) for row, column in sheet["hollow"]),
    )


def _value(value: Any) -> Any:
    """A date or time of the pair that JSON holds; anything else as it is."""
    return TIMES[value[0]](value[1]) if isinstance(value, list) else value


def calculated(name: str, data: bytes) -> bytes:
    """The package with every stored value calculated anew, by an engine that can reach nothing of ours.

    Raises ``PlanError`` where it cannot be calculated.
    """
    return confined(name, {"do": "calculate"}, data, CALCULATION_MEMORY, CALCULATION_SECONDS)


def confined(name: str, job: Mapping[str, Any], data: bytes, memory: int, seconds: int) -> bytes:
    """What the child answers. Raises ``PlanError`` where it takes too long, too much, or fails."""
    head = json.dumps({**job, "memory": memory, "seconds": seconds}).encode() + b"\n"
    command, pipe = [sys.executable, "-I", str(Path(__file__).with_name("child.py"))], subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        try:
            answer, said = process.communicate(head + data, timeout=seconds * PATIENCE + 1)
        except subprocess.TimeoutExpired:
            process.kill()
            raise unreadable(name, "it takes too long") from None
    if process.returncode:
        raise unreadable(name, reason(process.returncode, said))
    return answer


def reason(code: int, said: bytes) -> str:
    """Why the child failed; one that was ended by the system, or by its own memory, says nothing of use."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if code == 1 and lines else "it takes too much time or memory"


def unreadable(name: str, reason: str) -> PlanError:
    found = f"a workbook that cannot be read: {reason}"
    remedy = "get the file again from its sender, or save it again in a spreadsheet program"
    return PlanError([Problem(name, found, "a workbook that xlplan made", remedy)])
