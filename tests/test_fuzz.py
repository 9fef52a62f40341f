"""Some hundred damaged workbooks in every run; ``python tests/fuzz.py --count 20000`` tries many more."""

from dataclasses import replace
from pathlib import Path

import pytest

import fuzz
from fuzz import Base, fuzzed, mutant, silent_differences
from returned import cell_of, small_book, with_number, worked_example
from xlplan import load
from xlplan.workbook.read import _Reader

CASES = range(900_001, 900_161)


@pytest.fixture(scope="module")
def base() -> Base:
    plan = worked_example()
    return Base(*reversed_pair(small_book(plan), plan))


def reversed_pair(made: tuple[bytes, object], plan: object) -> tuple[object, ...]:
    return made[0], plan, made[1]


def test_no_damage_breaks_the_reader_or_changes_an_input_silently(base: Base) -> None:
    tally = fuzzed(CASES, [base, base])
    assert tally.failures == []
    assert tally.outcomes["quarantined"] > 20
    assert tally.outcomes["accepted"] > 20
    assert tally.longest < fuzz.LONGEST_SECONDS


def test_equal_seeds_give_equal_damage(base: Base) -> None:
    assert mutant(base, 5) == mutant(base, 5)
    assert mutant(base, 5) != mutant(base, 6)


def test_the_second_reader_agrees_on_a_sound_workbook_and_on_a_changed_one(base: Base, tmp_path: Path) -> None:
    changed = with_number(base.data, *cell_of(base.layout, "lines.quantity_1", 2), 77.5)
    for data in (base.data, changed):
        (tmp_path / "north.xlsx").write_bytes(data)
        assert silent_differences(base, load(tmp_path / "north.xlsx"), data) == []


def test_the_second_reader_sees_a_value_in_the_wrong_column(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: the second quantity is read as the first."""
    changed = with_number(base.data, *cell_of(base.layout, "lines.quantity_1", 2), 77.5)
    (tmp_path / "north.xlsx").write_bytes(changed)
    right = _Reader.row

    def wrong(self: _Reader, *where: object) -> dict[str, object]:
        found = right(self, *where)
        return found | ({"quantity_1": found["quantity_2"]} if "quantity_2" in found else {})

    monkeypatch.setattr(_Reader, "row", wrong)
    assert silent_differences(base, load(tmp_path / "north.xlsx"), changed) != []


def test_the_second_reader_sees_an_entry_that_no_cell_holds(base: Base) -> None:
    plan = replace(base.plan, settings={**base.plan.settings, "title": "Another"})
    assert silent_differences(base, plan, base.data) == ["the same cells, another plan"]
