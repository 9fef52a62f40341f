"""The formula of each quantity, as seen from the cell it fills."""

from collections.abc import Callable, Mapping

from xlplan.catalogue import load_catalogue
from xlplan.changes import CHANGES, PREFIX
from xlplan.derived import Derived
from xlplan.model import load_model
from xlplan.over_years import Before
from xlplan.records import Field
from xlplan.rule import Rule
from xlplan.translate import native_formula
from xlplan.workbook.layout import SHOWN
from xlplan.workbook.refs import Refs


def formula(quantity: str, refs: Refs) -> str:
    """Formula without ``=`` for a rule, a derived quantity, a choice or a fact of the workbook.

    Raises ``KeyError`` for a quantity that no formula fills.
    """
    if quantity.startswith(SHOWN):
        return refs.here(quantity.removeprefix(SHOWN))
    filler = load_model()[quantity].filled_by if quantity in load_model().quantities else None
    if isinstance(filler, Rule):
        return native_formula(filler, lambda name: reference(name, refs))
    if isinstance(filler, Derived):
        return filler.formula(refs)
    return CELL_ONLY[quantity](refs) if quantity in CELL_ONLY else place_formula(choice_field(quantity), refs)


def reference(quantity: str, refs: Refs) -> str:
    """Where a rule finds the quantity: its cell, or the formula of what has no cell of its own."""
    filler = load_model()[quantity].filled_by
    inline = isinstance(filler, Before) or quantity in INLINE
    return filler.formula(refs) if inline and isinstance(filler, Derived) else refs.here(quantity)


INLINE = ("base_amount", "uncommitted_share", "driver_quantity", "taper_factor")
"""Lookups that one formula reads and nobody else: they stand inside it, since a table of their own would be large."""


def choice_field(quantity: str) -> Field:
    """The choice whose place in its list is this quantity."""
    fields = (f for table in load_catalogue().tables.values() for f in table.fields)
    found = next((f for f in fields if f.quantity == quantity), None)
    if found is None:
        raise KeyError(quantity)
    return found


def place_formula(field: Field, refs: Refs, key: str = "") -> str:
    """Place of what was chosen in its list, blank where nothing or something else stands there."""
    cell = refs.here(key or f"{field.table}.{field.id}")
    return f'IF({cell}="","",IFERROR(MATCH({cell},{refs.list_range(field.list)},0),""))'


def _level_of(key: str) -> Callable[[Refs], str]:
    """Place in the list of levels of what was chosen in a column of the Maturity sheet."""
    return lambda refs: place_formula(load_catalogue().tables["levels"].field(key), refs)


CHOICE_SPANS = (
    ("on", "on"), ("area", "nature"), ("driver", "price"), ("currency", "currency"), ("tapers", "base"),
    ("head", "covers"),
)  # fmt: skip
"""Choices of a cost line that rules read, side by side on Costs."""


def _unknown_choices(refs: Refs) -> str:
    fields = [f for f in load_catalogue().tables["lines"].fields if f.kind == "choice" and f.quantity]
    typed = ",".join(refs.span(f"lines.{first}", f"lines.{last}") for first, last in CHOICE_SPANS)
    return f"COUNTA({typed})-COUNT({refs.span(fields[0].quantity, fields[-1].quantity)})"


def _texts_among(*spans: tuple[str, str]) -> Callable[[Refs], str]:
    def formula_of(refs: Refs) -> str:
        cells = ",".join(refs.span(f"lines.{first}", f"lines.{last}") for first, last in spans)
        return f"COUNTA({cells})-COUNT({cells})"

    return formula_of


def _text_in(*spans: tuple[str, str]) -> Callable[[Refs], str]:
    """Texts in the cells of columns of numbers, each span from one quantity to another beside it."""

    def formula_of(refs: Refs) -> str:
        cells = ",".join(between(refs, first, last) for first, last in spans)
        return f"COUNTA({cells})-COUNT({cells})"

    return formula_of


def between(refs: Refs, first: str, last: str) -> str:
    left, right = refs.place(first), refs.place(last)
    bottom, end = left.row + left.rows - 1, refs.letter(right, right.columns - 1)
    return refs.on(left, f"${refs.letter(left, 0)}${left.row}:${end}${bottom}")


def line_id(refs: Refs) -> str:
    """Id of a line in use; a row is in use as soon as anything is typed in it."""
    before = refs.span("lines.on", "lines.activity")
    after = refs.span("lines.area", "lines.note")
    return f'IF(COUNTA({before},{after})=0,"",{id_beside("lines.activity", refs)})'


def id_beside(key: str, refs: Refs) -> str:
    """The id in column A of the row that holds an input."""
    place = refs.place(key)
    return refs.on(place, f"$A{refs.line(place)}")


def table_id(table: str) -> Callable[[Refs], str]:
    """Id of a row of another table, blank where the row has no name."""
    return lambda refs: f'IF({refs.here(f"{table}.label")}="","",{id_beside(f"{table}.label", refs)})'


def unit_text(unit: str) -> Callable[[Refs], str]:
    """Unit of a row: the reporting currency for money, else the unit's name on Lists."""
    place = load_catalogue().lists["units"].ids.index(unit)
    if unit.startswith("money"):
        return lambda refs: refs.cell("settings.reporting_currency")
    return lambda refs: refs.entry("units", place)


def named_unit(table: str, unit: str) -> Callable[[Refs], str]:
    """Unit of a row of inputs, nothing while the row has no name."""
    text = unit_text(unit)
    return lambda refs: f'IF({refs.here(f"{table}.label")}="","",{text(refs)})'


def status_word(refs: Refs) -> str:
    """The gate's status today, in words; blank until the kind of data is chosen."""
    place = refs.here("programme_status")
    return f'IF(ISNUMBER({place}),INDEX({refs.list_range("statuses")},{place}+1),"")'


def level_word(place: str) -> Callable[[Refs], str]:
    """A maturity level in words; what is not assessed says so."""

    def formula_of(refs: Refs) -> str:
        cell = refs.here(place)
        return f"IF(ISNUMBER({cell}),INDEX({refs.list_range('levels')},{cell}),{refs.entry('words', 0)})"

    return formula_of


def value_or_words(quantity: str, found: int, never: int) -> Callable[[Refs], str]:
    """A sentence with the number of a plan-wide quantity, or one that says there is none."""

    def formula_of(refs: Refs) -> str:
        value = refs.here(quantity)
        return f"IF(ISNUMBER({value}),{refs.entry('words', found)}&{value},{refs.entry('words', never)})"

    return formula_of


def round_level(refs: Refs) -> str:
    """The final level of a round in words; nothing for a round without a name."""
    level, rounds = refs.here("final_level"), refs.place("rounds.label")
    named = refs.on(rounds, f"${refs.letter(rounds, 0)}${rounds.row + refs.offset}")
    unknown = f'REPT({refs.entry("words", 0)},({named}<>"")*1)'
    return f"IF(ISNUMBER({level}),INDEX({refs.list_range('levels')},{level}),{unknown})"


def opening_word(quantity: str) -> Callable[[Refs], str]:
    """Year in which a gate opens, or that it never does in this plan."""

    def formula_of(refs: Refs) -> str:
        year = refs.here(quantity)
        return f"IF(ISNUMBER({year}),{year},{refs.entry('words', 10)})"

    return formula_of


def _blockers(refs: Refs) -> str:
    place = refs.place("block_sentence")
    letter = refs.letter(place, refs.offset)
    return "&".join(f"{letter}{place.row + n}" for n in range(place.rows))


def _block_sentence(refs: Refs) -> str:
    needed = f"INDEX({refs.list_range('levels')},{refs.here('needed_level')})"
    is_word, needs, stop = (refs.entry("words", n) for n in (1, 2, 3))
    words = f"{refs.here('foundation_name')}&{is_word}&{refs.here('level_name')}&{needs}&{needed}&{stop}"
    return f'IF({refs.here("is_blocking")}>0,{words},"")'


def row_number(head: int) -> str:
    """1 for the first row below the heading in row ``head``."""
    return f"ROW()-ROW($A${head})"


def _moved(table: str) -> Callable[[Refs], str]:
    """1 where a row's name is found elsewhere in its table than the row's calculations stand."""
    label = f"{table}.label"
    return lambda refs: f"IF(MATCH({refs.here(label)},{refs.column(label)},0)={refs.here(PLACE_OF[table])},0,1)"


def _moved_rows(table: str) -> Callable[[Refs], str]:
    """Moved rows, and rows with a name but without calculations."""

    def formula_of(refs: Refs) -> str:
        typed, calculated = refs.column(f"{table}.label"), refs.column(PLACE_OF[table])
        return f"SUM({refs.column(f'{table}_moved')})+COUNTA({typed})-COUNT({calculated})"

    return formula_of


PLACE_OF = {
    "prices": "price_place",
    "currencies": "currency_place",
    "drivers": "driver_place",
    "courses": "course_place",
    "funders": "funder_place",
    "programmes": "programme_place",
}
"""Tables that others look up: the quantity that numbers their rows."""


def _changed(kind: str) -> Callable[[Refs], str]:
    """What the scenario in use puts in a row: the change whose words are the heading's and whose row is this one."""

    def formula_of(refs: Refs) -> str:
        place = refs.place(f"{PREFIX}{kind}")
        if CHANGES[kind].rows is None:
            words = f"$B{place.row}"
        else:
            name = "A" if CHANGES[kind].rows == "lines" else "B"
            words = f"{refs.letter(place, 0)}${place.row - 1}&${name}{refs.line(place)}"
        at = f"MATCH({words},{refs.column('change_key')},0)"
        return f'IF(ISNUMBER({at}),INDEX({refs.column("change_value")},{at}),"")'

    return formula_of


def _change_value(refs: Refs) -> str:
    """The number of a change in the scenario in use, blank for none."""
    scenario = refs.here("scenario_in_use")
    number = f"INDEX({refs.row('changes.values')},{scenario})"
    return f'IF(ISNUMBER({scenario}),IF({number}="","",{number}),"")'


def _scenario_words(refs: Refs) -> str:
    """Which scenario is in use, in words; nothing for the plan as typed."""
    cell = refs.cell("settings.scenario")
    return f'IF({cell}="","",{refs.word("scenario")}&{cell})'


def _changes_in_force(refs: Refs) -> str:
    """How many numbers the scenario in use has, rows that were inserted included."""
    scenario = refs.here("scenario_in_use")
    return f"IF(ISNUMBER({scenario}),COUNT(INDEX({refs.whole('changes.values')},0,{scenario})),0)"


def _change_fact(quantity: str) -> Callable[[Refs], str]:
    """A fact of the kind of a change, from its list."""

    def formula_of(refs: Refs) -> str:
        kind = refs.here("change_kind")
        return f'IF(ISNUMBER({kind}),INDEX({refs.column(quantity)},{kind}),"")'

    return formula_of


def _counted(*kinds: str) -> Callable[[Refs], str]:
    """Numbers that the scenario in use puts somewhere, of these kinds."""
    return lambda refs: f"COUNT({','.join(refs.column(f'{PREFIX}{kind}') for kind in kinds)})"


CELL_ONLY: Mapping[str, Callable[[Refs], str]] = {
    **{f"{PREFIX}{kind}": _changed(kind) for kind in CHANGES},
    "change_key": lambda refs: f"{refs.here('changes.kind')}&{refs.here('changes.row')}",
    "change_kind": lambda refs: place_formula(load_catalogue().tables["changes"].field("kind"), refs),
    "change_sheet": _change_fact("changed_sheet"),
    "change_table": _change_fact("changed_table"),
    "change_value": _change_value,
    "scenario_words": _scenario_words,
    "inputs_changed": lambda refs: f"SUM({refs.column('input_changed')})",
    "changes_in_force": _changes_in_force,
    "line_changes_found": _counted(*(kind for kind, of in CHANGES.items() if of.rows in ("lines", "drivers"))),
    "table_changes_found": _counted(*(kind for kind, of in CHANGES.items() if of.rows not in ("lines", "drivers"))),
    "level_place": _level_of("level"),
    "override_place": _level_of("override"),
    "has_override_reason": lambda refs: f'IF({refs.here("levels.reason")}="",0,1)',
    "has_head_reason": lambda refs: f'IF({refs.here("head_reasons.reason")}="",0,1)',
    "has_waiver": lambda refs: f'IF({refs.here("lines.waiver")}="",0,1)',
    "has_activity": lambda refs: f'IF({refs.here("lines.activity")}="",0,1)',
    "unknown_choices": _unknown_choices,
    "text_quantities": _texts_among(
        *((f, f) for f in ("quantity_1", "quantity_2", "quantity_3")), ("unit_cost", "economic_unit_cost")
    ),
    "text_terms": _texts_among(("price_year", "in_use_before"), ("capacity", "team_days")),
    "text_shares": _texts_among(("base_share", "base_share"), ("shares", "shares")),
    "line_id": line_id,
    **{f"{table}_moved": _moved(table) for table in PLACE_OF},
    **{f"moved_{table}": _moved_rows(table) for table in PLACE_OF},
    "foundation_name": lambda refs: refs.here("foundations.name"),
    "level_name": level_word("level_now"),
    "block_sentence": _block_sentence,
    "gate_blockers": _blockers,
    "first_finding": lambda refs: f'IFERROR(MATCH(1,{refs.row("line_flags")},0),"")',
    "programme_status_name": status_word,
    "programme_opening": opening_word("programme_open_year"),
    "lines_typed": lambda refs: f"COUNTA({refs.column('lines.activity')})",
    "lines_calculated": lambda refs: f"SUM({refs.column('has_activity')})",
    "text_in_drivers": _text_in(
        ("typed_driver_value", "driver_high"),
        ("currency_inflation", "currency_inflation"),
        ("typed_exchange_rate", "typed_exchange_rate"),
    ),
    "text_in_prices": _text_in(
        ("typed_price", "typed_price"), ("price_price_year", "price_price_year"), ("price_low", "price_high")
    ),
    "text_in_training": _text_in(("trained_before", "refresher_interval")),
    "text_in_funding": _text_in(("typed_committed", "typed_committed"), ("expected", "expected")),
    "text_in_actuals": _text_in(("spent", "spent")),
}
"""Quantities that only a workbook can count, since a plan that was read cannot hold what they count."""
