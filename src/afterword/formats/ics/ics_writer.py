"""Content lines of RFC 5545 3.1: bytes of at most 75 octets a line, and back.

Lines are passed without their line ends. The folds fall where the icalendar
library sets them, but are cut as slices: it walks the text a character at a
time, which is a third of what writing a large calendar costs.

Finished events to iCalendar bytes (RFC 5545), in the form that every phone agrees on.

Times are in UTC, so no VTIMEZONE is needed; there is no METHOD, ORGANIZER or
ATTENDEE, which would make an invitation of a reminder. The bytes are those that
the icalendar library makes of the same events, written event by event in
constant memory and without its weight: it takes seven times as long, and
longer to import than a small calendar to write. Texts have passed
`core.text.clean`. Same events, same bytes.

The calendar object of an event that its server does not have yet (RFC 4791 4.1).

It is made as an export is, without the library that reads other people's
objects: a first sync has thousands of them.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator

from afterword.domain.events.event import Alarm, Event
from afterword.domain.model import When
from afterword.domain.sanitize import clean_line
from afterword.errors import InputError

# 75 with the blank that begins a continuation; the first line keeps to it too.
_OCTETS = 74
# As much as fits, without a backslash or a caret at its end and without half a
# character, while there is more than one line; then the rest.
_SLICES = re.compile(rb"(?=.{75}).{70,73}(?:[^\\^](?![\x80-\xbf])|(?=[\\^]))|.+", re.DOTALL)


def fold(line: bytes) -> bytes:
    """Return the UTF-8 line with CRLF and a blank wherever it is cut.

    No cut falls inside a character or behind a backslash or a caret, which some
    readers would take for an escape that ends there.
    """
    return line if len(line) <= _OCTETS else b"\r\n ".join(_SLICES.findall(line))


def unfold(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content lines of a file's lines, whatever its line ends are."""
    whole: list[bytes] = []
    for line in lines:
        text = line.rstrip(b"\r\n")
        if whole and text[:1] in {b" ", b"\t"}:
            whole.append(text[1:])
            continue
        if whole:
            yield b"".join(whole)
        whole = [text]
    if whole:
        yield b"".join(whole)


PRODID = b"PRODID:-//afterword//afterword//EN"
"""The line that marks a calendar object as written by afterword (RFC 5545 3.7.3)."""

_HEAD = (b"BEGIN:VCALENDAR", b"VERSION:2.0", PRODID, b"CALSCALE:GREGORIAN")
_TAIL = (b"END:VCALENDAR",)
_SECONDS = len("2026-11-24T14:00:00")
# What a calendar app opens at a tap, percent-encoded (RFC 3986).
_LINK = re.compile(r"(?i:https?|mailto|tel):[!-~]+")


def calendar_file(events: Iterable[Event], *, name: str | None = None) -> Iterator[bytes]:
    """Yield one calendar of all the events, a chunk for each.

    `name` is shown by apps that make a calendar of the file (RFC 7986 NAME and
    its older form). RFC 5545 asks for at least one event, so ask first whether
    there is one.

    Raises InputError, at its event, for a link that no calendar should open.
    """
    named = [prefix + _text(name) for prefix in (b"NAME:", b"X-WR-CALNAME:")] if name else []
    yield _block((*_HEAD, *map(fold, named)))
    for event in events:
        yield _block(vevent_lines(event))
    yield _block(_TAIL)


def single_event_file(event: Event) -> bytes:
    """Return the event as an object of its own, as CalDAV wants it (RFC 4791 4.1).

    Raises InputError for a link that no calendar should open.
    """
    return _block((*_HEAD, *vevent_lines(event), *_TAIL))


def _block(lines: Iterable[bytes]) -> bytes:
    return b"\r\n".join((*lines, b""))


# An export asks twice: for the fingerprints of an application's events, then to write them.
@functools.lru_cache(maxsize=256)
def vevent_lines(event: Event) -> tuple[bytes, ...]:
    """Return the content lines of an event, folded."""
    stamp = _instant(event.stamp)
    lines = [
        b"BEGIN:VEVENT",
        fold(b"SUMMARY:" + _text(event.summary)),
        b"DTSTART" + _when(event.start),
        b"DTEND" + _when(event.end),
        b"DTSTAMP:" + stamp,
        fold(b"UID:" + _text(event.uid)),
        b"SEQUENCE:%d" % event.sequence,
    ]
    if event.categories:
        lines.append(fold(b"CATEGORIES:" + b",".join(map(_text, event.categories))))
    if event.description:  # libical takes an empty one for a fault
        lines.append(_description(event.description))
    lines.append(b"LAST-MODIFIED:" + stamp)
    if event.cancelled:
        lines.append(b"STATUS:CANCELLED")
    lines.append(b"TRANSP:TRANSPARENT")
    if event.url:
        lines.append(_link(event))
    if event.alarm and not event.cancelled:
        lines += _valarm(event.alarm)
    return (*lines, b"END:VEVENT")


def _valarm(alarm: Alarm) -> tuple[bytes, ...]:
    # Some readers stop at an alarm, so it stands last in its event.
    return (
        b"BEGIN:VALARM",
        b"ACTION:DISPLAY",
        fold(b"DESCRIPTION:" + _text(alarm.text)),
        b"TRIGGER:" + _before(alarm.before),
        fold(b"UID:" + _text(alarm.uid)),
        b"END:VALARM",
    )


# The two events of a step say the same, and so do their links.
@functools.lru_cache(maxsize=8)
def _description(text: str) -> bytes:
    return fold(b"DESCRIPTION:" + _text(text))


def _text(value: str) -> bytes:
    """Return a text with what would end or part it escaped (RFC 5545 3.3.11)."""
    escaped = value.encode().replace(b"\\", b"\\\\").replace(b";", b"\\;")
    return escaped.replace(b",", b"\\,").replace(b"\n", b"\\n")


def _when(value: When) -> bytes:
    if isinstance(value, dt.datetime):
        return b":" + _instant(value)
    return b";VALUE=DATE:" + _basic(value.isoformat())


# Much begins at nine, and all events of an application have one stamp.
@functools.lru_cache(maxsize=1024)
def _instant(value: dt.datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError(f"an event's time needs its zone: {value}")
    return _basic(value.astimezone(dt.UTC).isoformat()[:_SECONDS]) + b"Z"


def _basic(extended: str) -> bytes:
    """Return a date or a time without the marks between its numbers (ISO 8601)."""
    return extended.replace("-", "").replace(":", "").encode()


def _before(span: dt.timedelta) -> bytes:
    # In hours and minutes alone: some phones drop an event whose alarm counts weeks.
    hours, minutes = divmod(span // dt.timedelta(minutes=1), 60)
    if not (hours or minutes):
        return b"PT0S"
    return b"-PT" + (b"%dH" % hours if hours else b"") + (b"%dM" % minutes if minutes else b"")


def _link(event: Event) -> bytes:
    url = event.url or ""
    line = _url(url)
    if line is None:
        raise InputError(
            f"{clean_line(event.summary)}: the link {clean_line(url)!r} cannot go into a calendar; "
            "use one that begins with https:, http:, mailto: or tel:"
        )
    return line


@functools.lru_cache(maxsize=8)
def _url(url: str) -> bytes | None:
    return fold(b"URL:" + url.encode()) if _LINK.fullmatch(url) else None


MARKS_PROPERTY = "X-AFTERWORD-MARKS"
"""The property that keeps what we wrote, so that a person's changes are known without any state."""


def new_calendar_object(event: Event, marks: str) -> bytes:
    """Return the object of an event, with its marks."""
    body = single_event_file(event)
    mark = f"\r\n{MARKS_PROPERTY}:{marks}".encode()
    # Texts cannot begin a line like this: their line ends are escaped.
    alarm = body.find(b"\r\nBEGIN:VALARM\r\n")
    place = alarm if alarm >= 0 else body.index(b"\r\nEND:VEVENT\r\n")
    return body[:place] + mark + body[place:]
