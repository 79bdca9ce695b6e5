"""The login in a browser: what is asked of the server, and whom its answers may name."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from afterword.errors import RefusedError, TryLaterError
from afterword.targets import nextcloud
from afterword.targets.caldav import Server
from afterword.targets.nextcloud import Flow, Granted
from tests.sync.http import DavServer, Reply, Request, serving

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@pytest.fixture
def server(remote: DavServer) -> Iterator[Server]:
    with Server(remote.url, None, now=lambda: NOW) as server:
        yield server


def beginning(remote: DavServer, **changes: Any) -> Reply:
    poll = {"token": "t0ken", "endpoint": f"{remote.url}/login/v2/poll"}
    told = {"poll": poll, "login": f"{remote.url}/login/v2/flow/x"} | changes
    return Reply(200, json.dumps(told).encode(), JSON)


def begun(remote: DavServer) -> Flow:
    return Flow(page="", endpoint=f"{remote.url}/login/v2/poll", token="t0ken")  # noqa: S106


def test_it_begins_with_a_page_for_the_browser(remote: DavServer, server: Server) -> None:
    remote.twist = lambda _: beginning(remote)

    flow = nextcloud.begin(server, f"{remote.url}/nc/")

    assert flow.page == f"{remote.url}/login/v2/flow/x"
    assert "t0ken" not in repr(flow)
    (request,) = remote.log
    assert (request.method, request.path) == ("POST", "/nc/index.php/login/v2")
    assert request.user is None
    assert request.headers["user-agent"] == "afterword"


def test_it_is_waited_for_until_access_is_granted(remote: DavServer, server: Server) -> None:
    pauses = list[float]()
    granted = {"server": remote.url, "loginName": "sam", "appPassword": "a-b-c"}

    def twist(_: Request) -> Reply:
        return Reply(404) if len(remote.log) < 4 else Reply(200, json.dumps(granted).encode(), JSON)

    remote.twist = twist

    found = nextcloud.wait(server, begun(remote), pauses.append)

    assert found == Granted(user="sam", password="a-b-c")  # noqa: S106
    assert "a-b-c" not in repr(found)
    assert len(pauses) == 3
    assert {request.body for request in remote.log} == {b"token=t0ken"}


def test_waiting_has_an_end(
    remote: DavServer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nextcloud, "_TRIES", 3)
    remote.twist = lambda _: Reply(404)

    with pytest.raises(TryLaterError, match="nobody granted access"):
        nextcloud.wait(server, begun(remote), lambda _: None)


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
    remote: DavServer, server: Server, changes: dict[str, Any]
) -> None:
    remote.twist = lambda _: beginning(remote, **changes)

    with pytest.raises(RefusedError):
        nextcloud.begin(server, remote.url)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404),
        Reply(405),
        Reply(200, b"[]", JSON),
        Reply(200, b"{", JSON),
        Reply(200, b"\xff\xfe", JSON),
        Reply(200, b"<html>", {"Content-Type": "text/html"}),
        Reply(302, headers={"Location": "https://evil.example/"}),
    ],
    ids=["404", "405", "a list", "broken", "no text", "a page", "a redirect"],
)
def test_what_is_no_nextcloud_is_told(remote: DavServer, server: Server, reply: Reply) -> None:
    remote.twist = lambda _: reply

    with pytest.raises(RefusedError):
        nextcloud.begin(server, remote.url)
