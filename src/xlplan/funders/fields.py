"""What the columns of an export show of a row, in the language of the plan."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlplan.funders.accounts import LINE_LISTS, Account, Accounts
from xlplan.funders.entries import Entry
from xlplan.funders.placed import ROUNDING, UNFUNDED, Placed
from xlplan.plan import Plan, Row
from xlplan.rounding import shown_digits


@dataclass(frozen=True)
class View:
    """A plan's money and the accounts of its lines, to be shown row by row."""

    placed: Placed
    accounts: Accounts

    @property
    def plan(self) -> Plan:
        return self.placed.plan

    def say(self, text: str) -> str:
        """A text of ours in the language of the plan."""
        return self.plan.catalogue.say(text)

    def cell(self, field: str, entry: Entry) -> str | float | None:
        """What a field shows; nothing where the row has none of it. Raises ``KeyError`` for an unknown field."""
        if entry.source == ROUNDING and field in ("activity", "source"):
            return self.say("Rounding")
        if field.removesuffix("_id") in LINE_LISTS:
            return self.word(field, entry)
        if field in OF_LINE:
            line = self.line(entry)
            return OF_LINE[field](self, line, entry) if line else None
        return OF_ROW[field](self, entry)

    def line(self, entry: Entry) -> Row | None:
        """The cost line of a row, where it stands for one."""
        place = entry.places.get("line", 0)
        return self.plan.rows("lines")[place - 1] if place else None

    def word(self, field: str, entry: Entry) -> str | None:
        """A word of a list, or its id."""
        list = LINE_LISTS[field.removesuffix("_id")]
        place = entry.places.get(field.removesuffix("_id"), 0)
        id = tuple(self.plan.places[list])[place - 1] if place else ""
        return (id if field.endswith("_id") else self.plan.labels[list][id]) if id else None

    def account(self, entry: Entry) -> Account:
        """Account of a row; one without a code where there is none."""
        return self.accounts.at(entry.places.get("account", 0))

    def source(self, entry: Entry) -> str:
        return self.say("Without a source") if entry.source == UNFUNDED else self.plan.labels["funders"][entry.source]

    def source_kind(self, entry: Entry) -> str | None:
        row = next((row for row in self.plan.rows("funders") if row["id"] == entry.source), {})
        return self.plan.labels["funder_kinds"].get(str(row.get("kind")))

    def share(self, entry: Entry) -> float:
        """Part of the line that the source pays."""
        number, values = entry.places["line"] - 1, self.placed.results.values
        if entry.source == UNFUNDED:
            return shown_digits(values["unfunded_share"][number].item())
        return shown_digits(values["line_funder_share"][number, self.plan.places["funders"][entry.source] - 1].item())

    def price_currency(self, entry: Entry) -> str | None:
        place = self.placed.results.values["currency"][entry.places["line"] - 1].item()
        return tuple(self.plan.labels["currencies"].values())[int(place) - 1] if place > 0 else None

    def quantity(self, id: str, entry: Entry, year: int | None) -> float | None:
        """A quantity of the row's line, of a year where it has years; nothing where it is blank."""
        place = entry.places.get("line", 0)
        if not place:
            return None
        column = self.plan.budget_years.index(year) if year else 0
        value = self.placed.results.values[id][place - 1, column].item()
        return None if np.isnan(value) else shown_digits(value)


def typed(line: Row, field: str) -> str | None:
    return str(line[field]) if field in line else None


TIMES = " \u00d7 "


def units_of(view: View, line: Row) -> str | None:
    """The units of the quantities that are multiplied, as in meeting times member."""
    labels = view.plan.labels["line_units"]
    return TIMES.join(labels[str(line[key])] for key in ("unit_1", "unit_2", "unit_3") if key in line) or None


OF_LINE: dict[str, Callable[[View, Row, Entry], str | float | None]] = {
    "line": lambda _, line, __: str(line["id"]),
    "activity": lambda _, line, __: typed(line, "activity"),
    "note": lambda _, line, __: typed(line, "note"),
    "item": lambda view, line, _: view.plan.labels["items"].get(str(line.get("item"))),
    "unit": lambda view, line, _: units_of(view, line),
    "share": lambda view, _, entry: view.share(entry),
    "price_currency": lambda view, _, entry: view.price_currency(entry),
}
OF_ROW: dict[str, Callable[[View, Entry], str | float | None]] = {
    "source": View.source,
    "source_id": lambda _, entry: entry.source,
    "source_kind": View.source_kind,
    "account": lambda view, entry: view.account(entry).code or None,
    "account_label": lambda view, entry: view.account(entry).label or None,
    "plan": lambda view, _: view.plan.id,
    "country": lambda view, _: view.plan.text("country") or None,
    "currency": lambda view, _: view.placed.currency.label,
    "blank": lambda _, __: None,
}
