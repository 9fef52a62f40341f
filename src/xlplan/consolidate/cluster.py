"""The same work on a Dask cluster: every worker keeps its own process that parses."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from xlplan.consolidate.guard import Crew, Guards
from xlplan.problems import PlanError, Problem

RETRIES = 3
"""Times that a file is given to another worker when one is lost with it."""

SECONDS = 10
"""To reach the scheduler."""

_guards = Guards()
_lock = threading.Lock()


def read_there(name: str, path: str) -> str:
    """Read one file on the worker that this is called on; the path must lead there to the same file."""
    return _guards.read(name, path)


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of a scheduler. Raises ``PlanError`` where there is none, or no Dask on this machine."""
    try:
        from distributed import Client  # noqa: PLC0415  an extra
    except ImportError as error:
        words = "no Dask on this machine", "the package distributed", "install xlplan[cluster]"
        raise PlanError([Problem("--scheduler", *words)]) from error
    try:
        client = Client(address, timeout=SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        words = f"no scheduler at {address}", "the address of a running one", "start dask scheduler and its workers"
        raise PlanError([Problem("--scheduler", *words)]) from error
    with client:
        executor = client.get_executor(pure=False, retries=RETRIES)  # type: ignore[no-untyped-call]
        yield Crew(executor, read_there, max(1, sum(client.nthreads().values())))  # type: ignore[no-untyped-call]
