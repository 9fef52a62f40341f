"""Choices: what each line costs and takes by the year in which it begins, as the engine calculates it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from xlplan.columns import Column
from xlplan.engine import evaluate
from xlplan.path.aim import Aim, Raise
from xlplan.path.task import Choice
from xlplan.plan import Plan, Row
from xlplan.reported import day_number
from xlplan.resize import in_year

OFF, UNFUNDED, FUNDED = "off", "unfunded", "funded"
LACKS = ("lacks_quantity", "lacks_price", "lacks_exchange_rate", "lacks_driver_value", "lacks_life")
"""Flags of a line whose cost the plan does not know."""

BEGIN = ("typed_on", "typed_first_year", "line_start")
"""What says whether and when a line begins."""

SOURCE: Row = {"id": "source-to-find", "label": "Source to find"}
"""Stands in for a funding source in trials; no plan that is written has it."""


@dataclass(frozen=True)
class Trial:
    """The plan with every domain of the aim at its level, whoever brings that about, and variants of single lines.

    Levels decide how much assistance tapers; with them settled, each line adds its own cost whatever else is chosen.
    Money that a line needs less in some year is never netted against what it needs more in another.
    """

    plan: Plan
    aim: Aim

    @cached_property
    def raised(self) -> Plan:
        return with_source(with_markers(with_targets(self.plan, self.aim), self.aim))

    @cached_property
    def values(self) -> Mapping[str, Column]:
        return evaluate(self.raised)

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {str(row["id"]): n for n, row in enumerate(self.raised.rows("lines"))}

    def line(self, line: str) -> Row:
        return self.raised.rows("lines")[self.places[line]]

    def state(self, line: str) -> str:
        """Is the line out of the plan, without a source, or funded?"""
        place = self.places[line]
        if not self.values["is_on"][place, 0]:
            return OFF
        return FUNDED if self.values["funded_share"][place, 0] > 0 else UNFUNDED

    def first(self, line: str) -> int:
        """First year of the line as typed, else of the plan."""
        return int(self.values["first_active_year"][self.places[line], 0])

    def variants(self, line: str, years: tuple[int, ...]) -> Mapping[str, Column]:
        """Every quantity with the line on, funded, and begun in each of the years."""
        place, count = self.places[line], len(years)
        inputs = {id: np.repeat(self.values[id][None], count, 0) for id in BEGIN}
        shares = np.repeat(self.values["line_funder_share"][None], count, 0)
        if not np.nansum(shares[0, place]) > 0:
            shares[:, place, 0] = 1.0
        inputs["typed_on"][:, place, 0] = self.raised.places["switch"]["yes"]
        inputs["typed_first_year"][:, place, 0] = years
        day = self.line(line).get("start")
        if isinstance(day, date):
            inputs["line_start"][:, place, 0] = [day_number(in_year(day, year)) for year in years]
        return evaluate(self.raised, inputs | {"line_funder_share": shares})

    def choices(self, line: str, last: int) -> tuple[Choice, ...] | None:
        """The line begun in each year up to the last: as planned, earlier where it is on, whenever where it is off.

        None where the plan does not know what it costs.
        """
        years = self.starts(line, last)
        found, place = self.variants(line, years), self.places[line]
        if not self.is_priced(found, place):
            return None
        costs = found["total_cost"][:, 0] - self.values["total_cost"][0]
        if self.state(line) == UNFUNDED:
            costs = costs + self.values["cost"][place]
        days = found["team_days_needed"][:, 0] - self.values["team_days_needed"][0]
        begins = found["strengthens_from"][:, place, 0]
        told = zip(years, costs, days, begins, strict=True)
        return tuple(Choice(line, y, cents(np.maximum(cost, 0)), cents(more)) for y, cost, more, at in told if at == y)

    def starts(self, line: str, last: int) -> tuple[int, ...]:
        """Years in which the line may begin."""
        state, first = self.state(line), self.first(line)
        if state == OFF:
            return tuple(year for year in self.plan.budget_years if year <= last)
        return (*(year for year in self.plan.budget_years if year <= last and year < first), first)

    def is_priced(self, found: Mapping[str, Column], place: int) -> bool:
        """Does the plan know what the line costs, and does that not hang on what other lines cost?"""
        lacks = any(found[flag].reshape(-1, len(self.places))[0, place] for flag in LACKS)
        return not lacks and bool(np.isnan(found["line_base"][place, 0]))


def cents(amounts: Column) -> tuple[float, ...]:
    """Differences without the noise of their last digits."""
    return tuple(round(float(amount), 6) + 0.0 for amount in amounts)


def with_targets(plan: Plan, aim: Aim) -> Plan:
    """The plan with the levels that the aim needs as targets, each from the year of the aim."""
    wanted: dict[str, Row] = {
        r.domain: {"target": aimed_level(plan, r, aim.year), "year": aim.year} for r in aim.raises
    }
    rows = [{**row, **wanted.pop(str(row["foundation"]), {})} for row in plan.rows("targets")]
    rows += [{"foundation": domain, **more} for domain, more in wanted.items()]
    return replace(plan, tables=dict(plan.tables) | {"targets": tuple(rows)})


def aimed_level(plan: Plan, raised: Raise, year: int) -> str:
    """The level that the domain needs, or the higher one that the plan wanted by then without paying for it."""
    levels, row = plan.catalogue.lists["levels"].ids, target_of(plan, raised.domain)
    level, by = str(row.get("target", "")), row.get("year")
    timely = level in levels and isinstance(by, int) and by <= year
    return level if timely and levels.index(level) + 1 >= raised.needed else levels[raised.needed - 1]


def target_of(plan: Plan, domain: str) -> Row:
    """The target that the plan has for the domain."""
    return next((row for row in plan.rows("targets") if row["foundation"] == domain), {})


def with_markers(plan: Plan, aim: Aim) -> Plan:
    """The plan with a line for each domain of the aim that costs nothing, so that its target holds."""
    category = plan.catalogue.lists["categories"].ids[0]
    shares = {str(row["id"]): 1.0 for row in plan.rows("funders")[:1]} or {str(SOURCE["id"]): 1.0}
    marker: Row = {"activity": "-", "category": category, "nature": "recurring", "quantity_1": 0, "shares": shares}
    taken = {str(row["id"]) for row in plan.rows("lines")}
    rows = [{**marker, "id": unused(f"raised-{r.domain}", taken), "area": r.domain} for r in aim.raises]
    return replace(plan, tables=dict(plan.tables) | {"lines": (*plan.rows("lines"), *rows)})


def unused(id: str, taken: Collection[str]) -> str:
    return id if id not in taken else unused(f"{id}-", taken)


def with_source(plan: Plan) -> Plan:
    """The plan with at least one funding source."""
    funders = plan.rows("funders") or (SOURCE,)
    return replace(plan, tables=dict(plan.tables) | {"funders": funders})
