"""Results in the words of a reader: levels, gate statuses, sentences, and figures of the plan's language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan

import numpy as np

from xlplan.columns import Column as Values
from xlplan.drawn import Drawn
from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.report.content import Cell, Column, Table
from xlplan.report.figures import Figures
from xlplan.results import Results

YEARS_BESIDE = 8
"""Year columns that one landscape page holds; a longer plan goes on in a second table."""

STATUS_TONES = ("bad", "unknown", "fair", "good")


@dataclass(frozen=True)
class YearRow:
    """A quantity over the years; ``total`` and ``share`` are NaN where there is none."""

    label: str
    values: tuple[float, ...]
    total: float = float("nan")
    unit: str = "money/year"
    strong: bool = False


@dataclass(frozen=True)
class View:
    """A plan's results as they are told to a reader, and the ranges that its workbook shows, if it has one."""

    results: Results
    stored: Drawn | None = None

    @property
    def plan(self) -> Plan:
        return self.results.plan

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.plan.language)

    def say(self, text: str) -> str:
        return self.plan.catalogue.say(text)

    @property
    def currency(self) -> str:
        """Name of the reporting currency."""
        return self.plan.currency

    @property
    def has_cost(self) -> bool:
        return self.results.number("cash") > 0

    def word(self, id: str) -> str:
        """A word that sentences are put together from."""
        return self.plan.labels["words"][id]

    def named(self, label: str, text: str) -> str:
        """A text after what it is about."""
        return self.say("{label}: {text}").format(label=label, text=text)

    def every_figure(self, title: str, rows: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
        """Alternative text of a chart: its title, then each of its labels with the figures that have a name there."""
        said = (self.named(label, ", ".join(f"{name} {told}" for name, told in figures)) for label, figures in rows)
        return f"{title}. {'; '.join(said)}."

    def label(self, quantity: str) -> str:
        return self.say(load_model()[quantity].label)

    def domain(self, id: str) -> str:
        """Name of a domain or programme."""
        known = self.plan.catalogue.domains.get(id)
        return known.label if known else self.plan.labels["programmes"][id]

    def band(self, id: str) -> str:
        """Name of the kind of domain."""
        known = self.plan.catalogue.domains.get(id)
        if known:
            return self.plan.catalogue.bands[known.band].label
        row = next(row for row in self.plan.rows("programmes") if row["id"] == id)
        band = self.plan.catalogue.bands.get(str(row.get("band", "")))
        return band.label if band else ""

    def level(self, id: str) -> Cell:
        """A maturity level in words; what is not assessed says so."""
        ids = self.plan.catalogue.lists["levels"].ids
        if id not in ids:
            return Cell(self.word("not_assessed"), "unknown")
        return Cell(self.plan.labels["levels"][id], tone_of(ids.index(id), len(ids)))

    def level_at(self, place: float) -> Cell:
        """The level at a place of its list, 1 for the lowest."""
        ids = self.plan.catalogue.lists["levels"].ids
        return self.level(ids[int(place) - 1] if place > 0 else "")

    def evidence(self, id: str) -> str:
        """What was typed as evidence of a level in the round in use."""
        round, rows = self.plan.text("current_round"), self.plan.rows("levels")
        return next((str(r.get("evidence", "")) for r in rows if (r["domain"], r["round"]) == (id, round)), "")

    def status(self, id: str) -> Cell:
        """A gate status in words."""
        ids = self.plan.catalogue.lists["statuses"].ids
        if id not in ids:
            return Cell(self.say("kind of data not chosen"), "unknown")
        return Cell(self.plan.labels["statuses"][id], STATUS_TONES[ids.index(id)])

    def blocked(self, blocker: Mapping[str, str]) -> str:
        """A domain, its level, and the level that a gate needs of it."""
        found, needed = self.level(blocker["level"]).text, self.level(blocker["needed"]).text
        return f"{self.domain(blocker['domain'])}{self.word('is')}{found}{self.word('needs')}{needed}"

    def blockers(self, gate: str) -> str:
        """All that keeps a gate from its next status, in sentences; empty where nothing does."""
        found = [self.blocked(blocker) for blocker in self.results.gate_status[gate][1]]
        return f"{self.word('stop').join(found)}." if found else ""

    def money(self, value: float) -> str:
        return self.figures.number(value)

    def row(self, quantity: str, total: str = "", label: str = "", *, strong: bool = False) -> YearRow:
        """A plan-wide quantity over the years, with its total over the plan."""
        values = tuple(self.results.values[quantity].ravel()) if quantity else (np.nan,) * self.plan.years
        unit = load_model()[quantity or total].unit
        return YearRow(
            self.say(label) if label else self.label(quantity or total),
            values,
            self.results.number(total) if total else np.nan,
            unit,
            strong=strong,
        )

    def rows_of(self, values: Values, labels: tuple[str, ...]) -> Iterator[YearRow]:
        """One row for each label that has any cost."""
        for label, row in zip(labels, values, strict=True):
            if np.nansum(np.abs(row)) > 0:
                yield YearRow(label, tuple(row), float(np.nansum(row)))

    def year_tables(self, caption: str, head: str, rows: tuple[YearRow, ...], whole: float = 0) -> Iterator[Table]:
        """Rows by year, in as many tables as their years need; totals, and shares of ``whole``, stand in the last."""
        strong = frozenset(number for number, row in enumerate(rows) if row.strong)
        for shown, years, part in self.year_parts():
            more = self.total_columns(rows, whole) if shown.stop >= self.plan.years else ()
            columns = (Column(head), *(Column(year, "number") for year in years), *more)
            cells = tuple(self.year_cells(row, shown, len(more), whole) for row in rows)
            yield Table(f"{caption}{part}", columns, cells, strong)

    def year_parts(self) -> Iterator[tuple[slice, list[str], str]]:
        """Years that stand beside each other: which, their names, and what the caption adds where not all do."""
        years = [str(year) for year in self.plan.budget_years]
        for first in range(0, len(years), YEARS_BESIDE):
            shown = slice(first, first + YEARS_BESIDE)
            part = f" ({years[shown][0]}-{years[shown][-1]})" if len(years) > YEARS_BESIDE else ""
            yield shown, years[shown], part

    def total_columns(self, rows: tuple[YearRow, ...], whole: float) -> tuple[Column, ...]:
        total = (Column(self.say("Total"), "number"),) if any(not isnan(row.total) for row in rows) else ()
        return (*total, Column(self.say("Share"), "number")) if whole else total

    def year_cells(self, row: YearRow, shown: slice, more: int, whole: float) -> tuple[Cell, ...]:
        figures = [self.figures.of_unit(value, row.unit) for value in row.values[shown]]
        figures += [self.figures.of_unit(row.total, row.unit)] * (more > 0)
        figures += [self.figures.share(row.total / whole)] if more > 1 else []
        return (Cell(row.label), *map(Cell, figures))


def tone_of(number: int, count: int) -> str:
    """From worst to best: the first is bad, the last good, all between fair."""
    return "bad" if number == 0 else "good" if number == count - 1 else "fair"
