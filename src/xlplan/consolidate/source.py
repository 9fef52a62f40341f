"""Files to put together: found in folders and by patterns, named once, read whole."""

import glob
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from xlplan.files import one, read_bytes
from xlplan.problems import PlanError, Problem

ENDINGS = (".xlsx", ".xlsm", ".ods", ".xls")
UNWANTED = ("~$", ".")
"""How names of lock files and hidden files begin."""

TRIES = 3


def found_files(sources: Iterable[str], besides: Iterable[Path] = ()) -> dict[str, Path]:
    """Workbooks by their name under the folder that holds them all, sorted; ``besides`` are left out.

    A source is a file, a folder with all below it, or a pattern. Raises ``PlanError`` for one that holds none.
    """
    left_out = {path.resolve() for path in besides}
    paths: dict[Path, None] = {}
    for source in sources:
        found = [path for path in workbooks(source) if path.resolve() not in left_out]
        if not found:
            raise PlanError([Problem(source, "no workbook", "a folder, file or pattern", "correct the name")])
        paths |= dict.fromkeys(path.resolve() for path in found)
    root = Path(os.path.commonpath([path.parent for path in paths]))
    return dict(sorted((path.relative_to(root).as_posix(), path) for path in paths))


def workbooks(source: str) -> Iterator[Path]:
    path = Path(source)
    if path.is_file():
        yield path
        return
    below = path.rglob("*") if path.is_dir() else (Path(name) for name in glob.iglob(source, recursive=True))  # noqa: PTH207  absolute patterns too
    for file in below:
        if file.suffix.lower() in ENDINGS and not file.name.startswith(UNWANTED) and file.is_file():
            yield file


def steady_bytes(path: Path) -> tuple[bytes, str]:
    """A file's bytes and their digest. Raises ``PlanError`` where it does not hold still while it is read."""
    for _ in range(TRIES):
        before = stamp(path)
        data = read_bytes(path)
        if before == stamp(path) and len(data) == before[0]:
            return data, sha256(data).hexdigest()
    raise one(path, "a file that is being written", "a file that nobody writes to", "wait until it is whole, run again")


def stamp(path: Path) -> tuple[int, int, int]:
    """Size, time of the last change and number of a file. Raises ``PlanError`` where there is none."""
    try:
        found = path.stat()
    except OSError as error:
        raise one(path, "no such file", "an existing file", "run again") from error
    return found.st_size, found.st_mtime_ns, found.st_ino
