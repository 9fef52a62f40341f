"""What the terminal shows, in 80 columns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from xlplan.results import Results

WIDTH = 80
LEVEL_LOOKS = {"not_yet_achieved": "red", "early_progress": "yellow", "adequate": "green"}
STATUS_LOOKS = {"not ready": "red", "incomplete": "dim", "ready with conditions": "yellow", "ready": "green"}


def console() -> Console:
    """A console of at most 80 columns that interprets no markup in a planner's words."""
    return Console(width=min(Console().width, WIDTH), markup=False, highlight=False, emoji=False, soft_wrap=False)


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on the error output while work goes on, where a person looks; it is told done, total, what."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    error = Console(stderr=True, width=min(Console().width, WIDTH))
    with Progress(*columns, console=error, disable=not error.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total, _: bar.update(task, completed=done, total=total)


def overview(results: Results) -> RenderableType:
    """Profile, gates, programmes, budget by year with gap, totals, checks."""
    plan = results.plan
    title = Text(plan.text("title") or plan.id, style="bold")
    return Group(title, profile(results), *gates(results), budget(results), totals(results), checks(results))


def table(*heads: str, title: str) -> Table:
    found = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
        expand=False,
    )
    for number, head in enumerate(heads):
        found.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
    return found


def profile(results: Results) -> RenderableType:
    found = table("Foundational domain", "Level now", "Money in the plan", title="\nMaturity profile")
    labels = results.plan.labels["levels"]
    frame = results.profile[results.profile["band"] == "foundation"]
    for row in frame.itertuples():
        level = Text(labels.get(row.level, "Not assessed"), style=LEVEL_LOOKS.get(row.level, "dim"))
        found.add_row(results.plan.catalogue.domains[row.domain].label, level, f"{row.cost:,.0f}")
    return found


def gates(results: Results) -> Iterator[RenderableType]:
    yield Text("\nReadiness today", style="bold")
    domains, levels = (
        results.plan.catalogue.domains,
        dict(results.plan.labels["levels"]) | {"not_assessed": "Not assessed"},
    )
    for id, (status, blockers) in results.gate_status.items():
        line = Text(f"{results.plan.catalogue.gates[id].label}: ")
        yield line.append(status, style=STATUS_LOOKS[status])
        for blocker in blockers:
            words = (
                f"{domains[blocker['domain']].label} is {levels[blocker['level']]}, needs {levels[blocker['needed']]}"
            )
            yield Padding(Text(words), (0, 0, 0, 2))
    for row in results.programmes.itertuples():
        label = results.plan.labels["programmes"][row.programme]
        start = f", start {row.start:.0f}" if row.start == row.start and row.start is not None else ""
        start += (
            f", gate opens {row.opens:.0f}" if row.opens == row.opens else ", gate never opens" if row.status else ""
        )
        yield Text(f"{label}{start}: ").append(
            row.status or "kind of data not chosen", style=STATUS_LOOKS.get(row.status, "dim")
        )


def budget(results: Results) -> RenderableType:
    currency = results.plan.labels["currencies"][results.plan.text("reporting_currency")]
    heads = ("Year", "Total", "One-off", "Recurring", "Committed", "Gap")
    found = table(*heads, title=f"\nBudget by year, {currency}")
    for row in results.totals.itertuples():
        figures = (row.cost, row.one_off, row.recurring, row.confirmed, row.gap)
        found.add_row(str(row.Index), *(f"{figure:,.0f}" for figure in figures))
    sums = results.totals[["cost", "one_off", "recurring", "confirmed", "gap"]].sum()
    found.add_row("Total", *(f"{figure:,.0f}" for figure in sums), style="bold")
    return found


def totals(results: Results) -> RenderableType:
    value, yearly = results.number("present_value"), results.number("equivalent_annual_cost")
    year = results.plan.number("price_year")
    words = f"Present value {value:,.0f}; equivalent annual cost {yearly:,.0f}"
    return Text(f"\n{words}\n(real, in prices of {year:.0f})")


def checks(results: Results) -> RenderableType:
    failed = results.checks[results.checks["status"] == "finding"]
    if failed.empty:
        return Text(f"\nAll {len(results.checks)} checks pass", style="green")
    found = table(
        "Finding", "Found", "Must be", title=f"\nChecks: {len(failed)} with findings; xlplan check says what to do"
    )
    known = results.plan.catalogue.checks
    for row in failed.itertuples():
        found.add_row(known[row.check].label, f"{row.found:,.6g}", f"{row.expected:,.6g}")
    return found


def rule_table(rows: list[tuple[str, str, str]]) -> RenderableType:
    found = table("Rule", "Label", "Unit", title="Rules; xlplan explain RULE tells more")
    found.columns[1].justify = found.columns[2].justify = "left"
    for row in rows:
        found.add_row(*row)
    return found


def entry(rows: list[tuple[str, str]]) -> RenderableType:
    found = Table(box=None, pad_edge=False, show_header=False)
    found.add_column(style="bold", no_wrap=True)
    found.add_column(overflow="fold")
    for row in rows:
        found.add_row(*row)
    return found
