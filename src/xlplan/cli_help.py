"""Help of the command line: every command by what it is for, on one screen of 80 columns and 24 lines."""

from collections.abc import Mapping
from itertools import zip_longest

import click

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Plan": {
        "new": "make a workbook",
        "translate": "the same in a language",
        "convert": "the same as an edition",
        "calc": "refresh stored values",
        "show": "profile, gates, budget",
        "scenarios": "what if, side by side",
        "check": "what is wrong or missing",
        "export": "as text or table",
        "ranges": "what it may cost",
        "path": "cheapest way to a gate",
    },
    "A plan under way": {
        "actuals": "spending against budget",
        "calendar": "what to order again",
    },
    "Workbooks that come back": {
        "verify": "beside the template",
        "diff": "what changed",
        "merge": "two edited copies",
        "migrate": "older templates",
        "share": "a copy for recipients",
        "consolidate": "many plans to one",
    },
    "Funders": {
        "funder": "in a funder's layout",
        "align": "overlaps and gaps",
    },
    "Documents": {
        "report": "profile, advice, budget",
        "scope": "scope of work, terms",
    },
    "Rules and templates": {
        "rules": "the rule book",
        "explain": "one rule",
        "build": "the shipped workbooks",
        "words": "lists for translators",
        "addin": "functions in Excel",
    },
}
"""Command -> what it does, in at most 24 letters."""

NAME, WORDS = 12, 24
"""Letters of a command and of its words; two abreast fill a line."""


class Commands(click.Group):
    """The commands in their groups, two abreast; the two options stand in the usage line."""

    def format_options(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Only the commands; ``xlplan COMMAND --help`` says the rest."""
        for group, commands in GROUPS.items():
            formatter.write(f"{group}:\n")
            told = [f"  {name:{NAME}}{words:{WORDS}}" for name, words in commands.items()]
            for left, right in zip_longest(told[::2], told[1::2], fillvalue=""):
                formatter.write(f"{left}{right}".rstrip() + "\n")
