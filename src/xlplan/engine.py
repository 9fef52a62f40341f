"""The Python engine: the whole model over NumPy columns, for one plan or for many variants of it at once."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from xlplan.columns import Column, columns_function
from xlplan.derived import Derived
from xlplan.model import load_model
from xlplan.plan import Plan, Row
from xlplan.records import Field
from xlplan.rule import Rule


def evaluate(plan: Plan, overrides: Mapping[str, Column] | None = None) -> dict[str, Column]:
    """Every quantity of the model as an array (rows, columns); a blank is NaN.

    ``overrides`` replaces typed numbers by arrays (variants, rows, columns); whatever depends on them then has
    that leading axis too. Raises ``KeyError`` for an override that is no typed quantity.
    """
    values = inputs(plan)
    for id, override in (overrides or {}).items():
        values[id] = np.broadcast_to(override, np.broadcast_shapes(override.shape, values[id].shape))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for quantity in load_model().filled():
            values[quantity.id] = _fill(quantity.filled_by, values)
    return values


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
        rows: tuple[Row, ...] = (plan.settings,) if table.single else plan.rows(table.id)
        for field in table.fields:
            if field.quantity:
                yield field.quantity, _column(plan, field, rows)


def _column(plan: Plan, field: Field, rows: tuple[Row, ...]) -> Column:
    if field.by:
        keys = [str(y) for y in plan.budget_years] if field.by == "year" else list(plan.places[f"{field.by}s"])
        cells = [[row.get(field.id, {}).get(key) for key in keys] for row in rows]  # type: ignore[union-attr]
        return np.array(cells, dtype=float).reshape(len(rows), len(keys))
    if field.kind == "choice":
        places = plan.places[field.list]
        return np.array([places.get(str(row.get(field.id))) for row in rows], dtype=float).reshape(-1, 1)
    return np.array([row.get(field.id) for row in rows], dtype=float).reshape(-1, 1)


def _facts(plan: Plan) -> Iterator[tuple[str, Column]]:
    catalogue, one = plan.catalogue, np.ones((1, 1))
    for constant in catalogue.constants.values():
        yield constant.id, one * constant.value
    yield "year", np.array(plan.budget_years, dtype=float).reshape(1, -1)
    yield "plan_years", one * plan.years
    yield "yes", one * plan.places["yes_no"]["yes"]
    yield "highest_level", one * len(catalogue.lists["levels"].entries)
    for quantity, list, key in LIST_VALUES:
        yield quantity, _numbers([entry.values[key] for entry in catalogue.lists[list].entries])
    categories = plan.places["categories"]
    yield "base_criterion", _numbers([categories.get(e.criterion or "") for e in catalogue.lists["bases"].entries])
    foundations = catalogue.band_domains("foundation")
    for quantity, count in (
        ("currency_place", len(plan.rows("currencies"))),
        ("area_place", len(plan.areas)),
        ("category_place", len(categories)),
        ("funder_place", len(plan.rows("funders"))),
        ("price_place", len(plan.rows("prices"))),
        ("driver_place", len(plan.rows("drivers"))),
        ("programme_place", len(plan.rows("programmes"))),
        ("foundation_place", len(foundations)),
    ):
        yield quantity, _numbers(range(1, count + 1))
    for quantity, strengths in (("required_level", ("required",)), ("preferred_level", ("required", "preferred"))):
        demanded = [[catalogue.demanded(g, d, strengths) for g in catalogue.gates.values()] for d in foundations]
        yield quantity, np.array(demanded, dtype=float)
    lines = plan.rows("lines")
    yield "has_activity", _numbers([1 if line.get("activity") else 0 for line in lines])
    for quantity in (
        "unknown_choices",
        "text_quantities",
        "text_terms",
    ):  # a plan that was read has none; a workbook may
        yield quantity, np.zeros((len(lines), 1))
    for table in ("prices", "currencies", "drivers", "funders", "programmes"):  # rows stand where they belong
        yield f"{table}_moved", np.zeros((len(plan.rows(table)), 1))
        yield f"moved_{table}", np.zeros((1, 1))
    for quantity in ("text_in_drivers", "text_in_prices", "text_in_funding"):
        yield quantity, np.zeros((1, 1))
    for quantity in ("lines_typed", "lines_calculated"):
        yield quantity, one * sum(1 for line in lines if line.get("activity"))


LIST_VALUES = (
    ("is_one_off_nature", "natures", "is_one_off"),
    ("is_equipment_nature", "natures", "is_equipment"),
    ("is_cohort_method", "replacement_methods", "by_cohort"),
)


def _levels(plan: Plan) -> Iterator[tuple[str, Column]]:
    given = {
        (row["domain"], row["round"]): plan.places["levels"].get(str(row.get("level"))) for row in plan.rows("levels")
    }
    rounds = tuple(plan.places["rounds"])
    foundations = tuple(domain.id for domain in plan.catalogue.band_domains("foundation"))
    for quantity, domains in (("level_place", foundations), ("use_level_place", plan.uses)):
        cells = [[given.get((domain, round)) for round in rounds] for domain in domains]
        yield quantity, np.array(cells, dtype=float).reshape(len(domains), len(rounds))


def _numbers(values: Iterable[float | None]) -> Column:
    return np.array(list(values), dtype=float).reshape(-1, 1)
