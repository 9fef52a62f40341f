"""Asked: which table functions there are, and what each reads and gives; all else follows from the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What a table function is to be: the quantities wanted, and what it reads; ``?`` marks what may be left out.

    ``id?=1`` says what stands for an argument that is left out; ``more`` are fields of the function.
    """

    id: str
    help: str
    wanted: str
    reads: str
    more: Mapping[str, Any]


LINES = (
    "year line_nature base_quantity planned_unit_cost line_first_year? line_last_year? line_every? driver_quantity?=1 "
    "price_factor?=1 line_useful_life? line_loss_rate? line_in_use_before? by_cohort?=0 line_on? is_tapering?=0 "
    "taper_factor?=1 line_base_share? line_base? line_category? start_month?=0 end_month?=0"
)
GATES = "level_now required_level preferred_level"
VALUES = "year total_cost discount_rate reporting_inflation?=0 plan_price_year?=first_plan_year"
COURSES = (
    "year audience_size course_first_year? trained_before? turnover? refresher_interval? course_days? class_size? "
    "class_trainers? trainer_extra_days?"
)

ASKED = (
    Asked(
        "maturity_level",
        "Level of each domain from the answers, an official level, or one set with a reason. One round at a time, or "
        "rounds side by side.",
        "final_level",
        "assessed_place question_domain answer_place must_have?=0 level_place? override_place? has_override_reason?=0 "
        "typed_threshold? is_asked?=1",
        {"counted": 1},
    ),
    Asked(
        "gate_status",
        "May new work start? For each gate: 0 not ready, 1 incomplete, 2 ready with conditions, 3 ready.",
        "gate_status",
        GATES,
        {"counted": 0},
    ),
    Asked(
        "gate_blockers",
        "For each domain and gate: the level needed, where the domain keeps the gate from its next status; else blank.",
        "needed_level",
        GATES,
        {"counted": 1, "only_where": "is_blocking"},
    ),
    Asked(
        "first_open_year",
        "For each gate: the first year in which it is open, counting targets that funded lines have begun to work on.",
        "first_open_year",
        f"year {GATES} target_level? target_year? line_area? strengthens_from? foundation_place?",
        {"together": ("line_area", "strengthens_from")},
    ),
    Asked("recurring_cost", "Recurring cost of each line in each year.", "recurring_cost", LINES, {}),
    Asked(
        "device_replacement",
        "Devices to replace in each year, in whole devices: worn out, returned after their life, or lost.",
        "units_replaced",
        "units_needed line_useful_life line_loss_rate? line_in_use_before? by_cohort?=0 is_equipment?=1",
        {},
    ),
    Asked(
        "training_cascade",
        "For each course and year, one table below the other: participants, participant-days, classes, trainer-days.",
        "participants participant_days classes trainer_days",
        COURSES,
        {},
    ),
    Asked(
        "cost_by_year",
        "Cost of all lines in each year: total, one-off and recurring, one row each.",
        "total_cost total_one_off_cost total_recurring_cost",
        LINES,
        {},
    ),
    Asked(
        "funding_gap",
        "Cost of each year that no source carries, or that sources carry without committed money; never netted.",
        "funding_gap",
        "cost line_funder_share committed?",
        {},
    ),
    Asked(
        "equivalent_annual_cost",
        "The level real amount a year with the same present value as the whole plan.",
        "equivalent_annual_cost",
        VALUES,
        {},
    ),
    Asked("present_value", "Real cost of all years, valued at the start of the plan.", "present_value", VALUES, {}),
)
