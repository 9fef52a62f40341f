"""The kinds of lookup and total that table functions need, in plain Python; meanings as in ``derived.py``.

``KINDS`` maps the name of each kind to its function; the first argument holds the quantities found so far.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from xlplan.addin.grid import Cell, Grid, common, each, number, of_rows

Found: TypeAlias = Mapping[str, Grid]


def looked_up(found: Found, of: str, at: str, instead: Cell = 0, **_: object) -> Grid:
    of_grid, at_grid = found[of], found[at]
    rows = [of_grid.row(int(place) - 1) if place else None for place in map(number, at_grid.cells)]
    return of_rows([[instead] * of_grid.columns if row is None else row for row in rows], of_grid.columns)


def before(found: Found, of: str, opening: str) -> Grid:
    grid, first = found[of], found[opening]
    rows = [(first.row(n)[0], *grid.row(n)[:-1]) for n in range(grid.rows)]
    return of_rows(rows, grid.columns)


def batches(found: Found, of: str, opening: str, life_years: str) -> Grid:
    grid, first, life = found[of], found[opening], found[life_years]
    rows = [returned([number(c) for c in (*first.row(n), *grid.row(n))], life.row(n)[0]) for n in range(grid.rows)]
    return of_rows(rows, grid.columns)


def returned(bought: list[float], life: Cell) -> list[float]:
    """Units that begin a life in each year; the first bought are of the year before."""
    begun, years = bought[1:], max(1, int(number(life)))
    for place, units in enumerate(bought):
        for year in range(place + years - 1, len(begun), years) if units else ():
            begun[year] += units
    return begun


def summed(found: Found, of: str, over: str) -> Grid:
    grid = found[of]
    across = [total(grid.column(n)) for n in range(grid.columns)]
    if over == "columns":
        return of_rows([[total(grid.row(n))] for n in range(grid.rows)], 1)
    return of_rows([across if over == "rows" else [sum(across)]], grid.columns if over == "rows" else 1)


def summed_by(found: Found, of: str, key: str, criterion: str) -> Grid:
    """Totals per group; a group without a criterion is everything."""
    grid, keys = found[of], found[key]
    groups: dict[Cell, list[int]] = defaultdict(list)
    for row in range(grid.rows):
        groups[keys.row(row)[0]].append(row)
    asked = [range(grid.rows) if group is None else groups[group] for group in found[criterion].cells]
    members = ([grid.row(n) for n in rows] for rows in asked)
    totals = [[total(column) for column in zip(*rows, strict=True)] or zeros(grid) for rows in members]
    return of_rows(totals, grid.columns)


def total(cells: Sequence[Cell]) -> float:
    """The sum of the numbers; blanks count as nothing."""
    return sum(filter(None, cells))  # type: ignore[arg-type]


def zeros(grid: Grid) -> list[float]:
    return [0.0] * grid.columns


def weighted(found: Found, of: str, weight: str, **_: object) -> Grid:
    grid, weights = found[of], found[weight]
    rows = [
        [dot(weights.column(group), grid.column(column)) for column in range(grid.columns)]
        for group in range(weights.columns)
    ]
    return of_rows(rows, grid.columns)


def dot(one: Sequence[Cell], other: Sequence[Cell]) -> float:
    return sum(number(a) * number(b) for a, b in zip(one, other, strict=True))


def counted_choices(found: Found, of: str, entry: int, key: str, criterion: str, where: str = "", **_: object) -> Grid:
    grid = each(lambda place: 1.0 if place == entry + 1 else 0.0, found[of])
    if where:
        grid = each(lambda chosen, flag: chosen if number(flag) > 0 else 0.0, grid, found[where])
    return summed_by({"of": grid, "key": found[key], "criterion": found[criterion]}, "of", "key", "criterion")


def graded(found: Found, of: str, thresholds: str) -> Grid:
    steps = [number(step) for step in found[thresholds].cells]
    return each(lambda score: None if score is None else float(sum(step <= number(score) for step in steps)), found[of])


def counted_up_to(found: Found, of: str, key: str, criterion: str, limit: str) -> Grid:
    limits = [number(most) for most in found[limit].cells]
    rows = [(number(v), k) for v, k in zip(found[of].cells, found[key].cells, strict=False) if v is not None]
    return of_rows(
        [
            [float(sum(k == group and v <= most for v, k in rows)) for most in limits]
            for group in found[criterion].cells
        ],
        len(limits),
    )


def counted_below(found: Found, of: str, limit: str, **_: object) -> Grid:
    grid, limits = found[of], found[limit]
    rows = common((grid, limits))[0]
    return of_rows(
        [
            [
                float(sum(0 < number(grid.row(n)[column]) < number(limits.row(n)[gate]) for n in range(rows)))
                for column in range(grid.columns)
            ]
            for gate in range(limits.columns)
        ],
        grid.columns,
    )


def counted_zeros(found: Found, of: str) -> Grid:
    grid = found[of]
    return of_rows([[float(sum(c == 0 for c in grid.column(n))) for n in range(grid.columns)]], grid.columns)


def first_year(found: Found, of: str) -> Grid:
    flags, years = found[of], found["year"].cells
    open_years = ([y for y, flag in zip(years, flags.row(n), strict=True) if flag] for n in range(flags.rows))
    return of_rows([[next(iter(years_of), None)] for years_of in open_years], 1)


KINDS: Mapping[str, Callable[..., Grid]] = {
    "Lookup": looked_up,
    "Before": before,
    "Batches": batches,
    "Sum": summed,
    "SumBy": summed_by,
    "Weighted": weighted,
    "CountChoices": counted_choices,
    "Grade": graded,
    "CountUpTo": counted_up_to,
    "CountBelow": counted_below,
    "CountZeros": counted_zeros,
    "FirstYear": first_year,
}
