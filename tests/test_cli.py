"""The command line as a user meets it: commands, exit codes, what they print and what they make."""

import csv
import io
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from xlplan import load
from xlplan.catalogue import templates_folder
from xlplan.cli import main
from xlplan.cli_help import GROUPS
from xlplan.plan import Plan
from xlplan.planfile import write_plan
from xlplan.resize import for_years
from xlplan.shipped import WORKBOOKS, Shipped

EXAMPLES = templates_folder() / "examples"
KENYA = EXAMPLES / "kenya-paper.toml"
CLEAN = EXAMPLES / "worked-example.toml"
"""A plan without findings."""

FOUNDATIONS = 8
DONE, PROBLEMS, WRONG_USAGE = 0, 1, 2


def run(*words: object, columns: int = 80) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": str(columns)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def done(*words: object, columns: int = 80) -> str:
    """What a command prints that must succeed without a word on stderr."""
    result = run(*words, columns=columns)
    assert (result.exit_code, result.stderr) == (DONE, "")
    return result.stdout


def shown(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done("show", file, "--json"), parse_constant=pytest.fail)
    return found


# The program itself


def program(*words: object) -> list[str]:
    """The installed command, as a terminal would find it."""
    path = shutil.which("xlplan", path=str(Path(sys.executable).parent))
    assert path, "the command xlplan is not installed"
    return [path, *map(str, words)]


def started(command: list[str], folder: Path) -> tuple[int, str, str]:
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return found.returncode, found.stdout, found.stderr


def test_the_installed_command_makes_calculates_and_shows_a_workbook(tmp_path: Path) -> None:
    made = started(program("new", "plan.xlsx", "--years", 1, "--rows", 1), tmp_path)
    assert made == (DONE, "Made plan.xlsx (en): 1 years from 2027, 0 cost lines.\n", "")
    code, said, wrong = started(program("calc", "plan.xlsx"), tmp_path)
    assert (code, wrong) == (DONE, "")
    assert said.startswith("Calculated plan.xlsx: ")
    code, said, wrong = started(program("show", "plan.xlsx"), tmp_path)
    assert (code, wrong) == (DONE, "")
    assert "Maturity profile" in said
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_the_installed_command_ends_with_one_for_problems_and_two_for_wrong_usage(tmp_path: Path) -> None:
    code, said, wrong = started(program("show", "lost.xlsx"), tmp_path)
    assert (code, said) == (PROBLEMS, "")
    assert wrong == "lost.xlsx: no such file; expected an existing file; correct the name.\n"
    code, said, wrong = started(program("shwo", "lost.xlsx"), tmp_path)
    assert (code, said) == (WRONG_USAGE, "")
    assert "shwo" in wrong


def test_python_runs_the_package_as_a_program(tmp_path: Path) -> None:
    code, said, wrong = started([sys.executable, "-m", "xlplan", "--version"], tmp_path)
    assert (code, wrong) == (DONE, "")
    assert "xlplan" in said


def test_output_that_is_no_terminal_has_no_colour_codes(tmp_path: Path) -> None:
    assert "\x1b" not in started(program("show", KENYA), tmp_path)[1]


def test_the_help_fits_a_screen_and_names_every_command_once() -> None:
    lines = done("--help").splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    named = [command for commands in GROUPS.values() for command in commands]
    assert sorted(named) == sorted(main.commands)
    assert all(any(f"  {command} " in line for line in lines) for command in named)


@pytest.mark.parametrize("command", main.commands)
def test_every_command_has_help(command: str) -> None:
    assert f"Usage: main {command}" in done(command, "--help")


WRONG_USES: dict[str, tuple[object, ...]] = {
    "an unknown command": ("shwo",),
    "an unknown option": ("show", KENYA, "--yaml"),
    "show without file": ("show",),
    "check without file": ("check",),
    "explain without rule": ("explain",),
    "export without target": ("export", KENYA),
    "export to another form": ("export", KENYA, "--to", "x.xml"),
    "export without form": ("export", KENYA, "--to", "x"),
    "new without name": ("new",),
    "new under another ending": ("new", "x.xls"),
    "new with macros": ("new", "x.xlsm"),
    "new without ending": ("new", "x"),
    "no years": ("new", "x.xlsx", "--years", 0),
    "sixteen years": ("new", "x.xlsx", "--years", 16),
    "years in words": ("new", "x.xlsx", "--years", "five"),
    "a first year long ago": ("new", "x.xlsx", "--first-year", 1850),
    "no rows": ("new", "x.xlsx", "--rows", 0),
    "another language": ("new", "x.xlsx", "--lang", "xx"),
    "years beside a file": ("new", "x.xlsx", "--from", KENYA, "--years", 3),
    "first year beside a file": ("new", "x.xlsx", "--from", KENYA, "--first-year", 2030),
    "example beside a file": ("new", "x.xlsx", "--from", KENYA, "--example"),
}


@pytest.mark.parametrize("words", WRONG_USES.values(), ids=WRONG_USES)
def test_wrong_usage_ends_with_two_and_makes_nothing(
    words: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (WRONG_USAGE, "")
    assert "Error: " in result.stderr
    assert list(tmp_path.iterdir()) == []


# show


@pytest.fixture(scope="module")
def national_file(tmp_path_factory: pytest.TempPathFactory, national_bytes: bytes) -> Path:
    path = tmp_path_factory.mktemp("national") / "national.xlsx"
    path.write_bytes(national_bytes)
    return path


def widest(text: str) -> int:
    return max(cell_len(line) for line in text.splitlines())


def plan_file(plan: Plan, folder: Path) -> Path:
    path = folder / "plan.toml"
    path.write_text(write_plan(plan), encoding="utf-8")
    return path


def with_long_words(plan: Plan, word: str) -> Plan:
    """The plan with names as long as they may be."""
    programmes = tuple(dict(row) | {"label": f"{n}{word * 120}"[:120]} for n, row in enumerate(plan.rows("programmes")))
    settings = dict(plan.settings) | {"title": f"{word * 2000}"[:2000]}
    return replace(plan, settings=settings, tables={**plan.tables, "programmes": programmes})


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("name", ["national", "blank", "kenya-paper"])
def test_show_is_at_most_80_columns_wide(name: str, columns: int) -> None:
    assert widest(done("show", EXAMPLES / f"{name}.toml", columns=columns)) <= 80


@pytest.mark.parametrize("word", ["W", "word ", "語"], ids=["no blanks", "words", "wide characters"])
def test_long_names_do_not_make_show_wider(word: str, national: Plan, tmp_path: Path) -> None:
    assert widest(done("show", plan_file(with_long_words(national, word), tmp_path), columns=200)) <= 80


def test_large_money_does_not_make_show_wider(national: Plan, tmp_path: Path) -> None:
    lines = tuple(dict(row) | {"unit_cost": 1e15, "quantity_1": 1e12} for row in national.rows("lines"))
    huge = replace(national, tables={**national.tables, "lines": lines})
    assert widest(done("show", plan_file(huge, tmp_path), columns=200)) <= 80


def test_words_of_a_planner_are_shown_as_they_are(national: Plan, tmp_path: Path) -> None:
    words = "[bold]100 %[/bold] :smile: $x$ \\n"
    first, *others = national.rows("currencies")
    tables = {**national.tables, "currencies": (dict(first) | {"label": words}, *others)}
    named = replace(national, settings=dict(national.settings) | {"title": words}, tables=tables)
    lines = [line.rstrip() for line in done("show", plan_file(named, tmp_path)).splitlines()]
    assert lines[0] == words
    assert f"Budget by year, {words}" in lines


def test_show_tells_profile_gates_budget_gap_and_checks(national_file: Path) -> None:
    text = done("show", national_file)
    for words in ("Maturity profile", "Readiness today", "Budget by year", "Gap", "Present value", "hecks"):
        assert words in text
    assert "DHIS2 security and compliance is Early progress, needs Adequate" in text


def test_show_totals_are_those_of_the_results(national_file: Path, national: Plan) -> None:
    total = next(line for line in done("show", national_file).splitlines() if line.startswith("Total"))
    sums = national.evaluate().totals[["cost", "one_off", "recurring", "confirmed", "gap"]].sum()
    assert total.split()[1:] == [f"{figure:,.0f}" for figure in sums]


def test_show_json_has_its_keys(national_file: Path, national: Plan) -> None:
    found = shown(national_file)
    assert {"profile", "gates", "costs", "totals", "checks"} <= set(found)
    programmes = {"community_health", "tb_tracker", "disease_surveillance", "immunisation_registry"}
    assert set(found["profile"]) == {*national.catalogue.domains, *programmes}
    assert set(found["profile"].values()) <= {"not_assessed", "not_yet_achieved", "early_progress", "adequate"}
    assert list(found["gates"]) == ["aggregate", "tracker"]
    assert list(found["costs"]) == [str(year) for year in range(2027, 2035)]
    assert set(found["totals"]) == {"cash", "present_value", "equivalent_annual_cost"}
    assert [check["check"] for check in found["checks"]] == list(national.catalogue.checks)


def test_show_json_names_every_blocker_with_its_level_and_what_it_needs(national_file: Path) -> None:
    blockers = [{"domain": "security", "level": "early_progress", "needed": "adequate"}]
    assert shown(national_file)["gates"] == {
        "aggregate": {"status": "ready", "blockers": []},
        "tracker": {"status": "not ready", "blockers": blockers},
    }


@pytest.mark.parametrize("name", ["national", "blank", "kenya-paper", "kenya-smartphone"])
@pytest.mark.parametrize("breakdown", ["by_category", "by_nature", "by_area", "by_head", "by_grouping", "by_source"])
def test_show_json_breakdowns_add_up_to_the_totals(name: str, breakdown: str) -> None:
    found = shown(EXAMPLES / f"{name}.toml")
    for year in found["costs"].values():
        assert sum(year[breakdown].values()) == pytest.approx(year["total"], rel=1e-12)
    assert sum(year["total"] for year in found["costs"].values()) == pytest.approx(found["totals"]["cash"], rel=1e-12)


def test_show_json_breakdowns_name_all_categories_natures_and_areas(national_file: Path, national: Plan) -> None:
    for year in shown(national_file)["costs"].values():
        assert set(year) == {"total", "by_category", "by_nature", "by_area", "by_head", "by_grouping", "by_source"}
        assert list(year["by_category"]) == ["local_personnel", "technical_assistance", "local_operational"]
        assert list(year["by_nature"]) == ["one_off", "recurring"]
        assert list(year["by_area"]) == list(national.areas)


def test_a_workbook_and_its_plan_file_show_the_same(national_file: Path) -> None:
    assert shown(national_file) == shown(EXAMPLES / "national.toml")


def test_present_value_and_yearly_amount_agree(national_file: Path, national: Plan) -> None:
    totals, rate = shown(national_file)["totals"], national.number("discount_rate")
    factor = rate / (1 - (1 + rate) ** -national.years)
    assert totals["equivalent_annual_cost"] == pytest.approx(totals["present_value"] * factor, rel=1e-12)


# check


def test_a_plan_whose_checks_pass_ends_with_zero() -> None:
    assert done("check", CLEAN) == f"{CLEAN}: all checks pass.\n"
    assert json.loads(done("check", CLEAN, "--json")) == {str(CLEAN): []}


def test_findings_end_with_one_and_say_what_to_do() -> None:
    result = run("check", EXAMPLES / "blank.toml")
    assert (result.exit_code, result.stderr) == (PROBLEMS, "")
    assert "blank.toml, Checks: Foundational domains not assessed: 8; expected 0; choose the level" in result.stdout


def test_check_goes_on_after_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    files = [tmp_path / "lost.xlsx", CLEAN, EXAMPLES / "blank.toml"]
    result = run("check", *files)
    assert result.exit_code == PROBLEMS
    assert result.stdout.startswith("lost.xlsx: no such file")
    assert f"{CLEAN}: all checks pass.\n" in result.stdout
    found = json.loads(run("check", *files, "--json").stdout)
    assert [len(found[str(file)]) > 0 for file in files] == [True, False, True]


def test_check_json_has_the_four_parts_of_every_problem(tmp_path: Path) -> None:
    result = run("check", tmp_path / "lost.xlsx", "--json")
    assert result.exit_code == PROBLEMS
    problem = {
        "where": "lost.xlsx", "found": "no such file", "expected": "an existing file", "remedy": "correct the name",
    }  # fmt: skip
    assert json.loads(result.stdout) == {str(tmp_path / "lost.xlsx"): [problem]}


# export


@pytest.mark.parametrize("ending", [".toml", ".json", ".csv", ".parquet", ".TOML"])
def test_export_says_what_it_wrote(ending: str, tmp_path: Path) -> None:
    assert done("export", KENYA, "--to", tmp_path / f"x{ending}") == f"Wrote {tmp_path / f'x{ending}'}.\n"
    assert [path.name for path in tmp_path.iterdir()] == [f"x{ending}"]


def exported(source: Path, ending: str, folder: Path) -> Path:
    done("export", source, "--to", folder / f"x{ending}")
    return folder / f"x{ending}"


def test_exported_toml_is_the_plan(national_file: Path, national: Plan, tmp_path: Path) -> None:
    path = exported(national_file, ".toml", tmp_path)
    assert load(path) == national
    assert tomllib.loads(path.read_text(encoding="utf-8"))["plan"]["id"] == "national"


def test_exported_json_is_what_show_prints(national_file: Path, tmp_path: Path) -> None:
    assert exported(national_file, ".json", tmp_path).read_text() == done("show", national_file, "--json")


def test_exported_csv_has_a_row_a_line_and_year_and_adds_up(
    national_file: Path, national: Plan, tmp_path: Path
) -> None:
    with exported(national_file, ".csv", tmp_path).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(national.rows("lines")) * national.years
    assert sum(float(row["cost"]) for row in rows) == pytest.approx(national.evaluate().number("cash"), rel=1e-12)
    assert {row["year"] for row in rows} == {str(year) for year in range(2027, 2035)}


def test_exported_parquet_has_the_same_rows_as_csv(national_file: Path, tmp_path: Path) -> None:
    parquet = pd.read_parquet(exported(national_file, ".parquet", tmp_path))
    table = pd.read_csv(io.StringIO(exported(national_file, ".csv", tmp_path).read_text()), keep_default_na=False)
    pd.testing.assert_frame_equal(parquet, table, check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_plan_without_lines_is_exported_as_a_table_without_rows(ending: str, tmp_path: Path) -> None:
    path = exported(EXAMPLES / "blank.toml", ending, tmp_path)
    table = pd.read_csv(path) if ending == ".csv" else pd.read_parquet(path)
    assert len(table) == 0
    assert {"line", "year", "cost"} <= set(table.columns)


# new


def made(folder: Path, *words: object) -> Path:
    path = folder / "plan.xlsx"
    done("new", path, "--rows", 1, *words)
    return path


@pytest.mark.parametrize("years", [1, 15])
def test_an_empty_workbook_may_have_any_number_of_years(years: int, tmp_path: Path) -> None:
    plan = load(made(tmp_path, "--years", years))
    assert (plan.years, plan.first_year) == (years, 2027)
    assert list(shown(tmp_path / "plan.xlsx")["costs"]) == [str(year) for year in range(2027, 2027 + years)]


def test_an_empty_workbook_may_begin_in_any_year(tmp_path: Path) -> None:
    plan = load(made(tmp_path, "--years", 2, "--first-year", 2040))
    assert list(plan.budget_years) == [2040, 2041]
    assert plan.number("price_year") == 2040


def test_an_empty_workbook_is_the_blank_plan(blank: Plan, tmp_path: Path) -> None:
    assert load(made(tmp_path)) == blank


def test_the_example_moves_to_other_years(national: Plan, tmp_path: Path) -> None:
    plan = load(made(tmp_path, "--example", "--first-year", 2035, "--years", 2))
    assert list(plan.budget_years) == [2035, 2036]
    assert plan == for_years(national, 2035, 2)
    before, after = national.evaluate().totals["cost"].to_list(), plan.evaluate().totals["cost"].to_list()
    assert after == pytest.approx(before[:2], rel=1e-9)


@pytest.mark.parametrize("years", [1, 3, 8, 15])
@pytest.mark.parametrize("first", [1995, 2027, 2100])
def test_the_example_of_any_years_has_no_error(first: int, years: int, national: Plan) -> None:
    checks = for_years(national, first, years).evaluate().checks
    assert checks.query("grade == 'error' and status == 'finding'")["check"].to_list() == []


@pytest.mark.parametrize("rows", [1, 40])
def test_rows_gives_at_least_so_many_cost_lines(rows: int, tmp_path: Path) -> None:
    done("new", tmp_path / "plan.xlsx", "--years", 1, "--rows", rows)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True)
    ids = [row[0] for row in book["Costs"].iter_rows(min_row=6, max_col=1, values_only=True)]
    assert len([id for id in ids if id and str(id).startswith("line-")]) >= rows


def test_a_plan_survives_workbook_export_and_workbook(national_file: Path, national: Plan, tmp_path: Path) -> None:
    text = exported(national_file, ".toml", tmp_path)
    again = made(tmp_path, "--from", text)
    assert load(national_file) == load(text) == load(again) == national


def test_a_workbook_may_be_made_from_another_workbook(tmp_path: Path) -> None:
    first = made(tmp_path, "--from", KENYA)
    done("new", tmp_path / "again.xlsx", "--rows", 1, "--from", first)
    assert (tmp_path / "again.xlsx").read_bytes() == first.read_bytes()


def test_equal_plans_make_equal_workbooks_whatever_they_come_from(tmp_path: Path) -> None:
    first = made(tmp_path, "--from", KENYA)
    done("new", tmp_path / "again.xlsx", "--rows", 1, "--from", exported(first, ".toml", tmp_path))
    assert (tmp_path / "again.xlsx").read_bytes() == first.read_bytes()


def test_a_new_workbook_says_how_many_lines_it_took_over(tmp_path: Path) -> None:
    said = done("new", tmp_path / "plan.xlsx", "--rows", 1, "--from", KENYA)
    assert said == f"Made {tmp_path / 'plan.xlsx'} (en): 2 years from 2011, 11 cost lines.\n"


def test_an_existing_workbook_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"mine")
    result = run("new", tmp_path / "plan.xlsx", "--example")
    assert result.exit_code == PROBLEMS
    assert "--force" in result.stderr
    assert (tmp_path / "plan.xlsx").read_bytes() == b"mine"


# Text that looks like a formula


FORMULA_LIKE = (
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+41 22 791 21 11",
    "-5",
    "@SUM(A1)",
    "=cmd|'/c calc'!A1",
    "'quoted",
)


def hostile(plan: Plan) -> Plan:
    """The plan with texts that a spreadsheet might take for formulas, one kind in each place."""
    line, programme = plan.rows("lines")[0], plan.rows("programmes")[0]
    lines = tuple(
        dict(line) | {"id": f"line-{n}x", "activity": text, "source": text, "note": text}
        for n, text in enumerate(FORMULA_LIKE)
    )
    programmes = tuple(
        dict(programme) | {"id": f"work-{n}x", "label": text.replace("*", ""), "note": text}
        for n, text in enumerate(FORMULA_LIKE)
    )
    settings = dict(plan.settings) | {"title": "=1+1", "owner": "+1", "country": "-1", "data_version": "@1"}
    lines = tuple({key: value for key, value in row.items() if key != "area"} for row in lines)
    funders = tuple({key: value for key, value in row.items() if key != "only_area"} for row in plan.rows("funders"))
    kept = {table: rows for table, rows in plan.tables.items() if table not in ("answers", "levels", "changes")}
    tables = kept | {"lines": lines, "programmes": programmes, "funders": funders}
    return replace(plan, settings=settings, tables=tables)


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory, national: Plan) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return made(folder, "--from", plan_file(hostile(national), folder))


def texts_of(plan: Plan) -> set[str]:
    rows = [plan.settings, *(row for rows in plan.tables.values() for row in rows)]
    return {value for row in rows for value in row.values() if isinstance(value, str) and value in FORMULA_LIKE}


def test_formula_like_texts_come_back_as_they_were_typed(hostile_file: Path, national: Plan, tmp_path: Path) -> None:
    assert texts_of(hostile(national)) == set(FORMULA_LIKE)
    assert load(hostile_file) == hostile(national)
    assert load(exported(hostile_file, ".toml", tmp_path)) == hostile(national)


def test_formula_like_texts_are_strings_in_the_toml_file(hostile_file: Path, tmp_path: Path) -> None:
    raw = tomllib.loads(exported(hostile_file, ".toml", tmp_path).read_text(encoding="utf-8"))
    assert [line["activity"] for line in raw["lines"]] == list(FORMULA_LIKE)
    assert raw["plan"]["title"] == "=1+1"


def cells_that_say(file: Path, texts: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Kinds of the cells on the input sheets that hold one of these texts."""
    book = openpyxl.load_workbook(file)
    found: dict[str, list[str]] = {text: [] for text in texts}
    for title in ("Settings", "Programmes", "Costs"):
        for row in book[title].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value in found:
                    found[cell.value].append(cell.data_type)
    return found


def test_formula_like_texts_are_stored_as_text_in_the_workbook(hostile_file: Path) -> None:
    found = cells_that_say(hostile_file, FORMULA_LIKE)
    assert {text: set(kinds) for text, kinds in found.items()} == {text: {"s"} for text in FORMULA_LIKE}


def test_formula_like_texts_stay_text_after_calc(hostile_file: Path, national: Plan) -> None:
    done("calc", hostile_file)
    assert {kind for kinds in cells_that_say(hostile_file, FORMULA_LIKE).values() for kind in kinds} == {"s"}
    assert load(hostile_file) == hostile(national)


def test_formulas_that_repeat_such_texts_show_the_text(hostile_file: Path) -> None:
    book = openpyxl.load_workbook(hostile_file, data_only=True)
    shown_texts = {row[1].value for row in book["Lines"].iter_rows(min_row=6)}
    assert set(FORMULA_LIKE) <= shown_texts


def test_an_exported_table_of_costs_holds_no_text_of_a_planner(hostile_file: Path, tmp_path: Path) -> None:
    text = exported(hostile_file, ".csv", tmp_path).read_text(encoding="utf-8")
    assert [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell[:1] in "=+@\t" and cell] == []


# build


def test_all_example_plans_are_shipped_as_workbooks() -> None:
    assert {of.plan for of in WORKBOOKS.values()} == {path.stem for path in EXAMPLES.glob("*.toml")}
    assert all(name.endswith(".xlsx") for name in WORKBOOKS)


@pytest.fixture
def few_workbooks(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Shipped]:
    """Two small workbooks to ship, to save time."""
    few = {"empty.xlsx": Shipped("blank", rows=1), "paper.xlsx": Shipped("kenya-paper", rows=1)}
    monkeypatch.setattr("xlplan.shipped.WORKBOOKS", few)
    return few


def test_build_makes_every_workbook_anew(few_workbooks: Mapping[str, Shipped], tmp_path: Path) -> None:
    (tmp_path / "paper.xlsx").write_bytes(b"old")
    assert done("build", tmp_path).splitlines() == [f"Made {tmp_path / name}." for name in few_workbooks]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(few_workbooks)
    assert [load(tmp_path / name).id for name in few_workbooks] == ["plan", "kenya-paper"]


def test_build_into_a_missing_folder_is_told(few_workbooks: Mapping[str, Shipped], tmp_path: Path) -> None:
    result = run("build", tmp_path / "lost")
    assert result.exit_code == PROBLEMS
    assert "no folder" in result.stderr
    assert list(tmp_path.iterdir()) == []
