"""Figures as a reader sees them: rounded as a spreadsheet rounds, grouped and pointed as the language does."""

from dataclasses import dataclass
from datetime import date
from math import isnan

from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol

from xlplan.rounding import rounded

LOCALES = {"en": "en_GB", "fr": "fr", "pt": "pt_PT"}
"""Whose way of writing figures each language takes: Portuguese as in Portugal, Angola and Mozambique."""

DECIMALS = {"money/user": 2, "factor": 4}
"""Decimals by unit, as in the workbook; none for other units."""


@dataclass(frozen=True)
class Figures:
    """Writes figures in one language; what is blank stays blank.

    >>> Figures("en").number(1234567.5), Figures("en").share(0.125)
    ('1,234,568', '13%')
    """

    language: str

    @property
    def locale(self) -> str:
        return LOCALES.get(self.language, self.language)

    @property
    def decimal_point(self) -> str:
        return get_decimal_symbol(self.locale)

    def number(self, value: float, decimals: int = 0) -> str:
        """Amount, count or factor with so many decimals."""
        if isnan(value):
            return ""
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return format_decimal(rounded(value, decimals), pattern, self.locale)

    def of_unit(self, value: float, unit: str) -> str:
        """A figure with the decimals of its unit."""
        return self.share(value) if unit == "share" else self.number(value, DECIMALS.get(unit, 0))

    def typed(self, value: float, most: int = 6) -> str:
        """A number with as many decimals as it has, at most so many."""
        return format_decimal(rounded(value, most).normalize(), f"#,##0.{'#' * most}", self.locale)

    def share(self, value: float, decimals: int = 0) -> str:
        """Part of a whole in per cent."""
        if isnan(value):
            return ""
        percent = self.number(float(rounded(value * 100, decimals)), decimals)
        return f"{percent}%" if self.language == "en" else f"{percent}\N{NO-BREAK SPACE}%"

    def year(self, value: float) -> str:
        """A year, without grouping."""
        return "" if isnan(value) else f"{value:.0f}"

    def day(self, value: object) -> str:
        """A date, such as 30 Nov 2026."""
        return format_date(value, "d MMM y", self.locale) if isinstance(value, date) else str(value)
