"""Fingerprint: sums over everything that was typed, stored when the scenarios are compared and calculated ever after.

A sum tells that a number has changed, the products of neighbours that two have changed places. Words are counted by
their place in their list, answers by domain and round; what a change is about is kept as text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from openpyxl.utils import get_column_letter

from xlplan.changes import CHANGES
from xlplan.columns import Column
from xlplan.engine import evaluate
from xlplan.model import ANSWER_COUNTS, load_model
from xlplan.plan import Plan, Row
from xlplan.records import Axis, Catalogue
from xlplan.workbook.layout import Layout, Place, Shape
from xlplan.workbook.refs import Refs

Stored: TypeAlias = str | float

MORE = (
    *(id for id, *_ in ANSWER_COUNTS), "low_confidences", "level_place", "override_place", "has_override_reason",
    "has_waiver", "has_head_reason",
)  # fmt: skip
"""What follows from typed words that no quantity of their own holds."""

OUTSIDE = ("scenario_in_use", "answer_place", "confidence_place")


@dataclass(frozen=True)
class Trace:
    """One figure of the inputs: what it is about, its value when compared, and its formula."""

    label: str
    id: str
    unit: str
    stored: Stored
    formula: str


def typed_quantities(catalogue: Catalogue) -> tuple[str, ...]:
    """Quantities that hold what was typed and can change a result."""
    fields = (field for table in catalogue.tables.values() for field in table.fields)
    found = (field.quantity for field in fields if field.quantity)
    return tuple(id for id in (*found, *MORE) if id not in OUTSIDE)


def traces(layout: Layout, refs: Refs) -> Iterator[Trace]:
    """Every figure of the inputs of a workbook, with its value for the plan that it was made from."""
    plan = layout.shape.plan
    values = evaluate(plan)
    values["line_driver"] = drivers_chosen(layout.shape)
    for id in typed_quantities(plan.catalogue):
        yield from of_cells(id, load_model()[id].label, load_model()[id].unit, layout.places[id], values[id], refs)
    kinds = np.array([plan.places["change_kinds"][str(row["kind"])] for row in plan.rows("changes")], dtype=float)
    say = plan.catalogue.say
    yield from of_cells(
        "change_kind", say("Changes"), "place", layout.places["change_kind"], kinds.reshape(-1, 1), refs
    )
    yield from of_cells(
        "changes.values", say("Changes"), "factor", layout.places["changes.values"], change_values(plan), refs
    )
    keys = [key(plan, row) for row in plan.rows("changes")]
    place = layout.places["change_key"]
    for number in range(layout.shape.count("changes")):
        cell = refs.on(place, f"${refs.letter(place, 0)}${place.row + number}")
        yield Trace(say("Changes"), "change_key", "text", keys[number] if number < len(keys) else "", cell)


def drivers_chosen(shape: Shape) -> Column:
    """Place of each line's driver in the list of the workbook, which has spare rows in its middle."""
    plan, courses = shape.plan, list(shape.plan.places["courses"])
    places = dict(plan.places["drivers"])
    for measure, name in enumerate(plan.catalogue.lists["course_series"].ids):
        first = shape.count("drivers") + 1 + measure * shape.count("courses")
        places |= {f"{course}-{name}": first + number for number, course in enumerate(courses, 1)}
    return np.array([places.get(str(line.get("driver"))) for line in plan.rows("lines")], dtype=float).reshape(-1, 1)


def change_values(plan: Plan) -> Column:
    """Numbers of the changes, one column a scenario; blank as 0."""
    scenarios, given = tuple(plan.places["scenarios"]), [row.get("values") for row in plan.rows("changes")]
    cells = [[values.get(id) if isinstance(values, Mapping) else None for id in scenarios] for values in given]
    return np.array(cells, dtype=float).reshape(len(given), len(scenarios))


def key(plan: Plan, row: Row) -> str:
    """Words of a change and of its row, as the workbook puts them together."""
    kind, of = str(row["kind"]), row.get("row")
    table = CHANGES[kind].rows
    return plan.labels["change_kinds"][kind] + (plan.labels[table][str(of)] if table and of else "")


def of_cells(id: str, label: str, unit: str, place: Place, values: Column, refs: Refs) -> Iterator[Trace]:
    """Sum of a range, and the sum of the products of neighbours."""
    filled = np.zeros((place.rows, place.columns))
    filled[: values.shape[0], : values.shape[1]] = np.nan_to_num(values)
    yield Trace(label, id, unit, float(filled.sum()), f"SUM({area(place, refs)})")
    if place.axis != Axis():
        right = int(place.columns > 1)
        before, after = filled[:-1, : place.columns - right], filled[1:, right:]
        pair = f"{area(place, refs, (0, 0), (0, -right))},{area(place, refs, (1, right), (1, 0))}"
        yield Trace(label, id, unit, float((before * after).sum()), f"SUMPRODUCT({pair})")


def count_of_traces(shape: Shape) -> int:
    """How many figures there are: two for each range, one for a single cell, one for each change."""
    model, ids = load_model(), typed_quantities(shape.plan.catalogue)
    return sum(1 if model[id].axis == Axis() else 2 for id in ids) + 4 + shape.count("changes")


def area(place: Place, refs: Refs, start: tuple[int, int] = (0, 0), end: tuple[int, int] = (0, 0)) -> str:
    """The range of a place, its start and end moved by some rows and columns."""
    first = f"${get_column_letter(place.column + start[1])}${place.row + start[0]}"
    last = f"${get_column_letter(place.column + place.columns - 1 + end[1])}${place.row + place.rows - 1 + end[0]}"
    return refs.on(place, f"{first}:{last}")
