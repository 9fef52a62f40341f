"""The model: every quantity, how it is found, where it lives, and the order in which to calculate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import xlplan.rules  # noqa: F401  fills the registry
from xlplan.catalogue import load_catalogue
from xlplan.derived import CountBlanks, CountEqual, Derived, Lookup, Pick, Sum, SumBy, Weighted
from xlplan.over_years import Batches, Before, Spread
from xlplan.records import Axis, Catalogue
from xlplan.rule import REGISTRY, Rule, RuleError

GIVEN: Mapping[str, tuple[str, str, Axis]] = {
    "year": ("Year", "year", Axis(None, "year")),
    "plan_years": ("Years in the plan", "years", Axis()),
    "yes": ("Place of Yes", "place", Axis()),
    "highest_level": ("Highest maturity level", "level", Axis()),
    "is_one_off_nature": ("One-off", "flag", Axis("natures")),
    "is_equipment_nature": ("Equipment", "flag", Axis("natures")),
    "is_cohort_method": ("By cohort", "flag", Axis("replacement_methods")),
    "base_criterion": ("Categories in the base", "place", Axis("bases")),
    "currency_place": ("No.", "place", Axis("currencies")),
    "area_place": ("No.", "place", Axis("areas")),
    "category_place": ("No.", "place", Axis("categories")),
    "funder_place": ("No.", "place", Axis("funders")),
    "price_place": ("No.", "place", Axis("prices")),
    "driver_place": ("No.", "place", Axis("drivers")),
    "programme_place": ("No.", "place", Axis("programmes")),
    "foundation_place": ("No.", "place", Axis("foundations")),
    "required_level": ("Level required", "level", Axis("foundations", "gate")),
    "preferred_level": ("Level preferred", "level", Axis("foundations", "gate")),
    "level_place": ("Level", "level", Axis("foundations", "round")),
    "use_level_place": ("Level", "level", Axis("uses", "round")),
    "has_activity": ("Has an activity", "flag", Axis("lines")),
    "unknown_choices": ("Entries not in their list", "count", Axis("lines")),
    "text_quantities": ("Quantities and prices stored as text", "count", Axis("lines")),
    "text_terms": ("Years and shares stored as text", "count", Axis("lines")),
    "prices_moved": ("Moved", "flag", Axis("prices")),
    "moved_prices": ("Rows moved or inserted", "count", Axis()),
    "currencies_moved": ("Moved", "flag", Axis("currencies")),
    "moved_currencies": ("Rows moved or inserted", "count", Axis()),
    "drivers_moved": ("Moved", "flag", Axis("drivers")),
    "moved_drivers": ("Rows moved or inserted", "count", Axis()),
    "funders_moved": ("Moved", "flag", Axis("funders")),
    "moved_funders": ("Rows moved or inserted", "count", Axis()),
    "programmes_moved": ("Moved", "flag", Axis("programmes")),
    "moved_programmes": ("Rows moved or inserted", "count", Axis()),
    "lines_typed": ("Lines with an entry", "count", Axis()),
    "lines_calculated": ("Lines calculated", "count", Axis()),
    "text_in_drivers": ("Text where Drivers expects numbers", "count", Axis()),
    "text_in_prices": ("Text where Prices expects numbers", "count", Axis()),
    "text_in_funding": ("Text where Funding expects numbers", "count", Axis()),
}
"""Quantities that come from the plan or the templates without arithmetic: label, unit, axis."""

DERIVED: tuple[Derived, ...] = (
    Lookup("reporting_inflation", "Reporting inflation", "share/year", "currency_inflation", "reporting_currency"),
    Lookup("by_cohort", "Replacement by cohort", "flag", "is_cohort_method", "replacement_method"),
    Lookup("is_one_off", "One-off", "flag", "is_one_off_nature", "line_nature"),
    Lookup("is_equipment", "Equipment", "flag", "is_equipment_nature", "line_nature"),
    Lookup("item_unit_cost", "Unit cost of the price item", "local money/unit", "price_unit_cost", "line_price"),
    Lookup("item_currency", "Currency of the price item", "place", "stated_currency", "line_price"),
    Lookup("item_price_year", "Price year of the price item", "year", "price_price_year", "line_price"),
    Lookup("inflation", "Inflation", "share/year", "currency_inflation", "currency"),
    Lookup("line_exchange_rate", "Exchange rate of the line", "local money/money", "exchange_rate", "currency"),
    Lookup("driver_quantity", "Driver", "count", "driver_value", "line_driver", instead=1),
    CountBlanks("currency_years_without_rate", "Years without rate", "count", "exchange_rate", zeros=True),
    Lookup("years_without_rate", "Years without rate", "count", "currency_years_without_rate", "currency"),
    CountBlanks("driver_years_without_value", "Years without value", "count", "driver_value"),
    Lookup("years_without_value", "Years without driver value", "count", "driver_years_without_value", "line_driver"),
    Before("units_needed_before", "Units needed the year before", "units/year", "units_needed", "opening_stock"),
    Batches("units_in_batches", "Units added or returned", "units/year", "units_added", "opening_stock", "life_years"),
    SumBy("base_amounts", "Cost of the base", "money/year", "direct_cost", "category_key", "base_criterion"),
    Lookup("base_amount", "Cost of the line's base", "money/year", "base_amounts", "line_base"),
    Sum("active_years", "Years active", "count", "active", "columns"),
    Spread("annualised_cost", "Annualised cost", "money/year", "cost", "life", "life_years", "annuity_factor"),
    Sum("line_cost", "Cost over the plan", "money", "cost", "columns"),
    Sum("total_cost", "Total cost", "money/year", "cost", "rows"),
    Sum("total_one_off_cost", "One-off", "money/year", "one_off_cost", "rows"),
    Sum("total_recurring_cost", "Recurring", "money/year", "recurring_cost", "rows"),
    Sum("total_annualised_cost", "Annualised cost", "money/year", "annualised_cost", "rows"),
    Sum("cash", "Total cost", "money", "total_cost", "columns"),
    Sum("present_value", "Present value", "money", "discounted_cost", "columns"),
    Sum("plan_line_cost", "Sum of the line totals", "money", "line_cost", "rows"),
    SumBy("area_cost", "Cost by area", "money/year", "cost", "line_area", "area_place"),
    SumBy("category_cost", "Cost by category", "money/year", "cost", "line_category", "category_place"),
    Sum("area_total", "Cost of the area", "money", "area_cost", "columns"),
    Sum("category_total", "Cost of the category", "money", "category_cost", "columns"),
    Sum("plan_area_cost", "Cost of all areas", "money", "area_cost", "all"),
    Sum("plan_category_cost", "Cost of all categories", "money", "category_cost", "all"),
    Sum("plan_one_off_cost", "One-off", "money", "total_one_off_cost", "columns"),
    Sum("plan_recurring_cost", "Recurring", "money", "total_recurring_cost", "columns"),
    Sum("funded_share", "Share with a source", "share", "line_funder_share", "columns"),
    Weighted("placed_cost", "Cost placed on the source", "money/year", "cost", "line_funder_share", "funder_place"),
    Weighted("unplaced_cost", "Cost without a source", "money/year", "cost", "unfunded_share"),
    Sum("total_confirmed", "Confirmed", "money/year", "confirmed_cover", "rows"),
    Sum("total_expected", "Expected, not confirmed", "money/year", "expected_cover", "rows"),
    Sum("total_shortfall", "Placed without commitment", "money/year", "shortfall", "rows"),
    Sum("plan_placed_cost", "Cost placed on sources", "money", "placed_cost", "all"),
    Sum("plan_unplaced_cost", "Cost without a source", "money", "unplaced_cost", "columns"),
    Sum("plan_confirmed", "Confirmed", "money", "total_confirmed", "columns"),
    Sum("plan_expected", "Expected, not confirmed", "money", "total_expected", "columns"),
    Sum("plan_gap", "Funding gap", "money", "funding_gap", "columns"),
    Pick("level_now", "Level now", "level", "level_place", "current_round"),
    Pick("use_level_now", "Level now", "level", "use_level_place", "current_round"),
    Sum("required_failures", "Domains below required", "count", "fails_required", "rows"),
    Sum("preferred_failures", "Domains below preferred", "count", "fails_preferred", "rows"),
    Sum("unknown_domains", "Domains not assessed", "count", "is_unknown", "rows"),
    Pick("programme_status", "Gate today", "place", "gate_status", "programme_gate"),
    Lookup("domain_cost", "Money in the plan", "money", "area_total", "foundation_place"),
    Sum("weak_unfunded_domains", "Weak domains without money", "count", "is_weak_unfunded", "rows"),
    Sum("source_years_over_placed", "Source years over-placed", "count", "is_over_placed", "all"),
    CountEqual("example_prices", "Example prices", "count", "price_example", "yes"),
    Sum("text_numbers", "Numbers stored as text", "count", "line_text_numbers", "rows"),
    Sum("lines_lacking_activity", "Lines without an activity", "count", "lacks_activity", "rows"),
    Sum("lines_lacking_area", "Lines without an area", "count", "lacks_area", "rows"),
    Sum("lines_lacking_category", "Lines without a category", "count", "lacks_category", "rows"),
    Sum("lines_lacking_nature", "Lines without a nature", "count", "lacks_nature", "rows"),
    Sum("lines_lacking_quantity", "Lines without a quantity", "count", "lacks_quantity", "rows"),
    Sum("lines_lacking_price", "Lines without a price", "count", "lacks_price", "rows"),
    Sum("lines_lacking_life", "Equipment without a useful life", "count", "lacks_life", "rows"),
    Sum("lines_lacking_base", "Shares without a base", "count", "lacks_base", "rows"),
    Sum("lines_lacking_rate", "Lines without an exchange rate", "count", "lacks_exchange_rate", "rows"),
    Sum("lines_lacking_driver", "Lines whose driver is blank", "count", "lacks_driver_value", "rows"),
    Sum("lines_with_unknown_choices", "Entries not in their list", "count", "unknown_choices", "rows"),
    Sum("lines_never_active", "Lines never active", "count", "is_never_active", "rows"),
    Sum("lines_over_funded", "Lines funded above 100 %", "count", "is_over_funded", "rows"),
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """One quantity of the model: its words, its axis and what fills it (nothing, for a given one)."""

    id: str
    label: str
    unit: str
    axis: Axis
    filled_by: Rule | Derived | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        if isinstance(self.filled_by, Rule):
            return tuple(self.filled_by.parameters)
        return self.filled_by.inputs if self.filled_by else ()


@dataclass(frozen=True)
class Model:
    """All quantities by id, in an order in which each comes after what it reads."""

    quantities: Mapping[str, Quantity]

    def __getitem__(self, id: str) -> Quantity:
        return self.quantities[id]

    def filled(self) -> Iterator[Quantity]:
        return (quantity for quantity in self.quantities.values() if quantity.filled_by)

    def readers(self, id: str) -> tuple[str, ...]:
        """Quantities that read this one."""
        return tuple(q.id for q in self.quantities.values() if id in q.inputs)


@cache
def load_model() -> Model:
    """The model of the shipped templates.

    Raises ``RuleError`` where a rule reads an unknown quantity or mixes two tables.
    """
    catalogue = load_catalogue()
    given = {q.id: q for q in _given(catalogue)}
    fillers: dict[str, Rule | Derived] = {r.id: r for r in REGISTRY} | {d.id: d for d in DERIVED}
    reads = {id: tuple(f.parameters) if isinstance(f, Rule) else f.inputs for id, f in fillers.items()}
    found: dict[str, Quantity] = dict(given)
    for id in TopologicalSorter(reads).static_order():
        if id in fillers:
            found[id] = _filled(fillers[id], found)
        elif id not in given:
            readers = ", ".join(reader for reader, names in reads.items() if id in names)
            raise RuleError(f"{readers}: reads {id!r}, which nothing fills; correct the parameter's name.")
    _refuse_unknown_checks(catalogue, found)
    return Model(found)


def _refuse_unknown_checks(catalogue: Catalogue, found: Mapping[str, Quantity]) -> None:
    for check in catalogue.checks.values():
        for name in filter(None, (check.left, check.right, check.tolerance, check.flag)):
            if name not in found:
                raise RuleError(f"check {check.id}: reads {name!r}, which nothing fills; correct its name.")


def _given(catalogue: Catalogue) -> Iterator[Quantity]:
    for id, (label, unit, axis) in GIVEN.items():
        yield Quantity(id, label, unit, axis)
    for constant in catalogue.constants.values():
        yield Quantity(constant.id, constant.label, constant.unit, Axis())
    for table in catalogue.tables.values():
        for field in table.fields:
            if field.quantity:
                axis = Axis(None if table.single else table.id, field.by or None)
                yield Quantity(field.quantity, field.label, field.unit, axis)


def _filled(filler: Rule | Derived, found: Mapping[str, Quantity]) -> Quantity:
    axes = {id: quantity.axis for id, quantity in found.items()}
    axis = _union(filler, axes) if isinstance(filler, Rule) else filler.axis(axes)
    return Quantity(filler.id, filler.label, filler.unit, axis, filler)


def _union(rule: Rule, axes: Mapping[str, Axis]) -> Axis:
    rows = {axes[p].rows for p in rule.parameters} - {None}
    columns = {axes[p].columns for p in rule.parameters} - {None}
    if len(rows) > 1 or len(columns) > 1:
        mixed = ", ".join(sorted(str(name) for name in rows | columns))
        raise RuleError(f"{rule.id}: mixes the rows of {mixed}; look one up in the other first.")
    return Axis(next(iter(rows), None), next(iter(columns), None))
