"""Requests through the caldav library: which server gets them, and which responses count."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import itertools
import logging
import socket
import threading
import tracemalloc
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from caldav.calendarobjectresource import Event
from caldav.davclient import DAVClient

from afterword.dav import dav_xml
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login, Timeouts
from afterword.dav.interface import (
    BusyError,
    EventRejectedError,
    ForbiddenError,
    LockedError,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    RedirectError,
    ServerFaultError,
    UidConflictError,
    UnsupportedReportError,
)
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.dav.responses import ConnectionLostError
from afterword.dav.tls import UntrustedError
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError
from tests import secure
from tests.sync.http import (
    CALENDAR,
    HOME,
    PASSWORD,
    USER,
    DavServer,
    Reply,
    Request,
    multistatus,
    serving,
)
from tests.sync.model import Refusal

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
UID = "00000001-5f0e-5a3c-9b1d-0c2f4e6a8b0d"
BODY = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{UID}\r\nSUMMARY:private\r\n".encode()
SIGNED = {"authorization": f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"}
QUICK = Timeouts(connect=5.0, read=5.0, total=0.5)


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


OPENED: list[DavClient] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close the connections of a test behind it."""
    yield
    while OPENED:
        OPENED.pop().close()


def server_of(
    remote: DavServer,
    *,
    timeouts: Timeouts | None = None,
    password: str | None = PASSWORD,
    trusted: str | None = None,
) -> DavClient:
    login = Login(user=USER, password=password) if password else None
    OPENED.append(DavClient(remote.url, login, now=lambda: NOW, timeouts=timeouts, ca_file=trusted))
    return OPENED[-1]


def calendar_of(remote: DavServer, *, timeouts: Timeouts | None = None) -> RemoteCalendar:
    return RemoteCalendar(server_of(remote, timeouts=timeouts), remote.url + CALENDAR)


def put(calendar: RemoteCalendar) -> str | None:
    return calendar.put(calendar.href(UID), BODY, etag=None, new=True)


def conditions(request: Request) -> tuple[str, dict[str, str]]:
    """Return the method of a request, and the conditions under which it is done."""
    given = {name: request.headers.get(name) for name in ("if-match", "if-none-match")}
    return request.method, {name: value for name, value in given.items() if value is not None}


class TestCollection:
    def test_what_is_stored_is_told_with_its_etag(self, remote: DavServer) -> None:
        calendar = calendar_of(remote)
        before = calendar.changes(None)
        etag = put(calendar)
        after = calendar.changes(before.token)
        href = calendar.href(UID)
        assert (after.etags, after.whole) == ({href: etag}, False)
        assert calendar.listing().etags == {href: etag}
        found = calendar.fetch([href, calendar.href(UID.replace("1", "2"))])
        assert {one.href: (one.etag, one.body) for one in found.values()} == {
            href: (etag, BODY.replace(b"\r\n", b"\n"))
        }
        calendar.delete(href, etag=etag)
        assert calendar.changes(after.token).gone == {href}
        assert calendar.requests == len(remote.log) == 7

    def test_no_write_can_overwrite_what_we_have_not_seen(self, remote: DavServer) -> None:
        calendar = calendar_of(remote)
        href = calendar.href(UID)
        first = calendar.put(href, BODY, etag=None, new=True)
        second = calendar.put(href, BODY, etag=first, new=False)
        calendar.delete(href, etag=second)
        assert [conditions(request) for request in remote.log] == [
            ("PUT", {"if-none-match": "*"}),
            ("PUT", {"if-match": first}),
            ("DELETE", {"if-match": second}),
        ]

    @pytest.mark.parametrize("new", [True, False], ids=["created elsewhere", "changed elsewhere"])
    def test_a_write_that_comes_too_late_changes_nothing(
        self, remote: DavServer, *, new: bool
    ) -> None:
        calendar = calendar_of(remote)
        href = calendar.href(UID)
        name = href.removeprefix(CALENDAR)
        etag = None if new else put(calendar)
        theirs = BODY.replace(b"private", b"theirs")
        remote.model.store(name, theirs)
        with pytest.raises(PreconditionFailedError):
            calendar.put(href, BODY, etag=etag, new=new)
        assert remote.model.objects[name][0] == theirs

    def test_a_connection_that_the_server_has_closed_is_opened_again(
        self, remote: DavServer
    ) -> None:
        body = multistatus("<sync-token>t:1</sync-token>").body
        head = f"HTTP/1.1 207 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        closing = {2, 4}
        remote.twist = lambda _: (
            Reply(raw=iter([head.encode() + body])) if len(remote.log) in closing else None
        )
        calendar = calendar_of(remote)
        for _ in range(5):
            calendar.changes(None)
        assert calendar.requests == len(remote.log) == 5

    def test_one_connection_carries_all_requests(self, remote: DavServer) -> None:
        refusals = iter([Reply(404), Reply(412, b"x" * 10_000), Reply(500, b"oops")])
        remote.twist = lambda _: next(refusals, None)
        calendar = calendar_of(remote)
        for _ in range(3):
            with contextlib.suppress(AfterwordError):
                put(calendar)
        calendar.put(calendar.href(UID), BODY, etag=put(calendar), new=False)
        assert set(calendar.listing().etags) == set(calendar.changes(None).etags)
        assert (len(remote.log), remote.connections) == (7, 1)

    def test_what_was_too_large_is_not_read_on(self, remote: DavServer) -> None:
        remote.twist = lambda _: Reply(body=b" " * 11 * 2**20) if len(remote.log) == 1 else None
        calendar = calendar_of(remote)
        with pytest.raises(RefusedError, match="more than 10 MB"):
            calendar.changes(None)
        assert calendar.listing().etags == {}
        assert remote.connections == 2

    def test_a_question_is_asked_again_where_the_server_closed_meanwhile(
        self, remote: DavServer
    ) -> None:
        remote.twist = lambda _: Reply(raw=iter([])) if len(remote.log) == 2 else None
        calendar = calendar_of(remote)
        assert calendar.listing() == calendar.listing()
        assert remote.methods() == ["PROPFIND"] * 3

    def test_a_write_is_never_sent_again(self, remote: DavServer) -> None:
        remote.twist = lambda _: Reply(raw=iter([])) if len(remote.log) == 2 else None
        calendar = calendar_of(remote)
        calendar.listing()
        with pytest.raises(OutcomeUnknownError):
            put(calendar)
        assert remote.methods() == ["PROPFIND", "PUT"]

    @pytest.mark.parametrize("status", [204, 404, 412, 500])
    def test_what_follows_a_refusal_is_not_mixed_up_with_it(
        self, remote: DavServer, status: int
    ) -> None:
        remote.twist = lambda _: (
            Reply(status, b"x" * 100_000 * (status != 204)) if len(remote.log) == 1 else None
        )
        calendar = calendar_of(remote)
        with contextlib.suppress(AfterwordError):
            put(calendar)
        assert put(calendar)
        assert set(calendar.listing().etags) == {calendar.href(UID)}

    def test_an_object_that_is_read_alone_is_as_it_was_sent(self, remote: DavServer) -> None:
        body = BODY + "DESCRIPTION:é\r\n".encode()
        remote.model.store("x.ics", body)
        answer = server_of(remote).request("GET", f"{remote.url}{CALENDAR}x.ics")
        assert (answer.body, answer.tree) == (body, None)

    def test_objects_are_fetched_by_fifties(self, remote: DavServer) -> None:
        calendar = calendar_of(remote)
        hrefs = [calendar.href(f"{number:08x}") for number in range(120)]
        for href in hrefs:
            remote.model.store(href.removeprefix(CALENDAR), b"UID:x\r\n")
        assert set(calendar.fetch(hrefs)) == set(hrefs)
        assert calendar.requests == 3

    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (412, "", PreconditionFailedError),
            (409, "", UidConflictError),
            (403, "<error><no-uid-conflict/></error>", UidConflictError),
            (400, "Calendar object with uid already exists", UidConflictError),
            (400, "bad", EventRejectedError),
            (403, "no", ForbiddenError),
            (405, "", ForbiddenError),
            (403, "<error xmlns='DAV:'><need-privileges/></error>", RefusedError),
            (404, "", NotFoundError),
            (410, "", NotFoundError),
            (413, "", EventRejectedError),
            (415, "", EventRejectedError),
            (423, "", LockedError),
            (507, "", EventRejectedError),
            (500, "", ServerFaultError),
            (502, "", OutcomeUnknownError),
            (503, "", OutcomeUnknownError),
            (401, "", LoginError),
            (301, "", RedirectError),
        ],
    )
    def test_every_refusal_of_a_write_has_its_meaning(
        self, remote: DavServer, status: int, body: str, kind: type[Exception]
    ) -> None:
        remote.twist = lambda _: Reply(status, body.encode())
        with pytest.raises(AfterwordError) as caught:
            put(calendar_of(remote))
        assert type(caught.value) is kind
        assert len(remote.log) == 1

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("7", 7.0),
            ("Tue, 24 Nov 2026 09:01:00 GMT", 60.0),
            ("Tue, 24 Nov 2020 09:01:00 GMT", 0.0),
        ],
    )
    def test_a_busy_server_says_for_how_long(
        self, remote: DavServer, value: str, seconds: float
    ) -> None:
        remote.twist = lambda _: Reply(503, headers={"Retry-After": value})
        with pytest.raises(BusyError) as caught:
            put(calendar_of(remote))
        assert caught.value.seconds == seconds

    @pytest.mark.parametrize("status", [404, 410])
    @pytest.mark.parametrize("ask", [lambda one: one.changes(None), lambda one: one.listing()])
    def test_a_calendar_that_is_not_there_is_told_with_the_next_step(
        self, remote: DavServer, status: int, ask: Callable[[RemoteCalendar], object]
    ) -> None:
        remote.twist = lambda _: Reply(status)
        with pytest.raises(NotFoundError) as caught:
            ask(calendar_of(remote))
        assert remote.url + CALENDAR in caught.value.message
        assert "`afterword calendars` finds your calendars" in caught.value.message

    def test_a_place_of_calendars_is_no_calendar(self, remote: DavServer) -> None:
        home = RemoteCalendar(server_of(remote), remote.url + HOME)
        with pytest.raises(RefusedError, match=f"{HOME} is no calendar.*`afterword calendars`"):
            home.listing()

    def test_a_token_is_refused_that_is_lost_or_unsupported(self, remote: DavServer) -> None:
        calendar = calendar_of(remote)
        with pytest.raises(UnsupportedReportError):
            calendar.changes("old")
        remote.model.knows_tokens = False
        with pytest.raises(UnsupportedReportError):
            calendar.changes(None)

    def test_an_answer_without_a_token_is_no_answer(self, remote: DavServer) -> None:
        remote.twist = lambda _: multistatus()
        with pytest.raises(UnsupportedReportError):
            calendar_of(remote).changes("t:1")

    def test_a_list_in_pages_is_read_to_its_end(self, remote: DavServer) -> None:
        pages = iter(
            [
                f"<response><href>{CALENDAR}</href><status>HTTP/1.1 507 Full</status></response>"
                f"<sync-token>t:{number}</sync-token>"
                for number in (1, 2)
            ]
        )
        for _ in range(3):
            remote.model.store("a.ics", b"UID:a\r\n")
        remote.twist = lambda _: (
            multistatus(*page) if (page := [*itertools.islice(pages, 1)]) else None
        )
        found = calendar_of(remote).changes(None)
        assert (set(found.etags), found.whole) == ({f"{CALENDAR}a.ics"}, True)
        assert len(remote.log) == 3

    def test_an_old_server_that_fails_for_one_missing_object_is_asked_for_each(
        self, remote: DavServer
    ) -> None:
        remote.twist = lambda request: Reply(404) if request.method == "REPORT" else None
        calendar = calendar_of(remote)
        put(calendar)
        href = calendar.href(UID)
        found = calendar.fetch([href, calendar.href(UID.replace("1", "2"))])
        assert [one.body for one in found.values()] == [BODY]

    @pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "%2e%2e", "UID WITH BLANKS"])
    def test_nothing_but_a_name_of_ours_is_ever_written_to(
        self, remote: DavServer, name: str
    ) -> None:
        calendar = calendar_of(remote)
        with pytest.raises(ValueError, match="UID"):
            calendar.href(name)
        for href in (CALENDAR, "/", "", f"{CALENDAR}a/b.ics", "/dav/sam/other/x.ics"):
            with pytest.raises(ValueError, match="not in"):
                calendar.put(href, BODY, etag=None, new=True)
        assert remote.log == []


def forever(piece: bytes, count: int = 10**6, head: bytes = b"") -> Iterator[bytes]:
    """Send the pieces slowly, as one who wants to keep us waiting."""
    import time

    yield b"HTTP/1.1 207 OK\r\nContent-Type: text/xml\r\n" + head
    for _ in range(count):
        time.sleep(0.02)
        yield piece


def flood() -> Iterator[bytes]:
    yield b"HTTP/1.1 207 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n"
    yield from itertools.repeat(b" " * (1 << 20), 40)


def packed(body: bytes, encoding: str = "gzip") -> Reply:
    return Reply(207, body, {"Content-Encoding": encoding, "Content-Type": "text/xml"})


def xml(text: str, status: int = 207, kind: str = "text/xml") -> Reply:
    return Reply(status, text.encode("utf-8", "surrogatepass"), {"Content-Type": kind})


LAUGHS = "<!DOCTYPE m [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)
)
HOSTILE: dict[str, Callable[[], Reply]] = {
    "a login page": lambda: xml("<html><body>Log in</body></html>", 200, "text/html"),
    "a login page as 207": lambda: xml("<html><body>Log in</body></html>", 207, "text/html"),
    "empty": lambda: xml(""),
    "empty with 200": lambda: xml("", 200),
    "unclosed": lambda: xml('<multistatus xmlns="DAV:"><response>'),
    "another document": lambda: xml("<error xmlns='DAV:'/>"),
    "plain text": lambda: xml("hello", 200, "text/plain"),
    "garbage": lambda: Reply(raw=iter([b"\x00\xff\x17 garbage\r\n\r\n"])),
    "nothing": lambda: Reply(raw=iter([])),
    "half": lambda: Reply(raw=iter([b"HTTP/1.1 207 OK\r\nContent-Length: 900\r\n\r\n<multi"])),
    "a failure inside": lambda: multistatus(
        f"<response><href>{CALENDAR}x.ics</href><propstat><prop><getetag/></prop>"
        "<status>HTTP/1.1 500 Oops</status></propstat></response>"
    ),
    "a billion laughs": lambda: xml(
        f'{LAUGHS}]><multistatus xmlns="DAV:"><response><href>&l9;</href></response></multistatus>'
    ),
    "laughs of one kind": lambda: xml(
        f'<!DOCTYPE m [<!ENTITY a "{"a" * 50_000}">]><multistatus xmlns="DAV:">{"&a;" * 5_000}'
    ),
    "laughs in an attribute": lambda: xml(
        f'{LAUGHS}]><multistatus xmlns="DAV:"><response a="&l9;"><x/></response></multistatus>'
    ),
    "laughs in two bytes each": lambda: Reply(
        207,
        f"{LAUGHS}]><m>&l9;</m>".encode("utf-16"),
        {"Content-Type": "text/xml"},
    ),
    "no beginning": lambda: xml("<?x?>" * 20_000 + "!"),
    "a full disk inside": lambda: multistatus(
        f"<response><href>{CALENDAR}x.ics</href><propstat><prop><getetag/></prop>"
        "<status>HTTP/1.1 507 Full</status></propstat></response>"
    ),
    "only a promise": lambda: Reply(raw=iter([b"HTTP/1.1 103 Early Hints\r\n\r\n"])),
    "an image": lambda: Reply(207, b"\x89PNG", {"Content-Type": "image/png"}),
    "very deep": lambda: xml("<a>" * 100_000),
    "no XML characters": lambda: xml('<multistatus xmlns="DAV:">\x00\x1b</multistatus>'),
    "blanks, compressed": lambda: packed(gzip.compress(b" " * 10**6)),
    "a bomb": lambda: packed(gzip.compress(b" " * 60 * 2**20)),
    "a bomb in a bomb": lambda: packed(
        gzip.compress(gzip.compress(b" " * 60 * 2**20)), "gzip, gzip"
    ),
    "compressed, and cut off": lambda: packed(gzip.compress(b"<multistatus/>")[:-9]),
    "compressed, it says": lambda: packed(b"<multistatus/>"),
    "compressed as nobody can": lambda: packed(b"<multistatus/>", "br\x1b[2J"),
    "a flood": lambda: Reply(raw=flood()),
    "a dripping body": lambda: Reply(raw=forever(b" ", head=b"Content-Length: 999999\r\n\r\n")),
    "dripping headers": lambda: Reply(raw=forever(b"X: y\r\n")),
    "silence": lambda: Reply(raw=forever(b"", 60)),
    "endless headers": lambda: Reply(raw=itertools.chain(forever(b"", 0), [b"X: y\r\n" * 9999])),
    "a redirect in a circle": lambda: Reply(302, headers={"Location": CALENDAR}),
    "a redirect to nowhere": lambda: Reply(302, headers={"Location": "\x1b]0;x\x07"}),
}


class TestCompression:
    @pytest.mark.parametrize(
        ("encoding", "compress"),
        [
            ("gzip", gzip.compress),
            ("X-Gzip", gzip.compress),
            ("deflate", zlib.compress),
            ("identity", bytes),
        ],
    )
    def test_what_is_compressed_unasked_is_unpacked(
        self, remote: DavServer, encoding: str, compress: Callable[[bytes], bytes]
    ) -> None:
        remote.model.store("a.ics", BODY)
        listed = remote.answer(Request("PROPFIND", CALENDAR, SIGNED | {"depth": "1"}, b""))
        remote.twist = lambda _: packed(compress(listed.body), encoding)
        calendar = calendar_of(remote)
        assert set(calendar.listing().etags) == {f"{CALENDAR}a.ics"}
        assert remote.log[-1].headers["accept-encoding"] == "identity"

    def test_a_bomb_is_stopped_at_the_limit(self, remote: DavServer) -> None:
        bomb = gzip.compress(b" " * 80 * 2**20)
        remote.twist = lambda _: packed(bomb)
        calendar = calendar_of(remote)
        tracemalloc.start()
        try:
            with pytest.raises(RefusedError, match="more than 10 MB"):
                calendar.listing()
            assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
        finally:
            tracemalloc.stop()

    def test_what_is_large_but_fits_is_read(self, remote: DavServer) -> None:
        remote.twist = lambda _: packed(
            gzip.compress(multistatus(f"<!--{'x' * 9 * 2**20}--><sync-token>t:1</sync-token>").body)
        )
        assert calendar_of(remote).changes(None).whole


class TestHostileAnswers:
    @pytest.mark.parametrize("name", HOSTILE)
    @pytest.mark.parametrize("ask", ["changes", "listing", "fetch"])
    def test_it_ends_in_one_line_of_ours(self, remote: DavServer, name: str, ask: str) -> None:
        remote.twist = lambda _: HOSTILE[name]()
        calendar = calendar_of(remote, timeouts=QUICK)
        href = calendar.href(UID)
        asks: dict[str, Callable[[], object]] = {
            "changes": lambda: calendar.changes("t:0"),
            "listing": calendar.listing,
            "fetch": lambda: calendar.fetch([href]),
        }
        with pytest.raises(AfterwordError) as caught:
            asks[ask]()
        told = str(caught.value)
        assert told.isprintable()
        assert len(told) < 600
        # Of a list that is too long, the part that matters is asked for by itself.
        assert len(remote.log) == 1 + ((name, ask) == ("a flood", "listing"))

    @pytest.mark.parametrize(
        "name", sorted(set(HOSTILE) - {"empty with 200", "plain text", "empty"})
    )
    def test_a_write_is_never_taken_for_done(self, remote: DavServer, name: str) -> None:
        """What is XML enough to parse is looked at again: there was no ETag."""
        remote.twist = lambda _: HOSTILE[name]()
        try:
            etag = put(calendar_of(remote, timeouts=QUICK))
        except AfterwordError:
            return
        assert etag is None

    @pytest.mark.parametrize("name", ["a login page", "plain text", "an image"])
    def test_a_removal_is_never_taken_for_done(self, remote: DavServer, name: str) -> None:
        remote.twist = lambda _: HOSTILE[name]()
        calendar = calendar_of(remote, timeouts=QUICK)
        with pytest.raises(AfterwordError):
            calendar.delete(calendar.href(UID), etag=None)

    def test_an_etag_of_somebody_else_is_none(self, remote: DavServer) -> None:
        remote.twist = lambda _: Reply(200, b"hello", {"Content-Type": "text/plain", "ETag": '"1"'})
        assert put(calendar_of(remote)) is None

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE m SYSTEM "{url}/m.dtd"><multistatus xmlns="DAV:"/>',
            '<!DOCTYPE m [<!ENTITY % p SYSTEM "{url}/p"> %p;]><multistatus xmlns="DAV:"/>',
            (
                '<!DOCTYPE m [<!ENTITY x SYSTEM "{url}/x">]><multistatus xmlns="DAV:">&x;'
                "</multistatus>"
            ),
            '<?xml-stylesheet href="{url}/s"?><multistatus xmlns="DAV:"/>',
        ],
        ids=["a type", "a parameter", "an entity", "a style"],
    )
    def test_nothing_is_fetched_for_an_answer(self, remote: DavServer, declared: str) -> None:
        with serving(DavServer()) as other:
            remote.twist = lambda _: xml(declared.format(url=other.url))
            with contextlib.suppress(RefusedError):
                assert calendar_of(remote).listing().etags == {}
            assert (other.log, len(remote.log)) == ([], 1)

    def test_no_file_is_read_for_an_answer(self, remote: DavServer) -> None:
        remote.twist = lambda _: xml(
            '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><multistatus xmlns="DAV:">'
            f"<response><href>{CALENDAR}&x;</href></response></multistatus>"
        )
        with pytest.raises(RefusedError, match="document type"):
            calendar_of(remote).listing()

    def test_an_unknown_encoding_is_refused(self, remote: DavServer) -> None:
        remote.twist = lambda _: xml('<?xml version="1.0" encoding="x-unknown"?><multistatus/>')
        with pytest.raises(RefusedError, match="unknown encoding"):
            calendar_of(remote).listing()

    def test_hosts_of_others_in_a_list_are_nobodys(self, remote: DavServer) -> None:
        foreign = (
            "<response><href>https://evil.example/dav/sam/jobs/x.ics</href><propstat><prop>"
            '<getetag>"1"</getetag></prop></propstat></response>'
            "<response><href>//evil.example/x.ics</href></response>"
            "<response><href>javascript:alert(1)</href></response>"
            "<sync-token>t:1</sync-token>"
        )
        remote.twist = lambda _: multistatus(foreign)
        assert calendar_of(remote).changes(None).etags == {}


class TestTrust:
    @pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
    @pytest.mark.parametrize("elsewhere", [False, True], ids=["same", "other"])
    def test_no_redirect_is_followed(self, remote: DavServer, status: int, elsewhere: bool) -> None:
        with serving(DavServer()) as other:
            place = (other if elsewhere else remote).url + "/login"
            remote.twist = lambda _: Reply(status, headers={"Location": place})
            with pytest.raises(RedirectError) as caught:
                put(calendar_of(remote))
            assert caught.value.location == place
            assert (other.log, len(remote.log)) == ([], 1)

    def test_another_server_is_never_spoken_to(self, remote: DavServer) -> None:
        with serving(DavServer()) as other, pytest.raises(RefusedError, match="nothing was sent"):
            server_of(remote).request("PROPFIND", f"{other.url}/")
        assert other.log == []

    def test_one_server_may_be_spelt_in_several_ways(self, remote: DavServer) -> None:
        port = remote.url.rpartition(":")[2]
        server = DavClient(
            f"http://localhost:{port}",
            Login(user=USER, password=PASSWORD),
            now=lambda: NOW,
        )
        OPENED.append(server)
        remote.twist = lambda _: Reply(200)
        for place in ("/a/b?c=d", "/", ""):
            server.request("OPTIONS", f"HTTP://LocalHost:{port}{place}")
        assert [request.path for request in remote.log] == ["/a/b?c=d", "/", "/"]

    def test_a_wrong_password_goes_out_once(self, remote: DavServer) -> None:
        server = server_of(remote, password="wrong")  # noqa: S106 - it is
        with pytest.raises(LoginError):
            RemoteCalendar(server, remote.url + CALENDAR).changes(None)
        assert len(remote.log) == 1

    def test_a_digest_login_is_answered_once(self, remote: DavServer) -> None:
        challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
        remote.twist = lambda _: Reply(401, headers={"WWW-Authenticate": challenge})
        with pytest.raises(LoginError):
            calendar_of(remote).changes(None)
        schemes = [request.headers["authorization"].split()[0] for request in remote.log[::2]]
        assert schemes[0] == "Basic"
        assert len(remote.log) <= 3

    def test_several_at_once_may_learn_of_a_digest_login(self, remote: DavServer) -> None:
        together = threading.Barrier(2, timeout=10)

        def twist(request: Request) -> Reply:
            scheme = request.headers.get("authorization", "").partition(" ")[0]
            if scheme == "Basic":
                together.wait()
            challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
            return Reply(
                200 if scheme == "Digest" else 401, headers={"WWW-Authenticate": challenge}
            )

        remote.twist = twist
        server = server_of(remote)
        with ThreadPoolExecutor(2) as threads:
            answers = threads.map(
                lambda url: server.request("OPTIONS", url), [remote.url + "/"] * 2
            )
            assert [answer.body for answer in answers] == [b"", b""]

    def test_a_number_of_ipv6_needs_no_port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = list[tuple[object, ...]]()

        def connect(_: socket.socket, address: tuple[object, ...]) -> None:
            asked.append(address[:2])
            raise ConnectionRefusedError

        monkeypatch.setattr(socket.socket, "connect", connect)
        with pytest.raises(ConnectionLostError):
            DavClient("http://[::1]/", None, now=lambda: NOW).request("OPTIONS", "http://[::1]/")
        assert asked == [("::1", 80)]

    @pytest.mark.parametrize("name", ["CALDAV_URL", "CALDAV_USERNAME", "CALDAV_PASSWORD"])
    def test_what_other_tools_are_told_has_no_say(
        self, remote: DavServer, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, "http://127.0.0.1:1/mallory")
        monkeypatch.setenv("PYTHON_CALDAV_USE_TEST_SERVER", "1")
        folder = home / ".config" / "caldav"
        folder.mkdir(parents=True)
        written = '{"default": {"caldav_url": "http://127.0.0.1:1/", "caldav_user": "mallory"}}'
        for place in (folder / "calendar.conf", home / ".config" / "calendar.conf"):
            place.write_text(written)
        calendar_of(remote).changes(None)
        assert [request.user for request in remote.log] == [f"{USER}:{PASSWORD}"]

    def test_netrc_has_no_say(self, remote: DavServer, home: Path) -> None:
        netrc = home / ".netrc"
        netrc.write_text("machine 127.0.0.1 login mallory password fromnetrc\n")
        netrc.chmod(0o600)
        calendar_of(remote).changes(None)
        anonymous = server_of(remote, password=None)
        with pytest.raises(LoginError):
            RemoteCalendar(anonymous, remote.url + CALENDAR).changes(None)
        assert [request.user for request in remote.log] == [f"{USER}:{PASSWORD}", None]

    def test_nothing_private_reaches_a_log(
        self, remote: DavServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for name in ("caldav", "niquests", "urllib3", "urllib3_future"):
            caplog.set_level(logging.DEBUG, logger=name)
        logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)
        put(calendar_of(remote))
        for secret in ("private", PASSWORD, "c2FtOnM"):
            assert secret not in caplog.text

    def test_a_login_shows_no_password(self) -> None:
        assert PASSWORD not in repr(Login(user=USER, password=PASSWORD))

    def test_nobody_there_is_told_plainly(self, remote: DavServer) -> None:
        calendar = RemoteCalendar(
            DavClient("http://127.0.0.1:1", None, now=lambda: NOW),
            "http://127.0.0.1:1/x/",
        )
        with pytest.raises(TryLaterError, match="Connection refused") as caught:
            calendar.changes(None)
        assert "0x" not in caught.value.message
        assert remote.log == []


class TestCertificates:
    @pytest.fixture
    def trusted(self, tmp_path: Path) -> Path:
        return tmp_path / "authority.pem"

    @pytest.fixture
    def remote(self, trusted: Path) -> Iterator[DavServer]:
        issuer, _ = secure.authority(trusted.parent)
        with serving(DavServer(), secure.identity(issuer, "localhost")) as server:
            yield server

    def ask(self, remote: DavServer, host: str, trusted: Path | None) -> None:
        url = remote.url.replace("127.0.0.1", host)
        server = DavClient(
            url,
            Login(user=USER, password=PASSWORD),
            now=lambda: NOW,
            ca_file=str(trusted) if trusted else None,
        )
        OPENED.append(server)
        RemoteCalendar(server, url + CALENDAR).changes(None)

    def test_one_of_its_own_is_taken_once_it_is_named(
        self, remote: DavServer, trusted: Path
    ) -> None:
        self.ask(remote, "localhost", trusted)
        assert len(remote.log) == 1

    def test_the_file_for_all_programs_counts_too(
        self, remote: DavServer, trusted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        self.ask(remote, "localhost", None)
        assert len(remote.log) == 1

    def test_a_file_for_all_programs_that_is_not_there_does_not(
        self, remote: DavServer, trusted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted.with_name("missing.pem")))
        with pytest.raises(UntrustedError, match="--ca-file"):
            self.ask(remote, "localhost", None)

    def test_and_only_then(self, remote: DavServer) -> None:
        with pytest.raises(UntrustedError, match="--ca-file"):
            self.ask(remote, "localhost", None)
        assert remote.log == []

    def test_and_only_for_its_host(self, remote: DavServer, trusted: Path) -> None:
        with pytest.raises(UntrustedError, match="mismatch"):
            self.ask(remote, "127.0.0.1", trusted)
        assert remote.log == []


class TestLibrary:
    """What is worked around: where a newer version changes it, this is where it shows."""

    @pytest.fixture
    def client(self, remote: DavServer) -> Iterator[DAVClient]:
        with DAVClient(
            remote.url, username=USER, password=PASSWORD, auth_type="basic", enable_rfc6764=False
        ) as client:
            yield client

    def test_it_follows_the_redirect_of_a_write_and_calls_it_done(
        self, remote: DavServer, client: DAVClient
    ) -> None:
        def twist(request: Request) -> Reply:
            if request.method == "PUT":
                return Reply(302, headers={"Location": "/login"})
            return xml("<html/>", 200, "text/html")

        remote.twist = twist
        answer = client.put(f"{remote.url}{CALENDAR}x.ics", "BEGIN:VCALENDAR")
        assert answer.status == 200
        assert remote.methods() == ["PUT", "GET"]

    def test_it_takes_a_page_for_an_answer(self, remote: DavServer, client: DAVClient) -> None:
        remote.twist = lambda _: xml("<html/>", 200, "text/html")
        assert client.put(f"{remote.url}{CALENDAR}x.ics", "x").status == 200

    def test_it_has_no_time_limit_of_its_own(self, client: DAVClient) -> None:
        assert client.timeout is None

    def test_it_listens_to_proxies_and_netrc(self, client: DAVClient) -> None:
        assert client.session.trust_env

    def test_it_takes_the_address_for_the_user_where_nobody_says_who_that_is(
        self, remote: DavServer, client: DAVClient
    ) -> None:
        remote.twist = lambda _: multistatus(
            "<response><href>/</href><propstat><prop/><status>HTTP/1.1 200 OK</status></propstat>"
            "</response>"
        )
        assert str(client.get_principal().url).rstrip("/") == remote.url

    def test_it_changes_an_event_and_writes_over_what_is_there(
        self, remote: DavServer, client: Any
    ) -> None:
        event = (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{UID}\r\n"
            "DTSTAMP:20261124T090000Z\r\nDTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\n"
            "SUMMARY:x\r\nSEQUENCE:0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        client.calendar(url=remote.url + CALENDAR).add_event(event)
        sent = next(one for one in remote.log if one.method == "PUT")
        assert b"SEQUENCE:1" in sent.body
        assert "if-none-match" not in sent.headers

    def test_it_reads_a_failure_as_an_event(self, remote: DavServer, client: DAVClient) -> None:
        remote.twist = lambda _: xml("<html>Oops</html>", 500, "text/html")
        event = Event(client=client, url=f"{remote.url}{CALENDAR}x.ics")
        event.load()
        assert "Oops" in str(event.data)

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("a login page", TypeError), ("empty", AttributeError), ("unclosed", SyntaxError)],
    )
    def test_its_failures_have_no_type_of_its_own(
        self, remote: DavServer, client: Any, name: str, kind: type[Exception]
    ) -> None:
        remote.twist = lambda _: HOSTILE[name]()
        calendar = client.calendar(url=remote.url + CALENDAR)
        with pytest.raises(kind):
            calendar.get_objects_by_sync_token("t:1", disable_fallback=True)

    def test_its_answers_have_what_is_read_from_them(
        self, remote: DavServer, client: DAVClient
    ) -> None:
        remote.model.store("x.ics", BODY)
        answer = client.request(f"{remote.url}{CALENDAR}x.ics", "GET")
        assert (answer.headers["ETag"], answer.tree) == (remote.model.listing()["x.ics"], None)
        body = dav_xml.propfind("getetag")
        listed = client.request(remote.url + CALENDAR, "PROPFIND", body.decode(), {"Depth": "1"})
        assert listed.tree is not None
        assert len(list(dav_xml.responses(listed.tree))) == 2


def test_a_refusal_of_the_model_is_one_over_http(remote: DavServer) -> None:
    remote.model.refused_uids = {UID}
    remote.model.uid_refusal = Refusal(403, "no-uid-conflict")
    with pytest.raises(UidConflictError):
        put(calendar_of(remote))
