"""An offer: one function with its help and arguments, and what a cell shows after a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlplan.addin.arguments import Argument, InputError
from xlplan.addin.grid import Cell

Calculate: TypeAlias = Callable[[Sequence[Any]], list[list[Cell]]]


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
