"""An imitation of Google's CalDAV on loopback: what it refuses, drops and rewrites."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator

import attrs

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.interface import Resource
from afterword.dav.providers import GOOGLE_DIALECT
from afterword.dav.remote_calendar import RemoteCalendar
from tests.sync.clients import ZONE, instant, joined, lines
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, serving
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model
from tests.sync.people import NOW

_KEPT = {
    *("UID", "DTSTART", "DTEND", "DTSTAMP", "SUMMARY", "DESCRIPTION", "SEQUENCE", "STATUS"),
    *("LAST-MODIFIED", "CREATED", "TRANSP", "LOCATION", "RRULE", "ORGANIZER", "ATTENDEE"),
    *("RECURRENCE-ID", "EXDATE"),
}
_NO_ALARM = (
    *("BEGIN:VALARM", "ACTION:NONE", "TRIGGER;VALUE=DATE-TIME:19760401T005545Z"),
    "END:VALARM",
)
_AT_START = 6000
_TRIGGER = re.compile(
    r"TRIGGER[^:]*:(?P<sign>-?)P(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


def google_model() -> Model:
    """Return a calendar that behaves as Google's do."""
    return Model(makes_calendars=False, refuses_if_none_match=True, rewrite=as_google_stores)


def as_google_stores(body: bytes) -> bytes:
    """Return an object without the properties that Google does not know, with its own alarms.

    An alarm at the start is set to a hundred minutes before it, and the texts of alarms go.
    """
    content = lines(body)
    if "BEGIN:VEVENT" not in content:
        return body
    kept = ["BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0"]
    for event in re.findall(r"BEGIN:VEVENT\n.*?END:VEVENT", "\n".join(content), re.DOTALL):
        alarms = re.findall(r"BEGIN:VALARM\n.*?END:VALARM", event, re.DOTALL)
        bare = re.sub(r"BEGIN:VALARM\n.*?END:VALARM\n", "", event, flags=re.DOTALL)
        properties = [
            _zoned(line) for line in bare.split("\n")[1:-1] if re.split("[;:]", line)[0] in _KEPT
        ]
        kept += ["BEGIN:VEVENT", *sorted(properties)]
        rewritten = [line for alarm in alarms for line in _alarm(alarm)]
        kept += [*(rewritten or _NO_ALARM), "END:VEVENT"]
    return joined([*kept, "END:VCALENDAR"])


def _zoned(line: str) -> str:
    """Return a time in the zone of the calendar."""
    found = re.fullmatch(r"(DTSTART|DTEND)(:\d{8}T\d{6}Z)", line)
    if not found:
        # Each client has names of its own for the zone.
        return re.sub(r"(?<=;TZID=)[^:]+", ZONE.key, line)
    local = instant(found[2]).astimezone(ZONE)
    return f"{found[1]};TZID={ZONE.key}:{local:%Y%m%dT%H%M%S}"


def _alarm(alarm: str) -> list[str]:
    found = _TRIGGER.search(alarm)
    if found is None or "ACTION:NONE" in alarm:
        return [] if found is None and "ACTION:NONE" in alarm else alarm.split("\n")
    numbers = [int(found[name] or 0) for name in ("days", "hours", "minutes", "seconds")]
    minutes = (numbers[0] * 24 + numbers[1]) * 60 + numbers[2]
    if not any(numbers):
        minutes = _AT_START // 60
    days, rest = divmod(minutes, 24 * 60)
    trigger = f"TRIGGER:-P{days}DT{rest // 60}H{rest % 60}M0S"
    return [
        *("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:This is an event reminder", trigger),
        "END:VALARM",
    ]


@attrs.define
class GoogleMemory(MemoryCalendar):
    """Google's calendar without a network, as the adapter shows it to a sync."""

    written: dict[str, str] = attrs.field(factory=dict)

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        return {
            href: resource._replace(
                rewritten=True,
                as_written=self.written.pop(href) == resource.etag
                if href in self.written
                else None,
            )
            for href, resource in super().fetch(hrefs).items()
        }

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        self.written.pop(href, None)
        stored = super().put(href, body, etag=etag, new=new)
        assert stored
        self.written[href] = stored
        return None


@attrs.define
class GoogleServer:
    """Makes calendars as `Real` does, each with a server of its own.

    An event is looked for before it is created, so its requests are not counted.
    """

    stack: contextlib.ExitStack
    name: str = "google"
    exact: bool = False
    opened: list[DavClient] = attrs.field(factory=list)
    served: dict[str, DavServer] = attrs.field(factory=dict)

    @classmethod
    @contextlib.contextmanager
    def running(cls) -> Iterator[GoogleServer]:
        with contextlib.ExitStack() as stack:
            yield cls(stack)

    def calendar(self) -> RemoteCalendar:
        """Return a calendar that no other test has."""
        remote = self.stack.enter_context(serving(DavServer(google_model())))
        login = Login(user=USER, password=PASSWORD)
        client = DavClient(remote.url, login, now=lambda: NOW, dialect=GOOGLE_DIALECT)
        self.opened.append(client)
        calendar = RemoteCalendar(client, remote.url + CALENDAR)
        self.served[calendar.url] = remote
        return calendar

    def remove(self, calendar: RemoteCalendar) -> None:
        self.served[calendar.url].model.exists = False

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()
