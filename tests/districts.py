"""Small plans of districts whose totals a person can add up, and ways to put them together. No tests here."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from plans import checked_plan, with_small_tables
from xlplan.catalogue import load_catalogue
from xlplan.consolidate.guard import Crew
from xlplan.consolidate.run import Outcome, Wanted, consolidate
from xlplan.consolidate.worker import answer, encoded
from xlplan.plan import Plan
from xlplan.workbook.build import build_workbook

MINISTRY, FUND = {"ministry": 1.0}, {"fund": 0.4}
HALF = {"ministry": 0.5, "fund": 0.5}


def line(id: str, cost: float, shares: Mapping[str, float] = MINISTRY, **more: Any) -> dict[str, Any]:
    """One unit a year at this price; prices do not grow."""
    found = {"id": id, "activity": f"Pay for {id}", "area": "security", "category": "local_operational"}
    found |= {"nature": "recurring", "quantity_1": 1, "unit_cost": cost, "shares": dict(shares)}
    return found | more


def district(unit: str, *lines: dict[str, Any], first_year: int = 2027, years: int = 2, **settings: Any) -> Plan:
    """A plan of a district of Examplia over two years, paid by a ministry and a fund."""
    given = {
        "title": f"Plan of {unit}", "country": "Examplia", "unit": unit, "first_year": first_year,
        "reporting_currency": "usd", "price_year": first_year, "discount_rate": 0.03, "replacement_method": "steady",
        "current_round": "baseline", "currency_label": "USD", "plan_id": "district",
    } | settings  # fmt: skip
    label, id = given.pop("currency_label"), given.pop("plan_id")
    return checked_plan(id, years, {
        "settings": [{key: value for key, value in given.items() if value}],
        "rounds": [{"id": "baseline", "label": "Baseline"}],
        "currencies": [{"id": "usd", "label": label, "inflation": 0}],
        "programmes": [{"id": "hiv", "label": "HIV surveillance", "band": "aggregate"}],
        "funders": [{"id": "ministry", "label": "Ministry of Health"}, {"id": "fund", "label": "Global fund"}],
        "lines": list(lines),
    }, load_catalogue())  # fmt: skip


def north(**more: Any) -> Plan:
    """1,000 a year of its own and 600 for the hosting that it shares."""
    own = line("audit", 1000, category="technical_assistance")
    return district(more.pop("unit", "North"), own, line("hosting", 600, HALF, shared_activity="HOSTING"), **more)


def south(**more: Any) -> Plan:
    """2,000 a year of its own, of which the fund pays two fifths and nobody the rest, and the same hosting."""
    own = line("training", 2000, FUND, area="training")
    return district("South", own, line("hosting", 600, HALF, shared_activity=" hosting "), **more)


def east(**more: Any) -> Plan:
    """300 a year, one year later."""
    return district("East", line("hiv", 300, area="hiv"), first_year=2028, **more)


def book(plan: Plan) -> bytes:
    return build_workbook(with_small_tables(plan), 1)


def written(folder: Path, books: Mapping[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in books.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(data)
    return folder


@contextmanager
def here() -> Iterator[Crew]:
    """Read in this very process, one file after the other."""
    with ThreadPoolExecutor(1) as thread:
        yield Crew(thread, lambda name, path: encoded(answer(name, Path(path))).decode(), 1)


def put_together(folder: Path, **more: Any) -> Outcome:
    """Workbook and store beside the folder of the plans."""
    home = folder.parent
    store = more.pop("store", home / "national.parquet")
    return consolidate(Wanted([str(folder)], home / "national.xlsx", store, **more), here())


def sheet(path: Path, title: str) -> list[list[Any]]:
    """Rows of a sheet of the national workbook, from its headings on."""
    with CalamineWorkbook.from_path(str(path)) as found:
        return found.get_sheet_by_name(title).to_python(skip_empty_area=False)[4:]


def column(path: Path, title: str, head: str, key: str) -> dict[Any, Any]:
    """One column of a sheet by another."""
    heads, *rows = sheet(path, title)
    return {row[heads.index(key)]: row[heads.index(head)] for row in rows}
