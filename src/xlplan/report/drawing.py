"""Charts as pictures, drawn without a screen: SVG for pages, PNG for documents."""

import math
from io import BytesIO
from typing import Any
from unicodedata import bidirectional

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from xlplan.report.content import Bands, Bars, Chart, Ladder, Series, Tornado

TEXT, MUTED, GRID = "#1F2A37", "#5B6875", "#E3E8ED"
BAD, FAIR, GOOD = "#8E1B12", "#C98A1B", "#2F7D4F"
BAND = "#C9D6E4"
WIDTH, HEIGHT = 9.6, 3.6
"""Inches."""

NARROW = 6
"""Columns of which each is as narrow as it is beside others; fewer do not grow wider."""

LONGEST = 48
"""Letters of a planner's text beside a bar; a table tells the whole."""

RIGHT_TO_LEFT = ("R", "AL")
"""Kinds of letters that the library writes in the wrong order."""

SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": TEXT,
    "text.parse_math": False,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "svg.hashsalt": "xlplan",
}
"""Letters that come with the library, so that a chart looks the same on every machine."""

STEPS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def picture(chart: Chart, kind: str) -> bytes:
    """The chart as ``svg`` or ``png``; the same bytes every time."""
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        axes = figure.add_subplot()
        draw(axes, chart)
        stream = BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(stream, format=kind, dpi=200, metadata=metadata)
    return stream.getvalue()


def draw(axes: Axes, chart: Chart) -> None:
    match chart:
        case Bars():
            draw_bars(axes, chart)
        case Ladder():
            draw_ladder(axes, chart)
        case Bands():
            draw_bands(axes, chart)
        case Tornado():
            draw_tornado(axes, chart)


def draw_bars(axes: Axes, chart: Bars) -> None:
    below = [0.0] * len(chart.labels)
    for series in chart.series:
        values = [0.0 if math.isnan(value) else value for value in series.values]
        axes.bar(chart.labels, values, 0.6, below, label=series.name, color=f"#{series.color}", edgecolor="white")
        below = [low + value for low, value in zip(below, values, strict=True)]
    axes.yaxis.set_major_formatter(lambda value, _: short(value).replace(".", chart.decimal_point))
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    bare(axes)
    axes.figure.legend(loc="outside lower center", ncols=3, frameon=False)


def draw_bands(axes: Axes, chart: Bands) -> None:
    """A pale column from low to high; across it a line, a diamond and a dashed line, to be told apart in grey."""
    places = range(len(chart.labels))
    heights = [high - low for low, high in zip(chart.low, chart.high, strict=True)]
    axes.bar(places, heights, 0.6, chart.low, label=chart.name, color=BAND, edgecolor=MUTED)
    for series, mark in zip(chart.series, (across, diamonds, dashes), strict=False):
        mark(axes, series)
    axes.set_xticks(places, chart.labels)
    room = max(0.5, (NARROW - len(places)) / 2)
    axes.set_xlim(-room, len(places) - 1 + room)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: short(value).replace(".", chart.decimal_point))
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    bare(axes)
    legend(axes, [chart.name, *(series.name for series in chart.series)])


def across(axes: Axes, series: Series) -> None:
    flat(axes, series, 0.3, linewidth=2.5)


def dashes(axes: Axes, series: Series) -> None:
    flat(axes, series, 0.42, linewidth=2, linestyle=(0, (2, 1)), clip_on=False)


def flat(axes: Axes, series: Series, reach: float, **look: Any) -> None:
    """A level line at each value, so far to either side."""
    places = range(len(series.values))
    starts, ends = [place - reach for place in places], [place + reach for place in places]
    axes.hlines(series.values, starts, ends, label=series.name, color=f"#{series.color}", **look)


def diamonds(axes: Axes, series: Series) -> None:
    axes.plot(
        range(len(series.values)), series.values, "D", label=series.name, color=f"#{series.color}",
        markeredgecolor="white", markersize=7, zorder=3,
    )  # fmt: skip


def draw_tornado(axes: Axes, chart: Tornado) -> None:
    """Two bars for each label, from the middle line outwards."""
    rows = range(len(chart.labels))
    for series in chart.series:
        axes.barh(rows, series.values, 0.6, label=series.name, color=f"#{series.color}", edgecolor="white")
    axes.axvline(0, color=MUTED, linewidth=1)
    axes.set_yticks(rows, [name(number, label) for number, label in enumerate(chart.labels, 1)], color=TEXT)
    axes.xaxis.set_major_formatter(lambda value, _: short(value).replace(".", chart.decimal_point))
    axes.invert_yaxis()
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    bare(axes)
    axes.figure.legend(loc="outside lower center", ncols=2, frameon=False)


def name(number: int, label: str) -> str:
    """A text of a planner with its number, shortened; the number alone where the font cannot write it.

    >>> name(2, "Tablet, 10 inch"), name(3, "تابلت")
    ('2. Tablet, 10 inch', '3.')
    """
    text, font = " ".join(label.split()), get_font(findfont("DejaVu Sans"))
    if not all(font.get_char_index(ord(letter)) and bidirectional(letter) not in RIGHT_TO_LEFT for letter in text):
        return f"{number}."
    return f"{number}. {text}" if len(text) <= LONGEST else f"{number}. {text[: LONGEST - 1].rstrip()}…"


def legend(axes: Axes, names: list[str]) -> None:
    """Names beside each other, in this order."""
    marks, known = axes.get_legend_handles_labels()
    ordered = [marks[known.index(name)] for name in names]
    axes.figure.legend(ordered, names, loc="outside lower center", ncols=len(names), frameon=False)


def draw_ladder(axes: Axes, chart: Ladder) -> None:
    """One bar for each label, with its step beside it."""
    rows = range(len(chart.labels))
    axes.barh(rows, chart.places, 0.6, color=[color_of(place, len(chart.steps)) for place in chart.places])
    for row, place in zip(rows, chart.places, strict=True):
        axes.text(place + 0.04, row, chart.steps[place - 1] if place else chart.unknown, va="center")
    axes.set_yticks(rows, chart.labels, color=TEXT)
    axes.set_xticks(range(len(chart.steps) + 1), ("", *chart.steps))
    axes.set_xlim(0, len(chart.steps) + 0.7)
    axes.invert_yaxis()
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    bare(axes)


def bare(axes: Axes) -> None:
    """Without a frame: only what carries figures."""
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)


def color_of(place: int, count: int) -> str:
    return BAD if place <= 1 else GOOD if place == count else FAIR


def short(value: float) -> str:
    """An axis figure in as few letters as can be.

    >>> short(1_500_000), short(2000), short(40)
    ('1.5 M', '2 k', '40')
    """
    for step, letter in STEPS:
        if abs(value) >= step:
            return f"{value / step:g} {letter}"
    return f"{value:g}"
