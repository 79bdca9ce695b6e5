"""`serve`: real events from a real server on this computer, without an account."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest

from afterword.dav.remote_calendar import RemoteCalendar
from afterword.errors import LoginError
from tests.cli.life import Life
from tests.cli.serving import radicale_path, serving
from tests.sync.servers import free_port

NOW = "2026-11-24 15:30"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as of POSIX")


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return radicale_path(tmp_path_factory.mktemp("radicale") / "libraries")


@pytest.fixture
def port() -> Iterator[int]:
    with free_port() as number:
        yield number


def bodies(calendar: RemoteCalendar) -> dict[str, bytes]:
    hrefs = list(calendar.changes(None).etags)
    return {href: each.body for href, each in calendar.fetch(hrefs).items()}


def titles(calendar: RemoteCalendar) -> list[str]:
    parsed = (icalendar.Calendar.from_ical(body) for body in bodies(calendar).values())
    return sorted(str(each.events[0]["SUMMARY"]) for each in parsed)


def test_real_events_with_a_password_and_the_same_the_next_time(
    life: Life, libraries: Path, port: int
) -> None:
    life.held()
    expected = sorted(str(event["SUMMARY"]) for event in life.export(NOW).values())
    with serving(life, libraries, NOW, port) as first:
        assert first.url.startswith(f"http://127.0.0.1:{port}/afterword/")
        calendar = first.calendar()
        assert titles(calendar) == expected
        with pytest.raises(LoginError):
            first.calendar("wrong").changes(None)
        (href,) = [h for h, body in bodies(calendar).items() if b"SUMMARY:Thank Karoo" in body]
        body = bodies(calendar)[href].replace(b"SUMMARY:Thank", b"SUMMARY:Sent: Thank")
        body = re.sub(rb"LAST-MODIFIED:\w+", b"LAST-MODIFIED:20261124T160000Z", body)
        calendar.put(href, body, etag=calendar.changes(None).etags[href], new=False)

        code, errors = first.stop(signal.SIGTERM)

    assert (code, "the server has stopped" in errors) == (0, True)
    assert "r1 thank-you 0" in life.live("2026-11-24 18:30")
    with serving(life, libraries, "2026-11-24 19:00", port) as second:
        assert (second.url, second.password) == (first.url, first.password)
        assert len(titles(second.calendar())) == len(expected) - 1
        assert second.stop(signal.SIGINT)[0] == 0
    assert "r1 thank-you 0" not in life.live("2026-11-24 19:00")


def test_without_applications_it_says_how_to_begin(life: Life, libraries: Path, port: int) -> None:
    with serving(life, libraries, NOW, port) as served:
        assert titles(served.calendar()) == []
        code, errors = served.stop(signal.SIGINT)

    assert code == 0
    assert "begin with: afterword add" in errors


def test_only_the_owner_reads_the_password_and_it_is_in_the_data(
    life: Life, libraries: Path, port: int
) -> None:
    life.held()
    with serving(life, libraries, NOW, port) as served:
        files = {path.name: path for path in (life.data / "server").iterdir()}
        assert set(files) == {"password", "users", "calendar", "collections", "log", ".gitignore"}
        for name in ("password", "users", "log"):
            assert stat.S_IMODE(files[name].stat().st_mode) == 0o600
        assert files["password"].read_text() == f"{served.password}\n"
        assert stat.S_IMODE((life.data / "server").stat().st_mode) == 0o700
        assert served.stop(signal.SIGTERM)[0] == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_fresh_folder_is_a_fresh_calendar(life: Life, libraries: Path, port: int) -> None:
    life.held()
    with serving(life, libraries, NOW, port) as first:
        expected = titles(first.calendar())
        first.stop(signal.SIGTERM)
    (life.data / "server").rename(life.data / "elsewhere")

    with serving(life, libraries, NOW, port) as second:
        assert second.url != first.url
        assert second.password != first.password
        assert titles(second.calendar()) == expected
        second.stop(signal.SIGTERM)
    assert not [name for name in life.files() if "deleted" in (life.data / name).read_text()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed by Linux")
def test_a_server_that_dies_is_reported(life: Life, libraries: Path, port: int) -> None:
    life.held()
    with serving(life, libraries, NOW, port) as served:
        pid = served.process.pid
        (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(child), signal.SIGKILL)
        _, errors = served.process.communicate(timeout=30)

    assert served.process.returncode == 75
    assert "the server has ended; its log is" in errors


def test_without_radicale_the_command_to_install_it(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.held()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    told = life.refused(NOW, "serve")

    assert "\n  pip install 'afterword[server]'\n" in told
    assert not (life.data / "server").exists()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Radicale look installed, for refusals before it is started."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)


@pytest.mark.usefixtures("installed")
def test_a_port_in_use_is_refused(life: Life) -> None:
    life.held()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        told = life.refused(NOW, "serve", "--port", port)

    assert f"another program uses the port {port}" in told
    assert "afterword serve --port" in told
    assert not (life.data / "server").exists()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["password", "calendar"])
def test_a_damaged_file_is_explained(life: Life, name: str, port: int) -> None:
    life.held()
    (life.data / "server").mkdir()
    (life.data / "server" / name).write_text("a b\n")

    told = life.refused(NOW, "serve", "--port", port, code=65)

    assert f"{name} is damaged; delete it" in told
