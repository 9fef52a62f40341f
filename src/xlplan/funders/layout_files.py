"""The files of layouts: TOML to records, every slip refused with file and line."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from xlplan.catalogue import load_catalogue, templates_folder
from xlplan.funders.layouts import KEYS, NEEDS, PARTS, SEPARATORS, UNITS, Layout, LayoutColumn, has
from xlplan.funders.reading import columns_of, record, spots_of
from xlplan.model import load_model
from xlplan.packfile import PackFile, Spot, one_of
from xlplan.problems import refuse

PLACEHOLDERS = ("period", "year", "currency")
NOT_SHOWN = ("place", "flag")
"""Units of quantities that are numbers for rules only."""

CLOSED: Mapping[str, tuple[str, ...]] = {
    "periods": ("across", "down"),
    "period": tuple(PARTS),
    "later": ("year", "none"),
    "separator": tuple(SEPARATORS),
}


@cache
def load_layouts(folder: Path | None = None) -> Mapping[str, Layout]:
    """Every layout under ``templates/funders`` by id. Raises ``PlanError`` with each slip, its file and line."""
    home = folder or templates_folder() / "funders"
    files = [PackFile(path, "funders") for path in sorted(home.glob("*.toml"))]
    found = [layout for file in files for layout in _layouts(file)]
    refuse(problem for file in files for problem in file.problems)
    return {layout.id: layout for layout in found}


def _layouts(file: PackFile) -> Iterator[Layout]:
    for spot in spots_of(file, "layout"):
        columns = tuple(record(below, LayoutColumn) for below in columns_of(spot))
        layout = record(spot, Layout, {"columns": columns})
        if not file.problems:
            _check(spot, layout)
        yield layout


def _check(spot: Spot, layout: Layout) -> None:
    """Note what the words of one layout do not allow."""
    for key, words in CLOSED.items():
        one_of(spot, key, getattr(layout, key), words)
    if layout.rounding not in UNITS:
        units = ", ".join(f"{unit:g}" for unit in UNITS)
        spot.problem("rounding", f"rounding {layout.rounding}", f"one of {units}", "correct the rounding")
    for key, known in (("rows", KEYS), ("sources", load_catalogue().sources), ("sort", KEYS)):
        for value in getattr(layout, key):
            one_of(spot, key, value, known)
    if layout.id != spot.file.path.stem:
        spot.problem("id", f"id {layout.id!r}", f"{spot.file.path.stem!r}, as the file", "rename one of them")
    if "source" not in layout.rows:
        spot.problem("rows", f"rows {', '.join(layout.rows)}", "source among them", "add source")
    for key in (key for key in layout.sort if key in KEYS and not has(key, layout.rows)):
        spot.problem("sort", f"sort {key!r}", f"what the rows have: {', '.join(layout.rows)}", "correct the sort")
    for below, column in zip(spot.inner("column"), layout.columns, strict=True):
        _check_column(below, layout, column)
    _check_headers(spot, layout)


def _check_column(spot: Spot, layout: Layout, column: LayoutColumn) -> None:
    if bool(column.field) == bool(column.quantity):
        return spot.problem("header", f"column {column.header!r}", "a field or a quantity", "give one of the two")
    if column.quantity:
        return _check_quantity(spot, layout, column)
    one_of(spot, "field", column.field, NEEDS)
    if column.field in NEEDS and not has(column.field, layout.rows):
        found, expected = f"field {column.field!r}", f"what rows of {', '.join(layout.rows)} have one of"
        spot.problem(column.field, found, expected, "correct the field, or add its key to rows")
    if column.field in ("period", "year") and layout.periods == "across":
        spot.problem(column.field, f"field {column.field!r}", 'periods = "down" with it', "remove the column")
    return None


def _check_quantity(spot: Spot, layout: Layout, column: LayoutColumn) -> None:
    found = load_model().quantities.get(column.quantity)
    expected = "a quantity of cost lines that is no money, with rows of lines and periods across"
    shown = found and found.axis.rows == "lines" and found.axis.columns in (None, "year")
    if not (shown and has("line", layout.rows) and layout.periods == "across"):
        spot.problem(column.quantity, f"quantity {column.quantity!r}", expected, "correct the quantity")
    elif found and (found.unit in NOT_SHOWN or found.unit.split("/")[0] == "money"):
        spot.problem(column.quantity, f"quantity {column.quantity!r} in {found.unit}", expected, "correct the quantity")


def _check_headers(spot: Spot, layout: Layout) -> None:
    """Headers differ, and name what their columns differ in."""
    seen: set[str] = set()
    for below, column in zip(spot.inner("column"), layout.columns, strict=True):
        try:
            names = {name for _, name, _, _ in Formatter().parse(column.header) if name is not None}
        except ValueError:
            names = {"?"}
        for name in sorted(names - set(PLACEHOLDERS)):
            below.problem("header", f"{{{name}}} in a header", f"one of {', '.join(PLACEHOLDERS)}", "correct it")
        needed = needed_name(layout, column)
        if needed != names - {"currency"} and names <= set(PLACEHOLDERS):
            wanted = f"{{{'} {'.join(needed)}}}" if needed else "neither {period} nor {year}"
            below.problem("header", f"header {column.header!r}", wanted, "correct the header")
        if column.header in seen or not column.header.strip():
            below.problem("header", f"header {column.header!r} stands twice or is blank", "each only once", "change it")
        seen.add(column.header)
    if sum(column.field == "amount" for column in layout.columns) != 1:
        spot.problem("column", "no or several columns of amounts", "one with the field amount", "correct the columns")


def needed_name(layout: Layout, column: LayoutColumn) -> set[str]:
    """What the headers of a column that stands several times must name."""
    quantity = load_model().quantities.get(column.quantity)
    if quantity and quantity.axis.columns == "year":
        return {"year"}
    return {"period"} if column.field == "amount" and layout.periods == "across" else set()
