"""Plans that tests make up, and the comparison of the Python engine with the cells of a workbook.

Not a test module. ``random_plan`` gives plans with sensible but awkward numbers, ``plans`` whatever the data dictionary
allows; ``differing_numbers`` and ``differing_texts`` say in which cells a workbook differs from the engine.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from engines import Values
from xlplan.catalogue import TEMPLATE, load_catalogue, templates
from xlplan.changes import CHANGES
from xlplan.checking import MOST_YEARS, check_plan
from xlplan.columns import Column
from xlplan.engine import ADVICE, evaluate
from xlplan.model import load_model
from xlplan.plan import Plan, series_ids
from xlplan.planfile import parse_plan
from xlplan.records import Catalogue, Field, Table
from xlplan.results import Results
from xlplan.values import OLDEST_DATE, WILD, bounds, is_id
from xlplan.workbook.build import draw_workbook, make_layout
from xlplan.workbook.layout import FIRST_YEAR_COLUMN, HEAD_ROW, Layout
from xlplan.workbook.sheets.checks import HEADS as CHECK_HEADS

LINE_ROWS = 1
Raw = dict[str, Any]
Ends = tuple[float, float, float]
"""Lowest, most frequent and highest price."""

SETTINGS = {"price_year": "2027", "discount_rate": "0", "replacement_method": '"steady"'}


def bare(id: str, years: int, settings: str = "") -> str:
    """The beginning of a plan file: from 2027, in US dollars of 2027, discounted at 0; last the currency, to go on."""
    typed = SETTINGS | dict(line.split(" = ") for line in settings.splitlines())
    lines = "\n".join(f"{key} = {value}" for key, value in typed.items())
    return f"""
        [plan]
        id = "{id}"
        years = {years}
        first_year = 2027
        reporting_currency = "usd"
        current_round = "first"
        {lines}
        [[rounds]]
        id = "first"
        label = "First"
        [[currencies]]
        id = "usd"
        label = "USD"
    """


def plan_of_prices(
    prices: Sequence[Ends], category: str = "local_operational", lines: str = "", more: str = ""
) -> Plan:
    """One year, one unit a line, no inflation: the cost of the plan is the sum of its prices."""
    items = "\n".join(
        f"""
        [[prices]]
        id = "item-{n}"
        label = "Item {n}"
        low = {low}
        unit_cost = {base}
        high = {high}
        [[lines]]
        id = "work-{n}"
        activity = "Work {n}"
        area = "training"
        category = "{category}"
        nature = "recurring"
        quantity_1 = 1
        price = "item-{n}"
        {lines}
        """
        for n, (low, base, high) in enumerate(prices)
    )
    return parse_plan(f"{bare('ranges', 1)}\ninflation = 0\n{more}\n{items}")


def ends(price: Raw, catalogue: Catalogue) -> Raw:
    """Ends of a range, now and then on the wrong side; of a chance of their own, so that other numbers stay."""
    chance, base = Random(repr(price)), price.get("unit_cost", 0)
    typed = {
        "low": base * chance.choice((0.5, 0.9, 1, 1.2)),
        "high": base * chance.choice((0.8, 1, 1.1, 3)),
        "confidence": chance.choice(catalogue.lists["grades"].ids),
    }
    chosen = {key: value for key, value in typed.items() if chance.random() < 0.25}
    return {key: float(f"{value:.15g}") if isinstance(value, float) else value for key, value in chosen.items()}


def checked_plan(id: str, years: int, raw: Mapping[str, list[Raw]], catalogue: Catalogue) -> Plan:
    """A plan of raw values, as if it had stood in a file."""
    filled: dict[str, list[Mapping[str, Any]]] = {table: list(rows) for table, rows in raw.items() if rows}
    return check_plan(id, years, filled, lambda table, row, field: f"{table} {row + 1} {field}", catalogue)


def with_small_tables(plan: Plan) -> Plan:
    """The same plan for a workbook with one spare row a table, which takes a third of a second to draw."""
    tables = {t.id: t if t.single else replace(t, rows=1, spare=1) for t in plan.catalogue.tables.values()}
    return replace(plan, catalogue=replace(plan.catalogue, tables=tables))


def drawn(plan: Plan) -> bytes:
    """A small workbook of the plan without any stored value."""
    return draw_workbook(with_small_tables(plan), LINE_ROWS)


def small_layout(plan: Plan) -> Layout:
    """Where everything stands in ``drawn``."""
    return make_layout(with_small_tables(plan), LINE_ROWS)


def typed_values(plan: Plan) -> dict[str, object]:
    """Everything that was typed, by its place."""
    rows = {"plan": ({"id": plan.id, "years": plan.years, **plan.settings},), **plan.tables}
    return {
        f"{table} {n} {field}": value
        for table in rows
        for n, row in enumerate(rows[table], 1)
        for field, value in row.items()
    }


def changed_inputs(before: Plan, after: Plan) -> list[str]:
    """One sentence for every value that is lost, added or different."""
    old, new = typed_values(before), typed_values(after)
    places = (place for place in old | new if repr(old.get(place)) != repr(new.get(place)))
    return [f"{place}: {old.get(place)!r} became {new.get(place)!r}" for place in places]


# ---------------------------------------------------------------------------- engine and cells

WITHOUT_CELL = {
    "year", "no_level", "units_needed_before", "level_before", "trained_the_year_before", "answer_place",
    "confidence_place", "base_amount", "uncommitted_share", "driver_quantity", "taper_factor",
}  # fmt: skip
"""Quantities that stand in no cell of their own: a heading, a neighbour, a word, or part of one formula."""

MASTER_COLUMNS = {"about": 2, "costs": 4}
"""Where the master check stands other than in the third column."""

SPARE_FACTS = {"area_domain", "area_kind"}
"""Facts that stand beside the rows of programmes that a planner may still name."""

AS_TEXT = {"base_criterion"}
"""Quantities that a workbook holds as text."""

AS_DATE = {"reported_to", "line_start", "line_end"}
"""Days: what they lead to is compared."""

OTHER_ROWS = {"line_driver", "series_value", "series_years_without_value"}
"""Places in a list that has spare rows in its middle, and that list; what they lead to is compared."""

MONEY_DIFFERENCES = {
    "unplaced_cost", "plan_unplaced_cost", "shortfall", "expected_cover", "total_expected", "total_shortfall",
    "funding_gap", "plan_expected", "plan_gap", "economic_cost", "unpaid_value", "plan_economic_cost", "line_gap",
    "plan_line_gap", "line_gap_total", "uncovered_recurring", "spending_variance", "line_variance",
    "plan_variance", "unsourced_spent", "plan_unspent", "carried_over", "plan_carried_over",
    "reforecast", "plan_reforecast",
}  # fmt: skip
"""What is left after a subtraction: only as exact as what was subtracted."""

PART, DIGITS = 1e-9, 1e-12


@dataclass(frozen=True)
class Expected:
    """What one cell must show; ``slack`` is the size of what was added up to it."""

    quantity: str
    sheet: str
    row: int
    column: int
    value: float | str | None
    slack: float = 1

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


def typed_cells(data: bytes) -> Values:
    """Value of every filled cell but dates; formulas better by ``stored_values``, since errors are blank here."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {
        (title, f"{get_column_letter(column)}{row}"): value
        for title in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False), 1)
        for column, value in enumerate(cells, 1)
        if value != "" and isinstance(value, int | float | str)
    }


def expected_numbers(layout: Layout, values: Mapping[str, Column]) -> Iterator[Expected]:
    """Every cell of every quantity; rows and sources that the plan does not have must be blank.

    A workbook has more rounds than the plan, and questions for programmes without a name: nobody reads those.
    """
    money = max(float(np.abs(values[id]).max(initial=1)) for id in ("cash", "placed_cost"))
    for quantity in (id for id in load_model().quantities if id not in WITHOUT_CELL | AS_TEXT | AS_DATE | OTHER_ROWS):
        place, found = layout.places[quantity], values[quantity]
        slack = money if quantity in MONEY_DIFFERENCES else 1
        columns = found.shape[-1] if place.axis.columns == "round" else place.columns
        facts = place.axis.rows == "asked" or quantity in SPARE_FACTS
        for row in range(found.shape[-2] if facts else place.rows):
            for column in range(columns):
                cell = place.row + row, place.column + column
                yield Expected(quantity, layout.title(place.sheet), *cell, entry(found, row, column), slack)


def entry(found: Column, row: int, column: int) -> float | None:
    """One number of a quantity, ``None`` for a blank and beyond its rows and columns."""
    inside = row < found.shape[0] and column < found.shape[1]
    return None if not inside or np.isnan(found[row, column]) else float(found[row, column])


def expected_texts(layout: Layout, results: Results) -> Iterator[Expected]:
    """Words that a reader sees: gates, blockers, levels, statuses of programmes and checks, what to do on a line."""
    yield from texts_down(layout, "profile_gates", "Today", [status for status, _ in results.gate_status.values()])
    blockers = [blocker_sentences(results, found) for _, found in results.gate_status.values()]
    yield from texts_down(layout, "profile_gates", "What is missing", blockers)
    foundations = results.plan.catalogue.band_domains("foundation")
    levels = [level_word(results, results.levels[domain.id]) for domain in foundations]
    yield from texts_down(layout, "profile_foundations", "Level now", levels)
    yield from texts_down(
        layout, "profile_uses", "Level now", [level_word(results, level) for level in results.levels.values()]
    )
    yield from words_by_year(layout, "gates_open", results.gates_by_year.T.to_numpy())
    expected = results.expected_levels.map(lambda level: level_word(results, level)).T.to_numpy()
    yield from words_by_year(layout, "targets", expected)
    yield from texts_down(layout, "advice", "What to do", advice_words(results))
    yield from texts_down(layout, "programmes", "Gate today", list(results.programmes["status"]))
    yield from texts_down(
        layout, "lines", "To do", [to_do(results, row) for row in range(len(results.plan.rows("lines")))]
    )
    yield from check_texts(layout, results)


def words_by_year(layout: Layout, block_key: str, words: Any) -> Iterator[Expected]:
    """A table of words with one column a year."""
    sheet = next(sheet for sheet, blocks in layout.blocks.items() if block_key in [block.key for block in blocks])
    for (row, year), word in np.ndenumerate(words):
        cell = layout.starts[block_key] + 1 + row, FIRST_YEAR_COLUMN + year
        yield Expected(f"{block_key} by year", layout.title(sheet), *cell, word)


def advice_words(results: Results) -> list[str]:
    """Three rows for each foundation, filled from the top."""
    found = {domain: list(rows["advice"]) for domain, rows in results.advice.groupby("domain")}
    return [word for id in results.foundations for word in (*found.get(id, []), "", "", "")[:ADVICE]]


def texts_down(layout: Layout, block_key: str, head: str, texts: Sequence[str]) -> Iterator[Expected]:
    """The column with this head in a block, one text a row."""
    sheet, block = next((s, b) for s, blocks in layout.blocks.items() for b in blocks if b.key == block_key)
    column = next(number for number, column in enumerate(block.columns, 1) if column.head == head)
    for row, text in enumerate(texts, layout.starts[block_key] + 1):
        yield Expected(f"{block_key} {head}", layout.title(sheet), row, column, text or None)


def check_texts(layout: Layout, results: Results) -> Iterator[Expected]:
    """Both sides, difference and status of every check, and the master text on every sheet."""
    title, columns = layout.title("checks"), {head: number for number, head in enumerate(CHECK_HEADS, 1)}
    for row, check in enumerate(results.checks.itertuples(), HEAD_ROW + 1):
        addends = max(abs(check.found), abs(check.expected), results.number("cash"))
        sides = {
            "Found": check.found,
            "Must be": check.expected,
            "Difference": check.difference,
            "Status": check.status,
        }
        for head, value in sides.items():
            yield Expected(f"{head} of check {check.check}", title, row, columns[head], value, addends)
    count = int((results.checks["status"] == "finding").sum())
    words = results.plan.catalogue.lists["words"].entries
    text = f"{count}{words[5].label}" if count else words[4].label
    if results.plan.scenario:
        text += f" / Scenario: {results.plan.labels['scenarios'][results.plan.scenario]}"
    for sheet in layout.sheets:
        yield Expected("master text", sheet.title, 3, MASTER_COLUMNS.get(sheet.key, 3), text)


def level_word(results: Results, level: str) -> str:
    labels = results.plan.labels
    return labels["levels"][level] if level else labels["words"]["not_assessed"]


def blocker_sentences(results: Results, blockers: Sequence[Mapping[str, str]]) -> str:
    """What a gate waits for, in the words that the templates put together."""
    words, domains = results.plan.labels["words"], results.plan.catalogue.domains
    return "".join(
        f"{domains[b['domain']].label}{words['is']}{level_word(results, b['level'].replace('not_assessed', ''))}"
        f"{words['needs']}{level_word(results, b['needed'])}{words['stop']}"
        for b in blockers
    )


def to_do(results: Results, row: int) -> str:
    """Label of the first check that the line fails."""
    checks = (check for check in results.plan.catalogue.checks.values() if check.flag)
    return next((check.label for check in checks if results.values[check.flag][row, 0] == 1), "")


def differing_numbers(plan: Plan, found: Values, layout: Layout) -> list[str]:
    """One sentence for every cell that does not show what the engine calculates."""
    return [sentence for cell in expected_numbers(layout, evaluate(plan)) if (sentence := difference(cell, found))]


def differing_texts(plan: Plan, found: Values, layout: Layout) -> list[str]:
    """One sentence for every cell that says something else than the results in Python."""
    return [sentence for cell in expected_texts(layout, plan.evaluate()) if (sentence := difference(cell, found))]


def difference(cell: Expected, found: Values) -> str:
    """Empty where the cell shows what it must."""
    shown = found.get((cell.sheet, cell.address))
    if same(cell.value, None if shown == "" else shown, cell.slack):
        return ""
    return f"{cell.quantity}, {cell.sheet}!{cell.address}: the engine has {cell.value!r}, the workbook {shown!r}"


def same(expected: float | str | None, shown: float | bool | str | None, slack: float) -> bool:
    """Numbers to nine digits, but no closer than the last digit of what was added up; text and blanks exactly."""
    if isinstance(shown, bool) or not isinstance(shown, int | float) or not isinstance(expected, int | float):
        return type(expected) is type(shown) and expected == shown
    return math.isclose(expected, shown, rel_tol=PART, abs_tol=DIGITS * slack)


# ---------------------------------------------------------------------------- random plans

ROUND_NUMBERS = (0, 1, 2, 3, 7, 10, 12, 25, 100, 400, 1250, 1_000_000)
AWKWARD_NUMBERS = (0.1, 0.3, 0.5, 2.5, 12.5, 99.99, 0.333333333333333, 66.6, 1e-6, 123456.789)
SHARES = (0, 0.05, 0.06, 0.07, 0.1, 0.14, 0.25, 0.3, 0.333333333333333, 0.5, 1)
LIVES = (0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 10, 50)
RATES = (0.5, 1, 3.75, 130, 1300.5)
INFLATIONS = (-0.05, 0, 0.02, 0.035, 0.1, 0.5, 1)


def random_plan(seed: int, template: str = TEMPLATE) -> Plan:
    """A plan with sensible but awkward numbers, the same for the same seed."""
    return _Maker(Random(f"plan {seed}"), load_catalogue(template)).plan(f"random-{seed}")


MANY = 0.8


class _Maker:
    """One random plan."""

    def __init__(self, chance: Random, catalogue: Catalogue) -> None:
        self.chance, self.catalogue = chance, catalogue
        self.count, self.first = chance.randint(1, 6), chance.randint(2024, 2030)
        self.raw: dict[str, list[Raw]] = {}

    def plan(self, id: str) -> Plan:
        self.raw["rounds"] = self.named("rounds", 1, 2)
        self.raw["currencies"] = self.named("currencies", 1, 3)
        for table, most in (("programmes", 2), ("drivers", 3), ("courses", 2), ("prices", 4), ("funders", 4)):
            self.raw[table] = self.named(table, 0, most)
        self.raw["scenarios"] = self.named("scenarios", 0, 2)
        self.raw["lines"] = [{"id": f"line-{n}"} for n in range(self.chance.randint(2, 8))]
        self.raw["settings"] = [self.settings()]
        self.raw["levels"] = list(self.levels())
        for table in ("targets", "scales", "loads", "hosting"):
            self.raw[table] = list(getattr(self, table)())
        fillers = {
            "programmes": self.programme,
            "drivers": self.driver,
            "currencies": self.currency,
            "courses": self.course,
            "prices": self.price,
            "funders": self.funder,
            "lines": self.line,
        }
        for table, filled in fillers.items():
            self.raw[table] = [row | filled() for row in self.raw[table]]
        self.raw["answers"] = list(self.answers())
        self.raw["changes"] = list(self.changes()) if self.raw["scenarios"] else []
        self.raw["head_reasons"] = [{"head": head, "reason": "Paid elsewhere"} for head in self.heads()]
        self.chance = Random(f"{id} actuals")  # a stream of its own: the plans above stay as they were
        self.raw["settings"][0] |= self.some(carry_over=self.entry("yes_no"), reported_to=self.day())
        self.raw["lines"] = [
            row | self.spent() | self.some(0.3, start=self.day(), end=self.day(), responsible="HMIS unit")
            for row in self.raw["lines"]
        ]
        return checked_plan(id, self.count, self.raw, self.catalogue)

    def named(self, table: str, least: int, most: int) -> list[Raw]:
        return [{"id": f"{table}-{n}", "label": f"{table} {n}"} for n in range(self.chance.randint(least, most))]

    def settings(self) -> Raw:
        return {
            "first_year": self.first,
            "reporting_currency": self.entry("currencies"),
            "price_year": self.first + self.chance.choice((-3, -1, 0, 0, 1)),
            "discount_rate": self.chance.choice((0, 0.03, 0.03, 0.05, 0.125, 1, self.digits(0, 1))),
            "replacement_method": self.entry("replacement_methods"),
            "current_round": self.entry("rounds"),
        } | self.some(
            users_driver=self.entry("drivers"),
            facilities_driver=self.entry("drivers"),
            team_driver=self.entry("drivers"),
            scenario=self.entry("scenarios"),
            team_days=self.chance.choice((0, 200, 220.5, 366)),
        )

    def changes(self) -> Iterator[Raw]:
        """One change of each kind that finds a row, with a number in some of the scenarios."""
        foundations = [domain.id for domain in self.catalogue.band_domains("foundation")]
        rows = {table: [row["id"] for row in rows] for table, rows in self.raw.items() if table != "settings"
                if table in ("lines", "prices", "drivers", "programmes", "currencies", "funders")}  # fmt: skip
        rows["foundations"] = foundations
        for kind in self.catalogue.lists["change_kinds"].entries:
            table = CHANGES[kind.id].rows
            if table is None or rows[table]:
                row = {"row": self.chance.choice(rows[table])} if table else {}
                numbers = {s["id"]: self.changed(kind.id) for s in self.raw["scenarios"] if self.chance.random() < MANY}
                yield {"id": f"change-{kind.id}", "kind": kind.id, **row, **({"values": numbers} if numbers else {})}

    def changed(self, kind: str) -> float:
        unit = CHANGES[kind].unit
        if unit == "year":
            return self.first + self.chance.randint(-1, self.count + 1)
        return self.chance.choice({"flag": (0, 1), "share/year": (0, 0.05, 0.1)}.get(unit, (0, 0.5, 0.9, 1.25, 2)))

    def levels(self) -> Iterator[Raw]:
        """Levels of all domains, in a country where all, the upper or only the highest occur; some not visited."""
        ids = self.catalogue.lists["levels"].ids
        levels, known = ids[self.chance.randrange(len(ids)) :], self.chance.choice((0.5, 0.9, 1, 1, 1))
        for domain in (*self.catalogue.domains, *(row["id"] for row in self.raw["programmes"])):
            for round in self.raw["rounds"]:
                seen = self.chance.random() < known
                entry = {"level": self.chance.choice(levels)} if seen else {"evidence": "Not visited"}
                entry |= self.some(0.1, override=self.chance.choice(levels), reason="Seen on site")
                yield {"domain": domain, "round": round["id"]} | entry

    def answers(self) -> Iterator[Raw]:
        """Some domains answered to the end, some begun; few know nothing but Yes, few nothing but No."""
        drafted = Plan("draft", 1, {}, {"programmes": tuple(self.raw["programmes"])}, self.catalogue)
        if self.chance.random() < 0.3:
            return
        options = self.catalogue.lists["answers"].ids
        for domain in dict.fromkeys(asked.domain for asked in drafted.asked):
            known = self.chance.choice((0, 0.6, 1, 1))
            usual = options[: self.chance.choice((1, 2, 3, 4))]
            for asked in (asked for asked in drafted.asked if asked.domain == domain and asked.question):
                for round in self.raw["rounds"]:
                    if self.chance.random() < known:
                        entry = {"answer": self.chance.choice(usual)}
                        entry |= self.some(0.1, confidence=self.entry("confidences"), evidence="A document")
                        yield {"question": asked.id, "round": round["id"]} | entry

    def targets(self) -> Iterator[Raw]:
        for domain in self.catalogue.band_domains("foundation"):
            entry = self.some(0.7, target=self.entry("levels"), year=self.year())
            yield from [{"foundation": domain.id} | entry] if entry else []

    def scales(self) -> Iterator[Raw]:
        if self.chance.random() < 0.2:
            ids = self.catalogue.lists["levels"].ids
            thresholds = [0, 0.25, *(0.6,) * (len(ids) - 3), 0.9]
            thresholds[1:] = thresholds[1:] if self.chance.random() < 0.8 else thresholds[:0:-1]
            for level, threshold in zip(ids, thresholds, strict=True):
                yield {"level": level, "threshold": threshold, "taper": self.chance.choice(SHARES)}

    def loads(self) -> Iterator[Raw]:
        for load in self.catalogue.lists["loads"].ids:
            entry = self.some(0.6, before=self.number(), covered=self.chance.choice((0, 1e3, 1e9)))
            yield from [{"load": load} | entry] if entry else []

    def hosting(self) -> Iterator[Raw]:
        for option in self.catalogue.hosting:
            entry = self.some(
                0.5, setup=self.money(), equipment=self.money(), useful_life=self.chance.choice(LIVES),
                yearly=self.money(), posts=self.chance.choice((0.5, 1, 3)), post_cost=self.money(),
            )  # fmt: skip
            yield from [{"option": option} | entry] if entry else []

    def heads(self) -> list[str]:
        return [head for head in self.catalogue.lists["heads"].ids if self.chance.random() < 0.6]

    def programme(self) -> Raw:
        adds = {key: self.number() for key in self.catalogue.lists["additions"].ids if self.chance.random() < 0.5}
        kind = self.some(band=self.entry("programme_bands"), approach=self.entry("approaches"))
        return kind | self.some(start_year=self.year(), adds=adds)

    def course(self) -> Raw:
        return self.some(
            0.8, audience=self.entry("drivers"), trained_before=self.number(), first_year=self.year(),
            days=self.chance.choice((1, 2.5, 5)), class_size=self.chance.choice((1, 25, 30)),
            trainers=self.chance.choice((1, 2)), trainer_extra_days=self.chance.choice((0, 1.5)),
            turnover=self.chance.choice(SHARES), refresher=self.chance.randint(1, 4),
        )  # fmt: skip

    def driver(self) -> Raw:
        return self.some(unit="users", values=self.series(self.number))

    def currency(self) -> Raw:
        return self.some(
            0.8, inflation=self.chance.choice(INFLATIONS), rates=self.series(lambda: self.chance.choice(RATES))
        )

    def price(self) -> Raw:
        price = self.some(0.9, unit_cost=self.number(), currency=self.entry("currencies"))
        price |= self.some(0.5, price_year=self.year(), example=self.entry("yes_no"))
        return price | ends(price, self.catalogue)

    def funder(self) -> Raw:
        money = self.some(committed=self.series(self.money), expected=self.series(self.money))
        limits = self.some(0.15, only_category=self.entry("categories"), only_area=self.area())
        return money | limits | self.some(kind=self.entry("funder_kinds"))

    def line(self) -> Raw:
        line = self.some(
            0.85, activity="Work", area=self.area(), category=self.entry("categories"), nature=self.entry("natures")
        )
        line |= self.some(0.9, quantity_1=self.number(), price=self.entry("prices"))
        line |= self.some(
            0.4,
            quantity_2=self.number(),
            quantity_3=self.number(),
            unit_cost=self.number(),
            driver=self.followed(),
        )
        line |= self.some(
            0.2, currency=self.entry("currencies"), price_year=self.year(), every=self.chance.randint(1, 4)
        )
        line |= self.some(0.25, on=self.entry("switch"), first_year=self.year(), last_year=self.year())
        line |= self.some(
            0.6,
            useful_life=self.chance.choice(LIVES),
            loss_rate=self.chance.choice(SHARES),
            in_use_before=self.number(),
        )
        line |= self.some(0.2, base=self.entry("bases"), base_share=self.chance.choice(SHARES))
        line |= self.some(
            0.3, tapers=self.entry("yes_no"), on_costs=self.chance.choice(SHARES), waiver="Ends by itself"
        )
        line |= self.some(0.5, head=self.entry("heads"), grouping=self.entry("groupings"), tail=self.entry("lines"))
        line |= self.some(0.3, covers=self.entry("loads"), capacity=self.number(), team_days=self.number())
        line |= self.some(0.2, economic_unit_cost=self.number(), item=self.chance.choice(list(self.catalogue.items)))
        return line | self.some(0.8, shares=self.shares(), note="Made up")

    def day(self) -> date:
        return date(self.year(), self.chance.randint(1, 12), self.chance.randint(1, 28))

    def spent(self) -> Raw:
        """Some years of some lines, now and then less than nothing."""
        spent = self.series(lambda: self.chance.choice((1, 1, -1)) * self.money())
        return self.some(0.5, spent={year: amount for year, amount in spent.items() if self.chance.random() < 0.5})

    def some(self, likely: float = 0.7, **fields: object) -> Raw:
        """Each of the fields that has a value, most of the time."""
        return {id: value for id, value in fields.items() if value not in (None, {}) and self.chance.random() < likely}

    def entry(self, list: str) -> str | None:
        ids: Sequence[str] = (
            self.catalogue.lists[list].ids if list in self.catalogue.lists else [row["id"] for row in self.raw[list]]
        )
        return self.chance.choice(ids) if ids else None

    def area(self) -> str:
        foundations = (domain.id for domain in self.catalogue.band_domains("foundation"))
        programmes = (str(row["id"]) for row in self.raw["programmes"])
        return self.chance.choice([*foundations, *self.catalogue.areas, *programmes])

    def followed(self) -> str | None:
        """A driver, or what a course needs."""
        ids = series_ids(*([row["id"] for row in self.raw[table]] for table in ("drivers", "courses")),
                         self.catalogue.lists["course_series"].ids)  # fmt: skip
        return self.chance.choice(ids) if ids else None

    def number(self) -> float:
        return self.chance.choice((*ROUND_NUMBERS, *AWKWARD_NUMBERS, self.digits(0, 1000)))

    def money(self) -> float:
        return self.chance.choice((0, 0.5, 100, 2500, 1e5, 1e9, self.digits(0, 1e6)))

    def digits(self, low: float, high: float) -> float:
        """Any number of the 15 digits that a spreadsheet lets people type."""
        return float(f"{self.chance.uniform(low, high):.15g}")

    def year(self) -> int:
        """A year in the plan, or now and then up to three beyond either end."""
        beyond = 3 if self.chance.random() < 0.3 else 0
        return self.chance.randint(self.first - beyond, self.first + self.count - 1 + beyond)

    def series(self, number: Any) -> dict[str, float]:
        """Most years of the plan."""
        whole = self.chance.random() < 0.6
        years = range(self.first, self.first + self.count)
        return {str(year): number() for year in years if whole or self.chance.random() < 0.7}

    def shares(self) -> dict[str, float]:
        return {row["id"]: self.chance.choice(SHARES) for row in self.raw["funders"] if self.chance.random() < 0.6}


# ---------------------------------------------------------------------------- any plan that the data dictionary allows

TEXTS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "_x0041_", "_x005F_x0041_", "007", "TRUE", "1e5", "#N/A", "#REF!",
    "5%", "2026-11-30", " leading", "trailing ", " ", "\t", "\n", "two\nlines", "a\n", "\u00a0", "<b>&amp;</b>",
    "]]>", '"', "''", "\\", "naïve Ünïcode", "日本語", "مرحبا", "👩‍⚕️ \U0001d518", "\u2028", "e\u0301", "İ", "ß",
    "\u0131", "{1}", "{{x}}", "a;b,c|d", "NULL", "nan", "None", "Yes", "one-off", "All other costs", "USD",
    "\ufeffx",
)  # fmt: skip
IDS = ("TRUE", "nan", "x", "line-001", "line-002", "price-001", "a_x0041_", "R1C1", "Z" * 40, "null", "e5-", "A")
NUMBERS = (
    0,
    1,
    -1,
    0.1,
    1 / 3,
    1e-300,
    5e-324,
    1e-9,
    123456789.123456789,
    999999999999999,
    1e15,
    0.30000000000000004,
    2**53 - 1,
)
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\t\n"
)
ANY_TEXT = st.one_of(st.sampled_from(TEXTS), st.text(CHARACTERS, min_size=1, max_size=20))
"""Any allowed text, kept short so that a failing plan can be read."""

ANY_LABEL = ANY_TEXT.map(lambda text: WILD.sub("-", text))
ANY_ID = st.one_of(st.sampled_from(IDS), st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,39}\Z").filter(is_id))
BY_KIND = {"text": ANY_TEXT, "date": st.dates(min_value=OLDEST_DATE)}
FIRST_YEARS, COUNTS = st.integers(1990, 2150), st.integers(1, MOST_YEARS)
MOST_ROWS = {
    "rounds": 2,
    "currencies": 3,
    "programmes": 2,
    "drivers": 2,
    "courses": 2,
    "prices": 3,
    "lines": 4,
    "funders": 3,
    "scenarios": 2,
    "versions": 2,
    "assumptions": 2,
}
LEAST_ROWS = {"rounds": 1, "currencies": 1}


@cache
def numbers(field: Field) -> st.SearchStrategy[float]:
    """Numbers that the field allows: its bounds, awkward ones, any."""
    low, high = bounds(field)
    if field.kind in ("year", "whole"):
        return st.integers(int(low), int(high))
    usual = [number for number in (low, high, *NUMBERS) if low <= number <= high]
    return st.one_of(st.sampled_from(usual), st.floats(low, high, allow_nan=False))


@cache
def masks(size: int) -> st.SearchStrategy[int]:
    """Which of so many things are there."""
    return st.integers(0, 2**size - 1)


@cache
def id_lists(table: str) -> st.SearchStrategy[list[str]]:
    """Ids of the rows of a table."""
    taken = {id for pack in map(load_catalogue, templates()) for id in (*pack.domains, *pack.areas)}
    allowed = ANY_ID.filter(lambda name: name.casefold() not in taken)
    return st.lists(allowed, min_size=LEAST_ROWS.get(table, 0), max_size=MOST_ROWS[table], unique_by=str.casefold)


@cache
def label_lists(size: int) -> st.SearchStrategy[list[str]]:
    return st.lists(ANY_LABEL, min_size=size, max_size=size, unique_by=str.casefold)


class Made:
    """A plan that hypothesis made up; no dataclass, since hypothesis would show every field of the catalogue."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __repr__(self) -> str:
        return f"Made({self.plan.id})"


@st.composite
def plans(draw: st.DrawFn) -> Made:
    """Any plan of any template pack that the data dictionary allows, with few rows."""
    return Made(_Drawer(draw).plan())


class _Drawer:
    """One plan, field by field as the data dictionary says."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.catalogue = draw, load_catalogue(draw(st.sampled_from(templates())))
        self.first, self.count = draw(FIRST_YEARS), draw(COUNTS)
        self.ids = {table: draw(id_lists(table)) for table in MOST_ROWS}

    def plan(self) -> Plan:
        raw = {id: self.rows(self.catalogue.tables[id]) for id in MOST_ROWS}
        raw["settings"] = [self.row(self.catalogue.tables["settings"]) | {"first_year": self.first}]
        drafted = tuple(
            {"id": row["id"]} | ({"band": row["band"]} if "band" in row else {}) for row in raw["programmes"]
        )
        rounds = tuple({"id": id} for id in self.ids["rounds"])
        self.draft = Plan("draft", 1, {}, {"programmes": drafted, "rounds": rounds}, self.catalogue)
        for table in (table for table in self.catalogue.tables.values() if table.keys):
            raw[table.id] = self.keyed(table)
        return checked_plan(self.draw(ANY_ID), self.count, raw, self.catalogue)

    def rows(self, table: Table) -> list[Raw]:
        """Rows of one table under their ids; names that must differ do, and no row is empty."""
        ids = self.ids[table.id]
        key = next((field.id for field in table.fields if field.key), "")
        names = self.draw(label_lists(len(ids)))
        rows = [self.row(table) for _ in ids]
        filled = [
            {key: name} if key else {} if row else {table.fields[-1].id: name}
            for row, name in zip(rows, names, strict=True)
        ]
        return [{"id": id} | row | more for id, row, more in zip(ids, rows, filled, strict=True)]

    def row(self, table: Table) -> Raw:
        """Some of the fields, and all that are required."""
        mask = self.draw(masks(len(table.fields)))
        wanted = (f for n, f in enumerate(table.fields) if f.required or mask >> n & 1)
        found = {field.id: self.value(field) for field in wanted if not field.key}
        return {id: value for id, value in found.items() if value not in (None, {})}

    def value(self, field: Field) -> Any:
        if field.by:
            return self.series(field)
        if field.kind == "choice":
            options = self.options(field.list)
            return self.draw(st.sampled_from(options)) if options else None
        return self.draw(BY_KIND[field.kind] if field.kind in BY_KIND else numbers(field))

    def series(self, field: Field) -> dict[str, float]:
        """A number for some of the years or sources."""
        years = range(self.first, self.first + self.count)
        keys = [str(year) for year in years] if field.by == "year" else self.options(f"{field.by}s")
        mask = self.draw(masks(len(keys)))
        return {key: self.draw(numbers(field)) for n, key in enumerate(keys) if mask >> n & 1}

    def options(self, list: str) -> Sequence[str]:
        if list == "areas":
            foundations = (domain.id for domain in self.catalogue.band_domains("foundation"))
            return (*foundations, *self.catalogue.areas, *self.ids["programmes"])
        if list == "series":
            return series_ids(self.ids["drivers"], self.ids["courses"], self.catalogue.lists["course_series"].ids)
        if list == "items":
            return tuple(self.catalogue.items)
        return self.catalogue.lists[list].ids if list in self.catalogue.lists else self.ids[list]

    def keyed(self, table: Table) -> list[Raw]:
        """A few rows of a table whose rows are known beforehand."""
        chosen = self.draw(st.lists(st.tuples(*map(self.known, table.keys)), max_size=4, unique=True))
        last = table.fields[-1]
        spare = {last.id: "Seen"} if last.kind == "text" else {}
        rows = [(key, self.row(table) or spare) for key in chosen]
        return [dict(zip(table.keys, key, strict=True)) | row for key, row in rows if row]

    def known(self, key: str) -> st.SearchStrategy[str]:
        return st.sampled_from(self.draft.key_ids(key))
