"""Commands for scenarios: compare them."""

import json
from pathlib import Path

import click

from xlplan.terminal import FILE, JSON, problems_exit, say_notes


@click.command()
@click.argument("file", type=FILE)
@JSON
@problems_exit
def scenarios(file: Path, as_json: bool) -> None:
    """Compare the plan with each of its scenarios: total, years, gap, gates."""
    from xlplan import load
    from xlplan.scenarios import compared, comparison

    plan = load(file)
    say_notes(plan.notes)
    if as_json:
        click.echo(json.dumps(comparison(plan), indent=2, allow_nan=False))
        return
    from xlplan.screen import console, scenario_tables

    console().print(*scenario_tables(plan, compared(plan)), sep="\n")
