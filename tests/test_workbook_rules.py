"""The 25 rules of a generated workbook, each by its number; checkers stand in packages.py."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import packages as check
from packages import Made
from xlplan.plan import Plan
from xlplan.workbook import style
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.layout import HEAD_ROW
from xlplan.workbook.manifest import TITLE as MACHINE

TEXT_PAIRS = (
    (style.TEXT, style.WHITE),
    (style.MUTED, style.WHITE),
    (style.DARK, style.WHITE),
    (style.WHITE, style.DARK),
    (style.DARK, style.GROUP_GROUND),
    (style.LINK, style.WHITE),
    (style.INPUT, style.INPUT_GROUND),
    style.BAD,
    style.FAIR,
    style.GOOD,
    style.UNKNOWN,
)
GRAPHICS = (*style.CHART, style.COMMITTED, style.GAP)


def test_rule_01_each_sheet_has_one_type_in_text_and_tab_colour(made: Made) -> None:
    assert check.sheets_without_type(made) == []


def test_rule_01_about_lists_the_types_that_the_layout_has(made: Made) -> None:
    assert check.listed_sheets(made) == {**made.kinds, MACHINE: "machine"}


def test_rule_01_no_blank_sheet_and_names_are_unique_and_short(made: Made) -> None:
    assert check.badly_named_sheets(made) == []


def test_rule_02_about_tells_purpose_owner_versions_date_licence_use_legend_and_sheets(made: Made) -> None:
    assert check.about_gaps(made) == []


def test_rule_02_links_work(made: Made) -> None:
    assert check.dead_links(made) == []


def test_rule_03_log_has_versions_and_assumptions(made: Made) -> None:
    assert check.log_gaps(made) == []


def test_rule_04_years_stand_in_the_same_letters_everywhere(made: Made) -> None:
    assert check.series_out_of_line(made) == []


def test_rule_04_one_time_axis_a_sheet(made: Made) -> None:
    assert check.stray_years(made) == []


def test_rule_04_same_purpose_same_column_on_all_sheets_of_a_type(made: Made) -> None:
    assert check.heads_out_of_place(made) == []


def test_rule_05_no_blank_unit_on_a_numeric_row(made: Made) -> None:
    assert check.rows_without_unit(made) == []


def test_rule_05_each_check_has_a_unit(made: Made) -> None:
    assert check.checks_without_unit(made) == []


def test_rule_06_nothing_hidden_but_the_machine_sheet_that_about_names(made: Made) -> None:
    assert check.hidden_things(made) == []


def test_rule_06_no_external_link_connection_macro_or_embedded_object(made: Made) -> None:
    assert check.foreign_parts(made.data) == []


def test_rule_07_inputs_are_exactly_the_unlocked_cells_on_input_sheets(made: Made) -> None:
    assert check.wrongly_locked(made) == []


def test_rule_07_every_sheet_is_protected_without_password(made: Made) -> None:
    assert check.unprotected_sheets(made) == []


def test_rule_07_about_says_that_protection_only_prevents_accidents(made: Made) -> None:
    assert any("only prevents accidents" in str(cell.value) for cell in check.cells_of(made.values["About"]))


def test_rule_08_inputs_differ_by_fill_and_by_frame(made: Made) -> None:
    assert check.inputs_told_by_colour_alone(made) == []


def test_rule_09_each_input_has_exactly_one_validation(made: Made) -> None:
    assert check.badly_validated(made) == []


def test_rule_09_validations_have_message_and_prompt_and_lists_from_ranges(made: Made) -> None:
    assert check.poor_validations(made) == []


def test_rule_10_no_formula_in_an_input_cell(made: Made) -> None:
    assert check.formulas_in_inputs(made) == []


def test_rule_10_no_constant_on_a_calculation_sheet(made: Made) -> None:
    assert check.constants_on_calculation_sheets(made) == []


def test_rule_10_a_check_counts_the_example_prices_that_are_left(made: Made) -> None:
    place, title = made.layout.places["prices.example"], made.layout.title("prices")
    marks = [made.value(title, row, place.column) for row in range(place.row, place.row + place.rows)]
    row = HEAD_ROW + 1 + list(made.plan.catalogue.checks).index("example_prices")
    assert made.value("Checks", row, 3) == marks.count(made.plan.labels["yes_no"]["yes"])


def test_rule_10_the_example_plans_mark_their_prices_as_examples(made: Made) -> None:
    prices = made.plan.rows("prices")
    assert [row["id"] for row in prices if row.get("example") != "yes" and "unit_cost" in row] == []


def test_rule_11_one_formula_down_each_column(made: Made) -> None:
    assert check.uneven_columns(made) == []


def test_rule_11_one_formula_across_the_years(made: Made) -> None:
    assert check.uneven_rows(made) == []


def test_rule_12_no_literal_but_0_1_and_empty_text(made: Made) -> None:
    assert check.literals(made) == []


def test_rule_12_at_most_160_characters(made: Made) -> None:
    assert check.long_formulas(made) == []


def test_rule_12_at_most_one_inner_if(made: Made) -> None:
    assert check.nested_ifs(made) == []


def test_rule_13_no_volatile_or_fragile_function(made: Made) -> None:
    assert check.forbidden_functions(made) == []


def test_rule_13_no_whole_column(made: Made) -> None:
    assert check.whole_columns(made) == []


def test_rule_13_no_array_formula(made: Made) -> None:
    assert check.array_formulas(made) == []


def test_rule_13_no_circular_reference(made: Made) -> None:
    assert check.circular_references(made) == []


def test_rule_13_iferror_only_around_match(made: Made) -> None:
    assert check.loose_iferrors(made) == []


def test_rule_14_every_function_is_declared(made: Made) -> None:
    assert check.undeclared_functions(made) == []


def test_rule_15_only_whole_things_are_rounded(made: Made) -> None:
    assert check.rounded_quantities(made) == []


def test_rule_16_each_calculation_once(made: Made) -> None:
    assert check.repeated_calculations(made) == []


def test_rule_16_names_are_prefixed_listed_used_and_of_one_cell(made: Made) -> None:
    assert check.bad_names(made) == []


def test_rule_17_each_check_has_name_two_sides_difference_tolerance_and_status(made: Made) -> None:
    assert check.poor_checks(made) == []


def test_rule_17_the_master_check_is_shown_on_every_sheet(made: Made) -> None:
    assert check.sheets_without_master(made) == []


def test_rule_18_cost_by_year_area_category_and_source_agree(made: Made) -> None:
    assert check.sums_that_differ(made) == []


def test_rule_18_no_line_of_the_examples_is_funded_above_100_percent(made: Made) -> None:
    assert check.over_funded_lines(made) == []


def test_rule_18_the_workbook_itself_checks_these_sums(made: Made) -> None:
    needed = {"area_sum", "category_sum", "nature_sum", "funder_sum", "gap_sum", "line_sum", "over_funded"}
    assert needed - set(made.plan.catalogue.checks) == set()


def test_rule_19_a_row_at_the_end_of_an_input_block_is_inside_every_range(made: Made) -> None:
    assert check.short_ranges(made) == []


def test_rule_19_no_error_value(made: Made) -> None:
    assert check.error_values(made) == []


def test_rule_19_no_number_or_date_stored_as_text(made: Made) -> None:
    assert check.numbers_as_text(made) == []


def test_rule_20_row_ids_are_unique_and_well_formed_and_ready_on_spare_rows(made: Made) -> None:
    assert check.bad_ids(made) == []


def test_rule_20_the_id_of_a_removed_row_is_not_given_to_a_spare_row(blank: Plan) -> None:
    """Rows 1 and 3 are left of three: the spare rows go on after 3, whatever stood in 2."""
    rows = tuple({"id": f"line-{n:03d}", "activity": f"Activity {n}"} for n in (1, 3))
    ids = make_layout(replace(blank, tables={**blank.tables, "lines": rows})).shape.ids("lines")
    assert "line-002" not in ids


def test_rule_21_no_merged_cell_in_a_table(made: Made) -> None:
    assert check.merged_cells(made) == []


def test_rule_21_frozen_panes_zoom_active_sheet_and_cursor(made: Made) -> None:
    assert check.wrong_views(made) == []


def test_rule_22_print_area_titles_width_page_numbers_and_paper(made: Made) -> None:
    assert check.wrong_pages(made) == []


def test_rule_22_nothing_to_read_is_outside_the_print_area(made: Made) -> None:
    assert check.cut_off_pages(made) == []


def test_rule_23_every_chart_has_an_alternative_text(made: Made) -> None:
    assert check.frames_without_text(made.data) == []


@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_rule_23_text_has_a_contrast_of_4_5(ink: str, ground: str) -> None:
    assert check.contrast(ink, ground) >= check.TEXT_CONTRAST


@pytest.mark.parametrize("ink", GRAPHICS)
def test_rule_23_graphics_have_a_contrast_of_3(ink: str) -> None:
    assert check.contrast(ink, style.WHITE) >= check.GRAPHIC_CONTRAST


def test_rule_23_texts_of_cells_are_not_faint(made: Made) -> None:
    assert check.faint_text(made) == []


def test_rule_23_conditional_colours_are_not_faint(made: Made) -> None:
    assert check.faint_conditions(made) == []


def test_rule_23_chart_series_are_not_faint(made: Made) -> None:
    assert check.faint_charts(made.data) == []


def test_rule_23_negatives_are_not_told_by_red_alone(made: Made) -> None:
    assert check.red_negatives(made) == []


def test_rule_23_title_and_language_are_set(made: Made) -> None:
    properties = made.book.properties
    assert (bool(properties.title), properties.language) == (True, "en")


def test_rule_24_same_plan_gives_same_bytes(blank: Plan, small_bytes: bytes) -> None:
    assert sha256(build_workbook(blank, line_rows=1)).hexdigest() == sha256(small_bytes).hexdigest()


def test_rule_24_same_bytes_in_another_process_time_zone_and_order_of_sets(national_bytes: bytes) -> None:
    code = """
import hashlib, xlplan.workbook.build as b, xlplan.planfile as p, xlplan.catalogue as c
plan = p.read_plan(c.templates_folder() / "examples" / "national.toml")
print(hashlib.sha256(b.build_workbook(plan)).hexdigest())
"""
    setting = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120, env=setting
    )
    assert done.stdout.strip() == sha256(national_bytes).hexdigest()


def test_rule_25_stored_values_are_what_libreoffice_calculates(made: Made, office_profile: Path) -> None:
    assert check.stored_values_that_differ(made, check.calculated_by_libreoffice(made.data, office_profile)) == []


def test_blank_spare_rows_show_nothing(made: Made) -> None:
    assert check.spare_rows_that_show(made) == []
