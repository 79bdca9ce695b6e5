"""Exported calendar files are written and updated, and foreign files are never replaced."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import pytest

from afterword.errors import WriteError
from afterword.formats.ics_files import (
    WrittenRevision,
    calendar_file,
    fingerprint_of,
    single_event_file,
)
from afterword.storage.ics_output import own_files, write_directory, write_file, written_revisions
from tests.formats.events import ACT, BAR, FRAME, KINDS, STAMP

OURS = single_event_file(ACT)
NEWER = single_event_file(attrs.evolve(ACT, sequence=3, summary="Karoo: thanked Thandi Nkosi"))
FOREIGN = OURS.replace(b"afterword//EN", b"calendar//EN")
OBJECTS = {f"{event.uid}.ics": single_event_file(event) for event in (ACT, FRAME, BAR)}
FIRST, SECOND, THIRD = OBJECTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "calendar"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ------------------------------------------------------------------- one file


@pytest.mark.parametrize("present", [None, OURS], ids=["nothing", "an earlier one"])
def test_a_calendar_takes_the_place_of(present: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "all.ics"
    if present:
        path.write_bytes(present)

    write_file(path, calendar_file(KINDS.values()))

    assert path.read_bytes() == b"".join(calendar_file(KINDS.values()))


@pytest.mark.parametrize(
    "present", [FOREIGN, b"", b"Dear diary\n"], ids=["calendar", "empty", "text"]
)
def test_a_file_of_another_program_stays_unless_forced(present: bytes, tmp_path: Path) -> None:
    path = tmp_path / "all.ics"
    path.write_bytes(present)

    with pytest.raises(WriteError, match="not written by afterword"):
        write_file(path, [OURS])
    assert path.read_bytes() == present

    write_file(path, [OURS], force=True)
    assert path.read_bytes() == OURS


@pytest.mark.parametrize("force", [False, True], ids=["asked", "forced"])
def test_nothing_is_written_through_a_link(force: bool, tmp_path: Path) -> None:
    target = tmp_path / "profile"
    target.write_bytes(OURS)
    link = tmp_path / "all.ics"
    link.symlink_to(target)

    with pytest.raises(WriteError, match="symbolic link"):
        write_file(link, [NEWER], force=force)

    assert link.is_symlink()
    assert target.read_bytes() == OURS


# ---------------------------------------------------------------- a directory


def test_each_event_gets_a_file_named_for_it(folder: Path) -> None:
    write_directory(folder, OBJECTS)

    assert contents(folder) == OBJECTS


def test_the_objects_of_steps_that_vanished_are_left(folder: Path) -> None:
    write_directory(folder, OBJECTS)
    (folder / "birthdays.ics").write_bytes(FOREIGN)

    write_directory(folder, {SECOND: OBJECTS[SECOND]})

    assert contents(folder) == {**OBJECTS, "birthdays.ics": FOREIGN}


def test_only_what_changed_is_written(folder: Path) -> None:
    write_directory(folder, OBJECTS)
    before = {name: (folder / name).stat().st_ino for name in OBJECTS}

    write_directory(folder, {**OBJECTS, FIRST: NEWER})

    after = {name: (folder / name).stat().st_ino for name in OBJECTS}
    assert [name for name in OBJECTS if after[name] != before[name]] == [FIRST]
    assert contents(folder) == {**OBJECTS, FIRST: NEWER}


def test_one_file_of_another_program_stops_all_before_the_first(folder: Path) -> None:
    folder.mkdir()
    (folder / THIRD).write_bytes(FOREIGN)

    with pytest.raises(WriteError, match="did not write") as refusal:
        write_directory(folder, OBJECTS)

    assert refusal.value.notes == (THIRD,)
    assert contents(folder) == {THIRD: FOREIGN}


def test_it_is_overwritten_when_forced(folder: Path) -> None:
    folder.mkdir()
    (folder / THIRD).write_bytes(FOREIGN)

    write_directory(folder, OBJECTS, force=True)

    assert contents(folder) == OBJECTS


@pytest.mark.parametrize("force", [False, True], ids=["asked", "forced"])
@pytest.mark.parametrize("kind", ["link", "dangling link", "directory", "pipe"])
def test_what_is_no_plain_file_is_never_replaced(
    kind: str, force: bool, folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    outside = tmp_path / "outside"
    odd = folder / FIRST
    if kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no named pipes here")
        os.mkfifo(odd)
    elif kind == "directory":
        odd.mkdir()
    else:
        odd.symlink_to(outside)
    if kind == "link":
        outside.write_bytes(OURS)
    before = odd.lstat()

    with pytest.raises(WriteError):
        write_directory(folder, {FIRST: NEWER}, force=force)

    assert odd.lstat() == before
    assert (outside.read_bytes() if outside.exists() else None) == (
        OURS if kind == "link" else None
    )


def test_a_link_to_a_directory_is_a_directory(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    link = tmp_path / "link"
    link.symlink_to(folder)

    write_directory(link, OBJECTS)

    assert contents(folder) == OBJECTS
    assert link.is_symlink()


def test_a_file_in_the_place_of_the_directory_is_refused(folder: Path) -> None:
    folder.write_bytes(OURS)

    with pytest.raises(WriteError):
        write_directory(folder, OBJECTS)

    assert folder.read_bytes() == OURS


@pytest.mark.parametrize(
    "name",
    ["../0a.ics", "/0a.ics", "-rf", "CON.ics", "0a.ics/b", "0a.ics\n", ".ics", f"{'a' * 65}.ics"],
)
def test_a_name_that_no_uid_gives_is_refused(name: str, folder: Path) -> None:
    with pytest.raises(ValueError, match="not derived"):
        write_directory(folder, {name: OURS})

    assert not folder.exists()


# --------------------------------------------------------------- what was there

WRITTEN = {
    event.uid: WrittenRevision(
        sequence=event.sequence, stamp=STAMP, fingerprint=fingerprint_of(event)
    )
    for event in (ACT, FRAME, BAR)
}


def test_one_file_remembers_its_events(tmp_path: Path) -> None:
    path = tmp_path / "all.ics"
    write_file(path, calendar_file([ACT, FRAME, BAR]))

    assert written_revisions(path) == WRITTEN


def test_a_directory_remembers_the_events_of_our_files_alone(folder: Path, tmp_path: Path) -> None:
    write_directory(folder, OBJECTS)
    (folder / "birthdays.ics").write_bytes(FOREIGN.replace(ACT.uid.encode(), b"b1"))
    (folder / "link.ics").symlink_to(tmp_path / "elsewhere")

    assert written_revisions(folder) == WRITTEN
    assert [path.name for path in own_files(folder)] == sorted(OBJECTS)


@pytest.mark.parametrize("present", [None, FOREIGN], ids=["nothing", "another's"])
def test_nothing_is_remembered_of(present: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "all.ics"
    if present:
        path.write_bytes(present)

    assert written_revisions(path) == {}
