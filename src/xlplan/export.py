"""Other forms of a plan: TOML, JSON, CSV, Parquet."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO

from xlplan.document import document
from xlplan.plan import Plan
from xlplan.planfile import write_plan


def to_toml(plan: Plan) -> bytes:
    """The plan itself; ``xlplan new --from`` makes an equal workbook of it."""
    return write_plan(plan).encode()


def to_json(plan: Plan) -> bytes:
    """Results, as ``xlplan show --json`` prints them."""
    return (json.dumps(document(plan.evaluate()), indent=2, allow_nan=False) + "\n").encode()


def to_csv(plan: Plan) -> bytes:
    """Costs by line and year, one row each, money in the reporting currency."""
    text: str = plan.evaluate().costs.to_csv(index=False, lineterminator="\n")
    return text.encode()


def to_parquet(plan: Plan) -> bytes:
    """Costs by line and year, as a Parquet file."""
    stream = BytesIO()
    plan.evaluate().costs.to_parquet(stream, index=False)
    return stream.getvalue()


WRITERS: Mapping[str, Callable[[Plan], bytes]] = {
    ".toml": to_toml,
    ".json": to_json,
    ".csv": to_csv,
    ".parquet": to_parquet,
}
