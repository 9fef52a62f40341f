"""Renewals: what has to be ordered again, year by year and month by month."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from xlplan.plan import Row
from xlplan.results import Results

if TYPE_CHECKING:
    import pandas as pd

REPLACEMENT, RETURN, RENEWAL = "replacement", "return", "renewal"
"""Why a line falls due: equipment that wears out, work that comes every few years, a contract or audit."""

COLUMNS = ("year", "month", "line", "activity", "why", "quantity", "cost", "responsible")
Due = tuple[int, int | None, str, str, str, float, float, str]


def calendar(results: Results) -> "pd.DataFrame":
    """One row for each line and year in which it has to be ordered again, in the order of time.

    The month is that of the line's start date, missing where none is typed; quantity in units of the line, cost in the
    reporting currency of the year, of equipment the part that is replaced.
    """
    import pandas as pd

    rows = sorted(due(results), key=lambda row: (row[0], row[1] or 0, row[2]))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"month": "Int64"})


def due(results: Results) -> Iterator[Due]:
    """Every line and year in which something falls due."""
    found, years = results.values, results.plan.budget_years  # noqa: PD011  no frame
    for n, line in enumerate(results.plan.rows("lines")):
        why = reason(results, line)
        quantity, money = ("units_replaced", "recurring_cost") if why == REPLACEMENT else ("units_bought", "cost")
        first = float(found["first_active_year"][n, 0])
        for t, year in enumerate(years):
            again = year > first if why == RETURN else bool(why)
            if again and found[quantity][n, t] > 0:
                said = str(line["id"]), str(line.get("activity", "")), why
                yield year, month(line), *said, float(found[quantity][n, t]), float(found[money][n, t]), who(line)


def reason(results: Results, line: Row) -> str:
    """Why the line falls due again, empty where it does not."""
    if line.get("nature") == "equipment":
        return REPLACEMENT
    item = results.plan.catalogue.items.get(str(line.get("item", "")))
    if item and item.renews and line.get("nature") == "recurring":
        return RENEWAL
    every = line.get("every", 1)
    return RETURN if line.get("nature") == "recurring" and isinstance(every, (int, float)) and every > 1 else ""


def month(line: Row) -> int | None:
    """Month of the line's start date, if it has one."""
    start = line.get("start")
    return start.month if isinstance(start, date) else None


def who(line: Row) -> str:
    return str(line.get("responsible", ""))
