"""References: where a quantity stands, as seen from the cell that is being filled."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from xlplan.records import Axis
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, MARK, Layout, Place, defined_name, quoted


class Refs:
    """References as seen from column ``offset`` of a place; see ``derived.Cells``."""

    def __init__(self, layout: Layout, sheet: str, offset: int = 0) -> None:
        self.layout, self.sheet, self.offset = layout, sheet, offset

    def place(self, quantity: str) -> Place:
        if quantity == "year":
            return Place(self.sheet, HEAD_ROW, FIRST_YEAR_COLUMN, 1, self.layout.shape.plan.years, Axis(None, "year"))
        return self.layout.places[quantity]

    def on(self, place: Place, text: str) -> str:
        return text if place.sheet == self.sheet else f"{quoted(self.layout.title(place.sheet))}!{text}"

    def letter(self, place: Place, offset: int) -> str:
        return get_column_letter(place.column + offset * place.stride)

    def line(self, place: Place) -> str:
        return f"{MARK}{place.row}{MARK}" if place.axis.rows else f"${place.row}"

    def here(self, quantity: str) -> str:
        place = self.place(quantity)
        if place.axis == Axis():
            self.layout.names[quantity] = place
            return defined_name(quantity)
        column = self.letter(place, self.offset) if place.axis.columns else f"${self.letter(place, 0)}"
        return self.on(place, f"{column}{self.line(place)}")

    def cell(self, key: str) -> str:
        """Address of a cell that is no quantity, such as a setting in words."""
        place = self.place(key)
        return self.on(place, f"${self.letter(place, 0)}${place.row}")

    def row(self, quantity: str) -> str:
        place = self.place(quantity)
        line, last = self.line(place), self.letter(place, place.columns - 1)
        return self.on(place, f"${self.letter(place, 0)}{line}:${last}{line}")

    def column(self, quantity: str) -> str:
        place = self.place(quantity)
        letter = self.letter(place, self.offset) if place.axis.columns else f"${self.letter(place, 0)}"
        return self.on(place, f"{letter}${place.row}:{letter}${place.row + place.rows - 1}")

    def whole(self, quantity: str) -> str:
        place = self.place(quantity)
        first, last = self.letter(place, 0), self.letter(place, place.columns - 1)
        bottom = place.row + place.rows - 1
        return self.on(place, f"${first}${place.row}:${last}${bottom}")

    def before(self, quantity: str) -> str:
        place = self.place(quantity)
        return self.on(place, f"{self.letter(place, self.offset - 1)}{self.line(place)}")

    def since_opening(self, quantity: str) -> str:
        return self._span(quantity, -1, self.offset - 1)

    def until_now(self, quantity: str) -> str:
        return self._span(quantity, 0, self.offset)

    def _span(self, quantity: str, first: int, last: int) -> str:
        place = self.place(quantity)
        line = self.line(place)
        return self.on(place, f"${self.letter(place, first)}{line}:{self.letter(place, last)}{line}")

    def span(self, first: str, last: str) -> str:
        """This row, from one quantity or input to another on the same sheet."""
        left, right = self.place(first), self.place(last)
        line = self.line(left)
        end = self.letter(right, right.columns - 1)
        start = self.letter(left, 0)
        return self.on(left, f"${start}{line}" if start == end else f"${start}{line}:${end}{line}")

    def list_range(self, list: str) -> str:
        place = self.layout.places[f"list:{list}"]
        letter = self.letter(place, 0)
        return self.on(place, f"${letter}${place.row}:${letter}${place.row + place.rows - 1}")

    def at(self, key: str, offset: int) -> str:
        """The cell of a column that stands ``offset`` rows below its first."""
        place = self.place(key)
        return self.on(place, f"${self.letter(place, 0)}${place.row + offset}")

    def word(self, id: str) -> str:
        """Cell of a word that sentences are put together from."""
        return self.entry("words", self.layout.shape.plan.catalogue.lists["words"].ids.index(id))

    def entry(self, list: str, number: int) -> str:
        """Cell of one entry of a list, such as a word that a sentence is put together from."""
        place = self.layout.places[f"list:{list}"]
        return self.on(place, f"${self.letter(place, 0)}${place.row + number}")

    def entry_of_row(self, list: str) -> str:
        """The word of a list that belongs to this row of a table with a row for each."""
        place = self.layout.places[f"list:{list}"]
        return self.on(place, f"${self.letter(place, 0)}{self.line(place)}")


def row_formulas(template: str, count: int) -> Iterator[str]:
    """The formula for each of ``count`` rows: marked row numbers move, the rest stays."""
    parts = template.split(MARK)
    pattern = "".join(part.replace("%", "%%") if n % 2 == 0 else "%d" for n, part in enumerate(parts))
    rows = [int(part) for part in parts[1::2]]
    if not rows:
        yield from [template] * count
        return
    for offset in range(count):
        yield pattern % tuple(row + offset for row in rows)
