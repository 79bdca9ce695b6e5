"""Compute the times of calendar events, of those that repeat on each of their dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from dateutil import rrule

from afterword.domain.calendar_model import TimeSpan
from afterword.importers.calendar_events import CalendarEvent
from afterword.importers.invitation.revisions import EventRevision
from afterword.importers.invitation.times import resolve_time_range
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError

_LONGEST_RULE = 500
_MOST_DATES = 1_000
_OLDEST = dt.timedelta(days=30 * 366)
_RULE = re.compile(r"[A-Z0-9=;,+-]+", re.ASCII)
_UNTIL = re.compile(r"UNTIL=(\d{8})(?:T(\d{6})Z?)?(?=;|$)", re.ASCII)
# Any of these can make a rule with no date, which dateutil would look for until the year 9999.
_COSTLY = {
    "DAILY": ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"),
    "WEEKLY": ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"),
    "MONTHLY": ("BYMONTH=", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND"),
    "YEARLY": ("BYHOUR", "BYMINUTE", "BYSECOND"),
}


def busy_spans(
    events: Iterable[CalendarEvent], start: dt.datetime, end: dt.datetime
) -> Iterator[TimeSpan]:
    """Yield when the user is busy in a range of time; events of whole days do not count."""
    for event in events:
        if event.facts.declined:
            continue
        masters = [r for r in event.revisions if not r.event.text("RECURRENCE-ID")]
        overrides = [r for r in event.revisions if r.event.text("RECURRENCE-ID")]
        replaced = {r.event.text("RECURRENCE-ID") for r in overrides}
        for revision in overrides:
            yield from _within(_single_span(revision), start, end)
        if masters:
            master = max(masters, key=EventRevision.rank)
            for span in _dates(master, replaced, start, end):
                yield from _within(span, start, end)


def _within(span: TimeSpan | None, start: dt.datetime, end: dt.datetime) -> Iterator[TimeSpan]:
    if span is not None and span[0] < end and span[1] > start:
        yield span


def _single_span(revision: EventRevision) -> TimeSpan | None:
    """Return the time of an event, None if it is cancelled, free, or takes whole days."""
    event = revision.event
    is_free = (
        event.text("TRANSP").upper() == "TRANSPARENT"
        or event.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE"
    )
    if is_free or revision.cancelled:
        return None
    try:
        times = resolve_time_range(event, revision.zones)
    except (AmbiguousTimeError, OverflowError):
        return None
    return times.start, times.end


def _dates(
    master: EventRevision, replaced: set[str], start: dt.datetime, end: dt.datetime
) -> Iterator[TimeSpan]:
    first = _single_span(master)
    if first is None:
        return
    excluded = replaced.union(*(p.value.split(",") for p in master.event.properties("EXDATE")))
    rule = _rule(master, first[0], start, end)
    if rule is None:
        yield first
        return
    length = first[1].astimezone(dt.UTC) - first[0].astimezone(dt.UTC)
    try:
        # A rule has microseconds cut off, and the span of a date may have begun before.
        for date in rule.xafter(start - length, count=_MOST_DATES, inc=True):
            if date >= end:
                return
            if not _is_excluded(date, excluded):
                yield date, (date.astimezone(dt.UTC) + length)
    except (ValueError, OverflowError):
        return


def _rule(
    master: EventRevision, first: dt.datetime, start: dt.datetime, end: dt.datetime
) -> rrule.rrule | rrule.rruleset | None:
    """Return the rule of an event that repeats; None for others, and for rules that cost much."""
    text = master.event.text("RRULE").upper().replace(" ", "")
    if not text or len(text) > _LONGEST_RULE or not _RULE.fullmatch(text):
        return None
    frequency = re.search(r"FREQ=(\w+)", text)
    costly = _COSTLY.get(frequency[1]) if frequency else None
    if costly is None or any(part in text for part in costly):
        return None
    if first < start - _OLDEST or first >= end:
        return None
    text = _UNTIL.sub(lambda match: f"UNTIL={match[1]}T{match[2] or '235959'}Z", text)
    try:
        return rrule.rrulestr(text, dtstart=first)
    except (ValueError, TypeError, OverflowError, KeyError):
        return None


def _is_excluded(date: dt.datetime, excluded: set[str]) -> bool:
    forms = (
        f"{date:%Y%m%dT%H%M%S}",
        f"{date:%Y%m%d}",
        f"{date.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
    )
    return any(form in excluded for form in forms)
