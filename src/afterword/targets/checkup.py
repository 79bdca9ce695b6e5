"""Whether a calendar can be used: what it says of itself, and an event that comes and goes."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

import attrs

from afterword.core import identity
from afterword.core.model import Event
from afterword.errors import RefusedError
from afterword.formats import calendar_object, ics
from afterword.targets import dav
from afterword.targets.caldav import Server
from afterword.targets.collection import RemoteCalendar
from afterword.targets.discovery import ABOUT, Listed, listed

_HOUR = dt.timedelta(hours=1)


@attrs.frozen(kw_only=True)
class Sight:
    """A calendar as it describes itself, and what time it is for its server, if that tells."""

    calendar: Listed
    time: dt.datetime | None


def look(server: Server, url: str) -> Sight:
    """Return what is at the address of a calendar.

    Raises what `Server.request` raises, and RefusedError for what is no calendar.
    """
    answer = server.request("PROPFIND", url, ABOUT, {"Depth": "0"})
    found = next(dav.responses(answer.tree), None)
    kind = found and found.properties.get(f"{dav.D}resourcetype")
    if found is None or kind is None or f"{dav.C}calendar" not in dav.names(kind):
        raise RefusedError(f"{url} is no calendar; `afterword calendars` finds yours")
    return Sight(calendar=listed(url, found, None), time=_date(answer.headers.get("Date", "")))


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


def _date(value: str) -> dt.datetime | None:
    """Return the time of a Date header (RFC 9110 6.6.1)."""
    try:
        return parsedate_to_datetime(value).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None
