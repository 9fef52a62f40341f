"""A returned workbook against the template and the engine: formulas, stored values, words, inputs."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from xlplan.checking import Raw, check_plan
from xlplan.files import Package
from xlplan.plan import Plan, Row
from xlplan.problems import PlanError, Problem
from xlplan.repair import Repair, repaired, unreadable
from xlplan.workbook.cells import Book, Cells, Spot, read_cells
from xlplan.workbook.manifest import TITLE, stretches
from xlplan.workbook.places import places
from xlplan.workbook.read import Inputs, inputs_of
from xlplan.workbook.spelling import Spelling, address, areas, said, spellings
from xlplan.workbook.twin import Aligned, Twin, alignment, twin_of

SAME, TINY = 1e-9, 1e-6
MOST_TOLD = 5
"""Formulas of one kind that are told one by one; the others of the sheet are counted."""

HEAD_ROWS = 4

FRESH = "make a fresh workbook with xlplan verify --fix"
TOTALS = (
    "total_cost", "total_one_off_cost", "total_recurring_cost", "total_confirmed", "funding_gap",
    "cash", "present_value", "plan_gap", "plan_one_off_cost", "plan_recurring_cost",
)  # fmt: skip
"""Quantities of the whole plan, and of each year, that are compared with the Python engine as well."""


@dataclass(frozen=True)
class Verdict:
    """What was found in a returned workbook.

    ``plan`` is there where every input can be read; ``kept`` has every value that was typed, right or not, and is there
    where a fresh workbook can be made. ``formulas``, ``values`` and ``totals`` count what was compared.
    """

    name: str
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    plan: Plan | None = None
    kept: Plan | None = None
    lines: int = 0
    repairs: tuple[Repair, ...] = ()
    formulas: int = 0
    values: int = 0
    totals: int = 0

    @property
    def outcome(self) -> str:
        """``accepted``, ``accepted with warnings`` or ``quarantined``; problems of formulas leave inputs accepted."""
        if self.plan is None:
            return "quarantined"
        return "accepted with warnings" if self.problems or self.notes else "accepted"


def verify(package: Package) -> Verdict:
    """Compare a workbook with its template and the engine. Nothing is raised: what is wrong stands in the verdict."""
    try:
        book = read_cells(package)
        inputs = inputs_of(package.name, book, places(package.name, book), package.notes)
    except PlanError as error:
        return Verdict(package.name, error.problems, package.notes)
    return _Judge(inputs, book).verdict()


def kept_plan(inputs: Inputs, tables: Raw) -> Plan:
    """The plan with every value as it was typed, right or not; for making workbooks, not for calculating."""
    catalogue = inputs.places.catalogue
    rows: dict[str, tuple[Row, ...]] = {table: tuple(rows) for table, rows in tables.items() if table != "settings"}
    places = inputs.places
    return Plan(places.plan, places.years, tables["settings"][0], rows, catalogue, origin=places.origin)


class _Judge:
    def __init__(self, inputs: Inputs, book: Book) -> None:
        self.inputs, self.book, self.name = inputs, book, inputs.name
        self.problems: list[Problem] = [problem for problem, _ in inputs.troubles]
        self.notes = list(inputs.notes)
        self.stale: list[Problem] = []
        self.heads: list[Problem] = []
        self.formulas = self.values = self.totals = 0

    def verdict(self) -> Verdict:
        inputs, catalogue = self.inputs, self.inputs.places.catalogue
        tables, repairs = repaired(inputs.tables, inputs.where, catalogue)
        self.problems += [repair.problem for repair in repairs]
        plan = self.checked_plan(tables)
        lost = any(not kept for _, kept in inputs.troubles) or any(unreadable(tables, catalogue))
        kept = None if lost else kept_plan(inputs, tables)
        shape = plan or kept
        self.problems += removed_rows(inputs)
        if shape:
            twin = twin_of(inputs, shape)
            aligned = alignment(inputs, twin, self.book)
            self.compare(twin, aligned)
            self.problems += [*self.stale, *merged(self.heads)]
            if plan:
                self.compare_totals(plan, twin, aligned)
        return Verdict(
            self.name, tuple(dict.fromkeys(self.problems)), tuple(dict.fromkeys(self.notes)),
            None if inputs.troubles or repairs else plan, kept, inputs.places.lines, tuple(repairs),
            self.formulas, self.values, self.totals,
        )  # fmt: skip

    def checked_plan(self, tables: Raw) -> Plan | None:
        """The plan after repairs, if it is one."""
        places, filled = self.inputs.places, {table: [*rows] for table, rows in tables.items() if rows}
        try:
            return check_plan(places.plan, places.years, filled, self.inputs.where, places.catalogue)
        except PlanError as error:
            told = {problem.where for problem in self.problems}
            self.problems += [problem for problem in error.problems if problem.where not in told]
            return None

    def at(self, title: str, spot: Spot) -> str:
        return f"{self.name}, {title}!{address(spot)}"

    # ------------------------------------------------------------------------------------------------ cells

    def compare(self, twin: Twin, aligned: Mapping[str, Aligned]) -> None:
        typed = input_spots(twin)
        mapped = {a.title: (title, turned(a)) for title, a in aligned.items()}
        for title in twin.book.titles:
            if title == TITLE:
                continue
            if title not in aligned or aligned[title].title not in self.book.sheets:
                self.problems.append(Problem(f"{self.name}, {title}", "this sheet is gone", "every sheet", FRESH))
            else:
                self.compare_sheet(title, twin, aligned[title], mapped, typed.get(title, set()))

    def compare_sheet(self, title: str, twin: Twin, here: Aligned, mapped: Mapping[str, Any], typed: set[Spot]) -> None:
        own, cells = twin.book.sheets[title], self.book.sheets[here.title]
        if here.title != title:
            words = f"the sheet {title} is now called {here.title}", "sheets under their own names"
            self.notes.append(Problem(f"{self.name}, {here.title}", *words, "nothing, or rename it back"))
        expected, found = spellings(own), spellings(cells)
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
            elif now not in cells.hollow:
                self.values += 1
                if not same(trimmed(own.values.get(spot)), trimmed(cells.values.get(now))):
                    other_values.append((now, cells.values.get(now), own.values.get(spot)))
        self.problems += [problem for kind in wrongs.values() for problem in bounded(kind)]
        self.tell_values(here.title, other_values)
        self.tell_hollow(here.title, cells, len(typed))
        self.tell_words(title, here, own, cells, typed)

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

    def tell_hollow(self, title: str, cells: Cells, inputs: int) -> None:
        if cells.hollow and not inputs:
            words = f"{len(cells.hollow)} formulas without a stored value", "a value in every formula cell"
            self.notes.append(Problem(f"{self.name}, {title}", *words, "run xlplan calc"))

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

    # ------------------------------------------------------------------------------------------------ totals

    def compare_totals(self, plan: Plan, twin: Twin, aligned: Mapping[str, Aligned]) -> None:
        """Totals as the Python engine finds them, from the inputs as they were read."""
        values = plan.evaluate().values
        for quantity in TOTALS:
            place = twin.layout.places[quantity]
            title = twin.layout.title(place.sheet)
            if title not in aligned:
                continue
            here, cells = aligned[title], self.book.sheets[aligned[title].title]
            for number, expected in enumerate(values[quantity].ravel().tolist()):
                now = here.spot(place.row, place.column + number * place.stride)
                if now is None or now in cells.hollow:
                    continue
                self.totals += 1
                if not same(None if math.isnan(expected) else expected, cells.values.get(now)):
                    words = f"shows {shown(cells.values.get(now))}; the engine finds {shown(expected)} from its inputs"
                    problem = Problem(self.at(here.title, now), words, "the same total", FRESH)
                    if not any(p.where == problem.where for p in self.problems):
                        self.problems.append(problem)


def removed_rows(inputs: Inputs) -> Iterator[Problem]:
    """Tables of which a row is gone, with whatever was typed in it."""
    for table, rows in inputs.rows.items():
        block = inputs.places.of(table)[0]
        left = sum(1 for _, id in rows if id)
        if left < block.count and table != "settings":
            found = f"{block.count - left} of {block.count} rows of the table were removed, or have lost their id"
            remedy = "see in an earlier copy what stood there; " + FRESH
            yield Problem(f"{inputs.name}, {block.sheet}", found, "every row as xlplan made it", remedy)


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
