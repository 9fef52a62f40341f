"""The report in a real browser: it fits, can be read without a mouse and without seeing, loads nothing, and prints."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from xlplan.plan import Plan
from xlplan.report import pdf
from xlplan.report.build import report_of
from xlplan.report.forms import FORMS
from xlplan.report.html import page
from xlplan.report.scope import scope_of_domain
from xlplan.report.team import capacity_plan
from xlplan.resize import for_years
from xlplan.shipped import example_plan
from xlplan.words import LANGUAGES

FLAGS = ["--no-sandbox", *(flag for flag in pdf.QUIET if flag not in ("--headless", "--no-pdf-header-footer"))]
PLANS = [(language, "national") for language in LANGUAGES] + [("fr", "blank")]
A4_BETWEEN_MARGINS = int((297 - 24) / 25.4 * 96)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium() -> Path:
    return next(program for program in pdf.programs() if program.name == "chromium")


@pytest.fixture(scope="module")
def browser(chromium: Path):
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=str(chromium), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """A page for each plan; the last has as many years as a plan can have."""
    folder = tmp_path_factory.mktemp("pages")
    plans = {key: example_plan(*key) for key in PLANS}
    plans["en", "long"] = for_years(plans["en", "national"], 2027, 15)
    return {key: write_page(folder / f"{key[1]}-{key[0]}.html", plan) for key, plan in plans.items()}


def write_page(path: Path, plan: Plan) -> Path:
    path.write_text(page(report_of(plan), plan.catalogue.say), encoding="utf-8")
    return path


def opened(browser: Browser, file: Path, width: int = 1366) -> Page:
    found = browser.new_page(viewport={"width": width, "height": 768})
    found.goto(file.as_uri())
    return found


@pytest.mark.parametrize("width", [375, 1366])
@pytest.mark.parametrize("key", [*PLANS, ("en", "long")], ids="-".join)
def test_nothing_is_wider_than_the_screen(browser: Browser, files, key, width):
    assert opened(browser, files[key], width).evaluate(OVERFLOW) == 0


def test_a_page_that_is_too_wide_is_seen(browser: Browser, files):
    found = opened(browser, files["en", "national"], 375)
    found.evaluate("document.querySelector('.scroll').style.overflow = 'visible'")
    assert found.evaluate(OVERFLOW) > 0


@pytest.mark.parametrize("key", [*PLANS, ("en", "long")], ids="-".join)
def test_every_table_fits_a_printed_page(browser: Browser, files, key):
    found = opened(browser, files[key], A4_BETWEEN_MARGINS)
    found.emulate_media(media="print")
    wide = (
        "[...document.querySelectorAll('table, img, p')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    )
    assert found.evaluate(f"{wide}.map(e => e.textContent.slice(0, 80))") == []
    assert found.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("key", PLANS, ids="-".join)
@pytest.mark.parametrize("width", [375, 1366])
def test_axe_finds_no_fault(browser: Browser, files, key, width):
    found = Axe().run(opened(browser, files[key], width))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_fault_in_scopes_of_work(browser: Browser, tmp_path: Path, language):
    plan = example_plan(language)
    for document in (scope_of_domain(plan, "security"), capacity_plan(plan)):
        file = tmp_path / "document.html"
        file.write_text(page(document, plan.catalogue.say), encoding="utf-8")
        found = Axe().run(opened(browser, file, 375))
        assert found.violations_count == 0, found.generate_report()


def test_axe_sees_a_fault(browser: Browser, files):
    found = opened(browser, files["en", "national"])
    found.evaluate("document.querySelector('img').removeAttribute('alt')")
    found.evaluate("document.querySelector('td').style.color = '#ccc'")
    faults = {fault["id"] for fault in Axe().run(found).response["violations"]}
    assert faults == {"image-alt", "color-contrast"}


def test_the_keyboard_reaches_the_content_and_every_table_in_order(browser: Browser, files):
    found = opened(browser, files["en", "national"])
    found.keyboard.press("Tab")
    skip = found.evaluate(
        "[document.activeElement.className, document.activeElement.getBoundingClientRect().left >= 0]"
    )
    assert skip == ["skip", True]
    found.keyboard.press("Enter")
    assert found.evaluate("document.activeElement.id") == "content"
    found = opened(browser, files["en", "national"])
    stops = found.evaluate("[...document.querySelectorAll('a, [tabindex=\"0\"]')].length")
    places = []
    for _ in range(stops):
        found.keyboard.press("Tab")
        places.append(found.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert stops > 20
    assert places == sorted(set(places))


def test_focus_can_be_seen(browser: Browser, files):
    found = opened(browser, files["en", "national"])
    found.keyboard.press("Tab")
    found.keyboard.press("Tab")
    assert found.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("key", PLANS, ids="-".join)
def test_headings_come_in_order_and_the_language_is_named(browser: Browser, files, key):
    found = opened(browser, files[key])
    levels = found.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.evaluate("document.documentElement.lang") == key[0]


def test_the_contents_lead_to_every_chapter(browser: Browser, files):
    found = opened(browser, files["en", "national"])
    links = found.evaluate("[...document.querySelectorAll('nav a')].map(a => a.hash.slice(1))")
    assert links == found.evaluate("[...document.querySelectorAll('main section')].map(s => s.id)")


def test_nothing_is_asked_of_the_network(browser: Browser, files):
    asked: list[str] = []
    found = browser.new_page()
    found.on("request", lambda request: asked.append(request.url))
    file = files["en", "national"]
    found.goto(file.as_uri())
    found.emulate_media(media="print")
    assert [url for url in asked if not url.startswith("data:image/svg+xml")] == [file.as_uri()]


def test_the_policy_of_the_page_stops_what_would_be_loaded(browser: Browser, files, tmp_path: Path):
    planted = tmp_path / "planted.html"
    text = files["en", "national"].read_text(encoding="utf-8")
    planted.write_text(
        text.replace("<main", '<script>document.title = "run"</script><img src="other.png" alt=""><main'),
        encoding="utf-8",
    )
    (tmp_path / "other.png").write_bytes(b"")
    asked: list[str] = []
    found = browser.new_page()
    found.on("requestfinished", lambda request: asked.append(request.url))
    found.goto(planted.as_uri())
    assert found.title() != "run"
    assert not [url for url in asked if url.endswith("other.png")]


def test_every_picture_is_shown(browser: Browser, files):
    found = opened(browser, files["en", "national"])
    assert found.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert found.evaluate("document.images.length") == 4


def pdf_text(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout


def test_the_printed_report_says_what_the_page_says(chromium: Path, national: Plan, tmp_path: Path):
    text = pdf_text(FORMS[".pdf"](report_of(national), national.catalogue.say), tmp_path / "report.pdf")
    for said in ("Example: national DHIS2 plan 2027-2034", "Total cost of ownership", "Method"):
        assert said in text
    total = f"{national.evaluate().number('cash'):,.0f}"
    assert text.count(total) >= 3
    pages = subprocess.run(["pdfinfo", tmp_path / "report.pdf"], capture_output=True, check=True, text=True).stdout
    assert re.search(r"Page size: +841\.\d+ x 59\d", pages)


def test_libreoffice_prints_where_there_is_no_browser(national: Plan, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(pdf, "BROWSERS", ())
    text = pdf_text(FORMS[".pdf"](report_of(national), national.catalogue.say), tmp_path / "report.pdf")
    assert "Total cost of ownership" in text
    assert f"{national.evaluate().number('cash'):,.0f}" in text


def test_a_program_that_prints_nothing_is_passed_over(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(pdf, "programs", lambda: iter((Path("/no/such/browser"), Path("/bin/true"))))
    with pytest.raises(Exception, match="no program that makes a PDF"):
        pdf.pdf("", bytes)
