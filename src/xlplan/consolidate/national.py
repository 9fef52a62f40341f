"""The national workbook: its sheets as lists of what was added up, left out and read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from xlplan.consolidate.totals import ByYear
from xlplan.problems import Problem
from xlplan.records import Catalogue
from xlplan.words import Words
from xlplan.workbook import style
from xlplan.workbook.layout import HEAD_ROW, quoted
from xlplan.workbook.listing import MONEY, Column, Formula, Heading, Listing, Sum, letter_of

MOST_ROWS = 20_000
"""Rows of a list; what is beyond stands in one row, and in the store."""

FIRST_ROW = HEAD_ROW + 2
YEARS_AFTER = 12
"""Columns of the unit list before its years."""

TEXT = style.BODY.but(wrap=True)
SMALL = style.MUTED_TEXT


@dataclass(frozen=True)
class Unit:
    """One plan that is counted: who, where its total stands, and the money of its own lines."""

    country: str
    unit: str
    plan: str
    title: str
    file: str
    cell: str
    findings: int
    notes: int
    one_off: float
    gap: float
    cost: ByYear


@dataclass(frozen=True)
class SharedCost:
    """An activity that several plans carry, and its cost counted once."""

    code: str
    activity: str
    carriers: Sequence[str]
    file: str
    cell: str
    cost: ByYear


@dataclass(frozen=True)
class Aside:
    """A file that is not counted, or that is with a note: what became of it, and why."""

    file: str
    status: str
    problem: Sequence[str]


@dataclass(frozen=True)
class Read:
    """A file that was read."""

    file: str
    hash: str
    status: str
    unit: str
    data_date: str
    saved: str
    version: str
    sheet: str


@dataclass(frozen=True)
class National:
    """Everything that the workbook shows. Lists may be read once only; money in one currency, nominal."""

    years: Sequence[int]
    currency: str
    counts: Mapping[str, int]
    units: Sequence[Unit]
    shared: Sequence[SharedCost]
    areas: Iterable[tuple[str, ByYear]]
    categories: Iterable[tuple[str, ByYear]]
    sources: Iterable[tuple[str, ByYear]]
    cautions: Sequence[Problem]
    asides: Iterable[Aside]
    read: Iterable[Read]

    @property
    def title(self) -> str:
        """Name of the whole: the country, where the plans name one."""
        names = {unit.country for unit in self.units if unit.country}
        return names.pop() if len(names) == 1 else ""


NOTHING = National((), "", {}, (), (), (), (), (), (), (), ())
"""No plan at all: for the texts that the sheets show."""


def listings(national: National, catalogue: Catalogue) -> tuple[Listing, ...]:
    """The sheets, in the order in which they are read."""
    say = catalogue.say
    names = Names(say)
    return (
        summary(national, names, say),
        unit_list(national, names, say),
        money_list(names.area, say("Cost of each area, all counted plans."), say("Area"), national,
                   area_rows(national.areas, catalogue), say),
        money_list(names.category, say("Cost of each category, all counted plans."), say("Category"), national,
                   labelled(national.categories, labels(catalogue, "categories"), say("No category")), say),
        money_list(names.source, say("Who pays, all counted plans; sources are told apart by their names as typed."),
                   say("Source"), national, labelled(national.sources, {}, say("No source")), say),
        shared_list(national, names, say),
        aside_list(national, names, say),
        read_list(national, names, say),
    )  # fmt: skip


class Names:
    """Titles of the sheets."""

    def __init__(self, say: Words) -> None:
        self.summary, self.unit, self.area = say("Summary"), say("By unit"), say("By area")
        self.category, self.source, self.shared = say("By category"), say("By source"), say("Shared activities")
        self.asides, self.read = say("Duplicates and quarantined"), say("Sources")


def labels(catalogue: Catalogue, list: str) -> Mapping[str, str]:
    return {entry.id: entry.label for entry in catalogue.lists[list].entries}


def area_rows(areas: Iterable[tuple[str, ByYear]], catalogue: Catalogue) -> list[tuple[str, ByYear]]:
    """Areas of the template in its order, then programmes by name."""
    known = {f"area:{id}": domain.label for id, domain in catalogue.domains.items()}
    known |= {f"area:{id}": area.label for id, area in catalogue.areas.items()} | {"area:": catalogue.say("No area")}
    order = {id: number for number, id in enumerate(known)}
    found = sorted(areas, key=lambda area: (order.get(area[0], len(order)), area[0]))
    return [(known.get(id, id.partition(":")[2]), money) for id, money in found]


def labelled(
    entries: Iterable[tuple[str, ByYear]], known: Mapping[str, str], nameless: str
) -> list[tuple[str, ByYear]]:  # fmt: skip
    """Entries by their label, the one without a name last."""
    found = sorted(entries, key=lambda entry: (entry[0] == "", known.get(entry[0], entry[0]).casefold()))
    return [(known.get(id, id) or nameless, money) for id, money in found]


# ------------------------------------------------------------------------------------------------ money


def year_columns(years: Sequence[int]) -> list[Column]:
    return [Column(str(year), 14, MONEY) for year in years]


def span(column: int, rows: int, sheet: str = "") -> str:
    """A column of a list, from its first row to its last."""
    letter = letter_of(column)
    return f"{quoted(sheet)}!" * bool(sheet) + f"${letter}${FIRST_ROW}:${letter}${FIRST_ROW + max(rows, 1) - 1}"


def column_totals(before: Sequence[str], first: int, columns: int, rows: int) -> list[Any]:
    """The row of totals: words, then the sum of each column of money."""
    return [*before, *(Formula(f"SUM({span(first + number, rows)})") for number in range(columns))]


def row_total(row: int, first: int, years: int) -> Formula:
    return Formula(f"SUM({letter_of(first)}{row}:{letter_of(first + years - 1)}{row})")


def by_year(money: ByYear, years: Sequence[int]) -> list[float]:
    return [money.get(year, 0.0) for year in years]


def money_list(
    title: str, purpose: str, head: str, national: National, rows: Sequence[tuple[str, ByYear]], say: Words
) -> Listing:  # fmt: skip
    """Entries with their cost by year and in all."""
    years = national.years
    columns = (Column(head, 44, TEXT), Column(say("Total"), 16, MONEY), *year_columns(years))
    drawn = [
        (label, row_total(FIRST_ROW + number, 3, len(years)), *by_year(money, years))
        for number, (label, money) in enumerate(rows)
    ]
    totals = column_totals([say("Total")], 2, len(years) + 1, len(drawn))
    return Listing(title, f"{purpose} {national.currency}", columns, drawn, totals)


def unit_list(national: National, names: Names, say: Words) -> Listing:
    """One row a plan, with the cell of its file in which its total stands."""
    years, units = national.years, bounded(national.units, say("{n} more plans, in the store"))
    heads = (
        Column(say("Country"), 16, TEXT), Column(say("Unit"), 26, TEXT), Column(say("Plan"), 16, SMALL),
        Column(say("Title"), 30, TEXT), Column(say("File"), 34, SMALL), Column(say("Cell of its total"), 18, SMALL),
        Column(say("Findings"), 10, style.NUMBER), Column(say("Notes"), 8, style.NUMBER),
        Column(say("Total"), 16, MONEY), Column(say("One-off"), 15, MONEY), Column(say("Recurring"), 15, MONEY),
        Column(say("Funding gap"), 15, MONEY),
    )  # fmt: skip
    rows = (unit_row(FIRST_ROW + number, unit, years) for number, unit in enumerate(units))
    totals = column_totals([say("Total"), *[""] * 7], 9, len(years) + 4, len(units))
    purpose = say("Own costs of each plan; what several plans share stands on {sheet}.").format(sheet=names.shared)
    columns = (*heads, *year_columns(years))
    return Listing(names.unit, f"{purpose} {national.currency}", columns, rows, totals, kept=2)


def unit_row(row: int, unit: Unit, years: Sequence[int]) -> tuple[Any, ...]:
    recurring = Formula(f"I{row}-J{row}")
    return (
        unit.country, unit.unit, unit.plan, unit.title, unit.file, unit.cell, unit.findings, unit.notes,
        row_total(row, YEARS_AFTER + 1, len(years)), unit.one_off, recurring, unit.gap, *by_year(unit.cost, years),
    )  # fmt: skip


def bounded(units: Sequence[Unit], words: str) -> list[Unit]:
    """At most so many units; the rest in one row."""
    kept, rest = list(units[:MOST_ROWS]), units[MOST_ROWS:]
    if rest:
        cost: ByYear = {}
        for unit in rest:
            for year, money in unit.cost.items():
                cost[year] = cost.get(year, 0.0) + money
        one_off, gap = sum(unit.one_off for unit in rest), sum(unit.gap for unit in rest)
        kept.append(Unit("", words.format(n=len(rest)), "", "", "", "", 0, 0, one_off, gap, cost))
    return kept


def shared_list(national: National, names: Names, say: Words) -> Listing:
    """Activities that several plans carry, each once."""
    years = national.years
    heads = (
        Column(say("Code"), 18, TEXT), Column(say("Activity"), 40, TEXT), Column(say("Carried by"), 40, SMALL),
        Column(say("Counted from"), 34, SMALL), Column(say("Cell"), 16, SMALL), Column(say("Total"), 16, MONEY),
    )  # fmt: skip
    rows = [
        (s.code, s.activity, carriers(s.carriers), s.file, s.cell, row_total(FIRST_ROW + number, 7, len(years)),
         *by_year(s.cost, years))
        for number, s in enumerate(national.shared)
    ]  # fmt: skip
    totals = column_totals([say("Total"), *[""] * 4], 6, len(years) + 1, len(rows))
    purpose = say("Lines with the same code in several plans are one activity, counted once.")
    return Listing(names.shared, f"{purpose} {national.currency}", (*heads, *year_columns(years)), rows, totals)


def carriers(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" + {len(names) - 5}" if len(names) > 5 else "")  # noqa: PLR2004


# ------------------------------------------------------------------------------------------------ summary


def summary(national: National, names: Names, say: Words) -> Listing:
    """What was counted, the cost by year added up in four ways, countries, and what to look at twice."""
    years = national.years
    columns = (Column(say("All counted plans"), 50, TEXT), Column(say("Total"), 18, MONEY), *year_columns(years))
    rows: list[list[Any]] = [*count_rows(national, say), []]
    rows += [*cross_foot(national, names, say, HEAD_ROW + 1 + len(rows)), []]
    rows += country_rows(national, names, say, HEAD_ROW + 1 + len(rows))
    rows += [[], [Heading(say("To look at twice"))], *([str(problem)] for problem in national.cautions)]
    title = national.title or say("Several plans")
    return Listing(names.summary, f"{title}: {say('plans put together.')} {national.currency}", columns, rows)


def count_rows(national: National, say: Words) -> Iterator[list[Any]]:
    words = {
        "counted": say("Plans counted"), "copy": say("Copies of a counted plan"), "replaced": say("Older versions"),
        "quarantined": say("Quarantined files"),
    }  # fmt: skip
    for status, label in words.items():
        yield [label, national.counts.get(status, 0)]


def cross_foot(national: National, names: Names, say: Words, top: int) -> list[list[Any]]:
    """Total cost by unit and shared activity, by area, category and source, and by how much these differ.

    The first of the rows is ``top``.
    """
    totals = dict.fromkeys((names.unit, names.shared, names.area, names.category, names.source), HEAD_ROW + 1)
    firsts = {names.unit: (9, YEARS_AFTER + 1), names.shared: (6, 7)}
    rows: list[list[Any]] = []
    words = (
        (say("Own costs of the plans"), names.unit), (say("Shared activities, counted once"), names.shared),
        (Sum(say("Total cost")), ""), (say("Total of all areas"), names.area),
        (say("Total of all categories"), names.category), (say("Total of all sources"), names.source),
        (say("Largest difference"), ""),
    )  # fmt: skip
    for number, (label, sheet) in enumerate(words):
        row: list[Any] = [label]
        for place in range(len(national.years) + 1):
            letter = letter_of(2 + place)
            if sheet:
                total, first = firsts.get(sheet, (2, 3))
                source = letter_of(total if place == 0 else first + place - 1)
                row.append(Formula(f"{quoted(sheet)}!{source}{totals[sheet]}"))
            elif number == 2:  # noqa: PLR2004  the third row adds up the two above it
                row.append(Formula(f"{letter}{top}+{letter}{top + 1}"))
            else:
                cells = f"{letter}{top + 2}:{letter}{top + 5}"
                row.append(Formula(f"MAX({cells})-MIN({cells})"))
        rows.append(row)
    return rows


def country_rows(national: National, names: Names, say: Words, top: int) -> Iterator[list[Any]]:
    """Own costs by country or region, added up over the list of units, below a heading in row ``top``."""
    count = min(len(national.units), MOST_ROWS + 1)
    countries = span(1, count, names.unit)
    found = dict.fromkeys(unit.country for unit in national.units[:MOST_ROWS] if unit.country)
    yield [Heading(say("Own costs by country or region"))]
    for row, country in enumerate(islice(found, 200), top + 1):
        columns = (9, *range(YEARS_AFTER + 1, YEARS_AFTER + 1 + len(national.years)))
        yield [country, *(Formula(f"SUMIFS({span(c, count, names.unit)},{countries},$A{row})") for c in columns)]


# ------------------------------------------------------------------------------------------------ files


def aside_list(national: National, names: Names, say: Words) -> Listing:
    """Files that are not counted, and notes on files that are."""
    columns = (
        Column(say("File"), 40, TEXT), Column(say("Outcome"), 22, TEXT), Column(say("Where"), 34, SMALL),
        Column(say("Found"), 60, TEXT), Column(say("Expected"), 44, TEXT), Column(say("What to do"), 50, TEXT),
    )  # fmt: skip
    words = outcomes(say)
    rows = ((a.file, words[a.status], *a.problem) for a in islice(national.asides, MOST_ROWS))
    purpose = say("Files that are not counted, with the reason, and notes on files that are.")
    return Listing(names.asides, purpose, columns, rows, kind="control")


def outcomes(say: Words) -> Mapping[str, str]:
    """What became of a file, in words."""
    return {
        "counted": say("Counted"), "copy": say("Copy"), "replaced": say("Older version"), "note": say("Note"),
        "quarantined": say("Quarantined"),
    }  # fmt: skip


def read_list(national: National, names: Names, say: Words) -> Listing:
    """Every file, with the digest of its bytes."""
    columns = (
        Column(say("File"), 44, TEXT), Column(say("Unit"), 30, TEXT), Column(say("Outcome"), 18, TEXT),
        Column(say("Date of the data"), 18, SMALL), Column(say("Last saved"), 24, SMALL),
        Column(say("Made with xlplan"), 16, SMALL), Column(say("Sheet of its lines"), 18, SMALL),
        Column("SHA-256", 68, SMALL),
    )  # fmt: skip
    words = outcomes(say)
    rows = (
        (r.file, r.unit, words[r.status], r.data_date, r.saved, r.version, r.sheet, r.hash)
        for r in islice(national.read, MOST_ROWS)
    )
    return Listing(names.read, say("Every file that was read."), columns, rows)
