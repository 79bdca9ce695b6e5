"""Read calendars of many events: the facts by which interviews are recognized, and busy times."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

import attrs
from dateutil import rrule

from afterword.domain.calendar_model import TimeSpan
from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.invitation.html_text import to_plain_text
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.invitation_model import ReaderLimits
from afterword.importers.invitation.invitation_reader import (
    ReaderHints,
    event_title,
    parse_events,
)
from afterword.importers.invitation.mail_domains import domain_of, is_free_mail, is_scheduler
from afterword.importers.invitation.participants import (
    Attendee,
    is_own_address,
    is_unattended,
    parse_attendee,
)
from afterword.importers.invitation.revisions import EventRevision, group_by_uid
from afterword.importers.invitation.times import resolve_time_range
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError

_MAX_LOCATION = 300
_MAX_TEXT = 4_000
_MAX_HOSTS = 20
_HOST = re.compile(r"https?://([^\s/<>\"'?#:@\\]{3,253})", re.IGNORECASE)
_LINKED = ("LOCATION", "URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "DESCRIPTION", "X-ALT-DESC")
# In so many events, of so many organizers, everybody is the user or a close colleague.
_OFTEN = 4
_SHARE = 0.15

CALENDAR_LIMITS = ReaderLimits(size=50_000_000, events=100_000, lines=3_000_000)
"""The largest exported calendar that is read."""

_HEAD = 1_000
_OURS = re.compile(rb"^PRODID:-//afterword//", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)

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


@attrs.frozen(kw_only=True)
class EventFacts:
    """The texts, people and links of an event.

    `organizer` is "" without an organizer, `others` are the addresses of everybody but the
    user. `internal`: everybody has a mailbox of one company, the user's own. `own`: the user
    invites; `private`: it is for a mailbox of theirs that no colleague has an address beside.
    `hosts` are those of the links in it.
    """

    title: str
    text: str
    location: str
    organizer: str
    others: tuple[str, ...]
    hosts: tuple[str, ...]
    internal: bool = False
    own: bool = False
    declined: bool = False
    private: bool = False
    recurring: bool = False

    @property
    def domain(self) -> str:
        """Return the mail domain of the organizer, "" without an organizer."""
        return domain_of(self.organizer)

    @property
    def is_from_outside(self) -> bool:
        """True for an invitation from a company that is not the user's."""
        if not self.organizer or self.internal or self.own:
            return False
        return not is_free_mail(self.domain)


def _collect_facts(
    event: Component, *, me: Collection[str], private: Collection[str], recurring: bool
) -> EventFacts:
    """Return the facts of an event; `me` are the user's addresses, `private` those not at work."""
    people = [parse_attendee(prop) for prop in event.properties("ATTENDEE")]
    address = _organizer_address(event)
    own = is_own_address(address, me)
    return EventFacts(
        title=event_title(event),
        text=to_plain_text(event.text("DESCRIPTION", "X-ALT-DESC")[: 4 * _MAX_TEXT])[:_MAX_TEXT],
        location=clean_line(to_plain_text(event.text("LOCATION")))[:_MAX_LOCATION],
        organizer=address,
        others=tuple(p.address for p in people if p.address and not is_own_address(p.address, me)),
        hosts=tuple(dict.fromkeys(_hosts(event)))[:_MAX_HOSTS],
        internal=_is_internal(address, people, me),
        own=own,
        declined=any(p.partstat == "DECLINED" and is_own_address(p.address, me) for p in people),
        private=any(is_own_address(p.address, private) for p in people),
        recurring=recurring,
    )


def _organizer_address(event: Component) -> str:
    return next((parse_attendee(prop).address for prop in event.properties("ORGANIZER")), "")


def _frequent_addresses(events: Iterable[Component]) -> tuple[str, ...]:
    """Return the addresses that so many organizers invite that they are the user's."""
    hosts_by_guest: dict[str, list[str]] = defaultdict(list)
    total = 0
    for event in events:
        host = _organizer_address(event).casefold()
        people = event.properties("ATTENDEE")
        guests = {parse_attendee(prop).address.casefold() for prop in people} - {""}
        total += bool(guests)
        for address in guests:
            hosts_by_guest[address].append(host)
    least = max(_OFTEN, _SHARE * total)
    return tuple(
        address
        for address, hosts in sorted(hosts_by_guest.items())
        if len(hosts) >= least and len(set(hosts)) >= _OFTEN and not is_unattended(address)
    )


def _private_addresses(events: Iterable[Component], me: Collection[str]) -> tuple[str, ...]:
    """Return the user's addresses in domains where nobody else in the calendar has an address."""
    by_domain: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for prop in (*event.properties("ATTENDEE"), *event.properties("ORGANIZER")):
            address = parse_attendee(prop).address.casefold()
            by_domain[domain_of(address)].add(address)
    return tuple(
        address
        for address in me
        if is_free_mail(domain := domain_of(address))
        or all(is_own_address(other, me) for other in by_domain.get(domain, ()))
    )


def _is_internal(address: str, people: Collection[Attendee], me: Collection[str]) -> bool:
    """True for a meeting among colleagues, or with an invitation by a colleague of the user."""
    domain = domain_of(address)
    if not domain or is_free_mail(domain) or is_scheduler(domain):
        return False
    if domain in {domain_of(own) for own in me}:
        return True
    domains = {domain_of(person.address) for person in people if person.address}
    return domains == {domain}


def _hosts(event: Component) -> Iterator[str]:
    for name in _LINKED:
        value = event.text(name)[: 4 * _MAX_TEXT]
        yield from (match[1].casefold() for match in _HOST.finditer(value))


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
    own = (*me, *_frequent_addresses(group[0].event for _, group in groups))
    private = _private_addresses((group[0].event for _, group in groups), own)
    events = (_calendar_event(calendar, group, own, private) for calendar, group in groups)
    return CalendarReading(events=tuple(events), unreadable=tuple(unreadable))


def _calendar_event(
    calendar: str,
    group: Sequence[EventRevision],
    me: Collection[str],
    private: Collection[str],
) -> CalendarEvent:
    master = max(group, key=_counts)
    repeats = any(r.event.first("RRULE", "RDATE", "RECURRENCE-ID") for r in group)
    return CalendarEvent(
        key=master.identity,
        calendar=calendar,
        revisions=tuple(group),
        facts=_collect_facts(master.event, me=me, private=private, recurring=repeats),
        day=_day(master.event.text("DTSTART")),
        cancelled=master.cancelled,
    )


def _counts(revision: EventRevision) -> tuple[bool, object]:
    return not revision.recurrence_id, revision.rank()


def _day(start: str) -> dt.date | None:
    match = _DATE.match(start)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def busy_spans(
    events: Iterable[CalendarEvent], start: dt.datetime, end: dt.datetime
) -> Iterator[TimeSpan]:
    """Yield when the user is busy in a range of time; events of whole days do not count."""
    for event in events:
        if not event.facts.declined:
            spans = _spans(event.revisions, start, end)
            yield from (span for span in spans if span[0] < end and span[1] > start)


def _spans(
    revisions: Sequence[EventRevision], start: dt.datetime, end: dt.datetime
) -> Iterator[TimeSpan]:
    """Yield the times of an event, with all of its dates in the range if it repeats."""
    masters = [r for r in revisions if not r.recurrence_id]
    overrides = [r for r in revisions if r.recurrence_id]
    yield from filter(None, map(_single_span, overrides))
    if masters:
        replaced = {r.recurrence_id for r in overrides}
        yield from _dates(max(masters, key=EventRevision.rank), replaced, start, end)


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
            if excluded.isdisjoint(_written_forms(date)):
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
    is_costly = costly is None or any(part in text for part in costly)
    if is_costly or not start - _OLDEST <= first < end:
        return None
    text = _UNTIL.sub(lambda match: f"UNTIL={match[1]}T{match[2] or '235959'}Z", text)
    try:
        return rrule.rrulestr(text, dtstart=first)
    except (ValueError, TypeError, OverflowError, KeyError):
        return None


def _written_forms(date: dt.datetime) -> Iterator[str]:
    """Yield a date in each form in which EXDATE or RECURRENCE-ID may state it."""
    yield f"{date:%Y%m%dT%H%M%S}"
    yield f"{date:%Y%m%d}"
    yield f"{date.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
