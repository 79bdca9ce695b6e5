"""What a table does to the applications that are kept: new ones, and further rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from afterword.core.model import Application


@attrs.frozen(kw_only=True)
class FromTable:
    """What the rows of one application do: the ids of all its interviews, and of the new ones."""

    before: Application | None
    after: Application
    stated: frozenset[str]
    fresh: frozenset[str]


def paired(
    applications: Iterable[Application], rows: Iterable[Application]
) -> Iterator[tuple[Application | None, Application]]:
    """Yield the applications of a table, each with the one that is kept of it already."""
    kept = {_role_of(application): application for application in applications}
    return ((kept.get(_role_of(stated)), stated) for stated in rows)


def from_table(before: Application | None, stated: Application, *, now: dt.datetime) -> FromTable:
    """Return what a table says of an application: new interviews, told of at `now`.

    An interview that is known stays as it is; a table is no update of it.
    """
    known = {interview.id for interview in before.interviews} if before else set()
    fresh = [attrs.evolve(i, added=now) for i in stated.interviews if i.id not in known]
    if before is None:
        after = attrs.evolve(stated, interviews=tuple(fresh))
    else:
        after = attrs.evolve(before, interviews=(*before.interviews, *fresh))
    return FromTable(
        before=before,
        after=after,
        stated=frozenset(interview.id for interview in stated.interviews),
        fresh=frozenset(interview.id for interview in fresh),
    )


def _role_of(application: Application) -> tuple[str, ...]:
    own = application.applicant
    who = (own.name or "", own.email or "") if own else ("", "")
    return tuple(part.casefold() for part in (application.company, application.role, *who))
