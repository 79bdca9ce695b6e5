"""Discover the calendars of a user from an address (RFC 6764, 5397, 4791), and create new ones.

The principal is looked up at the address itself, then at the well-known URL; it names the
calendar home, which lists the calendars. A missing property is an error, never guessed. A
host other than the server's own gets a request only if the user agrees.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Self
from urllib.parse import urljoin, urlsplit

import attrs

from afterword.dav import dav_xml, providers, url_policy
from afterword.dav.client import DavClient
from afterword.dav.dav_xml import APPLE, CS, OC, C, D, MultistatusResponse
from afterword.dav.interface import NotFoundError, RedirectError
from afterword.dav.providers import dialect_of
from afterword.dav.responses import StatusError, fault_error
from afterword.domain.sanitize import clean_line, for_terminal, shell_word, slug
from afterword.errors import LoginError, RefusedError, UsageError

_DISCOVERY_PATH = "/.well-known/caldav"
_MAX_REDIRECTS = 5
_MAX_NAMES = 5
_NAME_TAKEN = {405, 409, 500}
_MAX_NAME_LENGTH = 100
_COLOUR = re.compile("#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_PROPERTIES = (
    "resourcetype",
    "displayname",
    "owner",
    "current-user-principal",
    "current-user-privilege-set",
    "A:calendar-color",
    "C:supported-calendar-component-set",
    "C:calendar-home-set",
    "CS:invite",
    "OC:invite",
)
PROPERTY_QUERY = dav_xml.propfind(*_PROPERTIES)
"""The PROPFIND body whose responses `parse_calendar_info` takes."""

Confirm = Callable[[str, str], bool]
"""Asks the user if a server may be used, given its address and that of the server naming it."""


@attrs.frozen(kw_only=True)
class CalendarInfo:
    """A calendar as its server describes it.

    `writable` is None if the server does not say. `shared`: others may see its events.
    `takes_events` is False for a calendar of tasks only.
    """

    url: str
    name: str
    colour: str | None
    writable: bool | None
    shared: bool
    takes_events: bool

    @property
    def usable(self) -> bool:
        """True if events can be stored there, as far as the server says."""
        return self.takes_events and self.writable is not False


@attrs.frozen(kw_only=True)
class CalendarHome:
    """The calendars at an address. `url` is None if the address is that of a single calendar."""

    url: str | None
    calendars: tuple[CalendarInfo, ...]


class Discovery:
    """A search with a login. `connect` returns a client for an address, with that login."""

    def __init__(self, connect: Callable[[str], DavClient], confirm: Confirm) -> None:
        """Prepare the search; nothing is sent yet."""
        self._connect = connect
        self._confirm = confirm
        self._servers: dict[str, DavClient] = {}
        self._agreed: set[str] = set()
        self._answers: dict[tuple[str, str], list[MultistatusResponse] | None] = {}
        self._redirects = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.close()

    def find_home(self, url: str) -> CalendarHome:
        """Return the calendars of this user on the server of an address.

        Raises LoginError, TryLaterError, and RefusedError for a step of the search that
        the server did not answer.
        """
        start, response = self._find_principal(url)
        if response.is_calendar:
            return CalendarHome(url=None, calendars=(parse_calendar_info(start, response, None),))
        principal = self._referenced(start, response, f"{D}current-user-principal")[0]
        base, response = self._resource(principal)
        homes = self._referenced(base, response, f"{C}calendar-home-set")
        calendars = [calendar for home in homes for calendar in self._calendars(home, principal)]
        return CalendarHome(url=homes[0], calendars=tuple(calendars))

    def create(self, home: CalendarHome, name: str) -> CalendarInfo:
        """Create a calendar for events, and return it as the server describes it.

        Raises RefusedError if the server does not.
        """
        if home.url is None:
            raise UsageError(
                "the address is that of one calendar; a new one is made where all of yours are"
            )
        dialect = self._server(home.url).dialect
        if dialect.how_to_create:
            raise RefusedError(
                f"{urlsplit(home.url).netloc} creates no calendars by CalDAV; create {name!r} "
                f"{dialect.how_to_create}",
                [f"then use it: afterword calendars --use {shell_word(name)}"],
            )
        try:
            url = self._make(home, name)
            _, created = self._resource(url)
        except (StatusError, NotFoundError) as error:
            raise RefusedError(
                f"{error.message} It makes no calendar from here: make one named {name!r} with "
                "your provider's own page or app, and run this again with --use"
            ) from None
        if not created.is_calendar:
            raise RefusedError(f"{url} was made, but is no calendar")
        return parse_calendar_info(url, created, None)

    def _make(self, home: CalendarHome, name: str) -> str:
        """Create a calendar at the first free address, and return that.

        A trash bin keeps the addresses of calendars that are not listed any more.
        """
        taken = {calendar.url for calendar in home.calendars}
        free = (url for url in _numbered_urls(home, name) if url not in taken)
        attempts = itertools.count(1)
        # Answers from before the calendar existed do not list it.
        self._answers.clear()
        while True:
            url = next(free)
            try:
                self._server(url).request("MKCALENDAR", url, dav_xml.mkcalendar(name))
            except StatusError as error:
                if error.status not in _NAME_TAKEN or next(attempts) >= _MAX_NAMES:
                    raise
            else:
                return url

    def _find_principal(self, url: str) -> tuple[str, MultistatusResponse]:
        """Return the first address that names the principal or is a calendar, and its response."""
        refusals = dict[str, str]()
        for candidate in _candidates(url):
            try:
                base, response = self._resource(candidate)
            except LoginError:
                raise
            except RefusedError as error:
                refusals[candidate] = error.message
                continue
            if response.is_calendar or response.hrefs(f"{D}current-user-principal"):
                return base, response
            refusals[candidate] = "it does not report who you are there (current-user-principal)"
        if len(set(refusals.values())) == 1:
            raise RefusedError(f"no calendars were found: {refusals[url]}")
        raise RefusedError(
            f"no calendars were found at {urlsplit(url).netloc}; the help of your provider tells "
            "the address for CalDAV",
            [f"{candidate}: {reason}" for candidate, reason in refusals.items()],
        )

    def _calendars(self, home: str, principal: str) -> Iterator[CalendarInfo]:
        base, responses = self._propfind(home, "1")
        for response in responses:
            path = url_policy.normalize_path(response.href, base)
            if path is not None and response.is_calendar:
                yield parse_calendar_info(urljoin(base, path), response, principal)

    def _referenced(self, base: str, response: MultistatusResponse, tag: str) -> list[str]:
        """Return the addresses in a property, each on a host that may be used."""
        hrefs = response.hrefs(tag)
        if not hrefs:
            raise RefusedError(
                f"{base} does not tell {tag.partition('}')[2]}, so the calendars of this user "
                "cannot be found; the address of a calendar itself works without it"
            )
        return [self._check_allowed(urljoin(base, href), base) for href in hrefs]

    def _resource(self, url: str) -> tuple[str, MultistatusResponse]:
        """Return the address of a resource after redirects, and its response."""
        final, responses = self._propfind(url, "0")
        if not responses:
            raise RefusedError(f"{final} answered nothing about itself.")
        return final, responses[0]

    def _propfind(self, url: str, depth: str) -> tuple[str, list[MultistatusResponse]]:
        """Return the address after redirects, each repeating the PROPFIND, and the responses."""
        start = url
        while self._redirects <= _MAX_REDIRECTS:
            if (url, depth) in self._answers:
                answers = self._answers[url, depth]
                if answers is None:
                    # A loop, or a place that gave no answer: it gets the password only once.
                    raise RefusedError(f"{start} leads to {url}, which was asked already.")
                return url, answers
            self._answers[url, depth] = None
            headers = {"Depth": depth}
            try:
                response = self._server(url).request("PROPFIND", url, PROPERTY_QUERY, headers)
                self._answers[url, depth] = list(dav_xml.responses(response.tree))
            except RedirectError as error:
                self._redirects += 1
                url = self._check_allowed(urljoin(url, error.location), url)
            except StatusError as error:
                raise fault_error(error) or error from None
        raise RefusedError(f"{url_policy.origin(url)} redirects too often; nothing was read there.")

    def _check_allowed(self, named: str, by: str) -> str:
        """Return the normal form of an address that the server `by` named.

        Raises RefusedError if it must not get a request, or the user does not agree.
        """
        old, old_host = url_policy.origin(by), url_policy.host_of(by)
        unencrypted = by.startswith("http://") and not url_policy.is_loopback(old_host)
        try:
            url = url_policy.normalize_url(named, allow_http=unencrypted)
        except UsageError as error:
            raise RefusedError(f"{old} redirects to an unusable address: {error.message}") from None
        new, new_host = url_policy.origin(url), url_policy.host_of(url)
        if new in self._agreed or url_policy.is_same_site(url, by):
            return url
        if url_policy.is_private(new_host) and not url_policy.is_private(old_host):
            raise RefusedError(f"{old} redirects to {new}, which is not a public address")
        if not self._confirm(url, by):
            raise RefusedError(
                f"{old} names another host, {new}: your password was not sent there; if you trust "
                "it, begin at that address"
            )
        self._agreed.add(new)
        return url

    def _server(self, url: str) -> DavClient:
        origin = url_policy.origin(url)
        if origin not in self._servers:
            self._servers[origin] = self._connect(url)
        return self._servers[origin]


def parse_calendar_info(
    url: str, response: MultistatusResponse, principal: str | None
) -> CalendarInfo:
    """Return the calendar; it counts as shared if another user than the principal owns it."""
    name = for_terminal(clean_line(response.text(f"{D}displayname")))[:_MAX_NAME_LENGTH]
    colour = response.text(f"{APPLE}calendar-color")
    owners = response.hrefs(f"{D}owner") if dialect_of(url).names_owners else []
    foreign = bool(principal and owners) and all(
        url_policy.normalize_path(owner, url) != url_policy.normalize_path(principal or "", url)
        for owner in owners
    )
    return CalendarInfo(
        url=url if url.endswith("/") else f"{url}/",
        name=name or urlsplit(url).path.rstrip("/").rpartition("/")[2],
        colour=colour if _COLOUR.fullmatch(colour) else None,
        writable=response.is_writable,
        shared=foreign or _is_shared(response),
        takes_events=_takes_events(response),
    )


def _candidates(url: str) -> list[str]:
    """Return the addresses at which to look for the principal.

    Nextcloud answers at none of the addresses that a browser shows, and in a subdirectory
    often without the well-known one.
    """
    addresses = [url, urljoin(url, _DISCOVERY_PATH)]
    path = urlsplit(url).path
    if "/remote.php/" not in path:
        addresses.append(urljoin(url, providers.nextcloud_url(path)))
    return addresses


def _is_shared(response: MultistatusResponse) -> bool:
    """True if it is marked as shared, or anybody is invited to it."""
    if response.types & {f"{CS}shared", f"{CS}shared-owner"}:
        return True
    invitations = (response.properties.get(f"{space}invite") for space in (CS, OC))
    return any(invited is not None and len(invited) > 0 for invited in invitations)


def _takes_events(response: MultistatusResponse) -> bool:
    """True if it takes events; without the property it takes all (RFC 4791 5.2.3)."""
    elements = response.elements(f"{C}supported-calendar-component-set")
    kinds = [each.get("name", "").upper() for each in elements if each.tag == f"{C}comp"]
    return not elements or "VEVENT" in kinds


def _numbered_urls(home: CalendarHome, name: str) -> Iterator[str]:
    """Yield addresses for a calendar in the home."""
    base = f"{(home.url or '').rstrip('/')}/{slug(name) or 'job-search'}"
    yield f"{base}/"
    yield from (f"{base}-{number}/" for number in itertools.count(2))
