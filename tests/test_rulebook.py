"""The rule book: every rule can be looked up, and what it says of itself is true."""

import ast
import re

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from xlplan.catalogue import load_catalogue
from xlplan.cli import main
from xlplan.model import load_model
from xlplan.rule import REGISTRY, Rule
from xlplan.rulebook import explain

WIDEST = 80
EVERY_RULE = pytest.mark.parametrize("rule", list(REGISTRY), ids=lambda rule: rule.id)
TOTALS = sorted(q.id for q in load_model().quantities.values() if not isinstance(q.filled_by, Rule))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"COLUMNS": "200"})


def squeezed(text: str) -> str:
    """Text without blanks, so that folded lines can be searched."""
    return re.sub(r"\s", "", text)


def entry(rule: Rule) -> dict[str, str]:
    return dict(explain(rule.id))


@EVERY_RULE
def test_every_rule_is_explained_on_the_screen(rule: Rule) -> None:
    shown = run("explain", rule.id)
    assert (shown.exit_code, shown.stderr) == (0, "")
    source = load_catalogue().sources[rule.source]
    for text in (rule.id, rule.label, load_catalogue().units[rule.unit].label, rule.meaning, source.title):
        assert squeezed(text) in squeezed(shown.stdout)
    for heading in ("Label", "Unit", "Formula", "Worked case", "Source"):
        assert re.search(rf"^{heading} +\S", shown.stdout, re.MULTILINE), heading


@EVERY_RULE
def test_every_line_of_an_entry_fits_the_screen(rule: Rule) -> None:
    assert all(cell_len(line) <= WIDEST for line in run("explain", rule.id).stdout.splitlines())


@EVERY_RULE
def test_the_screen_leaves_out_nothing_of_the_entry(rule: Rule) -> None:
    shown = squeezed(run("explain", rule.id).stdout)
    assert [heading for heading, text in explain(rule.id) if squeezed(text) not in shown] == []


@EVERY_RULE
def test_the_worked_case_is_true(rule: Rule) -> None:
    call, result = entry(rule)["Worked case"].rsplit(" = ", 1)
    functions = {known.function.__name__: known.function for known in REGISTRY}
    assert eval(call, functions) == ast.literal_eval(result)  # noqa: S307  a worked case of our own


@EVERY_RULE
def test_the_worked_case_is_one_of_this_rule(rule: Rule) -> None:
    call = ast.parse(entry(rule)["Worked case"].rsplit(" = ", 1)[0], mode="eval").body
    calls = call.elts if isinstance(call, ast.Tuple) else [call]
    names = dict(rule.renames)
    for each in calls:
        assert isinstance(each, ast.Call)
        assert ast.unparse(each.func) == rule.function.__name__
        assert {names.get(str(word.arg), str(word.arg)) for word in each.keywords} == set(rule.parameters)


@EVERY_RULE
def test_the_formula_names_everything_that_the_rule_reads(rule: Rule) -> None:
    model, formula = load_model(), entry(rule)["Formula"]
    assert formula
    for name in rule.parameters:
        assert f"[{model[name].label}]" in formula
    assert entry(rule)["Reads"] == ", ".join(rule.parameters)


@EVERY_RULE
def test_every_rule_has_a_known_unit_and_a_known_source(rule: Rule) -> None:
    catalogue = load_catalogue()
    assert catalogue.units[rule.unit].label == entry(rule)["Unit"]
    assert catalogue.sources[rule.source].title in entry(rule)["Source"]


@EVERY_RULE
def test_readers_are_those_whose_formula_reads_the_rule(rule: Rule) -> None:
    readers = {other.id for other in load_model().quantities.values() if rule.id in other.inputs}
    told = entry(rule)["Read by"]
    assert set(told.split(", ")) == readers if readers else told == "shown in the workbook"


@pytest.mark.parametrize("id", TOTALS)
def test_totals_and_inputs_are_explained_too(id: str) -> None:
    shown = run("explain", id)
    assert shown.exit_code == 0
    assert re.search(r"^Meaning +\S", shown.stdout, re.MULTILINE)


def test_rules_lists_every_rule_once_within_the_screen() -> None:
    shown = run("rules")
    lines = shown.stdout.splitlines()
    assert shown.exit_code == 0
    assert [sum(line.split(" ")[0] == rule.id for line in lines) for rule in REGISTRY] == [1] * len(list(REGISTRY))
    assert all(cell_len(line) <= WIDEST for line in lines)


def test_rules_shows_label_and_unit_of_every_rule() -> None:
    text = run("rules").stdout
    for rule in REGISTRY:
        row = re.search(rf"^{rule.id} .*(?:\n +.*)*", text, re.MULTILINE)
        assert row
        assert set(rule.label.split()) <= set(row[0].split())
        assert set(load_catalogue().units[rule.unit].label.split()) <= set(row[0].split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cots", "cost"), ("gate_state", "gate_status"), ("unit_costs", "unit_cost"), ("present_valu", "present_value")],
)
def test_an_unknown_rule_is_wrong_usage_with_a_suggestion(typed: str, meant: str) -> None:
    shown = run("explain", typed)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"no rule {typed!r}" in shown.stderr
    assert meant in shown.stderr.split("did you mean")[1]


def test_a_name_like_no_rule_leads_to_the_list() -> None:
    shown = run("explain", "zzzzzzzz")
    assert shown.exit_code == 2
    assert "xlplan rules" in shown.stderr
