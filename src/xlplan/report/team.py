"""Documents about the core team: terms of reference of a role, and the capacity building plan."""

from xlplan.plan import Plan, Row
from xlplan.problems import refuse
from xlplan.records import Role
from xlplan.report.content import Block, Bullets, Cell, Column, Document, Section, Table, Text
from xlplan.report.effort import effort, facts, line_name, numbered, units
from xlplan.report.scope import ASSISTANCE, TEMPLATE, background, completing, reading, unknown
from xlplan.report.view import View

POST = (
    "Grade, salary and start of the post",
    "Place of work, and whom the post reports to",
    "Education and years of experience that are asked for",
    "How and until when to apply",
)
PLAN = (
    "Names of the members and of their mentors",
    "Scores of the skills assessment and the date of each activity",
    "Who approves the plan, and when it is reviewed",
)


def terms_of(plan: Plan, role: str) -> Document:
    """Terms of reference for a role in or around the core team. Raises ``PlanError`` for an unknown role."""
    roles = plan.catalogue.roles
    refuse([unknown("role", role, roles)] if role not in roles else ())
    view, found = View(plan.evaluate()), roles[role]
    lines = lines_for(view, found)
    area = plan.catalogue.leading_domain
    chapters = (
        background(view, area),
        Section("tasks", view.say("Tasks"), (Text(f"{found.tasks}."),)),
        Section("time", view.say("Time"), (Text(f"{found.time}."),)),
        Section("competences", view.say("Competences"), competences(view, found)),
        Section("effort", view.say("Posts in the plan"), effort(view, lines)),
        Section("learning", view.say("Learning"), learning(view)),
        completing(view, POST),
        reading(view, area),
    )
    kind = view.say("Terms of reference")
    return Document(kind, found.label, plan.language, facts(view, lines), chapters, TEMPLATE)


def lines_for(view: View, role: Role) -> list[tuple[int, Row]]:
    """Cost lines made of the catalogue items that pay for the role."""
    return [(number, row) for number, row in numbered(view) if row.get("item") in role.items]


def competences(view: View, role: Role) -> tuple[Block, ...]:
    none = Text(view.say("The documentation names none: for the ministry to say."))
    return (Bullets(role.competences),) if role.competences else (none,)


def learning(view: View) -> tuple[Block, ...]:
    """What the post gives and takes for skills to stay in the country."""
    owed, plan = view.plan.catalogue.scopes["all"], view.plan.catalogue.scopes["capacity"]
    return (Text(plan.objective), Text(owed.objective))


def capacity_plan(plan: Plan) -> Document:
    """Capacity building plan of the core team: roles, skills to assess, activities in the plan and what they cost."""
    view = View(plan.evaluate())
    area, scope = plan.catalogue.leading_domain, plan.catalogue.scopes["capacity"]
    posts = {item for role in plan.catalogue.roles.values() if role.group == "core" for item in role.items}
    lines = [(n, row) for n, row in numbered(view) if row.get("area") == area and row.get("item") not in posts]
    chapters = (
        background(view, area),
        Section("objective", view.say("Objective"), (Text(scope.objective),)),
        Section("tasks", view.say("Tasks"), (Bullets(scope.tasks),)),
        Section("roles", view.say("Roles and posts"), (roles(view),)),
        Section("skills", view.say("Skills to assess"), skills(view)),
        Section("effort", view.say("Activities in the plan"), activities(view, lines)),
        Section("days", view.say("Days of the core team"), (days(view),)),
        Section("assistance", view.say("Assistance from which the team learns"), assistance(view)),
        Section("deliverables", view.say("Deliverables"), (Bullets(scope.deliverables),)),
        completing(view, PLAN),
        reading(view, area),
    )
    title = plan.labels["areas"][area]
    return Document(view.say("Capacity building plan"), title, plan.language, facts(view, lines), chapters, TEMPLATE)


def core_roles(view: View) -> tuple[Role, ...]:
    return tuple(role for role in view.plan.catalogue.roles.values() if role.group == "core")


def roles(view: View) -> Table:
    """Roles of the core team with the cost lines that pay for them."""
    columns = tuple(Column(view.say(head)) for head in ("Role", "Tasks", "Time", "Budget lines"))
    rows = tuple(
        (
            Cell(role.label),
            Cell(role.tasks),
            Cell(role.time),
            Cell("; ".join(line_name(row) for _, row in lines_for(view, role)) or view.say("none")),
        )
        for role in core_roles(view)
    )
    return Table(view.say("Roles of the core team"), columns, rows)


def skills(view: View) -> tuple[Block, ...]:
    """A form: each role with its competences, to be scored."""
    heads = ("Role", "Competence", "Score today, 0 to 3", "Score wanted", "How", "By when")
    columns = tuple(Column(view.say(head)) for head in heads)
    rows = tuple(
        (Cell(role.label), Cell(skill), *(Cell(""),) * 4) for role in core_roles(view) for skill in role.competences
    )
    how = Text(view.say("One row for each member and competence, scored from 0 to 3."))
    return (how, Table(view.say("Form of the skills assessment"), columns, rows))


def activities(view: View, lines: list[tuple[int, Row]]) -> tuple[Block, ...]:
    costs = (summary(view, view.say("Activities and their cost"), lines),) if lines else ()
    return (*costs, *effort(view, lines))


def summary(view: View, caption: str, lines: list[tuple[int, Row]]) -> Table:
    """Lines with quantity and cost over the whole plan."""
    columns = (
        Column(view.say("Budget line")),
        Column(view.say("Quantity"), "number"),
        Column(view.say("Unit")),
        Column(view.say("Cost, {currency}").format(currency=view.currency), "number"),
    )
    values = view.results.values
    rows = [
        (
            Cell(line_name(row)),
            Cell(view.figures.typed(values["units_bought"][number].sum(), 2)),
            Cell(units(view, row)),
            Cell(view.money(values["line_cost"][number, 0])),
        )
        for number, row in lines
    ]
    total = view.money(sum(float(values["line_cost"][number, 0]) for number, _ in lines))
    rows.append((Cell(view.say("Total")), Cell(""), Cell(""), Cell(total)))
    return Table(caption, columns, tuple(rows), frozenset({len(rows) - 1}))


def days(view: View) -> Table:
    """Posts of the core team, the days that lines take, and the days left, by year."""
    quantities = ("team_posts", "team_days_available", "team_days_needed", "team_days_left")
    columns = (Column(view.say("Year")), *(Column(view.label(id), "number") for id in quantities))
    values = [view.results.values[id].ravel() for id in quantities]
    rows = tuple(
        (Cell(str(year)), *(Cell(view.figures.typed(row[n], 2)) for row in values))
        for n, year in enumerate(view.plan.budget_years)
    )
    return Table(view.say("Days of the core team by year"), columns, rows)


def assistance(view: View) -> tuple[Block, ...]:
    """Technical assistance of every domain for which core-team days are set aside."""
    given = view.results.values["line_days"]
    lines = [(n, row) for n, row in numbered(view) if row.get("category") == ASSISTANCE and given[n, 0] > 0]
    none = Text(view.say("No technical assistance has core-team days yet: enter them on Costs."))
    return (summary(view, view.say("Technical assistance with core-team days"), lines),) if lines else (none,)
