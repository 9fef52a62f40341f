"""What is measured, one function a task; each runs in a process of its own: ``python tasks.py NAME FOLDER``.

A task prints elapsed and processor seconds, ``variants`` also its memory in MB. ``prepare`` fills the folder for the
others.
"""

import pickle
import resource
import sys
import time
from collections.abc import Callable
from copy import copy
from io import BytesIO
from pathlib import Path
from statistics import median

from plan import LINES, YEARS, benchmark_plan

VARIANTS, BLOCK = 10_000, 100
LOOK = "font", "fill", "border", "alignment", "number_format", "protection"
VARIED = "typed_price", "typed_driver_value", "currency_inflation"


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Elapsed and processor seconds."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def prepare(folder: Path, lines: int = LINES) -> None:
    """The plan as TOML and as workbook, and the cells of that workbook for bare openpyxl."""
    from openpyxl import load_workbook

    from xlplan.planfile import write_plan
    from xlplan.workbook.build import build_workbook

    plan = benchmark_plan(lines)
    (folder / "plan.toml").write_text(write_plan(plan), encoding="utf-8")
    (folder / "plan.xlsx").write_bytes(build_workbook(plan, lines))
    book = load_workbook(folder / "plan.xlsx")
    every = {sheet.title: [c for row in sheet.iter_rows() for c in row] for sheet in book}
    filled = {title: [c for c in found if c.value is not None or c.has_style] for title, found in every.items()}
    cells = {title: [(c.row, c.column, c.value, c.style_id) for c in found] for title, found in filled.items()}
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    looks = {c.style_id: [copy(getattr(c, part)) for part in LOOK] for found in filled.values() for c in found}
    (folder / "cells.pickle").write_bytes(pickle.dumps((cells, names, looks)))


def plan_file(folder: Path, lines: int) -> None:
    """Only the plan as TOML."""
    from xlplan.planfile import write_plan

    print(*seconds(lambda: (folder / "plan.toml").write_text(write_plan(benchmark_plan(lines)), encoding="utf-8")))


def build(folder: Path, lines: int) -> None:
    """The workbook of the plan."""
    from xlplan import load
    from xlplan.workbook.build import build_workbook

    plan = load(folder / "plan.toml")
    print(*seconds(lambda: (folder / "plan.xlsx").write_bytes(build_workbook(plan, lines))))


def evaluate(folder: Path) -> None:
    """Calculate the plan and make every table of its results."""
    from xlplan import load

    plan = load(folder / "plan.toml")

    def work() -> object:
        r = plan.evaluate()
        return r.costs, r.profile, r.gates, r.programmes, r.totals, r.budget("area"), r.budget("category"), r.checks

    work()
    print(*map(median, zip(*(seconds(work) for _ in range(15)), strict=True)))


def formualizer_memory(folder: Path) -> None:
    """Only the calculation; reading the file is not counted."""
    import formualizer

    book = formualizer.Workbook.from_bytes((folder / "plan.xlsx").read_bytes())
    print(*seconds(book.evaluate_all))


def formualizer_bytes(folder: Path) -> None:
    """Read, calculate, and write the values into the file again."""
    import formualizer

    data = (folder / "plan.xlsx").read_bytes()
    print(*seconds(lambda: formualizer.recalculate_xlsx_bytes(data)))


def formulas(folder: Path) -> None:
    """Only the calculation; reading and compiling are not counted."""
    import formulas as package

    model = package.ExcelModel().loads(str(folder / "plan.xlsx")).finish()
    print(*seconds(model.calculate))


def bare(folder: Path, *, styled: bool = False) -> None:
    """openpyxl writes the cells, formualizer fills them; nothing else of a workbook."""
    import formualizer

    cells, names, looks = pickle.loads((folder / "cells.pickle").read_bytes())
    print(*seconds(lambda: formualizer.recalculate_xlsx_bytes(written(cells, names, looks if styled else {}))))


def styled(folder: Path) -> None:
    """As ``bare``, and each cell has its look as a named style."""
    bare(folder, styled=True)


def written(cells: dict, names: dict, looks: dict) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    book.remove(book.worksheets[0])
    for number, look in looks.items():
        book.add_named_style(NamedStyle(f"s{number}", *look))
    for title, found in cells.items():
        sheet = book.create_sheet(title)
        for row, column, value, look in found:
            if look in looks:
                sheet.cell(row, column, value).style = f"s{look}"
            elif value is not None:
                sheet.cell(row, column, value)
    for name, target in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def variants(folder: Path) -> None:
    """Prices, drivers and inflation varied by up to 20 %: seconds for a million line-years."""
    import numpy as np

    from xlplan import load
    from xlplan.engine import evaluate as calculate
    from xlplan.engine import inputs

    plan, chance = load(folder / "plan.toml"), np.random.default_rng(1)
    typed = inputs(plan)

    def block() -> object:
        factors = {id: chance.uniform(0.8, 1.2, (BLOCK, *typed[id].shape)) for id in VARIED}
        return calculate(plan, {id: typed[id] * factor for id, factor in factors.items()})["total_cost"].sum(axis=-1)

    block()
    taken = seconds(lambda: np.concatenate([block() for _ in range(VARIANTS // BLOCK)]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(*(t / (VARIANTS * LINES * YEARS / 1e6) for t in taken), peak)


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), *map(int, sys.argv[3:]))
