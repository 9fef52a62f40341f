"""Commands for the add-in: install, status, remove."""

import os

import click

from xlplan.terminal import problems_exit, say


@click.group()
def addin() -> None:
    """Functions in Excel on Windows: install, see what is there, remove."""


@addin.command("install")
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@problems_exit
def addin_install(dry_run: bool) -> None:
    """Put the functions into Excel, for every workbook of this user."""
    from xlplan.addin.install import install_steps

    take_steps(install_steps, dry_run=dry_run)


@addin.command("remove")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@problems_exit
def addin_remove(dry_run: bool) -> None:
    """Take away what install wrote, and nothing else."""
    from xlplan.addin.install import remove_steps

    take_steps(remove_steps, dry_run=dry_run)


@addin.command("status")
def addin_status() -> None:
    """Say what is there and what is missing."""
    from xlplan.addin.install import places, status

    for line in status(places(os.environ)):
        say(line)


def take_steps(steps, *, dry_run: bool) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Take each step and say so; other systems than Windows only hear what would be done there."""
    from xlplan.addin.install import ON_WINDOWS, places

    dry = dry_run or not ON_WINDOWS
    found = list(steps(places(os.environ)))
    for step in found:
        if not dry:
            step.do()
        say(f"Would {step.words}." if dry else f"Done: {step.words}.")
    if not found:
        say("Nothing to do.")
