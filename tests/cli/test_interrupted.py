"""Interrupted at any of its operations a command leaves the old or the new, and goes on."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from tests import unprivileged
from tests.cli.faults import Act, Faults, failing
from tests.cli.life import Life
from tests.running import Result

posix = pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed as in POSIX")

NOW = "2026-11-30 10:00"
SENT = ("sent", "karoo", "first-follow-up")
FULL = failing(errno.ENOSPC, sqlite3.SQLITE_FULL)
DISKS = [
    pytest.param(FULL, id="full"),
    pytest.param(failing(errno.EROFS, sqlite3.SQLITE_READONLY), id="read-only"),
    pytest.param(failing(errno.EIO, sqlite3.SQLITE_IOERR), id="broken"),
]
Kept = dict[str, bytes]


@attrs.frozen
class Desk:
    """All that the program keeps for one person, in one directory: facts, state, calendars."""

    root: Path
    life: Life

    @property
    def work(self) -> Path:
        return self.root / "work"

    def lay_out(self, copy: str) -> None:
        """Let the work be as in a copy of it."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.root / copy, self.work)

    def keep_as(self, copy: str) -> None:
        shutil.copytree(self.work, self.root / copy)

    def facts(self) -> Kept:
        return self.life.files()

    def calendars(self) -> Kept:
        """Return the calendars, and anything else that lies where they are."""
        place = self.work / "calendar"
        found = place.rglob("*") if place.is_dir() else []
        return {path.name: path.read_bytes() for path in sorted(found) if path.is_file()}

    def leftovers(self) -> list[str]:
        """Return what interrupted writes left among the facts."""
        return [path.name for path in self.life.data.glob("*.tmp")]

    def run(self, *command: object) -> Result:
        return self.life.run(*command, *self.life.flags(NOW))

    def failed(self, nth: int, act: Act, *command: object) -> tuple[Faults, Result]:
        """Run a command whose n-th operation fails."""
        faults = Faults(nth, act)
        with pytest.MonkeyPatch.context() as patch:
            faults.put_into(patch)
            return faults, self.run(*command)


@pytest.fixture
def desk(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk with an exported application; `before` is a copy of it."""
    desk = Desk(tmp_path, life)
    desk.work.mkdir()
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(desk.work / "home"))
    life.data = desk.work / "data"
    (desk.work / "calendar").mkdir()
    life.calendar = desk.work / "calendar" / "all.ics"
    life.held()
    life.export("2026-11-20 11:00")
    life("2026-11-20 11:00", "export", "-o", f"{desk.work / 'calendar' / 'each'}/")
    desk.keep_as("before")
    return desk


def each_failure(desk: Desk, act: Act, *command: object) -> Iterator[Result]:
    """Yield what a command ended with whose first, second, ... operation failed."""
    for nth in itertools.count(1):
        desk.lay_out("before")
        faults, result = desk.failed(nth, act, *command)
        if faults.calls < nth:
            assert result.code == 0
            assert nth > 5
            return
        assert result.code in {0, 73}, result.stderr
        if result.code:
            assert result.stderr.startswith("afterword: ")
            assert "bug" not in result.stderr
        yield result


@pytest.mark.parametrize("act", DISKS)
def test_sent_with_a_failing_disk_is_logged_or_not_and_goes_on(desk: Desk, act: Act) -> None:
    before = desk.facts()
    desk.run(*SENT)
    after = desk.facts()
    assert after != before

    for result in each_failure(desk, act, *SENT):
        found = desk.facts()
        assert found in (before, after)
        if result.code == 0:
            assert found == after
        if found == before:
            assert result.stdout == b""
            assert desk.run(*SENT).code == 0
        assert desk.facts() == after
        assert desk.run("note", "karoo", "on").code == 0
        assert desk.leftovers() == []
        desk.run("undo", "karoo")
        assert desk.facts() == after
        desk.run("undo", "karoo")
        assert desk.facts() == before


@pytest.mark.parametrize("act", DISKS)
@pytest.mark.parametrize("place", ["all.ics", "each/"])
def test_export_to_a_failing_disk_is_the_old_or_the_new_and_goes_on(
    desk: Desk, act: Act, place: str
) -> None:
    export = ("export", "-o", f"{desk.work}/calendar/{place}")
    desk.run(*SENT)
    shutil.rmtree(desk.root / "before")
    desk.keep_as("before")
    before = desk.calendars()
    facts = desk.facts()
    desk.run(*export)
    after = desk.calendars()
    assert after != before

    for result in each_failure(desk, act, *export):
        found = desk.calendars()
        assert found.keys() == after.keys()
        for name, data in found.items():
            assert data in (before[name], after[name])
        if result.code == 0 or place == "all.ics":
            assert found in (before, after)
        assert desk.facts() == facts
        assert desk.run(*export).code == 0
        assert desk.calendars() == after
        assert desk.run(*export).code == 0
        assert desk.calendars() == after


@pytest.mark.parametrize("act", DISKS)
def test_a_first_run_on_a_failing_disk_leaves_nothing_half(desk: Desk, act: Act) -> None:
    add = ("add", "TUI", "Clerk", "--at", "2026-11-30 15:00")
    shutil.rmtree(desk.work)
    desk.work.mkdir()
    shutil.rmtree(desk.root / "before")
    desk.keep_as("before")
    desk.run(*add)
    after = desk.facts()

    for _ in each_failure(desk, act, *add):
        assert desk.facts() in ({}, after)
        if not desk.facts():
            assert desk.run(*add).code == 0
        assert desk.facts() == after


# Killed: nothing runs any more that could tidy up.


def killed(desk: Desk, *command: str) -> Iterator[int]:
    """Lay out, for each operation of a command, what was left of the work when killed there."""
    arguments = [*command, *desk.life.flags(NOW)]
    root = Path(__file__).parents[2]
    shutil.rmtree(desk.work)
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.faults", str(desk.root), *arguments],
        check=False,
        capture_output=True,
        cwd=root,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    numbers = sorted(int(path.name) for path in desk.root.iterdir() if path.name.isdecimal())
    assert len(numbers) > 5
    for number in numbers:
        desk.lay_out(str(number))
        yield number


@posix
def test_sent_and_killed_is_logged_or_not_and_goes_on(desk: Desk) -> None:
    before = desk.facts()
    desk.run(*SENT)
    after = desk.facts()

    states = []
    for _ in killed(desk, *SENT):
        found = desk.facts()
        states.append(found)
        assert found in (before, after)
        if found == before:
            assert desk.run(*SENT).code == 0
        assert desk.facts() == after
        assert desk.run("note", "karoo", "on").code == 0
        assert desk.leftovers() == []
        desk.run("undo", "karoo")
        desk.run("undo", "karoo")
        assert desk.facts() == before
    assert states[0] == before
    assert states[-1] == after


@posix
@pytest.mark.parametrize("place", ["all.ics", "each/"])
def test_export_and_killed_is_the_old_or_the_new_and_goes_on(desk: Desk, place: str) -> None:
    export = ("export", "-o", f"{desk.work}/calendar/{place}")
    desk.run(*SENT)
    shutil.rmtree(desk.root / "before")
    desk.keep_as("before")
    before = desk.calendars()
    desk.run(*export)
    after = desk.calendars()

    for _ in killed(desk, *export):
        found = {name: data for name, data in desk.calendars().items() if name.endswith(".ics")}
        assert found.keys() == after.keys()
        for name, data in found.items():
            assert data in (before[name], after[name])
        assert desk.run(*export).code == 0
        found = {name: data for name, data in desk.calendars().items() if name.endswith(".ics")}
        assert found == after
        for left in (desk.work / "calendar").rglob(".afterword-*"):
            os.utime(left, (0, 0))
        assert desk.run(*export).code == 0
        assert desk.calendars() == after


@posix
@pytest.mark.parametrize("part", ["data", "all"])
def test_read_only_directories_are_said(desk: Desk, part: str) -> None:
    before = desk.facts()
    folder = desk.life.data if part == "data" else desk.life.data.parent

    with unprivileged.read_only(folder):
        ended = unprivileged.run([sys.executable, "-m", "afterword", *SENT, *desk.life.flags(NOW)])

    assert ended.returncode == 73, ended.stderr
    assert "permission denied" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert desk.facts() == before
