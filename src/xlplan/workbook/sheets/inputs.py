"""Columns of input tables, made from the data dictionary."""

from xlplan.records import Field, Table
from xlplan.workbook.layout import Column, Shape
from xlplan.workbook.style import FORMATS, ID, TYPED, Look


def input_look(field: Field) -> Look:
    """How an input cell looks: text left and wrapped, numbers right, choices and years centred."""
    if field.kind in ("text", "choice"):
        return TYPED.but(wrap=True, format="@")
    if field.kind in ("year", "whole"):
        return TYPED.but(align="center", indent=0, format="0")
    return TYPED.but(align="right" if field.kind != "date" else "center", format=number_format(field))


def number_format(field: Field) -> str:
    if field.unit in ("units", "factor", "count"):
        return "General"
    return "0.0%" if field.kind == "share" and field.unit != "share" else FORMATS.get(field.unit, "General")


def input_column(field: Field) -> Column:
    return Column(field.label, input_look(field), field=field)


def id_column(shape: Shape, table: str, head: str = "No.") -> Column:
    """Stable row ids, ready-made on spare rows."""
    return Column(head, ID, values=shape.ids(table))


def typed_columns(shape: Shape, table: Table, *, without: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Id and one input column for each field that is not by year or source."""
    fields = tuple(f for f in table.fields if not f.by and f.id not in without)
    return (id_column(shape, table.id), *(input_column(field) for field in fields))
