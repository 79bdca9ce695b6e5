"""The servers that many tests of a session share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.folders import FolderServer
from tests.sync.google import GoogleServer
from tests.sync.people import Facts, Tool
from tests.sync.servers import PROGRAMS, Real, running, sabre
from tests.sync.two import Two

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@pytest.fixture(scope="session", params=[*PROGRAMS, "folder", "google"])
def real(request: pytest.FixtureRequest) -> Iterator[Real | FolderServer | GoogleServer]:
    """Run each of the servers in turn, then take a folder instead, and an imitation of Google."""
    name, _, imitates = request.param.partition("-")
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="afterword-server-", dir=place) as folder:
        if name == "folder":
            yield FolderServer(Path(folder))
        elif name == "google":
            with GoogleServer.running() as server:
                yield server
        elif name == "sabre":
            yield from sabre(Path(folder), imitates)
        else:
            yield from running(name, Path(folder))


@pytest.fixture(autouse=True)
def _connections_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    real: Real | None = request.getfixturevalue("real") if "real" in request.fixturenames else None
    yield
    if real:
        real.close()


@pytest.fixture
def two(real: Real, tmp_path: Path) -> Two:
    """Bring four events to a new calendar, and see that a second sync has nothing to do."""
    pair = Two(Tool(Facts.of(4), tmp_path / "state.sqlite"), real)
    report = pair.sync()
    assert pair.cost(5)
    assert (len(report.actions), report.failed) == (4, {})
    pair.settled()
    return pair
