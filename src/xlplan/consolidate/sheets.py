"""The sheets of the national workbook, as lists of what was added up, left out and read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlplan.consolidate.formulas import (
    FIRST_ROW,
    MOST_ROWS,
    TEXT,
    bounded,
    by_year,
    column_totals,
    cut,
    row_total,
    together,
    told,
    total,
    with_total,
    year_columns,
)
from xlplan.consolidate.national import National, SharedCost, Unit
from xlplan.consolidate.summary import YEARS_AFTER, Names, summary
from xlplan.consolidate.totals import ByYear
from xlplan.records import Catalogue
from xlplan.words import Words
from xlplan.workbook import style
from xlplan.workbook.listing import MONEY, Column, Formula, Listing

SMALL = style.MUTED_TEXT


def listings(national: National, catalogue: Catalogue) -> tuple[Listing, ...]:
    """The sheets, in the order in which they are read."""
    say = catalogue.say
    names = Names(say)
    money = (
        unit_list(national, names, say),
        money_list(names.area, say("Cost of each area, all counted plans."), say("Area"), national,
                   area_rows(national.areas, catalogue), say),
        money_list(names.category, say("Cost of each category, all counted plans."), say("Category"), national,
                   labelled(national.categories, labels(catalogue, "categories"), say("No category")), say),
        money_list(names.source, say("Who pays, all counted plans; sources are told apart by their names as typed."),
                   say("Source"), national, labelled(national.sources, {}, say("No source")), say),
        shared_list(national, names, say),
    )  # fmt: skip
    totals = {listing.title: listing.totals for listing in money}
    first = summary(national, totals, names, say)
    return (first, *money, aside_list(national, names, say), read_list(national, names, say))


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


def money_list(
    title: str, purpose: str, head: str, national: National, entries: Sequence[tuple[str, ByYear]], say: Words
) -> Listing:  # fmt: skip
    """Entries with their cost by year and in all."""
    years, entries = national.years, bounded(entries, say("{n} more, added up"))
    columns = (Column(head, 44, TEXT), Column(say("Total"), 16, MONEY), *year_columns(years))
    rows = [
        (label, row_total(row, 3, by_year(money, years)), *by_year(money, years))
        for row, (label, money) in enumerate(entries, FIRST_ROW)
    ]
    sums = (with_total(money, years) for _, money in entries)
    return Listing(
        title, f"{purpose} {national.currency}", columns, rows,
        column_totals([say("Total")], 2, sums, len(years) + 1),
    )  # fmt: skip


def unit_list(national: National, names: Names, say: Words) -> Listing:
    """One row a plan, with the cell of its file in which its total stands."""
    years, units = national.years, bounded_units(national.units, say("{n} more plans, in the store"))
    heads = (
        Column(say("Country"), 16, TEXT), Column(say("Unit"), 26, TEXT), Column(say("Plan"), 16, SMALL),
        Column(say("Title"), 30, TEXT), Column(say("File"), 34, SMALL), Column(say("Cell of its total"), 18, SMALL),
        Column(say("Findings"), 10, style.NUMBER), Column(say("Notes"), 8, style.NUMBER),
        Column(say("Total"), 16, MONEY), Column(say("One-off"), 15, MONEY), Column(say("Recurring"), 15, MONEY),
        Column(say("Funding gap"), 15, MONEY),
    )  # fmt: skip
    rows = (unit_row(row, unit, years) for row, unit in enumerate(units, FIRST_ROW))
    sums = (unit_money(unit, years) for unit in units)
    totals = column_totals([say("Total"), *[""] * 7], 9, sums, len(years) + 4)
    purpose = say("Own costs of each plan; what several plans share stands on {sheet}.").format(sheet=names.shared)
    columns = (*heads, *year_columns(years))
    return Listing(names.unit, f"{purpose} {national.currency}", columns, rows, totals, kept=2)


def unit_money(unit: Unit, years: Sequence[int]) -> list[float]:
    """The whole, one-off, recurring and gap, then each year."""
    money = by_year(unit.cost, years)
    whole = total(money)
    return [whole, unit.one_off, whole - unit.one_off, unit.gap, *money]


def unit_row(row: int, unit: Unit, years: Sequence[int]) -> tuple[Any, ...]:
    _, one_off, recurring, gap, *money = unit_money(unit, years)
    return (
        unit.country, unit.unit, unit.plan, unit.title, unit.file, unit.cell, unit.findings, unit.notes,
        row_total(row, YEARS_AFTER + 1, money), one_off, Formula(f"I{row}-J{row}", recurring), gap, *money,
    )  # fmt: skip


def bounded_units(units: Sequence[Unit], words: str) -> Sequence[Unit]:
    """At most so many units; the rest in one row."""
    kept, rest = units[:MOST_ROWS], units[MOST_ROWS:]
    if not rest:
        return kept
    one_off, gap = sum(unit.one_off for unit in rest), sum(unit.gap for unit in rest)
    cost = together(unit.cost for unit in rest)
    return [*kept, Unit("", told(words, len(rest)), "", "", "", "", 0, 0, one_off, gap, cost)]


def shared_list(national: National, names: Names, say: Words) -> Listing:
    """Activities that several plans carry, each once."""
    years, shared = national.years, bounded_activities(national.shared, say("{n} more, added up"))
    heads = (
        Column(say("Code"), 18, TEXT), Column(say("Activity"), 40, TEXT), Column(say("Carried by"), 40, SMALL),
        Column(say("Counted from"), 34, SMALL), Column(say("Cell"), 16, SMALL), Column(say("Total"), 16, MONEY),
    )  # fmt: skip
    rows = [
        (s.code, s.activity, carriers(s.carriers), s.file, s.cell, row_total(row, 7, by_year(s.cost, years)),
         *by_year(s.cost, years))
        for row, s in enumerate(shared, FIRST_ROW)
    ]  # fmt: skip
    sums = (with_total(s.cost, years) for s in shared)
    totals = column_totals([say("Total"), *[""] * 4], 6, sums, len(years) + 1)
    purpose = say("Lines with the same code in several plans are one activity, counted once.")
    return Listing(names.shared, f"{purpose} {national.currency}", (*heads, *year_columns(years)), rows, totals)


def bounded_activities(shared: Sequence[SharedCost], words: str) -> Sequence[SharedCost]:
    """At most so many activities; the rest in one row."""
    kept, rest = shared[:MOST_ROWS], shared[MOST_ROWS:]
    last = SharedCost("", told(words, len(rest)), (), "", "", together(activity.cost for activity in rest))
    return [*kept, last] if rest else kept


def carriers(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" + {len(names) - 5}" if len(names) > 5 else "")  # noqa: PLR2004


# ------------------------------------------------------------------------------------------------ files


def aside_list(national: National, names: Names, say: Words) -> Listing:
    """Files that are not counted, and notes on files that are."""
    columns = (
        Column(say("File"), 40, TEXT), Column(say("Outcome"), 22, TEXT), Column(say("Where"), 34, SMALL),
        Column(say("Found"), 60, TEXT), Column(say("Expected"), 44, TEXT), Column(say("What to do"), 50, TEXT),
    )  # fmt: skip
    words = outcomes(say)
    rows = cut(((a.file, words[a.status], *a.problem) for a in national.asides), say("{n} more, not shown"))
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
    rows = ((r.file, r.unit, words[r.status], r.data_date, r.saved, r.version, r.sheet, r.hash) for r in national.read)
    return Listing(names.read, say("Every file that was read."), columns, cut(rows, say("{n} more, not shown")))
