"""The Python engine: the whole model over NumPy columns, for one plan or for many variants of it at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import partial

import numpy as np

from xlplan.changes import CHANGES, PREFIX
from xlplan.columns import Column, columns_function
from xlplan.derived import Derived
from xlplan.model import load_model
from xlplan.plan import Plan, Row
from xlplan.records import Catalogue, Field, Table
from xlplan.reported import day_number
from xlplan.rule import Rule

ADVICE = 3
"""Pieces of advice that each foundational domain gets."""


def evaluate(plan: Plan, overrides: Mapping[str, Column] | None = None) -> dict[str, Column]:
    """Every quantity of the model as an array (rows, columns); a blank is NaN.

    ``overrides`` replaces typed numbers by arrays (variants, rows, columns); whatever depends on them then has
    that leading axis too. Raises ``KeyError`` for an override of no quantity, ``ValueError`` for a calculated one.
    """
    _refuse_calculated(overrides or {})
    values = inputs(plan)
    for id, override in (overrides or {}).items():
        values[id] = np.broadcast_to(override, np.broadcast_shapes(override.shape, values[id].shape))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for quantity in load_model().filled():
            values[quantity.id] = _fill(quantity.filled_by, values)
    return values


def recalculate(
    values: Mapping[str, Column], overrides: Mapping[str, Column], wanted: Collection[str]
) -> dict[str, Column]:
    """The ``wanted`` quantities of a plan whose ``values`` are known, with other typed numbers.

    ``overrides`` are arrays (variants, rows, columns); only what depends on them and leads to a wanted quantity is
    calculated, so that many variants need little time and memory. Raises ``ValueError`` for a calculated one.
    """
    _refuse_calculated(overrides)
    found = {id: np.broadcast_to(o, np.broadcast_shapes(o.shape, values[id].shape)) for id, o in overrides.items()}
    known = {**values, **found}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for quantity in load_model().between(tuple(overrides), tuple(wanted)):
            known[quantity.id] = _fill(quantity.filled_by, known)
    return {id: known[id] for id in wanted}


def _refuse_calculated(overrides: Collection[str]) -> None:
    """Calculation would put its own number in the place of the override."""
    if wrong := [id for id in overrides if load_model()[id].filled_by]:
        raise ValueError(f"{', '.join(wrong)}: calculated, so that it cannot be typed; override what it follows from")


def _fill(filler: Rule | Derived | None, values: Mapping[str, Column]) -> Column:
    if isinstance(filler, Rule):
        return columns_function(filler)(**{name: values[name] for name in filler.parameters})
    assert filler is not None  # noqa: S101  Model.filled gives no other
    return filler.columns(values)


def inputs(plan: Plan) -> dict[str, Column]:
    """What the plan and the templates give, before any calculation."""
    return dict(_typed(plan)) | dict(_facts(plan)) | dict(_levels(plan))


def _typed(plan: Plan) -> Iterator[tuple[str, Column]]:
    for table in plan.catalogue.tables.values():
        rows = tuple(_rows(plan, table))
        for field in table.fields:
            if field.quantity:
                yield field.quantity, _column(plan, field, rows)


def _rows(plan: Plan, table: Table) -> Iterator[Row]:
    """Rows of a table as quantities have them: one for each known key, filled or not."""
    if table.single:
        yield plan.settings
    elif len(table.keys) == 1:
        filled = {row[table.keys[0]]: row for row in plan.rows(table.id)}
        yield from (filled.get(id, {}) for id in plan.key_ids(table.keys[0]))
    else:
        yield from plan.rows(table.id)


def _column(plan: Plan, field: Field, rows: tuple[Row, ...]) -> Column:
    if field.by:
        keys = [str(y) for y in plan.budget_years] if field.by == "year" else list(plan.places[f"{field.by}s"])
        cells = [[row.get(field.id, {}).get(key) for key in keys] for row in rows]  # type: ignore[union-attr]
        return np.array(cells, dtype=float).reshape(len(rows), len(keys))
    if field.kind == "choice":
        places = plan.places[field.list]
        return np.array([places.get(str(row.get(field.id))) for row in rows], dtype=float).reshape(-1, 1)
    typed = (row.get(field.id) for row in rows)
    numbers = [day_number(value) if isinstance(value, date) else value for value in typed]
    return np.array(numbers, dtype=float).reshape(-1, 1)


def _facts(plan: Plan) -> Iterator[tuple[str, Column]]:
    catalogue, one = plan.catalogue, np.ones((1, 1))
    for constant in catalogue.constants.values():
        yield constant.id, one * constant.value
    yield "year", np.array(plan.budget_years, dtype=float).reshape(1, -1)
    yield "plan_years", one * plan.years
    yield "highest_level", one * len(catalogue.lists["levels"].entries)
    yield "no_level", one * np.nan
    for quantity, list_, entry in (("yes", "yes_no", "yes"), ("place_of_no", "answers", "no"),
                                   ("place_of_partly", "answers", "partly")):  # fmt: skip
        yield quantity, one * plan.places[list_][entry]
    for quantity, list_, key in LIST_VALUES:
        yield quantity, _numbers([entry.values[key] for entry in catalogue.lists[list_].entries])
    categories = plan.places["categories"]
    yield "base_criterion", _numbers([categories.get(e.criterion or "") for e in catalogue.lists["bases"].entries])
    yield from _places(plan)
    yield from _demands(catalogue)
    yield from _areas(plan)
    yield from _flags(plan)
    yield from _scenario(plan)


def _places(plan: Plan) -> Iterator[tuple[str, Column]]:
    """Row numbers of every table."""
    counts = {
        "currency": len(plan.rows("currencies")),
        "area": len(plan.areas),
        "funder": len(plan.rows("funders")),
        "price": len(plan.rows("prices")),
        "driver": len(plan.rows("drivers")),
        "course": len(plan.rows("courses")),
        "programme": len(plan.rows("programmes")),
        "foundation": len(plan.key_ids("foundation")),
        "assessed": len(plan.key_ids("domain")),
        "question": len(plan.asked),
        "gate": len(plan.catalogue.gates),
        "kind": len(plan.catalogue.gates) + 1,
        "year": plan.years,
    }
    for name, list_ in (("category", "categories"), ("head", "heads"), ("grouping", "groupings"), ("load", "loads"),
                        ("addition", "additions")):  # fmt: skip
        counts[name] = len(plan.places[list_])
    for name, count in counts.items():
        yield f"{name}_place", _numbers(range(1, count + 1))
    yield "round_place", np.arange(1.0, len(plan.rows("rounds")) + 1).reshape(1, -1)


def _demands(catalogue: Catalogue) -> Iterator[tuple[str, Column]]:
    foundations = catalogue.band_domains("foundation")
    for quantity, strengths in (("required_level", ("required",)), ("preferred_level", ("required", "preferred"))):
        demanded = [[catalogue.demanded(g, d, strengths) for g in catalogue.gates.values()] for d in foundations]
        yield quantity, np.array(demanded, dtype=float)
    ranks = [(n, rank) for n in range(1, len(foundations) + 1) for rank in range(1, ADVICE + 1)]
    yield "advice_domain", _numbers([domain for domain, _ in ranks])
    yield "advice_number", _numbers([rank for _, rank in ranks])
    additions = catalogue.lists["additions"].ids
    yield "load_addition", _numbers([additions.index(e.adds) + 1 for e in catalogue.lists["loads"].entries])


def _areas(plan: Plan) -> Iterator[tuple[str, Column]]:
    """Whose level an area's assistance follows, and which kind of work it is."""
    foundations, gates = plan.key_ids("foundation"), tuple(plan.places["programme_bands"])
    leading = foundations.index(plan.catalogue.leading_domain) + 1
    bands = {str(row["id"]): str(row.get("band", "")) for row in plan.rows("programmes")}
    yield "area_domain", _numbers([foundations.index(a) + 1 if a in foundations else leading for a in plan.areas])
    yield "area_kind", _numbers([gates.index(bands[a]) + 2 if bands.get(a) else 1 for a in plan.areas])


def _scenario(plan: Plan) -> Iterator[tuple[str, Column]]:
    """What the scenario in use changes: one number per row of what it can change, blank for nothing."""
    found = [(str(row["kind"]), str(row.get("row", "")), number) for row, number in plan.changes_in_use]
    for kind, change in CHANGES.items():
        numbers = {row: number for of, row, number in found if of == kind}
        rows = tuple(plan.places[change.rows]) if change.rows else ("",)
        yield f"{PREFIX}{kind}", _numbers([numbers.get(row) for row in rows])
    yield "changes_in_force", np.full((1, 1), float(len(found)))
    on_lines = sum(CHANGES[kind].rows in ("lines", "drivers") for kind, _, _ in found)
    yield "line_changes_found", np.full((1, 1), float(on_lines))
    yield "table_changes_found", np.full((1, 1), float(len(found) - on_lines))


def _flags(plan: Plan) -> Iterator[tuple[str, Column]]:
    """What a workbook counts: texts that are there, and cells and rows that cannot be wrong in a plan that was read."""
    lines = plan.rows("lines")
    yield "has_activity", _numbers([1 if line.get("activity") else 0 for line in lines])
    yield "has_waiver", _numbers([1 if line.get("waiver") else 0 for line in lines])
    reasons = {row["head"] for row in plan.rows("head_reasons") if row.get("reason")}
    yield "has_head_reason", _numbers([1 if head in reasons else 0 for head in plan.key_ids("head")])
    for quantity in ("unknown_choices", "text_quantities", "text_terms", "text_shares"):
        yield quantity, np.zeros((len(lines), 1))
    for table in LOOKED_UP:
        yield f"{table}_moved", np.zeros((len(plan.rows(table)), 1))
        yield f"moved_{table}", np.zeros((1, 1))
    for quantity in (f"text_in_{sheet}" for sheet in ("drivers", "prices", "funding", "training", "actuals")):
        yield quantity, np.zeros((1, 1))
    for quantity in ("lines_typed", "lines_calculated"):
        yield quantity, np.full((1, 1), sum(1.0 for line in lines if line.get("activity")))


LIST_VALUES = (
    ("is_one_off_nature", "natures", "is_one_off"),
    ("is_equipment_nature", "natures", "is_equipment"),
    ("is_cohort_method", "replacement_methods", "by_cohort"),
    ("proposed_threshold", "levels", "threshold"),
    ("proposed_taper", "levels", "taper"),
    ("grade_spread", "grades", "spread"),
    ("is_domestic_kind", "funder_kinds", "is_domestic"),
)
LOOKED_UP = ("prices", "currencies", "drivers", "courses", "funders", "programmes")


def _levels(plan: Plan) -> Iterator[tuple[str, Column]]:
    """Levels and answers as tables of domain or question by round."""
    domains, levels = plan.key_ids("domain"), plan.places["levels"]
    for quantity, field in (("level_place", "level"), ("override_place", "override")):
        yield quantity, _grid(plan, "levels", domains, partial(_place, field, levels))
    yield "has_override_reason", np.nan_to_num(_grid(plan, "levels", domains, lambda row: bool(row.get("reason"))))
    rows = tuple(question.id for question in plan.asked)
    for quantity, field, list_ in (
        ("answer_place", "answer", "answers"),
        ("confidence_place", "confidence", "confidences"),
    ):
        yield quantity, _grid(plan, "answers", rows, partial(_place, field, plan.places[list_]))
    yield "question_domain", _numbers([domains.index(question.domain) + 1 for question in plan.asked])
    yield "is_asked", _numbers([1 if one.question else 0 for one in plan.asked])
    yield "must_have", _numbers([1 if one.question and one.question.must else 0 for one in plan.asked])


def _place(field: str, places: Mapping[str, int], row: Row) -> float | None:
    return places.get(str(row.get(field)))


def _grid(plan: Plan, table: str, ids: tuple[str, ...], value: Callable[[Row], float | None]) -> Column:
    """One value per row and round of a table with two keys, blank where there is no record."""
    row_key = plan.catalogue.tables[table].keys[0]
    given = {(str(row[row_key]), str(row["round"])): value(row) for row in plan.rows(table)}
    rounds = plan.key_ids("round")
    cells = [[given.get((id, round)) for round in rounds] for id in ids]
    return np.array(cells, dtype=float).reshape(len(ids), len(rounds))


def _numbers(values: Iterable[float | None]) -> Column:
    return np.array(list(values), dtype=float).reshape(-1, 1)
