"""Pins: the exact versions of the libraries that a Windows workbook is bound to, as this package asks for them."""

import re
from importlib.metadata import PackageNotFoundError, requires, version


def pinned(package: str) -> str:
    """The one version that is asked for. Raises ``LookupError`` for a package without one."""
    found = (re.match(rf"{package}==([0-9.]+)", line, re.IGNORECASE) for line in requires("xlplan") or ())
    exact = next((match[1] for match in found if match), "")
    if not exact:
        raise LookupError(package)
    return exact


def installed(package: str) -> str:
    """The version that is there, empty for none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
