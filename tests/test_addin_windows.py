"""The Windows edition as a file: the package, its VBA, the stored values, and the way back to the standard edition."""

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

import xlplan
from addin_calls import alike
from com import MODULE, SIDE
from conftest import example
from engines import saved_by_libreoffice, stored_values, strip_caches
from xlplan import load
from xlplan.addin import sheet, vba, windows
from xlplan.addin.offered import offered
from xlplan.addin.pins import installed, pinned
from xlplan.addin.sheets import LITE, WINDOWS
from xlplan.addin.windows import MACRO_ENABLED, build_windows
from xlplan.cli import main
from xlplan.problems import PlanError
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts

ROWS = 3
SIGNATURE = re.compile(r"^Function (xlp_\w+)\((.*)\)\s*$", re.MULTILINE)
CALL = re.compile(r'CallUDF\("([\w.]+)", "(\w+)", Array\((.*)\), ThisWorkbook, Application\.Caller\)')
SOURCES = Path(xlplan.__file__).parent


@pytest.fixture(scope="module")
def plan():
    return example("worked-example")


@pytest.fixture(scope="module")
def standard(plan) -> bytes:
    return build_workbook(plan, ROWS)


@pytest.fixture(scope="module")
def macros(plan) -> bytes:
    return build_windows(plan, ROWS)


OLEVBA = """
import json, sys
from oletools.olevba import VBA_Parser
json.dump({name: code for _, _, name, code in VBA_Parser(sys.argv[1]).extract_macros()}, sys.stdout)
"""


@pytest.fixture(scope="module")
def modules(macros, tmp_path_factory) -> dict[str, str]:
    """VBA of the file as olevba reads it, by module; in a program of its own, since it warns of its own libraries."""
    path = tmp_path_factory.mktemp("vba") / "plan.xlsm"
    path.write_bytes(macros)
    done = subprocess.run([sys.executable, "-c", OLEVBA, path], capture_output=True, text=True, check=True)
    return {name.rpartition(".")[0]: code for name, code in json.loads(done.stdout).items()}


def arguments(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


# ---------------------------------------------------------------------------- package


def audit(data: bytes, folder: Path, name: str) -> set[tuple[str, str, str]]:
    """What the auditor says: severity, part and sentence, every number and sheet name left out."""
    path = folder / name
    path.write_bytes(data)
    found = OpenXmlValidator(strict=False).validate(path).errors
    return {
        (e.severity.value, re.sub(r"\d+", "#", e.part_uri), re.sub(r"'.*?'|\d+", "#", e.description)) for e in found
    }


def test_the_auditor_finds_nothing_that_a_standard_workbook_does_not_have(macros, standard, tmp_path):
    assert audit(macros, tmp_path, "plan.xlsm") - audit(standard, tmp_path, "plan.xlsx") == set()


def test_the_auditor_sees_a_wrong_content_type(macros, tmp_path):
    broken = parts(macros)
    broken["[Content_Types].xml"] = broken["[Content_Types].xml"].replace(MACRO_ENABLED.encode(), b"text/plain")
    assert audit(packed(broken), tmp_path, "plan.xlsm") - audit(macros, tmp_path, "plan.xlsm")


def test_equal_plans_give_equal_bytes(plan, macros):
    assert build_windows(plan, ROWS) == macros


def test_the_workbook_part_is_macro_enabled_and_holds_a_project(macros):
    found = parts(macros)
    assert f'PartName="/xl/workbook.xml" ContentType="{MACRO_ENABLED}"' in found["[Content_Types].xml"].decode()
    assert "xl/vbaProject.bin" in found


def test_stored_values_survive_opening_since_nothing_asks_for_a_full_calculation(macros):
    book = parts(macros)["xl/workbook.xml"].decode()
    assert 'calcId="191029"' in book
    assert "fullCalcOnLoad" not in book or 'fullCalcOnLoad="0"' in book


# ---------------------------------------------------------------------------- VBA


def test_the_project_holds_xlwings_its_dictionary_our_wrappers_and_a_module_a_sheet(modules, macros):
    titles = load_workbook(BytesIO(macros)).sheetnames
    expected = {"xlwings", "Dictionary", vba.MODULE, "ThisWorkbook"} | {f"Sheet{n + 1}" for n in range(len(titles))}
    assert set(modules) == expected


@pytest.mark.parametrize("module", ["xlwings", "Dictionary"])
def test_the_modules_of_xlwings_are_those_of_the_pinned_version(modules, module):
    home = Path(SIDE.__file__).parent
    source = (home / {"xlwings": "xlwings.bas", "Dictionary": "addin/Dictionary.cls"}[module]).read_text("cp1252")
    code = [line.rstrip() for line in modules[module].splitlines() if not line.startswith("Attribute")]
    wanted = [
        line.rstrip()
        for line in source.splitlines()
        if not line.startswith(("Attribute", "VERSION", "BEGIN", "END", "  MultiUse"))
    ]
    assert [line for line in code if line] == [line for line in wanted if line]
    assert "0.37.8" == pinned("xlwings") == installed("xlwings")


def test_there_is_one_wrapper_for_each_function_with_its_arguments(modules):
    found = {name: arguments(text) for name, text in SIGNATURE.findall(modules[vba.MODULE])}
    assert set(found) == set(offered())
    for name, function in offered().items():
        names = [vba.vba_name(argument) for argument in function.arguments]
        optional = [f"Optional {each}" if n >= function.needed else each for n, each in enumerate(names)]
        assert found[name] == optional


def test_wrappers_hand_over_the_arguments_that_xlwings_own_generator_would(modules):
    """xlwings' generator is the judge of names and order; only its handling of errors is not wanted."""
    stream = MagicMock()
    written: list[str] = []
    stream.write = written.append
    SIDE.generate_vba_wrapper(vba.PYTHON_MODULE, MODULE, stream, MagicMock(Name="plan.xlsm"))
    theirs = {name: arguments(text) for name, text in SIGNATURE.findall("".join(written).replace("\r", ""))}
    ours = {name: arguments(text) for name, text in SIGNATURE.findall(modules[vba.MODULE])}
    assert ours == theirs
    calls = {name: (module, arguments(text)) for module, name, text in CALL.findall(modules[vba.MODULE])}
    assert {name: [text.removeprefix("Optional ") for text in texts] for name, texts in theirs.items()} == {
        name: texts for name, (_, texts) in calls.items()
    }
    assert {module for module, _ in calls.values()} == {vba.PYTHON_MODULE}


def test_an_error_gives_an_error_value_and_never_a_text(modules):
    code = modules[vba.MODULE]
    assert code.count("CVErr(xlErrNA)") == len(offered())
    assert "Err.Description" not in code


def test_no_argument_is_a_word_of_vba_and_no_line_is_too_long(modules):
    for name, text in SIGNATURE.findall(modules[vba.MODULE]):
        names = {argument.removeprefix("Optional ").casefold() for argument in arguments(text)}
        assert not names & vba.RESERVED, name
    assert max(map(len, modules[vba.MODULE].splitlines())) < 1000


def test_macros_run_the_scripts(modules):
    for script in ("check", "recalculate", "export"):
        assert f"scripts.run('{script}')" in modules[vba.MODULE]


# ---------------------------------------------------------------------------- the Python sheet


def test_every_call_stands_in_the_file_with_the_values_of_the_engine(plan, macros):
    layout = make_layout(plan, ROWS, WINDOWS)
    formulas, values = (load_workbook(BytesIO(macros), data_only=d)["Python"] for d in (False, True))
    for array, call in zip(sheet.arrays(plan, layout), sheet.array_calls(plan, layout), strict=True):
        area = call.area.replace("$", "")
        first = formulas[area.partition(":")[0]].value
        assert (first.ref, first.text) == (area, f"={call.function}({','.join(call.arguments)})")
        cells = values[area] if ":" in area else ((values[area],),)
        stored = [cell.value for row in (cells if isinstance(cells, tuple) else ((cells,),)) for cell in row]
        assert all(alike(a, b, 0) for a, b in zip(stored, array.cells.cells, strict=True))


def test_formulas_fit_what_excel_allows(plan):
    layout = make_layout(plan, ROWS, WINDOWS)
    assert all(len(str(call)) < 8000 for call in sheet.array_calls(plan, layout))
    assert len(list(sheet.array_calls(plan, layout))) <= 20


def test_the_file_names_the_version_of_xlwings_that_it_needs(macros):
    book = load_workbook(BytesIO(macros))
    conf = {row[0].value: row[1].value for row in book["xlwings.conf"].iter_rows()}
    assert conf == {
        "UDF MODULES": "xlplan.addin.udfs",
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "XLWINGS VERSION": pinned("xlwings"),
    }
    assert any(pinned("xlwings") in str(cell.value) for row in book["Python"].iter_rows(max_row=30) for cell in row)
    assert book["xlwings.conf"].sheet_state == "visible"


def test_no_formula_outside_the_python_sheet_calls_a_function_or_reads_that_sheet(macros):
    for ws in load_workbook(BytesIO(macros)).worksheets:
        for row in ws.iter_rows() if ws.title != "Python" else ():
            for cell in row:
                text = str(cell.value) if cell.data_type == "f" else ""
                assert "xlp_" not in text or not re.search(r"xlp_\w+\(", text)
                assert not re.search(r"\bPython'?!", text)


@pytest.mark.parametrize("name", ["blank", "national"])
def test_no_cell_is_named_like_a_function_which_would_hide_it(name):
    book = load_workbook(BytesIO(build_workbook(example(name), 150, LITE)))
    assert not {name.casefold() for name in book.defined_names} & {name.casefold() for name in offered()}


@pytest.mark.libreoffice
def test_without_python_every_other_sheet_shows_the_same_numbers(macros, standard, tmp_path):
    """LibreOffice knows none of the functions: only the Python sheet may differ."""
    plain = parts(macros)
    plain.pop("xl/vbaProject.bin")
    with_functions = stored_values(saved_by_libreoffice(strip_caches(macros)))
    native = stored_values(saved_by_libreoffice(strip_caches(standard)))
    different = [cell for cell in native if cell[0] != "About" and native[cell] != with_functions[cell]]
    assert different == []


# ---------------------------------------------------------------------------- the way back


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def test_converting_back_removes_every_trace_part_by_part(standard, tmp_path):
    first, macros, back = tmp_path / "a.xlsx", tmp_path / "a.xlsm", tmp_path / "b.xlsx"
    first.write_bytes(standard)
    assert run("convert", first, "--edition", "windows")[0] == 0
    assert run("convert", macros, "--edition", "standard", "-o", back)[0] == 0
    before, after = parts(standard), parts(back.read_bytes())
    assert set(before) == set(after)
    assert [name for name in before if before[name] != after[name]] == []
    assert back.read_bytes() == standard


def test_nothing_typed_is_lost_on_the_way(plan, macros, tmp_path):
    path = tmp_path / "plan.xlsm"
    path.write_bytes(macros)
    assert load(path) == plan


def test_a_workbook_with_functions_is_not_recalculated_without_them(macros, tmp_path):
    path = tmp_path / "plan.xlsm"
    path.write_bytes(macros)
    code, output = run("calc", path)
    assert code == 1
    assert "a workbook with functions of the add-in; expected the standard edition" in output
    assert path.read_bytes() == macros


def test_each_edition_has_its_ending(tmp_path):
    for edition, name in (("windows", "a.xlsx"), ("standard", "a.xlsm"), ("lite", "a.xlsm")):
        code, output = run("new", tmp_path / name, "--edition", edition, "--experimental")
        assert code == 2
        assert "a workbook of this edition ends in" in output


def test_new_makes_a_windows_workbook(tmp_path):
    code, output = run("new", tmp_path / "a.xlsm", "--edition", "windows", "--rows", 2)
    assert (code, list(tmp_path.iterdir())) == (0, [tmp_path / "a.xlsm"]), output


# ---------------------------------------------------------------------------- without the libraries


def test_another_version_of_xlwings_is_refused_with_the_remedy(plan, monkeypatch):
    monkeypatch.setattr(windows, "installed", lambda name: {"xlwings": "0.30.0"}.get(name, ""))
    with pytest.raises(PlanError, match=r"xlwings 0\.30\.0, pyOpenVBA missing; expected xlwings 0\.37\.8"):
        build_windows(plan, ROWS)


BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("xlwings", "pyopenvba", "oletools"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
from xlplan.cli import main
main()
"""


def test_xlplan_runs_without_xlwings_and_without_the_vba_library(tmp_path):
    plan, other = tmp_path / "plan.xlsx", tmp_path / "other.xlsx"
    for words in (
        ("new", plan, "--rows", 1),
        ("check", plan),
        ("convert", plan, "--edition", "standard", "-o", other),
        ("convert", plan, "--edition", "lite", "--experimental", "-o", tmp_path / "lite.xlsx"),
        ("addin", "status"),
        ("addin", "install", "--dry-run"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", BLOCKED, *map(str, words)], capture_output=True, text=True, check=False
        )
        assert done.returncode == (1 if words[0] == "check" else 0), done.stderr
        assert "Traceback" not in done.stderr
    assert plan.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCES)))
def test_nothing_imports_the_part_of_xlwings_that_is_not_free(path):
    assert not re.search(
        r"xlwings\s*\.\s*(pro|server)|from xlwings import .*\b(pro|server|Caller)\b", path.read_text("utf-8")
    )
