"""Whole plans at once: every number and every word of the workbook is the one that the Python engine finds."""

from functools import cache
from pathlib import Path

import pytest

from engines import Values, run, soffice, stored_values
from plans import (
    changed_inputs,
    differing_numbers,
    differing_texts,
    drawn,
    expected_numbers,
    random_plan,
    small_layout,
    typed_cells,
)
from xlplan import load
from xlplan.catalogue import TEMPLATE, load_catalogue, templates
from xlplan.engine import evaluate
from xlplan.plan import Plan
from xlplan.workbook.recalculate import refreshed

PLANS, CHUNK = 120, 5
IN_LIBREOFFICE = range(PLANS, PLANS + 10)
"""Seeds of the plans that LibreOffice calculates too: others than those above."""

OTHER_PACKS = {template: 30 for template in templates() if template != TEMPLATE}
"""Plans of every other template pack, which has the same rules over other domains, levels and gates."""

COUNTS = {TEMPLATE: PLANS} | OTHER_PACKS
CHUNKS = [(template, first) for template, count in COUNTS.items() for first in range(0, count, CHUNK)]
IN_OFFICE = [(TEMPLATE, IN_LIBREOFFICE[:5]), (TEMPLATE, IN_LIBREOFFICE[5:])]
IN_OFFICE += [(template, IN_LIBREOFFICE[:5]) for template in OTHER_PACKS]

NEVER_IN_A_PLAN = {
    *("head_sum", "grouping_sum", "line_gap_sum", "text_in_training", "actuals_sum", "text_in_actuals"),
    *("area_sum", "category_sum", "nature_sum", "funder_sum", "gap_sum", "line_sum", "rows_calculated", "rows_moved"),
    *("text_numbers", "choice_unknown", "text_in_drivers", "text_in_prices", "text_in_funding"),
    "changes_found",
}
"""Checks that only a damaged workbook fails, or that a missing area or category decides."""


def differences_in(plan: Plan, found: Values) -> list[str]:
    layout = small_layout(plan)
    return [*differing_numbers(plan, found, layout), *differing_texts(plan, found, layout)]


@cache
def costly() -> tuple[Plan, Values]:
    """A plan that costs something, and its workbook."""
    plan = next(plan for seed in range(PLANS) if (plan := random_plan(seed)).evaluate().number("cash") > 1)
    return plan, calculated(drawn(plan))


def calculated(data: bytes) -> Values:
    """Every filled cell of a workbook that holds no stored value yet."""
    return typed_cells(data) | stored_values(refreshed(data)[0])


@pytest.mark.parametrize(("template", "first"), CHUNKS)
def test_formualizer_shows_what_the_engine_finds(template: str, first: int) -> None:
    plans = [random_plan(seed, template) for seed in range(first, first + CHUNK)]
    assert {plan.id: differences_in(plan, calculated(drawn(plan))) for plan in plans} == {plan.id: [] for plan in plans}


def saved_by_libreoffice(template: str, seeds: range, folder: Path) -> dict[int, bytes]:
    """Workbooks of random plans as LibreOffice calculates and saves them, by seed, all in one run."""
    sources = [folder / f"{seed}.xlsx" for seed in seeds]
    for seed, source in zip(seeds, sources, strict=True):
        source.write_bytes(drawn(random_plan(seed, template)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ("--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"))
    run([soffice(), profile, *options, *map(str, sources)])
    return {seed: (folder / "out" / source.name).read_bytes() for seed, source in zip(seeds, sources, strict=True)}


@pytest.mark.libreoffice
@pytest.mark.parametrize(("template", "seeds"), IN_OFFICE, ids=str)
def test_libreoffice_shows_what_the_engine_finds_and_keeps_every_input(
    template: str, seeds: range, tmp_path: Path
) -> None:
    differing: dict[int, list[str]] = {}
    for seed, data in saved_by_libreoffice(template, seeds, tmp_path).items():
        plan, kept = random_plan(seed, template), tmp_path / "out" / f"{seed}.xlsx"
        found = typed_cells(data) | stored_values(data)
        differing[seed] = [*differences_in(plan, found), *changed_inputs(plan, load(kept))]
    assert differing == {seed: [] for seed in seeds}


def test_random_plans_differ_enough_to_fail_and_pass_every_check() -> None:
    seen = {
        row
        for seed in range(PLANS)
        for row in random_plan(seed).evaluate().checks[["check", "status"]].itertuples(index=False, name=None)
    }
    checks = random_plan(0).catalogue.checks.values()
    expected = {(c.id, "note" if c.grade == "note" else "finding") for c in checks if c.id not in NEVER_IN_A_PLAN}
    assert expected | {(check.id, "passed") for check in checks} <= seen


@pytest.mark.parametrize(("template", "count"), COUNTS.items())
def test_random_plans_reach_every_gate_status(template: str, count: int) -> None:
    results = [random_plan(seed, template).evaluate() for seed in range(count)]
    statuses = {status for found in results for status, _ in found.gate_status.values()}
    assert statuses == set(load_catalogue(template).lists["statuses"].ids)


@pytest.mark.parametrize(("template", "count"), COUNTS.items())
def test_random_plans_reach_every_level(template: str, count: int) -> None:
    levels = {level for seed in range(count) for level in random_plan(seed, template).evaluate().levels.values()}
    assert levels == {"", *load_catalogue(template).lists["levels"].ids}


@pytest.mark.parametrize("quantity", ["cost", "unfunded_share", "gate_status", "line_area"])
def test_the_comparison_sees_a_planted_number(quantity: str) -> None:
    plan, found = costly()
    cells = expected_numbers(small_layout(plan), evaluate(plan))
    cell = next(cell for cell in cells if cell.quantity == quantity and isinstance(cell.value, float))
    planted = found | {(cell.sheet, cell.address): 1.0001 * float(cell.value or 0) + 0.01}
    assert [sentence.split(",")[0] for sentence in differing_numbers(plan, planted, small_layout(plan))] == [quantity]


@pytest.mark.parametrize("shown", [None, "", "#VALUE!", "12", True, 0.0])
def test_a_blank_an_error_and_a_text_are_no_number(shown: float | str | None) -> None:
    plan, found = costly()
    cell = next(c for c in expected_numbers(small_layout(plan), evaluate(plan)) if c.quantity == "cash")
    sentences = differing_numbers(plan, found | {(cell.sheet, cell.address): shown}, small_layout(plan))
    assert len(sentences) == 1


def test_the_comparison_sees_a_planted_word() -> None:
    plan, found = costly()
    words = {
        cell: value
        for cell, value in found.items()
        if value in ("ready", "not ready", "incomplete", "ready with conditions")
    }
    planted = found | dict.fromkeys((cell for cell in words if cell[0] == "Profile"), "Ready")
    assert len(differing_texts(plan, planted, small_layout(plan))) >= 1
