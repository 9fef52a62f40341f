"""Installation of the functions into Excel on Windows: what is written where, what is there, and the way back."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from xlplan.addin.pins import installed, pinned
from xlplan.addin.windows import NEEDED, build_addin
from xlplan.files import write_whole

KEY = "INTERPRETER_WIN"
ON_WINDOWS = os.name == "nt"


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
    line = f'"{KEY}","{interpreter}"\n'
    before = text_of(at.settings)
    new = KEY not in before
    if new:
        yield Step(f"write {shown(at.settings)}: where Python is, for workbooks of the Windows edition",
                   lambda: whole(at.settings, (before + line).encode()))  # fmt: skip
    kept = {"settings_line": line if new else ""} if not is_file(at.record) else json.loads(text_of(at.record))
    yield Step(f"write {shown(at.record)}: what was written, for the way back",
               lambda: whole(at.record, json.dumps(kept).encode()))  # fmt: skip


def remove_steps(at: Places) -> Iterator[Step]:
    """What removing takes away: our files, and our line of the settings, if it stands there as we wrote it."""
    line = json.loads(text_of(at.record) or "{}").get("settings_line", "")
    rest = text_of(at.settings).replace(line, "") if line else text_of(at.settings)
    if is_file(at.addin):
        yield Step(f"remove {shown(at.addin)}", at.addin.unlink)
    if line and rest != text_of(at.settings):
        words = f"remove {shown(at.settings)}" if not rest else f"take our line out of {shown(at.settings)}"
        yield Step(words, lambda: whole(at.settings, rest.encode()) if rest else at.settings.unlink())
    if is_file(at.record):
        yield Step(f"remove {shown(at.record)}", at.record.unlink)


def status(at: Places) -> Iterator[str]:
    """One line for each thing that has to be right."""
    for name in NEEDED:
        found, wanted = installed(name), pinned(name)
        yield f"{name} {found or 'is missing'}" + ("" if found == wanted else f", needed is {wanted}")
    yield f"Python: {sys.executable}"
    yield f"add-in: {shown(at.addin)} {'is there' if is_file(at.addin) else 'is not there'}"
    line = next((text for text in text_of(at.settings).splitlines() if KEY in text), "")
    yield f"settings: {shown(at.settings)} says {line}" if line else f"settings: {shown(at.settings)} names no Python"


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape") if is_file(path) else ""


def whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
