"""Formulas as what they say, whatever program wrote them: text, and the cells they look at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.utils import column_index_from_string, get_column_letter

from xlplan.workbook.cells import Cells, Formula, Spot

TITLE = r"(?:'(?P<{0}q>(?:[^']|'')+)'|(?P<{0}b>[^\W\d][\w.]*))!"
CELL = r"(?P<{0}fc>\$?)(?P<{0}c>[A-Z]{{1,3}})(?P<{0}fr>\$?)(?P<{0}r>\d+)"
TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|(?P<gap>\s+)|'
    rf"(?<![\w.$'])(?:{TITLE.format('s')})?{CELL.format('')}(?::{CELL.format('e')})?(?![\w(.!])"
)
OPEN = re.compile(r'("(?:[^"]|"")*")|\[([^\[\]]*)\]|(;)')
OPEN_SHEET = re.compile(r"\$?('(?:[^']|'')+'|[^'.]+)?\.(.*)\Z")

Sheets = Callable[[str], str]


@dataclass(frozen=True)
class Look:
    """One reference: a cell or an area, each end fixed or as far from the cell that holds the formula."""

    sheet: str | None
    ends: tuple[tuple[int, bool, int, bool], ...]

    def seen_from(self, spot: Spot) -> tuple[Spot, ...]:
        """Rows and columns it looks at from a cell."""
        return tuple(
            (row if fixed_row else row + spot[0], column if fixed_column else column + spot[1])
            for row, fixed_row, column, fixed_column in self.ends
        )


@dataclass(frozen=True)
class Spelling:
    """A formula taken apart: the text between its references, and the references."""

    text: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def is_broken(self) -> bool:
        return any("#REF!" in piece for piece in self.text)


def spellings(cells: Cells) -> Mapping[Spot, Spelling]:
    """Every formula of a sheet; one that repeats a shared one says the same from its own place."""
    shared: dict[str, Spelling] = {}
    found: dict[Spot, Spelling] = {}
    for spot in sorted(cells.formulas):
        formula = cells.formulas[spot]
        spelled = shared.get(formula.shared or "") if not formula.text else taken_apart(plain(formula.text), spot)
        if spelled is None:
            spelled = Spelling(("#SHARED",), ())
        if formula.shared is not None:
            shared.setdefault(formula.shared, spelled)
        found[spot] = spelled
    return found


@lru_cache(maxsize=1 << 17)
def taken_apart(text: str, spot: Spot) -> Spelling:
    """The formula in a cell. Its text is in capitals and without spaces, but for texts in quotation marks."""
    pieces, looks, place = [""], list[Look](), 0
    for match in TOKEN.finditer(text):
        pieces[-1] += text[place : match.start()].upper()
        place = match.end()
        if match["text"]:
            pieces[-1] += match["text"]
        elif not match["gap"]:
            looks.append(look(match, spot))
            pieces.append("")
    pieces[-1] += text[place:].upper()
    return Spelling(tuple(pieces), tuple(looks))


def look(match: re.Match[str], spot: Spot) -> Look:
    sheet = match["sq"].replace("''", "'") if match["sq"] else match["sb"]
    ends = [end(match, "", spot)]
    if match["ec"] and end(match, "e", spot) != ends[0]:
        ends.append(end(match, "e", spot))
    return Look(sheet, tuple(ends))


def end(match: re.Match[str], which: str, spot: Spot) -> tuple[int, bool, int, bool]:
    row, column = int(match[f"{which}r"]), column_index_from_string(match[f"{which}c"])
    fixed_row, fixed_column = bool(match[f"{which}fr"]), bool(match[f"{which}fc"])
    return row - (0 if fixed_row else spot[0]), fixed_row, column - (0 if fixed_column else spot[1]), fixed_column


def plain(text: str) -> str:
    """A formula of an OpenDocument file in the spelling of ``xlsx``; others as they are."""
    if not text.startswith("of:="):
        return text.removeprefix("=")
    return OPEN.sub(lambda m: m[1] or (in_brackets(m[2]) if m[2] is not None else ","), text[4:])


def in_brackets(reference: str) -> str:
    """``$Costs.A1:.B2`` as ``Costs!A1:B2``."""
    if "#REF!" in reference:
        return "#REF!"
    first, *last = split_ends(reference)
    found = OPEN_SHEET.match(first)
    if not found:
        return reference
    sheet = f"{found[1]}!" if found[1] else ""
    return sheet + found[2] + "".join(f":{piece.rpartition('.')[2]}" for piece in last)


def split_ends(reference: str) -> list[str]:
    """Both ends of an area; a colon inside a quoted name does not part them."""
    inside, pieces = False, [""]
    for letter in reference:
        inside ^= letter == "'"
        if letter == ":" and not inside:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces


def said(formula: Formula | None) -> str:
    """A formula as a problem quotes it."""
    text = plain(formula.text) if formula else ""
    return f"={text}" if len(text) <= 60 else f"={text[:57]}..."  # noqa: PLR2004  a line of a terminal


def address(spot: Spot) -> str:
    return f"{get_column_letter(spot[1])}{spot[0]}"


def areas(spelled: Spelling, spot: Spot, sheet: str) -> Iterator[tuple[str, tuple[Spot, ...]]]:
    """What a formula in a cell looks at, each with its sheet."""
    for one in spelled.looks:
        yield one.sheet or sheet, one.seen_from(spot)
