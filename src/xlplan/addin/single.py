"""The function of a single rule: one value, or one for each cell of its ranges."""

from collections.abc import Sequence
from typing import Any

from xlplan.addin.arguments import Argument, InputError, cells_of, checked, place
from xlplan.addin.grid import Cell, Grid
from xlplan.rule import REGISTRY


def ruled_cells(id: str, arguments: Sequence[Argument], values: Sequence[Any]) -> list[list[Cell]]:
    """The rule for each row and column; where nothing is typed, nothing is shown. Raises ``InputError``."""
    given = [*values, *[None] * (len(arguments) - len(values))]
    grids = [checked(a, cells_of(value) or [[None]]) for a, value in zip(arguments, given, strict=True)]
    rows, columns = extent(arguments, grids)
    long = [len(grid.cells) > 1 for grid in grids] if rows * columns > 1 else [True] * len(grids)
    spots = zip(*(grid.spread(rows, columns) for grid in grids), strict=True)
    where = (place([[None] * columns] * rows, number) for number in range(rows * columns))
    cells = [
        cell_of(id, arguments, spot, spot_place, [cell for cell, is_long in zip(spot, long, strict=True) if is_long])
        for spot, spot_place in zip(spots, where, strict=True)
    ]
    return [["" if cell is None else cell for cell in row] for row in Grid(rows, columns, cells).lists()]


def extent(arguments: Sequence[Argument], grids: Sequence[Grid]) -> tuple[int, int]:
    """Rows and columns of the result. Raises ``InputError`` for ranges that do not fit each other."""
    found = {"rows": (1, ""), "columns": (1, "")}
    for argument, grid in zip(arguments, grids, strict=True):
        for word, size in (("rows", grid.rows), ("columns", grid.columns)):
            known, first = found[word]
            if size != 1 and known not in (1, size):
                raise InputError(f"{argument.name}: {size} {word}, where {first} has {known}; make them equal.")
            if size != 1:
                found[word] = size, argument.name
    return found["rows"][0], found["columns"][0]


def cell_of(id: str, arguments: Sequence[Argument], spot: Sequence[Cell], place: str, typed: Sequence[Cell]) -> Cell:
    """The rule for one set of quantities. Raises ``InputError`` for a blank where a number is needed."""
    blanks = [a.name for a, cell in zip(arguments, spot, strict=True) if cell is None and not a.blank]
    if blanks and all(cell is None for cell in typed):
        return None
    if blanks:
        raise InputError(f"{blanks[0]}: {place} is blank; type a number.")
    try:
        return real(REGISTRY.rules[id].function(*spot))
    except ArithmeticError:
        names = ", ".join(argument.name for argument in arguments)
        raise InputError(f"{names}: {place} cannot be calculated; check for 0 and huge numbers.") from None


def real(value: complex | None) -> float | None:
    """A number or a blank. Raises ``ArithmeticError`` for a power that has no real value."""
    if isinstance(value, complex):
        raise ArithmeticError  # noqa: TRY004  as a division by zero is one
    return value
