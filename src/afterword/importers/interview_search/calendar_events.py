"""Read calendars of many events, and the single event of them that is an interview."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

import attrs

from afterword.errors import InputError
from afterword.importers.interview_search.event_facts import (
    EventFacts,
    collect_facts,
    frequent_addresses,
    private_addresses,
)
from afterword.importers.invitation.extract import ReaderHints, build_invitations, parse_events
from afterword.importers.invitation.invitation_model import Invitation, ReaderLimits
from afterword.importers.invitation.revisions import EventRevision, group_by_uid

CALENDAR_LIMITS = ReaderLimits(size=50_000_000, events=100_000, lines=3_000_000)
"""The largest exported calendar that is read."""

_HEAD = 1_000
_OURS = re.compile(rb"^PRODID:-//afterword//", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)


@attrs.frozen(kw_only=True)
class CalendarEvent:
    """An event of a calendar: its revisions, its facts, and the calendar's name.

    `key` is its UID, else start and title. `day` is the first day, None if it has no date.
    """

    key: str
    calendar: str
    revisions: tuple[EventRevision, ...] = attrs.field(repr=False)
    facts: EventFacts
    day: dt.date | None
    cancelled: bool


@attrs.frozen(kw_only=True)
class CalendarText:
    """The text of a calendar, or of an object in it; `source` names it in messages."""

    calendar: str
    source: str
    data: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class CalendarReading:
    """The events of calendars, and why some of their texts could not be read."""

    events: tuple[CalendarEvent, ...]
    unreadable: tuple[str, ...] = ()


def read_calendars(
    texts: Iterable[CalendarText], *, me: Collection[str], zone: ZoneInfo
) -> CalendarReading:
    """Return the events of calendars, but those of this program.

    `me` are the user's addresses; those in many events are taken for theirs too. `zone` is the
    user's, for times that have none.
    """
    hints = ReaderHints(me=tuple(me), employer_zone=zone)
    groups: list[tuple[str, list[EventRevision]]] = []
    unreadable = []
    for text in texts:
        if _OURS.search(text.data[:_HEAD]):
            continue
        try:
            revisions, _ = parse_events(
                text.data, source=text.source, hints=hints, limits=CALENDAR_LIMITS
            )
        except InputError as error:
            unreadable.append(error.message)
            continue
        groups += ((text.calendar, group) for group in group_by_uid(revisions))
    own = (*me, *frequent_addresses(group[0].event for _, group in groups))
    private = private_addresses((group[0].event for _, group in groups), own)
    events = (_calendar_event(calendar, group, own, private) for calendar, group in groups)
    return CalendarReading(events=tuple(events), unreadable=tuple(unreadable))


def read_interview(
    event: CalendarEvent,
    *,
    me: Collection[str],
    zone: ZoneInfo,
    at: dt.datetime | None = None,
) -> Invitation:
    """Return an event as the invitation to an interview, as a file with it alone would be read.

    `at` is the start of an event without a time. Raises NeedsAnswerError without it, and
    InputError for an event that cannot be read.
    """
    reading = build_invitations(
        event.revisions,
        source=event.facts.title or event.calendar,
        hints=ReaderHints(me=tuple(me), employer_zone=zone, at=at),
        max_events=1,
        notices=(),
    )
    return reading.invitations[0]


def _calendar_event(
    calendar: str,
    group: Sequence[EventRevision],
    me: Collection[str],
    private: Collection[str],
) -> CalendarEvent:
    master = max(group, key=_counts)
    facts = collect_facts(master.event, me=me, private=private)
    repeats = any(r.event.first("RRULE", "RDATE", "RECURRENCE-ID") for r in group)
    return CalendarEvent(
        key=master.identity,
        calendar=calendar,
        revisions=tuple(group),
        facts=attrs.evolve(facts, recurring=repeats),
        day=_day(master.event.text("DTSTART")),
        cancelled=master.cancelled,
    )


def _counts(revision: EventRevision) -> tuple[bool, object]:
    return not revision.event.text("RECURRENCE-ID"), revision.rank()


def _day(start: str) -> dt.date | None:
    match = _DATE.match(start)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
