"""TOML under ``templates/`` to records; an unknown id, unit, source or word is refused with file and line."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from xlplan import records
from xlplan.packfile import PackFile, Raw, Spot, one_of
from xlplan.problems import Problem, refuse
from xlplan.references import References, refuse_strange_pack
from xlplan.words import LANGUAGES, Words, load_words

FILES = (
    "wording", "sources", "units", "lists", "domains", "gates", "constants", "checks", "fields", "items", "questions",
    "guidance",
)  # fmt: skip
MERGED = ("sources", "lists")
"""Files to which a pack adds; every other file of a pack stands for that of the base."""

TEMPLATE = "dhis2"
SPOKEN = (
    "label", "prompt", "remedy", "reason", "text", "evidence", "advice", "budget", "group", "tasks", "time",
    "competences", "objective", "deliverables", "who", "risks", "weakens", "why", "measure", "note", "waiver",
)  # fmt: skip
"""Keys whose texts people read; each is given in the language of the workbook."""

KINDS = ("number", "whole", "year", "share", "text", "date", "choice")
SERIES = ("year", "funder", "round", "addition", "scenario")
KEYS = ("domain", "foundation", "question", "round", "level", "head", "option", "load")
"""Rows that are known beforehand: a table of inputs holds one record for each, or for each pair of them."""

CLOSED: Mapping[str, tuple[str, ...]] = {
    "strength": ("required", "preferred"),
    "kind": KINDS,
    "by": SERIES,
    "of": ("rule", "line"),
    "grade": ("error", "warning", "note"),
}  # fmt: skip
"""Keys that allow only these words, in whichever record they stand."""

UNIT_LISTS = (("line_units", "Units of cost lines", "line"), ("units", "Units of calculated figures", "rule"))


@cache
def templates_folder() -> Path:
    """Folder of the shipped templates: inside the package, or beside ``src`` in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def templates() -> tuple[str, ...]:
    """Names of the template packs."""
    packs = templates_folder() / "packs"
    return (TEMPLATE, *sorted(path.parent.name for path in packs.glob("*/domains.toml")))


@cache
def load_catalogue(template: str = TEMPLATE, language: str = "en", folder: Path | None = None) -> records.Catalogue:
    """Read and check all facts of a template pack, in a language.

    A pack under ``packs/`` holds the files in which it differs. Raises ``PlanError`` with every unknown id, unit,
    source, word or key, each with file and line.
    """
    home = folder or templates_folder()
    return _Reader(home, template, load_words(home, language)).catalogue()


def chosen(template: object, language: object) -> records.Catalogue:
    """Facts for what a file names; English DHIS2 where it names nothing. Raises ``PlanError`` for unknown names."""
    names = (("template", template or TEMPLATE, templates()), ("language", language or "en", tuple(LANGUAGES)))
    refuse(
        Problem(what, f"no {what} {name!r}", f"one of {', '.join(known)}", "correct the name")
        for what, name, known in names
        if name not in known
    )
    return load_catalogue(str(template or TEMPLATE), str(language or "en"))


def spoken_catalogue(template: str, words: Words) -> records.Catalogue:
    """The facts of a pack with every text passed through ``words``."""
    return _Reader(templates_folder(), template, words).catalogue()


class _Reader:
    def __init__(self, folder: Path, template: str, words: Words) -> None:
        own = folder / "packs" / template
        if template != TEMPLATE:
            refuse_strange_pack(own)
        self.files: dict[str, list[PackFile]] = {}
        for name in FILES:
            found = [PackFile(folder / f"{name}.toml")]
            found += [PackFile(own / f"{name}.toml", template)] if (own / f"{name}.toml").exists() else []
            self.files[name] = found if name in MERGED else found[-1:]
        self.template, self.words = template, words
        self.sources: Collection[str] = ()
        self.units: Collection[str] = ()
        wordings = self.read("wording", "wording", records.Wording).values()
        self.words = replace(words, wording={wording.base: wording.own for wording in wordings})

    def catalogue(self) -> records.Catalogue:
        sources = self.read("sources", "source", records.Source)
        self.sources = sources
        units = self.read("units", "unit", records.Unit)
        self.units = units
        found = records.Catalogue(
            sources=sources,
            units=units,
            lists=self.lists(units),
            bands=self.read("domains", "band", records.Band),
            domains=self.read("domains", "domain", records.Domain),
            areas=self.read("domains", "area", records.Area),
            gates=self.nested("gates", "gate", "criterion", (records.Gate, records.Criterion)),
            constants=self.read("constants", "constant", records.Constant),
            checks=self.read("checks", "check", records.Check),
            tables=self.tables(),
            items=self.read("items", "item", records.Item),
            drivers=self.read("items", "driver", records.StandardDriver),
            questions=self.read("questions", "question", records.Question),
            guidance=self.read("guidance", "guidance", records.Guidance),
            links=self.read("guidance", "link", records.Link),
            roles=self.read("guidance", "role", records.Role),
            scopes=self.read("guidance", "scope", records.Scope),
            hosting=self.read("guidance", "hosting", records.HostingOption),
            burdens=self.read("guidance", "burden", records.Burden),
            template=self.template,
            say=self.words,
        )
        References(found, self.spots).check()
        refuse(problem for files in self.files.values() for file in files for problem in file.problems)
        return found

    def spots(self, file: str, heading: str) -> list[Spot]:
        """Records of a file; those of the pack stand for those of the base with the same id."""
        *base, own = [found.spots(heading) for found in self.files[file]]
        replaced = {spot.raw.get("id") for spot in own}
        return [spot for spots in base for spot in spots if spot.raw.get("id") not in replaced] + own

    def read(self, file: str, heading: str, kind: type[Any]) -> dict[str, Any]:
        """Records by id; an id that stands twice is refused."""
        given = {home.path: self.defaults(home) for home in self.files[file]}
        return self.by_id((spot, self.record(spot, kind, given[spot.file.path])) for spot in self.spots(file, heading))

    def by_id(self, records: Iterable[tuple[Spot, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for spot, made in records:
            if made.id in found:
                spot.problem(made.id, f"id {made.id!r} stands twice", "each only once", "rename one")
            found[made.id] = made
        return found

    def nested(self, file: str, heading: str, key: str, kinds: tuple[type[Any], type[Any]]) -> dict[str, Any]:
        """Records by id, each with the records below it."""
        outer, inner = kinds
        many = {"criterion": "criteria", "entry": "entries", "field": "fields"}[key]
        found = []
        for spot in self.spots(file, heading):
            given = inherited(key, spot)
            members = tuple(self.record(below, inner, given(below)) for below in spot.inner(key))
            found.append((spot, self.record(spot, outer, {many: members})))
        return self.by_id(found)

    def defaults(self, home: PackFile) -> Raw:
        """What holds for every record of a file that does not say otherwise; checked once, where it stands."""
        raw = home.raw.get("defaults", {})
        line = home.line_of("defaults")
        self.known(Spot(raw, line, line + len(raw) + 1, home))
        return dict(raw)

    def record(self, spot: Spot, kind: type[Any], given: Raw | None = None) -> Any:
        names = {field.name: field for field in fields(kind)}
        needed = [n for n, f in names.items() if f.default is MISSING and f.default_factory is MISSING]
        row = {k: tuple(v) if isinstance(v, list) else v for k, v in spot.raw.items() if not is_nested(v)}
        for key in set(row) - set(names):
            spot.problem(key, f"key {key!r}", f"one of {', '.join(names)}", "correct the key")
        filled = (given or {}) | row
        for key in [key for key in needed if key not in filled]:
            spot.problem("", f"no key {key!r}", f"a {kind.__name__} with it", f"add {key}")
        self.known(replace(spot, raw=row))
        return kind(**dict.fromkeys(needed, "") | {key: self.spoken(key, filled) for key in filled if key in names})

    def spoken(self, key: str, row: Raw) -> object:
        """A value in the language of the workbook; titles of documents stay as they were published."""
        value = row[key]
        said = key in SPOKEN or (key == "title" and not row.get("address"))
        if said and isinstance(value, tuple):
            return tuple(map(self.words, value))
        return self.words(value) if said and isinstance(value, str) else value

    def known(self, spot: Spot) -> None:
        """Refuse unknown sources, units and words of closed lists."""
        closed: dict[str, Collection[str]] = {"source": self.sources, "unit": self.units, **CLOSED}
        if spot.heading in ("source", "driver"):
            return
        for key, value in spot.raw.items():
            if closed.get(key):
                one_of(spot, key, value, closed[key])

    def lists(self, units: Mapping[str, records.Unit]) -> dict[str, records.List]:
        found: dict[str, records.List] = self.nested("lists", "list", "entry", (records.List, records.Entry))
        for id, label, use in UNIT_LISTS:
            own = tuple(records.Entry(unit.id, unit.label, {}) for unit in units.values() if unit.of == use)
            found[id] = records.List(id, self.words(label), own, "std-words")
        return found

    def tables(self) -> dict[str, records.Table]:
        for spot in self.spots("fields", "table"):
            for key in spot.raw.get("keys", ()):
                one_of(spot, "key", key, KEYS)
        return self.nested("fields", "table", "field", (records.Table, records.Field))


def inherited(key: str, spot: Spot) -> Callable[[Spot], Raw]:
    """What a record below another takes from it."""
    if key == "field":
        return lambda _below: {"table": spot.raw.get("id", ""), "source": spot.raw.get("source", "")}
    return lambda below: {} if key != "entry" or "values" in below.raw else {"values": {}}


def is_nested(value: object) -> bool:
    """Is it a list of records, which are read on their own?"""
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
