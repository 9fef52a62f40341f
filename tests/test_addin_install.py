"""Installing into Excel on Windows, removing again, and scripts over an open workbook."""

import json
import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw
from click.testing import CliRunner
from openpyxl import load_workbook

from conftest import example
from xlplan.addin import install, scripts
from xlplan.addin.functions import RULE_PREFIX
from xlplan.addin.injection import retyped
from xlplan.addin.install import Places, install_steps, places, remove_steps, status
from xlplan.addin.offered import offered
from xlplan.addin.windows import ADD_IN, MACRO_ENABLED, WORKBOOK, build_addin
from xlplan.cli import main
from xlplan.document import findings
from xlplan.planfile import write_plan
from xlplan.problems import PlanError
from xlplan.workbook.build import build_workbook
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts

LINE = '"INTERPRETER_WIN","C:\\Users\\ana\\AppData\\Local\\Programs\\Python\\Python312\\python.exe"\r\n'
PYTHON = r"C:\Users\ana\AppData\Local\Programs\Python\Python312\python.exe"


@pytest.fixture
def at(tmp_path) -> Places:
    return places({"APPDATA": str(tmp_path / "roaming"), "USERPROFILE": str(tmp_path / "home")})


def install_all(at: Places) -> None:
    for step in list(install_steps(at, PYTHON)):
        step.do()


def remove_all(at: Places) -> None:
    for step in list(remove_steps(at)):
        step.do()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*words: str, **environment: str) -> str:
    result = CliRunner().invoke(main, list(words), env=environment)
    assert result.exit_code == 0, result.output
    return result.output


# ---------------------------------------------------------------------------- install and remove


def test_installing_writes_the_add_in_the_settings_and_a_record(at, tmp_path):
    install_all(at)
    assert set(files(tmp_path)) == {
        "roaming/Microsoft/Excel/XLSTART/xlplan.xlam",
        "home/.xlwings/xlwings.conf",
        "roaming/xlplan/addin.json",
    }
    assert at.settings.read_bytes() == LINE.encode()


def test_the_add_in_is_an_add_in_that_knows_its_python(at):
    install_all(at)
    data = at.addin.read_bytes()
    assert f'PartName="/xl/workbook.xml" ContentType="{ADD_IN}"' in parts(data)["[Content_Types].xml"].decode()
    readable = packed(retyped(parts(data), WORKBOOK, MACRO_ENABLED))  # openpyxl knows workbooks only
    rows = load_workbook(BytesIO(readable))["xlwings.conf"].iter_rows(max_col=2, values_only=True)
    assert dict(rows)["INTERPRETER_WIN"] == PYTHON
    assert data == build_addin(PYTHON)


def test_removing_takes_away_every_file_that_was_written(at, tmp_path):
    install_all(at)
    remove_all(at)
    assert files(tmp_path) == {}


def test_settings_of_others_stay_as_they_were(at):
    at.settings.parent.mkdir(parents=True)
    mine = '"PYTHONPATH","C:\\work"\n'
    at.settings.write_text(mine)
    install_all(at)
    assert at.settings.read_bytes() == mine.encode() + LINE.encode()
    remove_all(at)
    assert at.settings.read_text() == mine


def test_settings_without_a_last_line_end_come_back_as_they_were(at):
    at.settings.parent.mkdir(parents=True)
    at.settings.write_bytes(b'"PYTHONPATH","C:\\work"')
    install_all(at)
    assert at.settings.read_bytes() == b'"PYTHONPATH","C:\\work"\r\n' + LINE.encode()
    remove_all(at)
    assert at.settings.read_bytes() == b'"PYTHONPATH","C:\\work"'


def test_a_python_that_somebody_set_before_is_neither_changed_nor_removed(at):
    at.settings.parent.mkdir(parents=True)
    theirs = '"INTERPRETER_WIN","D:\\python\\python.exe"\n'
    at.settings.write_text(theirs)
    install_all(at)
    remove_all(at)
    assert at.settings.read_text() == theirs


def test_installing_twice_can_still_be_undone(at, tmp_path):
    install_all(at)
    install_all(at)
    assert json.loads(at.record.read_text())["added"] == LINE
    remove_all(at)
    assert files(tmp_path) == {}


def test_removing_what_was_never_installed_does_nothing(at):
    assert list(remove_steps(at)) == []


def test_a_name_with_accents_is_written_as_vba_reads_it(at, monkeypatch):
    monkeypatch.setattr(install, "ENCODING", "cp1252")
    at.settings.parent.mkdir(parents=True)
    mine = '"PYTHONPATH","C:\\Users\\José"\n'.encode("cp1252")
    at.settings.write_bytes(mine)
    for step in list(install_steps(at, r"C:\Users\José\python.exe")):
        step.do()
    assert at.settings.read_bytes() == mine + '"INTERPRETER_WIN","C:\\Users\\José\\python.exe"\r\n'.encode("cp1252")
    remove_all(at)
    assert at.settings.read_bytes() == mine


def test_a_damaged_record_removes_our_files_and_no_line_of_others(at):
    install_all(at)
    at.record.write_text("{")
    remove_all(at)
    assert not at.addin.exists()
    assert at.settings.exists()


def test_an_add_in_that_excel_has_open_is_a_problem_and_no_traceback(at, monkeypatch):
    install_all(at)

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PlanError, match="close Excel and try again"):
        remove_all(at)


def test_status_says_what_is_there(at):
    before = "\n".join(status(at))
    install_all(at)
    after = "\n".join(status(at))
    assert "xlplan.xlam is not there" in before
    assert "names no Python" in before
    assert "xlplan.xlam is there" in after
    assert PYTHON in after


def test_status_names_the_version_that_is_needed(at, monkeypatch):
    monkeypatch.setattr(install, "installed", lambda _: "0.1")
    assert "xlwings 0.1, needed is 0.37.8" in list(status(at))


def test_other_systems_than_windows_only_hear_what_would_be_done(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "ON_WINDOWS", False)
    environment = {"APPDATA": str(tmp_path / "roaming"), "USERPROFILE": str(tmp_path / "home")}
    said = run("addin", "install", **environment)
    assert said.count("Would write") == 3
    assert run("addin", "remove", **environment) == "Nothing to do.\n"
    assert files(tmp_path) == {}


def test_a_dry_run_on_windows_writes_nothing_and_the_command_does(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "ON_WINDOWS", True)
    environment = {"APPDATA": str(tmp_path / "roaming"), "USERPROFILE": str(tmp_path / "home")}
    assert "Would write" in run("addin", "install", "--dry-run", **environment)
    assert files(tmp_path) == {}
    assert run("addin", "install", **environment).count("Done: write") == 3
    assert "is there" in run("addin", "status", **environment)
    assert run("addin", "remove", **environment).count("Done: remove") == 3
    assert files(tmp_path) == {}


def test_the_page_for_planners_names_only_what_there_is():
    text = (Path(__file__).parents[1] / "docs" / "addin.md").read_text("utf-8")
    macros = {f"xlp_{name}" for name in scripts.SCRIPTS}
    named = set(re.findall(r"xlp_[a-z_]+[a-z]", text)) - {"xlp_rule"}
    assert named - macros <= set(offered())
    assert {name for name in offered() if not name.startswith(RULE_PREFIX)} <= named


# ---------------------------------------------------------------------------- scripts


class OpenBook:
    """A workbook as xlwings shows an open one, over cells of a file; what is shown lands in ``shown``."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.book = load_workbook(BytesIO(data), data_only=True)
        self.fullname, self.name = str(path), path.name
        self.sheets = [OpenSheet(ws) for ws in self.book.worksheets]
        self.shown: dict[str, Any] = {}
        self.alerts: list[str] = []
        new = SimpleNamespace(sheets=SimpleNamespace(add=self.new_sheet))
        self.app = SimpleNamespace(books=SimpleNamespace(add=lambda: new), alert=self.alert)

    def new_sheet(self, name: str) -> Any:
        cells = SimpleNamespace(value=None)
        self.shown[name] = cells
        return SimpleNamespace(range=lambda _address: cells)

    def alert(self, text: str, title: str) -> None:
        assert title == "xlplan"
        self.alerts.append(text)

    def type_in(self, sheet: str, address: str, value: Any) -> None:
        self.book[sheet][address].value = value


class OpenSheet:
    def __init__(self, ws: Any) -> None:
        self.ws, self.name = ws, ws.title
        self.used_range = SimpleNamespace(last_cell=SimpleNamespace(row=ws.max_row, column=ws.max_column))

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> Any:
        rows = self.ws.iter_rows(first[0], last[0], first[1], last[1], values_only=True)
        cells = [[float(c) if isinstance(c, int) and not isinstance(c, bool) else c for c in row] for row in rows]
        return SimpleNamespace(options=lambda **_: SimpleNamespace(value=cells))


@pytest.fixture
def book(tmp_path) -> OpenBook:
    return OpenBook(build_workbook(example("worked-example"), 3), tmp_path / "plan.xlsx")


def test_what_the_scripts_use_is_there_in_xlwings():
    for kind, names in (
        (xw.Book, ("fullname", "name", "sheets", "app", "caller")),
        (xw.Sheet, ("name", "used_range", "range")),
        (xw.Range, ("last_cell", "options", "value")),
        (xw.App, ("books", "alert")),
    ):
        assert [name for name in names if not hasattr(kind, name)] == []


def test_an_open_workbook_is_read_cell_by_cell_as_its_file_is(book):
    assert scripts.plan_of(book) == example("worked-example")


def test_what_is_typed_and_not_saved_counts(book, layout):
    place = next(s for s in book.book.worksheets if s.title == "Settings")
    row = next(r for r in range(1, 40) if place.cell(r, 2).value == "Discount rate, real")
    book.type_in("Settings", f"C{row}", 0.07)
    assert scripts.plan_of(book).number("discount_rate") == 0.07


def test_check_shows_what_the_command_says(book):
    scripts.check(book)
    said = [str(problem) for problem in findings(example("worked-example").evaluate(), "plan.xlsx")]
    assert [row[0] for row in book.shown["Checks"].value] == (said or ["All checks pass."])


def test_recalculate_shows_what_python_calculates(book):
    scripts.recalculate(book)
    results = example("worked-example").evaluate()
    assert book.shown["By year"].value.equals(results.totals)
    assert book.shown["Gates"].value.equals(results.gates)


def test_export_writes_the_plan_beside_the_workbook_and_never_over_a_file(book, monkeypatch):
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    scripts.run("export")
    path = Path(book.fullname).with_suffix(".toml")
    assert path.read_text("utf-8") == write_plan(example("worked-example"))
    assert book.alerts == [f"Wrote {path}."]
    scripts.run("export")
    assert "a file that exists already" in book.shown["Problems"].value[0][0]


def test_problems_of_the_workbook_are_shown_and_no_traceback(book, monkeypatch):
    monkeypatch.setattr(xw.Book, "caller", lambda: book)
    ws = book.book["Settings"]
    row = next(r for r in range(1, 40) if ws.cell(r, 2).value == "First year")
    book.type_in("Settings", f"C{row}", "soon")
    scripts.run("check")
    assert f"Settings!C{row}" in book.shown["Problems"].value[0][0]
