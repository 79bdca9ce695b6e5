"""What the doctor sees, what it advises, and that it leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afterword.system import clock
from tests.cli.doctoring import Doctor
from tests.dav.test_discovery import response
from tests.running import Run
from tests.sync.http import (
    CALENDAR,
    PASSWORD,
    USER,
    DavServer,
    Reply,
    Request,
    multistatus,
    serving,
)

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@pytest.fixture
def login(tmp_path: Path, remote: DavServer) -> tuple[str, ...]:
    path = tmp_path / "secret"
    path.write_text(PASSWORD)
    path.chmod(0o600)
    url = remote.url + CALENDAR
    return ("--calendar-url", url, "--user", USER, "--password-file", str(path))


def test_all_is_well(doctor: Doctor, remote: DavServer, login: tuple[str, ...]) -> None:
    found = doctor(*login)

    assert {verdict for verdict, _, _ in found.values()} == {"ok"}
    assert [*found] == [
        *("settings", "facts", "time zone", "zone rules"),
        *("dns", "tls", "clock", "password", "server", "calendar", "a try"),
    ]
    assert found["password"][1].startswith("found in ")
    assert remote.methods() == ["OPTIONS", "PROPFIND", "PUT", "REPORT", "DELETE"]
    assert [request.user for request in remote.log] == [None] + [f"{USER}:{PASSWORD}"] * 4
    assert remote.model.objects == {}


def test_a_dry_run_writes_nothing(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...]
) -> None:
    assert "a try" not in doctor(*login, "--dry-run")
    assert remote.methods() == ["OPTIONS", "PROPFIND"]


def test_each_try_has_a_uid_of_its_own_whatever_moment_is_named(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...], at: Callable[[str], None]
) -> None:
    for minute in (0, 1):
        at(f"2026-11-24T09:0{minute}:00+02:00")
        doctor(*login, "--now", "2026-12-24T18:00")

    puts = [request.path for request in remote.log if request.method == "PUT"]
    assert len(set(puts)) == 2


@pytest.mark.parametrize("moment", ["2025-01-01T12:00", "2031-01-01T12:00"])
def test_another_moment_is_not_taken_for_the_machine_s_clock(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...], moment: str
) -> None:
    remote.twist = _telling("Tue, 24 Nov 2026 07:00:30 GMT")
    found = doctor(*login, "--now", moment)

    assert found["clock"] == ("ok", "agrees with the server's", "")
    assert found["zone rules"][0] == "ok"


def test_it_is_told_in_lines(run: Run, home_flags: tuple[str, ...], login: tuple[str, ...]) -> None:
    result = run("doctor", *home_flags, *login)

    assert "ok            test event: written" in result.text
    assert "DAVx5" in result.stderr


def test_without_a_calendar_the_way_to_one_is_told(doctor: Doctor) -> None:
    assert doctor()["calendar"] == (
        "look",
        "none on a server is set up (calendar files need none)",
        "to set one up: afterword calendars",
    )


def test_a_zone_that_differs_from_the_machine_s_is_pointed_out(
    run: Run, home_flags: tuple[str, ...], machine_zone: Callable[[str | None], None]
) -> None:
    machine_zone("Asia/Tokyo")
    findings = run("doctor", *home_flags, "--json").json["findings"]
    (found,) = [f for f in findings if f["about"] == "time zone"]

    assert found["verdict"] == "look"
    assert "set to Asia/Tokyo" in found["told"]


def test_old_rules_for_clocks_are_pointed_out(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "zones_version", lambda: "2024a")

    assert doctor()["zone rules"] == (
        "look",
        "release 2024a is old",
        "pip install --upgrade tzdata",
    )


@posix
@pytest.mark.parametrize(
    ("mode", "verdict", "step"),
    [(0o644, "look", "chmod go-rwx"), (0o666, "wrong", "chmod go-w"), (0o600, "ok", "")],
)
def test_who_else_may_read_or_write_the_settings(
    doctor: Doctor, tmp_path: Path, mode: int, verdict: str, step: str
) -> None:
    path = tmp_path / "settings.toml"
    path.chmod(mode)
    found = doctor(code=3 if verdict == "wrong" else 0)["settings"]

    assert found[0] == verdict
    assert found[2] == (f"{step} {path}" if step else "")


@pytest.mark.parametrize(
    ("date", "verdict", "told"),
    [
        ("Tue, 24 Nov 2026 07:03:00 GMT", "ok", "agrees with the server's"),
        ("Tue, 24 Nov 2026 09:00:00 GMT", "wrong", "120 minutes behind the server's"),
        ("Mon, 23 Nov 2026 07:00:00 GMT", "wrong", "1,440 minutes ahead of the server's"),
        ("yesterday", "ok", "does not report its time"),
        (None, "ok", "does not report its time"),
    ],
)
def test_the_clock_is_compared_with_the_server_s(
    doctor: Doctor,
    remote: DavServer,
    login: tuple[str, ...],
    date: str | None,
    verdict: str,
    told: str,
) -> None:
    remote.twist = _telling(date)
    found = doctor(*login, code=3 if verdict == "wrong" else 0)["clock"]

    assert found[0] == verdict
    assert told in found[1]


def _telling(date: str | None) -> Callable[[Request], Reply | None]:
    def twist(request: Request) -> Reply | None:
        if request.method != "OPTIONS":
            return None
        return Reply(401, headers={"Date": date} if date else {})

    return twist


@pytest.mark.parametrize(
    ("reply", "about", "told"),
    [
        (Reply(401), "calendar", "refused this user name and password"),
        (Reply(404), "calendar", "There is nothing (any more) at"),
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), "calendar", "A web page answered"),
        (multistatus(response("/x", "<resourcetype/>")), "calendar", "is no calendar"),
    ],
    ids=["login", "missing", "a page", "another collection"],
)
def test_a_server_that_does_not_answer_as_it_should_is_told(
    doctor: Doctor,
    remote: DavServer,
    login: tuple[str, ...],
    reply: Reply,
    about: str,
    told: str,
) -> None:
    remote.twist = lambda _: reply
    found = doctor(*login, code=3)

    assert found[about][0] == "wrong"
    assert told in found[about][1]
    assert remote.methods() == ["OPTIONS", "PROPFIND"]


def test_nobody_there_is_told(doctor: Doctor) -> None:
    found = doctor("--calendar-url", "http://127.0.0.1:1/sam/", "--user", USER, code=3)

    assert found["dns"][0] == "ok"
    assert found["server"][0] == "wrong"
    assert "No answer from http://127.0.0.1:1" in found["server"][1]
    assert "password" not in found


def test_a_missing_password_is_told_with_the_ways(doctor: Doctor, remote: DavServer) -> None:
    found = doctor("--calendar-url", remote.url + CALENDAR, "--user", USER, code=3)

    assert "there is no password for sam@127.0.0.1" in found["password"][1]
    assert "--password-file" in found["password"][2]
    assert remote.methods() == ["OPTIONS"]


def test_nobody_named_is_told(doctor: Doctor, remote: DavServer) -> None:
    found = doctor("--calendar-url", remote.url + CALENDAR, code=3)

    assert "Give it with --user NAME" in found["password"][1]


def test_an_address_that_is_none_is_told(doctor: Doctor) -> None:
    assert (
        "is not encrypted" in doctor("--calendar-url", "http://dav.example/", code=3)["address"][1]
    )


def test_an_event_that_is_refused_is_told(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...]
) -> None:
    def twist(request: Request) -> Reply | None:
        return Reply(507) if request.method == "PUT" else None

    remote.twist = twist
    found = doctor(*login, code=3)["a try"]

    assert found[0] == "wrong"
    assert "storage is full" in found[1]


def test_an_event_that_is_not_kept_is_told_and_taken_away(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...]
) -> None:
    remote.model.rewrite = lambda body: body.replace(b"UID:", b"UID:x")
    found = doctor(*login, code=3)["a try"]

    assert "could not be read again" in found[1]
    assert remote.model.objects == {}


def test_a_shared_calendar_is_pointed_out(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...], tmp_path: Path
) -> None:
    shared = "<resourcetype><C:calendar/><CS:shared xmlns:CS='http://calendarserver.org/ns/'/>"

    def twist(request: Request) -> Reply | None:
        if request.method != "PROPFIND":
            return None
        return multistatus(response(CALENDAR, f"{shared}</resourcetype>"))

    remote.twist = twist
    assert doctor(*login)["calendar"][0] == "look"

    with (tmp_path / "settings.toml").open("a") as file:
        file.write("private = true\n")
    assert doctor(*login)["calendar"][0] == "ok"


def test_a_server_that_will_not_delete_is_told(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...]
) -> None:
    def twist(request: Request) -> Reply | None:
        return Reply(403) if request.method == "DELETE" else None

    remote.twist = twist

    assert doctor(*login, code=3)["a try"][0] == "wrong"


def test_a_busy_server_is_told_as_one(
    doctor: Doctor, remote: DavServer, login: tuple[str, ...]
) -> None:
    def twist(request: Request) -> Reply | None:
        return Reply(503, headers={"Retry-After": "5"}) if request.method == "PUT" else None

    remote.twist = twist

    assert "is busy" in doctor(*login, code=3)["a try"][1]
