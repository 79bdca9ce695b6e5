"""Whether the name of a server leads anywhere, which is the first thing that can go wrong.

Whether a calendar can be used: what it says of itself, and an event that comes and goes.
"""

from __future__ import annotations

import datetime as dt
import socket

from afterword.dav import dav_xml
from afterword.dav.client import DavClient, ServerInfo
from afterword.dav.discovery import ABOUT, CalendarInfo, parse_calendar_info
from afterword.dav.interface import NotFoundError
from afterword.dav.remote_calendar import RemoteCalendar, missing_calendar_error
from afterword.dav.workers import DeadlineWorker
from afterword.domain import uids
from afterword.domain.events.event import Event
from afterword.errors import AfterwordError, RefusedError, TryLaterError
from afterword.formats.ics import ics_patch, ics_writer

_PATIENCE = 15.0


def system_resolver(host: str) -> list[str]:
    """Ask the system, which asks its files and its name servers."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def resolve_addresses(host: str) -> list[str]:
    """Return the addresses of a host.

    Raises RefusedError for a name that nobody knows, and TryLaterError where
    nobody could be asked; both say what to do next.
    """
    worker = DeadlineWorker()
    try:
        return worker.run_with_timeout(_PATIENCE, lambda: system_resolver(host), lambda: None)
    except TimeoutError:
        raise _offline(host) from None
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise _offline(host) from None
    except (OSError, UnicodeError):
        pass
    finally:
        worker.stop()
    raise RefusedError(
        f"no server is called {host}",
        [
            "is the address spelt as your provider's help has it?",
            "does any page open in your browser? If not, you are offline",
        ],
    )


def _offline(host: str) -> TryLaterError:
    return TryLaterError(
        f"the name {host} could not be looked up: this computer seems to be offline",
        ["try again when you are online"],
    )


_HOUR = dt.timedelta(hours=1)


def fetch_server_info(server: DavClient, url: str) -> ServerInfo:
    """Return what a server tells of itself whatever it answers, without a login.

    Raises what `Server.request` raises where no answer came.
    """
    try:
        server.request("OPTIONS", url)
    except AfterwordError:
        if server.server_info is None:
            raise
    return server.server_info or ServerInfo(time=None, secured=None)


def describe_calendar(server: DavClient, url: str) -> CalendarInfo:
    """Return the calendar at the address as it describes itself.

    Raises what `Server.request` raises, and RefusedError for what is no calendar.
    """
    try:
        answer = server.request("PROPFIND", url, ABOUT, {"Depth": "0"})
    except NotFoundError as error:
        raise missing_calendar_error(error.message) from None
    found = next(dav_xml.responses(answer.tree), None)
    kind = found and found.properties.get(f"{dav_xml.D}resourcetype")
    if found is None or kind is None or f"{dav_xml.C}calendar" not in dav_xml.names(kind):
        raise RefusedError(f"{url} is no calendar; `afterword calendars` finds yours")
    return parse_calendar_info(url, found, None)


def probe_write(calendar: RemoteCalendar, *, now: dt.datetime) -> None:
    """Put an event there, read it, and take it away again.

    It rings nowhere, and has a UID that no event of a plan has, and no earlier
    try had: servers remember the UIDs of what was deleted. Raises what the
    calendar raises, and RefusedError for an event that was not kept as it was.
    """
    uid = uids.stable_uuid("try-out", now.isoformat())
    event = Event(
        uid=uid,
        start=now + _HOUR,
        end=now + _HOUR + _HOUR / 4,
        summary="afterword: a try, which goes by itself…",
        description="",
        stamp=now,
    )
    href = calendar.href(uid)
    calendar.put(href, ics_writer.single_event_file(event), etag=None, new=True)
    try:
        found = calendar.fetch([href]).get(href)
    finally:
        calendar.delete(href, etag=None)
    if found is None or ics_patch.uid_of(found.body) != uid:
        raise RefusedError("an event that was put there could not be read again")
