"""Charts: calm, labelled, readable in grey."""

from collections.abc import Sequence
from typing import TypeVar

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.layout import Layout as ChartLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter

from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, quoted

Chart = TypeVar("Chart", BarChart, LineChart)


def words(size: int, color: str, *, bold: bool = False) -> RichText:
    """Text of a chart: size in points, colour as hex."""
    look = CharacterProperties(sz=size * 100, b=bold, solidFill=color, latin=Font(typeface="Calibri"))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def plain_chart(title: str, kind: str, width: float, height: float) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth = kind, 55
    return dressed(chart, title, width, height)


def dressed(chart: Chart, title: str, width: float, height: float) -> Chart:
    chart.width, chart.height = width, height
    chart.title = title
    heading = CharacterProperties(sz=1200, b=True, solidFill=style.TEXT, latin=Font(typeface="Calibri"))
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=heading)
        for run in paragraph.r:
            run.rPr = heading
    chart.title.overlay = False
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = words(9, style.MUTED)
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=style.GRID))
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=style.GRID))
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(solidFill=style.HAIRLINE))
    chart.layout = ChartLayout()
    return chart


def stacked_years(
    canvas: Canvas, title: str, rows: Sequence[int], colors: Sequence[str], anchor: str, years: int, width: float
) -> None:
    """Columns stacked by row, one a year; the row's name in column B is the legend."""
    chart = plain_chart(title, "col", width, 5.9)
    chart.grouping, chart.overlap = "stacked", 100
    for row, color in zip(rows, colors, strict=False):
        values = Reference(canvas.ws, min_col=FIRST_YEAR_COLUMN, max_col=FIRST_YEAR_COLUMN + years - 1, min_row=row)
        series = Series(values, title_from_data=False)
        series.tx = reference_title(canvas, f"$B${row}")
        paint(series, color)
        chart.series.append(series)
    chart.set_categories(
        Reference(canvas.ws, min_col=FIRST_YEAR_COLUMN, max_col=FIRST_YEAR_COLUMN + years - 1, min_row=HEAD_ROW)
    )
    chart.legend.position = "b"
    chart.legend.txPr = words(9, style.MUTED)
    chart.y_axis.numFmt, chart.y_axis.number_format = None, "#,##0"
    canvas.ws.add_chart(chart, anchor)


def level_bars(canvas: Canvas, title: str, first: int, last: int, highest: int, anchor: str) -> None:
    """One bar a domain, as long as its level is high; names in column B, levels on the Gates sheet."""
    chart = plain_chart(title, "bar", 40, 6.4)
    gates = canvas.ws.parent[canvas.layout.title("gates")]
    level = canvas.layout.places["level_now"]
    values = Reference(gates, min_col=level.column, min_row=level.row, max_row=level.row + last - first)
    series = Series(values, title=title)
    paint(series, style.LINK)
    chart.series.append(series)
    chart.set_categories(Reference(canvas.ws, min_col=2, min_row=first, max_row=last))
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, highest, 1
    chart.y_axis.number_format, chart.y_axis.crosses = "0", "max"
    canvas.ws.add_chart(chart, anchor)


def reference_title(canvas: Canvas, cell: str) -> SeriesLabel:
    return SeriesLabel(strRef=StrRef(f"{quoted(canvas.sheet.title)}!{cell}"))


def paint(series: Series, color: str) -> None:
    series.graphicalProperties = GraphicalProperties(solidFill=color, ln=LineProperties(solidFill=color))
    series.invertIfNegative = False


def level_rounds(canvas: Canvas, title: str, rounds: int, anchor: str) -> None:
    """Foundational domains side by side, one bar a round; levels on the Levels sheet."""
    chart = plain_chart(title, "col", 40, 8)
    levels, names = canvas.layout.places["final_level"], canvas.layout.places["foundations.name"]
    book = canvas.ws.parent
    sheet, home = book[canvas.layout.title(levels.sheet)], book[canvas.layout.title(names.sheet)]
    last = levels.row + names.rows - 1
    for number, color in zip(range(rounds), (*style.CHART, style.COMMITTED), strict=False):
        column = levels.column + number
        series = Series(Reference(sheet, min_col=column, min_row=levels.row, max_row=last), title_from_data=False)
        letter = get_column_letter(column)
        series.tx = SeriesLabel(strRef=StrRef(f"{quoted(sheet.title)}!${letter}${levels.row - 1}"))
        paint(series, color)
        chart.series.append(series)
    chart.set_categories(Reference(home, min_col=names.column, min_row=names.row, max_row=names.row + names.rows - 1))
    chart.legend.position, chart.legend.txPr = "b", words(9, style.MUTED)
    highest = canvas.layout.shape.count("levels")
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, highest, 1
    chart.y_axis.number_format = "0"
    canvas.ws.add_chart(chart, anchor)


LINES = (("sysDash", style.LINK, 19050), ("solid", style.DARK, 31750), ("dash", style.GAP, 19050),
         ("sysDot", style.COMMITTED, 31750))  # fmt: skip
"""Dash, colour and width (in 12,700ths of a point) of lines, to be told apart without colour."""


def lines_of_years(canvas: Canvas, title: str, rows: Sequence[int], anchor: str, width: float) -> None:
    """One line a row across the years; the row's name in column B is the legend."""
    chart = dressed(LineChart(), title, width, 7.6)
    last = FIRST_YEAR_COLUMN + canvas.book_plan.years - 1
    for row, (dash, color, size) in zip(rows, LINES, strict=True):
        series = Series(Reference(canvas.ws, min_col=FIRST_YEAR_COLUMN, max_col=last, min_row=row))
        series.tx = reference_title(canvas, f"$B${row}")
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=color, prstDash=dash, w=size))
        series.marker.symbol, series.smooth = "none" if last > FIRST_YEAR_COLUMN else "dash", False
        chart.series.append(series)
    chart.set_categories(Reference(canvas.ws, min_col=FIRST_YEAR_COLUMN, max_col=last, min_row=HEAD_ROW))
    chart.legend.position, chart.legend.txPr = "b", words(9, style.MUTED)
    chart.y_axis.numFmt, chart.y_axis.number_format = None, "#,##0"
    canvas.ws.add_chart(chart, anchor)


def bars_both_ways(
    canvas: Canvas, title: str, rows: tuple[int, int], columns: tuple[int, int], head: int, anchor: str, width: float
) -> None:
    """A tornado: from each row's name in column B one bar to the left and one to the right, the longest on top."""
    chart = plain_chart(title, "bar", width, 7.6)
    chart.overlap, first, last = 100, *rows
    for column, color in zip(columns, (style.LINK, style.GAP), strict=True):
        series = Series(Reference(canvas.ws, min_col=column, min_row=first, max_row=last))
        series.tx = reference_title(canvas, f"${get_column_letter(column)}${head}")
        paint(series, color)
        chart.series.append(series)
    chart.set_categories(Reference(canvas.ws, min_col=2, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblPos = "maxMin", "low"
    chart.y_axis.number_format, chart.y_axis.crosses = "#,##0", "max"
    chart.legend.position, chart.legend.txPr = "b", words(9, style.MUTED)
    canvas.ws.add_chart(chart, anchor)
