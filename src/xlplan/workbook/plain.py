"""Cells of a worksheet in the plain form in which spreadsheet programs write it, found by pattern.

Four times as fast as a parser. Whatever is written in another way is left to the strict reader.
"""

import re
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl.utils import get_column_letter

from xlplan.workbook.cells import Formula, Spot

CELL = (
    rb'<c r="([A-Z]{1,3}+)(\d{1,7}+)"(?: s="\d++")?+(?: t="(n|s|b|e|str|inlineStr)")?+>'
    rb"(<f((?: [a-zA-Z0-9]++=\"[^\"<>]*+\")*+)(?:/>|>([^<]*+)</f>))?+"
    rb'(?:<v(?: xml:space="preserve")?+>([^<]*+)</v>|<v ?/>|<is><t(?: xml:space="preserve")?+>([^<]*+)</t></is>)?+</c>'
)
BLANKS = rb'(?>(?:<c r="[A-Z]{1,3}+\d{1,7}+"(?: s="\d++")?+(?: t="[a-zA-Z]++")?+(?:/>|></c>))++)'
ROW = rb'<row r="(\d{1,7})"(?: [a-zA-Z0-9:]++="[^"<>]*+")*+ ?/?>|</row>'
TOKEN = re.compile(rb"(" + CELL + rb"|" + BLANKS + rb"|" + ROW + rb")")
"""A filled cell, a run of blank ones, or the beginning or end of a row; what matched is not tried in another way."""

ADDRESS = re.compile(rb'<c r="([A-Z]+[0-9]+)"')
SHARED = re.compile(rb'(?=.*\bt="shared")(?=.*\bsi="(\d+)").*')
INLINE = b"inlineStr"
NUMBER = re.compile(rb"-?(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+")
NUMBERS = re.compile(rb"(?:%s(?: |\Z))*+" % NUMBER.pattern)
USUAL = (b"", b"n", INLINE)
"""Kinds of cells that are numbers or texts of their own."""

VALUES = {b"": NUMBER, b"n": NUMBER, b"s": re.compile(rb"\d+"), b"b": re.compile(rb"[01]"), b"e": re.compile(rb".+")}
"""What a stored value looks like, by kind of cell; any text may be the value of a formula."""

OPENING, CLOSING, EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""What markup may not hold, beside control characters and bytes that are no UTF-8."""

NO_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});)")

OUTSIDE = 1_000_000
"""No cell may follow: it would stand outside its row."""

COLUMNS = {get_column_letter(column).encode(): column for column in range(1, 703)}
ESCAPES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))


class NotPlainError(Exception):
    """Written in a way that only the strict reader judges."""


@dataclass
class Scan:
    """Formulas, error values, formulas without a stored value, and cells with a value of their own."""

    formulas: dict[Spot, Formula] = field(default_factory=dict)
    errors: dict[Spot, str] = field(default_factory=dict)
    hollow: set[Spot] = field(default_factory=set)
    filled: set[Spot] = field(default_factory=set)


def scan(part: bytes) -> Scan:  # noqa: C901  a call for each cell would double its time
    """What stands in a worksheet beside values. Raises ``NotPlainError``; rows and cells stand in order, each once."""
    tokens = TOKEN.findall(body := sheet_data(part))
    addresses = ADDRESS.findall(body)
    if sum(len(token[0]) for token in tokens) != len(body) or len(set(addresses)) != len(addresses):
        raise NotPlainError
    found, row, here, last = Scan(), 0, b"", OUTSIDE
    filled, numbers = found.filled.add, list[bytes]()
    for token, letters, number, kind, formula, told, words, stored, text, opened in tokens:
        if letters:
            column = COLUMNS.get(letters, 0)
            if number != here or column <= last:
                raise NotPlainError
            last = column
            if not (formula or stored or text):
                continue
            if formula or kind not in USUAL or (stored if kind == INLINE else text):
                note(found, (row, column), kind, formula and (told, words), stored, text)
            else:
                numbers.append(stored or b"0")
                filled((row, column))
        elif opened:
            if int(opened) <= row or opened.startswith(b"0"):
                raise NotPlainError
            row, here, last = int(opened), opened, OUTSIDE if token.endswith(b"/>") else 0
        elif token == b"</row>":
            last = OUTSIDE
    if not NUMBERS.fullmatch(b" ".join(numbers)):
        raise NotPlainError
    return found


def sheet_data(part: bytes) -> bytes:
    """What stands between the tags of the rows. Raises ``NotPlainError`` where these do not stand exactly once.

    Also where a character, or what stands around the rows, is no good markup.
    """
    if part.count(b"<sheetData") != 1 or b"AlternateContent" in part or is_odd(part):
        raise NotPlainError
    start, end = part.find(OPENING) + len(OPENING), part.find(CLOSING)
    if EMPTY in part:
        start = end = part.find(EMPTY)
    if not len(OPENING) <= start <= end:
        raise NotPlainError
    try:
        part.decode()
        ParserCreate().Parse(part[:start] + part[end:], True)  # noqa: FBT003  the last piece
    except (UnicodeDecodeError, ExpatError) as error:
        raise NotPlainError from error
    return part[start:end]


def is_odd(part: bytes) -> bool:
    """Does it hold a character that markup may not, or a reference to none?"""
    if len(part.translate(None, CONTROLS)) != len(part) or b"]]>" in part or NO_REFERENCE.search(part):
        return True
    return not part.isascii() and any(character in part for character in NO_CHARACTERS)


def note(
    found: Scan, spot: Spot, kind: bytes, formula: tuple[bytes, bytes] | bytes, stored: bytes, text: bytes
) -> None:
    """Add one cell; ``formula`` is a pair of its attributes and text, or nothing. Raises ``NotPlainError``."""
    if stored:
        shape = VALUES.get(kind)
        if shape and not shape.fullmatch(stored):
            raise NotPlainError
    if (text and kind != INLINE) or (stored and kind == INLINE):
        raise NotPlainError
    if kind == b"e":
        found.errors[spot] = plain_text(stored) or "error"
    elif kind != b"s" and (stored or text):
        found.filled.add(spot)
    if isinstance(formula, tuple):
        shared = SHARED.fullmatch(formula[0]) if formula[0] else None
        found.formulas[spot] = Formula(plain_text(formula[1]), shared[1].decode() if shared else None)
        if not stored and not text and kind not in (b"str", INLINE):
            found.hollow.add(spot)


def plain_text(text: bytes) -> str:
    if b"&" in text:
        for escape, character in ESCAPES:
            text = text.replace(escape, character)
    return text.decode()
