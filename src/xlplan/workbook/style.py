"""The look of the workbook: colours, type and named cell styles, each contrast measured on its ground."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cache

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

TEXT, MUTED, DARK, LINK, INPUT = "1F2A37", "5B6875", "14365C", "2C6693", "1F4E9E"
WHITE, GROUP_GROUND, INPUT_GROUND, INPUT_BOX, HAIRLINE = "FFFFFF", "E8EEF5", "FFF9E0", "E3CF8A", "D5DDE5"
BAD, FAIR, GOOD = ("8E1B12", "FBE3E1"), ("7A4300", "FDEFD2"), ("14532D", "DFF2E3")
UNKNOWN = (MUTED, WHITE)
TAB = {"about": DARK, "input": "C9A227", "calculation": "8A96A3", "output": LINK, "control": "6B4FA0"}
CHART = (DARK, "4E8FBF", "A8841A")
COMMITTED, GAP, GRID = "2F7D4F", "C8553D", "E3E8ED"

MONEY, SHARE, WHOLE_SHARE, PLAIN, FACTOR, PRICE, DATE = "#,##0", "0.0%", "0%", "0", "0.0000", "#,##0.00", "yyyy-mm-dd"
FORMATS: Mapping[str, str] = {
    "money": MONEY, "money/year": MONEY, "money/unit": PRICE, "local money/unit": PRICE, "local money": MONEY,
    "local money/money": "#,##0.00##", "share": WHOLE_SHARE, "share/year": SHARE, "factor": FACTOR, "year": PLAIN,
    "units/year": "#,##0.##", "money/user": PRICE, "date": DATE, "text": "@",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Appearance of a cell, as a value: equal looks share one style in the file."""

    size: float = 11
    bold: bool = False
    color: str = TEXT
    ground: str = ""
    align: str = "left"
    indent: int = 1
    wrap: bool = False
    format: str = "General"
    border: str = "hairline"
    locked: bool = True
    underline: bool = False
    italic: bool = False
    vertical: str = "center"

    def but(self, **changes: object) -> "Look":
        return replace(self, **changes)  # type: ignore[arg-type]


BODY = Look()
TITLE = Look(size=18, bold=True, color=DARK, border="", indent=0)
PURPOSE = Look(color=MUTED, border="", indent=0)
LINKS = Look(size=10, color=LINK, underline=True, border="", indent=0)
HEAD = Look(bold=True, color=WHITE, ground=DARK, wrap=True, border="")
SECTION = Look(size=13, bold=True, color=DARK, border="", indent=0, vertical="bottom")
GROUP = Look(size=12, bold=True, color=DARK, ground=GROUP_GROUND)
ID = Look(size=9, color=MUTED, wrap=True)
MUTED_TEXT = Look(size=10, color=MUTED, wrap=True)
NUMBER = Look(align="right")
TYPED = Look(color=INPUT, ground=INPUT_GROUND, border="box", locked=False)
CENTRED = Look(align="center", indent=0)
TOTAL = Look(bold=True, border="total")


@cache
def side(color: str, weight: str = "thin") -> Side:
    return Side(style=weight, color=color)


def border(kind: str) -> Border:
    if kind == "box":
        edge = side(INPUT_BOX)
        return Border(left=edge, right=edge, top=edge, bottom=edge)
    if kind == "total":
        return Border(top=side(DARK, "medium"), bottom=side(DARK))
    return Border(bottom=side(HAIRLINE)) if kind == "hairline" else Border()


class Painter:
    """Gives cells their look; each look is built once per workbook."""

    def __init__(self, book: Workbook) -> None:
        self._scratch = book.create_sheet("scratch")
        self._made: dict[Look, Cell] = {}

    def paint(self, cell: Cell, look: Look) -> None:
        self.paint_like(cell, self.made(look))

    def made(self, look: Look) -> Cell:
        """A cell with this look."""
        return self._made.get(look) or self._make(look)

    def paint_like(self, cell: Cell, made: Cell) -> None:
        cell._style = copy(made._style)  # noqa: SLF001  public setters cost 30 times as much

    def _make(self, look: Look) -> Cell:
        cell = self._blank()
        under = "single" if look.underline else None
        cell.font = Font("Calibri", look.size, bold=look.bold, italic=look.italic, color=look.color, underline=under)
        if look.ground:
            cell.fill = PatternFill("solid", start_color=look.ground, end_color=look.ground)
        indent = look.indent if look.align in ("left", "right") else 0
        cell.alignment = Alignment(look.align, look.vertical, wrap_text=look.wrap, indent=indent)
        cell.border, cell.number_format = border(look.border), look.format
        cell.protection = Protection(locked=look.locked)
        self._made[look] = cell
        return cell

    def _blank(self) -> Cell:
        return self._scratch.cell(row=len(self._made) + 1, column=1)

    def finish(self, book: Workbook) -> None:
        book.remove(self._scratch)


def difference(color: str, ground: str, *, bold: bool = False) -> DifferentialStyle:
    """Conditional look: the word stays in the cell, colour only supports it."""
    return DifferentialStyle(
        font=Font(color=color, bold=bold or None),
        fill=PatternFill("solid", start_color=ground, end_color=ground, bgColor=ground),
    )


def tones(plan_lists: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Label -> text and ground colour, from the worst to the best entry of each ordered list."""
    for list, labels in plan_lists.items():
        between = (FAIR,) * (len(labels) - 2)
        scale = (BAD, UNKNOWN, FAIR, GOOD) if list == "statuses" else (BAD, *between, GOOD)
        yield from zip(labels, scale, strict=True)
