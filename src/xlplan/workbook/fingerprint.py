"""Fingerprint: sums over everything that was typed, stored when the scenarios are compared and calculated ever after.

Each column of inputs has a sum in which its first row counts once, its second twice and so on, so that two numbers that
change places are seen. Words are counted by their place in their list, answers by domain and round; what a change is
about is kept as text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

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
    stored: Stored
    formula: str


def typed_quantities(catalogue: Catalogue) -> tuple[str, ...]:
    """Quantities that hold what was typed and can change a result."""
    fields = (field for table in catalogue.tables.values() for field in table.fields)
    found = (field.quantity for field in fields if field.quantity)
    return tuple(id for id in (*found, *MORE) if id not in OUTSIDE)


def columns_of(shape: Shape, id: str) -> int:
    """Columns that a quantity has in the workbook."""
    columns = load_model()[id].axis.columns
    return shape.count(columns) if columns else 1


def count_of_traces(shape: Shape) -> int:
    """How many figures there are: one for each column of inputs, for each scenario and for each change."""
    columns = sum(columns_of(shape, id) for id in typed_quantities(shape.plan.catalogue))
    return columns + shape.count("scenario") + shape.count("changes")


def traces(layout: Layout, refs: Refs) -> Iterator[Trace]:
    """Every figure of the inputs of a workbook, with its value for the plan that it was made from."""
    plan, shape = layout.shape.plan, layout.shape
    values = evaluate(plan) | {"line_driver": drivers_chosen(shape)} if shape.calculable else {}
    for id in typed_quantities(plan.catalogue):
        quantity, place = load_model()[id], layout.places[id]
        for offset in range(columns_of(shape, id)):
            column = values[id][:, offset] if id in values and offset < values[id].shape[1] else np.zeros(1)
            yield weighed(shape.say(quantity.label), column, place, refs, offset)
    yield from changes(layout, refs)


def changes(layout: Layout, refs: Refs) -> Iterator[Trace]:
    """Figures of the changes: each scenario by itself, then what each change is about."""
    plan, place, label = layout.shape.plan, layout.places["changes.values"], layout.shape.say("Changes")
    numbers = change_values(plan) if layout.shape.calculable else np.zeros((0, 0))
    for offset in range(place.columns):
        column = numbers[:, offset] if offset < numbers.shape[1] else np.zeros(1)
        yield weighed(label, column, place, refs, offset)
    keys, home = [key(plan, row) for row in plan.rows("changes")], layout.places["change_key"]
    for number in range(layout.shape.count("changes")):
        cell = refs.on(home, f"${refs.letter(home, 0)}${home.row + number}")
        yield Trace(label, keys[number] if number < len(keys) else "", cell)


def weighed(label: str, column: Column, place: Place, refs: Refs, offset: int) -> Trace:
    """The sum of one column of inputs, the first row once, the second twice and so on."""
    rows = np.arange(1, len(column) + 1)
    weights = area(replace(refs.layout.places["row_weight"], rows=place.rows), refs, 0)
    total = "SUM({})" if place.axis == Axis() else f"SUMPRODUCT({{}},{weights})"
    return Trace(label, float(np.nansum(column * rows)), total.format(area(place, refs, offset)))


def count_of_weights(shape: Shape) -> int:
    """Rows of the longest column of inputs, with the one that closes its table."""
    axes = {load_model()[id].axis.rows for id in typed_quantities(shape.plan.catalogue)} | {"changes"}
    return max(shape.count(rows) for rows in axes if rows) + 1


def drivers_chosen(shape: Shape) -> Column:
    """Place of each line's driver in the list of the workbook, which has spare rows in its middle."""
    plan, courses = shape.plan, list(shape.plan.places["courses"])
    places = dict(plan.places["drivers"])
    for measure, name in enumerate(plan.catalogue.lists["course_series"].ids):
        first = shape.count("drivers") + 1 + measure * shape.count("courses")
        places |= {f"{course}-{name}": first + number for number, course in enumerate(courses, 1)}
    return np.array([places.get(str(line.get("driver"))) for line in plan.rows("lines")], dtype=float).reshape(-1, 1)


def change_values(plan: Plan) -> Column:
    """Numbers of the changes, one column a scenario; blank as missing."""
    scenarios, given = tuple(plan.places["scenarios"]), [row.get("values") for row in plan.rows("changes")]
    cells = [[values.get(id) if isinstance(values, Mapping) else None for id in scenarios] for values in given]
    return np.array(cells, dtype=float).reshape(len(given), len(scenarios))


def key(plan: Plan, row: Row) -> str:
    """Words of a change and of its row, as the workbook puts them together."""
    kind, of = str(row.get("kind", "")), row.get("row")
    table = CHANGES[kind].rows if kind in CHANGES else None
    name = plan.labels[table].get(str(of), str(of)) if table and of else ""
    return plan.labels["change_kinds"].get(kind, kind) + name


def area(place: Place, refs: Refs, offset: int) -> str:
    """One column of a place."""
    letter = refs.letter(place, offset)
    last = f":${letter}${place.row + place.rows - 1}" if place.axis != Axis() else ""
    return refs.on(place, f"${letter}${place.row}{last}")
