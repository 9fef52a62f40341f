"""Checkers of generated workbooks: each takes a workbook and returns its violations, one sentence each.

Formulas are taken apart by openpyxl's tokenizer, once for each formula that differs from its neighbours in R1C1.
"""

import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from graphlib import CycleError, TopologicalSorter
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.styles import Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.model import load_model
from xlplan.plan import Plan
from xlplan.workbook import style
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, NAME_PREFIX, Block, Layout
from xlplan.workbook.manifest import TITLE as MACHINE
from xlplan.workbook.manifest import stretches

Spot = tuple[str, int, int]
"""Sheet, row and column of a cell."""

Area = tuple[str, int, int, int, int]
"""Sheet, first row, first column, last row, last column."""

Violations = list[str]

DECLARED = frozenset(
    [
        "ABS", "AND", "COLUMN", "COLUMNS", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "DATE", "IF", "IFERROR", "INDEX",
        "INT", "ISNUMBER", "MATCH", "MAX", "MIN", "MOD", "MONTH", "NOT", "OR", "REPT", "ROUNDUP", "ROW", "ROWS", "SIGN",
        "SUM", "SUMIFS", "SUMPRODUCT", "SUMXMY2", "YEAR",
    ]
)  # fmt: skip
"""Functions that Excel 2010 and LibreOffice 7 know and calculate alike."""

FORBIDDEN = frozenset(["OFFSET", "INDIRECT", "NOW", "TODAY", "RAND", "RANDBETWEEN", "NPV", "CELL", "INFO"])
ROUNDING = frozenset(
    ["ROUND", "ROUNDUP", "ROUNDDOWN", "MROUND", "INT", "TRUNC", "CEILING", "FLOOR", "EVEN", "ODD", "FIXED"]
)
WHOLE_UNITS = frozenset({"units", "units/year", "count", "years", "year", "flag", "place", "level"})
LONGEST_FORMULA, DEEPEST_IF = 160, 2
LONGEST_MESSAGE, LONGEST_MESSAGE_TITLE, LONGEST_SHEET_NAME = 255, 32, 31
TEXT_CONTRAST, GRAPHIC_CONTRAST = 4.5, 3.0
SAME_NUMBER = 1e-9
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "Err:522", "Err:523"})
NUMBER = (int, float)
NAME_HEADS = frozenset({"No.", "Line"})
ID, LIKE_A_CELL, LONGEST_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z"), re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}\Z"), 40

CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")
REFERENCE = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?<![\w.$'])(?:(?P<sheet>'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?"
    r"(?P<first>\$?[A-Z]{1,3}\$?[0-9]+)(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]+))?(?![\w(.!])"
)
WHOLE = re.compile(r"(?:^|!)\$?(?:[A-Z]{1,3}:\$?[A-Z]{1,3}|[0-9]+:\$?[0-9]+)$")
GUARD = re.compile(r'^=IF\(\$?A[0-9]+="","",(.*)\)$')
DISPLAYS = frozenset({"@", 'IF(@="","",@)', '@&""'})
"""What a reference may look like: the cell, the cell unless it is blank, the cell as text."""


@dataclass(frozen=True)
class Face:
    """How a cell looks and whether one may type in it; shared by all cells of one style."""

    unlocked: bool
    ground: str
    ink: str
    boxed: bool
    number_format: str

    @property
    def looks_like_input(self) -> bool:
        return self.ground == style.INPUT_GROUND


@dataclass(frozen=True)
class Made:
    """A workbook with the plan and layout it was made of: its package, formulas and stored values."""

    plan: Plan
    layout: Layout
    data: bytes
    book: Workbook
    values: Workbook

    @cached_property
    def sheets(self) -> list[Worksheet]:
        """Every sheet but the machine sheet."""
        return [ws for ws in self.book.worksheets if ws.title != MACHINE]

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        return {sheet.title: sheet.kind for sheet in self.layout.sheets}

    def of_kind(self, *kinds: str) -> list[Worksheet]:
        return [ws for ws in self.sheets if self.kinds.get(ws.title) in kinds]

    @cached_property
    def cells(self) -> list[tuple[Worksheet, Cell, Face]]:
        """Every cell of every sheet but the machine sheet, with its look."""
        faces: dict[int, Face] = {}
        found = ((ws, cell, cell.style_id) for ws in self.sheets for cell in cells_of(ws))
        return [(ws, cell, faces.get(id) or faces.setdefault(id, face_of(cell))) for ws, cell, id in found]

    @cached_property
    def formulas(self) -> Mapping[Spot, str]:
        """Every formula by its cell."""
        cells = ((ws.title, cell) for ws in self.book.worksheets for cell in cells_of(ws) if cell.data_type == "f")
        return {(title, cell.row, cell.column): text_of(cell) for title, cell in cells}

    @cached_property
    def relative(self) -> Mapping[Spot, str]:
        """Every formula as R1C1, which is the same in all cells that calculate the same."""
        return {spot: in_r1c1(text, spot) for spot, text in self.formulas.items()}

    @cached_property
    def distinct(self) -> Mapping[Spot, list[Token]]:
        """Tokens of each formula that differs in R1C1, at the first cell that holds it."""
        first: dict[tuple[str, str], Spot] = {}
        for spot, text in self.relative.items():
            first.setdefault((spot[0], text), spot)
        return {spot: Tokenizer(self.formulas[spot]).items for spot in first.values()}

    def value(self, sheet: str, row: int, column: int) -> object:
        return self.values[sheet].cell(row, column).value

    def blocks(self, *kinds: str) -> Iterator[tuple[str, Block, int]]:
        """Sheet name, block and first row of all blocks on sheets of these types."""
        for sheet in self.layout.sheets:
            if not kinds or sheet.kind in kinds:
                for block in self.layout.blocks[sheet.key]:
                    yield sheet.title, block, self.layout.starts[block.key] + 1


def made_of(plan: Plan, layout: Layout, data: bytes) -> Made:
    return Made(plan, layout, data, load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True))


def cells_of(ws: Worksheet) -> Iterator[Cell]:
    return (cell for row in ws.iter_rows() for cell in row if isinstance(cell, Cell))


def text_of(cell: Cell) -> str:
    """The formula; an array formula is an object of its own, shown with its braces."""
    return f"={{{cell.value.text}}}" if isinstance(cell.value, ArrayFormula) else str(cell.value)


def show(spot: Spot) -> str:
    return f"{spot[0]}!{get_column_letter(spot[2])}{spot[1]}"


def cell_name(ws: Worksheet, cell: Cell) -> str:
    return f"{ws.title}!{cell.coordinate}"


# Formulas


def in_r1c1(text: str, spot: Spot) -> str:
    """The formula with every reference as a distance from its cell."""

    def moved(cell: str) -> str:
        column_fixed, letters, row_fixed, digits = CELL.fullmatch(cell).groups()  # type: ignore[union-attr]
        row = f"R{digits}" if row_fixed else f"R[{int(digits) - spot[1]}]"
        column = column_index_from_string(letters)
        return row + (f"C{column}" if column_fixed else f"C[{column - spot[2]}]")

    def spelled(found: re.Match[str]) -> str:
        if not found["first"]:
            return found[0]
        sheet = f"{found['sheet']}!" if found["sheet"] else ""
        return sheet + moved(found["first"]) + (f":{moved(found['last'])}" if found["last"] else "")

    return REFERENCE.sub(spelled, text)


def place_of(cell: str) -> tuple[int, int]:
    _, letters, _, digits = CELL.fullmatch(cell).groups()  # type: ignore[union-attr]
    return int(digits), column_index_from_string(letters)


def areas_of(text: str, sheet: str) -> Iterator[Area]:
    """Cells and ranges that a formula on ``sheet`` refers to."""
    for found in REFERENCE.finditer(text):
        if found["first"]:
            where = found["sheet"].strip("'").replace("''", "'") if found["sheet"] else sheet
            yield (where, *place_of(found["first"]), *place_of(found["last"] or found["first"]))


def functions_of(tokens: Iterable[Token]) -> Iterator[str]:
    return (
        token.value.rstrip("(").upper() for token in tokens if token.type == Token.FUNC and token.subtype == Token.OPEN
    )


def operands(tokens: Iterable[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type == Token.OPERAND)


def is_literal(token: Token) -> bool:
    allowed = {Token.NUMBER: ("0", "1"), Token.TEXT: ('""',), Token.RANGE: (token.value,)}
    return token.value not in allowed.get(token.subtype, ())


def depth_of_if(tokens: Iterable[Token]) -> int:
    """How many IFs stand inside each other."""
    opened: list[bool] = []
    deepest = 0
    for token in tokens:
        if token.subtype == Token.OPEN:
            opened.append(token.value.upper() == "IF(")
            deepest = max(deepest, sum(opened))
        elif token.subtype == Token.CLOSE:
            opened.pop()
    return deepest


def literals(made: Made) -> Violations:
    """Numbers but 0 and 1 and texts but the empty one."""
    found = (
        (spot, token.value) for spot, tokens in made.distinct.items() for token in operands(tokens) if is_literal(token)
    )
    return [f"{show(spot)}: {value} in {made.formulas[spot]}" for spot, value in found]


def long_formulas(made: Made) -> Violations:
    """Formulas that are too long; one of each that is filled down or across."""
    long = {(spot[0], made.relative[spot]): spot for spot, text in made.formulas.items() if len(text) > LONGEST_FORMULA}
    return [f"{show(spot)}: {len(made.formulas[spot])} characters" for spot in long.values()]


def nested_ifs(made: Made) -> Violations:
    depths = ((spot, depth_of_if(tokens)) for spot, tokens in made.distinct.items())
    return [f"{show(spot)}: {depth} IFs deep: {made.formulas[spot]}" for spot, depth in depths if depth > DEEPEST_IF]


def undeclared_functions(made: Made) -> Violations:
    used = ((spot, name) for spot, tokens in made.distinct.items() for name in functions_of(tokens))
    return [f"{show(spot)}: {name}" for spot, name in used if name not in DECLARED]


def forbidden_functions(made: Made) -> Violations:
    used = ((spot, name) for spot, tokens in made.distinct.items() for name in functions_of(tokens))
    return [f"{show(spot)}: {name}" for spot, name in used if name in FORBIDDEN]


def whole_columns(made: Made) -> Violations:
    found = (
        (spot, t.value) for spot, tokens in made.distinct.items() for t in operands(tokens) if WHOLE.search(t.value)
    )
    return [f"{show(spot)}: {value}" for spot, value in found]


def array_formulas(made: Made) -> Violations:
    return [f"{show(spot)}: {text}" for spot, text in made.formulas.items() if text.startswith("={")]


def loose_iferrors(made: Made) -> Violations:
    """IFERROR around anything but one MATCH."""
    broken = (
        (spot, tokens)
        for spot, tokens in made.distinct.items()
        if not all(wraps_match(tokens, n) for n in iferrors(tokens))
    )
    return [f"{show(spot)}: {made.formulas[spot]}" for spot, _ in broken]


def iferrors(tokens: list[Token]) -> Iterator[int]:
    return (n for n, token in enumerate(tokens) if token.subtype == Token.OPEN and token.value.upper() == "IFERROR(")


def wraps_match(tokens: list[Token], at: int) -> bool:
    """True where MATCH( ... ) is the whole first argument of the IFERROR at this token."""
    depth = 0
    for token, after in pairwise(tokens[at + 1 :]):
        depth += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
        if depth == 0:
            return bool(tokens[at + 1].value.upper() == "MATCH(" and after.type == Token.SEP)
    return False


def precedents(made: Made, spot: Spot) -> Iterator[Spot]:
    """Formula cells that the formula of a cell reads."""
    for sheet, top, left, bottom, right in areas_of(made.formulas[spot], spot[0]):
        around = ((sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        yield from (cell for cell in around if cell in made.formulas)


def named_cells(made: Made) -> Mapping[str, Spot]:
    """Where each defined name points, for those that point at one cell."""
    areas = {name: list(areas_of(defined.attr_text, "")) for name, defined in made.book.defined_names.items()}
    return {name: found[0][:3] for name, found in areas.items() if len(found) == 1 and found[0][1:3] == found[0][3:]}


def circular_references(made: Made) -> Violations:
    """The first circle of cells that read each other, if there is one."""
    names = named_cells(made)
    graph = {spot: set(precedents(made, spot)) for spot in made.formulas}
    for spot, text in made.formulas.items():
        if NAME_PREFIX in text:
            graph[spot] |= {
                names[name] for name in re.findall(rf"{NAME_PREFIX}[\w.]+", text) if names.get(name) in made.formulas
            }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(show(spot) for spot in error.args[1])]
    return []


def rounded_quantities(made: Made) -> Violations:
    """Rounding inside a calculation of anything but whole things."""
    rounding = [spot for spot, tokens in made.distinct.items() if ROUNDING & set(functions_of(tokens))]
    quantities = ((spot, quantity_at(made, spot)) for spot in rounding)
    return [
        f"{show(spot)}: {quantity or 'no quantity'} is rounded"
        for spot, quantity in quantities
        if unit_of(quantity) not in WHOLE_UNITS
    ]


def quantity_at(made: Made, spot: Spot) -> str:
    """The quantity that stands in a cell; nothing where it is no quantity."""
    for quantity, place in made.layout.places.items():
        here = place.row <= spot[1] < place.row + place.rows and place.column <= spot[2] < place.column + place.columns
        if here and made.layout.title(place.sheet) == spot[0]:
            return quantity
    return ""


def unit_of(quantity: str) -> str:
    model = load_model()
    return model[quantity].unit if quantity in model.quantities else ""


def repeated_calculations(made: Made) -> Violations:
    """The same calculation in two places, where the second should refer to the first."""
    places: dict[str, list[Spot]] = defaultdict(list)
    for spot, text in made.formulas.items():
        if "ROW()" not in text:
            places[qualified(text, spot[0])].append(spot)
    twins = {
        (s[0][0], s[-1][0], made.relative[s[-1]]): (s, text)
        for text, s in places.items()
        if len(s) > 1 and shape_of(text) not in DISPLAYS
    }
    return [f"{show(spots[0])} and {show(spots[-1])}: {text}" for spots, text in twins.values()]


def qualified(text: str, sheet: str) -> str:
    """The formula without guard against blank rows, every reference with its sheet."""
    guarded = GUARD.match(text)
    bare = guarded[1] if guarded else text[1:]
    return REFERENCE.sub(
        lambda m: f"{m['sheet'] or repr(sheet)}!{m[0].split('!')[-1].replace('$', '')}" if m["first"] else m[0], bare
    )


def shape_of(text: str) -> str:
    """The formula with every cell and name as @."""
    cells = REFERENCE.sub(lambda m: "@" if m["first"] else m[0], text)
    return re.sub(rf"{NAME_PREFIX}[\w.]+", "@", cells)


# Sheets and their types


def listed_sheets(made: Made) -> Mapping[str, str]:
    """Names and types as About lists them."""
    ws = made.values["About"]
    rows = [[cell.value for cell in row] for row in ws.iter_rows(max_col=3)]
    start = next(n for n, row in enumerate(rows) if row[0] == "Sheets") + 1
    end = next((n for n in range(start, len(rows)) if rows[n][0] is None), len(rows))
    return {str(name): str(kind) for name, _, kind in rows[start:end]}


def sheets_without_type(made: Made) -> Violations:
    """Sheets whose type About does not tell, or whose tab says another."""
    listed = listed_sheets(made)
    found = [f"{ws.title}: not listed on About" for ws in made.book.worksheets if ws.title not in listed]
    found += [
        f"{ws.title}: {listed.get(ws.title)} is no type" for ws in made.sheets if listed.get(ws.title) not in style.TAB
    ]
    return found + [
        f"{ws.title}: the tab has another colour"
        for ws in made.sheets
        if tab_of(ws) != style.TAB.get(listed.get(ws.title, ""))
    ]


def tab_of(ws: Worksheet) -> str:
    color = ws.sheet_properties.tabColor
    return color.rgb[-6:] if color else ""


def badly_named_sheets(made: Made) -> Violations:
    names = Counter(ws.title.casefold() for ws in made.book.worksheets)
    found = [
        f"{ws.title}: blank" for ws in made.book.worksheets if not any(cell.value is not None for cell in cells_of(ws))
    ]
    found += [f"{name}: named twice" for name, count in names.items() if count > 1]
    return found + [f"{name}: longer than {LONGEST_SHEET_NAME}" for name in names if len(name) > LONGEST_SHEET_NAME]


def about_gaps(made: Made) -> Violations:
    """What About should tell and does not."""
    ws = made.values["About"]
    firsts = [str(row[0].value or "") for row in ws.iter_rows(max_col=1)]
    facts = ("Owner", "Template version", "Version of the data", "Date of the data")
    sections = ("What to do first", "Legend", "Sheets", "Licence", "Sheets are protected without a password")
    found = [f"About: no {fact}" for fact in facts if fact not in firsts]
    found += [f"About: no {section}" for section in sections if not any(text.startswith(section) for text in firsts)]
    return found + ([] if ws["A2"].value else ["About!A2: no purpose"])


def is_page(target: str | None) -> bool:
    """A page of the documentation or of somebody it names."""
    return bool(target and re.match(r"https?://[\w.-]+/?", target))


def dead_links(made: Made) -> Violations:
    """Links that lead to no sheet, and sheets that About does not link to."""
    links = [
        (ws.title, cell, cell.hyperlink.location or "") for ws in made.sheets for cell in cells_of(ws) if cell.hyperlink
    ]
    targets = {title: location.rpartition("!")[0].strip("'") for title, _, location in links}
    dead = [
        f"{title}!{cell.coordinate}: {to!r}"
        for title, cell, to in links
        if to.rpartition("!")[0].strip("'") not in made.book.sheetnames and not is_page(cell.hyperlink.target)
    ]
    linked = {str(cell.value) for title, cell, to in links if title == "About" and to.startswith(f"'{cell.value}'!")}
    missing = [f"About: no link to {ws.title}" for ws in made.sheets if ws.title not in linked]
    return [*dead, *missing, *(f"{ws.title}: no link" for ws in made.sheets if ws.title not in targets)]


LOG_HEADS = {
    "versions": ("No.", "Version", "Date", "Author", "Reason"),
    "assumptions": ("No.", "Assumption", "Effect on the budget", "Date", "Reason", "Made by", "Signed off by"),
}


def log_gaps(made: Made) -> Violations:
    """What the two tables of the log should record and do not."""
    heads = {block.key: heads_of(made, "Log", made.layout.starts[block.key]) for block in made.layout.blocks["log"]}
    return [f"Log, {key}: no {head}" for key, wanted in LOG_HEADS.items() for head in wanted if head not in heads[key]]


def heads_of(made: Made, sheet: str, row: int) -> list[object]:
    return [cell.value for cell in made.values[sheet][row]]


def head_row(made: Made, title: str, block: Block) -> int:
    """Row of the headings over a block; a joined one goes on below those of the block before it."""
    own = next(made.layout.blocks[sheet.key] for sheet in made.layout.sheets if sheet.title == title)
    headed = [b for b in own[: own.index(block) + 1] if not b.joined]
    return made.layout.starts[headed[-1].key]


def stray_years(made: Made) -> Violations:
    """Heads that hold a year elsewhere than in the year columns, or another year than the plan's."""
    found = []
    for sheet in made.layout.sheets:
        for block in (block for block in made.layout.blocks[sheet.key] if not block.joined):
            row = made.layout.starts[block.key]
            heads = heads_of(made, sheet.title, row)[FIRST_YEAR_COLUMN - 1 :]
            years = [head for head in heads if isinstance(head, (int, float))]
            if years != (list(made.plan.budget_years) if sheet.years else []) or (
                sheet.years and heads[: len(years)] != years
            ):
                found.append(f"{sheet.title}, row {row}: heads {years}")
    return found


def series_out_of_line(made: Made) -> Violations:
    blocks = (
        (title, block, series) for title, block, _ in made.blocks() for series in block.series if series.over == "year"
    )
    return [
        f"{title}, {block.key}: years from column {s.column}"
        for title, block, s in blocks
        if s.column != FIRST_YEAR_COLUMN
    ]


def heads_out_of_place(made: Made) -> Violations:
    """Ids elsewhere than in A, names elsewhere than in B, totals in two columns of sheets of one type."""
    own = ((title, first) for title, block, first in made.blocks() if not block.joined)
    heads = [(title, first - 1, heads_of(made, title, first - 1)) for title, first in own]
    spots = [(title, row, n, str(text)) for title, row, texts in heads for n, text in enumerate(texts, 1)]
    found = [
        f"{title}, row {row}: {text} in column {n}" for title, row, n, text in spots if text in NAME_HEADS and n > 1
    ]
    found += [f"{title}, row {row}: no name in column B" for title, row, texts in heads if not texts[1]]
    totals = {
        kind: {n for title, _, n, text in spots if text.startswith("Total") and made.kinds[title] == kind}
        for kind in style.TAB
    }
    return found + [f"{kind} sheets: totals in columns {sorted(ns)}" for kind, ns in totals.items() if len(ns) > 1]


def rows_without_unit(made: Made) -> Violations:
    """Blocks with one quantity a row in which a row with numbers has no unit; the first such row of each."""
    found = []
    for title, block, first in made.blocks():
        heads = heads_of(made, title, head_row(made, title, block))
        numbers = [row for row, column in unit_spots(block, first, heads) if is_number(made.value(title, row, column))]
        missing = sorted({row for row in numbers if not has_text(made, title, row, unit_columns(heads))})
        found += [f"{title}, block {block.key}: no unit in rows {missing[0]} to {missing[-1]}"] if missing else []
    return found


def unit_spots(block: Block, first: int, heads: list[object]) -> Iterator[tuple[int, int]]:
    """Row and column of cells whose numbers take their unit from the row."""
    for row in range(first, first + block.count):
        yield from ((row, column) for column in body_columns(block, heads))
    for row in range(first + block.count + block.closing, last_row(block, first) + 1):
        yield from ((row, column) for column in (block.total_column, block.series_column))


def last_row(block: Block, first: int) -> int:
    return first + block.count + block.closing + len(block.feet) - 1


def body_columns(block: Block, heads: list[object]) -> list[int]:
    """Columns whose numbers take their unit from the row; none where each column has a quantity of its own."""
    values = [n for n, head in enumerate(heads, 1) if head == "Value"]
    shared = (series for series in block.series if series.over == "year" or (unit_columns(heads) and not series.field))
    return values + [series.column for series in shared]


def is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def unit_columns(heads: list[object]) -> list[int]:
    return [n for n, head in enumerate(heads, 1) if head == "Unit"]


def has_text(made: Made, title: str, row: int, columns: Iterable[int]) -> bool:
    return any(str(made.value(title, row, column) or "") for column in columns)


def checks_without_unit(made: Made) -> Violations:
    """Each check compares two numbers of some unit."""
    units, count = unit_columns(heads_of(made, "Checks", HEAD_ROW)), len(made.plan.catalogue.checks)
    return [
        f"Checks!A{row}: no unit"
        for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + count)
        if not has_text(made, "Checks", row, units)
    ]


def hidden_things(made: Made) -> Violations:
    """Hidden sheets, rows, columns and values."""
    found = [
        f"{ws.title}: {ws.sheet_state}"
        for ws in made.book.worksheets
        if (ws.sheet_state != "visible") != (ws.title == MACHINE)
    ]
    lines = (
        (ws, key, line)
        for ws in made.sheets
        for key, line in (*ws.column_dimensions.items(), *ws.row_dimensions.items())
    )
    found += [f"{ws.title}, {key}: hidden row or column" for ws, key, line in lines if line.hidden]
    secret = ((ws, cell) for ws, cell, face in made.cells if face.number_format == ";;;" and cell.value is not None)
    found += [f"{cell_name(ws, cell)}: its format hides the value" for ws, cell in secret]
    return found + ([] if MACHINE in listed_sheets(made) else [f"About does not name {MACHINE}"])


# Inputs


def face_of(cell: Cell) -> Face:
    return Face(not cell.protection.locked, ground_of(cell), ink_of(cell), has_box(cell), cell.number_format)


def ground_of(cell: Cell) -> str:
    return cell.fill.fgColor.rgb[-6:] if cell.fill.patternType == "solid" else style.WHITE


def ink_of(cell: Cell) -> str:
    color = cell.font.color
    return color.rgb[-6:] if color is not None and isinstance(color.rgb, str) else "000000"


def has_box(cell: Cell) -> bool:
    return all(is_framed(side) for side in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom))


def is_framed(side: Side | None) -> bool:
    return side is not None and bool(side.style) and str(side.color.rgb).endswith(style.INPUT_BOX)


def is_legend(ws: Worksheet, cell: Cell) -> bool:
    """The sample of an input in the legend looks like one and is none."""
    return bool(ws.title == "About" and cell.column == 1 and cell.value == "Input")


def wrongly_locked(made: Made) -> Violations:
    """Cells that look like inputs and are locked, or the other way round, or stand on another sheet."""
    cells = ((ws, cell, face) for ws, cell, face in made.cells if not is_legend(ws, cell))
    wrong = (
        (ws, c, f)
        for ws, c, f in cells
        if f.unlocked != f.looks_like_input or (f.unlocked and made.kinds.get(ws.title) != "input")
    )
    return [
        f"{cell_name(ws, cell)}: {'unlocked' if face.unlocked else 'locked'}, ground {face.ground}"
        for ws, cell, face in wrong
    ]


def unprotected_sheets(made: Made) -> Violations:
    found = [f"{ws.title}: not protected" for ws in made.book.worksheets if not ws.protection.sheet]
    return found + [f"{ws.title}: has a password" for ws in made.book.worksheets if ws.protection.password]


def inputs_told_by_colour_alone(made: Made) -> Violations:
    wrong = ((ws, cell) for ws, cell, face in made.cells if face.looks_like_input != face.boxed)
    return [f"{cell_name(ws, cell)}: fill without frame or frame without fill" for ws, cell in wrong]


def formulas_in_inputs(made: Made) -> Violations:
    return [cell_name(ws, cell) for ws, cell, face in made.cells if face.unlocked and cell.data_type == "f"]


def constants_on_calculation_sheets(made: Made) -> Violations:
    cells = ((ws, cell) for ws in made.of_kind("calculation") for cell in cells_of(ws))
    return [
        f"{cell_name(ws, cell)}: {cell.value}"
        for ws, cell in cells
        if cell.data_type in "nbd" and cell.value is not None
    ]


def badly_validated(made: Made) -> Violations:
    """Inputs that not exactly one validation covers, and validations of cells that are no inputs."""
    found = []
    inputs: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for ws, cell, _ in (one for one in made.cells if one[2].unlocked):
        inputs[ws.title].add((cell.row, cell.column))
    for ws in made.sheets:
        covered = Counter(
            spot for rule in ws.data_validations.dataValidation for area in rule.sqref.ranges for spot in area.cells
        )
        unlocked = inputs[ws.title]
        wrong = {spot: covered[spot] for spot in unlocked | set(covered) if covered[spot] != (spot in unlocked)}
        found += [f"{show((ws.title, *spot))}: {count} validations" for spot, count in wrong.items()]
    return found


def poor_validations(made: Made) -> Violations:
    """Validations without message or prompt, too long ones, and lists that come from no range."""
    rules = ((ws, rule) for ws in made.sheets for rule in ws.data_validations.dataValidation)
    return [f"{ws.title}!{rule.sqref}: {fault}" for ws, rule in rules for fault in faults_of(rule)]


def faults_of(rule) -> Iterator[str]:  # type: ignore[no-untyped-def]  # openpyxl's DataValidation
    if not (rule.showErrorMessage and rule.showInputMessage):
        yield "not shown"
    for text, most in ((rule.error, LONGEST_MESSAGE), (rule.prompt, LONGEST_MESSAGE)):
        if not text or len(text) > most:
            yield f"message {text!r}"
    for text in (rule.errorTitle, rule.promptTitle):
        if not text or len(text) > LONGEST_MESSAGE_TITLE:
            yield f"title {text!r}"
    if rule.type == "list" and not all(is_range(text) for text in ranges_of(rule.formula1 or "")):
        yield f"list {rule.formula1}"


def ranges_of(source: str) -> tuple[str, ...]:
    """The range of a drop-down, or each of those that it chooses among."""
    inner = source.removeprefix("CHOOSE(").removesuffix(")")
    return (source,) if inner == source else tuple(inner.split(",")[1:])


def is_range(text: str) -> bool:
    found = REFERENCE.fullmatch(text)
    return bool(found and found["first"])


# One formula a row, one a column


def uneven_columns(made: Made) -> Violations:
    """Columns of blocks in which a row calculates otherwise than the first."""
    found = []
    for title, block, first in made.blocks("calculation", "output"):
        for column in range(1, last_column(made, block) + 1):
            texts = [made.relative.get((title, row, column)) for row in range(first, first + block.count)]
            odd = [n for n, text in enumerate(texts) if text != texts[0]]
            found += [f"{show((title, first + odd[0], column))}: another formula than the first row"] if odd else []
    return found


def last_column(made: Made, block: Block) -> int:
    ends = (series.column + made.layout.shape.count(series.over) - 1 for series in block.series)
    return max(len(block.columns), *ends, 1)


def uneven_rows(made: Made) -> Violations:
    """Rows in which a year calculates otherwise than the first, heads and feet included."""
    found = []
    for title, block, first in made.blocks("calculation", "output"):
        if not next(sheet.years for sheet in made.layout.sheets if sheet.title == title):
            continue
        for row in range(first - 1, last_row(block, first) + 1):
            texts = {made.relative.get((title, row, FIRST_YEAR_COLUMN + n)) for n in range(made.plan.years)}
            found += [f"{title}, row {row}: {len(texts)} formulas across the years"] if len(texts) > 1 else []
    return found


# Names, checks, sums


def used_names(made: Made) -> set[str]:
    """Names in formulas of cells, validations and conditional formats."""
    texts = [*(made.formulas[spot] for spot in made.distinct)]
    for ws in made.sheets:
        texts += [str(rule.formula1) for rule in ws.data_validations.dataValidation]
        texts += [str(text) for area in ws.conditional_formatting for rule in area.rules for text in rule.formula]
    return {name for text in texts for name in re.findall(rf"\b{NAME_PREFIX}[\w.]+", text)}


def machine_names(made: Made) -> Mapping[str, Spot]:
    rows = made.values[MACHINE].iter_rows(values_only=True)
    return {str(row[1]): (str(row[2]), int(str(row[4])), int(str(row[3]))) for row in rows if row[0] == "name"}


def bad_names(made: Made) -> Violations:
    """Names without prefix, missing in the manifest, never used, or of more than one cell."""
    defined, cells, listed, used = made.book.defined_names, named_cells(made), machine_names(made), used_names(made)
    found = [f"{name}: no prefix" for name in defined if not name.startswith(NAME_PREFIX)]
    found += [f"{name}: not one cell" for name in defined if name not in cells]
    found += [
        f"{name}: the machine sheet says {listed.get(name)}" for name in defined if listed.get(name) != cells.get(name)
    ]
    found += [f"{name}: on the machine sheet only" for name in listed if name not in defined]
    found += [f"{name}: no formula uses it" for name in defined if name not in used]
    return found + [f"{name}: used and not defined" for name in used if name not in defined]


CHECK_HEADS = ("Check", "Found", "Must be", "Difference", "Tolerance", "Status")


def poor_checks(made: Made) -> Violations:
    """Rows of Checks without name, two sides, difference, tolerance and the status that follows from them."""
    heads, first = heads_of(made, "Checks", HEAD_ROW), HEAD_ROW + 1
    found = [f"Checks: no {head}" for head in CHECK_HEADS if head not in heads]
    columns = [heads.index(head) + 1 for head in CHECK_HEADS if head in heads]
    for row in range(first, first + len(made.plan.catalogue.checks)):
        cells = [made.value("Checks", row, column) for column in columns]
        found += [] if is_sound(made, *cells) else [f"Checks, row {row}: {cells}"]
    return found


def is_sound(made: Made, name: object, left: object, right: object, off: object, limit: object, status: object) -> bool:
    statuses = made.plan.labels["check_statuses"]
    if not (name and status in statuses.values()):
        return False
    if not (
        isinstance(left, NUMBER) and isinstance(right, NUMBER) and isinstance(off, NUMBER) and isinstance(limit, NUMBER)
    ):
        return False
    digits = 1e-14 * max(abs(left), abs(right))  # stored values have 15
    return abs(off - (left - right)) <= digits and (abs(off) <= limit) == (status == statuses["passed"])


def sheets_without_master(made: Made) -> Violations:
    """Sheets whose third row does not show the master check."""
    name = f"={NAME_PREFIX}master_text"
    return [f"{ws.title}: no master check in row 3" for ws in made.sheets if name not in [cell.value for cell in ws[3]]]


def by_year(made: Made, quantity: str) -> list[float]:
    """Sum over its rows of a quantity, for each year."""
    place = made.layout.places[quantity]
    rows = range(place.row, place.row + place.rows)
    cells = [
        [made.value(made.layout.title(place.sheet), row, place.column + n) for row in rows]
        for n in range(made.plan.years)
    ]
    return [sum(value for value in column if isinstance(value, (int, float))) for column in cells]


WAYS = {
    "lines": ("cost",),
    "areas": ("area_cost",),
    "categories": ("category_cost",),
    "natures": ("total_one_off_cost", "total_recurring_cost"),
    "funding sources": ("placed_cost", "unplaced_cost"),
    "funding and gap": ("total_confirmed", "funding_gap"),
}
"""Quantities that add up to the cost of a year."""


def sums_that_differ(made: Made) -> Violations:
    """Ways to add up the cost that disagree with the total of some year by more than the tolerance of the plan."""
    total, limit = by_year(made, "total_cost"), made.plan.catalogue.constants["money_tolerance"].value
    sums = {way: summed(made, quantities) for way, quantities in WAYS.items()}
    wrong = (way for way, found in sums.items() if any(abs(a - b) > limit for a, b in zip(found, total, strict=True)))
    return [f"{way}: {sums[way]} instead of {total}" for way in wrong]


def summed(made: Made, quantities: Iterable[str]) -> list[float]:
    return [sum(parts) for parts in zip(*(by_year(made, quantity) for quantity in quantities), strict=True)]


def over_funded_lines(made: Made) -> Violations:
    place = made.layout.places["funded_share"]
    title, most = made.layout.title(place.sheet), 1 + made.plan.catalogue.constants["share_tolerance"].value
    shares = {row: made.value(title, row, place.column) for row in range(place.row, place.row + place.rows)}
    return [
        f"{title}, row {row}: {share}"
        for row, share in shares.items()
        if isinstance(share, (int, float)) and share > most
    ]


# Values


def error_values(made: Made) -> Violations:
    cells = ((ws, cell) for ws in made.values.worksheets for cell in cells_of(ws))
    return [
        f"{cell_name(ws, cell)}: {cell.value}"
        for ws, cell in cells
        if cell.data_type == "e" or str(cell.value) in ERRORS
    ]


def numbers_as_text(made: Made) -> Violations:
    """Inputs of numbers and dates that hold text."""
    found = []
    for s in stretches(made.layout):
        field = made.plan.catalogue.tables[s.table if s.table in made.plan.catalogue.tables else "levels"].field(
            s.field
        )
        cells = [made.book[s.sheet].cell(row, s.column) for row in range(s.first, s.first + s.count)]
        found += [
            f"{s.sheet}!{c.coordinate}: {c.value!r}"
            for c in cells
            if (field.is_number or field.kind == "date") and isinstance(c.value, str)
        ]
    return found


def short_ranges(made: Made) -> Violations:
    """Ranges that end with the last row of an input block, so that a row inserted there would be outside."""
    ends = {(title, first + block.count - 1) for title, block, first in made.blocks("input") if block.closing}
    texts = [(show(spot), spot[0], made.formulas[spot]) for spot in made.distinct]
    texts += [
        (str(rule.sqref), ws.title, str(rule.formula1))
        for ws in made.sheets
        for rule in ws.data_validations.dataValidation
    ]
    areas = ((where, area) for where, sheet, text in texts for area in areas_of(text, sheet))
    return [
        f"{where}: reads {show(a[:3])} to row {a[3]} only" for where, a in areas if (a[0], a[3]) in ends and a[1] < a[3]
    ]


def bad_ids(made: Made) -> Violations:
    """Ids in column A of the tables that are missing, twice there, or in no form of ids."""
    found = []
    for title, block, first in made.blocks("input"):
        if not (block.rows in made.plan.named_tables and block.columns[0].values):
            continue
        ids = [str(made.value(title, row, 1) or "") for row in range(first, first + block.count)]
        given = [str(row["id"]) for row in made.plan.rows(block.rows)]
        found += [f"{title}, {block.key}: ids of the plan changed"] if ids[: len(given)] != given else []
        found += [f"{title}, {block.key}: {id} twice" for id, n in Counter(map(str.casefold, ids)).items() if n > 1]
        found += [
            f"{title}, {block.key}: {id!r} is no id"
            for id in ids
            if not ID.match(id) or LIKE_A_CELL.match(id) or len(id) > LONGEST_ID
        ]
    return found


def filled_rows(made: Made, rows: str) -> int | None:
    """Rows that the plan fills in a block of these rows; ``None`` where it has no spare rows."""
    fixed = {"areas": len(made.plan.areas), "uses": len(made.plan.uses)}
    return fixed.get(rows, len(made.plan.rows(rows)) if rows in made.plan.named_tables else None)


def spare_rows_that_show(made: Made) -> Violations:
    """Spare rows with anything to see; the first cell of each block."""
    found = []
    for title, block, first in made.blocks("calculation", "output"):
        filled = filled_rows(made, block.rows)
        spare = range(first + filled, first + block.count) if filled is not None else range(0)
        cells = [(title, row, column) for row in spare for column in range(1, last_column(made, block) + 1)]
        shown = [spot for spot in cells if made.value(*spot) not in (None, "")]
        found += [f"{show(shown[0])}: {made.value(*shown[0])!r} and {len(shown) - 1} more"] if shown else []
    return found


# Views, pages, pictures


def merged_cells(made: Made) -> Violations:
    """Merged cells but the texts of About, which take one row from A to D."""
    merged = ((ws, area) for ws in made.book.worksheets for area in ws.merged_cells.ranges)
    return [f"{ws.title}!{area}" for ws, area in merged if ws.title != "About" or not is_text_row(ws, area)]


def is_text_row(ws: Worksheet, area: CellRange) -> bool:
    text = ws.cell(area.min_row, 1).value
    return (area.min_row, area.min_col, area.max_col) == (area.max_row, 1, 4) and isinstance(text, str) and " " in text


def first_input(ws: Worksheet) -> str:
    return str(next(cell.coordinate for cell in cells_of(ws) if not cell.protection.locked))


def wrong_views(made: Made) -> Violations:
    """Zoom, active sheet, cursor and frozen panes that are not as agreed."""
    found = [f"{ws.title}: zoom {ws.sheet_view.zoomScale}" for ws in made.sheets if ws.sheet_view.zoomScale != 100]
    found += (
        []
        if made.book.active is made.book.worksheets[0] and made.book.active.title == "About"
        else ["About is not active"]
    )
    found += [
        f"{ws.title}: selected with About"
        for ws in made.book.worksheets
        if ws.sheet_view.tabSelected and ws.title != "About"
    ]
    for ws in made.of_kind("input"):
        row, column = place_of(ws.freeze_panes or "A1")
        keeps_names = column > 2 or not has_wide_table(made, ws)
        found += [] if row == HEAD_ROW + 1 and keeps_names else [f"{ws.title}: panes frozen at {ws.freeze_panes}"]
        cursors = {selection.activeCell for selection in ws.sheet_view.selection}
        found += [] if cursors == {first_input(ws)} else [f"{ws.title}: cursor at {cursors}, not at {first_input(ws)}"]
    return found


def has_wide_table(made: Made, ws: Worksheet) -> bool:
    """A table whose columns are an axis, such as years, rounds or sources, must keep its names in sight."""
    return any(block.series for title, block, _ in made.blocks() if title == ws.title)


ONE_PAGE = "Total cost"
PAGES_WIDE = {"Costs": 2, "Questions": 2, "Maturity": 2, "Work plan": 2}
"""Costs has too many columns to be read on one page; it repeats its ids and names instead (look.md)."""


def wrong_pages(made: Made) -> Violations:
    return [f"{ws.title}: {fault}" for ws in made.sheets for fault in page_faults(ws)]


def page_faults(ws: Worksheet) -> Iterator[str]:
    setup, wide = ws.page_setup, PAGES_WIDE.get(ws.title, 1)
    yield from ["no print area"] if not ws.print_area else []
    yield from ["no rows to repeat"] if not ws.print_title_rows else []
    yield from [f"paper {setup.paperSize}"] if str(setup.paperSize) != ws.PAPERSIZE_A4 else []
    fits = ws.sheet_properties.pageSetUpPr is not None and ws.sheet_properties.pageSetUpPr.fitToPage
    yield from [f"{setup.fitToWidth} pages wide"] if not fits or setup.fitToWidth != wide else []
    high = 1 if ws.title == ONE_PAGE else 0
    yield from [f"{setup.fitToHeight} pages high"] if setup.fitToHeight != high else []
    yield from ["no columns to repeat"] if wide > 1 and not ws.print_title_cols else []
    footer = "".join(str(part.text or "") for part in (ws.oddFooter.left, ws.oddFooter.center, ws.oddFooter.right))
    yield from [f"footer {footer!r}"] if "&P" not in footer and "&[Page]" not in footer else []


def cut_off_pages(made: Made) -> Violations:
    """Cells of input, output and control sheets that the print area leaves out."""
    found = []
    for ws in (ws for ws in made.sheets if made.kinds.get(ws.title) != "calculation" and ws.print_area):
        area = CellRange(str(ws.print_area).rpartition("!")[2].replace("$", ""))
        outside = [c for c in cells_of(ws) if c.value is not None and (c.row > area.max_row or c.column > area.max_col)]
        found += [f"{cell_name(ws, outside[0])}: outside {area.coord}, and {len(outside) - 1} more"] if outside else []
    return found


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()


def elements(part: bytes, name: str) -> Iterator[ET.Element]:
    """Elements of this local name, whatever their namespace."""
    return (element for element in ET.fromstring(part).iter() if element.tag.rpartition("}")[2] == name)  # noqa: S314  our own file


def frames_without_text(data: bytes) -> Violations:
    """Charts and pictures without an alternative text."""
    drawings = {
        name: part for name, part in parts_of(data).items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)
    }
    frames = ((name, frame) for name, part in drawings.items() for frame in elements(part, "cNvPr"))
    return [f"{name}: {frame.get('name')}" for name, frame in frames if not (frame.get("descr") or "").strip()]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    shares = [int(color[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]  # as WCAG defines it
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def faint_text(made: Made) -> Violations:
    """Texts of cells too faint on their ground; the first cell of each pair of colours."""
    pairs: dict[tuple[str, str], str] = {}
    for ws, cell, face in (one for one in made.cells if one[1].value is not None):
        pairs.setdefault((face.ink, face.ground), cell_name(ws, cell))
    return [
        f"{where}: {ink} on {ground}" for (ink, ground), where in pairs.items() if contrast(ink, ground) < TEXT_CONTRAST
    ]


def faint_conditions(made: Made) -> Violations:
    """Conditional colours too faint on their own ground, or on every ground they may meet."""
    found = []
    for ws in made.sheets:
        for area in ws.conditional_formatting:
            for rule in (rule for rule in area.rules if rule.dxf and rule.dxf.font and rule.dxf.font.color):
                ink = rule.dxf.font.color.rgb[-6:]
                grounds = [rule.dxf.fill.bgColor.rgb[-6:]] if rule.dxf.fill else [style.WHITE, style.INPUT_GROUND]
                found += [f"{ws.title}!{area.sqref}: {ink} on {g}" for g in grounds if contrast(ink, g) < TEXT_CONTRAST]
    return found


def red_negatives(made: Made) -> Violations:
    return [
        f"{cell_name(ws, cell)}: {face.number_format}" for ws, cell, face in made.cells if "[Red]" in face.number_format
    ]


def faint_charts(data: bytes) -> Violations:
    """Colours of chart series too faint on white."""
    charts = {name: part for name, part in parts_of(data).items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)}
    series = ((name, one) for name, part in charts.items() for one in elements(part, "ser"))
    inks = ((name, color.get("val") or "") for name, one in series for color in elements(ET.tostring(one), "srgbClr"))
    return [f"{name}: {ink}" for name, ink in inks if contrast(ink, style.WHITE) < GRAPHIC_CONTRAST]


# The package, and a second program


FOREIGN = (
    "vbaProject",
    "externalLink",
    "embeddings/",
    "connections",
    "activeX",
    "ctrlProps",
    "queryTable",
    "webextension",
    "customXml",
    "oleObject",
)


def leads_outside(relation: ET.Element) -> bool:
    """Anything external but a link that a reader may click."""
    clicked = relation.get("Type", "").endswith("/hyperlink") and is_page(relation.get("Target"))
    return relation.get("TargetMode") == "External" and not clicked


def foreign_parts(data: bytes) -> Violations:
    """Macros, external links, connections, embedded objects, and relations that lead outside."""
    parts = parts_of(data)
    found = [name for name in parts if any(word.casefold() in name.casefold() for word in FOREIGN)]
    relations = (
        (name, rel) for name, part in parts.items() if name.endswith(".rels") for rel in elements(part, "Relationship")
    )
    found += [f"{name}: {rel.get('Target')}" for name, rel in relations if leads_outside(rel)]
    return found + (["macro-enabled"] if b"macroEnabled" in parts["[Content_Types].xml"] else [])


STORED = re.compile(rb"(<f[^>]*>[^<]*</f>|<f[^>]*/>)<v(?:>[^<]*</v>|/>)")


def without_stored_values(data: bytes) -> bytes:
    """The workbook with the value of every formula cell removed, so that a program must calculate it."""
    sheets = re.compile(r"xl/worksheets/sheet\d+\.xml")
    return pack(
        {name: STORED.sub(rb"\1", part) if sheets.fullmatch(name) else part for name, part in parts_of(data).items()}
    )


def calculated_by_libreoffice(data: bytes, folder: Path) -> Workbook:
    """The values that LibreOffice calculates; ``folder`` is for its profile and files."""
    folder.mkdir(parents=True)
    (folder / "plan.xlsx").write_bytes(without_stored_values(data))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        str(folder / "plan.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)  # fixed words
    return load_workbook(folder / "out" / "plan.xlsx", data_only=True)


def stored_values_that_differ(made: Made, other: Workbook) -> Violations:
    """Formula cells whose stored value is not what another program calculates."""
    pairs = ((spot, made.value(*spot), other[spot[0]].cell(*spot[1:]).value) for spot in made.formulas)
    wrong = ((spot, a, b) for spot, a, b in pairs if not agree(a, b, partial(scale_of, made, spot)))
    return [f"{show(spot)}: stored {a!r}, calculated {b!r}" for spot, a, b in wrong]


def agree(one: object, other: object, scale: Callable[[], float]) -> bool:
    """Equal, both blank, or numbers that differ by a billionth of the largest number that went in."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        off = abs(one - other)
        return off <= SAME_NUMBER * max(abs(one), abs(other)) or off <= SAME_NUMBER * scale()
    return (one if one is not None else "") == (other if other is not None else "")


def scale_of(made: Made, spot: Spot) -> float:
    """The largest number among the cells that a formula reads one by one."""
    single = (area[:3] for area in areas_of(made.formulas[spot], spot[0]) if area[1:3] == area[3:])
    return max((abs(n) for n in (made.value(*cell) for cell in single) if isinstance(n, (int, float))), default=0)
