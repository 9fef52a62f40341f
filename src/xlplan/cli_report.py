"""Commands that write documents: the summary report."""

from pathlib import Path

import click

from xlplan.terminal import FILE, FORCE, LANGUAGE, problems_exit, say, say_notes


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The report: x.html, x.docx or x.pdf.")
@click.option("--lang", type=LANGUAGE, help="Language of the report.  [default: that of the plan]")
@FORCE
@problems_exit
def report(file: Path, output: Path, lang: str | None, force: bool) -> None:
    """Write the summary report: profile, advice, budget, funding, method."""
    from xlplan import load
    from xlplan.files import refuse_existing, write_whole
    from xlplan.report.build import report_of
    from xlplan.report.forms import FORMS, refuse_missing_libraries
    from xlplan.shipped import in_language

    if output.suffix.lower() not in FORMS:
        raise click.UsageError(f"a report ends in one of {', '.join(FORMS)}, not {output.suffix or 'nothing'}.")
    refuse_missing_libraries()
    refuse_existing(output, force=force)
    plan = load(file)
    say_notes(plan.notes)
    plan = in_language(plan, lang) if lang else plan
    write_whole(output, FORMS[output.suffix.lower()](report_of(plan), plan.catalogue.say))
    say(f"Wrote {output} ({plan.language}).")


COMMANDS: tuple[click.Command, ...] = (report,)
