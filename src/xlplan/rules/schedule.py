"""Schedule: dated activities, and the part of each year that they take; moving a date moves the money."""

from xlplan.exact import mod, one_if
from xlplan.rule import reuse, rule
from xlplan.units import Count, Flag, Year, Years


@rule(label="Year of the start", unit="year", source="std-schedule")
def start_year(start_month: Count, months_a_year: Count) -> Year:
    """Year in which the line starts by its date; 0 where no date is typed.

    >>> start_year(start_month=2028 * 12 + 7, months_a_year=12)
    2028.0
    """
    return (start_month - 1 - mod(start_month - 1, months_a_year)) / months_a_year if start_month > 0 else 0


reuse("typed_start_year", of="start_year", label="Year of the start as typed", start_month="typed_start_month")
reuse("end_year", of="start_year", label="Year of the end", start_month="end_month")


@rule(label="Cost by the month", unit="flag", source="std-schedule")
def is_prorated(is_one_off: Flag, is_equipment: Flag, interval: Years) -> Flag:
    """1 for lines that cost every year and so, in a year that they do not fill, only for their months.

    >>> is_prorated(is_one_off=0, is_equipment=0, interval=1), is_prorated(is_one_off=0, is_equipment=0, interval=2)
    (1.0, 0.0)
    """
    return (1 - is_one_off) * (1 - is_equipment) * one_if(interval == 1)


@rule(label="Costs from, months since year 0", unit="count", source="std-schedule")
def active_from(is_prorated: Flag, start_month: Count, first_active_year: Year, months_a_year: Count) -> Count:
    """Months before the line begins to cost: before its start date, or before its first year.

    >>> active_from(is_prorated=1, start_month=24343, first_active_year=2028, months_a_year=12)
    24342
    """
    return start_month - 1 if is_prorated * start_month > 0 else first_active_year * months_a_year


@rule(label="Costs to, months since year 0", unit="count", source="std-schedule")
def active_until(is_prorated: Flag, end_month: Count, last_active_year: Year, months_a_year: Count) -> Count:
    """Months until the line has ended: with the month of its end date, or with its last year.

    >>> active_until(is_prorated=1, end_month=24351, last_active_year=2029, months_a_year=12)
    24351
    """
    return end_month if is_prorated * end_month > 0 else (last_active_year + 1) * months_a_year
