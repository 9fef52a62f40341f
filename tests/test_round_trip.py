"""No input is ever lost: a plan survives its own TOML file and its own workbook, whatever was typed."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from plans import drawn, plans

from xlplan import load
from xlplan.plan import Plan
from xlplan.planfile import parse_plan, write_plan

pytestmark = pytest.mark.xdist_group("round trip")
BOUNDED = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def read_back(data: bytes) -> Plan:
    """The plan in a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(data)
        return load(path)


@settings(BOUNDED, max_examples=200)
@given(plans())
def test_a_plan_survives_its_own_file(plan: Plan) -> None:
    assert parse_plan(write_plan(plan)) == plan


@settings(BOUNDED)
@given(plans())
def test_equal_plans_give_equal_files(plan: Plan) -> None:
    assert write_plan(parse_plan(write_plan(plan))) == write_plan(plan)


@settings(BOUNDED)
@given(plans())
def test_a_plan_survives_its_own_workbook(plan: Plan) -> None:
    assert write_plan(read_back(drawn(plan))) == write_plan(plan)
