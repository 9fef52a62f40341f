"""Ledgers: rows of an accounting system come to lines and years by a mapping; no row and no money is lost."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from test_actuals import worked
from xlplan import load
from xlplan.cli import main
from xlplan.ledger import Ledger, decimal_of, ledger, with_actuals
from xlplan.ledger_map import LedgerMap, csv_rows, read_map
from xlplan.plan import Plan
from xlplan.planfile import write_plan
from xlplan.problems import PlanError

ROWS = (
    ("Account", "Posted", "Amount", "Text"),
    ("6110", "2027-03-01", "1.250,50", "March"),
    ("6110", "2027-05-01", "1.249,50", "May"),
    ("6200", "2028-01-09", "(100,00)", "Refund"),
    ("1000", "2027-02-02", "5.000", "To the bank"),
    ("6200", "2027-02-02", "", "Not booked yet"),
)
MAP = """
delimiter = ";"
decimal = ","
reported_to = 2028-03-31
[columns]
account = "Account"
date = "Posted"
amount = "Amount"
[lines]
6110 = "training"
6200 = "audit"
[left_out]
1000 = "moved between our own accounts"
"""


def mapping(folder: Path, text: str = MAP) -> LedgerMap:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return read_map(path)


def read(folder: Path, rows: tuple[tuple[object, ...], ...] = ROWS, text: str = MAP) -> Ledger:
    return ledger(worked(), rows, mapping(folder, text), "book.csv")


def problems(folder: Path, rows: tuple[tuple[object, ...], ...] = ROWS, text: str = MAP) -> list[str]:
    with pytest.raises(PlanError) as raised:
        read(folder, rows, text)
    return [str(problem) for problem in raised.value.problems]


def test_amounts_come_to_lines_and_years(tmp_path: Path) -> None:
    """1250.50 + 1249.50 = 2500 on training, a refund of 100 on audit."""
    assert read(tmp_path).amounts == {("training", 2027): 2500, ("audit", 2028): -100}


def test_what_is_imported_and_left_out_is_the_total_of_the_file(tmp_path: Path) -> None:
    """1250.50 + 1249.50 - 100 + 5000 = 7400, added here from the text of the file."""
    total = sum(Decimal(amount) for amount in ("1250.50", "1249.50", "-100", "5000"))
    found = read(tmp_path)
    assert found.total == total == found.imported + sum(found.left_out.values())
    assert found.left_out == {"moved between our own accounts": 5000}


def test_a_row_without_an_amount_is_not_reported_and_told(tmp_path: Path) -> None:
    assert read(tmp_path).blank_rows == (6,)
    assert ("audit", 2027) not in read(tmp_path).amounts


def test_every_row_without_a_place_is_told(tmp_path: Path) -> None:
    strange = (
        *ROWS,
        ("9999", "2027-01-01", "1", ""),
        ("6110", "2031-01-01", "2", ""),
        ("6110", "2027-01-01", "1O", ""),
    )
    assert sorted(problem.split(";")[0] for problem in problems(tmp_path, strange)) == [
        "book.csv, row 7: account '9999'",
        "book.csv, row 8: year or date '2031-01-01'",
        "book.csv, row 9: amount is '1O'",
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ("6110 = 'train'", "map.toml, lines: line 'train' of account '6110'; expected the id of a line of the plan"),
        ("colour = 'red'", "map.toml: unknown key 'colour'; expected one of"),
        ("header_row = 'one'", "map.toml: header_row is 'one'; expected a value of kind int; correct it."),
        ("decimal = ';'", "map.toml: decimal is ';'; expected a \".\" or a \",\"; correct it."),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused(tmp_path: Path, changed: str, sentence: str) -> None:
    key = changed.split(" ", maxsplit=1)[0]
    text = "\n".join(line for line in MAP.splitlines() if not line.startswith(key))
    text = text.replace("[lines]", f"[lines]\n{changed}") if key == "6110" else f"{changed}\n{text}"
    assert any(problem.startswith(sentence) for problem in problems(tmp_path, ROWS, text))


def test_a_mapping_without_amount_account_or_year_says_what_is_missing(tmp_path: Path) -> None:
    assert [problem.split(";")[0] for problem in problems(tmp_path, ROWS, "")] == [
        "map.toml: no heading for amount", "map.toml: no heading for line or account", "map.toml: no year",
    ]  # fmt: skip


def test_a_missing_heading_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    wrong = MAP.replace('"Amount"', '"Betrag"')
    sentence = "book.csv, row 1: no heading 'Betrag' among Account, Posted, Amount, Text; expected it once"
    assert problems(tmp_path, ROWS, wrong) == [f"{sentence}; correct the mapping."]


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"map.toml: not readable as TOML"):
        mapping(tmp_path, "[columns")


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1234.5", ".", "1234.5"), ("1,234.50", ".", "1234.50"), ("1.234,50", ",", "1234.50"), ("-7", ".", "-7"),
        ("(20.25)", ".", "-20.25"), ("1 234 567,8", ",", "1234567.8"), ("1\u00a0000", ".", "1000"), ("0", ".", "0"),
        (0.1, ".", "0.1"), (3, ".", "3"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written(text: object, decimal: str, amount: str) -> None:
    assert decimal_of(text, decimal) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,23", "1.234,50", "12,34,567.00", "1e5", "USD 5", "--1", "", "1.2.3", True, None])
def test_what_could_mean_two_amounts_is_none(text: object) -> None:
    assert decimal_of(text, ".") is None


def test_the_plan_keeps_what_it_had_and_gains_the_rest(tmp_path: Path) -> None:
    """Salaries stay as they were; audit reported 0 in 2027 and now -100 in 2028."""
    map = mapping(tmp_path)
    plan = with_actuals(worked(), read(tmp_path), map)
    spent = {str(row["id"]): row.get("spent") for row in plan.rows("lines")}
    assert spent == {
        "salaries": {"2027": 900, "2028": 550},
        "audit": {"2027": 0, "2028": -100},
        "training": {"2027": 2500},
    }
    assert plan.settings["reported_to"] == dt.date(2028, 3, 31)


def test_what_is_reported_already_is_replaced_only_on_request(tmp_path: Path) -> None:
    rows = (ROWS[0], ("6200", "2027-12-31", "700", ""))
    found, map = read(tmp_path, rows), mapping(tmp_path)
    with pytest.raises(PlanError, match="line audit in 2027, which the plan reports already"):
        with_actuals(worked(), found, map)
    replaced = with_actuals(worked(), found, map, replaced=True)
    assert next(row for row in replaced.rows("lines") if row["id"] == "audit")["spent"] == {"2027": 700}


def test_a_planted_loss_of_money_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a row forgotten on the way, the totals would not agree."""
    from xlplan.ledger import _Reader

    placed = _Reader.placed
    monkeypatch.setattr(_Reader, "placed", lambda self, rows: placed(self, rows[1:]))
    assert problems(tmp_path)[0].startswith("book.csv: 6149.50 brought to lines; expected 7400.00")


# ---------------------------------------------------------------------------- files


def as_csv(folder: Path) -> Path:
    path = folder / "book.csv"
    path.write_text("\n".join(";".join(row) for row in ROWS), encoding="utf-8-sig")
    return path


def as_xlsx(folder: Path) -> Path:
    """The same rows with real numbers and days, on the second sheet."""
    book, path = Workbook(), folder / "book.xlsx"
    sheet = book.create_sheet("Ledger")
    sheet.append(ROWS[0])
    amounts = (1250.5, 1249.5, -100, 5000, None)
    for row, amount in zip(ROWS[1:], amounts, strict=True):
        sheet.append([int(row[0]), dt.date.fromisoformat(row[1]), amount, row[3]])
    book.save(path)
    return path


def plan_file(folder: Path, plan: Plan) -> Path:
    path = folder / "plan.toml"
    path.write_text(write_plan(plan), encoding="utf-8")
    return path


def run(folder: Path, book: Path, *more: str, text: str = MAP) -> Result:
    mapping(folder, text)
    plan, out = plan_file(folder, worked()), folder / "out.xlsx"
    given = ["actuals", str(plan), "--import", str(book), "--mapping", str(folder / "map.toml"), "-o", str(out), *more]
    return CliRunner().invoke(main, given)


def both(folder: Path) -> Iterator[tuple[Path, str]]:
    yield as_csv(folder), MAP
    yield as_xlsx(folder), f'sheet = "Ledger"\n{MAP}'


def test_csv_and_xlsx_give_the_same_workbook(tmp_path: Path) -> None:
    for book, text in both(tmp_path):
        done = run(tmp_path, book, "--force", text=text)
        assert done.exit_code == 0, done.output
        assert "5 rows, total 7,400" in done.output
        assert "Left out, moved between our own accounts: 5,000." in done.output
        assert "Rows without an amount are not reported: 6." in done.output
        spent = {str(row["id"]): row.get("spent") for row in load(tmp_path / "out.xlsx").rows("lines")}
        assert spent["training"] == {"2027": 2500}


def test_nothing_is_written_where_a_row_has_no_place(tmp_path: Path) -> None:
    done = run(tmp_path, as_csv(tmp_path), text=MAP.replace('1000 = "moved between our own accounts"', ""))
    assert (done.exit_code, (tmp_path / "out.xlsx").exists()) == (1, False)
    assert "row 5: account '1000'" in done.output


def test_json_holds_the_figures_of_the_hand_worked_plan(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["actuals", str(plan_file(tmp_path, worked())), "--json"])
    figures = json.loads(done.output)
    assert figures["totals"]["reforecast"] == 10800
    assert figures["by_year"]["2029"]["absorption"] is None
    assert figures["by_line"]["audit"] == {
        "cost": 6000, "reported": 2000, "spent": 0, "variance": -2000, "absorption": 0, "reforecast": 4000,
    }  # fmt: skip


def test_the_terminal_shows_years_and_the_lines_furthest_from_their_budget(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["actuals", str(plan_file(tmp_path, worked()))])
    assert done.exit_code == 0
    assert "2027            3,000    900    -2,100       1,500         30%" in done.output


@pytest.mark.parametrize("left_out", ["--import", "--mapping", "-o"])
def test_import_mapping_and_output_belong_together(tmp_path: Path, left_out: str) -> None:
    given = {"--import": "a.csv", "--mapping": "m.toml", "-o": "out.xlsx"}
    given.pop(left_out)
    words = [word for pair in given.items() for word in pair]
    assert CliRunner().invoke(main, ["actuals", "plan.toml", *words]).exit_code == 2


def test_a_file_in_another_encoding_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes("Montant;Déc\n".encode("latin-1"))
    with pytest.raises(PlanError, match=r"book.csv: it cannot be read: .*check delimiter and encoding"):
        csv_rows(path, LedgerMap(delimiter=";"))


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, as_xlsx(tmp_path), text=f'sheet = "Journal"\n{MAP}')
    assert done.exit_code == 1
    assert "no sheet 'Journal'; expected one of Sheet, Ledger; correct sheet in the mapping." in done.output
