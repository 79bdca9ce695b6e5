"""Write events as iCalendar (RFC 5545), and read the revisions in files that this program wrote.

Times are in UTC, so there is no VTIMEZONE. There is no METHOD, ORGANIZER or
ATTENDEE, which would turn a reminder into an invitation. Texts have passed
`domain.sanitize`. The same events give the same bytes.

The bytes are those of the icalendar library, which takes seven times as long,
needs the whole calendar in memory, and takes longer to import than this module
to write a small calendar.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import hashlib
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from afterword.domain.calendar_model import Alarm, Event
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.model import When
from afterword.domain.sanitize import clean_line
from afterword.errors import InputError

PRODID = b"PRODID:-//afterword//afterword//EN"
"""The line that marks a calendar as written by afterword (RFC 5545 3.7.3)."""
MARKS_PROPERTY = "X-AFTERWORD-MARKS"
"""The property with the fingerprints of what we wrote, by which a user's edits are recognized."""
HIGHEST_SEQUENCE = 2**31 - 1
"""The largest INTEGER of RFC 5545 3.3.8."""

HEAD = (b"BEGIN:VCALENDAR", b"VERSION:2.0", PRODID, b"CALSCALE:GREGORIAN")
_TAIL = (b"END:VCALENDAR",)
_SECONDS = len("2026-11-24T14:00:00")
# Links that a calendar app opens, percent-encoded (RFC 3986).
_LINK = re.compile(r"(?i:https?|mailto|tel):[!-~]+")
# RFC 5545 3.1 allows 75 octets, with the blank that begins a continuation line.
_OCTETS = 74
# The longest slice that ends neither within a character nor behind a backslash or a caret,
# while more than a line is left; then the rest. The icalendar library folds at the same
# places, but goes through the text by character, a third of the cost of a large calendar.
_SLICES = re.compile(rb"(?=.{75}).{70,73}(?:[^\\^](?![\x80-\xbf])|(?=[\\^]))|.+", re.DOTALL)
# Not part of the fingerprint: they say when and how often the rest changed, or are one of it.
_COUNTERS = (b"SEQUENCE:", b"DTSTAMP:", b"LAST-MODIFIED:", f"{MARKS_PROPERTY}:".encode())


class FeedProperties(NamedTuple):
    """The properties of a calendar that apps fetch by its address (RFC 7986).

    `colour` is a name of CSS, and `rgb` the same as "#008080" for Apple's apps.
    """

    name: str
    colour: str
    rgb: str
    refresh: dt.timedelta = dt.timedelta(hours=1)


class WrittenRevision(NamedTuple):
    """A revision of an event in a file: SEQUENCE, DTSTAMP in UTC, and `fingerprint_of` it."""

    sequence: int
    stamp: dt.datetime
    fingerprint: str


def fold(line: bytes) -> bytes:
    """Fold a content line, UTF-8 without its line end (RFC 5545 3.1).

    It is not cut within a character, nor behind a backslash or a caret, because
    some readers would end the escape there.
    """
    return line if len(line) <= _OCTETS else b"\r\n ".join(_SLICES.findall(line))


def unfold(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content lines of a file, given its lines with any line ends."""
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


def calendar_file(
    events: Iterable[Event],
    *,
    name: str | None = None,
    copied: Iterable[tuple[bytes, ...]] = (),
    feed: FeedProperties | None = None,
) -> Iterator[bytes]:
    """Yield a calendar of all events, a chunk for each event; `copied` are lines of further ones.

    `name` is the calendar's name in apps that import the file (RFC 7986 NAME and
    its older form), `feed` has the properties for apps that fetch it. There must be an event
    (RFC 5545 3.6). Raises InputError, at the event, for a link that no calendar should open.
    """
    named = [prefix + _text(name) for prefix in (b"NAME:", b"X-WR-CALNAME:")] if name else []
    yield _block((*HEAD, *map(fold, named), *_feed_lines(feed)))
    for event in events:
        yield _block(vevent_lines(event))
    yield from map(_block, copied)
    yield _block(_TAIL)


def _feed_lines(feed: FeedProperties | None) -> tuple[bytes, ...]:
    """Return how often to fetch the calendar, in its two forms, and its colour."""
    if feed is None:
        return ()
    # RFC 7986 5.7 asks for the parameter; Outlook and older apps read the second form.
    refresh = b"PT%dM" % (feed.refresh // dt.timedelta(minutes=1))
    return (
        b"REFRESH-INTERVAL;VALUE=DURATION:" + refresh,
        b"X-PUBLISHED-TTL:" + refresh,
        b"COLOR:" + _text(feed.colour),
        b"X-APPLE-CALENDAR-COLOR:" + _text(feed.rgb),
    )


def single_event_file(event: Event) -> bytes:
    """Return a calendar of a single event, as CalDAV stores it (RFC 4791 4.1).

    Raises InputError for a link that no calendar should open.
    """
    return _block((*HEAD, *vevent_lines(event), *_TAIL))


def new_calendar_object(event: Event, marks: str) -> bytes:
    """Return the event as a calendar object with its marks, for a server without it."""
    body = single_event_file(event)
    mark = f"\r\n{MARKS_PROPERTY}:{marks}".encode()
    # No text can contain these lines: line ends are escaped in texts.
    alarm = body.find(b"\r\nBEGIN:VALARM\r\n")
    position = alarm if alarm >= 0 else body.index(b"\r\nEND:VEVENT\r\n")
    return body[:position] + mark + body[position:]


def _block(lines: Iterable[bytes]) -> bytes:
    return b"\r\n".join((*lines, b""))


# An export needs them twice: for the fingerprints of an application's events, and to write them.
@functools.lru_cache(maxsize=512)
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
        lines.append(_categories(event.categories))
    if event.description:  # libical reports an empty one as an error
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
    # Some readers stop at an alarm, so it is the last part of its event.
    return (
        b"BEGIN:VALARM",
        b"ACTION:DISPLAY",
        fold(b"DESCRIPTION:" + _text(alarm.text)),
        b"TRIGGER:" + duration_before(alarm.before),
        fold(b"UID:" + _text(alarm.uid)),
        b"END:VALARM",
    )


# The two events of a step have the same description, and the same link.
@functools.lru_cache(maxsize=8)
def _description(text: str) -> bytes:
    return fold(b"DESCRIPTION:" + _text(text))


@functools.lru_cache(maxsize=8)
def _categories(names: tuple[str, ...]) -> bytes:
    return fold(b"CATEGORIES:" + b",".join(map(_text, names)))


def _text(value: str) -> bytes:
    """Escape a text (RFC 5545 3.3.11)."""
    escaped = value.encode().replace(b"\\", b"\\\\").replace(b";", b"\\;")
    return escaped.replace(b",", b"\\,").replace(b"\n", b"\\n")


def _when(value: When) -> bytes:
    if isinstance(value, dt.datetime):
        return b":" + _instant(value)
    return b";VALUE=DATE:" + _basic(value.isoformat())


# Many events begin at nine, and all events of an application have the same stamp.
@functools.lru_cache(maxsize=1024)
def _instant(value: dt.datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError(f"an event's time needs its zone: {value}")
    return _basic(value.astimezone(dt.UTC).isoformat()[:_SECONDS]) + b"Z"


def _basic(extended: str) -> bytes:
    """Convert ISO 8601 from the extended (2026-11-24) to the basic format (20261124)."""
    return extended.replace("-", "").replace(":", "").encode()


@functools.lru_cache(maxsize=64)
def duration_before(span: dt.timedelta) -> bytes:
    """Return a span before the start of an event as a trigger (RFC 5545 3.3.6)."""
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


def is_our_file(data: bytes) -> bool:
    """True if afterword wrote the calendar that begins with `data`, a kilobyte or more.

    Only properties of the calendar count: a foreign event may quote our PRODID.
    """
    lines = unfold(data.splitlines())
    if next(lines, b"") != b"BEGIN:VCALENDAR":
        return False
    for line in lines:
        if line.startswith((b"BEGIN:", b"END:")):
            return False
        if line == PRODID:
            return True
    return False


def read_revisions(lines: Iterable[bytes]) -> dict[str, WrittenRevision]:
    """Return the revisions in a file of ours, by UID.

    `lines` may be an open binary file. Events with damaged counters are left out.
    """
    revisions = {}
    for event in _events(unfold(lines)):
        values = _own_values(event)
        with contextlib.suppress(KeyError, ValueError):
            revision = WrittenRevision(
                sequence=int(values[b"SEQUENCE"]),
                stamp=_parsed_instant(values[b"DTSTAMP"]),
                fingerprint=_fingerprint(map(fold, event)),
            )
            if _is_plausible(revision):
                revisions[values[b"UID"].decode()] = revision
    return revisions


def read_events(lines: Iterable[bytes], uids: Collection[str]) -> Iterator[tuple[bytes, ...]]:
    """Yield the folded content lines of the events in a file that have any of the UIDs."""
    for event in _events(unfold(lines)):
        if _own_values(event).get(b"UID", b"").decode("utf-8", "replace") in uids:
            yield tuple(map(fold, event))


def _is_plausible(revision: WrittenRevision) -> bool:
    """False for counters that only an editor wrote, from which no further could be counted."""
    return (
        0 <= revision.sequence < HIGHEST_SEQUENCE and FIRST_YEAR <= revision.stamp.year <= LAST_YEAR
    )


def fingerprint_of(event: Event) -> str:
    """Return the SHA-256, in hex, of the event's content lines without its counters."""
    return _fingerprint(vevent_lines(event))


def _fingerprint(lines: Iterable[bytes]) -> str:
    content = b"\n".join([line for line in lines if not line.startswith(_COUNTERS)])
    return hashlib.sha256(content).hexdigest()


def _events(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    event: list[bytes] = []
    for line in lines:
        if line == b"BEGIN:VEVENT":
            event = [line]
        elif event:
            event.append(line)
        if line == b"END:VEVENT":
            yield event
            event = []


def _own_values(event: list[bytes]) -> dict[bytes, bytes]:
    """Return the event's properties that have no parameters, without those of its alarm."""
    own = itertools.takewhile(lambda line: line != b"BEGIN:VALARM", event)
    return {name: value for name, colon, value in (line.partition(b":") for line in own) if colon}


def _parsed_instant(value: bytes) -> dt.datetime:
    return dt.datetime.strptime(value.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
