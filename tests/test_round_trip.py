"""No input is ever lost: a plan survives its own TOML file and its own workbook, whatever was typed."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from plans import Made, changed_inputs, drawn, plans, random_plan
from xlplan import PlanError, load
from xlplan.catalogue import templates
from xlplan.plan import Plan, Value
from xlplan.planfile import parse_plan, write_plan
from xlplan.records import Table
from xlplan.values import LONGEST_LABEL, LONGEST_TEXT
from xlplan.workbook.build import build_workbook

BOUNDED = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)  # fmt: skip
"""The same plans in every run; no shrinking, since the message names the values that changed."""


def read_back(data: bytes) -> Plan:
    """The plan in a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(data)
        return load(path)


def parsed(more: str = "", id: str = "plan") -> Plan:
    """A plan of one round and one currency, and more."""
    return parse_plan(f"""
        [plan]
        id = "{id}"
        years = 2
        first_year = 2027
        reporting_currency = "usd"
        price_year = 2027
        discount_rate = 0.03
        replacement_method = "steady"
        current_round = "baseline"
        [[rounds]]
        id = "baseline"
        label = "Baseline"
        [[currencies]]
        id = "usd"
        label = "USD"
        {more}
    """)


@settings(BOUNDED, max_examples=200)
@given(plans())
def test_a_plan_survives_its_own_file_and_equal_plans_give_equal_files(made: Made) -> None:
    text = write_plan(made.plan)
    assert changed_inputs(made.plan, parse_plan(text)) == []
    assert parse_plan(text).template == made.plan.template
    assert write_plan(parse_plan(text)) == text


@settings(BOUNDED)
@given(plans())
def test_a_plan_survives_its_own_workbook(made: Made) -> None:
    found = read_back(drawn(made.plan))
    assert (changed_inputs(made.plan, found), found.template) == ([], made.plan.template)


@pytest.mark.parametrize("template", templates())
def test_a_workbook_with_stored_values_gives_the_same_plan(template: str) -> None:
    plan = random_plan(1, template)
    assert changed_inputs(plan, read_back(build_workbook(plan, 5))) == []


def test_the_longest_texts_survive() -> None:
    """Every text of every table as long as it may be, with an end that a cut would lose."""
    plan = parsed()
    tables = [
        table
        for table in plan.catalogue.tables.values()
        if not table.single and not table.keys and longest_texts(table)
    ]
    rows = {table.id: ({"id": f"{table.id}-1", **longest_texts(table)},) for table in tables}
    settings = {**plan.settings, "reporting_currency": "currencies-1", "current_round": "rounds-1"}
    full = replace(plan, settings={**settings, **longest_texts(plan.catalogue.tables["settings"])}, tables=rows)
    assert changed_inputs(full, parse_plan(write_plan(full))) == []
    assert changed_inputs(full, read_back(drawn(full))) == []


def longest_texts(table: Table) -> dict[str, Value]:
    texts = (field for field in table.fields if field.kind == "text")
    return {field.id: "ä" * ((LONGEST_LABEL if field.key else LONGEST_TEXT) - 3) + "end" for field in texts}


def test_an_id_that_looks_like_an_escaped_character_survives() -> None:
    plan = parsed(id="a_x0041_")
    assert changed_inputs(plan, read_back(drawn(plan))) == []


@pytest.mark.parametrize("number", ["0.30000000000000004", "123456789.12345679", "0.3333333333333333"])
def test_a_number_of_many_digits_is_the_same_after_a_workbook(number: str) -> None:
    plan = parsed(f'[[prices]]\nid = "paper"\nlabel = "Paper"\nunit_cost = {number}')
    assert changed_inputs(plan, read_back(drawn(plan))) == []


def test_a_programme_with_the_name_of_a_domain_is_not_mistaken_for_it() -> None:
    """Formulas find the first of two equal names, the reader the last; a plan must not hold both."""
    programme = '[[programmes]]\nid = "new"\nlabel = "infrastructure"'
    with pytest.raises(PlanError, match="infrastructure"):
        parsed(f'{programme}\n[[lines]]\nid = "work"\nactivity = "Work"\narea = "infrastructure"')


def test_a_plan_that_was_accepted_is_accepted_again() -> None:
    """A line whose only entry is a series without a number says nothing: it is refused at once, not the next time."""
    with pytest.raises(PlanError, match="without any entry"):
        parsed('[[lines]]\nid = "work"\nshares = {}')
