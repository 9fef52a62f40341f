"""TOML under ``templates/`` to records; an unknown id, unit, source or word is refused with file and line."""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from xlplan import records
from xlplan.packfile import PackFile, Raw, Spot
from xlplan.problems import refuse

FILES = ("sources", "units", "lists", "domains", "gates", "constants", "checks", "fields")
KINDS = ("number", "whole", "year", "share", "text", "date", "choice")
SERIES = ("year", "funder", "round")
CLOSED: Mapping[str, tuple[str, ...]] = {
    "strength": ("required", "preferred"),
    "kind": KINDS,
    "by": SERIES,
    "of": ("rule", "line"),
    "grade": ("error", "warning", "note"),
    "sheet": ("settings", "maturity", "programmes", "drivers", "prices", "costs", "funding"),
}
"""Keys that allow only these words, in whichever record they stand."""

UNIT_LISTS = (("line_units", "Units of cost lines", "line"), ("units", "Units of calculated figures", "rule"))


@cache
def templates_folder() -> Path:
    """Folder of the shipped templates: inside the package, or beside ``src`` in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


@cache
def load_catalogue(folder: Path | None = None) -> records.Catalogue:
    """Read and check all facts of a template pack.

    Raises ``PlanError`` with every unknown id, unit, source, word or key, each with file and line.
    """
    return _Reader(folder or templates_folder()).catalogue()


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.files = {name: PackFile(folder / f"{name}.toml") for name in FILES}
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
            gates=self.gates(),
            constants=self.read("constants", "constant", records.Constant),
            checks=self.read("checks", "check", records.Check),
            tables=self.tables(),
        )
        self.references(found)
        refuse(problem for file in self.files.values() for problem in file.problems)
        return found

    def read(self, file: str, heading: str, kind: type[Any]) -> dict[str, Any]:
        """Records by id; an id that stands twice is refused."""
        found: dict[str, Any] = {}
        defaults = self.defaults(file)
        for spot in self.files[file].spots(heading):
            made = self.record(file, spot, kind, defaults)
            self.once(file, spot, made.id, found)
            found[made.id] = made
        return found

    def once(self, file: str, spot: Spot, id: str, found: Collection[str]) -> None:
        if id in found:
            self.files[file].problem(spot, id, f"id {id!r} stands twice", "each only once", "rename one")

    def defaults(self, file: str) -> Raw:
        """What holds for every record of a file that does not say otherwise; checked once, where it stands."""
        raw = self.files[file].raw.get("defaults", {})
        line = self.files[file].line_of("defaults")
        self.known(file, Spot(raw, line, line + len(raw) + 1))
        return dict(raw)

    def record(self, file: str, spot: Spot, kind: type[Any], given: Raw | None = None) -> Any:
        names = {field.name: field for field in fields(kind)}
        needed = [n for n, f in names.items() if f.default is MISSING and f.default_factory is MISSING]
        row = {key: value for key, value in spot.raw.items() if not is_nested(value)}
        for key in set(row) - set(names):
            self.files[file].problem(spot, key, f"key {key!r}", f"one of {', '.join(names)}", "correct the key")
        filled = (given or {}) | row
        for key in [key for key in needed if key not in filled]:
            self.files[file].problem(spot, "", f"no key {key!r}", f"a {kind.__name__} with it", f"add {key}")
        self.known(file, replace(spot, raw=row))
        return kind(**dict.fromkeys(needed, "") | {key: value for key, value in filled.items() if key in names})

    def known(self, file: str, spot: Spot) -> None:
        """Refuse unknown sources, units and words of closed lists."""
        closed: dict[str, Collection[str]] = {"source": self.sources, "unit": self.units, **CLOSED}
        for key, value in spot.raw.items():
            if closed.get(key) and file != "sources":
                self.one_of(file, spot, key, value, closed[key])

    def one_of(self, file: str, spot: Spot, key: str, value: object, known: Collection[str]) -> None:
        if value not in known:
            expected = f"one of {', '.join(known)}"
            self.files[file].problem(spot, str(value), f"{key} {value!r}", expected, f"correct the {key}")

    def lists(self, units: Mapping[str, records.Unit]) -> dict[str, records.List]:
        entries = [
            self.record("lists", spot, records.Entry, entry_values(spot)) for spot in self.spots("lists", "list.entry")
        ]
        found: dict[str, records.List] = {}
        start = 0
        for spot in self.spots("lists", "list"):
            own = tuple(entries[start : start + len(spot.raw.get("entry", ()))])
            start += len(own)
            made = self.record("lists", spot, records.List, {"entries": own})
            self.once("lists", spot, made.id, found)
            found[made.id] = made
        for id, label, use in UNIT_LISTS:
            own = tuple(records.Entry(unit.id, unit.label, {}) for unit in units.values() if unit.of == use)
            found[id] = records.List(id, label, own, "std-words")
        return found

    def spots(self, file: str, heading: str) -> list[Spot]:
        return self.files[file].spots(heading)

    def gates(self) -> dict[str, records.Gate]:
        criteria = [self.record("gates", spot, records.Criterion) for spot in self.spots("gates", "gate.criterion")]
        found, start = {}, 0
        for spot in self.spots("gates", "gate"):
            own = tuple(criteria[start : start + len(spot.raw.get("criterion", ()))])
            start += len(own)
            made = self.record("gates", spot, records.Gate, {"criteria": own})
            if made.id in found:
                self.files["gates"].problem(
                    spot, made.id, f"id {made.id!r} stands twice", "each only once", "rename one"
                )
            found[made.id] = made
        return found

    def tables(self) -> dict[str, records.Table]:
        lines = iter(self.spots("fields", "table.field"))
        found: dict[str, records.Table] = {}
        for spot in self.spots("fields", "table"):
            given = {"table": spot.raw.get("id", ""), "source": spot.raw.get("source", "")}
            members = [self.record("fields", next(lines), records.Field, given) for _ in spot.raw.get("field", ())]
            pairs = tuple(spot.raw.get("pairs", ()))
            for pair in pairs:
                self.one_of("fields", spot, "pair", pair, ("domain", "round"))
            made = self.record("fields", spot, records.Table, {"fields": tuple(members), "pairs": pairs})
            self.once("fields", spot, made.id, found)
            found[made.id] = made
        return found

    def references(self, found: records.Catalogue) -> None:
        """Refuse references from one record to another that lead nowhere."""
        for spot in self.spots("domains", "domain"):
            self.one_of("domains", spot, "band", spot.raw.get("band"), found.bands)
        for spot in self.spots("domains", "band"):
            self.one_of("domains", spot, "gate", spot.raw.get("gate", ""), {"": None} | dict(found.gates))
        for spot in self.spots("checks", "check"):
            self.one_of("checks", spot, "tolerance", spot.raw.get("tolerance", ""), {"": None} | dict(found.constants))
        for spot in self.spots("gates", "gate.criterion"):
            self.criterion(spot, found)
        lists = {"areas": None} | dict(found.tables) | dict(found.lists)
        for spot in self.spots("fields", "table.field"):
            if spot.raw.get("kind") == "choice":
                self.one_of("fields", spot, "list", spot.raw.get("list"), lists)

    def criterion(self, spot: Spot, found: records.Catalogue) -> None:
        band = spot.raw.get("band")
        self.one_of("gates", spot, "band", band, found.bands)
        if "level" in spot.raw:
            self.one_of("gates", spot, "level", spot.raw["level"], found.lists["levels"].ids)
        members = {"": None} | {id: None for id, domain in found.domains.items() if domain.band == band}
        self.one_of("gates", spot, "domain", spot.raw.get("domain", ""), members)


def is_nested(value: object) -> bool:
    """Is it a list of records, which are read on their own, or a list of ids?"""
    return isinstance(value, list)


def entry_values(spot: Spot) -> Raw:
    return {} if "values" in spot.raw else {"values": {}}
