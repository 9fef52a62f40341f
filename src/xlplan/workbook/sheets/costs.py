"""Costs: one line per activity or item: what, for which area, how many, at what price, when, who pays."""

from dataclasses import replace

from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import Block, Column, Layout, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, hide_spare_ids, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.inputs import id_column, input_column, input_look
from xlplan.workbook.sheets.workplan import PEOPLE_AND_DATES

WIDTHS = {
    "on": 10,
    "activity": 44,
    "area": 26,
    "category": 20,
    "nature": 16,
    "quantity_1": 10,
    "unit_1": 12,
    "quantity_2": 8,
    "unit_2": 11,
    "quantity_3": 8,
    "unit_3": 11,
    "driver": 20,
    "price": 26,
    "unit_cost": 12,
    "currency": 10,
    "price_year": 8,
    "first_year": 8,
    "last_year": 8,
    "every": 8,
    "useful_life": 8,
    "loss_rate": 8,
    "in_use_before": 10,
    "on_costs": 9,
    "economic_unit_cost": 12,
    "tapers": 8,
    "base": 18,
    "base_share": 8,
    "head": 18,
    "grouping": 20,
    "tail": 18,
    "covers": 18,
    "capacity": 10,
    "team_days": 10,
    "item": 32,
    "shared_activity": 16,
    "waiver": 26,
    "source": 30,
    "note": 34,
}
SHARE_WIDTH, TOTAL_WIDTH, TO_DO_WIDTH = 18, 15, 40
SHEET = Sheet(
    "costs",
    "Costs",
    "One line per activity or item: what, for which area, how many, at what price, when. No in column B takes a line out of every total.",
    "input",
    (),
    freeze="E6",
)


def total(refs: Refs) -> str:
    return refs.here("line_cost")


def to_do(refs: Refs) -> str:
    """The first finding of the line, in the words of its check."""
    finding = refs.here("first_finding")
    return f'IF(ISNUMBER({finding}),INDEX({refs.whole("flag_words")},{finding}),"")'


def blocks(shape: Shape) -> tuple[Block, ...]:
    fields = {field.id: field for field in shape.plan.catalogue.tables["lines"].fields}
    before, after = ("on", "activity"), ("source", "note")
    middle = [f for f in fields.values() if not f.by and f.id not in before + after + PEOPLE_AND_DATES]
    money = style.NUMBER.but(bold=True, format=style.MONEY)
    columns = [
        id_column(shape, "lines", "Line"),
        *(input_column(fields[id]) for id in before),
        Column("Total over the plan", money, text=total),
        *(input_column(field) for field in middle),
    ]
    share = fields["shares"]
    first_share = len(columns) + 1
    funders = shape.count("funder")
    filler = [Column("", style.BODY)] * funders
    columns += [
        *filler,
        *(input_column(fields[id]) for id in after),
        Column("To do", style.MUTED_TEXT.but(color=style.BAD[0]), text=to_do),
    ]
    series = Series("funder", input_look(share), field=share, column=first_share)
    return (Block("lines", "", "lines", shape.count("lines"), tuple(columns), (series,), guarded=True),)


def place(layout: Layout) -> None:
    """Line ids, from which a one-off names the line that continues it."""
    layout.places["list:lines"] = replace(layout.places["lines.activity"], column=1)


def draw(canvas: Canvas) -> None:
    block = canvas.layout.blocks["costs"][0]
    first, last = canvas.layout.starts["lines"] + 1, canvas.layout.starts["lines"] + block.count
    set_widths(canvas, block)
    shares = canvas.layout.places["lines.shares"]
    funders = canvas.layout.places["funders.label"]
    for number in range(shares.columns):
        name = f"'{canvas.layout.title('funding')}'!$B${funders.row + number}"
        canvas.formula(first - 1, shares.column + number, f'IF({name}="","",{name})', style.HEAD.but(align="right"))
    note = get_column_letter(len(block.columns) - 1)
    hide_spare_ids(canvas, block, used_formula(first, note))
    switch = canvas.book_plan.labels["switch"]
    off = DifferentialStyle(font=Font(color=style.MUTED, italic=True))
    suggested = style.difference(style.LINK, style.GROUP_GROUND)
    for word, look in ((switch["no"], off), (switch["suggested"], suggested)):
        rule = FormatRule(type="expression", dxf=look, formula=[f'$B{first}="{word}"'])
        canvas.ws.conditional_formatting.add(f"A{first}:{note}{last}", rule)
    grow_rows(canvas, first, last)
    canvas.ws.row_dimensions[first - 1].height = 66
    set_page(canvas, len(block.columns), last, wide=2)
    canvas.ws.print_title_cols = "A:C"


def used_formula(row: object, note: str) -> str:
    """True for a row with any entry; id, total and to-do do not count."""
    return f"COUNTA($B{row}:$C{row},$E{row}:${note}{row})>0"


def set_widths(canvas: Canvas, block: Block) -> None:
    for number, column in enumerate(block.columns, 1):
        width = WIDTHS[column.field.id] if column.field else SHARE_WIDTH
        width = {"Line": 16, "Total over the plan": TOTAL_WIDTH, "To do": TO_DO_WIDTH}.get(column.head, width)
        canvas.ws.column_dimensions[get_column_letter(number)].width = width
