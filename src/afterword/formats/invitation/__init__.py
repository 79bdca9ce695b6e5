"""Invitations as calendars and mails carry them, to what is known of the interview.

Bytes in, values out: no file, no network, no clock; nothing that a file links
to is ever fetched. What the file does not state is a guess that says where it
comes from; what would have to be guessed about time is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

from afterword.formats.invitation.interviews import as_application, as_interview, as_json
from afterword.formats.invitation.values import (
    Flag,
    Guess,
    Invitation,
    Limits,
    NeedsAnswerError,
    Question,
    Reading,
)

__all__ = [
    "Flag",
    "Guess",
    "Invitation",
    "Limits",
    "NeedsAnswerError",
    "Question",
    "Reading",
    "as_application",
    "as_interview",
    "as_json",
    "read",
]


def read(
    data: bytes,
    *,
    source: str,
    me: Collection[str] = (),
    employer_zone: ZoneInfo | None = None,
    at: dt.datetime | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Return the invitations in a calendar file (.ics) or a mail (.eml), told apart by content.

    `source` names the file in messages. `me` are the reader's own addresses.
    `employer_zone` is the clock of times that the file gives no clock for, and
    `at` (aware) the start of the one interview of the file.

    Raises NeedsAnswerError for times that cannot be read without guessing,
    InputError for all else that cannot be read, and ValueError for an `at`
    without a zone.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` has no zone, and the machine's must not count")
    # icalendar takes as long to import as everything else together.
    from afterword.formats.invitation.reading import read_any

    return read_any(
        data, source=source, me=me, employer_zone=employer_zone, at=at, limits=limits or Limits()
    )
