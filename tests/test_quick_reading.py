"""The quick reader reads what the strict one reads, and leaves to it whatever is not plain."""

import gc
from pathlib import Path

import openpyxl
import pytest

from engines import saved_by_libreoffice
from fuzz import Base, mutant, silent_differences
from returned import cell_of, saved, sheet_part, small_book, with_cell, with_formula, with_number, worked_example
from xlplan.files import checked_package
from xlplan.problems import PlanError
from xlplan.workbook import quick
from xlplan.workbook.package import pack, parts
from xlplan.workbook.plain import NotPlainError, scan
from xlplan.workbook.quick import quick_inputs, strict_inputs

CASES = range(700_001, 700_161)


@pytest.fixture(scope="module")
def base() -> Base:
    plan = worked_example()
    data, layout = small_book(plan)
    return Base(data, plan, layout)


@pytest.fixture
def strictly(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were left to the strict reader."""
    names: list[str] = []
    right = quick.strict_inputs

    def noted(package):
        names.append(package.name)
        return right(package)

    monkeypatch.setattr(quick, "strict_inputs", noted)
    return names


def assert_same(data: bytes) -> None:
    found, book = quick_inputs("north.xlsx", data)
    other, whole = strict_inputs(checked_package("north.xlsx", data))
    assert found.plan() == other.plan()
    assert (found.cells, found.notes, found.rows) == (other.cells, other.notes, other.rows)
    assert all(cells == whole.sheets[title] for title, cells in book.sheets.items())


def test_both_readers_see_the_same_in_a_workbook_as_it_was_made(base: Base, strictly: list[str]) -> None:
    assert_same(base.data)
    assert strictly == []


def test_both_readers_see_the_same_in_the_example(national_bytes: bytes, strictly: list[str]) -> None:
    assert_same(national_bytes)
    assert strictly == []


def test_both_readers_see_the_same_after_openpyxl(base: Base, tmp_path: Path, strictly: list[str]) -> None:
    openpyxl.load_workbook(saved(base.data, tmp_path)).save(tmp_path / "south.xlsx")
    assert_same((tmp_path / "south.xlsx").read_bytes())


def test_both_readers_see_the_same_after_libreoffice(base: Base, strictly: list[str]) -> None:
    assert_same(saved_by_libreoffice(base.data))
    assert strictly == []


def test_formulas_errors_and_numbers_in_input_cells_are_seen_alike(base: Base, strictly: list[str]) -> None:
    place = cell_of(base.layout, "lines.quantity_1", 1)
    assert_same(with_number(base.data, *place, 1.5e3))
    assert_same(with_formula(base.data, *place, "2*3", 6.0))
    assert_same(with_cell(base.data, *place, "<f>2*3</f><v>6</v>"))
    for content, kind in (("<f>1/0</f><v>#DIV/0!</v>", ' t="e"'), ("<f>2*3</f>", "")):
        with pytest.raises(PlanError, match=r"Costs!"):
            quick_inputs("north.xlsx", with_cell(base.data, *place, content, kind))[0].plan()
    assert strictly == []


NOT_PLAIN = {
    "a cell twice": (b'<c r="B6"', b'<c r="B6" s="1"><v>1</v></c><c r="B6"'),
    "a cell in another row": (b'<c r="B7"', b'<c r="B8"'),
    "rich text": (b"<is><t>", b"<is><r><t>"),
    "a number that is none": (b'"><v>', b'"><v>0x'),
    "a comment among cells": (b'<c r="B7"', b'<!-- --><c r="B7"'),
    "two tables of cells": (b"</sheetData>", b"</sheetData><sheetData></sheetData>"),
    "the end of an unparsed section": (b"<is><t>", b"<is><t>]]>"),
    "a character that is none": (b"<is><t>", b"<is><t>\xef\xbf\xbe"),
    "the last character that is none": (b"<is><t>", b"<is><t>\xef\xbf\xbf"),
    "half a character": (b"<is><t>", b"<is><t>\xed\xa0\x80"),
    "a reference to a byte of zero": (b"<is><t>", b"<is><t>&#0;"),
    "a cell outside rows": (b"</row>", b'</row><c r="ZZ1"><v>1</v></c>'),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_strict_reader(name: str, base: Base) -> None:
    part = parts(base.data)[sheet_part(base.data, "Costs")]
    old, new = NOT_PLAIN[name]
    assert old in part
    with pytest.raises(NotPlainError):
        scan(part.replace(old, new, 1))


BAD_MARKUP = {
    "a control character": (b"<is><t>", b"<is><t>\x01"),
    "a reference to nothing": (b"<is><t>", b"<is><t>&nothing;"),
    "an ampersand alone": (b"<is><t>", b"<is><t>& "),
    "bytes that are no text": (b"<is><t>", b"<is><t>\xff"),
    "a tag that is not closed": (b"<sheetViews>", b"<sheetViews><sheetView>"),
}


@pytest.mark.parametrize("name", BAD_MARKUP)
def test_what_is_no_good_markup_is_left_to_the_strict_reader_which_refuses_it(
    name: str, base: Base, strictly: list[str]
) -> None:  # fmt: skip
    found, title = parts(base.data), sheet_part(base.data, "Costs")
    old, new = BAD_MARKUP[name]
    assert old in found[title]
    with pytest.raises(PlanError, match="cannot be read"):
        quick_inputs("north.xlsx", pack({**found, title: found[title].replace(old, new, 1)}))
    assert strictly == ["north.xlsx"]


def test_a_bad_number_among_many_long_ones_is_seen_at_once() -> None:
    """Patterns that try a number in every way take ages here."""
    cells = b"".join(b'<c r="A%d"><v>%d</v></c></row><row r="%d">' % (n, 10**30 + n, n + 1) for n in range(1, 400))
    with pytest.raises(NotPlainError):
        scan(b'<w><sheetData><row r="1">' + cells + b'<c r="A400"><v>1x</v></c></row></sheetData></w>')


def test_a_value_that_only_one_reader_sees_is_left_to_the_strict_reader(
    base: Base, strictly: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """A planted fault: the first reader loses a cell."""
    right = quick.values_of
    monkeypatch.setattr(quick, "values_of", lambda sheet: dict([*right(sheet).items()][:-1]))
    quick_inputs("north.xlsx", base.data)
    assert strictly == ["north.xlsx"]


def test_a_macro_is_told_by_the_quick_reader_too(base: Base) -> None:
    data = pack({**parts(base.data), "xl/vbaProject.bin": b"x"})
    assert any("macro" in note.found for note in quick_inputs("north.xlsx", data)[0].notes)


def test_no_damage_changes_an_input_silently(base: Base) -> None:
    """What is accepted is what a third reader, of the standard library, finds in the same cells."""
    outcomes = {"accepted": 0, "quarantined": 0}
    for seed in CASES:
        _, data = mutant(base, seed)
        try:
            plan = quick_inputs("north.xlsx", data)[0].plan()
        except PlanError:
            outcomes["quarantined"] += 1
            continue
        outcomes["accepted"] += 1
        assert silent_differences(base, plan, data) == [], seed
    assert min(outcomes.values()) > 20


def test_a_file_that_was_read_leaves_nothing_for_the_garbage_collector(national_bytes: bytes) -> None:
    """Cells that refer to each other in a circle stay in memory until the collector comes, which takes its time."""
    left = []
    for _ in range(2):
        gc.collect()
        quick_inputs("plan.xlsx", national_bytes)[0].plan()
        left.append(gc.collect())
    assert left[-1] < 100
