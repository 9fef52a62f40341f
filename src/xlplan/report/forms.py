"""The forms a document can take, by the ending of its file."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from xlplan.problems import Problem, refuse
from xlplan.report.content import Document
from xlplan.words import Words

LIBRARIES = {"docx": "python-docx", "jinja2": "jinja2", "matplotlib": "matplotlib"}


def refuse_missing_libraries() -> None:
    """Raise ``PlanError`` where the libraries of reports are not installed."""
    missing = [name for module, name in LIBRARIES.items() if find_spec(module) is None]
    remedy = 'install the libraries of reports: pip install "xlplan[report]"'
    refuse(Problem("xlplan", f"no {name}", "it beside xlplan", remedy) for name in missing)


def to_html(document: Document, say: Words) -> bytes:
    from xlplan.report.html import page

    return page(document, say).encode()


def to_word(document: Document, say: Words) -> bytes:
    from xlplan.report.word import word_file

    return word_file(document, say)


def to_pdf(document: Document, say: Words) -> bytes:
    from xlplan.report.html import page
    from xlplan.report.pdf import pdf

    return pdf(page(document, say), lambda: to_word(document, say))


FORMS: Mapping[str, Callable[[Document, Words], bytes]] = {".html": to_html, ".docx": to_word, ".pdf": to_pdf}
