"""The dialect of a server: where it differs from the CalDAV standard, by its address.

https://developers.google.com/workspace/calendar/caldav/v2/guide
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import attrs

from afterword.dav.interface import BusyError
from afterword.errors import AfterwordError, LoginError, RefusedError

_FORBIDDEN = 403
_PAUSE = 5.0
_HOSTS = {"apidata.googleusercontent.com"}
_MAIN = re.compile(r"/caldav/v2/(?P<id>[^/]+)(?:/.*)?")
_CREATED_ID = re.compile(r".+[@.]calendar\.google\.com", re.IGNORECASE)
_MANY_REQUESTS = re.compile(rb"quota|rate ?limit|usage ?limit", re.IGNORECASE)
_NOT_ENABLED = re.compile(rb"accessNotConfigured|SERVICE_DISABLED|has not been used in project")
_NOT_GRANTED = re.compile(rb"insufficient.{0,40}scope|SCOPE_INSUFFICIENT", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Dialect:
    """The differences of a server from the standard.

    `can_create`: CalDAV can create calendars; else `how_to_create` tells the user how.
    `knows_if_none_match`: a new object can be stored on the condition that there is none yet;
    else it is looked for first. `rewrites_events`: the server changes alarms and more
    in what it stores. `main_calendars`: an address shows whether a calendar is somebody's main one.
    `names_owners`: the owner of a calendar is the principal of that user.
    """

    can_create: bool = True
    how_to_create: str = ""
    knows_if_none_match: bool = True
    rewrites_events: bool = False
    main_calendars: bool = False
    names_owners: bool = True

    def is_main_calendar(self, url: str) -> bool:
        """True if an address is that of a person's main calendar, with all of their events."""
        match = _MAIN.fullmatch(urlsplit(url).path) if self.main_calendars else None
        return match is not None and not _CREATED_ID.fullmatch(unquote(match["id"]))

    def explain(self, message: str, status: int, body: bytes) -> AfterwordError | None:
        """Return the error for a status of which the server says the reason in its body."""
        if not self.main_calendars or status != _FORBIDDEN:
            return None
        if _NOT_ENABLED.search(body):
            return RefusedError(
                f"{message} The CalDAV API is not switched on in your project.",
                [
                    (
                        "open https://console.cloud.google.com/apis/library/caldav.googleapis.com, "
                        "choose your project, and press Enable"
                    )
                ],
            )
        if _NOT_GRANTED.search(body):
            return LoginError(
                f"{message} The permission does not include your calendars.",
                [
                    (
                        "log in again, and tick the box for calendars: "
                        "afterword calendars --server google"
                    )
                ],
            )
        if _MANY_REQUESTS.search(body):
            return BusyError(f"{message} Too many requests were made; try again later.", _PAUSE)
        return None


STANDARD = Dialect()
GOOGLE = Dialect(
    can_create=False,
    how_to_create="at https://calendar.google.com, next to Other calendars: +, Create new calendar",
    knows_if_none_match=False,
    rewrites_events=True,
    main_calendars=True,
    # It has no access control of WebDAV; each calendar is a principal.
    names_owners=False,
)


def dialect_of(url: str) -> Dialect:
    """Return the dialect of the server at an address."""
    return GOOGLE if urlsplit(url).hostname in _HOSTS else STANDARD
