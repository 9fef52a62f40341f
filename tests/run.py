"""All tests on the built wheel, in an environment of their own: ``python3 tests/run.py [pytest arguments]``.

Needs Python and nothing else. LibreOffice, the independent judge, is installed with apt where that is possible.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv-test"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
PACKAGES = ("libreoffice-calc-nogui", "python3-uno", "poppler-utils", "fonts-crosextra-carlito")
NOT_JUDGED = "LibreOffice is missing and could not be installed: the tests that it judges were left out."


def main() -> int:
    judged = has_libreoffice() or install_libreoffice()
    if not judged:
        print(NOT_JUDGED)
        if os.environ.get("CI") == "true":
            return 1
    install_wheel(build_wheel())
    left_out = [] if judged else ["-m", "not libreoffice"]
    arguments = sys.argv[1:] or ["-n", "auto", "-q"]
    return subprocess.call([PYTHON, "-m", "pytest", *left_out, *arguments], cwd=ROOT)


def has_libreoffice() -> bool:
    return bool(shutil.which("soffice"))


def install_libreoffice() -> bool:
    """Install it with apt, as root or through sudo without a password; say whether it is there now."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for command in ([*sudo, "apt-get", "update", "-qq"], install):
        if subprocess.call(command, stdout=subprocess.DEVNULL) != 0:
            return False
    return has_libreoffice()


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
