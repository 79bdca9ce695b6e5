"""What an invitation does to the applications that are kept.

An interview is known by its invitation's UID. A higher SEQUENCE moves it (its
id stays, so the plan and its events move with it), a cancellation cancels it,
an older copy changes nothing (RFC 5546, section 2.1.4).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence

import attrs

from afterword.domain import rounds
from afterword.domain.model import Application, Interview, InterviewStatus, LogEntry, Person
from afterword.importers.invitation import invitation_model as reading
from afterword.importers.invitation.invitation_model import Invitation

_SAME_WEEK = dt.timedelta(days=7)


class ImportAction(enum.StrEnum):
    """What became of an invitation."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"


@attrs.frozen(kw_only=True)
class InvitationResult:
    """What an invitation did. `before` is None for a new application; both for no change at all."""

    action: ImportAction
    invitation: Invitation
    before: Application | None = None
    after: Application | None = None
    interview: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to keep."""
        return self.after is not None and self.after != self.before


def find_by_invitation(
    applications: Iterable[Application], invited: Invitation
) -> Application | None:
    """Return the application that has the invitation's interview already."""
    return next((a for a in applications if _interview(a, invited)), None)


def find_candidates(applications: Iterable[Application], invited: Invitation) -> list[Application]:
    """Return the applications that the invitation may be a round of, by company or mail domain."""
    company = invited.company.value.casefold() if invited.company else None
    return [
        a
        for a in applications
        if (company and a.company.casefold() == company)
        or (invited.domain and invited.domain in _domains(a))
    ]


def apply_update(
    application: Application, invited: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return what an invitation does to the application that knows its interview."""
    held = _interview(application, invited)
    if held is None:
        msg = "update() is asked of the application that `known` returns"
        raise ValueError(msg)
    stays = InvitationResult(
        action=ImportAction.UNCHANGED,
        invitation=invited,
        before=application,
        after=application,
        interview=held.id,
    )
    stored = held.sequence or 0
    if invited.sequence < stored:
        text = f"an older copy (number {invited.sequence}, known is {stored}): nothing was changed"
        return attrs.evolve(stays, action=ImportAction.IGNORED, warnings=(text,))
    if invited.cancelled:
        return stays if _is_off(held) else _cancel(application, held, invited, now)
    if invited.sequence == stored and (_times(held) != _times(invited) or _is_off(held)):
        text = "it differs from the known one without a higher number: nothing was changed"
        return attrs.evolve(stays, action=ImportAction.IGNORED, warnings=(text,))
    if invited.sequence == stored:
        return stays
    return _move(application, held, invited, now)


def add_invitation(
    before: Application | None, invited: Invitation, *, company: str, role: str, now: dt.datetime
) -> InvitationResult:
    """Return a new application, or `before` with one more round.

    An interview that was told of by hand, at the same time, is the one that
    the invitation is about: it takes the invitation's details.
    """
    made = reading.as_application(invited, company=company, role=role, added=now)
    interview = made.interviews[0]
    after = made
    if before is not None:
        told = rounds.overlapping_interview(before, interview)
        if told is not None and told.invitation is None:
            return _linked(before, told, invited, now)
        after = rounds.add_interview(before, interview)
    return InvitationResult(
        action=ImportAction.ADDED,
        invitation=invited,
        before=before,
        after=after,
        interview=interview.id,
        warnings=tuple(_perhaps_moved(before, invited)),
    )


def ignored_result(invited: Invitation, why: str) -> InvitationResult:
    """Return that the invitation changes nothing, and why."""
    return InvitationResult(action=ImportAction.IGNORED, invitation=invited, warnings=(why,))


def as_panel_day(invitations: Sequence[Invitation]) -> Invitation:
    """Return one interview for several of one day: from the first start to the last end."""
    ordered = sorted(invitations, key=lambda one: (one.start is None, one.start))
    people = {p.email or p.name: p for one in ordered for p in one.interviewers}
    ends = [one.end for one in ordered if one.end is not None]
    return attrs.evolve(
        ordered[0],
        end=max(ends, default=ordered[0].end),
        interviewers=tuple(people.values()),
    )


def _interview(application: Application, invited: Invitation) -> Interview | None:
    for interview in application.interviews:
        same_uid = invited.uid is not None and interview.invitation == invited.uid
        if same_uid or interview.id == invited.id:
            return interview
    return None


def _cancel(
    application: Application, held: Interview, invited: Invitation, now: dt.datetime
) -> InvitationResult:
    off = attrs.evolve(held, status=InterviewStatus.CANCELLED, sequence=invited.sequence)
    entry = LogEntry(at=now, interview=held.id, note="The invitation was cancelled.")
    return InvitationResult(
        action=ImportAction.CANCELLED,
        invitation=invited,
        before=application,
        after=_with(application, off, entry),
        interview=held.id,
    )


def _move(
    application: Application, held: Interview, invited: Invitation, now: dt.datetime
) -> InvitationResult:
    fresh = reading.as_interview(invited)
    moved = attrs.evolve(
        held,
        start=fresh.start,
        end=fresh.end,
        zone=fresh.zone or held.zone,
        status=InterviewStatus.HELD,
        link=fresh.link or held.link,
        location=fresh.location or held.location,
        sequence=invited.sequence,
        interviewers=_merged(held.interviewers, fresh.interviewers),
    )
    otherwise = _times(held) != _times(invited)
    entries = [LogEntry(at=now, interview=held.id, rescheduled=True)] if otherwise else []
    back = _is_off(held)
    return InvitationResult(
        action=ImportAction.MOVED if otherwise or back else ImportAction.UNCHANGED,
        invitation=invited,
        before=application,
        after=_with(application, moved, *entries),
        interview=held.id,
        warnings=() if otherwise or back else ("the time is the same; its details were updated",),
    )


def _linked(
    application: Application, told: Interview, invited: Invitation, now: dt.datetime
) -> InvitationResult:
    """Return the interview that was told of by hand, as the invitation for it says."""
    here = {person.email or person.name for person in invited.interviewers}
    others = tuple(p for p in told.interviewers if (p.email or p.name) not in here)
    outcome = _move(application, attrs.evolve(told, invitation=invited.uid), invited, now)
    after = outcome.after or application
    held = next(i for i in after.interviews if i.id == told.id)
    panel = _known_by_name((*held.interviewers, *others))
    text = f"it is interview {told.id}, which you had told of; the invitation is kept with it"
    return attrs.evolve(
        outcome,
        before=application,
        after=_with(after, attrs.evolve(held, interviewers=panel)),
        warnings=(text,),
    )


def _known_by_name(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the people, each name once; what was noted and an address are kept of both."""
    found: dict[str, Person] = {}
    for person in people:
        name = person.name.casefold()
        known = found.get(name, person)
        found[name] = attrs.evolve(
            known,
            email=known.email or person.email,
            discussed=known.discussed or person.discussed,
            fit=known.fit or person.fit,
        )
    return tuple(found.values())


def _with(application: Application, interview: Interview, *entries: LogEntry) -> Application:
    interviews = tuple(interview if i.id == interview.id else i for i in application.interviews)
    return attrs.evolve(application, interviews=interviews, log=(*application.log, *entries))


def _merged(old: tuple[Person, ...], new: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return the new panel, with what was noted of those who were on the old one."""
    noted = {person.email or person.name: person for person in old}
    return tuple(noted.get(person.email or person.name, person) for person in new or old)


def _times(one: Interview | Invitation) -> tuple[dt.datetime | None, dt.datetime | None]:
    start, end = one.start, one.end
    return start and start.astimezone(dt.UTC), end and end.astimezone(dt.UTC)


def _is_off(interview: Interview) -> bool:
    return interview.status is InterviewStatus.CANCELLED


def _domains(application: Application) -> set[str]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.append(application.contact)
    return {p.email.rpartition("@")[2].casefold() for p in people if p.email}


def _perhaps_moved(before: Application | None, invited: Invitation) -> Iterable[str]:
    """Say where a new UID may be a known interview that was deleted and sent anew."""
    people = {p.email for p in invited.interviewers if p.email}
    for held in before.interviews if before else ():
        near = invited.start is not None and abs(held.start - invited.start) < _SAME_WEEK
        same = people and people == {p.email for p in held.interviewers if p.email}
        if near and same and not _is_off(held):
            yield (
                f"this may be interview {held.id} at another time; "
                f"if so: afterword cancel {before.id if before else ''} {held.id}"
            )
