"""The Lite edition: its one Python file, called in JSON by xlwings' own server functions and inside Pyodide."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import xlwings

from addin_calls import Calculated, differing
from conftest import example
from engines import stored_values
from test_addin_windows import audit, run
from test_twins import expected_output, without_words, worked_cases
from xlplan.addin import sheet
from xlplan.addin.calls import CALLS
from xlplan.addin.lite import KERNEL, main_py
from xlplan.addin.offered import offered
from xlplan.addin.sheets import LITE
from xlplan.addin.spread import spread_of
from xlplan.addin.webextension import EXTENSION, RELATIONS, TASKPANES, build_lite, lite_files
from xlplan.rule import REGISTRY
from xlplan.workbook.build import build_workbook
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts

RANGE = [[[80], [10]], [[100], [10]], [[150], [40]], [["a"], ["a"]], 0.5]
"""Arguments of one call of xlp_range, which draws by itself."""

HERE, ROWS = Path(__file__).parent, 190
EXTENSION_NAMES = {"we": "http://schemas.microsoft.com/office/webextensions/webextension/2010/11"}
PYODIDE = Path(sys.prefix) / "node_modules" / "pyodide"


@pytest.fixture(scope="module")
def national_calculated() -> Calculated:
    plan = example("national")
    data = build_workbook(plan, ROWS, LITE)
    return Calculated(plan, data, stored_values(data), ROWS)


@pytest.fixture(scope="module")
def calls(national_calculated, tmp_path_factory) -> tuple[Path, Path, list]:
    """main.py and the calls of the Python sheet and of every worked case, as JSON files."""
    folder = tmp_path_factory.mktemp("lite")
    main, file = folder / "main.py", folder / "calls.json"
    made = [
        (call.function, [national_calculated.cells(argument) for argument in call.arguments])
        for call in sheet.array_calls(national_calculated.plan, national_calculated.layout)
    ]
    for case in worked_cases():
        given = without_words(case["input"])
        made.append((f"xlp_rule_{case['rule']}", [[[given[id]]] for id in REGISTRY.rules[case["rule"]].parameters]))
    made.append(("xlp_range", RANGE))
    main.write_text(main_py(), encoding="utf-8")
    file.write_text(json.dumps(made), encoding="utf-8")
    return main, file, made


@pytest.fixture(scope="module")
def on_the_server(calls) -> dict:
    """Answers of main.py under CPython, through xlwings' own server functions."""
    done = subprocess.run([sys.executable, HERE / "wire.py", *calls[:2]], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def in_pyodide(calls) -> dict:
    """Answers of main.py inside Pyodide under Node, as xlwings Lite runs it inside Excel."""
    node = shutil.which("node") or pytest.fail("Node is not installed: the test command of the README says how")
    if not PYODIDE.exists():
        pytest.fail(f"Pyodide is not in {PYODIDE.parent}: the test command of the README installs it")
    home = Path(xlwings.__file__).parent
    words = [node, HERE / "wire.mjs", PYODIDE, home, HERE / "wire.py", *calls[:2]]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def answered(found: dict, calls: list) -> dict:
    """What each call gave, found again by the function and its arguments."""
    return {json.dumps(call): result for call, result in zip(calls, found["results"], strict=True)}


def call_by(found: dict, calls: list):
    """The answers in the place of the functions themselves."""
    known = answered(found, calls)
    return lambda name, *arguments: known[json.dumps([name, list(arguments)])]


def wrong_cases(found: dict, calls: list) -> list[str]:
    """Worked cases whose answer is another; what cannot be typed is answered by a sentence."""
    answers = found["results"][len(CALLS) : -1]
    return [
        f"{case['rule']}: {case['name']}: {answer}"
        for case, [[answer]] in zip(worked_cases(), answers, strict=True)
        if answer != ("" if expected_output(case) is None else pytest.approx(expected_output(case), rel=1e-9))
    ]


# ---------------------------------------------------------------------------- main.py


def test_the_file_imports_nothing_but_the_standard_library_and_xlwings():
    imports = set()
    for node in ast.walk(ast.parse(main_py())):
        if isinstance(node, ast.Import):
            imports |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imports.add(str(node.module).split(".")[0])
    assert imports <= {"xlwings", *sys.stdlib_module_names}
    assert "xlwings" in imports


def test_no_name_of_the_file_is_given_twice():
    names: list[str] = []
    for node in ast.parse(main_py()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_rule_module_is_in_the_kernel():
    assert {rule.function.__module__ for rule in REGISTRY} <= set(KERNEL)


# ---------------------------------------------------------------------------- as JSON


def test_metadata_names_every_function_with_its_arguments(on_the_server):
    found = {function["name"]: function for function in on_the_server["meta"]["functions"]}
    assert set(found) == {name.upper() for name in offered()}
    for name, function in offered().items():
        parameters = found[name.upper()]["parameters"]
        assert [p["name"] for p in parameters] == [a.name for a in function.arguments if a.name != "words"] + (
            ["words"] if function.arguments[-1].name == "words" else []
        )
        assert sum(not p.get("optional", False) for p in parameters) == function.needed
        assert all(p["dimensionality"] == "matrix" and len(p["description"]) <= 255 for p in parameters)


def test_json_calls_give_the_native_numbers(on_the_server, calls, national_calculated):
    assert list(differing(national_calculated, call_by(on_the_server, calls[2]))) == []


def test_json_calls_draw_the_same_range_as_the_add_in(on_the_server):
    assert np.allclose(on_the_server["results"][-1], spread_of(RANGE), rtol=1e-12)


def test_pyodide_draws_the_same_range_as_the_add_in(in_pyodide):
    assert np.allclose(in_pyodide["results"][-1], spread_of(RANGE), rtol=1e-12)


def test_json_calls_give_the_numbers_of_every_worked_case(on_the_server, calls):
    assert [text.split(":")[0] for text in wrong_cases(on_the_server, calls[2])] == ["typed_interval"]


def test_a_wrong_answer_would_be_seen(on_the_server, calls, national_calculated):
    results = json.loads(json.dumps(on_the_server["results"]))
    place = [call.function for call in CALLS].index("recurring_cost")
    results[place][0][0] = -1
    planted = call_by({"results": results}, calls[2])
    assert next(differing(national_calculated, planted)).startswith("xlp_recurring_cost, row 1, column 1: -1")


# ---------------------------------------------------------------------------- Pyodide


def test_pyodide_gives_the_native_numbers(in_pyodide, calls, national_calculated):
    assert list(differing(national_calculated, call_by(in_pyodide, calls[2]))) == []


def test_pyodide_gives_the_numbers_of_every_worked_case(in_pyodide, calls):
    assert [text.split(":")[0] for text in wrong_cases(in_pyodide, calls[2])] == ["typed_interval"]


def test_pyodide_needs_no_other_package(in_pyodide):
    assert not {"numpy", "pandas", "xlplan", "openpyxl"} & set(in_pyodide["modules"])


def test_pyodide_and_the_server_describe_the_same_functions(in_pyodide, on_the_server):
    assert in_pyodide["meta"] == on_the_server["meta"]


# ---------------------------------------------------------------------------- the workbook


@pytest.fixture(scope="module")
def lite() -> bytes:
    return build_lite(example("worked-example"), 3)


def payload(data: bytes) -> dict[str, str]:
    """Files inside the web extension, as the add-in decodes them."""
    root = ET.fromstring(parts(data)[EXTENSION])  # noqa: S314  a file we made
    found = root.iterfind("we:properties/we:property", EXTENSION_NAMES)
    return {each.attrib["name"]: json.loads(each.attrib["value"]) for each in found}


def test_the_files_decode_from_the_workbook_as_they_went_in(lite):
    assert payload(lite) == lite_files()


def test_the_workbook_holds_the_parts_and_relations_of_a_web_extension(lite):
    found = parts(lite)
    types = found["[Content_Types].xml"].decode()
    assert all(f'PartName="/{part}"' in types for part in (EXTENSION, TASKPANES))
    assert f'Target="{TASKPANES}"' in found["_rels/.rels"].decode()
    assert 'Target="webextension1.xml"' in found[RELATIONS].decode()
    for part in (EXTENSION, TASKPANES, RELATIONS, "_rels/.rels", "[Content_Types].xml"):
        ET.fromstring(found[part])  # noqa: S314  a file we made


def test_functions_stand_as_the_add_in_stores_them(lite):
    text = next(part for name, part in parts(lite).items() if b"_xldudf_" in part).decode()
    found = re.findall(r'<f t="array" ref="[A-Z0-9:]+">(\w+)\(', text)
    assert found == [f"_xldudf_XLP_{call.function.upper()}" for call in CALLS]
    assert "xl/vbaProject.bin" not in parts(lite)


def test_the_auditor_finds_nothing_new_in_the_lite_edition(lite, tmp_path):
    standard = build_workbook(example("worked-example"), 3)
    assert audit(lite, tmp_path, "lite.xlsx") - audit(standard, tmp_path, "plan.xlsx") == set()


def test_the_lite_edition_is_made_only_when_asked_for_as_an_experiment(tmp_path):
    code, output = run("new", tmp_path / "a.xlsx", "--edition", "lite", "--rows", 1)
    assert code == 2
    assert "--experimental" in output
    assert run("new", tmp_path / "a.xlsx", "--edition", "lite", "--rows", 1, "--experimental")[0] == 0
    assert (tmp_path / "a-main.py").read_text("utf-8") == main_py()
    assert (tmp_path / "a-requirements.txt").read_text("utf-8").endswith("xlwings\n")


def test_converting_back_from_lite_removes_every_trace(lite, tmp_path):
    path, back = tmp_path / "lite.xlsx", tmp_path / "back.xlsx"
    path.write_bytes(lite)
    assert run("convert", path, "--edition", "standard", "-o", back)[0] == 0
    assert back.read_bytes() == build_workbook(example("worked-example"), 3)


def test_equal_plans_give_equal_lite_bytes(lite):
    assert build_lite(example("worked-example"), 3) == lite
    assert packed(parts(lite)) == lite
