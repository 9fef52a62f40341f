"""A planner's work in LibreOffice itself: type, insert rows, save; what comes back is what was typed, calculated.

LibreOffice is driven through its own interface, by the Python of the system, which has the module ``uno``
(Debian and Ubuntu: packages libreoffice-calc-nogui and python3-uno).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from engines import Values, stored_values
from office import Edit, worked_on
from plans import changed_inputs, differing_numbers, differing_texts, typed_cells
from xlplan import PlanError, load
from xlplan.plan import Plan, Value
from xlplan.workbook.layout import HEAD_ROW, Layout
from xlplan.workbook.sheets.checks import HEADS as CHECK_HEADS

pytestmark = pytest.mark.libreoffice


def typed(layout: Layout, key: str, row: int, value: str | float, slot: int = 0) -> Edit:
    """Type a value into one input cell; rows and slots count from 0."""
    place = layout.places[key]
    return (
        "type",
        layout.title(place.sheet),
        f"{get_column_letter(place.column + slot * place.stride)}{place.row + row}",
        value,
    )


def inserted_row(layout: Layout, sheet: str, row: int) -> Edit:
    """Unprotect the sheet and insert a row above this one."""
    return "insert row", layout.title(sheet), row, None


def shown(path: Path) -> Values:
    data = path.read_bytes()
    return typed_cells(data) | stored_values(data)


def status_of(check: str, found: Values, layout: Layout) -> str:
    """Word on the Checks sheet."""
    row = 6 + list(layout.shape.plan.catalogue.checks).index(check)
    column = get_column_letter(1 + list(CHECK_HEADS).index("Status"))
    return str(found[layout.title("checks"), f"{column}{row}"])


def new_errors(plan: Plan, found: Values, layout: Layout) -> list[str]:
    """Checks that the plan passes and the workbook does not, of those that say that a number cannot be trusted."""
    checks = plan.evaluate().checks
    passed = checks[(checks["grade"] == "error") & (checks["status"] == "passed")]["check"]
    return [check for check in passed if status_of(check, found, layout) == "finding"]


def with_row(plan: Plan, table: str, row: int, **values: Value) -> Plan:
    """The plan after a row was changed, or added after the last one."""
    rows = list(plan.rows(table))
    rows[row:] = [dict(rows[row]) | values, *rows[row + 1 :]] if row < len(rows) else [values]
    return replace(plan, tables=dict(plan.tables) | {table: tuple(rows)})


def series(plan: Plan, table: str, row: int, field: str) -> Mapping[str, float]:
    found = plan.rows(table)[row].get(field, {})
    assert isinstance(found, Mapping)
    return found


@dataclass(frozen=True)
class Work:
    """What a planner types in one sitting, and the plan that follows."""

    edits: Sequence[Edit]
    plan: Plan


SPARE: Mapping[str, str | float] = {
    "activity": "=New work",
    "area": "Infrastructure",
    "category": "Local personnel",
    "nature": "recurring",
    "quantity_1": 12,
    "unit_cost": 345.5,
}
SPARE_IDS = {"area": "infrastructure", "category": "local_personnel", "nature": "recurring"}


def work(national: Plan, layout: Layout) -> Work:
    """A level, a driver, a price, a quantity, a switch, a share, and a spare line that begins like a formula."""
    year, source = str(national.first_year + 1), next(iter(national.places["funders"]))
    now = str(national.settings["current_round"])
    levels = list(national.rows("levels"))
    level = next(n for n, row in enumerate(levels) if (row["domain"], row["round"]) == ("security", now))
    domain = [d.id for d in national.catalogue.band_domains("foundation")].index("security")
    last = len(national.rows("lines"))
    edits = [
        typed(layout, "levels.level", domain, "Not yet achieved", national.places["rounds"][now] - 1),
        typed(layout, "drivers.values", 0, 4321, 1),
        typed(layout, "prices.unit_cost", 2, 77.25),
        typed(layout, "lines.quantity_1", 4, 9),
        typed(layout, "lines.on", 5, "No"),
        typed(layout, "lines.shares", 6, 0.15),
        *(
            typed(layout, f"lines.{key}", last, f"'{value}" if str(value)[0] == "=" else value)
            for key, value in SPARE.items()
        ),
    ]
    plan = with_row(national, "levels", level, level="not_yet_achieved")
    plan = with_row(plan, "drivers", 0, values={**series(plan, "drivers", 0, "values"), year: 4321})
    plan = with_row(plan, "prices", 2, unit_cost=77.25)
    plan = with_row(plan, "lines", 4, quantity_1=9)
    plan = with_row(plan, "lines", 5, on="no")
    plan = with_row(plan, "lines", 6, shares={**series(plan, "lines", 6, "shares"), source: 0.15})
    plan = with_row(plan, "lines", last, id=layout.shape.ids("lines")[last], **{**SPARE, **SPARE_IDS})
    return Work(edits, plan)


def test_what_a_planner_types_is_read_and_calculated(
    national: Plan, national_bytes: bytes, layout: Layout, tmp_path: Path
) -> None:
    done = work(national, layout)
    path = worked_on(national_bytes, done.edits, tmp_path)
    assert changed_inputs(done.plan, load(path)) == []
    assert differing_numbers(done.plan, shown(path), layout) == []
    assert differing_texts(done.plan, shown(path), layout) == []


def closing_row(layout: Layout, table: str) -> int:
    """The thin row that ends the rows of a table; people insert rows above it."""
    block = next(block for blocks in layout.blocks.values() for block in blocks if block.key == table)
    return layout.starts[table] + 1 + block.count


def plan_wide(quantity: str, found: Values, layout: Layout) -> float | bool | str | None:
    place = layout.places[quantity]
    return found[layout.title(place.sheet), f"{get_column_letter(place.column)}{place.row}"]


NEW_PRICE: Mapping[str, str | float] = {"label": "Inserted item", "unit_cost": 1234.5}
TAKEN: Mapping[str, str | float] = {"nature": "recurring", "quantity_1": 3}


def edits_with_new_price(layout: Layout, **more: str) -> list[Edit]:
    """A row inserted at the end of Prices, and a price typed into it."""
    row = closing_row(layout, "prices")
    offset = row - layout.places["prices.label"].row
    return [
        inserted_row(layout, "prices", row),
        *(typed(layout, f"prices.{key}", offset, value) for key, value in {**NEW_PRICE, **more}.items()),
    ]


@pytest.mark.parametrize("place", [0, 1], ids=["reporting currency", "another currency"])
def test_a_price_in_an_inserted_row_reaches_the_totals_or_is_a_finding(
    national: Plan, national_bytes: bytes, layout: Layout, tmp_path: Path, place: int
) -> None:
    currency, name = list(national.labels["currencies"].items())[place]
    edits = edits_with_new_price(layout, currency=name)
    edits += [typed(layout, f"lines.{key}", 0, value) for key, value in {**TAKEN, "price": NEW_PRICE["label"]}.items()]
    plan = with_row(
        national, "prices", len(national.rows("prices")), id="inserted", **{**NEW_PRICE, "currency": currency}
    )
    plan = with_row(plan, "lines", 0, price="inserted", **TAKEN)
    found = shown(worked_on(national_bytes, edits, tmp_path))
    agrees = plan_wide("cash", found, layout) == pytest.approx(plan.evaluate().number("cash"), rel=1e-9)
    assert agrees or new_errors(plan, found, layout)


def test_a_price_in_an_inserted_row_is_read_or_refused_but_not_lost(
    national_bytes: bytes, layout: Layout, tmp_path: Path
) -> None:
    read = read_or_refused(worked_on(national_bytes, edits_with_new_price(layout), tmp_path), "prices")
    assert "Inserted item" in read or "Prices!" in read


def read_or_refused(path: Path, table: str) -> str:
    """All names of a table as they are read, or the sentences of the refusal."""
    try:
        return " ".join(str(row.get("label", row.get("activity"))) for row in load(path).rows(table))
    except PlanError as refused:
        return str(refused)


NEW_LINE: Mapping[str, str | float] = {
    "activity": "Inserted line",
    "area": "Infrastructure",
    "nature": "recurring",
    "quantity_1": 2,
    "unit_cost": 10,
}


@pytest.mark.parametrize("offset", [5, 200], ids=["between", "at the end"])
def test_a_row_inserted_among_the_cost_lines_is_a_finding_and_not_lost(
    national_bytes: bytes, layout: Layout, tmp_path: Path, offset: int
) -> None:
    first = layout.places["lines.activity"].row
    edits = [
        inserted_row(layout, "costs", first + offset),
        *(typed(layout, f"lines.{key}", offset, value) for key, value in NEW_LINE.items()),
    ]
    path = worked_on(national_bytes, edits, tmp_path)
    assert status_of("rows_calculated", shown(path), layout) == "finding"
    read = read_or_refused(path, "lines")
    assert "Inserted line" in read or "Costs!" in read


@pytest.mark.parametrize("table", ["lines", "prices", "drivers", "currencies", "funders", "programmes"])
def test_an_empty_row_inserted_between_records_changes_no_number_or_is_a_finding(
    national: Plan, national_bytes: bytes, layout: Layout, tmp_path: Path, table: str
) -> None:
    """The records below it must not take the numbers of their neighbours."""
    key = "activity" if table == "lines" else "label"
    place = layout.places[f"{table}.{key}"]
    sheet = next(sheet for sheet in layout.sheets if sheet.key == place.sheet)
    path = worked_on(national_bytes, [("insert row", sheet.title, place.row + 1, None)], tmp_path)
    found, totals = shown(path), ("cash", "present_value", "plan_gap", "plan_area_cost")
    changed = {
        id for id in totals if layout.places[id].sheet != place.sheet
        and plan_wide(id, found, layout) != pytest.approx(national.evaluate().number(id), rel=1e-9)
    }  # fmt: skip
    assert not changed or new_errors(national, found, layout)


@pytest.mark.parametrize(("table", "sheet"), [("currencies", "Drivers"), ("funders", "Funding"), ("prices", "Prices")])
def test_a_row_inserted_above_or_between_moves_no_input_to_another_place(
    national: Plan, national_bytes: bytes, layout: Layout, tmp_path: Path, table: str, sheet: str
) -> None:
    """An empty row below the first record: all is read as it was, or refused with a place on that sheet."""
    first = 1 + min(
        place.row for place in layout.places.values() if layout.title(place.sheet) == sheet and place.row > HEAD_ROW
    )
    path = worked_on(national_bytes, [("insert row", sheet, first, None)], tmp_path)
    read = read_or_refused(path, table)
    assert read == " ".join(national.labels[table].values()) or f"{sheet}!" in read
