"""One expression, two more spellings: the native formula and the NumPy columns.

The scalar reading is the function itself. What has no twin is refused with the rule, the line and what is allowed.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from xlplan.rule import Rule, RuleError

ALLOWED = (
    "+ - * / **, one comparison, and/or/not, `a if b else c`, `x is None`, "
    "0, 1, None, min, max, mod, round_up, one_if, default"
)
FUNCTIONS = {"min", "max", "mod", "round_up", "one_if", "default"}
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
    """Walk one rule's expression and spell it."""

    def __init__(self, rule: Rule, spelling: Spelling) -> None:
        self.rule, self.spelling = rule, spelling

    def text(self) -> str:
        return self.spell(self.rule.expression)[0]

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
        return self.spelling.binary(ARITHMETIC[type(node.op)], self.spell(node.left), self.spell(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Text:
        if isinstance(node.op, ast.Not):
            return self.spelling.call("not", [self.spell(node.operand)[0]]), STRENGTH["atom"]
        return self.refuse(node)

    def _compare(self, node: ast.Compare) -> Text:
        operator, right = node.ops[0], node.comparators[0]
        if len(node.ops) == 1 and isinstance(operator, ast.Is | ast.IsNot) and isinstance(node.left, ast.Name):
            return self.spelling.blank(self.spell(node.left)[0], isinstance(operator, ast.IsNot)), STRENGTH["atom"]
        if len(node.ops) != 1 or type(operator) not in COMPARISON:
            return self.refuse(node)
        return self.spelling.compare(COMPARISON[type(operator)], self.spell(node.left), self.spell(right))

    def _boolop(self, node: ast.BoolOp) -> Text:
        word = "and" if isinstance(node.op, ast.And) else "or"
        return self.spelling.call(word, [self.spell(value)[0] for value in node.values]), STRENGTH["atom"]

    def _ifexp(self, node: ast.IfExp) -> Text:
        parts = [self.spell(part)[0] for part in (node.test, node.body, node.orelse)]
        return self.spelling.call("if", parts), STRENGTH["atom"]

    def _call(self, node: ast.Call) -> Text:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            return self.refuse(node)
        arguments = [self.spell(argument)[0] for argument in node.args]
        return self.spelling.call(node.func.id, arguments), STRENGTH["atom"]


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
