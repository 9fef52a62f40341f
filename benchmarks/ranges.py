"""Speed of ranges: 10,000 draws of 300 lines x 10 years on one core: ``python benchmarks/ranges.py``."""

import os

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import resource
import sys
import time
from dataclasses import replace

from plan import LINES, YEARS, benchmark_plan

from xlplan import Plan
from xlplan.ranges import DRAWS, ranges

SECONDS, MEGABYTES = 5, 500


def ranged_plan() -> Plan:
    """The measured plan, every price and every driver with a range."""
    plan = benchmark_plan()
    tables = {id: tuple({**row, "confidence": "similar"} for row in plan.rows(id)) for id in ("prices", "drivers")}
    return replace(plan, tables={**plan.tables, **tables})


def main() -> None:
    plan = ranged_plan()
    start = time.perf_counter(), time.process_time()
    found = ranges(plan)
    taken = time.perf_counter() - start[0], time.process_time() - start[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{DRAWS:,} draws of {LINES} lines x {YEARS} years, {len(found.inputs)} inputs with a range")
    print(f"elapsed {taken[0]:.2f} s, processor {taken[1]:.2f} s (target {SECONDS}), memory {peak:.0f} MB")
    sys.exit(0 if taken[1] <= SECONDS and peak <= MEGABYTES else 1)


if __name__ == "__main__":
    main()
