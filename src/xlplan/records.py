"""Frozen records: what the templates hold, as the code sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Axis(NamedTuple):
    """Where a quantity lives: one value per row of a table, per column, both, or once for the plan."""

    rows: str | None = None
    columns: str | None = None


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; ``reason`` is given where the choice is ours."""

    id: str
    title: str
    publisher: str = ""
    address: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit of quantities; ``of`` says whether a planner may choose it for a cost line."""

    id: str
    label: str
    of: str
    source: str


@dataclass(frozen=True)
class Entry:
    """One entry of a closed list; ``values`` are the numbers that rules read of it."""

    id: str
    label: str
    values: Mapping[str, float]
    criterion: str | None = None


@dataclass(frozen=True)
class List:
    """A closed list that a drop-down offers; its order is meaning where ``ordered``."""

    id: str
    label: str
    entries: tuple[Entry, ...]
    source: str
    ordered: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(entry.id for entry in self.entries)


@dataclass(frozen=True)
class Domain:
    """A domain of the maturity profile."""

    id: str
    label: str
    band: str
    source: str


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
    """Two quantities that must agree, or one that must be zero."""

    id: str
    label: str
    left: str
    grade: str
    remedy: str
    sheet: str
    source: str
    right: str = ""
    tolerance: str = ""
    flag: str = ""


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
    """A table of inputs; ``single`` has one row, ``pairs`` one row per pair of other ids.

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
    pairs: tuple[str, ...] = ()

    def field(self, id: str) -> Field:
        return next(field for field in self.fields if field.id == id)


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

    def band_domains(self, band: str) -> tuple[Domain, ...]:
        return tuple(domain for domain in self.domains.values() if domain.band == band)

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
