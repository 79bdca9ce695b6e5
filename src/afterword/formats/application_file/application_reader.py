"""Read an application file: TOML to the domain model, or all of its mistakes at once.

A rule about several keys is checked as far as these keys are valid, so that one
mistake does not hide another. Each mistake names its location:
"application 2 (karoo-marketing), interview 2, zone: ...".
"""

from __future__ import annotations

import codecs
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import tomli

from afterword.domain import datemath
from afterword.domain.applications import default_id
from afterword.domain.model import Applicant, Application, Interview, LogEntry, Person
from afterword.domain.sanitize import clean_line, pluralize
from afterword.errors import InputError
from afterword.formats.application_file import application_schema as schema
from afterword.formats.application_file.application_schema import (
    ErrorLocation,
    ParsedTable,
    parse_table,
)
from afterword.formats.validators import (
    LONGEST_INTERVIEW,
    InvalidValueError,
    attach_zone,
    quoted,
    suggestion,
)

DEFAULT_MINUTES = 60
# A log entry may have one key of each group.
_ALTERNATIVES = (
    ("sent", "heard", "moved", "skipped", "deleted", "restored"),
    ("closed", "reopened"),
    ("gone", "field", "ours"),
)
# Keys of a log entry that mean nothing without another key.
_COMPANIONS = {
    "to": "moved",
    "by": "sent",
    "recipient": "sent",
    "lesson": "closed",
    "gone": "event",
    "field": "event",
    "ours": "event",
    "text": "field",
}
# A key with a value, or the header of a table.
_TOML_LINE = re.compile(rb"""^\s*(?:[\w"'.-]+\s*=|\[[\w\["'.-]+)""", re.MULTILINE)
_POSITION = re.compile(r" \(at (?:(line \d+, column \d+)|end of document)\)$")


def parse_applications(data: bytes, source: str) -> tuple[Application, ...]:
    """Return the applications of a file: the file itself, or each `[[application]]` in it.

    `source` is the file's name in messages. Raises InputError with every
    mistake as a note.
    """
    mistakes: list[str] = []
    applications = tuple(_applications(_document(data, source), ErrorLocation(mistakes=mistakes)))
    if mistakes:
        number = pluralize(len(mistakes), "mistake")
        raise InputError(f"{clean_line(source)} was not used; {number} to correct:", mistakes)
    return tuple(filter(None, applications))


def is_toml(data: bytes) -> bool:
    """True if the bytes have a line of TOML, with mistakes or without."""
    return bool(_TOML_LINE.search(data))


def _document(data: bytes, source: str) -> dict[str, Any]:
    try:
        return tomli.loads(data.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mistake = f"line {line}: not UTF-8; save the file as UTF-8"
    except tomli.TOMLDecodeError as error:
        mistake = _position_first(str(error))
    except ValueError:
        mistake = "a number in it is too long"
    except RecursionError:
        mistake = "brackets in it are nested too deeply"
    raise InputError(f"{clean_line(source)} is not valid TOML; correct it:", [mistake])


def _position_first(message: str) -> str:
    """Return the TOML parser's message with the position moved to its front."""
    match = _POSITION.search(message)
    if not match:
        return clean_line(message)
    return f"{match[1] or 'at the end'}: {clean_line(message[: match.start()])}"


def _applications(document: dict[str, Any], top: ErrorLocation) -> Iterator[Application | None]:
    if "application" not in document:
        yield _application(document, top)
        return
    tables = parse_table(schema.FILE, document, top).tables("application")
    numbers: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        location = top.below(_application_name(number, table)) if len(tables) > 1 else top
        application = _application(table, location)
        if application:
            _check_id(application.id, number, numbers, location, "application")
        yield application


def _application_name(number: int, table: dict[str, Any]) -> str:
    names = [clean_line(table[key]) for key in ("id", "company") if isinstance(table.get(key), str)]
    return f"application {number} ({names[0][:64]})" if any(names) else f"application {number}"


def _check_id(
    id: str, number: int, numbers: dict[str, int], location: ErrorLocation, kind: str
) -> None:
    """Report an id that is already in `numbers`, ignoring case; add it otherwise."""
    if (other := numbers.setdefault(id.casefold(), number)) != number:
        location.report("id", f"{id!r} is the id of {kind} {other} too")


def _application(table: dict[str, Any], location: ErrorLocation) -> Application | None:
    """Return the application of a table, not for use if mistakes were reported."""
    head = parse_table(schema.APPLICATION, table, location)
    complete = head.require("company", "role", "interview")
    values = dict(head.values)
    if "contact" in values:
        values["contact"] = _person(values["contact"], location.below("contact"))
    if "applicant" in values:
        values["applicant"] = _applicant(values["applicant"], location.below("applicant"))
    values["interviews"], ids = _interviews(head)
    values.pop("interview", None)
    log = [
        _log_entry(entry, ids, location.below(f"log {number}"))
        for number, entry in enumerate(values.pop("log", ()), start=1)
    ]
    if not complete:
        return None
    if "id" not in values:
        values["id"] = default_id(values["company"], values["role"])
    return Application(**values, log=tuple(filter(None, log)))


def _person(table: dict[str, Any], location: ErrorLocation) -> Person | None:
    person = parse_table(schema.PERSON, table, location)
    return Person(**person.values) if person.require("name") else None


def _applicant(table: dict[str, Any], location: ErrorLocation) -> Applicant:
    return Applicant(**parse_table(schema.APPLICANT, table, location).values)


def _interviews(head: ParsedTable) -> tuple[tuple[Interview, ...], Sequence[str] | None]:
    """Return the interviews, and their ids unless there are invalid ids."""
    tables = head.tables("interview")
    parsed, values = [], []
    for number, table in enumerate(tables, start=1):
        location = head.location.below(f"interview {number}")
        parsed.append(parse_table(schema.INTERVIEW, table, location))
        values.append(_interview_values(parsed[-1], head))
    ids = _interview_ids(parsed)
    interviews = tuple(
        Interview(**{**valid, "id": id}) for valid, id in zip(values, ids, strict=True) if valid
    )
    certain = tables and not any("id" in interview.invalid for interview in parsed)
    return interviews, ids if certain else None


def _interview_ids(interviews: Sequence[ParsedTable]) -> list[str]:
    """Return the id of each interview: its own, else the next free of r1, r2, ..."""
    numbers: dict[str, int] = {}
    for number, interview in enumerate(interviews, start=1):
        if "id" in interview.values:
            _check_id(interview.values["id"], number, numbers, interview.location, "interview")
    ids = []
    for number, interview in enumerate(interviews, start=1):
        free = (f"r{n}" for n in itertools.count(number) if f"r{n}" not in numbers)
        ids.append(interview.values.get("id") or next(free))
        numbers.setdefault(ids[-1].casefold(), number)
    return ids


def _interview_values(interview: ParsedTable, head: ParsedTable) -> dict[str, Any] | None:
    """Return the values of an interview but for its id, None if it has no valid start."""
    values = {"zone": head.values.get("zone"), **interview.values}
    people = [
        _person(table, interview.location.below(f"interviewer {number}"))
        for number, table in enumerate(values.pop("interviewer", ()), start=1)
    ]
    zone = values["zone"]
    if "zone" in interview.invalid or (zone is None and "zone" in head.invalid):
        zone = dt.UTC  # Any zone will do to compare start and end.
    values["start"], values["end"] = _times(interview, zone)
    values.pop("minutes", None)
    values["interviewers"] = tuple(filter(None, people))
    return None if values["start"] is None else values


def _times(
    interview: ParsedTable, zone: dt.tzinfo | None
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return start and end as aware times, or None if they are invalid."""
    location = interview.location
    interview.require("start")
    if interview.stated >= {"end", "minutes"}:
        location.report("minutes", "beside an end; keep one of the two")
    start, end = (_aware(name, interview, zone) for name in ("start", "end"))
    if start is None:
        return None, None
    if end is None:
        minutes = interview.values.get("minutes", DEFAULT_MINUTES)
        return start, datemath.add_elapsed(start, dt.timedelta(minutes=minutes))
    if not dt.timedelta(0) < datemath.elapsed(start, end) <= LONGEST_INTERVIEW:
        location.report("end", "must be later than the start, by a week at most")
    return start, end


def _aware(name: str, interview: ParsedTable, zone: dt.tzinfo | None) -> dt.datetime | None:
    time: dt.datetime | None = interview.values.get(name)
    if time is None or time.tzinfo is not None:
        return time
    if zone is None:
        message = "a local time, and neither interview nor application has a zone"
        interview.location.report(name, message)
        return None
    try:
        return attach_zone(time, zone)
    except InvalidValueError as error:
        interview.location.report(name, str(error))
        return None


def _log_entry(
    table: dict[str, Any], ids: Sequence[str] | None, location: ErrorLocation
) -> LogEntry | None:
    entry = parse_table(schema.LOG_ENTRY, table, location)
    complete = entry.require("at")
    _check_log_entry(entry)
    interview = entry.values.get("interview")
    if interview is not None and ids is not None and interview not in ids:
        hint = suggestion(interview, ids) or f"; there are: {', '.join(ids)}"
        location.report("interview", f"unknown interview {quoted(interview)}{hint}")
    return LogEntry(**entry.values) if complete else None


def _check_log_entry(entry: ParsedTable) -> None:
    stated, report = entry.stated, entry.location.report
    for alternatives in _ALTERNATIVES:
        if len(both := [name for name in alternatives if name in stated]) > 1:
            report(" and ".join(both), "must be entries of their own")
    if "moved" in stated and "to" not in stated:
        report("to", "missing; it says when the step was moved to")
    for name, companion in _COMPANIONS.items():
        if name in stated and companion not in stated:
            report(name, f"says nothing without {companion}")
    if stated <= {"at", "interview"}:
        report("at", "it is empty; add what happened (sent, heard, note, ...)")
