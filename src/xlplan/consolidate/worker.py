"""The process that parses: one path a line comes in, one extract a line goes out; it may be lost at any file.

Limits hold for each file anew: seconds of processor time, and memory beyond what the process itself needs.
"""

import contextlib
import gc
import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from xlplan.consolidate.extract import Extract, extract, told
from xlplan.consolidate.source import steady_bytes
from xlplan.problems import PlanError
from xlplan.workbook.cells import MEMORY

SECONDS, TIDY_EVERY = 10, 4


def main() -> None:
    """Answer until the input ends; whatever libraries print goes to the error output."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    bound_memory()
    serve(sys.stdin.buffer, answers)


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    gc.disable()
    for number, line in enumerate(jobs):
        tidy(number)
        bound_time()
        name, path = json.loads(line)
        answers.write(encoded(answer(name, Path(path))) + b"\n")
        answers.flush()


def tidy(number: int) -> None:
    """Look for garbage now and then instead of all the time, and never among the facts of the templates."""
    if number == 1:
        gc.freeze()
    elif number % TIDY_EVERY == 0:
        gc.collect()


def encoded(found: Extract) -> bytes:
    return json.dumps(found, default=vars, separators=(",", ":"), allow_nan=False).encode()


def answer(name: str, path: Path) -> Extract:
    """The extract of a file; where it cannot be read, why."""
    hash = ""
    try:
        data, hash = steady_bytes(path)
        return extract(name, data, hash)
    except PlanError as error:
        return Extract(name, hash, [told(problem) for problem in error.problems])
    except MemoryError:
        words = "a workbook that takes too much memory", "a workbook as xlplan made it", "make a fresh one, copy inputs"
        return Extract(name, hash, [(name, *words)])
    except Exception as error:  # noqa: BLE001  a file may break what it likes, but not the run
        found = f"it cannot be read: {type(error).__name__}: {error}"[:300]
        return Extract(name, hash, [(name, found, "a workbook as xlplan made it", "see xlplan verify")])


def bound_memory() -> None:
    """Room for one file beyond what the process takes now, where the system can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  there is none on Windows

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def bound_time() -> None:
    """Seconds for the next file beyond those already taken."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
