"""Verify: what is wrong with a workbook that comes back is told by sheet and cell, and what was typed is kept."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from returned import by_id, cell_of, saved, small_book, with_cell, with_formula, with_number, with_text, worked_example
from xlplan import load
from xlplan.cli import main
from xlplan.files import read_package
from xlplan.plan import Plan
from xlplan.workbook.layout import Layout
from xlplan.workbook.verify import Verdict, verify


@pytest.fixture(scope="module")
def plan() -> Plan:
    return worked_example()


@pytest.fixture(scope="module")
def made(plan: Plan) -> tuple[bytes, Layout]:
    return small_book(plan)


@pytest.fixture(scope="module")
def data(made: tuple[bytes, Layout]) -> bytes:
    return made[0]


@pytest.fixture(scope="module")
def layout(made: tuple[bytes, Layout]) -> Layout:
    return made[1]


def judged(data: bytes, folder: Path) -> Verdict:
    return verify(read_package(saved(data, folder)))


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def told(verdict: Verdict) -> str:
    return "\n".join(map(str, (*verdict.problems, *verdict.notes)))


def test_a_workbook_as_it_was_made_is_accepted_and_all_of_it_compared(
    data: bytes, layout: Layout, plan: Plan, tmp_path: Path
) -> None:
    """Only the values of what was compared at some earlier time, of scenarios and inputs, may be old."""
    verdict = judged(data, tmp_path)
    assert (verdict.outcome, told(verdict)) == ("accepted", "")
    book = load_workbook(BytesIO(data))
    first, state = layout.starts["list_traces"], layout.places["comparison_state"]
    last = book[layout.title("lists")].max_row
    traced = book[layout.title("lists")].iter_rows(min_row=first + 1, max_row=last)
    old = [cell for row in traced for cell in row if cell.data_type == "f"]
    old += [book[layout.title("scenarios")].cell(state.row, state.column)]
    assert verdict.formulas - len(old) == verdict.values > 10_000
    assert by_id(verdict.plan) == by_id(plan)


def test_the_full_example_is_accepted(national_bytes: bytes, national: Plan, tmp_path: Path) -> None:
    verdict = judged(national_bytes, tmp_path)
    assert (verdict.outcome, told(verdict)) == ("accepted", "")
    assert verdict.plan == national


def test_a_number_typed_over_a_formula_is_told_with_what_its_inputs_give(
    data: bytes, layout: Layout, plan: Plan, tmp_path: Path
) -> None:
    """The Python engine says what the line costs in the second year."""
    title, address = cell_of(layout, "cost", row=2, slot=1)
    costs = plan.evaluate().costs
    gives = costs[(costs["line"] == plan.rows("lines")[2]["id"]) & (costs["year"] == plan.first_year + 1)][
        "cost"
    ].item()
    verdict = judged(with_number(data, title, address, 8000.0), tmp_path)
    shown = f"{gives:,.0f}" if gives == int(gives) else f"{gives:,.2f}"
    sentence = f"north.xlsx, {title}!{address}: holds 8,000 typed over its formula; its inputs give {shown};"
    assert str(verdict.problems[0]).startswith(sentence)
    assert verdict.plan == plan


FORMULAS: dict[str, tuple[str, float, str]] = {
    "a broken reference": ("#REF!*2", 5.0, "a broken reference, =#REF!*2"),
    "another formula": ("1+1", 2.0, "another formula, =1+1"),
    "a formula of another row": ("B7", 2.0, "another formula, =B7"),
    "a link to another file": ("[1]Sheet1!A1", 2.0, "another formula"),
}


@pytest.mark.parametrize(("formula", "value", "words"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_that_is_not_the_templates_is_told(
    formula: str, value: float, words: str, data: bytes, layout: Layout, tmp_path: Path
) -> None:
    title, address = cell_of(layout, "cost", row=1, slot=2)
    verdict = judged(with_formula(data, title, address, formula, value), tmp_path)
    assert f"{title}!{address}: {words}" in told(verdict)


def test_a_formula_spelled_in_another_way_is_the_same(data: bytes, layout: Layout, plan: Plan, tmp_path: Path) -> None:
    """Capitals, blanks and quotes differ between programs."""
    title, address = cell_of(layout, "cash")
    part = judged(data, tmp_path)
    cells = re.search(rf'<c r="{address}"[^>]*><f>([^<]*)</f><v>([^<]*)</v>'.encode(), part_of(data, title))
    assert cells
    spelled = re.sub(r"[A-Z]+\(", lambda call: f"{call[0].lower()} ", cells[1].decode()).replace("'", "")
    changed = with_formula(data, title, address, spelled, float(cells[2]))
    assert part.outcome == judged(changed, tmp_path).outcome == "accepted"


def part_of(data: bytes, title: str) -> bytes:
    from returned import sheet_part
    from xlplan.workbook.package import parts

    return parts(data)[sheet_part(data, title)]


def test_a_stale_stored_value_is_told(data: bytes, layout: Layout, tmp_path: Path) -> None:
    title, address = cell_of(layout, "cash")
    stored = re.search(rf'(<c r="{address}"[^>]*><f>[^<]*</f>)<v>[^<]*</v>'.encode(), part_of(data, title))
    assert stored
    content = stored[1].split(b">", 1)[1].decode() + "<v>123</v>"
    verdict = judged(with_cell(data, title, address, content), tmp_path)
    assert f"{title}!{address}: shows 123; its inputs give" in told(verdict)


def test_a_changed_list_is_told(data: bytes, layout: Layout, tmp_path: Path) -> None:
    title, address = cell_of(layout, "list:levels")
    verdict = judged(with_text(data, title, address, "Superb"), tmp_path)
    assert f"{title}!{address}: a list was changed: 'Not yet achieved' is now 'Superb'" in told(verdict)


def test_what_was_typed_outside_the_input_cells_is_told(data: bytes, tmp_path: Path) -> None:
    far = b'<row r="900"><c r="B900" t="inlineStr"><is><t>please check</t></is></c></row></sheetData>'
    from returned import sheet_part
    from xlplan.workbook.package import pack, parts

    name = sheet_part(data, "Budget")
    changed = pack(parts(data) | {name: part_of(data, "Budget").replace(b"</sheetData>", far)}, 1)
    assert "Budget!B900: holds 'please check' outside the input cells" in told(judged(changed, tmp_path))


# Values that are not what their field asks for, and the fresh workbook

Damage = Callable[[bytes, Layout], bytes]


def typed(key: str, text: str, row: int = 0) -> Damage:
    return lambda data, layout: with_text(data, *cell_of(layout, key, row), text)


MENDED: dict[str, tuple[Damage, str, str, object]] = {
    "a decimal comma": (typed("lines.quantity_1", "12,5"), "the number 12.5", "lines quantity_1", 12.5),
    "blanks between thousands": (typed("lines.quantity_1", "1 234,5"), "the number 1234.5", "lines quantity_1", 1234.5),
    "a number as text": (typed("prices.unit_cost", "77"), "the number 77", "prices unit_cost", 77),
    "a share as text": (typed("settings.discount_rate", "3 %"), "the number 0.03", "settings discount_rate", 0.03),
    "a date as text": (typed("versions.date", "30/11/2026"), "the date 2026-11-30", "versions date", "2026-11-30"),
}


@pytest.mark.parametrize(("damage", "words", "place", "value"), MENDED.values(), ids=MENDED)
def test_what_can_only_mean_one_thing_is_told_and_mended_in_a_fresh_workbook(
    damage: Damage, words: str, place: str, value: object, data: bytes, layout: Layout, tmp_path: Path
) -> None:
    file = saved(damage(data, layout), tmp_path)
    result = run("verify", file, "--fix", tmp_path / "fixed.xlsx")
    assert result.exit_code == 1
    assert words in result.stderr
    table, field = place.split()
    fixed = load(tmp_path / "fixed.xlsx")
    row = fixed.settings if table == "settings" else fixed.rows(table)[0]
    assert str(row[field]) == str(value)


UNCLEAR: dict[str, tuple[Damage, str]] = {
    "a comma that may mean either": (typed("lines.quantity_1", "1,234"), "1,234"),
    "a day that may be a month": (typed("versions.date", "03/04/2026"), "03/04/2026"),
    "words for a number": (typed("lines.quantity_1", "about ten"), "about ten"),
    "an unknown choice": (typed("lines.nature", "sometimes"), "sometimes"),
}


@pytest.mark.parametrize(("damage", "text"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_may_mean_several_things_is_told_and_kept_as_it_was_typed(
    damage: Damage, text: str, data: bytes, layout: Layout, tmp_path: Path
) -> None:
    file = saved(damage(data, layout), tmp_path)
    result = run("verify", file, "--fix", tmp_path / "fixed.xlsx")
    assert repr(text) in result.stderr
    again = run("verify", tmp_path / "fixed.xlsx")
    assert repr(text) in again.stderr
    assert "quarantined" in again.stdout


def test_an_error_value_in_an_input_cell_is_never_read_as_blank(data: bytes, layout: Layout, tmp_path: Path) -> None:
    title, address = cell_of(layout, "prices.unit_cost")
    verdict = judged(with_cell(data, title, address, "<v>#N/A</v>", ' t="e"'), tmp_path)
    assert f"{title}!{address}: the error value #N/A" in told(verdict)
    assert verdict.plan is None


def test_a_formula_without_a_stored_value_in_an_input_cell_is_never_read_as_blank(
    data: bytes, layout: Layout, tmp_path: Path
) -> None:
    title, address = cell_of(layout, "prices.unit_cost")
    verdict = judged(with_cell(data, title, address, "<f>12*5</f>"), tmp_path)
    assert f"{title}!{address}: a formula whose value was not stored" in told(verdict)
    assert verdict.kept.rows("prices")[0]["unit_cost"] == "=12*5"


def test_a_formula_with_a_value_in_an_input_cell_is_read_and_told(
    data: bytes, layout: Layout, plan: Plan, tmp_path: Path
) -> None:
    title, address = cell_of(layout, "prices.unit_cost")
    path = saved(with_formula(data, title, address, "12*5", 60.0), tmp_path)
    found = load(path)
    assert found.rows("prices")[0]["unit_cost"] == 60
    assert "a formula in an input cell; its value 60.0 is taken" in str(found.notes[0])


def test_a_row_past_the_end_is_told_and_taken_into_a_fresh_workbook(data: bytes, plan: Plan, tmp_path: Path) -> None:
    layout = small_book(plan)[1]
    place = layout.places["assumptions.label"]
    below = place.row + place.rows + 1
    row = f'<row r="{below}"><c r="B{below}" t="inlineStr"><is><t>One more</t></is></c></row></sheetData>'.encode()
    from returned import sheet_part
    from xlplan.workbook.package import pack, parts

    name = sheet_part(data, "Log")
    changed = pack(parts(data) | {name: part_of(data, "Log").replace(b"</sheetData>", row)}, 1)
    result = run("verify", saved(changed, tmp_path), "--fix", tmp_path / "fixed.xlsx")
    assert f"Log!B{below}: a row past the end of its table" in result.stderr
    assert [row["label"] for row in load(tmp_path / "fixed.xlsx").rows("assumptions")][-1] == "One more"


def test_two_rows_with_one_id_are_told_and_told_apart_in_a_fresh_workbook(
    data: bytes, layout: Layout, plan: Plan, tmp_path: Path
) -> None:
    title, address = cell_of(layout, "prices.label", 1)
    first = str(plan.rows("prices")[0]["id"])
    changed = with_text(data, title, f"A{address[1:]}", first)
    result = run("verify", saved(changed, tmp_path), "--fix", tmp_path / "fixed.xlsx")
    assert f"the id '{first}' stands twice" in result.stderr
    labels = [row["label"] for row in load(tmp_path / "fixed.xlsx").rows("prices")]
    assert labels == [row["label"] for row in plan.rows("prices")]


def test_a_fresh_workbook_of_a_damaged_one_holds_all_inputs_and_the_right_formulas(
    data: bytes, layout: Layout, plan: Plan, tmp_path: Path
) -> None:
    changed = with_number(data, *cell_of(layout, "cost", 1, 1), 1.0)
    run("verify", saved(changed, tmp_path), "--fix", tmp_path / "fixed.xlsx")
    verdict = verify(read_package(tmp_path / "fixed.xlsx"))
    assert (verdict.outcome, verdict.plan) == ("accepted", plan)


def test_a_file_that_cannot_be_kept_whole_makes_no_fresh_workbook(data: bytes, layout: Layout, tmp_path: Path) -> None:
    """A level in a row whose id is gone belongs to nobody."""
    title, address = cell_of(layout, "levels.level", 0)
    filled = with_text(data, title, address, "Adequate")
    changed = with_text(filled, title, f"A{address[1:]}", "")
    result = run("verify", saved(changed, tmp_path), "--fix", tmp_path / "fixed.xlsx")
    assert result.exit_code == 1
    assert not (tmp_path / "fixed.xlsx").exists()


# The certificate and the command


def test_a_certificate_says_what_was_compared_with_what(data: bytes, plan: Plan, tmp_path: Path) -> None:
    file = saved(data, tmp_path)
    assert run("verify", file, "--certificate", tmp_path / "north.toml").exit_code == 0
    found = tomllib.loads((tmp_path / "north.toml").read_text(encoding="utf-8"))
    assert found["file"]["sha256"] == sha256(data).hexdigest()
    assert found["inputs"]["digest"] == plan.digest
    assert found["outcome"] == {"inputs": "accepted", "problems": 0, "notes": 0}
    assert found["totals"]["cash"] == pytest.approx(plan.evaluate().number("cash"))
    assert {"xlplan", "formualizer", "numpy"} <= set(found["by"])


def test_verify_prints_json_for_programs(data: bytes, layout: Layout, tmp_path: Path) -> None:
    changed = with_number(data, *cell_of(layout, "cost", 1, 1), 1.0)
    result = run("verify", saved(changed, tmp_path), "--json")
    found = json.loads(result.stdout)
    assert found["outcome"] == "accepted with warnings"
    assert "typed over its formula" in found["problems"][0]["found"]


def test_the_comparison_sees_a_plan_that_was_read_wrongly(
    data: bytes, layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: quantities are read twice as large as they stand in their cells."""
    from xlplan.workbook import read

    right = read._Reader.row

    def wrong(self: object, block: object, row: int, id: str) -> dict[str, object]:
        found = right(self, block, row, id)
        return found | ({"quantity_1": found["quantity_1"] * 2} if "quantity_1" in found else {})

    monkeypatch.setattr(read._Reader, "row", wrong)
    assert "its inputs give" in told(judged(data, tmp_path))


def test_equal_plans_have_equal_digests_and_others_do_not(plan: Plan) -> None:
    other = replace(plan, settings={**plan.settings, "title": "Another"})
    assert plan.digest == worked_example().digest != other.digest
