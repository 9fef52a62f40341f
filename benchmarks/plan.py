"""The plan that is measured: the lines of the national example, repeated with other figures until there are enough."""

from dataclasses import replace
from itertools import cycle, islice

from xlplan import Plan, load
from xlplan.catalogue import templates_folder
from xlplan.plan import Row, Value
from xlplan.resize import for_years

LINES, YEARS = 300, 10
EVERY_NATURE = "one_off", "recurring", "equipment"


def benchmark_plan(lines: int = LINES, years: int = YEARS) -> Plan:
    """The same plan every time: all natures, drivers, prices, currencies and sources, contingency on all costs."""
    example = load(templates_folder() / "examples" / "national.toml")
    longer = for_years(example, example.first_year, years)
    rows = enumerate(islice(cycle(longer.rows("lines")), lines))
    varied = tuple(line(row, number, number // len(longer.rows("lines"))) for number, row in rows)
    ids = {row["id"] for row in varied}
    varied = tuple({k: v for k, v in row.items() if k != "tail" or v in ids} for row in varied)
    return replace(longer, id="benchmark", tables=longer.tables | {"lines": varied})


def line(row: Row, number: int, turn: int) -> Row:
    """A line of the example; from the second turn with its own id and other figures."""
    changed: dict[str, Value] = {"id": f"{row['id']}-{turn + 1}"}
    if "tail" in row:
        changed["tail"] = f"{row['tail']}-{turn + 1}"
    for field, step in (("quantity_1", 0.25), ("useful_life", 1), ("every", 1), ("in_use_before", 7)):
        if isinstance(figure := row.get(field), (int, float)):
            changed[field] = figure + step * (turn % 20)
    if turn and number % 3 == 0 and not row.get("base"):
        changed |= {"unit_cost": 100 + number, "currency": ("usd", "exl")[number % 2], "price_year": 2025}
    return {**row, **changed}
