"""Commands for files that come back: verify, diff, merge, migrate, share."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlplan.problems import PlanError, Problem
from xlplan.terminal import FILE, FORCE, JSON, problems_exit, say, say_notes, say_problems

if TYPE_CHECKING:
    from xlplan.workbook.verify import Verdict


@click.command()
@click.argument("file", type=FILE)
@click.option("--fix", type=FILE, help="Write a fresh workbook with all inputs kept.")
@click.option("--certificate", type=FILE, help="Write what was compared with which engine.")
@JSON
@FORCE
@problems_exit
def verify(file: Path, fix: Path | None, certificate: Path | None, as_json: bool, force: bool) -> None:
    """Compare a returned workbook with its template and the engine."""
    from xlplan.files import read_package, refuse_existing, write_whole
    from xlplan.workbook.verify import verify as judged

    for target in (fix, certificate):
        if target:
            refuse_existing(target, force=force)
    package = read_package(file)
    verdict = judged(package)
    if as_json:
        click.echo(json.dumps(verdict_document(verdict), indent=2))
    else:
        say_notes(verdict.notes)
        say_problems(verdict.problems)
        say(f"{file}: {verdict.outcome}; {verdict.formulas:,} formulas, {verdict.values:,} values compared.")
    if certificate:
        from xlplan.workbook.certificate import certificate as text

        write_whole(certificate, text(package, verdict).encode())
    if fix:
        write_fixed(fix, verdict)
    sys.exit(1 if verdict.problems else 0)


def verdict_document(verdict: "Verdict") -> dict[str, Any]:
    from xlplan.document import problem_document

    compared = {"formulas": verdict.formulas, "values": verdict.values, "totals": verdict.totals}
    found = {name: [problem_document(p) for p in getattr(verdict, name)] for name in ("problems", "notes")}
    return {"file": verdict.name, "outcome": verdict.outcome, "compared": compared, **found}


def write_fixed(fix: Path, verdict: "Verdict") -> None:
    from xlplan.files import write_whole
    from xlplan.workbook.build import build_workbook
    from xlplan.workbook.layout import ROWS

    if verdict.kept is None:
        found, expected = "inputs that have no place in a fresh workbook", "inputs that can all be kept"
        raise PlanError([Problem(verdict.name, found, expected, "mend the problems above first")])
    write_whole(fix, build_workbook(verdict.kept, max(ROWS, verdict.lines)))
    say(f"Made {fix}.")


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@JSON
@problems_exit
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Say what changed from one plan to another, and its effect."""
    from xlplan import load
    from xlplan.difference import changes, effects, log_entries, sentence

    old, new = load(before), load(after)
    said = [sentence(change, old, new) for change in changes(old, new)]
    entries = log_entries(old, new)
    results = [str(effect) for effect in effects(old, new)]
    if as_json:
        click.echo(json.dumps({"changes": said, "log": entries, "effects": results}, indent=2))
        return
    for text in [*said, *(f"Log: {entry}" for entry in entries), *results]:
        say(text)
    if not said:
        say("No entry differs.")


@click.command()
@click.argument("base", type=FILE)
@click.argument("one", type=FILE)
@click.argument("other", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The merged workbook.")
@FORCE
@problems_exit
def merge(base: Path, one: Path, other: Path, output: Path, force: bool) -> None:
    """Merge two copies of a plan that were edited apart."""
    from xlplan import load
    from xlplan.files import refuse_existing, write_whole
    from xlplan.merge import conflict_problems, merged
    from xlplan.workbook.build import build_workbook

    refuse_existing(output, force=force)
    names = (base.name, one.name, other.name)
    plans = (load(base), load(one), load(other))
    found = merged(*plans, names)
    write_whole(output, build_workbook(found.plan))
    for text in found.moved:
        say(text)
    say(f"Made {output}: {len(found.conflicts)} conflicts.")
    problems = conflict_problems(found, plans[0], plans[1], names, output.name)
    say_problems(problems)
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=FILE, required=True, help="An existing folder for the new workbooks.")
@FORCE
@problems_exit
def migrate(files: tuple[Path, ...], output: Path, force: bool) -> None:
    """Bring workbooks of older templates to this one."""
    from xlplan.files import one, refuse_existing

    if not output.is_dir():
        raise one(output, f"no folder {output}", "an existing folder", "make the folder first")
    for file in files:
        for target in (output / f"{file.stem}.xlsx", output / f"{file.stem}-losses.txt"):
            refuse_existing(target, force=force)
    lost = [loss for file in files for loss in migrate_one(file, output)]
    sys.exit(1 if lost else 0)


def migrate_one(file: Path, folder: Path) -> tuple[Problem, ...]:
    """Write one migrated workbook and its list of losses; the losses."""
    from xlplan.files import read_package, write_whole
    from xlplan.workbook.build import build_workbook
    from xlplan.workbook.legacy import migrated

    try:
        found = migrated(read_package(file))
    except PlanError as error:
        say_problems(error.problems)
        return error.problems
    target = folder / f"{file.stem}.xlsx"
    write_whole(target, build_workbook(found.plan))
    write_whole(folder / f"{file.stem}-losses.txt", "".join(f"{loss}\n" for loss in found.losses).encode())
    say_notes(found.notes)
    say_problems(found.losses)
    say(f"Made {target}: {len(found.losses)} values lost.")
    return found.losses


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The copy for recipients.")
@click.option("--salaries", is_flag=True, help="Show salaries only in sum; totals stay as they are.")
@FORCE
@problems_exit
def share(file: Path, output: Path, salaries: bool, force: bool) -> None:
    """Make a copy for recipients: no names, salaries in sum on request."""
    from xlplan import load
    from xlplan.files import refuse_existing, write_whole
    from xlplan.share import shared
    from xlplan.workbook.build import build_workbook

    refuse_existing(output, force=force)
    found = shared(load(file), salaries=salaries)
    write_whole(output, build_workbook(found.plan))
    for text in found.redacted:
        say(text)
    say(f"Made {output}.")


COMMANDS: tuple[click.Command, ...] = (verify, diff, merge, migrate, share)
