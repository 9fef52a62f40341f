"""The command that puts many plans together."""

import json
import os
import sys
from pathlib import Path

import click

from xlplan.problems import Problem
from xlplan.terminal import FILE, FORCE, JSON, LANGUAGE, problems_exit, say, say_notes, say_problems


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="DIR|GLOB...")
@click.option("-o", "--output", type=FILE, required=True, help="The workbook of the whole.")
@click.option("--store", type=FILE, help="Also write all lines to x.parquet or x.duckdb.")
@click.option("--lang", type=LANGUAGE, default="en", show_default=True, help="Language of the workbook.")
@click.option("--currency", default="", help="Count plans in this reporting currency only.")
@click.option("--newest", is_flag=True, help="Of several versions of a plan count the newest.")
@click.option("--processes", type=click.IntRange(1, 256), help="Processes that read.  [default: all cores]")
@click.option("--scheduler", metavar="ADDRESS", help="Read on the workers of a Dask scheduler.")
@JSON
@FORCE
@problems_exit
def consolidate(
    sources: tuple[str, ...],
    output: Path,
    store: Path | None,
    lang: str,
    currency: str,
    newest: bool,
    processes: int | None,
    scheduler: str | None,
    as_json: bool,
    force: bool,
) -> None:
    """Put many plans together: one workbook, one store."""
    from xlplan.consolidate.run import Wanted
    from xlplan.consolidate.run import consolidate as run
    from xlplan.consolidate.store import KINDS
    from xlplan.files import refuse_existing
    from xlplan.screen import progress

    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"a workbook ends in .xlsx, not {output.suffix or 'nothing'}.")
    if store and store.suffix.lower() not in KINDS:
        raise click.UsageError(f"--store ends in {' or '.join(KINDS)}, not {store.suffix or 'nothing'}.")
    for target in (output, store):
        if target:
            refuse_existing(target, force=force)
    pool = readers(processes or os.cpu_count() or 1, scheduler)
    try:
        with progress("Reading plans") as step:
            found = run(Wanted(sources, output, store, lang, currency, newest), pool, step)
    except KeyboardInterrupt:
        words = "interrupted", "a finished run", "give the same command again; it goes on where it was"
        say_problems([Problem(output.name, *words)])
        sys.exit(1)
    left_out = [Problem(*problem) for standing in found.left_out.values() for problem in standing.problems]
    if as_json:
        click.echo(json.dumps(document(found), indent=2))
    else:
        say_notes(found.cautions)
        say_problems([*left_out, *found.problems])
        say(f"Made {output}: " + ", ".join(f"{count:,} {status}" for status, count in found.counts.items()) + ".")
    wrong = found.problems or any(s.status == "quarantined" for s in found.left_out.values())
    sys.exit(1 if wrong else 0)


def readers(processes: int, scheduler: str | None):  # type: ignore[no-untyped-def]  # noqa: ANN201
    if scheduler:
        from xlplan.consolidate.cluster import cluster

        return cluster(scheduler)
    from xlplan.consolidate.run import processes as local

    return local(processes)


def document(found) -> dict[str, object]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    from xlplan.document import problem_document

    left_out = [
        {"file": file, "status": s.status, "counted_instead": s.other,
         "reasons": [problem_document(Problem(*problem)) for problem in s.problems]}
        for file, s in found.left_out.items()
    ]  # fmt: skip
    problems = {name: [problem_document(p) for p in getattr(found, name)] for name in ("problems", "cautions")}
    return {"counts": dict(found.counts), "left_out": left_out, **problems, "read": found.read, "known": found.known}
