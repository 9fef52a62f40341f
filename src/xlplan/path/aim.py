"""The aim of a path: which gate is to be open when, and which domains have to rise for it, from what to what."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.plan import Plan, Row
from xlplan.problems import PlanError, Problem, refuse
from xlplan.results import Results


@dataclass(frozen=True)
class Raise:
    """A domain that keeps the gate shut, with its level now and the level it needs (places).

    ``latest`` is the last year in which work can begin that shows in time.
    """

    domain: str
    now: int
    needed: int
    latest: int


@dataclass(frozen=True)
class Aim:
    """The gate of a programme, the year from whose start it is to be open, and every domain that has to rise."""

    programme: str
    gate: str
    year: int
    raises: tuple[Raise, ...]


def aim_of(results: Results, programme: str, year: int | None = None, pace: float | None = None) -> Aim:
    """What a programme needs to start in the year; its planned start where none is given.

    ``pace`` is how many years of funded work a level takes, as the templates say where none is given. Raises
    ``PlanError`` for a programme without kind of data, a year outside the plan, and domains that are not assessed.
    """
    plan = results.plan
    row = programme_row(plan, programme)
    by = year if year is not None else row.get("start_year")
    refuse(wrong_aim(plan, row, by))
    gate = gate_of(plan, row)
    number, column = tuple(plan.catalogue.gates).index(gate), plan.budget_years.index(int(by))  # type: ignore[arg-type]
    years = results.number("years_per_level") if pace is None else pace
    rises = list(raises(results, number, column, years))
    refuse(unknown(results, rises))
    return Aim(str(row["id"]), gate, int(by), tuple(rises))  # type: ignore[arg-type]


def programme_row(plan: Plan, named: str) -> Row:
    """The programme with this id or name."""
    rows = plan.rows("programmes")
    found = [row for row in rows if named in (row["id"], row.get("label"))]
    if found:
        return found[0]
    known = ", ".join(f"{row['id']} ({row.get('label', '')})" for row in rows) or "a plan with programmes"
    raise PlanError([Problem(f"--programme {named}", "no such programme", known, "name one of them")])


def gate_of(plan: Plan, row: Row) -> str:
    return plan.catalogue.bands[str(row["band"])].gate


def wrong_aim(plan: Plan, row: Row, by: object) -> Iterator[Problem]:
    years = plan.budget_years
    where = str(row.get("label") or row["id"])
    if not row.get("band"):
        yield Problem(where, "no kind of data", "one, since it decides the gate", "choose it in the plan")
    if by is None:
        yield Problem(where, "no planned start", "a year", "add --by YEAR")
    elif by not in years:
        expected = f"a year from {years[0]} to {years[-1]}"
        yield Problem(where, f"{by} is no year of the plan", expected, "add --by with a year of the plan")


def raises(results: Results, gate: int, column: int, pace: float) -> Iterator[Raise]:
    """Domains that the plan does not bring to the required level by the year."""
    expected, required = results.values["expected_level"][:, column], results.values["required_level"][:, gate]
    year = results.plan.budget_years[column]
    for number, domain in enumerate(results.foundations):
        needed = int(required[number])
        if expected[number] < needed:
            now = int(results.values["known_level"][number, 0])
            yield Raise(domain, now, needed, int(year - pace * (needed - now)))


def unknown(results: Results, rises: list[Raise]) -> Iterator[Problem]:
    """Domains without a level: nobody can say how far they have to rise."""
    for found in rises:
        if found.now == 0:
            where = results.plan.catalogue.domains[found.domain].label
            yield Problem(where, "not assessed", "a level, since unknown is never a pass", "assess it first")
