"""The store: every counted and uncounted cost by line and year, as one Parquet file or a DuckDB database."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xlplan.consolidate.journal import Journal
from xlplan.consolidate.rows import SCHEMA
from xlplan.consolidate.standing import COUNTED, Standing, key
from xlplan.files import fsynced

Elsewhere = Mapping[str, Mapping[str, Collection[int]]]

GROUP_ROWS = 30_000
"""Rows that are held at once, and of one row group of the file."""

KINDS = (".parquet", ".duckdb")
VIEWS = {
    "by_unit": "SELECT country, unit, plan, file, year, sum(cost) AS cost FROM costs WHERE counted GROUP BY ALL",
    "by_area": "SELECT area_kind, area, year, sum(cost) AS cost FROM costs WHERE counted GROUP BY ALL",
    "by_category": "SELECT category, year, sum(cost) AS cost FROM costs WHERE counted GROUP BY ALL",
    "by_source": "SELECT source, year, sum(cost) AS cost FROM ("
    "SELECT unnest(map_keys(shares)) AS source, unnest(map_values(shares)) * cost AS cost, year"
    " FROM costs WHERE counted"
    " UNION ALL SELECT '', cost * (1 - coalesce(list_sum(map_values(shares)), 0)), year FROM costs WHERE counted"
    ") GROUP BY ALL",
}
"""Totals that a DuckDB store offers beside the tables ``costs`` and ``files``."""


def write_store(target: Path, journal: Journal, standings: Mapping[str, Standing], elsewhere: Elsewhere) -> None:
    """Write the store, whole or not at all. Raises ``PlanError`` where it cannot be written."""
    if target.suffix.lower() == ".duckdb":
        costs = journal.folder / "costs.parquet"
        write_parquet(costs, journal, standings, elsewhere)
        with fsynced(target) as path:
            write_database(path, costs, standings)
    else:
        write_parquet(target, journal, standings, elsewhere)


def write_parquet(target: Path, journal: Journal, standings: Mapping[str, Standing], elsewhere: Elsewhere) -> None:
    with fsynced(target) as path, pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1) as writer:
        for group in row_groups(journal, standings, elsewhere):
            writer.write_table(group, row_group_size=GROUP_ROWS * 2)


def row_groups(journal: Journal, standings: Mapping[str, Standing], elsewhere: Elsewhere) -> Iterator[pa.Table]:
    """Rows of all files in the order of their names, some files at a time."""
    waiting: list[pa.Table] = []
    for name in journal.names():
        if name not in standings:
            continue
        entry = journal.entry(name)
        rows = judged(journal.rows(entry), elsewhere.get(name, {}), counted=standings[name].status == COUNTED)
        waiting.append(rows)
        if sum(map(len, waiting)) >= GROUP_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def judged(table: pa.Table, elsewhere: Mapping[str, Collection[int]], *, counted: bool) -> pa.Table:
    """Rows of one file with what is counted: nothing, or all but the years of shared activities counted elsewhere."""
    flags = [counted] * len(table)
    if counted and elsewhere:
        pairs = zip(table["shared_activity"].to_pylist(), table["year"].to_pylist(), strict=True)
        flags = [year not in elsewhere.get(key(code), ()) for code, year in pairs]
    return table.set_column(table.schema.get_field_index("counted"), "counted", pa.array(flags, pa.bool_()))


def write_database(path: Path, costs: Path, standings: Mapping[str, Standing]) -> None:
    import duckdb  # noqa: PLC0415  it takes long to load, and few need it

    rows = [(name, s.status, s.other, "\n".join("; ".join(p) for p in s.problems)) for name, s in standings.items()]
    files = pa.table([*zip(*rows, strict=True)], ["file", "status", "counted_instead", "reasons"])
    with duckdb.connect(str(path), config={"threads": 1, "memory_limit": "96MB"}) as database:
        database.execute("CREATE TABLE costs AS SELECT * FROM read_parquet(?)", [str(costs)])
        database.register("told", files)
        database.execute("CREATE TABLE files AS SELECT * FROM told")
        database.unregister("told")
        for name, query in VIEWS.items():
            database.execute(f"CREATE VIEW {name} AS {query}")
