"""A password that a command was given is found nowhere afterwards, however the command ended."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afterword.dav import discovery, probe, remote_calendar
from tests.cli.doctoring import forget_proxies
from tests.running import Run
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, Request, serving

NOW = "2026-11-24T15:30:00+02:00"
TRACES = (
    PASSWORD.encode(),
    base64.b64encode(PASSWORD.encode()).rstrip(b"="),
    base64.b64encode(f"{USER}:{PASSWORD}".encode()).rstrip(b"="),
)


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


def _echo(request: Request) -> Reply:
    """Answer with all that was sent, as a server's page of errors may."""
    body = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    return Reply(400, f"{body}\n{PASSWORD}".encode(), {"Content-Type": "text/plain"})


def _crash(request: Request) -> Reply | None:
    """Answer what is no answer, but for the question that comes without a login."""
    return Reply(raw=iter([b"HTTP/1.1 2oo \x00\r\n"])) if request.user else None


class Given:
    """A person with an application, whose calendar is on that server."""

    def __init__(self, run: Run, remote: DavServer, data: Path) -> None:
        self.run = run
        self.data = data
        self.fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", data)
        secret = data.parent / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        login = ("--user", USER, "--password-file", secret)
        self.flags: dict[str, tuple[object, ...]] = {
            "calendars": ("--server", f"{remote.url}/dav/", *login),
            "doctor": ("--calendar-url", remote.url + CALENDAR, *login),
            "sync": ("--calendar-url", remote.url + CALENDAR, *login),
        }
        thandi = ("--with", "Thandi <thandi@karoo.example>")
        run("add", "Karoo", "Designer", "--at", "2026-11-24 14:00", *thandi, *self.fixed)

    def output(self, command: str, *args: str) -> list[bytes]:
        """Run the command as somebody does who looks for a bug."""
        env = {"AFTERWORD_DEBUG": "1", "PYTHON_CALDAV_COMMDUMP": "1"}
        result = self.run(command, *args, *self.flags[command], *self.fixed, env=env)
        return [result.stdout, result.stderr.encode()]


@pytest.fixture
def given(
    run: Run,
    remote: DavServer,
    tmp_path: Path,
    machine_zone: Callable[[str | None], None],
    at: Callable[[str], None],
) -> Given:
    machine_zone("Africa/Johannesburg")
    at(NOW)
    return Given(run, remote, tmp_path / "data")


def _challenge(request: Request) -> Reply | None:
    """Take no Basic login, so that the other way is gone."""
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
    if (request.user or "").startswith("Digest"):
        return Reply(500, request.headers["authorization"].encode())
    return Reply(401, headers={"WWW-Authenticate": challenge, "Set-Cookie": f"s={PASSWORD}"})


@pytest.mark.parametrize(
    "twist", [None, _echo, _crash, _challenge], ids=["well", "echo", "garbage", "digest"]
)
@pytest.mark.parametrize(
    "command",
    [
        ("calendars", "--use", "Jobs"),
        ("calendars", "--json"),
        ("doctor",),
        ("doctor", "--json"),
        ("sync",),
        ("sync", "--json"),
    ],
    ids=" ".join,
)
def test_no_output_and_no_file_has_it(
    given: Given,
    remote: DavServer,
    home: Path,
    command: tuple[str, ...],
    twist: Callable[[Request], Reply | None] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    remote.twist = twist

    with caplog.at_level(logging.DEBUG):
        places = given.output(*command)

    assert f"{USER}:{PASSWORD}" in [request.user for request in remote.log]
    folders = (home, given.data)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    places += [caplog.text.encode(), *(path.read_bytes() for path in files)]
    assert not [place for place in places for trace in TRACES if trace in place]


@pytest.mark.parametrize("command", ["calendars", "doctor", "sync"])
def test_a_bug_shows_where_it_happened_and_no_password(
    given: Given, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A trace with the values of names would have it."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(discovery.Discovery, "find_home", fail)
    monkeypatch.setattr(probe, "describe_calendar", fail)
    monkeypatch.setattr(remote_calendar.RemoteCalendar, "listing", fail)

    stdout, stderr = given.output(command)

    assert b"this is a bug in afterword: ZeroDivisionError" in stderr
    assert b"Traceback" in stderr
    assert not [place for place in (stdout, stderr) for trace in TRACES if trace in place]


def test_a_password_in_the_settings_is_refused_and_not_repeated(given: Given) -> None:
    settings = given.data / "settings.toml"
    settings.write_text(f'[calendar]\npassword = "{PASSWORD}"\n')

    stdout, stderr = given.output("sync")

    assert b"calendar.password" in stderr
    assert b"password_command" in stderr
    assert PASSWORD.encode() not in stdout + stderr


@pytest.mark.parametrize("command", ["calendars", "doctor", "sync"])
def test_no_command_line_takes_a_password(run: Run, command: str) -> None:
    words = run(command, "--help").text.replace("=", " ").split()
    options = {word.rstrip(",") for word in words if word.startswith("--")}

    assert {option for option in options if "pass" in option or "secret" in option} == {
        "--password-file"
    }
    assert run(command, "--password", PASSWORD).code == 2
    assert PASSWORD not in run(command, f"--password={PASSWORD}").stderr


def test_an_unencrypted_way_is_allowed_for_one_run_which_says_so(
    run: Run, remote: DavServer, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host is no loopback by its name; its proxy is, and has the calendar."""
    monkeypatch.setenv("HTTP_PROXY", remote.url)
    forget_proxies()
    remote.twist = lambda _: Reply(401)
    url = f"http://dav.example{CALENDAR}"
    flags = ("--calendar-url", url, *given.flags["sync"][2:], *given.fixed)

    allowed = run("sync", *flags, "--allow-insecure-http")
    after = run("sync", *flags)

    assert (
        "The connection to dav.example is not encrypted; your password can be read on the way"
        in (allowed.stderr)
    )
    assert (allowed.code, after.code) == (5, 2)
    assert [request.path for request in remote.log] == [url]
    assert b"insecure" not in b"".join(path.read_bytes() for path in given.data.rglob("*.toml"))
    forget_proxies()
