"""Build and read small calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

from afterword.importers.invitation.invitation_model import Invitation
from afterword.importers.invitation.invitation_reader import read_invitation

START = "DTSTART;TZID=Europe/Berlin:20261124T140000"
END = "DTEND;TZID=Europe/Berlin:20261124T150000"


def calendar(*lines: str) -> bytes:
    """Return a calendar with these lines between its first and its last."""
    return "\r\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR", "")).encode()


def event(*lines: str, uid: str = "one", start: str = START, end: str = END) -> str:
    """Return the lines of an event."""
    given = (f"UID:{uid}", start, end, *lines)
    return "\r\n".join(("BEGIN:VEVENT", *(line for line in given if line), "END:VEVENT"))


def read_single(
    *lines: str, data: bytes | None = None, start: str = START, end: str = END, **options: Any
) -> Invitation:
    """Read a calendar with a single event."""
    data = calendar(event(*lines, start=start, end=end)) if data is None else data
    (invitation,) = read_invitation(data, source="x.ics", **options).invitations
    return invitation


def start_of(invitation: Invitation) -> dt.datetime:
    """Return the start of an invitation, which must have it."""
    assert invitation.start is not None
    return invitation.start
