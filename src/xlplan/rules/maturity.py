"""Maturity levels: from the answers of a questionnaire, from an official assessment, or set by the assessor."""

from xlplan.exact import default, one_if
from xlplan.rule import reuse, rule
from xlplan.units import Count, Flag, Level, Place, Share


@rule(label="Questions answered", unit="count", source="std-roll-up")
def answered(yes_answers: Count, partly_answers: Count, no_answers: Count, na_answers: Count) -> Count:
    """Questions of the domain that have an answer in the round.

    >>> answered(yes_answers=5, partly_answers=2, no_answers=2, na_answers=1)
    10
    """
    return yes_answers + partly_answers + no_answers + na_answers


@rule(label="Questions without an answer", unit="count", source="std-unknown")
def open_questions(questions_asked: Count, answered: Count) -> Count:
    """Questions of the domain that nobody has answered in the round.

    >>> open_questions(questions_asked=10, answered=8)
    2
    """
    return questions_asked - answered


@rule(label="Answers that count", unit="count", source="std-roll-up")
def counted_answers(answered: Count, na_answers: Count) -> Count:
    """Answers other than Not applicable.

    >>> counted_answers(answered=10, na_answers=1)
    9
    """
    return answered - na_answers


@rule(label="Points", unit="points", source="std-roll-up")
def answer_points(yes_answers: Count, partly_answers: Count, points_of_yes: Count, points_of_partly: Count) -> Count:
    """Points that the answers of the domain earn in the round.

    >>> answer_points(yes_answers=5, partly_answers=2, points_of_yes=2, points_of_partly=1)
    12
    """
    return yes_answers * points_of_yes + partly_answers * points_of_partly


@rule(label="Share of points", unit="share", source="std-roll-up")
def answer_score(
    answer_points: Count, counted_answers: Count, open_questions: Count, points_of_yes: Count
) -> Share | None:
    """Points earned of all that could be; blank until every question is answered, since unknown is never a pass.

    >>> answer_score(answer_points=12, counted_answers=8, open_questions=0, points_of_yes=2)
    0.75
    """
    return answer_points / (counted_answers * points_of_yes) if open_questions == 0 and counted_answers > 0 else None


@rule(label="Threshold", unit="share", source="std-roll-up")
def threshold(typed_threshold: Share | None, proposed_threshold: Share) -> Share:
    """Share of points from which the level is given.

    >>> threshold(typed_threshold=None, proposed_threshold=0.4)
    0.4
    """
    return default(typed_threshold, proposed_threshold)


@rule(label="Highest level that answers can give", unit="level", source="std-roll-up")
def level_cap(highest_level: Level, must_noes: Count) -> Level:
    """The highest level, or the one below it while a must-have question is answered No.

    >>> level_cap(highest_level=3, must_noes=1)
    2.0
    """
    return highest_level - one_if(must_noes > 0)


@rule(label="Computed level", unit="level", source="std-roll-up")
def computed_level(scored_level: Level | None, level_cap: Level) -> Level | None:
    """Level that the answers give, held down by a must-have answered No; blank while questions are open.

    >>> computed_level(scored_level=3, level_cap=2)
    2
    """
    return min(scored_level, level_cap) if scored_level is not None else None


@rule(label="Level set with a reason, 0 none", unit="level", source="std-roll-up")
def assessor_level(override_place: Level | None, has_override_reason: Flag) -> Level:
    """Level that the assessor sets instead; without a written reason it does not count.

    >>> assessor_level(override_place=2, has_override_reason=1)
    2.0
    """
    return default(override_place, 0) * one_if(has_override_reason > 0)


@rule(label="Official level, 0 none", unit="level", source="std-roll-up")
def official_level(level_place: Level | None) -> Level:
    """Official level as a number, 0 where none is typed.

    >>> official_level(level_place=None)
    0
    """
    return default(level_place, 0)


@rule(label="Stated level, 0 none", unit="level", source="std-roll-up")
def stated_level(assessor_level: Level, official_level: Level) -> Level:
    """Level that a person states: the assessor's with a reason, else the official one.

    >>> stated_level(assessor_level=0, official_level=3)
    3
    """
    return assessor_level if assessor_level > 0 else official_level


@rule(label="Computed level, 0 none", unit="level", source="std-roll-up")
def answered_level(computed_level: Level | None) -> Level:
    """Level that the answers give as a number, 0 while questions are open.

    >>> answered_level(computed_level=2)
    2
    """
    return default(computed_level, 0)


@rule(label="Final level, 0 not assessed", unit="level", source="std-roll-up")
def settled_level(stated_level: Level, answered_level: Level) -> Level:
    """Level of the domain in the round: what a person states, else what the answers give.

    >>> settled_level(stated_level=0, answered_level=2)
    2
    """
    return stated_level if stated_level > 0 else answered_level


@rule(label="Final level", unit="level", source="std-unknown")
def final_level(settled_level: Level) -> Level | None:
    """Level of the domain in the round; blank where it is not assessed.

    >>> final_level(settled_level=2)
    2
    """
    return settled_level if settled_level > 0 else None


@rule(label="Official and computed level differ", unit="flag", source="std-roll-up")
def levels_differ(level_place: Level | None, computed_level: Level | None) -> Flag:
    """1 where both levels are known and disagree.

    >>> levels_differ(level_place=3, computed_level=2)
    1.0
    """
    return one_if(level_place is not None and computed_level is not None and level_place != computed_level)


@rule(label="Set without a reason", unit="flag", source="std-roll-up")
def lacks_override_reason(override_place: Level | None, has_override_reason: Flag) -> Flag:
    """1 where the assessor sets a level and gives no reason.

    >>> lacks_override_reason(override_place=2, has_override_reason=0)
    1.0
    """
    return one_if(override_place is not None and has_override_reason == 0)


@rule(label="Change", unit="level", source="page")
def level_change(final_level: Level | None, level_before: Level | None) -> Level | None:
    """Levels risen (or, below 0, fallen) since the round before; blank where either is not assessed.

    >>> level_change(final_level=3, level_before=2)
    1
    """
    return final_level - level_before if final_level is not None and level_before is not None else None


@rule(label="Round of a change", unit="place", source="page")
def change_round(level_change: Level | None, round_place: Place) -> Place:
    """Number of the round in which the level changed, 0 where it did not.

    >>> change_round(level_change=1, round_place=2), change_round(level_change=None, round_place=1)
    (2.0, 0.0)
    """
    return round_place * one_if(level_change is not None and level_change != 0)


@rule(label="Change since the first round", unit="level", source="page")
def change_since_first(assessed_level: Level | None, first_level: Level | None) -> Level | None:
    """Levels risen or fallen since the first round; blank where either is not assessed.

    >>> change_since_first(assessed_level=2, first_level=3)
    -1
    """
    return assessed_level - first_level if assessed_level is not None and first_level is not None else None


@rule(label="Questions left open", unit="count", source="std-unknown")
def unfinished_questions(open_now: Count, answered_now: Count) -> Count:
    """Open questions of a domain whose questionnaire was begun; one that nobody began is not counted.

    >>> unfinished_questions(open_now=2, answered_now=8), unfinished_questions(open_now=10, answered_now=0)
    (2.0, 0.0)
    """
    return open_now * one_if(answered_now > 0)


@rule(label="Needs in-depth evaluation", unit="flag", source="page")
def needs_depth(low_now: Count, differ_now: Flag, unfinished_questions: Count) -> Flag:
    """1 where the level rests on answers of low confidence, or on open questions, or two levels disagree.

    >>> needs_depth(low_now=1, differ_now=0, unfinished_questions=0)
    1.0
    """
    return one_if(low_now + differ_now + unfinished_questions > 0)


@rule(label="Answered No", unit="flag", source="std-advice")
def is_answered_no(answer_now: Place | None, place_of_no: Place) -> Flag:
    """1 where the question is answered No in the round in use.

    >>> is_answered_no(answer_now=3, place_of_no=3)
    1.0
    """
    return one_if(answer_now is not None and answer_now == place_of_no)


reuse("is_answered_partly", of="is_answered_no", label="Answered Partly", place_of_no="place_of_partly")


@rule(label="Urgency", unit="points", source="std-advice")
def urgency(
    is_answered_no: Flag, is_answered_partly: Flag, points_of_partly: Count, points_of_yes: Count, must_have: Flag
) -> Count:
    """Points that the answer loses, as a share; doubled for a must-have; 0 where nothing is to be done.

    >>> urgency(is_answered_no=1, is_answered_partly=0, points_of_partly=1, points_of_yes=2, must_have=1)
    2.0
    """
    return (1 + must_have) * (is_answered_no + is_answered_partly * points_of_partly / points_of_yes)


@rule(label="Order of advice", unit="place", source="std-advice")
def advice_order(urgency: Count, question_place: Place, all_questions: Count) -> Place | None:
    """The smaller, the sooner: by urgency, then in the order of the questionnaire; blank where nothing is to be done.

    >>> advice_order(urgency=2, question_place=7, all_questions=100)
    7
    """
    return (1 + 1 - urgency) * all_questions + question_place if urgency > 0 else None
