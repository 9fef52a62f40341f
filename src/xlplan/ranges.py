"""Ranges: what a plan may cost, by seeded draws of its prices and drivers through the whole engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xlplan.columns import Column
from xlplan.engine import evaluate, recalculate
from xlplan.plan import Plan
from xlplan.ranged import RangedInput, overrides, ranged_inputs, triangles
from xlplan.sampling import draws

DRAWS, SEED = 10_000, 1
SHEET_DRAWS = 2_000
"""Draws of a workbook, which is made while a person waits."""

BLOCK = 50
"""Draws calculated at once: few enough for the memory near the processor."""

PERCENTS = (10, 50, 90)
LARGEST = 10
"""Inputs that the tornado shows."""

HOW = (
    "{draws} draws, seed {seed}: {count} prices and drivers vary; "
    "lines that depend on them are {share} of the cost as planned."
)
"""How the figures were drawn, in one sentence."""


@dataclass(frozen=True)
class Swing:
    """Total cost of the plan with one input at its lowest and at its highest, all others as planned."""

    input: RangedInput
    low: float
    high: float

    @property
    def width(self) -> float:
        return abs(self.high - self.low)


@dataclass(frozen=True)
class Ranges:
    """What a plan may cost, money in the reporting currency; columns are the years and, last, the whole plan.

    ``cost`` and ``gap`` have a row for each of ``PERCENTS``: the amount that is not exceeded with this chance.
    ``enough`` is the chance that committed money of all sources pays the cost, ``no_gap`` that no source and line
    is short of it. ``covered`` is the share of the cost in lines that depend on a range.
    """

    plan: Plan
    seed: int
    draws: int
    inputs: tuple[RangedInput, ...]
    base: Column
    committed: Column
    cost: Column
    gap: Column
    enough: Column
    no_gap: Column
    swings: tuple[Swing, ...]
    covered: float


def ranges(plan: Plan, count: int = DRAWS, seed: int = SEED) -> Ranges:
    """Draw all ranged prices and drivers ``count`` times and calculate the plan for each draw.

    Raises ``PlanError`` for a value outside its range.
    """
    inputs, values = ranged_inputs(plan), evaluate(plan)
    cost, gap = drawn(plan, values, inputs, count, seed)
    committed, tolerance = with_total(values["total_committed"]), values["money_tolerance"].item()
    return Ranges(
        plan, seed, count, inputs,
        base=with_total(values["total_cost"])[0],
        committed=committed[0],
        cost=np.percentile(cost, PERCENTS, axis=0),
        gap=np.percentile(gap, PERCENTS, axis=0),
        enough=(cost <= committed + tolerance).mean(axis=0),
        no_gap=(gap <= tolerance).mean(axis=0),
        swings=largest(swings(values, inputs)),
        covered=covered(values, inputs),
    )  # fmt: skip


def drawn(
    plan: Plan, values: Mapping[str, Column], inputs: Sequence[RangedInput], count: int, seed: int
) -> tuple[Column, Column]:
    """Cost and gap of each draw (draw, year and total)."""
    correlation = plan.catalogue.constants["range_correlation"].value
    blocks = draws(triangles(inputs), correlation, count, seed, BLOCK) if inputs else iter([np.empty((1, 0))])
    found = [recalculate(values, overrides(values, inputs, b), ("total_cost", "funding_gap")) for b in blocks]
    return joined([f["total_cost"] for f in found]), joined([f["funding_gap"] for f in found])


def joined(blocks: Sequence[Column]) -> Column:
    """Blocks of (draw, 1, year), or of (1, year) where nothing was drawn, one below the other and with their totals."""
    return with_total(np.concatenate([np.atleast_3d(block).reshape(-1, block.shape[-1]) for block in blocks]))


def with_total(years: Column) -> Column:
    return np.concatenate([years, years.sum(axis=-1, keepdims=True)], axis=-1)


def swings(values: Mapping[str, Column], inputs: Sequence[RangedInput]) -> Iterator[Swing]:
    """Each input alone at its ends."""
    ends, base = triangles(inputs), np.array([one.base for one in inputs])
    count = len(inputs)
    turned = np.tile(base, (2 * count, 1))
    turned[range(count), range(count)] = ends.low
    turned[range(count, 2 * count), range(count)] = ends.high
    costs = np.concatenate([
        recalculate(values, overrides(values, inputs, turned[first : first + BLOCK]), ("cash",))["cash"].ravel()
        for first in range(0, 2 * count, BLOCK)
    ]) if inputs else np.empty(0)  # fmt: skip
    yield from map(Swing, inputs, costs[:count].tolist(), costs[count:].tolist())


def largest(found: Iterable[Swing]) -> tuple[Swing, ...]:
    """Those that move the cost most, the widest first; what moves nothing is none of them."""
    moving = (swing for swing in found if swing.width > 0)
    return tuple(sorted(moving, key=lambda swing: -swing.width)[:LARGEST])


def covered(values: Mapping[str, Column], inputs: Sequence[RangedInput]) -> float:
    """Share of the cost in lines that change when every input goes to an end of its range."""
    total = values["cash"].item()
    if not inputs or total <= 0:
        return 0.0
    ends = triangles(inputs)
    far = overrides(values, inputs, np.stack([ends.low, ends.high]))
    changed = (recalculate(values, far, ("line_cost",))["line_cost"] != values["line_cost"]).any(axis=0)
    return float(values["line_cost"][changed].sum() / total)


def said(found: Ranges) -> str:
    """How the figures were drawn, in one sentence."""
    words = found.plan.catalogue.say(HOW)
    draws_said = f"{found.draws:,}".replace(",", " ")
    return words.format(draws=draws_said, seed=found.seed, count=len(found.inputs), share=f"{found.covered:.0%}")
