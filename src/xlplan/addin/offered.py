"""What the add-in offers: every function with its help, its arguments and how it is calculated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, TypeAlias

from xlplan import rulebook
from xlplan.addin.arguments import Argument, InputError, cells_of
from xlplan.addin.budget import ARGUMENTS, HELP, budgeted
from xlplan.addin.calculation import Function, called
from xlplan.addin.functions import PREFIX, functions, rule_arguments, rule_help
from xlplan.addin.grid import Cell
from xlplan.addin.single import ruled_cells
from xlplan.rule import REGISTRY

Calculate: TypeAlias = Callable[[Sequence[Any]], list[list[Cell]]]

WORDS = Argument("words", "Left out: numbers. Else the words to show for them, a range in the order of their list.")
RULE = Argument("rule", "Name of a rule or total, such as units_replaced; xlplan rules lists them all.", required=True)
EXPLAIN = "The rule book's entry in a cell: meaning, unit, formula, worked case, source."


@dataclass(frozen=True)
class Offered:
    """One function: name, help and arguments as Excel shows them, and what calculates its cells."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    calculate: Calculate

    @property
    def needed(self) -> int:
        """How many arguments may not be left out; Excel allows that for the last ones only."""
        places = (n for n, argument in enumerate(self.arguments, 1) if argument.required)
        return max(places, default=0)

    def __call__(self, *values: Any) -> list[list[Cell]] | Cell:
        """Cells of the result, or one short sentence on what is wrong with an argument."""
        try:
            cells = self.calculate(values)
        except InputError as error:
            return str(error)
        return cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells


@cache
def offered() -> Mapping[str, Offered]:
    """Every function by name: those of whole tables, then one for each rule."""
    tables = (Offered(f.name, f.help, arguments_of(f), partial(called, f)) for f in functions().values())
    more = (
        Offered(f"{PREFIX}budget", HELP, ARGUMENTS, budgeted),
        Offered(f"{PREFIX}explain", EXPLAIN, (RULE,), explained),
    )
    found = {function.name: function for function in (*tables, *more)}
    rules = zip(REGISTRY, rule_arguments().items(), strict=True)
    return found | {
        name: Offered(name, rule_help(rule), needed(arguments), partial(ruled_cells, rule.id, arguments))
        for rule, (name, arguments) in rules
    }


def arguments_of(function: Function) -> tuple[Argument, ...]:
    return function.arguments if function.counted is None else (*function.arguments, WORDS)


def needed(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """A rule needs what may not be blank."""
    return tuple(replace(a, required=not a.blank) for a in arguments)


def explained(values: Sequence[Any]) -> list[list[Cell]]:
    """Raises ``InputError`` with the nearest names for a rule that there is not."""
    id = str((cells_of(values[0]) or [[""]])[0][0]).strip().removeprefix(PREFIX).removeprefix("rule_")
    try:
        entry = rulebook.explain(id)
    except KeyError as error:
        raise InputError(f"rule: no rule {id[:40]!r}; did you mean {error.args[0]}?") from None
    return [["\n".join(f"{head}: {text}" for head, text in entry)]]
