"""Readiness gates: may a new aggregate or tracker programme start on these foundations?"""

from xlplan.exact import one_if
from xlplan.rule import rule
from xlplan.units import Count, Flag, Level, Place


@rule(label="Not assessed", unit="flag", source="std-unknown")
def is_unknown(level_now: Level | None) -> Flag:
    """1 where a domain has no level: unknown is never a pass.

    >>> is_unknown(level_now=None)
    1.0
    """
    return one_if(level_now is None)


@rule(label="Below required", unit="flag", source="page")
def fails_required(level_now: Level | None, required_level: Level) -> Flag:
    """1 where a known level is below what the gate requires.

    >>> fails_required(level_now=1, required_level=2)
    1.0
    """
    return one_if(level_now < required_level) if level_now is not None else 0


@rule(label="Below preferred", unit="flag", source="page")
def fails_preferred(level_now: Level | None, preferred_level: Level) -> Flag:
    """1 where a known level is below what the gate prefers.

    >>> fails_preferred(level_now=2, preferred_level=3)
    1.0
    """
    return one_if(level_now < preferred_level) if level_now is not None else 0


@rule(label="Gate status", unit="place", source="page")
def gate_status(required_failures: Count, unknown_domains: Count, preferred_failures: Count) -> Place:
    """Place in the status list, less one: 0 not ready, 1 incomplete, 2 ready with conditions, 3 ready.

    >>> gate_status(required_failures=0, unknown_domains=0, preferred_failures=2)
    2.0
    """
    return one_if(required_failures == 0) * (1 + one_if(unknown_domains == 0) * (1 + one_if(preferred_failures == 0)))


@rule(label="Level needed", unit="level", source="page")
def needed_level(gate_status: Place, required_level: Level, preferred_level: Level) -> Level:
    """Level that a domain needs for the gate to reach its next status.

    >>> needed_level(gate_status=0, required_level=2, preferred_level=3)
    2
    """
    return required_level if gate_status <= 1 else preferred_level


@rule(label="Blocks the gate", unit="flag", source="page")
def is_blocking(level_now: Level | None, needed_level: Level, gate_status: Place) -> Flag:
    """1 where this domain keeps the gate from its next status; an unassessed domain only once nothing known fails.

    >>> is_blocking(level_now=2, needed_level=3, gate_status=0)
    1.0
    """
    return one_if(level_now < needed_level) if level_now is not None else one_if(gate_status > 0)
