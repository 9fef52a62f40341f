"""Every text fits its cell, in each language, empty and filled."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment

from fits import cut_texts
from xlplan.addin.sheets import WINDOWS
from xlplan.catalogue import TEMPLATE
from xlplan.shipped import EXAMPLE_ROWS, example_plan
from xlplan.words import LANGUAGES
from xlplan.workbook.build import build_workbook, make_layout

pytestmark = pytest.mark.libreoffice
"""The letters come with LibreOffice's fonts."""

IN_FULL_ELSEWHERE = ("B", "C", "G", "H")
"""Columns of Lists whose long texts stand in full on Questions, Advice and Catalogue."""

BOOKS = [*((TEMPLATE, name, code) for name in ("national", "blank") for code in LANGUAGES)]
BOOKS += [("case_management", "national", code) for code in LANGUAGES]


def cut(template: str, name: str, language: str) -> list[str]:
    """Texts that do not fit, but for names of rows on calculation sheets, which the input sheets show in full."""
    plan = example_plan(language, name, template)
    layout = make_layout(plan, EXAMPLE_ROWS)
    shown = load_workbook(BytesIO(build_workbook(plan, EXAMPLE_ROWS)), data_only=True)
    lists = tuple(f"{layout.title('lists')}!{column}" for column in IN_FULL_ELSEWHERE)
    names = tuple(f"{sheet.title}!B" for sheet in layout.sheets if sheet.kind == "calculation")
    return [fault for fault in cut_texts(shown) if not fault.startswith((*lists, *names))]


@pytest.mark.parametrize(("template", "name", "language"), BOOKS)
def test_every_text_fits_its_cell(template: str, name: str, language: str) -> None:
    assert cut(template, name, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_sheets_of_an_edition_fits_its_cell(language: str) -> None:
    plan = example_plan(language)
    titles = tuple(f"{plan.catalogue.say(module.SHEET.title)}!" for module in WINDOWS)
    shown = load_workbook(BytesIO(build_workbook(plan, EXAMPLE_ROWS, WINDOWS)), data_only=True)
    assert [fault for fault in cut_texts(shown) if fault.startswith((*titles, "xlwings.conf!"))] == []


@pytest.mark.parametrize(
    ("value", "wrap", "width", "fault"),
    [
        ("Steering committee of the ministry", False, 10, "cut off at the right"),
        ("Infrastructure", True, 8, "the word 'Infrastructure' is broken"),
        ("Steering committee of the ministry", True, 14, "cut off below"),
        (1234567890, False, 6, "####"),
    ],
)
def test_what_does_not_fit_is_seen(value: object, wrap: bool, width: float, fault: str) -> None:
    book = Workbook()
    ws = book.active
    ws["A1"], ws["B1"] = value, "next"
    ws["A1"].number_format, ws["A1"].alignment = "#,##0", Alignment(wrap_text=wrap)
    ws.column_dimensions["A"].width, ws.row_dimensions[1].height = width, 20
    ws.column_dimensions["A"].min = ws.column_dimensions["A"].max = 1
    assert [found.split(": ")[1] for found in cut_texts(book)] == [fault]
