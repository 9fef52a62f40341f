"""Rounding as a spreadsheet does it: on the 15 digits that it shows, halves away from zero."""

from decimal import ROUND_HALF_UP, Decimal


def shown_digits(value: float) -> float:
    """The number with the 15 digits that a spreadsheet shows.

    >>> shown_digits(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.15g}")


def rounded(value: float, decimals: int) -> Decimal:
    """The value with so many decimals.

    >>> rounded(2.5, 0), rounded(0.285 * 100, 1), rounded(-0.2, 0)
    (Decimal('3'), Decimal('28.5'), Decimal('0'))
    """
    found = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return found or abs(found)
