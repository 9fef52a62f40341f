"""Results of a plan as pandas tables: profile, gates, costs, totals, budgets, checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from xlplan.columns import Column
from xlplan.records import Check

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.plan import Plan

COST_COLUMNS = {
    "quantity": "units_bought",
    "price_factor": "price_factor",
    "cost": "cost",
    "one_off": "one_off_cost",
    "recurring": "recurring_cost",
    "annualised": "annualised_cost",
    "gap": "line_gap",
}
YEAR_COLUMNS = {
    "cost": "total_cost",
    "one_off": "total_one_off_cost",
    "recurring": "total_recurring_cost",
    "confirmed": "total_confirmed",
    "expected": "total_expected",
    "gap": "funding_gap",
    "committed": "total_committed",
    "domestic_share": "domestic_share",
    "economic": "economic_cost",
    "cost_per_user": "cost_per_user",
    "cost_per_facility": "cost_per_facility",
    "team_days_left": "team_days_left",
    "real": "real_cost",
    "present_value": "discounted_cost",
    "annualised": "total_annualised_cost",
}
ABSORPTION_COLUMNS = {
    "cost": "total_cost",
    "reported": "reported_in_year",
    "spent": "spent_in_year",
    "variance": "spending_variance",
    "absorption": "absorption",
    "carried_over": "carried_over",
    "reforecast": "reforecast",
}
LINE_COLUMNS = {
    "cost": "line_cost",
    "reported": "line_reported",
    "spent": "line_spent",
    "variance": "line_variance",
    "absorption": "line_absorption",
}
SPENDING = {
    "category": ("category_reported", "category_spent_total", "category_absorption", "categories"),
    "source": ("source_reported", "source_spent_total", "source_absorption", "funders"),
}
"""View of the actuals -> budget of the reported periods, spent, absorption, and its groups."""

VIEWS = {
    "area": ("area_cost", "", "areas"),
    "category": ("category_cost", "", "categories"),
    "head": ("head_cost", "headless_cost", "heads"),
    "grouping": ("grouping_cost", "ungrouped_cost", "groupings"),
    "source": ("placed_cost", "unplaced_cost", "funders"),
}
"""Budget view -> its quantity, the quantity of what is in none of its groups, and its groups."""


@dataclass(frozen=True)
class Results:
    """What a plan comes to; ``values`` holds every quantity of the model as (rows, columns)."""

    plan: "Plan"
    values: Mapping[str, Column]

    def number(self, quantity: str) -> float:
        """A plan-wide quantity. Raises ``ValueError`` for one with rows or columns."""
        return float(self.values[quantity].item())

    @cached_property
    def costs(self) -> "pd.DataFrame":
        """One row per line and year: quantity in units, money in the reporting currency of that year."""
        import pandas as pd

        lines, years = self.plan.rows("lines"), self.plan.budget_years
        keys = {
            key: np.array([str(line.get(key, "")) for line in lines], dtype=object)
            for key in ("id", "area", "category", "nature")
        }
        columns: dict[str, object] = {
            "line": np.repeat(keys.pop("id"), len(years)),
            "year": np.tile(np.array(years), len(lines)),
        }
        columns |= {key: np.repeat(values, len(years)) for key, values in keys.items()}
        return pd.DataFrame(columns | {name: self.values[quantity].ravel() for name, quantity in COST_COLUMNS.items()})

    @cached_property
    def profile(self) -> "pd.DataFrame":
        """One row per domain: band, level now (id, empty where not assessed), money in the plan for foundations."""
        import pandas as pd

        money = dict(zip(self.foundations, self.values["domain_cost"].ravel(), strict=True))
        levels, bands = self.levels, {id: d.band for id, d in self.plan.catalogue.domains.items()}
        bands |= {str(row["id"]): str(row.get("band", "")) for row in self.plan.rows("programmes")}
        rows = [(id, bands[id], level, money.get(id)) for id, level in levels.items()]
        return pd.DataFrame(rows, columns=["domain", "band", "level", "cost"])

    @cached_property
    def levels(self) -> Mapping[str, str]:
        """Domain or programme id -> level id now, empty where not assessed."""
        places = self.values["assessed_level"].ravel()
        return {id: self._level(place) for id, place in zip(self.plan.key_ids("domain"), places, strict=True)}

    @property
    def foundations(self) -> tuple[str, ...]:
        """Ids of the foundational domains."""
        return self.plan.key_ids("foundation")

    @cached_property
    def progress(self) -> "pd.DataFrame":
        """One row per domain or programme and round: final level, computed level (ids) and change in levels."""
        import pandas as pd

        domains, rounds = self.plan.key_ids("domain"), self.plan.key_ids("round")
        columns: dict[str, object] = {
            "domain": np.repeat(np.array(domains, dtype=object), len(rounds)),
            "round": np.tile(np.array(rounds, dtype=object), len(domains)),
        }
        for name in ("final_level", "computed_level"):
            columns[name] = [self._level(place) for place in self.values[name].ravel()]
        return pd.DataFrame(columns | {"change": self.values["level_change"].ravel()})

    @cached_property
    def in_depth(self) -> tuple[str, ...]:
        """Domains and programmes whose level needs in-depth evaluation."""
        flags = self.values["needs_depth"].ravel()
        return tuple(id for id, flag in zip(self.plan.key_ids("domain"), flags, strict=True) if flag > 0)

    @cached_property
    def advice(self) -> "pd.DataFrame":
        """What to do first: domain, question, advice, and the ids of catalogue items that pay for it."""
        import pandas as pd

        places = self.values["advised_question"].ravel().astype(int)
        domains = self.values["advice_domain"].ravel().astype(int)
        asked = [
            (self.foundations[d - 1], self.plan.asked[n - 1].question)
            for d, n in zip(domains, places, strict=True)
            if n
        ]
        rows = [(domain, q.id, q.advice, q.items) for domain, q in asked if q]
        return pd.DataFrame(rows, columns=["domain", "question", "advice", "items"])

    @cached_property
    def gates_by_year(self) -> "pd.DataFrame":
        """Status of each gate (columns) in each year (rows), in words."""
        import pandas as pd

        statuses = self.plan.catalogue.lists["statuses"].ids
        words = [[statuses[int(place)] for place in row] for row in self.values["status_in_year"].T]
        gates = pd.Index(list(self.plan.catalogue.gates), name="gate")
        return pd.DataFrame(words, index=self.totals.index, columns=gates)

    @cached_property
    def expected_levels(self) -> "pd.DataFrame":
        """Level id expected of each foundation (columns) in each year (rows), empty where unknown."""
        import pandas as pd

        levels = [[self._level(place or np.nan) for place in row] for row in self.values["expected_level"].T]
        return pd.DataFrame(levels, index=self.totals.index, columns=pd.Index(self.foundations, name="domain"))

    @cached_property
    def loads(self) -> "pd.DataFrame":
        """One row per load and year: load, room, and what has no room."""
        import pandas as pd

        loads, years = self.plan.key_ids("load"), self.plan.budget_years
        columns: dict[str, object] = {
            "load": np.repeat(np.array(loads, dtype=object), len(years)),
            "year": np.tile(np.array(years), len(loads)),
        }
        quantities = {"demand": "load_demand", "room": "load_room", "short": "load_short"}
        return pd.DataFrame(columns | {name: self.values[id].ravel() for name, id in quantities.items()})

    def _level(self, place: float) -> str:
        return "" if np.isnan(place) else self.plan.catalogue.lists["levels"].ids[int(place) - 1]

    @cached_property
    def gates(self) -> "pd.DataFrame":
        """One row per gate and blocking domain (one with an empty domain where nothing blocks), with status today."""
        import pandas as pd

        rows = [
            (gate, status, *(blocker.values() if blocker else ("", "", "")))
            for gate, (status, blockers) in self.gate_status.items()
            for blocker in blockers or [{}]
        ]
        return pd.DataFrame(rows, columns=["gate", "status", "domain", "level", "needed"])

    @cached_property
    def gate_status(self) -> Mapping[str, tuple[str, list[dict[str, str]]]]:
        """Gate id -> status in words, and what keeps it from the next status: domain, level, level needed."""
        statuses = self.plan.catalogue.lists["statuses"].ids
        places = self.values["gate_status"].ravel()
        return {id: (statuses[int(places[n])], self._blockers(n)) for n, id in enumerate(self.plan.catalogue.gates)}

    def _blockers(self, gate: int) -> list[dict[str, str]]:
        blocking, needed = self.values["is_blocking"][:, gate], self.values["needed_level"][:, gate]
        return [
            {"domain": id, "level": self.levels[id] or "not_assessed", "needed": self._level(needed[n])}
            for n, id in enumerate(self.foundations)
            if blocking[n] > 0
        ]

    @cached_property
    def programmes(self) -> "pd.DataFrame":
        """One row per programme: band, planned start, gate today (empty without a band), year in which it opens."""
        import pandas as pd

        statuses = self.plan.catalogue.lists["statuses"].ids
        places = self.values["programme_status"].ravel()
        words = ["" if np.isnan(place) else statuses[int(place)] for place in places]
        starts, opens = self.values["programme_start"].ravel(), self.values["programme_open_year"].ravel()
        rows = [
            (p["id"], p.get("band", ""), int(start) or None, word, year)
            for p, start, word, year in zip(self.plan.rows("programmes"), starts, words, opens, strict=True)
        ]
        return pd.DataFrame(rows, columns=["programme", "band", "start", "status", "opens"])

    @cached_property
    def totals(self) -> "pd.DataFrame":
        """One row per year, money in the reporting currency: cost, natures, funding, gap, real, present value."""
        import pandas as pd

        columns = {name: self.values[quantity].ravel() for name, quantity in YEAR_COLUMNS.items()}
        return pd.DataFrame(columns, index=pd.Index(list(self.plan.budget_years), name="year"))

    @cached_property
    def absorption(self) -> "pd.DataFrame":
        """One row per year: cost as planned, budget of the reported periods, spent, variance, absorption, reforecast.

        Absorption is missing where nothing is reported.
        """
        import pandas as pd

        columns = {name: self.values[quantity].ravel() for name, quantity in ABSORPTION_COLUMNS.items()}
        return pd.DataFrame(columns, index=self.totals.index)

    @cached_property
    def line_actuals(self) -> "pd.DataFrame":
        """One row per line, over the plan: cost as planned, budget of the reported periods, spent, reforecast."""
        import pandas as pd

        ids = pd.Index([str(line["id"]) for line in self.plan.rows("lines")], name="line", dtype=object)
        found = pd.DataFrame({name: self.values[id].ravel() for name, id in LINE_COLUMNS.items()}, index=ids)
        return found.assign(reforecast=found["cost"] + found["variance"].fillna(0))

    def spending(self, by: str) -> "pd.DataFrame":
        """Budget of the reported periods, spent, absorption and variance by ``category`` or ``source``.

        Raises ``KeyError`` for another word.
        """
        import pandas as pd

        *quantities, groups = SPENDING[by]
        columns = dict(zip(("reported", "spent", "absorption"), quantities, strict=True))
        index = pd.Index(list(self.plan.places[groups]), name=by, dtype=object)
        found = pd.DataFrame({name: self.values[id].ravel() for name, id in columns.items()}, index=index)
        return found.assign(variance=found["spent"] - found["reported"])

    def budget(self, by: str) -> "pd.DataFrame":
        """Cost by year (rows) and ``area``, ``category``, ``head``, ``grouping`` or ``source`` (columns).

        What has no head, grouping or source stands under an empty name. Raises ``KeyError`` for another word.
        """
        import pandas as pd

        quantity, rest, list_ = VIEWS[by]
        ids, cells = tuple(self.plan.places[list_]), self.values[quantity]
        if rest:
            ids, cells = (*ids, ""), np.concatenate([cells, self.values[rest]])
        return pd.DataFrame(cells.T, index=self.totals.index, columns=pd.Index(ids, name=by))

    @cached_property
    def checks(self) -> "pd.DataFrame":
        """One row per check: both sides, their difference, and passed, note or finding."""
        import pandas as pd

        rows = [self._check(check) for check in self.plan.catalogue.checks.values()]
        return pd.DataFrame(rows, columns=["check", "grade", "found", "expected", "difference", "status"])

    @property
    def finding_count(self) -> int:
        """Checks that fail; notes are none."""
        return sum(self._check(check)[-1] == "finding" for check in self.plan.catalogue.checks.values())

    def _check(self, check: Check) -> tuple[str, str, float, float, float, str]:
        found = self.number(check.left)
        expected = self.number(check.right) if check.right else 0.0
        tolerance = self.number(check.tolerance) if check.tolerance else 0.0
        failed = "note" if check.grade == "note" else "finding"
        status = "passed" if abs(found - expected) <= tolerance else failed
        return check.id, check.grade, found, expected, found - expected, status
