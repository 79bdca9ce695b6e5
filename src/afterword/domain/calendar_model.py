"""Calendar events with their alarm (VEVENT and VALARM of RFC 5545), and busy times, as values."""

from __future__ import annotations

import bisect
import datetime as dt
import enum
import functools
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import attrs

from afterword.domain.model import When
from afterword.domain.sanitize import clean

TimeSpan = tuple[dt.datetime, dt.datetime]


class EventRole(enum.StrEnum):
    """The reminder event (act) and the window event (frame) of a step."""

    ACT = "act"
    FRAME = "frame"


class Field(enum.StrEnum):
    """The fields that are compared and written; the rest of an event is never touched."""

    SUMMARY = "summary"
    TIME = "time"
    DESCRIPTION = "description"
    ALARMS = "alarms"


Fields = Mapping[Field, str]
"""Some or all fields: TIME as `start/end` in ISO 8601, ALARMS in seconds from the start."""


class EventText(NamedTuple):
    """The texts of an event; `url` is the prefilled mailto: link, if any."""

    summary: str
    description: str
    url: str | None = None


# The two events of a step have the same description, a long text.
_cleaned_before = functools.lru_cache(maxsize=8)(clean)


def _clean_description(text: str) -> str:
    return _cleaned_before(text)


@attrs.frozen(kw_only=True)
class Alarm:
    """A DISPLAY alarm that rings `before` (zero or more) the start of its event."""

    uid: str
    before: dt.timedelta
    text: str = attrs.field(converter=clean)


@attrs.frozen(kw_only=True)
class Event:
    """A VEVENT. Timed events are in UTC; all-day events have dates; `end` is exclusive.

    Its texts are cleaned here whatever they were made from, because a character that XML does
    not have in one event makes every event of its calendar unreadable on a server.

    `stamp` is its DTSTAMP and LAST-MODIFIED, `sequence` its SEQUENCE. Both come
    from the application or the saved state, never from the clock.
    """

    uid: str
    start: When
    end: When
    summary: str = attrs.field(converter=clean)
    description: str = attrs.field(converter=_clean_description)
    stamp: dt.datetime
    sequence: int = 0
    url: str | None = None
    categories: tuple[str, ...] = ()
    alarm: Alarm | None = None
    cancelled: bool = False

    def __hash__(self) -> int:
        """Return the hash of the UID, by which events differ; that of all fields takes long."""
        return hash(self.uid)


@attrs.frozen(eq=False)
class BusyTimes:
    """Spans in order that do not touch; compared by identity, so it can be a key."""

    spans: tuple[TimeSpan, ...] = ()

    def span_at(self, moment: dt.datetime) -> TimeSpan | None:
        """Return the busy span that a moment is in."""
        at = bisect.bisect_right(self.spans, moment, key=lambda span: span[0]) - 1
        if at < 0 or self.spans[at][1] <= moment:
            return None
        return self.spans[at]


def merge_spans(spans: Iterable[TimeSpan]) -> BusyTimes:
    """Return spans in any order, those that overlap or touch as a single span, in UTC."""
    merged: list[TimeSpan] = []
    for start, end in sorted((s.astimezone(dt.UTC), e.astimezone(dt.UTC)) for s, e in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return BusyTimes(tuple(merged))
