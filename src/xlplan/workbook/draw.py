"""Draw blocks on a worksheet: heads, inputs with validation, formulas, feet, page set-up."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import formula, unit_text
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, MARK, Block, Column, Series, quoted
from xlplan.workbook.package import SHARED
from xlplan.workbook.refs import row_formulas
from xlplan.workbook.style import FORMATS, Look
from xlplan.workbook.typed import draw_inputs


def draw_block(canvas: Canvas, block: Block) -> None:
    head = canvas.layout.starts[block.key]
    first = head + 1
    if not block.joined:
        draw_title(canvas, block, head)
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


def draw_title(canvas: Canvas, block: Block, head: int) -> None:
    if head > HEAD_ROW and block.title:
        canvas.put(head - 1, 1, canvas.say(block.title), style.SECTION)
        canvas.ws.row_dimensions[head - 1].height = 26


def draw_headings(canvas: Canvas, block: Block, head: int) -> None:
    canvas.ws.row_dimensions[head].height = 34
    for number, column in enumerate(block.columns, 1):
        canvas.put(head, number, canvas.say(column.head), heading(column.look))
    last = max(len(block.columns), len(canvas.sheet.widths) if not canvas.sheet.years else FIRST_YEAR_COLUMN - 1)
    for number in range(len(block.columns) + 1, last + 1):
        canvas.put(head, number, None, style.HEAD)
    if canvas.sheet.years:
        draw_years(canvas, head, next((series.look for series in block.series if series.over == "year"), style.NUMBER))
    for series in (series for series in block.series if series.over != "year"):
        for number, text in enumerate(series.heads):
            canvas.put(head, series.column + number * series.stride, canvas.say(text), heading(series.look))


def heading(look: Look) -> Look:
    return style.HEAD.but(align=look.align, indent=look.indent)


def draw_years(canvas: Canvas, head: int, values: Look) -> None:
    """Year headings: the first sheet with years counts up from the first plan year, all others repeat it."""
    look = heading(values).but(format=style.PLAIN)
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
        draw_inputs(canvas, block, column.field, number, first, column.look)
    elif canvas.sheet.kind == "calculation" and not (column.text or column.values or column.quantity):
        return  # thousands of cells that would hold nothing
    elif not column.text and (column.values or not column.quantity):
        for offset in range(block.count):
            value = column.values[offset] if offset < len(column.values) else None
            canvas.put(first + offset, number, value, column.look)
    else:
        template = column.text(canvas.refs()) if column.text else formula(column.quantity, canvas.refs())
        fill_rows(canvas, block, [template], number, first, column.look)


def draw_series(canvas: Canvas, block: Block, series: Series, first: int) -> None:
    count = canvas.layout.shape.count(series.over)
    if series.field is not None:
        for number in range(count):
            column = series.column + number * series.stride
            draw_inputs(canvas, block, series.field, column, first, series.look, number)
        return
    for offset, row_values in enumerate(series.values):
        for number, value in enumerate(row_values):
            canvas.put(first + offset, series.column + number, value, series.look)
    if series.values:
        return
    templates = [series.text(refs) if series.text else formula(series.quantity, refs)
                 for refs in map(canvas.refs, range(count))]  # fmt: skip
    fill_rows(canvas, block, templates, series.column, first, series.look)


def fill_rows(canvas: Canvas, block: Block, templates: Sequence[str], column: int, first: int, look: Look) -> None:
    """One formula down all rows of each column; on spare rows it shows nothing."""
    if block.guarded and column > 1:
        templates = [f'IF($A{MARK}{first}{MARK}="","",{template})' for template in templates]
    made = canvas.painter.made(look)
    formulas = shared(canvas, templates, column, first, block.count)
    for offset, template in enumerate(templates):
        texts = formulas[offset] if formulas else row_formulas(template, block.count)
        for row, text in enumerate(texts, first):
            cell = canvas.ws.cell(row, column + offset, f"={text}")
            canvas.painter.paint_like(cell, made)


def shared(canvas: Canvas, templates: Sequence[str], column: int, first: int, count: int) -> list[list[str]]:
    """One formula stored once for all cells, where it looks at its own sheet only: Excel shares no others."""
    if any("!" in template for template in templates) or count * len(templates) == 1:
        return []
    canvas.shared += 1
    left, right = (get_column_letter(column + offset) for offset in (0, len(templates) - 1))
    follower = f"{SHARED}{canvas.shared}"
    head = f"{follower}:{left}{first}:{right}{first + count - 1}{SHARED}{next(row_formulas(templates[0], 1))}"
    return [[follower if row or offset else head for row in range(count)] for offset in range(len(templates))]


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
        canvas.put(row, 2, canvas.say(foot.label), base.but(wrap=True))
        number_look = base.but(align="right", format=FORMATS.get(foot.unit, "General"))
        if foot.unit:
            canvas.formula(row, 3, unit_text(foot.unit)(canvas.refs()), style.MUTED_TEXT.but(border=base.border))
        if foot.total:
            canvas.formula(row, block.total_column, formula(foot.total, canvas.refs()), number_look.but(bold=True))
        if foot.across:
            for offset in range(canvas.layout.places[foot.across].columns):
                text = formula(foot.across, canvas.refs(offset))
                canvas.formula(row, block.series_column + offset, text, number_look)
