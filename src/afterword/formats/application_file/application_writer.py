"""The model as the keys and tables of the file of facts: the reader's other direction.

Only what was stated is written: a default is left out, so that what people
read is what they or the tool once said. Times are written to the second.

The facts of an application as JSON: the keys of its file, dates and times in ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import (
    Applicant,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    LogEntry,
    Person,
)
from afterword.formats.application_file.toml_document import parse_toml
from afterword.formats.validators import InvalidValueError, parse_instant

Keys = dict[str, Any]
"""Keys of a table in the order of writing, with TOML's own types as values."""

_MINUTE = dt.timedelta(minutes=1)


def application_keys(application: Application) -> Keys:
    """Return the keys above all tables."""
    return _stated(
        id=application.id,
        company=application.company,
        role=application.role,
        zone=application.zone,
        country=application.country,
        channel=None if application.channel is Channel.EMAIL else application.channel,
        language=application.language,
    )


def person_keys(person: Person | Applicant) -> Keys:
    """Return the keys of an interviewer, the contact or the applicant."""
    return _stated(**attrs.asdict(person, recurse=False))


def interview_keys(interview: Interview, home: ZoneInfo | None) -> Keys:
    """Return the keys of an interview; `home` is the zone of its application."""
    took = datemath.elapsed(interview.start, interview.end)
    return _stated(
        id=interview.id,
        start=_on_the_clock(interview.start, interview.zone),
        minutes=None if took % _MINUTE else took // _MINUTE,
        end=_on_the_clock(interview.end, interview.zone) if took % _MINUTE else None,
        zone=None if interview.zone == home else interview.zone,
        decision_by=interview.decision_by,
        added=interview.added,
        status=None if interview.status is InterviewStatus.HELD else interview.status,
        link=interview.link,
        location=interview.location,
        round=interview.round,
        invitation=interview.invitation,
        sequence=interview.sequence,
    )


def entry_keys(entry: LogEntry) -> Keys:
    """Return the keys of an entry of the log."""
    return _stated(**attrs.asdict(entry, recurse=False))


def interview_text(interview: Interview, home: ZoneInfo | None) -> str:
    """Return an interview and its people as tables."""
    people = (
        table_text("[[interview.interviewer]]", person_keys(person))
        for person in interview.interviewers
    )
    return table_text("[[interview]]", interview_keys(interview, home)) + "".join(people)


def application_text(application: Application) -> str:
    """Return a whole file."""
    parts = [_lines(application_keys(application))]
    if application.applicant:
        parts.append(table_text("[applicant]", person_keys(application.applicant)))
    if application.contact:
        parts.append(table_text("[contact]", person_keys(application.contact)))
    parts += [interview_text(each, application.zone) for each in application.interviews]
    parts += [table_text("[[log]]", entry_keys(entry)) for entry in application.log]
    return "".join(parts)


def table_text(header: str, keys: Keys) -> str:
    """Return a table, with an empty line above it."""
    return f"\n{header}\n{_lines(keys)}"


def _lines(keys: Keys) -> str:
    return "".join(f"{key} = {parse_toml(value).as_string()}\n" for key, value in keys.items())


def _stated(**values: Any) -> Keys:
    return {
        key: _plain(value)
        for key, value in values.items()
        if value is not None and value is not False and value != ()
    }


def _plain(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.replace(microsecond=0)
        case enum.StrEnum():
            return value.value
        case ZoneInfo():
            return value.key
        case tuple():
            return list(value)
        case _:
            return value


def _on_the_clock(time: dt.datetime, zone: ZoneInfo | None) -> dt.datetime:
    """Return a time without its offset where the zone of the interview tells it."""
    if time.tzinfo != zone or zone is None:
        return time
    local = time.replace(tzinfo=None, fold=0)
    try:
        same = parse_instant(local, zone).astimezone(dt.UTC) == time.astimezone(dt.UTC)
    except InvalidValueError:
        same = False
    return local if same else time


def application_document(application: Application) -> dict[str, Any]:
    """Return what the file of an application says, as it is written there."""
    interviews = [
        interview_keys(interview, application.zone)
        | {"interviewer": [person_keys(person) for person in interview.interviewers]}
        for interview in application.interviews
    ]
    people = {"applicant": application.applicant, "contact": application.contact}
    stated = {name: person_keys(person) for name, person in people.items() if person}
    return {
        key: _plain_value(value)
        for key, value in {
            **application_keys(application),
            **stated,
            "interview": interviews,
            "log": [entry_keys(entry) for entry in application.log],
        }.items()
    }


def _plain_value(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case dict():
            return {key: _plain_value(each) for key, each in value.items()}
        case list():
            return [_plain_value(each) for each in value]
        case _:
            return value
