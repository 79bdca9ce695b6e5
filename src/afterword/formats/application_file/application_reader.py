"""Tables of the file of facts to the model, and the rules that more than one key is part of.

A rule is checked as far as the keys that it needs could be read, so that one
mistake does not hide another. What comes out of a table with mistakes is not
for use.

The file of facts: bytes of TOML to applications, or all of its mistakes at once.

One application a file, or several as `[[application]]`. Each mistake names its
place: "application 2 (karoo-marketing), interview 2, zone: ...".
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import tomli

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
from afterword.domain.sanitize import clean_line, pluralize, slug
from afterword.errors import InputError
from afterword.formats.application_file.application_schema import (
    ApplicantRow,
    ApplicationRow,
    EntryRow,
    ErrorLocation,
    FileRow,
    InterviewRow,
    ParsedRow,
    PersonRow,
    read_row,
)
from afterword.formats.validators import (
    LONGEST_INTERVIEW,
    InvalidValueError,
    parse_instant,
    quoted,
    suggestion,
)

DEFAULT_MINUTES = 60
# Of each of these an entry of the log tells one.
_ALTERNATIVES = (
    ("sent", "heard", "moved", "skipped", "deleted", "restored"),
    ("closed", "reopened"),
    ("gone", "field", "ours"),
)
# What says nothing without another key.
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


def build_application(table: dict[str, Any], place: ErrorLocation) -> Application | None:
    """Return the application of a table; mistakes are noted in `place`."""
    head = read_row(ApplicationRow, table, place)
    row = head.row
    complete = _require(head, place, "company", "role", "interview")
    contact = None if row.contact is None else _person(row.contact, place.below("contact"))
    applicant = (
        None if row.applicant is None else _applicant(row.applicant, place.below("applicant"))
    )
    interviews, ids = _interviews(head, place)
    log = [
        _entry(item, ids, place.below(f"log {number}"))
        for number, item in enumerate(row.log or (), start=1)
    ]
    if not complete:
        return None
    return Application(
        id=row.id or default_id(row.company, row.role),
        company=row.company,
        role=row.role,
        zone=row.zone,
        country=row.country,
        channel=row.channel or Channel.EMAIL,
        language=row.language,
        applicant=applicant,
        contact=contact,
        interviews=interviews,
        log=tuple(filter(None, log)),
    )


def default_id(company: str, role: str) -> str:
    """Return the id of an application that was not given one.

    A hash stands for a name without Latin letters and digits.
    """
    slugs = slug(company), slug(role)
    if all(slugs):
        return slug(f"{company} {role}")
    return "-".join(
        words[:48] or _hash(name) for words, name in zip(slugs, (company, role), strict=True)
    )


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _require(reading: ParsedRow[Any], place: ErrorLocation, *names: str) -> bool:
    """Note the keys that are missing; return whether all of them could be read."""
    for name in names:
        if reading.absent(name):
            place.wrong(name, "missing")
    return all(getattr(reading.row, name) is not None for name in names)


def _interviews(
    head: ParsedRow[ApplicationRow], place: ErrorLocation
) -> tuple[tuple[Interview, ...], tuple[str, ...] | None]:
    """Return the interviews, and their ids where all of these are known."""
    tables = head.row.interview
    if tables == ():
        place.wrong("interview", "there is none")
    places = [place.below(f"interview {number}") for number in range(1, len(tables or ()) + 1)]
    readings, interviews = [], []
    for table, within in zip(tables or (), places, strict=True):
        readings.append(read_row(InterviewRow, table, within))
        interviews.append(_interview(readings[-1], head, within))
    ids = _ids([reading.row.id for reading in readings], places)
    named = [attrs.evolve(i, id=id) for i, id in zip(interviews, ids, strict=True) if i]
    known = bool(tables) and not any("id" in reading.wrong for reading in readings)
    return tuple(named), ids if known else None


def _ids(given: Sequence[str | None], places: Sequence[ErrorLocation]) -> tuple[str, ...]:
    """Return the id of each interview: the one that it was given, else a free one."""
    taken: dict[str, int] = {}
    for number, (id, place) in enumerate(zip(given, places, strict=True), start=1):
        if id and (other := taken.setdefault(id.casefold(), number)) != number:
            place.wrong("id", f"{id!r} is the id of interview {other} too")
    ids = []
    for number, id in enumerate(given, start=1):
        free = (f"r{n}" for n in itertools.count(number) if f"r{n}" not in taken)
        ids.append(id or next(free))
        taken.setdefault(ids[-1].casefold(), number)
    return tuple(ids)


def _interview(
    reading: ParsedRow[InterviewRow], head: ParsedRow[ApplicationRow], place: ErrorLocation
) -> Interview | None:
    """Return the interview, with the id that it was given or an empty one."""
    row = reading.row
    people = [
        _person(table, place.below(f"interviewer {number}"))
        for number, table in enumerate(row.interviewer or (), start=1)
    ]
    clocks: ZoneInfo | dt.timezone | None = row.zone or head.row.zone
    if "zone" in reading.wrong or (clocks is None and "zone" in head.wrong):
        # Which one is not known, but that there is one, and which time comes first.
        clocks = dt.UTC
    times = _times(reading, clocks, place)
    if times is None:
        return None
    return Interview(
        id=row.id or "",
        start=times[0],
        end=times[1],
        zone=row.zone or head.row.zone,
        decision_by=row.decision_by,
        added=row.added,
        status=row.status or InterviewStatus.HELD,
        interviewers=tuple(filter(None, people)),
        link=row.link,
        location=row.location,
        round=row.round,
        invitation=row.invitation,
        sequence=row.sequence,
    )


def _times(
    reading: ParsedRow[InterviewRow], clocks: dt.tzinfo | None, place: ErrorLocation
) -> tuple[dt.datetime, dt.datetime] | None:
    row = reading.row
    started = _require(reading, place, "start")
    if not reading.absent("end") and not reading.absent("minutes"):
        place.wrong("minutes", "beside an end; keep one of the two")
    start = _entry_instant("start", row.start, clocks, place) if started else None
    end = _entry_instant("end", row.end, clocks, place) if row.end else None
    if start is None:
        return None
    if end is None:
        return start, datemath.add_elapsed(
            start, dt.timedelta(minutes=row.minutes or DEFAULT_MINUTES)
        )
    if not dt.timedelta(0) < datemath.elapsed(start, end) <= LONGEST_INTERVIEW:
        place.wrong("end", "must be later than the start, by a week at most")
    return start, end


def _entry_instant(
    name: str, time: dt.datetime, clocks: dt.tzinfo | None, place: ErrorLocation
) -> dt.datetime | None:
    if time.tzinfo is not None:
        return time
    if clocks is None:
        place.wrong(name, "a local time, and neither interview nor application has a zone")
        return None
    try:
        return parse_instant(time, clocks)
    except InvalidValueError as error:
        place.wrong(name, str(error))
        return None


def _entry(
    table: dict[str, Any], ids: Iterable[str] | None, place: ErrorLocation
) -> LogEntry | None:
    reading = read_row(EntryRow, table, place)
    row = reading.row
    timed = _require(reading, place, "at")
    stated = reading.values()
    _check_entry(stated.keys() | reading.wrong, place)
    if row.interview is not None and ids is not None and row.interview not in ids:
        hint = suggestion(row.interview, ids) or f"; known are {', '.join(ids)}"
        place.wrong("interview", f"unknown interview {quoted(row.interview)}{hint}")
    if not timed:
        return None
    return LogEntry(**stated)


def _check_entry(stated: AbstractSet[str], place: ErrorLocation) -> None:
    for alternatives in _ALTERNATIVES:
        if len(both := [name for name in alternatives if name in stated]) > 1:
            place.wrong(" and ".join(both), "must be entries of their own")
    if "moved" in stated and "to" not in stated:
        place.wrong("to", "missing; it says when the step was moved to")
    for name, companion in _COMPANIONS.items():
        if name in stated and companion not in stated:
            place.wrong(name, f"says nothing without {companion}")
    if not stated - {"at", "interview"}:
        place.wrong("at", "nothing is said of it; add what happened (sent, heard, note, ...)")


def _person(table: dict[str, Any], place: ErrorLocation) -> Person | None:
    reading = read_row(PersonRow, table, place)
    row = reading.row
    if not _require(reading, place, "name"):
        return None
    return Person(
        name=row.name,
        email=row.email,
        phone=row.phone,
        profile=row.profile,
        discussed=row.discussed or (),
        fit=row.fit or (),
    )


def _applicant(table: dict[str, Any], place: ErrorLocation) -> Applicant:
    row = read_row(ApplicantRow, table, place).row
    return Applicant(
        name=row.name,
        email=row.email,
        phone=row.phone,
        links=row.links or (),
        signature=row.signature,
    )


_WHERE = re.compile(r" \(at (?:(line \d+, column \d+)|end of document)\)$")


def parse_applications(data: bytes, source: str) -> tuple[Application, ...]:
    """Return the applications of a file of facts.

    `source` is what messages call the file. Raises InputError with every
    mistake as a note.
    """
    mistakes: list[str] = []
    found = tuple(_applications(_parsed(data, source), ErrorLocation(mistakes=mistakes)))
    if mistakes:
        number = pluralize(len(mistakes), "mistake")
        raise InputError(f"{clean_line(source)} was not used; {number} to correct:", mistakes)
    return tuple(filter(None, found))


def _parsed(data: bytes, source: str) -> dict[str, Any]:
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"line {line}: not UTF-8; save the file as UTF-8"
    except tomli.TOMLDecodeError as error:
        what = _located(str(error))
    except ValueError:
        what = "a number in it is too long"
    except RecursionError:
        what = "brackets in it are nested too deeply"
    raise InputError(f"{clean_line(source)} is not valid TOML; correct it:", [what])


def _located(message: str) -> str:
    """Return the parser's words with the place in front."""
    found = _WHERE.search(message)
    if not found:
        return clean_line(message)
    return f"{found[1] or 'at the end'}: {clean_line(message[: found.start()])}"


def _applications(document: dict[str, Any], top: ErrorLocation) -> Iterator[Application | None]:
    if "application" not in document:
        yield build_application(document, top)
        return
    tables = read_row(FileRow, document, top).row.application
    if tables == ():
        top.wrong("application", "there is none")
    taken: dict[str, int] = {}
    for number, table in enumerate(tables or (), start=1):
        place = top.below(_numbered(number, table)) if len(tables) > 1 else top
        found = build_application(table, place)
        if found and (other := taken.setdefault(found.id.casefold(), number)) != number:
            place.wrong("id", f"{found.id!r} is the id of application {other} too")
        yield found


def _numbered(number: int, table: dict[str, Any]) -> str:
    names = [clean_line(table[key]) for key in ("id", "company") if isinstance(table.get(key), str)]
    return f"application {number} ({names[0][:64]})" if any(names) else f"application {number}"
