"""The nouns: facts that people state, and the plan that follows from them.

Glossary
--------
application   one role at one company: interviews (rounds), a main contact, a log.
interview     one conversation; the panel's people are its *interviewers*.
log, entry    what happened, in the order of `at`; never rewritten, only appended.
answer        an entry that says what was *heard* from the employer.
episode       a stretch of silence that is followed up; 0 is counted from the
              interview's end, each further one from an answer.
anchor        the employer's day that an episode's days are counted from.
employer's day  a civil date in the application's zone; days, weekends and
              holidays are the employer's, alarms ring in the user's zone.
step          thank-you, first-follow-up, second-follow-up, move-on, reply, keep-in-touch.
window        `opens`..`closes`; days are inclusive in the model and in JSON,
              and half open only where RFC 5545 asks for it (DTEND).
act, frame    the two events of a step: the moment to do it, and its limit.

Every datetime here is aware. Instants that the planner computes are in UTC, so
that comparing and subtracting them is elapsed time (two datetimes of one
`ZoneInfo` compare by the clock on the wall).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

if TYPE_CHECKING:
    pass


When = dt.datetime | dt.date
"""An instant, a local time (naive, the user's), or a whole day."""

IsWorkingDay = Callable[[dt.date], bool]


class Channel(enum.StrEnum):
    """How the employer is written to."""

    EMAIL = "email"
    PHONE = "phone"
    LINKEDIN = "linkedin"


class Answer(enum.StrEnum):
    """What was heard: next steps promised, no decision yet, or no."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    REJECTED = "rejected"


class StepKind(enum.StrEnum):
    """The steps, in the order in which they are listed at equal times."""

    THANK_YOU = "thank-you"
    FIRST = "first-follow-up"
    SECOND = "second-follow-up"
    MOVE_ON = "move-on"
    REPLY = "reply"
    KEEP_IN_TOUCH = "keep-in-touch"


FOLLOW_UPS = (StepKind.FIRST, StepKind.SECOND)
"""The steps that press; there is no third."""


class InterviewStatus(enum.StrEnum):
    """Whether an interview takes place."""

    HELD = "held"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Person:
    """Somebody at the employer's; `discussed` and `fit` are used once each, in order."""

    name: str
    email: str | None = None
    phone: str | None = None
    profile: str | None = None
    discussed: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Interview:
    """One conversation. `start` and `end` are aware; `zone` is where it takes place.

    `link` (http, https, tel), `location` and `round` ("final round") are for
    people. `invitation` is the UID of the invitation that it was read from and
    `sequence` that one's SEQUENCE, by which an update is told from an old copy.
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


@attrs.frozen(kw_only=True)
class LogEntry:
    """One entry of the log; which fields are set says what happened.

    `by` and `recipient` go with `sent`: the channel, and the one interviewer of
    a panel who was thanked. `restored` takes back what left a step out, and
    gives it events of a new generation. `lesson` goes with `closed`.

    `event` is the UID of a calendar event in which the person has it their own
    way: it is `gone`, or its `field` (summary, time, description, alarms) says
    `text`; or it is `ours` again. With `sent`, `heard` or `skipped` it is the
    event whose title said so.
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


@attrs.frozen(kw_only=True)
class Applicant:
    """The applicant's own side, from the settings or an application of a coach's client."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    links: tuple[str, ...] = ()
    signature: str | None = None


@attrs.frozen(kw_only=True)
class Application:
    """One role at one company. Interviews stand in the order of the file.

    `language` (BCP 47) is that of the messages to the employer.
    """

    id: str
    company: str
    role: str
    zone: ZoneInfo | None = None
    country: str | None = None
    channel: Channel = Channel.EMAIL
    language: str | None = None
    applicant: Applicant | None = None
    contact: Person | None = None
    interviews: tuple[Interview, ...] = ()
    log: tuple[LogEntry, ...] = ()

    @property
    def whose(self) -> tuple[str, str]:
        """Name and address of the client who applies, folded; both empty for the user."""
        own = self.applicant
        return ((own.name or "").casefold(), (own.email or "").casefold()) if own else ("", "")
