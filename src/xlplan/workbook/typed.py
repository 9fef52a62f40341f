"""Input cells: what stands in them, and what may be typed."""

from collections.abc import Iterator, Mapping

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from xlplan.changes import CHANGED_ROWS, list_of
from xlplan.plan import Plan, Row, Value
from xlplan.records import Field
from xlplan.values import LONGEST_LABEL, LONGEST_TEXT
from xlplan.values import bounds as number_bounds
from xlplan.workbook.canvas import Canvas, keep_as_text
from xlplan.workbook.layout import MARK, Block
from xlplan.workbook.sheets.change_rows import rows_to_choose
from xlplan.workbook.style import Look


def draw_inputs(canvas: Canvas, block: Block, field: Field, column: int, first: int, look: Look, slot: int = 0) -> None:
    for offset, value in enumerate(input_values(canvas.book_plan, block, field, slot)):
        cell = canvas.put(first + offset, column, value, look)
        keep_as_text(cell, value)
    letter = get_column_letter(column)
    validation = validation_of(canvas, field)
    validation.add(f"{letter}{first}:{letter}{first + block.count - 1}")
    canvas.ws.add_data_validation(validation)


def input_values(plan: Plan, block: Block, field: Field, slot: int) -> Iterator[Value | None]:
    """What stands in one input column of a block, row by row; labels for choices, nothing on spare rows."""
    for row in input_rows(plan, block, field, slot):
        value = row.get(field.id) if row else None
        if isinstance(value, Mapping):
            keys = [str(y) for y in plan.budget_years] if field.by == "year" else list(plan.places[f"{field.by}s"])
            yield value.get(keys[slot]) if slot < len(keys) else None
        elif field.kind == "choice" and value is not None:
            words = plan.labels.get(list_of(field, row.get("kind") if row else None), {})
            yield words.get(str(value), str(value))
        else:
            yield value


def input_rows(plan: Plan, block: Block, field: Field, slot: int) -> Iterator[Row | None]:
    if field.table == "settings":
        yield plan.settings
    elif keys := plan.catalogue.tables[field.table].keys:
        given = {tuple(str(row[key]) for key in keys): row for row in plan.rows(field.table)}
        rounds = [*plan.key_ids("round"), *[""] * (slot + 1)]
        for id in block.ids:
            yield given.get((id, rounds[slot])[: len(keys)])
    else:
        rows = plan.rows(field.table)
        yield from rows
        yield from [None] * (block.count - len(rows))


def validation_of(canvas: Canvas, field: Field) -> DataValidation:
    """Validation of one input column: bounds or list, prompt and error message."""
    kind, operator, low, high, expected = bounds(canvas, field)
    found = DataValidation(
        type=kind,
        operator=operator,
        formula1=low,
        formula2=high,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
    )
    found.promptTitle, found.prompt = field.label[:32], field.prompt[:255]
    wrong = canvas.say("Expected {what}. {prompt}.").format(what=expected, prompt=field.prompt)
    found.errorTitle, found.error = field.label[:32], wrong[:225]
    return found


def bounds(canvas: Canvas, field: Field) -> tuple[str, str | None, str, str | None, str]:
    if field.list == CHANGED_ROWS:
        return "list", None, rows_to_choose(canvas.refs()).replace(MARK, ""), None, canvas.say("an entry of the list")
    if field.kind == "choice":
        return "list", None, canvas.refs().list_range(field.list), None, canvas.say("an entry of the list")
    if field.kind == "text":
        longest = LONGEST_LABEL if field.key else LONGEST_TEXT
        expected = canvas.say("at most {n} characters").format(n=longest)
        return "textLength", "lessThanOrEqual", str(longest), None, expected
    if field.kind == "date":
        return "date", "greaterThanOrEqual", "61", None, canvas.say("a date")  # 1 March 1900, as spreadsheets count
    low, high = number_bounds(field)
    kind = "whole" if field.kind in ("year", "whole") else "decimal"
    expected = canvas.say("a number from {low} to {high}").format(low=f"{low:,g}", high=f"{high:,g}")
    return kind, "between", f"{low:.12g}", f"{high:.12g}", expected
