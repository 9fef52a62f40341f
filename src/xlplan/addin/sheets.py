"""Sheets that an edition has beside those of the standard workbook."""

from xlplan.addin import configured, given, sheet

WINDOWS = (given, configured)
LITE = (given, sheet)
