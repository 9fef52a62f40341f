"""What every sheet has: head, links, page set-up, row heights, colours by word."""

import math
from collections.abc import Iterator, Mapping
from datetime import date

from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas, stored_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, Block, Sheet, quoted

YEAR_WIDTH = 12.5
DEFAULT_WIDTH, LINK_WIDTH = 13.0, 20.0
LETTER, BOLD_LETTER, PADDING = 0.92, 0.98, 3.0
"""Widths in digits of the body text: a letter on average, a bold one, the edges and indent of a cell."""

LINE_HEIGHT, SLACK = 1.36, 6.0
"""A line in sizes of its letters, and the room around the text of a cell in points."""


def draw_head(canvas: Canvas, before: Sheet | None, after: Sheet | None) -> None:
    """Title, purpose and links; the same rows on every sheet."""
    ws, sheet = canvas.ws, canvas.sheet
    canvas.put(1, 1, sheet.title, style.TITLE)
    canvas.put(2, 1, sheet.purpose, style.PURPOSE)
    if before:
        link(canvas.put(3, 1, canvas.say("◀ Back"), style.LINKS), before.title)
    if after:
        link(canvas.put(3, 2, canvas.say("Next: {sheet} ▶").format(sheet=after.title), style.LINKS), after.title)
    for row, height in ((1, 30), (2, 20), (3, 18), (4, 6)):
        ws.row_dimensions[row].height = height
    for number, width in enumerate(sheet.widths, 1):
        ws.column_dimensions[get_column_letter(number)].width = width
    if sheet.years:
        for number in range(canvas.book_plan.years):
            ws.column_dimensions[get_column_letter(FIRST_YEAR_COLUMN + number)].width = YEAR_WIDTH


def draw_master(canvas: Canvas) -> None:
    """The master check, as a link, on every sheet, where the link to the next sheet leaves room.

    Pages that are printed say above it which scenario they show, where it is not the plan as typed.
    """
    columns = canvas.ws.column_dimensions
    column = 2 if canvas.sheet.key == "about" else 3 if columns["B"].width >= LINK_WIDTH else 4
    if canvas.sheet.kind == "output":
        canvas.formula(1, 3, canvas.refs().here("scenario_words"), style.SECTION.but(color=style.BAD[0]))
    cell = canvas.formula(3, column, canvas.refs().here("master_text"), style.LINKS)
    link(cell, canvas.layout.title("checks"))


def link(cell: Cell, title: str, target: str = "A1") -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quoted(title)}!{target}")


def round_heads(canvas: Canvas, row: int, column: int, stride: int, label: str, align: str = "center") -> None:
    """Headings of the rounds: the name of each, or what is typed and the number of the round."""
    look = style.HEAD.but(align=align, indent=0 if align == "center" else 1)
    rounds = canvas.layout.places["rounds.label"]
    for number in range(canvas.layout.shape.count("round")):
        place = column + number * stride
        if label:
            words = canvas.say("{what}, round {n}").format(what=label, n=number + 1)
            canvas.put(row, place, words, look)
        else:
            name = f"{quoted(canvas.layout.title('settings'))}!$B${rounds.row + number}"
            text = f'IF({name}="","",{name})' if canvas.sheet.key != "settings" else name
            canvas.formula(row, place, text, look)


def hide_spare_ids(canvas: Canvas, block: Block, used: str) -> None:
    """Ready-made ids of rows that nobody has filled show nothing; ``used`` is the formula for a filled row."""
    first = canvas.layout.starts[block.key] + 1
    hidden = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
    rule = FormatRule(type="expression", dxf=hidden, formula=[f"NOT({used})"])
    canvas.ws.conditional_formatting.add(f"A{first}:A{first + block.count - 1}", rule)


def color_words(canvas: Canvas, area: str, top_left: str, lists: Mapping[str, tuple[str, ...]]) -> None:
    """Ground and text colour by the word in the cell."""
    for label, (color, ground) in style.tones(lists):
        color_word(canvas, area, top_left, label, (color, ground))


def color_word(canvas: Canvas, area: str, top_left: str, label: str, tone: tuple[str, str]) -> None:
    """Ground and text colour of the cells that hold one word."""
    if label:
        rule = FormatRule(type="expression", dxf=style.difference(*tone, bold=True), formula=[f'{top_left}="{label}"'])
        canvas.ws.conditional_formatting.add(area, rule)


def set_page(canvas: Canvas, last_column: int, last_row: int, *, portrait: bool = False, wide: int = 1) -> None:
    """A4, one page wide, heading rows repeated, page numbers; panes frozen; protected without password."""
    ws = canvas.ws
    set_paper(ws, canvas.sheet.kind, canvas.book_plan.text("title"), portrait=portrait, wide=wide)
    set_frame(ws)
    one_table = len(canvas.layout.blocks[canvas.sheet.key]) <= 1
    ws.print_title_rows = f"1:{HEAD_ROW if one_table else 3}"
    ws.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
    if canvas.sheet.freeze:
        ws.freeze_panes = canvas.sheet.freeze


def set_paper(ws: Worksheet, kind: str, title: str, *, portrait: bool = False, wide: int = 1) -> None:
    """A4, so many pages wide, the title and page numbers at the foot; the colour of its kind of sheet."""
    ws.sheet_view.showGridLines = False
    ws.page_setup.paperSize, ws.page_setup.orientation = 9, "portrait" if portrait else "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = wide, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.sheet_properties.tabColor = style.TAB[kind]
    ws.oddFooter.left.text = stored_text(title.replace("&", "&&"))[:200]
    ws.oddFooter.right.text = "&P / &N"


def set_frame(ws: Worksheet) -> None:
    """Margins, full size on the screen, protection without password."""
    ws.sheet_view.zoomScale = 100
    ws.page_margins.left = ws.page_margins.right = 0.5
    ws.page_margins.top = ws.page_margins.bottom = 0.6
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.formatRows = False
    ws.protection.sort = ws.protection.autoFilter = False


def height_of(lines: int, least: float = 22, size: float = 11) -> float:
    """Height of a row with so many lines of text, in points."""
    return max(least, math.ceil(size * LINE_HEIGHT * lines + SLACK))


def lines_of(text: object, width: float, letter: float = LETTER) -> int:
    """Lines that a text takes in a column of this width, wrapped at its blanks."""
    if isinstance(text, date):
        return 1
    room, count = max(width - PADDING, 1), 0
    for part in str(text or "").split("\n"):
        line = 0.0
        count += 1
        for word in part.split(" "):
            long = len(word) * letter
            if line and line + letter + long > room:
                line, count = 0.0, count + 1
            line += long + (letter if line else 0)
            count += int(line // room) if long > room else 0
    return count


def grow_rows(canvas: Canvas, first: int, last: int, least: float = 22, size: float = 11) -> None:
    """Heights from the text, since spreadsheet programs do not grow rows of fixed height."""
    widths = {letter: dimension.width for letter, dimension in canvas.ws.column_dimensions.items()}
    for row, cells in enumerate(canvas.ws.iter_rows(min_row=first, max_row=last), first):
        wrapped = (cell for cell in cells if isinstance(cell.value, str) and cell.alignment.wrap_text)
        texts = (
            (cell.value, widths.get(cell.column_letter, DEFAULT_WIDTH))
            for cell in wrapped
            if not cell.value.startswith("=")
        )
        tallest = max((lines_of(text, width * 11 / size) for text, width in texts), default=1)
        canvas.ws.row_dimensions[row].height = height_of(tallest, least, size)


def fit_headings(canvas: Canvas) -> None:
    """Columns as wide as the longest word of their headings, and rows of headings as high as their texts."""
    columns = canvas.ws.column_dimensions
    for row, texts in headings(canvas):
        for letter, text in texts.items():
            longest = max(len(word) for word in text.split()) * BOLD_LETTER + PADDING
            columns[letter].width = max(columns[letter].width, longest)
        tallest = max((lines_of(text, columns[letter].width, BOLD_LETTER) for letter, text in texts.items()), default=1)
        height = canvas.ws.row_dimensions[row].height or 0
        canvas.ws.row_dimensions[row].height = height_of(tallest, height)


def headings(canvas: Canvas) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Row of each head of a table, and its texts by column."""
    for cells in canvas.ws.iter_rows(min_row=HEAD_ROW):
        texts = {
            cell.column_letter: cell.value
            for cell in cells
            if isinstance(cell.value, str) and cell.value.strip() and cell.value[:1] != "=" and is_heading(cell)
        }
        if texts:
            yield cells[0].row, texts


def is_heading(cell: Cell) -> bool:
    return str(cell.fill.start_color.rgb).endswith(style.DARK)
