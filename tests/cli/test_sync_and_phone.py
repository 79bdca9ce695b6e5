"""`sync`: the whole program against a server on loopback, and a phone that writes to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
import tomli

from tests.running import Result, Run
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, serving

EVENING = "2026-11-24T15:30:00+02:00"


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


class Person:
    """Somebody with one application, a laptop and a phone."""

    def __init__(self, run: Run, folder: Path, remote: DavServer) -> None:
        self.run = run
        self.remote = remote
        self.data = folder / "data"
        self.secret = folder / "password"
        self.secret.write_text(f"{PASSWORD}\n", "utf-8")
        self.secret.chmod(0o600)
        thandi = ("--with", "Thandi Nkosi <thandi@karoo.example>")
        self("add", "Karoo Analytics", "Designer", "--at", "2026-11-24 14:00", *thandi)

    def __call__(self, *arguments: object, now: str = EVENING) -> Result:
        fixed = ("--now", now, "--zone", "Africa/Johannesburg", "--data", self.data)
        return self.run(*arguments, *fixed)

    def sync(self, *options: str, now: str = EVENING) -> Result:
        url = self.remote.url.rstrip("/").removesuffix(CALENDAR.rstrip("/")) + CALENDAR
        login = ("--user", USER, "--password-file", self.secret)
        return self("sync", "--calendar-url", url, *login, *options, now=now)

    def log(self) -> list[dict[str, Any]]:
        (path,) = self.data.glob("karoo*.toml")
        entries: list[dict[str, Any]] = tomli.loads(path.read_text("utf-8")).get("log", [])
        return entries

    def titles(self) -> list[str]:
        return sorted(self._title(body) for body in self.remote.model.bodies())

    def on_the_phone(self, title: str, **changes: str) -> None:
        """Change lines of the event with that title, or remove it."""
        for name, (body, _) in list(self.remote.model.objects.items()):
            if title in self._title(body):
                if not changes:
                    self.remote.model.remove(name)
                    return
                text = body.decode().replace("\r\n ", "")
                for key, value in changes.items():
                    line = rf"^{key.replace('_', '-')}[:;].*?\r$"
                    text = re.sub(
                        line, f"{key.replace('_', '-')}:{value}\r", text, flags=re.MULTILINE
                    )
                self.remote.model.store(name, text.encode())
                return
        raise AssertionError(title)

    @staticmethod
    def _title(body: bytes) -> str:
        return str(icalendar.Calendar.from_ical(body).events[0]["SUMMARY"])


@pytest.fixture
def sam(run: Run, tmp_path: Path, remote: DavServer) -> Person:
    return Person(run, tmp_path, remote)


def test_the_plan_comes_to_the_phone_and_a_second_run_is_one_request(sam: Person) -> None:
    first = sam.sync("--json").json
    second = sam.sync("--json").json

    assert (first["created"], first["failed"]) == (7, [])
    assert len(sam.titles()) == 7
    assert (second["created"], second["updated"], second["requests"]) == (0, 0, 1)


def test_the_document_has_its_keys(sam: Person) -> None:
    keys = {"version", "calendar", "created", "updated", "deleted", "kept", "tombstones", "failed"}

    assert keys | {"requests"} <= sam.sync("--json").json.keys()


def test_for_people_it_is_a_line(sam: Person) -> None:
    assert sam.sync("--check").text == "7 to write.\n"
    assert sam.sync().text == "7 written.\n"
    assert sam.sync().text.startswith("Nothing to do")
    assert sam.sync("--quiet").text == ""


@pytest.mark.parametrize("flag", ["--dry-run", "--check"])
def test_a_dry_run_sends_no_write_and_logs_nothing(sam: Person, flag: str) -> None:
    sam.sync()
    sam.on_the_phone("thank Thandi", SUMMARY="Sent")
    sam.remote.log.clear()

    sam.sync(flag)

    assert {"PUT", "DELETE", "MKCALENDAR"}.isdisjoint(sam.remote.methods())
    assert sam.log() == []


def test_a_title_on_the_phone_logs_and_the_plan_follows_in_the_same_run(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("thank Thandi", SUMMARY="Sent", LAST_MODIFIED="20261124T153000Z")

    result = sam.sync(now="2026-11-24T20:00:00+02:00")

    (entry,) = sam.log()
    assert entry["sent"] == "thank-you"
    assert entry["at"].isoformat() == "2026-11-24T17:30:00+02:00"
    assert "you wrote 'Sent'" in result.stderr
    assert "afterword undo" in result.stderr
    assert "Karoo Analytics: thanked Thandi Nkosi" in sam.titles()
    assert not [title for title in sam.titles() if "due by" in title]


def test_undo_takes_back_what_was_read_from_the_phone(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("follow up with", SUMMARY="Answered")
    sam.sync(now="2026-11-30T20:00:00+02:00")
    assert sam.log()[0]["heard"] == "neutral"

    sam("undo", "karoo", now="2026-11-30T20:01:00+02:00")

    assert sam.log() == []


def test_a_dragged_event_moves_its_step(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("follow up with", DTSTART="20261201T080000Z", DTEND="20261201T081500Z")

    sam.sync(now="2026-11-25T10:00:00+02:00")

    (entry,) = sam.log()
    assert (entry["moved"], entry["to"].isoformat()) == (
        "first-follow-up",
        "2026-12-01T10:00:00+02:00",
    )


def test_a_removed_event_stays_away_and_can_be_restored(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("second follow-up, if")

    sam.sync(now="2026-11-25T10:00:00+02:00")
    assert sam.log()[0]["deleted"] == "second-follow-up"
    sam.sync(now="2026-11-25T10:05:00+02:00")
    assert not [title for title in sam.titles() if "second follow-up" in title]

    sam("restore", "karoo", "second-follow-up", now="2026-11-25T10:06:00+02:00")
    sam.sync(now="2026-11-25T10:07:00+02:00")
    assert len([title for title in sam.titles() if "second follow-up" in title]) == 2


def test_an_edited_title_is_kept_even_without_machine_state(sam: Person, home: Path) -> None:
    sam.sync()
    sam.on_the_phone("time to let it rest", SUMMARY="Breathe")

    kept = sam.sync("--json", now="2026-11-25T10:00:00+02:00").json["kept"]
    assert [one["fields"] for one in kept] == [["summary"]]

    for state in home.rglob("state.sqlite*"):
        state.unlink()
    sam.sync(now="2026-11-25T10:05:00+02:00")
    assert "Breathe" in sam.titles()


def test_the_plan_s_own_text_comes_back_where_asked(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("time to let it rest", SUMMARY="Breathe")
    sam.sync(now="2026-11-25T10:00:00+02:00")

    sam.sync("--take-ours", "karoo", now="2026-11-25T10:05:00+02:00")

    assert "Breathe" not in sam.titles()
    assert "Karoo Analytics: time to let it rest" in sam.titles()
    assert sam.sync(now="2026-11-25T10:06:00+02:00").text.startswith("Nothing to do")


def test_an_answer_takes_the_rest_away_and_brings_the_reply(sam: Person) -> None:
    sam.sync()
    sam("heard", "karoo", "rejected", now="2026-11-25T10:00:00+02:00")

    sam.sync(now="2026-11-25T10:01:00+02:00")

    # What has passed stays, as the moment of the thanks does.
    assert not [title for title in sam.titles() if "follow" in title or "due by Wed 15" in title]
    assert [title for title in sam.titles() if "reply to Thandi" in title]


def test_all_of_ours_gone_is_a_question(sam: Person) -> None:
    sam.sync()
    sam.remote.model.objects.clear()

    result = sam.sync(now="2026-11-25T10:00:00+02:00")

    assert result.code == 4
    assert "--allow-mass-delete" in result.stderr
    assert sam.log() == []


def test_a_wrong_password_is_tried_once(sam: Person) -> None:
    sam.secret.write_text("wrong\n", "utf-8")

    result = sam.sync()

    assert result.code == 5
    assert len(sam.remote.log) == 1
    assert "wrong" not in result.stderr


def test_offline_the_plan_is_kept_and_the_next_run_catches_up(sam: Person) -> None:
    url, sam.remote.url = sam.remote.url, "http://127.0.0.1:9/"
    assert sam.sync().code == 75

    sam.remote.url = url
    assert sam.sync().text == "7 written.\n"


def test_without_a_calendar_it_says_how_to_choose_one(sam: Person) -> None:
    result = sam("sync")

    assert result.code == 2
    assert "afterword calendars" in result.stderr


def test_each_thing_done_on_the_phone_is_taken_back_by_itself(sam: Person) -> None:
    sam.sync()
    sam.on_the_phone("thank Thandi", SUMMARY="Sent")
    sam.on_the_phone("second follow-up, if")
    sam.sync(now="2026-11-24T20:00:00+02:00")
    assert len(sam.log()) == 2

    sam("undo", "karoo", now="2026-11-24T20:01:00+02:00")

    assert len(sam.log()) == 1
