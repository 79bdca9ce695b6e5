"""Finished events to iCalendar bytes (RFC 5545), in the form that every phone agrees on.

Times are in UTC, so no VTIMEZONE is needed; there is no METHOD, ORGANIZER or
ATTENDEE, which would make an invitation of a reminder. The icalendar library
escapes the texts, and its order of properties is kept; frame and folding are
ours, so that a calendar is written event by event in constant memory. Texts
have passed `core.text.clean`. Same events, same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from icalendar import vText

from afterword.core.model import Alarm, Event, When
from afterword.core.text import clean_line
from afterword.errors import InputError
from afterword.formats import exported
from afterword.formats.folding import fold

_HEAD = (b"BEGIN:VCALENDAR", b"VERSION:2.0", exported.PRODID, b"CALSCALE:GREGORIAN")
_TAIL = (b"END:VCALENDAR",)
# What a calendar app opens at a tap, percent-encoded (RFC 3986).
_LINK = re.compile(r"(?:https?|mailto|tel):[!-~]+", re.IGNORECASE)


def calendar(events: Iterable[Event], *, name: str | None = None) -> Iterator[bytes]:
    """Yield one calendar of all the events, a chunk for each.

    `name` is shown by apps that make a calendar of the file (RFC 7986 NAME and
    its older form). RFC 5545 asks for at least one event, so ask first whether
    there is one.

    Raises InputError, at its event, for a link that no calendar should open.
    """
    named = [prefix + _text(name) for prefix in (b"NAME:", b"X-WR-CALNAME:")] if name else []
    yield _block((*_HEAD, *named))
    for event in events:
        yield _block(_vevent(event))
    yield _block(_TAIL)


def single(event: Event) -> bytes:
    """Return the event as an object of its own, as CalDAV wants it (RFC 4791 4.1).

    Raises InputError for a link that no calendar should open.
    """
    return _block((*_HEAD, *_vevent(event), *_TAIL))


def fingerprint(event: Event) -> str:
    """Return the fingerprint that `exported.remembered` finds of the event once it is written."""
    return exported.fingerprint(_vevent(event))


def _block(lines: Iterable[bytes]) -> bytes:
    return b"\r\n".join([*map(fold, lines), b""])


def _vevent(event: Event) -> list[bytes]:
    stamp = _instant(event.stamp)
    lines = [
        b"BEGIN:VEVENT",
        b"SUMMARY:" + _text(event.summary),
        b"DTSTART" + _when(event.start),
        b"DTEND" + _when(event.end),
        b"DTSTAMP:" + stamp,
        b"UID:" + _text(event.uid),
        b"SEQUENCE:%d" % event.sequence,
    ]
    if event.categories:
        lines.append(b"CATEGORIES:" + b",".join(map(_text, event.categories)))
    if event.description:  # libical takes an empty one for a fault
        lines.append(b"DESCRIPTION:" + _text(event.description))
    lines.append(b"LAST-MODIFIED:" + stamp)
    if event.cancelled:
        lines.append(b"STATUS:CANCELLED")
    lines.append(b"TRANSP:TRANSPARENT")
    if event.url:
        lines.append(b"URL:" + _link(event))
    if event.alarm and not event.cancelled:
        lines += _valarm(event.alarm)
    lines.append(b"END:VEVENT")
    return lines


def _valarm(alarm: Alarm) -> tuple[bytes, ...]:
    # Some readers stop at an alarm, so it stands last in its event.
    return (
        b"BEGIN:VALARM",
        b"ACTION:DISPLAY",
        b"DESCRIPTION:" + _text(alarm.text),
        b"TRIGGER:" + _before(alarm.before),
        b"UID:" + _text(alarm.uid),
        b"END:VALARM",
    )


def _text(value: str) -> bytes:
    # vText takes a typed "\N" for a line break; a path like C:\New is none.
    return rb"\\N".join([vText(part).to_ical() for part in value.split(r"\N")])


def _when(value: When) -> bytes:
    if isinstance(value, dt.datetime):
        return b":" + _instant(value)
    return b";VALUE=DATE:" + value.strftime("%Y%m%d").encode()


def _instant(value: dt.datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError(f"an event's time needs its zone: {value}")
    return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ").encode()


def _before(span: dt.timedelta) -> bytes:
    # In hours and minutes alone: some phones drop an event whose alarm counts weeks.
    hours, minutes = divmod(span // dt.timedelta(minutes=1), 60)
    if not (hours or minutes):
        return b"PT0S"
    return b"-PT" + (b"%dH" % hours if hours else b"") + (b"%dM" % minutes if minutes else b"")


def _link(event: Event) -> bytes:
    url = event.url or ""
    if not _LINK.fullmatch(url):
        raise InputError(
            f"{clean_line(event.summary)}: the link {clean_line(url)!r} cannot go into a calendar; "
            "use one that begins with https:, http:, mailto: or tel:"
        )
    return url.encode()
