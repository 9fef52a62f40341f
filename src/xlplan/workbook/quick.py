"""The inputs of a workbook in a fraction of the time: only the parts that hold them are unpacked, checked and parsed.

For programs that read many workbooks. It parses in the process that calls it, which must be one that may be lost.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import python_calamine

from xlplan.archive import ArchiveError, Entry, chosen_parts, placed
from xlplan.files import Package, checked_package
from xlplan.markup import unsafe_markup
from xlplan.payload import carried
from xlplan.problems import Problem
from xlplan.workbook import child
from xlplan.workbook.cells import Book, Cells, book_of, unreadable
from xlplan.workbook.manifest import TITLE
from xlplan.workbook.package import pack
from xlplan.workbook.places import places
from xlplan.workbook.plain import NotPlainError, scan
from xlplan.workbook.read import Inputs, inputs_of

FRAME = (
    "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    "xl/sharedStrings.xml", "docProps/core.xml",
)  # fmt: skip
"""Parts that every reading needs, beside the sheets."""


WORKBOOK = "xl/workbook.xml"

Also = Callable[[Mapping[str, bytes]], Sequence[str]]
"""Titles of more sheets, by the parts that were read so far."""


class Quick:
    """A workbook of which few sheets are read. ``book`` holds those read so far.

    Raises ``NotPlainError`` where only the strict reader may judge, ``PlanError`` for what nobody should read.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, data
        try:
            self.places: Mapping[str, tuple[Entry, int, int]] = placed(data)
            self.parts = dict(chosen_parts(data, self.places, FRAME))
        except ArchiveError as error:
            raise NotPlainError from error
        if WORKBOOK not in self.parts or "xl/_rels/workbook.xml.rels" not in self.parts:
            raise NotPlainError
        self.check(self.parts)
        self.sheets = child.sheet_parts(SimpleNamespace(read=self.parts.__getitem__))  # type: ignore[arg-type]
        self.book = Book(tuple(self.sheets), {})

    def check(self, parts: Mapping[str, bytes]) -> None:
        if any(unsafe_markup(parts)):
            raise NotPlainError

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What else the workbook carries, by the names of its parts and by its frame."""
        names: dict[str, bytes] = dict.fromkeys(self.places, b"")
        frame = {name: part for name, part in self.parts.items() if name in FRAME}
        return carried(self.name, names | frame)

    def read(self, titles: Sequence[str]) -> Book:
        """The book with these sheets as well."""
        asked = {title: self.sheets[title] for title in titles if title in self.sheets}
        try:
            fresh = dict(chosen_parts(self.data, self.places, asked.values()))
        except ArchiveError as error:
            raise NotPlainError from error
        if set(fresh) != set(asked.values()):
            raise NotPlainError
        self.check(fresh)
        self.parts |= fresh
        frame = {name: part for name, part in self.parts.items() if name in FRAME}
        calamine = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(pack(frame | fresh, 0)))
        if calamine.sheet_names != list(self.sheets):
            raise NotPlainError
        found = {title: cells(calamine.get_sheet_by_name(title), fresh[part]) for title, part in asked.items()}
        self.book = Book(self.book.titles, {**self.book.sheets, **found})
        return self.book


def cells(sheet: Any, part: bytes) -> Cells:
    """One sheet as two readers see it. Raises ``NotPlainError`` where they differ."""
    found, values = scan(part), values_of(sheet)
    if not found.filled <= values.keys():
        raise NotPlainError
    return Cells(values, found.formulas, found.errors, frozenset(found.hollow))


def values_of(sheet: Any) -> dict[tuple[int, int], Any]:
    """Each cell that holds something, by row and column from 1."""
    if sheet.start is None:
        return {}
    top, left = sheet.start
    if sheet.height * sheet.width > child.MOST_CELLS:
        raise NotPlainError
    values = {
        (row, column): value
        for row, cells in enumerate(sheet.to_python(), top + 1)
        for column, value in enumerate(cells, left + 1)
        if value != ""
    }
    if not all(math.isfinite(value) for value in values.values() if type(value) is float):
        raise NotPlainError
    return values


def quick_inputs(name: str, data: bytes, also: Also = lambda _: ()) -> tuple[Inputs, Book]:
    """Inputs, and the sheets they were read from with those that ``also`` asks for.

    A workbook that is not plain is read by the strict reader, in this process too. Raises ``PlanError``.
    """
    try:
        quick = Quick(name, data)
        book = quick.read([TITLE])
        machine = places(name, book)
        book = quick.read([*dict.fromkeys((*sorted(machine.sheets), *also(quick.parts)))])
        return inputs_of(name, book, machine, quick.notes), book
    except (NotPlainError, child.StrangeError, python_calamine.CalamineError):
        package = checked_package(name, data)
        also(package.parts)
        return strict_inputs(package)


def strict_inputs(package: Package) -> tuple[Inputs, Book]:
    """Inputs of a workbook that may be written in any way, and all its sheets. Raises ``PlanError``."""
    try:
        book = book_of(child.read(package.data, package.kind, None, ""))
    except Exception as error:
        raise unreadable(package.name, f"{type(error).__name__}: {error}"[:300]) from error
    return inputs_of(package.name, book, places(package.name, book), package.notes), book
