"""Consolidation that is interrupted, run twice at once, or meets files that change, break or lie."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from districts import book, east, here, north, put_together, south, written
from xlplan.consolidate import guard as guards
from xlplan.consolidate import journal as journals
from xlplan.consolidate import source
from xlplan.consolidate.guard import Guard, decoded
from xlplan.consolidate.journal import reserved
from xlplan.consolidate.run import Outcome, Wanted, consolidate, processes
from xlplan.consolidate.source import found_files, steady_bytes
from xlplan.problems import PlanError


@cache
def books() -> Mapping[str, bytes]:
    return {"east.xlsx": book(east()), "north.xlsx": book(north()), "south.xlsx": book(south())}


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return written(tmp_path / "plans", books())


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is safe on disk as soon as it was read."""
    monkeypatch.setattr(journals, "BATCH", 1)


class Interrupted(BaseException):
    """Somebody pressed a key."""


def interrupted(plans: Path, after: int) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done == after:
            raise Interrupted

    home = plans.parent
    wanted = Wanted([str(plans)], home / "national.xlsx", home / "national.parquet")
    with pytest.raises(Interrupted):
        consolidate(wanted, here(), stop)


def results(home: Path) -> list[bytes]:
    return [(home / f"national.{kind}").read_bytes() for kind in ("xlsx", "parquet")]


def test_an_interrupted_run_goes_on_where_it_was_and_ends_the_same(plans: Path, one_by_one: None) -> None:
    interrupted(plans, 2)
    assert sorted(path.name for path in plans.parent.iterdir()) == [".national.xlsx.work", "plans"]
    found = put_together(plans)
    assert (found.read, found.known) == (1, 2)
    after = results(plans.parent)
    assert put_together(plans).read == 3
    assert results(plans.parent) == after


def test_nothing_is_left_beside_the_targets(plans: Path) -> None:
    put_together(plans)
    assert sorted(path.name for path in plans.parent.iterdir()) == ["national.parquet", "national.xlsx", "plans"]


def test_a_file_that_changed_is_read_again(plans: Path, one_by_one: None) -> None:
    interrupted(plans, 2)
    (plans / "east.xlsx").write_bytes(book(east(title="Another title")))
    found = put_together(plans)
    assert (found.read, found.known) == (2, 1)


def test_a_line_of_the_journal_that_was_cut_short_is_read_again(plans: Path, one_by_one: None) -> None:
    interrupted(plans, 2)
    path = plans.parent / ".national.xlsx.work" / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    found = put_together(plans)
    assert (found.read, found.known) == (2, 1)


def test_what_another_version_has_read_is_read_again(plans: Path, one_by_one: None) -> None:
    interrupted(plans, 2)
    path = plans.parent / ".national.xlsx.work" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"xlplan": "', b'"xlplan": "0.0.0.', 1))
    assert put_together(plans).read == 3


KILLED = """
import os, signal, sys
from pathlib import Path
from xlplan.consolidate import journal, run
journal.BATCH = 1
def stop(done, total, name):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
home = Path(sys.argv[1])
run.consolidate(run.Wanted([str(home / "plans")], home / "national.xlsx"), run.processes(1), stop)
"""


def test_a_run_that_is_killed_goes_on_and_holds_nothing(plans: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(plans.parent)], check=False)
    assert done.returncode == -signal.SIGKILL
    found = put_together(plans)
    assert (found.counts, found.known >= 2) == ({"counted": 3}, True)


def test_where_nothing_can_be_added_up_the_old_files_stay_and_what_was_read_is_kept(plans: Path) -> None:
    put_together(plans)
    before = results(plans.parent)
    (plans / "west.xlsx").write_bytes(book(north(unit="West", currency_label="KES")))
    with pytest.raises(PlanError, match="reporting currencies"):
        put_together(plans)
    assert results(plans.parent) == before
    found = put_together(plans, currency="USD")
    assert (found.read, found.known, found.counts) == (0, 4, {"counted": 3, "quarantined": 1})


# ------------------------------------------------------------------------------------------------ at the same time


def test_a_second_run_into_the_same_target_is_refused(plans: Path) -> None:
    with reserved(plans.parent / "national.xlsx"), pytest.raises(PlanError, match="another consolidation"):
        put_together(plans)
    assert put_together(plans).counts == {"counted": 3}


def test_of_two_commands_at_once_one_writes_and_the_other_says_so(plans: Path) -> None:
    target = str(plans.parent / "out.xlsx")
    command = [sys.executable, "-m", "xlplan", "consolidate", str(plans), "-o", target, "--force"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 1])
    assert codes == [0, 0] or any("another consolidation is writing it" in text for text in said)
    assert found_files([target])


def test_a_file_that_grows_whenever_it_is_read_is_left_out(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = source.read_bytes

    def growing(path: Path) -> bytes:
        data = right(path)
        if path.name == "north.xlsx":
            with path.open("ab") as stream:
                stream.write(b"more")
        return data

    monkeypatch.setattr(source, "read_bytes", growing)
    found = put_together(plans)
    assert (found.counts, set(found.left_out)) == ({"counted": 2, "quarantined": 1}, {"north.xlsx"})
    assert "being written" in found.left_out["north.xlsx"].problems[0][1]


def test_a_file_that_was_half_written_counts_once_it_is_whole(plans: Path) -> None:
    (plans / "north.xlsx").write_bytes(books()["north.xlsx"][:100_000])
    assert put_together(plans).counts == {"counted": 2, "quarantined": 1}
    (plans / "north.xlsx").write_bytes(books()["north.xlsx"])
    assert put_together(plans).counts == {"counted": 3}


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    path, times = tmp_path / "north.xlsx", iter([b"second"])
    path.write_bytes(b"first")
    right = source.read_bytes

    def replaced(path: Path) -> bytes:
        data = right(path)
        path.write_bytes(next(times, path.read_bytes()))
        return data

    monkeypatch.setattr(source, "read_bytes", replaced)
    stamps = iter([(5, 1, 1), (6, 2, 1), (6, 2, 1), (6, 2, 1)])
    monkeypatch.setattr(source, "stamp", lambda _: next(stamps))
    assert steady_bytes(path)[0] == b"second"


# ------------------------------------------------------------------------------------------------ files that break


FRAGILE = """
import os, sys, time
from xlplan.consolidate import worker
right = worker.extract
def fragile(name, data, hash):
    if "kill" in name:
        os.abort()
    if "greedy" in name:
        room = bytearray(10**12)
    if "slow" in name:
        time.sleep(30)
    if "spin" in name:
        while True:
            pass
    return right(name, data, hash)
worker.extract, worker.SECONDS = fragile, 1
worker.main()
"""


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that some files break."""
    monkeypatch.setattr(guards, "COMMAND", (sys.executable, "-P", "-c", FRAGILE))
    monkeypatch.setattr(guards, "PATIENCE", 6)


@pytest.fixture
def guard() -> Iterator[Guard]:
    found = Guard()
    yield found
    found.close()


@pytest.mark.parametrize("name", ["kill", "greedy", "slow", "spin"])
def test_a_file_that_breaks_its_process_is_told_and_the_next_one_read(
    name: str, plans: Path, fragile: None, guard: Guard
) -> None:  # fmt: skip
    path = str(plans / "north.xlsx")
    broken = decoded(guard.read(f"{name}.xlsx", path))
    assert "too much" in broken.problems[0][1]
    assert decoded(guard.read("north.xlsx", path)).unit == "North"


def test_a_run_with_a_file_that_breaks_its_process_counts_the_others(plans: Path, fragile: None) -> None:
    (plans / "kill.xlsx").write_bytes(books()["north.xlsx"])
    found = consolidate(Wanted([str(plans)], plans.parent / "national.xlsx"), processes(2))
    assert (found.counts, set(found.left_out)) == ({"counted": 3, "quarantined": 1}, {"kill.xlsx"})


def test_a_process_reads_so_many_files_and_is_replaced(
    plans: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "MOST_FILES", 2)
    pids = []
    for _ in range(3):
        guard.read("north.xlsx", str(plans / "north.xlsx"))
        assert guard.process
        pids.append(guard.process.pid)
    assert pids[0] == pids[1] != pids[2]


def test_a_process_ends_with_the_run_that_started_it(plans: Path) -> None:
    code = (
        "import sys, time; from xlplan.consolidate.guard import Guard; guard = Guard();"
        "guard.read('n', sys.argv[1]); print(guard.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(plans / "north.xlsx")], stdout=subprocess.PIPE) as run:
        pid = int(run.stdout.readline())
        run.kill()
    end = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and "Z" not in state(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists() or "Z" in state(pid)


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_the_journal_names_a_file_only_once_its_part_is_whole(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BATCH", 2)
    interrupted(plans, 1)
    folder = plans.parent / ".national.xlsx.work"
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    assert all((folder / f"part-{line['part']:06d}.parquet").exists() for line in lines)
    assert isinstance(put_together(plans), Outcome)
