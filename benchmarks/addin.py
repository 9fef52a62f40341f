"""Time that functions of the add-in take in our code: ``python benchmarks/addin.py``; COM and xlwings not counted.

One call of ``xlp_recurring_cost`` for 300 lines x 10 years, and, for comparison, one call of the rule for each cell.
It exits 1 where the one call takes more than 10 ms of processor time.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from plan import LINES, YEARS, benchmark_plan

from xlplan.addin.offered import offered
from xlplan.engine import evaluate
from xlplan.rule import REGISTRY

ROUNDS, LIMIT = 21, 0.010
CELL_RULE = "recurring_cost"


def cells(column: np.ndarray) -> list[list[float | None]]:
    """A quantity as a range hands it over: a blank as None."""
    return [[None if np.isnan(cell) else float(cell) for cell in row] for row in column]


def processor_seconds(work: Callable[[], Any]) -> float:
    """Median of several runs, after a first one."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times[1:])


def main() -> int:
    values = evaluate(benchmark_plan(LINES))
    function = offered()["xlp_recurring_cost"]
    ranges = [cells(values[argument.name]) for argument in function.arguments]
    table = np.array(function(*ranges), dtype=float)
    if not np.allclose(table, values["recurring_cost"]):
        print("the function and the engine differ")
        return 1
    whole = processor_seconds(lambda: function(*ranges))

    rule = offered()[f"xlp_rule_{CELL_RULE}"]
    grids = [
        np.broadcast_to(values[id], (LINES, YEARS)).ravel().tolist() for id in REGISTRY.rules[CELL_RULE].parameters
    ]
    single = [[[[cell]] for cell in spot] for spot in zip(*grids, strict=True)]

    def each() -> None:
        for spot in single:
            rule(*spot)

    by_cell = processor_seconds(each)
    print(f"xlp_recurring_cost, one call for {LINES} lines x {YEARS} years: {whole * 1000:.1f} ms")
    print(f"xlp_rule_{CELL_RULE}, {len(single):,} calls for single cells: {by_cell * 1000:.1f} ms")
    print(f"that is {by_cell / len(single) * 1e6:.0f} microseconds a call, before COM adds its own to each")
    print(f"target of {LIMIT * 1000:.0f} ms for the one call: {'met' if whole <= LIMIT else 'missed'}")
    return 0 if whole <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
