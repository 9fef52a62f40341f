"""The command for a path: the cheapest way to an open gate, its proposal, and what a cut loses."""

import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlplan.terminal import FILE, FORCE, JSON, problems_exit, say, say_notes

if TYPE_CHECKING:
    from xlplan.path.compare import Comparison
    from xlplan.path.search import Limits
    from xlplan.plan import Plan
    from xlplan.problems import Problem

WIDTH = 80
MOST = 1e15


@click.command()
@click.argument("file", type=FILE)
@click.option("--programme", help="Programme whose gate is to open: its name or id.")
@click.option("--by", "year", type=int, help="Year from whose start it is open.  [default: its planned start]")
@click.option(
    "--ceiling", "ceilings", multiple=True, metavar="[YEAR=]AMOUNT", help="Most money to find, each year or one."
)
@click.option("--within-funding", is_flag=True, help="Only money of the plan's sources that is free.")
@click.option("--pace", type=click.FloatRange(0, 15), help="Years of funded work for each level.  [default: 1]")
@click.option("--cut", "line", metavar="LINE", help="Instead: what is lost if this line is switched off.")
@click.option("--accept", is_flag=True, help="Instead: take what FILE accepts of its proposal into OUTPUT.")
@click.option("-o", "--output", type=FILE, help="A new workbook with the proposal on a sheet of its own.")
@JSON
@FORCE
@problems_exit
def path(
    file: Path,
    programme: str | None,
    year: int | None,
    ceilings: tuple[str, ...],
    within_funding: bool,
    pace: float | None,
    line: str | None,
    accept: bool,
    output: Path | None,
    as_json: bool,
    force: bool,
) -> None:
    """Find the cheapest way to an open gate, or what a cut loses."""
    from xlplan import load
    from xlplan.files import refuse_existing

    if bool(programme) + bool(line) + accept != 1:
        raise click.UsageError("give one of --programme, --cut, --accept.")
    if accept and output is None:
        raise click.UsageError("--accept writes a new workbook: add -o PLAN.xlsx.")
    if output and output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"a workbook ends in .xlsx, not {output.suffix or 'nothing'}.")
    if output:
        refuse_existing(output, force=force)
    plan = load(file)
    say_notes(scenario_notes(plan))
    if line:
        return tell_cut(plan, line, as_json=as_json)
    if accept and output:
        return write_accepted(plan, output)
    limits = limits_of(plan, ceilings, within_funding=within_funding, pace=pace)
    return tell_path(plan, str(programme), year, limits, output, as_json=as_json)


def scenario_notes(plan: "Plan") -> "Iterator[Problem]":
    """Paths and cuts are typed into the plan: a scenario in use plays no part."""
    from xlplan.problems import Problem

    if plan.scenario:
        words = (
            f"the scenario {plan.labels['scenarios'][plan.scenario]!r} is in use",
            "the plan as typed, which is told of",
        )
        yield Problem(plan.id, *words, "nothing")


def limits_of(plan: "Plan", ceilings: Sequence[str], *, within_funding: bool, pace: float | None) -> "Limits":
    """Bounds as typed: an amount for all years, then amounts for single years."""
    from xlplan.path.search import Limits

    found = dict.fromkeys(plan.budget_years, ceiling(plan, text)[1]) if (text := general(ceilings)) else {}
    return Limits(found | dict(ceiling(plan, text) for text in ceilings if "=" in text), within_funding, pace)


def general(ceilings: Sequence[str]) -> str:
    """The amount that holds for all years, if there is one."""
    found = [text for text in ceilings if "=" not in text]
    if len(found) > 1:
        raise click.UsageError("one --ceiling without a year is enough.")
    return found[0] if found else ""


def ceiling(plan: "Plan", text: str) -> tuple[int, float]:
    """Year and amount of a ceiling."""
    year, _, amount = text.rpartition("=")
    try:
        found = int(year or plan.first_year), float(amount.replace(",", ""))
    except ValueError:
        raise click.UsageError(f"--ceiling {text}: expected AMOUNT or YEAR=AMOUNT, such as 2027=100000.") from None
    if found[0] not in plan.budget_years or not 0 <= found[1] <= MOST:
        years = f"{plan.first_year} to {plan.budget_years[-1]}"
        raise click.UsageError(f"--ceiling {text}: expected a year from {years} and an amount from 0.")
    return found


def tell_cut(plan: "Plan", line: str, *, as_json: bool) -> None:
    from xlplan.path.cut import cut
    from xlplan.path.report import cut_document
    from xlplan.path.tell import cut_words

    found = cut(plan, line)
    if as_json:
        click.echo(json.dumps(cut_document(plan, found), indent=2, allow_nan=False))
    else:
        say_all(cut_words(plan, found))


def write_accepted(plan: "Plan", output: Path) -> None:
    from xlplan.path.proposal import with_accepted

    found = with_accepted(plan)
    write_plan(found.plan, output)
    say(f"Made {output}: {found.lines} lines and {found.targets} targets accepted.")


def write_plan(plan: "Plan", output: Path) -> None:
    from xlplan.files import write_whole
    from xlplan.workbook.build import build_workbook

    write_whole(output, build_workbook(plan))


def tell_path(
    plan: "Plan", programme: str, year: int | None, limits: "Limits", output: Path | None, *, as_json: bool
) -> None:
    from xlplan.path.compare import compared
    from xlplan.path.proposal import with_proposal
    from xlplan.path.report import path_document

    found = compared(plan, programme, year, limits)
    if as_json:
        click.echo(json.dumps(path_document(plan, found), indent=2, allow_nan=False))
    else:
        say_all(path_lines(plan, found))
    if output and found.finding.path and (found.finding.path.steps or found.finding.path.targets):
        write_plan(with_proposal(plan, found.finding.path), output)
        click.echo(f"Made {output}: the proposal stands on a sheet of its own.", err=as_json)
    sys.exit(0 if found.finding.path else 1)


def say_all(lines: Iterator[str]) -> None:
    """Paragraphs wrapped to the width of the terminal; rows of tables as they are."""
    for line in lines:
        for part in [line] if line.startswith(" ") or not line else textwrap.wrap(line, WIDTH):
            say(part)


def path_lines(plan: "Plan", found: "Comparison") -> Iterator[str]:
    """A path as a table of steps, targets, money by year, and what a year earlier costs."""
    from xlplan.path.tell import CAVEAT, amount, earlier_words, line_name, obstacle_words, target_words

    finding = found.finding
    aim, path = finding.aim, finding.path
    name = plan.labels["programmes"][aim.programme] or aim.programme
    if path is None:
        yield f"{name} cannot start by {aim.year}: its gate stays shut."
        yield from obstacle_words(plan, finding, found.first_possible)
        if found.first_possible is None and aim.year < plan.budget_years[-1]:
            yield "Within these bounds it cannot open in any later year of the plan either."
    elif not path.steps and not path.targets:
        yield f"{name}: the gate is {found.status} in {aim.year} as the plan stands; nothing is to be done."
    else:
        yield f"{name}: the gate is {found.status} in {aim.year}, for {amount(plan, path.total)} to find."
        yield from step_rows(plan, found)
        yield from (f"Set the target of {target_words(plan, target)}." for target in path.targets)
        yield from filter(None, [earlier_words(plan, found)])
        yield CAVEAT
    if finding.unpriced:
        names = [line_name(plan, line) for line in finding.unpriced]
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")  # noqa: PLR2004
        yield f"Left out, since the plan does not know their cost: {shown}."


def step_rows(plan: "Plan", found: "Comparison") -> Iterator[str]:
    """The steps and the money of each year, in columns."""
    from xlplan.path.tell import WHAT_TO_DO, line_name

    path = found.finding.path
    assert path  # noqa: S101  asked for only where there is one
    yield ""
    yield f"  {'From':<6}{'Activity':<40}{'What to do':<15}{f'To find, {plan.currency}':>16}"
    for step in path.steps:
        name = textwrap.shorten(line_name(plan, step.line), 39, placeholder="…")
        yield f"  {step.year:<6}{name:<40}{WHAT_TO_DO[step.state]:<15}{step.total:>16,.0f}"
    yield ""
    years = [(y, money) for y, money in zip(plan.budget_years, path.cost, strict=True) if money]
    for start in range(0, len(years), 5):
        part = years[start : start + 5]
        yield "  " + f"{'Year':<12}" + "".join(f"{year:>13}" for year, _ in part)
        yield "  " + f"{'To find':<12}" + "".join(f"{money:>13,.0f}" for _, money in part)
    yield ""


COMMANDS: tuple[click.Command, ...] = (path,)
