"""Template packs: another sector is other data under ``templates/packs``, and every slip in it is refused."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import packages as check
from engines import stored_values
from packages import Made, cells_of, made_of
from plans import changed_inputs, differing_numbers, differing_texts, typed_cells
from test_catalogue import Mistake, places, problems_of
from xlplan import PlanError, load
from xlplan.catalogue import load_catalogue, spoken_catalogue, templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.planfile import parse_plan, write_plan
from xlplan.report.build import report_of
from xlplan.screen import profile
from xlplan.shipped import in_words
from xlplan.wordlist import Listener
from xlplan.workbook import style
from xlplan.workbook.build import build_workbook, draw_workbook, make_layout

PACK = "case_management"
FOUNDATIONS = ("leadership", "legal", "protection", "core_team", "workforce", "services", "infrastructure")


# What the pack says, and what its example comes to by hand


def test_the_pack_differs_from_the_base_in_domains_levels_kinds_and_gates() -> None:
    base, pack = load_catalogue(), load_catalogue(PACK)
    assert tuple(domain.id for domain in pack.band_domains("foundation")) == FOUNDATIONS
    assert [entry.label for entry in pack.lists["levels"].entries] == [
        *(entry.label for entry in base.lists["levels"].entries),
        "Sustained",
    ]
    assert (set(pack.gates), set(pack.bands)) == ({"statistics", "cases"}, {"foundation", "statistics", "cases"})


def test_what_is_the_same_for_all_packs_is_the_same_but_for_its_wording() -> None:
    base, pack = load_catalogue(), load_catalogue(PACK)
    assert [(table.id, [f.id for f in table.fields]) for table in pack.tables.values()] == [
        (table.id, [f.id for f in table.fields]) for table in base.tables.values()
    ]
    assert pack.constants == base.constants
    assert pack.lists["units"].ids == base.lists["units"].ids


@pytest.mark.parametrize(
    ("gate", "required", "preferred"),
    [
        ("statistics", [2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 3, 2, 2]),
        ("cases", [2, 2, 3, 2, 2, 2, 2], [3, 3, 4, 3, 3, 3, 3]),
    ],
)
def test_the_gates_of_the_pack_demand_what_its_file_says(gate: str, required: list[int], preferred: list[int]) -> None:
    catalogue = load_catalogue(PACK)
    demanded = partial(catalogue.demanded, catalogue.gates[gate])
    foundations = catalogue.band_domains("foundation")
    assert [demanded(domain, ("required",)) for domain in foundations] == required
    assert [demanded(domain, ("required", "preferred")) for domain in foundations] == preferred


def test_the_gates_of_the_example_are_those_worked_out_by_hand(case_management: Plan) -> None:
    """Workforce holds statistics back, which only prefers it; protection holds cases back, which requires it."""
    gates = case_management.evaluate().gate_status
    workforce = {"domain": "workforce", "level": "early_progress", "needed": "adequate"}
    protection = {"domain": "protection", "level": "early_progress", "needed": "adequate"}
    assert gates == {"statistics": ("ready with conditions", [workforce]), "cases": ("not ready", [protection])}


def test_the_gates_open_in_the_years_worked_out_by_hand(case_management: Plan) -> None:
    """Protection is Adequate from 2028, workforce from 2029; legal stays where it is and is preferred higher."""
    years = case_management.evaluate().gates_by_year
    assert list(years["statistics"]) == ["ready with conditions", "ready with conditions", "ready", "ready"]
    assert list(years["cases"]) == ["not ready", *["ready with conditions"] * 3]


ANSWERS = {
    "as in the example: 2 + 1 + 2 + 1 + 0 of 10 points": ({}, "early_progress"),
    "7 of 10 points": ({"records": "yes"}, "adequate"),
    "9 of 10 points": ({"records": "yes", "audit": "yes"}, "sustained"),
    "all of 8 points, the audit left out": (
        {"records": "yes", "policy": "yes", "audit": "not_applicable"},
        "sustained",
    ),
    "8 of 10 points, a must-have missing": ({"records": "yes", "policy": "no", "audit": "yes"}, "adequate"),
    "3 of 10 points": ({"manager": "partly", "backups": "no"}, "not_yet_achieved"),
}


@pytest.mark.parametrize(("changes", "level"), ANSWERS.values(), ids=ANSWERS)
def test_answers_give_one_of_four_levels(changes: dict[str, str], level: str, case_management: Plan) -> None:
    rows = [
        dict(row) | {"answer": changes.get(str(row["question"]).removeprefix("protection-"), row["answer"])}
        for row in case_management.rows("answers")
    ]
    plan = replace(case_management, tables={**case_management.tables, "answers": tuple(rows)})
    assert plan.evaluate().levels["protection"] == level


def test_assistance_tapers_by_the_levels_of_the_pack(case_management: Plan) -> None:
    """Legal is at Early progress, so 70 % of 20 days; 520 a day in 2026 and 2 % inflation to 2027."""
    costs = case_management.evaluate().costs
    cost = costs[(costs["line"] == "se-law") & (costs["year"] == 2027)]["cost"].item()
    assert cost == pytest.approx(20 * 0.7 * 520 * 1.02, rel=1e-12)


def test_the_highest_level_is_green_and_the_lowest_red_however_many_there_are(case_management: Plan) -> None:
    looks = {str(cell): cell.style for cell in profile(case_management.evaluate()).columns[1].cells}
    assert looks == {"Adequate": "yellow", "Early progress": "yellow", "Sustained": "green"}
    tones = dict(style.tones({"levels": ("Not yet achieved", "Early progress", "Adequate", "Sustained")}))
    assert list(tones.values()) == [style.BAD, style.FAIR, style.FAIR, style.GOOD]
    statuses = dict(style.tones({"statuses": ("not ready", "incomplete", "ready with conditions", "ready")}))
    assert list(statuses.values()) == [style.BAD, style.UNKNOWN, style.FAIR, style.GOOD]


# Its workbook


def test_the_workbook_of_the_example_shows_what_the_engine_finds(case_management_made: Made) -> None:
    plan, data, layout = case_management_made.plan, case_management_made.data, case_management_made.layout
    found = typed_cells(data) | stored_values(data)
    assert [*differing_numbers(plan, found, layout), *differing_texts(plan, found, layout)] == []


OF_HEALTH = re.compile(r"health|HMIS|HIV|Global Fund|[Ff]acilit|clinic|epidem|immuni", re.IGNORECASE)
ID = re.compile(r"[a-z_.-]+")
MEANT = {"Maturity Profile beyond health (Tanzania)"}
"""The link to the first adaptation outside health."""


def health_words(made: Made) -> list[str]:
    """Texts of a workbook, and prompts of its cells, that speak of health."""
    cells = [cell.value for ws in made.values.worksheets for cell in cells_of(ws)]
    rules = [rule for ws in made.book.worksheets for rule in ws.data_validations.dataValidation]
    texts = [text for text in (*cells, *(rule.prompt for rule in rules)) if isinstance(text, str)]
    guidance = load_catalogue(PACK).guidance["all"].text
    return sorted({text for text in texts if OF_HEALTH.search(text) and not ID.fullmatch(text)} - MEANT - {guidance})


def test_nothing_in_the_workbook_speaks_of_health(case_management_made: Made) -> None:
    assert health_words(case_management_made) == []


def test_the_search_for_words_of_health_finds_those_of_the_base(blank_made: Made) -> None:
    found = health_words(blank_made)
    assert "Who pays, for example: Ministry of Health" in found
    assert "Cost per facility" in found


def test_every_wording_of_the_pack_stands_somewhere_in_its_workbook(case_management: Plan) -> None:
    """Or in its report. A wording whose text has changed in the base would be lost silently."""
    listener = Listener()
    plan = replace(case_management, catalogue=spoken_catalogue(PACK, listener))
    draw_workbook(in_words(plan), 1)
    report_of(plan)
    assert [own for own in load_catalogue(PACK).say.wording.values() if own not in listener.heard] == []


# Slips in a pack


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(templates_folder(), folder / "templates"))


UNKNOWN = {
    "level of a gate": Mistake("gates", 'level = "sustained"', 'level = "splendid"', "splendid"),
    "domain of a gate": Mistake("gates", 'domain = "workforce"', 'domain = "workers"', "workers"),
    "domain of a gate that is no foundation": Mistake(
        "gates", 'domain = "workforce"', 'domain = "cases_children"', "cases_children"
    ),
    "band of a gate that is no foundation": Mistake(
        "gates", 'band = "foundation"\nlevel = "adequate"', 'band = "cases"\nlevel = "adequate"', "cases"
    ),
    "gate of a band": Mistake("domains", 'gate = "cases"', 'gate = "files"', "files"),
    "band of a domain": Mistake("domains", 'band = "statistics"', 'band = "numbers"', "numbers"),
    "source of a list": Mistake("lists", 'source = "gfsm-2014"', 'source = "gfsm"', "gfsm"),
    "domain of a question": Mistake("questions", 'domain = "legal"', 'domain = "law"', "law"),
    "item of a question": Mistake("questions", '["sv-meetings"]', '["sv-talks"]', "sv-talks"),
    "area of an item": Mistake("items", 'area = "services"', 'area = "helpers"', "helpers"),
    "driver of an item": Mistake("items", 'driver = "districts"', 'driver = "counties"', "counties"),
    "grouping of the base": Mistake("items", 'grouping = "gfs-311"', 'grouping = "gf-9"', "gf-9"),
    "approach of the base": Mistake("items", '["tracker_field_tested"]', '["metadata_package"]', "metadata_package"),
    "link of the guidance": Mistake("guidance", '["privacy-laws"]', '["privacy-rules"]', "privacy-rules"),
    "a list that all packs share": Mistake("lists", 'id = "approaches"', 'id = "answers"', "answers"),
    "a key of a wording": Mistake("wording", "own = ", "mine = ", "mine"),
}

WRONG = {
    "a level that gates ask for": Mistake("lists", 'id = "adequate"', 'id = "enough"', "level 'adequate'"),
    "a gate that leaves foundations out": Mistake(
        "gates",
        '"early_progress"\nstrength = "required"',
        '"early_progress"\nstrength = "preferred"',
        "leadership, legal",
    ),
    "kinds in another order than their gates": Mistake(
        "lists",
        'id = "statistics"\nlabel = "Aggregate data"\n[[list.entry]]\nid = "cases"',
        'id = "cases"\nlabel = "Aggregate data"\n[[list.entry]]\nid = "statistics"',
        "cases, statistics",
    ),
    "a kind without a band": Mistake("lists", 'id = "cases"', 'id = "files"', "statistics, files"),
    "a level without a threshold": Mistake("lists", "threshold = 0.65, ", "", "no threshold"),
    "a level without a taper": Mistake("lists", ", taper = 0.4", "", "no taper"),
    "thresholds that fall": Mistake("lists", "threshold = 0.9", "threshold = 0.5", "0, 0.35, 0.65, 0.5"),
    "a lowest level that is not for all": Mistake("lists", "threshold = 0, ", "threshold = 0.1, ", "0.1, 0.35"),
    "a wording that stands twice": Mistake("wording", 'base = "Facilities"', 'base = "facility"', "'facility'"),
}


def pack_with(folder: Path, mistake: Mistake) -> tuple[Path, int]:
    """A copy of the templates with one slip in the pack, and the line it stands on."""
    home = copied(folder)
    path = home / "packs" / PACK / f"{mistake.file}.toml"
    before = path.read_text(encoding="utf-8")
    assert mistake.old in before
    path.write_text(before.replace(mistake.old, mistake.new, 1), encoding="utf-8")
    return home, before[: before.index(mistake.old)].count("\n") + 1


@pytest.mark.parametrize("mistake", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_word_of_a_pack_is_refused_with_pack_file_and_line(mistake: Mistake, tmp_path: Path) -> None:
    home, line = pack_with(tmp_path, mistake)
    told = tuple(problem for problem in problems_of(home, PACK) if repr(mistake.word) in problem.found)
    assert set(places(told, f"{PACK}/{mistake.file}")) == {line}
    assert all(problem.expected and problem.remedy for problem in told)


@pytest.mark.parametrize("mistake", WRONG.values(), ids=WRONG)
def test_what_does_not_fit_together_in_a_pack_is_refused(mistake: Mistake, tmp_path: Path) -> None:
    problems = problems_of(pack_with(tmp_path, mistake)[0], PACK)
    assert any(mistake.word in problem.found for problem in problems), problems
    assert all(re.match(rf"{PACK}/\w+\.toml, line \d+", problem.where) for problem in problems), problems


@pytest.mark.parametrize("name", ["fields.toml", "units.toml", "checks.toml", "constants.toml", "domain.toml"])
def test_a_file_that_no_pack_has_is_refused(name: str, tmp_path: Path) -> None:
    home = copied(tmp_path)
    (home / "packs" / PACK / name).write_text("", encoding="utf-8")
    assert [problem.where for problem in problems_of(home, PACK)] == [f"{PACK}/{name}"]


def test_a_pack_that_there_is_not_never_stands_for_the_base() -> None:
    with pytest.raises(PlanError, match="nowhere"):
        load_catalogue("nowhere")


def test_a_pack_without_foundations_is_refused(tmp_path: Path) -> None:
    home = copied(tmp_path)
    path = home / "packs" / PACK / "domains.toml"
    text = path.read_text(encoding="utf-8").replace('band = "foundation"', 'band = "statistics"')
    path.write_text(text, encoding="utf-8")
    assert any("foundational" in problem.found for problem in problems_of(home, PACK))


# A domain, a question, a level and a kind of programme more: data only


MORE = {
    "domains": """
[[band]]
id = "registers"
label = "Registers"
gate = "registers"
source = "std-case"
[[domain]]
id = "learning"
band = "foundation"
label = "Learning and research"
source = "std-case"
[[domain]]
id = "registers_families"
band = "registers"
label = "Families"
source = "std-case"
""",
    "gates": """
[[gate]]
id = "registers"
label = "Register programme"
source = "std-case"
[[gate.criterion]]
band = "foundation"
level = "not_yet_achieved"
strength = "required"
[[gate.criterion]]
band = "foundation"
domain = "learning"
level = "leading"
strength = "required"
""",
    "questions": """
[[question]]
id = "learning-study"
domain = "learning"
must = true
text = "Was it studied what becomes of closed cases?"
evidence = "The study"
advice = "Study what becomes of closed cases."
items = ["sv-meetings"]
source = "std-case"
[[question]]
id = "registers-owner"
band = "registers"
text = "Does the register have an owner?"
evidence = "Name of the owner"
advice = "Name an owner."
items = ["sv-meetings"]
source = "std-case"
""",
}
INSIDE = {
    "values = { threshold = 0.9, taper = 0.1 }": '\n[[list.entry]]\nid = "leading"\nlabel = "Leading"\n'
    "values = { threshold = 0.97, taper = 0 }",
    'id = "cases"\nlabel = "Individual data (tracker)"': '\n[[list.entry]]\nid = "registers"\nlabel = "Register data"',
}
"""What follows a text in lists.toml."""

PLAN = """
[[levels]]
domain = "registers_families"
round = "baseline"
level = "leading"
[[answers]]
question = "learning-study"
round = "baseline"
answer = "{answer}"
[[targets]]
foundation = "learning"
target = "leading"
year = 2029
[[programmes]]
id = "family_register"
label = "Family register"
band = "registers"
start_year = 2029
[[lines]]
id = "study"
activity = "Study"
area = "learning"
category = "technical_assistance"
nature = "recurring"
quantity_1 = 10
unit_cost = 100
tapers = "yes"
first_year = 2028
shares = {{ norland = 1 }}
"""


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the pack with one more of each, in a folder of templates of its own."""
    home = copied(tmp_path_factory.mktemp("wider"))
    pack = Path(shutil.copytree(home / "packs" / PACK, home / "packs" / "wider"))
    for name, more in MORE.items():
        with (pack / f"{name}.toml").open("a", encoding="utf-8") as stream:
            stream.write(more)
    text = (pack / "lists.toml").read_text(encoding="utf-8")
    for before, after in INSIDE.items():
        assert before in text
        text = text.replace(before, before + after)
    (pack / "lists.toml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlplan.catalogue.templates_folder", lambda: home)
        yield "wider"


def wider_plan(case_management: Plan, answer: str) -> Plan:
    """The example plan in the wider pack, with one programme of the new kind and money for the new domain."""
    text = write_plan(case_management).replace(f'template = "{PACK}"', 'template = "wider"')
    return parse_plan(text + PLAN.format(answer=answer))


@pytest.mark.parametrize(
    ("answer", "level", "today"),
    [("yes", "leading", "ready"), ("partly", "early_progress", "not ready"), ("no", "not_yet_achieved", "not ready")],
)
def test_an_added_question_gives_the_added_level_and_opens_the_added_gate(
    answer: str, level: str, today: str, wider: str, case_management: Plan
) -> None:
    """All, half or none of the points of its one question; the gate asks others for nothing but to be assessed."""
    results = wider_plan(case_management, answer).evaluate()
    blocker = {"domain": "learning", "level": level, "needed": "leading"}
    assert results.levels["learning"] == level
    assert results.gate_status["registers"] == (today, [] if today == "ready" else [blocker])
    assert list(results.gates_by_year["registers"]) == [today, today, "ready", "ready"]


def test_what_was_there_before_stays_as_it_was(wider: str, case_management: Plan) -> None:
    before, after = case_management.evaluate(), wider_plan(case_management, "partly").evaluate()
    kept = list(before.levels)
    assert {id: after.levels[id] for id in kept} == dict(before.levels)
    assert {gate: after.gate_status[gate][0] for gate in before.gate_status} == {
        "statistics": "ready with conditions",
        "cases": "not ready",
    }


def test_an_added_level_tapers_as_its_row_says(wider: str, case_management: Plan) -> None:
    """10 days at 100 and 2 % inflation: 70 % of them at Early progress in 2028, none at the level Leading from 2029."""
    costs = wider_plan(case_management, "partly").evaluate().costs
    study = costs[costs["line"] == "study"].set_index("year")["cost"]
    assert study.to_dict() == pytest.approx({2027: 0, 2028: 10 * 0.7 * 100 * 1.02**2, 2029: 0, 2030: 0})


@pytest.fixture(scope="module")
def wider_made(wider: str, case_management: Plan) -> Made:
    plan = wider_plan(case_management, "partly")
    return made_of(plan, make_layout(plan, line_rows=1), build_workbook(plan, line_rows=1))


def test_the_workbook_shows_every_addition(wider_made: Made) -> None:
    texts = {
        title: {cell.value for cell in cells_of(wider_made.values[title])}
        for title in ("Profile", "Questions", "Maturity", "Settings", "Lists", "Strengthening")
    }
    assert {
        "Learning and research", "Needed: Register programme", "Leading", "Register programme", "Family register",
        "Register data", "Learning and research is Early progress, needs Leading. ",
    } <= texts["Profile"]  # fmt: skip
    assert {"Was it studied what becomes of closed cases?", "Does the register have an owner?"} <= texts["Questions"]
    assert {"Learning and research", "Families"} <= texts["Maturity"]
    assert {"Leading", 0.97} <= texts["Settings"]
    assert {"Register data", "Register programme"} <= texts["Lists"]
    assert "Register programme" in texts["Strengthening"]


def test_the_wider_workbook_shows_what_the_engine_finds_and_reads_back(wider_made: Made, tmp_path: Path) -> None:
    plan, data, layout = wider_made.plan, wider_made.data, wider_made.layout
    found = typed_cells(data) | stored_values(data)
    assert [*differing_numbers(plan, found, layout), *differing_texts(plan, found, layout)] == []
    (tmp_path / "wider.xlsx").write_bytes(data)
    assert changed_inputs(plan, load(tmp_path / "wider.xlsx")) == []


RULES = (
    check.badly_validated, check.constants_on_calculation_sheets, check.cut_off_pages, check.dead_links,
    check.error_values, check.heads_out_of_place, check.literals, check.long_formulas, check.nested_ifs,
    check.over_funded_lines, check.poor_checks, check.repeated_calculations, check.rows_without_unit,
    check.short_ranges, check.spare_rows_that_show, check.sums_that_differ, check.uneven_columns, check.uneven_rows,
    check.wrong_pages, check.wrong_views, check.wrongly_locked,
)  # fmt: skip
"""Rules of a workbook that more domains, levels or kinds of work could break."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_wider_workbook_keeps_the_rules(rule: Callable[[Made], list[str]], wider_made: Made) -> None:
    assert rule(wider_made) == []


def test_the_wider_workbook_holds_what_libreoffice_calculates(wider_made: Made, office_profile: Path) -> None:
    other = check.calculated_by_libreoffice(wider_made.data, office_profile)
    assert check.stored_values_that_differ(wider_made, other) == []


# The command line


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "plan.xlsx"
    assert run("new", path, "--template", PACK, "--example").exit_code == 0
    return path


def test_the_command_line_makes_shows_checks_exports_and_translates_it(
    file: Path, case_management: Plan, tmp_path: Path
) -> None:
    assert (load(file), load(file).template) == (case_management, PACK)
    shown = json.loads(run("show", file, "--json").stdout)
    assert shown["profile"]["infrastructure"] == "sustained"
    assert "Sustained" in run("show", file).stdout
    assert run("check", file).exit_code == 1
    for name, command in (("plan.toml", "export"), ("again.xlsx", "translate")):
        more = ("--to",) if command == "export" else ("--lang", "en", "-o")
        assert run(command, file, *more, tmp_path / name).exit_code == 0
        assert (load(tmp_path / name), load(tmp_path / name).template) == (case_management, PACK)


def test_an_empty_workbook_of_the_pack_asks_for_its_own_domains(tmp_path: Path) -> None:
    assert run("new", tmp_path / "empty.xlsx", "--template", PACK).exit_code == 0
    assert load(tmp_path / "empty.xlsx").evaluate().foundations == FOUNDATIONS


def test_lines_are_suggested_from_the_catalogue_of_the_pack(tmp_path: Path) -> None:
    words = ("--programme", "Foster care:cases:tracker_field_tested:2028", "--weak", "services")
    assert run("new", tmp_path / "s.xlsx", "--template", PACK, *words).exit_code == 0
    items = {line["item"] for line in load(tmp_path / "s.xlsx").rows("lines")}
    assert items == {item.id for item in load_catalogue(PACK).items.values() if item.area in ("cases", "services")}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--template", "casemanagement"), "casemanagement"),
        (("--template", "../packs/case_management"), "../packs"),
        (("--template", PACK, "--programme", "X:tracker"), "'tracker'"),
        (("--template", PACK, "--weak", "security"), "'security'"),
    ],
)
def test_what_the_templates_do_not_have_is_refused(words: tuple[str, ...], found: str, tmp_path: Path) -> None:
    result = run("new", tmp_path / "x.xlsx", *words)
    assert (result.exit_code, found in result.stderr, list(tmp_path.iterdir())) == (1, True, [])
