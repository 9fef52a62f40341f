"""A budget: amounts added up by any two dimensions, with their headings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlplan.addin.arguments import Argument, InputError, cells_of, checked, folded, quoted
from xlplan.addin.grid import Cell, Grid, number

ARGUMENTS = (
    Argument("amount", "Amounts: one row a line; one column, or several such as years.", "rows", "columns",
             required=True),
    Argument("row_key", "What each row of the amounts belongs to down the budget, such as its area.", "rows",
             kind="key", required=True),
    Argument("column_key", "What each row, or each column, of the amounts belongs to across the budget, such as its "
             "category, or the years.", "rows", "columns", kind="key", required=True),
    Argument("row_head", "Groups to show down, in this order; left out: as they come.", "rows", kind="key"),
    Argument("column_head", "Groups to show across, in this order; left out: as they come.", "rows", kind="key"),
)  # fmt: skip
HELP = "Budget by any two dimensions: amounts added up by a key of their rows and another key of rows or columns."

Range = Sequence[Sequence[Any]]


def budgeted(values: Sequence[Any]) -> list[list[Cell]]:
    """Headings and totals. Raises ``InputError`` for ranges that do not fit, or a key that the headings lack."""
    padded = [*values, *[None] * (len(ARGUMENTS) - len(values))]
    amount, row_key, column_key, row_head, column_head = map(given, ARGUMENTS, padded)
    amounts = checked(ARGUMENTS[0], amount)
    down = flat(row_key)
    if len(down) != amounts.rows:
        raise InputError(f"row_key: {len(down)} cells, where amount has {amounts.rows} rows; make them equal.")
    across = column_keys(column_key, amounts)
    totals: dict[tuple[Cell, Cell], float] = defaultdict(float)
    for row in range(amounts.rows):
        for column, cell in enumerate(amounts.row(row)):
            totals[key_of(down[row]), key_of(across[row][column])] += number(cell)
    money = {pair for pair, total in totals.items() if total}
    rows = heads(ARGUMENTS[3], row_head, down, {key for key, _ in money})
    columns = heads(ARGUMENTS[4], column_head, [k for keys in across for k in keys], {key for _, key in money})
    body = [[head, *(totals.get((key, across), 0.0) for across in columns)] for key, head in rows.items()]
    return [["", *columns.values()], *body]


def given(argument: Argument, value: Any) -> Range:
    rows = cells_of(value) or []
    if not rows and argument.required:
        raise InputError(f"{argument.name} is missing; give a range.")
    if argument.kind == "key":
        checked(argument, rows)
    return rows


def flat(rows: Range) -> list[Cell]:
    return [cell for row in rows for cell in row]


def key_of(cell: Cell) -> Cell:
    """What groups are told apart by; a blank is the group without a name."""
    return folded(cell) if isinstance(cell, str) else "" if cell is None else cell


def column_keys(rows: Range, amounts: Grid) -> list[list[Cell]]:
    """The key across of every amount. Raises ``InputError`` where there is not one for each row or each column."""
    keys = flat(rows)
    if len(rows) == 1 and len(keys) == amounts.columns:
        return [keys] * amounts.rows
    if len(keys) == amounts.rows and len(rows) in (1, amounts.rows):
        return [[key] * amounts.columns for key in keys]
    sizes = f"{amounts.columns} columns and {amounts.rows} rows"
    raise InputError(f"column_key: {len(keys)} cells, where amount has {sizes}; give one for each column or each row.")


def heads(argument: Argument, given: Range, keys: Iterable[Cell], money: set[Cell]) -> Mapping[Cell, Cell]:
    """Groups in their order, each with its heading. Raises ``InputError`` for money that no heading would show."""
    typed = [cell for cell in flat(given) if key_of(cell) != ""]
    if not typed:
        return first_of(keys, money)
    found = {key_of(head): head for head in typed}
    missing = [key for key in keys if key_of(key) in money - set(found)]
    if missing:
        raise InputError(f"{argument.name} lacks {quoted(missing[0])}, which has money; add it.")
    return found


def first_of(keys: Iterable[Cell], money: set[Cell]) -> Mapping[Cell, Cell]:
    """Each group as it first comes; rows without a group only where they have money."""
    found: dict[Cell, Cell] = {}
    for key in keys:
        if key_of(key) != "" or "" in money:
            found.setdefault(key_of(key), "" if key is None else key)
    return found
