"""The plans and workbooks that are shipped ready-made, in every language."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan import load
from xlplan.catalogue import TEMPLATE, chosen, load_catalogue, templates_folder
from xlplan.plan import Plan, Row, Value
from xlplan.words import LANGUAGES
from xlplan.workbook.build import build_workbook
from xlplan.workbook.layout import ROWS

EXAMPLE_ROWS = 159
"""Rows for its cost lines; the example has a few more than it fills, so that the file stays small enough to send."""


@dataclass(frozen=True)
class Shipped:
    """A plan, the language of its workbook, and the rows for its cost lines."""

    plan: str
    language: str = "en"
    rows: int = ROWS
    template: str = TEMPLATE


WORKBOOKS = {
    **{f"xlplan-example-{code}.xlsx": Shipped("national", code, EXAMPLE_ROWS) for code in LANGUAGES},
    **{f"xlplan-empty-{code}.xlsx": Shipped("blank", code) for code in LANGUAGES},
    **{f"{name}.xlsx": Shipped(name, rows=1) for name in ("kenya-paper", "kenya-smartphone", "worked-example")},
}
"""The workbooks in the folder ``workbook``."""


def example_path(template: str = TEMPLATE, name: str = "national") -> Path:
    """An example plan of a template pack."""
    home = templates_folder() if template == TEMPLATE else templates_folder() / "packs" / template
    return home / "examples" / f"{name}.toml"


def in_words(plan: Plan) -> Plan:
    """An example plan of ours with its texts in the language of its catalogue; never for what a planner typed."""
    text_fields = {t.id: {f.id for f in t.fields if f.kind == "text"} for t in plan.catalogue.tables.values()}

    def said(table: str, row: Row) -> Row:
        return {key: spoken(plan, value) if key in text_fields[table] else value for key, value in row.items()}

    tables = {table: tuple(said(table, row) for row in rows) for table, rows in plan.tables.items()}
    return replace(plan, settings=said("settings", plan.settings), tables=tables)


def spoken(plan: Plan, value: Value) -> Value:
    return plan.catalogue.say(value) if isinstance(value, str) else value


def example_plan(language: str, name: str = "national", template: str = TEMPLATE) -> Plan:
    """A shipped plan in a language. Raises ``PlanError`` for a template that there is not."""
    chosen(template, language)
    return in_words(in_language(load(example_path(template, name)), language))


def in_language(plan: Plan, language: str) -> Plan:
    """The plan with every text of ours in a language; what a planner typed stays as it is."""
    return replace(plan, catalogue=load_catalogue(plan.template, language))


def shipped_workbooks() -> Iterator[tuple[str, bytes]]:
    """File name and bytes of each; the same bytes every time."""
    for name, of in WORKBOOKS.items():
        yield name, build_workbook(example_plan(of.language, of.plan, of.template), of.rows)
