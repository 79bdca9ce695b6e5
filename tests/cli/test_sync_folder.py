"""`sync` with a folder of calendar files: as with a server, and what only a folder has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import tomli

from afterword.settings.paths import find_locations
from tests.cli.folder import DURING, NEXT_DAY, Folder
from tests.cli.life import Life
from tests.sync.phones import Phone, lines

FOREIGN = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:dentist\nDTSTAMP:20261101T000000Z\n"
    b"DTSTART:20261201T090000Z\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
)
SEVERAL = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T090000Z\nEND:VEVENT\n"
    b"BEGIN:VEVENT\nUID:b\nDTSTART:20261202T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
)
SERIES = SEVERAL.replace(b"UID:b", b"UID:a\nRECURRENCE-ID:20261202T090000Z")
BROKEN = FOREIGN[:60]
OTHERS = {
    "dentist.ics": FOREIGN,
    "several.ics": SEVERAL,
    "series.ics": SERIES,
    "broken.ics": BROKEN,
    "empty.ics": b"",
    "Größe; 50%.ics": FOREIGN.replace(b"dentist", b"odd"),
    ".hidden.ics": FOREIGN,
    "notes.txt": b"UID:x",
    "color": b"#336699",
}


@pytest.fixture
def folder(life: Life, tmp_path: Path) -> Folder:
    """Return somebody who had an interview and has a folder."""
    life.held()
    path = tmp_path / "calendars" / "job"
    path.mkdir(parents=True)
    return Folder(life, path)


def settings() -> dict[str, object]:
    path = find_locations().settings
    return tomli.loads(path.read_text("utf-8")).get("calendar", {}) if path.exists() else {}


def write_settings(text: str) -> None:
    path = find_locations().settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_plan_comes_to_the_folder_and_stays(folder: Folder) -> None:
    document = folder(DURING, "--json").json
    assert (document["calendar"], document["created"]) == (str(folder.path), 7)
    assert (document["failed"], document["left_alone"]) == ([], [])
    before = folder.files()
    assert {f"{uid}.ics" for s in folder.life.plan(DURING).values() for uid in s["uids"].values()}
    assert set(before) == {
        f"{uid}.ics" for step in folder.life.plan(DURING).values() for uid in step["uids"].values()
    }
    assert folder(DURING).text == "Your calendar is up to date.\n"
    assert folder.files() == before


def test_a_dry_run_writes_nothing(folder: Folder) -> None:
    result = folder(DURING, "--dry-run")
    assert "+ Follow up with Karoo (Thandi Nkosi)\n" in result.text
    assert folder.files() == {}
    assert folder(DURING, "--json").json["created"] == 7


def test_each_edit_is_taken_over(folder: Folder) -> None:
    folder(DURING)
    folder.edit("thank-you", summary="Sent it")
    folder.drag("first-follow-up", days=1)
    mine = folder.edit("move-on", description="My own words")
    folder.file("second-follow-up", "frame").unlink()

    stderr = folder(NEXT_DAY).stderr

    assert "you wrote 'Sent it'" in stderr
    assert "you moved the event to 2026-12-01" in stderr
    assert "the text stays 'My own words'" in stderr
    entries = folder.log()
    assert "thank-you" in [entry.get("sent") for entry in entries]
    assert "first-follow-up" in [entry.get("moved") for entry in entries]
    assert [entry for entry in entries if entry.get("gone")]
    assert not folder.file("second-follow-up", "frame").exists()
    assert b"DESCRIPTION:My own words" in mine
    assert "DESCRIPTION:My own words" in lines(folder.file("move-on").read_bytes())
    after = folder.files()
    assert folder(NEXT_DAY).text == "Your calendar is up to date.\n"
    assert folder.files() == after


def test_a_deleted_file_stays_deleted_even_if_the_state_is_lost(folder: Folder) -> None:
    folder(DURING)
    folder.file("move-on").unlink()
    folder(DURING)
    assert [entry["deleted"] for entry in folder.log()] == ["move-on"]
    folder.lose_state()
    folder(DURING)
    assert not folder.file("move-on").exists()


def test_lost_state_is_no_loss(folder: Folder) -> None:
    folder(DURING)
    folder.edit("move-on", summary="Mine")
    before = folder.files()
    folder.lose_state()
    assert "the title stays 'Mine'" in folder(DURING).stderr
    assert folder.files() == before


def test_files_of_others_are_untouched_and_odd_ones_named(folder: Folder) -> None:
    for name, content in OTHERS.items():
        (folder.path / name).write_bytes(content)

    result = folder(DURING)

    assert "several.ics holds 2 events; it is left alone\n" in result.stderr
    assert "broken.ics is no complete calendar file; it is left alone\n" in result.stderr
    assert "empty.ics is no complete calendar file; it is left alone\n" in result.stderr
    assert "series.ics" not in result.stderr
    folder.life(DURING, "close", "karoo")
    folder(DURING)
    folder.lose_state()
    folder(DURING, "--remove-orphans")
    assert folder.files() == OTHERS


def test_quiet_names_no_file(folder: Folder) -> None:
    (folder.path / "several.ics").write_bytes(SEVERAL)
    result = folder(DURING, "--quiet")
    assert (result.text, result.stderr) == ("", "")
    assert folder(DURING, "--json").json["left_alone"] == [
        {"file": "several.ics", "reason": "holds 2 events"}
    ]


def test_an_export_of_all_events_in_the_folder_is_not_doubled(folder: Folder) -> None:
    export = folder.path / "job-search.ics"
    folder.life(DURING, "export", "-o", export)
    before = export.read_bytes()

    result = folder(DURING, code=3)

    assert "job-search.ics holds 7 events" in result.stderr
    assert "move that file to another folder and run this again" in result.stderr
    assert folder.files() == {"job-search.ics": before}
    export.unlink()
    folder(DURING)
    assert len(folder.files()) == 7


def test_a_copy_of_an_event_is_named_and_changes_nothing(folder: Folder) -> None:
    """Syncthing keeps both versions of a file that was changed on two devices."""
    folder(DURING)
    path = folder.file("move-on")
    copy = path.with_name(f"{path.stem}.sync-conflict-20261124-150000-ABCDEFG.ics")
    copy.write_bytes(Phone("khal").edit(path.read_bytes(), summary="Theirs"))
    before = folder.files()
    for _ in range(2):
        result = folder(DURING)
        assert f"{copy.name} is a second copy of {path.name}; it is left alone" in result.stderr
        folder.lose_state()
    assert folder.files() == before
    assert folder.log() == []


def test_a_renamed_file_is_the_same_event(folder: Folder) -> None:
    folder(DURING)
    path = folder.file("move-on")
    path.rename(path.with_name("Move on; 50%.ics"))
    names = set(folder.files())
    assert folder(DURING).text == "Your calendar is up to date.\n"
    assert (set(folder.files()), folder.log()) == (names, [])
    folder.life(DURING, "close", "karoo")
    folder(DURING)
    assert folder.files() == {}


def test_a_broken_file_of_ours_is_left_and_not_taken_for_deleted(folder: Folder) -> None:
    folder(DURING)
    path = folder.file("move-on")
    half = path.read_bytes()[:300]
    path.write_bytes(half)
    result = folder(DURING, code=3)
    assert "values that cannot be read" in result.stderr
    assert (path.read_bytes(), folder.log()) == (half, [])


@pytest.mark.parametrize("kind", ["gone", "empty", "one event", "unreadable"])
def test_a_folder_that_vanished_is_no_deletion(
    folder: Folder, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "one event":
        folder.life(DURING, "skip", "karoo", "second")
        for step in ("thank-you", "first-follow-up"):
            folder.life(DURING, "skip", "karoo", step)
    folder(DURING)
    away = folder.path.with_name("away")
    folder.path.rename(away)
    if kind in {"empty", "one event"}:
        folder.path.mkdir()
        (folder.path / "lost+found").mkdir()
    if kind == "unreadable":
        away.rename(folder.path)

        scandir = os.scandir

        def fail(path: Path) -> object:
            if path == folder.path:
                raise OSError(107, "Transport endpoint is not connected")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", fail)

    result = folder(DURING, code=75 if kind == "unreadable" else 4)

    assert "Nothing was changed." in result.stderr
    assert "disk" in result.stderr
    assert [entry for entry in folder.log() if "deleted" in entry or entry.get("gone")] == []
    monkeypatch.undo()
    if kind != "unreadable":
        shutil.rmtree(folder.path, ignore_errors=True)
        away.rename(folder.path)


def test_a_folder_that_is_back_goes_on(folder: Folder) -> None:
    folder(DURING)
    before = folder.files()
    folder.path.rename(folder.path.with_name("away"))
    folder(DURING, code=4)
    folder.path.with_name("away").rename(folder.path)
    assert folder(DURING).text == "Your calendar is up to date.\n"
    assert folder.files() == before


def test_who_removed_the_folder_may_say_so(folder: Folder) -> None:
    folder(DURING)
    shutil.rmtree(folder.path)
    folder(DURING, "--allow-mass-delete")
    assert folder.files() == {}
    assert len(folder.log()) >= 4


def test_a_folder_that_may_only_be_read_is_refused(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(DURING)
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: access(path, mode) and Path(path) != folder.path
    )
    result = folder(DURING, code=73)
    assert f"You may only read the folder {folder.path}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--folder", "{root}/none"), "there is no folder {root}/none"),
        (("--folder", "{root}/file"), "{root}/file is a file; name the folder that it is in"),
        (("--folder", "{root}/parent"), "no events, but calendars in it"),
        (("--folder", "{root}", "--calendar-url", "https://x/"), "name two calendars"),
    ],
    ids=["none", "file", "parent of calendars", "two calendars"],
)
def test_a_folder_that_cannot_be_used_is_refused(
    folder: Folder, tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    root = tmp_path / "root"
    (root / "parent" / "home").mkdir(parents=True)
    (root / "parent" / "home" / "dentist.ics").write_bytes(FOREIGN)
    (root / "file").write_bytes(b"")
    before = sorted(root.rglob("*"))
    words = [word.format(root=root) for word in arguments]
    assert expected.format(root=root) in folder.life.refused(DURING, "sync", *words)
    assert sorted(root.rglob("*")) == before


# ------------------------------------------------------------------ the settings


def test_a_folder_is_made_saved_and_used_without_a_password(life: Life, tmp_path: Path) -> None:
    life.held()
    write_settings(
        "[calendar]\nurl = 'https://cloud.example/cal/'\nuser = 'sam'\n"
        "password_command = ['/no/such/program']\n"
    )
    path = tmp_path / "new" / "job"
    dry = life(DURING, "calendars", "--folder", path, "--dry-run")
    assert f"would make the folder {path}" in dry.stderr
    assert not path.exists()
    assert "folder" not in settings()

    result = life(DURING, "calendars", "--folder", path, "--json")

    assert result.json == {"version": 1, "folder": str(path), "calendars": []}
    assert "https://cloud.example/cal/, is not synced any more" in result.stderr
    assert settings()["folder"] == str(path)
    assert life(DURING, "sync", "--json").json["calendar"] == str(path)
    assert len(list(path.iterdir())) == 7


def test_a_calendar_on_a_server_takes_the_folders_turn(life: Life, tmp_path: Path) -> None:
    write_settings("[calendar]\nurl = 'https://cloud.example/cal/'\n")
    life(DURING, "calendars", "--folder", tmp_path / "job")
    assert life.run("settings", "unset", "calendar.folder").code == 0
    assert settings() == {"url": "https://cloud.example/cal/"}


@pytest.mark.parametrize(
    "more", [("--server", "icloud"), ("--create", "Job"), ("--use", "Job")], ids=lambda v: v[0]
)
def test_a_folder_and_a_server_are_two_calendars(
    life: Life, tmp_path: Path, more: tuple[str, str]
) -> None:
    stderr = life.refused(DURING, "calendars", "--folder", tmp_path / "job", *more)
    assert "--folder needs no server" in stderr
    assert not (tmp_path / "job").exists()


def test_the_home_directory_may_be_short(life: Life, home: Path) -> None:
    life.held()
    (home / "job").mkdir()
    write_settings("[calendar]\nfolder = '~/job'\n")
    life(DURING, "sync")
    assert len(list((home / "job").iterdir())) == 7
    life(DURING, "sync", "--folder", "~/job", "--check")


def test_a_relative_folder_in_the_settings_is_refused(life: Life) -> None:
    write_settings("[calendar]\nfolder = 'job'\n")
    assert "calendar.folder: 'job' depends on the directory of each run" in life.refused(
        DURING, "sync"
    )


def test_two_names_of_a_folder_are_one_calendar(folder: Folder) -> None:
    folder(DURING)
    link = folder.path.with_name("link")
    link.symlink_to(folder.path, target_is_directory=True)
    before = folder.files()
    result = folder.life(DURING, "sync", "--folder", link)
    assert result.text == "Your calendar is up to date.\n"
    assert folder.files() == before


def test_forget_names_the_folder_and_the_next_sync_removes(folder: Folder) -> None:
    folder(DURING)
    result = folder.life(DURING, "forget", "karoo", "--yes")
    assert f"it has events in {folder.path}: the next sync removes them" in result.stderr
    folder(DURING)
    assert folder.files() == {}


# -------------------------------------------------------------------- the export


def test_an_export_over_an_untouched_export_is_an_update(folder: Folder) -> None:
    folder.export(DURING)
    folder.life(DURING, "sent", "karoo", "thank-you", "--on", "2026-11-24 15:30")
    assert "changed" in folder.export(NEXT_DAY).stderr
    before = folder.files()
    folder.export(NEXT_DAY)
    assert folder.files() == before


EDITS = {
    "title": lambda body: Phone("khal").edit(body, summary="Mine"),
    "text": lambda body: body.replace(b"SUMMARY:Move on from", b"SUMMARY:Walk away from"),
    "moved": lambda body: Phone("khal").drag(body, days=2),
    "dismissed": lambda body: Phone("ios").dismiss(body),
    "place": lambda body: body.replace(b"TRANSP", b"LOCATION:Home\r\nTRANSP"),
}


@pytest.mark.parametrize("lost", [False, True], ids=["", "lost state"])
@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_an_export_over_an_edit_is_refused(folder: Folder, change: object, lost: bool) -> None:
    folder.export(DURING)
    path = folder.file("move-on")
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    if lost:
        folder.lose_state()
    folder.life(DURING, "skip", "karoo", "first")
    before = folder.files()

    stderr = folder.export(NEXT_DAY, code=4).stderr

    assert "somebody changed 1 event in" in stderr
    assert "Nothing was written." in stderr
    assert f"afterword sync --folder {folder.path}" in stderr
    assert folder.files() == before
    folder.export(NEXT_DAY, "--force")
    assert folder.files() != before


def test_the_sync_that_the_refusal_names_takes_the_edits_over(folder: Folder) -> None:
    folder.export(DURING)
    folder.edit("thank-you", summary="Sent")
    folder.drag("first-follow-up", days=1)
    folder.edit("second-follow-up", summary="Mine")
    folder.file("move-on").unlink()
    folder.export(NEXT_DAY, code=4)

    folder(NEXT_DAY)

    entries = folder.log()
    assert [entry["sent"] for entry in entries if "sent" in entry] == ["thank-you"]
    assert [entry["moved"] for entry in entries if "moved" in entry] == ["first-follow-up"]
    assert [entry["deleted"] for entry in entries if "deleted" in entry] == ["move-on"]
    texts = [entry for entry in entries if "text" in entry]
    assert [(entry["field"], entry["text"]) for entry in texts] == [("summary", "Mine")]
    assert "Mine" in folder.titles()
    assert not folder.file("move-on").exists()
    after = folder.files()
    assert folder(NEXT_DAY).text == "Your calendar is up to date.\n"
    # A synced folder is brought up to date by a sync alone, also when its application goes.
    assert "which an export would undo" in folder.export(NEXT_DAY, code=4).stderr
    assert folder.files() == after
    assert folder.log() == entries
    stderr = folder.life(NEXT_DAY, "forget", "karoo", "--yes").stderr
    assert "the next sync removes them" in stderr
    assert "the next export" not in stderr


def test_events_of_an_export_that_were_cancelled_go_at_the_sync(folder: Folder) -> None:
    folder.export(DURING)
    folder.life(DURING, "close", "karoo")
    folder.export(DURING)
    assert all(title.startswith("Cancelled: ") for title in folder.titles())
    folder(DURING)
    assert folder.files() == {}


def test_events_that_were_exported_from_a_file_that_is_not_stored_stay(
    folder: Folder, tmp_path: Path
) -> None:
    file = tmp_path / "other.toml"
    file.write_text(
        'company = "Umbrella"\nrole = "Buyer"\ncountry = "ZA"\n[[interview]]\n'
        'start = 2026-11-24T10:00:00\nzone = "Africa/Johannesburg"\n'
    )
    folder.life(DURING, "export", file, "-o", f"{folder.path}/")
    before = folder.files()
    assert "belong to no application here" in folder(DURING).stderr
    after = folder.files()
    assert {name: after.get(name) for name in before} == before
    assert len(after) == len(before) + 7


def test_commands_that_are_suggested_name_the_folder(life: Life, tmp_path: Path) -> None:
    life.held()
    path = tmp_path / "my jobs"
    path.mkdir()
    folder = Folder(life, path)
    folder(DURING)
    assert f"afterword sync --folder '{path}'" in folder.export(DURING, code=4).stderr
    folder.lose_state()
    (life.data / "karoo-marketing-manager.toml").unlink()
    stderr = folder(DURING).stderr
    assert f"afterword sync --folder '{path}' --remove-orphans" in stderr


def test_a_forced_export_makes_a_synced_folder_an_export_again(folder: Folder) -> None:
    folder(DURING)
    folder.export(DURING, code=4)
    folder.export(DURING, "--force")
    folder.export(DURING)
    assert folder(DURING, "--json").json["kept"] == []
    assert folder.log() == []


def test_an_emptied_folder_of_an_export_is_a_new_beginning(folder: Folder) -> None:
    folder.export(DURING)
    for path in folder.path.iterdir():
        path.unlink()
    assert folder(DURING, "--json").json["created"] == 7
    assert folder.log() == []
