"""The workbook of many plans: its values in the eyes of a second engine, and lists that are too long for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import formualizer
import pytest
from python_calamine import CalamineWorkbook

from xlplan.catalogue import load_catalogue
from xlplan.consolidate.formulas import MOST_ROWS
from xlplan.consolidate.national import NOTHING, Aside, National, Read, SharedCost, Unit
from xlplan.consolidate.sheets import listings
from xlplan.problems import PlanError, Problem
from xlplan.workbook.listing import Listing, listing_book
from xlplan.workbook.package import pack, parts

YEARS = (2027, 2028, 2029)
CLOSE = 1e-12


def unit(number: int, country: str = "Examplia", cost: Sequence[float] = (100.1, 200.2, 300.3)) -> Unit:
    money = dict(zip(YEARS, cost, strict=True))
    return Unit(
        country, f"Unit {number}", "p", "Plan", f"{number}.xlsx", "Budget!D9", 0, 0, sum(cost) / 3, 1.1 * number, money
    )


def national(**more: Any) -> National:
    """Three units of two countries, one of them spelled in two ways."""
    units = [unit(1), unit(2, "EXAMPLIA", (0.1, 0.2, 0.3)), unit(3, "Other", (1e9, 7, 1 / 3))]
    whole = {year: sum(one.cost[year] for one in units) + 10 for year in YEARS}
    shared = [SharedCost("HOST", "Hosting", ("1.xlsx", "2.xlsx"), "1.xlsx", "Costs!C7", dict.fromkeys(YEARS, 10.0))]
    money = {"areas": [("area:security", whole)], "categories": [("", whole)], "sources": [("Fund", whole)]}
    return replace(NOTHING, **{"years": YEARS, "currency": "USD", "units": units, "shared": shared, **money, **more})


def book(found: National) -> bytes:
    return listing_book(listings(found, load_catalogue()), "Several plans", "en")


def cells(data: bytes) -> dict[tuple[str, int, int], Any]:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as found:
        return {
            (title, row, column): value
            for title in found.sheet_names
            for row, values in enumerate(found.get_sheet_by_name(title).to_python(skip_empty_area=False))
            for column, value in enumerate(values)
        }


def differing(data: bytes) -> list[tuple[str, int, int]]:
    """Cells whose stored value is not what another engine calculates."""
    stored, fresh = cells(data), cells(bytes(formualizer.recalculate_xlsx_bytes(data)["bytes"]))
    assert stored.keys() == fresh.keys()
    return [spot for spot, value in stored.items() if not alike(value, fresh[spot], noise(spot, stored))]


def alike(one: Any, other: Any, noise: float) -> bool:
    return abs(one - other) <= noise if isinstance(one, float) and isinstance(other, float) else one == other


def noise(spot: tuple[str, int, int], stored: Mapping[Any, Any]) -> float:
    """What the order of adding up may change in a column: a part of its largest number."""
    column = (value for (sheet, _, place), value in stored.items() if (sheet, place) == (spot[0], spot[2]))
    return CLOSE * max((abs(value) for value in column if isinstance(value, float)), default=0)


def test_every_stored_value_is_what_another_engine_calculates() -> None:
    assert differing(book(national())) == []


def test_a_planted_wrong_value_is_seen_by_the_other_engine() -> None:
    found = parts(book(national()))
    sheet = found["xl/worksheets/sheet2.xml"]
    found["xl/worksheets/sheet2.xml"] = re.sub(rb"(<c r=\"I7\".*?<v>)[^<]*", rb"\g<1>600.7", sheet, count=1)
    assert ("By unit", 6, 8) in differing(pack(found))


def test_a_country_counts_once_however_it_is_spelled_and_its_name_is_no_pattern() -> None:
    odd = [unit(1, "Ex*"), unit(2, "Example"), unit(3, "EX*"), unit(4, ">1")]
    data = book(national(units=odd))
    assert differing(data) == []
    names = [value for (sheet, row, column), value in cells(data).items() if sheet == "Summary" and column == 0]
    top = names.index("Own costs by country or region")
    assert names[top + 1 : top + 4] == ["Ex*", "Example", ">1"]
    money = [value for (sheet, row, column), value in cells(data).items() if sheet == "Summary" and column == 1]
    assert money[top + 1 : top + 4] == pytest.approx([1201.2, 600.6, 600.6])


def test_what_to_look_at_twice_has_a_heading_only_where_there_is_something() -> None:
    caution = Problem("plans", "two price years", "one", "see")
    for cautions, shown in ([], False), ([caution], True):
        texts = set(cells(book(national(cautions=cautions))).values())
        assert ("To look at twice" in texts, str(caution) in texts) == (shown, shown)


def test_sums_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(PlanError, match="no number"):
        book(national(units=[unit(1, cost=(1e308, 1e308, 1e308))]))


# ------------------------------------------------------------------------------------------------ too many rows


def entries(count: int) -> Iterator[tuple[str, dict[int, float]]]:
    return ((f"programme:P {number:06d}", {2027: 1.0}) for number in range(count))


@pytest.fixture(scope="module")
def long_lists() -> Mapping[str, Listing]:
    """The lists of 20,003 plans, activities, areas, sources, and files."""
    count = MOST_ROWS + 3
    shared = [SharedCost(f"{n}", "a", (), "", "", {2027: 1.0}) for n in range(count)]
    found = national(
        units=[unit(n, f"Country {n % 300}", (1.0, 0.0, 0.0)) for n in range(count)], shared=shared,
        areas=entries(count), sources=entries(count), asides=[Aside("a.xlsx", "note", ("", "", "", ""))] * count,
        read=[Read("a.xlsx", "", "counted", "", "", "", "", "")] * count,
        cautions=[Problem("plans", "odd", "even", "see")] * count,
    )  # fmt: skip
    return {listing.title: listing for listing in listings(found, load_catalogue())}


@pytest.mark.parametrize(
    ("title", "place", "words"),
    [
        ("By unit", 1, "3 more plans, in the store"),
        ("By area", 0, "3 more, added up"),
        ("By source", 0, "3 more, added up"),
        ("Shared activities", 1, "3 more, added up"),
        ("Duplicates and quarantined", 0, "3 more, not shown"),
        ("Sources", 0, "3 more, not shown"),
        ("Summary", 0, "3 more, not shown"),
    ],
)
def test_a_list_that_is_too_long_says_how_many_rows_it_leaves_out(
    long_lists: Mapping[str, Listing], title: str, place: int, words: str
) -> None:
    *_, last = long_lists[title].rows
    assert last[place] == words


def test_no_money_is_lost_beyond_the_last_row(long_lists: Mapping[str, Listing]) -> None:
    for title, column in ("By unit", 12), ("By area", 2), ("By source", 2), ("Shared activities", 6):
        assert long_lists[title].totals[column].value == MOST_ROWS + 3


def test_countries_beyond_the_last_row_are_added_up_in_one() -> None:
    found = national(units=[unit(n, f"Country {n}", (1.0, 0.0, 0.0)) for n in range(203)])
    rows = [*listings(found, load_catalogue())[0].rows]
    assert ["3 more, added up", 3.0, 3.0, 0.0, 0.0] in rows
