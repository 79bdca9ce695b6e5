"""`doctor` for a calendar in a folder: it is there, has our events, and can be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.doctoring import Doctor
from tests.running import Run

EVENT = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:dentist\nDTSTAMP:20261101T000000Z\n"
    b"DTSTART:20261201T090000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "calendars"
    path.mkdir()
    return path


def test_it_counts_events_and_tries_to_write(
    doctor: Doctor, run: Run, folder: Path, home_flags: tuple[str, ...]
) -> None:
    (folder / "dentist.ics").write_bytes(EVENT)
    run("add", "Karoo", "Buyer", "--at", "2026-11-24 14:00", *home_flags)
    run("sync", "--folder", folder, *home_flags)
    findings = doctor("--folder", folder)
    assert findings["folder"] == ("ok", f"{folder} has 8 events, 7 of them by afterword", "")
    assert findings["a try"] == ("ok", "a file was put there and taken away again", "")
    assert {"dns", "password", "server"} & findings.keys() == set()
    assert len(list(folder.iterdir())) == 8


def test_a_dry_run_writes_nothing(doctor: Doctor, folder: Path) -> None:
    before = folder.stat().st_mtime_ns
    assert "a try" not in doctor("--folder", folder, "--dry-run")
    assert folder.stat().st_mtime_ns == before


def test_files_that_cannot_be_synced_are_named(doctor: Doctor, folder: Path) -> None:
    for number in range(7):
        (folder / f"{number}.ics").write_bytes(EVENT[:40])
    verdict, message, steps = doctor("--folder", folder)["files"]
    assert (verdict, message) == ("look", "7 files in it cannot be synced, and left alone")
    assert steps.startswith("0.ics is no complete calendar file")
    assert steps.endswith("and 2 more")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("none", "there is no folder"), ("file", "is a file"), ("read-only", "may only read")],
)
def test_what_cannot_be_used_is_wrong(
    doctor: Doctor, folder: Path, kind: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder if kind == "read-only" else folder / kind
    if kind == "file":
        path.write_bytes(b"")
    if kind == "read-only":
        access = os.access
        monkeypatch.setattr(os, "access", lambda p, mode: Path(p) != folder and access(p, mode))
    verdict, message, _ = doctor("--folder", path, code=3)["folder"]
    assert verdict == "wrong"
    assert expected in message


def test_a_folder_in_the_settings_counts_before_the_server(
    doctor: Doctor, folder: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    text = f"[calendar]\nurl = 'https://cloud.example/'\nfolder = '{folder}'\n"
    settings.write_text(settings.read_text() + text)
    findings = doctor()
    assert findings["folder"][0] == "ok"
    # The settings themselves are looked at too; the last finding of a name is this.
    assert findings["settings"] == (
        "look",
        "calendar.folder is used, and calendar.url is not",
        "for the calendar on the server: afterword settings unset calendar.folder",
    )
