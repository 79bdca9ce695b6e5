"""Calendar events (VEVENT) with their alarm (VALARM) as values (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from afterword.domain.model import When
from afterword.domain.sanitize import clean


class EventRole(enum.StrEnum):
    """The reminder event (act) and the window event (frame) of a step."""

    ACT = "act"
    FRAME = "frame"


@attrs.frozen(kw_only=True)
class EventText:
    """The texts of an event; `url` is the prefilled mailto: link, if any."""

    summary: str
    description: str
    url: str | None = None


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
    description: str = attrs.field(converter=clean)
    stamp: dt.datetime
    sequence: int = 0
    url: str | None = None
    categories: tuple[str, ...] = ()
    alarm: Alarm | None = None
    cancelled: bool = False
