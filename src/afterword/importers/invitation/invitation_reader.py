"""Read the invitations in a calendar file (.ics) or a mail (.eml).

Bytes in, values out: no file, no network, no clock. Facts that the file does not state are guesses
with their source; times that would have to be guessed are asked, those of all events at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.invitation.guess_application import guess_company, guess_role, guess_round
from afterword.importers.invitation.html_text import (
    strip_conference_blocks,
    strip_prefixes,
    to_plain_text,
)
from afterword.importers.invitation.ical_parser import (
    Component,
    decode_calendar,
    logical_lines,
    parse_calendar,
)
from afterword.importers.invitation.invitation_model import (
    Guess,
    Invitation,
    InvitationReading,
    NeedsAnswerError,
    ReaderLimits,
    ReaderQuestion,
    interview_id,
)
from afterword.importers.invitation.location import extract_link, extract_location
from afterword.importers.invitation.mail_reader import Mail, MailPart, is_mail, read_mail
from afterword.importers.invitation.participants import Participants, identify_participants
from afterword.importers.invitation.revisions import (
    EventRevision,
    group_by_uid,
    latest_revision,
)
from afterword.importers.invitation.times import (
    TimeRange,
    resolve_time_range,
    time_mismatch,
)
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError, ZoneResolver

_CONTENT = (
    "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "X-ALT-DESC", "LOCATION", "ORGANIZER", "ATTENDEE",
    "RECURRENCE-ID",
)  # fmt: skip
_OWN_PRODID = "-//afterword//afterword//EN"
_NO_ZONE = "the time is given in UTC; if their time zone is not yours, give it with --employer-zone"
_MAX_TITLE_LENGTH = 300
# Methods of RFC 5546 that do not establish a meeting.
_NOT_AN_INVITATION = {
    "REPLY": "is an answer to an invitation; import the invitation itself",
    "COUNTER": "only proposes another time; import the invitation that comes of it",
    "DECLINECOUNTER": "only declines another time; import the invitation itself",
    "REFRESH": "only asks for an invitation; import the invitation itself",
}


@attrs.frozen(kw_only=True)
class ReaderHints:
    """Facts that the user gives beside the file.

    `me` are their own addresses; `recipients`, those that the mail was sent to, may include one.
    `at` is the start of the one interview that has no clear start.
    """

    me: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    employer_zone: ZoneInfo | None = None
    at: dt.datetime | None = None


def read_invitation(
    data: bytes,
    *,
    source: str,
    me: Collection[str] = (),
    employer_zone: ZoneInfo | None = None,
    at: dt.datetime | None = None,
    limits: ReaderLimits | None = None,
) -> InvitationReading:
    """Return the invitations in a calendar file or a mail; the content decides which it is.

    `source` names the file in messages. `me` are the user's own addresses. `employer_zone` is the
    zone of times that have none in the file, `at` (aware) the start of its only interview.

    Raises NeedsAnswerError for times that cannot be read without guessing, InputError for any
    other bad input, and ValueError for an `at` without a zone.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` has no zone, and the machine's must not count")
    limits = limits or ReaderLimits()
    source = clean_line(source)
    if is_mail(data):
        mail = read_mail(data, source=source, limits=limits)
    else:
        mail = Mail(parts=(MailPart(data=data),))
    hints = ReaderHints(
        me=tuple(me), recipients=mail.recipients, employer_zone=employer_zone, at=at
    )
    revisions, notices = _parse_parts(mail.parts, source=source, hints=hints, limits=limits)
    return build_invitations(
        revisions, source=source, hints=hints, max_events=limits.events, notices=notices
    )


def _parse_parts(
    parts: Iterable[MailPart], *, source: str, hints: ReaderHints, limits: ReaderLimits
) -> tuple[list[EventRevision], tuple[str, ...]]:
    """Return the events of all calendar parts; senders attach a copy of the inline part.

    Raises InputError where no part can be read.
    """
    revisions: list[EventRevision] = []
    notices: dict[str, None] = {}
    errors = []
    for part in parts:
        try:
            events, part_notices = parse_events(
                part.data, source=source, hints=hints, limits=limits, charset=part.charset
            )
        except InputError as error:
            errors.append(error)
        else:
            revisions += events
            notices.update(dict.fromkeys(part_notices))
    if not revisions:
        raise errors[0]
    if errors:
        notices["one of the calendar parts of the mail could not be read"] = None
    return revisions, tuple(notices)


def parse_events(
    data: bytes,
    *,
    source: str,
    hints: ReaderHints,
    limits: ReaderLimits,
    charset: str | None = None,
) -> tuple[list[EventRevision], tuple[str, ...]]:
    """Return the events of a calendar file, and notices about the file.

    Raises InputError for a file that is no calendar, has no event, or exceeds the limits.
    """
    text, encoding_notices = decode_calendar(data, source=source, size=limits.size, charset=charset)
    lines = logical_lines(text, source=source, max_lines=limits.lines)
    root, notices = parse_calendar(lines, source=source, limits=limits)
    calendars = root.subcomponents("VCALENDAR") or ([root] if root.subcomponents("VEVENT") else [])
    if not calendars:
        raise InputError(f"{source}: {_why_no_calendar(text)}")
    if any(calendar.text("PRODID") == _OWN_PRODID for calendar in calendars):
        raise InputError(f"{source}: was written by afterword; import the invitation itself")
    revisions = [r for calendar in calendars for r in _revisions(calendar, hints)]
    if not revisions:
        raise InputError(f"{source}: {_why_no_event(calendars)}")
    # Some senders add an empty event behind the interview's.
    stated = [r for r in revisions if r.cancelled or any(map(r.event.text, _CONTENT))]
    if stated and len(stated) < len(revisions):
        notices = (*notices, "an event without any content was left out")
    return stated or revisions, (*encoding_notices, *notices)


def build_invitations(
    revisions: Iterable[EventRevision],
    *,
    source: str,
    hints: ReaderHints,
    max_events: int,
    notices: Iterable[str],
) -> InvitationReading:
    """Return the invitations by start.

    Raises NeedsAnswerError with the questions of all of them, and InputError for more than
    `max_events`.
    """
    groups = group_by_uid(revisions)
    if len(groups) > max_events:
        raise InputError(
            f"{source}: holds more than {max_events} events; save the interview's alone"
        )
    start = hints.at if len(groups) == 1 else None
    invitations, ambiguous = [], []
    for group in groups:
        try:
            invitations.append(_build_invitation(group, attrs.evolve(hints, at=start)))
        except AmbiguousTimeError as error:
            ambiguous.append((group, error))
    if len(ambiguous) == 1 and hints.at and start is None:
        # The start given by the user answers the only question.
        group, _ = ambiguous.pop()
        invitations.append(_build_invitation(group, hints))
    if ambiguous:
        raise NeedsAnswerError(source, [_question(group, error) for group, error in ambiguous])
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    invitations.sort(key=lambda i: i.start.astimezone(dt.UTC) if i.start else last)
    return InvitationReading(source=source, invitations=tuple(invitations), notices=tuple(notices))


def _revisions(calendar: Component, hints: ReaderHints) -> Iterator[EventRevision]:
    method = calendar.text("METHOD").upper()
    if method in _NOT_AN_INVITATION:
        return
    zones = ZoneResolver(
        definitions=tuple(calendar.subcomponents("VTIMEZONE")),
        calendar_zone=calendar.text("X-WR-TIMEZONE"),
        employer=hints.employer_zone,
    )
    for event in calendar.subcomponents("VEVENT"):
        yield EventRevision(event=event, method=method, zones=zones)


def _why_no_calendar(text: str) -> str:
    begin = re.search(r"BEGIN:V(?:CALENDAR|EVENT)", text, re.IGNORECASE)
    if begin is None:
        return "is no calendar file (it has no BEGIN:VCALENDAR)"
    if r"\n" in text[begin.end() :][:10] or r"\r" in text[begin.end() :][:10]:
        return r"its lines are joined by \n instead of line breaks; save the invitation again"
    if "\n" not in text[begin.end() :].strip():
        return "all of it is on a single line; save the invitation again, with its line breaks"
    line = text.count("\n", 0, begin.start()) + 1
    return (
        f"line {line}: {begin[0]} does not begin the line; remove what stands before it, or save "
        "the invitation again"
    )


def _why_no_event(calendars: Iterable[Component]) -> str:
    for calendar in calendars:
        if message := _NOT_AN_INVITATION.get(calendar.text("METHOD").upper()):
            return message
        if calendar.subcomponents("VTODO"):
            return "holds a task and no event; import the invitation itself"
    return "holds no event; save the invitation again"


def _question(group: list[EventRevision], error: AmbiguousTimeError) -> ReaderQuestion:
    title = event_title(group[0].event) or "an event without a title"
    return ReaderQuestion(event=title, text=error.text, flag=error.flag)


def _build_invitation(group: list[EventRevision], hints: ReaderHints) -> Invitation:
    revision, warnings = latest_revision(group, hints.at)
    event = revision.event
    title = event_title(event)
    description = to_plain_text(event.text("DESCRIPTION") or event.text("X-ALT-DESC"))
    text = strip_conference_blocks(description)
    times = _time_range(revision, hints)
    people = identify_participants(
        event, f"{title}\n{text}", me=hints.me, recipients=hints.recipients
    )
    link = extract_link(event)
    guesses = _guesses(title, text, people)
    uid = clean_line(event.text("UID")) or None
    return Invitation(
        id=interview_id(uid, times.start if times else None, title),
        uid=uid,
        sequence=revision.sequence,
        stamp=revision.stamp,
        modified=revision.modified,
        tentative=revision.tentative,
        cancelled=revision.cancelled,
        start=times.start if times else None,
        end=times.end if times else None,
        zone=times.zone if times else None,
        summary=title,
        description=description,
        location=extract_location(event),
        link=link[0] if link else None,
        me=people.me,
        interviewers=people.interviewers,
        declined=people.declined,
        organizer=people.organizer,
        domain=people.domain,
        company=guesses["company"],
        role=guesses["role"],
        round=guesses["round"],
        guessed=(
            *(name for name, guess in guesses.items() if guess),
            *people.guessed,
            *(times.guessed if times else ()),
        ),
        sources=_sources(guesses, people, link, times),
        warnings=(*warnings, *_time_warnings(times, text), *people.warnings),
    )


def _time_range(revision: EventRevision, hints: ReaderHints) -> TimeRange | None:
    """Return start and end; None for a cancellation that does not state them."""
    try:
        return resolve_time_range(revision.event, revision.zones, at=hints.at)
    except AmbiguousTimeError:
        if revision.cancelled:
            return None
        raise


def event_title(event: Component) -> str:
    """Return the title without the prefixes of calendars, as a line of limited length."""
    return strip_prefixes(clean_line(to_plain_text(event.text("SUMMARY"))))[:_MAX_TITLE_LENGTH]


def _guesses(title: str, text: str, people: Participants) -> dict[str, Guess | None]:
    return {
        "company": guess_company(title, text, domain=people.domain, people=people.names),
        "role": guess_role(title, text),
        "round": guess_round(title, text),
    }


def _sources(
    guesses: dict[str, Guess | None],
    people: Participants,
    link: tuple[str, str] | None,
    times: TimeRange | None,
) -> dict[str, str]:
    return {
        **(times.sources if times else {}),
        **({"link": link[1]} if link else {}),
        **people.sources,
        **{name: guess.source for name, guess in guesses.items() if guess},
    }


def _time_warnings(times: TimeRange | None, text: str) -> Iterator[str]:
    if times is None:
        return
    yield from times.warnings
    if times.zone is None:
        yield _NO_ZONE
    if mismatch := time_mismatch(text, times.start, times.zone):
        yield mismatch
