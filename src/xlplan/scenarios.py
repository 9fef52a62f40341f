"""Scenarios: the plan as typed and with each named set of changes, side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem
from xlplan.results import Results


def in_scenario(plan: Plan, scenario: str) -> Plan:
    """The plan with another scenario in use; an empty id is the plan as typed. No input changes.

    Raises ``PlanError`` for a scenario that the plan does not have.
    """
    known = tuple(plan.places["scenarios"])
    if scenario and scenario not in known:
        expected = f"one of {', '.join(known)}" if known else "none, since the plan has no scenarios"
        raise PlanError([Problem(plan.id, f"no scenario {scenario!r}", expected, "correct the name")])
    return replace(plan, settings={**plan.settings, "scenario": scenario}) if scenario else plan.as_typed


def scenario_notes(plan: Plan) -> Iterator[Problem]:
    """Who reads figures of a scenario should know that they are not those of the plan as typed."""
    if plan.scenario:
        found = f"the scenario {scenario_label(plan, plan.scenario)!r} is in use, and all figures follow it"
        yield Problem(plan.id, found, "the plan as typed", "nothing, or empty the scenario on Settings")


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to in one scenario, money in the reporting currency; the plan as typed has an empty name.

    ``cost`` and ``gap`` are by budget year, ``statuses`` and ``opens`` by gate: status today and first open year, none
    where it never opens; ``findings`` counts the checks that fail.
    """

    scenario: str
    cost: Mapping[int, float]
    gap: Mapping[int, float]
    statuses: Mapping[str, str]
    opens: Mapping[str, int | None]
    present_value: float
    too_early: int
    findings: int

    @property
    def total(self) -> float:
        return sum(self.cost.values())

    @property
    def total_gap(self) -> float:
        return sum(self.gap.values())


def compared(plan: Plan) -> tuple[Outcome, ...]:
    """The plan as typed, then each of its scenarios."""
    return tuple(outcome(in_scenario(plan, id).evaluate()) for id in ("", *plan.places["scenarios"]))


def outcome(results: Results) -> Outcome:
    plan, totals = results.plan, results.totals
    years = [int(year) for year in plan.budget_years]
    opens = results.values["first_open_year"].ravel()
    return Outcome(
        plan.scenario,
        dict(zip(years, map(float, totals["cost"]), strict=True)),
        dict(zip(years, map(float, totals["gap"]), strict=True)),
        {gate: status for gate, (status, _) in results.gate_status.items()},
        {gate: None if np.isnan(year) else int(year) for gate, year in zip(plan.catalogue.gates, opens, strict=True)},
        results.number("present_value"),
        int(results.number("programmes_too_early")),
        int((results.checks["status"] == "finding").sum()),
    )


def scenario_label(plan: Plan, scenario: str) -> str:
    """Name of a scenario as the planner gave it; the plan as typed has one of ours."""
    return plan.labels["scenarios"][scenario] if scenario else plan.labels["words"]["as_typed"]


def comparison(plan: Plan) -> list[dict[str, Any]]:
    """The outcomes as plain values under stable keys."""
    return [dict(described(plan, found)) for found in compared(plan)]


def described(plan: Plan, found: Outcome) -> Iterator[tuple[str, Any]]:
    yield "scenario", found.scenario
    yield "label", scenario_label(plan, found.scenario)
    yield "total", found.total
    yield "gap", found.total_gap
    yield "present_value", found.present_value
    yield "cost_by_year", {str(year): cost for year, cost in found.cost.items()}
    yield "gap_by_year", {str(year): gap for year, gap in found.gap.items()}
    yield (
        "gates",
        {gate: {"status": found.statuses[gate], "first_open_year": found.opens[gate]} for gate in found.opens},
    )
    yield "programmes_too_early", found.too_early
    yield "checks_with_findings", found.findings
