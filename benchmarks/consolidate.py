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
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).with_name("xlplan")
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
KINDS, PANDAS_FILES, MOST_COMPARED, REST = 3, 8, 1000, 0.2
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


def run(count: int, processes: int, folder: Path) -> bool:
    """Measure and judge one number of files; whether all targets are met."""
    ours = [str(COMMAND), "consolidate", str(folder), "-o", str(folder.parent / "national.xlsx"), "--force"]
    ours += ["--store", str(folder.parent / "national.parquet"), "--processes", str(processes)]
    bare = [read(folder, processes, "calamine", count)] if count <= MOST_COMPARED else []
    own = measured(ours, memory=True)
    print(f"\n{count:,} workbooks, {processes} processes{'elapsed':>30}{'processor':>11}")
    show("xlplan consolidate, s", own[:2])
    show("a file, ms", [number / count * 1000 for number in own[:2]])
    passed = show("memory of all processes, MB", [own[2]] * 2, most=MEMORY_TARGET)
    if bare:
        bare.append(read(folder, processes, "calamine", count))
        mean = [(one + two) / 2 for one, two in zip(*bare, strict=True)]
        slow = [number * count / PANDAS_FILES for number in read(folder, processes, "pandas", PANDAS_FILES)]
        show("calamine, all sheets, mean of before and after, s", mean)
        show(f"pandas with openpyxl, {PANDAS_FILES} files scaled, s", slow)
        passed &= show("times as long as calamine", ratio(own, mean), most=CALAMINE_TARGET)
        passed &= show("times as fast as pandas", ratio(slow, own), least=PANDAS_TARGET)
    return passed


def read(folder: Path, processes: int, reader: str, count: int) -> Sequence[float]:
    command = [sys.executable, str(Path(__file__)), "--folder", str(folder), "--processes", str(processes)]
    return measured([*command, "--reader", reader, "--count", str(count)])[:2]


def ratio(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [one[0] / other[0], one[1] / other[1]]


def show(words: str, numbers: Sequence[float], most: float | None = None, least: float | None = None) -> bool:
    """Print elapsed and processor figures, and judge the second."""
    good = (most is None or numbers[1] <= most) and (least is None or numbers[1] >= least)
    target = f"<= {most:g}" if most else f">= {least:g}" if least else ""
    verdict = "" if not target else " PASS" if good else " FAIL"
    print(f"  {words:52}{numbers[0]:>10.4g}{numbers[1]:>11.4g} {target}{verdict}", flush=True)
    return good


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
            passed &= run(count, options.processes, folder)
            print(f"Load of the machine: {os.getloadavg()}")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
