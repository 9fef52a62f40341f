"""Records of one TOML file, each checked by the types of its keys; every slip with its line."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from xlplan.packfile import PackFile, Spot
from xlplan.problems import PlanError, Problem, refuse


def spots_of(file: PackFile, heading: str) -> list[Spot]:
    """Records of a file that holds nothing but ``[[heading]]``. Raises ``PlanError`` for anything else."""
    whole = Spot(file.raw, 1, 0, file)
    for key in set(file.raw) - {heading}:
        whole.problem(key, f"heading {key!r}", f"[[{heading}]]", "correct or remove it")
    if not file.raw.get(heading):
        whole.problem(heading, f"no [[{heading}]]", f"at least one [[{heading}]]", "add it")
    refuse(file.problems)
    return placed_spots(file, heading)


def columns_of(spot: Spot) -> list[Spot]:
    """Columns of a layout."""
    placed_spots(spot.file, "layout.column")
    return spot.inner("column")


def placed_spots(file: PackFile, heading: str) -> list[Spot]:
    """Records with their lines. Raises ``PlanError`` where they are written so that their lines cannot be told."""
    try:
        return file.spots(heading)
    except ValueError as error:
        found = f"{heading} in a form whose lines cannot be told"
        expected = f"[[{heading}]] alone on its line, or one line in braces for each"
        raise PlanError([Problem(file.name, found, expected, "write it so")]) from error


def record(spot: Spot, kind: type[Any], given: Mapping[str, Any] | None = None) -> Any:
    """A record of what stands in a file; unknown, missing and ill-typed keys are noted."""
    hints, known = get_type_hints(kind), {field.name: field for field in fields(kind)}
    values = {key: tuple(v) if isinstance(v, list) else v for key, v in spot.raw.items() if key != "column"}
    for key in set(values) - set(known):
        spot.problem(key, f"key {key!r}", f"one of {', '.join(known)}", "correct the key")
    for key in set(values) & set(known):
        if not fits(values[key], hints[key]):
            spot.problem(key, f"{key} is {values[key]!r}", NAMES[str(hints[key])], f"correct {key}")
    values |= given or {}
    for name in (name for name, field in known.items() if field.default is MISSING and name not in values):
        spot.problem("", f"no key {name!r}", f"[[{spot.heading}]] with it", f"add {name}")
    return kind(**dict.fromkeys(known_without_default(kind), "") | {k: v for k, v in values.items() if k in known})


def known_without_default(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.default is MISSING)


NAMES = {
    "<class 'str'>": "a text",
    "<class 'int'>": "a whole number from 0",
    "<class 'float'>": "a number",
    "<class 'bool'>": "true or false",
    "tuple[str, ...]": "a list of texts",
}


def fits(value: object, hint: object) -> bool:
    """Is a value of a file what a key of this type may hold?"""
    if hint == tuple[str, ...]:
        return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)
    if isinstance(value, bool) or hint is bool:
        return isinstance(value, bool) and hint is bool
    if hint is int:
        return isinstance(value, int) and value >= 0
    return isinstance(value, (int, float)) if hint is float else isinstance(value, str)
