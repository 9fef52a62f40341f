"""Readiness gates on the official figure: Python, the command line and the cells of a workbook say the same."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from xlplan.catalogue import templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.planfile import read_plan, write_plan
from xlplan.workbook.build import build_workbook

FIGURE = {
    "leadership": "adequate", "strategy": "adequate", "security": "early_progress",
    "core_team": "early_progress",
    "metadata": "adequate", "training": "early_progress", "facility_population": "adequate",
    "infrastructure": "adequate",
    "aggregate_hmis": "adequate", "aggregate_hiv": "adequate", "aggregate_tb": "adequate",
    "aggregate_malaria": "adequate",
    "aggregate_epi": "not_assessed", "aggregate_surveillance": "not_assessed", "aggregate_covid": "not_assessed",
    "aggregate_chis": "early_progress", "aggregate_campaigns": "not_assessed",
    "tracker_generic": "not_yet_achieved", "tracker_hiv": "early_progress", "tracker_tb": "adequate",
    "tracker_malaria": "not_yet_achieved", "tracker_epi_registry": "not_assessed",
    "tracker_covid_registry": "not_assessed",
    "tracker_aefi": "not_assessed", "tracker_case_surveillance": "not_assessed", "tracker_covid": "not_assessed",
}  # fmt: skip
"""The published figure, domain by domain."""

FOUNDATIONS = tuple(FIGURE)[:8]
WORDS = {
    "not_assessed": "Not assessed",
    "not_yet_achieved": "Not yet achieved",
    "early_progress": "Early progress",
    "adequate": "Adequate",
}

Blocker = tuple[str, str, str]
"""Domain, its level, and the level it needs."""

Gate = tuple[str, tuple[Blocker, ...]]
"""Status, and what keeps the gate from its next status."""

READY: Gate = ("ready", ())
SECURITY = ("security", "early_progress", "adequate")


@dataclass(frozen=True)
class Case:
    """The figure with some levels changed (empty for not assessed), and what both gates must say."""

    changes: Mapping[str, str]
    aggregate: Gate
    tracker: Gate


def unknown(*needs: tuple[str, str]) -> Gate:
    return "incomplete", tuple((domain, "not_assessed", needed) for domain, needed in needs)


def failed_by(domain: str) -> Case:
    """One foundation Not yet achieved: nothing new may start."""
    alone = (domain, "not_yet_achieved", "early_progress")
    both = sorted([alone, SECURITY], key=lambda blocker: FOUNDATIONS.index(blocker[0]))
    security_alone = [("security", "not_yet_achieved", "adequate")]
    tracker = tuple(security_alone if domain == "security" else both)
    return Case({domain: "not_yet_achieved"}, ("not ready", (alone,)), ("not ready", tracker))


CASES = {
    "the figure as published": Case({}, READY, ("not ready", (SECURITY,))),
    "security adequate": Case(
        {"security": "adequate"},
        READY,
        (
            "ready with conditions",
            (("core_team", "early_progress", "adequate"), ("training", "early_progress", "adequate")),
        ),
    ),
    "security not assessed": Case(
        {"security": ""}, unknown(("security", "early_progress")), unknown(("security", "adequate"))
    ),
    "a known failure beside an unknown": Case(
        {"security": "", "strategy": "not_yet_achieved"},
        ("not ready", (("strategy", "not_yet_achieved", "early_progress"),)),
        ("not ready", (("strategy", "not_yet_achieved", "early_progress"),)),
    ),
    "everything adequate": Case(dict.fromkeys(FOUNDATIONS, "adequate"), READY, READY),
    "nothing assessed": Case(
        dict.fromkeys(FOUNDATIONS, ""),
        unknown(*((domain, "early_progress") for domain in FOUNDATIONS)),
        unknown(*((domain, "adequate" if domain == "security" else "early_progress") for domain in FOUNDATIONS)),
    ),
    "use levels do not matter": Case(
        {"tracker_tb": "not_yet_achieved", "aggregate_hmis": ""}, READY, ("not ready", (SECURITY,))
    ),
} | {f"{domain} not yet achieved": failed_by(domain) for domain in FOUNDATIONS}

PROGRAMMES = (
    {"id": "chis_expansion", "label": "CHIS expansion", "band": "aggregate", "start_year": 2027},
    {"id": "hiv_case_surveillance", "label": "HIV case surveillance", "band": "tracker", "start_year": 2028},
)

EVERY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
IN_A_WORKBOOK = ("the figure as published", "security adequate", "security not assessed", "leadership not yet achieved")


@cache
def figure() -> Plan:
    """The official figure in the round that the example uses, with two programmes and no money."""
    plan = read_plan(templates_folder() / "examples" / "national.toml")
    now = plan.settings["current_round"]
    tables = {
        "rounds": tuple(row for row in plan.rows("rounds") if row["id"] == now),
        "levels": tuple(row for row in plan.rows("levels") if row["round"] == now and row["domain"] in FIGURE),
        "programmes": PROGRAMMES,
        "currencies": plan.rows("currencies"),
    }
    kept = {key: value for key, value in plan.settings.items() if not key.endswith("_driver")}
    return replace(plan, settings=kept, tables=tables)


@cache
def figure_workbook() -> bytes:
    return build_workbook(figure(), line_rows=1)


def with_levels(plan: Plan, changes: Mapping[str, str]) -> Plan:
    """The plan with other levels; an empty one is not assessed."""
    rows = [dict(row) | {"level": changes.get(str(row["domain"]), row.get("level", ""))} for row in plan.rows("levels")]
    levels = tuple(row for row in rows if row["level"])
    return replace(plan, tables={**plan.tables, "levels": levels})


def gates_of(plan: Plan) -> dict[str, Gate]:
    return {gate: (status, told(blockers)) for gate, (status, blockers) in plan.evaluate().gate_status.items()}


def told(blockers: list[dict[str, str]]) -> tuple[Blocker, ...]:
    return tuple((b["domain"], b["level"], b["needed"]) for b in blockers)


def shown_gates(file: Path) -> dict[str, Gate]:
    """The gates that ``xlplan show --json`` prints."""
    found = CliRunner().invoke(main, ["show", str(file), "--json"], catch_exceptions=False)
    assert found.exit_code == 0, found.stderr
    gates = json.loads(found.stdout)["gates"]
    return {gate: (entry["status"], told(entry["blockers"])) for gate, entry in gates.items()}


def test_the_example_has_the_levels_of_the_official_figure() -> None:
    levels = figure().evaluate().levels
    assert {domain: levels[domain] or "not_assessed" for domain in FIGURE} == FIGURE


@EVERY_CASE
def test_python_reads_the_gates(case: Case) -> None:
    gates = gates_of(with_levels(figure(), case.changes))
    assert gates == {"aggregate": case.aggregate, "tracker": case.tracker}


@EVERY_CASE
def test_each_programme_has_the_status_of_its_gate(case: Case) -> None:
    programmes = with_levels(figure(), case.changes).evaluate().programmes.set_index("programme")["status"]
    assert programmes.to_dict() == {"chis_expansion": case.aggregate[0], "hiv_case_surveillance": case.tracker[0]}


@pytest.mark.parametrize("gate", ["aggregate", "tracker"])
def test_the_table_of_gates_says_the_same_as_the_status(gate: str) -> None:
    case = CASES["security adequate"]
    status, blockers = getattr(case, gate)
    table = with_levels(figure(), case.changes).evaluate().gates.query("gate == @gate")
    assert set(table["status"]) == {status}
    assert [tuple(row) for row in table[["domain", "level", "needed"]].to_numpy()] == list(blockers or [("", "", "")])


def edited(text: str, changes: Mapping[str, str]) -> str:
    """A plan file with levels changed by hand, as an assessor would in a text editor."""
    for domain, level in changes.items():
        found = re.compile(rf'(domain = "{domain}"\n(?:[^\[]*\n)?level = )"\w+"')
        assert found.search(text), domain
        text = found.sub(rf'\1"{level}"', text, count=1)
    return text


@pytest.mark.parametrize("name", ["the figure as published", "security adequate", "infrastructure not yet achieved"])
def test_a_plan_file_changed_by_hand_shows_the_gates(name: str, tmp_path: Path) -> None:
    text = write_plan(figure())
    (tmp_path / "plan.toml").write_text(edited(text, CASES[name].changes), encoding="utf-8")
    shown = shown_gates(tmp_path / "plan.toml")
    assert shown == {"aggregate": CASES[name].aggregate, "tracker": CASES[name].tracker}


# What a planner sees who changes the levels on the sheet Maturity


OFFICIAL = 7
"""Column H: id, name and band, the final level of four rounds, then the official level of the first."""


def typed_levels(data: bytes, changes: Mapping[str, str]) -> bytes:
    """The workbook with other levels chosen on Maturity; no stored value survives in it."""
    book = openpyxl.load_workbook(BytesIO(data))
    rows = {row[0].value: row for row in book["Maturity"].iter_rows(min_row=6)}
    for domain, level in changes.items():
        rows[domain][OFFICIAL].value = WORDS[level] if level else None
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(params=IN_A_WORKBOOK, scope="module")
def calculated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    """A case, and its workbook calculated by ``xlplan calc``."""
    case, path = CASES[request.param], tmp_path_factory.mktemp("gates") / "plan.xlsx"
    path.write_bytes(typed_levels(figure_workbook(), case.changes))
    found = CliRunner().invoke(main, ["calc", str(path)], catch_exceptions=False)
    assert found.exit_code == 0, found.stderr
    return case, path


def profile_rows(file: Path) -> dict[str, list[Any]]:
    """Rows of the sheet Profile under the name in their second column; the first of a name counts."""
    grid = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Profile").to_python(skip_empty_area=False)
    return {str(row[1]): row for row in reversed(grid) if row[1]}


def sentences(blockers: tuple[Blocker, ...]) -> list[str]:
    labels = {id: domain.label for id, domain in figure().catalogue.domains.items()}
    return [f"{labels[domain]} is {WORDS[level]}, needs {WORDS[needed]}" for domain, level, needed in blockers]


def test_the_profile_sheet_says_the_same(calculated: tuple[Case, Path]) -> None:
    case, path = calculated
    rows = profile_rows(path)
    for label, (status, blockers) in (
        ("Aggregate programme or data set", case.aggregate),
        ("Tracker programme", case.tracker),
    ):
        assert rows[label][2] == status
        assert [part for part in str(rows[label][6]).split(". ") if part] == sentences(blockers)


def test_the_profile_sheet_shows_every_level_and_the_programmes(calculated: tuple[Case, Path]) -> None:
    case, path = calculated
    rows, levels = profile_rows(path), FIGURE | dict(case.changes)
    labels = {id: domain.label for id, domain in figure().catalogue.domains.items()}
    assert {id: rows[labels[id]][2] for id in FOUNDATIONS} == {
        id: WORDS[levels[id] or "not_assessed"] for id in FOUNDATIONS
    }
    assert rows["CHIS expansion"][2] == case.aggregate[0]
    assert rows["HIV case surveillance"][2] == case.tracker[0]


def test_the_workbook_read_back_shows_the_same_gates(calculated: tuple[Case, Path]) -> None:
    case, path = calculated
    assert shown_gates(path) == {"aggregate": case.aggregate, "tracker": case.tracker}
