"""Applications by id and name: new ids, names for lists, and interviews added to them."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Container, Iterable

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview, LogEntry, StepKind
from afterword.domain.sanitize import clean_line, slug

LONGEST_ID = 64
"""Characters of an application's id, which is also the name of its file."""

_LONGEST_SLUG_BESIDE_HASH = 48
_LONGEST_WITH_NUMBER = 58
_SHORTENED = 56


def default_id(company: str, role: str) -> str:
    """Return the id of an application that states none: a slug of company and role.

    A name without Latin letters and digits is represented by a hash.
    """
    slugs = slug(company), slug(role)
    if all(slugs):
        return "-".join(slugs)[:LONGEST_ID].strip("-")
    return "-".join(
        words[:_LONGEST_SLUG_BESIDE_HASH] or _short_hash(name)
        for words, name in zip(slugs, (company, role), strict=True)
    )


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return the wanted id, with a number added if it is taken. `taken` ids are casefolded."""
    if wanted.casefold() not in taken:
        return wanted
    stem = wanted if len(wanted) <= _LONGEST_WITH_NUMBER else wanted[:_SHORTENED]
    numbered = (f"{stem}-{number}" for number in itertools.count(2))
    return next(id for id in numbered if id.casefold() not in taken)


def next_interview_id(application: Application | None) -> str:
    """Return the id of the next interview: r1, r2, ... as in a file without ids."""
    taken = {i.id for i in application.interviews} if application else set()
    numbers = itertools.count(len(taken) + 1)
    return next(id for id in (f"r{number}" for number in numbers) if id not in taken)


def _short_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def client_name(application: Application) -> str | None:
    """Return the name of the applicant that the application states, such as a coach's client."""
    return application.applicant.name if application.applicant else None


def has_clients(applications: Iterable[Application]) -> bool:
    """True if any of the applications states its applicant."""
    return any(map(client_name, applications))


def short_name(application: Application) -> str:
    """Return "Karoo", or "Mia Berg: Karoo" for a client."""
    return _with_client(application, application.company)


def full_name(application: Application) -> str:
    """Return "Karoo, Designer", or "Mia Berg: Karoo, Designer" for a client."""
    return _with_client(application, f"{application.company}, {application.role}")


def _with_client(application: Application, name: str) -> str:
    client = client_name(application)
    return f"{client}: {name}" if client else name


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
