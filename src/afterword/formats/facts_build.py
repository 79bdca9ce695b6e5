"""Tables of the file of facts to the model, and the rules that more than one key is part of.

A rule is checked as far as the keys that it needs could be read, so that one
mistake does not hide another. What comes out of a table with mistakes is not
for use.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.core import timing
from afterword.core.model import Applicant, Application, Channel, Entry, Interview, Person, Status
from afterword.core.text import slug
from afterword.formats.facts_rows import (
    ApplicantRow,
    ApplicationRow,
    EntryRow,
    InterviewRow,
    PersonRow,
)
from afterword.formats.rows import Place, Reading, read_row
from afterword.formats.values import LONGEST_INTERVIEW, MisreadError, meant, shown
from afterword.formats.zones import instant

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


def application(table: dict[str, Any], place: Place) -> Application | None:
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


def _require(reading: Reading[Any], place: Place, *names: str) -> bool:
    """Note the keys that are missing; return whether all of them could be read."""
    for name in names:
        if reading.absent(name):
            place.wrong(name, "missing")
    return all(getattr(reading.row, name) is not None for name in names)


def _interviews(
    head: Reading[ApplicationRow], place: Place
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


def _ids(given: Sequence[str | None], places: Sequence[Place]) -> tuple[str, ...]:
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
    reading: Reading[InterviewRow], head: Reading[ApplicationRow], place: Place
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
        status=row.status or Status.HELD,
        interviewers=tuple(filter(None, people)),
        link=row.link,
        location=row.location,
        round=row.round,
        invitation=row.invitation,
        sequence=row.sequence,
    )


def _times(
    reading: Reading[InterviewRow], clocks: dt.tzinfo | None, place: Place
) -> tuple[dt.datetime, dt.datetime] | None:
    row = reading.row
    started = _require(reading, place, "start")
    if not reading.absent("end") and not reading.absent("minutes"):
        place.wrong("minutes", "beside an end; keep one of the two")
    start = _instant("start", row.start, clocks, place) if started else None
    end = _instant("end", row.end, clocks, place) if row.end else None
    if start is None:
        return None
    if end is None:
        return start, timing.later(start, dt.timedelta(minutes=row.minutes or DEFAULT_MINUTES))
    if not dt.timedelta(0) < timing.elapsed(start, end) <= LONGEST_INTERVIEW:
        place.wrong("end", "must be later than the start, by a week at most")
    return start, end


def _instant(
    name: str, time: dt.datetime, clocks: dt.tzinfo | None, place: Place
) -> dt.datetime | None:
    if time.tzinfo is not None:
        return time
    if clocks is None:
        place.wrong(name, "a local time, and neither interview nor application has a zone")
        return None
    try:
        return instant(time, clocks)
    except MisreadError as error:
        place.wrong(name, str(error))
        return None


def _entry(table: dict[str, Any], ids: Iterable[str] | None, place: Place) -> Entry | None:
    reading = read_row(EntryRow, table, place)
    row = reading.row
    timed = _require(reading, place, "at")
    stated = reading.values()
    _check_entry(stated.keys() | reading.wrong, place)
    if row.interview is not None and ids is not None and row.interview not in ids:
        hint = meant(row.interview, ids) or f"; known are {', '.join(ids)}"
        place.wrong("interview", f"unknown interview {shown(row.interview)}{hint}")
    if not timed:
        return None
    return Entry(**stated)


def _check_entry(stated: AbstractSet[str], place: Place) -> None:
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


def _person(table: dict[str, Any], place: Place) -> Person | None:
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


def _applicant(table: dict[str, Any], place: Place) -> Applicant:
    row = read_row(ApplicantRow, table, place).row
    return Applicant(
        name=row.name,
        email=row.email,
        phone=row.phone,
        links=row.links or (),
        signature=row.signature,
    )
