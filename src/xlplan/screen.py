"""What the terminal shows, in 80 columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from xlplan.plan import Plan
from xlplan.results import Results
from xlplan.scenarios import Outcome, scenario_label

WIDTH = 80
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
    scenario = f" / {plan.labels['words']['scenario']}{scenario_label(plan, plan.scenario)}" if plan.scenario else ""
    title = Text(f"{plan.text('title') or plan.id}{scenario}", style="bold")
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
    say = results.plan.catalogue.say
    heads = (say("Foundational domain"), say("Level now"), say("Money in the plan"))
    found = table(*heads, title=f"\n{say('Maturity profile')}")
    levels = results.plan.labels["levels"]
    looks = dict(zip(levels, ("red", *("yellow",) * (len(levels) - 2), "green"), strict=True))
    frame = results.profile[results.profile["band"] == "foundation"]
    for row in frame.itertuples():
        level = Text(level_word(results, row.level), style=looks.get(row.level, "dim"))
        found.add_row(results.plan.catalogue.domains[row.domain].label, level, f"{row.cost:,.0f}")
    return found


def level_word(results: Results, level: str) -> str:
    """A level in words; what is not assessed says so."""
    labels = results.plan.labels
    return labels["levels"].get(level) or labels["words"]["not_assessed"]


def gates(results: Results) -> Iterator[RenderableType]:
    say, catalogue = results.plan.catalogue.say, results.plan.catalogue
    yield Text(f"\n{say('Readiness today')}", style="bold")
    for id, (status, blockers) in results.gate_status.items():
        yield Text(f"{catalogue.gates[id].label}: ").append_text(status_word(results, status))
        for blocker in blockers:
            yield Padding(Text(blocked(results, blocker)), (0, 0, 0, 2))
    yield from (programme(results, row) for row in results.programmes.itertuples())


def status_word(results: Results, status: str) -> Text:
    label = results.plan.labels["statuses"].get(status)
    return Text(label or results.plan.catalogue.say("kind of data not chosen"), style=STATUS_LOOKS.get(status, "dim"))


def blocked(results: Results, blocker: Mapping[str, str]) -> str:
    """The sentence of the workbook: a domain, its level, and the level it needs."""
    words, domain = results.plan.labels["words"], results.plan.catalogue.domains[blocker["domain"]].label
    found, needed = level_word(results, blocker["level"]), level_word(results, blocker["needed"])
    return f"{domain}{words['is']}{found}{words['needs']}{needed}"


def programme(results: Results, row: Any) -> Text:
    """Name, planned start, year in which the gate opens, status today."""
    say = results.plan.catalogue.say
    known = [results.plan.labels["programmes"][row.programme]]
    known += (
        [say("start {year}").format(year=f"{row.start:.0f}")]
        if row.start is not None and row.start == row.start
        else []
    )
    if row.opens == row.opens:
        known.append(say("gate opens {year}").format(year=f"{row.opens:.0f}"))
    elif row.status:
        known.append(say("gate never opens"))
    return Text(f"{', '.join(known)}: ").append_text(status_word(results, row.status))


def budget(results: Results) -> RenderableType:
    say = results.plan.catalogue.say
    currency = results.plan.currency
    heads = (say("Year"), say("Total"), say("One-off"), say("Recurring"), say("Committed"), say("Gap"))
    found = table(*heads, title="\n" + say("Budget by year, {currency}").format(currency=currency))
    for row in results.totals.itertuples():
        figures = (row.cost, row.one_off, row.recurring, row.confirmed, row.gap)
        found.add_row(str(row.Index), *(f"{figure:,.0f}" for figure in figures))
    sums = results.totals[["cost", "one_off", "recurring", "confirmed", "gap"]].sum()
    found.add_row(say("Total"), *(f"{figure:,.0f}" for figure in sums), style="bold")
    return found


def totals(results: Results) -> RenderableType:
    say, value, yearly = (
        results.plan.catalogue.say,
        results.number("present_value"),
        results.number("equivalent_annual_cost"),
    )
    words = say("Present value {value}; equivalent annual cost {yearly}")
    year = say("(real, in prices of {year})").format(year=f"{results.plan.number('price_year'):.0f}")
    return Text(f"\n{words.format(value=f'{value:,.0f}', yearly=f'{yearly:,.0f}')}\n{year}")


def checks(results: Results) -> RenderableType:
    say = results.plan.catalogue.say
    failed = results.checks[results.checks["status"] == "finding"]
    if failed.empty:
        return Text("\n" + say("All {n} checks pass").format(n=len(results.checks)), style="green")
    title = say("Checks: {n} with findings; xlplan check says what to do").format(n=len(failed))
    found = table(say("Finding"), say("Found"), say("Must be"), title=f"\n{title}")
    known = results.plan.catalogue.checks
    for row in failed.itertuples():
        found.add_row(known[row.check].label, f"{row.found:,.6g}", f"{row.expected:,.6g}")
    return found


def scenario_tables(plan: Plan, outcomes: Sequence[Outcome]) -> Iterator[RenderableType]:
    """Total, gap, years and gates of the plan as typed beside its scenarios, as many abreast as fit."""
    first, *others = outcomes
    yield Text(plan.text("title") or plan.id, style="bold")
    for start in range(0, max(len(others), 1), ABREAST):
        yield scenario_table(plan, [first, *others[start : start + ABREAST]])


ABREAST, FIGURES = 3, 12
"""Scenarios beside the plan as typed, and the width of their columns."""


def scenario_table(plan: Plan, outcomes: Sequence[Outcome]) -> RenderableType:
    say, words = plan.catalogue.say, plan.labels["statuses"]
    currency = plan.labels["currencies"][plan.text("reporting_currency")]
    found = table(currency, *(scenario_label(plan, o.scenario) for o in outcomes), title="")
    for column in found.columns[1:]:
        column.max_width = FIGURES
    money = {
        say("Total"): [o.total for o in outcomes],
        say("Gap"): [o.total_gap for o in outcomes],
        say("Present value"): [o.present_value for o in outcomes],
        **{str(year): [o.cost[year] for o in outcomes] for year in plan.budget_years},
    }
    for label, figures in money.items():
        found.add_row(label, *(f"{figure:,.0f}" for figure in figures), style="bold" if label == say("Total") else "")
    for gate in plan.catalogue.gates.values():
        found.add_row(gate.label, *(words[o.statuses[gate.id]] for o in outcomes))
        opens = (str(o.opens[gate.id] or plan.labels["words"]["never"]) for o in outcomes)
        found.add_row(f"  {say('First year open')}", *opens)
    found.add_row(say("Starts before its gate opens"), *(str(o.too_early) for o in outcomes))
    found.add_row(say("Checks with findings"), *(str(o.findings) for o in outcomes))
    return found


MOST_LINES, NAME_LETTERS = 10, 34


def actuals(results: Results) -> RenderableType:
    """Absorption and reforecast by year, category and source, and of the lines furthest from their budget."""
    say, labels = results.plan.catalogue.say, results.plan.labels
    category = results.spending("category").rename(index=labels["categories"])
    source = results.spending("source").rename(index=labels["funders"])
    return Group(
        spending(results, (say("Spending by year, {currency}"), say("Year")), results.absorption, LONG),
        spending(results, (say("Spending by category, {currency}"), say("Category")), category),
        spending(results, (say("Spending by funding source, {currency}"), say("Funding source")), source),
        spending(results, (say("Lines furthest from their budget, {currency}"), say("Line")), furthest(results)),
    )


SHORT, LONG = ("reported", "spent", "variance"), ("reported", "spent", "variance", "reforecast")


def furthest(results: Results) -> Any:
    """The lines whose spending differs most from the budget of their reported periods, under their names."""
    lines = {str(line["id"]): line for line in results.plan.rows("lines") if line.get("spent")}
    frame = results.line_actuals.loc[list(lines)].sort_values("variance", key=abs, ascending=False).head(MOST_LINES)
    return frame.rename(index={id: f"{id} {line.get('activity', '')}"[:NAME_LETTERS] for id, line in lines.items()})


def spending(results: Results, words: tuple[str, str], frame: Any, figures: tuple[str, ...] = SHORT) -> RenderableType:
    """One table: budget of the reported periods, spent, spent less budget, absorption."""
    say, (title, head) = results.plan.catalogue.say, words
    currency = results.plan.currency
    heads = (say("Reported budget"), say("Spent"), say("Variance"), say("Reforecast"))[: len(figures)]
    found = table(head, *heads, say("Absorption"), title="\n" + title.format(currency=currency))
    for key, row in frame.iterrows():
        absorbed = "" if row["absorption"] != row["absorption"] else f"{row['absorption']:.0%}"
        found.add_row(str(key), *(f"{row[figure]:,.0f}" for figure in figures), absorbed)
    return found


def renewals(results: Results, due: Any) -> RenderableType:
    """What falls due, one table a year."""
    say, plan = results.plan.catalogue.say, results.plan
    words = {"replacement": say("replacement"), "return": say("comes round"), "renewal": say("renewal")}
    currency = plan.currency
    tables = []
    for year, rows in due.astype(object).where(due.notna(), None).groupby("year"):
        title = say("Falls due in {year}, {currency}").format(year=year, currency=currency)
        found = table(say("Line"), say("Month"), say("Why"), say("Quantity"), say("Cost"), title=f"\n{title}")
        for row in rows.itertuples():
            name = f"{row.line} {row.activity}"[:NAME_LETTERS]
            when = "" if row.month is None else f"{row.month:02d}"
            found.add_row(name, when, words[row.why], f"{row.quantity:,.6g}", f"{row.cost:,.0f}")
        tables.append(found)
    return Group(*tables) if tables else Text(say("Nothing falls due."))


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
