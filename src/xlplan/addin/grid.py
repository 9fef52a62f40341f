"""A grid: a quantity as plain Python holds it, rows by columns; an axis that it lacks has length 1 and fits any other.

No library: it also runs where there is none but Python, inside Excel.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeAlias

Cell: TypeAlias = float | str | None
"""A number, the text of a key, or a blank."""


@dataclass(frozen=True)
class Grid:
    """Cells row by row.

    >>> list(Grid(2, 1, (1, None)).spread(2, 2))
    [1, 1, None, None]
    """

    rows: int
    columns: int
    cells: Sequence[Cell]

    def spread(self, rows: int, columns: int) -> Iterable[Cell]:
        """Cells of a grid of that many rows and columns, each axis of length 1 repeated."""
        if (self.rows, self.columns) == (rows, columns):
            return self.cells
        if len(self.cells) == 1:
            return repeat(self.cells[0], rows * columns)
        if self.rows == rows:
            return chain.from_iterable(map(repeat, self.cells, repeat(columns)))
        return list(self.cells) * rows

    def row(self, number: int) -> Sequence[Cell]:
        """Cells of one row, the first is 0; the only row stands for every row."""
        first = number * self.columns if self.rows > 1 else 0
        return self.cells[first : first + self.columns]

    def column(self, number: int) -> Sequence[Cell]:
        """Cells of one column, the first is 0; the only column stands for every column."""
        return self.cells[number if self.columns > 1 else 0 :: self.columns]

    def lists(self) -> list[list[Cell]]:
        """Rows as lists."""
        return [list(self.row(number)) for number in range(self.rows)]


def one(value: Cell) -> Grid:
    return Grid(1, 1, (value,))


def down(values: Iterable[Cell]) -> Grid:
    """One column."""
    found = tuple(values)
    return Grid(len(found), 1, found)


def across(values: Iterable[Cell]) -> Grid:
    """One row."""
    found = tuple(values)
    return Grid(1, len(found), found)


def of_rows(rows: Sequence[Sequence[Cell]], columns: int) -> Grid:
    return Grid(len(rows), columns, [cell for row in rows for cell in row])


def each(function: Callable[..., Cell], *grids: Grid) -> Grid:
    """The function of every row and column."""
    rows, columns = common(grids)
    return Grid(rows, columns, list(map(function, *(grid.spread(rows, columns) for grid in grids))))


def common(grids: Sequence[Grid]) -> tuple[int, int]:
    """Rows and columns of what several grids give together; an axis may be empty."""
    rows, columns = {grid.rows for grid in grids} - {1}, {grid.columns for grid in grids} - {1}
    return next(iter(rows), 1), next(iter(columns), 1)


def number(cell: Cell) -> float:
    """The number, 0 for a blank or a text, as a sum counts it."""
    return cell if isinstance(cell, float | int) else 0
