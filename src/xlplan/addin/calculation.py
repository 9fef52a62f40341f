"""The calculation of one table function: ranges to quantities, rule after rule, quantities to cells."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from xlplan.addin.arguments import Argument, InputError, cells_of, checked
from xlplan.addin.grid import Cell, Grid, down, each, one
from xlplan.addin.kinds import KINDS
from xlplan.rule import REGISTRY

Step: TypeAlias = tuple[str, str, Mapping[str, Any]]
"""Quantity, how it is found (``rule`` or a kind of total), and the fields of that total."""

Given: TypeAlias = Mapping[str, Grid | None]
"""Argument -> its cells, None where it is left out."""

Rows: TypeAlias = Mapping[str, Sequence[int]]
"""Table of rows -> numbers of the rows in use."""

LEFT_OUT = one(None)

TIES = {"gate": "gates", "funder": "funders", "round": "rounds"}
"""Axes across that are the rows of another table."""


@dataclass(frozen=True)
class TableFunction:
    """A table function: what it reads, the steps between, and the quantities it gives, one below the other.

    ``rows`` names the table whose rows the result has; ``facts`` and the lengths of their axes come from the
    templates; ``numbers`` are running numbers of the rows of a table; ``only_where`` leaves the result blank but where
    that flag is 1; arguments ``together`` are given all or none; ``counted`` says which number the first of the words
    in an optional last argument stands for.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    steps: tuple[Step, ...]
    wanted: tuple[str, ...]
    rows: str = ""
    facts: Mapping[str, Grid] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    only_where: str = ""
    together: tuple[str, ...] = ()
    counted: int | None = None


def called(function: TableFunction, values: Sequence[Any]) -> list[list[Cell]]:
    """What the function gives for its arguments, in their order. Raises ``InputError`` for wrong input."""
    padded = [*values, *[None] * (len(function.arguments) + 1 - len(values))]
    grids = {a.name: read(a, value) for a, value in zip(function.arguments, padded, strict=False)}
    refuse_half(function, grids)
    lengths = lengths_of(function, grids)
    used = used_rows(function, grids, lengths)
    given = {a.name: prepared(a, grids[a.name], used) for a in function.arguments}
    found = calculated(function, given, {axis: len(used.get(axis, range(size))) for axis, size in lengths.items()})
    rows = (
        row for id in function.wanted for row in restored(wanted(function, found, id), function.rows, used, lengths)
    )
    words = [str(cell) for row in cells_of(padded[-1]) or [] for cell in row] if function.counted is not None else []
    return [[shown(cell, words, function.counted or 0) for cell in row] for row in rows]


def refuse_half(function: TableFunction, grids: Given) -> None:
    """Raise ``InputError`` where only some of the arguments that belong together are given."""
    given = [name for name in function.together if grids[name]]
    missing = [name for name in function.together if not grids[name]]
    if given and missing:
        raise InputError(f"{missing[0]} is missing, which belongs to {given[0]}; give both.")


def read(argument: Argument, value: Any) -> Grid | None:
    """The argument as a grid along its axes, None where it is left out. Raises ``InputError``."""
    rows = cells_of(value)
    if rows is None:
        if argument.required:
            raise InputError(f"{argument.name} is missing; give a range or a number.")
        return None
    grid = checked(argument, turned(argument, rows))
    for axis, size, word in ((argument.rows, grid.rows, "rows"), (argument.columns, grid.columns, "columns")):
        if not axis and size > 1:
            raise InputError(f"{argument.name}: {size} {word}; expected one.")
    if argument.name == "year":
        refuse_gaps(grid)
    return grid


def turned(argument: Argument, rows: list[list[Any]]) -> list[list[Any]]:
    """A list may stand down or across; a table stands as it is."""
    lies_down = not argument.columns and len(rows) == 1
    lies_across = not argument.rows and all(len(row) == 1 for row in rows)
    return [list(column) for column in zip(*rows, strict=True)] if lies_across or lies_down else rows


def refuse_gaps(years: Grid) -> None:
    for earlier, later in pairwise(years.cells):
        if later != earlier + 1:  # type: ignore[operator]
            raise InputError(f"year: {later:g} follows {earlier:g}; expected one year after the other.")


def lengths_of(function: TableFunction, grids: Given) -> Mapping[str, int]:
    """Length of every axis. Raises ``InputError`` where two arguments disagree."""
    known = {axis: (size, "the list of the templates") for axis, size in function.lengths.items()}
    for argument in function.arguments:
        grid = grids[argument.name] or one(None)
        for axis, size, word in ((argument.rows, grid.rows, "rows"), (argument.columns, grid.columns, "columns")):
            if axis and (size != 1 or argument.name == "year"):
                length, first = known.setdefault(TIES.get(axis, axis), (size, argument.name))
                if length != size:
                    raise InputError(f"{argument.name}: {size} {word}, where {first} has {length}; make them equal.")
    axes = {TIES.get(axis, axis) for a in function.arguments for axis in (a.rows, a.columns) if axis}
    return {axis: known.get(axis, (1, ""))[0] for axis in axes}


def used_rows(function: TableFunction, grids: Given, lengths: Mapping[str, int]) -> Rows:
    """For each table: the rows in which an argument holds something; a single cell stands for all rows.

    A table that another argument has across keeps all its rows, or the two would no longer meet.
    """
    found: dict[str, Sequence[int]] = {}
    across = {TIES.get(argument.columns) for argument in function.arguments}
    for axis in {a.rows for a in function.arguments if a.rows}:
        columns = [grids[a.name] for a in function.arguments if a.rows == axis]
        long = [grid for grid in columns if grid and grid.rows == lengths[axis]]
        spare = blank_rows(long) if long and axis not in (*function.lengths, *across) else set()
        found[axis] = [n for n in range(lengths[axis]) if n not in spare]
    return found


def blank_rows(grids: Sequence[Grid]) -> set[int]:
    """Rows in which none of the grids holds anything."""
    spare = set(range(grids[0].rows))
    for grid in grids:
        spare = {row for row in spare if all(cell is None for cell in grid.row(row))}
    return spare


def prepared(argument: Argument, grid: Grid | None, used: Rows) -> Grid:
    """The argument without spare rows. Raises ``InputError`` for a blank cell where something is needed."""
    if grid is None:
        count = len(used.get(argument.rows, range(1))) if isinstance(argument.instead, float) else 1
        return Grid(count, 1, (argument.instead,) * count)
    if argument.blank and (not argument.rows or len(used[argument.rows]) == grid.rows):
        return grid
    rows = [grid.row(n) for n in used[argument.rows]] if argument.rows else grid.lists()
    if not argument.blank:
        refuse_blanks(argument, rows, used.get(argument.rows, range(len(rows))))
    return Grid(len(rows), grid.columns, [cell for row in rows for cell in row])


def refuse_blanks(argument: Argument, rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> None:
    for number, row in zip(numbers, rows, strict=False):
        if None in row:
            place = f"row {number + 1}" + f", column {row.index(None) + 1}" * (len(row) > 1)
            raise InputError(f"{argument.name}: {place} is blank; fill it, or clear the whole row.")


def calculated(function: TableFunction, given: Mapping[str, Grid], lengths: Mapping[str, int]) -> Mapping[str, Grid]:
    """Every quantity of the function, each after those it reads."""
    found = {**function.facts, **given}
    for id, axis in function.numbers.items():
        if found.get(id, LEFT_OUT) == LEFT_OUT:
            found[id] = down(range(1, lengths[axis] + 1))
    if "year" in given:
        found |= {"first_plan_year": one(given["year"].cells[0]), "plan_years": one(given["year"].columns)}
    for argument in function.arguments:
        if isinstance(argument.instead, str) and found[argument.name] == one(argument.instead):
            found[argument.name] = found[argument.instead]
    try:
        for id, kind, fields in function.steps:
            found[id] = ruled(id, found) if kind == "rule" else KINDS[kind](found, **fields)
    except ArithmeticError:
        names = ", ".join(argument.name for argument in function.arguments)
        raise InputError(f"A division by zero, or too large a number; check {names}.") from None
    return found


def ruled(id: str, found: Mapping[str, Grid]) -> Grid:
    """The rule in every row and column."""
    rule = REGISTRY.rules[id]
    return each(rule.function, *(found[name] for name in rule.parameters))


def wanted(function: TableFunction, found: Mapping[str, Grid], id: str) -> Grid:
    if not function.only_where:
        return found[id]
    return each(lambda flag, cell: cell if flag else None, found[function.only_where], found[id])


def restored(grid: Grid, axis: str, used: Rows, lengths: Mapping[str, int]) -> Iterator[Sequence[Cell]]:
    """Rows of a result, spare rows blank again."""
    if axis not in used:
        yield from grid.lists()
        return
    place = {row: number for number, row in enumerate(used[axis])}
    for row in range(lengths[axis]):
        yield grid.row(place[row]) if row in place else (None,) * grid.columns


def shown(cell: Cell, words: Sequence[str], first: int) -> Cell:
    """A blank as an empty text, a number as its word where there are words."""
    if cell is None:
        return ""
    if isinstance(cell, float) and not math.isfinite(cell):
        raise InputError("The result is too large a number; check the arguments for one that is too large.")
    place = int(cell) - first if words and not isinstance(cell, str) else -1
    return words[place] if 0 <= place < len(words) else cell
