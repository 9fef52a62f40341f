"""Costs by line and year as Arrow tables: the rows of the store."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from xlplan.consolidate.extract import Extract, Line

SHARES = pa.map_(pa.string(), pa.float64())
TEXTS = (
    "country", "unit", "plan", "file", "sheet", "cell", "line", "activity", "area_kind", "area", "category", "nature",
    "shared_activity", "currency",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        ("year", pa.int16()),
        *((name, pa.float64()) for name in ("cost", "one_off", "gap")),
        ("shares", SHARES),
        ("counted", pa.bool_()),
    ]
)
"""One row for each line and year with a cost; ``cell`` is where the line stands in its file."""


def rows_of(extracts: Sequence[Extract]) -> tuple[pa.Table, list[int]]:
    """Rows of some files, all counted, and how many each file has."""
    lines = [(extract, line) for extract in extracts for line in extract.lines]
    money = {
        name: np.array([n for _, line in lines for n in getattr(line, name)]) for name in ("cost", "one_off", "gap")
    }
    widths = [extract.years for extract, _ in lines]
    place = np.repeat(np.arange(len(lines)), widths)
    years = np.array([year for extract, _ in lines for year in extract.budget_years], dtype=np.int16)
    kept = np.flatnonzero(money["cost"])
    texts = [texts_of(extract, line) for extract, line in lines]
    per_line = pa.table([[row[number] for row in texts] for number in range(len(TEXTS))], TEXTS)
    shares = pa.array([list(line.shares.items()) for _, line in lines], SHARES)
    table = per_line.append_column("shares", shares).take(pa.array(place[kept]))
    table = table.append_column("year", pa.array(years[kept]))
    for name, values in money.items():
        table = table.append_column(name, pa.array(values[kept], pa.float64()))
    table = table.append_column("counted", pa.array(np.ones(len(kept), dtype=bool)))
    return table.select(SCHEMA.names).cast(SCHEMA), counts(extracts)


def counts(extracts: Sequence[Extract]) -> list[int]:
    return [sum(1 for line in extract.lines for cost in line.cost if cost) for extract in extracts]


def texts_of(extract: Extract, line: Line) -> tuple[str, ...]:
    sheet, _, cell = line.cell.rpartition("!")
    return (
        extract.country, extract.unit, extract.plan, extract.name, sheet, cell, line.id, line.activity, line.area_kind,
        line.area, line.category, line.nature, line.shared, extract.currency,
    )  # fmt: skip
