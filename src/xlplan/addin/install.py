"""Installation of the functions into Excel on Windows: what is written where, what is there, and the way back."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from xlplan.addin.pins import installed, pinned
from xlplan.addin.windows import NEEDED, build_addin
from xlplan.files import one, write_whole

KEY = "INTERPRETER_WIN"
ON_WINDOWS = os.name == "nt"
ENCODING = "mbcs" if ON_WINDOWS else "utf-8"
"""How VBA reads a settings file: in the code page of the system, each line ended by both marks."""


@dataclass(frozen=True)
class Places:
    """The three files: the add-in, the settings that xlwings reads, and our record of what was written."""

    addin: Path
    settings: Path
    record: Path


def places(environment: Mapping[str, str]) -> Places:
    """Where the files belong; on other systems the names that Windows would fill in."""
    roaming, home = (Path(environment.get(name, f"%{name}%")) for name in ("APPDATA", "USERPROFILE"))
    return Places(
        roaming / "Microsoft" / "Excel" / "XLSTART" / "xlplan.xlam",
        home / ".xlwings" / "xlwings.conf",
        roaming / "xlplan" / "addin.json",
    )


def shown(path: Path) -> str:
    """The path as Windows writes it, also where another system only says what Windows would do."""
    return str(PureWindowsPath(path)) if str(path).startswith("%") else str(path)


@dataclass(frozen=True)
class Step:
    """One thing that is done, in words, and how."""

    words: str
    do: Callable[[], None]


def install_steps(at: Places, interpreter: str = sys.executable) -> Iterator[Step]:
    """What installing writes. Raises ``PlanError``, once it is done, where the pinned libraries are missing."""
    yield Step(
        f"write {at.addin}: the functions, for every workbook", lambda: whole(at.addin, build_addin(interpreter))
    )
    before = bytes_of(at.settings)
    start = b"" if not before or before.endswith(b"\n") else b"\r\n"
    added = start + f'"{KEY}","{interpreter}"\r\n'.encode(ENCODING, "replace")
    new = KEY.lower().encode() not in before.lower()
    if new:
        words = f"write {shown(at.settings)}: where Python is, for workbooks of the Windows edition"
        yield Step(words, lambda: whole(at.settings, before + added))
    kept = recorded(at) if is_file(at.record) else {"added": added.decode(ENCODING) if new else ""}
    words = f"write {shown(at.record)}: what was written, for the way back"
    yield Step(words, lambda: whole(at.record, json.dumps(kept).encode()))


def remove_steps(at: Places) -> Iterator[Step]:
    """What removing takes away: our files, and our line of the settings, if it stands there as we wrote it."""
    added = recorded(at).get("added", "").encode(ENCODING, "replace")
    before = bytes_of(at.settings)
    rest = before.replace(added, b"") if added else before
    if is_file(at.addin):
        yield Step(f"remove {shown(at.addin)}", lambda: gone(at.addin))
    if rest != before:
        words = f"take our line out of {shown(at.settings)}" if rest else f"remove {shown(at.settings)}"
        yield Step(words, lambda: whole(at.settings, rest) if rest else gone(at.settings))
    if is_file(at.record):
        yield Step(f"remove {shown(at.record)}", lambda: gone(at.record))


def status(at: Places) -> Iterator[str]:
    """One line for each thing that has to be right."""
    for name in NEEDED:
        found, wanted = installed(name), pinned(name)
        yield f"{name} {found or 'is missing'}" + ("" if found == wanted else f", needed is {wanted}")
    yield f"Python: {sys.executable}"
    yield f"add-in: {shown(at.addin)} {'is there' if is_file(at.addin) else 'is not there'}"
    lines = bytes_of(at.settings).decode(ENCODING, "replace").splitlines()
    line = next((text for text in lines if KEY.casefold() in text.casefold()), "")
    yield f"settings: {shown(at.settings)} says {line}" if line else f"settings: {shown(at.settings)} names no Python"


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if is_file(path) else b""


def recorded(at: Places) -> Mapping[str, str]:
    """What was written, nothing where the record is missing or damaged."""
    try:
        found = json.loads(at.record.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def gone(path: Path) -> None:
    """Raises ``PlanError`` for a file that cannot be removed, such as an add-in that Excel has open."""
    try:
        path.unlink()
    except OSError as error:
        found = f"it cannot be removed: {error.strerror}"
        raise one(path, found, "a file that no program has open", "close Excel and try again") from error


def whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
