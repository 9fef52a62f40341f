"""Charts as pictures, drawn without a screen: SVG for pages, PNG for documents."""

import math
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from xlplan.report.content import Bars, Chart, Ladder

TEXT, MUTED, GRID = "#1F2A37", "#5B6875", "#E3E8ED"
BAD, FAIR, GOOD = "#8E1B12", "#C98A1B", "#2F7D4F"
WIDTH, HEIGHT = 9.6, 3.6
"""Inches."""

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
        draw_bars(axes, chart) if isinstance(chart, Bars) else draw_ladder(axes, chart)
        stream = BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(stream, format=kind, dpi=200, metadata=metadata)
    return stream.getvalue()


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
