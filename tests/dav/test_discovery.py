"""The way from an address to the calendars behind it, over servers that are odd, or hostile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from afterword.dav import url_policy
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.discovery import CalendarHome, CalendarInfo, Discovery
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError
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

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
WELL_KNOWN = "/.well-known/caldav"
PRINCIPAL = "<current-user-principal><href>/principals/sam/</href></current-user-principal>"
CALENDAR_KIND = "<resourcetype><collection/><C:calendar/></resourcetype>"


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@attrs.define
class Person:
    """Looks for calendars, and answers the questions about other hosts."""

    agrees: bool = False
    asked: list[tuple[str, str]] = attrs.field(factory=list)
    password: str = PASSWORD

    def discovery(self) -> Discovery:
        return Discovery(self._server, self._answer)

    def find(self, url: str) -> CalendarHome:
        with self.discovery() as discovery:
            return discovery.find_home(url)

    def refused(self, url: str) -> AfterwordError:
        with pytest.raises(AfterwordError) as caught:
            self.find(url)
        assert PASSWORD not in str(caught.value)
        return caught.value

    def _server(self, url: str) -> DavClient:
        return DavClient(url, Login(user=USER, password=self.password), now=lambda: NOW)

    def _answer(self, named: str, by: str) -> bool:
        self.asked.append((named, by))
        return self.agrees


def response(path: str, props: str) -> str:
    ok = "<status>HTTP/1.1 200 OK</status>"
    return f"<response><href>{path}</href><propstat><prop>{props}</prop>{ok}</propstat></response>"


@pytest.mark.parametrize("path", ["/dav/", "/principals/sam/", HOME, "/"])
def test_the_calendars_are_found_from_each_address(remote: DavServer, path: str) -> None:
    def twist(request: Request) -> Reply | None:
        return Reply(301, headers={"Location": "/dav/"}) if request.path == WELL_KNOWN else None

    remote.twist = twist
    home = Person().find(remote.url + path)

    assert home == CalendarHome(
        url=remote.url + HOME,
        calendars=(
            CalendarInfo(
                url=remote.url + CALENDAR,
                name="Jobs",
                colour=None,
                writable=True,
                shared=False,
                takes_events=True,
            ),
        ),
    )
    assert set(remote.methods()) == {"PROPFIND"}


def test_the_address_of_a_calendar_needs_no_discovery(remote: DavServer) -> None:
    home = Person().find(remote.url + CALENDAR)

    assert (home.url, [one.url for one in home.calendars]) == (None, [remote.url + CALENDAR])
    assert len(remote.log) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_same_question(
    remote: DavServer, status: int
) -> None:
    def twist(request: Request) -> Reply | None:
        moved = {"/": 404, WELL_KNOWN: status}.get(request.path)
        return Reply(moved, headers={"Location": "/dav/"}) if moved else None

    remote.twist = twist

    assert Person().find(f"{remote.url}/").calendars
    assert set(remote.methods()) == {"PROPFIND"}
    assert len({request.body for request in remote.log}) == 1


def test_redirects_have_an_end(remote: DavServer) -> None:
    def twist(request: Request) -> Reply:
        return Reply(301, headers={"Location": f"{request.path}x"})

    remote.twist = twist
    error = Person().refused(f"{remote.url}/")

    assert "redirects too often" in str(error)
    assert len(remote.log) == 6


@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("by", ["a redirect", "the principal", "the home"])
def test_another_host_is_asked_about_once_and_sees_nothing_before(
    remote: DavServer, by: str, agrees: bool
) -> None:
    with serving(DavServer()) as other:

        def twist(request: Request) -> Reply | None:
            if by == "a redirect":
                return Reply(301, headers={"Location": f"{other.url}/dav/"})
            if by == "the principal":
                href = f"<href>{other.url}/principals/sam/</href>"
                told = f"<current-user-principal>{href}</current-user-principal>"
                return multistatus(response(request.path, told))
            if request.path == "/principals/sam/":
                told = f"<C:calendar-home-set><href>{other.url}{HOME}</href></C:calendar-home-set>"
                return multistatus(response(request.path, told))
            return None

        remote.twist = twist
        person = Person(agrees=agrees)
        if agrees:
            assert [one.url for one in person.find(f"{remote.url}/dav/").calendars] == [
                other.url + CALENDAR
            ]
            assert len(person.asked) == 1
        else:
            assert other.url in str(person.refused(f"{remote.url}/dav/"))
            assert other.log == []
        named, asker = person.asked[0]
        assert named.startswith(other.url)
        assert asker.startswith(remote.url)


@pytest.mark.parametrize(
    "location",
    ["ftp://127.0.0.1/", "https://sam:pw@evil.example/", "http://evil.example/", "//"],
)
def test_a_redirect_to_what_is_no_server_is_not_followed(remote: DavServer, location: str) -> None:
    def twist(_: Request) -> Reply:
        return Reply(302, headers={"Location": location})

    remote.twist = twist
    person = Person()

    assert isinstance(person.refused(f"{remote.url}/dav/"), RefusedError)


@pytest.mark.parametrize("place", ["http://127.0.0.2:1/", "https://169.254.169.254/latest/"])
def test_no_server_elsewhere_names_a_place_near_this_machine(
    remote: DavServer, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Whoever agrees to all that is asked is not asked about that."""
    person = Person(agrees=True)
    here = url_policy.is_private
    known = url_policy.host_of(remote.url)
    monkeypatch.setattr(url_policy, "is_private", lambda host: host != known and here(host))
    remote.twist = lambda _: Reply(302, headers={"Location": place})

    assert "which is not a public address" in str(person.refused(f"{remote.url}/dav/"))
    assert person.asked == []


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("current-user-principal", "does not report who you are there (current-user-principal)"),
        ("calendar-home-set", "does not tell calendar-home-set"),
    ],
)
def test_what_the_server_does_not_tell_is_an_error_and_no_guess(
    remote: DavServer, missing: str, told: str
) -> None:
    def twist(request: Request) -> Reply:
        props = "" if missing == "current-user-principal" else PRINCIPAL
        return multistatus(response(request.path, f"<resourcetype/>{props}"))

    remote.twist = twist
    error = Person().refused(f"{remote.url}/dav/")

    assert isinstance(error, RefusedError)
    assert told in str(error)


def test_a_server_that_did_not_look_at_the_login_is_not_believed(remote: DavServer) -> None:
    unknown = "<current-user-principal><unauthenticated/></current-user-principal>"

    def twist(request: Request) -> Reply:
        return multistatus(response(request.path, unknown))

    remote.twist = twist

    assert "who you are" in str(Person().refused(f"{remote.url}/dav/"))


def test_a_refused_login_is_tried_once(remote: DavServer) -> None:
    assert isinstance(Person(password="wrong").refused(f"{remote.url}/dav/"), LoginError)  # noqa: S106
    assert len(remote.log) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), RefusedError),
        (Reply(207, b"<multistatus"), RefusedError),
        (Reply(207, b""), RefusedError),
        (multistatus(), RefusedError),
        (Reply(403), RefusedError),
        (Reply(404), RefusedError),
        (Reply(500), TryLaterError),
        (Reply(503, headers={"Retry-After": "5"}), TryLaterError),
    ],
    ids=["a page", "broken", "empty", "no answer in it", "403", "404", "500", "503"],
)
def test_no_answer_of_a_calendar_server_is_told_as_one_error(
    remote: DavServer, reply: Reply, kind: type[AfterwordError]
) -> None:
    remote.twist = lambda _: reply

    assert isinstance(Person().refused(f"{remote.url}/"), kind)


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        (CALENDAR_KIND, {"writable": None, "takes_events": True, "name": "jobs"}),
        (
            f"{CALENDAR_KIND}<displayname>\u202eA\x9b31m b</displayname>",
            {"name": "A31m b"},
        ),
        (f"{CALENDAR_KIND}<displayname>{'x' * 5000}</displayname>", {"name": "x" * 100}),
        (f"{CALENDAR_KIND}<A:calendar-color>#FF8800FF</A:calendar-color>", {"colour": "#FF8800FF"}),
        (f"{CALENDAR_KIND}<A:calendar-color>red;x</A:calendar-color>", {"colour": None}),
        (
            (
                f"{CALENDAR_KIND}<current-user-privilege-set><privilege><read/></privilege>"
                "</current-user-privilege-set>"
            ),
            {"writable": False},
        ),
        (
            (
                f"{CALENDAR_KIND}<current-user-privilege-set><privilege><bind/></privilege>"
                "<privilege><write-content/></privilege></current-user-privilege-set>"
            ),
            {"writable": True},
        ),
        (
            (
                f"{CALENDAR_KIND}<C:supported-calendar-component-set><C:comp name='VTODO'/>"
                "</C:supported-calendar-component-set>"
            ),
            {"takes_events": False},
        ),
        ("<resourcetype><C:calendar/><CS:shared/></resourcetype>", {"shared": True}),
        ("<resourcetype><C:calendar/><CS:shared-owner/></resourcetype>", {"shared": True}),
        (f"{CALENDAR_KIND}<OC:invite><OC:user/></OC:invite>", {"shared": True}),
        (f"{CALENDAR_KIND}<OC:invite/>", {"shared": False}),
        (f"{CALENDAR_KIND}<owner><href>/principals/sam/</href></owner>", {"shared": False}),
        (f"{CALENDAR_KIND}<owner><href>/principals/boss/</href></owner>", {"shared": True}),
    ],
)
def test_a_calendar_is_listed_as_it_is_described(
    remote: DavServer, props: str, expected: dict[str, Any]
) -> None:
    spaces = 'xmlns:A="http://apple.com/ns/ical/" xmlns:CS="http://calendarserver.org/ns/"'
    props = props.replace("\x9b", "&#x9b;")

    def twist(request: Request) -> Reply | None:
        if request.path != HOME or request.headers["depth"] == "0":
            return None
        described = response(CALENDAR, props).replace(
            "<prop>", f'<prop {spaces} xmlns:OC="http://owncloud.org/ns">'
        )
        inbox = response(f"{HOME}inbox/", "<resourcetype><collection/></resourcetype>")
        elsewhere = response("https://evil.example/x/", CALENDAR_KIND)
        return multistatus(described, inbox, elsewhere)

    remote.twist = twist
    (listed,) = Person().find(f"{remote.url}/dav/").calendars

    assert {name: getattr(listed, name) for name in expected} == expected


class TestCreation:
    def test_a_new_calendar_is_made_beside_the_others(self, remote: DavServer) -> None:
        remote.model.exists = False
        made = f"{HOME}job-search/"

        def twist(request: Request) -> Reply | None:
            if request.path != made:
                return None
            if request.method == "MKCALENDAR":
                return Reply(201)
            return multistatus(response(made, f"{CALENDAR_KIND}<displayname>J</displayname>"))

        remote.twist = twist
        with Person().discovery() as discovery:
            listed = discovery.create(discovery.find_home(f"{remote.url}/dav/"), "Job search")

        assert (listed.url, listed.name) == (remote.url + made, "J")
        (wish,) = [request for request in remote.log if request.method == "MKCALENDAR"]
        assert b"<displayname>Job search</displayname>" in wish.body
        assert b'<C:comp name="VEVENT"/>' in wish.body
        assert b"VTODO" not in wish.body

    def test_an_address_that_is_taken_is_not_used(self, remote: DavServer) -> None:
        with Person().discovery() as discovery, pytest.raises(RefusedError):
            discovery.create(discovery.find_home(f"{remote.url}/dav/"), "Jobs")

        tried = [request.path for request in remote.log if request.method == "MKCALENDAR"]
        assert tried == [f"{HOME}jobs-{number}/" for number in range(2, 7)]

    @pytest.mark.parametrize("status", [201, 403, 404, 405, 409, 501])
    def test_a_server_that_makes_none_is_told_with_the_next_step(
        self, remote: DavServer, status: int
    ) -> None:
        def twist(request: Request) -> Reply | None:
            return Reply(status) if request.method == "MKCALENDAR" else None

        remote.twist = twist
        with (
            Person().discovery() as discovery,
            pytest.raises(RefusedError, match="run this again with --use"),
        ):
            discovery.create(discovery.find_home(f"{remote.url}/dav/"), "Job search")

    def test_beside_a_single_calendar_none_is_made(self, remote: DavServer) -> None:
        with Person().discovery() as discovery, pytest.raises(AfterwordError, match="one calendar"):
            discovery.create(discovery.find_home(remote.url + CALENDAR), "Job search")
