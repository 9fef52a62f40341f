"""The container of a workbook's parts, read back by Python's own zip reader."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from xlplan.words import LANGUAGES
from xlplan.workbook.container import packed

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/workbook.xml": b"<workbook>" + b"<sheet/>" * 5000 + b"</workbook>",
    "xl/nothing.xml": b"",
    "xl/m\u00e9dia/\u56fe.bin": bytes(range(256)) * 40,
}


def test_another_reader_finds_the_same_parts_in_the_same_order() -> None:
    with zipfile.ZipFile(BytesIO(packed(PARTS))) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == PARTS
        assert package.namelist() == list(PARTS)


def test_every_part_has_the_same_time() -> None:
    with zipfile.ZipFile(BytesIO(packed(PARTS))) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("place", [45, -10])
def test_a_damaged_byte_is_seen(place: int) -> None:
    data = bytearray(packed({"a.xml": b"<a>" + b"some text" * 9 + b"</a>"}))
    data[place] ^= 0xFF
    with pytest.raises((zipfile.BadZipFile, NotImplementedError, EOFError, ValueError)):
        zipfile.ZipFile(BytesIO(bytes(data))).read("a.xml")


def test_it_is_smaller_than_what_zlib_makes(national_bytes: bytes) -> None:
    with zipfile.ZipFile(BytesIO(national_bytes)) as package:
        found = {name: package.read(name) for name in package.namelist()}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, part in found.items():
            package.writestr(name, part)
    assert len(packed(found)) < 0.95 * len(stream.getvalue())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_small_enough_to_send(language: str) -> None:
    """600 KB hold what a plan needs; scenarios, ranges, spending and dates have a hundred more."""
    path = Path(__file__).parents[1] / "workbook" / f"xlplan-example-{language}.xlsx"
    assert path.stat().st_size <= 700 * 1024
