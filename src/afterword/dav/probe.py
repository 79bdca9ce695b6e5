"""Probe a server and a calendar: DNS, certificate, properties, and a temporary event."""

from __future__ import annotations

import datetime as dt
import os
import socket

from afterword.dav import dav_xml
from afterword.dav.client import DavClient, ServerInfo
from afterword.dav.discovery import PROPERTY_QUERY, CalendarInfo, parse_calendar_info
from afterword.dav.interface import NotFoundError
from afterword.dav.remote_calendar import RemoteCalendar, missing_calendar_error
from afterword.dav.workers import DeadlineWorker
from afterword.domain import uids
from afterword.domain.calendar_model import Event
from afterword.errors import AfterwordError, RefusedError, TryLaterError, UsageError
from afterword.formats import ics_files, ics_patch

_LOOKUP_SECONDS = 15.0
_HOUR = dt.timedelta(hours=1)


def system_resolver(host: str) -> list[str]:
    """Return the addresses of a host, as the system resolves it."""
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def resolve_addresses(host: str) -> list[str]:
    """Return the addresses of a host.

    Raises RefusedError for a name that does not exist, and TryLaterError if no name server
    could be reached; both say what to do next.
    """
    worker = DeadlineWorker()
    try:
        return worker.run_with_timeout(_LOOKUP_SECONDS, lambda: system_resolver(host), lambda: None)
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


def port_is_free(host: str, port: int) -> bool:
    """True if a server can listen there. Raises UsageError where the system does not permit it."""
    with socket.socket() as attempt:
        if os.name == "posix":  # elsewhere it would share a port that is taken
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except PermissionError:
            raise UsageError(
                f"the system does not permit the port {port}; choose another: --port 5233"
            ) from None
        except OSError:
            return False
    return True


def is_listening(host: str, port: int) -> bool:
    """True if a server takes connections there."""
    with socket.socket() as attempt:
        return attempt.connect_ex((host, port)) == 0


def fetch_server_info(server: DavClient, url: str) -> ServerInfo:
    """Return the time and the certificate of a server, whatever status it answers.

    Raises the errors of `DavClient.request` if no response came.
    """
    try:
        server.request("OPTIONS", url)
    except AfterwordError:
        if server.server_info is None:
            raise
    return server.server_info or ServerInfo(time=None, secured=None)


def describe_calendar(server: DavClient, url: str) -> CalendarInfo:
    """Return the calendar at an address as the server describes it.

    Raises the errors of `DavClient.request`, and RefusedError for anything but a calendar.
    """
    try:
        answer = server.request("PROPFIND", url, PROPERTY_QUERY, {"Depth": "0"})
    except NotFoundError as error:
        raise missing_calendar_error(error.message) from None
    response = next(dav_xml.responses(answer.tree), None)
    if response is None or not response.is_calendar:
        raise RefusedError(f"{url} is no calendar; `afterword calendars` finds yours")
    return parse_calendar_info(url, response, None)


def probe_write(calendar: RemoteCalendar, *, now: dt.datetime) -> None:
    """Store an event, read it back and delete it.

    It has no alarm. Its UID is new each time, as servers remember the UIDs of deleted events.
    Raises the errors of the calendar, and RefusedError if the event cannot be read back.
    """
    uid = uids.stable_uuid("try-out", now.isoformat())
    event = Event(
        uid=uid,
        start=now + _HOUR,
        end=now + _HOUR + _HOUR / 4,
        summary="afterword: test event, deleted automatically",
        description="",
        stamp=now,
    )
    href = calendar.href(uid)
    calendar.put(href, ics_files.single_event_file(event), etag=None, new=True)
    try:
        stored = calendar.fetch([href]).get(href)
    finally:
        calendar.delete(href, etag=None)
    if stored is None or ics_patch.uid_of(stored.body) != uid:
        raise RefusedError("an event that was put there could not be read again")


def _offline(host: str) -> TryLaterError:
    return TryLaterError(
        f"the name {host} could not be looked up: this computer seems to be offline",
        ["try again when you are online"],
    )
