"""Apply a newer or older version of an invitation to the interview that it was imported as.

A newer one moves the interview, which keeps its id, so that its plan and events move too; a
cancellation cancels it; an older copy changes nothing. A higher SEQUENCE is newer, then a newer
DTSTAMP, then a newer LAST-MODIFIED (RFC 5546, section 2.1.5).
"""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from afterword.domain.applications import replace_interview
from afterword.domain.model import Interview, InterviewStatus, LogEntry, Person, When
from afterword.domain.people import find_person, merge_people, with_contact_details
from afterword.importers.invitation.invitation_model import Invitation, as_interview
from afterword.importers.match_invitation import (
    ImportAction,
    InvitationResult,
    StoredInterview,
    includes,
    is_from_employer,
    is_simultaneous,
    stored_result,
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
    dates = compare_dates(stored, invitation)
    number = invitation.sequence - (stored.sequence or 0)
    if invitation.uid in stored.invitations:
        if dates == 0 and invitation.sequence > 0:
            return RevisionOrder.DOUBTFUL
        number = 0
    if number > 0:
        # Where several invitations move an interview, the last of them counts.
        return RevisionOrder.OLDER if stored.invitations and dates < 0 else RevisionOrder.NEWER
    if number < 0:
        return RevisionOrder.DOUBTFUL if dates > 0 else RevisionOrder.OLDER
    if dates == 0:
        return RevisionOrder.SAME
    return RevisionOrder.NEWER if dates > 0 else RevisionOrder.OLDER


def _newest(*dates: dt.datetime | None) -> dt.datetime | None:
    """Return the latest of the dates in UTC, None if there is none."""
    return max((_as_utc(date) for date in dates if date is not None), default=None)


def compare_dates(stored: Interview, invitation: Invitation) -> int:
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
    order = compare_revisions(interview, invitation)
    if order is RevisionOrder.OLDER:
        numbers = f"(number {invitation.sequence}, stored is {interview.sequence or 0})"
        return _ignored(stored, invitation, f"an older copy {numbers}")
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
        result = move_to_invitation(stored, invitation, now)
    return _in_doubt(result, interview) if order is RevisionOrder.DOUBTFUL else result


def move_to_invitation(
    stored: StoredInterview, invitation: Invitation, now: dt.datetime
) -> InvitationResult:
    """Return the stored interview with the invitation's times and details."""
    interview, invited = stored.interview, as_interview(invitation)
    details = attrs.evolve(
        interview,
        start=invited.start,
        end=invited.end,
        zone=invited.zone or interview.zone,
        status=InterviewStatus.HELD,
        link=invited.link or interview.link,
        location=invited.location or interview.location,
        tentative=invitation.tentative,
        # Each of several invitations may name a part of the panel.
        interviewers=merge_people((*interview.interviewers, *invited.interviewers))
        if interview.invitations
        else _with_stored_notes(invited.interviewers, interview.interviewers),
    )
    is_rescheduled = times_of(interview) != times_of(invitation)
    entry = LogEntry(at=now, interview=interview.id, rescheduled=True)
    is_moved = is_rescheduled or interview.status is InterviewStatus.CANCELLED
    warnings = [TENTATIVE] if invitation.tentative else []
    if details != interview and not is_moved:
        warnings.append("the time is the same; its details were updated")
    return stored_result(
        stored,
        invitation,
        *warnings,
        action=ImportAction.MOVED if is_moved else ImportAction.UNCHANGED,
        after=replace_interview(
            stored.application,
            with_revision(details, invitation),
            *([entry] if is_rescheduled else []),
        ),
    )


def with_revision(interview: Interview, invitation: Invitation) -> Interview:
    """Return the interview with the number and the dates of a version of its invitation."""
    is_main = invitation.uid not in interview.invitations
    return attrs.evolve(
        interview,
        sequence=invitation.sequence if is_main else interview.sequence,
        stamp=_newest(interview.stamp, invitation.stamp),
        modified=_newest(interview.modified, invitation.modified),
    )


def _ignored(stored: StoredInterview, invitation: Invitation, reason: str) -> InvitationResult:
    """Return that nothing was changed, and the command for the case that this is wrong."""
    application, interview = stored.application, stored.interview
    if invitation.cancelled and interview.status is InterviewStatus.CANCELLED:
        return stored_result(stored, invitation)
    command = (
        f"afterword cancel {application.id} {interview.id}"
        if invitation.cancelled
        else move_command(stored, invitation)
    )
    warning = f"{reason}: nothing was changed. If it is right all the same: {command}"
    return stored_result(stored, invitation, warning, action=ImportAction.IGNORED)


def move_command(stored: StoredInterview, invitation: Invitation) -> str:
    """Return the command that moves the interview to the start of the invitation."""
    interview, start = stored.interview, invitation.start
    to = f'"{start.astimezone(interview.zone):%Y-%m-%d %H:%M}"' if start else "WHEN"
    return f"afterword move {stored.application.id} {interview.id} --to {to}"


def _unchanged_or_different(stored: StoredInterview, invitation: Invitation) -> InvitationResult:
    interview = stored.interview
    if invitation.uid in interview.invitations:
        # Of several invitations to a conversation the times may differ a little.
        is_same = is_simultaneous(interview, invitation) or interview.tentative
    else:
        is_same = includes(interview, invitation)
    if is_same and interview.status is InterviewStatus.HELD:
        return stored_result(stored, invitation)
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
    interview = stored.interview
    if interview.status is InterviewStatus.CANCELLED:
        return stored_result(stored, invitation)
    if interview.invitations and invitation.start and not is_simultaneous(interview, invitation):
        return _ignored(
            stored, invitation, f"it cancels an earlier time of interview {interview.id}"
        )
    cancelled = attrs.evolve(with_revision(interview, invitation), status=InterviewStatus.CANCELLED)
    entry = LogEntry(at=now, interview=interview.id, note="The invitation was cancelled.")
    after = replace_interview(stored.application, cancelled, entry)
    return stored_result(stored, invitation, action=ImportAction.CANCELLED, after=after)


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
