"""What the checklist for Excel tells a person to see is what the example shows."""

from pathlib import Path

from xlplan.plan import Plan
from xlplan.scenarios import in_scenario

CHECKLIST = Path(__file__).parents[1] / "docs" / "excel-checklist.md"


def test_the_total_and_the_findings_are_those_of_the_example(national: Plan) -> None:
    results, text = national.evaluate(), CHECKLIST.read_text(encoding="utf-8")
    findings = (results.checks["status"] == "finding").sum()
    assert f"a total of {results.number('cash'):,.0f} before" in text
    assert f'"{findings} checks with findings"' in text


def test_the_total_of_the_scenario_is_that_of_the_example(national: Plan) -> None:
    text, named = CHECKLIST.read_text(encoding="utf-8"), national.labels["scenarios"]["dearer"]
    total = in_scenario(national, "dearer").evaluate().number("cash")
    assert f'"{named}" as the scenario in use. Budget shows {total:,.0f},' in text
