"""The document as PDF, printed by a browser of this machine, or by LibreOffice where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from xlplan.problems import PlanError, Problem

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
)
OFFICES = ("soffice", "libreoffice")
PLACES = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "LibreOffice/program/soffice.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where programs stand that no path names: below the program folders of Windows, or on a Mac."""

QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-pdf-header-footer",
)
PATIENCE = 180
"""Seconds for one program."""


def pdf(page: str, word: Callable[[], bytes]) -> bytes:
    """The page as PDF; ``word`` gives the same document for LibreOffice.

    Raises ``PlanError`` where no program of this machine makes a PDF.
    """
    for program in programs():
        office = "soffice" in program.name.lower() or "libreoffice" in program.name.lower()
        with TemporaryDirectory(prefix="xlplan-") as folder:
            source = Path(folder) / ("report.docx" if office else "report.html")
            source.write_bytes(word() if office else page.encode())
            made = printed(office_command(program, source) if office else browser_command(program, source), source)
        if made:
            return made
    found, expected = "no program that makes a PDF", "Chrome, Edge, Chromium or LibreOffice on this machine"
    raise PlanError([Problem("PDF", found, expected, "make an .html report, open it and print it to PDF")])


def programs() -> Iterator[Path]:
    """Browsers and offices of this machine, browsers first."""
    folders = [os.environ[name] for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if name in os.environ]
    standing = [Path(folder) / place for place in PLACES for folder in folders or [""]]
    named = [Path(found) for name in BROWSERS if (found := shutil.which(name))]
    offices = [Path(found) for name in OFFICES if (found := shutil.which(name))]
    yield from (*named, *(place for place in standing if place.is_file()), *offices)


def browser_command(program: Path, source: Path) -> list[str]:
    """Print a page without touching the user's own profile; root may not use the sandbox."""
    root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    profile = f"--user-data-dir={source.parent / 'profile'}"
    target = f"--print-to-pdf={source.with_suffix('.pdf')}"
    return [str(program), *QUIET, *root, profile, target, source.as_uri()]


def office_command(program: Path, source: Path) -> list[str]:
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    return [str(program), profile, "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]


def printed(command: list[str], source: Path) -> bytes:
    """What the program made of the source; empty where it made nothing."""
    try:
        subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  programs of this machine
    except (OSError, subprocess.TimeoutExpired):
        return b""
    target = source.with_suffix(".pdf")
    return target.read_bytes() if target.is_file() else b""
