"""Consolidation beside bare readers, in one run: ``python benchmarks/consolidate.py [--files 100 1000]``."""

import argparse
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).with_name("xlplan")
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
KINDS, PANDAS_FILES, REST = 3, 4, 0.1
MEMORY_TARGET, CALAMINE_TARGET, PANDAS_TARGET = 400, 1.5, 15


# ------------------------------------------------------------------------------------------------ files


def bases() -> list[tuple[bytes, str, bytes]]:
    """A few workbooks of the size of the example that differ in every line, each without its sheet of settings."""
    from dataclasses import replace

    from xlplan.shipped import EXAMPLE_ROWS, example_plan
    from xlplan.workbook.build import build_workbook
    from xlplan.workbook.package import pack, parts

    plan, found = example_plan("en"), []
    for kind in range(KINDS):
        lines = tuple(
            {**line, **({"quantity_1": line["quantity_1"] * (1 + kind)} if "quantity_1" in line else {})}
            for line in plan.rows("lines")
        )
        own = replace(
            plan, settings={**plan.settings, "unit": "District 00000"}, tables={**plan.tables, "lines": lines}
        )
        every = parts(build_workbook(own, EXAMPLE_ROWS))
        name = next(n for n, part in every.items() if n.startswith("xl/worksheets/") and b"District 00000" in part)
        found.append((pack({n: part for n, part in every.items() if n != name}, 6), name, every[name]))
    return found


def write_files(folder: Path, count: int, found: list[tuple[bytes, str, bytes]]) -> None:
    """Plans of so many districts; only the sheet with the name of the district is packed anew."""
    for number in range(count):
        rest, name, sheet = found[number % len(found)]
        stream = io.BytesIO(rest)
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, sheet.replace(b"District 00000", escape(f"District {number:05d}").encode()))
        (folder / f"district-{number:05d}.xlsx").write_bytes(stream.getvalue())


# ------------------------------------------------------------------------------------------------ readers


def calamine(path: str) -> int:
    """Every value of every sheet."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as book:
        return sum(len(book.get_sheet_by_name(title).to_python()) for title in book.sheet_names)


def pandas(path: str) -> int:
    import pandas as pd

    return sum(map(len, pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl").values()))


def read_all(reader: str, folder: Path, processes: int, count: int) -> None:
    paths = [str(path) for path in sorted(folder.glob("*.xlsx"))[:count]]
    with ProcessPoolExecutor(processes) as pool:
        print(sum(pool.map(globals()[reader], paths, chunksize=1 if reader == "pandas" else 8)))


# ------------------------------------------------------------------------------------------------ measuring


def measured(command: list[str], *, memory: bool = False) -> tuple[float, float, float]:
    """Elapsed and processor seconds, and the most MB of all its processes together (pages they share counted once)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | ENVIRONMENT) as process:
        while process.poll() is None:
            if memory:
                peak = max(peak, sum(proportional(pid) for pid in family(process.pid)) / 1024)
            time.sleep(REST)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, used, peak


def family(pid: int) -> list[int]:
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
        own = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in own for one in family(child))]


def proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def run(count: int, processes: int, folder: Path) -> tuple[bool, float]:
    """Measure and judge one number of files; whether all targets are met, and our processor seconds a file."""
    reader = [sys.executable, str(Path(__file__)), "--folder", str(folder), "--processes", str(processes)]
    ours = [str(COMMAND), "consolidate", str(folder), "-o", str(folder.parent / "national.xlsx"), "--force"]
    ours += ["--store", str(folder.parent / "national.parquet"), "--processes", str(processes)]
    bare = measured([*reader, "--reader", "calamine", "--count", str(count)])
    own = measured(ours, memory=True)
    again = measured([*reader, "--reader", "calamine", "--count", str(count)])
    slow = measured([*reader, "--reader", "pandas", "--count", str(PANDAS_FILES)])
    bare = tuple((one + two) / 2 for one, two in zip(bare, again, strict=True))
    print(f"\n{count:,} workbooks, {processes} processes{'elapsed':>27}{'processor':>11}")
    for words, numbers in (("xlplan consolidate", own), ("calamine, all sheets (mean of before and after)", bare)):
        print(f"  {words:48}{numbers[0]:>10.1f}{numbers[1]:>11.1f} s")
    scaled = [number * count / PANDAS_FILES for number in slow]
    print(f"  {f'pandas with openpyxl, {PANDAS_FILES} files scaled':48}{scaled[0]:>10.1f}{scaled[1]:>11.1f} s")
    results = (
        ("times as long as calamine", own[0] / bare[0], own[1] / bare[1], CALAMINE_TARGET, False),
        ("times as fast as pandas", scaled[0] / own[0], scaled[1] / own[1], PANDAS_TARGET, True),
        ("memory of all processes, MB", own[2], own[2], MEMORY_TARGET, False),
    )
    passed = True
    for words, elapsed, processor, target, least in results:
        good = processor >= target if least else processor <= target
        passed &= good
        sign = ">=" if least else "<="
        print(f"  {words:48}{elapsed:>10.3g}{processor:>11.3g} {sign} {target:g} {'PASS' if good else 'FAIL'}")
    print(f"  {'processor seconds a file':48}{'':10}{own[1] / count:>11.4f}", flush=True)
    return passed, own[1] / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[100])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--reader", choices=["calamine", "pandas"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    if options.reader:
        read_all(options.reader, options.folder, options.processes, options.count)
        return
    found, passed = bases(), True
    print(f"Load of the machine: {os.getloadavg()}; judged by processor time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "plans"
        folder.mkdir()
        for count in options.files:
            write_files(folder, count, found)
            passed &= run(count, options.processes, folder)[0]
            print(f"Load of the machine: {os.getloadavg()}")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
