"""What the add-in offers: every function with its help, its arguments and how it is calculated."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from xlplan import rulebook
from xlplan.addin.arguments import Argument, InputError, cells_of
from xlplan.addin.budget import ARGUMENTS, HELP, budgeted
from xlplan.addin.calculation import TableFunction, called
from xlplan.addin.functions import PREFIX, functions, rule_arguments, rule_help
from xlplan.addin.grid import Cell
from xlplan.addin.offer import Offered
from xlplan.addin.single import ruled_cells
from xlplan.addin.spread import SPREAD_ARGUMENTS, SPREAD_HELP, spread_of
from xlplan.rule import REGISTRY

WORDS = Argument("words", "Left out: numbers. Else the words to show for them, a range in the order of their list.")
RULE = Argument("rule", "Name of a rule or total, such as units_replaced; xlplan rules lists them all.", required=True)
EXPLAIN = "The rule book's entry in a cell: meaning, unit, formula, worked case, source."


@cache
def offered() -> Mapping[str, Offered]:
    """Every function by name: those of whole tables, then one for each rule."""
    tables = (Offered(f.name, f.help, arguments_of(f), partial(called, f)) for f in functions().values())
    more = (
        Offered(f"{PREFIX}budget", HELP, ARGUMENTS, budgeted),
        Offered(f"{PREFIX}range", SPREAD_HELP, SPREAD_ARGUMENTS, spread_of),
        Offered(f"{PREFIX}explain", EXPLAIN, (RULE,), explained),
    )
    found = {function.name: function for function in (*tables, *more)}
    rules = zip(REGISTRY, rule_arguments().items(), strict=True)
    return found | {
        name: Offered(name, rule_help(rule), arguments, partial(ruled_cells, rule.id, arguments))
        for rule, (name, arguments) in rules
    }


def arguments_of(function: TableFunction) -> tuple[Argument, ...]:
    return function.arguments if function.counted is None else (*function.arguments, WORDS)


def explained(values: Sequence[Any]) -> list[list[Cell]]:
    """Raises ``InputError`` with the nearest names for a rule that there is not."""
    id = str((cells_of(values[0]) or [[""]])[0][0]).strip().removeprefix(PREFIX).removeprefix("rule_")
    try:
        entry = rulebook.explain(id)
    except KeyError as error:
        raise InputError(f"rule: no rule {id[:40]!r}; did you mean {error.args[0]}?") from None
    return [["\n".join(f"{head}: {text}" for head, text in entry)]]
