"""The fault proxy breaks the request that it is asked to break, and no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import (  # noqa: TID251 - a client that hides nothing of what arrives
    HTTPConnection,
    IncompleteRead,
    RemoteDisconnected,
)

import pytest

from tests.sync.fault_proxy import (
    Call,
    Drop,
    Fault,
    Hang,
    Remove,
    Reply,
    Request,
    Reset,
    Rule,
    Truncate,
    When,
    fault_proxy,
)
from tests.sync.http import DavServer, serving
from tests.sync.http import Reply as Answer

BODY = b"<all>of the response</all>"


@pytest.fixture
def server() -> Iterator[DavServer]:
    def answer(_: object) -> Answer:
        return Answer(207, BODY, {"X-Own": "kept"})

    with serving(DavServer(twist=answer)) as running:
        yield running


def ask(url: str, method: str = "PUT") -> tuple[int, bytes]:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, "/dav/x.ics", b"BEGIN:VCALENDAR", {"If-None-Match": "*"})
        with connection.getresponse() as response:
            return response.status, response.read()
    finally:
        connection.close()


def test_a_request_passes_unchanged_both_ways(server: DavServer) -> None:
    with fault_proxy(server.url) as proxy:
        assert ask(proxy.url) == (207, BODY)
    (request,) = server.log
    assert (request.method, request.path, request.body) == ("PUT", "/dav/x.ics", b"BEGIN:VCALENDAR")
    assert request.headers["if-none-match"] == "*"
    assert proxy.log == [Request("PUT", "/dav/x.ics")]


@pytest.mark.parametrize(("when", "seen"), [("request", 0), ("response", 1)])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Drop(), RemoteDisconnected),
        (Reset(), ConnectionResetError),
        (Hang(0.01), RemoteDisconnected),
        (Call(lambda: None), RemoteDisconnected),
    ],
    ids=["drop", "reset", "hang", "call"],
)
def test_a_connection_that_is_cut_off(
    server: DavServer, fault: Fault, error: type[Exception], when: When, seen: int
) -> None:
    with fault_proxy(server.url, Rule.once(fault, when)) as proxy:
        with pytest.raises(error) as caught:
            ask(proxy.url)
        assert caught.type is error
        assert len(server.log) == seen
        assert ask(proxy.url) == (207, BODY)


@pytest.mark.parametrize(("when", "seen"), [("request", 0), ("response", 1)])
def test_a_response_of_its_own(server: DavServer, when: When, seen: int) -> None:
    with fault_proxy(server.url, Rule.once(Reply(503, {"Retry-After": "2"}, "no"), when)) as proxy:
        assert ask(proxy.url) == (503, b"no")
        assert len(server.log) == seen


def test_half_of_a_body_arrives_under_its_full_length(server: DavServer) -> None:
    with (
        fault_proxy(server.url, Rule.once(Truncate(), "response")) as proxy,
        pytest.raises(IncompleteRead) as caught,
    ):
        ask(proxy.url)
    assert (caught.value.partial, caught.value.expected) == (BODY[:13], 13)


def test_a_part_of_the_body_is_removed(server: DavServer) -> None:
    with fault_proxy(server.url, Rule.once(Remove("of the "), "response")) as proxy:
        assert ask(proxy.url) == (207, b"<all>response</all>")


def test_a_function_is_called_before_the_server_sees_the_request(server: DavServer) -> None:
    seen: list[int] = []
    rule = Rule.once(Call(lambda: seen.append(len(server.log))))
    with fault_proxy(server.url, rule) as proxy, pytest.raises(RemoteDisconnected):
        ask(proxy.url)
    assert seen == [0]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (Rule.once(Reply(500), nth=2), [2]),
        (Rule(fault=Reply(500), first=2, last=3), [2, 3]),
        (Rule(fault=Reply(500), first=3), [3, 4]),
        (Rule(fault=Reply(500), method="PUT"), [1, 2, 3, 4]),
        (Rule(fault=Reply(500), method="DELETE"), []),
    ],
    ids=["the second", "second and third", "from the third on", "a method", "another method"],
)
def test_which_requests_a_rule_breaks(server: DavServer, rule: Rule, broken: list[int]) -> None:
    with fault_proxy(server.url, rule) as proxy:
        statuses = [ask(proxy.url)[0] for _ in range(4)]
    assert [number for number, status in enumerate(statuses, 1) if status == 500] == broken


def test_the_first_of_the_rules_wins_and_new_rules_count_anew(server: DavServer) -> None:
    always = Rule(fault=Reply(503))
    with fault_proxy(server.url, Rule.once(Reply(500)), always) as proxy:
        assert [ask(proxy.url)[0] for _ in range(2)] == [500, 503]
        proxy.use(Rule.once(Reply(507)))
        assert [ask(proxy.url)[0] for _ in range(2)] == [507, 207]


def test_the_end_waits_for_no_request_that_hangs(server: DavServer) -> None:
    failed: list[type[Exception]] = []

    def hang() -> None:
        try:
            ask(proxy.url)
        except RemoteDisconnected as error:
            failed.append(type(error))

    with fault_proxy(server.url, Rule.once(Hang(3600), "response")) as proxy:
        client = threading.Thread(target=hang)
        client.start()
        while not server.log:
            client.join(0.01)
    client.join()
    assert failed == [RemoteDisconnected]


def test_an_error_of_the_proxy_itself_is_raised() -> None:
    def fail() -> None:
        raise LookupError

    with (
        pytest.raises(LookupError),
        fault_proxy("http://127.0.0.1:1", Rule.once(Call(fail))) as proxy,
        pytest.raises(RemoteDisconnected),
    ):
        ask(proxy.url)
