"""Find the application that an interview belongs to, and add interviews to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview, LogEntry, StepKind
from afterword.domain.sanitize import clean_line


def same_application(
    applications: Iterable[Application], company: str, role: str
) -> Application | None:
    """Return the application for that role at that company, ignoring case."""
    wanted = _key(company), _key(role)
    return next((a for a in applications if (_key(a.company), _key(a.role)) == wanted), None)


def overlapping_interview(application: Application, interview: Interview) -> Interview | None:
    """Return the interview of the application that overlaps with the given interview."""
    start, end = _times(interview)
    for existing in application.interviews:
        begins, ends = _times(existing)
        if begins < end and start < ends:
            return existing
    return None


def _times(interview: Interview) -> tuple[dt.datetime, dt.datetime]:
    return interview.start.astimezone(dt.UTC), interview.end.astimezone(dt.UTC)


def add_interview(application: Application, interview: Interview) -> Application:
    """Return the application with the interview added."""
    return attrs.evolve(application, interviews=(*application.interviews, interview))


def replace_interview(
    application: Application, interview: Interview, *entries: LogEntry
) -> Application:
    """Return the application with the interview of that id replaced, and the entries logged."""
    return attrs.evolve(
        application,
        interviews=tuple(interview if i.id == interview.id else i for i in application.interviews),
        log=(*application.log, *entries),
    )


def entry_for_past_message(
    interview: Interview, kind: StepKind, on: dt.datetime | None, *, now: dt.datetime
) -> LogEntry:
    """Return the entry for a message that was sent before the interview was added.

    Without a day, a thank-you is assumed to have been sent within its 24 hours.
    """
    usual = min(now, interview.end + 24 * datemath.HOUR - datemath.HALF_HOUR)
    at = (on or usual).replace(microsecond=0)
    return LogEntry(at=at, interview=interview.id, sent=kind)


def _key(name: str) -> str:
    return clean_line(name).casefold()
