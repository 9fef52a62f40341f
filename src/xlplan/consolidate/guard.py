"""Readers of many files: each thread keeps one process that parses, and replaces it when a file breaks it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, NamedTuple

from xlplan.consolidate.extract import Extract, Line

Reader = Callable[[str, str], str]
"""Name and path of a file to an extract as text."""


class Crew(NamedTuple):
    """Who reads: what takes jobs, what reads one file there, and how many files at the same time."""

    executor: Executor
    reader: Reader
    width: int


PATIENCE = 60
"""Seconds on the clock for one file; its processor time is bounded by the process itself."""

MOST_FILES = 500
"""Files that one process reads, so that whatever it gathers stays bounded."""

SMALL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
COMMAND = (sys.executable, "-P", "-m", "xlplan.consolidate.worker")
TAKES_TOO_MUCH = ("a workbook that takes too much time or memory", "a workbook as xlplan made it",
                  "make a fresh one and copy its inputs")  # fmt: skip


class Guard:
    """A process that parses, started when first asked."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.files = 0

    def read(self, name: str, path: str) -> str:
        """What the process answers; where the file breaks it, an extract without hash that says so."""
        process = self.started()
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        try:
            assert process.stdin  # noqa: S101  pipes were asked for
            assert process.stdout  # noqa: S101
            process.stdin.write(json.dumps([name, path]).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            return json.dumps(Extract(name, "", [(name, *TAKES_TOO_MUCH)]), default=vars)
        return answer.decode()

    def started(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None or self.files >= MOST_FILES:
            self.close()
            environment, pipe = os.environ | SMALL, subprocess.PIPE
            self.process = subprocess.Popen(  # noqa: S603  our own program
                COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
            )
            self.files = 0
        self.files += 1
        return self.process

    def close(self) -> None:
        """End the process, if there is one."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


class Guards:
    """A guard for each thread that asks."""

    def __init__(self) -> None:
        self.all: list[Guard] = []
        self.own = threading.local()

    def read(self, name: str, path: str) -> str:
        """What a process of this thread answers about a file."""
        if not hasattr(self.own, "guard"):
            self.own.guard = Guard()
            self.all.append(self.own.guard)
        found: str = self.own.guard.read(name, path)
        return found

    def close(self) -> None:
        for guard in self.all:
            guard.close()


def decoded(answer: str) -> Extract:
    """The extract that a process told."""
    found: dict[str, Any] = json.loads(answer)
    found["lines"] = tuple(Line(**line) for line in found["lines"])
    return Extract(**found)
