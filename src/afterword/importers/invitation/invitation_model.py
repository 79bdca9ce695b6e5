"""What an invitation says, as values: facts, guesses with their source, and open questions.

An invitation to the facts that are stored: an interview, and an application around it.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application, Interview, InterviewStatus, Person, When
from afterword.domain.sanitize import slug
from afterword.errors import InputError


@attrs.frozen(kw_only=True)
class ReaderLimits:
    """How much is read; a file beyond it is refused before a library sees it.

    `size` bounds a calendar in bytes, `mail_size` a mail with its attachments;
    `lines` are physical lines, `depth` is the nesting of components.
    """

    size: int = 1_000_000
    mail_size: int = 10_000_000
    events: int = 50
    lines: int = 50_000
    depth: int = 8


@attrs.frozen
class Guess:
    """Something the file does not state: what is believed, and which part of it says so."""

    value: str
    source: str


class CliFlag(enum.StrEnum):
    """The flags that answer what cannot be read without guessing."""

    EMPLOYER_ZONE = "--employer-zone"
    AT = "--at"


@attrs.frozen(kw_only=True)
class ReaderQuestion:
    """What one event leaves open. `event` is its title, `text` asks, `flag` answers."""

    event: str
    text: str
    flag: CliFlag


class NeedsAnswerError(InputError):
    """Raised when times would have to be guessed; `questions` are those of the whole file."""

    def __init__(self, source: str, questions: Iterable[ReaderQuestion]) -> None:
        self.questions = tuple(questions)
        flags = " and ".join(sorted({question.flag for question in self.questions}))
        super().__init__(
            f"{source}: the time cannot be read without guessing; answer with {flags}",
            (f"{question.event}: {question.text}" for question in self.questions),
        )


@attrs.frozen(kw_only=True)
class Invitation:
    """One interview as its invitation tells it (one VEVENT).

    `id` is the interview's, `uid` the invitation's own; `stamp` is its DTSTAMP
    in UTC. `start` and `end` are aware, on the clock of `zone` where that is
    known and else in UTC; they are None only where a cancellation gives none.
    `organizer` is who invited, where that is a person or a mailbox that can be
    written to; `declined` said that they will not be there. `me` is the address
    that was taken as the reader's own, `domain` the employer's mail domain.
    `guessed` names the fields that the file does not state, and `sources` says
    of each field which property it was read from.
    """

    id: str
    uid: str | None
    sequence: int
    stamp: dt.datetime | None
    method: str | None
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


@attrs.frozen(kw_only=True)
class InvitationReading:
    """The invitations of one file, by start; `notices` are about the file as a whole."""

    source: str
    invitations: tuple[Invitation, ...]
    notices: tuple[str, ...] = ()


def interview_id(uid: str | None, start: dt.datetime | None, summary: str) -> str:
    """Return the interview's id, the same whenever its invitation is read again.

    An invitation without a UID is known by its start and title.
    """
    moment = start.astimezone(dt.UTC).isoformat() if start else ""
    identity = uid or f"{moment}\n{summary}"
    return "i" + hashlib.sha256(identity.encode()).hexdigest()[:12]


def as_interview(invitation: Invitation, *, added: When | None = None) -> Interview:
    """Return the interview; its id comes from the UID, so that an update finds it again.

    Raises InputError for a cancellation that does not say when it would have been.
    """
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
    )


def as_application(
    invitation: Invitation,
    *,
    company: str,
    role: str,
    id: str | None = None,
    added: When | None = None,
) -> Application:
    """Return an application with the one interview.

    The organizer is its contact where they do not interview themselves; `id`
    is by default a slug of company and role.

    Raises InputError as `as_interview` does.
    """
    interview = as_interview(invitation, added=added)
    panel = {person.email for person in interview.interviewers if person.email}
    organizer = invitation.organizer
    return Application(
        id=id or slug(f"{company} {role}") or interview.id,
        company=company,
        role=role,
        contact=organizer if organizer and organizer.email not in panel else None,
        interviews=(interview,),
    )


def as_json(invitation: Invitation) -> dict[str, Any]:
    """Return the invitation as an event of the import's JSON.

    What needs a store (action, application) is the caller's to add. Keys may
    be added, none is ever taken away.
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
        "interviewers": [{"name": p.name, "email": p.email} for p in invitation.interviewers],
        "declined": [{"name": p.name, "email": p.email} for p in invitation.declined],
        "organizer": (
            {"name": invitation.organizer.name, "email": invitation.organizer.email}
            if invitation.organizer
            else None
        ),
        "me": invitation.me,
        "location": invitation.location,
        "link": invitation.link,
        "guessed": list(invitation.guessed),
        "sources": invitation.sources,
        "warnings": list(invitation.warnings),
    }
