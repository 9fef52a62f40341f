"""Workbooks that other programs have edited and saved: inputs come back equal, or with a problem, never otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ironcalc
import openpyxl
import pandas as pd
import pytest

from office import Edit, worked_on
from returned import by_id, cell_of, saved, small_book, worked_example
from xlplan import PlanError, load
from xlplan.files import read_package
from xlplan.plan import Plan
from xlplan.workbook.layout import Layout
from xlplan.workbook.verify import verify


@dataclass(frozen=True)
class Made:
    """A workbook before it is sent."""

    plan: Plan
    data: bytes
    layout: Layout


@pytest.fixture(scope="module")
def made() -> Made:
    plan = worked_example()
    return Made(plan, *small_book(plan))


def values_saved(source: Path, target: Path) -> None:
    """Values only, as a script does that knows nothing of formulas."""
    openpyxl.load_workbook(source, data_only=True).save(target)


def saved_again(source: Path, target: Path) -> None:
    openpyxl.load_workbook(source).save(target)


def as_frames(source: Path, target: Path) -> None:
    sheets = pd.read_excel(source, sheet_name=None, header=None, engine="calamine", keep_default_na=False, dtype=object)
    with pd.ExcelWriter(target) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title, header=False, index=False)


PROGRAMS: Mapping[str, Callable[[Path, Path], None]] = {
    "openpyxl": saved_again,
    "openpyxl, values only": values_saved,
    "pandas": as_frames,
}


@pytest.mark.parametrize("save", PROGRAMS.values(), ids=PROGRAMS)
def test_what_a_library_saves_again_comes_back_equal(
    save: Callable[[Path, Path], None], made: Made, tmp_path: Path
) -> None:
    save(saved(made.data, tmp_path), tmp_path / "south.xlsx")
    assert by_id(load(tmp_path / "south.xlsx")) == by_id(made.plan)


def test_columns_that_a_script_has_put_in_another_order_are_never_taken_for_each_other(
    made: Made, tmp_path: Path
) -> None:
    """Without formulas nothing follows a column that moves; its heading tells."""
    sheets = pd.read_excel(saved(made.data, tmp_path), sheet_name=None, header=None, engine="calamine", dtype=object)
    costs = sheets["Costs"]
    sheets["Costs"] = costs[[*costs.columns[:7], 9, 8, 7, *costs.columns[10:]]]
    with pd.ExcelWriter(tmp_path / "south.xlsx") as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title, header=False, index=False)
    with pytest.raises(PlanError, match="heading"):
        load(tmp_path / "south.xlsx")


def test_what_ironcalc_saves_comes_back_equal(made: Made, tmp_path: Path) -> None:
    model = ironcalc.load_from_xlsx(str(saved(made.data, tmp_path)))
    model.evaluate()
    model.save_to_xlsx(str(tmp_path / "south.xlsx"))
    assert by_id(load(tmp_path / "south.xlsx")) == by_id(made.plan)


# LibreOffice: what a person may do to a sheet


def rows_of(layout: Layout, table: str) -> tuple[str, int, int]:
    """Sheet, first row and number of filled rows."""
    place = layout.places[f"{table}.label" if table != "lines" else "lines.activity"]
    return layout.title(place.sheet), place.row, len(layout.shape.plan.rows(table))


def shape_edits(layout: Layout) -> dict[str, list[Edit]]:
    """Edits that change where inputs stand, and no input."""
    prices, first, count = rows_of(layout, "prices")
    costs, line, _ = rows_of(layout, "lines")
    log, _, _ = rows_of(layout, "versions")
    quantity = layout.places["lines.quantity_1"].column
    return {
        "nothing": [],
        "sheets renamed": [("rename", costs, "Coûts d'ici", None), ("rename", prices, "Preise 2027", None),
                           ("rename", "Settings", "Paramètres", None), ("rename", "Checks", "Contrôles", None)],
        "rows inserted": [("insert row", costs, line + 1, None), ("insert row", prices, 3, None),
                          ("insert row", "Settings", 8, None), ("insert row", "Maturity", 9, None)],
        "columns inserted": [("insert column", costs, 3, None), ("insert column", "Settings", 1, None),
                             ("insert column", log, 2, None)],
        "columns moved": [("move column", costs, quantity, quantity + 9)],
        "rows sorted": [("sort", prices, f"A{first}:H{first + count - 1}", 1),
                        ("sort", costs, f"A{line}:C{line + 4}", 2)],
        "headings translated": [("overtype", costs, "C5", "Activité"), ("overtype", prices, "B5", "Poste"),
                                ("overtype", "Settings", "B5", "Réglage")],
    }  # fmt: skip


SHAPES = ("nothing", "sheets renamed", "rows inserted", "columns inserted", "columns moved", "headings translated")


@pytest.mark.parametrize(
    ("name", "ending"), [*((name, "xlsx") for name in SHAPES), *((name, "ods") for name in SHAPES[:4])]
)
def test_libreoffice_may_change_where_inputs_stand(name: str, ending: str, made: Made, tmp_path: Path) -> None:
    found = load(worked_on(made.data, shape_edits(made.layout)[name], tmp_path, ending))
    assert by_id(found) == by_id(made.plan)


def test_libreoffice_may_sort_the_rows_of_a_table(made: Made, tmp_path: Path) -> None:
    title, first, count = rows_of(made.layout, "prices")
    found = load(worked_on(made.data, [("sort", title, f"A{first}:H{first + count - 1}", 1)], tmp_path))
    assert by_id(found) == by_id(made.plan)
    assert [row["id"] for row in found.rows("prices")] != [row["id"] for row in made.plan.rows("prices")]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_libreoffice_saves_what_is_typed(ending: str, made: Made, tmp_path: Path) -> None:
    spot = {
        key: cell_of(made.layout, key)
        for key in ("lines.quantity_1", "lines.note", "settings.title", "prices.unit_cost")
    }
    texts = {"lines.note": "'=1+1", "settings.title": " Plan, second draft "}
    edits: list[Edit] = [("type", *spot["lines.quantity_1"], 12.5), ("type", *spot["prices.unit_cost"], 0.3)]
    edits += [("type", *spot[key], text) for key, text in texts.items()]
    found = load(worked_on(made.data, edits, tmp_path, ending))
    line, price = found.rows("lines")[0], found.rows("prices")[0]
    assert (line["quantity_1"], line["note"], price["unit_cost"]) == (12.5, "=1+1", 0.3)
    assert found.settings["title"] == " Plan, second draft "
    assert found.settings["data_date"] == made.plan.settings.get("data_date", date(2026, 11, 30))


def test_verify_tells_what_a_person_has_broken_in_libreoffice(made: Made, tmp_path: Path) -> None:
    cost, total = cell_of(made.layout, "cost", 1, 1), cell_of(made.layout, "cash")
    edits: list[Edit] = [
        ("overtype", *cost, 8765.0),
        ("insert column", "Costs", 3, None),
        ("rename", "Prices", "Preise", None),
    ]
    verdict = verify(read_package(worked_on(made.data, edits, tmp_path)))
    said = [str(problem) for problem in verdict.problems]
    assert [f"{cost[0]}!{cost[1]}: holds 8,765 typed over its formula" in text for text in said].count(True) == 1
    assert not any("another formula" in text for text in said)
    assert any(f"{total[0]}!" in text and "its inputs give" in text for text in said)
    assert by_id(verdict.plan) == by_id(made.plan)


def test_a_workbook_that_libreoffice_only_saved_differs_in_nothing(made: Made, tmp_path: Path) -> None:
    verdict = verify(read_package(worked_on(made.data, [], tmp_path)))
    assert [str(problem) for problem in (*verdict.problems, *verdict.notes)] == []
