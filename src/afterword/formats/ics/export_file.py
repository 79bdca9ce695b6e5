"""What an earlier export left in a file: whether it is ours, and each event's counter.

A light reader of our own files alone, a line at a time: it needs no calendar
library and no memory beyond what it returns. Foreign calendars are read
elsewhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.events.event import Event
from afterword.formats.ics.ics_writer import PRODID, fold, unfold, vevent_lines


def fingerprint_of(event: Event) -> str:
    """Return the fingerprint that `read_revisions` returns of the event once it is written."""
    return event_fingerprint(vevent_lines(event))


# They say when and how often the rest changed, so they are no part of the rest.
_COUNTERS = (b"SEQUENCE:", b"DTSTAMP:", b"LAST-MODIFIED:")


@attrs.frozen(kw_only=True)
class WrittenRevision:
    """An event as it was last written.

    `stamp` is its DTSTAMP, in UTC; `fingerprint` is that of all its content
    lines but the counters, so that two are equal exactly when nothing changed.
    """

    sequence: int
    stamp: dt.datetime
    fingerprint: str


def is_our_file(data: bytes) -> bool:
    """Tell whether afterword wrote the calendar that begins with `data`.

    Its first kilobyte is enough. Only the calendar's own properties count: a
    foreign event may well quote our mark.
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
    """Return the events of one of our files by UID.

    `lines` are those of the file (an open binary file will do). An event whose
    counters were damaged by hand is left out.
    """
    found = {}
    for event in _events(unfold(lines)):
        values = _own_values(event)
        with contextlib.suppress(KeyError, ValueError):
            found[values[b"UID"].decode()] = WrittenRevision(
                sequence=int(values[b"SEQUENCE"]),
                stamp=_instant(values[b"DTSTAMP"]),
                fingerprint=event_fingerprint(map(fold, event)),
            )
    return found


def event_fingerprint(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of an event's folded lines without its counters, in hex."""
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
    """Return the event's own properties without parameters, not those of its alarm."""
    own = itertools.takewhile(lambda line: line != b"BEGIN:VALARM", event)
    return {name: value for name, colon, value in (line.partition(b":") for line in own) if colon}


def _instant(value: bytes) -> dt.datetime:
    return dt.datetime.strptime(value.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
