"""Find where a table and a stored application differ, and apply its values and outcomes.

An outcome is what the status of a row says. Applications that got no answer for long are found,
too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import (
    Answer,
    Applicant,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    LogEntry,
    Person,
    When,
)
from afterword.domain.people import find_person, fold_name, with_contact_details
from afterword.domain.planning.timeline import build_timeline, to_instant
from afterword.importers.spreadsheet.column_names import ADDRESS_COLUMNS, Column
from afterword.importers.spreadsheet.row_cells import RowStatus
from afterword.importers.spreadsheet.status_words import StatusMeaning

T = TypeVar("T", Applicant, Application, Interview)

DAYS_OF_SILENCE = 30
"""Days after its interview, after which an application without an answer is taken as closed."""

_ANSWERS = {
    StatusMeaning.REJECTED: Answer.REJECTED,
    StatusMeaning.OFFER: Answer.POSITIVE,
    StatusMeaning.POSITIVE: Answer.POSITIVE,
}


@attrs.frozen(kw_only=True)
class Difference:
    """A column in which they differ, with both values; `interview` is its id in the store.

    The values are texts, except for the times of an interview; `old` is None if none is stored.
    """

    column: Column
    old: str | dt.datetime | None
    new: str | dt.datetime
    interview: str | None = None


_INTERVIEW_FIELDS = {
    Column.STATUS: "status",
    Column.DECISION_BY: "decision_by",
    Column.LINK: "link",
    Column.LOCATION: "location",
    Column.ROUND: "round",
}
_APPLICATION_FIELDS = {Column.COUNTRY: "country", Column.CHANNEL: "channel"}
_APPLICANT_FIELDS = {
    Column.APPLICANT: "name",
    Column.APPLICANT_EMAIL: "email",
    Column.APPLICANT_PHONE: "phone",
}
# A row without such a cell has these values, so that they change nothing.
_UNSTATED = (None, InterviewStatus.HELD, Channel.EMAIL)


def update_interview(
    stored: Interview, row: Interview, *, has_end: bool
) -> tuple[Interview, list[Difference]]:
    """Return the stored interview with the values of its row, and the differences.

    An empty cell changes nothing. Without an end in the table the length stays.
    """
    differences = []
    updated = stored
    length = datemath.elapsed(stored.start, stored.end)
    end = row.end if has_end else datemath.add_elapsed(row.start, length)
    if row.start != stored.start:
        differences.append(Difference(column=Column.DATE, old=stored.start, new=row.start))
        updated = attrs.evolve(updated, start=row.start, end=end, zone=row.zone)
    elif end != stored.end:
        differences.append(Difference(column=Column.END, old=stored.end, new=end))
        updated = attrs.evolve(updated, end=end)
    updated, of_fields = _update_fields(updated, row, _INTERVIEW_FIELDS)
    people, of_people = _update_people(stored.interviewers, row.interviewers, Column.INTERVIEWER)
    updated = attrs.evolve(updated, interviewers=people)
    differences += [*of_fields, *of_people]
    return updated, [attrs.evolve(difference, interview=stored.id) for difference in differences]


def update_application(
    stored: Application, listed: Application
) -> tuple[Application, list[Difference]]:
    """Return a stored application with the table's own values of it, and the differences."""
    if (listed.country or "").casefold() == (stored.country or "").casefold():
        listed = attrs.evolve(listed, country=stored.country)
    updated, differences = _update_fields(stored, listed, _APPLICATION_FIELDS)
    if listed.contact is not None:
        contacts = (stored.contact,) if stored.contact else ()
        (contact,), of_contact = _update_people(contacts, (listed.contact,), Column.CONTACT)
        differences += of_contact
        updated = attrs.evolve(updated, contact=contact)
    if listed.applicant is not None and stored.applicant is not None:
        applicant, of_applicant = _update_fields(
            stored.applicant, listed.applicant, _APPLICANT_FIELDS
        )
        differences += of_applicant
        updated = attrs.evolve(updated, applicant=applicant)
    return updated, differences


def _update_fields(
    stored: T, listed: T, fields: Mapping[Column, str]
) -> tuple[T, list[Difference]]:
    """Return a stored value with the fields that the table states, and the differences."""
    differences = []
    values: dict[str, Any] = {}
    for column, name in fields.items():
        old, new = getattr(stored, name), getattr(listed, name)
        if new != old and not any(new is unstated for unstated in _UNSTATED):
            values[name] = new
            differences.append(
                Difference(column=column, old=None if old is None else str(old), new=str(new))
            )
    return attrs.evolve(stored, **values), differences


def _update_people(
    stored: tuple[Person, ...], listed: tuple[Person, ...], column: Column
) -> tuple[tuple[Person, ...], list[Difference]]:
    """Return the stored people with the table's values; `column` has their names.

    Somebody new replaces those that the table does not list; else they stay, because an
    invitation may have named more people than the table.
    """
    matches = [(_same_person(stored, person), person) for person in listed]
    has_others = any(match is None for match, _ in matches)
    differences = []
    if has_others:
        differences.append(
            Difference(column=column, old=_names(stored) or None, new=_names(listed))
        )
    by_listed = {}
    for match, person in matches:
        updated, of_person = _update_person(match, person, column) if match else (person, [])
        differences += of_person
        by_listed[match or person] = updated
    if has_others:
        return tuple(by_listed.values()), differences
    return tuple(by_listed.get(person, person) for person in stored), differences


def _update_person(
    stored: Person, listed: Person, column: Column
) -> tuple[Person, list[Difference]]:
    differences = []
    if fold_name(stored.name) != fold_name(listed.name):
        differences.append(Difference(column=column, old=stored.name, new=listed.name))
    if listed.email and listed.email.casefold() != (stored.email or "").casefold():
        address = ADDRESS_COLUMNS[column]
        differences.append(Difference(column=address, old=stored.email, new=listed.email))
    points = tuple(point for point in listed.discussed if point not in stored.discussed)
    if points:
        old = "; ".join(stored.discussed) or None
        differences.append(Difference(column=Column.DISCUSSED, old=old, new="; ".join(points)))
    if not differences:
        return stored, []
    updated = attrs.evolve(
        with_contact_details(listed, stored),
        discussed=(*stored.discussed, *points),
        fit=stored.fit or listed.fit,
    )
    return updated, differences


def _same_person(people: Sequence[Person], person: Person) -> Person | None:
    """Return the stored entry about a person; a name alone decides if it is unique."""
    if match := find_person(people, person):
        return match
    namesakes = [other for other in people if fold_name(other.name) == fold_name(person.name)]
    return namesakes[0] if len(namesakes) == 1 else None


def _names(people: Iterable[Person]) -> str:
    return "; ".join(person.name for person in people)


def status_entries(
    application: Application, status: RowStatus | None, *, now: dt.datetime, zone: ZoneInfo
) -> tuple[LogEntry, ...]:
    """Return the log entries for a status; none if it has no outcome, or if that is logged.

    Nothing is followed up after an outcome: an offer closes the application, and so does a
    rejection that is too old for a reply or has no date. `zone` is the user's.
    """
    if status is None or status.meaning in {StatusMeaning.OPEN, StatusMeaning.CANCELLED}:
        return ()
    answer = _ANSWERS.get(status.meaning)
    if any(entry.heard is answer if answer else entry.closed for entry in application.log):
        return ()
    at, moment = _when(application, status.at, now, zone)
    note = f"Status in the table: {status.text}"
    if answer is None:
        return (LogEntry(at=at, closed=True, note=note),)
    held = [i for i in application.interviews if i.status is InterviewStatus.HELD]
    heard = LogEntry(at=at, heard=answer, note=note)
    if status.meaning is StatusMeaning.POSITIVE:
        return (heard,) if any(i.start <= moment for i in held) else ()
    is_recent = at != now and now < moment + 24 * datemath.HOUR
    is_over = all(i.end <= moment for i in held)
    if status.meaning is StatusMeaning.REJECTED and is_recent and is_over:
        return (heard,)
    return heard, LogEntry(at=at, closed=True)


def silence_entry(application: Application, *, now: dt.datetime, zone: ZoneInfo) -> LogEntry | None:
    """Return the entry that closes an application whose last interview got no answer for long.

    None where it is closed, an answer came, or the day by which they decide is still to come.
    """
    held = [i for i in application.interviews if i.status is InterviewStatus.HELD]
    if not held:
        return None
    last = max(held, key=lambda i: i.end.timestamp())
    today = datemath.day_of(now, zone)
    is_recent = datemath.elapsed(last.end, now) <= DAYS_OF_SILENCE * datemath.DAY
    if is_recent or (last.decision_by and last.decision_by >= today):
        return None
    timeline = build_timeline(application, zone)
    if timeline.closing_entry() or any(a.at >= last.start for a in timeline.answers):
        return None
    note = f"The interview ended over {DAYS_OF_SILENCE} days ago, without an answer."
    return LogEntry(at=now, closed=True, note=note)


def with_entries(application: Application, *entries: LogEntry) -> Application:
    """Return the application with more log entries."""
    return attrs.evolve(application, log=(*application.log, *entries))


def _when(
    application: Application, at: When | None, now: dt.datetime, zone: ZoneInfo
) -> tuple[When, dt.datetime]:
    """Return `at` of an entry and its instant: never in the future, nor before an interview's end.

    Otherwise an interview that was held would still wait for the answer.
    """
    if at is None:
        return now, now
    moment = to_instant(at, application.interviews, zone)
    ends = [i.end for i in application.interviews if i.start <= now]
    latest = max(ends, default=moment)
    if moment < latest:
        at = moment = latest.astimezone(zone)
    return (at, moment) if moment <= now else (now, now)
