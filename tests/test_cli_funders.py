"""The commands for funders as a person types them: files, sentences, exit codes."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from test_funders import MADE_UP, PLAN
from xlplan.catalogue import templates_folder
from xlplan.cli import main
from xlplan.funders.alignment import KINDS
from xlplan.shipped import example_path
from xlplan.words import load_words

NATIONAL = str(example_path())


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_without_a_file_to_write_the_layouts_are_listed(small: Path) -> None:
    said = run("funder", small)
    assert said.exit_code == 0
    for name in ("global_fund", "two_years", "chart_of_accounts", "Our choice: "):
        assert name in said.stdout
    assert all(len(line) <= 80 for line in said.stdout.splitlines())


def test_an_export_is_written_and_says_that_it_agrees(tmp_path: Path) -> None:
    out = tmp_path / "two.xlsx"
    said = run("funder", NATIONAL, "--layout", "two_years", "-o", out)
    assert (said.exit_code, said.stderr) == (0, "")
    assert "187 rows, 2027-2034, USD." in said.stdout
    assert "48 of 48 totals by source and year agree with the plan, difference 0." in said.stdout
    names = CalamineWorkbook.from_path(str(out)).sheet_names
    assert names == ["Export", "Reconciliation", "Alignment of funders", "About this export"]


def test_an_export_for_one_source_tells_nothing_of_the_others(tmp_path: Path) -> None:
    out = tmp_path / "norland.xlsx"
    run("funder", NATIONAL, "--layout", "two_years", "--source", "norland", "-o", out)
    book = CalamineWorkbook.from_path(str(out))
    assert book.sheet_names == ["Export", "Reconciliation", "About this export"]
    texts = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert "Norland Development Cooperation" in texts
    assert not {text for text in texts if "Global health fund" in text or "Examplia Health Foundation" in text}


def test_a_text_file_has_its_reconciliation_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "accounts.csv"
    asked = ("--layout", "chart_of_accounts", "--accounts", MADE_UP, "--currency", "EXL")
    assert run("funder", NATIONAL, *asked, "-o", out).exit_code == 0
    frame = pd.read_csv(out, sep=";")
    beside = pd.read_csv(tmp_path / "accounts-reconciliation.csv", sep=";")
    assert (beside["Difference"] == 0).all()
    total = beside[beside["Funding source"] == "All sources with rounding"]["In the plan"].sum()
    assert frame["Amount"].sum() == pytest.approx(total, abs=0.005)
    assert set(frame["Currency"]) == {"EXL"}


def test_what_is_missing_is_told_and_the_file_is_there_to_see_it(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "accounts.csv"
    said = run("funder", small, "--layout", "chart_of_accounts", "-o", out)
    assert said.exit_code == 1
    assert "blank.toml: no account mapped for Technical assistance, recurring" in said.stderr
    assert out.exists()


def test_an_export_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "deux.csv"
    run("funder", NATIONAL, "--layout", "two_years", "--lang", "fr", "-o", out)
    say = load_words(templates_folder(), "fr")
    heads = out.read_text(encoding="utf-8").splitlines()[0]
    assert f'"{say("Funding source")}"' in heads
    assert '"USD 2027 S1"' in heads


def test_a_text_like_a_formula_is_noted(small: Path, tmp_path: Path) -> None:
    small.write_text(PLAN.replace('"Adviser"', '"=1+1"'), encoding="utf-8")
    said = run("funder", small, "--layout", "two_years", "-o", tmp_path / "x.csv")
    assert "note: export: '=1+1' begins like a formula" in said.stderr
    assert '"\'=1+1"' in (tmp_path / "x.csv").read_text(encoding="utf-8")


def test_nothing_is_overwritten_unasked_not_even_beside_it(small: Path, tmp_path: Path) -> None:
    (tmp_path / "x-reconciliation.csv").write_text("mine", encoding="utf-8")
    said = run("funder", small, "--layout", "two_years", "-o", tmp_path / "x.csv")
    assert (said.exit_code, (tmp_path / "x.csv").exists()) == (1, False)
    assert run("funder", small, "--layout", "two_years", "-o", tmp_path / "x.csv", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--layout", "nice", "-o", "x.csv"), "--layout is one of chart_of_accounts, global_fund, two_years, not nice"),
        (("-o", "x.csv"), "not nothing"),
        (("--layout", "two_years", "-o", "x.pdf"), "ends in .xlsx or .csv, not .pdf"),
        (("--layout", "two_years", "-o", "x.csv", "--rate", "2"), "comes with --currency"),
        (("--layout", "two_years", "-o", "x.csv", "--currency", "X", "--rate", "nan"), "above 0"),
        (("--layout", "two_years", "-o", "x.csv", "--currency", "X", "--rate", "-1"), "--rate"),
        (("--layout", "two_years", "-o", "x.csv", "--accounts", "a.toml"), "layout two_years has no accounts"),
    ],
    ids=["layout", "no layout", "suffix", "rate", "nan", "negative", "accounts"],
)
def test_wrong_usage_is_told(words: tuple[str, ...], said: str, small: Path) -> None:
    result = run("funder", small, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_alignment_is_told_in_80_columns_in_the_language_of_the_plan(small: Path) -> None:
    said = run("align", small).stdout
    assert "Lines that several sources pay together: 1" in said
    assert "line-a Meetings: 201 USD in 2027-2028" in said
    assert "Ministry 100; Fund 100" in said
    for lines in (said, run("align", NATIONAL).stdout):
        assert all(len(line) <= 80 for line in lines.splitlines())
    small.write_text(PLAN.replace("format = 1", 'format = 1\nlanguage = "fr"'), encoding="utf-8")
    french = " ".join(run("align", small).stdout.split())
    assert all(load_words(templates_folder(), "fr")(title) in french for title in KINDS.values())


def test_alignment_is_there_for_programs(small: Path) -> None:
    found = json.loads(run("align", small, "--json").stdout)
    assert found["currency"] == "usd"
    assert [one["kind"] for one in found["findings"]] == [
        *("same_item", "shared_line", "shared_area", "shared_area", "unpaid_line", "short_source"),
    ]
    assert found["findings"][1]["lines"] == ["line-a"]
    assert found["findings"][1]["years"] == [2027, 2028]


@pytest.mark.parametrize("words", [("funder",), ("align",)], ids=lambda words: words[0])
def test_a_file_that_cannot_be_read_gives_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    said = run(*words, tmp_path / "none.xlsx")
    assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
