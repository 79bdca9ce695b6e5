"""The walls around every test, and what many tests share.

No test reaches the network, the machine's clock or zone, or the home of the
person who runs it. A test that needs a moment passes `--now` or asks for the
`at` fixture; one that needs the machine's zone asks for `machine_zone`.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from afterword.system import clock
from tests.running import Golden, Run, runner

clock.use_newest_zones()

# The same examples on every machine; a search for new ones is asked for by name.
settings.register_profile("tests", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


def _keep_on_loopback(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what would leave this machine; an audit hook sees every library's sockets."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = str(args[0] or "localhost")
    else:
        return
    if host != "localhost" and not _is_loopback(host):
        pytest.fail(f"this test wanted to reach {host}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_keep_on_loopback)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(autouse=True)
def _no_machine_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse the clock and the zone of the machine to all but the tests of `clock`."""
    if request.node.get_closest_marker("real_clock"):
        return

    def refuse() -> None:
        pytest.fail("this test reads the machine's clock or zone; pass --now and --zone")

    monkeypatch.setattr(clock, "now", refuse)
    monkeypatch.setattr(clock, "local_zone", refuse)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home of its own, on each system."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    for name in ("APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "AFTERWORD_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return folder


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set what the clock says: `at("2026-11-24T18:00:00+02:00")`."""

    def set_clock(instant: str) -> None:
        moment = dt.datetime.fromisoformat(instant).astimezone(dt.UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def machine_zone(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Set the zone that the machine names, or that it names none."""

    def set_zone(name: str | None) -> None:
        zone = ZoneInfo(name) if name else None
        monkeypatch.setattr(clock, "local_zone", lambda: zone)

    return set_zone


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program: `run("plan", path, "--json").json`."""
    return runner(monkeypatch)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with `golden/NAME` beside the test; `--update-golden` writes it first."""

    def compare(found: str | bytes, name: str) -> None:
        path = request.path.parent / "golden" / name
        data = found.encode() if isinstance(found, str) else found
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        assert path.exists(), f"no {path}: run once with --update-golden"
        assert data == path.read_bytes()

    return compare


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of tools that pip cannot bring; skip where there is none."""
    folder = Path(__file__).parents[2] / "shared"
    if not (folder / "lab").is_dir():
        pytest.skip("libical and ical.js are run by ../shared/lab, which is not beside this clone")
    return folder
