"""The command line: the only place that prints and exits. 0 done, 1 problems found, 2 wrong usage."""

import json
import sys
from pathlib import Path

import click

from xlplan.cli_actuals import COMMANDS as ACTUALS_COMMANDS
from xlplan.cli_addin import addin
from xlplan.cli_consolidate import consolidate
from xlplan.cli_files import COMMANDS
from xlplan.cli_funders import COMMANDS as FUNDER_COMMANDS
from xlplan.cli_help import Commands
from xlplan.cli_path import COMMANDS as PATH_COMMANDS
from xlplan.cli_ranges import ranges
from xlplan.cli_report import COMMANDS as REPORT_COMMANDS
from xlplan.cli_scenarios import scenarios
from xlplan.problems import PlanError
from xlplan.terminal import FILE, FORCE, JSON, LANGUAGE, problems_exit, say, say_notes

EDITION = click.Choice(["standard", "windows", "lite"])
EXPERIMENTAL = click.option("--experimental", is_flag=True, help="Allow the lite edition; Excel may refuse its file.")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[-h | --version]",
    subcommand_metavar="COMMAND ...",
)
@click.version_option(package_name="xlplan")
def main() -> None:
    """Plan and budget a sustainable DHIS2 in a workbook that calculates anywhere."""


@main.command()
@click.argument("plan", type=FILE)
@click.option("--example", is_flag=True, help="Fill it with the example plan; its prices are made up.")
@click.option("--from", "source", type=FILE, help="Take the inputs of a plan file or another workbook.")
@click.option("--lang", type=LANGUAGE, default="en", show_default=True, help="Language of the workbook.")
@click.option("--edition", type=EDITION, default="standard", show_default=True, help="Windows and lite call Python.")
@EXPERIMENTAL
@click.option("--template", help="Template pack, for other sectors than health, such as case_management.")
@click.option("--first-year", type=click.IntRange(1990, 2136), help="First budget year.")
@click.option("--years", type=click.IntRange(1, 15), help="Number of budget years.  [default: 5]")
@click.option("--rows", type=click.IntRange(1, 5000), help="Rows for cost lines.  [default: 200]")
@click.option(
    "--programme",
    "programmes",
    multiple=True,
    metavar="NAME:KIND:APPROACH:YEAR",
    help="Add a programme, with suggested lines. KIND: aggregate, tracker, or what the template has instead.",
)
@click.option("--weak", multiple=True, metavar="DOMAIN", help="Suggest lines for a weak domain, or for all.")
@click.option("--suggest", is_flag=True, help="Suggest lines for the plan's own programmes and weak domains.")
@FORCE
@problems_exit
def new(
    plan: Path,
    example: bool,
    source: Path | None,
    lang: str,
    edition: str,
    experimental: bool,
    template: str | None,
    first_year: int | None,
    years: int | None,
    rows: int | None,
    programmes: tuple[str, ...],
    weak: tuple[str, ...],
    suggest: bool,
    force: bool,
) -> None:
    """Make a workbook: empty, with suggested lines, with the example plan, or from a plan file."""
    from xlplan.files import refuse_existing

    if source and (example or first_year or years or template):
        raise click.UsageError("--from takes years and template from the file; leave out the other options.")
    refuse_edition(plan, edition, experimental=experimental)
    refuse_existing(plan, force=force)
    found = start_plan(source, lang, template, example=example, first_year=first_year, years=years)
    if suggest or programmes or weak:
        from xlplan.suggest import Wish, with_suggestions

        found = with_suggestions(found, Wish(programmes, weak))
    from xlplan.shipped import EXAMPLE_ROWS
    from xlplan.workbook.layout import ROWS

    write_edition(plan, edition, found, rows or (EXAMPLE_ROWS if example else ROWS), force=force)
    click.echo(
        f"Made {plan} ({lang}): {found.years} years from {found.first_year}, {len(found.rows('lines'))} cost lines."
    )


def refuse_edition(path: Path, edition: str, *, experimental: bool) -> None:
    suffix = ".xlsm" if edition == "windows" else ".xlsx"
    if path.suffix.lower() != suffix:
        raise click.UsageError(f"a workbook of this edition ends in {suffix}, not {path.suffix or 'nothing'}.")
    if edition == "lite" and not experimental:
        raise click.UsageError("the lite edition was never opened in Excel; add --experimental to make it.")


def write_edition(path: Path, edition: str, plan, rows: int, *, force: bool) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Write a workbook, and what belongs beside it; the editions with functions are loaded when they are asked for."""
    from xlplan.files import refuse_existing, write_whole

    if edition == "standard":
        from xlplan.workbook.build import build_workbook

        write_whole(path, build_workbook(plan, rows))
        return
    from xlplan.addin.editions import EDITIONS, files_beside

    beside = list(files_beside(EDITIONS[edition], path))
    for name, _ in beside:
        refuse_existing(name, force=force)
    write_whole(path, EDITIONS[edition].build(plan, rows))
    for name, data in beside:
        write_whole(name, data)
        say(f"Made {name}, to paste into xlwings Lite.")


def start_plan(  # type: ignore[no-untyped-def]  # noqa: ANN201  typing Plan would import it before it is needed
    source: Path | None, lang: str, template: str | None, *, example: bool, first_year: int | None, years: int | None
):
    from xlplan import load
    from xlplan.catalogue import TEMPLATE
    from xlplan.resize import for_years
    from xlplan.shipped import example_plan, in_language

    if source:
        return in_language(load(source), lang)
    plan = example_plan(lang, "national" if example else "blank", template or TEMPLATE)
    return for_years(plan, first_year or plan.first_year, years or plan.years)


@main.command()
@click.argument("file", type=FILE)
@click.option("--lang", type=LANGUAGE, required=True, help="Language of the new workbook.")
@click.option("-o", "--output", type=FILE, required=True, help="The new workbook.")
@FORCE
@problems_exit
def translate(file: Path, lang: str, output: Path, force: bool) -> None:
    """Make the same plan in another language; what was typed stays as it is."""
    from xlplan import load
    from xlplan.files import refuse_existing, write_whole
    from xlplan.shipped import in_language
    from xlplan.workbook.build import build_workbook

    refuse_existing(output, force=force)
    plan = in_language(load(file), lang)
    write_whole(output, build_workbook(plan))
    say(f"Made {output} ({lang}).")


@main.command()
@click.argument("file", type=FILE)
@click.option("--edition", type=EDITION, required=True, help="What to make of it.")
@click.option("-o", "--output", type=FILE, help="The new workbook.  [default: FILE with another ending]")
@EXPERIMENTAL
@FORCE
@problems_exit
def convert(file: Path, edition: str, output: Path | None, experimental: bool, force: bool) -> None:
    """Make the same plan in another edition; standard has no trace of the others."""
    from xlplan import load
    from xlplan.files import read_package, refuse_existing
    from xlplan.workbook.layout import ROWS
    from xlplan.workbook.read import line_rows

    target = output or file.with_suffix(".xlsm" if edition == "windows" else ".xlsx")
    refuse_edition(target, edition, experimental=experimental)
    refuse_existing(target, force=force)
    plan = load(file)
    rows = ROWS if file.suffix.lower() == ".toml" else line_rows(read_package(file))
    write_edition(target, edition, plan, rows, force=force)
    say(f"Made {target} ({edition}).")


@main.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, help="Write here instead of into FILE.")
@FORCE
@problems_exit
def calc(file: Path, output: Path | None, force: bool) -> None:
    """Recalculate a workbook, compare its scenarios anew; nothing typed in it changes."""
    from xlplan.files import read_package, refuse_existing, refuse_open, write_whole
    from xlplan.workbook.cells import calculated
    from xlplan.workbook.read import refuse_foreign
    from xlplan.workbook.recalculate import refreshed
    from xlplan.workbook.renewal import renewed

    if output:
        refuse_existing(output, force=force)
    refuse_open(file)
    package = read_package(file)
    refuse_foreign(package)
    data, notes = renewed(package)
    say_notes(notes)
    fresh, changed = refreshed(data, file.name, calculated)
    write_whole(output or file, fresh)
    say(f"Calculated {output or file}: {changed} formulas.")


@main.command()
@click.argument("file", type=FILE)
@JSON
@problems_exit
def show(file: Path, as_json: bool) -> None:
    """Show profile, readiness gates, budget by year, gap and checks."""
    from xlplan import load

    plan = load(file)
    say_notes(plan.notes)
    results = plan.evaluate()
    if as_json:
        from xlplan.document import document

        click.echo(json.dumps(document(results), indent=2, allow_nan=False))
    else:
        from xlplan.screen import console, overview

        console().print(overview(results))


@main.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@JSON
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check plans and workbooks: what cannot be read, what does not agree, what is missing."""
    from xlplan.document import problem_document

    found = {str(file): problems_of(file) for file in files}
    if as_json:
        click.echo(
            json.dumps({file: [problem_document(p) for p in problems] for file, problems in found.items()}, indent=2)
        )
    else:
        for file, problems in found.items():
            for problem in problems:
                say(str(problem))
            if not problems:
                say(f"{file}: all checks pass.")
    sys.exit(1 if any(found.values()) else 0)


def problems_of(file: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    from xlplan import load
    from xlplan.document import findings

    try:
        plan = load(file)
        return [*plan.notes, *findings(plan.evaluate(), file.name)]
    except PlanError as error:
        return list(error.problems)


@main.command()
@click.argument("file", type=FILE)
@click.option(
    "--to", "target", type=FILE, required=True, help="x.toml (the plan), x.json (results), x.csv or x.parquet (costs)."
)
@FORCE
@problems_exit
def export(file: Path, target: Path, force: bool) -> None:
    """Write the plan as TOML, its results as JSON, or its costs by line and year as CSV or Parquet."""
    from xlplan import load
    from xlplan.export import WRITERS
    from xlplan.files import refuse_existing, write_whole

    if target.suffix.lower() not in WRITERS:
        raise click.UsageError(f"--to ends in one of {', '.join(WRITERS)}, not {target.suffix or 'nothing'}.")
    refuse_existing(target, force=force)
    write_whole(target, WRITERS[target.suffix.lower()](load(file)))
    say(f"Wrote {target}.")


@main.command()
def rules() -> None:
    """List every rule of the rule book."""
    from xlplan.rulebook import rule_lines
    from xlplan.screen import console, rule_table

    console().print(rule_table(rule_lines()))


@main.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain one rule: meaning, formula, worked case, source, who reads it."""
    from xlplan.rulebook import explain as entry_of
    from xlplan.screen import console, entry

    try:
        console().print(entry(entry_of(rule)))
    except KeyError as error:
        raise click.UsageError(f"no rule {rule!r}; did you mean {error.args[0]}?") from None


@main.command()
@click.argument("folder", type=FILE, default=Path("templates/locale"))
@problems_exit
def words(folder: Path) -> None:
    """Bring the lists of words in FOLDER up to date for translators."""
    from xlplan.wordlist import write_word_lists

    for language, missing in write_word_lists(folder):
        say(f"{folder / language}.po: {missing} texts without translation.")


@main.command()
@click.argument("folder", type=FILE, default=Path("workbook"))
@problems_exit
def build(folder: Path) -> None:
    """Make the shipped workbooks anew in FOLDER."""
    from xlplan.files import one, refuse_existing, write_whole
    from xlplan.shipped import shipped_workbooks

    if not folder.is_dir():
        raise one(folder, f"no folder {folder}", "an existing folder", "make the folder first")
    for name, data in shipped_workbooks():
        refuse_existing(folder / name, force=True)
        write_whole(folder / name, data)
        say(f"Made {folder / name}.")


for command in (
    *COMMANDS,
    *FUNDER_COMMANDS,
    *PATH_COMMANDS,
    *REPORT_COMMANDS,
    *ACTUALS_COMMANDS,
    ranges,
    scenarios,
    consolidate,
    addin,
):
    main.add_command(command)
