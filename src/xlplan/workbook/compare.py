"""A returned workbook beside its twin, cell by cell: formulas, stored values, words."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from xlplan.problems import Problem
from xlplan.workbook.cells import Book, Cells, Spot
from xlplan.workbook.manifest import TITLE, stretches
from xlplan.workbook.read import Inputs
from xlplan.workbook.renewal import dated_spots
from xlplan.workbook.spelling import Spelling, address, areas, said, spellings
from xlplan.workbook.twin import Aligned, Twin

SAME, TINY = 1e-9, 1e-6
MOST_TOLD = 5
"""Formulas of one kind that are told one by one; the others of the sheet are counted."""

HEAD_ROWS = 4
FRESH = "make a fresh workbook with xlplan verify --fix"


class Comparison:
    """What differs, as problems and notes, and how many formulas and stored values were compared."""

    def __init__(self, inputs: Inputs, book: Book) -> None:
        self.inputs, self.book, self.name = inputs, book, inputs.name
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.stale: list[Problem] = []
        self.hollow: dict[str, int] = {}
        self.heads: list[Problem] = []
        self.formulas = self.values = 0
        self.dated: Mapping[str, frozenset[Spot]] = {}

    def all_problems(self) -> list[Problem]:
        """Formulas first, then stored values that follow from them."""
        return [*self.problems, *self.stale, *merged(self.heads)]

    def at(self, title: str, spot: Spot) -> str:
        return f"{self.name}, {title}!{address(spot)}"

    def compare(self, twin: Twin, aligned: Mapping[str, Aligned]) -> None:
        typed, self.dated = input_spots(twin), dated_spots(twin.layout)
        mapped = {a.title: (title, turned(a)) for title, a in aligned.items()}
        for title in twin.book.titles:
            if title == TITLE:
                continue
            if title not in aligned or aligned[title].title not in self.book.sheets:
                self.problems.append(Problem(f"{self.name}, {title}", "this sheet is gone", "every sheet", FRESH))
            else:
                self.compare_sheet(title, twin, aligned[title], mapped, typed.get(title, set()))
        self.tell_hollow()

    def compare_sheet(self, title: str, twin: Twin, here: Aligned, mapped: Mapping[str, Any], typed: set[Spot]) -> None:
        own, cells = twin.book.sheets[title], self.book.sheets[here.title]
        if here.title != title:
            words = f"the sheet {title} is now called {here.title}", "sheets under their own names"
            self.notes.append(Problem(f"{self.name}, {here.title}", *words, "nothing, or rename it back"))
        expected, found = spellings(own), spellings(cells)
        dated = self.dated.get(title, frozenset())
        other_values: list[tuple[Spot, Any, Any]] = []
        wrongs: dict[str, list[Problem]] = {}
        for spot, spelled in expected.items():
            now = here.spot(*spot)
            if now is None:
                continue
            self.formulas += 1
            wrong = self.formula(title, here, spot, spelled, now, found.get(now), cells, own, mapped)
            if wrong:
                wrongs.setdefault(wrong[0], []).append(wrong[1])
            elif now not in cells.hollow and spot not in dated:
                self.values += 1
                if not same(trimmed(own.values.get(spot)), trimmed(cells.values.get(now))):
                    other_values.append((now, cells.values.get(now), own.values.get(spot)))
        self.problems += [problem for kind in wrongs.values() for problem in bounded(kind)]
        if cells.hollow and not typed:
            self.hollow[here.title] = len(cells.hollow)
        if not any(sheet.drawn for sheet in twin.layout.sheets if sheet.title == title):
            self.tell_values(here.title, other_values)
            self.tell_words(title, here, own, cells, typed | dated)

    def formula(
        self, title: str, here: Aligned, spot: Spot, spelled: Spelling, now: Spot, found: Spelling | None,
        cells: Cells, own: Cells, mapped: Mapping[str, Any],
    ) -> tuple[str, Problem] | None:  # fmt: skip
        """What is wrong with one formula cell: its kind, and in a sentence."""
        gives = shown(own.values.get(spot))
        where = self.at(here.title, now)
        if found is None:
            value = cells.values.get(now, cells.errors.get(now))
            held = f"holds {shown(value)} typed over its formula" if value is not None else "its formula is gone"
            kind = "typed over" if value is not None else "gone"
            return kind, Problem(where, f"{held}; its inputs give {gives}", "the formula of the template", FRESH)
        if found == spelled and here.rows is here.columns is None and not moved(spelled, mapped):
            return None
        if here.whole and self.same_formula(title, spelled, spot, here.title, found, now, mapped):
            return None
        kind = "a broken reference" if found.is_broken and not spelled.is_broken else "another formula"
        if kind == "another formula" and not here.whole:
            return None
        words = f"{kind}, {said(cells.formulas[now])}; its inputs give {gives}", "the formula of the template"
        return kind, Problem(where, *words, FRESH)

    def same_formula(
        self,
        title: str,
        spelled: Spelling,
        spot: Spot,
        here: str,
        found: Spelling,
        now: Spot,
        mapped: Mapping[str, Any],
    ) -> bool:
        if found.text != spelled.text or len(found.looks) != len(spelled.looks):
            return False
        one = list(areas(spelled, spot, title))
        other = [back(mapped, sheet, ends) for sheet, ends in areas(found, now, here)]
        return one == other

    def tell_values(self, title: str, found: list[tuple[Spot, Any, Any]]) -> None:
        """Stored values that the inputs do not give, one sentence a sheet."""
        if found:
            spot, value, gives = next((f for f in found if f[0][0] >= HEAD_ROWS), found[0])
            more = f", and {len(found) - 1} more values of this sheet differ" if len(found) > 1 else ""
            words = f"shows {shown(value)}; its inputs give {shown(gives)}{more}", "values calculated from the inputs"
            problem = Problem(self.at(title, spot), *words, "recalculate it with xlplan calc, or " + FRESH)
            in_head = all(spot[0] < HEAD_ROWS for spot, *_ in found)
            (self.heads if in_head else self.stale).append(problem)

    def tell_hollow(self) -> None:
        """Formulas whose value was not stored, as scripts save them; one note for the workbook."""
        if self.hollow:
            words = f"{sum(self.hollow.values()):,} formulas without a stored value, on {', '.join(self.hollow)}"
            self.notes.append(Problem(self.name, words, "a value in every formula cell", "run xlplan calc"))

    def tell_words(self, title: str, here: Aligned, own: Cells, cells: Cells, typed: set[Spot]) -> None:
        """Words of the template that were changed, and what was typed where nothing belongs."""
        ids = {(row, 1) for row, _ in typed}
        changed, expected = [], set()
        for spot, value in own.values.items():
            now = here.spot(*spot)
            expected.add(now)
            if spot in own.formulas or spot in typed or spot in ids or now is None:
                continue
            if not same(value, cells.values.get(now)):
                changed.append((now, value, cells.values.get(now)))
        inputs = {here.spot(*spot) for spot in typed} | {here.spot(*spot) for spot in (*ids, *own.formulas)}
        self.tell_changed(title, here.title, changed)
        if here.whole:
            stray = [s for s in cells.values if s not in expected and s not in inputs and s not in self.inserted(here)]
            self.tell_stray(here.title, stray, cells)

    def inserted(self, here: Aligned) -> set[Spot]:
        """Cells of rows that are read although xlplan did not make them; their inputs are told elsewhere."""
        rows = {row for table in self.inputs.rows.values() for row, id in table if not id}
        inner = {s.rpartition("!") for s in self.inputs.cells.values()}
        read = {sheet_spot(cell) for sheet, _, cell in inner if sheet == here.title}
        return read if not rows else read | {(row, column) for row in rows for column in range(1, 100)}

    def tell_changed(self, title: str, now: str, changed: list[tuple[Spot, Any, Any]]) -> None:
        lists = title == self.list_title
        for spot, value, found in changed if lists else changed[:1]:
            more = f", and {len(changed) - 1} more texts of this sheet" if len(changed) > 1 and not lists else ""
            words = f"{'a list' if lists else 'a text'} was changed: {shown(value)} is now {shown(found)}{more}"
            problem = Problem(self.at(now, spot), words, "the words of the template", FRESH)
            (self.problems if lists else self.notes).append(problem)

    @property
    def list_title(self) -> str:
        return self.inputs.places.catalogue.say("Lists")

    def tell_stray(self, title: str, stray: list[Spot], cells: Cells) -> None:
        if stray:
            first = min(stray)
            more = f", and {len(stray) - 1} more cells" if len(stray) > 1 else ""
            words = f"holds {shown(cells.values[first])} outside the input cells{more}", "entries in input cells"
            self.notes.append(
                Problem(self.at(title, first), *words, "move it into Log or a note; a fresh workbook leaves it out")
            )


def bounded(problems: list[Problem]) -> Iterator[Problem]:
    """The first few of one kind on one sheet; the last of them says how many more there are."""
    first, rest = problems[:MOST_TOLD], problems[MOST_TOLD:]
    yield from first[:-1]
    more = f", and {len(rest)} more of this kind on the sheet" if rest else ""
    yield replace(first[-1], found=first[-1].found + more)


def merged(problems: list[Problem]) -> Iterator[Problem]:
    """One sentence for what every sheet repeats in its head."""
    if problems:
        more = f", and so do {len(problems) - 1} more sheets" if len(problems) > 1 else ""
        yield replace(problems[0], found=problems[0].found + more)


def sheet_spot(cell: str) -> Spot:
    row, column = coordinate_to_tuple(cell)
    return int(row), int(column)


def turned(here: Aligned) -> tuple[Mapping[int, int] | None, Mapping[int, int] | None]:
    """Row and column of the returned sheet to those of the twin."""
    rows = None if here.rows is None else {now: row for row, now in here.rows.items()}
    columns = None
    if here.columns is not None:
        columns = {now: column for column, now in here.columns.items() if now is not None}
    return rows, columns


def back(mapped: Mapping[str, Any], sheet: str, ends: tuple[Spot, ...]) -> tuple[str, tuple[Spot, ...]]:
    """What a formula looks at, in the places of the twin."""
    title, (rows, columns) = mapped.get(sheet, (sheet, (None, None)))
    spots = (((rows or {}).get(row, row), (columns or {}).get(column, column)) for row, column in ends)
    return title, tuple(spots)


def moved(spelled: Spelling, mapped: Mapping[str, Any]) -> bool:
    """Does a formula look at a sheet that was renamed, or whose rows or columns have moved?"""
    changed = {title for now, (title, maps) in mapped.items() if now != title or maps != (None, None)}
    return any((look.sheet or "") in changed for look in spelled.looks)


def input_spots(twin: Twin) -> Mapping[str, set[Spot]]:
    """Input cells of each sheet of the twin."""
    found: dict[str, set[Spot]] = {}
    for stretch in stretches(twin.layout):
        spots = found.setdefault(stretch.sheet, set())
        spots |= {(row, stretch.column) for row in range(stretch.first, stretch.first + stretch.count)}
    return found


def same(one: Any, other: Any) -> bool:
    """Numbers to nine digits; a blank is an empty text; all else exactly."""
    one, other = (None if value == "" else value for value in (one, other))
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, float) or not isinstance(other, float):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=SAME, abs_tol=TINY)


def trimmed(value: Any) -> Any:
    """A calculated text without blanks at its ends, which not every program stores."""
    return value.strip() if isinstance(value, str) else value


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if value is None:
        return "nothing"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.6g}"
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:37]}...")  # noqa: PLR2004  a line of a terminal
