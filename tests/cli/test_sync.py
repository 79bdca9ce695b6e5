"""`afterword sync` as a command: what comes to the calendar, what is said, how it ends."""

from __future__ import annotations

import base64
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from afterword.errors import ExitCode
from tests.cli.synced import DURING, NEXT_DAY, Synced
from tests.running import Run
from tests.sync.http import CALENDAR, HOME, PASSWORD, USER, DavServer, Reply, serving

NOTHING = "Your calendar is up to date.\n"
# A shell takes the interrupt from what it runs behind the scenes, all tests of it included.
HEARS_AN_INTERRUPT = """
import signal, sys
from afterword.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""


def test_the_plan_comes_to_the_calendar_and_stays(synced: Synced) -> None:
    first = synced.json(DURING)
    planned = synced.life.plan(DURING)
    uids = {uid for step in planned.values() for uid in step["uids"].values()}
    assert {name.removesuffix(".ics") for name in synced.remote.model.objects} == uids
    assert first == {
        "version": 1,
        "calendar": synced.remote.url + CALENDAR,
        "dry_run": False,
        "created": len(uids),
        "updated": 0,
        "deleted": 0,
        "kept": [],
        "heard": [],
        "tombstones": [],
        "failed": [],
        "damaged": [],
        "refused": [],
        "protected": [],
        "shifted_alarms": [],
        "orphans": [],
        "requests": 1 + len(uids),
        "stopped": None,
    }
    again = synced.json(DURING)
    assert (again["created"], again["requests"]) == (0, 1)
    assert synced.remote.methods() == ["REPORT"]


def test_the_client_of_a_coach_comes_first(synced: Synced) -> None:
    (path,) = synced.life.data.glob("karoo*.toml")
    path.write_text(path.read_text("utf-8") + '\n[applicant]\nname = "Mia Berg"\n', "utf-8")

    planned = synced(DURING, "--dry-run").text.splitlines()[:-1]

    assert planned
    assert all(line.startswith("+ Mia Berg: ") for line in planned)
    synced(DURING)
    synced.edit("thank-you", SUMMARY="Skip this")
    assert "Mia Berg: Karoo: thank-you: you wrote 'Skip this'" in synced(NEXT_DAY).stderr


def test_for_people_it_is_a_line(synced: Synced) -> None:
    assert synced(DURING, "--check").text == "7 to write.\n"
    assert synced(DURING).text == "7 written.\n"
    assert synced(DURING).text == NOTHING


def test_another_calendar_is_pointed_out_once(synced: Synced) -> None:
    assert "earlier sync" not in synced(DURING).stderr
    first = synced.remote.url + CALENDAR
    with serving(DavServer()) as synced.remote:
        assert f"wrote its events to {first}; delete them there" in synced(DURING).stderr
        synced.life(DURING, "away", "karoo", "--until", "2026-12-09")
        assert "earlier sync" not in synced(DURING).stderr


def test_week_after_week_nothing_moves_by_itself(synced: Synced) -> None:
    synced(DURING)
    day = dt.datetime.fromisoformat(DURING)
    for week in range(1, 5):
        done = synced.json((day + week * dt.timedelta(days=7)).isoformat(sep=" "))
        assert (done["created"], done["updated"], done["deleted"]) == (0, 0, 0)


def test_a_text_that_changes_is_updated_in_place(synced: Synced) -> None:
    synced(DURING)
    before = {name: data for name, (data, *_) in synced.remote.model.objects.items()}
    synced.life(DURING, "settings", "set", "books", "The Art of Asking (Ada Otter)")
    done = synced.json(DURING)
    after = {name: data for name, (data, *_) in synced.remote.model.objects.items()}
    assert (done["created"], done["updated"], done["deleted"]) == (0, 1, 0)
    (changed,) = (name for name in before if after[name] != before[name])
    assert after.keys() == before.keys()
    assert changed == synced.named("move-on")
    assert b"Ada Otter" in after[changed]
    assert [b"SEQUENCE:1" in data[changed] for data in (before, after)] == [False, True]


def test_an_answer_clears_the_phone_and_brings_the_reply(synced: Synced) -> None:
    synced(DURING)
    synced.life(NEXT_DAY, "heard", "karoo", "rejected")
    done = synced.json(NEXT_DAY)
    assert done["deleted"] > 0
    # What has passed stays, as the moment of the thanks does.
    assert not any("follow" in title or "due by Wed 15" in title for title in synced.titles())
    assert any("Reply to Karoo" in title for title in synced.titles())


@pytest.mark.parametrize(
    ("has_bin", "days"), [(False, (25, 27)), (True, (25,))], ids=["", "from a server with a bin"]
)
@pytest.mark.parametrize(
    "commands",
    [
        [("close", "karoo"), ("reopen", "karoo")],
        [("skip", "karoo", "first"), ("restore", "karoo", "first")],
        [("sent", "karoo", "thank-you"), ("undo", "karoo")],
        [("heard", "karoo", "neutral"), ("undo", "karoo")],
    ],
    ids=lambda commands: "-".join(command[0] for command in commands),
)
def test_what_is_wanted_again_comes_again_and_again(
    synced: Synced, commands: list[tuple[str, ...]], has_bin: bool, days: tuple[int, ...]
) -> None:
    synced.remote.model.has_bin = has_bin
    synced("2026-11-24 16:30")
    before = synced.seen()
    for day in days:
        for hour, command in enumerate(commands, start=10):
            synced.life(f"2026-11-{day} {hour}:00", *command)
            synced(f"2026-11-{day} {hour}:30")
            assert (synced.seen() == before) == (hour == 11)
        assert synced.json(f"2026-11-{day} 12:00")["requests"] == 1


class TestRehearsal:
    @pytest.mark.parametrize("flag", ["--dry-run", "--check"])
    def test_it_writes_nothing_anywhere(self, synced: Synced, flag: str) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Sent")
        before = synced.life.files(), dict(synced.remote.model.objects)
        assert synced.json(DURING, flag)["heard"]
        assert set(synced.remote.methods()) == {"REPORT"}
        assert (synced.life.files(), synced.remote.model.objects) == before

    def test_it_tells_what_would_be_written(self, synced: Synced) -> None:
        plan = synced.json(DURING, "--dry-run")
        assert (plan["dry_run"], plan["created"] > 0) == (True, True)
        assert "+ Thank Karoo" in synced(DURING, "--dry-run").text
        assert synced.remote.model.objects == {}

    def test_it_names_what_would_go(self, synced: Synced) -> None:
        synced(DURING)
        synced.life(DURING, "skip", "karoo", "move-on")
        told = synced(DURING, "--dry-run").text
        assert "- Move on from Karoo?" in told
        assert told.endswith("1 to remove.\n")
        assert synced(DURING).text == "1 removed.\n"

    @pytest.mark.parametrize("flags", [(), ("--dry-run",), ("--check",)], ids=str)
    def test_a_place_that_is_no_calendar_is_told_by_a_look(
        self, synced: Synced, flags: tuple[str, ...]
    ) -> None:
        at = ("--calendar-url", synced.remote.url + HOME)
        told = synced(DURING, *at, *flags, code=ExitCode.REFUSED).stderr
        assert "is no calendar, though calendars may be in it; `afterword calendars`" in told
        assert synced.remote.model.objects == {}


class TestProgress:
    @pytest.mark.parametrize(("terminal", "shown"), [("xterm", True), ("dumb", False)])
    def test_it_is_shown_where_a_line_can_be_overwritten(
        self, synced: Synced, terminal: str, shown: bool
    ) -> None:
        synced.life(DURING, "add", "Azulejo", "Engineer", "--at", "2026-11-27 10:00")
        command = (*synced.command(), *synced.life.flags(DURING))
        told = synced.life.run(*command, tty=True, env={"TERM": terminal}).stderr
        assert ("writing: 14 of 14" in told) == shown
        assert ("\x1b" in told) == shown


class TestQuiet:
    def test_a_timer_hears_nothing_when_all_is_well(self, synced: Synced) -> None:
        for _ in range(2):
            result = synced(DURING, "--quiet")
            assert (result.text, result.stderr) == ("", "")

    def test_nor_of_what_was_done_on_the_phone(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Sent")
        synced.drag("first-follow-up", days=1)
        synced.edit("move-on", description="My own")
        synced.delete("second-follow-up")
        result = synced(DURING, "--quiet")
        assert (result.text, result.stderr) == ("", "")
        assert len(synced.log()) == 4

    def test_but_of_a_move_that_leaves_the_window(self, synced: Synced) -> None:
        synced(DURING)
        synced.drag("first-follow-up", days=-3)
        told = synced(DURING, "--quiet").stderr
        assert "you moved the event to 2026-11-27 09:00" in told
        assert "that is before its window opens" in told

    def test_and_of_a_text_that_both_have_changed(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Mine")
        synced.life(DURING, "move", "karoo", "interview", "--to", "2026-11-25 11:00")
        told = synced(DURING, "--quiet").stderr
        assert "the title stays 'Mine'; the plan says 'Thank Karoo (Thandi Nkosi) by Thu" in told
        assert "afterword sync --use-plan karoo" in told

    def test_and_of_what_failed(self, synced: Synced) -> None:
        synced.remote.twist = lambda request: Reply(413) if request.method == "PUT" else None
        result = synced(DURING, "--quiet", code=ExitCode.TRY_LATER)
        assert "too large" in result.stderr


class TestHowItEnds:
    def test_an_interrupt_is_heard_at_once(self, synced: Synced) -> None:
        """A server that never answers holds nobody: the end comes long before its time limit."""
        silent = threading.Event()
        asked = threading.Event()

        def twist(_: object) -> Reply:
            asked.set()
            silent.wait(60)
            return Reply(500)

        synced.remote.twist = twist
        command = [sys.executable, "-c", HEARS_AN_INTERRUPT, *synced.command()]
        command += synced.life.flags(DURING)
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as process:
            try:
                assert asked.wait(30)
                process.send_signal(signal.SIGINT)
                _, told = process.communicate(timeout=20)
            finally:
                silent.set()
        assert (process.returncode, told) == (ExitCode.INTERRUPTED, b"afterword: stopped\n")

    def test_offline_the_plan_is_kept_and_the_next_run_catches_up(self, synced: Synced) -> None:
        url, synced.remote.url = synced.remote.url, "http://127.0.0.1:9"
        synced(DURING, code=ExitCode.TRY_LATER)
        synced.remote.url = url
        assert synced(DURING).text == "7 written.\n"

    def test_a_damaged_file_costs_nobody_an_event_and_is_told(self, synced: Synced) -> None:
        add = ("add", "Fjord", "Editor", "--at", "2026-11-24 10:00")
        synced.life(DURING, *add)
        synced(DURING)
        there = set(synced.remote.model.objects)
        synced.life(DURING, "away", "fjord", "--until", "2026-12-09")
        synced.life.write_into("karoo", "\nnonsense = ")
        result = synced(DURING, code=ExitCode.PARTLY)
        assert "karoo" in result.stderr
        assert "1 left out, because their files cannot be used" in result.text
        assert set(synced.remote.model.objects) == there
        assert "PUT" in synced.remote.methods()
        assert "DELETE" not in synced.remote.methods()
        document = synced.json(DURING, code=ExitCode.PARTLY)
        assert len(document["damaged"]) == 1

    def test_what_fails_alike_is_told_at_once(self, synced: Synced) -> None:
        synced.remote.twist = lambda request: Reply(500) if request.method == "PUT" else None
        told = synced(DURING, code=ExitCode.TRY_LATER).stderr
        assert " more events: " in told
        assert "It has a problem; the next run tries again." in told
        assert len(told.splitlines()) < 7

    def test_a_failure_is_told_by_the_title_of_its_event(self, synced: Synced) -> None:
        victim: list[str] = []

        def twist(request: Any) -> Reply | None:
            if request.method == "PUT" and (not victim or request.path in victim):
                victim.append(request.path)
                return Reply(413)
            return None

        synced.remote.twist = twist
        result = synced(DURING, code=ExitCode.PARTLY)
        assert "Karoo" in result.stderr
        assert "too large" in result.stderr
        assert "1 failed" in result.text

    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (Reply(404), ExitCode.REFUSED),
            (Reply(403), ExitCode.REFUSED),
            (Reply(302, headers={"Location": "https://evil.example/"}), ExitCode.REFUSED),
            (Reply(200, b"<html>", {"Content-Type": "text/html"}), ExitCode.REFUSED),
            (Reply(429, headers={"Retry-After": "3600"}), ExitCode.TRY_LATER),
        ],
        ids=lambda value: str(getattr(value, "status", "")),
    )
    def test_what_ends_a_run_before_it_writes(
        self, synced: Synced, reply: Reply, code: int
    ) -> None:
        synced.remote.twist = lambda _: reply
        result = synced(DURING, code=code)
        assert result.stdout == b""
        assert len(result.stderr.strip().splitlines()) == 1
        assert "PUT" not in synced.remote.methods()

    def test_without_a_calendar_it_says_how_to_choose_one(self, synced: Synced) -> None:
        assert "afterword calendars" in synced.life(DURING, "sync", code=ExitCode.USAGE).stderr


class TestGuards:
    def test_all_of_ours_gone_is_a_question(self, synced: Synced) -> None:
        synced(DURING)
        for name in list(synced.remote.model.objects):
            synced.remote.model.remove(name)
        result = synced(NEXT_DAY, code=ExitCode.CONFLICT)
        assert "--allow-mass-delete" in result.stderr
        assert synced.log() == []

    def test_a_calendar_that_is_gone_is_a_question_too(self, synced: Synced) -> None:
        synced(DURING)
        synced.remote.model.exists = False
        result = synced(DURING, code=ExitCode.CONFLICT)
        assert "--allow-mass-delete" in result.stderr
        assert synced.log() == []
        told = synced(DURING, "--allow-mass-delete").stderr
        assert (
            f"The calendar at {synced.remote.url}{CALENDAR} was gone; it is created again" in told
        )
        assert len(synced.json(DURING)["tombstones"]) == 7
        assert synced.remote.model.name == "Job search"
        synced.life(DURING, "restore", "karoo", "second-follow-up")
        assert synced.json(DURING)["created"] == 2
        assert len(synced.remote.model.objects) == 2

    def test_what_was_forgotten_goes_without_a_question(self, synced: Synced) -> None:
        synced(DURING)
        told = synced.life(DURING, "forget", "karoo", "--yes").stderr
        assert f"it has events in {synced.remote.url + CALENDAR}" in told
        assert synced.json(DURING)["deleted"] == 7
        assert synced.remote.model.objects == {}
        assert synced(DURING).text == NOTHING

    def test_facts_that_are_not_there_are_a_question(self, synced: Synced) -> None:
        synced(DURING)
        for path in synced.life.data.glob("karoo*.toml"):
            path.unlink()
        assert "--data" in synced(DURING, code=ExitCode.CONFLICT).stderr
        assert len(synced.remote.model.objects) == 7


class TestSecrets:
    def test_a_wrong_password_is_tried_once_and_ends_with_5(self, synced: Synced) -> None:
        synced.secret.write_text("wrong\n")
        result = synced(DURING, code=ExitCode.LOGIN)
        assert len(synced.remote.log) == 1
        assert "refused this user name and password" in result.stderr
        assert "wrong" not in result.stderr
        document = synced(DURING, "--json", code=ExitCode.LOGIN)
        assert "password" in document.json["stopped"]

    def test_the_password_is_nowhere_but_on_the_wire(self, synced: Synced) -> None:
        results = [synced(DURING), synced(DURING, "--json"), synced(DURING, "--dry-run")]
        synced.remote.twist = lambda _: Reply(401)
        results.append(synced(DURING, code=ExitCode.LOGIN))
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        for result in results:
            for secret in (PASSWORD, basic):
                assert secret not in result.text + result.stderr
        for file in synced.life.data.parent.rglob("*"):
            if file.is_file() and file != synced.secret:
                assert PASSWORD.encode() not in file.read_bytes()
                assert basic.encode() not in file.read_bytes()

    def test_an_unencrypted_way_is_refused_before_anything_is_sent(
        self, synced: Synced, run: Run
    ) -> None:
        flags = synced.life.flags(DURING)
        where = ("--calendar-url", "http://cal.example/jobs/", "--user", USER)
        secret = ("--password-file", str(synced.secret))
        result = run("sync", *where, *secret, *flags)
        assert result.code == ExitCode.USAGE
        assert "not encrypted" in result.stderr
