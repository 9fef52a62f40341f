"""TOML under ``templates/`` to records; an unknown id, unit, source or word is refused with file and line."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from xlplan import records
from xlplan.packfile import PackFile, Raw, Spot
from xlplan.problems import Problem, refuse
from xlplan.words import LANGUAGES, Words, load_words

FILES = (
    "sources", "units", "lists", "domains", "gates", "constants", "checks", "fields", "items", "questions", "guidance",
)  # fmt: skip
MERGED = ("sources", "lists")
"""Files to which a pack adds; every other file of a pack stands for that of the base."""

TEMPLATE = "dhis2"
SPOKEN = (
    "label", "prompt", "remedy", "reason", "text", "evidence", "advice", "budget", "group", "tasks", "time",
    "competences", "who", "risks", "weakens", "why", "measure", "note", "waiver",
)  # fmt: skip
"""Keys whose texts people read; each is given in the language of the workbook."""

KINDS = ("number", "whole", "year", "share", "text", "date", "choice")
SERIES = ("year", "funder", "round", "addition")
KEYS = ("domain", "foundation", "question", "round", "level", "head", "option", "load")
"""Rows that are known beforehand: a table of inputs holds one record for each, or for each pair of them."""

DYNAMIC_LISTS = ("areas", "series", "items")
"""Choices that the plan's own rows add to."""

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
        self.files: dict[str, list[PackFile]] = {}
        for name in FILES:
            paths = [folder / f"{name}.toml", own / f"{name}.toml"][: 1 + (own / f"{name}.toml").exists()]
            self.files[name] = [PackFile(path) for path in (paths if name in MERGED else paths[-1:])]
        self.template, self.words = template, words
        self.sources: Collection[str] = ()
        self.units: Collection[str] = ()

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
        defaults = self.defaults(file)
        return self.by_id((spot, self.record(spot, kind, defaults)) for spot in self.spots(file, heading))

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

    def defaults(self, file: str) -> Raw:
        """What holds for every record of a file that does not say otherwise; checked once, where it stands."""
        home = self.files[file][-1]
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


@dataclass(frozen=True)
class References:
    """References from one record to another; one that leads nowhere is noted where it stands."""

    found: records.Catalogue
    spots: Callable[[str, str], list[Spot]]

    def check(self) -> None:
        found = self.found
        self.each("domains", "domain", band=found.bands)
        self.each("domains", "band", gate=found.gates)
        inputs = {f"{table.id}.{field.id}" for table in found.tables.values() for field in table.fields}
        self.each("checks", "check", tolerance=found.constants, field=inputs)
        for gate in self.spots("gates", "gate"):
            for spot in gate.inner("criterion"):
                self.criterion(spot)
        lists = {*DYNAMIC_LISTS, *found.tables, *found.lists}
        for table in self.spots("fields", "table"):
            for spot in table.inner("field"):
                if spot.raw.get("kind") == "choice":
                    one_of(spot, "list", spot.raw.get("list"), lists)
        self.items()
        self.texts()

    def each(self, file: str, heading: str, **known: Collection[str]) -> None:
        """Refuse values, or members of lists of values, that are not among those known."""
        for spot in self.spots(file, heading):
            for key, ids in known.items():
                value = spot.raw.get(key, ())
                for one in (value,) if isinstance(value, str) else value:
                    one_of(spot, key, one, ids)

    def items(self) -> None:
        found = self.found
        line_units = [unit.id for unit in found.units.values() if unit.of == "line"]
        areas = (*found.domains, *found.areas, *found.bands)
        self.each("items", "item", area=areas, units=line_units, driver=found.drivers, tail=found.items)
        chosen = {"category": "categories", "nature": "natures", "head": "heads", "grouping": "groupings",
                  "approaches": "approaches", "covers": "loads"}  # fmt: skip
        self.each("items", "item", **{k: found.lists[id].ids for k, id in chosen.items() if id in found.lists})

    def texts(self) -> None:
        found = self.found
        self.each("questions", "question", domain=found.domains, band=found.bands, items=found.items)
        self.each("guidance", "guidance", sources=found.sources, links=found.links)

    def criterion(self, spot: Spot) -> None:
        found, band = self.found, spot.raw.get("band")
        one_of(spot, "band", band, found.bands)
        if "level" in spot.raw:
            one_of(spot, "level", spot.raw["level"], found.lists["levels"].ids)
        if "domain" in spot.raw:
            members = [id for id, domain in found.domains.items() if domain.band == band]
            one_of(spot, "domain", spot.raw["domain"], members)


def one_of(spot: Spot, key: str, value: object, known: Collection[str]) -> None:
    if value not in known:
        expected = f"one of {', '.join(known)}" if known else "nothing"
        spot.problem(str(value), f"{key} {value!r}", expected, f"correct the {key}")


def is_nested(value: object) -> bool:
    """Is it a list of records, which are read on their own?"""
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
