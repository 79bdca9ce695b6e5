"""Add an invitation with a new UID: as a new interview, or to a stored interview.

One conversation may have several invitations, such as a scheduler's beside a calendar's; their
UIDs are all stored with its interview.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from afterword.domain.applications import add_interview, overlapping_interview, replace_interview
from afterword.domain.model import Application, Interview, InterviewStatus
from afterword.domain.people import fold_name, merge_people
from afterword.importers.apply_invitation import (
    TENTATIVE,
    compare_dates,
    move_command,
    move_to_invitation,
    times_of,
    with_revision,
)
from afterword.importers.invitation.invitation_model import (
    Invitation,
    as_application,
    as_interview,
)
from afterword.importers.match_invitation import (
    ImportAction,
    InvitationResult,
    StoredInterview,
    is_simultaneous,
    stored_result,
)

_SAME_WEEK = dt.timedelta(days=7)


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
        typed = overlapping_interview(application, interview)
        if typed is not None and typed.invitation is None:
            return _link(StoredInterview(application, typed), invitation, now)
        new = add_interview(application, interview)
    return InvitationResult(
        action=ImportAction.ADDED,
        invitation=invitation,
        before=application,
        after=new,
        interview=interview.id,
        warnings=(
            *([TENTATIVE] if invitation.tentative else []),
            *(_resent_warnings(application, invitation) if application else ()),
        ),
    )


def add_twin(
    stored: StoredInterview, invitation: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return the stored interview with the UID of a further invitation to it.

    Its times stay; it gets what it lacks: the link, the location, and more of the panel. An
    interview that the user typed gets the times too.
    """
    application, interview = stored.application, stored.interview
    if not is_simultaneous(interview, invitation):
        # A panel day is longer than each of its parts, whose updates do not move it as a whole.
        return stored_result(stored, invitation)
    if interview.invitation is None:
        return _link(stored, invitation, now)
    with_uid = _remember(interview, invitation)
    if interview.status is InterviewStatus.CANCELLED:
        if compare_dates(interview, invitation) >= 0:
            return reschedule_cancelled(stored, invitation, now=now)
        warning = f"it is interview {interview.id}, which was cancelled later; it stays so"
        after = replace_interview(application, with_uid)
        return stored_result(stored, invitation, warning, after=after)
    invited = as_interview(invitation)
    updated = attrs.evolve(
        with_uid,
        zone=interview.zone or invited.zone,
        link=interview.link or invited.link,
        location=interview.location or invited.location,
        interviewers=merge_people((*interview.interviewers, *invited.interviewers)),
        tentative=interview.tentative and invitation.tentative,
    )
    warnings = [f"it is interview {interview.id}, invited a second time; its plan is unchanged"]
    if times_of(interview) != times_of(invitation):
        times = f"{interview.start:%H:%M} to {interview.end:%H:%M}"
        warnings.append(f"its times differ a little; {times} counts")
    after = replace_interview(application, updated)
    return stored_result(stored, invitation, *warnings, after=after)


def reschedule_cancelled(
    stored: StoredInterview, invitation: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return the cancelled interview at the time of a new invitation; its log stays with it."""
    application, interview = stored.application, stored.interview
    earlier = tuple(uid for uid in (interview.invitation, *interview.invitations) if uid)
    renewed = attrs.evolve(
        interview,
        invitation=invitation.uid or interview.invitation,
        invitations=tuple(dict.fromkeys(uid for uid in earlier if uid != invitation.uid)),
        stamp=None,
        modified=None,
    )
    result = move_to_invitation(attrs.evolve(stored, interview=renewed), invitation, now)
    text = f"it is the new time of the cancelled interview {interview.id}; its log stays with it"
    return attrs.evolve(
        result,
        question=f"Is it the new time of interview {interview.id}, which was cancelled?",
        warnings=(text, f"if it is another interview: afterword undo {application.id}"),
    )


def take_alternative(
    stored: StoredInterview, invitation: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return the tentative interview at the time of another tentative invitation for it."""
    interview = _remember(stored.interview, invitation)
    return move_to_invitation(attrs.evolve(stored, interview=interview), invitation, now)


def add_alternative(stored: StoredInterview, invitation: Invitation) -> InvitationResult:
    """Return the tentative interview with the UID of another tentative invitation for it."""
    interview = stored.interview
    text = (
        f"tentative: an alternative to the time of interview {interview.id} "
        f"({interview.start:%Y-%m-%d %H:%M}), no round of its own; import the confirmation, or: "
        + move_command(stored, invitation)
    )
    after = replace_interview(stored.application, _remember(interview, invitation))
    return stored_result(stored, invitation, text, action=ImportAction.IGNORED, after=after)


def as_panel_day(invitations: Sequence[Invitation]) -> Invitation:
    """Return a single interview for several of a day: from the first start to the last end."""
    ordered = sorted(invitations, key=lambda i: (i.start is None, i.start))
    ends = [invitation.end for invitation in ordered if invitation.end is not None]
    return attrs.evolve(
        ordered[0],
        end=max(ends, default=ordered[0].end),
        interviewers=merge_people(p for i in ordered for p in i.interviewers),
    )


def _remember(interview: Interview, invitation: Invitation) -> Interview:
    """Return the interview with the UID and the date of a further invitation to it."""
    uids = dict.fromkeys((*interview.invitations, *filter(None, [invitation.uid])))
    uids.pop(interview.invitation or "", None)
    # Its numbers (SEQUENCE) are not those of the first invitation.
    return attrs.evolve(
        with_revision(interview, invitation),
        invitations=tuple(uids),
        sequence=interview.sequence,
    )


def _link(stored: StoredInterview, invitation: Invitation, now: dt.datetime) -> InvitationResult:
    """Return the interview that the user typed, with the invitation's times and details."""
    typed = stored.interview
    linked = attrs.evolve(typed, invitation=invitation.uid)
    result = move_to_invitation(attrs.evolve(stored, interview=linked), invitation, now)
    after = result.after or stored.application
    updated = next(i for i in after.interviews if i.id == typed.id)
    names = {fold_name(person.name) for person in updated.interviewers}
    # Within a panel the name decides: a typed address may be another one of the same person.
    also_typed = (
        attrs.evolve(p, email=None) if fold_name(p.name) in names else p for p in typed.interviewers
    )
    panel = merge_people((*updated.interviewers, *also_typed))
    text = f"it is interview {typed.id}, which you had added; the invitation is stored with it"
    return attrs.evolve(
        result,
        after=replace_interview(after, attrs.evolve(updated, interviewers=panel)),
        warnings=(text,),
    )


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
