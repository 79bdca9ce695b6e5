"""The login in a browser: what is asked of the server, and whom its answers may name."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from afterword.dav import nextcloud_login
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.nextcloud_login import LoginFlow
from afterword.errors import AfterwordError, RefusedError, TryLaterError
from tests.sync.http import DavServer, Reply, serving

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@pytest.fixture
def server(remote: DavServer) -> Iterator[DavClient]:
    with DavClient(remote.url, None, now=lambda: NOW) as server:
        yield server


def beginning(remote: DavServer, **changes: Any) -> Reply:
    poll = {"token": "t0ken", "endpoint": f"{remote.url}/login/v2/poll"}
    told = {"poll": poll, "login": f"{remote.url}/login/v2/flow/x"} | changes
    return Reply(200, json.dumps(told).encode(), JSON)


def begun(remote: DavServer) -> LoginFlow:
    return LoginFlow(page="", endpoint=f"{remote.url}/login/v2/poll", token="t0ken")  # noqa: S106


def test_it_begins_with_a_page_for_the_browser(remote: DavServer, server: DavClient) -> None:
    remote.twist = lambda _: beginning(remote)

    flow = nextcloud_login.begin_login(server, f"{remote.url}/nc/")

    assert flow.page == f"{remote.url}/login/v2/flow/x"
    assert "t0ken" not in repr(flow)
    (request,) = remote.log
    assert (request.method, request.path) == ("POST", "/nc/index.php/login/v2")
    assert request.user is None
    assert request.headers["user-agent"] == "afterword"


@attrs.define
class Clock:
    """Passes only by what is slept."""

    pauses: list[float] = attrs.field(factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def elapsed(self) -> float:
        return sum(self.pauses)


GRANTED = Reply(200, b'{"server": "x", "loginName": "sam", "appPassword": "a-b-c"}', JSON)


@pytest.mark.parametrize(
    ("not_yet", "pauses"),
    [
        (lambda: Reply(404), [2.0] * 3),
        (lambda: Reply(503), [2.0] * 3),
        (lambda: Reply(502), [2.0] * 3),
        (lambda: Reply(429, headers={"Retry-After": "30"}), [30.0] * 3),
        (lambda: Reply(429, headers={"Retry-After": "0"}), [2.0] * 3),
        (lambda: Reply(raw=iter([])), [2.0] * 3),
    ],
    ids=["not yet", "maintenance", "a proxy", "too often", "at once", "dropped"],
)
def test_it_is_waited_for_until_access_is_granted(
    remote: DavServer, server: DavClient, not_yet: Callable[[], Reply], pauses: list[float]
) -> None:
    remote.twist = lambda _: not_yet() if len(remote.log) < 4 else GRANTED
    clock = Clock()

    found = nextcloud_login.wait_for_login(server, begun(remote), clock.sleep, clock.elapsed)

    assert found == Login(user="sam", password="a-b-c")  # noqa: S106
    assert "a-b-c" not in repr(found)
    assert clock.pauses == pauses
    assert {request.body for request in remote.log} == {b"token=t0ken"}


@pytest.mark.parametrize(
    ("status", "notes"), [(404, ""), (503, "is busy (503)")], ids=["nobody", "trouble"]
)
def test_waiting_has_an_end(remote: DavServer, server: DavClient, status: int, notes: str) -> None:
    remote.twist = lambda _: Reply(status, headers={"Retry-After": "400"})
    clock = Clock()

    def wait(seconds: float) -> None:
        clock.sleep(max(seconds, 400.0))

    with pytest.raises(TryLaterError, match="access was not granted") as caught:
        nextcloud_login.wait_for_login(server, begun(remote), wait, clock.elapsed)
    assert notes in " ".join(caught.value.notes)
    assert len(remote.log) == 3


@pytest.mark.parametrize("status", [401, 403, 302])
def test_what_no_waiting_mends_ends_it(remote: DavServer, server: DavClient, status: int) -> None:
    remote.twist = lambda _: Reply(status, headers={"Location": "https://evil.example/"})
    clock = Clock()

    with pytest.raises(AfterwordError):
        nextcloud_login.wait_for_login(server, begun(remote), clock.sleep, clock.elapsed)
    assert (len(remote.log), clock.pauses) == (1, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"login": "https://evil.example/login"},
        {"login": "javascript:alert(1)"},
        {"login": 7},
        {"login": "x\x1b[2J"},
        {"poll": {"token": "t", "endpoint": "https://evil.example/poll"}},
        {"poll": {"token": "", "endpoint": "http://127.0.0.1/"}},
        {"poll": None},
        {"poll": "x"},
    ],
    ids=str,
)
def test_a_beginning_that_names_another_server_or_nothing_is_refused(
    remote: DavServer, server: DavClient, changes: dict[str, Any]
) -> None:
    remote.twist = lambda _: beginning(remote, **changes)

    with pytest.raises(RefusedError):
        nextcloud_login.begin_login(server, remote.url)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404),
        Reply(405),
        Reply(200, b"[]", JSON),
        Reply(200, b"{", JSON),
        Reply(200, b"[" * 50_000, JSON),
        Reply(200, b"\xff\xfe", JSON),
        Reply(200, b"<html>", {"Content-Type": "text/html"}),
        Reply(302, headers={"Location": "https://evil.example/"}),
    ],
    ids=["404", "405", "a list", "broken", "deep", "no text", "a page", "a redirect"],
)
def test_what_is_no_nextcloud_is_told(remote: DavServer, server: DavClient, reply: Reply) -> None:
    remote.twist = lambda _: reply

    with pytest.raises(RefusedError):
        nextcloud_login.begin_login(server, remote.url)
