"""The translator writes what Python means, and refuses the rest with rule, line and what is allowed."""

import importlib.util
import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

import engines
from engines import ENGINES, Book, Row, Value, Values, as_workbook, columns_values, differences, expected_cells
from xlplan.exact import default, mod, one_if, round_up
from xlplan.rule import Registry, Rule, RuleError
from xlplan.translate import ALLOWED, ARGUMENTS, NativeFormula, Text, Translator, columns_source, native_formula
from xlplan.units import Count

THIS = Path(__file__)
VAT = 1.16

REFUSED = Registry()
refused = REFUSED.rule(label="Refused", unit="count", source="std")
"""Each rule below holds what no workbook can say; the comment on its line quotes the part that must be named."""


@refused
def adds_a_list(a: Count, b: Count) -> Count:
    return sum((a, b))  # refused: sum((a, b))


@refused
def has_a_number(a: Count) -> Count:
    return a * 12  # refused: 12


@refused
def has_a_share(a: Count) -> Count:
    return a * 0.5  # refused: 0.5


@refused
def has_text(a: Count) -> Count:
    return one_if(str(a) == "a")  # refused: str(a)


@refused
def has_a_truth_value(a: Count) -> Count:
    return a if True else 0  # refused: True


@refused
def calls_an_unknown_function(a: Count) -> Count:
    return a + round(a)  # refused: round(a)


@refused
def calls_a_method(a: Count) -> Count:
    return a.conjugate()  # refused: a.conjugate()


@refused
def reads_an_attribute(a: Count) -> Count:
    return a + a.real  # refused: a.real


@refused
def compares_in_a_chain(a: Count, b: Count) -> Count:
    return one_if(0 < a < b)  # refused: 0 < a < b


@refused
def asks_for_membership(a: Count, b: Count) -> Count:
    return one_if(a in (b, 0))  # refused: a in (b, 0)


@refused
def hides_it_behind_and(a: Count, b: Count) -> Count:
    return one_if(a > 0 and any((a, b)))  # refused: any((a, b))


@refused
def hides_it_in_a_branch(a: Count, b: Count) -> Count:
    return a if a > 0 else abs(b)  # refused: abs(b)


@refused
def names_an_argument(a: Count) -> Count:
    return default(a, instead=0)  # refused: default(a, instead=0)


@refused
def spreads_arguments(a: Count, b: Count) -> Count:
    return max(*(a, b))  # refused: max(*(a, b))


@refused
def reads_a_name_that_is_no_quantity(a: Count) -> Count:
    return a * VAT  # refused: VAT


@refused
def divides_whole(a: Count, b: Count) -> Count:
    return a // b  # refused: a // b


@refused
def takes_the_remainder_by_sign(a: Count, b: Count) -> Count:
    return a % b  # refused: a % b


@refused
def negates(a: Count) -> Count:
    return -a  # refused: -a


@refused
def stands_over_two_lines(a: Count, b: Count) -> Count:
    return (
        a + b // a  # refused: b // a
    )


TWO = Registry()
two = TWO.rule(label="Not one expression", unit="count", source="std")


@two
def has_a_second_statement(a: Count) -> Count:
    b = a + 1
    return b * a


@two
def has_an_if_statement(a: Count) -> Count:
    if a > 0:
        return a
    return 0


@two
def returns_nothing(a: Count) -> None:
    """Says much.

    Does nothing.
    """


AMBIGUOUS = Registry()
ambiguous = AMBIGUOUS.rule(label="Ambiguous", unit="count", source="std")
"""What Python, NumPy and a spreadsheet would each understand differently."""


@ambiguous
def compares_identity(a: Count, b: Count) -> Count:
    return one_if(a is b)


@ambiguous
def gives_one_of_two_numbers(a: Count, b: Count) -> Count:
    return a and b


@ambiguous
def gives_a_truth_value(a: Count, b: Count) -> Count:
    return a < b


@ambiguous
def counts_a_number_as_a_condition(a: Count) -> Count:
    return one_if(a)  # type: ignore[arg-type]


@ambiguous
def compares_with_a_blank(a: Count | None) -> Count:
    return one_if(a == None)  # noqa: E711


@ambiguous
def guards_a_division_with_and(a: Count, b: Count) -> Count:
    return one_if(b > 0 and a / b > 1)


@ambiguous
def rounds_up_to_a_digit(a: Count) -> Count:
    return round_up(a, 1)


@ambiguous
def forgets_an_argument(a: Count) -> Count:
    return mod(a)  # type: ignore[call-arg]


EXACT = Registry()
exact = EXACT.rule(label="Exact", unit="count", source="std")
"""Groupings that a careless printer would lose, and signs that Excel reads in its own way."""


@exact
def difference_from_left(a: Count, b: Count, c: Count) -> Count:
    return (a - b) - c


@exact
def difference_from_right(a: Count, b: Count, c: Count) -> Count:
    return a - (b - c)


@exact
def difference_of_a_sum(a: Count, b: Count, c: Count) -> Count:
    return a - (b + c)


@exact
def quotient_of_a_product(a: Count, b: Count, c: Count) -> Count:
    return a / (b * c)


@exact
def product_of_a_quotient(a: Count, b: Count, c: Count) -> Count:
    return a / b * c


@exact
def quotient_of_a_quotient(a: Count, b: Count, c: Count) -> Count:
    return a / (b / c)


@exact
def product_of_a_sum(a: Count, b: Count, c: Count) -> Count:
    return (a + b) * (c - a)


@exact
def sum_of_products(a: Count, b: Count, c: Count) -> Count:
    return a * b + c * a - b / c


@exact
def power_of_a_power_from_right(a: Count, b: Count, c: Count) -> Count:
    return a**b**c


@exact
def power_of_a_power_from_left(a: Count, b: Count, c: Count) -> Count:
    return (a**b) ** c


@exact
def power_of_something_negative(a: Count, b: Count, c: Count) -> Count:
    return (0 - a) ** b + c


@exact
def negative_of_a_power(a: Count, b: Count, c: Count) -> Count:
    return 0 - a**b - c


@exact
def power_with_a_negative_exponent(a: Count, b: Count, c: Count) -> Count:
    return a ** (0 - b) * c


@exact
def quotient_of_a_power(a: Count, b: Count, c: Count) -> Count:
    return c / (1 + a) ** b


@exact
def comparison_of_sums(a: Count, b: Count, c: Count) -> Count:
    return one_if(a + b < c + a)


@exact
def sum_of_choices(a: Count, b: Count, c: Count) -> Count:
    return (a if a < b else c) + (b if b < c else a) * a


@exact
def choice_in_a_choice(a: Count, b: Count, c: Count) -> Count:
    return a if a > b else b if a > c else c


@exact
def not_before_or(a: Count, b: Count, c: Count) -> Count:
    return one_if(not a < b or b < c)


@exact
def and_before_or(a: Count, b: Count, c: Count) -> Count:
    return one_if(a < b or (b < c and a < 1 + c))


@exact
def or_inside_and(a: Count, b: Count, c: Count) -> Count:
    return one_if((a < b or b < c) and c < a)


@exact
def least_of_greatest(a: Count, b: Count, c: Count) -> Count:
    return min(a - b, max(b, c, a) * c, a + c)


@exact
def remainder_of_something_negative(a: Count, b: Count, c: Count) -> Count:
    return mod(a - b, c) - mod(b, a + c)


@exact
def whole_units_of_something_negative(a: Count, b: Count, c: Count) -> Count:
    return round_up(a / b - c, 0) - round_up(c / (a + b), 0)


NUMBERS = (1, 2, 3, 0.5)
RANDOM_RULES = 300
RANDOM_VALUES: Sequence[tuple[float, float, float, float | None]] = (
    (2, 3, 0.5, None),
    (-1.5, 4, 0.25, 2),
    (5, 0.5, 3, 0),
)
INDEPENDENT = ("formualizer", "libreoffice", "ironcalc")
QUICK = ("formualizer", "ironcalc")  # LibreOffice takes a tenth of a second for each sheet


def each(registry: Registry) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rule", tuple(registry), ids=lambda rule: rule.id)


def a_reference(quantity: str) -> str:
    return f"${quantity.upper()}$1"


READINGS: Sequence[Callable[[Rule], str]] = (lambda rule: native_formula(rule, a_reference), columns_source)


def quoted_part(rule: Rule) -> tuple[int, str]:
    """Line of the ``# refused:`` comment below the rule's name, and what the comment quotes."""
    lines = THIS.read_text("utf-8").splitlines()
    start = lines.index(next(line for line in lines if line.startswith(f"def {rule.id}(")))
    line = next(number for number in range(start, len(lines)) if "# refused: " in lines[number])
    return line + 1, lines[line].split("# refused: ")[1]


@pytest.mark.parametrize("reading", READINGS, ids=["native", "columns"])
@each(REFUSED)
def test_refusal_names_rule_line_part_and_what_is_allowed(rule: Rule, reading: Callable[[Rule], str]) -> None:
    line, part = quoted_part(rule)
    with pytest.raises(RuleError) as refusal:
        reading(rule)
    assert (
        str(refusal.value) == f"{rule.id}, line {line}: `{part}` cannot be written in a workbook; allowed: {ALLOWED}."
    )


@each(TWO)
def test_more_or_less_than_one_expression_is_refused(rule: Rule) -> None:
    """The line is that of the statement too many, or of the function that returns nothing."""
    with pytest.raises(RuleError) as refusal:
        native_formula(rule, a_reference)
    found = re.fullmatch(
        rf"{rule.id}, line (\d+): a rule is one return expression; make two rules of it.", str(refusal.value)
    )
    assert found
    assert 0 < int(found[1]) - rule.function.__code__.co_firstlineno < 5


@each(AMBIGUOUS)
def test_what_the_readings_would_understand_differently_is_refused(rule: Rule) -> None:
    with pytest.raises(RuleError, match=f"{rule.id}, line"):
        native_formula(rule, a_reference)


def test_the_allowed_functions_are_those_that_the_refusal_lists() -> None:
    """The sentence and the translator say the same."""
    listed = {name for name in ARGUMENTS if re.search(rf"\b{name}\b", ALLOWED)}
    assert listed == {"min", "max", "mod", "round_up", "one_if", "default"}


def rows_of(rule: Rule) -> list[Row]:
    """All threes of ``NUMBERS`` for which the rule has a real number."""
    given = [dict(zip("abc", numbers, strict=True)) for numbers in product(NUMBERS, repeat=3)]
    rows = [Row(dict(quantities), rule(**quantities)) for quantities in given]
    return [row for row in rows if not isinstance(row.expected, complex)]


@cache
def exact_book() -> Book:
    return {rule: rows_of(rule) for rule in EXACT}


@cache
def exact_values(engine: str) -> Values:
    return ENGINES[engine](as_workbook(exact_book()))


@pytest.mark.parametrize("engine", INDEPENDENT)
@each(EXACT)
def test_brackets_and_signs_mean_in_a_workbook_what_they_mean_in_python(rule: Rule, engine: str) -> None:
    assert differences(expected_cells(rule, exact_book()[rule]), exact_values(engine)) == []


@each(EXACT)
def test_brackets_and_signs_mean_in_columns_what_they_mean_in_python(rule: Rule) -> None:
    rows = exact_book()[rule]
    assert differences(expected_cells(rule, rows), columns_values(rule, rows)) == []


class Careless(NativeFormula):
    """A printer that trusts the reader to guess the brackets."""

    def binary(self, operator: str, left: Text, right: Text) -> Text:
        return f"{left[0]}{'^' if operator == '**' else operator}{right[0]}", right[1]


def test_a_printer_that_forgets_brackets_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules above are a test of brackets only if losing the brackets fails it."""
    monkeypatch.setattr(engines, "native_formula", lambda rule, cell: Translator(rule, Careless(cell)).text())
    found = ENGINES["formualizer"](as_workbook(exact_book()))
    assert {rule.id for rule, rows in exact_book().items() if differences(expected_cells(rule, rows), found)} >= {
        "difference_from_right", "difference_of_a_sum", "quotient_of_a_product", "quotient_of_a_quotient",
        "product_of_a_sum", "power_of_a_power_from_right", "power_of_something_negative", "quotient_of_a_power",
    }  # fmt: skip


def number(chance: random.Random, depth: int) -> str:
    """Random text of a number, with brackets around everything; ``d`` may be blank and stands in ``default`` only."""
    if depth == 0:
        return chance.choice(["a", "b", "c", "0", "1", "default(d, a)"])
    one, other = number(chance, depth - 1), number(chance, depth - 1)
    shapes = ["({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} / (c + {1}))", "({0} / (b * {1}))"]
    shapes += ["min({0}, {1})", "max(b, {0}, {1})"]
    shapes += ["((1 + max(0, {0})) ** (c - {1}))", "(default(d, {0}) - {1})", "round_up({0}, 0)"]
    shapes += [f"({{0}} if {condition(chance, depth - 1)} else {{1}})", f"one_if({condition(chance, depth - 1)})"]
    return chance.choice(shapes).format(one, other)


def condition(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["d is None", "d is not None", "a < b", "b >= c", "a != c", "c == b"])
    limit = number(chance, depth - 1)
    limit = "b" if "/" in limit or "**" in limit else limit  # AND and OR calculate all they hold, Python does not
    compared = f"(a {chance.choice(['<', '<=', '>', '>='])} {limit})"
    one, other = condition(chance, depth - 1), condition(chance, depth - 1)
    return chance.choice([compared, f"({one} and {other})", f"({one} or {other})", f"(not {one})"])


def random_module(folder: Path) -> ModuleType:
    """A module of random rules, written to a file because a rule reads its own source."""
    chance = random.Random("expressions")
    head = "from xlplan.exact import default, one_if, round_up\nfrom xlplan.rule import Registry\n\nR = Registry()\n"
    made = [
        f'\n@R.rule(label="r", unit="r", source="std")\n'
        f"def r{place}(a: float, b: float, c: float, d: float | None) -> float:\n    return {number(chance, 4)}\n"
        for place in range(RANDOM_RULES)
    ]
    path = folder / "random_rules.py"
    path.write_text(head + "".join(made), "utf-8")
    return imported(path)


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def random_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Random rules with the rows for which Python gives a number of ordinary size."""
    registry: Registry = random_module(tmp_path_factory.mktemp("rules")).R
    return {rule: [row for row in random_rows(rule) if row.expected is not None] for rule in registry}


def random_rows(rule: Rule) -> list[Row]:
    given = [dict(zip("abcd", numbers, strict=True)) for numbers in RANDOM_VALUES]
    return [Row(quantities, ordinary(rule, quantities)) for quantities in given]


def ordinary(rule: Rule, quantities: dict[str, float | None]) -> Value:
    """The rule's number; nothing where Python divides by zero or leaves the ordinary size."""
    try:
        result = rule(**quantities)
    except (ZeroDivisionError, OverflowError):
        return None
    return result if result is not None and abs(result) < 1e9 else None


def test_most_random_expressions_give_numbers(random_book: Book) -> None:
    """Otherwise the comparisons below would compare nothing."""
    assert sum(map(len, random_book.values())) > RANDOM_RULES


@pytest.mark.parametrize("engine", QUICK)
def test_random_expressions_mean_the_same_in_a_workbook(random_book: Book, engine: str) -> None:
    found = ENGINES[engine](as_workbook(random_book))
    expected = [expected_cells(rule, rows) for rule, rows in random_book.items()]
    assert [difference for cells in expected for difference in differences(cells, found)] == []


def test_random_expressions_mean_the_same_in_columns(random_book: Book) -> None:
    filled = {rule: rows for rule, rows in random_book.items() if rows}
    found = [differences(expected_cells(rule, rows), columns_values(rule, rows)) for rule, rows in filled.items()]
    assert [difference for of_rule in found for difference in of_rule] == []
