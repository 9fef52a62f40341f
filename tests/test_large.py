"""Workbooks with more formulas than the engine writes values for by itself."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from engines import differences, stored_values
from xlplan.plan import Plan
from xlplan.workbook import recalculate
from xlplan.workbook.build import build_workbook, draw_workbook, make_layout, tidy
from xlplan.workbook.container import packed
from xlplan.workbook.large import refilled, stored
from xlplan.workbook.package import parts

MANY = 700


@pytest.fixture(scope="module")
def large(national: Plan) -> Plan:
    """The lines of the example again and again, each under an id of its own."""
    lines = national.rows("lines")
    more = [dict(lines[n % len(lines)]) | {"id": f"line-{n + 1:04d}"} for n in range(MANY)]
    kept = tuple({key: value for key, value in row.items() if key != "tail"} for row in more)
    return replace(national, tables=dict(national.tables) | {"lines": kept})


def test_both_ways_store_the_same_values(national: Plan, national_bytes: bytes) -> None:
    drawn = tidy(draw_workbook(national), national.settings.get("data_date"))
    found = parts(drawn)
    assert differences(stored_values(national_bytes), stored_values(packed(found | refilled(drawn, found)))) == []


def test_a_wrong_value_would_be_seen(national_bytes: bytes) -> None:
    expected = stored_values(national_bytes)
    spot = next(spot for spot, value in expected.items() if isinstance(value, float) and value > 1000)
    assert len(differences(expected, expected | {spot: 8000.0})) == 1


def test_a_workbook_of_many_lines_shows_what_the_plan_comes_to(large: Plan) -> None:
    data = build_workbook(large, MANY)
    assert recalculate.formulas_in(parts(data)) > recalculate.MOST_FORMULAS
    place = make_layout(large, MANY).places["cash"]
    shown = load_workbook(BytesIO(data), data_only=True, read_only=True)["Budget"]
    assert shown.cell(place.row, place.column).value == pytest.approx(large.evaluate().number("cash"), rel=1e-12)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, (b"", b"1")),
        (0.1, (b"", b"0.1")),
        (True, (b' t="b"', b"1")),
        (None, (b' t="str"', b"")),
        ("a < b & c", (b' t="str"', b"a &lt; b &amp; c")),
    ],
)
def test_a_value_is_stored_in_its_type(value: object, expected: tuple[bytes, bytes]) -> None:
    assert stored(value) == expected


def test_an_error_value_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        stored({"type": "Error"})
