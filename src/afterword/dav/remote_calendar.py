"""A calendar on a CalDAV server (RFC 4791): the implementation of `interface.Calendar`."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Collection, Iterator
from urllib.parse import urljoin

from afterword.dav import dav_xml, responses
from afterword.dav.client import DavClient
from afterword.dav.interface import (
    BusyError,
    Changes,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    Resource,
    SuspiciousResponseError,
    UnsupportedReportError,
)
from afterword.dav.responses import ConnectionLostError, DavResponse, StatusError, TooLargeError
from afterword.dav.url_policy import normalize_path
from afterword.domain.sanitize import shell_word
from afterword.errors import RefusedError

_BATCH = 50
_PAGES = 100
_LISTED = ("getetag", "resourcetype", "sync-token")
_OF_CALENDAR = ("resourcetype", "current-user-privilege-set", "NC:deleted-at")
_OUR_NAME = re.compile(r"[0-9a-f-]{8,64}\.ics")
_NO_SUCH_REPORT = {400, 403, 405, 409, 412, 415, 422, 501}


class RemoteCalendar:
    """A calendar collection at `url`, which ends in a slash.

    `client` is that of its server, for other calendars there.
    """

    def __init__(self, client: DavClient, url: str) -> None:
        """Use the calendar at that address; nothing is sent yet."""
        self.url = url if url.endswith("/") else f"{url}/"
        self.client = client
        self._path = normalize_path(self.url, self.url) or "/"
        self._dialect = client.dialect
        self._written: dict[str, str | None] = {}

    @property
    def requests(self) -> int:
        """Return the number of requests that the client sent."""
        return self.client.requests

    def href(self, uid: str) -> str:
        """Return the path of an event. Raises ValueError for a UID that is none of ours."""
        name = f"{uid}.ics"
        if not _OUR_NAME.fullmatch(name):
            raise ValueError(f"not a UID of ours: {uid!r}")
        return self._path + name

    def make(self, name: str) -> None:
        """Create the calendar at its address. Raises RefusedError if the server does not."""
        if self._dialect.how_to_create:
            raise RefusedError(
                f"There is no calendar (any more) at {self.url}, and CalDAV cannot create any.",
                [
                    f"create one {self._dialect.how_to_create}",
                    f"then choose it: afterword calendars --use {shell_word(name)}",
                ],
            )
        try:
            self.client.request("MKCALENDAR", self.url, dav_xml.mkcalendar(name))
        except (StatusError, NotFoundError) as error:
            raise RefusedError(
                f"{error.message} It makes no calendar there; choose or make another one: "
                "afterword calendars. Nothing was changed."
            ) from None

    def changes(self, token: str | None) -> Changes:
        """Return the changes since the token, or all objects for None, with the next token.

        Raises UnsupportedReportError if the server does not accept this token or supports
        none, NotFoundError if there is no such calendar.
        """
        etags: dict[str, str | None] = {}
        gone: set[str] = set()
        since = token
        for _ in range(_PAGES):
            answer = self._query("REPORT", dav_xml.sync_collection(since), "0")
            more = False
            for response in dav_xml.responses(answer.tree):
                more = more or response.is_cut_short
                if (path := self._listed_path(response)) is not None:
                    _sort(path, response, etags, gone)
            following = dav_xml.sync_token(answer.tree)
            if not more or following == since:
                return Changes(etags=etags, gone=gone, token=following, whole=token is None)
            since = following
        raise RefusedError(f"The server's list of {self.url} has no end.")

    def listing(self) -> Changes:
        """Return all objects. Raises RefusedError if the address is not that of a calendar."""
        try:
            answer = self._propfind("1", *{*_LISTED, *_OF_CALENDAR})
        except TooLargeError:
            # Thousands of objects, each with all privileges: ask for the calendar's alone.
            itself = next(dav_xml.responses(self._propfind("0", *_OF_CALENDAR).tree), None)
            return self._listed(self._propfind("1", *_LISTED), itself)
        return self._listed(answer, None)

    def _propfind(self, depth: str, *names: str) -> DavResponse:
        return self._query("PROPFIND", dav_xml.propfind(*sorted(names)), depth)

    def _query(self, method: str, body: bytes, depth: str) -> DavResponse:
        try:
            return self.client.request(method, self.url, body, {"Depth": depth})
        except NotFoundError as error:
            raise missing_calendar_error(error.message) from None
        except StatusError as error:
            if method == "REPORT" and error.status in _NO_SUCH_REPORT:
                raise UnsupportedReportError(error.message) from None
            raise responses.query_error(error) from None

    def _listed(self, answer: DavResponse, status: dav_xml.MultistatusResponse | None) -> Changes:
        """Return the objects of a list; `status` describes the calendar if the list does not."""
        etags: dict[str, str | None] = {}
        itself: dav_xml.MultistatusResponse | None = None
        for response in dav_xml.responses(answer.tree):
            itself = response if self._is_itself(response) else itself
            path = self._listed_path(response)
            types = response.types
            if path is not None and f"{dav_xml.D}collection" not in types:
                _sort(path, response, etags, set())
            elif (
                types
                and not response.is_calendar
                and self._is_itself(response)
                and not response.is_trashed
            ):
                raise RefusedError(
                    f"{self.url} is no calendar, though calendars may be in it; `afterword "
                    "calendars` finds yours. Nothing was written there."
                )
        if itself is None:
            return Changes(etags=etags, whole=True)
        return Changes(
            etags=etags,
            token=itself.text(f"{dav_xml.D}sync-token") or None,
            whole=True,
            writable=(status or itself).is_writable,
            trashed=(status or itself).is_trashed,
        )

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        """Return the objects that exist, by path."""
        resources: dict[str, Resource] = {}
        rest = iter(hrefs)
        while batch := list(itertools.islice(rest, _BATCH)):
            resources |= {resource.href: resource for resource in self._fetch(batch)}
        if self._dialect.rewrites_events:
            return {href: self._checked(resource) for href, resource in resources.items()}
        return resources

    def fetch_between(self, start: dt.datetime, end: dt.datetime) -> list[Resource]:
        """Return the objects with events in a range of time, or all from a simpler server."""
        body = dav_xml.calendar_query(start.astimezone(dt.UTC), end.astimezone(dt.UTC))
        try:
            answer = self._query("REPORT", body, "1")
        except (TooLargeError, UnsupportedReportError):
            return list(self.fetch(self.listing().etags).values())
        return list(self._resources(answer))

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        """Store an object; see `interface` for the errors."""
        condition = _unchanged(etag)
        if new and self._dialect.knows_if_none_match:
            condition = {"If-None-Match": "*"}
        elif new and self.fetch([href]):
            raise PreconditionFailedError(f"{self.url} has it already. Nothing was stored.")
        self._written.pop(href, None)
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        answer = self._write("PUT", href, body, headers)
        stored = answer.etag if _is_strong(answer.etag) and not _is_page(answer) else None
        if self._dialect.rewrites_events:
            # Without an ETag the object is fetched, which shows what the server changed.
            self._written[href] = stored
            return None
        return stored

    def delete(self, href: str, *, etag: str | None) -> None:
        """Delete an object; see `interface` for the errors."""
        if _is_page(self._write("DELETE", href, b"", _unchanged(etag))):
            raise SuspiciousResponseError(
                f"What answered for {self.url} may be no calendar; try later."
            )

    def _fetch(self, hrefs: list[str]) -> Iterator[Resource]:
        try:
            answer = self.client.request("REPORT", self.url, dav_xml.multiget(hrefs))
        except NotFoundError:
            # sabre/dav 1.8 refuses the whole report if one of the objects is missing.
            yield from filter(None, map(self._get, hrefs))
            return
        except StatusError as error:
            raise responses.query_error(error) from None
        yield from self._resources(answer)

    def _resources(self, answer: DavResponse) -> Iterator[Resource]:
        for response in dav_xml.responses(answer.tree):
            path = self._member(response.href)
            data = response.properties.get(f"{dav_xml.C}calendar-data")
            if path is not None and data is not None and data.text:
                yield Resource(href=path, etag=response.etag, body=data.text.encode())

    def _get(self, href: str) -> Resource | None:
        try:
            answer = self.client.request("GET", self._address(href))
        except NotFoundError:
            return None
        return Resource(href=href, etag=answer.etag, body=answer.body)

    def _write(self, method: str, href: str, body: bytes, headers: dict[str, str]) -> DavResponse:
        try:
            return self.client.request(method, self._address(href), body, headers)
        except StatusError as error:
            raise responses.write_error(error) from None
        except ConnectionLostError as error:
            raise OutcomeUnknownError(error.message) from None
        except BusyError as error:
            if error.seconds is None:
                raise OutcomeUnknownError(error.message) from None
            raise

    def _checked(self, resource: Resource) -> Resource:
        """Return the resource, marked as possibly changed by the server."""
        unknown = object()
        etag = self._written.pop(resource.href, unknown)
        as_written = None if etag is unknown else etag in {None, resource.etag}
        return resource._replace(rewritten=True, as_written=as_written)

    def _address(self, href: str) -> str:
        """Return the address of an object. Raises ValueError for that of the calendar itself.

        Radicale replaces the whole calendar on a PUT there.
        """
        path = self._member(href)
        if path is None:
            raise ValueError(f"not in {self.url}: {href!r}")
        return urljoin(self.url, path)

    def _listed_path(self, response: dav_xml.MultistatusResponse) -> str | None:
        """Return the path of a listed object, None for anything else.

        Raises NotFoundError for a missing calendar: some servers answer with an empty list
        in which only the calendar itself has the status 404.
        """
        if response.is_missing and self._is_itself(response):
            raise missing_calendar_error(f"There is no calendar (any more) at {self.url}.")
        return self._member(response.href)

    def _is_itself(self, response: dav_xml.MultistatusResponse) -> bool:
        path = normalize_path(response.href, self.url)
        return path in {self._path, self._path.rstrip("/")}

    def _member(self, href: str) -> str | None:
        """Return the normal path of an object in this calendar, None for anything else."""
        path = normalize_path(href, self.url)
        if path is None or not path.startswith(self._path):
            return None
        name = path.removeprefix(self._path)
        return path if name and "/" not in name else None


def missing_calendar_error(message: str) -> NotFoundError:
    """Return the error for a missing calendar, with the next step."""
    return NotFoundError(
        f"{message} Is the address right? `afterword calendars` finds your calendars."
    )


def _sort(
    path: str, response: dav_xml.MultistatusResponse, etags: dict[str, str | None], gone: set[str]
) -> None:
    if response.is_missing:
        gone.add(path)
        etags.pop(path, None)
    else:
        etags[path] = response.etag
        gone.discard(path)


def _is_strong(etag: str | None) -> bool:
    return bool(etag) and not str(etag).startswith("W/")


def _is_page(answer: DavResponse) -> bool:
    """True if the response to a write is a text, as that of a captive portal."""
    return answer.tree is None and bool(answer.body.strip())


def _unchanged(etag: str | None) -> dict[str, str]:
    return {"If-Match": str(etag)} if _is_strong(etag) else {}
