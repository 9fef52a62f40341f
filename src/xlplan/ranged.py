"""Ranged inputs: prices and drivers with a lowest and a highest value, typed or by their confidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xlplan.columns import Column
from xlplan.plan import Plan, Row
from xlplan.problems import Problem, refuse
from xlplan.sampling import Triangles

DRIVERS = "drivers"


@dataclass(frozen=True)
class RangedInput:
    """A price in its own currency, or the factor of a whole driver series: lowest, typed and highest value.

    ``group`` says with what it moves: the category of the first line that pays the price, or the drivers.
    """

    table: str
    row: int
    label: str
    low: float
    base: float
    high: float
    group: str

    @property
    def is_sure(self) -> bool:
        return self.low == self.base == self.high


def ranged_inputs(plan: Plan) -> tuple[RangedInput, ...]:
    """Every price that a line pays and every driver that has a range.

    Raises ``PlanError`` for a value outside its range, and for a range without a value.
    """
    found = tuple(inputs_of(plan))
    refuse(problem for one in found for problem in problems(plan, one))
    return tuple(one for one in found if not one.is_sure)


def inputs_of(plan: Plan) -> Iterator[RangedInput]:
    spreads = {entry.id: entry.values["spread"] for entry in plan.catalogue.lists["grades"].entries}
    payers = [line for line in plan.rows("lines") if "price" in line and "unit_cost" not in line]
    groups = {str(line["price"]): str(line.get("category", "")) for line in reversed(payers)}
    for number, row in enumerate(plan.rows("prices")):
        if row["id"] in groups and ("unit_cost" in row or "low" in row or "high" in row):
            base = float(row.get("unit_cost", np.nan))  # type: ignore[arg-type]
            yield ranged("prices", number, row, base, spreads, groups[str(row["id"])])
    for number, row in enumerate(plan.rows(DRIVERS)):
        yield ranged(DRIVERS, number, row, 1.0, spreads, DRIVERS)


def ranged(table: str, number: int, row: Row, base: float, spreads: Mapping[str, float], group: str) -> RangedInput:
    spread = spreads.get(str(row.get("confidence")), 0.0)
    low, high = row.get("low", base * (1 - spread)), row.get("high", base * (1 + spread))
    return RangedInput(table, number, str(row.get("label", row["id"])), float(low), base, float(high), group)  # type: ignore[arg-type]


def problems(plan: Plan, one: RangedInput) -> Iterator[Problem]:
    """What keeps a range from being one."""
    where = f"{plan.id}, {plan.catalogue.tables[one.table].label}, {one.label}"
    if np.isnan(one.base):
        yield Problem(where, "a range without a unit cost", "the most likely price", "type the unit cost")
    if one.low > one.base:
        yield Problem(where, f"lowest is {one.low:,.12g}", f"at most {one.base:,.12g}", "correct lowest or the value")
    if one.high < one.base:
        yield Problem(
            where, f"highest is {one.high:,.12g}", f"at least {one.base:,.12g}", "correct highest or the value"
        )


def triangles(inputs: Sequence[RangedInput]) -> Triangles:
    """The inputs as columns, their groups numbered."""
    groups = sorted({one.group for one in inputs})
    low, mode, high = np.array([(one.low, one.base, one.high) for one in inputs], dtype=float).reshape(-1, 3).T
    return Triangles(low, mode, high, np.array([groups.index(one.group) for one in inputs], dtype=int))


def overrides(values: Mapping[str, Column], inputs: Sequence[RangedInput], drawn: Column) -> Mapping[str, Column]:
    """Typed numbers of each variant, where ``drawn`` (variant, input) stands for the values of the inputs."""
    is_driver = np.array([one.table == DRIVERS for one in inputs], dtype=bool)
    rows = np.array([one.row for one in inputs], dtype=int)
    price = np.repeat(values["typed_price"][None], len(drawn), axis=0)
    price[:, rows[~is_driver], 0] = drawn[:, ~is_driver]
    factor = np.ones((len(drawn), len(values["typed_driver_value"]), 1))
    factor[:, rows[is_driver], 0] = drawn[:, is_driver]
    wanted = {"typed_price": price} if not is_driver.all() else {}
    return wanted | ({"typed_driver_value": values["typed_driver_value"] * factor} if is_driver.any() else {})


def sum_of_ends(plan: Plan) -> float:
    """Sum of all lowest and highest figures that are typed: changes when one of them does."""
    rows = (*plan.rows("prices"), *plan.rows(DRIVERS))
    ends = [float(row[end]) for row in rows for end in ("low", "high") if end in row]  # type: ignore[arg-type]
    return sum(ends, 0.0)


def uses_of_confidence(plan: Plan) -> Mapping[str, int]:
    """How many prices and drivers have each confidence, used by a line or not."""
    typed = [row.get("confidence") for row in (*plan.rows("prices"), *plan.rows(DRIVERS))]
    return {id: typed.count(id) for id in plan.catalogue.lists["grades"].ids}
