"""Reads reports back: tables of a page and of a Word file, and what the workbook shows in the same places."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html as markup
from openpyxl import Workbook
from openpyxl.cell import Cell

from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Layout
from xlplan.workbook.sheets.ranges import COMMITTED, COST, ENOUGH, GAP, NO_GAP, TORNADO, TYPED

Tables = dict[str, dict[str, dict[str, str]]]
"""Caption -> first cell of the row -> heading of the column -> text."""

SEPARATORS = {"en": (",", ".", "%"), "fr": ("\u202f", ",", "\u00a0%"), "pt": ("\u00a0", ",", "\u00a0%")}
"""Between thousands, before decimals, per cent: as English, French and Portuguese of Portugal write them."""


def page_tables(page: str) -> Tables:
    found: Tables = {}
    for table in markup.fromstring(page).iter("table"):
        rows = [[cell.text_content() for cell in row.iter("th", "td")] for row in table.iter("tr")]
        add_rows(found, table.findtext("caption") or "", rows)
    return found


def word_tables(data: bytes) -> Tables:
    found: Tables = {}
    caption = ""
    for element in docx.Document(BytesIO(data)).iter_inner_content():
        if isinstance(element, Paragraph):
            caption = element.text if element.style.name == "Caption" else caption
        elif isinstance(element, Table):
            add_rows(found, caption, [[cell.text for cell in row.cells] for row in element.rows])
    return found


def add_rows(found: Tables, caption: str, rows: list[list[str]]) -> None:
    into = found.setdefault(caption.split(" (2", maxsplit=1)[0], {})
    for label, row in zip(told_apart(row[0] for row in rows[1:]), rows[1:], strict=True):
        into.setdefault(label, {}).update(zip(rows[0], row, strict=True))


def told_apart(labels: Iterable[str]) -> list[str]:
    """Labels, with their number where one stands again."""
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(f"{label} {seen[label]}" if seen[label] > 1 else label)
    return found


@dataclass(frozen=True)
class Part:
    """A table of the workbook, the captions under which the report tells it, and headings that it leaves out."""

    sheet: str
    start: str
    captions: tuple[str, ...]
    left_out: tuple[str, ...] = ("Unit",)
    rows_left_out: tuple[str, ...] = ()


PARTS = (
    Part("profile", "profile_foundations", ("Foundational domains",)),
    Part("progress", "progress", ("Levels by round",), ("Level now", "Look closer")),
    Part("profile", "profile_gates", ("Readiness for new work today",)),
    Part("strengthening", "targets", ("Expected level in each year", "Strengthening targets")),
    Part("strengthening", "gates_open", ("Readiness gates in each year", "Readiness for new work today")),
    Part("strengthening", "programmes_open", ("Programmes: planned start against the year in which their gate opens",)),
    Part("budget", "by_category", ("By category", "By year")),
    Part("budget", "by_area", ("By area",)),
    Part("budget", "by_head", ("By HISP head",), rows_left_out=("Cost of all heads",)),
    Part("budget", "by_grouping", ("By Global Fund grouping",), rows_left_out=("Cost of all groupings",)),
    Part("budget", "by_source", ("By funding source",)),
    Part("funding_by_year", "placed_cost_by_source", ("By funding source",), rows_left_out=("Placed on sources",)),
    Part("funding_by_year", "shortfall_by_source", ("Placed without commitment",)),
    Part("ownership", "ownership_own", ("Over the whole plan", "Money by year")),
    Part("ownership", "ownership_own_each", ("For each user and each facility",)),
    Part("ownership", "ownership_own_value", ("Value over time",)),
)


def shown(cell: Cell, language: str) -> str:
    """What a spreadsheet program shows in the cell, in a country of that language."""
    if cell.value is None or isinstance(cell.value, str):
        return (cell.value or "").strip()
    if cell.number_format in ("0", "0;;", "General"):
        return f"{cell.value:g}"
    thousands, point, percent = SEPARATORS[language]
    share = cell.number_format.endswith("%")
    decimals = len(cell.number_format.rstrip("%").partition(".")[2])
    value = Decimal(f"{cell.value:.15g}") * (100 if share else 1)
    text = f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0:,}"
    return text.replace(",", "T").replace(".", point).replace("T", thousands) + (percent if share else "")


LABEL = 2
"""Column of the workbook that names each row."""


def workbook_rows(book: Workbook, layout: Layout, part: Part, language: str):
    """Label, and heading -> text, of each row of the part."""
    ws, row = book[layout.title(part.sheet)], layout.starts[part.start] + 1
    heads = {c.column: str(c.value) for c in ws[row - 1] if c.column > LABEL and c.value not in (None, "")}
    last = row
    while ws.cell(last, LABEL).value not in (None, ""):
        last += 1
    labels = told_apart(str(ws.cell(n, LABEL).value) for n in range(row, last))
    for number, label in enumerate(labels, row):
        yield label, {head: shown(ws.cell(number, n), language) for n, head in heads.items()}


def differences(found: Tables, book: Workbook, layout: Layout, language: str = "en") -> tuple[int, list[str]]:
    """How many cells of the workbook were looked for in a report, and which of them it tells otherwise.

    A report leaves out rows of which nothing is known and nothing is paid.
    """
    say, compared, wrong = layout.shape.say, 0, []
    nothing = {"", "0", "0%", "0\u00a0%", say("Not assessed")}
    for part in PARTS:
        captions, left_out = map(say, part.captions), set(map(say, part.left_out))
        known = [found[caption] for caption in captions if caption in found]
        for label, cells in workbook_rows(book, layout, part, language):
            asked = {head: text for head, text in cells.items() if head not in left_out}
            told = {head: text for rows in known if label in rows for head, text in rows[label].items()}
            if label in map(say, part.rows_left_out) or (not told and set(asked.values()) <= nothing):
                continue
            compared += len(asked)
            wrong += [
                f"{part.start}, {label}, {head}: {told.get(head)!r}, workbook {text!r}"
                for head, text in asked.items()
                if text not in spellings(told.get(head, ""), language) and (text or head != say("Share"))
            ]
    return compared, wrong


PERCENTILES = ("P10", "P50", "P90")
RANGES = {
    "Ranges of the cost by year, {currency}": dict(zip(PERCENTILES, range(COST, COST + 3), strict=True))
    | {"As planned": TYPED, "Committed": COMMITTED, "Chance that committed money is enough for the cost": ENOUGH},
    "Ranges of the funding gap by year, {currency}": dict(zip(PERCENTILES, range(GAP, GAP + 3), strict=True))
    | {"Chance that no line and no source is short of money": NO_GAP},
}
"""Caption in the report -> heading of the column -> row of the sheet Ranges, which has the years across."""

WHOLE_PLAN, NAMES, ENDS = 4, 2, {"At its lowest": 4, "At its highest": 5}
"""Columns of the sheet Ranges."""


def range_differences(found: Tables, book: Workbook, layout: Layout, language: str = "en") -> tuple[int, list[str]]:
    """How many cells of the sheet Ranges were looked for in a report, and which of them it tells otherwise."""
    plan, say = layout.shape.plan, layout.shape.say
    ws = book[layout.title("ranges")]
    columns = {str(year): FIRST_YEAR_COLUMN + n for n, year in enumerate(plan.budget_years)}
    columns[say("Whole plan")] = WHOLE_PLAN
    asked = [
        (say(caption).format(currency=plan.currency), label, say(head), ws.cell(row, column))
        for caption, heads in RANGES.items()
        for label, column in columns.items()
        for head, row in heads.items()
    ]
    most = say("What changes the cost of the whole plan most, {currency}").format(currency=plan.currency)
    for number in range(1, 11):
        label = f"{number}. {ws.cell(TORNADO + number, NAMES).value}"
        asked += [(most, label, say(head), ws.cell(TORNADO + number, column)) for head, column in ENDS.items()]
    told = [found.get(caption, {}).get(label, {}).get(head, "") for caption, label, head, _ in asked]
    return len(asked), [
        f"{label}, {head}: {text!r}, workbook {shown(cell, language)!r}"
        for (_, label, head, cell), text in zip(asked, told, strict=True)
        if cell.value is None or text.removeprefix("+") != shown(cell, language)
    ]


def spellings(text: str, language: str) -> set[str]:
    """The text, and as a cell without a number format shows it."""
    return {text, text.replace(SEPARATORS[language][0], "")}
