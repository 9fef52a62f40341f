"""References between the records of a template pack: one that leads nowhere is noted with its file and line."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from xlplan.packfile import Spot, one_of
from xlplan.problems import PlanError, Problem, refuse
from xlplan.records import Catalogue

DYNAMIC_LISTS = ("areas", "series", "items", "changed_rows")
"""Choices that the plan's own rows add to."""

GENERAL_SCOPES = ("all", "capacity")
"""Scopes of work that belong to no domain."""

PACK_FILES = ("sources", "lists", "domains", "gates", "items", "questions", "guidance", "wording")
"""Files that a pack may hold; the others are the same for all packs, since rules and cells follow them."""

PACK_LISTS = ("levels", "programme_bands", "approaches", "heads", "groupings", "loads")
"""Lists that a pack may replace; rules and sheets read entries of the others by their place."""


def refuse_strange_pack(pack: Path) -> None:
    """Raise ``PlanError`` for a folder that is no pack, or a file in it that nothing would read."""
    if not (pack / "domains.toml").exists():
        raise PlanError([Problem(f"{pack.name}/domains.toml", "no such file", "a template pack", "correct its name")])
    expected = f"one of {', '.join(f'{name}.toml' for name in PACK_FILES)}"
    refuse(
        Problem(f"{pack.name}/{path.name}", "a file that packs do not have", expected, "rename or remove it")
        for path in sorted(pack.glob("*.toml"))
        if path.stem not in PACK_FILES
    )


@dataclass(frozen=True)
class References:
    """Notes every reference of ``found`` that leads nowhere; ``spots`` gives the records of a file."""

    found: Catalogue
    spots: Callable[[str, str], list[Spot]]

    def check(self) -> None:
        found = self.found
        self.each("domains", "domain", band=found.bands)
        self.each("domains", "band", gate=found.gates)
        inputs = {f"{table.id}.{field.id}" for table in found.tables.values() for field in table.fields}
        self.each("checks", "check", tolerance=found.constants, field=inputs)
        self.bands()
        for gate in self.spots("gates", "gate"):
            for spot in gate.inner("criterion"):
                self.criterion(spot)
            self.gate(gate)
        lists = {*DYNAMIC_LISTS, *found.tables, *found.lists}
        for table in self.spots("fields", "table"):
            for spot in table.inner("field"):
                if spot.raw.get("kind") == "choice":
                    one_of(spot, "list", spot.raw.get("list"), lists)
        self.items()
        self.texts()
        self.lists()

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
        self.each("items", "item", area=areas, units=line_units, driver=found.drivers, tail=found.items,
                  requires=found.items)  # fmt: skip
        chosen = {"category": "categories", "nature": "natures", "head": "heads", "grouping": "groupings",
                  "approaches": "approaches", "covers": "loads"}  # fmt: skip
        self.each("items", "item", **{k: found.lists[id].ids for k, id in chosen.items() if id in found.lists})

    def texts(self) -> None:
        found = self.found
        self.each("questions", "question", domain=found.domains, band=found.bands, items=found.items)
        self.each("guidance", "guidance", sources=found.sources, links=found.links)
        self.each("guidance", "role", items=found.items)
        places = (*found.domains, *found.bands, *found.areas, *GENERAL_SCOPES)
        self.each("guidance", "scope", id=places, sources=found.sources)

    def criterion(self, spot: Spot) -> None:
        """What a gate asks: only foundations are ever held against it."""
        found = self.found
        one_of(spot, "band", spot.raw.get("band"), ("foundation",))
        if "level" in spot.raw:
            one_of(spot, "level", spot.raw["level"], found.lists["levels"].ids)
        if "domain" in spot.raw:
            one_of(spot, "domain", spot.raw["domain"], [domain.id for domain in found.band_domains("foundation")])

    def gate(self, spot: Spot) -> None:
        """A gate requires a level of every foundation, be it the lowest, so that none may stay unknown."""
        criteria = self.found.gates[spot.raw["id"]].criteria if spot.raw.get("id") in self.found.gates else ()
        required = [criterion.domain for criterion in criteria if criterion.strength == "required"]
        foundations = self.found.band_domains("foundation")
        missing = [domain.id for domain in foundations if not {"", domain.id} & set(required)]
        if criteria and missing:
            found = f"gate {spot.raw['id']!r} requires nothing of {', '.join(missing)}"
            spot.problem("criterion", found, "a required level of every foundation", "add a criterion without a domain")

    def bands(self) -> None:
        """There are foundations, and kinds of new work stand in the order of their gates."""
        found = self.found
        bands, kinds = self.spots("domains", "band"), found.lists["programme_bands"].ids
        if not found.band_domains("foundation"):
            expected = "a band 'foundation' with domains"
            bands[0].problem("", "no foundational domain", expected, "add the band and its domains")
        by_gate = {band.gate: band.id for band in found.bands.values() if band.gate}
        ordered = tuple(by_gate.get(gate, f"a band with the gate {gate!r}") for gate in found.gates)
        if kinds != ordered and set(by_gate) <= set(found.gates):
            spots = (spot for spot in self.spots("lists", "list") if spot.raw.get("id") == "programme_bands")
            for spot in spots:
                expected = f"{', '.join(ordered)}, as their gates stand"
                spot.problem("programme_bands", f"kinds of new work {', '.join(kinds)}", expected, "correct the list")

    def lists(self) -> None:
        """Lists that are the same for all packs, and numbers that rules read of an entry."""
        for spot in self.spots("lists", "list"):
            id = str(spot.raw.get("id"))
            if spot.file.pack and id not in PACK_LISTS:
                remedy = "leave it out: it is the same for all packs"
                spot.problem(id, f"list {id!r}", f"one of {', '.join(PACK_LISTS)}", remedy)
            if id == "loads":
                for entry in spot.inner("entry"):
                    one_of(entry, "adds", entry.raw.get("adds"), self.found.lists["additions"].ids)
            if id == "levels":
                self.levels(spot)

    def levels(self, spot: Spot) -> None:
        """Each level has a taper and a threshold, the first 0 and every next one higher."""
        entries = spot.inner("entry")
        for entry in entries:
            for key in ("threshold", "taper"):
                if not isinstance(entry.raw.get("values", {}).get(key), int | float):
                    return entry.problem("values", f"no {key}", "a number from 0 to 1", f"add {key}")
        thresholds = [entry.raw["values"]["threshold"] for entry in entries]
        if len(thresholds) == 1 or thresholds[:1] != [0] or sorted(set(thresholds)) != thresholds:
            found = f"thresholds {', '.join(f'{threshold:g}' for threshold in thresholds)}"
            spot.problem("levels", found, "0, and more from level to level", "correct the thresholds")
        return None
