"""Invitations as values, and their conversion to an interview, an application and JSON."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import re
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application, Interview, InterviewStatus, Person, When
from afterword.domain.sanitize import slug
from afterword.errors import InputError

_IN_WORDS = {
    "SUMMARY": "the title",
    "DESCRIPTION": "the text",
    "ATTENDEE": "the guests",
    "ORGANIZER": "the organizer",
    "LOCATION": "the place",
    "DTSTART": "the start",
    "DTEND": "the end",
    "DURATION": "the duration",
    "mail domain": "the mail domain",
}
# The reason why a guest is the user says more than the property.
_REASON = re.compile(r"ATTENDEE, (?=the )")
_PROPERTY = re.compile(rf"\b(?:{'|'.join(_IN_WORDS)})\b")


@attrs.frozen(kw_only=True)
class ReaderLimits:
    """The largest input that is read; a larger file is refused before a library sees it.

    `size` limits a calendar, `mail_size` a mail with its attachments, both in bytes; `lines` are
    physical lines, `depth` is the nesting of components.
    """

    size: int = 1_000_000
    mail_size: int = 10_000_000
    events: int = 50
    lines: int = 50_000
    depth: int = 8


@attrs.frozen
class Guess:
    """A value that the file does not state, and the part of the file it was inferred from."""

    value: str
    source: str


class CliFlag(enum.StrEnum):
    """The command-line options that answer a question of the reader."""

    EMPLOYER_ZONE = "--employer-zone"
    AT = "--at"


@attrs.frozen(kw_only=True)
class ReaderQuestion:
    """A question about an event: its title, the question's text, the option that answers it."""

    event: str
    text: str
    flag: CliFlag


class NeedsAnswerError(InputError):
    """Raised when times would have to be guessed; has the questions of the whole file."""

    def __init__(self, source: str, questions: Iterable[ReaderQuestion]) -> None:
        self.questions = tuple(questions)
        flags = " and ".join(sorted({question.flag for question in self.questions}))
        super().__init__(
            f"{source}: the time cannot be read without guessing; answer with {flags}",
            (f"{question.event}: {question.text}" for question in self.questions),
        )


@attrs.frozen(kw_only=True)
class Invitation:
    """An interview as its invitation (a VEVENT) states it.

    `id` is the interview's, `uid` the invitation's; `stamp` and `modified` are its DTSTAMP and
    LAST-MODIFIED in UTC; `tentative`: its time is only a proposal. `start` and `end` are aware, in
    `zone` or else in UTC; None only where a cancellation has no time.
    `organizer` is the person or mailbox that invited and can be written to; `declined` will not
    attend. `me` is the address assumed to be the user's, `domain` the employer's mail domain.
    `guessed` names the fields that the file does not state; `sources` has the property that each
    field was read from.
    """

    id: str
    uid: str | None
    sequence: int
    stamp: dt.datetime | None
    cancelled: bool
    start: dt.datetime | None
    end: dt.datetime | None
    zone: ZoneInfo | None
    summary: str
    description: str
    location: str | None
    link: str | None
    me: str | None
    interviewers: tuple[Person, ...]
    declined: tuple[Person, ...]
    organizer: Person | None
    domain: str | None
    company: Guess | None
    role: Guess | None
    round: Guess | None
    guessed: tuple[str, ...]
    sources: dict[str, str] = attrs.field(hash=False)
    warnings: tuple[str, ...]
    modified: dt.datetime | None = None
    tentative: bool = False


@attrs.frozen(kw_only=True)
class InvitationReading:
    """The invitations of a file, by start; `notices` are about the file as a whole."""

    source: str
    invitations: tuple[Invitation, ...]
    notices: tuple[str, ...] = ()


def interview_id(uid: str | None, start: dt.datetime | None, summary: str) -> str:
    """Return a stable id of the interview: from the UID, else from start and title."""
    instant = start.astimezone(dt.UTC).isoformat() if start else ""
    identity = uid or f"{instant}\n{summary}"
    return "i" + hashlib.sha256(identity.encode()).hexdigest()[:12]


def as_interview(invitation: Invitation, *, added: When | None = None) -> Interview:
    """Return the interview. Raises InputError for a cancellation without a time."""
    if invitation.start is None or invitation.end is None:
        raise InputError(f"{invitation.summary or 'the event'}: is cancelled and gives no time")
    return Interview(
        id=invitation.id,
        start=invitation.start,
        end=invitation.end,
        zone=invitation.zone,
        added=added,
        status=InterviewStatus.CANCELLED if invitation.cancelled else InterviewStatus.HELD,
        interviewers=invitation.interviewers,
        link=invitation.link,
        location=invitation.location,
        round=invitation.round.value if invitation.round else None,
        invitation=invitation.uid,
        sequence=invitation.sequence,
        stamp=invitation.stamp,
        modified=invitation.modified,
        tentative=invitation.tentative,
    )


def as_application(
    invitation: Invitation, *, company: str, role: str, added: When | None = None
) -> Application:
    """Return an application with the interview.

    Its contact is the organizer, unless they are an interviewer; its id is a slug of company and
    role, or that of the interview.

    Raises InputError for a cancellation without a time.
    """
    interview = as_interview(invitation, added=added)
    panel = {person.email for person in interview.interviewers if person.email}
    organizer = invitation.organizer
    return Application(
        id=slug(f"{company} {role}") or interview.id,
        company=company,
        role=role,
        contact=organizer if organizer and organizer.email not in panel else None,
        interviews=(interview,),
    )


def as_json(invitation: Invitation) -> dict[str, Any]:
    """Return the invitation as an event of the import's JSON.

    The caller adds the keys that need the store (action, application). Keys are never removed.
    """
    return {
        "interview": invitation.id,
        "uid": invitation.uid,
        "sequence": invitation.sequence,
        "cancelled": invitation.cancelled,
        "summary": invitation.summary,
        "company": invitation.company.value if invitation.company else None,
        "role": invitation.role.value if invitation.role else None,
        "round": invitation.round.value if invitation.round else None,
        "start": invitation.start.isoformat() if invitation.start else None,
        "end": invitation.end.isoformat() if invitation.end else None,
        "zone": invitation.zone.key if invitation.zone else None,
        "interviewers": list(map(_person_json, invitation.interviewers)),
        "declined": list(map(_person_json, invitation.declined)),
        "organizer": _person_json(invitation.organizer) if invitation.organizer else None,
        "me": invitation.me,
        "location": invitation.location,
        "link": invitation.link,
        "guessed": list(invitation.guessed),
        "sources": invitation.sources,
        "warnings": list(invitation.warnings),
    }


def _person_json(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email}


def describe_source(source: str) -> str:
    """Return a source with words instead of property names: "SUMMARY" is "from the title"."""
    if _REASON.match(source):
        return _REASON.sub("", source)
    words = _PROPERTY.sub(lambda match: _IN_WORDS[match[0]], source)
    return f"from {words}" if words.startswith("the ") else words
