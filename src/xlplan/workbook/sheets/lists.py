"""Lists: the closed lists behind the drop-downs, what gates demand, and plan-wide facts, each with its source."""

from xlplan.changes import CHANGES
from xlplan.engine import ADVICE
from xlplan.records import Area, Axis, Domain, List, Question
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.draw import fill_rows
from xlplan.workbook.fingerprint import count_of_traces, count_of_weights, traces
from xlplan.workbook.layout import MARK, Block, Column, Foot, Layout, Place, Series, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page
from xlplan.workbook.sheets.change_rows import CHANGED_TABLES

SHEET = Sheet(
    "lists",
    "Lists",
    "The lists behind the drop-downs, what each gate demands, and plan-wide facts, each with its source.",
    "control",
    (8, 76, 24, 16, 16, 16, 70, 60, 12),
    freeze="A6",
)
VALUES = {
    "natures": ("is_one_off_nature", "is_equipment_nature"),
    "replacement_methods": ("is_cohort_method",),
    "bases": ("base_criterion",),
    "funder_kinds": ("is_domestic_kind",),
    "grades": ("grade_spread",),
    "loads": ("load_addition",),
    "change_kinds": ("changed_table", "changed_sheet"),
}
KEYS = {
    "is_one_off_nature": "is_one_off",
    "is_equipment_nature": "is_equipment",
    "is_cohort_method": "by_cohort",
    "is_domestic_kind": "is_domestic",
    "grade_spread": "spread",
}


def blocks(shape: Shape) -> tuple[Block, ...]:
    catalogue = shape.plan.catalogue
    lists = tuple(list_block(shape, found) for found in catalogue.lists.values())
    demands = tuple(demand_block(shape, id, label, strengths) for id, label, strengths in DEMANDS)
    return (
        *lists,
        areas_block(shape),
        *demands,
        facts_block(shape),
        rounds_block(shape),
        *questionnaire(shape),
        traces_block(shape),
        weights_block(shape),
    )


def traces_block(shape: Shape) -> Block:
    """Sums over all inputs, as they were when the scenarios were compared and as they are."""
    heads = ("No.", "Inputs", "Unit", "When compared", "Now", "Changed")
    looks = (style.ID, style.BODY, style.MUTED_TEXT, *(style.NUMBER,) * 3)
    columns = tuple(Column(head, look) for head, look in zip(heads, looks, strict=True))
    feet = (Foot("Figures of the inputs that have changed", total="inputs_changed", unit="count"),)
    title = "Inputs when the scenarios were compared"
    return Block("list_traces", title, "", count_of_traces(shape), columns, feet=feet, height=20)


def weights_block(shape: Shape) -> Block:
    """What each row counts in a sum over a column of inputs: the first once, the second twice and so on."""
    numbers = tuple(range(1, count_of_weights(shape) + 1))
    columns = (
        Column("No.", style.ID, values=numbers),
        Column("Weight of each row of inputs", style.BODY),
    )
    return Block("list_weights", "Weights of the rows of inputs", "", len(numbers), columns, height=20)


def rounds_block(shape: Shape) -> Block:
    """Numbers of the rounds, side by side as the rounds stand."""
    numbers = tuple(range(1, shape.count("round") + 1))
    columns = (
        Column("No.", style.ID, values=(1,)),
        Column("Rounds", style.BODY, values=(shape.say("Number of the round"),)),
        Column("Id", style.MUTED_TEXT),
        *(Column("", style.BODY),) * 3,
        Column("Source", style.MUTED_TEXT, values=(shape.say("list above"),)),
    )
    series = Series("round", style.NUMBER, register="round_place", column=4, values=(numbers,))
    return Block("list_rounds", "Numbers of the rounds", "", 1, columns, (series,), height=20)


def questionnaire(shape: Shape) -> tuple[Block, ...]:
    """Facts of the questions: domain and weight of each row, advice, and what programmes are asked."""
    return asked_block(shape), band_block(shape), advice_block(shape)


def asked_block(shape: Shape) -> Block:
    items, places = shape.plan.catalogue.items, {id: n for n, id in enumerate(shape.assessed, 1)}
    rows = shape.asked_rows
    questions = [row.question for row in rows if row.question]
    domains = shape.plan.catalogue.domains
    advised = [
        q if q and domains[row.domain].band == "foundation" else None for row, q in zip(rows, questions, strict=False)
    ]
    columns = (
        Column("No.", style.ID, quantity="question_place", values=tuple(range(1, len(rows) + 1))),
        Column("Question", style.BODY, values=(None,)),
        Column("Id", style.MUTED_TEXT, values=tuple(row.id for row in rows)),
        Column("Domain", style.NUMBER, quantity="question_domain", values=tuple(places[row.domain] for row in rows)),
        Column("Asked", style.NUMBER, quantity="is_asked", values=(1,) * len(questions)),
        Column("Must-have", style.NUMBER, quantity="must_have", values=tuple(int(q.must) for q in questions)),
        Column("Advice", style.MUTED_TEXT.but(wrap=False), quantity="question_advice",
               values=tuple(q.advice if q else None for q in advised)),
        Column("Catalogue items that pay for it", style.MUTED_TEXT.but(wrap=False), quantity="question_items",
               values=tuple("; ".join(items[i].label for i in q.items) if q else None for q in advised)),
        Column("Question of the band", style.NUMBER, quantity="band_question", values=(0,) * len(questions)),
    )  # fmt: skip
    return Block("list_asked", "Questions as they are asked", "asked", len(rows), columns, height=20)


def band_block(shape: Shape) -> Block:
    """What a programme is asked, by its kind of data; as many rows for each kind."""
    catalogue = shape.plan.catalogue
    most, kinds = catalogue.most_band_questions, catalogue.lists["programme_bands"].ids
    own = {kind: catalogue.band_questions(kind) for kind in kinds}
    rows: list[Question | None] = []
    for kind in kinds:
        rows += [*own[kind], *[None] * (most - len(own[kind]))]
    columns = (
        Column("No.", style.ID, quantity="band_questions.number", values=tuple(range(1, len(rows) + 1))),
        Column("Question", style.BODY, quantity="band_questions.text", values=tuple(q.text if q else None for q in rows)),
        Column("Id", style.MUTED_TEXT, values=tuple(q.id if q else None for q in rows)),
        Column("Asked", style.NUMBER, quantity="band_questions.asked", values=tuple(int(bool(q)) for q in rows)),
        Column("Must-have", style.NUMBER, quantity="band_questions.must", values=tuple(int(bool(q and q.must)) for q in rows)),
        Column("", style.BODY),
        Column("Ask for", style.MUTED_TEXT.but(wrap=False), quantity="band_questions.evidence",
               values=tuple(q.evidence if q else None for q in rows)),
    )  # fmt: skip
    return Block("list_band_questions", "Questions of a programme, by its kind of data", "band_questions", len(rows),
                 columns, height=20)  # fmt: skip


def advice_block(shape: Shape) -> Block:
    ranks = [(domain, rank) for domain in range(1, shape.count("foundations") + 1) for rank in range(1, ADVICE + 1)]
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(ranks) + 1))),
        Column("Advice", style.BODY, values=(shape.say("Advice for a foundational domain"),) * len(ranks)),
        Column("Id", style.MUTED_TEXT),
        Column("Domain", style.NUMBER, quantity="advice_domain", values=tuple(domain for domain, _ in ranks)),
        Column("Rank", style.NUMBER, quantity="advice_number", values=tuple(rank for _, rank in ranks)),
    )
    return Block("list_advice", "Places for advice", "advice", len(ranks), columns, height=20)


DEMANDS = (
    ("required_level", "Level required by each gate (place in the list of levels)", ("required",)),
    ("preferred_level", "Level preferred by each gate, at least the required one", ("required", "preferred")),
)


def list_block(shape: Shape, found: List) -> Block:
    source = shape.plan.catalogue.sources[found.source].title
    values = [entry_values(shape, found, quantity) for quantity in VALUES.get(found.id, ())]
    blank = Column("", style.BODY)
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(found.entries) + 1))),
        Column(
            found.label, style.BODY, quantity=f"list:{found.id}", values=tuple(entry.label for entry in found.entries)
        ),
        Column("Id", style.MUTED_TEXT, values=found.ids),
        *values,
        *(blank,) * (3 - len(values)),
        Column("Source", style.MUTED_TEXT, values=(source,) * len(found.entries)),
    )
    return Block(f"list_{found.id}", found.label, found.id, len(found.entries), columns, height=20)


def entry_values(shape: Shape, found: List, quantity: str) -> Column:
    if quantity == "load_addition":
        additions = shape.plan.catalogue.lists["additions"].ids
        added = tuple(additions.index(entry.adds) + 1 for entry in found.entries)
        return Column("Adds", style.NUMBER, quantity=quantity, values=added)
    if quantity == "base_criterion":
        places = shape.plan.places["categories"]
        values: tuple[object, ...] = tuple(places.get(entry.criterion or "", ">=0") for entry in found.entries)
        return Column("Categories", style.NUMBER, quantity=quantity, values=values)
    if found.id == "change_kinds":
        return changed_facts(shape, quantity)
    numbers = tuple(entry.values[KEYS[quantity]] for entry in found.entries)
    return Column(KEYS[quantity].replace("_", " "), style.NUMBER, quantity=quantity, values=numbers)


def changed_facts(shape: Shape, quantity: str) -> Column:
    """For each kind of change: the number of the table that its rows are chosen from, and the sheet that holds it."""
    rows = [change.rows for change in CHANGES.values()]
    if quantity == "changed_table":
        numbers = tuple(tuple(CHANGED_TABLES).index(of) + 1 if of else 0 for of in rows)
        return Column("Table", style.NUMBER, quantity=quantity, values=numbers)
    titles = tuple(shape.say(CHANGED_TABLES[of]) if of else shape.say("Whole plan") for of in rows)
    return Column("Sheet", style.MUTED_TEXT, quantity=quantity, values=titles)


def areas_block(shape: Shape) -> Block:
    catalogue = shape.plan.catalogue
    fixed: tuple[Domain | Area, ...] = (*catalogue.band_domains("foundation"), *catalogue.areas.values())
    ids = (*(area.id for area in fixed), *shape.ids("programmes"))
    count = shape.count("areas")
    foundations = shape.plan.key_ids("foundation")
    leading = foundations.index(catalogue.leading_domain) + 1
    levels = tuple(foundations.index(id) + 1 if id in foundations else leading for id in ids)
    columns = (
        Column("No.", style.ID, values=tuple(range(1, count + 1))),
        Column("Areas of cost", style.BODY, quantity="list:areas", values=tuple(area.label for area in fixed)),
        Column("Id", style.MUTED_TEXT, values=ids),
        Column("Level of", style.NUMBER, quantity="area_domain", values=levels),
        Column("Kind of work", style.NUMBER, quantity="area_kind", values=(1,) * len(fixed)),
        Column("", style.BODY),
        Column("Source", style.MUTED_TEXT, values=tuple(catalogue.sources[area.source].title for area in fixed)),
    )
    return Block("list_areas", "Areas of cost", "areas", count, columns, height=20, guarded=True)


def demand_block(shape: Shape, quantity: str, label: str, strengths: tuple[str, ...]) -> Block:
    catalogue = shape.plan.catalogue
    foundations, gates = catalogue.band_domains("foundation"), tuple(catalogue.gates.values())
    values = tuple(tuple(catalogue.demanded(gate, domain, strengths) for gate in gates) for domain in foundations)
    source = catalogue.sources[gates[0].source].title
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(foundations) + 1))),
        Column("Foundational domain", style.BODY, values=tuple(domain.label for domain in foundations)),
        Column("Id", style.MUTED_TEXT, values=tuple(domain.id for domain in foundations)),
        *(Column("", style.BODY),) * max(3, len(gates)),
        Column("Source", style.MUTED_TEXT, values=(source,) * len(foundations)),
    )
    heads = tuple(gate.label for gate in gates)
    series = Series("gate", style.NUMBER, register=quantity, column=4, heads=heads, values=values)
    return Block(f"list_{quantity}", label, "foundations", len(foundations), columns, (series,), height=20)


FACTS = {
    "yes": "Place of Yes",
    "place_of_no": "Place of No",
    "place_of_partly": "Place of Partly",
    "highest_level": "Highest maturity level",
}


def fact_values(shape: Shape) -> tuple[int, ...]:
    places = shape.plan.places
    answers = places["answers"]
    return places["yes_no"]["yes"], answers["no"], answers["partly"], len(places["levels"])


def facts_block(shape: Shape) -> Block:
    facts = tuple(shape.plan.catalogue.constants.values())
    blank = Column("", style.BODY)
    units = shape.plan.catalogue.units
    columns = (
        Column("No.", style.ID, values=tuple(range(1, len(facts) + 1 + len(FACTS)))),
        Column(
            "Plan-wide fact",
            style.BODY,
            values=(*(fact.label for fact in facts), *map(shape.say, FACTS.values())),
        ),
        Column(
            "Unit",
            style.MUTED_TEXT,
            values=(*(units[fact.unit].label for fact in facts), *(units["place"].label,) * len(FACTS)),
        ),
        Column(
            "Value",
            style.NUMBER,
            values=(*(f.value for f in facts), *fact_values(shape)),
        ),
        blank,
        blank,
        Column(
            "Source",
            style.MUTED_TEXT,
            values=(
                *(shape.plan.catalogue.sources[f.source].title for f in facts),
                *(shape.say("list above"),) * len(FACTS),
            ),
        ),
    )
    return Block("list_facts", "Plan-wide facts", "", len(facts) + len(FACTS), columns, height=20)


def place(layout: Layout) -> None:
    first = layout.starts["list_facts"] + 1
    traced = layout.starts["list_traces"] + 1
    layout.places["input_changed"] = Place("lists", traced, 6, count_of_traces(layout.shape), 1, Axis("traces"))
    weights = count_of_weights(layout.shape)
    layout.places["row_weight"] = Place("lists", layout.starts["list_weights"] + 1, 1, weights, 1, Axis("weights"))
    for number, id in enumerate((*layout.shape.plan.catalogue.constants, *FACTS)):
        layout.places[id] = Place("lists", first + number, 4)


def draw(canvas: Canvas) -> None:
    layout = canvas.layout
    first, programmes = layout.places["list:areas"].row, layout.places["programmes.label"]
    fixed = layout.shape.count("areas") - layout.shape.count("programmes")
    for number in range(layout.shape.count("programmes")):
        name = f"'{layout.title('programmes')}'!$B${programmes.row + number}"
        canvas.formula(first + fixed + number, 2, f'IF({name}="","",{name})', style.BODY)
        band = canvas.refs().at("programme_gate", number)
        canvas.formula(first + fixed + number, 5, f"IF(ISNUMBER({band}),{band}+1,1)", style.NUMBER)
    draw_programme_questions(canvas)
    draw_traces(canvas)
    last = layout.starts["list_rounds"]
    grow_rows(canvas, 6, last, 20, 10)
    last_column = max(9, 4 + layout.shape.count("gate"))
    set_page(canvas, last_column, layout.starts["list_weights"] + count_of_weights(layout.shape))


def draw_traces(canvas: Canvas) -> None:
    """What was typed, in sums that are compared with themselves; words are compared as they are."""
    first, refs = canvas.layout.starts["list_traces"] + 1, canvas.refs()
    found = tuple(traces(canvas.layout, refs))
    for row, trace in enumerate(found, first):
        canvas.put(row, 2, trace.label, style.BODY)
        column, look = (4, style.NUMBER) if isinstance(trace.stored, float) else (7, style.MUTED_TEXT)
        canvas.put(row, column, trace.stored if trace.stored != "" else None, look)
        canvas.formula(row, column + 1, trace.formula, look)
    numbers = sum(1 for trace in found if isinstance(trace.stored, float))
    for start, count in ((first, numbers), (first + numbers, len(found) - numbers)):
        one, other = (f"${letter}{MARK}{start}{MARK}" for letter in ("DE" if start == first else "GH"))
        near = f"ABS({one}-{other})<={refs.here('trace_tolerance')}*ABS({one})"
        same = near if start == first else f"{one}={other}"
        part = Block("list_traces", "", "", count, ())
        fill_rows(canvas, part, [f"IF({same},0,1)"], 6, start, style.NUMBER)


def draw_programme_questions(canvas: Canvas) -> None:
    """Which question of its kind of data stands in each row of a programme; 0 while the kind is not chosen."""
    refs, rows = canvas.refs(), canvas.layout.shape.asked_rows
    ids, first = canvas.layout.shape.ids("programmes"), canvas.layout.starts["list_asked"] + 1
    for number, row in enumerate(rows):
        if row.question:
            continue
        band, slot = refs.at("programme_gate", ids.index(row.domain)), refs.at("band_questions.number", row.slot - 1)
        per_band = refs.column("band_questions.text")
        each = f"ROWS({per_band})/COUNTA({refs.list_range('programme_bands')})"
        canvas.formula(first + number, 9, f"IF(ISNUMBER({band}),({band}-1)*{each}+{slot},0)", style.NUMBER)
        place = refs.at("band_question", number)
        for column, key in ((5, "asked"), (6, "must")):
            value = f"INDEX({refs.column(f'band_questions.{key}')},{place})"
            canvas.formula(first + number, column, f"IF({place}>0,{value},0)", style.NUMBER)
