"""A password that a command was given is found nowhere afterwards, however the command ended."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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


def _crash(_: Request) -> Reply:
    return Reply(raw=iter([b"HTTP/1.1 2oo \x00\r\n"]))


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
) -> Given:
    machine_zone("Africa/Johannesburg")
    return Given(run, remote, tmp_path / "data")


@pytest.mark.parametrize("twist", [None, _echo, _crash], ids=["well", "echo", "garbage"])
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
    twist: Callable[[Request], Reply] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    remote.twist = twist

    with caplog.at_level(logging.DEBUG):
        places = given.output(*command)

    assert remote.log
    assert f"{USER}:{PASSWORD}" == remote.log[0].user
    folders = (home, given.data)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    places += [caplog.text.encode(), *(path.read_bytes() for path in files)]
    assert not [place for place in places for trace in TRACES if trace in place]
