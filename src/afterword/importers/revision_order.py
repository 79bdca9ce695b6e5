"""Decide whether an invitation is newer than the stored interview (RFC 5546, section 2.1.5)."""

from __future__ import annotations

import datetime as dt
import enum

from afterword.domain.model import Interview, When
from afterword.importers.invitation.invitation_model import Invitation


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
