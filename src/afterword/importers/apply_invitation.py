"""Apply an invitation to the stored applications.

The UID of an invitation identifies its interview. A higher SEQUENCE moves the interview, which
keeps its id, so that its plan and events move too; a cancellation cancels it; an older copy
changes nothing (RFC 5546, section 2.1.4).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.domain import rounds
from afterword.domain.model import Application, Interview, InterviewStatus, LogEntry, Person
from afterword.domain.people import find_person, fold_name, merge_people, with_contact_details
from afterword.importers.invitation.invitation_model import (
    Invitation,
    as_application,
    as_interview,
)
from afterword.importers.invitation.mail_domains import domain_of

_SAME_WEEK = dt.timedelta(days=7)


class ImportAction(enum.StrEnum):
    """The effect of an imported invitation."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"


@attrs.frozen(kw_only=True)
class InvitationResult:
    """The effect of an invitation on an application.

    `before` is None for a new application; without a change, `after` is None or equal to it.
    `interview` is the interview's id.
    """

    action: ImportAction
    invitation: Invitation
    before: Application | None = None
    after: Application | None = None
    interview: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        """True if the application has to be saved."""
        return self.after is not None and self.after != self.before


def find_by_invitation(
    applications: Iterable[Application], invitation: Invitation
) -> Application | None:
    """Return the application that has the invitation's interview."""
    return next((a for a in applications if _stored_interview(a, invitation)), None)


def find_candidates(
    applications: Iterable[Application], invitation: Invitation
) -> list[Application]:
    """Return the applications at the same company, by its name or its mail domain."""
    company = invitation.company.value.casefold() if invitation.company else None
    return [
        a
        for a in applications
        if (company and a.company.casefold() == company)
        or (invitation.domain and invitation.domain in _domains(a))
    ]


def apply_update(
    application: Application, invitation: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return the effect on the application that `find_by_invitation` returned."""
    stored = _stored_interview(application, invitation)
    if stored is None:
        raise ValueError(f"{application.id} has no interview of the invitation {invitation.uid}")
    unchanged = InvitationResult(
        action=ImportAction.UNCHANGED,
        invitation=invitation,
        before=application,
        after=application,
        interview=stored.id,
    )
    sequence = stored.sequence or 0
    is_cancelled = stored.status is InterviewStatus.CANCELLED
    if invitation.sequence < sequence:
        text = f"an older copy (number {invitation.sequence}, known is {sequence})"
    elif invitation.cancelled:
        return unchanged if is_cancelled else _cancel(application, stored, invitation, now)
    elif invitation.sequence > sequence:
        return _move(application, stored, invitation, now)
    elif _times(stored) != _times(invitation) or is_cancelled:
        text = "it differs from the known one without a higher number"
    else:
        return unchanged
    warnings = (f"{text}: nothing was changed",)
    return attrs.evolve(unchanged, action=ImportAction.IGNORED, warnings=warnings)


def add_invitation(
    application: Application | None,
    invitation: Invitation,
    *,
    company: str,
    role: str,
    now: dt.datetime,
) -> InvitationResult:
    """Return the effect of adding the interview to an application, new if None is given.

    An interview at the same time that the user typed is the invitation's: it gets its details.
    """
    new = as_application(invitation, company=company, role=role, added=now)
    interview = new.interviews[0]
    if application is not None:
        typed = rounds.overlapping_interview(application, interview)
        if typed is not None and typed.invitation is None:
            return _link(application, typed, invitation, now)
        new = rounds.add_interview(application, interview)
    return InvitationResult(
        action=ImportAction.ADDED,
        invitation=invitation,
        before=application,
        after=new,
        interview=interview.id,
        warnings=tuple(_resent_warnings(application, invitation)) if application else (),
    )


def ignored_result(invitation: Invitation, reason: str) -> InvitationResult:
    """Return that the invitation changes nothing, with the reason as a warning."""
    return InvitationResult(action=ImportAction.IGNORED, invitation=invitation, warnings=(reason,))


def as_panel_day(invitations: Sequence[Invitation]) -> Invitation:
    """Return a single interview for several of a day: from the first start to the last end."""
    ordered = sorted(invitations, key=lambda i: (i.start is None, i.start))
    ends = [invitation.end for invitation in ordered if invitation.end is not None]
    return attrs.evolve(
        ordered[0],
        end=max(ends, default=ordered[0].end),
        interviewers=merge_people(p for i in ordered for p in i.interviewers),
    )


def _stored_interview(application: Application, invitation: Invitation) -> Interview | None:
    for interview in application.interviews:
        has_same_uid = invitation.uid is not None and interview.invitation == invitation.uid
        if has_same_uid or interview.id == invitation.id:
            return interview
    return None


def _cancel(
    application: Application, stored: Interview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    cancelled = attrs.evolve(stored, status=InterviewStatus.CANCELLED, sequence=invitation.sequence)
    entry = LogEntry(at=now, interview=stored.id, note="The invitation was cancelled.")
    return InvitationResult(
        action=ImportAction.CANCELLED,
        invitation=invitation,
        before=application,
        after=_with_interview(application, cancelled, entry),
        interview=stored.id,
    )


def _move(
    application: Application, stored: Interview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    """Return the stored interview with the invitation's times and details."""
    invited = as_interview(invitation)
    updated = attrs.evolve(
        stored,
        start=invited.start,
        end=invited.end,
        zone=invited.zone or stored.zone,
        status=InterviewStatus.HELD,
        link=invited.link or stored.link,
        location=invited.location or stored.location,
        sequence=invitation.sequence,
        interviewers=_with_stored_notes(invited.interviewers, stored.interviewers),
    )
    is_rescheduled = _times(stored) != _times(invitation)
    entry = LogEntry(at=now, interview=stored.id, rescheduled=True)
    moved = is_rescheduled or stored.status is InterviewStatus.CANCELLED
    return InvitationResult(
        action=ImportAction.MOVED if moved else ImportAction.UNCHANGED,
        invitation=invitation,
        before=application,
        after=_with_interview(application, updated, *([entry] if is_rescheduled else [])),
        interview=stored.id,
        warnings=() if moved else ("the time is the same; its details were updated",),
    )


def _link(
    application: Application, typed: Interview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    """Return the interview that the user typed, with the invitation's times and details."""
    linked = attrs.evolve(typed, invitation=invitation.uid)
    result = _move(application, linked, invitation, now)
    after = result.after or application
    updated = next(i for i in after.interviews if i.id == typed.id)
    names = {fold_name(person.name) for person in updated.interviewers}
    # Within a panel the name decides: a typed address may be another one of the same person.
    also_typed = (
        attrs.evolve(p, email=None) if fold_name(p.name) in names else p for p in typed.interviewers
    )
    panel = merge_people((*updated.interviewers, *also_typed))
    text = f"it is interview {typed.id}, which you had told of; the invitation is kept with it"
    return attrs.evolve(
        result,
        before=application,
        after=_with_interview(after, attrs.evolve(updated, interviewers=panel)),
        warnings=(text,),
    )


def _with_interview(
    application: Application, interview: Interview, *entries: LogEntry
) -> Application:
    interviews = tuple(interview if i.id == interview.id else i for i in application.interviews)
    return attrs.evolve(application, interviews=interviews, log=(*application.log, *entries))


def _with_stored_notes(
    invited: tuple[Person, ...], stored: tuple[Person, ...]
) -> tuple[Person, ...]:
    """Return the invited panel, with the notes on those already on the stored panel."""
    return tuple(
        with_contact_details(find_person(stored, person) or person, person)
        for person in invited or stored
    )


def _times(event: Interview | Invitation) -> tuple[dt.datetime | None, dt.datetime | None]:
    start, end = event.start, event.end
    return start and start.astimezone(dt.UTC), end and end.astimezone(dt.UTC)


def _domains(application: Application) -> set[str]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.append(application.contact)
    return {domain_of(person.email) for person in people if person.email}


def _resent_warnings(application: Application, invitation: Invitation) -> Iterator[str]:
    """Warn where a new UID may be a stored interview, deleted and sent again."""
    people = {p.email for p in invitation.interviewers if p.email}
    for stored in application.interviews:
        is_near = invitation.start is not None and abs(stored.start - invitation.start) < _SAME_WEEK
        is_same_panel = people and people == {p.email for p in stored.interviewers if p.email}
        if is_near and is_same_panel and stored.status is InterviewStatus.HELD:
            yield (
                f"this may be interview {stored.id} at another time; "
                f"if so: afterword cancel {application.id} {stored.id}"
            )
