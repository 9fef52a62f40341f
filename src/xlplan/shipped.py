"""The workbooks that are shipped ready-made."""

from collections.abc import Iterator

from xlplan import load
from xlplan.catalogue import templates_folder
from xlplan.workbook.build import build_workbook

WORKBOOKS = {
    "xlplan-example.xlsx": "national",
    "xlplan-empty.xlsx": "blank",
    "kenya-paper.xlsx": "kenya-paper",
    "kenya-smartphone.xlsx": "kenya-smartphone",
}


def shipped_workbooks() -> Iterator[tuple[str, bytes]]:
    """File name and bytes of each; the same bytes every time."""
    for name, plan in WORKBOOKS.items():
        yield name, build_workbook(load(templates_folder() / "examples" / f"{plan}.toml"))
