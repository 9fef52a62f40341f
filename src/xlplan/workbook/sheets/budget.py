"""Budget: what the plan costs by category, nature, funding, area and year, with charts."""

from openpyxl.worksheet.pagebreak import Break

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.charts import stacked_years
from xlplan.workbook.formulas import row_number
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, Block, Column, Foot, Series, Shape, Sheet
from xlplan.workbook.page import lines_of, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.columns import number_look, unit_column

NAME_WIDTH = 48
SHEET = Sheet(
    "budget",
    "Budget",
    "What the plan costs, year by year, and who pays, in the reporting currency.",
    "output",
    (8, NAME_WIDTH, 12, 16, 9),
    years=True,
    freeze="C6",
)
CHART_ROWS = 13
FEET_LOOKS = (style.ID, style.BODY, style.BODY, style.NUMBER, style.BODY)
LEFT_WIDTH, YEAR_CM = 14.0, 2.3
"""Centimetres: what columns A to D take, and one year column."""

CHART_YEARS = 6
"""Year columns that the right chart covers at its least width; a page of fewer years is as wide."""


def foot(by_year: str, total: str, label: str = "", *, strong: bool = False) -> Foot:
    found = load_model()[by_year or total]
    return Foot(label or found.label, by_year, total, found.unit, strong)


def blocks(shape: Shape) -> tuple[Block, ...]:
    summary = (
        foot("total_cost", "cash", "Total", strong=True),
        foot("total_one_off_cost", "plan_one_off_cost", "of which one-off"),
        foot("total_recurring_cost", "plan_recurring_cost", "of which recurring"),
        foot("total_confirmed", "plan_confirmed", "Committed money used"),
        foot("total_expected", "plan_expected"),
        foot("funding_gap", "plan_gap", "Gap: total less committed", strong=True),
    )
    value = (
        foot("price_level", ""),
        foot("real_cost", ""),
        foot("discount_factor", ""),
        foot("discounted_cost", "present_value", "Present value"),
        foot("total_annualised_cost", "", "Annualised cost"),
        foot("", "equivalent_annual_cost", strong=True),
    )
    checks = tuple(
        foot("", id)
        for id in (
            "plan_area_cost",
            "plan_category_cost",
            "plan_nature_cost",
            "plan_funder_cost",
            "plan_line_cost",
            "plan_confirmed_and_gap",
            "plan_heads_and_none",
            "plan_groupings_and_none",
            "plan_line_gap",
        )
    )
    return (
        group(shape, "categories", "", "By category", summary),
        group(shape, "areas", "By area", "Area", (), gap=CHART_ROWS),
        group(shape, "heads", "By HISP head", "HISP head", HEADLESS),
        group(shape, "groupings", "By Global Fund grouping", "Global Fund grouping", UNGROUPED),
        sources(shape),
        feet_block("value", "Value over time", value),
        feet_block("sums", "Sums that must agree with the total", checks),
    )


HEADLESS = (
    foot("headless_cost", "plan_headless_cost"),
    foot("", "plan_head_cost"),
)
UNGROUPED = (
    foot("ungrouped_cost", "plan_ungrouped_cost"),
    foot("", "plan_grouping_cost"),
)
SINGULAR = {"categories": "category", "areas": "area", "heads": "head", "groupings": "grouping"}


def sources(shape: Shape) -> Block:
    """Cost placed on each source, as Funding by year calculates it, and what none carries."""
    columns = (
        Column("No.", style.ID, text=lambda refs: source_cell(refs, "funder_place")),
        Column("Funding source", style.BODY.but(wrap=True), text=lambda refs: f'{refs.here("funders.label")}&""'),
        unit_column("placed_cost"),
        Column("Total", style.NUMBER.but(bold=True, format=style.MONEY), text=source_total),
        Column("Share", style.NUMBER.but(format=style.WHOLE_SHARE), text=source_share),
    )
    series = Series("year", number_look("placed_cost"), text=lambda refs: refs.here("placed_cost"))
    return Block("by_source", "By funding source", "funders", shape.count("funders"), columns, (series,), guarded=True)


def source_cell(refs: Refs, quantity: str) -> str:
    return f'IF({refs.here("funders.label")}="","",{refs.here(quantity)})'


def source_total(refs: Refs) -> str:
    return f"SUM({refs.row('placed_cost')})"


def source_share(refs: Refs) -> str:
    return f"IF({refs.here('cash')}>0,SUM({refs.row('placed_cost')})/{refs.here('cash')},0)"


def group(shape: Shape, rows: str, title: str, head: str, feet: tuple[Foot, ...], gap: int = 0) -> Block:
    singular = SINGULAR[rows]

    def share(refs: Refs) -> str:
        return f"IF({refs.here('cash')}=0,0,{refs.here(f'{singular}_total')}/{refs.here('cash')})"

    columns = (
        Column("No.", style.ID, quantity=f"{singular}_place", text=lambda refs: number_of(refs, rows)),
        Column(head, style.BODY.but(wrap=True), text=lambda refs: refs.entry_of_row(rows)),
        unit_column(f"{singular}_cost"),
        Column("Total", style.NUMBER.but(bold=True, format=style.MONEY), quantity=f"{singular}_total"),
        Column("Share", style.NUMBER.but(format=style.WHOLE_SHARE), text=share),
    )
    series = Series("year", number_look(f"{singular}_cost"), quantity=f"{singular}_cost")
    words = shape.plan.labels[rows].values()
    height = 36 if any(lines_of(word, NAME_WIDTH) > 1 for word in words) else 22
    return Block(
        f"by_{singular}",
        title,
        rows,
        shape.count(rows),
        columns,
        (series,),
        guarded=rows == "areas",
        feet=feet,
        gap=gap,
        height=height,
    )


def number_of(refs: Refs, rows: str) -> str:
    """Row number; nothing for an area whose programme has no name."""
    singular = SINGULAR[rows]
    number = row_number(refs.layout.starts[f"by_{singular}"])
    if rows != "areas":
        return number
    return f'IF({refs.entry_of_row("areas")}="","",{number})'


def feet_block(key: str, title: str, feet: tuple[Foot, ...], sheet: str = "budget", gap: int = 0) -> Block:
    heads = tuple(Column(head, look) for head, look in zip(("", title, "Unit", "Total", ""), FEET_LOOKS, strict=True))
    return Block(f"{sheet}_{key}", "", "", 0, heads, feet=feet, gap=gap)


def draw(canvas: Canvas) -> None:
    starts, years = canvas.layout.starts, canvas.book_plan.years
    top = starts["by_area"] - CHART_ROWS
    currency = canvas.book_plan.currency
    first_category = starts["by_category"] + 1
    categories = [first_category + n for n in range(canvas.layout.shape.count("categories"))]
    stacked_years(
        canvas,
        canvas.say("Cost by category and year, {currency}").format(currency=currency),
        categories,
        style.CHART,
        f"A{top}",
        years,
        LEFT_WIDTH,
    )
    rows = [canvas.layout.places[id].row for id in ("total_confirmed", "funding_gap")]
    colors = (style.COMMITTED, style.GAP)
    stacked_years(
        canvas,
        canvas.say("Committed money and gap, {currency}").format(currency=currency),
        rows,
        colors,
        f"E{top}",
        years,
        max(LEFT_WIDTH, years * YEAR_CM),
    )
    canvas.ws.row_breaks.append(Break(id=starts["by_area"] - 2))
    last = starts["budget_sums"] + len(canvas.layout.blocks["budget"][-1].feet)
    set_page(canvas, FIRST_YEAR_COLUMN - 1 + max(years, CHART_YEARS), last)
