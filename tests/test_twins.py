"""One rule, one number: Python, NumPy columns and every engine agree on cases, round numbers and random rows."""

import ast
import inspect
import itertools
import random
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xlplan.rules
from engines import ENGINES, Book, Quantities, Row, Values, as_workbook, columns_values, differences, expected_cells
from xlplan.exact import round_up
from xlplan.rule import REGISTRY, Rule

pytestmark = pytest.mark.xdist_group("twins")  # with --dist loadgroup one worker calculates for all of them

CASES = Path(__file__).parent / "cases"
GRID_ROWS, RANDOM_ROWS, SAMPLE_ROWS = 300, 100, 6
SLOW = {"formulas"}
"""Engines that see the cases and a sample of the other rows only."""

KNOWN: Mapping[tuple[str, str], tuple[str, str]] = {}
"""Engine and rule -> mark ("ours", "theirs", "never") and reason of a difference that we know and accept."""


@dataclass(frozen=True)
class Domain:
    """Round numbers that people type for a quantity; random rows lie between two neighbours of them."""

    numbers: tuple[float, ...]
    whole: bool = False


BY_WORD: Mapping[str, Domain] = {
    "Count": Domain((0, 1, 2, 3, 4, 5, 10, 12.5, 100, 400, 1e12)),
    "Factor": Domain((0, 0.5, 1, 2, 4, 5, 10)),
    "Flag": Domain((0, 1), whole=True),
    "Level": Domain((1, 2, 3), whole=True),
    "Money": Domain((0, 0.05, 0.1, 0.3, 1, 2, 80, 100, 400, 22800, 1e15)),
    "Place": Domain((0, 1, 2, 3), whole=True),
    "Rate": Domain((0, 0.05, 0.06, 0.07, 0.1, 0.14, 0.25, 1)),
    "Share": Domain((0, 0.05, 0.1, 0.25, 0.5, 1)),
    "UnitCost": Domain((0, 0.05, 1, 2.5, 190, 400)),
    "Year": Domain((2025, 2026, 2027, 2028, 2029, 2031, 2036), whole=True),
    "Years": Domain((0.5, 1, 2, 2.5, 3, 4, 5, 10, 50)),
}
"""What each word of ``xlplan.units`` may be."""

INFLATION = Domain((-0.5, -0.05, 0, 0.05, 0.1, 0.5, 1, 10))
WHOLE_YEARS = Domain((1, 2, 3, 4, 5, 10, 50), whole=True)
BY_NAME: Mapping[str, Domain] = {
    "class_size": Domain((1, 2, 25, 30, 12.5)),
    "confirmed_cover": Domain((0, 0.05, 0.1, 80, 100, 400)),
    "discount_factor": Domain((0.125, 0.5, 0.64, 0.8, 1)),
    "end_month": Domain((0, 24324, 24325, 24330, 24336, 24361), whole=True),
    "exchange_rate": Domain((0, 0.05, 1, 5, 130, 1000)),
    "funded_share": Domain((0, 0.25, 0.75, 1, 1.0000002, 1.000002, 1.05, 1.25, 3)),
    "hosting_life_years": WHOLE_YEARS,
    "inflation": INFLATION,
    "interval": WHOLE_YEARS,
    "item_price_year": Domain((0, 2024, 2026, 2027), whole=True),
    "known_inflation": INFLATION,
    "life": Domain((0, 0.5, 1, 2, 2.5, 3, 4, 5, 10, 50)),
    "life_years": WHOLE_YEARS,
    "line_every": Domain((0, 1, 2, 3, 4, 5, 10, 50), whole=True),
    "months_a_year": Domain((1, 4, 12), whole=True),
    "money_tolerance": Domain((0, 0.5, 1)),
    "plan_unplaced_cost": Domain((-25, 0, 0.05, 25, 100, 400)),
    "plan_years": WHOLE_YEARS,
    "points_of_yes": Domain((1, 2, 4)),
    "price_level": Domain((0.25, 0.8, 1, 1.05, 2.25)),
    "refresher_interval": WHOLE_YEARS,
    "reporting_inflation": INFLATION,
    "team_days_left": Domain((-100, -0.5, 0, 0.5, 100)),
    "start_month": Domain((0, 24324, 24325, 24330, 24336, 24361), whole=True),
    "share_tolerance": Domain((0, 0.000001, 0.0001)),
    "typed_start_month": Domain((0, 24324, 24325, 24330, 24336, 24361), whole=True),
    "typed_exchange_rate": Domain((0, 0.05, 1, 5, 130, 1000)),
    "unplaced_cost": Domain((-25, 0, 0.05, 25, 100, 400)),
    "wear_rate": Domain((0, 0.02, 0.1, 0.2, 0.25, 1, 2)),
}
"""Quantities that may be more, or less, than their word allows."""


@cache
def worked_cases() -> tuple[dict[str, Any], ...]:
    """Every ``[[case]]`` of every file, with the file it stands in."""
    files = sorted(CASES.glob("*.toml"))
    return tuple(
        case | {"file": path.stem} for path in files for case in tomllib.loads(path.read_text("utf-8"))["case"]
    )


def without_words(quantities: Mapping[str, Any]) -> Quantities:
    """Numbers of a case, ``None`` for the word "blank"."""
    return {name: None if value == "blank" else value for name, value in quantities.items()}


def expected_output(case: Mapping[str, Any]) -> float | None:
    return without_words(case)["output"]


def words(rule: Rule) -> dict[str, str]:
    """Quantity -> the word of its annotation, which Python itself has forgotten: all words are ``float``."""
    function = ast.parse(textwrap.dedent(inspect.getsource(rule.function))).body[0]
    assert isinstance(function, ast.FunctionDef)
    annotations = (str(ast.unparse(argument.annotation)) for argument in function.args.args if argument.annotation)
    return dict(zip(rule.parameters, (annotation.split(" | ")[0] for annotation in annotations), strict=True))


@cache
def domains(rule: Rule) -> Mapping[str, Domain]:
    return {name: BY_NAME.get(name, BY_WORD[word]) for name, word in words(rule).items()}


def round_rows(rule: Rule) -> list[Quantities]:
    """Combinations of round numbers and blanks, a fixed sample where there are too many."""
    choices = [(*domain.numbers, *([None] if rule.parameters[name] else [])) for name, domain in domains(rule).items()]
    combinations = list(itertools.product(*choices))
    if len(combinations) > GRID_ROWS:
        combinations = random.Random(rule.id).sample(combinations, GRID_ROWS)
    return [dict(zip(rule.parameters, combination, strict=True)) for combination in combinations]


def random_rows(rule: Rule) -> Iterator[Quantities]:
    """Numbers nobody would type, the same in every run."""
    chance = random.Random(f"random {rule.id}")
    for _ in range(RANDOM_ROWS):
        yield {name: drawn(chance, domain, rule.parameters[name]) for name, domain in domains(rule).items()}


def drawn(chance: random.Random, domain: Domain, may_be_blank: bool) -> float | None:
    if may_be_blank and chance.random() < 0.2:
        return None
    low, high = chance.choice(list(itertools.pairwise(domain.numbers)))
    return chance.randint(int(low), int(high)) if domain.whole else chance.uniform(low, high)


def case_rows(rule: Rule) -> list[Row]:
    own = [case for case in worked_cases() if case["rule"] == rule.id]
    return [Row(without_words(case["input"]), expected_output(case)) for case in own]


def generated_rows(rule: Rule) -> list[Row]:
    return [Row(given, rule(**given)) for given in (*round_rows(rule), *random_rows(rule))]


@cache
def whole_book() -> Book:
    return {rule: (*case_rows(rule), *generated_rows(rule)) for rule in REGISTRY}


@cache
def sample_book() -> Book:
    """All cases, and a fixed sample of the other rows of every rule."""
    return {rule: (*case_rows(rule), *sampled(rule, generated_rows(rule))) for rule in REGISTRY}


def sampled(rule: Rule, rows: Sequence[Row]) -> list[Row]:
    return random.Random(f"sample {rule.id}").sample(rows, min(SAMPLE_ROWS, len(rows)))


@cache
def case_book() -> Book:
    return {rule: case_rows(rule) for rule in REGISTRY if any(rule.parameters.values())}


def book_for(engine: str) -> Book:
    return sample_book() if engine in SLOW else whole_book()


@cache
def engine_values(engine: str) -> Values:
    """Every cell of the book by one engine, calculated once in a session."""
    return ENGINES[engine](as_workbook(book_for(engine)))


RULES = pytest.mark.parametrize("rule", tuple(REGISTRY), ids=lambda rule: rule.id)
EVERY_ENGINE = pytest.mark.parametrize("engine", tuple(ENGINES))


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: f"{case['rule']}: {case['name']}")
def test_worked_case(case: dict[str, Any]) -> None:
    """A number that a finance officer can confirm by hand."""
    rule = REGISTRY.rules[case["rule"]]
    assert differences({("", ""): expected_output(case)}, {("", ""): rule(**without_words(case["input"]))}) == []


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: f"{case['rule']}: {case['name']}")
def test_case_gives_every_quantity_of_its_rule_in_the_file_of_its_rule(case: dict[str, Any]) -> None:
    """A case is complete, and stands where a reader looks for it."""
    rule = REGISTRY.rules[case["rule"]]
    assert list(case["input"]) == list(rule.parameters)
    assert case["file"] == rule.function.__module__.removeprefix("xlplan.rules.")


def test_no_two_cases_have_the_same_sentence() -> None:
    """A sentence names one case."""
    sentences = [(case["rule"], case["name"]) for case in worked_cases()]
    assert len(sentences) == len(set(sentences))


def test_every_module_of_rules_has_a_file_of_cases() -> None:
    """No rule module is forgotten, and no file is left over."""
    assert {path.stem for path in CASES.glob("*.toml")} == set(xlplan.rules.MODULES)


@RULES
def test_every_rule_has_two_worked_cases(rule: Rule) -> None:
    """One example may be right by chance."""
    assert len(case_rows(rule)) >= 2


@RULES
def test_a_blank_that_a_rule_may_meet_stands_in_one_of_its_cases(rule: Rule) -> None:
    """What a rule does with a blank is confirmed by hand for every quantity."""
    met = {name for row in case_rows(rule) for name, value in row.quantities.items() if value is None}
    assert met == {name for name, may_be_blank in rule.parameters.items() if may_be_blank}


@RULES
def test_columns_agree_with_python(rule: Rule) -> None:
    """The NumPy reading gives the number of the scalar reading."""
    rows = whole_book()[rule]
    assert differences(expected_cells(rule, rows), columns_values(rule, rows)) == []


@RULES
@EVERY_ENGINE
def test_native_formula_agrees_with_python(engine: str, rule: Rule) -> None:
    """The workbook's formula gives the number of the scalar reading in every engine."""
    found = differences(expected_cells(rule, book_for(engine)[rule]), engine_values(engine))
    if (engine, rule.id) in KNOWN:
        assert found, f"The difference {KNOWN[engine, rule.id]} has vanished: take it out of KNOWN."
    else:
        assert found == []


@EVERY_ENGINE
def test_a_cell_that_shows_nothing_counts_as_blank(engine: str) -> None:
    """A formula that gives empty text, as a list place does for an empty choice, is read like an empty cell."""
    found = ENGINES[engine](as_workbook(case_book(), blank='=""'))
    expected = [expected_cells(rule, rows) for rule, rows in case_book().items()]
    assert [difference for cells in expected for difference in differences(cells, found)] == []


def test_known_differences_name_engine_rule_and_mark() -> None:
    """An entry that can never apply would hide nothing, but says something false."""
    assert {engine for engine, _ in KNOWN} <= set(ENGINES)
    assert {rule for _, rule in KNOWN} <= set(REGISTRY.rules)
    assert {mark for mark, _ in KNOWN.values()} <= {"ours", "theirs", "never"}


def test_round_numbers_would_expose_rounding_up_of_binary_noise() -> None:
    """The rows contain sums that are whole in decimals but not in binary, such as 7 % of 100."""
    given = [row.quantities for row in whole_book()[REGISTRY.rules["units_replaced"]]]
    rows = [{name: float(value or 0) for name, value in row.items()} for row in given]
    sums = [row["units_kept"] * row["wear_rate"] + row["units_kept"] * row["loss"] for row in rows]
    assert any(np.ceil(total) != round_up(total, 0) for total in sums)
