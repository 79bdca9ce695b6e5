"""The values that an application file states: application, interview, people, log.

Glossary
--------
application     one role at one company: interviews (rounds), a main contact, a log
interview       one conversation; the people of its panel are its interviewers
log entry       one thing that happened; entries are appended, never rewritten
answer          a log entry of what the employer replied (its key is `heard`)
episode         a stretch of silence that is followed up; number 0 is counted from the
                end of the interview, each further one from an answer
anchor          the employer's day that an episode's days are counted from
employer's day  a civil date in the application's zone; working days and holidays are
                the employer's, alarms ring in the user's zone
step            thank-you, first-follow-up, second-follow-up, move-on, reply, keep-in-touch
window          `opens`..`closes`, when a step may be done; its days are inclusive here and
                in JSON, and half open only in DTEND (RFC 5545)
reminder event, window event
                the two calendar events of a step; JSON and UIDs call them act and frame

Every datetime of the model has an offset, except the local times of a log entry.
Instants computed from it are in UTC, where subtracting gives elapsed time: two
datetimes of the same ZoneInfo would be compared by their local times.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from zoneinfo import ZoneInfo

import attrs

When = dt.datetime | dt.date
"""An instant, a time without offset (in the user's zone), or a day."""

IsWorkingDay = Callable[[dt.date], bool]


class Channel(enum.StrEnum):
    """The channel for messages to the employer."""

    EMAIL = "email"
    PHONE = "phone"
    LINKEDIN = "linkedin"


class Answer(enum.StrEnum):
    """An answer of the employer: next steps promised, no decision yet, or a rejection."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    REJECTED = "rejected"


class StepKind(enum.StrEnum):
    """The steps, in the order of steps with equal times."""

    THANK_YOU = "thank-you"
    FIRST = "first-follow-up"
    SECOND = "second-follow-up"
    MOVE_ON = "move-on"
    REPLY = "reply"
    KEEP_IN_TOUCH = "keep-in-touch"


FOLLOW_UPS = (StepKind.FIRST, StepKind.SECOND)
"""The steps that ask the employer for an answer; there is never a third."""


class InterviewStatus(enum.StrEnum):
    """The status of an interview."""

    HELD = "held"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Person:
    """A person at the employer.

    `discussed` and `fit` are talking points; messages use each once, in this order.
    `call` is how they sign their messages ("Thandi"), for the greeting.
    """

    name: str
    call: str | None = None
    email: str | None = None
    phone: str | None = None
    profile: str | None = None
    discussed: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Interview:
    """A conversation. `start` and `end` have an offset; `zone` is that of its location.

    `link` (http, https, tel), `location` and `round` ("final round") are shown
    to the user only. `invitation` is the UID of the invitation that it was
    imported from; its SEQUENCE, DTSTAMP and LAST-MODIFIED (in `sequence`,
    `stamp`, `modified`) distinguish an update from an old copy. `invitations`
    are the UIDs of further invitations to it, such as a scheduler's beside a
    calendar's. `tentative`: its time is only a proposal. `went_well` and
    `do_differently` are the user's notes on it, for themselves.
    """

    id: str
    start: dt.datetime
    end: dt.datetime
    zone: ZoneInfo | None = None
    decision_by: dt.date | None = None
    added: When | None = None
    status: InterviewStatus = InterviewStatus.HELD
    interviewers: tuple[Person, ...] = ()
    link: str | None = None
    location: str | None = None
    round: str | None = None
    invitation: str | None = None
    sequence: int | None = None
    stamp: dt.datetime | None = None
    modified: dt.datetime | None = None
    invitations: tuple[str, ...] = ()
    tentative: bool = False
    went_well: tuple[str, ...] = ()
    do_differently: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class LogEntry:
    """An event in an application; the fields that are set define its kind.

    `by` (the channel) and `recipient` (one interviewer of a panel) belong to
    `sent`. `restored` undoes `skipped` or `deleted`, and gives the step events
    of a new generation. `lesson` belongs to `closed`.

    `event` is the UID of a calendar event that the user changed: it is `gone`,
    its `field` (summary, time, description, alarms) has the user's `text`, or
    it is `ours` again, as planned. With `sent`, `heard` or `skipped` it is the
    event whose title was read as the log entry.
    """

    at: When
    interview: str | None = None
    sent: StepKind | None = None
    by: Channel | None = None
    recipient: str | None = None
    heard: Answer | None = None
    moved: StepKind | None = None
    to: When | None = None
    skipped: StepKind | None = None
    deleted: StepKind | None = None
    restored: StepKind | None = None
    decision_by: dt.date | None = None
    away_until: dt.date | None = None
    keep_in_touch: dt.date | None = None
    they_will_call: bool = False
    rescheduled: bool = False
    closed: bool = False
    reopened: bool = False
    lesson: str | None = None
    event: str | None = None
    gone: bool = False
    field: str | None = None
    text: str | None = None
    ours: bool = False
    note: str | None = None

    @property
    def step(self) -> StepKind | None:
        """The step that the entry is about, if any; the reader refuses an entry about two."""
        return self.sent or self.moved or self.skipped or self.deleted or self.restored


@attrs.frozen(kw_only=True)
class Applicant:
    """The person who applies: the user of the settings, or a coach's client."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    links: tuple[str, ...] = ()
    signature: str | None = None


@attrs.frozen(kw_only=True)
class Application:
    """A role at a company; its interviews are in the order of the file.

    `language` (BCP 47) is that of the messages to the employer, and `informal`
    their form of address, where it is not that of the settings. `short` is the
    company's name as people say it ("Karoo").
    """

    id: str
    company: str
    role: str
    short: str | None = None
    informal: bool | None = None
    zone: ZoneInfo | None = None
    country: str | None = None
    channel: Channel = Channel.EMAIL
    language: str | None = None
    applicant: Applicant | None = None
    contact: Person | None = None
    interviews: tuple[Interview, ...] = ()
    log: tuple[LogEntry, ...] = ()

    @property
    def applicant_key(self) -> tuple[str, str]:
        """The casefolded name and address of a client who applies; both empty for the user."""
        own = self.applicant
        return ((own.name or "").casefold(), (own.email or "").casefold()) if own else ("", "")
