"""The states of added events, by which their later changes in a calendar are noticed."""

from __future__ import annotations

import datetime as dt

from afterword.importers.invitation.invitation_model import Invitation
from afterword.services.workspace import Workspace
from afterword.storage.state import calendar_answers
from afterword.storage.state.database import Database


def event_state(invitation: Invitation) -> str:
    """Return the part of an event that moves or cancels its interview."""
    status = "cancelled" if invitation.cancelled else "held"
    moments = (_instant(invitation.start), _instant(invitation.end))
    return " ".join((*moments, status, invitation.location or "", invitation.link or ""))


def save_event_state(workspace: Workspace, uid: str, invitation: Invitation) -> None:
    """Save the state of an event whose interview was added, which is no refused event then."""
    if workspace.dry_run:
        return
    with Database(workspace.context.locations.database) as database:
        key = calendar_answers.event_key(uid)
        calendar_answers.save_watched(database, {key: event_state(invitation)})
        calendar_answers.forget_refusal(database, uid)


def _instant(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else "-"
