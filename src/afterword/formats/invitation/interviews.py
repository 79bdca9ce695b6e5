"""An invitation to the facts that are stored: an interview, and an application around it."""

from __future__ import annotations

from typing import Any

from afterword.core.model import Application, Interview, Status, When
from afterword.core.text import slug
from afterword.errors import InputError
from afterword.formats.invitation.values import Invitation


def as_interview(invitation: Invitation, *, added: When | None = None) -> Interview:
    """Return the interview; its id comes from the UID, so that an update finds it again.

    Raises InputError for a cancellation that does not say when it would have been.
    """
    if invitation.start is None or invitation.end is None:
        raise InputError(f"{invitation.summary or 'the event'}: is cancelled and gives no time")
    return Interview(
        id=invitation.id,
        start=invitation.start,
        end=invitation.end,
        zone=invitation.zone,
        added=added,
        status=Status.CANCELLED if invitation.cancelled else Status.HELD,
        interviewers=invitation.interviewers,
        link=invitation.link,
        location=invitation.location,
        round=invitation.round.value if invitation.round else None,
        invitation=invitation.uid,
        sequence=invitation.sequence,
    )


def as_application(
    invitation: Invitation,
    *,
    company: str,
    role: str,
    id: str | None = None,
    added: When | None = None,
) -> Application:
    """Return an application with the one interview.

    The organizer is its contact where they do not interview themselves; `id`
    is by default a slug of company and role.

    Raises InputError as `as_interview` does.
    """
    interview = as_interview(invitation, added=added)
    panel = {person.email for person in interview.interviewers if person.email}
    organizer = invitation.organizer
    return Application(
        id=id or slug(f"{company} {role}") or interview.id,
        company=company,
        role=role,
        contact=organizer if organizer and organizer.email not in panel else None,
        interviews=(interview,),
    )


def as_json(invitation: Invitation) -> dict[str, Any]:
    """Return the invitation as an event of the import's JSON.

    What needs a store (action, application) is the caller's to add. Keys may
    be added, none is ever taken away.
    """
    return {
        "interview": invitation.id,
        "uid": invitation.uid,
        "sequence": invitation.sequence,
        "cancelled": invitation.cancelled,
        "summary": invitation.summary,
        "company": invitation.company.value if invitation.company else None,
        "role": invitation.role.value if invitation.role else None,
        "round": invitation.round.value if invitation.round else None,
        "start": invitation.start.isoformat() if invitation.start else None,
        "end": invitation.end.isoformat() if invitation.end else None,
        "zone": invitation.zone.key if invitation.zone else None,
        "interviewers": [{"name": p.name, "email": p.email} for p in invitation.interviewers],
        "declined": [{"name": p.name, "email": p.email} for p in invitation.declined],
        "organizer": (
            {"name": invitation.organizer.name, "email": invitation.organizer.email}
            if invitation.organizer
            else None
        ),
        "me": invitation.me,
        "location": invitation.location,
        "link": invitation.link,
        "guessed": list(invitation.guessed),
        "sources": invitation.sources,
        "warnings": list(invitation.warnings),
    }
