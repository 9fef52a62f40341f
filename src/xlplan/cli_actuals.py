"""Commands for a plan under way: actuals, calendar."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlplan.terminal import FILE, FORCE, JSON, problems_exit, say, say_plan_notes

if TYPE_CHECKING:
    from xlplan.ledger_map import LedgerMap, Table
    from xlplan.plan import Plan


@click.command()
@click.argument("file", type=FILE)
@click.option("--import", "book", type=FILE, help="Spending as .csv or .xlsx, as the accounts export it.")
@click.option("--mapping", type=FILE, help="TOML: which column holds what, and the line of each account.")
@click.option("--replace", is_flag=True, help="Let it stand for amounts of the same line and year.")
@click.option("-o", "--output", type=FILE, help="The workbook with the imported spending.")
@JSON
@FORCE
@problems_exit
def actuals(
    file: Path, book: Path | None, mapping: Path | None, replace: bool, output: Path | None, as_json: bool, force: bool
) -> None:
    """Show spending against budget; --import brings it in."""
    from xlplan import load
    from xlplan.monitoring import absorption_document
    from xlplan.screen import actuals as shown
    from xlplan.screen import console

    if len({book is None, mapping is None, output is None}) > 1:
        raise click.UsageError("--import, --mapping and -o belong together.")
    plan, texts = load(file), list[str]()
    say_plan_notes(plan)
    if book and mapping and output:
        plan, texts = imported(plan, book, mapping, output, replace=replace, force=force)
    if as_json:
        click.echo(json.dumps(absorption_document(plan.evaluate()) | {"import": texts}, indent=2))
        return
    for text in texts:
        say(text)
    console().print(shown(plan.evaluate()))


def imported(
    plan: "Plan", book: Path, mapping: Path, output: Path, *, replace: bool, force: bool
) -> "tuple[Plan, list[str]]":
    """The plan with the spending of a file, written as a workbook, and what the file came to."""
    from xlplan.files import refuse_existing, write_whole
    from xlplan.ledger import ledger, with_actuals
    from xlplan.ledger_map import read_map
    from xlplan.monitoring import said
    from xlplan.workbook.build import build_workbook

    refuse_existing(output, force=force)
    map = read_map(mapping)
    found = ledger(plan, table_of(book, map), map, book.name)
    new = with_actuals(plan, found, map, replaced=replace)
    write_whole(output, build_workbook(new))
    return new, [*said(found), f"Made {output}."]


def table_of(book: Path, map: "LedgerMap") -> "Table":
    """Rows of the file: a text file, or a sheet of a workbook."""
    from xlplan.ledger_map import csv_rows
    from xlplan.workbook.foreign import sheet_rows

    return csv_rows(book, map) if book.suffix.lower() in (".csv", ".txt") else sheet_rows(book, map.sheet)


@click.command()
@click.argument("file", type=FILE)
@JSON
@problems_exit
def calendar(file: Path, as_json: bool) -> None:
    """Show what has to be ordered again, by year and month."""
    from xlplan import load
    from xlplan.monitoring import calendar_document
    from xlplan.renewals import calendar as due
    from xlplan.screen import console, renewals

    plan = load(file)
    say_plan_notes(plan)
    results = plan.evaluate()
    if as_json:
        click.echo(json.dumps(calendar_document(results), indent=2))
    else:
        console().print(renewals(results, due(results)))


COMMANDS: tuple[click.Command, ...] = (actuals, calendar)
