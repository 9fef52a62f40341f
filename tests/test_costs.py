"""What a line costs, worked by hand: each docstring shows the arithmetic; no number here comes from the program."""

from collections.abc import Sequence

import numpy as np
import pytest

from plans import bare
from xlplan.columns import Column
from xlplan.planfile import parse_plan
from xlplan.results import Results


def results(lines: str, years: int = 3, usd: str = "inflation = 0", settings: str = "", more: str = "") -> Results:
    """A plan from 2027 in US dollars of 2027 without inflation, discounted at 0, unless the test says otherwise."""
    return parse_plan(f"{bare('worked', years, settings)}\n{usd}\n{more}\n{lines}").evaluate()


def line(fields: str, id: str = "work") -> str:
    return f"""
        [[lines]]
        id = "{id}"
        activity = "Work"
        area = "training"
        category = "local_operational"
        {fields}
    """


def by_year(found: Results, quantity: str) -> list[float]:
    """A quantity of the only line, or of the plan, year by year."""
    return [float(number) for number in found.values[quantity][-1]]


def agree(found: Column | Sequence[float], expected: Sequence[float]) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-12, atol=0))


# ---------------------------------------------------------------------------- when


def test_a_one_off_is_paid_once_in_its_first_year() -> None:
    """3 computers x 1385 = 4155, in 2028."""
    found = results(line('nature = "one_off"\nquantity_1 = 3\nunit_cost = 1385\nfirst_year = 2028\nlast_year = 2029'))
    assert by_year(found, "cost") == [0, 4155, 0]
    assert by_year(found, "one_off_cost") == [0, 4155, 0]
    assert by_year(found, "recurring_cost") == [0, 0, 0]


def test_a_one_off_without_a_year_is_paid_in_the_first_year_of_the_plan() -> None:
    assert by_year(results(line('nature = "one_off"\nquantity_1 = 1\nunit_cost = 7')), "cost") == [7, 0, 0]


def test_a_one_off_before_the_plan_costs_nothing() -> None:
    found = results(line('nature = "one_off"\nquantity_1 = 1\nunit_cost = 7\nfirst_year = 2026'))
    assert by_year(found, "cost") == [0, 0, 0]


def test_a_recurring_line_runs_to_the_end_of_the_plan() -> None:
    """12 months x 50 = 600 a year."""
    found = results(line('nature = "recurring"\nquantity_1 = 12\nunit_cost = 50'))
    assert by_year(found, "cost") == by_year(found, "recurring_cost") == [600, 600, 600]


def test_every_third_year_counts_from_the_first_year_of_the_line() -> None:
    """First 2028, last 2035, every 3: 2028, 2031, 2034; the plan has 2027 to 2036."""
    found = results(
        line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 9\nfirst_year = 2028\nlast_year = 2035\nevery = 3'),
        years=10,
    )
    assert by_year(found, "cost") == [0, 9, 0, 0, 9, 0, 0, 9, 0, 0]


def test_a_line_that_began_before_the_plan_keeps_its_rhythm() -> None:
    """First 2025, every 3: 2025, 2028, 2031; of these the plan has 2028 and 2031."""
    found = results(line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 9\nfirst_year = 2025\nevery = 3'), years=5)
    assert by_year(found, "cost") == [0, 9, 0, 0, 9]


def test_a_line_that_is_switched_off_costs_nothing() -> None:
    found = results(line('on = "no"\nnature = "recurring"\nquantity_1 = 12\nunit_cost = 50'))
    assert by_year(found, "cost") == [0, 0, 0]


# ---------------------------------------------------------------------------- how many


def test_three_factors_multiply() -> None:
    """25 participants x 5 days x 4 sessions x 30 = 15 000."""
    found = results(
        line('nature = "recurring"\nquantity_1 = 25\nquantity_2 = 5\nquantity_3 = 4\nunit_cost = 30'), years=1
    )
    assert by_year(found, "cost") == [15_000]


def test_a_driver_multiplies_year_by_year_and_its_blank_counts_as_nothing() -> None:
    """2 visits x (100, 150, blank, 0) facilities x 10 = 2000, 3000, 0, 0; a check names the blank."""
    drivers = '[[drivers]]\nid = "facilities"\nlabel = "Facilities"\nvalues = { 2027 = 100, 2028 = 150, 2030 = 0 }'
    found = results(
        line('nature = "recurring"\nquantity_1 = 2\ndriver = "facilities"\nunit_cost = 10'), years=4, more=drivers
    )
    assert by_year(found, "cost") == [2000, 3000, 0, 0]
    assert found.number("lines_lacking_driver") == 1


STOCK = """
    [[drivers]]
    id = "posts"
    label = "Posts"
    values = { 2027 = 100, 2028 = 100, 2029 = 150, 2030 = 150, 2031 = 120, 2032 = 120, 2033 = 200, 2034 = 200 }
"""
TABLETS = 'nature = "equipment"\nquantity_1 = 1\ndriver = "posts"\nunit_cost = 100\nin_use_before = 40'


def test_equipment_replaced_by_a_steady_share_over_eight_years() -> None:
    """Life 4, loss 5 %: of what was in use the year before and is still needed, 1/4 + 1/20 = 30 % is replaced.

    Needed     100  100  150  150  120  120  200  200   (40 in use before)
    Added       60    0   50    0    0    0   80    0
    Kept        40  100  100  150  120  120  120  200
    Replaced    12   30   30   45   36   36   36   60   (30 % of kept)
    Bought      72   30   80   45   36   36  116   60
    """
    found = results(line(f"{TABLETS}\nuseful_life = 4\nloss_rate = 0.05"), years=8, more=STOCK)
    assert by_year(found, "units_added") == [60, 0, 50, 0, 0, 0, 80, 0]
    assert by_year(found, "units_replaced") == [12, 30, 30, 45, 36, 36, 36, 60]
    assert by_year(found, "cost") == [7200, 3000, 8000, 4500, 3600, 3600, 11_600, 6000]
    assert by_year(found, "one_off_cost") == [6000, 0, 5000, 0, 0, 0, 8000, 0]
    assert by_year(found, "recurring_cost") == [1200, 3000, 3000, 4500, 3600, 3600, 3600, 6000]


def test_equipment_replaced_batch_by_batch_over_eight_years() -> None:
    """Life 3, no loss: a batch of year s returns in s + 3, s + 6; the 40 in use before count as bought in 2026.

    Needed     100  100  150  150  120  120  200  200
    Added       60    0   50    0    0    0   80    0   (40 in 2026)
    Due          0    0   40   60    0   90   60    0   (2029: 40; 2030: 60; 2032: 40 + 50; 2033: 60)
    Bought      60    0   90   60    0   90  140    0
    """
    found = results(line(f"{TABLETS}\nuseful_life = 3"), years=8, more=STOCK, settings='replacement_method = "cohort"')
    assert by_year(found, "units_replaced") == [0, 0, 40, 60, 0, 90, 60, 0]
    assert by_year(found, "cost") == [6000, 0, 9000, 6000, 0, 9000, 14_000, 0]


def test_by_batch_what_is_lost_is_replaced_every_year() -> None:
    """Life 3, loss 10 %: 10 % of what is kept, 40 100 100 150 120 120 120 200, on top of the batches due."""
    lines = line(f"{TABLETS}\nuseful_life = 3\nloss_rate = 0.1")
    found = results(lines, years=8, more=STOCK, settings='replacement_method = "cohort"')
    assert by_year(found, "units_replaced") == [4, 10, 50, 75, 12, 102, 72, 20]


def test_no_more_is_replaced_than_is_still_needed() -> None:
    """Bought 100 in 2027, life 2, only 30 needed in 2029: 30 of the 100 due are replaced."""
    drivers = '[[drivers]]\nid = "posts"\nlabel = "Posts"\nvalues = { 2027 = 100, 2028 = 100, 2029 = 30 }'
    lines = line('nature = "equipment"\nquantity_1 = 1\ndriver = "posts"\nunit_cost = 1\nuseful_life = 2')
    assert by_year(results(lines, more=drivers, settings='replacement_method = "cohort"'), "cost") == [100, 0, 30]


def test_half_a_device_is_bought_whole_and_a_whole_one_is_not_bought_twice() -> None:
    """40 x (1/4 + 6 %) = 12.4, so 13; 400 x (1/10 + 5 %) = 60, not 61, whatever binary arithmetic says."""
    lines = line(
        'nature = "equipment"\nquantity_1 = 40\nin_use_before = 40\nunit_cost = 1\nuseful_life = 4\nloss_rate = 0.06'
    )
    assert by_year(results(lines, years=1), "cost") == [13]
    lines = line(
        'nature = "equipment"\nquantity_1 = 400\nin_use_before = 400\nunit_cost = 1\nuseful_life = 10\nloss_rate = 0.05'
    )
    assert by_year(results(lines, years=1), "cost") == [60]


# ---------------------------------------------------------------------------- at what price


def test_prices_grow_from_their_price_year() -> None:
    """50 % a year from 2026: 100 x 1.5, 1.5^2, 1.5^3 = 150, 225, 337.5."""
    found = results(
        line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 100\nprice_year = 2026'), usd="inflation = 0.5"
    )
    assert by_year(found, "cost") == [150, 225, 337.5]


def test_a_price_of_a_later_year_was_lower_before() -> None:
    """25 % a year to 2029: 100 / 1.25^2, 100 / 1.25, 100 = 64, 80, 100."""
    found = results(
        line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 100\nprice_year = 2029'), usd="inflation = 0.25"
    )
    assert agree(by_year(found, "cost"), [64, 80, 100])


SHILLING = """
    [[currencies]]
    id = "kes"
    label = "KES"
    inflation = 0.1
    rates = { 2027 = 125, 2028 = 137.5 }
"""


def test_a_price_in_local_money_grows_with_its_own_inflation_and_is_converted_at_the_rate_of_the_year() -> None:
    """12 500 of 2027: 12 500 / 125 = 100; 13 750 / 137.5 = 100; 2029 has no rate: nothing, and a check says so."""
    found = results(line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 12500\ncurrency = "kes"'), more=SHILLING)
    assert agree(by_year(found, "cost"), [100, 100, 0])
    assert found.number("lines_lacking_rate") == 1


def test_what_is_typed_on_a_line_comes_before_its_price_item() -> None:
    """Item: 1250 shillings of 2027 = 10 dollars. Line: 5 dollars, though the item is in shillings."""
    item = f'{SHILLING}\n[[prices]]\nid = "paper"\nlabel = "Paper"\nunit_cost = 1250\ncurrency = "kes"'
    own = 'nature = "recurring"\nquantity_1 = 1\nprice = "paper"'
    assert by_year(results(line(own), years=2, more=item), "cost") == [10, 10]
    assert by_year(results(line(f'{own}\nunit_cost = 5\ncurrency = "usd"'), years=2, more=item), "cost") == [5, 5]


# ---------------------------------------------------------------------------- shares of other costs

OTHERS = """
    [[lines]]
    id = "staff"
    category = "local_personnel"
    nature = "recurring"
    quantity_1 = 10
    unit_cost = 100
    [[lines]]
    id = "rent"
    category = "local_operational"
    nature = "one_off"
    quantity_1 = 1
    unit_cost = 500
    [[lines]]
    id = "unsorted"
    nature = "recurring"
    quantity_1 = 1
    unit_cost = 50
"""


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("all", [155, 105, 105]),
        ("local_personnel", [100, 100, 100]),
        ("local_operational", [50, 0, 0]),
        ("technical_assistance", [0, 0, 0]),
    ],
)
def test_contingency_is_a_share_of_its_base_in_the_year(base: str, expected: list[float]) -> None:
    """10 % of staff 1000, rent 500 in 2027 only, and 50 without a category; that counts among all other costs."""
    found = results(OTHERS + line(f'nature = "recurring"\nbase = "{base}"\nbase_share = 0.1', id="contingency"))
    assert agree(by_year(found, "cost"), expected)


def test_shares_of_other_costs_do_not_feed_each_other() -> None:
    """10 % and 5 % of all other costs, 1550 in 2027: 155 and 77.5, not 5 % of 1705."""
    shares = (
        (f'nature = "recurring"\nbase = "all"\nbase_share = {share}', id)
        for share, id in ((0.1, "ten"), (0.05, "five"))
    )
    found = results(OTHERS + "".join(line(fields, id) for fields, id in shares), years=1)
    assert agree(found.values["cost"][:, 0], [1000, 500, 50, 155, 77.5])
    assert agree([found.number("cash")], [1782.5])


def test_a_share_counts_only_in_the_years_of_its_line() -> None:
    found = results(
        OTHERS + line('nature = "recurring"\nfirst_year = 2028\nlast_year = 2028\nbase = "all"\nbase_share = 0.1')
    )
    assert agree(by_year(found, "cost"), [0, 105, 0])


# ---------------------------------------------------------------------------- worth in other years

LEVEL = line('nature = "recurring"\nquantity_1 = 1\nunit_cost = 100')


def test_present_value_of_a_level_cost_is_the_annuity_of_its_years() -> None:
    """100 a year for 5 years at 3 %: 100 x (1 - 1.03^-5) / 0.03 = 457.970718719 (table of annuities: 4.5797)."""
    found = results(LEVEL, years=5, settings="discount_rate = 0.03")
    assert found.number("present_value") == pytest.approx(100 * (1 - 1.03**-5) / 0.03, rel=1e-12)
    assert found.number("present_value") == pytest.approx(457.970718719, abs=1e-9)


def test_present_value_of_uneven_costs_discounts_each_from_the_end_of_its_year() -> None:
    """1000 in 2027, 500 in 2029 at 25 %: 1000 / 1.25 + 500 / 1.25^3 = 800 + 256 = 1056, as NPV(25%, 1000, 0, 500)."""
    once = ((1000, 2027), (500, 2029))
    lines = "".join(
        line(f'nature = "one_off"\nquantity_1 = 1\nunit_cost = {cost}\nfirst_year = {year}', f"in-{year}")
        for cost, year in once
    )
    assert results(lines, settings="discount_rate = 0.25").number("present_value") == pytest.approx(1056, rel=1e-12)


def test_inflation_of_the_reporting_currency_leaves_real_cost_level() -> None:
    """100 of 2026 at 50 %: nominal 150, 225, 337.5; in prices of 2026 100 each."""
    found = results(LEVEL, usd="inflation = 0.5", settings="price_year = 2026")
    assert by_year(found, "total_cost") == [150, 225, 337.5]
    assert agree(by_year(found, "real_cost"), [100, 100, 100])


@pytest.mark.parametrize("rate", [0, 0.001, 0.03, 0.25, 1])
@pytest.mark.parametrize("years", [1, 5, 15])
def test_a_level_cost_is_its_own_equivalent_annual_cost(years: int, rate: float) -> None:
    found = results(LEVEL, years=years, usd="inflation = 0.07", settings=f"discount_rate = {rate}")
    assert found.number("equivalent_annual_cost") == pytest.approx(100, rel=1e-12)


SERVER = line('nature = "one_off"\nquantity_1 = 4\nunit_cost = 300\nuseful_life = 4')


def test_without_discounting_each_year_of_a_useful_life_bears_an_equal_part() -> None:
    """4 x 300 over 4 years: 300 a year from 2027 to 2030, then nothing."""
    assert by_year(results(SERVER, years=6), "annualised_cost") == [300, 300, 300, 300, 0, 0]


def test_with_discounting_each_year_bears_the_annuity() -> None:
    """1200 x 0.05 / (1 - 1.05^-4) = 1200 x 0.282011832 = 338.414199."""
    found = by_year(results(SERVER, years=5, settings="discount_rate = 0.05"), "annualised_cost")
    assert found == pytest.approx([338.414199] * 4 + [0], abs=1e-6)


def test_batches_in_use_at_the_same_time_add_up() -> None:
    """60 every second year, life 3: 20 from each; 2027 one batch, 2028 one, 2029 two, 2030 one, 2031 two."""
    fields = 'nature = "recurring"\nevery = 2\nquantity_1 = 1\nunit_cost = 60\nuseful_life = 3'
    assert agree(by_year(results(line(fields), years=5), "annualised_cost"), [20, 20, 40, 20, 40])


def test_what_has_no_useful_life_is_borne_by_its_own_year() -> None:
    found = results(LEVEL, settings="discount_rate = 0.05")
    assert by_year(found, "annualised_cost") == by_year(found, "cost")


@pytest.mark.parametrize("rate", [1e-6, 1e-9, 1e-12, 1e-15, 1e-17])
def test_almost_no_discounting_is_like_none(rate: float) -> None:
    """1200 over 4 years at next to nothing is 300 a year; 1 + rate must not lose the rate."""
    found = by_year(results(SERVER, years=4, settings=f"discount_rate = {rate}"), "annualised_cost")
    assert found == pytest.approx([300] * 4, rel=1e-5)
