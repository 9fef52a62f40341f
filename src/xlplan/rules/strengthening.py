"""Strengthening: which level each foundation is expected to reach in each year, and which gates that opens."""

from xlplan.exact import default, one_if
from xlplan.rule import reuse, rule
from xlplan.units import Count, Flag, Level, Place, Share, Year


@rule(label="Funded from", unit="year", source="std-funded")
def strengthens_from(is_on: Flag, active_years: Count, funded_share: Share, first_active_year: Year) -> Year | None:
    """Year from which a line counts as funded work: it is on, occurs in the plan and has a source for some of it.

    >>> strengthens_from(is_on=1, active_years=5, funded_share=0.5, first_active_year=2028)
    2028
    """
    return first_active_year if is_on > 0 and active_years > 0 and funded_share > 0 else None


@rule(label="Target holds", unit="flag", source="page")
def target_holds(target_level: Level | None, target_year: Year | None, year: Year, funded_lines: Count) -> Flag:
    """1 from the target year on, where by then a funded line has begun to strengthen the domain.

    >>> target_holds(target_level=3, target_year=2029, year=2030, funded_lines=2)
    1.0
    """
    return one_if(
        target_level is not None
        and default(target_year, 0) > 0
        and year >= default(target_year, 0)
        and funded_lines > 0
    )


@rule(label="Level today, 0 not assessed", unit="level", source="std-unknown")
def known_level(level_now: Level | None) -> Level:
    """Level of the foundation today as a number, 0 where it is not assessed.

    >>> known_level(level_now=None)
    0
    """
    return default(level_now, 0)


@rule(label="Target, 0 none", unit="level", source="page")
def wanted_level(target_level: Level | None) -> Level:
    """Target level of the foundation as a number, 0 where there is none.

    >>> wanted_level(target_level=3)
    3
    """
    return default(target_level, 0)


@rule(label="Expected level", unit="level", source="page")
def expected_level(known_level: Level, wanted_level: Level, target_holds: Flag) -> Level:
    """Level expected in the year: today's, or the target once it holds; 0 where unknown. A target never lowers it.

    >>> expected_level(known_level=2, wanted_level=3, target_holds=1)
    3
    """
    return max(known_level, wanted_level) if target_holds > 0 else known_level


reuse(
    "status_in_year",
    of="gate_status",
    label="Gate status in the year",
    required_failures="required_short",
    unknown_domains="unknown_in_year",
    preferred_failures="preferred_short",
)


@rule(label="Gate open", unit="flag", source="page")
def gate_is_open(status_in_year: Place, open_status: Place) -> Flag:
    """1 in a year in which the gate is ready, with or without conditions.

    >>> gate_is_open(status_in_year=2, open_status=2)
    1.0
    """
    return one_if(status_in_year >= open_status)


@rule(label="Has a start and a gate", unit="flag", source="page")
def has_start(programme_start: Year, programme_gate: Place | None) -> Flag:
    """1 where the programme says when it starts and which kind of data it has.

    >>> has_start(programme_start=2028, programme_gate=2)
    1.0
    """
    return one_if(programme_start > 0 and programme_gate is not None)


@rule(label="Gate opens in, 0 never", unit="year", source="page")
def known_opening(programme_open_year: Year | None) -> Year:
    """First year in which the gate of the programme is open, 0 where it never is in this plan.

    >>> known_opening(programme_open_year=None)
    0
    """
    return default(programme_open_year, 0)


@rule(label="Starts before its gate opens", unit="flag", source="page")
def starts_too_early(has_start: Flag, programme_start: Year, known_opening: Year) -> Flag:
    """1 where the programme is to start before the first year in which its gate is open, or the gate never opens.

    >>> starts_too_early(has_start=1, programme_start=2028, known_opening=2029)
    1.0
    """
    return has_start * one_if(known_opening == 0 or programme_start < known_opening)


@rule(label="Target without a year", unit="flag", source="page")
def lacks_target_year(target_level: Level | None, target_year: Year) -> Flag:
    """1 where a domain has a target level and no year by which to reach it.

    >>> lacks_target_year(target_level=3, target_year=0)
    1.0
    """
    return one_if(target_level is not None and target_year == 0)


@rule(label="Below target without money", unit="flag", source="page")
def is_target_unfunded(known_level: Level, wanted_level: Level, ever_funded: Count) -> Flag:
    """1 where a domain is below its target and no funded line ever strengthens it.

    >>> is_target_unfunded(known_level=2, wanted_level=3, ever_funded=0)
    1.0
    """
    return one_if(known_level < wanted_level and ever_funded == 0)


@rule(label="Assistance still needed", unit="share", source="std-taper")
def level_taper(typed_taper: Share | None, proposed_taper: Share) -> Share:
    """Share of technical assistance that an area at this level still needs.

    >>> level_taper(typed_taper=None, proposed_taper=0.6)
    0.6
    """
    return default(typed_taper, proposed_taper)
