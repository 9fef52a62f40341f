"""The document as a Word file, written into a template that a maintainer edits in Word.

In the template, ``{{ name }}`` alone in a paragraph stands for a section, for the facts, or for all sections that have
no place of their own; elsewhere for a text. Every other paragraph is translated. Looks are the styles of the template.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as File
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Inches
from docx.text.paragraph import Paragraph

from xlplan.catalogue import templates_folder
from xlplan.problems import PlanError, Problem, refuse
from xlplan.report.content import Bars, Block, Bullets, Callout, Document, Heading, Ladder, Section, Table, Text
from xlplan.report.drawing import WIDTH, picture
from xlplan.report.wordtable import add_table
from xlplan.words import Words

FIELD = re.compile(r"\{\{ *(\w*) *\}\}")
FIELDS = ("facts", "sections")


def word_file(document: Document, say: Words) -> bytes:
    """The bytes of the document. Raises ``PlanError`` for a template that cannot be read or names what is not there."""
    path = templates_folder() / "report" / document.template
    file = opened(path)
    texts = {"kind": document.kind, "title": document.title}
    parts = placed_sections(file, document)
    refuse_strange_fields(file, path.name, parts, {*texts, *(section.id for section in document.sections), *FIELDS})
    for paragraph in paragraphs(file):
        name = alone(paragraph)
        if name in parts:
            for section in parts[name]:
                write_section(file, paragraph, section)
            remove(paragraph)
        elif name == "facts":
            write_facts(paragraph, document)
        elif not paragraph._p.xpath(".//w:fldChar"):  # noqa: SLF001  page numbers keep their fields
            fill(paragraph, texts, say)
    name_file(file, document)
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def template_texts(template: str) -> tuple[str, ...]:
    """Texts of the template itself, which are translated."""
    found = (paragraph for paragraph in paragraphs(opened(templates_folder() / "report" / template)) if paragraph.runs)
    texts = (p.text for p in found if not FIELD.search(p.text) and not p._p.xpath(".//w:fldChar"))  # noqa: SLF001
    return tuple(text for text in texts if text.strip())


def opened(path: Path) -> File:
    try:
        return docx.Document(str(path))
    except Exception as error:  # python-docx lets errors of zip files, of XML and of its own through
        raise PlanError([Problem(path.name, str(error), "a Word document", "mend the template")]) from error


def paragraphs(file: File) -> list[Paragraph]:
    """Every paragraph of the template: body, then headers and footers."""
    found = list(file.paragraphs)
    for section in file.sections:
        found += [*section.header.paragraphs, *section.footer.paragraphs]
    return found


def alone(paragraph: Paragraph) -> str:
    """The field that fills the paragraph, if one does."""
    match = FIELD.fullmatch(paragraph.text.strip())
    return match[1] if match else ""


def placed_sections(file: File, document: Document) -> dict[str, tuple[Section, ...]]:
    """Which sections each field of the template stands for."""
    asked = {alone(paragraph) for paragraph in file.paragraphs}
    own = {section.id: (section,) for section in document.sections if section.id in asked}
    return own | {"sections": tuple(section for section in document.sections if section.id not in asked)}


def refuse_strange_fields(file: File, name: str, parts: Mapping[str, tuple[Section, ...]], known: set[str]) -> None:
    """Raise ``PlanError`` for fields that nothing fills, and for sections that have no place."""
    found = {field for paragraph in paragraphs(file) for field in FIELD.findall(paragraph.text)}
    problems = [
        Problem(name, f"field {field!r}", f"one of {', '.join(sorted(known))}", "correct it in Word")
        for field in sorted(found - known)
    ]
    if parts["sections"] and "sections" not in found:
        lost = ", ".join(section.id for section in parts["sections"])
        remedy = "add {{ sections }} in Word"
        problems.append(Problem(name, f"no field for {lost}", "a field for every section", remedy))
    refuse(problems)


def fill(paragraph: Paragraph, texts: Mapping[str, str], say: Words) -> None:
    """Replace fields, translate everything else; the look of the first letters holds for the whole paragraph."""
    text = paragraph.text
    if not text.strip() or not paragraph.runs:
        return
    said = say(text) if not FIELD.search(text) else FIELD.sub(lambda match: texts[match[1]], text)
    paragraph.runs[0].text = said
    for run in paragraph.runs[1:]:
        run.text = ""


def write_section(file: File, place: Paragraph, section: Section) -> None:
    place.insert_paragraph_before(section.title, style="Heading 1")
    for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
        write_block(file, place, block)
        if isinstance(block, Text) and isinstance(after, Table | Bars | Ladder):
            preceding(place).paragraph_format.keep_with_next = True


def preceding(place: Paragraph) -> Paragraph:
    """The paragraph just above."""
    return Paragraph(place._p.getprevious(), place._parent)  # noqa: SLF001  python-docx does not look back


def write_block(file: File, place: Paragraph, block: Block) -> None:
    match block:
        case Heading(text):
            place.insert_paragraph_before(text, style="Heading 2")
        case Text(text):
            place.insert_paragraph_before(text)
        case Callout(text, tone):
            place.insert_paragraph_before(text, style=f"Callout {tone}")
        case Bullets(items):
            for item in items:
                place.insert_paragraph_before(item, style="List Bullet")
        case Table(caption):
            place.insert_paragraph_before(caption, style="Caption")
            add_table(file, place, block)
        case Bars() | Ladder():
            write_chart(place, block)


def write_chart(place: Paragraph, chart: Bars | Ladder) -> None:
    """A picture with its title above and its figures as alternative text."""
    place.insert_paragraph_before(chart.title, style="Caption")
    shown = place.insert_paragraph_before().add_run().add_picture(BytesIO(picture(chart, "png")), Inches(WIDTH * 0.85))
    shown._inline.docPr.set("descr", chart.alternative)  # noqa: SLF001  python-docx has no public name for it
    shown._inline.docPr.set("name", chart.title)  # noqa: SLF001


def write_facts(place: Paragraph, document: Document) -> None:
    for fact in document.facts:
        line = place.insert_paragraph_before()
        line.add_run(f"{fact.label}\N{EM SPACE}", style="Word unknown")
        line.add_run(fact.text)
    remove(place)


def remove(paragraph: Paragraph) -> None:
    paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001  python-docx cannot remove


def name_file(file: File, document: Document) -> None:
    """Title and language of the file, for readers of screens and for spelling."""
    file.core_properties.title = document.title
    file.core_properties.language = document.language
    for normal in file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr"):
        for old in normal.findall(qn("w:lang")):
            normal.remove(old)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), document.language)
        normal.append(language)
