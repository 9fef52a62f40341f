"""A published costing, calculated anew: surveillance on paper and with smartphones in Kenya, 2011 and 2012."""

import tomllib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from xlplan.catalogue import templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.planfile import read_plan
from xlplan.workbook.build import build_workbook

Grid = list[list[Any]]


@dataclass(frozen=True)
class Costing:
    """What the lines of the published table come to, in USD."""

    name: str
    fixed: int
    running: int
    years: tuple[int, int]
    total: int


COSTINGS = (
    Costing("kenya-paper", fixed=15_999, running=19_002, years=(35_001, 19_002), total=54_003),
    Costing("kenya-smartphone", fixed=17_500, running=16_350, years=(33_850, 16_350), total=50_200),
)
BOTH = pytest.mark.parametrize("costing", COSTINGS, ids=lambda costing: costing.name)


@cache
def plan_of(costing: Costing) -> Plan:
    return read_plan(templates_folder() / "examples" / f"{costing.name}.toml")


@cache
def sheets_of(costing: Costing) -> dict[str, Grid]:
    book = CalamineWorkbook.from_filelike(BytesIO(build_workbook(plan_of(costing), line_rows=1)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def budget_row(costing: Costing, label: str) -> tuple[float, ...]:
    """Total and both years of the first row of this name on Budget."""
    grid = sheets_of(costing)["Budget"]
    row = next(row for row in grid if row[1] == label)
    return tuple(row[column] for column in (3, grid[4].index(2011.0), grid[4].index(2012.0)))


@BOTH
def test_the_lines_add_up_by_hand(costing: Costing) -> None:
    raw = tomllib.loads((templates_folder() / "examples" / f"{costing.name}.toml").read_text(encoding="utf-8"))
    sums = {"one_off": 0, "recurring": 0}
    for line in raw["lines"]:
        sums[line["nature"]] += line["quantity_1"] * line["unit_cost"]
    assert sums == {"one_off": costing.fixed, "recurring": costing.running}
    assert costing.fixed + 2 * costing.running == costing.total == sum(costing.years)


@BOTH
def test_python_gives_the_published_totals(costing: Costing) -> None:
    results = plan_of(costing).evaluate()
    assert results.number("cash") == costing.total
    assert results.totals["cost"].to_dict() == dict(zip((2011, 2012), costing.years, strict=True))


@BOTH
def test_the_two_year_total_is_the_sum_of_the_lines(costing: Costing) -> None:
    costs = plan_of(costing).evaluate().costs
    assert costs["cost"].sum() == costing.total
    assert costs.groupby("year")["cost"].sum().to_list() == list(costing.years)


@BOTH
def test_fixed_cost_occurs_once_and_running_cost_every_year(costing: Costing) -> None:
    totals = plan_of(costing).evaluate().totals
    assert totals["one_off"].to_list() == [costing.fixed, 0]
    assert totals["recurring"].to_list() == [costing.running, costing.running]


@BOTH
@pytest.mark.parametrize("by", ["area", "category"])
def test_every_breakdown_adds_up_to_the_year(costing: Costing, by: str) -> None:
    assert plan_of(costing).evaluate().budget(by).sum(axis=1).to_list() == list(costing.years)


@BOTH
def test_without_inflation_nominal_money_is_real_money(costing: Costing) -> None:
    totals = plan_of(costing).evaluate().totals
    assert totals["real"].to_list() == list(costing.years)
    assert totals["present_value"].to_list() == pytest.approx(
        [costing.years[0] / 1.03, costing.years[1] / 1.03**2], rel=1e-12
    )


def test_smartphones_cost_less_than_paper() -> None:
    paper, smartphone = (plan_of(costing).evaluate().number("cash") for costing in COSTINGS)
    assert paper - smartphone == 3_803


@BOTH
def test_the_budget_sheet_shows_the_published_totals(costing: Costing) -> None:
    assert budget_row(costing, "Total") == (costing.total, *costing.years)
    assert budget_row(costing, "of which one-off") == (costing.fixed, costing.fixed, 0)
    assert budget_row(costing, "of which recurring") == (2 * costing.running, costing.running, costing.running)


@BOTH
def test_nothing_is_funded_so_the_gap_is_the_whole_cost(costing: Costing) -> None:
    assert budget_row(costing, "Gap: total less committed") == (costing.total, *costing.years)


@BOTH
def test_the_sheet_lines_has_every_line(costing: Costing) -> None:
    grid = sheets_of(costing)["Lines"]
    lines = [row["id"] for row in plan_of(costing).rows("lines")]
    rows = grid[5 : 5 + len(lines)]
    assert [row[0] for row in rows] == lines
    assert tuple(sum(row[grid[4].index(year)] for row in rows) for year in (2011.0, 2012.0)) == costing.years


@BOTH
def test_the_command_line_shows_the_published_total(costing: Costing) -> None:
    file = templates_folder() / "examples" / f"{costing.name}.toml"
    shown = CliRunner().invoke(main, ["show", str(file)], catch_exceptions=False).stdout
    assert f"{costing.total:,}" in next(line for line in shown.splitlines() if line.startswith("Total"))
