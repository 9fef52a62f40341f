"""Calls of the Python sheet: which function fills which cells, and how near it must come to the native numbers."""

from dataclasses import dataclass

from xlplan.addin.functions import PREFIX, functions

ELSEWHERE = {"answer_place": "answers.answer"}
"""Arguments that stand on a sheet under another name: as words that a planner chose."""

NUMBERED = ("foundation_place",)
"""Arguments that a workbook leaves to the numbers of its rows."""


@dataclass(frozen=True)
class Call:
    """One array of cells that a function fills: its title, the quantities it gives, names and ids of its rows.

    ``same`` cells are compared as they stand, others within the quantity named by ``tolerance``.
    """

    function: str
    title: str
    gives: tuple[str, ...]
    names: str = ""
    ids: str = ""
    same: bool = False
    tolerance: str = "share_tolerance"

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.function}"

    @property
    def reads(self) -> tuple[str, ...]:
        """What the function is given, in the order of its arguments."""
        names = (argument.name for argument in functions()[self.name].arguments)
        return tuple(ELSEWHERE.get(name, name) for name in names if name not in NUMBERED)


CALLS = (
    Call("maturity_level", "Level of each domain, by round", ("final_level",), "assessed.name", same=True),
    Call("gate_status", "Readiness gates today", ("gate_status",), same=True),
    Call("gate_blockers", "Level needed where a domain blocks a gate", ("needed_level",), "foundation_name"),
    Call("first_open_year", "First year in which each gate is open", ("first_open_year",), "gate_name", same=True),
    Call("cost_by_year", "Total, one-off and recurring cost",
         ("total_cost", "total_one_off_cost", "total_recurring_cost"), tolerance="money_tolerance"),
    Call("funding_gap", "Funding gap", ("funding_gap",), tolerance="money_tolerance"),
    Call("present_value", "Present value", ("present_value",), tolerance="money_tolerance"),
    Call("equivalent_annual_cost", "Equivalent annual cost", ("equivalent_annual_cost",), tolerance="money_tolerance"),
    Call("training_cascade", "Participants, participant-days, classes, trainer-days",
         ("participants", "participant_days", "classes", "trainer_days"), "courses.label"),
    Call("recurring_cost", "Recurring cost", ("recurring_cost",), "lines.activity", "line_id",
         tolerance="money_tolerance"),
    Call("device_replacement", "Devices to replace", ("units_replaced",), "lines.activity", "line_id"),
)  # fmt: skip
