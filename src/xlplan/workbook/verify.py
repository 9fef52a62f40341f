"""A returned workbook against the template and the engine: formulas, stored values, words, inputs."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.checking import Raw, check_plan
from xlplan.files import Package
from xlplan.plan import Plan, Row
from xlplan.problems import PlanError, Problem
from xlplan.repair import Repair, repaired, storable, unreadable
from xlplan.workbook.cells import Book, read_cells
from xlplan.workbook.compare import FRESH, Comparison, same, shown
from xlplan.workbook.places import places
from xlplan.workbook.read import Inputs, inputs_of
from xlplan.workbook.twin import Aligned, Twin, alignment, twin_of

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
    rows: dict[str, tuple[Row, ...]] = {
        table: tuple({key: storable(value) for key, value in row.items()} for row in rows)
        for table, rows in tables.items()
    }
    settings = rows.pop("settings")[0]
    places = inputs.places
    return Plan(places.plan, places.years, settings, rows, catalogue, origin=places.origin)


class _Judge:
    def __init__(self, inputs: Inputs, book: Book) -> None:
        self.inputs, self.book, self.name = inputs, book, inputs.name
        self.problems: list[Problem] = [problem for problem, _ in inputs.troubles]
        self.notes = list(inputs.notes)
        self.comparison = Comparison(inputs, book)
        self.totals = 0

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
            self.comparison.compare(twin, aligned)
            self.problems += self.comparison.all_problems()
            self.notes += self.comparison.notes
            if plan:
                self.compare_totals(plan, twin, aligned)
        return Verdict(
            self.name, tuple(dict.fromkeys(self.problems)), tuple(dict.fromkeys(self.notes)),
            None if inputs.troubles or repairs else plan, kept, inputs.places.lines, tuple(repairs),
            self.comparison.formulas, self.comparison.values, self.totals,
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
                    problem = Problem(self.comparison.at(here.title, now), words, "the same total", FRESH)
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
