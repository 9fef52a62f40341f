"""Draw blocks on a worksheet: heads, inputs with validation, formulas, feet, page set-up."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.plan import Plan, Row, Value
from xlplan.records import Field
from xlplan.values import LONGEST_LABEL, LONGEST_TEXT
from xlplan.values import bounds as number_bounds
from xlplan.workbook import style
from xlplan.workbook.formulas import formula, unit_text
from xlplan.workbook.layout import (
    FIRST_YEAR_COLUMN,
    HEAD_ROW,
    MARK,
    Block,
    Column,
    Layout,
    Refs,
    Series,
    Sheet,
    quoted,
    row_formulas,
)
from xlplan.workbook.style import FORMATS, Look, Painter

YEAR_WIDTH = 12.5
LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Canvas:
    """A worksheet with what is needed to draw on it."""

    book_plan: Plan
    layout: Layout
    sheet: Sheet
    ws: Worksheet
    painter: Painter

    def put(self, row: int, column: int, value: object, look: Look) -> Cell:
        cell: Cell = self.ws.cell(row=row, column=column)
        self.write(cell, value)
        self.painter.paint(cell, look)
        return cell

    def formula(self, row: int, column: int, text: str, look: Look) -> Cell:
        cell: Cell = self.ws.cell(row=row, column=column)
        cell.value = f"={text}"
        self.painter.paint(cell, look)
        return cell

    def write(self, cell: Cell, value: object) -> None:
        """Store a typed value; text stays text whatever it begins with."""
        if isinstance(value, str):
            cell.value = stored_text(value)
            cell.data_type = "s"
        elif value is not None:
            cell.value = value

    def refs(self, offset: int = 0) -> Refs:
        return Refs(self.layout, self.sheet.key, offset)


def stored_text(text: str) -> str:
    """Text as the file stores it: ``_x0041_`` would otherwise be read as an escaped character."""
    return LIKE_ESCAPE.sub("_x005F_", text)


def draw_head(canvas: Canvas, before: Sheet | None, after: Sheet | None) -> None:
    """Title, purpose and links; the same rows on every sheet."""
    ws, sheet = canvas.ws, canvas.sheet
    canvas.put(1, 1, sheet.title, style.TITLE)
    canvas.put(2, 1, sheet.purpose, style.PURPOSE)
    if before:
        link(canvas.put(3, 1, "◀ Back", style.LINKS), before.title)
    if after:
        link(canvas.put(3, 2, f"Next: {after.title} ▶", style.LINKS), after.title)
    for row, height in ((1, 30), (2, 20), (3, 18), (4, 6)):
        ws.row_dimensions[row].height = height
    for number, width in enumerate(sheet.widths, 1):
        ws.column_dimensions[get_column_letter(number)].width = width
    if sheet.years:
        for number in range(canvas.book_plan.years):
            ws.column_dimensions[get_column_letter(FIRST_YEAR_COLUMN + number)].width = YEAR_WIDTH


def draw_master(canvas: Canvas) -> None:
    """The master check, as a link, on every sheet."""
    column = 3 if canvas.sheet.key != "about" else 2
    cell = canvas.formula(3, column, canvas.refs().here("master_text"), style.LINKS)
    link(cell, canvas.layout.title("checks"))


def link(cell: Cell, title: str, target: str = "A1") -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quoted(title)}!{target}")


def draw_block(canvas: Canvas, block: Block) -> None:
    head = canvas.layout.starts[block.key]
    first = head + 1
    if head > HEAD_ROW and block.title:
        canvas.put(head - 1, 1, block.title, style.SECTION)
        canvas.ws.row_dimensions[head - 1].height = 26
    draw_headings(canvas, block, head)
    for row in range(first, first + block.count):
        canvas.ws.row_dimensions[row].height = block.height
    for number, column in enumerate(block.columns, 1):
        draw_column(canvas, block, column, number, first)
    for series in block.series:
        draw_series(canvas, block, series, first)
    if block.closing:
        close(canvas, block, first + block.count)
    draw_feet(canvas, block, first + block.count + block.closing)


def draw_headings(canvas: Canvas, block: Block, head: int) -> None:
    canvas.ws.row_dimensions[head].height = 34
    for number, column in enumerate(block.columns, 1):
        canvas.put(head, number, column.head, heading(column.look))
    last = max(len(block.columns), len(canvas.sheet.widths) if not canvas.sheet.years else FIRST_YEAR_COLUMN - 1)
    for number in range(len(block.columns) + 1, last + 1):
        canvas.put(head, number, None, style.HEAD)
    if canvas.sheet.years:
        draw_years(canvas, head)
    for series in (series for series in block.series if series.over != "year"):
        for number, text in enumerate(series.heads):
            write = canvas.formula if text.startswith("=") else canvas.put
            write(head, series.column + number, text.removeprefix("="), heading(series.look))


def heading(look: Look) -> Look:
    return style.HEAD.but(align=look.align, indent=look.indent)


def draw_years(canvas: Canvas, head: int) -> None:
    """Year headings: the first sheet with years counts up from the first plan year, all others repeat it."""
    look = style.HEAD.but(align="right", format=style.PLAIN)
    home = next(sheet for sheet in canvas.layout.sheets if sheet.years)
    for number in range(canvas.book_plan.years):
        letter, left = (get_column_letter(FIRST_YEAR_COLUMN + number - back) for back in (0, 1))
        if head != HEAD_ROW:
            text = f"{letter}${HEAD_ROW}"
        elif canvas.sheet != home:
            text = f"{quoted(home.title)}!{letter}${HEAD_ROW}"
        else:
            text = f"{left}{HEAD_ROW}+1" if number else canvas.refs().here("first_plan_year")
        canvas.formula(head, FIRST_YEAR_COLUMN + number, text, look)


def draw_column(canvas: Canvas, block: Block, column: Column, number: int, first: int) -> None:
    if column.field is not None:
        draw_inputs(canvas, block, column.field, number, first, column.look, column.slot)
    elif not column.text and (column.values or not column.quantity):
        for offset in range(block.count):
            value = column.values[offset] if offset < len(column.values) else None
            canvas.put(first + offset, number, value, column.look)
    else:
        template = column.text(canvas.refs()) if column.text else formula(column.quantity, canvas.refs())
        fill_rows(canvas, block, template, number, first, column.look)


def draw_series(canvas: Canvas, block: Block, series: Series, first: int) -> None:
    count = canvas.layout.shape.count(series.over)
    if series.field is not None:
        for number in range(count):
            draw_inputs(canvas, block, series.field, series.column + number, first, series.look, number)
        return
    for offset, row_values in enumerate(series.values):
        for number, value in enumerate(row_values):
            canvas.put(first + offset, series.column + number, value, series.look)
    if series.values:
        return
    for number in range(count):
        refs = canvas.refs(number)
        template = series.text(refs) if series.text else formula(series.quantity, refs)
        fill_rows(canvas, block, template, series.column + number, first, series.look)


def fill_rows(canvas: Canvas, block: Block, template: str, column: int, first: int, look: Look) -> None:
    """One formula down all rows; on spare rows it shows nothing."""
    if block.guarded and column > 1:
        template = f'IF($A{MARK}{first}{MARK}="","",{template})'
    for offset, text in enumerate(row_formulas(template, block.count)):
        canvas.formula(first + offset, column, text, look)


def close(canvas: Canvas, block: Block, row: int) -> None:
    """Thin closing row: a row inserted above it is inside every range."""
    last = len(block.columns) + sum(canvas.layout.shape.count(series.over) for series in block.series)
    for column in range(1, last + 1):
        canvas.put(row, column, None, style.BODY.but(border=""))
    canvas.ws.row_dimensions[row].height = 6


def draw_feet(canvas: Canvas, block: Block, first: int) -> None:
    for number, foot in enumerate(block.feet):
        row, base = first + number, style.TOTAL if foot.strong else style.BODY
        canvas.ws.row_dimensions[row].height = block.height
        last = FIRST_YEAR_COLUMN - 1 + (canvas.book_plan.years if canvas.sheet.years else 0)
        for column in range(1, max(last, len(block.columns)) + 1):
            canvas.put(row, column, None, base)
        canvas.put(row, 2, foot.label, base.but(wrap=True))
        number_look = base.but(align="right", format=FORMATS.get(foot.unit, "General"))
        if foot.unit:
            canvas.formula(row, 3, unit_text(foot.unit)(canvas.refs()), style.MUTED_TEXT.but(border=base.border))
        if foot.total:
            canvas.formula(row, block.total_column, formula(foot.total, canvas.refs()), number_look.but(bold=True))
        if foot.across:
            for offset in range(canvas.layout.places[foot.across].columns):
                text = formula(foot.across, canvas.refs(offset))
                canvas.formula(row, block.series_column + offset, text, number_look)


def draw_inputs(canvas: Canvas, block: Block, field: Field, column: int, first: int, look: Look, slot: int = 0) -> None:
    for offset, value in enumerate(input_values(canvas.book_plan, block, field, slot)):
        cell = canvas.put(first + offset, column, value, look)
        if isinstance(value, str) and value[:1] in "=+-@'":
            cell.quotePrefix = True
    letter = get_column_letter(column)
    validation = validation_of(canvas, field)
    validation.add(f"{letter}{first}:{letter}{first + block.count - 1}")
    canvas.ws.add_data_validation(validation)


def input_values(plan: Plan, block: Block, field: Field, slot: int) -> Iterator[Value | None]:
    """What stands in one input column of a block, row by row; labels for choices, nothing on spare rows."""
    for row in input_rows(plan, block, field, slot):
        value = row.get(field.id) if row else None
        if isinstance(value, Mapping):
            keys = [str(y) for y in plan.budget_years] if field.by == "year" else list(plan.places[f"{field.by}s"])
            yield value.get(keys[slot]) if slot < len(keys) else None
        elif field.kind == "choice" and value is not None:
            yield plan.labels[field.list][str(value)]
        else:
            yield value


def input_rows(plan: Plan, block: Block, field: Field, slot: int) -> Iterator[Row | None]:
    if field.table == "settings":
        yield plan.settings
    elif field.table == "levels":
        rounds = list(plan.places["rounds"])
        given = {(row["domain"], row["round"]): row for row in plan.rows("levels")}
        for id in block.ids:
            yield given.get((id, rounds[slot])) if slot < len(rounds) else None
    else:
        rows = plan.rows(field.table)
        yield from rows
        yield from [None] * (block.count - len(rows))


def validation_of(canvas: Canvas, field: Field) -> DataValidation:
    """Validation of one input column: bounds or list, prompt and error message."""
    kind, operator, low, high, expected = bounds(canvas, field)
    found = DataValidation(
        type=kind,
        operator=operator,
        formula1=low,
        formula2=high,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
    )
    found.promptTitle, found.prompt = field.label[:32], field.prompt[:255]
    found.errorTitle, found.error = field.label[:32], f"Expected {expected}. {field.prompt}."[:225]
    return found


def bounds(canvas: Canvas, field: Field) -> tuple[str, str | None, str, str | None, str]:
    if field.kind == "choice":
        return "list", None, canvas.refs().list_range(field.list), None, "an entry of the list"
    if field.kind == "text":
        longest = LONGEST_LABEL if field.key else LONGEST_TEXT
        return "textLength", "lessThanOrEqual", str(longest), None, f"at most {longest} characters"
    if field.kind == "date":
        return "date", "greaterThanOrEqual", "61", None, "a date"  # 1 March 1900, as spreadsheets count
    low, high = number_bounds(field)
    kind = "whole" if field.kind in ("year", "whole") else "decimal"
    return kind, "between", f"{low:.12g}", f"{high:.12g}", f"a number from {low:,g} to {high:,g}"


def hide_spare_ids(canvas: Canvas, block: Block, used: str) -> None:
    """Ready-made ids of rows that nobody has filled show nothing; ``used`` is the formula for a filled row."""
    first = canvas.layout.starts[block.key] + 1
    hidden = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
    rule = FormatRule(type="expression", dxf=hidden, formula=[f"NOT({used})"])
    canvas.ws.conditional_formatting.add(f"A{first}:A{first + block.count - 1}", rule)


def color_words(canvas: Canvas, area: str, top_left: str, lists: Mapping[str, tuple[str, ...]]) -> None:
    """Ground and text colour by the word in the cell."""
    for label, (color, ground) in style.tones(lists):
        rule = FormatRule(
            type="expression", dxf=style.difference(color, ground, bold=True), formula=[f'{top_left}="{label}"']
        )
        canvas.ws.conditional_formatting.add(area, rule)


def set_page(canvas: Canvas, last_column: int, last_row: int, *, portrait: bool = False, wide: int = 1) -> None:
    """A4, one page wide, heading rows repeated, page numbers; panes frozen; protected without password."""
    ws = canvas.ws
    ws.sheet_view.showGridLines = False
    ws.sheet_view.zoomScale = 100
    ws.page_setup.paperSize, ws.page_setup.orientation = 9, "portrait" if portrait else "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = wide, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.sheet_properties.tabColor = style.TAB[canvas.sheet.kind]
    one_table = len(canvas.layout.blocks[canvas.sheet.key]) <= 1
    ws.print_title_rows = f"1:{HEAD_ROW if one_table else 3}"
    ws.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
    ws.oddFooter.left.text = stored_text(canvas.book_plan.text("title").replace("&", "&&"))[:200]
    ws.oddFooter.right.text = "&P / &N"
    ws.page_margins.left = ws.page_margins.right = 0.5
    ws.page_margins.top = ws.page_margins.bottom = 0.6
    if canvas.sheet.freeze:
        ws.freeze_panes = canvas.sheet.freeze
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.formatRows = False
    ws.protection.sort = ws.protection.autoFilter = False


def lines_of(text: object, width: float) -> int:
    """Lines that a text takes in a column of this width, in characters."""
    if isinstance(text, date):
        return 1
    return sum(max(1, math.ceil(len(part) * 1.05 / max(width - 1.5, 1))) for part in str(text or "").split("\n"))


def grow_rows(canvas: Canvas, first: int, last: int, least: float = 22, size: float = 11) -> None:
    """Heights from the text, since spreadsheet programs do not grow rows of fixed height."""
    for row in range(first, last + 1):
        tallest = 1
        for cell in canvas.ws[row]:
            if isinstance(cell.value, str) and cell.alignment.wrap_text and not cell.value.startswith("="):
                width = canvas.ws.column_dimensions[get_column_letter(cell.column)].width
                tallest = max(tallest, lines_of(cell.value, width * 11 / size))
        canvas.ws.row_dimensions[row].height = max(least, 15 * tallest + 6)
