"""Every engine really calculates: a stored value is never repeated, and a wrong number never passes."""

import subprocess
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import formualizer
import pytest
from openpyxl import Workbook, load_workbook

import engines
from engines import (
    ENGINES,
    CalculationError,
    Value,
    Values,
    agree,
    differences,
    formulas_values,
    saved_by_libreoffice,
    stored_values,
    strip_caches,
)

pytestmark = pytest.mark.xdist_group("engines")  # with --dist loadgroup one worker calculates for all of them
EVERY_ENGINE = pytest.mark.parametrize("engine", tuple(ENGINES))

RIGHT: Mapping[str, Value] = {
    "A1+A2": 5.0,
    "A1/0": "#DIV/0!",
    "A1<A2": True,
    "A9": 0.0,
    'A3&" < & >"': "word < & >",
    'IF(A1=2,"",1)': None,
    "ISNUMBER(A9)": False,
    "ISNUMBER(A3)": False,
    "ROUND(1.005,2)": 1.01,
    "ROUND(2582.325,2)": 2582.33,
    "ROUND(-1.005,2)": -1.01,
    "ROUNDDOWN(1.999,2)": 1.99,
    "ROUNDUP(100*0.07,0)": 7.0,
    "ROUNDUP(60.1,0)": 61.0,
    'SUMPRODUCT(--(A3:A5="word"))': 2.0,
    "MOD(-1,A2)": 2.0,
    "(0-A1)^A2": -8.0,
    "2^A2^A1": 64.0,
    "0-A1^A1": -4.0,
}
"""Formulas over A1 = 2, A2 = 3, A3 = A4 = "word", and what Excel shows for them."""


def probes() -> bytes:
    workbook, target = Workbook(), BytesIO()
    sheet = workbook.create_sheet("Probes & more", 0)
    for row in ((2,), (3,), ("word",), ("word",), ("other",)):
        sheet.append(row)
    for number, formula in enumerate(RIGHT, start=1):
        sheet.cell(number, 2, f"={formula}")
    workbook.save(target)
    return target.getvalue()


@cache
def calculated() -> bytes:
    """The probes with a stored value beside every formula."""
    return bytes(formualizer.recalculate_xlsx_bytes(probes())["bytes"])


def with_wrong_sum(data: bytes) -> bytes:
    """The package with 999 stored for the first formula, 2 + 3."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as changed:
        for info in source.infolist():
            part = source.read(info)
            changed.writestr(info, part.replace(b"</f><v>5</v>", b"</f><v>999</v>"))
    return target.getvalue()


def expected() -> Values:
    return {("Probes & more", f"B{number}"): value for number, value in enumerate(RIGHT.values(), start=1)}


@cache
def probed(engine: str) -> Values:
    """What the engine makes of probes with one wrong stored value."""
    return ENGINES[engine](with_wrong_sum(calculated()))


@EVERY_ENGINE
def test_engine_shows_what_excel_shows(engine: str) -> None:
    assert differences(expected(), probed(engine)) == []


@EVERY_ENGINE
def test_engine_does_not_repeat_a_wrong_stored_value(engine: str) -> None:
    assert stored_values(with_wrong_sum(calculated()))["Probes & more", "B1"] == 999
    assert probed(engine)["Probes & more", "B1"] == 5


@EVERY_ENGINE
def test_a_wrong_expectation_is_named_with_its_cell(engine: str) -> None:
    wrong = expected() | {("Probes & more", "B1"): 5.00001}
    assert differences(wrong, probed(engine)) == ["Probes & more!B1: expected 5.00001, found 5.0"]


def test_libreoffice_would_repeat_a_stored_value_that_is_not_stripped() -> None:
    """The reason for stripping: with stored values present this oracle checks nothing."""
    repeated = stored_values(saved_by_libreoffice(with_wrong_sum(calculated())))
    assert repeated["Probes & more", "B1"] == 999


def test_stripping_takes_every_stored_value() -> None:
    assert set(stored_values(strip_caches(calculated())).values()) == {None}


def test_stripping_takes_every_stored_value_from_a_file_of_libreoffice() -> None:
    """Another writer spells cells and formulas in its own way."""
    stripped = strip_caches(saved_by_libreoffice(probes()))
    assert set(stored_values(stripped)) == set(expected())
    assert set(stored_values(stripped).values()) == {None}
    assert differences(expected(), ENGINES["libreoffice"](stripped)) == []


def test_stripping_leaves_every_other_part_as_it_was() -> None:
    parts, stripped = parts_of(calculated()), parts_of(strip_caches(calculated()))
    assert list(parts) == list(stripped)
    assert [name for name in parts if parts[name] != stripped[name]] == ["xl/worksheets/sheet1.xml"]


def test_stripping_leaves_numbers_texts_and_formulas_as_they_were() -> None:
    assert contents(strip_caches(calculated())) == contents(calculated())


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def contents(data: bytes) -> list[object]:
    sheet = load_workbook(BytesIO(data))["Probes & more"]
    return [cell.value for row in sheet.iter_rows() for cell in row]


def test_formulas_fails_for_a_cell_that_it_leaves_out() -> None:
    workbook, target = Workbook(), BytesIO()
    workbook.worksheets[0]["A1"] = "=A1+1"
    workbook.save(target)
    with pytest.raises(CalculationError, match="formulas gives no value for Sheet!A1"):
        formulas_values(target.getvalue())


def test_without_libreoffice_the_test_fails_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="LibreOffice is not installed: the test command of the README"):
        ENGINES["libreoffice"](probes())


def test_libreoffice_that_writes_nothing_is_not_taken_for_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "soffice", lambda: "echo")
    with pytest.raises(CalculationError, match=r"LibreOffice wrote no workbook; it said: .*--headless"):
        ENGINES["libreoffice"](probes())


def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SECONDS", 0.1)
    with pytest.raises(subprocess.TimeoutExpired):
        engines.run(["sh", "-c", "sleep 60 & sleep 60"])


@pytest.mark.parametrize(
    ("one", "other"),
    [(1.0, 1.0 + 1e-10), (1e15, 1e15 + 1), (0.0, 1e-17), (3, 3.0), (None, None), ("#DIV/0!", "#DIV/0!"), (True, True)],
)
def test_values_that_agree(one: Value, other: Value) -> None:
    assert agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.0 + 1e-8),
        (60.0, 61.0),
        (1.0, True),
        (0.0, False),
        (0.0, None),
        (0.0, "#DIV/0!"),
        (1.0, "1"),
        (None, ""),
        (float("nan"), float("nan")),
    ],
)
def test_values_that_differ(one: Value, other: Value) -> None:
    assert not agree(one, other)
    assert not agree(other, one)


def test_a_cell_that_was_not_calculated_is_an_error() -> None:
    with pytest.raises(KeyError, match="B7"):
        differences({("Probes & more", "B7"): 1.0}, {})
