"""One expression, two more spellings: the native formula and the NumPy columns.

The scalar reading is the function itself. What has no twin is refused with the rule, the line and what is allowed.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from xlplan.rule import Rule, RuleError

ALLOWED = (
    "+ - * / **, one comparison of numbers, `x is None`, and/or/not of conditions without a division, "
    "`a if condition else b`, 0, 1, None as a result, min, max, mod, one_if(condition), default, round_up(x, 0)"
)
ARGUMENTS = {"min": range(2, 9), "max": range(2, 9), "mod": [2], "round_up": [2], "one_if": [1], "default": [2]}
ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
STRENGTH = {"compare": 1, "+": 2, "-": 2, "*": 3, "/": 3, "**": 4, "atom": 9}

Text = tuple[str, int]
"""A piece of formula and how tightly it holds together."""


class Spelling(ABC):
    """How one reading writes names, operators and functions."""

    @abstractmethod
    def name(self, quantity: str) -> str: ...
    @abstractmethod
    def constant(self, value: float | None) -> str: ...
    @abstractmethod
    def binary(self, operator: str, left: Text, right: Text) -> Text: ...
    @abstractmethod
    def compare(self, operator: str, left: Text, right: Text) -> Text: ...
    @abstractmethod
    def blank(self, operand: str, negated: bool) -> str: ...
    @abstractmethod
    def call(self, function: str, arguments: Sequence[str]) -> str: ...


class Translator:
    """Walk one rule's expression and spell it; numbers and conditions never stand in each other's place."""

    def __init__(self, rule: Rule, spelling: Spelling) -> None:
        self.rule, self.spelling = rule, spelling

    def text(self) -> str:
        return self.result(self.rule.expression)[0]

    def result(self, node: ast.expr) -> Text:
        """A number, or None for a blank."""
        return self._constant(node) if is_none(node) and isinstance(node, ast.Constant) else self.number(node)

    def number(self, node: ast.expr) -> Text:
        return self.refuse(node) if is_condition(node) or is_none(node) else self.spell(node)

    def condition(self, node: ast.expr) -> Text:
        return self.spell(node) if is_condition(node) else self.refuse(node)

    def spell(self, node: ast.expr) -> Text:
        method: Callable[[ast.expr], Text] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method else self.refuse(node)

    def refuse(self, node: ast.expr) -> Text:
        line = self.rule.function.__code__.co_firstlineno + node.lineno - 1
        raise RuleError(
            f"{self.rule.id}, line {line}: `{ast.unparse(node)}` cannot be written in a workbook; allowed: {ALLOWED}."
        )

    def _constant(self, node: ast.Constant) -> Text:
        if node.value is not None and (isinstance(node.value, bool) or node.value not in (0, 1)):
            return self.refuse(node)
        return self.spelling.constant(node.value), STRENGTH["atom"]  # type: ignore[arg-type]

    def _name(self, node: ast.Name) -> Text:
        if node.id not in self.rule.parameters:
            return self.refuse(node)
        return self.spelling.name(node.id), STRENGTH["atom"]

    def _binop(self, node: ast.BinOp) -> Text:
        if type(node.op) not in ARITHMETIC:
            return self.refuse(node)
        return self.spelling.binary(ARITHMETIC[type(node.op)], self.number(node.left), self.number(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Text:
        if isinstance(node.op, ast.Not):
            return self.spelling.call("not", [self.condition(node.operand)[0]]), STRENGTH["atom"]
        return self.refuse(node)

    def _compare(self, node: ast.Compare) -> Text:
        operator, right = node.ops[0], node.comparators[0]
        if len(node.ops) != 1:
            return self.refuse(node)
        if isinstance(operator, ast.Is | ast.IsNot) and isinstance(node.left, ast.Name) and is_none(right):
            return self.spelling.blank(self.spell(node.left)[0], isinstance(operator, ast.IsNot)), STRENGTH["atom"]
        if type(operator) not in COMPARISON:
            return self.refuse(node)
        return self.spelling.compare(COMPARISON[type(operator)], self.number(node.left), self.number(right))

    def _boolop(self, node: ast.BoolOp) -> Text:
        if any(isinstance(part, ast.Div) for part in ast.walk(node)):  # AND and OR always look at every part
            return self.refuse(node)
        word = "and" if isinstance(node.op, ast.And) else "or"
        return self.spelling.call(word, [self.condition(value)[0] for value in node.values]), STRENGTH["atom"]

    def _ifexp(self, node: ast.IfExp) -> Text:
        parts = [self.condition(node.test)[0], self.result(node.body)[0], self.result(node.orelse)[0]]
        return self.spelling.call("if", parts), STRENGTH["atom"]

    def _call(self, node: ast.Call) -> Text:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or len(node.args) not in ARGUMENTS.get(name, ()):
            return self.refuse(node)
        if name == "round_up" and not (isinstance(node.args[1], ast.Constant) and node.args[1].value == 0):
            return self.refuse(node)
        spell = self.condition if name == "one_if" else self.number
        return self.spelling.call(name, [spell(argument)[0] for argument in node.args]), STRENGTH["atom"]


def is_condition(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class NativeFormula(Spelling):
    """Formula as the workbook stores it: English names, commas, brackets around every power."""

    def __init__(self, reference: Callable[[str], str]) -> None:
        self.reference = reference

    def name(self, quantity: str) -> str:
        return self.reference(quantity)

    def constant(self, value: float | None) -> str:
        return '""' if value is None else str(value)

    def binary(self, operator: str, left: Text, right: Text) -> Text:
        if operator == "**":  # Excel reads a^b^c from the left and -a^b as (-a)^b
            return f"({left[0]})^({right[0]})", STRENGTH["**"]
        strength = STRENGTH[operator]
        right_text = right[0] if right[1] > strength else f"({right[0]})"
        return f"{left[0] if left[1] >= strength else f'({left[0]})'}{operator}{right_text}", strength

    def compare(self, operator: str, left: Text, right: Text) -> Text:
        symbol = {"==": "=", "!=": "<>"}.get(operator, operator)
        sides = [text if strength > STRENGTH["compare"] else f"({text})" for text, strength in (left, right)]
        return f"{sides[0]}{symbol}{sides[1]}", STRENGTH["compare"]

    def blank(self, operand: str, negated: bool) -> str:
        return f"ISNUMBER({operand})" if negated else f"NOT(ISNUMBER({operand}))"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        if function == "one_if":
            return f"IF({arguments[0]},1,0)"
        if function == "default":
            return f"IF(ISNUMBER({arguments[0]}),{arguments[0]},{arguments[1]})"
        return f"{'ROUNDUP' if function == 'round_up' else function.upper()}({','.join(arguments)})"


class Columns(Spelling):
    """Python source over NumPy arrays; a blank is NaN, every condition a column of booleans."""

    def name(self, quantity: str) -> str:
        return quantity

    def constant(self, value: float | None) -> str:
        return "nan" if value is None else f"{value}.0"

    def binary(self, operator: str, left: Text, right: Text) -> Text:
        return f"({left[0]} {operator} {right[0]})", STRENGTH["atom"]

    compare = binary

    def blank(self, operand: str, negated: bool) -> str:
        return f"{'~' if negated else ''}isnan({operand})"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        if function in ("and", "or", "min", "max"):
            return self._fold({"and": "logical_and", "or": "logical_or"}.get(function, f"{function}imum"), arguments)
        if function == "default":
            return f"where(isnan({arguments[0]}), {arguments[1]}, {arguments[0]})"
        return f"{ {'if': 'where', 'not': 'logical_not'}.get(function, function) }({', '.join(arguments)})"

    def _fold(self, function: str, arguments: Sequence[str]) -> str:
        text = arguments[0]
        for argument in arguments[1:]:
            text = f"{function}({text}, {argument})"
        return text


def native_formula(rule: Rule, reference: Callable[[str], str]) -> str:
    """Formula without the leading ``=``; ``reference`` gives the cell or name of a quantity.

    Raises ``RuleError`` for what a workbook cannot say.
    """
    return Translator(rule, NativeFormula(reference)).text()


def columns_source(rule: Rule) -> str:
    """NumPy expression over columns named as the rule's quantities.

    Raises ``RuleError`` for what has no twin.
    """
    return Translator(rule, Columns()).text()
