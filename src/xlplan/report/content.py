"""What a document says, before it has a form: sections of texts, tables with finished figures, and charts."""

from dataclasses import dataclass
from typing import TypeAlias

TONES = ("bad", "fair", "good", "unknown")
"""What a word means for the reader; a form may support it by colour, the word itself always stands."""


@dataclass(frozen=True)
class Cell:
    """A finished text of a table, with its tone."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and whether it holds text, figures or short words."""

    head: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """Rows under one heading each; the first column names the row, ``strong`` rows are totals (numbers from 0)."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Short texts below each other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Callout:
    """A sentence that must not be missed."""

    text: str
    tone: str = "unknown"


@dataclass(frozen=True)
class Series:
    """One quantity of a chart: its name, one value for each label, its colour (six hexadecimal digits)."""

    name: str
    values: tuple[float, ...]
    color: str


@dataclass(frozen=True)
class Bars:
    """Stacked columns, one for each label; ``alternative`` says every figure for those who do not see them."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    alternative: str
    decimal_point: str = "."


@dataclass(frozen=True)
class Ladder:
    """One bar for each label on a scale of named steps; a place of 0 is unknown."""

    title: str
    labels: tuple[str, ...]
    places: tuple[int, ...]
    steps: tuple[str, ...]
    unknown: str
    alternative: str


@dataclass(frozen=True)
class Heading:
    """Begins a part of a section."""

    text: str


Chart: TypeAlias = Bars | Ladder
Block: TypeAlias = Heading | Text | Bullets | Callout | Table | Bars | Ladder


@dataclass(frozen=True)
class Section:
    """A chapter; ``id`` stands for it in templates and addresses."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fact:
    """What a document says about itself."""

    label: str
    text: str


@dataclass(frozen=True)
class Document:
    """A whole document in one language; ``template`` is the Word file that gives it its form."""

    kind: str
    title: str
    language: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    template: str = "report.docx"
