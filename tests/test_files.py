"""Files: what cannot be read is told in one sentence, what is written is whole, nothing is overwritten unasked."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner, Result

from xlplan import load
from xlplan.catalogue import templates_folder
from xlplan.cli import main
from xlplan.plan import Plan
from xlplan.planfile import write_plan
from xlplan.workbook.build import build_workbook
from xlplan.workbook.container import packed
from xlplan.workbook.package import parts

KENYA = templates_folder() / "examples" / "kenya-paper.toml"
SENTENCE = re.compile(r"\S.*: .+; expected (?!one of ;).+; .+\.")
"""Where, what was found, what was expected, what to do."""

Damage = Callable[[bytes], bytes]


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def told(result: Result) -> list[str]:
    """The problems on stderr, each one clear sentence; anything else is a failure of the program."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code in {0, 1}
    lines = [line for line in result.stderr.splitlines() if not line.startswith("note: ")]
    assert [line for line in lines if not SENTENCE.fullmatch(line)] == []
    assert bool(lines) == (result.exit_code == 1)
    return lines


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# Files that cannot be read


def zipped(found: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as package:
        for name, part in found.items():
            package.writestr(name, part)
    return stream.getvalue()


def foreign(*titles: str) -> bytes:
    """A workbook that another program made."""
    book = openpyxl.Workbook()
    for title in titles:
        book.create_sheet(title)["A1"] = "marker"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def replaced(part_with: bytes, old: bytes, new: bytes) -> Damage:
    """The workbook with a piece of text in one of its parts replaced."""

    def damage(data: bytes) -> bytes:
        found = parts(data)
        name = next(name for name, part in found.items() if part_with in part and old in part)
        return packed(found | {name: found[name].replace(old, new, 1)})

    return damage


def without(name: str) -> Damage:
    return lambda data: packed({part: content for part, content in parts(data).items() if part != name})


MACHINE = b"xlplan workbook"
FORMAT_CELL = b'<c r="B2"><v>2</v>'
UNREADABLE: dict[str, Damage] = {
    "empty": lambda _: b"",
    "text": lambda _: b"year,cost\n2027,100\n",
    "a web page": lambda _: b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "password-protected": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "zeros": lambda data: bytes(len(data)),
    "an empty zip": lambda _: zipped({}),
    "a zip without workbook": lambda _: zipped({"notes.txt": b"hello"}),
    "a zip with an empty workbook part": lambda _: zipped({"xl/workbook.xml": b""}),
    "a zip with nonsense for a workbook part": lambda _: zipped({"xl/workbook.xml": b"<workbook>"}),
    "somebody else's workbook": lambda _: foreign(),
    "somebody else's workbook with our sheet name": lambda _: foreign("xlplan"),
    "of an older format": replaced(MACHINE, FORMAT_CELL, b'<c r="B2"><v>0</v>'),
    "of a newer format": replaced(MACHINE, FORMAT_CELL, b'<c r="B2"><v>3</v>'),
    "without any format": replaced(MACHINE, FORMAT_CELL, b'<c r="B2">'),
    "years that are no number": replaced(
        MACHINE, b'<c r="B5"><v>5</v>', b'<c r="B5" t="inlineStr"><is><t>five</t></is>'
    ),
    "years blank": replaced(MACHINE, b'<c r="B5"><v>5</v>', b'<c r="B5">'),
    "an input column that is gone": replaced(MACHINE, b"COLUMN('Settings'!C6)", b"COLUMN(#REF!)"),
    "a sheet renamed by a program that forgets its formulas": replaced(
        b"<sheets>", b'name="Costs"', b'name="Our costs"'
    ),
    "without its machine sheet": replaced(b"<sheets>", b'name="xlplan"', b'name="other"'),
    "without styles": without("xl/styles.xml"),
    "without content types": without("[Content_Types].xml"),
    "without relations": without("xl/_rels/workbook.xml.rels"),
    "without a sheet part": without("xl/worksheets/sheet8.xml"),
}
STRANGE_INPUTS: dict[str, Damage] = {
    "a plan id that is no id": replaced(MACHINE, b"<t>plan</t></is></c></row>", b"<t>no id</t></is></c></row>"),
    "an input of an unknown field": replaced(MACHINE, b"<t>country</t>", b"<t>continent</t>"),
    "an input of an unknown table": replaced(MACHINE, b"<t>rounds</t>", b"<t>turns</t>"),
    "an input at an impossible place": replaced(MACHINE, b"ROWS('Settings'!A5:A25)", b"ROWS('Settings'!A5:A999999)"),
}
"""What the reader of inputs must refuse; calculating does not need it."""

CUTS = {f"cut to {share:.0%}": share for share in (0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999)}
READABLE_ALL_THE_SAME = {"without styles", "without content types"}
"""What these leave out is not needed for reading the inputs."""

READERS: dict[str, tuple[str, ...]] = {
    "show": ("show", "{file}"),
    "show as JSON": ("show", "{file}", "--json"),
    "calc": ("calc", "{file}"),
    "calc to another file": ("calc", "{file}", "-o", "{out}.xlsx"),
    "export": ("export", "{file}", "--to", "{out}.toml"),
    "new": ("new", "{out}.xlsx", "--from", "{file}", "--rows", "1"),
}
EVERY_READER = pytest.mark.parametrize("words", READERS.values(), ids=READERS)


def read_with(words: tuple[str, ...], file: Path) -> Result:
    return run(*(word.format(file=file, out=file.parent / "out") for word in words))


def refused(words: tuple[str, ...], file: Path) -> list[str]:
    """The problems with a file; nothing may have been written."""
    before = contents(file.parent)
    result = read_with(words, file)
    assert result.exit_code == 1, (result.stdout, result.stderr, result.exc_info)
    assert result.stdout == ""
    assert contents(file.parent) == before
    return told(result)


@EVERY_READER
@pytest.mark.parametrize("name", [name for name in UNREADABLE if name not in READABLE_ALL_THE_SAME])
def test_what_is_no_workbook_of_ours_is_refused_in_one_sentence(
    name: str, words: tuple[str, ...], small_bytes: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "north.xlsx"
    file.write_bytes(UNREADABLE[name](small_bytes))
    problems = refused(words, file)
    assert len(problems) == 1
    assert problems[0].startswith("north.xlsx")


@pytest.mark.parametrize("words", [READERS["show"], READERS["export"]], ids=["show", "export"])
@pytest.mark.parametrize("damage", STRANGE_INPUTS.values(), ids=STRANGE_INPUTS)
def test_a_machine_sheet_that_makes_no_sense_is_refused(
    damage: Damage, words: tuple[str, ...], small_bytes: bytes, tmp_path: Path
) -> None:
    (tmp_path / "north.xlsx").write_bytes(damage(small_bytes))
    assert all(problem.startswith("north.xlsx") for problem in refused(words, tmp_path / "north.xlsx"))


def test_a_table_of_a_billion_rows_is_refused_at_once(small_bytes: bytes, tmp_path: Path) -> None:
    lines = re.compile(rb"(ROWS\('Costs'!A5:A)\d+")
    found = parts(small_bytes)
    name = next(name for name, part in found.items() if MACHINE in part)
    many = lines.sub(rb"\g<1>1000000000", found[name])
    assert many != found[name]
    (tmp_path / "north.xlsx").write_bytes(packed(found | {name: many}))
    command = [sys.executable, "-c", "from xlplan.cli import main; main()", "show", str(tmp_path / "north.xlsx")]
    assert subprocess.run(command, capture_output=True, check=False, timeout=10).returncode == 1


def test_a_workbook_that_cannot_be_calculated_is_named(small_bytes: bytes, tmp_path: Path) -> None:
    (tmp_path / "north.xlsx").write_bytes(packed(parts(small_bytes) | {"xl/media/logo.png": b"not declared"}))
    problems = refused(READERS["calc"], tmp_path / "north.xlsx")
    assert [problem.startswith("north.xlsx") for problem in problems] == [True]


@EVERY_READER
@pytest.mark.parametrize("name", sorted(READABLE_ALL_THE_SAME))
def test_a_workbook_without_a_part_never_ends_in_a_traceback(
    name: str, words: tuple[str, ...], small_bytes: bytes, tmp_path: Path
) -> None:
    (tmp_path / "north.xlsx").write_bytes(UNREADABLE[name](small_bytes))
    told(read_with(words, tmp_path / "north.xlsx"))


@EVERY_READER
@pytest.mark.parametrize("share", CUTS.values(), ids=CUTS)
def test_a_truncated_workbook_is_refused_in_one_sentence(
    share: float, words: tuple[str, ...], small_bytes: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "north.xlsx"
    file.write_bytes(small_bytes[: int(len(small_bytes) * share)])
    assert len(refused(words, file)) == 1


@EVERY_READER
def test_a_missing_file_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    problem = "north.xlsx: no such file; expected an existing file; correct the name."
    assert refused(words, tmp_path / "north.xlsx") == [problem]


@EVERY_READER
@pytest.mark.parametrize("name", ["north.xlsx", "north.toml", "north"])
def test_a_folder_is_no_file(name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    assert "a folder" in refused(words, tmp_path / name)[0]


@pytest.mark.parametrize(
    "words", [READERS["show"], READERS["calc"], ("check", "{file}")], ids=["show", "calc", "check"]
)
@pytest.mark.parametrize("ending", [".xlsx", ".toml"])
def test_a_name_longer_than_any_file_can_have_is_told(words: tuple[str, ...], ending: str, tmp_path: Path) -> None:
    result = read_with(words, tmp_path / f"{'n' * 300}{ending}")
    assert isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == 1
    assert [bool(SENTENCE.fullmatch(line)) for line in (result.stdout + result.stderr).splitlines()] == [True]


def test_a_new_file_under_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    for words in (("new", tmp_path / f"{'n' * 300}.xlsx"), ("export", KENYA, "--to", tmp_path / f"{'n' * 300}.toml")):
        assert len(told(run(*words))) == 1
    assert contents(tmp_path) == {}


def test_a_password_is_recognised(small_bytes: bytes, tmp_path: Path) -> None:
    file = tmp_path / "north.xlsx"
    file.write_bytes(UNREADABLE["password-protected"](small_bytes))
    assert "password" in refused(READERS["show"], file)[0]


@pytest.mark.parametrize("name", ["of an older format", "of a newer format"])
def test_another_format_is_told_with_its_number(name: str, small_bytes: bytes, tmp_path: Path) -> None:
    file = tmp_path / "north.xlsx"
    file.write_bytes(UNREADABLE[name](small_bytes))
    found = "0" if name == "of an older format" else "3"
    assert re.search(rf"format {found}\b.*expected format 2\b", refused(READERS["calc"], file)[0])


def flipped(data: bytes, seed: int) -> bytes:
    """The file with up to twenty bits turned over."""
    chance, found = Random(f"raw {seed}"), bytearray(data)
    for _ in range(chance.randint(1, 20)):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def scrambled(data: bytes, seed: int) -> bytes:
    """The workbook with some characters of one part overwritten, in a whole zip file."""
    chance, found = Random(f"part {seed}"), parts(data)
    name = chance.choice(sorted(found))
    part = bytearray(found[name])
    for _ in range(chance.randint(1, 5)):
        part[chance.randrange(len(part))] = chance.choice(b'<>&"/ =0159AZaz\x00\xff')
    return packed(found | {name: bytes(part)})


def reworded(data: bytes, seed: int) -> bytes:
    """The workbook with one value of its machine sheet replaced by another."""
    chance, found = Random(f"value {seed}"), parts(data)
    name = next(name for name, part in found.items() if MACHINE in part)
    value = chance.choice(list(re.finditer(rb"(?<=<v>)[^<]*(?=</v>)|(?<=<t>)[^<]*(?=</t>)", found[name])))
    new = chance.choice([b"", b"0", b"-1", b"1.5", b"9999", b"1e9x", b"abc"])
    return packed(found | {name: found[name][: value.start()] + new + found[name][value.end() :]})


CHANGES: dict[Callable[[bytes, int], bytes], int] = {flipped: 100, scrambled: 25, reworded: 25}
MUTATIONS = [(change, seed) for change, count in CHANGES.items() for seed in range(count)]


@pytest.mark.parametrize(("change", "seed"), MUTATIONS, ids=[f"{change.__name__} {seed}" for change, seed in MUTATIONS])
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks_the_program(
    change: Callable[[bytes, int], bytes], seed: int, small_bytes: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "north.xlsx"
    file.write_bytes(change(small_bytes, seed))
    before = file.read_bytes()
    result = read_with(READERS["show" if seed % 2 else "calc"], file)
    problems = told(result)
    assert list(contents(tmp_path)) == ["north.xlsx"]
    assert not problems or file.read_bytes() == before


if hasattr(os, "geteuid") and os.geteuid() != 0:  # root may read everything, so there would be nothing to see

    @EVERY_READER
    def test_a_file_without_read_permission_is_refused(
        words: tuple[str, ...], small_bytes: bytes, tmp_path: Path
    ) -> None:
        file = tmp_path / "north.xlsx"
        file.write_bytes(small_bytes)
        file.chmod(0)
        assert "Permission denied" in told(read_with(words, file))[0]

    @EVERY_READER
    def test_a_file_in_a_closed_folder_is_refused(words: tuple[str, ...], small_bytes: bytes, tmp_path: Path) -> None:
        (tmp_path / "closed").mkdir()
        (tmp_path / "closed" / "north.xlsx").write_bytes(small_bytes)
        (tmp_path / "closed").chmod(0)
        result = read_with(words, tmp_path / "closed" / "north.xlsx")
        (tmp_path / "closed").chmod(0o700)
        assert len(told(result)) == 1

    def test_a_folder_without_write_permission_is_told(small_bytes: bytes, tmp_path: Path) -> None:
        (tmp_path / "north.xlsx").write_bytes(small_bytes)
        tmp_path.chmod(0o500)
        assert "Permission denied" in told(run("calc", tmp_path / "north.xlsx"))[0]


# Plan files


BLANK = (templates_folder() / "examples" / "blank.toml").read_text(encoding="utf-8")
LINE = '\n[[lines]]\nid = "first-line"\nactivity = "Audit"\nquantity_1 = 1\nunit_cost = {}\n'
LEVEL = '\n[[levels]]\ndomain = "{}"\nround = "baseline"\nlevel = "{}"\n'


def with_setting(key: str, value: str) -> str:
    found = re.sub(rf"^{key} = .*$", lambda _: f"{key} = {value}", BLANK, flags=re.MULTILINE)
    assert found != BLANK
    return found


PLAN_FILES = {
    "a syntax error": BLANK + "\n[[lines",
    "empty": "",
    "only a comment": "# nothing yet\n",
    "brackets without end": "a = " + "[" * 5000,
    "zero bytes": "\x00\x00\x00",
    "no table [plan]": '[[lines]]\nid = "first-line"\n',
    "a number for [plan]": "plan = 3\n",
    "a list for [plan]": '[[plan]]\nid = "x"\n',
    "another format": with_setting("format", "2"),
    "an unknown table": BLANK + '\n[[bananas]]\nid = "first"\n',
    "an unknown single table": BLANK + '\n[bananas]\nid = "first"\n',
    "settings in a table of their own": BLANK + "\n[[settings]]\nfirst_year = 1999\n",
    "rows that are numbers": "lines = [1, 2]\n" + BLANK,
    "an unknown field": BLANK + LINE.format("5\nbanana = 3"),
    "an unknown setting": BLANK.replace("years = 5", "years = 5\nbanana = 3"),
    "an unknown level": BLANK + LEVEL.format("leadership", "superb"),
    "an unknown domain": BLANK + LEVEL.format("leader", "adequate"),
    "an unknown area": BLANK + LINE.format('5\narea = "attic"'),
    "an unknown round": with_setting("current_round", '"endline"'),
    "an unknown currency": with_setting("reporting_currency", '"eur"'),
    "an unknown source of money": BLANK + LINE.format("5\nshares = { un = 1 }"),
    "a year outside the plan": BLANK + '\n[[drivers]]\nid = "users"\nlabel = "Users"\nvalues = { 2050 = 1 }\n',
    "an id that stands twice": BLANK + LINE.format(5) + LINE.format(6),
    "an id like a cell": with_setting("id", '"fy25"'),
    "an id that is a list": with_setting("id", '["plan"]'),
    "no first year": BLANK.replace("first_year = 2027\n", ""),
    "years as text": with_setting("years", '"5"'),
    "years as truth": with_setting("years", "true"),
    "no years": with_setting("years", "0"),
    "sixteen years": with_setting("years", "16"),
    "a first year as text": with_setting("first_year", '"2027"'),
    "a first year as truth": with_setting("first_year", "true"),
    "a first year with 400 digits": with_setting("first_year", "9" * 400),
    "a cost as text": BLANK + LINE.format('"5"'),
    "a cost as truth": BLANK + LINE.format("true"),
    "a cost as a list": BLANK + LINE.format("[5]"),
    "a cost as a table": BLANK + LINE.format("{ a = 5 }"),
    "a cost as a date": BLANK + LINE.format("2027-01-01"),
    "a negative cost": BLANK + LINE.format("-5"),
    "an infinite cost": BLANK + LINE.format("inf"),
    "a cost that is no number": BLANK + LINE.format("nan"),
    "a cost with 400 digits": BLANK + LINE.format("9" * 400),
    "a cost with 5000 digits": BLANK + LINE.format("9" * 5000),
    "a control character": with_setting("id", '"plan"\ntitle = "a\\u0007b"'),
    "an empty row": BLANK + '\n[[lines]]\nid = "first-line"\n',
}


@pytest.mark.parametrize("text", PLAN_FILES.values(), ids=PLAN_FILES)
@pytest.mark.parametrize("words", [READERS["show"], READERS["export"]], ids=["show", "export"])
def test_a_wrong_plan_file_is_refused_in_clear_sentences(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "north.toml").write_text(text, encoding="utf-8")
    assert all(problem.startswith("north.toml") for problem in refused(words, tmp_path / "north.toml"))


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", BLANK.encode("utf-16"), b"# \xe9t\xe9\n"], ids=["head", "utf-16", "latin-1"]
)
@EVERY_READER
def test_a_plan_file_that_is_not_utf_8_is_refused(data: bytes, words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "north.toml"
    file.write_bytes(data)
    result = read_with(words, file)
    assert result.exit_code == 1
    assert told(result)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("an unknown field", "banana = 3"), ("an unknown level", 'level = "superb"'),
        ("an unknown domain", 'domain = "leader"'), ("an unknown area", 'area = "attic"'),
        ("an unknown round", "current_round"), ("years as text", "years = "),
        ("a negative cost", "unit_cost"), ("an unknown setting", "banana"), ("a year outside the plan", "values = "),
        ("an unknown table", "[[bananas]]"), ("no table [plan]", ""),
    ],
)  # fmt: skip
def test_a_problem_in_a_plan_file_names_its_line(name: str, key: str, tmp_path: Path) -> None:
    text = PLAN_FILES[name]
    (tmp_path / "north.toml").write_text(text, encoding="utf-8")
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(key))
    place = f"north.toml, line {line}," if key else "north.toml"
    problems = refused(READERS["show"], tmp_path / "north.toml")
    assert [problem for problem in problems if not problem.startswith(place)] == []


def test_every_problem_of_a_plan_file_is_told_at_once(tmp_path: Path) -> None:
    text = with_setting("years", "16") + LEVEL.format("leader", "superb") + LINE.format("-5\nbanana = 3")
    (tmp_path / "north.toml").write_text(text, encoding="utf-8")
    problems = refused(READERS["show"], tmp_path / "north.toml")
    assert len(problems) == len(set(problems)) == 5


EURO = '\n[[currencies]]\nid = "eur"\nlabel = "EUR"\ninflation = 10\nrates = {{ 2027 = {} }}\n'
GREATEST = '1e15\ncurrency = "eur"\nquantity_2 = 1e9\nquantity_3 = 1e9'
EXTREMES = {
    "a very small exchange rate": BLANK + EURO.format(1e-320) + LINE.format('5\ncurrency = "eur"'),
    "a very small discount rate": with_setting("discount_rate", "1e-17") + LINE.format(5),
    "everything at its greatest": BLANK + EURO.format(1e-9) + LINE.format(GREATEST),
}


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("words", [READERS["show"], READERS["show as JSON"]], ids=["show", "json"])
def test_extreme_numbers_never_break_the_program(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "north.toml").write_text(text, encoding="utf-8")
    told(read_with(words, tmp_path / "north.toml"))


# Saving: the old file whole or the new one whole


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A small plan file in a folder of its own."""
    path = tmp_path / "paper.toml"
    path.write_text(BLANK, encoding="utf-8")
    return path


def writers(folder: Path, small_bytes: bytes) -> Iterator[tuple[Path, tuple[object, ...]]]:
    """Each command that writes: its target, which exists already, and its words."""
    book, plan = folder / "north.xlsx", folder / "paper.toml"
    book.write_bytes(small_bytes)
    (folder / "old.json").write_text("old", encoding="utf-8")
    (folder / "old.xlsx").write_bytes(b"old")
    yield book, ("calc", book)
    yield folder / "old.xlsx", ("calc", book, "-o", folder / "old.xlsx", "--force")
    yield folder / "old.json", ("export", plan, "--to", folder / "old.json", "--force")
    yield folder / "old.xlsx", ("new", folder / "old.xlsx", "--rows", "1", "--years", "1", "--force")


WRITERS = pytest.mark.parametrize("number", range(4), ids=["calc", "calc to another file", "export", "new"])


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@WRITERS
@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_full_disk_leaves_the_old_file_whole_and_no_litter(
    number: int, step: str, paper: Path, small_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, words = list(writers(paper.parent, small_bytes))[number]
    before = contents(paper.parent)
    monkeypatch.setattr(os, step, full_disk)
    result = run(*words)
    assert result.exit_code == 1
    assert ["No space left" in problem for problem in told(result)] == [True]
    assert contents(paper.parent) == before


@WRITERS
def test_a_file_is_flushed_beside_its_target_and_then_put_in_its_place(
    number: int, paper: Path, small_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, words = list(writers(paper.parent, small_bytes))[number]
    steps: list[object] = []
    flush, put = os.fsync, os.replace

    def flushed(handle: int) -> None:
        steps.append("flushed")
        flush(handle)

    def put_in_place(old: Path, new: Path) -> None:
        steps.append((Path(old).parent, Path(new)))
        put(old, new)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", put_in_place)
    assert run(*words).exit_code == 0
    assert steps == ["flushed", (target.parent, target)]


@WRITERS
def test_a_finished_write_changes_only_its_target(number: int, paper: Path, small_bytes: bytes) -> None:
    target, words = list(writers(paper.parent, small_bytes))[number]
    before = contents(paper.parent)
    assert run(*words).exit_code == 0
    after = contents(paper.parent)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} <= {target.name}


def test_a_file_keeps_its_permissions(paper: Path, small_bytes: bytes) -> None:
    book = paper.with_name("north.xlsx")
    book.write_bytes(small_bytes)
    book.chmod(0o640)
    assert run("calc", book).exit_code == 0
    assert book.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(paper: Path) -> None:
    assert run("export", paper, "--to", paper.with_name("new.toml")).exit_code == 0
    assert paper.with_name("new.toml").stat().st_mode == paper.stat().st_mode


@pytest.mark.parametrize("number", range(1, 4), ids=["calc to another file", "export", "new"])
def test_an_existing_file_is_overwritten_only_by_force(number: int, paper: Path, small_bytes: bytes) -> None:
    target, words = list(writers(paper.parent, small_bytes))[number]
    before = contents(paper.parent)
    result = run(*(word for word in words if word != "--force"))
    assert [target.name in problem and "--force" in problem for problem in told(result)] == [True]
    assert contents(paper.parent) == before
    assert run(*words).exit_code == 0
    assert contents(paper.parent)[target.name] != before[target.name]


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["unasked", "by force"])
def test_a_folder_is_never_overwritten(force: tuple[str, ...], paper: Path) -> None:
    for name in ("some.toml", "some.xlsx"):
        paper.with_name(name).mkdir()
    before = contents(paper.parent)
    assert "a folder" in told(run("export", paper, "--to", paper.with_name("some.toml"), *force))[0]
    assert "a folder" in told(run("new", paper.with_name("some.xlsx"), *force))[0]
    assert contents(paper.parent) == before


def test_a_missing_folder_is_told_and_not_made(paper: Path) -> None:
    lost = paper.parent / "lost"
    for words in (("export", paper, "--to", lost / "x.toml"), ("new", lost / "x.xlsx")):
        assert "no folder" in told(run(*words))[0]
    assert list(contents(paper.parent)) == ["paper.toml"]


# Files that somebody has open


def excel_lock(name: str) -> bytes:
    """Owner file of Excel: length and name in one byte a character, padded, then both in two bytes a character."""
    wide = name.ljust(54).encode("utf-16-le")
    head = bytes([len(name)]) + name.encode("latin-1").ljust(54, b" ")
    return head + len(name).to_bytes(2, "little") + wide


LOCKS: dict[str, tuple[str, bytes, str]] = {
    "Excel": ("~${}", excel_lock("Amina Otieno"), "Amina Otieno"),
    "Excel, accents": ("~${}", excel_lock("José Núñez"), "José Núñez"),
    "Excel, empty file": ("~${}", b"", "somebody"),
    "Excel, no name": ("~${}", excel_lock(""), "somebody"),
    "Excel, cut short": ("~${}", b"\x0cAmina", "Amina"),
    "LibreOffice": (".~lock.{}#", b"Amina Otieno,amina,laptop,16.01.2027 10:00,file:///home/amina;", "Amina Otieno"),
    "LibreOffice, accents": (".~lock.{}#", "José Núñez,jose,pc,16.01.2027 10:00,file:///x;".encode(), "José Núñez"),
    "LibreOffice, only the account": (".~lock.{}#", b",amina,laptop,16.01.2027 10:00,file:///x;", "amina"),
    "LibreOffice, empty file": (".~lock.{}#", b"", "somebody"),
}


@WRITERS
@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_file_that_is_open_is_refused_with_the_name_of_its_owner(
    lock: tuple[str, bytes, str], number: int, paper: Path, small_bytes: bytes
) -> None:
    target, words = list(writers(paper.parent, small_bytes))[number]
    pattern, data, owner = lock
    target.with_name(pattern.format(target.name)).write_bytes(data)
    before = contents(paper.parent)
    result = run(*words)
    assert result.exit_code == 1
    assert [f" by {owner};" in problem for problem in told(result)] == [True]
    assert contents(paper.parent) == before


@pytest.mark.parametrize("pattern", ["~${}", ".~lock.{}#"])
def test_a_lock_that_cannot_be_read_still_refuses(pattern: str, paper: Path, small_bytes: bytes) -> None:
    book = paper.with_name("north.xlsx")
    book.write_bytes(small_bytes)
    book.with_name(pattern.format(book.name)).mkdir()
    assert [" by somebody;" in problem for problem in told(run("calc", book))] == [True]
    assert book.read_bytes() == small_bytes


def test_the_lock_of_another_file_does_not_matter(paper: Path, small_bytes: bytes) -> None:
    paper.with_name("north.xlsx").write_bytes(small_bytes)
    paper.with_name("~$south.xlsx").write_bytes(excel_lock("Amina Otieno"))
    assert run("calc", paper.with_name("north.xlsx")).exit_code == 0


@pytest.mark.parametrize("lock", [LOCKS["Excel"], LOCKS["LibreOffice"]], ids=["Excel", "LibreOffice"])
def test_reading_a_file_that_is_open_is_allowed(lock: tuple[str, bytes, str], paper: Path) -> None:
    paper.with_name(lock[0].format(paper.name)).write_bytes(lock[1])
    assert run("show", paper).exit_code == 0


# calc: fresh values, and nothing else


def is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def differing_parts(one: bytes, other: bytes) -> list[str]:
    assert list(parts(one)) == list(parts(other))
    return [name for name, part in parts(one).items() if parts(other)[name] != part]


def calculated(data: bytes, folder: Path) -> bytes:
    path = folder / "north.xlsx"
    path.write_bytes(data)
    result = run("calc", path)
    assert (result.exit_code, result.stderr) == (0, ""), result.exc_info
    return path.read_bytes()


PNG = b'<Default Extension="png" ContentType="image/png"/>'


@pytest.fixture(scope="module")
def paper_bytes() -> bytes:
    """A workbook with figures in it that is quick to calculate."""
    return build_workbook(load(KENYA), line_rows=1)


VALUE = re.compile(rb"(<f[^>]*>[^<]*</f>)<v>([^<]*)</v>")


def with_stale_values(data: bytes) -> bytes:
    """Every stored value replaced by a wrong one of its kind."""
    found = {name: VALUE.sub(rb"\1<v>7</v>", part) if is_sheet(name) else part for name, part in parts(data).items()}
    return packed(found)


def test_stale_values_are_all_refreshed(paper_bytes: bytes, tmp_path: Path) -> None:
    stale = with_stale_values(paper_bytes)
    assert differing_parts(stale, paper_bytes)
    assert differing_parts(calculated(stale, tmp_path), paper_bytes) == []


def test_one_wrong_total_is_mended(small_bytes: bytes, tmp_path: Path) -> None:
    name = next(name for name, part in parts(small_bytes).items() if b"All checks" in part and is_sheet(name))
    part = parts(small_bytes)[name]
    planted = VALUE.sub(rb"\1<v>123456</v>", part, count=1)
    assert planted != part
    assert calculated(packed(parts(small_bytes) | {name: planted}), tmp_path) == calculated(small_bytes, tmp_path)


def test_calc_follows_a_changed_input(paper_bytes: bytes, tmp_path: Path) -> None:
    data = paper_bytes
    name = next(name for name, part in parts(data).items() if b"<v>15750</v>" in part and b"dataValidation" in part)
    typed = parts(data)[name].replace(b"<v>15750</v>", b"<v>25750</v>", 1)
    changed = parts(calculated(packed(parts(data) | {name: typed}), tmp_path))
    assert any(b"<v>74003</v>" in part for part in changed.values())
    assert not any(b"<v>54003</v>" in part for part in changed.values())


def test_calc_leaves_every_other_part_as_it_is(paper_bytes: bytes, tmp_path: Path) -> None:
    types = parts(paper_bytes)["[Content_Types].xml"].replace(b"</Types>", PNG + b"</Types>")
    more = {"xl/media/logo.png": Random(1).randbytes(5000), "docProps/custom.xml": b"<Properties/>"}
    before = with_stale_values(packed(parts(paper_bytes) | more | {"[Content_Types].xml": types}))
    after = calculated(before, tmp_path)
    changed = differing_parts(before, after)
    assert changed
    assert [name for name in changed if not re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)] == []


def test_calc_changes_nothing_in_a_sheet_but_stored_values(paper_bytes: bytes, tmp_path: Path) -> None:
    before, after = (with_stale_values(data) for data in (paper_bytes, calculated(paper_bytes, tmp_path)))
    assert differing_parts(before, after) == []


def test_calc_twice_is_calc_once(paper_bytes: bytes, tmp_path: Path) -> None:
    once = calculated(paper_bytes, tmp_path)
    assert calculated(once, tmp_path) == once == paper_bytes


def test_calc_to_another_file_leaves_the_first_alone(small_bytes: bytes, tmp_path: Path) -> None:
    stale = with_stale_values(small_bytes)
    (tmp_path / "north.xlsx").write_bytes(stale)
    assert run("calc", tmp_path / "north.xlsx", "-o", tmp_path / "out.xlsx").exit_code == 0
    assert (tmp_path / "north.xlsx").read_bytes() == stale
    assert differing_parts((tmp_path / "out.xlsx").read_bytes(), small_bytes) == []


def test_a_workbook_saved_by_another_program_is_calculated_too(small_bytes: bytes, blank: Plan, tmp_path: Path) -> None:
    openpyxl.load_workbook(BytesIO(small_bytes)).save(tmp_path / "saved.xlsx")
    calculated((tmp_path / "saved.xlsx").read_bytes(), tmp_path)
    assert write_plan(load(tmp_path / "north.xlsx")) == write_plan(blank)
