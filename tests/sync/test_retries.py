"""How long a run waits for a server that stumbles: never less than it asks for, nor all alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.merge.three_way import DesiredState
from afterword.errors import ExitCode
from afterword.storage.state.database import Database
from afterword.sync.engine import synchronize
from afterword.sync.sync_context import Backoff, Options
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, serving
from tests.sync.people import NOW, ZONE


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (500, {}, [1.0, 2.0]),
        (503, {}, [1.0, 2.0]),
        (429, {"Retry-After": "4"}, [4.0, 4.0]),
        (503, {"Retry-After": "4"}, [4.0, 4.0]),
    ],
    ids=["a fault", "busy", "too often", "it says for how long"],
)
def test_a_server_that_stumbles_is_given_time(
    tmp_path: Path, status: int, headers: dict[str, str], least: list[float], chance: float
) -> None:
    slept = list[float]()
    remote = DavServer()
    remote.twist = lambda _: Reply(status, headers=headers) if len(remote.log) < 3 else None

    with (
        serving(remote),
        DavClient(remote.url, Login(user=USER, password=PASSWORD), now=lambda: NOW) as server,
        Database(tmp_path / "state") as database,
    ):
        report = synchronize(
            RemoteCalendar(server, remote.url + CALENDAR),
            database,
            DesiredState(events={}, zone=ZONE),
            Options(words={}, over="", sleep=Backoff(sleep=slept.append, chance=lambda: chance)),
            now=NOW,
        )

    assert report.exit_code is ExitCode.OK
    assert slept == [seconds * (1 + chance / 2) for seconds in least]


def test_those_who_begin_together_do_not_come_back_together() -> None:
    slept = list[float]()
    for _ in range(20):
        Backoff(sleep=slept.append)(2.0)

    assert len(set(slept)) > 10
    assert all(2.0 <= seconds <= 3.0 for seconds in slept)
    assert isinstance(Options(words={}, over="").sleep, Backoff)
