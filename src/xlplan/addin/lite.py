"""The Lite edition: all functions in one Python file for xlwings Lite, which runs it inside Excel."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from xlplan.addin.arguments import Argument
from xlplan.addin.functions import RULE_PREFIX, functions, plain_argument
from xlplan.addin.offer import Offered
from xlplan.addin.offered import offered
from xlplan.catalogue import load_catalogue
from xlplan.rule import REGISTRY
from xlplan.rules import MODULES

KERNEL = (
    "xlplan.units", "xlplan.exact", "xlplan.rule", *(f"xlplan.rules.{name}" for name in MODULES), "xlplan.addin.grid",
    "xlplan.addin.kinds", "xlplan.addin.arguments", "xlplan.addin.calculation", "xlplan.addin.single",
    "xlplan.addin.budget", "xlplan.addin.spread", "xlplan.addin.offer",
)  # fmt: skip
"""What functions need, each after what it imports; nothing among it needs a library."""

MORE = {
    "dataclasses": ("replace",),
    "functools": ("partial",),
    "inspect": ("Parameter", "Signature"),
    "xlwings": ("arg", "func"),
}
"""What the rest of the file imports."""

REQUIREMENTS = "# xlplan's functions need no package; xlwings Lite brings xlwings itself.\nxlwings\n"

HEAD = '''\
"""Functions of xlplan {version} for xlwings Lite, made by xlplan from its rules: change those, not this file."""
'''

TAIL = '''
def explained(values):
    """The entry of the rule book in a cell."""
    given = cells_of(values[0]) or [[""]]
    id = str(given[0][0]).strip().removeprefix("xlp_").removeprefix("rule_")
    if id not in REGISTRY.rules:
        raise InputError(f"rule: no rule {id[:40]!r}; choose one of the functions that begin with xlp_rule_")
    rule = REGISTRY.rules[id]
    parts = {"Name": id, "Label": rule.label, "Unit": UNITS[rule.unit], "Meaning": rule.meaning}
    parts["Reads"] = ", ".join(rule.parameters)
    return [["\\n".join(f"{head}: {text}" for head, text in parts.items())]]


def rule_arguments(rule):
    return tuple(replace(QUANTITIES[id], blank=blank, required=not blank) for id, blank in rule.parameters.items())


CALCULATE = {name: partial(called, function) for name, function in FUNCTIONS.items()}
CALCULATE |= {"xlp_budget": budgeted, "xlp_range": spread_of, "xlp_explain": explained}
OFFERED = {name: Offered(name, HELP_OF[name], (), calculate) for name, calculate in CALCULATE.items()}


def rule_function(rule):
    """One rule as a function of Excel."""
    name, arguments = f"xlp_rule_{rule.id}", rule_arguments(rule)
    help = f"{rule.label} ({UNITS[rule.unit]}): {rule.meaning}"[:LONGEST]
    offer = Offered(name, help, arguments, partial(ruled_cells, rule.id, arguments))

    def call(*values):
        return offer(*values)

    defaults = [Parameter.empty if n < offer.needed else None for n in range(len(arguments))]
    parameters = [Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=d) for a, d in zip(arguments, defaults)]
    call.__name__, call.__doc__, call.__signature__ = name, help, Signature(parameters)
    for argument in arguments:
        arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(call)
    return func(call)


globals().update({f"xlp_rule_{rule.id}": rule_function(rule) for rule in REGISTRY})
'''


def main_py() -> str:
    """The whole file, ready to paste into xlwings Lite."""
    imports, body = bundled(KERNEL)
    lines = [HEAD.format(version=version("xlplan")), *imported(imports), "", *body, *facts(), TAIL]
    return "\n".join((*lines, *map(definition, table_functions()))) + "\n"


def table_functions() -> Iterator[Offered]:
    return (function for name, function in offered().items() if not name.startswith(RULE_PREFIX))


def bundled(modules: Iterable[str]) -> tuple[dict[str, set[str]], list[str]]:
    """What the modules import from outside, and everything else that they hold, in their order."""
    imports: dict[str, set[str]] = defaultdict(set, {module: set(names) for module, names in MORE.items()})
    body: list[str] = []
    for module in modules:
        source = Path(str(find_spec(module).origin)).read_text(encoding="utf-8")  # type: ignore[union-attr]
        for node in ast.parse(source).body[1:]:  # the first is what the module is about
            if isinstance(node, ast.Import):
                imports[node.names[0].name].add("")
            elif isinstance(node, ast.ImportFrom):
                imports[str(node.module)] |= {alias.name for alias in node.names}
            else:
                body += [source_of_node(source, node), ""]
    return {module: names for module, names in imports.items() if not module.startswith("xlplan")}, body


def imported(imports: Mapping[str, set[str]]) -> Iterator[str]:
    """Import lines; an empty name stands for the module itself."""
    for module, names in sorted(imports.items()):
        if "" in names:
            yield f"import {module}"
        if names - {""}:
            yield f"from {module} import {', '.join(sorted(names - {''}))}"


def source_of_node(source: str, node: ast.stmt) -> str:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def facts() -> Iterator[str]:
    """Arguments of rules, units, and the table functions with the facts that they read."""
    ids = sorted({id for rule in REGISTRY for id in rule.parameters})
    yield written("QUANTITIES", {id: plain_argument(id) for id in ids})
    yield written("UNITS", {id: unit.label for id, unit in load_catalogue().units.items()})
    yield written("FUNCTIONS", {name: without_help(function) for name, function in functions().items()})
    yield written("HELP_OF", {function.name: function.help for function in table_functions()})


def without_help(function: Any) -> Any:
    """Help of arguments stands beside the definitions already."""
    return replace(function, arguments=tuple(replace(argument, help="") for argument in function.arguments))


def written(name: str, values: Mapping[str, Any]) -> str:
    entries = "".join(f"    {key!r}: {source_of(value)},\n" for key, value in values.items())
    return f"{name} = {{\n{entries}}}\n"


def source_of(value: Any) -> str:
    """The value as Python writes it, fields that have their default left out."""
    if is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: f.default for f in fields(value)}
        kept = {name: getattr(value, name) for name in plain if differs(getattr(value, name), plain[name])}
        return f"{type(value).__name__}({', '.join(f'{name}={source_of(kept[name])}' for name in kept)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{source_of(each)}, ' for each in value)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {source_of(each)}' for key, each in value.items())}}}"
    return repr(value)


def differs(value: Any, default: Any) -> bool:
    return bool(value != default and not (isinstance(value, Mapping) and not value))


def definition(function: Offered) -> str:
    """One table function, written out, so that xlwings Lite finds it whichever way it looks."""
    decorators = "\n".join(decorator(argument) for argument in function.arguments)
    names = [argument.name for argument in function.arguments]
    signature = ", ".join(name if n < function.needed else f"{name}=None" for n, name in enumerate(names))
    call = f"return OFFERED[{function.name!r}]({', '.join(names)})"
    return f'\n@func\n{decorators}\ndef {function.name}({signature}):\n    """{function.help}"""\n    {call}\n'


def decorator(argument: Argument) -> str:
    return f"@arg({argument.name!r}, ndim=2, err_to_str=True, doc={argument.help!r})"
