"""Read an earlier export: is the file ours, and the revision of each event in it.

It reads only files that afterword wrote, a line at a time, without a calendar
library.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from afterword.domain.calendar_model import Event
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.formats.ics_writer import (
    MARKS_PROPERTY,
    PRODID,
    fold,
    unfold,
    vevent_lines,
)

# Not part of the fingerprint: they say when and how often the rest changed, or are one of it.
_COUNTERS = (b"SEQUENCE:", b"DTSTAMP:", b"LAST-MODIFIED:", f"{MARKS_PROPERTY}:".encode())


HIGHEST_SEQUENCE = 2**31 - 1
"""The largest INTEGER of RFC 5545 3.3.8."""


class WrittenRevision(NamedTuple):
    """A revision of an event in a file: SEQUENCE, DTSTAMP in UTC, and `fingerprint_of` it."""

    sequence: int
    stamp: dt.datetime
    fingerprint: str


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
                stamp=_instant(values[b"DTSTAMP"]),
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


def _instant(value: bytes) -> dt.datetime:
    return dt.datetime.strptime(value.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
