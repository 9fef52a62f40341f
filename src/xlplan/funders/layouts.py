"""Layouts of exports: what columns, rows, periods and rounding a funder's system takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PARTS: Mapping[str, int] = {"year": 1, "half_year": 2, "quarter": 4}
"""Periods, and how many of them a year has."""

KEYS = ("line", "source", "account", "area", "category", "nature", "head", "grouping")
"""What a row may stand for; money in the same row is added up."""

OF_LINE = ("activity", "item", "unit", "price_currency", "note")
FREE = ("plan", "country", "currency", "period", "year", "amount", "blank")
"""Fields that any row has."""

NEEDS: Mapping[str, tuple[frozenset[str], ...]] = {
    **{key: (frozenset({key}), frozenset({"line"})) for key in KEYS if key not in ("line", "source")},
    **{f"{key}_id": (frozenset({key}), frozenset({"line"})) for key in KEYS[3:]},
    **{key: (frozenset({"line"}),) for key in ("line", *OF_LINE)},
    **{key: (frozenset({"source"}),) for key in ("source", "source_id", "source_kind")},
    **{key: (frozenset(),) for key in FREE},
    "account_label": (frozenset({"account"}), frozenset({"line"})),
    "share": (frozenset({"line", "source"}),),
}
"""Field of a column -> sets of keys of which the rows must have one, so that every row has one value for it."""

SEPARATORS: Mapping[str, str] = {"comma": ",", "semicolon": ";", "tab": "\t"}
UNITS = tuple(float(Decimal(10) ** power) for power in range(-2, 7))


@dataclass(frozen=True)
class LayoutColumn:
    """A column: a field, or a quantity of cost lines (one column for each year in detail where it has years)."""

    header: str
    field: str = ""
    quantity: str = ""
    required: bool = False


@dataclass(frozen=True)
class Layout:
    """How an export looks.

    ``rows`` are the keys that one row stands for. ``detailed_years`` are shown in ``period``s, 0 for all; the years
    after them each as one amount, or not at all. ``rounding`` is the unit of every amount. ``groupings`` names the
    source that the plan's list of groupings must have, where the layout follows it.
    """

    id: str
    label: str
    about: str
    choices: str
    sources: tuple[str, ...]
    rows: tuple[str, ...]
    sort: tuple[str, ...]
    periods: str
    period: str
    rounding: float
    columns: tuple[LayoutColumn, ...]
    detailed_years: int = 0
    later: str = "year"
    separator: str = "comma"
    groupings: str = ""

    @property
    def unit(self) -> Decimal:
        """Unit of rounding, exact."""
        return Decimal(str(self.rounding))

    @property
    def delimiter(self) -> str:
        """What stands between two values of a text file."""
        return SEPARATORS[self.separator]


def has(field: str, rows: tuple[str, ...]) -> bool:
    """Has every row of these keys one value for a field?"""
    return any(needed <= set(rows) for needed in NEEDS[field])
