"""Arguments of a function: what a range may hold, checked cell by cell; one short sentence says what is wrong."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xlplan.addin.grid import Cell, Grid

HUGE = 1e300
LONGEST = 255
"""Characters that a spreadsheet shows of help and of a message."""

ERRORS = {
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
    -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A",
}  # fmt: skip
"""Error values as Excel hands them to other programs."""

ERROR_CODES = range(-2146826300, -2146826200)


class InputError(ValueError):
    """What is wrong with an argument, in one sentence that names it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 3]}...")


@dataclass(frozen=True)
class Argument:
    """One argument: the quantity it stands for, its axes (names of tables, or none), and what its cells may be.

    ``kind`` is number, year, flag, choice (a place or a word of ``words``) or key (any number or text). A blank cell of
    a row in use is refused unless ``blank``; where the argument is left out, ``instead`` stands for it: a number, or
    the name of a quantity.
    """

    name: str
    help: str
    rows: str = ""
    columns: str = ""
    kind: str = "number"
    low: float = -HUGE
    high: float = HUGE
    words: Mapping[str, int] = field(default_factory=dict)
    blank: bool = True
    required: bool = False
    instead: Cell = None


def cells_of(value: Any) -> list[list[Any]] | None:
    """Rows of a range, or None for an argument that is left out; tables of pandas and NumPy are ranges too."""
    value = value.to_numpy() if hasattr(value, "to_numpy") else value
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple):
        return None if is_blank(value) else [[value]]
    rows = [list(row) if isinstance(row, list | tuple) else [row] for row in value]
    return None if len(rows) == 1 and len(rows[0]) == 1 and is_blank(rows[0][0]) else rows


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124  NaN


def checked(argument: Argument, rows: Sequence[Sequence[Any]]) -> Grid:
    """The range with every cell as rules read it. Raises ``InputError`` for the first cell that cannot be."""
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise InputError(f"{argument.name}: rows of different length; give one rectangle of cells.")
    cells = [cell for row in rows for cell in row]
    if not (argument.kind == "number" and set(map(type, cells)) <= NUMBERS and in_bounds(argument, cells)):
        cells = checked_cells(argument, cells, rows)
    return Grid(len(rows), next(iter(widths), 1), cells)


NUMBERS = {float, int, type(None)}


def in_bounds(argument: Argument, cells: Sequence[float | None]) -> bool:
    """Are all of many numbers allowed, and none of them an error value?"""
    numbers, low = [cell for cell in cells if cell is not None], max(argument.low, ERROR_CODES.stop)
    return not numbers or (low <= min(numbers) and max(numbers) <= argument.high and not math.isnan(sum(numbers)))


def checked_cells(argument: Argument, cells: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Cell]:
    """Each cell as rules read it; what comes again and again is looked at once."""
    kinds = list(zip(map(type, cells), cells, strict=True))
    first = dict(zip(reversed(kinds), range(len(kinds) - 1, -1, -1), strict=True))
    known = {kind: checked_cell(argument, kind[1], place(rows, first[kind])) for kind in dict.fromkeys(kinds)}
    return [known[kind] for kind in kinds]


def place(rows: Sequence[Sequence[Any]], number: int) -> str:
    """Where a cell stands, in words; the first is 0."""
    width = len(rows[0])
    parts = [f"row {number // width + 1}"] * (len(rows) > 1) + [f"column {number % width + 1}"] * (width > 1)
    return ", ".join(parts) or "the cell"


def checked_cell(argument: Argument, cell: Any, place: str) -> Cell:
    """One cell as rules read it. Raises ``InputError``."""
    error = error_of(cell)
    if error:
        raise InputError(f"{argument.name}: {place} holds an error ({error}); mend that cell first.")
    if is_blank(cell):
        return None
    value = plain(argument, cell)
    if value is None:
        raise InputError(f"{argument.name}: {place} holds {quoted(cell)}; expected {expected(argument)}.")
    return value


def error_of(cell: Any) -> str:
    """The error value that a cell holds, empty for none."""
    if isinstance(cell, str):
        return cell if cell.startswith("#") and cell.endswith(("!", "?", "A")) else ""
    if isinstance(cell, int) and cell in ERROR_CODES:
        return ERRORS.get(cell, "of another kind")
    return ""


def plain(argument: Argument, cell: Any) -> Cell:
    """The cell as a number or key, None for what it may not be."""
    if argument.kind == "key":
        return folded(cell) if isinstance(cell, str) else plain_number(argument, cell)
    if argument.kind == "choice" and isinstance(cell, str):
        return argument.words.get(cell.strip().casefold())
    return plain_number(argument, cell)


def folded(text: str) -> float | str:
    """A key as a spreadsheet compares it: large and small letters are the same, and so is a number stored as text."""
    key = text.strip().casefold()
    return float(key) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", key) else key


def plain_number(argument: Argument, cell: Any) -> float | None:
    if isinstance(cell, bool) and argument.kind != "flag":
        return None
    if not isinstance(cell, int | float | Decimal):
        return None
    value, whole = float(cell), argument.kind in ("year", "choice", "flag")
    return value if argument.low <= value <= argument.high and not (whole and value % 1) else None


def expected(argument: Argument) -> str:
    """What a cell of the argument may hold, in words."""
    if argument.kind == "choice":
        return f"1 to {argument.high:g} or one of {', '.join(first_words(argument.words))}"
    if argument.kind == "flag":
        return "1 for yes or 0 for no"
    if argument.kind == "key":
        return "a number or a name"
    number = "a year" if argument.kind == "year" else "a number"
    if argument.high < HUGE:
        return f"{number} from {argument.low:g} to {argument.high:g}"
    return f"{number} from {argument.low:g} up" if argument.low > -HUGE else number


def first_words(words: Mapping[str, int]) -> Iterable[str]:
    """One word for each place of a list."""
    first = {place: word.split(",")[0] for word, place in reversed(list(words.items()))}
    return (first[place] for place in sorted(first))


def quoted(cell: Any) -> str:
    text = f'the text "{cell}"' if isinstance(cell, str) else f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    text = f"the date {cell:%Y-%m-%d}" if isinstance(cell, date) else text
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  the sentence around it has to fit
