"""Scenarios: named sets of changes to the plan, the one in use, and a comparison of all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter as letter

from xlplan.scenarios import Outcome, compared
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.formulas import formula, unit_text
from xlplan.workbook.layout import Block, Column, Layout, Series, Shape, Sheet, quoted
from xlplan.workbook.page import color_word, grow_rows, hide_spare_ids, link, set_page
from xlplan.workbook.refs import Refs
from xlplan.workbook.sheets.inputs import id_column, input_column, input_look, typed_columns

SHEET = Sheet(
    "scenarios",
    "Scenarios",
    "What if: named sets of changes to the plan. Choose one, and every sheet follows it; no input is changed.",
    "input",
    (16, 44, 34, 40, 18),
    freeze="C6",
)
FIRST_SCENARIO, SCENARIO_WIDTH = 6, 20
IN_USE, AS_TYPED = 4, 5


def blocks(shape: Shape) -> tuple[Block, ...]:
    return choice(shape), comparison(shape), scenarios(shape), changes(shape)


def choice(shape: Shape) -> Block:
    """Which scenario all sheets follow; it is chosen on Settings."""
    field = shape.plan.catalogue.tables["settings"].field("scenario")
    columns = (
        Column("No.", style.ID, values=(1,)),
        Column("Setting", style.BODY, values=(field.label,)),
        Column("Value", style.BODY.but(bold=True, wrap=True), text=in_use),
        Column(
            "What to type", style.LINKS.but(border="hairline", indent=1), values=(shape.say("Choose it on Settings"),)
        ),
        Column("", style.BODY),
    )
    return Block("scenario_choice", "", "", 1, columns, height=34)


def in_use(refs: Refs) -> str:
    """Name of the scenario in use, or of the plan as typed."""
    cell = refs.cell("settings.scenario")
    return f'IF({cell}="",{refs.word("as_typed")},{cell})'


def scenarios(shape: Shape) -> Block:
    table = shape.plan.catalogue.tables["scenarios"]
    return Block(
        "scenarios", table.label, "scenarios", shape.count("scenarios"), typed_columns(shape, table), guarded=True
    )


def changes(shape: Shape) -> Block:
    """One row for each thing that is other in some scenario, with its number in each of them."""
    table = shape.plan.catalogue.tables["changes"]
    columns = (
        id_column(shape, "changes"),
        input_column(table.field("kind")),
        input_column(table.field("row")),
        Column("Activity of the line", style.MUTED_TEXT, text=activity),
        Column("On sheet", style.MUTED_TEXT, text=lambda refs: formula("change_sheet", refs)),
    )
    values = table.field("values")
    series = Series("scenario", input_look(values), field=values, column=FIRST_SCENARIO)
    title = shape.say("Changes: the number in each scenario; blank = as in the plan")
    return Block("changes", title, "changes", shape.count("changes"), columns, (series,), guarded=True, height=34)


def activity(refs: Refs) -> str:
    """What a line is about whose start, quantity or switch a scenario changes."""
    at = f"MATCH({refs.here('changes.row')},{refs.column('list:lines')},0)"
    return f'IF(ISNUMBER({at}),INDEX({refs.column("lines.activity")},{at}),"")'


@dataclass(frozen=True)
class Measure:
    """One row of the comparison: its words and unit, its formula for the scenario in use, its value for each."""

    label: str
    unit: str
    live: str
    values: tuple[object, ...]


def comparison(shape: Shape) -> Block:
    """All scenarios side by side, as they came to when the workbook was made; beside them the one in use, live."""
    number = style.NUMBER.but(format=style.MONEY)
    columns = (
        Column("No.", style.ID),
        Column("Measure", style.BODY),
        Column("Unit", style.MUTED_TEXT),
        Column("Scenario in use, now", number),
        Column("Plan as typed", number),
        *(Column("", number),) * shape.count("scenario"),
    )
    return Block("comparison", "Comparison of the scenarios", "", rows_of(shape) + 1, columns, height=24)


def rows_of(shape: Shape) -> int:
    """Rows of the comparison below its state."""
    return NUMBERS + shape.plan.years + 2 * len(shape.plan.catalogue.gates)


NUMBERS = 5


def measures(layout: Layout, outcomes: tuple[Outcome, ...]) -> Iterator[Measure]:
    """Every row of the comparison."""
    plan, say, refs = layout.shape.plan, layout.shape.say, Refs(layout, SHEET.key)
    plain = (
        ("Total cost", "money", "cash", [o.total for o in outcomes]),
        ("Funding gap", "money", "plan_gap", [o.total_gap for o in outcomes]),
        ("Present value", "money", "present_value", [o.present_value for o in outcomes]),
        (
            "Programmes that start before their gate opens",
            "count",
            "programmes_too_early",
            [o.too_early for o in outcomes],
        ),
        ("Checks with findings", "count", "findings", [o.findings for o in outcomes]),
    )
    for label, unit, quantity, values in plain:
        yield Measure(say(label), unit, refs.here(quantity), tuple(values))
    for number, year in enumerate(plan.budget_years):
        label = say("Total cost of {year}").format(year=year)
        live = Refs(layout, SHEET.key, number).here("total_cost")
        yield Measure(label, "money", live, tuple(o.cost[year] for o in outcomes))
    yield from gate_measures(layout, outcomes)


def gate_measures(layout: Layout, outcomes: tuple[Outcome, ...]) -> Iterator[Measure]:
    plan, say = layout.shape.plan, layout.shape.say
    words, never = plan.labels["statuses"], plan.labels["words"]["never"]
    shown, first = quoted(layout.title("strengthening")), layout.starts["gates_open"] + 1
    for number, gate in enumerate(plan.catalogue.gates.values()):
        label = say("{gate}: today").format(gate=gate.label)
        yield Measure(
            label, "text", f"{shown}!$C${first + number}", tuple(words[o.statuses[gate.id]] for o in outcomes)
        )
        label = say("{gate}: first year open").format(gate=gate.label)
        opens = tuple(o.opens[gate.id] or never for o in outcomes)
        yield Measure(label, "year", f"{shown}!$D${first + number}", opens)


LOOKS: Mapping[str, style.Look] = {
    "money": style.NUMBER.but(format=style.MONEY),
    "count": style.NUMBER.but(format=style.MONEY),
    "year": style.NUMBER.but(format=style.PLAIN, wrap=True),
    "text": style.NUMBER.but(wrap=True),
}


def place(layout: Layout) -> None:
    first = layout.starts["comparison"] + 1
    layout.places["list:scenarios"] = layout.places["scenarios.label"]
    layout.put_cell("comparison_state", SHEET.key, first, IN_USE)


def draw(canvas: Canvas) -> None:
    layout = canvas.layout
    used = layout.shape.count("scenario")
    for number in range(used):
        canvas.ws.column_dimensions[letter(FIRST_SCENARIO + number)].width = SCENARIO_WIDTH
    selector = layout.places["settings.scenario"]
    chosen_here = canvas.ws.cell(layout.starts["scenario_choice"] + 1, IN_USE)
    link(chosen_here, layout.title(selector.sheet), f"{letter(selector.column)}{selector.row}")
    for key in ("changes", "comparison"):
        scenario_heads(canvas, layout.starts[key])
    draw_comparison(canvas)
    for key, last in (("scenarios", "C"), ("changes", letter(FIRST_SCENARIO + used - 1))):
        first, count = layout.starts[key] + 1, layout.shape.count(key)
        filled = f"COUNTA($B{first}:${last}{first})"
        hide_spare_ids(
            canvas, block_of(canvas, key), f"{filled}>0" if key == "scenarios" else changed_formula(first, last)
        )
        grow_rows(canvas, first, first + count - 1, 34 if key == "changes" else 22)
    first = layout.starts["comparison"] + 1
    grow_rows(canvas, first, first + rows_of(layout.shape), 24)
    set_page(canvas, FIRST_SCENARIO + used - 1, layout.starts["changes"] + layout.shape.count("changes"))


def block_of(canvas: Canvas, key: str) -> Block:
    return next(block for block in canvas.layout.blocks[SHEET.key] if block.key == key)


def changed_formula(first: int, last: str) -> str:
    """True for a change of which anything is typed; what stands beside it does not count."""
    return f"COUNTA($B{first}:$C{first},${letter(FIRST_SCENARIO)}{first}:${last}{first})>0"


def scenario_heads(canvas: Canvas, row: int) -> None:
    """Name of each scenario over its column."""
    names = canvas.layout.places["scenarios.label"]
    for number in range(canvas.layout.shape.count("scenario")):
        name = f"$B${names.row + number}"
        look = style.HEAD.but(align="right")
        canvas.formula(row, FIRST_SCENARIO + number, f'IF({name}="","",{name})', look)
    canvas.ws.row_dimensions[row].height = 48


def draw_comparison(canvas: Canvas) -> None:
    """The figures of every scenario; the state above them says whether they still hold."""
    plan, refs, first = canvas.book_plan, canvas.refs(), canvas.layout.starts["comparison"] + 1
    found = tuple(measures(canvas.layout, compared(plan) if canvas.layout.shape.calculable else ()))
    canvas.put(first, 1, 1, style.ID)
    canvas.put(first, 2, canvas.say("State of this comparison"), style.BODY.but(bold=True))
    canvas.put(first, 3, canvas.say("text"), style.MUTED_TEXT)
    canvas.formula(first, IN_USE, state(canvas, first + 1), style.BODY.but(bold=True, wrap=True))
    for row, measure in enumerate(found, first + 1):
        canvas.put(row, 1, row - first + 1, style.ID)
        canvas.put(row, 2, measure.label, style.BODY.but(wrap=True))
        canvas.formula(row, 3, unit_text(measure.unit)(refs), style.MUTED_TEXT)
        canvas.formula(row, IN_USE, measure.live, LOOKS[measure.unit])
        for column, value in enumerate(measure.values, AS_TYPED):
            canvas.put(row, column, value, LOOKS[measure.unit])
    stale, fresh = (plan.labels["words"][id] for id in ("stale", "fresh"))
    area = f"{letter(IN_USE)}{first}"
    for word, tone in ((stale, style.BAD), (fresh, style.GOOD)):
        color_word(canvas, area, area, word, tone)


def state(canvas: Canvas, first: int) -> str:
    """Whether inputs are as they were, and the scenario in use comes to what was stored for it."""
    refs, last = canvas.refs(), first + NUMBERS + canvas.book_plan.years - 1
    end = letter(AS_TYPED + canvas.layout.shape.count("scenario"))
    stored = f"INDEX(${letter(AS_TYPED)}${first}:${end}${last},0,SUM({refs.here('scenario_in_use')})+1)"
    live = f"${letter(IN_USE)}${first}:${letter(IN_USE)}${last}"
    same = f"SUMXMY2({live},{stored})<={refs.here('money_tolerance')}"
    words = refs.word("fresh"), refs.word("stale")
    return f"IF(AND({refs.here('inputs_changed')}=0,{same}),{words[0]},{words[1]})"
