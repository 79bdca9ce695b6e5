"""`find`: suggestions from files and folders, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.settings.paths import find_locations
from tests.cli.life import Life
from tests.pseudo_terminal import CTRL_C, typing

NOW = "2026-11-24 18:00"
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Invented//EN\r\n"
CHAT = """SUMMARY:Sam / Lerato: intro chat
DESCRIPTION:Thank you for your application for the Content Designer role.
ORGANIZER;CN=Lerato Dube:mailto:lerato@fynbos.example
ATTENDEE:mailto:sam@mail.example"""


def event(uid: str, text: str, start: str = "20261202T090000Z", **values: str) -> str:
    lines = [f"UID:{uid}", "DTSTAMP:20261120T080000Z", f"DTSTART:{start}", *text.splitlines()]
    lines += [f"{name.upper()}:{value}" for name, value in values.items()]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    return f"{HEAD}{''.join(events)}END:VCALENDAR\r\n".encode()


Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Write a calendar as an app exports it."""

    def write(*events: str) -> Path:
        path = tmp_path / "exported.ics"
        path.write_bytes(calendar(*events))
        return path

    return write


@pytest.fixture
def exported(export: Export) -> Path:
    """Return a calendar with an interview, one that states no time, and a dentist."""
    return export(
        event("chat@x", CHAT),
        event("day@x", "SUMMARY:Vorstellungsgespräch Lindner GmbH", "20261204"),
        event("dentist@x", "SUMMARY:Dentist"),
    )


def uids(life: Life, *args: object) -> list[str]:
    document = life(NOW, "find", *args, "--json").json
    return [suggestion["uid"] for suggestion in document["suggestions"]]


def test_suggestions_have_reasons_and_store_nothing(life: Life, exported: Path) -> None:
    document = life(NOW, "find", exported, "--json").json
    chat, day = document["suggestions"]
    assert (chat["uid"], chat["company"], chat["role"]) == ("chat@x", "Fynbos", "Content Designer")
    assert (chat["start"], chat["application"]) == ("2026-12-02T11:00:00+02:00", None)
    assert chat["confidence"] > day["confidence"] > 0.5
    assert 'the text says "your application"' in chat["reasons"]
    assert (day["day"], day["start"]) == ("2026-12-04", None)
    assert (document["from"], document["until"]) == ("2026-11-03", "2027-02-22")
    assert document["added"] == []
    assert life.files() == {}


def test_text_without_a_terminal_stores_nothing(life: Life, exported: Path) -> None:
    result = life(NOW, "find", exported)
    assert "Sam / Lerato: intro chat" in result.text
    assert "- lerato@fynbos.example invites you, from another company" in result.text
    assert "Nothing was stored." in result.text
    assert "Dentist" not in result.text
    assert life.files() == {}


def test_nothing_to_suggest(life: Life, export: Export) -> None:
    path = export(event("a", "SUMMARY:Dentist"), event("b", "SUMMARY:Lunch", rrule="FREQ=DAILY"))
    assert life(NOW, "find", path).text.startswith("No event looks like a new interview")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("SUMMARY:Job interview", "20270601T090000Z"),
        ("SUMMARY:Job interview", "20260901T090000Z"),
        ("SUMMARY:Job interview\nSTATUS:CANCELLED", "20261202T090000Z"),
        ("SUMMARY:Canceled: Job interview", "20261202T090000Z"),
        ("SUMMARY:Job interview\nRRULE:FREQ=WEEKLY", "20261202T090000Z"),
        ("DESCRIPTION:no title", "20261202T090000Z"),
        ("SUMMARY:Job interview", "yesterday"),
    ],
    ids=["later", "past", "cancelled", "cancelled in the title", "weekly", "untitled", "no date"],
)
def test_events_that_are_no_suggestion(life: Life, export: Export, text: str, start: str) -> None:
    assert uids(life, export(event("x", text, start))) == []


def test_days_count_back_and_ahead(life: Life, export: Export) -> None:
    path = export(
        event("back", "SUMMARY:Job interview", "20260901T090000Z"),
        event("soon", "SUMMARY:Job interview", "20261125T090000Z"),
        event("ahead", "SUMMARY:Job interview", "20270601T090000Z"),
    )
    assert uids(life, path) == ["soon"]
    assert uids(life, path, "--days", "400") == ["back", "soon", "ahead"]
    assert uids(life, path, "--days", "0") == []


def test_an_event_is_added_by_its_uid(life: Life, exported: Path) -> None:
    document = life(NOW, "find", exported, "--add", "chat@x", "--json").json
    (added,) = document["added"]
    assert (added["action"], added["application"]) == ("added", "fynbos-content-designer")
    assert 'invitation = "chat@x"' in life.files()["fynbos-content-designer.toml"].decode()
    assert uids(life, exported) == ["day@x"]


def test_an_event_without_a_time_is_added_with_it(life: Life, exported: Path) -> None:
    at = ("--company", "Lindner GmbH", "--role", "Buyer")
    refusal = life.refused(NOW, "find", exported, "--add", "day@x", *at, code=65)
    assert '--at "2026-12-04 14:00"' in refusal
    life(NOW, "find", exported, "--add", "day@x", *at, "--at", "2026-12-04 14:00")
    assert "2026-12-04T14:00:00" in life.files()["lindner-gmbh-buyer.toml"].decode()
    assert uids(life, exported) == ["chat@x"]


def test_a_refused_event_is_not_suggested_again(life: Life, exported: Path) -> None:
    life(NOW, "find", exported, "--refuse", "chat@x")
    document = life(NOW, "find", exported, "--json").json
    assert [each["uid"] for each in document["suggestions"]] == ["day@x"]
    assert document["refused"] == 1
    assert uids(life, exported, "--all") == ["chat@x", "day@x"]
    life(NOW, "find", exported, "--all", "--add", "chat@x")
    assert life.files().keys() == {"fynbos-content-designer.toml"}


def test_a_dry_run_saves_nothing(life: Life, exported: Path) -> None:
    life(NOW, "find", exported, "--add", "chat@x", "--refuse", "day@x", "--dry-run")
    assert life.files() == {}
    assert uids(life, exported) == ["chat@x", "day@x"]


def test_an_unknown_uid_is_refused(life: Life, exported: Path) -> None:
    assert "no suggestion has the UID 'x'" in life.refused(NOW, "find", exported, "--add", "x")


def test_a_typed_interview_is_not_suggested_again(life: Life, export: Export) -> None:
    life.held()
    same = "SUMMARY:Karoo Analytics interview\nORGANIZER:mailto:thandi@karoo.example"
    path = export(event("x", same, "20261124T120000Z"), event("y", same, "20261130T120000Z"))
    document = life(NOW, "find", path, "--json").json
    (other,) = document["suggestions"]
    assert (other["uid"], other["application"]) == ("y", "karoo-marketing-manager")
    assert any("the company of karoo-marketing-manager" in reason for reason in other["reasons"])


def test_our_own_events_are_no_suggestions(life: Life, tmp_path: Path) -> None:
    life.held()
    life(NOW, "export", "-o", tmp_path / "own.ics")
    assert uids(life, tmp_path / "own.ics") == []
    copied = (tmp_path / "own.ics").read_bytes().replace(b"PRODID:-//afterword", b"PRODID:-//X")
    (tmp_path / "own.ics").write_bytes(copied)
    assert uids(life, tmp_path / "own.ics", "--days", "400") == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "no calendar is chosen yet"),
        (("missing.ics",), "missing.ics"),
        (("--days", "-1", "x.ics"), "--days"),
        (("--calendar", "Personal", "x.ics"), "--calendar names a calendar on a server"),
    ],
)
def test_mistakes_are_named(life: Life, args: tuple[str, ...], message: str) -> None:
    result = life.run("find", *args, *life.flags(NOW))
    assert result.code in {2, 65}
    assert message in result.stderr


def test_unreadable_files_are_named(life: Life, tmp_path: Path) -> None:
    folder = tmp_path / "personal"
    folder.mkdir()
    (folder / "broken.ics").write_bytes(b"nothing")
    (folder / "chat.ics").write_bytes(calendar(event("chat@x", CHAT)))
    document = life(NOW, "find", folder, "--json").json
    assert [each["uid"] for each in document["suggestions"]] == ["chat@x"]
    assert ["broken.ics" in message for message in document["unreadable"]] == [True]


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Return a folder of calendars, as khal and vdirsyncer have them."""
    calendars = tmp_path / "calendars"
    for name, uid in (("job", "job@x"), ("personal", "personal@x"), ("work", "work@x")):
        (calendars / name).mkdir(parents=True)
        (calendars / name / "a.ics").write_bytes(calendar(event(uid, CHAT)))
    return calendars


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ["job@x", "personal@x", "work@x"]),
        (["personal"], ["personal@x"]),
        (["work", "personal"], ["personal@x", "work@x"]),
        (["work personal"], ["personal@x", "work@x"]),
    ],
    ids=["all", "one", "two", "two after one option"],
)
def test_the_folders_beside_the_chosen_folder_are_read(
    life: Life, folders: Path, names: list[str], expected: list[str]
) -> None:
    before = {path: path.read_bytes() for path in folders.rglob("*.ics")}
    flags = [flag for name in names for flag in ("--calendar", *name.split())]
    assert uids(life, "--folder", folders / "job", *flags) == expected
    assert {path: path.read_bytes() for path in folders.rglob("*") if path.is_file()} == before


def test_a_folder_of_no_such_name(life: Life, folders: Path) -> None:
    result = life.refused(NOW, "find", "--folder", folders / "job", "--calendar", "school")
    assert "no calendar is called 'school'" in result
    assert f"personal: {folders / 'personal'}" in result


@pytest.mark.usefixtures("is_set_up")
def test_one_key_answers_a_suggestion(life: Life, export: Export) -> None:
    path = export(
        event("chat@x", CHAT),
        event("no@x", "SUMMARY:Interview with a friend", "20261203T090000Z"),
        event("later@x", "SUMMARY:Job interview", "20261204T090000Z"),
        event("quit@x", "SUMMARY:Phone screen", "20261205T090000Z"),
    )
    with typing("find", path, *life.flags(NOW)) as typist:
        typist.sees("1 of 4: Sam / Lerato: intro chat")
        typist.sees("[q]uit: ")
        typist.presses("x")
        typist.sees("[q]uit: ")
        typist.presses("a")
        typist.answers("Company", "")
        typist.answers("Role", "")
        typist.sees("added: Fynbos, Content Designer")
        typist.sees("[q]uit: ")
        typist.presses("n")
        typist.sees("3 of 4: Job interview")
        typist.sees("[q]uit: ")
        typist.presses("l")
        typist.sees("4 of 4: Phone screen")
        typist.sees("[q]uit: ")
        typist.presses("q")
        typist.leaves()
    assert life.files().keys() == {"fynbos-content-designer.toml"}
    assert uids(life, path) == ["later@x", "quit@x"]


@pytest.mark.usefixtures("is_set_up")
def test_an_added_interview_to_come_offers_the_reminders_at_the_end(
    life: Life, export: Export
) -> None:
    settings = find_locations().settings
    settings.write_text('language = "en"\n')
    path = export(event("chat@x", CHAT), event("later@x", "SUMMARY:Job interview"))
    with typing("find", path, *life.flags(NOW)) as typist:
        typist.sees("[q]uit: ")
        typist.presses("a")
        typist.answers("Company", "")
        typist.answers("Role", "")
        typist.sees("[q]uit: ")
        typist.presses("l")
        typist.answers("to take notes? [y/N]: ", "y")
        typist.leaves()
    assert 'reminders = ["before", "after"]' in settings.read_text()


@pytest.mark.usefixtures("is_set_up")
def test_ctrl_c_leaves_the_rest_for_later(life: Life, exported: Path) -> None:
    with typing("find", exported, *life.flags(NOW)) as typist:
        typist.sees("[q]uit: ")
        typist.presses("n")
        typist.sees("2 of 2")
        typist.sees("[q]uit: ")
        typist.presses(CTRL_C)
        typist.leaves(130)
    assert uids(life, exported) == ["day@x"]
