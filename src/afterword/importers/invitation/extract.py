"""Which VEVENT counts, where a file holds several of one UID (RFC 5545 3.8.7.4, RFC 5546 2.1.5).

The events of a calendar file to the invitations that they are.

Each question that cannot be answered without guessing is kept until all events
are read, so that one error asks them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.invitation import guess_company, guess_role, location, times
from afterword.importers.invitation.html_text import (
    plain,
    says_cancelled,
    title_of,
    without_conference,
)
from afterword.importers.invitation.ical_parser import (
    Component,
    decode_calendar,
    logical_lines,
    parse_calendar,
)
from afterword.importers.invitation.invitation_model import (
    CliFlag,
    Guess,
    Invitation,
    InvitationReading,
    NeedsAnswerError,
    ReaderLimits,
    ReaderQuestion,
    interview_id,
)
from afterword.importers.invitation.participants import Participants, identify_participants
from afterword.importers.invitation.times import (
    TimeRange,
    parse_ical_instant,
    parse_stamp,
    resolve_time_range,
)
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError, ZoneResolver

_NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@attrs.frozen(kw_only=True)
class EventRevision:
    """One VEVENT, with the method and the clocks of the calendar object that it stands in."""

    event: Component
    method: str
    zones: ZoneResolver

    @property
    def sequence(self) -> int:
        """Return its SEQUENCE; 0 where there is none that counts."""
        text = self.event.text("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE")
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1" * 10) else 0

    @property
    def cancelled(self) -> bool:
        """Tell whether the interview is off: by method, by status, or by its title."""
        return (
            self.method == "CANCEL"
            or self.event.text("STATUS").upper() == "CANCELLED"
            or says_cancelled(clean_line(self.event.text("SUMMARY")))
        )

    @property
    def identity(self) -> str:
        """Return the UID, or what an event without one is known by."""
        name = clean_line(self.event.text("UID"))
        return name or "\n".join(("", self.event.text("DTSTART"), self.event.text("SUMMARY")))

    def rank(self) -> tuple[int, dt.datetime, bool]:
        """Order the versions of one event, the one that counts last."""
        return self.sequence, parse_stamp(self.event) or _NEVER, self.cancelled


@attrs.frozen(kw_only=True)
class SelectedRevision:
    """The version that counts, and what was left aside for it."""

    version: EventRevision
    warnings: tuple[str, ...] = ()


def group_by_uid(versions: Iterable[EventRevision]) -> list[list[EventRevision]]:
    """Return the versions by identity, in the order of the file."""
    found: dict[str, list[EventRevision]] = {}
    for version in versions:
        found.setdefault(version.identity, []).append(version)
    return list(found.values())


def latest_revision(versions: Sequence[EventRevision], at: dt.datetime | None) -> SelectedRevision:
    """Return the version that counts of one event.

    An interview does not recur: of a repeating meeting the date that stands by
    itself (RECURRENCE-ID) is meant, else its first.

    Raises UnclearError where several dates stand by themselves and `at` is none of them.
    """
    masters = [v for v in versions if not v.event.text("RECURRENCE-ID")]
    master = max(masters, key=EventRevision.rank, default=None)
    dates = _newest_by_date(v for v in versions if v.event.text("RECURRENCE-ID"))
    live = [v for v in dates if not v.cancelled]
    if master and (master.cancelled or not dates):
        return SelectedRevision(
            version=master, warnings=(*_older(master, masters), *_repeats(master))
        )
    if len(live) == 1:
        return SelectedRevision(
            version=live[0], warnings=("it is one date of a repeating meeting",)
        )
    if live:
        return _one_of(live, at)
    if master is None:
        return SelectedRevision(version=max(dates, key=EventRevision.rank))
    if _first_is_off(master, dates) and at is None:
        raise AmbiguousTimeError(
            "the first date of this repeating meeting is cancelled; which is yours?", CliFlag.AT
        )
    return SelectedRevision(version=master, warnings=_repeats(master))


def _one_of(live: Sequence[EventRevision], at: dt.datetime | None) -> SelectedRevision:
    for version in live:
        if at is not None and parse_ical_instant(version.event, "DTSTART", version.zones) == at:
            return SelectedRevision(
                version=version, warnings=("it is one date of a repeating meeting",)
            )
    raise AmbiguousTimeError(f"it stands on {len(live)} dates; which is yours?", CliFlag.AT)


def _newest_by_date(versions: Iterable[EventRevision]) -> list[EventRevision]:
    found: dict[str, EventRevision] = {}
    for version in versions:
        date = version.event.text("RECURRENCE-ID")
        if date not in found or version.rank() >= found[date].rank():
            found[date] = version
    return list(found.values())


def _older(master: EventRevision, masters: Sequence[EventRevision]) -> tuple[str, ...]:
    if all(v.rank() == master.rank() for v in masters):
        return ()
    return ("the file holds older versions of this event too; the newest counts",)


def _repeats(master: EventRevision) -> tuple[str, ...]:
    if not master.event.first("RRULE", "RDATE"):
        return ()
    return ("it repeats (RRULE); only its first date was read as an interview",)


def _first_is_off(master: EventRevision, dates: Sequence[EventRevision]) -> bool:
    first = parse_ical_instant(master.event, "DTSTART", master.zones)
    return any(parse_ical_instant(v.event, "RECURRENCE-ID", v.zones) == first for v in dates)


_OURS = "-//afterword//afterword//EN"
_NO_ZONE = "the time is given in UTC; if their time zone is not yours, give it with --employer-zone"
_LONGEST_TITLE = 300
# Answers to an invitation and proposals: they tell of no interview that stands.
_NO_INVITATION = {
    "REPLY": "is an answer to an invitation; import the invitation itself",
    "COUNTER": "only proposes another time; import the invitation that comes of it",
    "DECLINECOUNTER": "only declines another time; import the invitation itself",
    "REFRESH": "only asks for an invitation; import the invitation itself",
}


@attrs.frozen(kw_only=True)
class ReaderHints:
    """What the reader of the invitations says of them.

    `me` are their own addresses, `hints` others that may be; `at` is the start
    of the one interview whose start they told.
    """

    me: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    employer_zone: ZoneInfo | None = None
    at: dt.datetime | None = None


def parse_events(
    data: bytes, *, source: str, told: ReaderHints, limits: ReaderLimits, charset: str | None = None
) -> tuple[list[EventRevision], tuple[str, ...]]:
    """Return the events of a calendar file, and what was odd about it.

    Raises InputError for what is no calendar, holds no event, or exceeds the limits.
    """
    text, notices = decode_calendar(data, source=source, size=limits.size, charset=charset)
    lines = logical_lines(text, source=source, most=limits.lines)
    root, odd = parse_calendar(lines, source=source, limits=limits)
    calendars = root.within("VCALENDAR") or ([root] if root.within("VEVENT") else [])
    if not calendars:
        raise InputError(f"{source}: is no calendar file (it has no BEGIN:VCALENDAR)")
    if any(calendar.text("PRODID") == _OURS for calendar in calendars):
        raise InputError(f"{source}: was written by afterword; import the invitation itself")
    found = [version for calendar in calendars for version in _versions(calendar, told)]
    if not found:
        raise InputError(f"{source}: {_why_none(calendars)}")
    return found, (*notices, *odd)


def build_invitations(
    versions: Iterable[EventRevision],
    *,
    source: str,
    told: ReaderHints,
    most: int,
    notices: Iterable[str],
) -> InvitationReading:
    """Return the invitations that stand, by start.

    Raises NeedsAnswerError with the questions of all of them, and InputError
    for more than `most`.
    """
    every = group_by_uid(versions)
    if len(every) > most:
        raise InputError(f"{source}: holds more than {most} events; save the interview's alone")
    start = told.at if len(every) == 1 else None
    found, open_questions = [], []
    for group in every:
        try:
            found.append(_invitation(latest_revision(group, start), attrs.evolve(told, at=start)))
        except AmbiguousTimeError as unclear:
            open_questions.append((group, unclear))
    if len(open_questions) == 1 and told.at and start is None:
        # The one that asks is the one that was meant.
        group, _ = open_questions.pop()
        found.append(_invitation(latest_revision(group, told.at), told))
    if open_questions:
        raise NeedsAnswerError(
            source, [_question(group, unclear) for group, unclear in open_questions]
        )
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    found.sort(key=lambda it: it.start.astimezone(dt.UTC) if it.start else never)
    return InvitationReading(source=source, invitations=tuple(found), notices=tuple(notices))


def _question(group: list[EventRevision], unclear: AmbiguousTimeError) -> ReaderQuestion:
    title = _title(group[0]) or "an event without a title"
    return ReaderQuestion(event=title, text=unclear.text, flag=unclear.flag)


def _versions(calendar: Component, told: ReaderHints) -> Iterator[EventRevision]:
    method = calendar.text("METHOD").upper()
    if method in _NO_INVITATION:
        return
    zones = ZoneResolver(
        definitions=tuple(calendar.within("VTIMEZONE")),
        calendar_zone=calendar.text("X-WR-TIMEZONE"),
        employer=told.employer_zone,
    )
    for event in calendar.within("VEVENT"):
        yield EventRevision(event=event, method=method, zones=zones)


def _why_none(calendars: Iterable[Component]) -> str:
    for calendar in calendars:
        if message := _NO_INVITATION.get(calendar.text("METHOD").upper()):
            return message
        if calendar.blocks and calendar.within("VTODO"):
            return "holds a task and no event; import the invitation itself"
    return "holds no event; save the invitation again"


def _invitation(chosen: SelectedRevision, told: ReaderHints) -> Invitation:
    version, event = chosen.version, chosen.version.event
    title = _title(version)
    text = plain(event.text("DESCRIPTION") or event.text("X-ALT-DESC"))
    words = without_conference(text)
    when = _when(version, told)
    people = identify_participants(event, f"{title}\n{words}", me=told.me, hints=told.hints)
    link = location.link_of(event)
    facts = _guesses(title, words, people)
    uid = clean_line(event.text("UID")) or None
    return Invitation(
        id=interview_id(uid, when.start if when else None, title),
        uid=uid,
        sequence=version.sequence,
        stamp=parse_stamp(event),
        method=version.method or None,
        cancelled=version.cancelled,
        start=when.start if when else None,
        end=when.end if when else None,
        zone=when.zone if when else None,
        summary=title,
        description=text,
        location=location.place_of(event),
        link=link[0] if link else None,
        me=people.me,
        interviewers=people.interviewers,
        declined=people.declined,
        organizer=people.organizer,
        domain=people.domain,
        company=facts["company"],
        role=facts["role"],
        round=facts["round"],
        guessed=(*(name for name, guess in facts.items() if guess), *people.guessed)
        + (when.guessed if when else ()),
        sources=_text_sources(facts, people, link, when),
        warnings=(*chosen.warnings, *_event_warnings(when, words), *people.warnings),
    )


def _when(version: EventRevision, told: ReaderHints) -> TimeRange | None:
    """Return when it takes place; of a cancelled one it need not be known."""
    try:
        return resolve_time_range(version.event, version.zones, at=told.at)
    except AmbiguousTimeError:
        if version.cancelled:
            return None
        raise


def _title(version: EventRevision) -> str:
    return title_of(clean_line(plain(version.event.text("SUMMARY"))))[:_LONGEST_TITLE]


def _guesses(title: str, words: str, people: Participants) -> dict[str, Guess | None]:
    return {
        "company": guess_company.guess_company(
            title, words, domain=people.domain, people=people.names
        ),
        "role": guess_role.guess_role(title, words),
        "round": guess_role.round_of(title, words),
    }


def _text_sources(
    facts: dict[str, Guess | None],
    people: Participants,
    link: tuple[str, str] | None,
    when: TimeRange | None,
) -> dict[str, str]:
    guessed = {name: guess.source for name, guess in facts.items() if guess}
    linked = {"link": link[1]} if link else {}
    return {**(when.sources if when else {}), **linked, **people.sources, **guessed}


def _event_warnings(when: TimeRange | None, words: str) -> Iterator[str]:
    if when is None:
        return
    yield from when.warnings
    if when.zone is None:
        yield _NO_ZONE
    if conflict := times.time_mismatch(words, when.start, when.zone):
        yield conflict
