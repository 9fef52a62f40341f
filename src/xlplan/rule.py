"""A rule: one short typed function that fills the quantity of its name.

``Registry`` collects the rules of a module tree; ``REGISTRY`` holds xlplan's own.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, get_args, get_type_hints

Function = TypeVar("Function", bound=Callable[..., float | None])


class RuleError(Exception):
    """A rule that cannot be written in every reading; the message names rule, line and remedy."""


@dataclass(frozen=True)
class Rule:
    """One rule: its function, and what a reader must know beside the formula."""

    function: Callable[..., float | None]
    label: str
    unit: str
    source: str
    id: str
    renames: tuple[tuple[str, str], ...] = ()

    @cached_property
    def parameters(self) -> dict[str, bool]:
        """Quantity that each parameter reads -> may it be blank?"""
        hints = get_type_hints(self.function)
        names = dict(self.renames)
        return {names.get(p, p): type(None) in get_args(hints[p]) for p in inspect.signature(self.function).parameters}

    @cached_property
    def meaning(self) -> str:
        """First line of the docstring: what the number means."""
        return (inspect.getdoc(self.function) or "").split("\n\n")[0].replace("\n", " ")

    @cached_property
    def expression(self) -> ast.expr:
        """The single returned expression, with every parameter under the name of its quantity."""
        source = textwrap.dedent(inspect.getsource(self.function))
        definition = next(n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef))
        body = [n for n in definition.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            stray = body[1] if len(body) > 1 else definition
            line = self.function.__code__.co_firstlineno + stray.lineno - 1
            raise RuleError(f"{self.id}, line {line}: a rule is one return expression; make two rules of it.")
        names = dict(self.renames)
        for node in ast.walk(body[0].value):
            if isinstance(node, ast.Name):
                node.id = names.get(node.id, node.id)
        return body[0].value

    def __call__(self, **quantities: float | None) -> float | None:
        """Scalar reading: quantities by name, a blank as ``None``."""
        back = {new: old for old, new in self.renames}
        return self.function(**{back.get(name, name): value for name, value in quantities.items()})


@dataclass
class Registry:
    """The rules, in the order in which they were written."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def rule(self, *, label: str, unit: str, source: str) -> Callable[[Function], Function]:
        """Declare the function below as the rule for the quantity of its name."""

        def register(function: Function) -> Function:
            self._add(Rule(function, label, unit, source, function.__name__))
            return function

        return register

    def reuse(self, id: str, of: str, *, label: str, **renames: str) -> None:
        """Fill a second quantity by the same formula from other quantities."""
        first = self.rules[of]
        self._add(Rule(first.function, label, first.unit, first.source, id, tuple(renames.items())))

    def _add(self, new: Rule) -> None:
        if new.id in self.rules:
            raise RuleError(f"{new.id}: two rules fill the same quantity; rename one.")
        self.rules[new.id] = new

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())


REGISTRY = Registry()
rule = REGISTRY.rule
reuse = REGISTRY.reuse
