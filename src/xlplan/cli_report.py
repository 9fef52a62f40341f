"""Commands that write documents: the summary report, scopes of work, terms, the capacity building plan."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlplan.terminal import FILE, FORCE, LANGUAGE, problems_exit, say, say_plan_notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplan.plan import Plan
    from xlplan.report.content import Document

OUTPUT = click.option("-o", "--output", type=FILE, required=True, help="The document: x.docx, x.html or x.pdf.")
LANG = click.option("--lang", type=LANGUAGE, help="Language of the document.  [default: that of the plan]")


@click.command()
@click.argument("file", type=FILE)
@OUTPUT
@LANG
@FORCE
@problems_exit
def report(file: Path, output: Path, lang: str | None, force: bool) -> None:
    """Write the summary report: profile, advice, budget, funding, method."""
    from xlplan.report.build import report_of
    from xlplan.workbook.stored import stored_ranges

    write_document(file, output, lang, lambda plan: report_of(plan, stored_ranges(file)), force=force)


@click.command()
@click.argument("file", type=FILE)
@OUTPUT
@click.option("--line", "lines", multiple=True, metavar="ID", help="For a cost line; may be given more than once.")
@click.option("--domain", metavar="ID", help="For all technical assistance in a domain, area or programme.")
@click.option("--role", metavar="ID", help="Terms of reference for a role of the core team.")
@click.option("--capacity", is_flag=True, help="The capacity building plan of the core team.")
@LANG
@FORCE
@problems_exit
def scope(
    file: Path,
    output: Path,
    lines: tuple[str, ...],
    domain: str | None,
    role: str | None,
    capacity: bool,
    lang: str | None,
    force: bool,
) -> None:
    """Write a scope of work, terms of a role, or the capacity plan."""
    from xlplan.report.scope import scope_of_domain, scope_of_lines
    from xlplan.report.team import capacity_plan, terms_of

    if [bool(lines), bool(domain), bool(role), capacity].count(True) != 1:
        raise click.UsageError("choose one of --line, --domain, --role and --capacity.")

    def made(plan: "Plan") -> "Document":
        if capacity:
            return capacity_plan(plan)
        if role:
            return terms_of(plan, role)
        return scope_of_domain(plan, domain) if domain else scope_of_lines(plan, lines)

    write_document(file, output, lang, made, force=force)


def write_document(
    file: Path, output: Path, lang: str | None, made: "Callable[[Plan], Document]", *, force: bool
) -> None:
    """Write what is made of a plan, in the form that the name of the output asks for."""
    from xlplan import load
    from xlplan.files import refuse_existing, write_whole
    from xlplan.report.forms import FORMS, refuse_missing_libraries
    from xlplan.shipped import in_language

    if output.suffix.lower() not in FORMS:
        raise click.UsageError(f"a document ends in one of {', '.join(FORMS)}, not {output.suffix or 'nothing'}.")
    refuse_missing_libraries()
    refuse_existing(output, force=force)
    plan = load(file)
    say_plan_notes(plan)
    plan = in_language(plan, lang) if lang else plan
    write_whole(output, FORMS[output.suffix.lower()](made(plan), plan.catalogue.say))
    say(f"Wrote {output} ({plan.language}).")


COMMANDS: tuple[click.Command, ...] = (report, scope)
