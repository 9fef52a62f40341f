"""Words for annotations: what kind of number a quantity is.

Each is a plain ``float`` to the type checker; the word tells the reader what the number counts.
A blank cell is ``None``, never zero: a rule that may meet a blank says ``Count | None``.
"""

from typing import TypeAlias

Count: TypeAlias = float
"""How many things or people."""

Factor: TypeAlias = float
"""A multiplier without a unit."""

Flag: TypeAlias = float
"""1 for yes, 0 for no."""

Level: TypeAlias = float
"""Place of a maturity level in the ordered list of levels; 1 is the lowest."""

Money: TypeAlias = float
"""Reporting currency in the prices of the budget year."""

UnitCost: TypeAlias = float
"""Money per unit, in the currency and the prices of the price year."""

Place: TypeAlias = float
"""Place of a chosen entry in its list; 1 is the first, 0 is none."""

Rate: TypeAlias = float
"""A share per year."""

Share: TypeAlias = float
"""A part of a whole, 0 to 1."""

Year: TypeAlias = float
"""A calendar or budget year, such as 2027."""

Years: TypeAlias = float
"""A length of time in years."""
