"""The summary report: the workbook's figures in every form, three languages, nothing typed becomes code."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from docx.oxml.ns import qn
from lxml import etree
from lxml import html as markup
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from reported import differences, page_tables, word_tables
from xlplan.catalogue import templates, templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.problems import PlanError
from xlplan.report import forms, pdf, word
from xlplan.report.build import report_of
from xlplan.report.content import Chart, Document, Table
from xlplan.report.drawing import picture
from xlplan.report.figures import Figures
from xlplan.report.html import page
from xlplan.report.word import word_file
from xlplan.resize import for_years
from xlplan.scenarios import in_scenario
from xlplan.shipped import example_plan
from xlplan.words import LANGUAGES
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import Layout

EVIL = "<script>alert(1)</script>\"&' {{ kind }} {% raw %} =1+1"


def page_of(plan: Plan) -> str:
    return page(report_of(plan), plan.catalogue.say)


@pytest.fixture(scope="module")
def told(national: Plan) -> Document:
    return report_of(national)


@pytest.fixture(scope="module")
def national_page(national: Plan, told: Document) -> str:
    return page(told, national.catalogue.say)


@pytest.fixture(scope="module")
def national_word(national: Plan, told: Document) -> bytes:
    return word_file(told, national.catalogue.say)


def charts(document: Document):
    return [block for section in document.sections for block in section.blocks if isinstance(block, Chart)]


def test_every_figure_of_the_workbook_stands_in_the_page(national_page, national_values, layout: Layout):
    compared, wrong = differences(page_tables(national_page), national_values, layout)
    assert wrong == []
    assert compared > 850


def test_every_figure_of_the_workbook_stands_in_the_word_file(national_word, national_values, layout: Layout):
    compared, wrong = differences(word_tables(national_word), national_values, layout)
    assert wrong == []
    assert compared > 850


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_other_languages_write_the_same_figures_their_way(language):
    plan = example_plan(language)
    book = load_workbook(BytesIO(build_workbook(plan, 1)), data_only=True)
    compared, wrong = differences(page_tables(page_of(plan)), book, make_layout(plan, line_rows=1), language)
    assert wrong == []
    assert compared > 850


def test_a_wrong_figure_is_seen(national_page, national_values, layout: Layout):
    tables = page_tables(national_page)
    tables["By area"]["Infrastructure"]["2031"] = "675,283"
    tables["Readiness gates in each year"]["Tracker programme"]["2028"] = "ready"
    assert len(differences(tables, national_values, layout)[1]) == 2


def test_a_figure_that_is_left_out_is_seen(national_page, national_values, layout: Layout):
    tables = page_tables(national_page)
    del tables["By funding source"]["Ministry of Health"]
    assert differences(tables, national_values, layout)[1]


def test_checks_are_those_of_the_workbook(told: Document, national_values, layout: Layout):
    ws = national_values[layout.title("checks")]
    rows = [
        [cell.value for cell in row] for row in ws.iter_rows(min_row=6) if row[7].value in ("finding", "note", "passed")
    ]
    table = next(block for block in section(told, "checks").blocks if isinstance(block, Table))
    shown = [[cell.text for cell in row] for row in table.rows]
    assert shown == [[r[1], f"{r[2]:,.0f}", f"{r[3]:,.0f}", r[7], r[8]] for r in rows if r[7] != "passed"]
    count = sum(row[7] == "passed" for row in rows)
    assert f"{count} of {len(rows)} checks pass." in [
        getattr(block, "text", "") for block in section(told, "checks").blocks
    ]


def section(document: Document, id: str):
    return next(section for section in document.sections if section.id == id)


def test_figures_round_as_a_spreadsheet_does():
    english, french = Figures("en"), Figures("fr")
    assert [english.number(value) for value in (0.5, 1.5, 2.5, -0.4, 1234.5)] == ["1", "2", "3", "0", "1,235"]
    assert english.number(1.005 * 1000, 0) == "1,005"
    assert [french.number(1234567.891, 2), french.share(0.125)] == ["1\u202f234\u202f567,89", "13\u00a0%"]
    assert english.number(float("nan")) == english.share(float("nan")) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_says_its_figures(language):
    document = report_of(example_plan(language))
    assert len(charts(document)) == 6
    for chart in charts(document):
        figures = [value for one in getattr(chart, "series", ()) for value in one.values]
        assert all(Figures(language).number(value) in chart.alternative for value in figures)
        assert all(label in chart.alternative for label in chart.labels)
        assert all(chart.steps[place - 1] in chart.alternative for place in getattr(chart, "places", ()))


def test_pictures_are_the_same_every_time(told: Document):
    for chart in charts(told):
        assert picture(chart, "svg") == picture(chart, "svg")
        assert picture(chart, "png") == picture(chart, "png")


def brightness(color: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_series_of_a_chart_stand_out_from_the_page_and_from_each_other_in_grey(told: Document):
    for chart in charts(told):
        colors = [series.color for series in getattr(chart, "series", ())]
        assert all(contrast(color, "FFFFFF") >= 3 for color in colors)
        assert all(contrast(*pair) >= 1.35 for pair in pairwise(colors))


def test_pictures_of_a_word_file_have_their_alternative(national_word, told: Document):
    found = docx.Document(BytesIO(national_word)).element.body.iter(qn("wp:docPr"))
    assert [one.get("descr") for one in found] == [chart.alternative for chart in charts(told)]


def test_the_page_loads_nothing(national_page):
    tree = markup.fromstring(national_page)
    addresses = [
        value for e in tree.iter() for name, value in e.attrib.items() if name in ("src", "href", "action", "data")
    ]
    assert all(address.startswith(("#", "data:image/svg+xml")) for address in addresses)
    assert not list(tree.iter("script", "link", "iframe", "object", "base"))
    assert not re.search(r"url\(|@import", national_page)
    assert "default-src 'none'" in tree.xpath("//meta[@http-equiv]/@content")[0]


def evil(plan: Plan) -> Plan:
    """Whatever a planner can type as free text says something nasty."""
    texts = {t.id: [f.id for f in t.fields if f.kind == "text"] for t in plan.catalogue.tables.values()}
    tables = {
        id: tuple({**row, **{key: f"{EVIL} {n}" for key in texts[id] if key in row}} for n, row in enumerate(rows))
        for id, rows in plan.tables.items()
    }
    return replace(plan, tables=tables, settings={**plan.settings, "title": EVIL, "country": EVIL, "owner": EVIL})


def test_what_planners_type_stays_text_in_the_page(national):
    tree = markup.fromstring(page_of(evil(national)))
    assert tree.findtext(".//h1") == EVIL
    assert tree.findtext(".//title") == EVIL
    assert not list(tree.iter("script"))
    assert sum(EVIL in (element.text or "") for element in tree.iter("td", "th")) > 10


def test_what_planners_type_stays_text_in_the_word_file(national):
    plan = evil(national)
    file = docx.Document(BytesIO(word_file(report_of(plan), plan.catalogue.say)))
    assert [p.text for p in file.paragraphs if p.style.name == "Title"] == [EVIL]
    assert [p.text for p in file.sections[0].header.paragraphs] == [EVIL]
    assert sum(EVIL in cell.text for table in file.tables for cell in table._cells) > 10


def texts_of(text: str) -> set[str]:
    tree = markup.fromstring(text)
    attributes = {str(value) for value in tree.xpath("//@alt | //@aria-label")}
    return attributes | {node.strip() for node in tree.xpath("//body//text()") if node.strip()}


def english_left(plan: Plan) -> set[str]:
    """Texts of ours that a report says in English although its language has other words for them."""
    with (templates_folder() / "locale" / f"{plan.language}.po").open("rb") as stream:
        known = {str(m.id): str(m.string) for m in read_po(stream) if m.id}
    typed = {str(value) for rows in plan.tables.values() for row in rows for value in row.values()}
    own = {text for text in known if known[text] != text} - set(known.values()) - typed
    document = report_of(plan)
    file = docx.Document(BytesIO(word_file(document, plan.catalogue.say)))
    words = {p.text for p in (*file.paragraphs, *file.sections[0].footer.paragraphs)}
    return own & (texts_of(page(document, plan.catalogue.say)) | words)


@pytest.mark.parametrize("language", ["fr", "pt"])
@pytest.mark.parametrize("name", ["national", "blank"])
@pytest.mark.parametrize("template", templates())
def test_no_english_is_left_in_another_language(language, name, template):
    assert english_left(example_plan(language, name, template)) == set()


def test_english_that_is_left_is_seen():
    plan = example_plan("fr", "blank")
    lost = ("Recommendations", "Contents", "Made by xlplan from the plan. Figures are those of its workbook.")
    translations = {text: said for text, said in plan.catalogue.say.translations.items() if text not in lost}
    say = replace(plan.catalogue.say, translations=translations)
    assert english_left(replace(plan, catalogue=replace(plan.catalogue, say=say))) == set(lost)


@pytest.mark.parametrize("template", templates())
def test_a_nearly_empty_plan_says_what_is_missing(template):
    said = " ".join(sorted(texts_of(page_of(example_plan("en", "blank", template)))))
    for text in ("What is still missing", "No cost line is entered.", "No funding source", "Plan without a title"):
        assert text in said
    assert not re.search(r"\b(nan|None|inf)\b", said)


def test_a_plan_without_rounds_currencies_or_programmes_has_a_report(national):
    plan = replace(
        national, tables={**national.tables, "programmes": (), "funders": (), "lines": (), "assumptions": ()}
    )
    assert "No programme is planned so far." in page_of(plan)


def test_a_long_plan_goes_on_in_a_second_table(national):
    plan = for_years(national, 2027, 15)
    captions = [b.caption for s in report_of(plan).sections for b in s.blocks if isinstance(b, Table)]
    assert captions.count("By area (2027-2034)") == captions.count("By area (2035-2041)") == 1
    widest = max(len(b.columns) for s in report_of(plan).sections for b in s.blocks if isinstance(b, Table))
    assert widest <= 11


def test_headings_of_word_tables_stand_on_every_page(national_word):
    for table in docx.Document(BytesIO(national_word)).tables:
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)


def test_every_part_of_a_word_file_is_sound_xml(national_word):
    with ZipFile(BytesIO(national_word)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))


def test_the_word_template_has_a_place_for_every_chapter(told: Document):
    fields = {word.alone(p) for p in word.opened(templates_folder() / "report" / "report.docx").paragraphs}
    assert {section.id for section in told.sections} <= fields


def test_a_strange_field_of_the_word_template_is_refused(tmp_path, monkeypatch, told, national):
    file = docx.Document(str(templates_folder() / "report" / "report.docx"))
    file.add_paragraph("{{ bugdet }}")
    (tmp_path / "report").mkdir()
    file.save(str(tmp_path / "report" / "report.docx"))
    monkeypatch.setattr(word, "templates_folder", lambda: tmp_path)
    with pytest.raises(PlanError, match=r"report.docx: field 'bugdet'; expected one of .*budget.*; correct it in Word"):
        word_file(told, national.catalogue.say)


def test_a_damaged_word_template_is_a_problem(tmp_path, monkeypatch, told, national):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.docx").write_bytes(b"no document")
    monkeypatch.setattr(word, "templates_folder", lambda: tmp_path)
    with pytest.raises(PlanError, match=r"report.docx: .*; mend the template"):
        word_file(told, national.catalogue.say)


def test_text_of_the_word_template_is_translated(tmp_path, monkeypatch):
    plan = example_plan("fr", "blank")
    file = docx.Document(str(templates_folder() / "report" / "report.docx"))
    file.add_paragraph("Recommendations")
    (tmp_path / "report").mkdir()
    file.save(str(tmp_path / "report" / "report.docx"))
    monkeypatch.setattr(word, "templates_folder", lambda: tmp_path)
    last = docx.Document(BytesIO(word_file(report_of(plan), plan.catalogue.say))).paragraphs[-1]
    assert (last.text, "Recommendations" in word.template_texts("report.docx")) == ("Recommandations", True)


def test_missing_libraries_are_a_problem(monkeypatch):
    monkeypatch.setattr(forms, "find_spec", lambda name: None if name == "docx" else name)
    with pytest.raises(PlanError, match=r'no python-docx; .*pip install "xlplan\[report\]"'):
        forms.refuse_missing_libraries()


def test_without_a_program_that_makes_a_pdf_a_problem_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pdf, "programs", lambda: iter(()))
    with pytest.raises(PlanError, match=r"make an .html report, open it and print it to PDF"):
        pdf.pdf("", bytes)


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_the_command_writes_a_report_in_the_language_asked_for(ending, national_bytes, tmp_path):
    source, target = tmp_path / "plan.xlsx", tmp_path / f"report{ending}"
    source.write_bytes(national_bytes)
    done = CliRunner().invoke(main, ["report", str(source), "-o", str(target), "--lang", "fr"])
    assert (done.exit_code, done.output) == (0, f"Wrote {target} (fr).\n")
    data = target.read_bytes()
    tables = word_tables(data) if ending == ".docx" else page_tables(data.decode())
    assert "Par catégorie" in tables


def test_the_command_refuses_what_it_cannot_write(national_bytes, tmp_path):
    source, target = tmp_path / "plan.xlsx", tmp_path / "report.html"
    source.write_bytes(national_bytes)
    target.write_text("kept", encoding="utf-8")
    for name, code, said in (("report.html", 1, "add --force"), ("report.odt", 2, ".html, .docx, .pdf, not .odt")):
        done = CliRunner().invoke(main, ["report", str(source), "-o", str(tmp_path / name)])
        assert done.exit_code == code
        assert said in done.output
    assert target.read_text(encoding="utf-8") == "kept"


def faults(data: bytes, path: Path) -> list[str]:
    """What the auditor of Office files finds."""
    path.write_bytes(data)
    return [str(error) for error in OpenXmlValidator(max_errors=0).validate(path).errors]


def test_a_word_file_follows_the_format(national_word, tmp_path):
    assert faults(national_word, tmp_path / "report.docx") == []


def test_a_fault_of_the_format_is_seen(national_word, tmp_path):
    stream = BytesIO()
    with ZipFile(BytesIO(national_word)) as package, ZipFile(stream, "w") as damaged:
        for name in package.namelist():
            damaged.writestr(name, package.read(name).replace(b'w:val="clear"', b'w:val="murky"', 1))
    assert faults(stream.getvalue(), tmp_path / "report.docx")


# Scenarios


def scenario_rows(document: Document):
    """What the chapter says of each scenario: its name, total, gap, present value, years of the gates, then by year."""
    tables = [block for block in section(document, "scenarios").blocks if isinstance(block, Table)]
    whole, *by_year = ([[cell.text for cell in row] for row in table.rows] for table in tables)
    return {
        row[0]: [*row[1:], *(cell for part in by_year for cell in part[number][1:])] for number, row in enumerate(whole)
    }


def test_scenarios_are_compared_as_the_workbook_compares_them(told: Document, national_values, layout: Layout):
    ws, head = national_values[layout.title("scenarios")], layout.starts["comparison"]
    rows = [[cell.value for cell in row[4:8]] for row in ws.iter_rows(min_row=head, max_row=head + 18)]
    names, found = ["Plan as typed", *rows[0][1:]], list(zip(*rows[2:], strict=True))
    shown = scenario_rows(told)
    assert list(shown) == names
    for name, (total, gap, value, _, _, *rest) in zip(names, found, strict=True):
        years, gates = rest[:8], rest[9::2]
        figures = [f"{amount:,.0f}" for amount in (*years, total)]
        assert shown[name] == [*(f"{a:,.0f}" for a in (total, gap, value)), *map(str, gates), *figures]


def test_a_report_of_a_scenario_names_it_and_one_of_the_plan_does_not(national: Plan):
    label = national.labels["scenarios"]["dearer"]
    in_use = report_of(in_scenario(national, "dearer"))
    assert [fact.text for fact in in_use.facts if fact.label == "Scenario in use"] == [label]
    assert any(label in getattr(block, "text", "") for block in section(in_use, "scenarios").blocks)
    assert "Scenario in use" not in [fact.label for fact in report_of(national).facts]


def test_a_plan_without_scenarios_says_so(national: Plan):
    bare = replace(national, tables={k: v for k, v in national.tables.items() if k not in ("scenarios", "changes")})
    assert [block.text for block in section(report_of(bare), "scenarios").blocks] == ["The plan has no scenarios."]
