"""Access tokens that wear out, in front of servers that people use."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import AccessTokens, TokenLogin
from afterword.dav.interface import Resource
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.merge.user_edits import Deleted, FieldEdited
from afterword.errors import LoginError, RefusedError, UsageError
from tests.dav.gates import TokenGate, behind, behind_real
from tests.sync.http import CALENDAR, DavServer, Reply, Request, serving
from tests.sync.people import NOW, Facts, Phone, Tool, uid
from tests.sync.servers import Real, running


@pytest.fixture(scope="module", params=["radicale", "xandikos"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    yield from running(request.param, tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize(("connections", "uses"), [(1, 1), (1, 3), (4, 3)])
def test_a_whole_life_with_tokens_that_wear_out(
    real: Real, tmp_path: Path, connections: int, uses: int
) -> None:
    path = real.calendar().url.removeprefix(real.url)
    gate = TokenGate(behind_real(real), uses=uses)
    tool = Tool(Facts.of(10), tmp_path / "state.sqlite")
    with serving(DavServer(twist=gate)) as remote:
        login = TokenLogin(tokens=AccessTokens(gate.issue))
        with DavClient(remote.url, login, now=lambda: NOW) as client:
            calendar = RemoteCalendar(client, remote.url + path)

            def sync() -> int:
                report = tool.sync(calendar, connections=connections)
                assert (report.failed, report.stopped) == ({}, None)
                return len(report.actions)

            assert (sync(), sync()) == (10, 0)
            tool.facts.change(1)
            body = _fetch(calendar, 2).body
            calendar.put(
                calendar.href(uid(2)),
                Phone().edit(body, summary="Mine"),
                etag=_fetch(calendar, 2).etag,
                new=False,
            )
            calendar.delete(calendar.href(uid(3)), etag=_fetch(calendar, 3).etag)
            assert (sync(), sync()) == (1, 0)
            assert {type(one) for one in tool.facts.log} == {FieldEdited, Deleted}
            tool.lose_state()
            sync()
            assert len(calendar.listing().etags) == 9
    assert len(gate.issued) > 1
    # One refusal for each token that wore out, at most one more for each connection.
    assert gate.refused <= connections * len(gate.issued)


def _fetch(calendar: RemoteCalendar, number: int) -> Resource:
    href = calendar.href(uid(number))
    return calendar.fetch([href])[href]


def test_a_token_that_is_refused_again_ends_it() -> None:
    gate = TokenGate(behind(DavServer()), uses=0)
    with serving(DavServer(twist=gate)) as remote:
        login = TokenLogin(tokens=AccessTokens(gate.issue), hint="look at it")
        with (
            DavClient(remote.url, login, now=lambda: NOW) as client,
            pytest.raises(LoginError) as refused,
        ):
            client.request("OPTIONS", remote.url + CALENDAR)
    assert "refused the access token, and a new one too" in refused.value.message
    assert refused.value.notes == ("look at it",)
    assert (gate.refused, len(gate.issued)) == (2, 2)


def test_nothing_is_fetched_before_a_request_and_each_token_once() -> None:
    gate = TokenGate(behind(DavServer()), uses=9)
    with serving(DavServer(twist=gate)) as remote:
        login = TokenLogin(tokens=AccessTokens(gate.issue))
        with DavClient(remote.url, login, now=lambda: NOW) as client:
            assert gate.issued == []
            for _ in range(3):
                RemoteCalendar(client, remote.url + CALENDAR).listing()
    assert len(gate.issued) == 1


def test_a_token_that_cannot_be_fetched_is_no_refusal() -> None:
    def fetch() -> str:
        raise UsageError("the program is gone")

    with serving(DavServer()) as remote:
        login = TokenLogin(tokens=AccessTokens(fetch))
        with (
            DavClient(remote.url, login, now=lambda: NOW) as client,
            pytest.raises(UsageError, match="the program is gone"),
        ):
            client.request("OPTIONS", remote.url + CALENDAR)
        assert remote.log == []


def test_a_token_goes_to_no_other_host() -> None:
    other = DavServer()
    with serving(other), serving(DavServer()) as remote:
        moved = Reply(307, headers={"Location": other.url + CALENDAR})
        remote.twist = lambda _: moved
        login = TokenLogin(tokens=AccessTokens(lambda: "t0ken"))
        with DavClient(remote.url, login, now=lambda: NOW) as client:
            with pytest.raises(RefusedError):
                client.request("PROPFIND", remote.url + CALENDAR)
            with pytest.raises(RefusedError):
                client.request("PROPFIND", other.url + CALENDAR)
    assert other.log == []


def test_netrc_is_not_used_with_tokens(home: Path) -> None:
    (home / ".netrc").write_text("machine 127.0.0.1 login sam password from-netrc\n")
    (home / ".netrc").chmod(0o600)
    seen: list[str] = []

    def twist(request: Request) -> Reply:
        seen.append(request.headers.get("authorization", ""))
        return Reply(204)

    with serving(DavServer(twist=twist)) as remote:
        login = TokenLogin(tokens=AccessTokens(lambda: "t0ken"))
        with DavClient(remote.url, login, now=lambda: NOW) as client:
            client.request("OPTIONS", remote.url + CALENDAR)
    assert seen == ["Bearer t0ken"]
    assert base64.b64encode(b"sam:from-netrc").decode() not in seen[0]
