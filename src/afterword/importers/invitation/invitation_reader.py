"""Read the invitations in a calendar file (.ics) or a mail (.eml).

Bytes in, values out: no file, no network, no clock. Facts that the file does not state are guesses
with their source; times that would have to be guessed are asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.invitation.extract import ReaderHints, build_invitations, parse_events
from afterword.importers.invitation.invitation_model import InvitationReading, ReaderLimits
from afterword.importers.invitation.mail_reader import Mail, is_mail, read_mail
from afterword.importers.invitation.revisions import EventRevision


def read_invitation(
    data: bytes,
    *,
    source: str,
    me: Collection[str] = (),
    employer_zone: ZoneInfo | None = None,
    at: dt.datetime | None = None,
    limits: ReaderLimits | None = None,
) -> InvitationReading:
    """Return the invitations in a calendar file or a mail; the content decides which it is.

    `source` names the file in messages. `me` are the user's own addresses. `employer_zone` is the
    zone of times that have none in the file, `at` (aware) the start of its only interview.

    Raises NeedsAnswerError for times that cannot be read without guessing, InputError for any
    other bad input, and ValueError for an `at` without a zone.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` has no zone, and the machine's must not count")
    limits = limits or ReaderLimits()
    source = clean_line(source)
    hints = ReaderHints(me=tuple(me), employer_zone=employer_zone, at=at)
    if is_mail(data):
        mail = read_mail(data, source=source, limits=limits)
        hints = attrs.evolve(hints, recipients=mail.recipients)
        revisions, notices = _parse_mail_events(mail, source=source, hints=hints, limits=limits)
    else:
        revisions, notices = parse_events(data, source=source, hints=hints, limits=limits)
    return build_invitations(
        revisions, source=source, hints=hints, max_events=limits.events, notices=notices
    )


def _parse_mail_events(
    mail: Mail, *, source: str, hints: ReaderHints, limits: ReaderLimits
) -> tuple[list[EventRevision], tuple[str, ...]]:
    """Return the events of all parts; senders attach a copy of the inline part.

    Raises InputError where no part can be read.
    """
    revisions: list[EventRevision] = []
    notices: dict[str, None] = {}
    errors = []
    for part in mail.parts:
        try:
            events, part_notices = parse_events(
                part.data, source=source, hints=hints, limits=limits, charset=part.charset
            )
        except InputError as error:
            errors.append(error)
        else:
            revisions += events
            notices.update(dict.fromkeys(part_notices))
    if not revisions:
        raise errors[0]
    if errors:
        notices["one of the calendar parts of the mail could not be read"] = None
    return revisions, tuple(notices)
