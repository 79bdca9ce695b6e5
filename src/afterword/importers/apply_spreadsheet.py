"""Apply the rows of a spreadsheet to stored applications: new ones, and further rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator

import attrs

from afterword.domain import rounds
from afterword.domain.model import Application, Interview, InterviewStatus


@attrs.frozen(kw_only=True)
class SpreadsheetChange:
    """The change of an application by its rows.

    `row_ids` are the ids of all its interviews that the table lists, `new_ids` those of new ones.
    `missing` are future interviews that the table does not list although it lists a new one: they
    may have been rescheduled. `differences` are the fields of stored interviews to which the table
    gives another value; these are reported, not changed.
    """

    before: Application | None
    after: Application
    row_ids: frozenset[str]
    new_ids: frozenset[str]
    missing: tuple[Interview, ...] = ()
    differences: tuple[tuple[Interview, tuple[str, ...]], ...] = ()


def pair_with_stored(
    stored: Iterable[Application], listed: Iterable[Application]
) -> Iterator[tuple[Application | None, Application]]:
    """Pair each application of a table with the stored application of that role and applicant."""
    by_role = {_role_key(application): application for application in stored}
    return ((by_role.get(_role_key(application)), application) for application in listed)


def apply_rows(
    before: Application | None, listed: Application, *, now: dt.datetime
) -> SpreadsheetChange:
    """Return the change that adds the new interviews of a table, with `now` as their `added`.

    A stored interview stays unchanged: importing a table adds, and never updates.
    """
    rows = [(_stored_interview(before, interview), interview) for interview in listed.interviews]
    new = tuple(attrs.evolve(row, added=now) for stored, row in rows if stored is None)
    if before is None:
        after = attrs.evolve(listed, interviews=new)
    else:
        after = attrs.evolve(before, interviews=(*before.interviews, *new))
    pairs = [(stored, row) for stored, row in rows if stored is not None]
    new_ids = frozenset(interview.id for interview in new)
    row_ids = new_ids | {stored.id for stored, _ in pairs}
    differences = [(stored, _differing_fields(stored, row)) for stored, row in pairs]
    return SpreadsheetChange(
        before=before,
        after=after,
        row_ids=row_ids,
        new_ids=new_ids,
        missing=tuple(i for i in after.interviews if new and _is_missing(i, row_ids, now)),
        differences=tuple((stored, fields) for stored, fields in differences if fields),
    )


def _stored_interview(before: Application | None, row: Interview) -> Interview | None:
    """Return the stored interview with the row's id, or the interview rescheduled to its time."""
    if before is None:
        return None
    by_id = {interview.id: interview for interview in before.interviews}
    return by_id.get(row.id) or rounds.overlapping_interview(before, row)


def _is_missing(interview: Interview, row_ids: Container[str], now: dt.datetime) -> bool:
    is_planned = interview.status is InterviewStatus.HELD and interview.start > now
    return is_planned and interview.id not in row_ids


def _differing_fields(stored: Interview, row: Interview) -> tuple[str, ...]:
    """Return the names of the row's fields that differ from the stored interview."""
    names = {person.name.casefold() for person in stored.interviewers}
    differs = {
        "status": row.status is not stored.status,
        "decision by": row.decision_by not in {None, stored.decision_by},
        "interviewer": any(p.name.casefold() not in names for p in row.interviewers),
    }
    return tuple(name for name, is_different in differs.items() if is_different)


def _role_key(application: Application) -> tuple[str, ...]:
    return (
        application.company.casefold(),
        application.role.casefold(),
        *application.applicant_key,
    )
