"""How a workbook grows with its lines, and what it costs LibreOffice beside plain sums: ``python benchmarks/scale.py``.

Processor seconds, one run a size. LibreOffice starts, opens and calculates: stored values are stripped first.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
SIZES, OFFICE_SIZES = (200, 2_000, 10_000), (200, 2_000)
TASKS = "evaluate", "build", "formualizer_memory"
SOFFICE, OFFICE_PYTHON = shutil.which("soffice") or "soffice", "/usr/bin/python3"
MOST_TIMES = 3


def task(name: str, folder: Path, *more: str) -> float:
    """Processor seconds that a task prints."""
    command = [sys.executable, str(HERE / "tasks.py"), name, str(folder), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[1])


def office(path: Path) -> float:
    """Processor seconds in which LibreOffice starts, opens and calculates a workbook."""
    pipe, before = f"xlplan-{uuid.uuid4().hex}", resource.getrusage(resource.RUSAGE_CHILDREN)
    options = [f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless", "--norestore"]
    with subprocess.Popen([SOFFICE, *options, f"--accept=pipe,name={pipe};urp;"], stderr=subprocess.DEVNULL):
        subprocess.run([OFFICE_PYTHON, str(HERE / "office.py"), pipe, path.as_uri()], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plain_sums(path: Path, formulas: int, across: int = 250) -> None:
    """A workbook of as many formulas, each the sum of two numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sums")
    for row in range(1, formulas // across + 2):
        sheet.append([row, 2, *[f"=SUM($A{row}:$B{row})"] * across])
    book.save(path)


def beside_sums(data: bytes, folder: Path) -> tuple[float, float]:
    """Processor seconds of LibreOffice for a workbook without its stored values, and for as many plain sums."""
    from engines import strip_caches
    from xlplan.workbook.package import parts
    from xlplan.workbook.recalculate import formulas_in

    (folder / "stripped.xlsx").write_bytes(strip_caches(data))
    plain_sums(folder / "sums.xlsx", formulas_in(parts(data)))
    office(folder / "sums.xlsx")  # makes the profile
    return office(folder / "stripped.xlsx"), office(folder / "sums.xlsx")


def example() -> bool:
    """Does LibreOffice take at most three times as long for the example as for plain sums?"""
    with tempfile.TemporaryDirectory() as name:
        data = (HERE.parent / "workbook" / "xlplan-example-en.xlsx").read_bytes()
        ours, theirs = beside_sums(data, Path(name))
    print(f"The example in LibreOffice: {ours:.3g} s, plain sums {theirs:.3g} s, {ours / theirs:.2f} times")
    return ours <= MOST_TIMES * theirs


def main() -> None:
    from xlplan.workbook.package import parts
    from xlplan.workbook.recalculate import formulas_in

    print(
        f"{'lines':>7}{'formulas':>11}" + "".join(f"{name:>19}" for name in TASKS) + f"{'LibreOffice':>13}{'sums':>8}"
    )
    passed = example()
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            task("plan_file", folder, str(size))
            taken = [task(each, folder, *([str(size)] if each == "build" else [])) for each in TASKS]
            data = (folder / "plan.xlsx").read_bytes()
            formulas = formulas_in(parts(data))
            row = f"{size:>7,}{formulas:>11,}" + "".join(f"{each:>17.3g} s" for each in taken)
            if size in OFFICE_SIZES:
                ours, theirs = beside_sums(data, folder)
                row += f"{ours:>11.3g} s{theirs:>6.3g} s  {ours / theirs:.2f} times"
            print(row, flush=True)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
