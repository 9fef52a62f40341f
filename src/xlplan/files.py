"""Files at the edge: refuse what cannot be read, never overwrite unasked, write whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.archive import ArchiveError, unpacked
from xlplan.markup import unsafe_markup
from xlplan.payload import carried
from xlplan.problems import PlanError, Problem, refuse

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST = 64 * 1024 * 1024
AGAIN = "get the file again from its sender, or save it again in a spreadsheet program"


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises ``PlanError`` where there is no such readable file."""
    try:
        if path.is_dir():
            raise one(path, "a folder", "a file", "name a file in it")
        if path.stat().st_size > LARGEST:
            raise one(
                path, f"{path.stat().st_size:,} bytes", f"at most {LARGEST:,} bytes", "check that it is the right file"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise one(path, "no such file", "an existing file", "correct the name") from error
    except OSError as error:
        raise one(path, f"it cannot be read: {error.strerror}", "a readable file", "check its permissions") from error


@dataclass(frozen=True)
class Package:
    """A workbook whose directory and markup were checked: its parts, and notes on what else it carries."""

    name: str
    kind: str
    data: bytes
    parts: Mapping[str, bytes]
    notes: tuple[Problem, ...] = ()


def read_package(path: Path) -> Package:
    """A workbook (``xlsx`` or ``ods``) that is safe to hand to a parser. Raises ``PlanError`` for anything else."""
    return checked_package(path.name, read_bytes(path))


def checked_package(name: str, data: bytes) -> Package:
    """The package in these bytes. Raises ``PlanError`` with the reasons for which it is put in quarantine."""
    if data.startswith(OLE_HEAD):
        found = "a password-protected or old .xls workbook"
        raise PlanError(
            [Problem(name, found, "an .xlsx workbook without password", "remove the password or save it as .xlsx")]
        )
    try:
        parts = unpacked(data)
    except ArchiveError as error:
        raise PlanError([Problem(name, str(error), "a whole .xlsx workbook", AGAIN)]) from error
    kind = kind_of(parts)
    if not kind:
        raise PlanError([Problem(name, "a zip file without a workbook", "an .xlsx workbook", AGAIN)])
    refuse(Problem(name, found, "markup as spreadsheet programs write it", AGAIN) for found in unsafe_markup(parts))
    return Package(name, kind, data, parts, carried(name, parts))


def kind_of(parts: Mapping[str, bytes]) -> str:
    """Which kind of workbook the parts are, if any."""
    if "xl/workbook.xml" in parts:
        return "xlsx"
    is_ods = parts.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument.spreadsheet")
    return "ods" if is_ods and "content.xml" in parts else ""


def one(path: Path, found: str, expected: str, remedy: str) -> PlanError:
    return PlanError([Problem(path.name or str(path), found, expected, remedy)])


def refuse_open(path: Path) -> None:
    """Refuse a file that Excel or LibreOffice has open. Raises ``PlanError`` with the owner's name."""
    excel, libreoffice = path.parent / f"~${path.name}", path.parent / f".~lock.{path.name}#"
    for lock, program in ((excel, "Excel"), (libreoffice, "LibreOffice")):
        if is_there(lock):
            who = owner(lock, program) or "somebody"
            raise one(
                path, f"open in {program} by {who}", "a closed file", f"ask {who} to close it, or remove {lock.name}"
            )


def is_there(path: Path) -> bool:
    """Is there such a file, as far as we may see?"""
    try:
        return path.exists()
    except OSError:  # a closed folder, or a name longer than any file's: opening it will tell
        return False


def owner(lock: Path, program: str) -> str:
    """Name of the person in a lock file: Excel's length-prefixed name, or LibreOffice's first filled field."""
    try:
        data = lock.read_bytes()
    except OSError:  # held by the program, or a folder
        return ""
    if program == "Excel":
        return data[1 : 1 + data[0]].decode("latin-1").strip() if data else ""
    return next((part for part in data.decode("utf-8", "replace").split(",") if part.strip()), "")


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to overwrite, a missing folder and an open file, before any work is done."""
    if is_there(path) and path.is_dir():
        raise one(path, "a folder", "the name of a new file", "add a file name")
    if is_there(path) and not force:
        raise one(path, "a file that exists already", "a new name", "choose another name or add --force")
    if not (is_there(path.parent) and path.parent.is_dir()):
        raise one(path, f"no folder {path.parent}", "an existing folder", "make the folder first")
    refuse_open(path)


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the target, flush to disk, then replace: the old file whole or the new one whole.

    Where the system can, the new file has no name until it is complete, so that a program that is ended leaves nothing
    behind. Raises ``PlanError`` where the folder cannot be written to or the disk is full.
    """
    path, temporary = path.resolve(), None
    try:
        mode = path.stat().st_mode if is_there(path) else 0o666 & ~_umask()
        handle, temporary = beside(path)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            temporary = temporary or named(stream.fileno(), path)
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        remedy = "free space or choose another folder"
        raise one(path, f"it cannot be written: {error.strerror}", "a writable folder with space", remedy) from error


def beside(path: Path) -> tuple[int, Path | None]:
    """A new file in the folder of the target: without a name on Linux, with one elsewhere."""
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with contextlib.suppress(OSError):  # not every file system can
            return os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o600), None
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    return handle, Path(name)


def named(handle: int, path: Path) -> Path:
    """Give a file without a name one beside the target."""
    name = path.parent / f".{path.name[:200]}.{os.getpid()}.tmp"
    name.unlink(missing_ok=True)
    os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=handle, follow_symlinks=True)
    return name


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def fsynced(path: Path) -> Iterator[Path]:
    """A name beside the target for a large file to be written; then it replaces the target, whole or not at all.

    Raises ``PlanError`` where the folder cannot be written to or the disk is full.
    """
    temporary = path.parent / f".{path.name[:200]}.{os.getpid()}.tmp"
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        remedy = "free space or choose another folder"
        raise one(path, f"it cannot be written: {error.strerror}", "a writable folder with space", remedy) from error
    finally:
        temporary.unlink(missing_ok=True)
