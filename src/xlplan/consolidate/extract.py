"""What consolidation takes of one plan: who it is of, what it costs by line and year, and what was odd about it."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xlplan.columns import Column
from xlplan.engine import evaluate
from xlplan.plan import Plan, Row
from xlplan.problems import PlanError, Problem
from xlplan.results import Results
from xlplan.scenarios import scenario_notes
from xlplan.workbook.cells import Book
from xlplan.workbook.compare import same, sheet_spot, shown
from xlplan.workbook.quick import quick_inputs
from xlplan.workbook.read import Inputs

Years = list[float]
"""Money of each budget year of a plan, in its reporting currency."""

STORED = ("cash", "plan_one_off_cost", "plan_recurring_cost", "plan_gap")
"""Totals whose stored values are compared with those of the engine."""

NAMED = rb'<definedName name="xlp_%s"[^>]*>\'?([^<!]+?)\'?!\$([A-Z]{1,3})\$(\d+)</definedName>'
SAVED = re.compile(rb"<dcterms:modified[^>]*>([^<]{1,40})<")
TINY = 1e-12
PROGRAMME, FIXED = "programme", "area"


@dataclass(frozen=True)
class Line:
    """A cost line: where it stands in its file, what it is, its money by year, and the share of each source."""

    id: str
    activity: str
    area_kind: str
    area: str
    category: str
    nature: str
    shared: str
    cell: str
    cost: Years
    one_off: Years
    gap: Years
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Extract:
    """One file as consolidation sees it; without a plan there are ``problems``. Money by budget year.

    ``own`` is the money of lines that no other plan carries: by what, by which entry, by year.
    """

    name: str
    hash: str
    problems: Sequence[Sequence[str]] = ()
    notes: Sequence[Sequence[str]] = ()
    plan: str = ""
    unit: str = ""
    country: str = ""
    title: str = ""
    digest: str = ""
    template: str = ""
    version: str = ""
    data_date: str = ""
    saved: str = ""
    currency: str = ""
    price_year: int = 0
    first_year: int = 0
    years: int = 0
    findings: int = 0
    sheet: str = ""
    total_cell: str = ""
    own: Mapping[str, Mapping[str, Years]] = field(default_factory=dict)
    lines: Sequence[Line] = ()

    @property
    def budget_years(self) -> range:
        return range(self.first_year, self.first_year + self.years)


def extract(name: str, data: bytes, hash: str) -> Extract:
    """What one file holds. Raises ``PlanError`` where it cannot be read as a plan, or costs what is no number."""
    spots: dict[str, tuple[str, str]] = {}
    core: list[bytes] = []

    def totals(parts: Mapping[str, bytes]) -> list[str]:
        spots.update(total_spots(parts.get("xl/workbook.xml", b"")))
        core.append(parts.get("docProps/core.xml", b""))
        return [sheet for sheet, _ in spots.values()]

    inputs, book = quick_inputs(name, data, totals)
    plan = inputs.plan()
    values = evaluate(plan)
    notes = stored_notes(inputs, book, spots, values)
    return extracted(inputs, plan, values, hash, notes, saved_time(core[-1]), spots)


def told(problem: Problem) -> Sequence[str]:
    return (problem.where, problem.found, problem.expected, problem.remedy)


def extracted(
    inputs: Inputs, plan: Plan, values: Mapping[str, Column], hash: str, notes: Sequence[Problem], saved: str,
    spots: Mapping[str, tuple[str, str]],
) -> Extract:  # fmt: skip
    lines = list(lines_of(inputs, plan, values))
    if not all(math.isfinite(number) for line in lines for number in line.cost):
        raise PlanError([Problem(inputs.name, "a cost that is no number", "numbers", "see xlplan check")])
    day = plan.settings.get("data_date")
    return Extract(
        inputs.name, hash, (), [told(note) for note in (*inputs.notes, *scenario_notes(plan), *notes)],
        plan=plan.id, unit=plan.text("unit"), country=plan.text("country"), title=plan.text("title"),
        digest=plan.digest, template=plan.template, version=inputs.places.version,
        data_date=str(day or ""), saved=saved,
        currency=plan.currency.strip().upper(),
        price_year=int(plan.number("price_year")), first_year=plan.first_year, years=plan.years,
        findings=Results(plan, values).finding_count, sheet=inputs.places.of("lines")[0].sheet,
        total_cell="!".join(spots.get("cash", ())),
        own=sums(line for line in lines if not line.shared), lines=lines,
    )  # fmt: skip


def lines_of(inputs: Inputs, plan: Plan, values: Mapping[str, Column]) -> Iterator[Line]:
    """Lines with a cost, in the order of their sheet."""
    cost, one_off, gap = (values[key].tolist() for key in ("cost", "one_off_cost", "line_gap"))
    funders = [str(row.get("label", row["id"])) for row in plan.rows("funders")]
    shares = np.nan_to_num(values["line_funder_share"]).tolist()
    programmes = {str(row["id"]): str(row.get("label", row["id"])) for row in plan.rows("programmes")}
    for number, row in enumerate(plan.rows("lines")):
        if any(cost[number]):
            area = str(row.get("area", ""))
            kind, area = (PROGRAMME, programmes[area]) if area in programmes else (FIXED, area)
            cell = inputs.cells.get(("lines", number, "activity")) or inputs.cells.get(("lines", number, "id"), "")
            yield Line(
                str(row["id"]), text(row, "activity"), kind, area, text(row, "category"), text(row, "nature"),
                text(row, "shared_activity").strip(), cell, cost[number], one_off[number], gap[number],
                {label: share for label, share in zip(funders, shares[number], strict=True) if share},
            )  # fmt: skip


def text(row: Row, key: str) -> str:
    return str(row.get(key, ""))


def sums(lines: Iterator[Line]) -> dict[str, dict[str, Years]]:
    """Money by ``all`` (cost, one_off, gap), area, category and source; what has no source stands under none."""
    found: dict[str, dict[str, Years]] = {"all": {}, "area": {}, "category": {}, "source": {}}
    for line in lines:
        for key in ("cost", "one_off", "gap"):
            add(found["all"], key, getattr(line, key))
        add(found["area"], f"{line.area_kind}:{line.area}", line.cost)
        add(found["category"], line.category, line.cost)
        rest = 1 - sum(line.shares.values())
        for source, share in (*line.shares.items(), *([("", rest)] if abs(rest) > TINY else [])):
            add(found["source"], source, line.cost, share)
    return found


def add(found: dict[str, Years], key: str, money: Years, share: float = 1) -> None:
    before = found.get(key)
    found[key] = [a + share * b for a, b in zip(before, money, strict=True)] if before else [share * b for b in money]


def total_spots(workbook: bytes) -> dict[str, tuple[str, str]]:
    """Sheet and cell of each total, by the names that move with the cells."""
    found = {}
    for quantity in STORED:
        match = re.search(NAMED % quantity.encode(), workbook)
        if match:
            found[quantity] = (match[1].decode().replace("''", "'"), f"{match[2].decode()}{match[3].decode()}")
    return found


def stored_notes(
    inputs: Inputs, book: Book, spots: Mapping[str, tuple[str, str]], values: Mapping[str, Any]
) -> list[Problem]:  # fmt: skip
    """A note for each total whose stored value is not what the engine finds from the inputs."""
    notes = []
    for quantity, (title, address) in spots.items():
        cells, spot, expected = book.sheets.get(title), sheet_spot(address), float(values[quantity].item())
        stored = cells.at(*spot) if cells else None
        if not same(expected, stored):
            words = f"the file shows {shown(stored)}; the engine finds {shown(expected)}, which is counted"
            remedy = "see xlplan verify for the cells that differ"
            notes.append(Problem(f"{inputs.name}, {title}!{address}", words, "the same total", remedy))
    return notes


def saved_time(core: bytes) -> str:
    """When a spreadsheet program last saved the file, as the file itself says."""
    match = SAVED.search(core)
    return match[1].decode("ascii", "replace") if match else ""
