"""Rows A14 and A15 of the reliability review: logins, addresses, and hostile answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from afterword.dav import dav_xml
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login, Timeouts
from afterword.dav.discovery import CalendarHome, Discovery
from afterword.dav.interface import NotFoundError, OutcomeUnknownError, UnresponsiveError
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.errors import LoginError, RefusedError, TryLaterError
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, Request, serving
from tests.sync.people import NOW

LOGIN = Login(user=USER, password=PASSWORD)
SHORT = Timeouts(connect=5.0, read=0.4, total=0.4, stall=0.4)


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


def client(remote: DavServer, timeouts: Timeouts | None = None) -> DavClient:
    return DavClient(remote.url, LOGIN, now=lambda: NOW, timeouts=timeouts)


def find(remote: DavServer, address: str) -> CalendarHome:
    with Discovery(lambda _: client(remote), lambda *_: False) as discovery:
        return discovery.find_home(remote.url + address)


class TestA14:
    def test_a_server_that_locks_logins_is_told_and_asked_once(self, remote: DavServer) -> None:
        remote.twist = lambda _: Reply(429)
        with client(remote) as server, pytest.raises(LoginError, match="too many wrong logins"):
            RemoteCalendar(server, remote.url + CALENDAR).listing()
        assert len(remote.log) == 1

    def test_one_that_took_the_login_before_is_only_busy(self, remote: DavServer) -> None:
        with client(remote) as server:
            calendar = RemoteCalendar(server, remote.url + CALENDAR)
            calendar.listing()
            remote.twist = lambda _: Reply(429)
            with pytest.raises(TryLaterError, match="busy"):
                calendar.listing()

    @pytest.mark.parametrize(
        ("address", "base"),
        [
            ("/apps/dashboard/", ""),
            ("/login", ""),
            ("/index.php/login?redirect_url=x", ""),
            ("/index.php", ""),
            ("/settings/user/security", ""),
            ("/", ""),
            ("/cloud/", "/cloud"),
            ("/cloud/apps/dashboard/", "/cloud"),
            ("/cloud/index.php/apps/calendar/dayGridMonth/now", "/cloud"),
        ],
    )
    def test_addresses_that_people_paste_lead_to_the_calendars(
        self, remote: DavServer, address: str, base: str
    ) -> None:
        entry = f"{base}/remote.php/dav/"

        def twist(request: Request) -> Reply | None:
            if request.path == entry:
                return remote.answer(Request(request.method, "/dav/", request.headers, b""))
            if request.path.startswith("/dav/") or request.path == "/principals/sam/":
                return None
            page = {"Content-Type": "text/html"}
            return Reply(200, b"<html>Log in</html>", page)

        remote.twist = twist
        home = find(remote, address)
        assert [calendar.url for calendar in home.calendars] == [remote.url + CALENDAR]
        assert [one.path for one in remote.log].count(entry) == 1

    @pytest.mark.parametrize("status", [405, 409, 500])
    def test_a_name_that_a_trash_bin_keeps_is_not_the_last(
        self, remote: DavServer, status: int
    ) -> None:
        def twist(request: Request) -> Reply | None:
            if request.method == "MKCALENDAR":
                return Reply(201 if request.path.endswith("-3/") else status)
            return None

        remote.twist = twist
        with (
            Discovery(lambda _: client(remote), lambda *_: False) as discovery,
            pytest.raises(RefusedError),  # it is made in the test's answers alone
        ):
            discovery.create(discovery.find_home(f"{remote.url}/dav/"), "Job search")
        made = [one.path for one in remote.log if one.method == "MKCALENDAR"]
        assert [path.rpartition("/job-search")[2] for path in made] == ["/", "-2/", "-3/"]


def dripping() -> Reply:
    head = b"HTTP/1.1 207 OK\r\nContent-Length: 999999\r\n\r\n"

    def drops() -> Iterator[bytes]:
        yield head
        for _ in itertools.count():
            time.sleep(0.05)
            yield b" "

    return Reply(raw=drops())


def xml(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


TYPED = '<!DOCTYPE m [<!ENTITY a "aaaa">]><multistatus xmlns="DAV:">&a;</multistatus>'
BOMBS = {
    "document-type": xml(TYPED),
    "utf-16-with-a-mark": xml(TYPED, "utf-16"),
    "utf-16-without-a-mark": xml(TYPED, "utf-16-le"),
    "utf-16-big-endian": xml(TYPED, "utf-16-be"),
    "outer-entity": xml('<!DOCTYPE m SYSTEM "file:///etc/passwd"><m/>'),
    "attributes": xml("<m " + " ".join(f"a{n}='1'" for n in range(60_000)) + "/>"),
    "attributes-of-many": xml("<m>" + "<a b='1'/>" * 60_000 + "</m>"),
    "depth": xml("<a>" * 100 + "</a>" * 100),
    "elements": xml(f"<m>{'<a/>' * 500_001}</m>"),
    "name": xml(f"<{'a' * 2_000}/>"),
}


class TestA15:
    @pytest.mark.parametrize("bomb", BOMBS)
    def test_an_answer_that_grows_is_refused(self, bomb: str) -> None:
        assert dav_xml.is_xml(BOMBS[bomb])
        with pytest.raises(RefusedError, match="it was left"):
            dav_xml.parse_xml(BOMBS[bomb])

    @pytest.mark.parametrize("bomb", ["document-type", "utf-16-without-a-mark", "depth"])
    @pytest.mark.parametrize("kind", ["application/xml", "text/plain", ""])
    def test_whatever_it_calls_itself(self, remote: DavServer, bomb: str, kind: str) -> None:
        headers = {"Content-Type": kind} if kind else {}
        remote.twist = lambda _: Reply(207, BOMBS[bomb], headers)
        with client(remote) as server, pytest.raises(RefusedError, match="it was left"):
            RemoteCalendar(server, remote.url + CALENDAR).listing()

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_plain_xml_is_read_in_its_encoding(self, encoding: str) -> None:
        root = dav_xml.parse_xml(xml('<d:m xmlns:d="DAV:" a="1"><d:n>é</d:n></d:m>', encoding))
        assert (root.tag, root.get("a"), root.findtext("{DAV:}n")) == ("{DAV:}m", "1", "é")

    def test_a_server_that_drips_ends_the_run_at_its_first_request(self, remote: DavServer) -> None:
        remote.twist = lambda _: dripping()
        with client(remote, SHORT) as server, pytest.raises(UnresponsiveError):
            RemoteCalendar(server, remote.url + CALENDAR).listing()
        assert len(remote.log) == 1

    def test_a_run_that_makes_progress_goes_on(self, remote: DavServer) -> None:
        """A request that is lost now and then is no stall."""
        lost = itertools.cycle([False, True])
        remote.twist = lambda _: dripping() if next(lost) else None
        with client(remote, Timeouts(connect=5.0, read=0.3, total=0.3, stall=0.5)) as server:
            calendar = RemoteCalendar(server, remote.url + CALENDAR)
            for number in range(6):
                try:
                    calendar.delete(calendar.href(f"{number:032x}"), etag=None)
                except OutcomeUnknownError:
                    assert number % 2
                except NotFoundError:
                    assert not number % 2
        assert len(remote.log) == 6

    @pytest.mark.parametrize("circle", [["/a"], ["/a", "/b"], ["/a", "/b", "/c"]], ids=len)
    def test_a_circle_gets_the_password_once_a_place(
        self, remote: DavServer, circle: list[str]
    ) -> None:
        following = dict(zip(circle, [*circle[1:], circle[0]], strict=True))
        remote.twist = lambda request: Reply(
            302, headers={"Location": following.get(request.path, circle[0])}
        )
        with pytest.raises(RefusedError):
            find(remote, "/")
        paths = [one.path for one in remote.log]
        assert len(paths) == len(set(paths))

    def test_a_wrong_password_is_tried_once(self, remote: DavServer) -> None:
        remote.twist = lambda _: Reply(401, headers={"WWW-Authenticate": "Basic"})
        with pytest.raises(LoginError):
            find(remote, "/")
        assert len(remote.log) == 1
