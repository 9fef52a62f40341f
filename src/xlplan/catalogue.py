"""TOML under ``templates/`` to records; an unknown id, unit or source is refused with file and line."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any

from xlplan import records
from xlplan.problems import PlanError, Problem, refuse

Raw = dict[str, Any]


@cache
def templates_folder() -> Path:
    """Folder of the shipped templates: inside the package, or beside ``src`` in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


@cache
def load_catalogue(folder: Path | None = None) -> records.Catalogue:
    """Read and check all facts of a template pack.

    Raises ``PlanError`` with every unknown id, unit, source or key, each with file and line.
    """
    return _Reader(folder or templates_folder()).catalogue()


def line_of(text: str, *clues: object) -> int:
    r"""Line on which the last clue first stands, searching each clue from the line of the one before.

    >>> line_of('a = 1\nid = "x"\nunit = "y"', '"x"', '"y"')
    3
    """
    lines, at = text.splitlines(), 0
    for clue in clues:
        at = next((n for n in range(at, len(lines)) if str(clue) in lines[n]), at)
    return at + 1


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}

    def catalogue(self) -> records.Catalogue:
        sources = self.read("sources", "source", records.Source)
        self.sources = sources
        units = self.read("units", "unit", records.Unit)
        self.units = units
        lists = self.read_lists(units)
        found = records.Catalogue(
            sources=sources,
            units=units,
            lists=lists,
            bands=self.read("domains", "band", records.Band),
            domains=self.read("domains", "domain", records.Domain),
            areas=self.read("domains", "area", records.Area),
            gates=self.read_gates(),
            constants=self.read("constants", "constant", records.Constant),
            checks=self.read("checks", "check", records.Check),
            tables=self.read_tables(),
        )
        refuse([*self.problems, *self.unknown(found)])
        return found

    def raw(self, file: str) -> Raw:
        path = self.folder / f"{file}.toml"
        try:
            self.texts[file] = path.read_text(encoding="utf-8")
            return tomllib.loads(self.texts[file])
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise PlanError([Problem(path.name, str(error), "a readable TOML file", "mend the template")]) from error

    def read(self, file: str, key: str, kind: type[Any]) -> dict[str, Any]:
        raw = self.raw(file)
        return {row.get("id", "?"): self.record(file, kind, raw.get("defaults", {}) | row) for row in raw.get(key, [])}

    def record(self, file: str, kind: type[Any], row: Raw) -> Any:
        names = {field.name: field for field in fields(kind)}
        needed = [n for n, f in names.items() if f.default is MISSING and f.default_factory is MISSING]
        for key in (set(row) - set(names)) | (set(needed) - set(row)):
            expected = "no such key" if key in row else "this key"
            self.problem(
                file, row.get("id"), f"key {key!r}", expected, f"keys of a {kind.__name__}: {', '.join(names)}"
            )
        self.known(file, row, "source", getattr(self, "sources", None))
        self.known(file, row, "unit", getattr(self, "units", None))
        return kind(**{n: row.get(n, "") for n in needed} | {k: v for k, v in row.items() if k in names})

    def known(self, file: str, row: Raw, key: str, known: Mapping[str, object] | None) -> None:
        if known is not None and key in row and row[key] not in known:
            self.problem(
                file,
                row.get("id"),
                f"{key} {row[key]!r}",
                f"a {key} of {key}s.toml",
                f"add the {key} or use one that stands there",
            )

    def problem(self, file: str, id: object, found: str, expected: str, remedy: str) -> None:
        value = found.split(" ", 1)[-1].strip("'")
        line = line_of(self.texts[file], f'id = "{id}"', value)
        self.problems.append(Problem(f"{file}.toml, line {line}, {id}", found, expected, remedy))

    def read_lists(self, units: Mapping[str, records.Unit]) -> dict[str, records.List]:
        found = {}
        for row in self.raw("lists").get("list", []):
            entries = tuple(self.record("lists", records.Entry, {"values": {}} | e) for e in row.pop("entry", []))
            found[row["id"]] = self.record("lists", records.List, row | {"entries": entries})
        line_units = tuple(records.Entry(u.id, u.label, {}) for u in units.values() if u.of == "line")
        found["line_units"] = records.List("line_units", "Units of cost lines", line_units, "std-words")
        every = tuple(records.Entry(u.id, u.label, {}) for u in units.values() if u.of == "rule")
        found["units"] = records.List("units", "Units of calculated figures", every, "std-words")
        return found

    def read_gates(self) -> dict[str, records.Gate]:
        found = {}
        for row in self.raw("gates").get("gate", []):
            criteria = tuple(self.record("gates", records.Criterion, c) for c in row.pop("criterion", []))
            found[row["id"]] = self.record("gates", records.Gate, row | {"criteria": criteria})
        return found

    def read_tables(self) -> dict[str, records.Table]:
        found = {}
        for row in self.raw("fields").get("table", []):
            given = {"table": row["id"], "source": row.get("source", "")}
            members = tuple(self.record("fields", records.Field, given | field) for field in row.pop("field", []))
            row["pairs"] = tuple(row.get("pairs", ()))
            found[row["id"]] = self.record("fields", records.Table, row | {"fields": members})
        return found

    def unknown(self, found: records.Catalogue) -> Iterator[Problem]:
        """References between files that lead nowhere."""
        refs: list[tuple[str, str, str, str, Mapping[str, object]]] = []
        refs += [("domains", d.id, "band", d.band, found.bands) for d in found.domains.values()]
        refs += [("domains", b.id, "gate", b.gate, found.gates) for b in found.bands.values() if b.gate]
        for gate in found.gates.values():
            for criterion in gate.criteria:
                refs.append(("gates", gate.id, "band", criterion.band, found.bands))
                refs.append(("gates", gate.id, "level", criterion.level, dict.fromkeys(found.lists["levels"].ids)))
                if criterion.domain:
                    refs.append(("gates", gate.id, "domain", criterion.domain, found.domains))
        tables_and_lists: dict[str, object] = {**found.tables, **found.lists, "areas": None}
        for table in found.tables.values():
            refs += [("fields", f.id, "list", f.list, tables_and_lists) for f in table.fields if f.kind == "choice"]
        for file, id, key, value, known in refs:
            if value not in known:
                line = line_of(self.texts[file], f'"{id}"', f'"{value}"')
                options = ", ".join(known)
                yield Problem(
                    f"{file}.toml, line {line}, {id}", f"{key} {value!r}", f"one of {options}", f"correct the {key}"
                )
