"""Editions: the standard workbook, and those whose Python sheet is calculated by functions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.addin import webextension, windows
from xlplan.plan import Plan
from xlplan.workbook.build import build_workbook


@dataclass(frozen=True)
class Edition:
    """How a workbook is made, how its name ends, and the files that belong beside it."""

    suffix: str
    build: Callable[[Plan, int], bytes]
    beside: Callable[[], Mapping[str, str]] = dict
    experimental: bool = False


EDITIONS: Mapping[str, Edition] = {
    "standard": Edition(".xlsx", build_workbook),
    "windows": Edition(".xlsm", windows.build_windows),
    "lite": Edition(".xlsx", webextension.build_lite, webextension.lite_files, experimental=True),
}


def files_beside(edition: Edition, path: Path) -> Iterator[tuple[Path, bytes]]:
    """The files that are written beside a workbook, named after it."""
    for name, text in edition.beside().items():
        yield path.with_name(f"{path.stem}-{name}"), text.encode()
