"""Command for ranges: what a plan may cost where prices and drivers are not certain."""

import json
from pathlib import Path

import click

from xlplan.terminal import FILE, JSON, problems_exit, say_plan_notes


@click.command()
@click.argument("file", type=FILE)
@click.option("--draws", type=click.IntRange(100, 200_000), default=10_000, show_default=True, help="How often.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, help="Of the random numbers.")
@JSON
@problems_exit
def ranges(file: Path, draws: int, seed: int, as_json: bool) -> None:
    """Show P10, P50 and P90 of the cost, and what moves it most."""
    from xlplan import load
    from xlplan.document import range_document
    from xlplan.ranges import ranges as drawn

    plan = load(file)
    say_plan_notes(plan)
    found = drawn(plan, draws, seed)
    if as_json:
        click.echo(json.dumps(range_document(found), indent=2, allow_nan=False))
    else:
        from xlplan.screen import console
        from xlplan.screen_ranges import range_overview

        console().print(range_overview(found))
