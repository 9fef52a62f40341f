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
    "unit_price": "unit_price",
    "cost": "cost",
    "one_off": "one_off_cost",
    "recurring": "recurring_cost",
    "annualised": "annualised_cost",
}
YEAR_COLUMNS = {
    "cost": "total_cost",
    "one_off": "total_one_off_cost",
    "recurring": "total_recurring_cost",
    "confirmed": "total_confirmed",
    "expected": "total_expected",
    "gap": "funding_gap",
    "real": "real_cost",
    "present_value": "discounted_cost",
    "annualised": "total_annualised_cost",
}


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

        foundations = self.plan.catalogue.band_domains("foundation")
        money = dict(zip((d.id for d in foundations), self.values["domain_cost"].ravel(), strict=True))
        levels, bands = self.levels, {id: d.band for id, d in self.plan.catalogue.domains.items()}
        bands |= {str(row["id"]): str(row.get("band", "")) for row in self.plan.rows("programmes")}
        rows = [(id, bands[id], level, money.get(id)) for id, level in levels.items()]
        return pd.DataFrame(rows, columns=["domain", "band", "level", "cost"])

    @cached_property
    def levels(self) -> Mapping[str, str]:
        """Domain or programme id -> level id now, empty where not assessed."""
        ids = (*(d.id for d in self.plan.catalogue.band_domains("foundation")), *self.plan.uses)
        places = (*self.values["level_now"].ravel(), *self.values["use_level_now"].ravel())
        return {id: self._level(place) for id, place in zip(ids, places, strict=True)}

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
        foundations = self.plan.catalogue.band_domains("foundation")
        return [
            {"domain": d.id, "level": self.levels[d.id] or "not_assessed", "needed": self._level(needed[n])}
            for n, d in enumerate(foundations)
            if blocking[n] > 0
        ]

    @cached_property
    def programmes(self) -> "pd.DataFrame":
        """One row per programme: band, planned start, status of its gate today (empty without a band)."""
        import pandas as pd

        statuses = self.plan.catalogue.lists["statuses"].ids
        places = self.values["programme_status"].ravel()
        words = ["" if np.isnan(place) else statuses[int(place)] for place in places]
        rows = [
            (p["id"], p.get("band", ""), p.get("start_year"), word)
            for p, word in zip(self.plan.rows("programmes"), words, strict=True)
        ]
        return pd.DataFrame(rows, columns=["programme", "band", "start", "status"])

    @cached_property
    def totals(self) -> "pd.DataFrame":
        """One row per year, money in the reporting currency: cost, natures, funding, gap, real, present value."""
        import pandas as pd

        columns = {name: self.values[quantity].ravel() for name, quantity in YEAR_COLUMNS.items()}
        return pd.DataFrame(columns, index=pd.Index(list(self.plan.budget_years), name="year"))

    def budget(self, by: str) -> "pd.DataFrame":
        """Cost by year (rows) and ``area`` or ``category`` (columns). Raises ``KeyError`` for another word."""
        import pandas as pd

        ids = {"area": self.plan.areas, "category": tuple(self.plan.places["categories"])}[by]
        return pd.DataFrame(self.values[f"{by}_cost"].T, index=self.totals.index, columns=pd.Index(ids, name=by))

    @cached_property
    def checks(self) -> "pd.DataFrame":
        """One row per check: both sides, their difference, and passed, note or finding."""
        import pandas as pd

        rows = [self._check(check) for check in self.plan.catalogue.checks.values()]
        return pd.DataFrame(rows, columns=["check", "grade", "found", "expected", "difference", "status"])

    def _check(self, check: Check) -> tuple[str, str, float, float, float, str]:
        found = self.number(check.left)
        expected = self.number(check.right) if check.right else 0.0
        tolerance = self.number(check.tolerance) if check.tolerance else 0.0
        failed = "note" if check.grade == "note" else "finding"
        status = "passed" if abs(found - expected) <= tolerance else failed
        return check.id, check.grade, found, expected, found - expected, status
