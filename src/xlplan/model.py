"""The model: every quantity, how it is found, where it lives, and the order in which to calculate."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import xlplan.rules  # noqa: F401  fills the registry
from xlplan.catalogue import load_catalogue
from xlplan.changes import CHANGES, PREFIX, changed_axis
from xlplan.counting import (
    CountBelow,
    CountBeyond,
    CountChoices,
    CountLower,
    CountOther,
    CountUpTo,
    CountZeros,
    PickChoice,
    Started,
)
from xlplan.derived import (
    CountBlanks,
    CountEqual,
    Derived,
    Lookup,
    LookupEach,
    Pick,
    Sum,
    SumBy,
    Weighted,
    Weighted3,
    WeightedBy,
)
from xlplan.over_years import Batches, Before, Spread
from xlplan.ranking import FirstYear, Grade, Mixed, Most, RankIn, RowOf, Stack, Turned
from xlplan.records import Axis, Catalogue
from xlplan.reported import CountUneven, Filled, MonthOf, Shortfall, SumReported, SumTyped
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
    "place_of_no": ("Place of No", "place", Axis()),
    "place_of_partly": ("Place of Partly", "place", Axis()),
    "round_place": ("No.", "place", Axis(None, "round")),
    "assessed_place": ("No.", "place", Axis("assessed")),
    "level_place": ("Official level", "level", Axis("assessed", "round")),
    "override_place": ("Level set by the assessor", "level", Axis("assessed", "round")),
    "has_override_reason": ("Reason given", "flag", Axis("assessed", "round")),
    "no_level": ("No level", "level", Axis()),
    "question_place": ("No.", "place", Axis("asked")),
    "question_domain": ("Domain", "place", Axis("asked")),
    "is_asked": ("Asked", "flag", Axis("asked")),
    "must_have": ("Must-have", "flag", Axis("asked")),
    "answer_place": ("Answer", "place", Axis("asked", "round")),
    "confidence_place": ("Confidence", "place", Axis("asked", "round")),
    "advice_domain": ("Domain", "place", Axis("advice")),
    "advice_number": ("Rank", "place", Axis("advice")),
    "proposed_threshold": ("Proposed", "share", Axis("levels")),
    "proposed_taper": ("Proposed", "share", Axis("levels")),
    "gate_place": ("No.", "place", Axis("gates")),
    "year_place": ("No.", "place", Axis("years")),
    "area_domain": ("Level of", "place", Axis("areas")),
    "area_kind": ("Kind of work", "place", Axis("areas")),
    "kind_place": ("No.", "place", Axis("kinds")),
    "load_place": ("No.", "place", Axis("loads")),
    "load_addition": ("What programmes add", "place", Axis("loads")),
    "addition_place": ("No.", "place", Axis("additions")),
    "head_place": ("No.", "place", Axis("heads")),
    "grouping_place": ("No.", "place", Axis("groupings")),
    "has_head_reason": ("Reason given", "flag", Axis("heads")),
    "is_domestic_kind": ("Domestic", "flag", Axis("funder_kinds")),
    "grade_spread": ("Below and above the value", "share", Axis("grades")),
    "has_waiver": ("Reason given", "flag", Axis("lines")),
    "course_place": ("No.", "place", Axis("courses")),
    "courses_moved": ("Moved", "flag", Axis("courses")),
    "moved_courses": ("Rows moved or inserted", "count", Axis()),
    "text_in_training": ("Text where Training expects numbers", "count", Axis()),
    "has_activity": ("Has an activity", "flag", Axis("lines")),
    "unknown_choices": ("Entries not in their list", "count", Axis("lines")),
    "text_quantities": ("Quantities and prices stored as text", "count", Axis("lines")),
    "text_terms": ("Years and days stored as text", "count", Axis("lines")),
    "text_shares": ("Shares stored as text", "count", Axis("lines")),
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
    "changes_in_force": ("Changes of the scenario in use", "count", Axis()),
    "line_changes_found": ("Changes of lines and drivers that take effect", "count", Axis()),
    "table_changes_found": ("Other changes that take effect", "count", Axis()),
    "text_in_funding": ("Text where Funding expects numbers", "count", Axis()),
    "text_in_actuals": ("Text where Work plan expects numbers", "count", Axis()),
}
"""Quantities that come from the plan or the templates without arithmetic: label, unit, axis."""

SERIES_PARTS = ("driver_value", "participants", "participant_days", "classes", "trainer_days")
ANSWER_COUNTS = (
    ("yes_answers", "Answered Yes", 0, ""),
    ("partly_answers", "Answered Partly", 1, ""),
    ("no_answers", "Answered No", 2, ""),
    ("na_answers", "Not applicable", 3, ""),
    ("must_noes", "Must-haves answered No", 2, "must_have"),
)

DERIVED: tuple[Derived, ...] = (
    Lookup("reporting_inflation", "Reporting inflation", "share/year", "known_inflation", "reporting_currency"),
    Lookup("by_cohort", "Replacement by cohort", "flag", "is_cohort_method", "replacement_method"),
    Lookup("is_one_off", "One-off", "flag", "is_one_off_nature", "line_nature"),
    Lookup("is_equipment", "Equipment", "flag", "is_equipment_nature", "line_nature"),
    Lookup("item_unit_cost", "Unit cost of the price item", "local money/unit", "price_unit_cost", "line_price"),
    Lookup("item_currency", "Currency of the price item", "place", "stated_currency", "line_price"),
    Lookup("item_price_year", "Price year of the price item", "year", "price_price_year", "line_price"),
    Lookup("inflation", "Inflation", "share/year", "known_inflation", "currency"),
    Lookup("price_factor", "Price level and exchange rate", "factor", "currency_factor", "currency"),
    Lookup("audience_size", "Audience", "count", "driver_value", "course_audience", blanks=True),
    Before("trained_the_year_before", "Trained the year before", "count", "trained_audience", "opening_trained"),
    Stack("series_value", "Series", "count", SERIES_PARTS, "series"),
    Lookup("driver_quantity", "Driver", "count", "series_value", "line_driver", instead=1, blanks=True),
    CountBlanks("currency_years_without_rate", "Years without rate", "count", "exchange_rate", zeros=True),
    Lookup("years_without_rate", "Years without rate", "count", "currency_years_without_rate", "currency"),
    CountBlanks("series_years_without_value", "Years without value", "count", "series_value"),
    Lookup("years_without_value", "Years without driver value", "count", "series_years_without_value", "line_driver"),
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
    *(
        CountChoices(id, label, "count", "answer_place", "answers.answer", "answers", n, "question_domain",
                     "assessed_place", where)
        for id, label, n, where in ANSWER_COUNTS
    ),
    CountChoices("low_confidences", "Answers of low confidence", "count", "confidence_place", "answers.confidence",
                 "confidences", 2, "question_domain", "assessed_place"),
    SumBy("questions_asked", "Questions asked", "count", "is_asked", "question_domain", "assessed_place"),
    Grade("scored_level", "Level by points", "level", "answer_score", "threshold"),
    CountLower("lower_thresholds", "Higher levels with a lower threshold", "count", "threshold", "proposed_threshold"),
    Sum("thresholds_that_fall", "Thresholds that fall", "count", "lower_thresholds", "rows"),
    Before("level_before", "Level of the round before", "level", "final_level", "no_level"),
    Most("last_change", "Round of the last change", "place", "change_round"),
    Pick("assessed_level", "Level now", "level", "final_level", "current_round"),
    Pick("first_level", "Level in the first round", "level", "final_level", "first_round"),
    Pick("low_now", "Answers of low confidence", "count", "low_confidences", "current_round"),
    Pick("open_now", "Questions without an answer", "count", "open_questions", "current_round"),
    Pick("answered_now", "Questions answered", "count", "answered", "current_round"),
    Pick("differ_now", "Official and computed level differ", "flag", "levels_differ", "current_round"),
    Sum("domains_in_depth", "Domains that need in-depth evaluation", "count", "needs_depth", "rows"),
    Sum("overrides_without_reason", "Levels set without a reason", "count", "lacks_override_reason", "all"),
    PickChoice("answer_now", "Answer now", "place", "answer_place", "answers.answer", "answers", "current_round"),
    Sum("all_questions", "Questions", "count", "is_asked", "rows"),
    Sum("all_answered", "Questions answered in the round in use", "count", "answered_now", "rows"),
    RankIn("advice_rank", "Rank in the domain", "place", "advice_order", "question_domain"),
    RowOf("advised_question", "Question", "place", "question_place", "question_domain", "advice_rank",
          "advice_domain", "advice_number"),
    Lookup("level_now", "Level now", "level", "assessed_level", "foundation_place", instead=None),
    CountUpTo("funded_lines", "Funded lines so far", "count", "strengthens_from", "line_area",
              "foundation_place", "year"),
    Sum("ever_funded", "Funded lines, summed over years", "count", "funded_lines", "columns"),
    CountBelow("required_short", "Domains below required", "count", "expected_level", "required_level", "gate_place"),
    CountBelow("preferred_short", "Domains below preferred", "count", "expected_level", "preferred_level",
               "gate_place"),
    CountZeros("unknown_in_year", "Domains not assessed", "count", "expected_level"),
    FirstYear("first_open_year", "First year open", "year", "gate_is_open"),
    Lookup("programme_open_year", "Gate opens in", "year", "first_open_year", "programme_gate", instead=None),
    Sum("programmes_too_early", "Programmes that start before their gate opens", "count", "starts_too_early", "rows"),
    Sum("targets_without_year", "Targets without a year", "count", "lacks_target_year", "rows"),
    Sum("targets_unfunded", "Domains below target without money", "count", "is_target_unfunded", "rows"),
    Lookup("area_level", "Expected level of the area", "level", "expected_level", "area_domain"),
    LookupEach("area_taper", "Assistance still needed", "share", "level_taper", "area_level"),
    Lookup("taper_factor", "Assistance still needed", "share", "area_taper", "line_area", instead=1),
    WeightedBy("area_team_days", "Core-team days of the area", "days/year", "active", "line_days", "line_area",
               "area_place"),
    Sum("team_days_needed", "Core-team days needed", "days/year", "area_team_days", "rows"),
    SumBy("kind_team_days", "Core-team days by kind of work", "days/year", "area_team_days", "area_kind", "kind_place"),
    Lookup("team_posts", "Core-team posts", "count", "driver_value", "team_driver", blanks=True),
    Sum("overbooked_years", "Years in which the core team is overbooked", "count", "is_overbooked", "columns"),
    Started("additions", "Added by programmes", "count", "programme_adds", "programme_start", "addition_place"),
    Lookup("load_added", "Added by programmes", "count", "additions", "load_addition"),
    WeightedBy("room_added", "Room provided by lines", "count", "units_needed", "line_room", "line_covers",
               "load_place"),
    Sum("overloaded_years", "Overloaded years", "count", "is_overloaded", "all"),
    Weighted3("unpaid_value", "Value beyond the price", "money/year", "units_bought", "price_factor",
              "planned_unpaid_value"),
    Sum("plan_economic_cost", "Economic cost", "money", "economic_cost", "columns"),
    Sum("plan_real_cost", "Real cost", "money", "real_cost", "columns"),
    Lookup("users_counted", "Users", "count", "driver_value", "users_driver", blanks=True),
    Lookup("facilities_counted", "Facilities", "count", "driver_value", "facilities_driver", blanks=True),
    Sum("total_committed", "Committed by all sources", "money/year", "committed", "rows"),
    Lookup("is_domestic", "Domestic", "flag", "is_domestic_kind", "funder_kind"),
    Weighted("domestic_cover", "Committed domestic money used", "money/year", "confirmed_cover", "is_domestic"),
    Sum("plan_domestic_cover", "Committed domestic money used", "money", "domestic_cover", "columns"),
    FirstYear("first_cliff_year", "First year of the fiscal cliff", "year", "is_cliff_year"),
    Sum("cliff_years", "Years in which recurring cost exceeds committed money", "count", "is_cliff_year", "columns"),
    CountOther("other_categories", "Lines of other categories", "count", "line_funder_share", "line_category",
               "allowed_category", "funder_place"),
    CountOther("other_areas", "Lines of other areas", "count", "line_funder_share", "line_area", "allowed_area",
               "funder_place"),
    Sum("lines_forbidden", "Lines on a source that may not pay for them", "count", "forbidden_lines", "rows"),
    Turned("shortfall_by_year", "Share without commitment", "share", "shortfall_share", "year_place", "funder"),
    Mixed("uncommitted_share", "Share without commitment", "share", "line_funder_share", "shortfall_by_year",
          "shortfall_share"),
    Sum("plan_line_gap", "Sum of the gaps of lines", "money", "line_gap", "all"),
    Sum("line_gap_total", "Gap of the line over the plan", "money", "line_gap", "columns"),
    SumBy("head_cost", "Cost by HISP head", "money/year", "cost", "head_key", "head_place"),
    SumBy("headless_cost", "Cost without a head", "money/year", "cost", "head_key", "no_entry"),
    SumBy("grouping_cost", "Cost by Global Fund grouping", "money/year", "cost", "grouping_key", "grouping_place"),
    SumBy("ungrouped_cost", "Cost without a grouping", "money/year", "cost", "grouping_key", "no_entry"),
    Sum("head_total", "Cost of the head", "money", "head_cost", "columns"),
    Sum("grouping_total", "Cost of the grouping", "money", "grouping_cost", "columns"),
    Sum("plan_head_cost", "Cost of all heads", "money", "head_cost", "all"),
    Sum("plan_headless_cost", "Cost without a head", "money", "headless_cost", "columns"),
    Sum("plan_grouping_cost", "Cost of all groupings", "money", "grouping_cost", "all"),
    Sum("plan_ungrouped_cost", "Cost without a grouping", "money", "ungrouped_cost", "columns"),
    Sum("silent_heads", "HISP heads without a line or a reason", "count", "is_head_silent", "rows"),
    Lookup("tail_is_on", "Its continuation is on", "flag", "is_on", "line_tail"),
    Lookup("tail_is_one_off", "Its continuation is one-off", "flag", "is_one_off", "line_tail"),
    Sum("lines_lacking_tail", "One-off lines without continuation", "count", "lacks_tail", "rows"),
    Sum("required_failures", "Domains below required", "count", "fails_required", "rows"),
    Sum("preferred_failures", "Domains below preferred", "count", "fails_preferred", "rows"),
    Sum("unknown_domains", "Domains not assessed", "count", "is_unknown", "rows"),
    Pick("programme_status", "Gate today", "place", "gate_status", "programme_gate"),
    Lookup("domain_cost", "Money in the plan", "money", "area_total", "foundation_place"),
    Sum("weak_unfunded_domains", "Weak domains without money", "count", "is_weak_unfunded", "rows"),
    Sum("source_years_over_placed", "Source years over-placed", "count", "is_over_placed", "all"),
    CountEqual("example_prices", "Example prices", "count", "price_example", "yes"),
    CountBeyond("lows_above", "Lowest prices above the price", "count", "price_low", "typed_price", is_above=True),
    CountBeyond("highs_below", "Highest prices below the price", "count", "price_high", "typed_price",
                is_above=False),
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
    MonthOf("typed_start_month", "Start as typed, months since year 0", "count", "line_start"),
    MonthOf("end_month", "End, months since year 0", "count", "line_end"),
    CountUneven("lines_ending_early", "Lines that end before they start", "count", "end_month", "start_month", "<"),
    CountUneven("other_first_years", "Lines whose first year is not that of their start", "count", "typed_first_year",
                "typed_start_year", "<>"),
    CountUneven("other_last_years", "Lines whose last year is not that of their end", "count", "line_last_year",
                "end_year", "<>"),
    MonthOf("reported_month", "Last month reported", "count", "reported_to"),
    Filled("entries_in_year", "Lines reported", "count", "spent"),
    SumReported("budget_in_year", "Budget of the reported lines", "money/year", "cost", "spent", "rows"),
    Sum("spent_in_year", "Spent", "money/year", "spent", "rows"),
    SumReported("line_reported", "Budget of the reported periods", "money", "cost", "spent", "columns", "period_share"),
    SumTyped("line_spent", "Spent", "money", "spent"),
    SumBy("category_reported", "Budget of the reported periods", "money", "line_reported", "category_key",
          "category_place"),
    SumBy("category_spent", "Spent by category", "money/year", "spent", "category_key", "category_place"),
    Sum("category_spent_total", "Spent on the category", "money", "category_spent", "columns"),
    Weighted("source_reported", "Budget of the reported periods", "money", "line_reported", "line_funder_share",
             "funder_place"),
    Weighted("source_spent", "Spent by funding source", "money/year", "spent", "line_funder_share", "funder_place"),
    Sum("source_spent_total", "Spent of the source", "money", "source_spent", "columns"),
    Sum("sourced_spent", "Spent by all sources", "money", "source_spent", "all"),
    Sum("plan_spent", "Spent", "money", "spent_in_year", "columns"),
    Sum("plan_line_spent", "Spent on all lines", "money", "line_spent", "rows"),
    Sum("plan_reported", "Budget of the reported periods", "money", "reported_in_year", "columns"),
    Shortfall("plan_unspent", "Unspent by lines", "money", "line_variance"),
    Most("last_reported_year", "Last year with a report", "year", "reported_year"),
    Sum("plan_carried_over", "Unspent money carried over", "money", "carried_over", "columns"),
    Sum("plan_reforecast", "Reforecast", "money", "reforecast", "columns"),
    Sum("late_entries", "Amounts after the last reported day", "count", "entries_after", "columns"),
)  # fmt: skip


ROWS = {"targets": "foundations", "scales": "levels"}
"""Tables of inputs whose rows are those of another table."""


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

    def between(self, changed: Collection[str], wanted: Collection[str]) -> tuple[Quantity, ...]:
        """In their order, the quantities that depend on a changed one and that a wanted one depends on."""
        touched, needed = set(changed), set(wanted)
        for quantity in self.filled():
            if touched.intersection(quantity.inputs):
                touched.add(quantity.id)
        for quantity in reversed(tuple(self.filled())):
            if quantity.id in needed:
                needed.update(quantity.inputs)
        return tuple(q for q in self.filled() if q.id in touched & needed)


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
    for kind in catalogue.lists["change_kinds"].entries:
        yield Quantity(f"{PREFIX}{kind.id}", kind.label, CHANGES[kind.id].unit, changed_axis(kind.id))
    for constant in catalogue.constants.values():
        yield Quantity(constant.id, constant.label, constant.unit, Axis())
    for table in catalogue.tables.values():
        for field in table.fields:
            if field.quantity:
                axis = Axis(None if table.single else ROWS.get(table.id, table.id), field.by or None)
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
