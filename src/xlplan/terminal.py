"""The terminal: sentences out, one problem a line, exit codes."""

import functools
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from xlplan.problems import PlanError, Problem
from xlplan.words import LANGUAGES

if TYPE_CHECKING:
    from xlplan.plan import Plan

Arguments = ParamSpec("Arguments")
FILE = click.Path(path_type=Path)
FORCE = click.option("--force", is_flag=True, help="Overwrite an existing file.")
LANGUAGE = click.Choice(list(LANGUAGES))
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def problems_exit(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Say each problem in one sentence and exit 1."""

    @functools.wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PlanError as error:
            say_problems(error.problems)
            sys.exit(1)

    return run


def say(text: str) -> None:
    click.echo(printable(text))


def printable(text: str) -> str:
    """Text without control characters, so that a file cannot steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def say_notes(notes: Iterable[Problem]) -> None:
    """What was odd about a file and accepted, on the error output."""
    for note in notes:
        click.echo(printable(f"note: {note}"), err=True)


def say_plan_notes(plan: "Plan") -> None:
    """What was odd about the file of a plan, and which scenario its figures follow, on the error output."""
    from xlplan.scenarios import scenario_notes  # noqa: PLC0415  help does not wait for the engine

    say_notes((*plan.notes, *scenario_notes(plan)))


def say_problems(problems: Iterable[Problem]) -> None:
    """Each problem in one sentence, on the error output."""
    for problem in problems:
        click.echo(printable(str(problem)), err=True)
