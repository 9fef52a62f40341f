"""A command that is ended at any moment leaves the old file whole or the new one whole, and nothing beside it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from returned import small_book, with_text, worked_example
from xlplan.planfile import write_plan
from xlplan.workbook.package import parts

ENDING = """
import os, signal, sys
step, when = sys.argv.pop(1), sys.argv.pop(1)
right = getattr(os, step)
def ended(*words, **named):
    if when == "after":
        right(*words, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, step, ended)
from xlplan.cli import main
main()
"""
"""The program, ended just before or after one step of writing."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "new": ("new", "old.xlsx", "--rows", "1", "--years", "1", "--force"),
    "calc": ("calc", "north.xlsx", "-o", "old.xlsx", "--force"),
    "translate": ("translate", "north.xlsx", "--lang", "en", "-o", "old.xlsx", "--force"),
    "export": ("export", "north.xlsx", "--to", "old.json", "--force"),
    "verify": ("verify", "north.xlsx", "--fix", "old.xlsx", "--force"),
    "certificate": ("verify", "north.xlsx", "--certificate", "old.toml", "--force"),
    "merge": ("merge", "north.xlsx", "north.xlsx", "south.xlsx", "-o", "old.xlsx", "--force"),
    "migrate": ("migrate", "north.xlsx", "-o", "moved", "--force"),
    "share": ("share", "north.xlsx", "-o", "old.xlsx", "--force"),
}
STEPS = [("fsync", "before"), ("fsync", "after"), ("link", "before"), ("replace", "before"), ("replace", "after")]
"""``link`` gives the finished file a name, ``replace`` puts it in its place."""


@pytest.fixture(scope="module")
def books() -> tuple[bytes, bytes]:
    plan = worked_example()
    south = replace(plan, settings={**plan.settings, "title": "South"}, origin=plan.digest)
    return small_book(plan)[0], small_book(south)[0]


@pytest.fixture
def desk(books: tuple[bytes, bytes], tmp_path: Path) -> Path:
    (tmp_path / "north.xlsx").write_bytes(books[0])
    (tmp_path / "south.xlsx").write_bytes(books[1])
    (tmp_path / "plan.toml").write_text(write_plan(worked_example()), encoding="utf-8")
    (tmp_path / "moved").mkdir()
    for name in ("old.xlsx", "old.json", "old.toml", "moved/north.xlsx", "moved/north-losses.txt"):
        (tmp_path / name).write_bytes(b"old")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def whole(name: str, data: bytes) -> bool:
    """Is it the old file, or a new one of its kind that can be read to its end?"""
    if data == b"old" or name.endswith((".toml", ".json", ".txt")):
        return data in {b"old", b""} or data.endswith(b"\n")
    return len(parts(data)) > 50


def assert_whole(before: dict[str, bytes], after: dict[str, bytes], *, litter: bool = False) -> None:
    odd = set(after) - set(before)
    assert odd == set() or (litter and all(name.endswith(".tmp") for name in odd))
    assert [
        name for name in before if name not in after or (after[name] != before[name] and not whole(name, after[name]))
    ] == []


ENDS = [*(("new", *step) for step in STEPS), *((name, "link", "before") for name in COMMANDS if name != "new")]


@pytest.mark.parametrize(("name", "step", "when"), ENDS)
def test_a_command_that_is_ended_while_it_writes_leaves_whole_files(
    name: str, step: str, when: str, desk: Path
) -> None:
    before, command = contents(desk), COMMANDS[name]
    done = subprocess.run(
        [sys.executable, "-c", ENDING, step, when, *command], cwd=desk, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    after = contents(desk)
    assert_whole(before, after, litter=(step, when) == ("replace", "before"))
    if when == "before" or step != "replace":
        assert {name: data for name, data in after.items() if name in before} == before


@pytest.mark.parametrize("seed", range(4))
def test_a_command_that_is_ended_at_a_random_moment_leaves_whole_files(seed: int, desk: Path) -> None:
    chance = Random(f"crash {seed}")
    command = chance.choice(list(COMMANDS.values()))
    before = contents(desk)
    with subprocess.Popen(
        [sys.executable, "-m", "xlplan", *command], cwd=desk, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(chance.uniform(0.05, 3))
        process.kill()
    assert_whole(before, contents(desk))


def test_the_check_sees_half_a_file(books: tuple[bytes, bytes]) -> None:
    before = {"old.xlsx": b"old"}
    with pytest.raises(Exception, match="zip"):
        assert_whole(before, {"old.xlsx": books[0][:5000]})
    with pytest.raises(AssertionError):
        assert_whole(before, {"old.xlsx": b"old", ".old.xlsx.7.tmp": b""})


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, os.strerror(28))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_full_disk_or_an_open_file_is_told_and_changes_nothing(
    command: tuple[str, ...], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from xlplan.cli import main

    monkeypatch.chdir(desk)
    before = contents(desk)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        result = CliRunner().invoke(main, list(command))
    assert (result.exit_code, contents(desk)) == (1, before)
    assert "No space left" in result.stderr
    target = (
        "moved/.~lock.north.xlsx#" if command[0] == "migrate" else f".~lock.{next(w for w in command if 'old' in w)}#"
    )
    (desk / target).write_text(",amina,laptop,16.01.2027 10:00,file:///x;", encoding="utf-8")
    locked = contents(desk)
    result = CliRunner().invoke(main, list(command))
    assert (result.exit_code, contents(desk)) == (1, locked)
    assert "open in LibreOffice by amina" in result.stderr


if hasattr(os, "geteuid") and os.geteuid() != 0:  # root may write everywhere

    @pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
    def test_a_folder_that_may_not_be_written_to_is_told(
        command: tuple[str, ...], desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from click.testing import CliRunner

        from xlplan.cli import main

        monkeypatch.chdir(desk)
        before = contents(desk)
        for folder in (desk / "moved", desk):
            folder.chmod(0o500)
        result = CliRunner().invoke(main, list(command))
        for folder in (desk, desk / "moved"):
            folder.chmod(0o700)
        assert (result.exit_code, contents(desk)) == (1, before)


def test_text_is_kept_when_a_fresh_workbook_replaces_the_old_one(books: tuple[bytes, bytes], desk: Path) -> None:
    """``--fix`` onto the file itself: either all of the old or all of the new."""
    (desk / "north.xlsx").write_bytes(with_text(books[0], "Settings", "C6", "Kept"))
    words = [sys.executable, "-m", "xlplan", "verify", "north.xlsx", "--fix", "north.xlsx", "--force"]
    subprocess.run(words, cwd=desk, capture_output=True, check=False, timeout=60)
    from xlplan import load

    assert load(desk / "north.xlsx").settings["title"] == "Kept"
