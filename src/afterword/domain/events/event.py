"""What a calendar holds of a plan: VEVENT and VALARM as values (RFC 5545), in whatever format."""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from afterword.domain.model import When


class EventRole(enum.StrEnum):
    """The two events of a step."""

    ACT = "act"
    FRAME = "frame"


@attrs.frozen(kw_only=True)
class EventText:
    """The words of an event; `url` is the whole prefilled mail link, where there is one."""

    summary: str
    description: str
    url: str | None = None


@attrs.frozen(kw_only=True)
class Alarm:
    """A DISPLAY alarm, `before` (never negative) the start of its event."""

    uid: str
    before: dt.timedelta
    text: str


@attrs.frozen(kw_only=True)
class Event:
    """One VEVENT. Timed events are in UTC; all-day ones have dates, `end` exclusive.

    `stamp` is its DTSTAMP and LAST-MODIFIED, `sequence` its SEQUENCE: both come
    from what is remembered of it, never from the clock.
    """

    uid: str
    start: When
    end: When
    summary: str
    description: str
    stamp: dt.datetime
    sequence: int = 0
    url: str | None = None
    categories: tuple[str, ...] = ()
    alarm: Alarm | None = None
    cancelled: bool = False
