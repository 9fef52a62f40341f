"""The templates: what they must say, and that a mistake in them is refused with its file and line."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xlplan.catalogue import TEMPLATE, load_catalogue, templates, templates_folder
from xlplan.model import load_model
from xlplan.problems import PlanError, Problem

FOUNDATIONS = (
    "Leadership and governance", "Strategy and investment", "DHIS2 security and compliance",
    "Core team for DHIS2 maintenance", "DHIS2 metadata and org units", "Training end users",
    "Facility and population profile", "Infrastructure",
)  # fmt: skip
AGGREGATE = (
    "HMIS", "HIV", "TB", "Malaria", "EPI", "Surveillance (IDSR)", "COVID-19 surveillance", "CHIS",
    "Mass immunisation campaigns (last campaign)",
)  # fmt: skip
TRACKER = (
    "Generic tracker capacity", "HIV", "TB", "Malaria", "EPI electronic immunisation registry",
    "COVID-19 electronic immunisation registry", "AEFI", "Case based surveillance", "COVID-19 surveillance",
)  # fmt: skip


@pytest.mark.parametrize(
    ("band", "labels"), [("foundation", FOUNDATIONS), ("aggregate", AGGREGATE), ("tracker", TRACKER)]
)
def test_the_profile_has_the_domains_of_the_figure_in_its_order(band: str, labels: tuple[str, ...]) -> None:
    assert tuple(domain.label for domain in load_catalogue().band_domains(band)) == labels


def test_there_are_no_other_domains_or_bands() -> None:
    catalogue = load_catalogue()
    assert tuple(catalogue.bands) == ("foundation", "aggregate", "tracker")
    assert len(catalogue.domains) == 8 + 9 + 9


def test_levels_stand_from_low_to_high() -> None:
    levels = load_catalogue().lists["levels"]
    assert [entry.label for entry in levels.entries] == ["Not yet achieved", "Early progress", "Adequate"]
    assert levels.ordered
    assert [load_catalogue().level_place(level) for level in levels.ids] == [1, 2, 3]


def test_statuses_stand_from_worst_to_best() -> None:
    statuses = load_catalogue().lists["statuses"]
    assert statuses.ids == ("not ready", "incomplete", "ready with conditions", "ready")


@pytest.mark.parametrize(
    ("gate", "required", "preferred"),
    [("aggregate", [2] * 8, [2] * 8), ("tracker", [2, 2, 3, 2, 2, 2, 2, 2], [3] * 8)],
)
def test_gates_demand_what_the_page_says(gate: str, required: list[int], preferred: list[int]) -> None:
    catalogue = load_catalogue()
    found, foundations = catalogue.gates[gate], catalogue.band_domains("foundation")
    assert [catalogue.demanded(found, domain, ("required",)) for domain in foundations] == required
    assert [catalogue.demanded(found, domain, ("required", "preferred")) for domain in foundations] == preferred


def test_the_three_cost_categories_are_those_of_the_page() -> None:
    labels = [entry.label for entry in load_catalogue().lists["categories"].entries]
    assert labels == ["Local personnel", "Technical assistance", "Local operational costs"]


def test_every_check_names_quantities_of_the_model() -> None:
    known = load_model().quantities
    for check in load_catalogue().checks.values():
        assert {name for name in (check.left, check.right, check.tolerance, check.flag) if name} <= set(known), check.id


@pytest.mark.parametrize("template", templates())
def test_every_fact_names_a_source(template: str) -> None:
    catalogue = load_catalogue(template)
    named = ("domains", "bands", "areas", "gates", "units", "lists", "constants", "checks", "items", "drivers",
             "questions", "roles", "hosting", "burdens")  # fmt: skip
    facts: list[Any] = [fact for name in named for fact in getattr(catalogue, name).values()]
    fields = [field for table in catalogue.tables.values() for field in table.fields]
    assert {fact.source for fact in (*facts, *fields)} <= set(catalogue.sources)


@pytest.mark.parametrize("template", templates())
def test_every_foundation_has_questions_guidance_items_and_a_must_have(template: str) -> None:
    catalogue = load_catalogue(template)
    questions, items = catalogue.questions.values(), catalogue.items.values()
    for domain in catalogue.band_domains("foundation"):
        asked = [question for question in questions if question.domain == domain.id]
        assert len(asked) >= 4, domain.id
        assert any(question.must for question in asked), domain.id
        assert all(question.advice and question.evidence and question.items for question in asked), domain.id
        assert domain.id in catalogue.guidance, domain.id
        assert any(item.area == domain.id for item in items), domain.id


@pytest.mark.parametrize("template", templates())
def test_every_kind_of_new_work_has_a_gate_domains_questions_and_items(template: str) -> None:
    catalogue = load_catalogue(template)
    kinds = catalogue.lists["programme_bands"].ids
    assert kinds == tuple(band.id for band in catalogue.bands.values() if band.gate)
    for kind in kinds:
        assert catalogue.band_domains(kind), kind
        assert catalogue.band_questions(kind), kind
        assert any(item.area == kind for item in catalogue.items.values()), kind


@pytest.mark.parametrize("template", templates())
def test_every_one_off_item_is_continued_or_says_why_not(template: str) -> None:
    items = load_catalogue(template).items.values()
    assert [i.id for i in items if i.nature == "one_off" and bool(i.tail) == bool(i.waiver)] == []


# Mistakes of a maintainer


@dataclass(frozen=True)
class Mistake:
    """A slip in one template file: what stands there, what is typed instead, and the word that is refused."""

    file: str
    old: str
    new: str
    word: str = ""


UNKNOWN = {
    "band of a domain": Mistake(
        "domains", 'band = "foundation"\nlabel = "Strategy', 'band = "nowhere"\nlabel = "Strategy', "nowhere"
    ),
    "gate of a band": Mistake("domains", 'gate = "tracker"', 'gate = "trackers"', "trackers"),
    "source of a domain": Mistake(
        "domains", 'investment"\nsource = "page"', 'investment"\nsource = "hearsay"', "hearsay"
    ),
    "source of a list": Mistake(
        "lists", 'label = "Natures"\nsource = "page"', 'label = "Natures"\nsource = "hearsay"', "hearsay"
    ),
    "source of a gate": Mistake(
        "gates", 'Tracker programme"\nsource = "page"', 'Tracker programme"\nsource = "hearsay"', "hearsay"
    ),
    "source of a field": Mistake("fields", 'source = "field-loss"', 'source = "field-lost"', "field-lost"),
    "source of all units": Mistake("units", 'source = "std-words"', 'source = "hearsay"', "hearsay"),
    "unit of a field": Mistake(
        "fields", 'unit = "share/year", required', 'unit = "share/month", required', "share/month"
    ),
    "unit of a constant": Mistake("constants", 'unit = "money"', 'unit = "dollars"', "dollars"),
    "unit of a constant, cut short": Mistake("constants", 'unit = "share"', 'unit = "shar"', "shar"),
    "source of a domain, cut short": Mistake(
        "domains", 'investment"\nsource = "page"', 'investment"\nsource = "pag"', "pag"
    ),
    "level of a gate": Mistake(
        "gates", 'level = "adequate"\nstrength = "preferred"', 'level = "superb"\nstrength = "preferred"', "superb"
    ),
    "level of a gate, cut short": Mistake(
        "gates", 'level = "adequate"\nstrength = "preferred"', 'level = "adequat"\nstrength = "preferred"', "adequat"
    ),
    "place of a scope": Mistake("guidance", 'id = "leadership"\nobjective', 'id = "leaders"\nobjective', "leaders"),
    "source of a scope": Mistake(
        "guidance", 'sources = ["page", "doc-so", "doc-ch8"]', 'sources = ["page", "doc-so", "doc-xx"]', "doc-xx"
    ),
    "item of a role": Mistake("guidance", 'items = ["ct-lead"]', 'items = ["ct-leader"]', "ct-leader"),
    "domain of a gate": Mistake("gates", 'domain = "security"', 'domain = "secrecy"', "secrecy"),
    "domain of another band": Mistake("gates", 'domain = "security"', 'domain = "tracker_hiv"', "tracker_hiv"),
    "band of a gate": Mistake(
        "gates", 'band = "foundation"\nlevel = "adequate"', 'band = "cellar"\nlevel = "adequate"', "cellar"
    ),
    "strength of a gate": Mistake("gates", 'strength = "preferred"', 'strength = "prefered"', "prefered"),
    "list of a choice": Mistake("fields", 'list = "replacement_methods"', 'list = "replacements"', "replacements"),
    "what an item requires": Mistake("items", 'requires = ["se-policy"]', 'requires = ["se-polity"]', "se-polity"),
    "table of a choice": Mistake("fields", 'list = "drivers"', 'list = "riders"', "riders"),
    "kind of a field": Mistake("fields", 'kind = "date", unit', 'kind = "day", unit', "day"),
    "series of a field": Mistake("fields", 'by = "funder"', 'by = "funders"', "funders"),
    "key of a table": Mistake("fields", 'keys = ["domain", "round"]', 'keys = ["domain", "turn"]', "turn"),
    "use of a unit": Mistake("units", 'label = "SIM card"\nof = "line"', 'label = "SIM card"\nof = "lines"', "lines"),
    "tolerance of a check": Mistake(
        "checks", 'tolerance = "money_tolerance"', 'tolerance = "money_patience"', "money_patience"
    ),
    "grade of a check": Mistake("checks", 'grade = "note"', 'grade = "hint"', "hint"),
    "field of a check": Mistake("checks", 'field = "drivers.values"', 'field = "riders.values"', "riders.values"),
}

WRONG_KEYS = {
    "of a domain": Mistake("domains", 'label = "Strategy and', 'lable = "Strategy and', "lable"),
    "of a domain, cut short": Mistake("domains", 'label = "Strategy and', 'labe = "Strategy and', "labe"),
    "of a unit": Mistake("units", 'label = "SIM card"\nof =', 'label = "SIM card"\noff =', "off"),
    "of a list": Mistake("lists", "ordered = true", "order = true", "order"),
    "of an entry": Mistake("lists", 'label = "one-off"', 'lable = "one-off"', "lable"),
    "of a gate": Mistake("gates", 'label = "Tracker', 'name = "Tracker', "name"),
    "of a criterion": Mistake("gates", 'domain = "security"', 'domein = "security"', "domein"),
    "of a constant": Mistake("constants", "value = 0.5", "valeu = 0.5", "valeu"),
    "of a check": Mistake("checks", 'left = "plan_category_cost"', 'leff = "plan_category_cost"', "leff"),
    "of a source": Mistake("sources", 'publisher = "BMC', 'publischer = "BMC', "publischer"),
    "of a table": Mistake("fields", 'prefix = "driver"', 'prefics = "driver"', "prefics"),
    "of a field": Mistake("fields", 'maximum = 1, quantity = "line_base', 'maxim = 1, quantity = "line_base', "maxim"),
}

MISSING_KEYS = {
    "label of a domain": Mistake("domains", 'label = "Strategy and investment"\n', ""),
    "id of a domain": Mistake("domains", 'id = "strategy"\n', ""),
    "level of a criterion": Mistake("gates", 'level = "adequate"\nstrength = "preferred"', 'strength = "preferred"'),
    "unit of a constant": Mistake("constants", 'unit = "share"\n', ""),
    "remedy of a check": Mistake("checks", 'remedy = "say what the line pays for"\n', ""),
    "id of a list": Mistake("lists", 'id = "natures"\n', ""),
    "prompt of a field": Mistake("fields", ', prompt = "What is counted, for example: facilities"', ""),
}


def pack_with(folder: Path, mistake: Mistake) -> tuple[Path, int]:
    """A copy of the templates with one mistake in it, and the line it stands on."""
    pack = Path(shutil.copytree(templates_folder(), folder / "templates"))
    path = pack / f"{mistake.file}.toml"
    before = path.read_text(encoding="utf-8")
    assert mistake.old in before
    after = before.replace(mistake.old, mistake.new, 1)
    path.write_text(after, encoding="utf-8")
    pairs = enumerate(zip(before.splitlines(), after.splitlines(), strict=False), 1)
    return pack, next(line for line, (old, new) in pairs if old != new)


def problems_of(pack: Path, template: str = TEMPLATE) -> tuple[Problem, ...]:
    with pytest.raises(PlanError) as refusal:
        load_catalogue(template, folder=pack)
    return refusal.value.problems


def places(problems: tuple[Problem, ...], file: str) -> list[int]:
    """Lines that the problems name; every one must name the file and a line."""
    found = [re.match(rf"{file}\.toml, line (\d+)", problem.where) for problem in problems]
    assert all(found), problems
    return [int(match[1]) for match in found if match]


def record_around(pack: Path, file: str, line: int) -> range:
    """Lines of the record that a line belongs to: from its heading to the next one."""
    lines = (pack / f"{file}.toml").read_text(encoding="utf-8").splitlines()
    heads = [number for number, text in enumerate(lines, 1) if text.startswith("[")]
    return range(max(n for n in heads if n <= line), min([n for n in heads if n > line], default=len(lines) + 1))


@pytest.mark.parametrize("mistake", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_word_is_refused_with_file_and_line(mistake: Mistake, tmp_path: Path) -> None:
    pack, line = pack_with(tmp_path, mistake)
    problems = problems_of(pack)
    assert set(places(problems, mistake.file)) == {line}
    assert all(repr(mistake.word) in problem.found and problem.expected and problem.remedy for problem in problems)


@pytest.mark.parametrize("mistake", WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_an_unknown_key_is_refused_with_file_and_line(mistake: Mistake, tmp_path: Path) -> None:
    pack, line = pack_with(tmp_path, mistake)
    problems = problems_of(pack)
    wrong = tuple(problem for problem in problems if repr(mistake.word) in problem.found)
    assert places(wrong, mistake.file) == [line]
    assert set(places(problems, mistake.file)) <= set(record_around(pack, mistake.file, line))


@pytest.mark.parametrize("mistake", MISSING_KEYS.values(), ids=MISSING_KEYS)
def test_a_missing_key_is_refused_inside_its_record(mistake: Mistake, tmp_path: Path) -> None:
    pack, line = pack_with(tmp_path, mistake)
    own = tuple(problem for problem in problems_of(pack) if problem.where.startswith(mistake.file))
    assert own
    assert set(places(own, mistake.file)) <= set(record_around(pack, mistake.file, line))


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake("domains", 'id = "strategy"', 'id = "leadership"'),
        Mistake("units", 'id = "hour"', 'id = "day"'),
        Mistake("gates", 'id = "tracker"', 'id = "aggregate"'),
    ],
    ids=lambda mistake: mistake.file,
)
def test_an_id_that_stands_twice_is_refused(mistake: Mistake, tmp_path: Path) -> None:
    pack, _ = pack_with(tmp_path, mistake)
    assert "twice" in str(PlanError(problems_of(pack)))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    pack, first = pack_with(tmp_path, UNKNOWN["source of a gate"])
    path = pack / "domains.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('gate = "tracker"', 'gate = "door"'), encoding="utf-8")
    assert {problem.where.split(",")[0] for problem in problems_of(pack)} == {"gates.toml", "domains.toml"}
    assert f"gates.toml, line {first}" in {problem.where for problem in problems_of(pack)}


BROKEN: dict[str, Callable[[Path], object]] = {
    "half a heading": lambda path: path.write_text(path.read_text(encoding="utf-8") + "\n[[unit", encoding="utf-8"),
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe[[unit]]"),
    "gone": lambda path: path.unlink(),
    "a table for a list of tables": lambda path: path.write_text('[unit]\nid = "hour"\n', encoding="utf-8"),
    "a word for a list of tables": lambda path: path.write_text('unit = "hour"\n', encoding="utf-8"),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_is_named(damage: Callable[[Path], object], tmp_path: Path) -> None:
    pack = Path(shutil.copytree(templates_folder(), tmp_path / "templates"))
    damage(pack / "units.toml")
    assert all(problem.where.startswith("units.toml") for problem in problems_of(pack))


def test_a_syntax_error_is_refused_with_its_line(tmp_path: Path) -> None:
    pack, line = pack_with(tmp_path, Mistake("gates", "[[gate.criterion]]", "[[gate.criterion"))
    assert f"line {line}" in str(problems_of(pack)[0])


@pytest.mark.parametrize("template", templates())
def test_an_untouched_copy_is_accepted_and_equal(template: str, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(templates_folder(), tmp_path / "templates"))
    assert load_catalogue(template, folder=pack) == load_catalogue(template)
