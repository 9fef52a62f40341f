"""The training cascade: people to be trained, classes, trainer days."""

from xlplan.exact import default, one_if, round_up
from xlplan.rule import rule
from xlplan.units import Count, Flag, Rate, Year, Years


@rule(label="First year of the course", unit="year", source="page")
def course_start(course_first_year: Year | None, first_plan_year: Year) -> Year:
    """Year in which the course begins; the first plan year where none is typed.

    >>> course_start(course_first_year=None, first_plan_year=2027)
    2027
    """
    return default(course_first_year, first_plan_year)


@rule(label="Course runs", unit="flag", source="page")
def course_runs(course_start: Year, year: Year) -> Flag:
    """1 from the first year of the course on.

    >>> course_runs(course_start=2028, year=2027)
    0.0
    """
    return one_if(year >= course_start)


@rule(label="Trained audience", unit="count", source="std-training")
def trained_audience(audience_size: Count, course_runs: Flag) -> Count:
    """People who hold the training by the end of the year.

    >>> trained_audience(audience_size=600, course_runs=1)
    600
    """
    return audience_size * course_runs


@rule(label="Trained before the plan", unit="count", source="std-training")
def opening_trained(trained_before: Count | None) -> Count:
    """People who hold the training when the plan begins; 0 where none is typed.

    >>> opening_trained(trained_before=None)
    0
    """
    return default(trained_before, 0)


@rule(label="Trained and still there", unit="count", source="std-training")
def trained_kept(trained_audience: Count, trained_the_year_before: Count) -> Count:
    """People trained by the year before whose posts are still in the audience.

    >>> trained_kept(trained_audience=600, trained_the_year_before=500)
    500
    """
    return min(trained_audience, trained_the_year_before)


@rule(label="First training", unit="count", source="page")
def first_trained(trained_audience: Count, trained_kept: Count) -> Count:
    """People who join the audience and are trained for the first time.

    >>> first_trained(trained_audience=600, trained_kept=500)
    100
    """
    return trained_audience - trained_kept


@rule(label="Newcomers", unit="count", source="page")
def newcomers_trained(trained_kept: Count, turnover: Rate | None) -> Count:
    """Successors of trained staff who leave in the year.

    >>> newcomers_trained(trained_kept=500, turnover=0.5)
    250.0
    """
    return trained_kept * default(turnover, 0)


@rule(label="Refresher share", unit="share/year", source="page")
def refresher_rate(refresher_interval: Years | None) -> Rate:
    """Part of the trained who come back in a year: 1/n for a refresher every n years, 0 for none.

    >>> refresher_rate(refresher_interval=2)
    0.5
    """
    return 1 / refresher_interval if refresher_interval is not None else 0


@rule(label="Participants", unit="count", source="std-training")
def participants(first_trained: Count, newcomers_trained: Count, trained_kept: Count, refresher_rate: Rate) -> Count:
    """People in the classes of the year, in whole people: new, successors and refreshers.

    >>> participants(first_trained=100, newcomers_trained=60.5, trained_kept=500, refresher_rate=0.5)
    411.0
    """
    return round_up(first_trained + newcomers_trained + trained_kept * refresher_rate, 0)


@rule(label="Participant-days", unit="days/year", source="page")
def participant_days(participants: Count, course_days: Count | None) -> Count:
    """Days for which participants receive per diem.

    >>> participant_days(participants=411, course_days=5)
    2055
    """
    return participants * default(course_days, 0)


@rule(label="Classes", unit="count", source="std-training")
def classes(participants: Count, class_size: Count | None) -> Count:
    """Classes of the year, in whole classes; 0 where no class size is typed.

    >>> classes(participants=411, class_size=30)
    14.0
    """
    return round_up(participants / class_size, 0) if class_size is not None else 0


@rule(label="Days of a trainer for a class", unit="days", source="page")
def class_trainer_days(course_days: Count | None, trainer_extra_days: Count | None) -> Count:
    """Days that one trainer gives to one class: teaching, travel and preparation.

    >>> class_trainer_days(course_days=5, trainer_extra_days=2)
    7
    """
    return default(course_days, 0) + default(trainer_extra_days, 0)


@rule(label="Trainer-days", unit="days/year", source="page")
def trainer_days(classes: Count, class_trainers: Count | None, class_trainer_days: Count) -> Count:
    """Days of all trainers in the year.

    >>> trainer_days(classes=14, class_trainers=2, class_trainer_days=7)
    196
    """
    return classes * default(class_trainers, 0) * class_trainer_days
