"""Change rows: what each change of a scenario means in numbers, and from which table its row is chosen."""

from collections.abc import Mapping

from xlplan.workbook import style
from xlplan.workbook.formulas import id_beside
from xlplan.workbook.layout import Block, Column, Shape
from xlplan.workbook.refs import Refs

CHANGED_TABLES: Mapping[str, str] = {
    "lines": "Costs",
    "prices": "Prices",
    "drivers": "Drivers",
    "programmes": "Programmes",
    "foundations": "Strengthening",
    "currencies": "Drivers",
    "funders": "Funding",
}
"""Tables whose rows a scenario can change, with the sheet that each stands on."""

NAMES = {"lines": "list:lines", "foundations": "foundations.name"}
"""Where the names of a table stand that has no list of its own."""


def changes_block(shape: Shape) -> Block:
    """Each change: its words and row as one key, its kind and table, and its number in the scenario in use."""
    columns = (
        Column("No.", style.ID, text=change_id),
        Column("What changes, and of what", style.BODY, quantity="change_key"),
        Column("Kind", style.NUMBER, quantity="change_kind"),
        Column("Table", style.NUMBER, quantity="change_table"),
        Column("In the scenario in use", style.NUMBER, quantity="change_value"),
    )
    return Block("change_rows", "Changes of the scenario in use", "changes", shape.count("changes"), columns)


def change_id(refs: Refs) -> str:
    """Id of a change, blank while nobody has said what changes."""
    return f'IF({refs.here("changes.kind")}="","",{id_beside("changes.kind", refs)})'


def rows_to_choose(refs: Refs) -> str:
    """The range that the row of a change is chosen from: it follows the kind of the change."""
    ranges = (refs.column(NAMES.get(table, f"{table}.label")) for table in CHANGED_TABLES)
    return f"CHOOSE({refs.here('change_table')},{','.join(ranges)})"
