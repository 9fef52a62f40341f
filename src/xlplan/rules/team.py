"""The core team's days, and the load that programmes put on the foundations."""

from xlplan.exact import default, one_if
from xlplan.rule import rule
from xlplan.units import Count, Flag


@rule(label="Core-team days of the line", unit="days/year", source="std-days")
def line_days(line_team_days: Count | None) -> Count:
    """Person-days of the core team that the line takes in each year in which it is active.

    >>> line_days(line_team_days=None)
    0
    """
    return default(line_team_days, 0)


@rule(label="Core-team days available", unit="days/year", source="page")
def team_days_available(team_posts: Count, days_per_post: Count | None) -> Count:
    """Days that the posts of the core team can give in the year.

    >>> team_days_available(team_posts=4, days_per_post=200)
    800
    """
    return team_posts * default(days_per_post, 0)


@rule(label="Core-team days left", unit="days/year", source="page")
def team_days_left(team_days_available: Count, team_days_needed: Count) -> Count:
    """Days available less days needed; below 0 something will not be done, often aggregate reporting.

    >>> team_days_left(team_days_available=800, team_days_needed=900)
    -100
    """
    return team_days_available - team_days_needed


@rule(label="Core team overbooked", unit="flag", source="page")
def is_overbooked(team_days_left: Count) -> Flag:
    """1 in a year that needs more days than the core team has.

    >>> is_overbooked(team_days_left=-100)
    1.0
    """
    return one_if(team_days_left < 0)


@rule(label="Room of the line", unit="count", source="std-load")
def line_room(line_capacity: Count | None) -> Count:
    """How many one unit of the line covers; 0 where none is typed.

    >>> line_room(line_capacity=2000)
    2000
    """
    return default(line_capacity, 0)


@rule(label="Load", unit="count", source="std-load")
def load_demand(load_before: Count | None, load_added: Count) -> Count:
    """How many there are to host, train, support or manage in the year: today's and what programmes add.

    >>> load_demand(load_before=3000, load_added=500)
    3500
    """
    return default(load_before, 0) + load_added


@rule(label="Room", unit="count", source="std-load")
def load_room(covered_before: Count | None, room_added: Count) -> Count:
    """How many the arrangements of the year can carry: today's and what active lines provide.

    >>> load_room(covered_before=3000, room_added=2000)
    5000
    """
    return default(covered_before, 0) + room_added


@rule(label="Load without room", unit="count", source="page")
def load_short(load_demand: Count, load_room: Count) -> Count:
    """How many have no room in the year.

    >>> load_short(load_demand=3500, load_room=3000)
    500
    """
    return max(0, load_demand - load_room)


@rule(label="Overloaded", unit="flag", source="page")
def is_overloaded(load_short: Count) -> Flag:
    """1 in a year in which the load is beyond the room.

    >>> is_overloaded(load_short=500)
    1.0
    """
    return one_if(load_short > 0)
