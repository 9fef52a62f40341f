"""Consolidation from files to workbook and store; interrupted, it goes on where it was."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from xlplan.catalogue import chosen
from xlplan.consolidate.extract import Extract
from xlplan.consolidate.guard import Crew, Guards, decoded
from xlplan.consolidate.journal import Journal, reserved
from xlplan.consolidate.national import Aside, National, Read, SharedCost, Unit
from xlplan.consolidate.sheets import listings
from xlplan.consolidate.source import found_files, steady_bytes
from xlplan.consolidate.standing import (
    COUNTED,
    QUARANTINED,
    Activity,
    Standing,
    cautions,
    counted_elsewhere,
    shared_activities,
    standings,
)
from xlplan.consolidate.store import write_store
from xlplan.consolidate.totals import ALL, AREA, CATEGORY, SOURCE, Totals, activity_money, add_activities, lines_of
from xlplan.files import write_whole
from xlplan.problems import PlanError, Problem
from xlplan.workbook.listing import listing_book

Pool = AbstractContextManager[Crew]
Progress = Callable[[int, int, str], None]
"""Files done, files in all, and the file at hand."""

WINDOW = 4
"""Files given out at once, for each process that reads."""


@dataclass(frozen=True)
class Wanted:
    """What to put together, where to, and what was told beforehand."""

    sources: Sequence[str]
    workbook: Path
    store: Path | None = None
    language: str = "en"
    currency: str = ""
    newest: bool = False


@dataclass(frozen=True)
class Outcome:
    """How many files became what, those left out with reasons, and what is odd about the whole."""

    counts: Mapping[str, int]
    left_out: Mapping[str, Standing]
    problems: Sequence[Problem]
    cautions: Sequence[Problem]
    read: int
    known: int


@contextmanager
def processes(count: int) -> Iterator[Crew]:
    """Processes of this machine, each kept by a thread."""
    guards = Guards()
    try:
        with ThreadPoolExecutor(count) as threads:
            yield Crew(threads, guards.read, count)
    finally:
        guards.close()


def consolidate(wanted: Wanted, pool: Pool, progress: Progress = lambda *_: None) -> Outcome:
    """Read all plans, judge them against each other, and write workbook and store, each whole or not at all.

    Raises ``PlanError`` where nothing could be added up; what was read is then kept for the next run.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # its own pool keeps what it has freed
    targets = [path for path in (wanted.workbook, wanted.store) if path]
    files = found_files(wanted.sources, targets)
    with reserved(wanted.workbook) as folder:
        journal = Journal(folder)
        journal.open()
        fresh = {name: path for name, path in files.items() if not is_known(journal, name, path)}
        read_all(journal, fresh, pool, len(files), progress)
        return written(wanted, journal, list(files), len(fresh))


def is_known(journal: Journal, name: str, path: Path) -> bool:
    """Was exactly this file read by an earlier run?"""
    if not journal.hashes.get(name):
        return False
    try:
        return steady_bytes(path)[1] == journal.hashes[name]
    except PlanError:
        return False


def read_all(
    journal: Journal, files: Mapping[str, Path], pool: Pool, total: int, progress: Progress
) -> None:  # fmt: skip
    """Read files into the journal, in no order; what is read stays read, whatever ends the run."""
    if not files:
        return
    done = total - len(files)
    with pool as crew:
        try:
            for extract in answers(crew, files):
                journal.add(extract)
                done += 1
                progress(done, total, extract.name)
        except BaseException:
            crew.executor.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            journal.flush()


def answers(crew: Crew, files: Mapping[str, Path]) -> Iterator[Extract]:
    """Extracts as they come, with no more than a window of files given out."""
    waiting: set[Future[str]] = set()
    for name, path in files.items():
        waiting.add(crew.executor.submit(crew.reader, name, str(path)))
        if len(waiting) >= crew.width * WINDOW:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (decoded(future.result()) for future in ready)
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (decoded(future.result()) for future in ready)


def written(wanted: Wanted, journal: Journal, names: Sequence[str], read: int) -> Outcome:
    """Judge what was read and write it."""
    heads = [replace(journal.entry(name).extract, own={}) for name in names]
    found = standings(heads, currency=wanted.currency, newest=wanted.newest)
    counted = {head.name: head for head in heads if found[head.name].status == COUNTED}
    if not counted:
        raise nothing(found)
    activities, problems = shared_activities(list(counted.values()))
    elsewhere = counted_elsewhere(activities)
    if wanted.store:
        write_store(wanted.store, journal, found, elsewhere)
    totals, units = added(journal, counted, activities)
    odd = list(cautions(list(counted.values())))
    national = National(
        totals.years, next(iter(counted.values())).currency, Counter(s.status for s in found.values()), units,
        [shared_cost(counted, activity) for activity in activities], totals.entries(AREA), totals.entries(CATEGORY),
        totals.entries(SOURCE), [*problems, *odd], asides(found, heads), reads(found, heads),
    )  # fmt: skip
    catalogue = chosen(next(iter(counted.values())).template, wanted.language)
    title = national.title or catalogue.say("Several plans")
    write_whole(wanted.workbook, listing_book(listings(national, catalogue), title, wanted.language))
    left_out = {name: standing for name, standing in found.items() if standing.status != COUNTED}
    return Outcome(national.counts, left_out, problems, odd, read, len(names) - read)


def nothing(found: Mapping[str, Standing]) -> PlanError:
    reasons = [Problem(*problem) for standing in found.values() for problem in standing.problems]
    none = Problem("plans", "no plan that can be counted", "at least one", "mend the files named here")
    return PlanError([*reasons[:50], none])


def added(
    journal: Journal, counted: Mapping[str, Extract], activities: Sequence[Activity]
) -> tuple[Totals, list[Unit]]:  # fmt: skip
    """Money of all counted plans, and of each; shared activities once, and with no plan."""
    totals, units = Totals(), []
    for name in counted:
        extract = journal.entry(name).extract
        totals.add(extract.first_year, extract.own)
        units.append(unit_of(extract))
    add_activities(totals, counted, activities)
    return totals, units


def unit_of(extract: Extract) -> Unit:
    money = extract.own.get(ALL, {})
    cost = dict(zip(extract.budget_years, money.get("cost", ()), strict=False))
    return Unit(
        extract.country, extract.unit, extract.plan, extract.title, extract.name, extract.total_cell,
        extract.findings, len(extract.notes), sum(money.get("one_off", ())), sum(money.get("gap", ())), cost,
    )  # fmt: skip


def shared_cost(counted: Mapping[str, Extract], activity: Activity) -> SharedCost:
    first = counted[activity.carriers[0]]
    line = lines_of(first, activity.code)[0]
    return SharedCost(
        line.shared, line.activity, activity.carriers, first.name, line.cell, activity_money(counted, activity)
    )  # fmt: skip


def asides(found: Mapping[str, Standing], heads: Sequence[Extract]) -> Iterator[Aside]:
    """Quarantined files first, then copies and older versions, then notes on counted files."""
    order = (QUARANTINED, "replaced", "copy")
    for status in order:
        for name in sorted(name for name, standing in found.items() if standing.status == status):
            yield from (Aside(name, status, problem) for problem in found[name].problems)
    for head in heads:
        if found[head.name].status == COUNTED:
            yield from (Aside(head.name, "note", note) for note in head.notes)


def reads(found: Mapping[str, Standing], heads: Sequence[Extract]) -> Iterator[Read]:
    for head in heads:
        status, unit = found[head.name].status, head.unit or head.title
        yield Read(head.name, head.hash, status, unit, head.data_date, head.saved, head.version, head.sheet)
