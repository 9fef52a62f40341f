"""What went wrong, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing a person has to mend, in one sentence.

    >>> print(Problem("north.xlsx, Costs!H14", "useful life is 0", "0.5 to 30 years",
    ...               "enter how long a tablet is normally used"))
    north.xlsx, Costs!H14: useful life is 0; expected 0.5 to 30 years; enter how long a tablet is normally used.
    """

    where: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.found}; expected {self.expected}; {self.remedy}."


class PlanError(Exception):
    """All problems of one input, gathered before anything is refused."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise ``PlanError`` with all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise PlanError(found)
