"""All tests on the built wheel, in an environment of their own: ``python3 tests/run.py [pytest arguments]``.

Needs Python and nothing else. LibreOffice and Chromium, which judge what is made, are installed with apt where that is
possible.
"""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv-test"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
OFFICE = (
    "libreoffice-calc-nogui",
    "libreoffice-writer-nogui",
    "python3-uno",
    "poppler-utils",
    "fonts-crosextra-carlito",
)
NOT_JUDGED = "LibreOffice is missing and could not be installed: the tests that it judges were left out."
NOT_BROWSED = "Chromium is missing and could not be installed: the tests of pages were left out."
PYODIDE = "pyodide@314.0.7"
NOT_RUN = "Node with npm is missing, or Pyodide could not be installed: the tests inside Pyodide were left out."


def main() -> int:
    judged = has_libreoffice() or install(OFFICE, has_libreoffice)
    browsed = has_chromium() or install(("chromium",), has_chromium)
    install_wheel(build_wheel())
    with_pyodide = install_pyodide()
    missing = [
        text for there, text in ((judged, NOT_JUDGED), (browsed, NOT_BROWSED), (with_pyodide, NOT_RUN)) if not there
    ]
    for text in missing:
        print(text)
    if missing and os.environ.get("CI") == "true":
        return 1
    judges = ((judged, "libreoffice"), (browsed, "chromium"), (with_pyodide, "pyodide"))
    marks = [f"not {mark}" for there, mark in judges if not there]
    left_out = ["-m", " and ".join(marks)] if marks else []
    arguments = sys.argv[1:] or ["-n", "auto", "-q"]
    return subprocess.call([PYTHON, "-m", "pytest", *left_out, *arguments], cwd=ROOT)


def has_libreoffice() -> bool:
    """Calc and Writer."""
    office = shutil.which("soffice")
    return bool(office) and (os.name == "nt" or (Path(office).resolve().parent / "libswlo.so").exists())


def has_chromium() -> bool:
    return bool(shutil.which("chromium"))


def install(packages: tuple[str, ...], is_there: Callable[[], bool]) -> bool:
    """Install with apt, as root or through sudo without a password; say whether it is there now."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    command = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for one in ([*sudo, "apt-get", "update", "-qq"], command):
        if subprocess.call(one, stdout=subprocess.DEVNULL) != 0:
            return False
    return is_there()


def install_pyodide() -> bool:
    """Install Pyodide beside the environment's packages with npm; say whether Node is there to run it."""
    npm = shutil.which("npm")
    if not (npm and shutil.which("node")):
        return False
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(HOME), PYODIDE]
    return subprocess.call(install, stdout=subprocess.DEVNULL) == 0


def build_wheel() -> Path:
    """The wheel of this checkout, built in a clean environment."""
    venv.create(HOME, with_pip=True, clear=True)
    dist = HOME / "dist"
    pip("wheel", "--no-deps", "--wheel-dir", str(dist), str(ROOT))
    return next(dist.glob("*.whl"))


def install_wheel(wheel: Path) -> None:
    pip("install", f"{wheel}[dev]")


def pip(*arguments: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([PYTHON, "-m", "pip", *arguments, *quiet], check=True)


if __name__ == "__main__":
    sys.exit(main())
