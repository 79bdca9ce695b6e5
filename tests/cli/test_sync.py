"""`afterword sync` from outside: a plan on a server, a person with a phone, and the log between."""

from __future__ import annotations

import base64
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.errors import ExitCode
from tests.cli.life import Life
from tests.running import Result, Run
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, serving
from tests.sync.people import Phone, lines

DURING = "2026-11-24 15:45"
NEXT_DAY = "2026-11-25 10:00"


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@attrs.define
class Synced:
    """A person with one application, and the calendar that they chose."""

    life: Life
    remote: DavServer
    secret: Path

    def __call__(self, now: str, *flags: str, code: int = 0) -> Result:
        where = ("--calendar-url", self.remote.url + CALENDAR, "--user", USER)
        self.remote.log.clear()
        return self.life(
            now, "sync", *where, "--password-file", str(self.secret), *flags, code=code
        )

    def json(self, now: str, *flags: str, code: int = 0) -> Any:
        return self(now, "--json", *flags, code=code).json

    def named(self, step: str) -> str:
        """Return the file name of a step's act event."""
        uids = self.life.plan(DURING)[f"r1 {step} 0"]["uids"]
        return f"{uids['act']}.ics"

    def phone(self, step: str, modified: str = "20261124T133000Z", **values: str) -> None:
        """Edit the act event of a step on the phone."""
        phone, name = Phone(), self.named(step)
        phone.modified = modified
        self.remote.model.store(name, phone.edit(self.remote.model.objects[name][0], **values))

    def titles(self) -> set[str]:
        return {
            line.removeprefix("SUMMARY:")
            for body in self.remote.model.bodies()
            for line in lines(body)
            if line.startswith("SUMMARY")
        }


@pytest.fixture
def synced(life: Life, remote: DavServer, tmp_path: Path) -> Synced:
    life.held()
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    return Synced(life, remote, secret)


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
        "requests": 1 + len(uids),
        "stopped": None,
    }
    again = synced.json(DURING)
    assert (again["created"], again["requests"]) == (0, 1)
    assert synced.remote.methods() == ["REPORT"]


def test_an_answer_clears_the_phone(synced: Synced) -> None:
    synced(DURING)
    synced.life(NEXT_DAY, "heard", "karoo", "rejected")
    done = synced.json(NEXT_DAY)
    assert done["deleted"] > 0
    assert not any("follow-up" in title for title in synced.titles())


def test_what_the_phone_logs_is_logged_and_can_be_taken_back(synced: Synced) -> None:
    synced(DURING)
    synced.phone("thank-you", summary="Sent")
    done = synced.json(DURING)
    assert [one["says"] for one in done["heard"]] == ["sent"]
    assert synced.life.plan(DURING)["r1 thank-you 0"]["state"] == "done"
    assert synced.json(DURING)["requests"] == 1
    synced.life(DURING, "undo", "karoo")
    assert synced.life.plan(DURING)["r1 thank-you 0"]["state"] != "done"


def test_a_dragged_event_is_moved_in_the_log(synced: Synced) -> None:
    synced(DURING)
    name = synced.named("first-follow-up")
    body = Phone().drag(synced.remote.model.objects[name][0], days=1)
    synced.remote.model.store(name, body)
    result = synced(DURING)
    assert "you moved the event to 2026-12-01 09:00" in result.stderr
    (moved,) = [s for k, s in synced.life.plan(DURING).items() if k == "r1 first-follow-up 0"]
    assert moved["send_at"] == "2026-12-01T09:00:00+02:00"
    assert synced.json(DURING)["requests"] == 1


def test_a_move_out_of_its_window_is_pointed_out(synced: Synced) -> None:
    synced(DURING)
    name = synced.named("first-follow-up")
    body = Phone().drag(synced.remote.model.objects[name][0], days=-3)
    synced.remote.model.store(name, body)
    told = synced(DURING).stderr
    assert "window" in told or "before" in told or "outside" in told


def test_an_interrupt_is_heard_at_once(synced: Synced) -> None:
    """A server that never answers holds nobody: the end comes long before its time limit."""
    silent = threading.Event()
    asked = threading.Event()

    def twist(_: object) -> Reply:
        asked.set()
        silent.wait(60)
        return Reply(500)

    synced.remote.twist = twist
    where = ("--calendar-url", synced.remote.url + CALENDAR, "--user", USER)
    secret = ("--password-file", str(synced.secret))
    command = [sys.executable, "-m", "afterword", "sync", *where, *secret]
    command += synced.life.flags(DURING)
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as process:
        assert asked.wait(30)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    silent.set()
    assert (process.returncode, told) == (ExitCode.INTERRUPTED, b"afterword: stopped\n")


def test_words_of_theirs_survive_everything_but_their_own_wish(synced: Synced) -> None:
    synced(DURING)
    synced.phone("first-follow-up", description="My own draft")
    told = synced.json(DURING)
    assert [one["fields"] for one in told["kept"]] == [["description"]]
    synced.life(DURING, "away", "karoo", "--until", "2026-12-03")
    synced(DURING)
    assert any(b"My own draft" in body for body in synced.remote.model.bodies())
    for file in synced.life.data.parent.rglob("state.sqlite*"):
        file.unlink()
    synced(DURING)
    assert any(b"My own draft" in body for body in synced.remote.model.bodies())
    synced(DURING, "--take-ours", "karoo")
    assert not any(b"My own draft" in body for body in synced.remote.model.bodies())
    assert synced.json(DURING)["requests"] == 1


def test_a_deleted_event_stays_deleted_whatever_is_lost(synced: Synced) -> None:
    synced(DURING)
    name = synced.named("first-follow-up")
    synced.remote.model.remove(name)
    synced(DURING)
    for file in synced.life.data.parent.rglob("state.sqlite*"):
        file.unlink()
    synced(DURING)
    assert name not in synced.remote.model.objects


def test_a_dry_run_tells_and_writes_nothing(synced: Synced) -> None:
    before = synced.life.files()
    plan = synced.json(DURING, "--dry-run")
    assert (plan["dry_run"], plan["created"] > 0) == (True, True)
    assert set(synced.remote.methods()) == {"REPORT"}
    assert synced.remote.model.objects == {}
    shown = synced(DURING, "--dry-run").text
    assert "+ Karoo" in shown
    synced(DURING)
    synced.phone("first-follow-up", summary="Sent")
    assert synced.json(DURING, "--dry-run")["heard"]
    assert synced.life.files() == before


def test_a_damaged_file_costs_nobody_an_event(synced: Synced) -> None:
    synced(DURING)
    synced.life.write_into("karoo", "\nnonsense = ")
    result = synced(DURING)
    assert "nonsense" in result.stderr or "karoo" in result.stderr
    assert synced.remote.methods() == ["REPORT"]


def test_a_timer_hears_nothing_when_all_is_well(synced: Synced) -> None:
    assert synced(DURING, "--quiet").text == ""
    assert synced(DURING, "--quiet").stderr == ""
    assert synced(DURING).text == "Nothing to do: the calendar is as the plan.\n"


def test_a_wrong_password_is_tried_once_and_ends_with_5(synced: Synced) -> None:
    synced.secret.write_text("wrong\n")
    result = synced(DURING, code=ExitCode.LOGIN)
    assert len(synced.remote.log) == 1
    assert "does not take this user and password" in result.stderr
    document = synced(DURING, "--json", code=ExitCode.LOGIN)
    assert "password" in document.json["stopped"]


def test_a_failure_is_told_by_the_title_of_its_event(synced: Synced) -> None:
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
def test_what_ends_a_run_before_it_writes(synced: Synced, reply: Reply, code: int) -> None:
    synced.remote.twist = lambda _: reply
    result = synced(DURING, code=code)
    assert result.stdout == b""
    assert len(result.stderr.strip().splitlines()) == 1
    assert "PUT" not in synced.remote.methods()


def test_the_password_is_nowhere_but_on_the_wire(synced: Synced) -> None:
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


def test_an_unencrypted_way_is_refused_before_anything_is_sent(synced: Synced, run: Run) -> None:
    flags = synced.life.flags(DURING)
    where = ("--calendar-url", "http://cal.example/jobs/", "--user", USER)
    secret = ("--password-file", str(synced.secret))
    result = run("sync", *where, *secret, *flags)
    assert result.code == ExitCode.USAGE
    assert "not encrypted" in result.stderr


def test_week_after_week_nothing_moves_by_itself(synced: Synced) -> None:
    synced(DURING)
    day = dt.datetime.fromisoformat(DURING)
    for week in range(1, 5):
        done = synced.json((day + week * dt.timedelta(days=7)).isoformat(sep=" "))
        assert (done["created"], done["updated"], done["deleted"]) == (0, 0, 0)
