"""Columns that calculation sheets share: quantities with their label, units, names of rows."""

from collections.abc import Iterable

from xlplan.model import load_model
from xlplan.workbook import style
from xlplan.workbook.formulas import unit_text
from xlplan.workbook.layout import Column
from xlplan.workbook.refs import Refs
from xlplan.workbook.style import FORMATS

EMPTY = Column("", style.BODY)


def number_look(quantity: str) -> style.Look:
    return style.NUMBER.but(format=FORMATS.get(load_model()[quantity].unit, "General"))


def unit_column(quantity: str) -> Column:
    return Column("Unit", style.MUTED_TEXT, text=unit_text(load_model()[quantity].unit))


def quantity_columns(ids: Iterable[str], heads: dict[str, str] | None = None) -> tuple[Column, ...]:
    """One calculated column per quantity, headed by its label."""
    model = load_model()
    return tuple(Column((heads or {}).get(id, model[id].label), number_look(id), quantity=id) for id in ids)


def line_activity(refs: Refs) -> str:
    return f'{refs.here("lines.activity")}&""'


def name_of(table: str) -> Column:
    return Column("Name", style.BODY, text=lambda refs: refs.here(f"{table}.label"))
