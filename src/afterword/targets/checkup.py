"""Whether a calendar can be used: what it says of itself, and an event that comes and goes."""

from __future__ import annotations

import datetime as dt

from afterword.core import identity
from afterword.core.event import Event
from afterword.errors import AfterwordError, RefusedError
from afterword.formats import calendar_object, ics
from afterword.targets import dav
from afterword.targets.api import MissingError
from afterword.targets.collection import RemoteCalendar, not_there
from afterword.targets.discovery import ABOUT, Listed, listed
from afterword.targets.server import Heard, Server

_HOUR = dt.timedelta(hours=1)


def greet(server: Server, url: str) -> Heard:
    """Return what a server tells of itself whatever it answers, without a login.

    Raises what `Server.request` raises where no answer came.
    """
    try:
        server.request("OPTIONS", url)
    except AfterwordError:
        if server.heard is None:
            raise
    return server.heard or Heard(time=None, secured=None)


def look(server: Server, url: str) -> Listed:
    """Return the calendar at the address as it describes itself.

    Raises what `Server.request` raises, and RefusedError for what is no calendar.
    """
    try:
        answer = server.request("PROPFIND", url, ABOUT, {"Depth": "0"})
    except MissingError as error:
        raise not_there(error.message) from None
    found = next(dav.responses(answer.tree), None)
    kind = found and found.properties.get(f"{dav.D}resourcetype")
    if found is None or kind is None or f"{dav.C}calendar" not in dav.names(kind):
        raise RefusedError(f"{url} is no calendar; `afterword calendars` finds yours")
    return listed(url, found, None)


def try_out(calendar: RemoteCalendar, *, now: dt.datetime) -> None:
    """Put an event there, read it, and take it away again.

    It rings nowhere, and has a UID that no event of a plan has, and no earlier
    try had: servers remember the UIDs of what was deleted. Raises what the
    calendar raises, and RefusedError for an event that was not kept as it was.
    """
    uid = identity.derived("try-out", now.isoformat())
    event = Event(
        uid=uid,
        start=now + _HOUR,
        end=now + _HOUR + _HOUR / 4,
        summary="afterword: a try, which goes by itself…",
        description="",
        stamp=now,
    )
    href = calendar.href(uid)
    calendar.put(href, ics.single(event), etag=None, new=True)
    try:
        found = calendar.fetch([href]).get(href)
    finally:
        calendar.delete(href, etag=None)
    if found is None or calendar_object.uid_of(found.body) != uid:
        raise RefusedError("an event that was put there could not be read again")
