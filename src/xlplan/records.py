"""Frozen records: what the templates hold, as the code sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from xlplan.words import Words


class Axis(NamedTuple):
    """Where a quantity lives: one value per row of a table, per column, both, or once for the plan."""

    rows: str | None = None
    columns: str | None = None


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; ``reason`` is given where the choice is ours.

    An ``untried`` address was formed from the menu of the site and not opened.
    """

    id: str
    title: str
    publisher: str = ""
    address: str = ""
    reason: str = ""
    untried: bool = False


@dataclass(frozen=True)
class Unit:
    """A unit of quantities; ``of`` says whether a planner may choose it for a cost line."""

    id: str
    label: str
    of: str
    source: str


@dataclass(frozen=True)
class Entry:
    """One entry of a closed list; ``values`` are the numbers that rules read of it.

    ``adds`` is what of a programme's additions weighs on it.
    """

    id: str
    label: str
    values: Mapping[str, float]
    criterion: str | None = None
    adds: str = ""


@dataclass(frozen=True)
class List:
    """A closed list that a drop-down offers; its order is meaning where ``ordered``."""

    id: str
    label: str
    entries: tuple[Entry, ...]
    source: str
    ordered: bool = False

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(entry.id for entry in self.entries)


@dataclass(frozen=True)
class Wording:
    """What a pack says in its ``own`` words instead of a text of the ``base``, in every place where it stands."""

    base: str
    own: str

    @property
    def id(self) -> str:
        """The text itself: it can have one other wording only."""
        return self.base


@dataclass(frozen=True)
class Domain:
    """A domain of the maturity profile; assistance in areas that are no foundation follows the ``leading`` one."""

    id: str
    label: str
    band: str
    source: str
    leading: bool = False


@dataclass(frozen=True)
class Band:
    """A group of domains; ``gate`` opens for new work in it."""

    id: str
    label: str
    source: str
    gate: str = ""


@dataclass(frozen=True)
class Area:
    """Something costs can belong to beside domains and programmes."""

    id: str
    label: str
    source: str


@dataclass(frozen=True)
class Criterion:
    """One demand of a gate on the domains of a band, or on one of them."""

    band: str
    level: str
    strength: str
    domain: str = ""


@dataclass(frozen=True)
class Gate:
    """What the foundations must show before new work starts."""

    id: str
    label: str
    source: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Constant:
    """A plan-wide number that rules read and nobody types."""

    id: str
    label: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Check:
    """Two quantities that must agree, or one that must be zero; ``field`` names the input in which it is mended."""

    id: str
    label: str
    left: str
    grade: str
    remedy: str
    field: str
    source: str
    right: str = ""
    tolerance: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Item:
    """A cost item that the guidance names: what a cost line may be made of.

    ``units`` and ``quantities`` stand in the order of its factors, a quantity of 0 is for the planner to say;
    ``tail`` are the items that continue a one-off, or ``waiver`` says why none does; ``requires`` are items that come
    first, where the guidance states that order. What ``renews`` is a contract, a licence or an audit that somebody has
    to order again.
    """

    id: str
    label: str
    area: str
    category: str
    nature: str
    source: str
    every: int = 1
    units: tuple[str, ...] = ()
    quantities: tuple[float, ...] = ()
    driver: str = ""
    useful_life: float = 0
    loss_rate: float = 0
    taper: bool = False
    tail: tuple[str, ...] = ()
    waiver: str = ""
    renews: bool = False
    head: str = ""
    grouping: str = ""
    approaches: tuple[str, ...] = ()
    covers: str = ""
    requires: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class StandardDriver:
    """A series that quantities commonly grow with."""

    id: str
    label: str
    unit: str
    source: str


@dataclass(frozen=True)
class Question:
    """One question of the maturity assessment: of a foundational domain, or of every use domain of a band.

    ``advice`` says what to do where the answer is not Yes, ``items`` what then costs money.
    """

    id: str
    text: str
    evidence: str
    advice: str
    source: str
    domain: str = ""
    band: str = ""
    must: bool = False
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guidance:
    """What the documentation says about a domain or band, what to budget, and where to read more."""

    id: str
    text: str
    budget: str
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A resource beside the pages of the documentation; ``replaces`` names the dead reference it stands for.

    An ``untried`` address was formed from the menu of the site and not opened.
    """

    id: str
    title: str
    address: str
    replaces: str = ""
    untried: bool = False


@dataclass(frozen=True)
class Role:
    """A role in or around the core team; ``items`` of the catalogue pay for it."""

    id: str
    label: str
    group: str
    tasks: str
    time: str
    competences: tuple[str, ...]
    source: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What technical assistance in a domain, band or area is asked to do, and what it leaves behind.

    ``all`` is what every assistance owes the core team, ``capacity`` the capacity building plan.
    """

    id: str
    objective: str
    tasks: tuple[str, ...]
    deliverables: tuple[str, ...]
    source: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class HostingOption:
    """A way to host: who does what, what it costs money for, what can go wrong."""

    id: str
    label: str
    who: str
    budget: str
    risks: str
    source: str


@dataclass(frozen=True)
class Burden:
    """What new work weakens in the foundations, and how to measure it."""

    id: str
    label: str
    weakens: str
    why: str
    measure: str
    source: str


@dataclass(frozen=True)
class Field:
    """Something a planner can type: its kind, bounds and words."""

    id: str
    table: str
    label: str
    kind: str
    unit: str
    prompt: str
    source: str
    list: str = ""
    quantity: str = ""
    by: str = ""
    required: bool = False
    key: bool = False
    minimum: float = 0
    maximum: float = 1e15

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "whole", "year", "share")


@dataclass(frozen=True)
class Table:
    """A table of inputs; ``single`` has one row, ``keys`` one row per other id, or pair of them.

    A workbook has at least ``rows`` rows for it, and ``spare`` more than are filled.
    """

    id: str
    label: str
    fields: tuple[Field, ...]
    source: str
    prefix: str = ""
    rows: int = 0
    spare: int = 0
    single: bool = False
    keys: tuple[str, ...] = ()

    def field(self, id: str) -> Field:
        """A field by its id. Raises ``KeyError`` where there is none."""
        return self.by_id[id]

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        return {field.id: field for field in self.fields}


@dataclass(frozen=True)
class Catalogue:
    """All facts of a template pack."""

    sources: Mapping[str, Source]
    units: Mapping[str, Unit]
    lists: Mapping[str, List]
    bands: Mapping[str, Band]
    domains: Mapping[str, Domain]
    areas: Mapping[str, Area]
    gates: Mapping[str, Gate]
    constants: Mapping[str, Constant]
    checks: Mapping[str, Check]
    tables: Mapping[str, Table]
    items: Mapping[str, Item] = field(default_factory=dict)
    drivers: Mapping[str, StandardDriver] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    hosting: Mapping[str, HostingOption] = field(default_factory=dict)
    burdens: Mapping[str, Burden] = field(default_factory=dict)
    template: str = "dhis2"
    say: Words = field(default_factory=Words)

    def band_domains(self, band: str) -> tuple[Domain, ...]:
        return tuple(domain for domain in self.domains.values() if domain.band == band)

    def band_questions(self, band: str) -> tuple[Question, ...]:
        """Questions of every domain or programme of a band; none for a programme whose kind is not chosen."""
        return tuple(question for question in self.questions.values() if band and question.band == band)

    @property
    def leading_domain(self) -> str:
        """Foundational domain whose level decides how much assistance other areas still need."""
        foundations = self.band_domains("foundation")
        return next((domain.id for domain in foundations if domain.leading), foundations[0].id)

    @property
    def most_band_questions(self) -> int:
        """The largest number of questions that a use domain has."""
        bands = [question.band for question in self.questions.values() if question.band]
        return max((bands.count(band) for band in bands), default=0)

    def level_place(self, level: str) -> int:
        return self.lists["levels"].ids.index(level) + 1

    def demanded(self, gate: Gate, domain: Domain, strengths: tuple[str, ...]) -> int:
        """Place of the highest level that the gate's criteria of these strengths ask of the domain; 0 for none."""
        asked = (
            self.level_place(c.level)
            for c in gate.criteria
            if c.strength in strengths and c.band == domain.band and c.domain in ("", domain.id)
        )
        return max(asked, default=0)
