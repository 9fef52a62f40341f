"""Scopes of work, terms of reference, capacity building plan: tied to the plan's lines, in three languages."""

import re
from io import BytesIO

import docx
import pytest
from click.testing import CliRunner
from lxml import html as markup

from reported import page_tables, word_tables
from test_report import EVIL, evil, texts_of
from xlplan.catalogue import load_catalogue, templates
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.report import word
from xlplan.report.content import Bullets, Document, Table
from xlplan.report.html import page
from xlplan.report.scope import scope_of_domain, scope_of_lines
from xlplan.report.team import capacity_plan, terms_of
from xlplan.report.word import word_file
from xlplan.shipped import example_plan
from xlplan.words import LANGUAGES

CHAPTERS = ["background", "objective", "tasks", "deliverables", "effort", "transfer", "complete", "reading"]


def said(document: Document, id: str) -> str:
    """All texts of a chapter."""
    section = next(section for section in document.sections if section.id == id)
    found: list[str] = []
    for block in section.blocks:
        found += block.items if isinstance(block, Bullets) else [getattr(block, "text", "")]
    return "\n".join(found)


def tables(document: Document, id: str) -> dict[str, Table]:
    section = next(section for section in document.sections if section.id == id)
    return {block.caption: block for block in section.blocks if isinstance(block, Table)}


def test_a_scope_of_work_says_background_tasks_days_transfer_and_budget_line(national: Plan) -> None:
    found = scope_of_lines(national, ("line-016",))
    assert [section.id for section in found.sections] == CHAPTERS
    assert (found.title, found.facts[3].text) == ("Security statement, policy and management plan", "line-016")
    background = said(found, "background")
    for text in (
        "DHIS2 security and compliance: Early progress.",
        "Evidence: Back-ups run daily, but there is no approved security policy and the last audit was in 2022.",
        "Target: Adequate in 2028.",
        "This domain keeps a gate shut: Tracker programme.",
    ):
        assert text in background
    assert "Security policy, approved by the ministry" in said(found, "deliverables")
    assert "The plan sets aside 30 core-team days for this." in said(found, "transfer")
    assert "fees and travel apart" in said(found, "effort")


def test_days_and_cost_of_a_line_are_those_of_the_workbook(national: Plan, national_values, layout) -> None:
    """Line 43: metadata cleaning, every year, with core-team days."""
    found = tables(scope_of_lines(national, ("line-043",)), "effort")
    (table,) = found.values()
    ws, place = national_values[layout.title("lines")], layout.places
    row = next(n for n in range(6, 400) if ws.cell(n, 1).value == "line-043")
    shown = {row[0].text: row[3].text for row in table.rows}
    cost = [ws.cell(row, place["cost"].column + n).value for n in range(national.years)]
    assert [shown[str(2027 + n)] for n in range(national.years)] == [f"{value:,.0f}" for value in cost]
    assert shown["Total"] == f"{ws.cell(row, place['line_cost'].column).value:,.0f}"
    days = {row[0].text: row[2].text for row in table.rows}
    assert (days["2027"], days["Total"]) == ("60", "480")


@pytest.mark.parametrize("area", sorted(load_catalogue().scopes.keys() - {"all", "capacity", "aggregate", "tracker"}))
def test_every_domain_has_a_scope_of_its_own(national: Plan, area: str) -> None:
    found = scope_of_domain(national, area)
    scope = load_catalogue().scopes[area]
    assert said(found, "tasks").splitlines() == list(scope.tasks)
    lines = [r for r in national.rows("lines") if (r.get("area"), r.get("category")) == (area, "technical_assistance")]
    assert [caption.split()[0] for caption in tables(found, "effort")] == [row["id"] for row in lines]


def test_every_foundation_and_kind_of_new_work_has_tasks_and_deliverables() -> None:
    catalogue = load_catalogue()
    asked = [domain.id for domain in catalogue.band_domains("foundation")] + list(catalogue.gates)
    for id in asked:
        assert len(catalogue.scopes[id].tasks) >= 5
        assert len(catalogue.scopes[id].deliverables) >= 4
        assert "page" in catalogue.scopes[id].sources


def test_a_programme_takes_the_tasks_of_its_kind_of_work(national: Plan) -> None:
    found = scope_of_domain(national, "tb_tracker")
    assert found.title == "TB case-based tracker"
    assert said(found, "tasks").splitlines() == list(load_catalogue().scopes["tracker"].tasks)


@pytest.mark.parametrize("template", templates())
def test_every_area_of_every_template_has_a_scope_of_work(template: str) -> None:
    for name in ("national", "blank"):
        plan = example_plan("en", name, template)
        for area in plan.areas:
            assert all(said(scope_of_domain(plan, area), id) for id in CHAPTERS if id != "effort")


@pytest.mark.parametrize("template", templates())
def test_every_role_has_terms_with_the_lines_that_pay_for_it(template: str) -> None:
    plan = example_plan("en", "national", template)
    for id, role in plan.catalogue.roles.items():
        found = terms_of(plan, id)
        paid = [row["id"] for row in plan.rows("lines") if row.get("item") in role.items]
        assert [caption.split()[0] for caption in tables(found, "effort")] == paid
        assert role.tasks in said(found, "tasks")


def test_the_capacity_plan_names_roles_skills_activities_and_days(national: Plan) -> None:
    found = capacity_plan(national)
    names = [row[0].text for row in tables(found, "roles")["Roles of the core team"].rows]
    assert names[:2] == ["Operational lead", "Implementer, programme"]
    skills = tables(found, "skills")["Form of the skills assessment"].rows
    assert len(skills) == sum(len(r.competences) for r in national.catalogue.roles.values() if r.group == "core")
    cost = tables(found, "effort")["Activities and their cost"].rows
    parts = [int(row[3].text.replace(",", "")) for row in cost]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=len(parts))
    days = tables(found, "days")["Days of the core team by year"].rows
    left = national.evaluate().totals["team_days_left"]
    assert [row[4].text for row in days] == [f"{value:,.0f}" for value in left]


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (
            lambda plan: scope_of_lines(plan, ("line-999",)),
            "no line 'line-999' in this plan; expected one of line-001,",
        ),
        (lambda plan: scope_of_lines(plan, ("line-016", "line-042")), "lines of 2 areas; expected lines of one area"),
        (lambda plan: scope_of_domain(plan, "secrity"), r"no domain 'secrity' in this plan; .*security"),
        (lambda plan: terms_of(plan, "boss"), r"no role 'boss' in this plan; .*operational_lead"),
    ],
)
def test_what_the_plan_does_not_know_is_a_problem(national: Plan, made, problem: str) -> None:
    with pytest.raises(PlanError, match=problem):
        made(national)


def test_a_plan_without_lines_refuses_a_line(blank: Plan) -> None:
    with pytest.raises(PlanError, match="nothing, since there is none"):
        scope_of_lines(blank, ("line-001",))


def documents(plan: Plan) -> list[Document]:
    lines = tuple(str(row["id"]) for row in plan.rows("lines"))[:1]
    return [
        *(scope_of_lines(plan, (line,)) for line in lines),
        scope_of_domain(plan, "security"),
        scope_of_domain(plan, "operations"),
        terms_of(plan, "trainer"),
        capacity_plan(plan),
    ]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("name", ["national", "blank"])
def test_no_english_is_left_in_documents_of_another_language(language: str, name: str) -> None:
    plan = example_plan(language, name)
    known = plan.catalogue.say.translations
    own = {text for text, other in known.items() if text != other} - set(known.values())
    for document in documents(plan):
        assert own & texts_of(page(document, plan.catalogue.say)) == set()


def test_word_files_say_what_the_pages_say(national: Plan) -> None:
    for document in documents(national):
        file = word_file(document, national.catalogue.say)
        assert word_tables(file) == page_tables(page(document, national.catalogue.say))
        titles = [p.text for p in docx.Document(BytesIO(file)).paragraphs if p.style.name == "Heading 1"]
        assert titles == [section.title for section in document.sections]


def test_what_planners_type_stays_text(national: Plan) -> None:
    plan = evil(national)
    for document in documents(plan):
        tree = markup.fromstring(page(document, plan.catalogue.say))
        assert not list(tree.iter("script"))
        assert any(EVIL in text for text in tree.itertext())
        file = docx.Document(BytesIO(word_file(document, plan.catalogue.say)))
        assert any(EVIL in paragraph.text for paragraph in file.paragraphs)


def test_a_word_template_without_a_place_for_a_chapter_is_refused(tmp_path, monkeypatch, national: Plan) -> None:
    (tmp_path / "report").mkdir()
    docx.Document().save(str(tmp_path / "report" / "scope.docx"))
    monkeypatch.setattr(word, "templates_folder", lambda: tmp_path)
    with pytest.raises(PlanError, match=r"no field for background, .*add \{\{ sections \}\} in Word"):
        word_file(capacity_plan(national), national.catalogue.say)


@pytest.mark.parametrize(
    "asked",
    [["--line", "line-016"], ["--domain", "training"], ["--role", "server_administrator"], ["--capacity"]],
    ids=lambda asked: asked[0].strip("-"),
)
def test_the_command_writes_each_document(asked, national_bytes, tmp_path) -> None:
    source, target = tmp_path / "plan.xlsx", tmp_path / "scope.docx"
    source.write_bytes(national_bytes)
    done = CliRunner().invoke(main, ["scope", str(source), *asked, "-o", str(target), "--lang", "pt"])
    assert (done.exit_code, done.output) == (0, f"Wrote {target} (pt).\n")
    assert re.search("Contexto", "\n".join(p.text for p in docx.Document(str(target)).paragraphs))


@pytest.mark.parametrize("asked", [[], ["--capacity", "--role", "trainer"]])
def test_the_command_wants_one_choice(asked, tmp_path) -> None:
    done = CliRunner().invoke(main, ["scope", "plan.xlsx", *asked, "-o", str(tmp_path / "scope.docx")])
    assert (done.exit_code, "choose one of --line, --domain, --role and --capacity" in done.output) == (2, True)
