"""One TOML file of a template pack: its records, each with the lines it stands on."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from xlplan.problems import PlanError, Problem

Raw = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """A record as a file holds it, and its lines (first, and one past the last)."""

    raw: Raw
    first: int
    end: int
    file: "PackFile"
    heading: str = ""

    def inner(self, key: str) -> list["Spot"]:
        """The records below ``key`` of this record."""
        known = {id(spot.raw): spot for spot in self.file.spots(f"{self.heading}.{key}")}
        return [known[id(raw)] for raw in self.raw.get(key, ())]

    def problem(self, clue: str, found: str, expected: str, remedy: str) -> None:
        """Note what is wrong, with the line where ``clue`` stands."""
        where = f"{self.file.name}, line {self.file.line_of(clue, self.first, self.end)}"
        self.file.problems.append(Problem(where, found, expected, remedy))


def one_of(spot: Spot, key: str, value: object, known: Collection[str]) -> None:
    """Note a value that is not among those known."""
    if value not in known:
        expected = f"one of {', '.join(known)}" if known else "nothing"
        spot.problem(str(value), f"{key} {value!r}", expected, f"correct the {key}")


@dataclass
class PackFile:
    """A file read once, of the base or of a ``pack``; ``problems`` gathers what is wrong with it."""

    path: Path
    pack: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the file, after that of its pack."""
        return f"{self.pack}/{self.path.name}" if self.pack else self.path.name

    @cached_property
    def text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise PlanError([Problem(self.name, str(error), "a readable TOML file", "mend the template")]) from error

    @cached_property
    def raw(self) -> Raw:
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise PlanError([Problem(self.name, str(error), "a readable TOML file", "mend the template")]) from error

    def spots(self, heading: str) -> list[Spot]:
        """Records below ``[[heading]]``; ``list.entry`` are the entries of every list, in the file's order."""
        parents: list[Raw] = [self.raw]
        for key in heading.split("."):
            parents = [row for parent in parents for row in self._rows(parent, key)]
        spans = zip(parents, self._spans(heading), strict=True)
        return [Spot(raw, *span, self, heading) for raw, span in spans]

    def _rows(self, parent: Raw, key: str) -> list[Raw]:
        rows = parent.get(key, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        found, expected = f"{key!r} is no list of tables", f"[[{key}]]"
        raise PlanError([Problem(f"{self.name}, line {self.line_of(key)}", found, expected, "mend the template")])

    def _spans(self, heading: str) -> Iterator[tuple[int, int]]:
        """Lines of each record, from its heading to the next one; or of each line of an array of inline tables."""
        lines = self.text.splitlines()
        heads = [n for n, line in enumerate(lines, 1) if line.startswith("[")]
        found = [n for n in heads if lines[n - 1].strip() == f"[[{heading}]]"]
        if not found:
            found = [n for n, line in enumerate(lines, 1) if line.strip().startswith("{ ")]
            heads = list(range(1, len(lines) + 1))
        for first in found:
            yield first, min((n for n in heads if n > first), default=len(lines) + 1)

    def line_of(self, clue: str, first: int = 1, end: int = 0) -> int:
        """The first line among these where the clue stands as a key or in quotation marks; else the first of them."""
        word = re.compile(rf'\b{re.escape(clue)}\s*=|"{re.escape(clue)}"|^\[+{re.escape(clue)}\]')
        lines = self.text.splitlines()[first - 1 : (end or len(self.text) + 2) - 1]
        return next((n for n, line in enumerate(lines, first) if word.search(line)), first)
