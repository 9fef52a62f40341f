"""A table in a Word file: its style from the template, widths from its texts, headings repeated on every page."""

from docx.document import Document as File
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from xlplan.report.content import Cell, Table

STYLE = "Report table"
GROUNDS = {"bad": "FBE3E1", "fair": "FDEFD2", "good": "DFF2E3"}
TOTAL_GROUND = "E8EEF5"
SHORT = 15
"""Rows of a table that is kept on one page."""

ALIGNMENTS = {
    "text": WD_PARAGRAPH_ALIGNMENT.LEFT,
    "number": WD_PARAGRAPH_ALIGNMENT.RIGHT,
    "word": WD_PARAGRAPH_ALIGNMENT.CENTER,
}
LETTER, EDGE, LEAST_TEXT, MOST_WORD = 0.185, 0.4, 2.6, 3.2
"""Centimetres: one letter of a cell, what borders take, the least of a text column, the most of a column of words."""


def add_table(file: File, place: Paragraph, table: Table) -> None:
    """Write the table before a paragraph."""
    made = file.add_table(len(table.rows) + 1, len(table.columns), STYLE)
    made.autofit = False
    place._p.addprevious(made._tbl)  # noqa: SLF001  python-docx only appends
    heads = tuple(Cell(column.head) for column in table.columns)
    across = widths(table, page_width(file))
    for number, (row, cells) in enumerate(zip(made.rows, (heads, *table.rows), strict=True)):
        strong, stays = number - 1 in table.strong, number < kept_rows(len(table.rows))
        mark(row._tr, "w:cantSplit", *(("w:tblHeader",) if number == 0 else ()))  # noqa: SLF001
        for into, cell, column, width in zip(row.cells, cells, table.columns, across, strict=True):
            into.width = Cm(width)
            write_cell(into, cell, column.kind, strong=strong)
            into.paragraphs[0].paragraph_format.keep_with_next = stays or None
            if number == 0:
                make_head(into.paragraphs[0], column.kind)
    for column, width in zip(made.columns, across, strict=True):
        column.width = Cm(width)


def kept_rows(count: int) -> int:
    """How many rows stay on the page of the next one: all of a short table, else the first few."""
    return count if count <= SHORT else 3


def make_head(paragraph: Paragraph, kind: str) -> None:
    paragraph.style = "Cell head"
    paragraph.alignment = ALIGNMENTS[kind]


def write_cell(into: _Cell, cell: Cell, kind: str, *, strong: bool) -> None:
    paragraph = into.paragraphs[0]
    paragraph.style = f"Cell {kind}"
    run = paragraph.add_run(cell.text, style=f"Word {cell.tone}" if cell.tone else None)
    run.bold = True if strong else None
    ground = TOTAL_GROUND if strong else GROUNDS.get(cell.tone, "")
    if ground:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", ground)):
            shade.set(qn(f"w:{key}"), value)
        into._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  python-docx has no grounds


def mark(row, *names: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  an element of python-docx
    for name in names:
        row.get_or_add_trPr().append(OxmlElement(name))


def page_width(file: File) -> float:
    """Centimetres between the margins."""
    section = file.sections[0]
    lengths = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (length.cm if length else 0.0 for length in lengths)
    return page - left - right


def widths(table: Table, whole: float) -> tuple[float, ...]:
    """Centimetres of each column: figures and words as wide as they are, texts share the rest by their length."""
    longest = [letters(table, number) for number in range(len(table.columns))]
    fixed = [fixed_width(column.kind, count) for column, count in zip(table.columns, longest, strict=True)]
    weights = [0 if width else min(count, 60) + 8 for width, count in zip(fixed, longest, strict=True)]
    rest = max(whole - sum(fixed), LEAST_TEXT * sum(weight > 0 for weight in weights))
    found = [width or rest * weight / sum(weights) for width, weight in zip(fixed, weights, strict=True)]
    return tuple(width * whole / sum(found) for width in found)


def letters(table: Table, number: int) -> int:
    """Longest text of the column; of a heading, its longest word."""
    head = max(map(len, table.columns[number].head.split()), default=0)
    return max([head, *(len(row[number].text) for row in table.rows)])


def fixed_width(kind: str, count: int) -> float:
    width = count * LETTER + EDGE
    return {"number": width, "word": min(width, MOST_WORD)}.get(kind, 0)
