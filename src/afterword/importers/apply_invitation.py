"""Apply a newer or older version of an invitation to the interview that it was imported as.

A newer one moves the interview, which keeps its id, so that its plan and events move too; a
cancellation cancels it; an older copy changes nothing. A higher SEQUENCE is newer, then a newer
DTSTAMP, then a newer LAST-MODIFIED (RFC 5546, section 2.1.5).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator

import attrs

from afterword.domain.applications import replace_interview
from afterword.domain.model import Application, Interview, InterviewStatus, LogEntry, Person, When
from afterword.domain.people import find_person, merge_people, with_contact_details
from afterword.importers.invitation.invitation_model import Invitation, as_interview
from afterword.importers.match_invitation import (
    ImportAction,
    InvitationResult,
    StoredInterview,
    has_uid,
    includes,
    is_from_employer,
    is_simultaneous,
    unchanged_result,
)

TENTATIVE = "tentative: its time is only proposed; import the confirmation when it comes"
"""The warning about an invitation whose time is only a proposal."""


class RevisionOrder(enum.Enum):
    """An invitation, compared with the interview that it is about.

    DOUBTFUL: probably newer, but its number and its date contradict each other.
    """

    OLDER = enum.auto()
    SAME = enum.auto()
    NEWER = enum.auto()
    DOUBTFUL = enum.auto()


def compare_revisions(stored: Interview, invitation: Invitation) -> RevisionOrder:
    """Return whether the invitation is older or newer than the stored interview.

    Numbers (SEQUENCE) can be compared within one UID only, dates between all invitations.
    """
    if stored.tentative and not invitation.tentative and not invitation.cancelled:
        return RevisionOrder.NEWER
    dates = _compare_dates(stored, invitation)
    if invitation.uid in stored.invitations:
        return _order_of_further(invitation, dates)
    number = invitation.sequence - (stored.sequence or 0)
    if number > 0:
        # Where several invitations move an interview, the last of them counts.
        return RevisionOrder.OLDER if stored.invitations and dates < 0 else RevisionOrder.NEWER
    if number < 0:
        return RevisionOrder.DOUBTFUL if dates > 0 else RevisionOrder.OLDER
    return _order_by_dates(dates)


def is_written_before(invitation: Invitation, stored: Interview) -> bool:
    """True if the invitation is dated before the stored interview."""
    return _compare_dates(stored, invitation) < 0


def newest(*dates: dt.datetime | None) -> dt.datetime | None:
    """Return the latest of the dates in UTC, None if there is none."""
    return max((_as_utc(date) for date in dates if date is not None), default=None)


def _order_of_further(invitation: Invitation, dates: int) -> RevisionOrder:
    if dates == 0 and invitation.sequence > 0:
        return RevisionOrder.DOUBTFUL
    return _order_by_dates(dates)


def _order_by_dates(dates: int) -> RevisionOrder:
    if dates == 0:
        return RevisionOrder.SAME
    return RevisionOrder.NEWER if dates > 0 else RevisionOrder.OLDER


def _compare_dates(stored: Interview, invitation: Invitation) -> int:
    """Compare the dates: 1 if the invitation is newer, -1 if it is older, else 0."""
    pairs = ((stored.stamp, invitation.stamp), (stored.modified, invitation.modified))
    for old, new in pairs:
        if old and new and (difference := _as_utc(new) - _as_utc(old)):
            return 1 if difference > dt.timedelta(0) else -1
    if stored.stamp is None and invitation.stamp and stored.added:
        # Stored before its date was: what was written after the import is newer.
        return int(invitation.stamp > _end_of(stored.added))
    return 0


def _end_of(added: When) -> dt.datetime:
    if isinstance(added, dt.datetime):
        return _as_utc(added)
    return dt.datetime.combine(added, dt.time.max, tzinfo=dt.UTC)


def _as_utc(date: dt.datetime) -> dt.datetime:
    return date.astimezone(dt.UTC) if date.tzinfo else date.replace(tzinfo=dt.UTC)


def apply_update(
    stored: StoredInterview, invitation: Invitation, *, now: dt.datetime
) -> InvitationResult:
    """Return the effect on the interview that has the invitation's UID."""
    application, interview = stored.application, stored.interview
    if not has_uid(interview, invitation):
        raise ValueError(f"{application.id} has no interview of the invitation {invitation.uid}")
    order = compare_revisions(interview, invitation)
    if order is RevisionOrder.OLDER:
        return _ignored(
            stored,
            invitation,
            f"an older copy (number {invitation.sequence}, stored is {interview.sequence or 0})",
        )
    if order is RevisionOrder.DOUBTFUL and not is_from_employer(application, invitation):
        return _ignored(
            stored, invitation, "it has a lower number and comes from another organizer"
        )
    if invitation.cancelled:
        result = _cancelled(stored, invitation, now)
    elif order is RevisionOrder.SAME:
        return _unchanged_or_different(stored, invitation)
    elif invitation.tentative and interview.tentative and invitation.uid in interview.invitations:
        return _ignored(stored, invitation, "tentative: it is an alternative to the stored time")
    else:
        result = move_to_invitation(application, interview, invitation, now)
    return _in_doubt(result, interview) if order is RevisionOrder.DOUBTFUL else result


def move_to_invitation(
    application: Application, stored: Interview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    """Return the stored interview with the invitation's times and details."""
    invited = as_interview(invitation)
    details = attrs.evolve(
        stored,
        start=invited.start,
        end=invited.end,
        zone=invited.zone or stored.zone,
        status=InterviewStatus.HELD,
        link=invited.link or stored.link,
        location=invited.location or stored.location,
        tentative=invitation.tentative,
        # Each of several invitations may name a part of the panel.
        interviewers=merge_people((*stored.interviewers, *invited.interviewers))
        if stored.invitations
        else _with_stored_notes(invited.interviewers, stored.interviewers),
    )
    updated = _with_revision(details, invitation)
    is_rescheduled = times_of(stored) != times_of(invitation)
    entry = LogEntry(at=now, interview=stored.id, rescheduled=True)
    moved = is_rescheduled or stored.status is InterviewStatus.CANCELLED
    return InvitationResult(
        action=ImportAction.MOVED if moved else ImportAction.UNCHANGED,
        invitation=invitation,
        before=application,
        after=replace_interview(application, updated, *([entry] if is_rescheduled else [])),
        interview=stored.id,
        warnings=tuple(_move_warnings(invitation, moved=moved, updated=details != stored)),
    )


def _with_revision(interview: Interview, invitation: Invitation) -> Interview:
    """Return the interview with the number and the dates of a version of its invitation."""
    is_main = invitation.uid not in interview.invitations
    return attrs.evolve(
        interview,
        sequence=invitation.sequence if is_main else interview.sequence,
        stamp=newest(interview.stamp, invitation.stamp),
        modified=newest(interview.modified, invitation.modified),
    )


def _ignored(stored: StoredInterview, invitation: Invitation, reason: str) -> InvitationResult:
    """Return that nothing was changed, and the command for the case that this is wrong."""
    application, interview = stored.application, stored.interview
    if invitation.cancelled and interview.status is InterviewStatus.CANCELLED:
        return unchanged_result(stored, invitation)
    command = (
        f"afterword cancel {application.id} {interview.id}"
        if invitation.cancelled
        else move_command(application, interview, invitation)
    )
    warning = f"{reason}: nothing was changed. If it is right all the same: {command}"
    return attrs.evolve(
        unchanged_result(stored, invitation), action=ImportAction.IGNORED, warnings=(warning,)
    )


def move_command(application: Application, interview: Interview, invitation: Invitation) -> str:
    """Return the command that moves the interview to the start of the invitation."""
    start = invitation.start
    to = f'"{start.astimezone(interview.zone):%Y-%m-%d %H:%M}"' if start else "WHEN"
    return f"afterword move {application.id} {interview.id} --to {to}"


def _unchanged_or_different(stored: StoredInterview, invitation: Invitation) -> InvitationResult:
    interview = stored.interview
    if invitation.uid in interview.invitations:
        # Of several invitations to a conversation the times may differ a little.
        is_same = is_simultaneous(interview, invitation) or interview.tentative
    else:
        is_same = includes(interview, invitation)
    if is_same and interview.status is InterviewStatus.HELD:
        return unchanged_result(stored, invitation)
    return _ignored(stored, invitation, "it differs from the stored one without a higher number")


def _in_doubt(result: InvitationResult, stored: Interview) -> InvitationResult:
    """Return the result of an invitation whose number and date contradict each other."""
    if not result.has_changes or result.before is None:
        return result
    number = result.invitation.sequence
    text = f"its number ({number}) is lower than the stored one ({stored.sequence or 0})"
    if number >= (stored.sequence or 0):
        text = "it has no date that tells it from the stored one"
    undo = f"If that is wrong: afterword undo {result.before.id}"
    verb = "cancel" if result.invitation.cancelled else "change"
    return attrs.evolve(
        result,
        question=f"{text}, but it may be newer. {verb.capitalize()} the interview?",
        warnings=(*result.warnings, f"{text}, but it may be newer: it was applied. {undo}"),
    )


def _cancelled(
    stored: StoredInterview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    application, interview = stored.application, stored.interview
    if interview.status is InterviewStatus.CANCELLED:
        return unchanged_result(stored, invitation)
    if interview.invitations and invitation.start and not is_simultaneous(interview, invitation):
        return _ignored(
            stored, invitation, f"it cancels an earlier time of interview {interview.id}"
        )
    cancelled = attrs.evolve(
        _with_revision(interview, invitation), status=InterviewStatus.CANCELLED
    )
    entry = LogEntry(at=now, interview=interview.id, note="The invitation was cancelled.")
    return InvitationResult(
        action=ImportAction.CANCELLED,
        invitation=invitation,
        before=application,
        after=replace_interview(application, cancelled, entry),
        interview=interview.id,
    )


def _move_warnings(invitation: Invitation, *, moved: bool, updated: bool) -> Iterator[str]:
    if invitation.tentative:
        yield TENTATIVE
    if updated and not moved:
        yield "the time is the same; its details were updated"


def _with_stored_notes(
    invited: tuple[Person, ...], stored: tuple[Person, ...]
) -> tuple[Person, ...]:
    """Return the invited panel, with the notes on those already on the stored panel."""
    return tuple(
        with_contact_details(find_person(stored, person) or person, person)
        for person in invited or stored
    )


def times_of(event: Interview | Invitation) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return start and end in UTC."""
    start, end = event.start, event.end
    return start and start.astimezone(dt.UTC), end and end.astimezone(dt.UTC)
