"""The code base read by tests: who imports whom, what every rule must say, names that must not mislead."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import xlplan
import xlplan.rules
from plans import WITHOUT_CELL
from xlplan.catalogue import load_catalogue, templates
from xlplan.model import DERIVED, GIVEN, load_model
from xlplan.rule import REGISTRY, Registry, RuleError
from xlplan.shipped import example_path
from xlplan.values import LIKE_A_CELL
from xlplan.workbook.build import make_layout

PACKAGE = Path(xlplan.__file__).parent
MODULES = sorted(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "xlplan."))
LAYERS = (
    ("xlplan.units", "xlplan.problems", "xlplan.exact", "xlplan.rounding"),
    ("xlplan.words",),
    ("xlplan.rule", "xlplan.records"),
    (
        "xlplan.packfile",
        "xlplan.references",
        "xlplan.catalogue",
        "xlplan.translate",
        "xlplan.rules",
        "xlplan.derived",
        "xlplan.over_years",
        "xlplan.counting",
        "xlplan.ranking",
        "xlplan.reported",
        "xlplan.columns",
        "xlplan.changes",
        "xlplan.sampling",
    ),
    ("xlplan.model", "xlplan.plan", "xlplan.ranged", "xlplan.values"),
    ("xlplan.checking", "xlplan.engine", "xlplan.ranges", "xlplan.results", "xlplan.resize", "xlplan.identity"),
    ("xlplan.repair", "xlplan.difference", "xlplan.share", "xlplan.drawn"),
    ("xlplan.merge",),
    ("xlplan.archive", "xlplan.markup", "xlplan.payload"),
    (
        "xlplan.planfile",
        "xlplan.scenarios",
        "xlplan.document",
        "xlplan.files",
        "xlplan.rulebook",
        "xlplan.suggest",
        "xlplan.funders",
        "xlplan.path",
    ),
    ("xlplan.ledger_map",),
    ("xlplan.ledger", "xlplan.renewals"),
    ("xlplan.monitoring",),
    ("xlplan.export", "xlplan.screen", "xlplan.workbook", "xlplan.report"),
    ("xlplan.screen_ranges",),
    ("xlplan.shipped", "xlplan.addin", "xlplan.consolidate"),
    ("xlplan.wordlist",),
    ("xlplan.terminal",),
    (
        "xlplan.cli_addin",
        "xlplan.cli_consolidate",
        "xlplan.cli_files",
        "xlplan.cli_funders",
        "xlplan.cli_help",
        "xlplan.cli_path",
        "xlplan.cli_report",
        "xlplan.cli_ranges",
        "xlplan.cli_actuals",
        "xlplan.cli_scenarios",
    ),
    ("xlplan.cli",),
    ("xlplan.__main__",),
)
LATE = {("xlplan.plan", "xlplan.engine"), ("xlplan.plan", "xlplan.results")}
"""`Plan.evaluate` reaches up one layer, when it is called."""

THIRD_PARTY_HOMES = {
    "openpyxl": "xlplan.workbook",
    "formualizer": "xlplan.workbook",
    "python_calamine": "xlplan.workbook",
    "xlwings": "xlplan.addin",
    "pyopenvba": "xlplan.addin",
    "click": ("xlplan.terminal", "xlplan.cli"),
    "babel": ("xlplan.words", "xlplan.wordlist", "xlplan.report"),
    "docx": "xlplan.report",
    "jinja2": "xlplan.report",
    "matplotlib": "xlplan.report",
    "rich": "xlplan.screen",
    "duckdb": "xlplan.consolidate",
    "distributed": "xlplan.consolidate",
    "scipy": "xlplan.path",
}


def layer(module: str) -> int:
    return next(
        (n for n, names in enumerate(LAYERS) if any(module == name or module.startswith(f"{name}.") for name in names)),
        -1,
    )


def imports(module: str) -> set[str]:
    """Modules that a module imports at run time, wherever in it the import stands."""
    tree = ast.parse(Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8"))
    typing_only = {
        id(n)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for n in ast.walk(node)
    }
    found = set()
    for node in (node for node in ast.walk(tree) if id(node) not in typing_only):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def upward(module: str) -> list[str]:
    """Imports of a module that reach into a higher layer."""
    known = {name for name in imports(module) if name in MODULES}
    return [name for name in known if layer(name) > layer(module) and (module, name) not in LATE]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_layer(module):
    assert layer(module) >= 0


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    assert upward(module) == []


def test_a_planted_upward_import_is_seen(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "imports", lambda _: {"xlplan.cli"})
    assert upward("xlplan.units") == ["xlplan.cli"]


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("xlplan.rules.")])
def test_rules_import_no_other_rules_and_no_library(module):
    assert imports(module) <= {"xlplan.rule", "xlplan.exact", "xlplan.units"} | {
        name for name in imports(module) if name.startswith(("xlplan.rule.", "xlplan.exact.", "xlplan.units."))
    }


@pytest.mark.parametrize("module", MODULES)
def test_each_library_has_one_home(module):
    for name in imports(module):
        home = THIRD_PARTY_HOMES.get(name.split(".")[0])
        assert home is None or module.startswith(home), f"{module} imports {name}"


SPEAKING = (
    "xlplan.terminal",
    "xlplan.cli",
    "xlplan.cli_files",
    "xlplan.cli_funders",
    "xlplan.cli_scenarios",
    "xlplan.cli_path",
    "xlplan.cli_ranges",
    "xlplan.cli_consolidate",
    "xlplan.cli_actuals",
    "xlplan.workbook.child",
)
"""The command line, and the program in which parsers run; it answers on its own output."""


def test_only_the_command_line_prints_and_exits():
    for module in MODULES:
        text = Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8")
        calls = {ast.unparse(n.func) for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)}
        assert module in SPEAKING or not calls & {"print", "sys.exit", "click.echo", "exit"}, module


def test_the_engine_needs_no_workbook_library():
    unwanted = "('openpyxl', 'xlwings', 'formulas', 'formualizer', 'python_calamine', 'click', 'rich')"
    code = (
        "import sys, xlplan, xlplan.rules; from xlplan.catalogue import templates_folder;"
        "xlplan.load(templates_folder() / 'examples' / 'national.toml').evaluate().costs;"
        f"sys.exit(sum(name in sys.modules for name in {unwanted}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("rule", list(REGISTRY), ids=lambda rule: rule.id)
def test_every_rule_says_label_unit_source_and_meaning(rule):
    catalogue = load_catalogue()
    assert rule.label
    assert rule.meaning.endswith((".", "?"))
    assert rule.unit in catalogue.units
    assert rule.source in catalogue.sources
    assert rule.renames or ">>>" in rule.function.__doc__


@pytest.mark.parametrize("id", sorted({"year", *load_model().quantities}))
def test_no_quantity_looks_like_a_cell_address(id):
    assert not LIKE_A_CELL.match(id)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", id)


@pytest.mark.parametrize("template", templates())
def test_every_source_of_our_own_gives_its_reason(template):
    for source in load_catalogue(template).sources.values():
        assert source.reason if source.id.startswith("std") else source.publisher, source.id


def test_every_unit_of_a_quantity_is_known():
    units = load_catalogue().units
    assert {quantity.unit for quantity in load_model().quantities.values()} <= set(units)
    assert {derived.unit for derived in DERIVED} | {unit for _, unit, _ in GIVEN.values()} <= set(units)


@pytest.mark.parametrize("template", templates())
def test_every_quantity_can_be_seen_in_the_workbook(template):
    """But for headings, neighbours, words of input cells, and lookups inside one formula."""
    placed = make_layout(xlplan.load(example_path(template, "blank"))).places
    assert set(load_model().quantities) - set(placed) == WITHOUT_CELL


def test_the_translator_stays_small():
    """The plan said 200; refusing what readings understand differently took a dozen more."""
    assert len((PACKAGE / "translate.py").read_text(encoding="utf-8").splitlines()) <= 215


@pytest.mark.parametrize("module", MODULES)
def test_doctests(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_what_is_offered_is_documented():
    for name in xlplan.__all__:
        assert getattr(xlplan, name).__doc__, name
    for name, member in vars(xlplan.Plan).items():
        assert name.startswith("_") or not callable(member) or member.__doc__, name


def test_two_rules_for_one_quantity_are_refused():
    registry = Registry()

    @registry.rule(label="A", unit="count", source="page")
    def twice(a: float) -> float:
        return a

    with pytest.raises(RuleError, match="two rules fill the same quantity"):
        registry.rule(label="A", unit="count", source="page")(twice)
