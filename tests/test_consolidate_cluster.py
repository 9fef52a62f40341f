"""The same consolidation on a Dask cluster of two worker processes, one of which is lost in the middle."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from districts import book, east, north, put_together, south, written
from xlplan.cli import main
from xlplan.consolidate.cluster import cluster
from xlplan.consolidate.run import Wanted, consolidate
from xlplan.problems import PlanError

COPIES = 24


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three plans, and copies of one of them that only differ in bytes that nobody reads."""
    folder = tmp_path_factory.mktemp("cluster") / "plans"
    books = {"east.xlsx": book(east()), "north.xlsx": book(north()), "south.xlsx": book(south())}
    return written(folder, books | {f"copy-{n:02d}.xlsx": books["north.xlsx"] for n in range(COPIES)})


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    """Two worker processes, each with a nanny that replaces it when it is lost."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found


def test_a_worker_that_is_lost_in_the_middle_changes_nothing(plans: Path, workers: LocalCluster) -> None:
    home, lost = plans.parent, []
    with Client(workers) as client:
        pids = list(client.run(os.getpid).values())

    def lose(done: int, total: int, name: str) -> None:
        if done == 8:
            os.kill(pids[0], signal.SIGKILL)
            lost.append(pids[0])

    address = workers.scheduler_address
    found = consolidate(Wanted([str(plans)], home / "there.xlsx", home / "there.parquet"), cluster(address), lose)
    assert (found.counts, lost) == ({"counted": 3, "copy": COPIES}, pids[:1])
    assert put_together(plans).counts == found.counts
    for kind in ("xlsx", "parquet"):
        assert (home / f"there.{kind}").read_bytes() == (home / f"national.{kind}").read_bytes()
    with Client(workers) as client:
        assert pids[0] not in client.run(os.getpid).values()


def test_the_command_reads_on_the_workers_of_a_scheduler(plans: Path, workers: LocalCluster, tmp_path: Path) -> None:
    words = ["consolidate", str(plans), "-o", str(tmp_path / "out.xlsx"), "--scheduler", workers.scheduler_address]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, "3 counted" in result.output) == (0, True)


def test_a_scheduler_that_is_not_there_is_told(plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlplan.consolidate.cluster.SECONDS", 1)
    with pytest.raises(PlanError, match="no scheduler at tcp"):
        consolidate(Wanted([str(plans)], tmp_path / "out.xlsx"), cluster("tcp://127.0.0.1:9"))
