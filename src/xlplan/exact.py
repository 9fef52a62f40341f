"""Functions with the meaning a spreadsheet gives them.

These and ``min``, ``max`` are all that a rule may call; ``translate.py`` spells each for the workbook and for NumPy.
"""

import math


def round_up(number: float, digits: float) -> float:
    """Round away from zero to whole things, as ROUNDUP does on 15 significant digits.

    Binary arithmetic makes 400 * (1/10 + 0.05) slightly more than 60; nobody buys a 61st device for that.

    >>> round_up(400 * (1 / 10 + 0.05), 0), round_up(60.1, 0), round_up(-60.1, 0)
    (60.0, 61.0, -61.0)
    """
    if digits != 0:
        raise ValueError(f"round_up rounds to whole things, got digits = {digits}")
    return math.copysign(math.ceil(float(f"{abs(number):.14e}")), number) if number else 0.0


def mod(number: float, divisor: float) -> float:
    """Remainder with the sign of the divisor, as MOD gives it.

    >>> mod(-1, 3)
    2
    """
    return number % divisor


def one_if(condition: bool) -> float:
    """Count a condition: 1 if it holds, 0 if not.

    >>> one_if(2 > 1)
    1.0
    """
    return 1.0 if condition else 0.0


def default(number: float | None, instead: float) -> float:
    """Give the number, or what stands for it where the cell is blank.

    >>> default(None, 1), default(0, 1)
    (1, 0)
    """
    return instead if number is None else number
