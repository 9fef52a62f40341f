"""A plan: everything a planner typed, frozen."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from xlplan.catalogue import load_catalogue
from xlplan.changes import CHANGED_ROWS, CHANGES
from xlplan.problems import Problem
from xlplan.records import Catalogue, Question

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.results import Results

Scalar: TypeAlias = str | float | date
Value: TypeAlias = Scalar | Mapping[str, float]
"""A typed value: text, number, date, or numbers by year or funding source."""

Row: TypeAlias = Mapping[str, Value]
"""Values of one row by field id; a blank field is absent, never zero. ``id`` names the row."""


def series_ids(drivers: Iterable[str], courses: Iterable[str], measures: Iterable[str]) -> tuple[str, ...]:
    """Series that quantities may follow: typed drivers, then what each training course needs, measure by measure."""
    return (*drivers, *(f"{course}-{measure}" for measure in measures for course in courses))


@dataclass(frozen=True)
class Asked:
    """A question as it is asked of one domain or programme; a programme's spare row has none."""

    id: str
    domain: str
    question: Question | None


@dataclass(frozen=True)
class Plan:
    """Inputs of one plan; ``years`` is the number of budget years, 1 to 15.

    ``notes`` say what was odd about the file it was read from, and accepted; ``origin`` is the digest of the plan
    that its workbook was first made of, so that copies of one plan know each other.
    """

    id: str
    years: int
    settings: Row
    tables: Mapping[str, tuple[Row, ...]]
    catalogue: Catalogue = field(default_factory=load_catalogue, compare=False, repr=False)
    notes: tuple[Problem, ...] = field(default=(), compare=False, repr=False)
    origin: str = field(default="", compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that equal plans share."""
        said = [self.id, self.years, self.settings, self.tables]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def template(self) -> str:
        """Name of the template pack."""
        return self.catalogue.template

    @property
    def language(self) -> str:
        """Code of the language of the plan's workbook."""
        return self.catalogue.say.language

    @property
    def first_year(self) -> int:
        return int(self.number("first_year"))

    @property
    def budget_years(self) -> range:
        """The budget years, first to last."""
        return range(self.first_year, self.first_year + self.years)

    def number(self, setting: str) -> float:
        """A number of the settings. Raises ``KeyError`` where it is blank."""
        value = self.settings[setting]
        if not isinstance(value, (int, float)):
            raise KeyError(setting)
        return value

    def text(self, setting: str) -> str:
        """A text of the settings, empty where it is blank."""
        return str(self.settings.get(setting, ""))

    def rows(self, table: str) -> tuple[Row, ...]:
        """Rows of a table in their order, none where it is empty."""
        return self.tables.get(table, ())

    @property
    def named_tables(self) -> tuple[str, ...]:
        """Tables whose rows have an id."""
        return tuple(t.id for t in self.catalogue.tables.values() if not t.single and not t.keys)

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, int]]:
        """For each list a choice may come from: entry id -> its place, 1 for the first."""
        lists = {id: found.ids for id, found in self.catalogue.lists.items()}
        tables = {id: tuple(str(row["id"]) for row in self.rows(id)) for id in self.named_tables}
        lists["areas"] = self.areas
        lists["series"] = series_ids(tables["drivers"], tables["courses"], lists["course_series"])
        lists["items"] = tuple(self.catalogue.items)
        lists["foundations"] = self.key_ids("foundation")
        return MappingProxyType({id: {e: n for n, e in enumerate(ids, 1)} for id, ids in (tables | lists).items()})

    @property
    def currency(self) -> str:
        """Name of the reporting currency."""
        return self.labels["currencies"][self.text("reporting_currency")]

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """For each list a choice may come from: entry id -> label in the language of the templates."""
        lists = {id: {e.id: e.label for e in found.entries} for id, found in self.catalogue.lists.items()}
        tables = {
            id: {str(row["id"]): str(row.get("label", row["id"])) for row in self.rows(id)} for id in self.named_tables
        }
        facts = {d.id: d.label for d in self.catalogue.domains.values() if d.id in self.areas}
        areas = facts | {a.id: a.label for a in self.catalogue.areas.values()} | tables["programmes"]
        colon = lists["words"]["colon"]
        needs = {
            f"{course}-{measure}": f"{label}{colon}{words}"
            for course, label in tables["courses"].items()
            for measure, words in lists["course_series"].items()
        }
        items = {item.id: item.label for item in self.catalogue.items.values()}
        foundations = {domain.id: domain.label for domain in self.catalogue.band_domains("foundation")}
        more = {"areas": areas, "series": tables["drivers"] | needs, "items": items, "foundations": foundations}
        lines = {id: id for id in tables["lines"]}
        changed = dict.fromkeys(change.rows for change in CHANGES.values() if change.rows)
        rows = {id: label for table in changed for id, label in (tables | more | {"lines": lines})[table].items()}
        return MappingProxyType(tables | lists | more | {"lines": lines, CHANGED_ROWS: rows})

    @property
    def scenario(self) -> str:
        """Id of the scenario in use, empty for the plan as typed."""
        return self.text("scenario")

    @property
    def as_typed(self) -> "Plan":
        """The plan with no scenario in use."""
        return replace(self, settings={key: value for key, value in self.settings.items() if key != "scenario"})

    @cached_property
    def changes_in_use(self) -> tuple[tuple[Row, float], ...]:
        """Changes that the scenario in use makes, each with its number."""
        found = ((row, row.get("values")) for row in self.rows("changes"))
        return tuple(
            (row, values[self.scenario])
            for row, values in found
            if isinstance(values, Mapping) and self.scenario in values
        )

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """What a cost line can belong to: foundational domains, other areas, programmes of this plan."""
        foundations = tuple(domain.id for domain in self.catalogue.band_domains("foundation"))
        return (*foundations, *self.catalogue.areas, *(str(row["id"]) for row in self.rows("programmes")))

    def key_ids(self, key: str) -> tuple[str, ...]:
        """Rows of a table whose rows are known beforehand: ids of domains, questions, levels and so on."""
        lists = {"level": "levels", "head": "heads", "load": "loads"}
        if key in lists:
            return self.catalogue.lists[lists[key]].ids
        if key == "option":
            return tuple(self.catalogue.hosting)
        if key == "round":
            return tuple(str(row["id"]) for row in self.rows("rounds"))
        if key == "question":
            return tuple(asked.id for asked in self.asked if asked.question)
        foundations = tuple(domain.id for domain in self.catalogue.band_domains("foundation"))
        return foundations if key == "foundation" else (*foundations, *self.uses)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every question of every domain and programme, in the order of the questionnaire."""
        bands = {domain.id: domain.band for domain in self.catalogue.domains.values()}
        bands |= {str(row["id"]): str(row.get("band", "")) for row in self.rows("programmes")}
        questions = self.catalogue.questions.values()
        found = [Asked(q.id, q.domain, q) for id in self.key_ids("foundation") for q in questions if q.domain == id]
        most = self.catalogue.most_band_questions
        for use in self.uses:
            own = self.catalogue.band_questions(bands[use])
            found += [Asked(f"{use}.{q.id}", use, q) for q in own]
            if use not in self.catalogue.domains:  # a programme has as many rows as any kind of work needs
                found += [Asked(f"{use}.{n}", use, None) for n in range(len(own) + 1, most + 1)]
        return tuple(found)

    @cached_property
    def uses(self) -> tuple[str, ...]:
        """Use domains of the profile: those of the templates, then the programmes of this plan."""
        use = tuple(d.id for d in self.catalogue.domains.values() if d.band != "foundation")
        return (*use, *(str(row["id"]) for row in self.rows("programmes")))

    def frame(self, table: str) -> "pd.DataFrame":
        """One table of inputs as pandas sees it: a row per record, a column per field, blank as missing."""
        import pandas as pd

        names = ["id", *(f.id for f in self.catalogue.tables[table].fields)]
        return pd.DataFrame([{n: row.get(n) for n in names} for row in self.rows(table)], columns=names)

    def evaluate(self) -> "Results":
        """Calculate everything: profile, gates, costs by line and year, totals, checks."""
        from xlplan.engine import evaluate
        from xlplan.results import Results

        return Results(self, evaluate(self))
