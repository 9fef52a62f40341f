"""Commands for those who pay: exports in their layouts, and what they have to settle between them."""

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlplan.terminal import FILE, FORCE, JSON, LANGUAGE, problems_exit, say, say_notes, say_plan_notes, say_problems

if TYPE_CHECKING:
    from xlplan.funders.request import Request
    from xlplan.funders.table import Table
    from xlplan.plan import Plan

WIDTH = 80
RATE = click.FloatRange(0, 1e9, min_open=True)


@click.command()
@click.argument("file", type=FILE)
@click.option("--layout", default="", help="Layout of the export; without --output the layouts are listed.")
@click.option("-o", "--output", type=FILE, help="The export, x.xlsx or x.csv.")
@click.option("--source", default="", help="One funding source, by id or name; unfunded = what none pays.")
@click.option("--currency", default="", help="Another currency, at the plan's own rates or at --rate.")
@click.option("--rate", type=RATE, help="Units of the currency for one unit of the reporting currency.")
@click.option("--first-year", type=int, help="First year of the export.  [default: first of the plan]")
@click.option("--accounts", type=FILE, help="Your mapping to a chart of accounts: docs/funders.md.")
@click.option("--lang", type=LANGUAGE, help="Language of the export.  [default: that of the plan]")
@FORCE
@problems_exit
def funder(
    file: Path,
    layout: str,
    output: Path | None,
    source: str,
    currency: str,
    rate: float | None,
    first_year: int | None,
    accounts: Path | None,
    lang: str | None,
    force: bool,
) -> None:
    """Write the budget in the layout of a funder, reconciled to zero."""
    from xlplan.funders.request import Request

    plan = loaded(file, lang)
    if output is None:
        return list_layouts()
    asked = Request(layout, source, currency, rate, first_year, accounts)
    refuse_usage(asked, output)
    return write_export(plan, asked, output, force=force)


def loaded(file: Path, lang: str | None) -> "Plan":
    from xlplan import load
    from xlplan.shipped import in_language

    plan = load(file)
    say_plan_notes(plan)
    return in_language(plan, lang) if lang else plan


def list_layouts() -> None:
    from xlplan.funders.layout_files import load_layouts

    for layout in load_layouts().values():
        say(f"{layout.id}: {layout.label}")
        for text in (layout.about, layout.choices):
            say_wrapped(4, text)


def refuse_usage(asked: "Request", output: Path) -> None:
    from xlplan.funders.layout_files import load_layouts

    layout = load_layouts().get(asked.layout)
    if layout is None:
        raise click.UsageError(f"--layout is one of {', '.join(load_layouts())}, not {asked.layout or 'nothing'}.")
    if output.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(f"an export ends in .xlsx or .csv, not {output.suffix or 'nothing'}.")
    if asked.rate is not None and not (asked.currency and asked.rate > 0):
        raise click.UsageError("--rate is a number above 0 and comes with --currency.")
    if asked.accounts and not any(column.field == "account" for column in layout.columns):
        raise click.UsageError(f"layout {layout.id} has no accounts; leave out --accounts.")


def write_export(plan: "Plan", asked: "Request", output: Path, *, force: bool) -> None:
    """Write the export whole, then say what would keep it from being taken in."""
    from xlplan.files import refuse_existing, write_whole
    from xlplan.funders.reconciliation import reconciliation, table_problems
    from xlplan.funders.request import answer

    targets = [output]
    if output.suffix.lower() == ".csv":
        targets.append(output.with_name(f"{output.stem}-reconciliation.csv"))
    for target in targets:
        refuse_existing(target, force=force)
    table = answer(plan, asked)
    for target, data in zip(targets, written(table, output), strict=True):
        write_whole(target, data)
    first, last = table.placed.years[0], table.placed.years[-1]
    say(f"Made {output}: {len(table.lines)} rows, {first}-{last}, {table.placed.currency.label}.")
    balances = reconciliation(table)
    agreed = sum(not balance.difference for balance in balances)
    say(f"{agreed} of {len(balances)} totals by source and year agree with the plan, difference 0.")
    problems = table_problems(table)
    say_problems(problems)
    sys.exit(1 if problems else 0)


def written(table: "Table", output: Path) -> Iterator[bytes]:
    if output.suffix.lower() == ".xlsx":
        from xlplan.workbook.funder_book import funder_book

        yield funder_book(table)
    else:
        from xlplan.funders.csvfile import balance_csv, csv_notes, to_csv

        say_notes(csv_notes(table))
        yield to_csv(table)
        yield balance_csv(table)


@click.command()
@click.argument("file", type=FILE)
@JSON
@problems_exit
def align(file: Path, as_json: bool) -> None:
    """Say what several funders pay for, and what none pays."""
    from xlplan.funders.alignment import alignment, paragraphs

    plan = loaded(file, None)
    results = plan.evaluate()
    if as_json:
        found: list[dict[str, Any]] = [{**vars(one), "sources": dict(one.sources)} for one in alignment(results)]
        click.echo(json.dumps({"currency": plan.text("reporting_currency"), "findings": found}, indent=2))
    else:
        for indent, text in paragraphs(results):
            say_wrapped(indent, text)


def say_wrapped(indent: int, text: str) -> None:
    """A paragraph in 80 columns."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)):
        say(line)


COMMANDS: tuple[click.Command, ...] = (funder, align)
