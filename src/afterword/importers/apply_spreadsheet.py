"""What a table does to the applications that are kept: new ones, and further rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator

import attrs

from afterword.domain import rounds
from afterword.domain.model import Application, Interview, InterviewStatus


@attrs.frozen(kw_only=True)
class SpreadsheetChange:
    """What the rows of one application do: the ids of all its interviews, and of the new ones.

    `missing` are interviews to come that the table does not have, where it has
    a new one: they may have been moved. `otherwise` says of which of those that
    are known the table states something else, and what.
    """

    before: Application | None
    after: Application
    stated: frozenset[str]
    fresh: frozenset[str]
    missing: tuple[Interview, ...] = ()
    otherwise: tuple[tuple[Interview, tuple[str, ...]], ...] = ()


def pair_with_stored(
    applications: Iterable[Application], rows: Iterable[Application]
) -> Iterator[tuple[Application | None, Application]]:
    """Yield the applications of a table, each with the one that is kept of it already."""
    kept = {_role_of(application): application for application in applications}
    return ((kept.get(_role_of(stated)), stated) for stated in rows)


def apply_rows(
    before: Application | None, stated: Application, *, now: dt.datetime
) -> SpreadsheetChange:
    """Return what a table says of an application: new interviews, told of at `now`.

    An interview that is known stays as it is; a table is no update of it.
    """
    rows = [(_stored_interview(before, interview), interview) for interview in stated.interviews]
    fresh = tuple(attrs.evolve(interview, added=now) for known, interview in rows if known is None)
    pairs = [(known, interview) for known, interview in rows if known is not None]
    if before is None:
        after = attrs.evolve(stated, interviews=fresh)
    else:
        after = attrs.evolve(before, interviews=(*before.interviews, *fresh))
    ids = frozenset(interview.id for interview in fresh)
    here = ids | {known.id for known, _ in pairs}
    return SpreadsheetChange(
        before=before,
        after=after,
        stated=here,
        fresh=ids,
        missing=tuple(i for i in after.interviews if fresh and _may_be_moved(i, here, now)),
        otherwise=tuple((known, told) for known, row in pairs if (told := _otherwise(known, row))),
    )


def _stored_interview(before: Application | None, interview: Interview) -> Interview | None:
    """Return the interview that is kept of a row: by its id, or one that was moved to its time."""
    if before is None:
        return None
    by_id = {known.id: known for known in before.interviews}
    return by_id.get(interview.id) or rounds.overlapping_interview(before, interview)


def _may_be_moved(interview: Interview, here: Container[str], now: dt.datetime) -> bool:
    held = interview.status is InterviewStatus.HELD and interview.start > now
    return held and interview.id not in here


def _otherwise(known: Interview, row: Interview) -> tuple[str, ...]:
    """Return what a row states of a known interview that is kept otherwise."""
    names = {person.name.casefold() for person in known.interviewers}
    others = [p for p in row.interviewers if p.name.casefold() not in names]
    differing = {
        "status": row.status is not known.status,
        "decision by": row.decision_by not in {None, known.decision_by},
        "interviewer": bool(others),
    }
    return tuple(name for name, differs in differing.items() if differs)


def _role_of(application: Application) -> tuple[str, ...]:
    role = (application.company.casefold(), application.role.casefold())
    return (*role, *application.whose)
