"""`sync` with `calendar.watch`: moves, cancellations and busy times of the user's own calendars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.settings.paths import find_locations
from tests.cli.doctoring import Doctor
from tests.cli.life import Life
from tests.cli.test_find import CHAT, calendar, event

NOW = "2026-11-24 18:00"
LATER = "2026-11-25 09:00"
ADDED = "fynbos-content-designer"
START = "20261202T090000Z"
MOVED = "20261203T100000Z"


@attrs.define
class Watched:
    """Somebody whose job calendar is a folder beside their own, and the command lines for both."""

    life: Life
    job: Path
    own: Path

    def sync(self, now: str = NOW, *flags: object) -> Any:
        return self.life(now, "sync", *flags, "--json").json

    def put(self, uid: str, text: str, start: str = START, **values: str) -> None:
        (self.own / f"{uid}.ics").write_bytes(calendar(event(uid, text, start, **values)))

    def description(self, uid: str) -> str:
        text = (self.job / f"{uid}.ics").read_bytes().replace(b"\r\n ", b"").decode()
        return text.partition("DESCRIPTION:")[2].partition("\r\n")[0].replace("\\n", "\n")

    def step(self, name: str, interview: str) -> dict[str, Any]:
        return self.life.plan(NOW)[f"{interview} {name} 0"]


@pytest.fixture
def watched(life: Life, tmp_path: Path) -> Watched:
    person = Watched(life, tmp_path / "calendars" / "job", tmp_path / "calendars" / "own")
    person.job.mkdir(parents=True)
    person.own.mkdir()
    settings = find_locations(life.data).settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    text = f'[calendar]\nfolder = "{person.job}"\nwatch = ["own"]\n'
    settings.write_text(f'zone = "Africa/Johannesburg"\n{text}', "utf-8")
    return person


@pytest.fixture
def added(watched: Watched) -> Watched:
    """Return somebody who added an interview from their own calendar, and synced."""
    watched.put("chat", CHAT)
    watched.life(NOW, "find", "--add", "chat")
    assert watched.sync()["watched"] == []
    return watched


def interview(watched: Watched) -> str:
    return watched.life.files()[f"{ADDED}.toml"].decode()


@pytest.mark.parametrize(
    "values",
    [{"sequence": "1"}, {"last-modified": "20261124T150000Z"}, {}],
    ids=["a higher number", "a later date", "no sign but the time"],
)
def test_a_moved_event_moves_the_interview(added: Watched, values: dict[str, str]) -> None:
    added.put("chat", CHAT, MOVED, **values)
    (moved,) = added.sync()["watched"]
    assert (moved["action"], moved["application"]) == ("moved", ADDED)
    assert "2026-12-03T12:00:00" in interview(added)
    assert added.sync()["watched"] == []
    assert (added.own / "chat.ics").read_bytes() == calendar(event("chat", CHAT, MOVED, **values))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"{CHAT}\nSTATUS:CANCELLED", {"sequence": "1"}),
        (f"{CHAT}\nSTATUS:CANCELLED", {}),
        (CHAT.replace("SUMMARY:", "SUMMARY:Canceled: "), {}),
    ],
    ids=["with a higher number", "by status", "by title"],
)
def test_a_cancelled_event_cancels_the_interview(
    added: Watched, text: str, values: dict[str, str]
) -> None:
    added.put("chat", text, **values)
    (cancelled,) = added.sync()["watched"]
    assert cancelled["action"] == "cancelled"
    assert 'status = "cancelled"' in interview(added)
    assert added.sync()["watched"] == []


def test_a_move_by_the_user_stays_while_the_event_does(added: Watched) -> None:
    added.life(NOW, "move", ADDED, "interview", "--to", "2026-12-04 10:00")
    assert added.sync()["watched"] == []
    assert "2026-12-04T10:00:00" in interview(added)


def test_an_undone_move_stays_undone(added: Watched) -> None:
    added.put("chat", CHAT, MOVED)
    added.sync()
    added.life(NOW, "undo", ADDED)
    assert added.sync()["watched"] == []
    assert "2026-12-02T11:00:00" in interview(added)


def test_a_deleted_event_is_pointed_out_once(added: Watched) -> None:
    (added.own / "chat.ics").unlink()
    message = added.life(NOW, "sync").stderr
    assert "is not in your calendar any more. If it was cancelled: afterword cancel" in (
        " ".join(message.split())
    )
    assert "not in your calendar" not in added.life(NOW, "sync").stderr
    assert "cancelled" not in interview(added)


def test_an_old_copy_in_another_calendar_changes_nothing(added: Watched, tmp_path: Path) -> None:
    other = tmp_path / "calendars" / "archive"
    other.mkdir()
    (other / "chat.ics").write_bytes((added.own / "chat.ics").read_bytes())
    added.life(NOW, "settings", "set", "calendar.watch", "archive", "own")
    added.put("chat", CHAT, MOVED, sequence="1")
    assert [each["action"] for each in added.sync()["watched"]] == ["moved"]
    for _ in range(2):
        assert added.sync()["watched"] == []
    assert "2026-12-03T12:00:00" in interview(added)


def test_an_imported_interview_is_followed_too(watched: Watched, tmp_path: Path) -> None:
    watched.put("chat", CHAT)
    invitation = tmp_path / "invite.ics"
    invitation.write_bytes(calendar(event("chat", CHAT)))
    watched.life(NOW, "import", invitation)
    watched.put("chat", CHAT, MOVED, sequence="2")
    assert [each["action"] for each in watched.sync()["watched"]] == ["moved"]


def test_a_dry_run_moves_nothing(added: Watched) -> None:
    added.put("chat", CHAT, MOVED, sequence="1")
    before = added.life.files()
    assert "would be moved: Fynbos" in added.life(NOW, "sync", "--dry-run").text
    assert added.life.files() == before
    assert [each["action"] for each in added.sync()["watched"]] == ["moved"]


def test_suggestions_are_counted_and_not_stored(watched: Watched) -> None:
    watched.put("chat", CHAT)
    before = watched.life.files()
    assert watched.sync()["suggestions"] == 1
    message = " ".join(watched.life(NOW, "sync").stderr.split())
    assert "1 event in your calendars looks like a job interview" in message
    assert "job interview" not in watched.life(NOW, "sync", "--quiet").stderr
    watched.life(NOW, "find", "--refuse", "chat")
    assert watched.sync()["suggestions"] == 0
    assert watched.life.files() == before


def test_a_reminder_says_that_the_day_is_full(watched: Watched) -> None:
    watched.life.held()
    watched.sync()
    step = watched.step("first-follow-up", "r1")
    uid, send_at = step["uids"]["act"], step["send_at"]
    assert send_at == "2026-11-30T09:00:00+02:00"
    assert "busy" not in watched.description(uid)

    watched.put("team", "SUMMARY:Team meeting", "20261102T063000Z", rrule="FREQ=WEEKLY",
                dtend="20261102T080000Z")  # fmt: skip
    assert watched.sync()["updated"] > 0
    text = watched.description(uid)
    assert "Your calendar is busy then (08:30 to 10:00)\\; before or after is fine too." in text
    assert watched.step("first-follow-up", "r1") == step
    for now in (NOW, LATER, "2026-11-30 12:00", "2026-12-02 12:00"):
        assert watched.sync(now)["updated"] == 0

    (watched.own / "team.ics").unlink()
    assert watched.sync(LATER)["updated"] > 0
    assert "busy" not in watched.description(uid)


@pytest.mark.parametrize(
    "values",
    [
        {"dtend": "20261130T070000Z"},
        {"dtend": "20261130T090000Z", "transp": "TRANSPARENT"},
        {"dtend": "20261130T090000Z", "status": "CANCELLED"},
        {"dtend": "20261130T090000Z", "rrule": "FREQ=DAILY", "exdate": "20261130T063000Z"},
        {"dtend": "20261130T090000Z", "rrule": "FREQ=SECONDLY;UNTIL=20261129T000000Z"},
    ],
    ids=["ends at the time", "free", "cancelled", "without that date", "a rule that costs much"],
)
def test_events_that_leave_the_time_free(watched: Watched, values: dict[str, str]) -> None:
    start = "20261102T063000Z" if "rrule" in values else "20261130T063000Z"
    if "rrule" in values:
        values = values | {"dtend": "20261102T080000Z"}
    watched.life.held()
    watched.put("x", "SUMMARY:Something", start, **values)
    watched.sync()
    assert "busy" not in watched.description(watched.step("first-follow-up", "r1")["uids"]["act"])


def test_a_calendar_that_cannot_be_read_stops_nothing(added: Watched) -> None:
    added.life.held()
    added.put("team", "SUMMARY:x", "20261130T063000Z", dtend="20261130T080000Z")
    added.sync()
    uid = added.step("first-follow-up", "r1")["uids"]["act"]
    assert "busy" in added.description(uid)
    added.own.rename(added.own.with_name("elsewhere"))
    document = added.sync()
    assert document["not_watched"] == ["no calendar is called 'own'"]
    assert (document["updated"], document["watched"]) == (0, [])
    assert "busy" in added.description(uid)


def test_without_watch_nothing_is_read(added: Watched) -> None:
    added.put("chat", CHAT, MOVED, sequence="1")
    added.life(NOW, "settings", "unset", "calendar.watch")
    document = added.sync()
    assert "watched" not in document
    assert "2026-12-02T11:00:00" in interview(added)


def test_the_doctor_checks_what_is_watched(doctor: Doctor, tmp_path: Path) -> None:
    for name in ("job", "own"):
        (tmp_path / "calendars" / name).mkdir(parents=True)
        (tmp_path / "calendars" / name / "a.ics").write_bytes(calendar(event("chat", CHAT)))
    job = tmp_path / "calendars" / "job"
    settings = tmp_path / "settings.toml"
    text = f'[calendar]\nfolder = "{job}"\nwatch = ["own"]\n'
    settings.write_text(f'zone = "Africa/Johannesburg"\n{text}', "utf-8")
    verdict, message, _ = doctor("--dry-run")["watch"]
    assert (verdict, message) == ("ok", "each sync reads own (1 event) and writes nothing there")
    (tmp_path / "calendars" / "own").rename(tmp_path / "calendars" / "elsewhere")
    verdict, message, steps = doctor("--dry-run", code=3)["watch"]
    assert "no calendar is called 'own'" in message
    assert "afterword settings edit" in steps


@pytest.mark.parametrize(
    ("value", "message"),
    [('"Personal"', "calendar.watch"), ('[""]', "is empty"), ('["ftp://x/"]', "is no address")],
)
def test_wrong_settings_are_named(watched: Watched, value: str, message: str) -> None:
    path = find_locations(watched.life.data).settings
    path.write_text(path.read_text("utf-8").replace('["own"]', value), "utf-8")
    assert message in watched.life(NOW, "sync", code=2).stderr
