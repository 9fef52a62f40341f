"""The document as one HTML page that needs nothing else: no script, no font, no address."""

from base64 import b64encode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xlplan.catalogue import templates_folder
from xlplan.report.content import Chart, Document
from xlplan.report.drawing import picture
from xlplan.words import Words

TEMPLATE = "report.html"


def page(document: Document, say: Words) -> str:
    """The page; what planners typed is escaped. Raises ``jinja2.TemplateError`` for a template that is damaged."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["picture"] = address
    environment.tests["kind"] = lambda block, name: type(block).__name__ in name.split()
    return environment.get_template(TEMPLATE).render(document=document, say=say)


def address(chart: Chart) -> str:
    """The picture of a chart as an address that holds it."""
    return f"data:image/svg+xml;base64,{b64encode(picture(chart, 'svg')).decode()}"
