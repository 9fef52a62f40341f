"""The file itself, judged by another program; and every checker of packages.py, shown a planted fault."""

import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, reduce
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.line import LineProperties
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

import packages as check
from packages import Made, Violations, made_of
from xlplan.plan import Plan
from xlplan.workbook.build import make_layout
from xlplan.workbook.manifest import TITLE as MACHINE

STORED_NUMBER = re.compile(rb"(<f>[^<]*</f>)<v>[0-9.]+</v>")

Plant = Callable[[Made], object]
Checker = Callable[[Made], Violations]


# The file


def audit(data: bytes, folder: Path) -> set[tuple[str, str, str]]:
    """What the auditor says of a file: severity, part and sentence, with every number and sheet name left out."""
    path = folder / "audited.xlsx"
    path.write_bytes(data)
    errors = OpenXmlValidator(max_errors=0).validate(path).errors
    return {tuple(re.sub(r"\d+", "N", str(text)) for text in (e.severity, e.part_uri, e.description)) for e in errors}  # type: ignore[misc]


def bare_workbook() -> bytes:
    """What openpyxl writes by itself for the features that a workbook of xlplan has."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.append(["text", 1])
    ws["C1"] = "=xlp_one+1"
    ws["A1"].font = Font("Calibri", 18, bold=True, italic=True, color="14365C", underline="single")
    ws["B1"].font = Font("Calibri", 10, bold=False, italic=False, color="14365C")
    ws["A1"].hyperlink = "#'Sheet'!B1"
    ws.merge_cells("A3:B3")
    ws.freeze_panes, ws.print_title_rows, ws.print_area, ws.protection.sheet = "B2", "1:1", "A1:C3", True
    rule = DataValidation(type="list", formula1="$A$1:$A$2", error="no", prompt="yes", showErrorMessage=True)
    rule.add("B1")
    ws.add_data_validation(rule)
    ground = PatternFill("solid", start_color="FBE3E1", bgColor="FBE3E1")
    changed = DifferentialStyle(font=Font(color="8E1B12", bold=True, italic=True), fill=ground)
    ws.conditional_formatting.add("A1:B2", Rule(type="expression", dxf=changed, formula=['A1="text"']))
    book.defined_names["xlp_one"] = DefinedName("xlp_one", attr_text="'Sheet'!$B$1")
    ws.add_chart(bare_chart(ws), "E1")
    book.create_sheet("machine").sheet_state = "hidden"
    return saved(book)


def bare_chart(ws: Worksheet) -> BarChart:
    chart = BarChart()
    chart.title = "Bars"
    chart.add_data(Reference(ws, min_col=2, min_row=1, max_row=2))
    chart.series[0].graphicalProperties.line = LineProperties(solidFill="14365C")
    return chart


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_auditor_finds_nothing_new(national_bytes: bytes, tmp_path: Path) -> None:
    """Beyond what it finds in any workbook of openpyxl, such as text that is stored in its cell."""
    assert audit(national_bytes, tmp_path) - audit(bare_workbook(), tmp_path) == set()


def test_the_auditor_sees_a_broken_part(small_bytes: bytes, tmp_path: Path) -> None:
    parts = check.parts_of(small_bytes)
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"<sheetData>", b"<sheetDate/><sheetData>", 1
    )
    assert any("sheetDate" in text for _, _, text in audit(check.pack(parts), tmp_path))


def test_the_package_has_no_macro_link_object_or_connection(made: Made) -> None:
    assert check.foreign_parts(made.data) == []


def test_nothing_is_hidden_but_the_machine_sheet(made: Made) -> None:
    assert [ws.title for ws in made.book.worksheets if ws.sheet_state != "visible"] == [MACHINE]


def test_parts_stand_in_the_package_once_and_with_a_fixed_date(made: Made) -> None:
    with zipfile.ZipFile(BytesIO(made.data)) as package:
        infos = package.infolist()
    assert (len({info.filename for info in infos}), {info.date_time for info in infos}) == (
        len(infos),
        {(1980, 1, 1, 0, 0, 0)},
    )


# Planted faults


def cell_in(book: Workbook, address: str) -> Cell:
    title, _, cell = address.rpartition("!")
    found = book[title][cell]
    assert isinstance(found, Cell)
    return found


def put(address: str, value: object) -> Plant:
    """Write a value or formula into a cell; its stored value follows where it is no formula."""

    def plant(made: Made) -> None:
        cell_in(made.book, address).value = value
        if not str(value).startswith("="):
            store(address, value)(made)

    return plant


def store(address: str, value: object) -> Plant:
    """Change the stored value only."""
    return lambda made: setattr(cell_in(made.values, address), "value", value)


def look(address: str, part: str, value: object) -> Plant:
    """Change fill, frame, font, format or protection of a cell."""
    return lambda made: setattr(cell_in(made.book, address), part, value)


def on(title: str, path: str, value: object) -> Plant:
    """Change a setting of a sheet, such as ``page_setup.fitToWidth``."""
    *parts, last = path.split(".")
    return lambda made: setattr(reduce(getattr, parts, made.book[title]), last, value)


def validation(title: str, **changes: object) -> Plant:
    """Change the first validation of a sheet."""

    def plant(made: Made) -> None:
        for key, value in changes.items():
            setattr(made.book[title].data_validations.dataValidation[0], key, value)

    return plant


def name(key: str, target: str) -> Plant:
    return lambda made: made.book.defined_names.__setitem__(key, DefinedName(key, attr_text=target))


def put_first(quantity: str, value: object) -> Plant:
    """Write into the first cell of a quantity."""

    def plant(made: Made) -> None:
        found = made.layout.places[quantity]
        put(check.show((made.layout.title(found.sheet), found.row, found.column)), value)(made)

    return plant


def erase(title: str, text: str) -> Plant:
    """Remove a text from the stored values of a sheet."""

    def plant(made: Made) -> None:
        for cell in (cell for cell in check.cells_of(made.values[title]) if cell.value == text):
            cell.value = None

    return plant


def calculate_twice(made: Made) -> None:
    put("Terms!BZ6", "=$C$6*$D$6+1")(made)
    put("Terms!BZ9", "=$C$6*$D$6+1")(made)


def mixed_type(made: Made) -> None:
    """Give the sheet Costs another type in the list of sheets."""
    row = max(cell.row for cell in check.cells_of(made.values["About"]) if cell.value == "Costs")
    store(f"About!C{row}", "mixed")(made)


def long_name(made: Made) -> None:
    with pytest.warns(UserWarning, match="31"):
        made.book.create_sheet("L" * 32)


def array_formula(made: Made) -> None:
    made.book["Terms"]["D18"] = ArrayFormula("D18", "=SUM(C7:C9*1)")


def shifted_years(made: Made) -> None:
    """A layout whose first year series on Drivers begins one column late."""
    block, *others = made.layout.blocks["drivers"]
    late = replace(block, series=tuple(replace(series, column=series.column + 1) for series in block.series))
    made.layout.blocks = {**made.layout.blocks, "drivers": (late, *others)}


def year_without_unit(made: Made) -> None:
    store(f"Settings!D{made.layout.places['first_plan_year'].row}", None)(made)


def twin_id(made: Made) -> None:
    store("Costs!A7", cell_in(made.values, "Costs!A6").value)(made)


def short_total(made: Made) -> None:
    """A total that ends with the last row of the prices, so that it would miss a row inserted there."""
    block = made.layout.blocks["prices"][0]
    first = made.layout.starts["prices"] + 1
    put("Checks!K1", f"=SUM(Prices!$D${first}:$D${first + block.count - 1})")(made)


def no_page_number(made: Made) -> None:
    footer = made.book["Budget"].oddFooter
    for part in (footer.left, footer.center, footer.right):
        part.text = "page"


def faint_rule(made: Made) -> None:
    rule = Rule(type="expression", dxf=DifferentialStyle(font=Font(color="DDDDDD")), formula=["TRUE"])
    made.book["Budget"].conditional_formatting.add("A1", rule)


def far_cursor(made: Made) -> None:
    made.book["Prices"].sheet_view.selection[-1].activeCell = "Z9"


def hidden_column(made: Made) -> None:
    made.book["Costs"].column_dimensions["D"].hidden = True


def dead_link(made: Made) -> None:
    cell_in(made.book, "Costs!A3").hyperlink.location = "'Gone'!A1"


OPEN, SHUT = Protection(locked=False), Protection(locked=True)

PLANTED: tuple[tuple[str, Checker, Plant, str], ...] = (
    ("a sheet that About does not list", check.sheets_without_type, lambda m: m.book.create_sheet("More"), "More: not"),
    (
        "a tab of another colour",
        check.sheets_without_type,
        on("Log", "sheet_properties.tabColor", "FF0000"),
        "Log: the tab",
    ),
    ("a type that is none", check.sheets_without_type, mixed_type, "mixed is no type"),
    ("a blank sheet", check.badly_named_sheets, lambda m: m.book.create_sheet("Empty"), "Empty: blank"),
    ("a long sheet name", check.badly_named_sheets, long_name, "longer than 31"),
    ("About without purpose", check.about_gaps, store("About!A2", None), "no purpose"),
    ("About without owner", check.about_gaps, erase("About", "Owner"), "no Owner"),
    ("a link to a sheet that is gone", check.dead_links, dead_link, "Gone"),
    ("a log without author", check.log_gaps, erase("Log", "Author"), "no Author"),
    ("a year outside the plan", check.stray_years, store("Drivers!F5", 1999), "Drivers, row 5"),
    ("a year on a sheet without years", check.stray_years, store("Prices!H5", 2027), "Prices, row 5"),
    ("an id column in C", check.heads_out_of_place, store("Costs!C5", "No."), "No. in column 3"),
    ("a name column without head", check.heads_out_of_place, store("Prices!B5", None), "Prices, row 5: no name"),
    ("a setting without unit", check.rows_without_unit, year_without_unit, "Settings, block settings"),
    ("a hidden sheet", check.hidden_things, on("Terms", "sheet_state", "hidden"), "Terms: hidden"),
    ("a hidden column", check.hidden_things, hidden_column, "Costs, D: hidden"),
    ("a format that hides", check.hidden_things, look("Costs!C5", "number_format", ";;;"), "Costs!C5"),
    ("a machine sheet in sight", check.hidden_things, on("xlplan", "sheet_state", "visible"), "xlplan: visible"),
    ("an unlocked calculation", check.wrongly_locked, look("Terms!C6", "protection", OPEN), "Terms!C6: unlocked"),
    ("a locked input", check.wrongly_locked, look("Costs!C6", "protection", SHUT), "Costs!C6: locked"),
    ("a sheet without protection", check.unprotected_sheets, on("Costs", "protection.sheet", 0), "Costs: not"),
    ("a password", check.unprotected_sheets, on("Prices", "protection.password", "x"), "Prices: has a password"),
    ("an input without frame", check.inputs_told_by_colour_alone, look("Costs!E6", "border", Border()), "Costs!E6"),
    ("a formula in an input", check.formulas_in_inputs, put("Costs!F6", "=1+1"), "Costs!F6"),
    ("a constant among calculations", check.constants_on_calculation_sheets, put("Terms!E7", 4), "Terms!E7: 4"),
    (
        "an input without validation",
        check.badly_validated,
        validation("Log", sqref=MultiCellRange("B6:B7")),
        "Log!B8: 0",
    ),
    ("two validations", check.badly_validated, validation("Prices", sqref=MultiCellRange("B6:C65")), "Prices!C6: 2"),
    (
        "a validation that is not shown",
        check.poor_validations,
        validation("Costs", showErrorMessage=False),
        "not shown",
    ),
    ("a prompt that is too long", check.poor_validations, validation("Costs", prompt="x" * 256), "message"),
    ("a title that is too long", check.poor_validations, validation("Costs", errorTitle="x" * 33), "title"),
    ("a list typed in", check.poor_validations, validation("Costs", type="list", formula1='"Yes,No"'), 'list "Yes,No"'),
    ("another formula in one row", check.uneven_columns, put("Terms!D7", "=C7"), "Terms!D7"),
    ("a number typed over one year", check.uneven_rows, put("Lines!G7", 5), "Lines, row 7"),
    ("another formula in one year", check.uneven_rows, put("Budget!G7", "=F7"), "Budget, row 7"),
    ("a literal number", check.literals, put("Terms!D8", "=C7*12"), "Terms!D8: 12"),
    ("a literal text", check.literals, put("Terms!D10", '=IF(C7="yes",1,0)'), 'Terms!D10: "yes"'),
    ("a literal truth", check.literals, put("Terms!D11", "=IF(TRUE,1,0)"), "Terms!D11: TRUE"),
    ("a long formula", check.long_formulas, put("Terms!D12", "=" + "+".join(["C7"] * 60)), "Terms!D12: 180"),
    ("three IFs", check.nested_ifs, put("Terms!D13", "=IF(C7=1,IF(C8=1,IF(C9=1,1,0),0),0)"), "Terms!D13: 3 IFs"),
    ("a volatile function", check.forbidden_functions, put("Terms!D14", "=1+TODAY()"), "Terms!D14: TODAY"),
    ("an offset", check.forbidden_functions, put("Terms!D15", "=SUM(OFFSET(C7,1,1))"), "Terms!D15: OFFSET"),
    ("a whole column", check.whole_columns, put("Terms!D16", "=SUM(Costs!$F:$F)"), "Costs!$F:$F"),
    ("whole rows", check.whole_columns, put("Terms!D17", "=SUM(3:4)"), "Terms!D17: 3:4"),
    ("an array formula", check.array_formulas, array_formula, "Terms!D18"),
    ("IFERROR around a division", check.loose_iferrors, put("Terms!D19", '=IFERROR(C7/C8,"")'), "Terms!D19"),
    (
        "IFERROR around too much",
        check.loose_iferrors,
        put("Terms!D20", '=IFERROR(MATCH(1,C7:C9,0)+C7,"")'),
        "Terms!D20",
    ),
    ("a new function", check.undeclared_functions, put("Terms!D21", "=XLOOKUP(C7,C7:C9,D8:D9)"), "Terms!D21: XLOOKUP"),
    ("rounded money", check.rounded_quantities, put_first("cost", "=ROUNDUP(1,0)"), "cost is rounded"),
    ("a calculation twice", check.repeated_calculations, calculate_twice, "Terms!BZ6 and Terms!BZ9"),
    ("a name without prefix", check.bad_names, name("orphan", "'Terms'!$C$6"), "orphan: no prefix"),
    ("a name that nothing uses", check.bad_names, name("xlp_orphan", "'Terms'!$C$6"), "xlp_orphan: no formula"),
    ("a name of many cells", check.bad_names, name("xlp_many", "'Terms'!$C$6:$C$9"), "xlp_many: not one cell"),
    ("a name that nobody defined", check.bad_names, put("Terms!D22", "=xlp_unheard"), "xlp_unheard: used"),
    ("a check with the wrong status", check.poor_checks, store("Checks!C7", 999), "Checks, row 7"),
    ("a sheet without master check", check.sheets_without_master, put("Costs!D3", "text"), "Costs: no master"),
    ("a sum that differs", check.sums_that_differ, put_first("area_cost", 77), "areas"),
    ("a line funded twice", check.over_funded_lines, put_first("funded_share", 1.2), "1.2"),
    ("an error value", check.error_values, store("Terms!D23", "#N/A"), "Terms!D23"),
    ("a number stored as text", check.numbers_as_text, put_first("lines.quantity_1", "25"), "'25'"),
    ("a date stored as text", check.numbers_as_text, put_first("versions.date", "2026-01-01"), "'2026-01-01'"),
    ("a range that ends with the block", check.short_ranges, short_total, "Checks!K1"),
    ("an id twice", check.bad_ids, twin_id, "twice"),
    ("an id like a cell", check.bad_ids, store("Costs!A8", "fy25"), "'fy25' is no id"),
    ("a spare row without id", check.bad_ids, store("Costs!A9", None), "'' is no id"),
    ("a spare row that shows 0", check.spare_rows_that_show, store("Funding by year!G9", 0), "Funding by year!G9: 0"),
    ("merged cells in a table", check.merged_cells, lambda m: m.book["Log"].merge_cells("C6:E6"), "Log!C6:E6"),
    ("another zoom", check.wrong_views, on("Costs", "sheet_view.zoomScale", 85), "Costs: zoom 85"),
    ("no frozen panes", check.wrong_views, on("Costs", "freeze_panes", None), "Costs: panes"),
    ("another active sheet", check.wrong_views, lambda m: setattr(m.book, "active", 3), "About is not active"),
    ("two sheets selected", check.wrong_views, on("Costs", "sheet_view.tabSelected", 1), "Costs: selected"),
    ("the cursor elsewhere", check.wrong_views, far_cursor, "Z9"),
    ("no print area", check.wrong_pages, on("Costs", "print_area", ""), "Costs: no print area"),
    ("a page too wide", check.wrong_pages, on("Budget", "page_setup.fitToWidth", 3), "Budget: 3 pages wide"),
    ("letter paper", check.wrong_pages, on("Budget", "page_setup.paperSize", 1), "Budget: paper 1"),
    ("no page number", check.wrong_pages, no_page_number, "Budget: footer"),
    ("text outside the page", check.cut_off_pages, put("Budget!Z60", "lost"), "Budget!Z60"),
    ("faint text", check.faint_text, look("Budget!B6", "font", Font(color="CCCCCC")), "Budget!B6"),
    ("a faint condition", check.faint_conditions, faint_rule, "DDDDDD"),
    ("red negatives", check.red_negatives, look("Budget!F6", "number_format", "0;[Red]0"), "Budget!F6"),
)
ALONE: tuple[tuple[str, Checker, Plant, str], ...] = (
    ("a circle", check.circular_references, put("Terms!D7", "=E7+Terms!D7"), "Terms!D7"),
    ("a circle through a name", check.circular_references, put_first("total_cost", "=xlp_cash"), "Budget!"),
    ("years in other columns", check.series_out_of_line, shifted_years, "drivers: years from column 7"),
    ("checks without units", check.checks_without_unit, erase("Checks", "Unit"), "Checks!A6: no unit"),
)


@pytest.fixture(scope="module")
def damaged(blank: Plan, small_bytes: bytes) -> Made:
    """A workbook with every planted fault at once, each in a cell of its own."""
    made = made_of(blank, make_layout(blank, line_rows=1), small_bytes)
    for _, _, plant, _ in PLANTED:
        plant(made)
    return made


@pytest.fixture(scope="module")
def seen(damaged: Made, blank_made: Made) -> Callable[[Checker], set[str]]:
    """What a checker says of the damaged workbook and not of the sound one."""
    return cache(lambda checker: set(checker(damaged)) - set(checker(blank_made)))


def names(rows: Iterable[tuple[str, *tuple[object, ...]]]) -> list[str]:
    return [row[0].replace(" ", "_") for row in rows]


@pytest.mark.parametrize(("checker", "sign"), [(row[1], row[3]) for row in PLANTED], ids=names(PLANTED))
def test_the_checker_sees(checker: Checker, sign: str, seen: Callable[[Checker], set[str]]) -> None:
    assert [text for text in seen(checker) if sign in text] != []


@pytest.mark.parametrize(("checker", "plant", "sign"), [row[1:] for row in ALONE], ids=names(ALONE))
def test_the_checker_sees_alone(checker: Checker, plant: Plant, sign: str, fresh: Made) -> None:
    plant(fresh)
    assert [text for text in checker(fresh) if sign in text] != []


PARTS: tuple[tuple[str, Callable[[bytes], Violations], str, tuple[bytes, bytes]], ...] = (
    ("a chart without text", check.frames_without_text, "xl/drawings/drawing1.xml", (b"descr=", b"title=")),
    (
        "a chart with an empty text",
        check.frames_without_text,
        "xl/drawings/drawing1.xml",
        (b'descr="', b'descr="" title="'),
    ),
    ("a faint chart", check.faint_charts, "xl/charts/chart1.xml", (b'srgbClr val="', b'srgbClr val="EEEEEE" was="')),
    (
        "a link to another file",
        check.foreign_parts,
        "xl/_rels/workbook.xml.rels",
        (b"<Relationship ", b'<Relationship TargetMode="External" '),
    ),
    ("a macro type", check.foreign_parts, "[Content_Types].xml", (b"sheet.main+xml", b"sheet.macroEnabled.main+xml")),
)


@pytest.mark.parametrize(("checker", "part", "change"), [row[1:] for row in PARTS], ids=names(PARTS))
def test_the_checker_of_parts_sees(
    checker: Callable[[bytes], Violations], part: str, change: tuple[bytes, bytes], small_bytes: bytes
) -> None:
    parts = check.parts_of(small_bytes)
    damaged = parts | {part: parts[part].replace(*change)}
    assert set(checker(check.pack(damaged))) - set(checker(small_bytes)) != set()


def test_the_checker_of_parts_sees_a_macro(small_bytes: bytes) -> None:
    parts = check.parts_of(small_bytes) | {
        "xl/vbaProject.bin": b"",
        "xl/externalLinks/externalLink1.xml": b"",
        "xl/connections.xml": b"",
    }
    assert len(check.foreign_parts(check.pack(parts))) == 3


def test_every_checker_has_a_planted_fault() -> None:
    checkers = {f for f in vars(check).values() if getattr(f, "__annotations__", {}).get("return") == Violations}
    planted = {row[1] for row in (*PLANTED, *ALONE, *PARTS)} | {check.stored_values_that_differ}
    assert {f.__name__ for f in checkers - planted} == set()


def test_libreoffice_sees_one_wrong_stored_value(blank_made: Made, office_profile: Path) -> None:
    """The values are really calculated anew: a wrong one is found, and only that."""
    parts = check.parts_of(blank_made.data)
    name = next(name for name in parts if STORED_NUMBER.search(parts[name]))
    damaged = check.pack(parts | {name: STORED_NUMBER.sub(rb"\g<1><v>4711</v>", parts[name], count=1)})
    wrong = check.made_of(blank_made.plan, blank_made.layout, damaged)
    found = check.stored_values_that_differ(wrong, check.calculated_by_libreoffice(damaged, office_profile))
    assert [text.split(": ")[1].split(",")[0] for text in found] == ["stored 4711"]


# The tools of the checkers


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=A1+$B$2", "=R[-4]C[-2]+R2C2"),
        ("=SUM(C$5:$D9)", "=SUM(R5C[0]:R[4]C4)"),
        ("='Cost by year'!C5", "='Cost by year'!R[0]C[0]"),
        ('=Costs!C6&"A1"', '=Costs!R[1]C[0]&"A1"'),
        ("=xlp_plan_year1+LOG10(C5)", "=xlp_plan_year1+LOG10(R[0]C[0])"),
    ],
)
def test_a_formula_in_r1c1_tells_how_far_each_cell_is(formula: str, expected: str) -> None:
    assert check.in_r1c1(formula, ("Sheet", 5, 3)) == expected


@pytest.mark.parametrize(
    ("ink", "expected"), [("000000", 21.0), ("FFFFFF", 1.0), ("14365C", 12.3), ("5B6875", 5.7), ("767676", 4.54)]
)
def test_contrast_on_white_is_that_of_wcag(ink: str, expected: float) -> None:
    assert check.contrast(ink, "FFFFFF") == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1 + 1e-12, True),
        (1.0, 1 + 1e-6, False),
        (0, 1e-12, True),
        (0, 0.1, False),
        ("", None, True),
        ("", 0, False),
        ("a", "b", False),
        (1, "1", False),
    ],
)
def test_values_agree_as_a_reader_would_say(one: object, other: object, same: bool) -> None:
    assert check.agree(one, other, lambda: 1.0) is same


def test_without_stored_values_only_formulas_lose_theirs() -> None:
    sheet = b'<c r="A1"><v>1</v></c><c r="A2"><f>A1</f><v>1</v></c><c r="A3" t="str"><f>A9</f><v/></c>'
    packed = check.pack({"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": sheet})
    assert check.parts_of(check.without_stored_values(packed)) == {
        "xl/worksheets/sheet1.xml": b'<c r="A1"><v>1</v></c><c r="A2"><f>A1</f></c><c r="A3" t="str"><f>A9</f></c>',
        "xl/workbook.xml": sheet,
    }
