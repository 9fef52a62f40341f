"""The Windows edition: a macro-enabled workbook whose Python sheet is calculated by functions over COM."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

from xlplan.addin import configured
from xlplan.addin.injection import retyped, with_array_formulas
from xlplan.addin.pins import installed, pinned
from xlplan.addin.sheet import array_calls
from xlplan.addin.sheets import WINDOWS
from xlplan.addin.vba import MODULE, wrappers
from xlplan.plan import Plan
from xlplan.problems import PlanError, Problem
from xlplan.workbook.build import build_workbook, make_layout, plain_workbook
from xlplan.workbook.container import packed
from xlplan.workbook.layout import ROWS
from xlplan.workbook.package import parts

MACRO_ENABLED = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
WORKBOOK = "xl/workbook.xml"
NEEDED = ("xlwings", "pyOpenVBA")


def build_windows(plan: Plan, line_rows: int = ROWS) -> bytes:
    """The plan as an ``.xlsm``: the standard workbook, the Python sheet, and the VBA that reaches Python.

    Raises ``PlanError`` where the pinned libraries are missing.
    """
    refuse_other_versions()
    sheets = WINDOWS
    data = build_workbook(plan, line_rows, sheets)
    layout = make_layout(plan, line_rows, sheets)
    calls = array_calls(plan, layout)
    found = with_array_formulas(parts(data), layout.title(configured.SHEET.key), calls, str)
    return with_vba(packed(retyped(found, WORKBOOK, MACRO_ENABLED)))


def build_addin(interpreter: str) -> bytes:
    """An ``.xlam`` with the functions for every workbook, calculated by one Python whatever a workbook may say.

    Raises ``PlanError`` where the pinned libraries are missing.
    """
    refuse_other_versions()
    rows = {"INTERPRETER_WIN": interpreter, **configured.settings()}
    data = packed(retyped(parts(plain_workbook(configured.TITLE, rows.items())), WORKBOOK, MACRO_ENABLED))
    whole = with_vba(data)
    return packed(retyped(parts(whole), WORKBOOK, ADD_IN))


def refuse_other_versions() -> None:
    """The VBA module of xlwings loads a library of its own version only."""
    wrong = [name for name in NEEDED if installed(name) != pinned(name)]
    if wrong:
        found = ", ".join(f"{name} {installed(name) or 'missing'}" for name in wrong)
        wanted = ", ".join(f"{name} {pinned(name)}" for name in wrong)
        raise PlanError([Problem("xlplan[excel]", found, wanted, 'run pip install "xlplan[excel]"')])


def with_vba(data: bytes) -> bytes:
    """The package with xlwings' own modules and our wrappers; packed again with fixed times.

    Raises ``ValueError`` where the modules do not read back as they were written.
    """
    from pyopenvba import ExcelFile, VBAModuleKind

    home = Path(str(find_spec("xlwings") and find_spec("xlwings").origin)).parent  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsm")
        path.write_bytes(data)
        with ExcelFile(path) as workbook:
            project = workbook.add_vba_project()
            project.add_module("xlwings", text_of(home / "xlwings.bas"))
            project.add_module("Dictionary", text_of(home / "addin" / "Dictionary.cls"), kind=VBAModuleKind.other)
            project.add_module(MODULE, wrappers(pinned("xlwings")))
            workbook.save()
        with ExcelFile(path) as workbook:
            problems = workbook.validate()
        if problems:
            raise ValueError("; ".join(problems))
        return packed(parts(path.read_bytes()))


def text_of(path: Path) -> str:
    """A VBA source file, its lines ending as VBA wants them."""
    return "\r\n".join(path.read_text(encoding="cp1252").splitlines()) + "\r\n"
