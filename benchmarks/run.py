"""Speed of xlplan beside other programs, in one run: ``python benchmarks/run.py [--slow] [--processor]``."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from plan import LINES, YEARS

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).parent / "xlplan"
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
TASKS = "evaluate", "formualizer_memory", "formualizer_bytes", "new", "bare", "styled", "help", "variants"
FEWER_LINES = 30
PATIENCE = 600


def task(name: str, folder: Path, *more: str, timeout: float | None = None) -> list[float]:
    """The numbers that a task prints, run in a process of its own."""
    command = [sys.executable, str(HERE / "tasks.py"), name, str(folder), *more]
    environment = os.environ | ENVIRONMENT
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=timeout, env=environment)
    return [float(word) for word in done.stdout.split()]


def xlplan(*arguments: object) -> list[float]:
    """Elapsed and processor seconds of the command, from start to end of its process."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([COMMAND, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return [elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime]


def measured(name: str, folder: Path) -> list[float]:
    if name == "help":
        return xlplan("--help")
    if name == "new":
        return xlplan("new", folder / "new.xlsx", "--from", folder / "plan.toml", "--rows", LINES, "--force")
    return task(name, folder)


def medians(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Every task once a round, so that what disturbs the machine disturbs all of them."""
    found: dict[str, list[list[float]]] = {name: [] for name in TASKS}
    for number in range(rounds):
        for name in TASKS:
            print(f"\rround {number + 1} of {rounds}: {name:20}", end="", file=sys.stderr, flush=True)
            found[name].append(measured(name, folder))
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return {name: [median(numbers) for numbers in zip(*runs, strict=True)] for name, runs in found.items()}


def formulas_seconds(folder: Path) -> tuple[list[float], str]:
    """One run of ``formulas``; where it takes too long, a smaller plan, scaled by its cells with a formula."""
    try:
        return task("formulas", folder, timeout=PATIENCE), "formulas, calculate"
    except subprocess.TimeoutExpired:
        smaller = folder / "smaller"
        smaller.mkdir()
        task("prepare", smaller, str(FEWER_LINES))
        scale = formula_cells(folder) / formula_cells(smaller)
        return [n * scale for n in task("formulas", smaller)], f"formulas, {FEWER_LINES} lines x {scale:.1f}"


def formula_cells(folder: Path) -> int:
    from xlplan.workbook.package import parts
    from xlplan.workbook.recalculate import formulas_in

    return formulas_in(parts((folder / "plan.xlsx").read_bytes()))


class Report:
    """Prints figures as elapsed and processor seconds, and judges ratios of one of the two."""

    def __init__(self, *, processor: bool) -> None:
        self.judged = 1 if processor else 0
        self.passed = True

    def head(self, words: str) -> None:
        print(f"\n{words:44}{'elapsed':>10}{'processor':>11}")

    def show(self, words: str, numbers: list[float], unit: str = "s") -> None:
        print(f"  {words:42}{numbers[0]:>10.4g}{numbers[1]:>11.4g} {unit}")

    def judge(self, words: str, numbers: list[float], target: float, *, least: bool = False) -> None:
        found = numbers[self.judged]
        passed = found >= target if least else found <= target
        self.passed = self.passed and passed
        self.show(words, numbers, f"{'>=' if least else '<='} {target:g} {'PASS' if passed else 'FAIL'}")


def ratio(one: list[float], other: list[float]) -> list[float]:
    return [a / b for a, b in zip(one, other, strict=True)]


def compare(found: dict[str, list[float]], report: Report) -> None:
    report.head("Calculate, all tables")
    report.show("xlplan", found["evaluate"])
    report.show("formualizer, in memory", found["formualizer_memory"])
    report.show("formualizer, from bytes to bytes", found["formualizer_bytes"])
    report.judge("times as fast as in memory", ratio(found["formualizer_memory"], found["evaluate"]), 20, least=True)
    report.show("times as fast as bytes to bytes", ratio(found["formualizer_bytes"], found["evaluate"]), "")
    report.head("Make the workbook")
    report.show("xlplan new, the whole command", found["new"])
    report.show("bare openpyxl + formualizer", found["bare"])
    report.show("the same, with named styles", found["styled"])
    report.judge("times as long as bare", ratio(found["new"], found["bare"]), 1.5)
    report.judge("times as long as with named styles", ratio(found["new"], found["styled"]), 1.5)
    report.head("Command line and variants")
    report.judge("xlplan --help, seconds", found["help"], 0.3)
    report.judge("10,000 variants, s a million line-years", found["variants"][:2], 0.2)
    report.judge("their memory, MB", found["variants"][2:] * 2, 500)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", action="store_true", help="also the package formulas: up to twenty minutes")
    parser.add_argument("--rounds", type=int, default=3, help="times that each task is run (default 3)")
    parser.add_argument("--processor", action="store_true", help="judge processor time: for a machine with other work")
    options = parser.parse_args()
    report = Report(processor=options.processor)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task("prepare", folder, str(LINES))
        found = medians(folder, options.rounds)
        print(f"{LINES} lines x {YEARS} years, {formula_cells(folder):,} formulas; medians of {options.rounds} runs")
        compare(found, report)
        if options.slow:
            taken, words = formulas_seconds(folder)
            report.head("The package formulas, one run")
            report.show(words, taken)
            report.judge("times as fast as formulas", ratio(taken, found["evaluate"]), 2000, least=True)
    sys.exit(0 if report.passed else 1)


if __name__ == "__main__":
    main()
