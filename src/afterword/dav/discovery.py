"""From an address to the calendars behind it (RFC 6764, 5397, 4791), and a new one among them.

The user's principal is asked for at the address itself, then at the server's
well-known place; the principal names the home of the calendars, and the home
lists them. Whatever is not said is an error, never a guess. A host that a
server names, and that is not its own, is spoken to only if the person agrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Self
from urllib.parse import urljoin, urlsplit

import attrs

from afterword.dav import dav_xml, url_policy
from afterword.dav.client import DavClient
from afterword.dav.dav_xml import APPLE, CS, OC, C, D, MultistatusResponse
from afterword.dav.interface import NotFoundError, RedirectError
from afterword.dav.responses import StatusError
from afterword.domain.sanitize import clean_line, for_terminal, slug
from afterword.errors import LoginError, RefusedError, TryLaterError, UsageError

_WELL_KNOWN = "/.well-known/caldav"
_MOST_REDIRECTS = 5
_LONGEST_NAME = 100
_SOUND_COLOUR = re.compile("#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_SERVERS_FAULT = 500
_WANTED = (
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
ABOUT = dav_xml.propfind(*_WANTED)
"""The question to which `listed` reads an answer."""

Confirm = Callable[[str, str], bool]
"""Asked with the address that a server named and that server's own: may it be spoken to?"""


@attrs.frozen(kw_only=True)
class CalendarInfo:
    """A calendar as its server describes it.

    `writable` is None where the server does not say. `shared`: others may see
    what is put there. `takes_events`: it is not for tasks alone.
    """

    url: str
    name: str
    colour: str | None
    writable: bool | None
    shared: bool
    takes_events: bool

    @property
    def usable(self) -> bool:
        """Tell whether events can be put there, as far as the server says."""
        return self.takes_events and self.writable is not False


@attrs.frozen(kw_only=True)
class CalendarHome:
    """What is behind an address. `url` is None where the address was that of one calendar."""

    url: str | None
    calendars: tuple[CalendarInfo, ...]


class Discovery:
    """A search with one login. `connect` returns a server of an address, with that login."""

    def __init__(self, connect: Callable[[str], DavClient], confirm: Confirm) -> None:
        """Begin; nothing is sent yet."""
        self._connect = connect
        self._confirm = confirm
        self._servers: dict[str, DavClient] = {}
        self._agreed: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.close()

    def find(self, url: str) -> CalendarHome:
        """Return the calendars of this user on the server of an address.

        Raises LoginError, TryLaterError, and RefusedError that says which step
        of the way was not answered.
        """
        where, here = self._beginning(url)
        if _is_calendar(here):
            return CalendarHome(url=None, calendars=(parse_calendar_info(where, here, None),))
        principal = self._named(where, here, f"{D}current-user-principal")[0]
        where, answer = self._one(principal)
        homes = self._named(where, answer, f"{C}calendar-home-set")
        calendars = [one for home in homes for one in self._calendars(home, principal)]
        return CalendarHome(url=homes[0], calendars=tuple(calendars))

    def create(self, home: CalendarHome, name: str) -> CalendarInfo:
        """Make a calendar for events, and return it as the server has it.

        Raises RefusedError where the server makes none from here.
        """
        if home.url is None:
            raise UsageError(
                "the address is that of one calendar; a new one is made where all of yours are"
            )
        url = _free(home, name)
        try:
            self._server(url).request("MKCALENDAR", url, dav_xml.mkcalendar(name, dav_xml.COLOUR))
            _, made = self._one(url)
        except (StatusError, NotFoundError) as error:
            raise RefusedError(
                f"{error.message} It makes no calendar from here: make one named {name!r} with "
                "your provider's own page or app, and run this again with --use"
            ) from None
        if not _is_calendar(made):
            raise RefusedError(f"{url} was made, but is no calendar")
        return parse_calendar_info(url, made, None)

    def _beginning(self, url: str) -> tuple[str, MultistatusResponse]:
        """Return the first place that knows who asks, or that is a calendar, and where it is."""
        refusals = dict[str, str]()
        for candidate in (url, urljoin(url, _WELL_KNOWN)):
            try:
                where, found = self._one(candidate)
            except LoginError:
                raise
            except RefusedError as error:
                refusals[candidate] = error.message
                continue
            if _is_calendar(found) or _hrefs(found, f"{D}current-user-principal"):
                return where, found
            refusals[candidate] = "it does not tell who you are there (current-user-principal)"
        if len(set(refusals.values())) == 1:
            raise RefusedError(f"no calendars were found: {refusals[url]}")
        raise RefusedError(
            f"no calendars were found at {urlsplit(url).netloc}; the help of your provider tells "
            "the address for CalDAV",
            [f"{candidate}: {why}" for candidate, why in refusals.items()],
        )

    def _calendars(self, home: str, principal: str) -> Iterator[CalendarInfo]:
        where, responses = self._ask(home, "1")
        for response in responses:
            path = url_policy.normalize_path(response.href, where)
            if path is not None and _is_calendar(response):
                yield parse_calendar_info(urljoin(where, path), response, principal)

    def _named(self, where: str, response: MultistatusResponse, what: str) -> list[str]:
        """Return the addresses in a property, each on a host that may be spoken to."""
        named = _hrefs(response, what)
        if not named:
            raise RefusedError(
                f"{where} does not tell {what.partition('}')[2]}, so the calendars of this user "
                "cannot be found; the address of a calendar itself works without it"
            )
        return [self._allowed(urljoin(where, href), where) for href in named]

    def _one(self, url: str) -> tuple[str, MultistatusResponse]:
        """Return what a place says of itself, and where it was found."""
        where, responses = self._ask(url, "0")
        if not responses:
            raise RefusedError(f"{where} answered nothing about itself.")
        return where, responses[0]

    def _ask(self, url: str, depth: str) -> tuple[str, list[MultistatusResponse]]:
        """Ask for properties, through redirects that keep the question as it is."""
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                answer = self._server(url).request("PROPFIND", url, ABOUT, {"Depth": depth})
                return url, list(dav_xml.responses(answer.tree))
            except RedirectError as error:
                url = self._allowed(urljoin(url, error.location), url)
            except StatusError as error:
                if error.status >= _SERVERS_FAULT:
                    raise TryLaterError(
                        f"{error.message} It has trouble of its own; try again later."
                    ) from None
                raise
        raise RefusedError(f"{url_policy.origin(url)} leads on and on; nothing was found there.")

    def _allowed(self, named: str, by: str) -> str:
        """Return an address that a server named, in its one form, if it may be spoken to."""
        unencrypted = by.startswith("http://") and not url_policy.is_loopback(_host(by))
        try:
            url = url_policy.normalize_url(named, allow_http=unencrypted)
        except UsageError as error:
            raise RefusedError(f"{url_policy.origin(by)} leads astray: {error.message}") from None
        place = url_policy.origin(url)
        if place in self._agreed or url_policy.is_same_site(url, by):
            return url
        if url_policy.is_private(_host(url)) and not url_policy.is_private(_host(by)):
            raise RefusedError(
                f"{url_policy.origin(by)} leads astray: {place} is no place of others"
            )
        if not self._confirm(url, by):
            raise RefusedError(
                f"{url_policy.origin(by)} names another host, {place}: your password was not sent "
                "there; if you trust it, begin at that address"
            )
        self._agreed.add(place)
        return url

    def _server(self, url: str) -> DavClient:
        place = url_policy.origin(url)
        if place not in self._servers:
            self._servers[place] = self._connect(url)
        return self._servers[place]


def parse_calendar_info(
    url: str, response: MultistatusResponse, principal: str | None
) -> CalendarInfo:
    """Return the calendar; one of somebody else than the principal is shared with this user."""
    properties = response.properties
    name = for_terminal(clean_line(dav_xml.text(properties.get(f"{D}displayname"))))[:_LONGEST_NAME]
    colour = dav_xml.text(properties.get(f"{APPLE}calendar-color")).strip()
    owners = _hrefs(response, f"{D}owner")
    theirs = bool(principal and owners) and all(
        url_policy.normalize_path(owner, url) != url_policy.normalize_path(principal or "", url)
        for owner in owners
    )
    return CalendarInfo(
        url=url if url.endswith("/") else f"{url}/",
        name=name or urlsplit(url).path.rstrip("/").rpartition("/")[2],
        colour=colour if _SOUND_COLOUR.fullmatch(colour) else None,
        writable=_is_writable(response),
        shared=theirs or _is_shared(response),
        takes_events=_takes_events(response),
    )


def _is_calendar(response: MultistatusResponse) -> bool:
    kind = response.properties.get(f"{D}resourcetype")
    return kind is not None and f"{C}calendar" in dav_xml.names(kind)


def _is_writable(response: MultistatusResponse) -> bool | None:
    """Tell what RFC 3744 5.5 says: to write as a whole, or both to add and to change."""
    told = response.properties.get(f"{D}current-user-privilege-set")
    if told is None:
        return None
    may = dav_xml.names(told)
    return bool(may & {f"{D}all", f"{D}write"}) or {f"{D}bind", f"{D}write-content"} <= may


def _is_shared(response: MultistatusResponse) -> bool:
    """Tell whether it is marked as shared, or somebody is invited to it."""
    kind = response.properties.get(f"{D}resourcetype")
    if kind is not None and dav_xml.names(kind) & {f"{CS}shared", f"{CS}shared-owner"}:
        return True
    invited = (response.properties.get(f"{space}invite") for space in (CS, OC))
    return any(one is not None and len(one) > 0 for one in invited)


def _takes_events(response: MultistatusResponse) -> bool:
    """Tell whether events may be put there; without the property all may (RFC 4791 5.2.3)."""
    kinds = response.properties.get(f"{C}supported-calendar-component-set")
    if kinds is None:
        return True
    return any(str(kind.get("name", "")).upper() == "VEVENT" for kind in kinds.iter(f"{C}comp"))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _hrefs(response: MultistatusResponse, name: str) -> list[str]:
    found = response.properties.get(name)
    return [] if found is None else dav_xml.hrefs(found)


def _free(home: CalendarHome, name: str) -> str:
    """Return an address in the home that no calendar of it has."""
    taken = {one.url for one in home.calendars}
    stem, number = slug(name) or "job-search", 1
    base = (home.url or "").rstrip("/")
    while (url := f"{base}/{stem}{f'-{number}' if number > 1 else ''}/") in taken:
        number += 1
    return url
