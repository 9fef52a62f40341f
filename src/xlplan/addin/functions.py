"""Functions: which table functions there are, each made from the records of the quantities it reads and gives."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache

import numpy as np

from xlplan.addin.arguments import HUGE, LONGEST, Argument
from xlplan.addin.asked import ASKED, Asked
from xlplan.addin.calculation import Step, TableFunction
from xlplan.addin.grid import Cell, Grid
from xlplan.catalogue import load_catalogue, templates_folder
from xlplan.changes import TYPED
from xlplan.columns import Column
from xlplan.derived import Derived
from xlplan.engine import inputs
from xlplan.model import GIVEN, load_model
from xlplan.planfile import read_plan
from xlplan.records import Field
from xlplan.rule import REGISTRY, Rule
from xlplan.rulebook import reach
from xlplan.values import FIRST_YEAR_ALLOWED, LAST_YEAR_ALLOWED, bounds
from xlplan.words import LANGUAGES

PREFIX = "xlp_"
RULE_PREFIX = "xlp_rule_"


CHOICES = {
    "level_now": "levels", "required_level": "levels", "preferred_level": "levels", "answer_place": "answers",
    "level_place": "levels", "override_place": "levels",
}  # fmt: skip
"""Lists of quantities that no single field fills."""

KEYS = ("assessed_place", "question_domain", "foundation_place", "line_area")
FILLED = ("assessed_place", "question_domain", "foundation_place", "required_level", "preferred_level")
"""Arguments that totals read and that may not be blank in a row in use."""

BOUNDED_LIKE = {"reporting_inflation": "currency_inflation"}
NUMBERED = {"gate_place": "gates", "funder_place": "funders", "foundation_place": "foundations"}
BY_YEARS = ("first_plan_year", "plan_years")
"""What the argument ``year`` says."""


@cache
def functions() -> Mapping[str, TableFunction]:
    """Every table function by the name that a spreadsheet knows."""
    return {f"{PREFIX}{asked.id}": made(asked) for asked in ASKED}


def made(asked: Asked) -> TableFunction:
    model, given = load_model(), dict(parted(asked.reads))
    wanted = tuple(asked.wanted.split())
    order = tuple(steps((*wanted, *filter(None, [asked.more.get("only_where", "")])), given))
    read = {name for id, _, _ in order for name in model[id].inputs} - set(given)
    facts = {id: grid(all_facts()[id]) for id in sorted(read & set(all_facts()) - set(NUMBERED) - set(BY_YEARS))}
    return TableFunction(
        f"{PREFIX}{asked.id}",
        asked.help,
        tuple(argument(id, required, instead, order) for id, (required, instead) in given.items()),
        order,
        wanted,
        rows=model[wanted[0]].axis.rows or "",
        facts=facts,
        lengths={str(model[id].axis.rows): fact.rows for id, fact in facts.items() if model[id].axis.rows},
        numbers={id: rows for id, rows in NUMBERED.items() if id in read | set(given)},
        **asked.more,
    )


def parted(reads: str) -> Iterator[tuple[str, tuple[bool, Cell]]]:
    """Each argument with whether it is required, and what stands for it."""
    for word in reads.split():
        id, optional, instead = word.partition("?")
        name = instead.removeprefix("=")
        yield id, (not optional, float(name) if name.isdecimal() else name or None)


def steps(wanted: Iterable[str], given: Container[str]) -> Iterator[Step]:
    """What has to be found between what is given and what is wanted, in order."""
    model, needed = load_model(), set[str]()

    def need(id: str) -> None:
        if id not in given and id not in needed:
            needed.add(id)
            for name in model[id].inputs:
                need(name)

    for id in wanted:
        need(id)
    return (step(q.id, q.filled_by) for q in model.filled() if q.id in needed)


def step(id: str, filler: Rule | Derived | None) -> Step:
    if isinstance(filler, Derived):
        kept = (f.name for f in fields(filler) if f.name not in ("id", "label", "unit"))
        return id, type(filler).__name__, {name: getattr(filler, name) for name in kept}
    return id, "rule", {}


@cache
def all_facts() -> Mapping[str, Column]:
    """Facts of the templates as columns, by quantity."""
    known = inputs(read_plan(templates_folder() / "examples" / "blank.toml"))
    return {id: column for id, column in known.items() if id in GIVEN or id in load_catalogue().constants}


def grid(column: Column) -> Grid:
    """A column of the engine as a grid; what is not a number is blank."""
    cells = tuple(None if np.isnan(cell) else float(cell) for cell in column.ravel())
    return Grid(column.shape[0], column.shape[1], cells)


def argument(id: str, required: bool, instead: Cell, order: tuple[Step, ...]) -> Argument:
    """An argument from the records of its quantity."""
    axis, readers = load_model()[id].axis, [REGISTRY.rules[step] for step, kind, _ in order if kind == "rule"]
    fine = id not in FILLED and all(rule.parameters.get(id, True) for rule in readers)
    plain = plain_argument(id)
    return replace(
        plain,
        low=max(plain.low, 0) if plain.low == -HUGE else plain.low,
        rows=axis.rows or "",
        columns=axis.columns or "",
        blank=fine,
        required=required,
        instead=instead,
    )


@cache
def plain_argument(id: str) -> Argument:
    """What a quantity may be, and its help, wherever it is an argument."""
    list = list_of(id)
    kind = "key" if id in KEYS else "choice" if list else KINDS_BY_UNIT.get(load_model()[id].unit, "number")
    low, high = limits(id, kind, list)
    return Argument(id, help_of(id, list)[:LONGEST], kind=kind, low=low, high=high, words=words_of(list))


KINDS_BY_UNIT = {"flag": "flag", "year": "year"}


def limits(id: str, kind: str, list: str) -> tuple[float, float]:
    """Least and greatest number that the quantity can be."""
    if kind == "flag":
        return 0, 1
    if list:
        least = 0 if id.endswith("_level") or id in TYPED else 1  # a gate may ask nothing, a scenario switch off
        return least, len(load_catalogue().lists[list].entries)
    field = field_of(BOUNDED_LIKE.get(id, id))
    if field and field.is_number:
        low, high = bounds(field)
        return (0 if id in TYPED and kind == "year" else low), high
    if kind == "year":
        return FIRST_YEAR_ALLOWED if id == "year" else 0, LAST_YEAR_ALLOWED  # between rules, 0 is none
    return -HUGE, HUGE


def list_of(id: str) -> str:
    """The closed list that the quantity is a place in, if any; lists that a planner makes are not closed."""
    field = field_of(id)
    found = CHOICES.get(id) or (field.list if field and field.kind == "choice" else "")
    return found if found in load_catalogue().lists else ""


@cache
def field_of(id: str) -> Field | None:
    """The field of the data dictionary that a planner fills the quantity with."""
    fields_of_all = (field for table in load_catalogue().tables.values() for field in table.fields)
    return next((field for field in fields_of_all if field.quantity == TYPED.get(id, id)), None)


@cache
def words_of(list: str) -> Mapping[str, int]:
    """Word or id in every language -> place in the list."""
    if not list:
        return {}
    catalogues = [load_catalogue(language=language) for language in LANGUAGES]
    entries = [(e.label, e.id, n) for c in catalogues for n, e in enumerate(c.lists[list].entries, 1)]
    return {word.casefold(): place for label, id, place in entries for word in (label, id)}


def help_of(id: str, list: str) -> str:
    """Label, unit, reach, and what to give, from the records of the quantity."""
    quantity, field = load_model()[id], field_of(id)
    unit = load_catalogue().units[quantity.unit].label
    filler = quantity.filled_by
    words = ", ".join(entry.label for entry in load_catalogue().lists[list].entries) if list else ""
    more = f"a place or one of: {words}" if list else field.prompt if field else ""
    more = more or (filler.meaning.rstrip(".") if isinstance(filler, Rule) else "")
    return ". ".join(filter(None, (f"{quantity.label} ({unit}), {reach(quantity)}", more))) + "."


@cache
def rule_arguments() -> Mapping[str, tuple[Argument, ...]]:
    """For the function of each rule: its arguments."""
    return {
        f"{RULE_PREFIX}{rule.id}": tuple(
            replace(plain_argument(id), blank=blank, required=not blank) for id, blank in rule.parameters.items()
        )
        for rule in REGISTRY
    }


def rule_help(rule: Rule) -> str:
    """What the number of a rule means, and its unit."""
    return f"{rule.label} ({load_catalogue().units[rule.unit].label}): {rule.meaning}"[:LONGEST]
