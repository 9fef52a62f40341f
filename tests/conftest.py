"""Workbooks that many tests read; each is built once per worker and must not be changed."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from packages import Made, made_of
from xlplan.catalogue import TEMPLATE
from xlplan.plan import Plan
from xlplan.planfile import read_plan
from xlplan.shipped import example_path
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import Layout


def example(name: str, template: str = TEMPLATE) -> Plan:
    """An example plan of a template pack, in a checkout or in an installed package."""
    return read_plan(example_path(template, name))


@pytest.fixture(scope="session")
def national() -> Plan:
    return example("national")


@pytest.fixture(scope="session")
def blank() -> Plan:
    return example("blank")


@pytest.fixture(scope="session")
def national_bytes(national: Plan) -> bytes:
    return build_workbook(national)


@pytest.fixture(scope="session")
def blank_bytes(blank: Plan) -> bytes:
    return build_workbook(blank)


@pytest.fixture(scope="session")
def national_book(national_bytes: bytes) -> Workbook:
    """The formulas of the national example."""
    return load_workbook(BytesIO(national_bytes))


@pytest.fixture(scope="session")
def national_values(national_bytes: bytes) -> Workbook:
    """The stored values of the national example."""
    return load_workbook(BytesIO(national_bytes), data_only=True)


@pytest.fixture(scope="session")
def layout(national: Plan) -> Layout:
    return make_layout(national)


@pytest.fixture(scope="session")
def national_made(
    national: Plan, layout: Layout, national_bytes: bytes, national_book: Workbook, national_values: Workbook
) -> Made:
    return Made(national, layout, national_bytes, national_book, national_values)


@pytest.fixture(scope="session")
def small_bytes(blank: Plan) -> bytes:
    """The blank plan with as few rows as a workbook can have, quick to load again and again."""
    return build_workbook(blank, line_rows=1)


@pytest.fixture(scope="session")
def blank_made(blank: Plan, small_bytes: bytes) -> Made:
    """Nothing but spare rows; the national example has the full number of rows."""
    return made_of(blank, make_layout(blank, line_rows=1), small_bytes)


@pytest.fixture(scope="session")
def case_management() -> Plan:
    """The example of the second template pack."""
    return example("national", "case_management")


@pytest.fixture(scope="session")
def case_management_made(case_management: Plan) -> Made:
    """A workbook of another sector: other domains, questions, levels and gates."""
    layout = make_layout(case_management, line_rows=1)
    return made_of(case_management, layout, build_workbook(case_management, line_rows=1))


@pytest.fixture(scope="session", params=["national", "blank", "case_management"])
def made(request: pytest.FixtureRequest) -> Made:
    """Each of the three workbooks in turn."""
    found: Made = request.getfixturevalue(f"{request.param}_made")
    return found


@pytest.fixture
def fresh(blank: Plan, small_bytes: bytes) -> Made:
    """A small workbook of its own, to be damaged by one test."""
    return made_of(blank, make_layout(blank, line_rows=1), small_bytes)


@pytest.fixture
def office_profile(tmp_path: Path) -> Path:
    """A folder of its own for one run of LibreOffice."""
    return tmp_path / "office"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what other programs judge, so that the test command can leave it out where one is missing."""
    for item in items:
        if "libreoffice" in item.nodeid or "office_profile" in getattr(item, "fixturenames", ()):
            item.add_marker("libreoffice")
        if {"browser", "chromium"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("chromium")
        if "in_pyodide" in getattr(item, "fixturenames", ()):
            item.add_marker("pyodide")
