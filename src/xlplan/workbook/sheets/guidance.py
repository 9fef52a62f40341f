"""Guidance: what the documentation says about each domain, what to budget, where to read more, roles, hosting."""

from openpyxl.worksheet.hyperlink import Hyperlink

from xlplan.records import Guidance, Link, Source
from xlplan.workbook import style
from xlplan.workbook.canvas import Canvas
from xlplan.workbook.layout import HEAD_ROW, Block, Shape, Sheet
from xlplan.workbook.page import grow_rows, set_page

SHEET = Sheet(
    "guidance",
    "Guidance",
    "What the DHIS2 documentation says about each domain, in our words, what to budget, and where to read more.",
    "about",
    (30, 62, 44, 44, 52),
    freeze="B6",
)
UNTRIED = " *"


def blocks(_shape: Shape) -> tuple[Block, ...]:
    return ()


def draw(canvas: Canvas) -> None:
    catalogue = canvas.book_plan.catalogue
    row = heads(
        canvas, HEAD_ROW, ("Domain", "What it is about", "What to budget", "Pages of the documentation", "More")
    )
    for guidance in catalogue.guidance.values():
        row = draw_domain(canvas, row, guidance)
    canvas.put(row, 1, canvas.say("* address formed from the menu of the site, not tried"), style.PURPOSE)
    row = section(
        canvas, row + 2, "Roles in and around the core team", ("Role", "Tasks", "Time", "Competences", "Kind")
    )
    for role in catalogue.roles.values():
        row = texts(canvas, row, (role.label, role.tasks, role.time, "; ".join(role.competences), role.group))
    row = section(canvas, row + 1, "Ways to host", ("Option", "Who does what", "What it costs money for", "Risks", ""))
    for option in catalogue.hosting.values():
        row = texts(canvas, row, (option.label, option.who, option.budget, option.risks, ""))
    row = section(canvas, row + 1, "What new work loads on the foundations",
                  ("New work", "Why", "How to measure it", "What it weakens first", ""))  # fmt: skip
    for burden in catalogue.burdens.values():
        row = texts(canvas, row, (burden.label, burden.why, burden.measure, burden.weakens, ""))
    set_page(canvas, 5, row - 1)


def heads(canvas: Canvas, row: int, words: tuple[str, ...]) -> int:
    for column, word in enumerate(words, 1):
        canvas.put(row, column, canvas.say(word), style.HEAD)
    canvas.ws.row_dimensions[row].height = 34
    return row + 1


def section(canvas: Canvas, row: int, title: str, words: tuple[str, ...]) -> int:
    canvas.put(row, 1, canvas.say(title), style.SECTION)
    canvas.ws.row_dimensions[row].height = 26
    return heads(canvas, row + 1, words)


def texts(canvas: Canvas, row: int, words: tuple[str, ...]) -> int:
    """One row of texts, as high as the longest needs."""
    for column, word in enumerate(words, 1):
        canvas.put(row, column, word, style.BODY.but(wrap=True, bold=column == 1, vertical="top"))
    grow_rows(canvas, row, row)
    return row + 1


def draw_domain(canvas: Canvas, row: int, guidance: Guidance) -> int:
    """Text and budget of a domain, with one link in each row below them."""
    catalogue = canvas.book_plan.catalogue
    labels = {d.id: d.label for d in catalogue.domains.values()} | {b.id: b.label for b in catalogue.bands.values()}
    labels |= {area.id: area.label for area in catalogue.areas.values()}
    pages = [source for source in (catalogue.sources[id] for id in guidance.sources) if source.address]
    links = [catalogue.links[id] for id in guidance.links]
    texts(canvas, row, (labels.get(guidance.id, canvas.say("All domains")), guidance.text, guidance.budget, "", ""))
    count = max(len(pages), len(links), 1)
    for number in range(count):
        if number:
            for column in range(1, 4):
                canvas.put(row, column, None, style.BODY)
        for column, found in ((4, pages), (5, links)):
            put_link(canvas, row, column, found[number] if number < len(found) else None)
        grow_rows(canvas, row, row, 20, 10 if number else 11)
        row += 1
    return row


def put_link(canvas: Canvas, row: int, column: int, found: Source | Link | None) -> None:
    """A link to a page; one that was never opened is marked."""
    look = style.LINKS.but(border="hairline", indent=1, vertical="top", wrap=True)
    if found is None:
        canvas.put(row, column, None, style.BODY)
        return
    cell = canvas.put(row, column, found.title + UNTRIED * found.untried, look)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=found.address)
