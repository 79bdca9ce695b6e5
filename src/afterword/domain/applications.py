"""Applications by id and name: new ids, names for lists, look-up, and interviews added to them."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Container, Iterable, Sequence

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview, LogEntry, StepKind
from afterword.domain.sanitize import clean_line, slug
from afterword.domain.search_text import contains, equals, search_forms
from afterword.errors import UsageError

NO_APPLICATIONS_YET = 'nothing is stored yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN'
"""The message of every command that needs an application, before the first is added."""
LONGEST_ID = 64
"""Characters of an application's id, which is also the name of its file."""

_LONGEST_SLUG_BESIDE_HASH = 48
_LONGEST_WITH_NUMBER = 58
_SHORTENED = 56
_MAX_LISTED = 20
_SHORTEST_WORD = 3
_SIMILAR = 0.66


def default_id(company: str, role: str) -> str:
    """Return the id of an application that states none: a slug of company and role.

    A name without Latin letters and digits is represented by a hash.
    """
    slugs = slug(company), slug(role)
    if all(slugs):
        return "-".join(slugs)[:LONGEST_ID].strip("-")
    return "-".join(
        words[:_LONGEST_SLUG_BESIDE_HASH] or hashlib.sha256(name.encode()).hexdigest()[:8]
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


def find_application(text: str, applications: Sequence[Application]) -> Application:
    """Return the only application whose id, company, role or applicant contains the text.

    Case, accents and umlauts are ignored. An equal id comes before an equal name, and that before a
    part of either. Raises UsageError, with the matches if there are several,
    or with a suggestion if there is none.
    """
    query = clean_line(text)
    for is_match in (_has_id, _has_name, _contains):
        matches = [application for application in applications if is_match(query, application)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(
                f"{text!r} matches several applications; type more of the name:", _listed(matches)
            )
    if not applications:
        raise UsageError(NO_APPLICATIONS_YET)
    closest = _closest(query, applications)
    hint = f"; did you mean {closest!r}?" if closest else "; there are:"
    raise UsageError(
        f"no application has {text!r} in its id, company or role{hint}",
        [] if closest else _listed(applications),
    )


def _closest(query: str, applications: Sequence[Application]) -> str | None:
    """Return the name that is most similar to the query, as a whole or in any of its words."""
    by_form: dict[str, str] = {}
    for application in applications:
        for name in (application.company, application.id, *_names(application)):
            for part in (name, *re.split(r"[\W_]+", name)):
                if len(part) >= _SHORTEST_WORD:
                    for form in search_forms(part):
                        by_form.setdefault(form, name)
    forms = search_forms(query)
    scores = ((_similarity(form, other), name) for form in forms for other, name in by_form.items())
    score, name = max(scores, key=lambda scored: scored[0], default=(0.0, ""))
    return name if score >= _SIMILAR else None


def _similarity(first: str, second: str) -> float:
    import difflib  # only for mistakes

    return difflib.SequenceMatcher(None, first, second).ratio()


def _names(application: Application) -> tuple[str, ...]:
    company, role, client = application.company, application.role, client_name(application)
    return (company, role, f"{company} {role}", *([client] if client else []))


def _has_id(query: str, application: Application) -> bool:
    return application.id.casefold() == query.casefold()


def _has_name(query: str, application: Application) -> bool:
    return any(equals(query, name) for name in _names(application))


def _contains(query: str, application: Application) -> bool:
    names = (application.id, *_names(application))
    return any(contains(name, query) for name in names)


def _listed(applications: Sequence[Application]) -> list[str]:
    lines = [_line(each) for each in applications[:_MAX_LISTED]]
    more = len(applications) - _MAX_LISTED
    return [*lines, f"and {more} more"] if more > 0 else lines


def _line(application: Application) -> str:
    if client_name(application):
        return f"{full_name(application)} ({application.id})"
    return f"{application.id}: {full_name(application)}"


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
