"""The one way in: a calendar file or a mail, to the invitations in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

from afterword.core.text import clean_line
from afterword.errors import InputError
from afterword.formats.invitation.events import Told, invitations, versions_in
from afterword.formats.invitation.mail import Mail, is_mail, read_mail
from afterword.formats.invitation.values import Limits, Reading
from afterword.formats.invitation.versions import Version


def read_any(
    data: bytes,
    *,
    source: str,
    me: Collection[str],
    employer_zone: ZoneInfo | None,
    at: dt.datetime | None,
    limits: Limits,
) -> Reading:
    """Return what `afterword.formats.invitation.read` says; the parameters are the same."""
    source = clean_line(source)
    told = Told(me=tuple(me), employer_zone=employer_zone, at=at)
    if not is_mail(data):
        versions, notices = versions_in(data, source=source, told=told, limits=limits)
        return invitations(versions, source=source, told=told, most=limits.events, notices=notices)
    mail = read_mail(data, source=source, limits=limits)
    told = Told(me=tuple(me), hints=mail.recipients, employer_zone=employer_zone, at=at)
    versions, notices = _versions_in_mail(mail, source=source, told=told, limits=limits)
    return invitations(versions, source=source, told=told, most=limits.events, notices=notices)


def _versions_in_mail(
    mail: Mail, *, source: str, told: Told, limits: Limits
) -> tuple[list[Version], tuple[str, ...]]:
    """Return the events of all parts; senders attach what they also send inline.

    Raises InputError where no part can be read.
    """
    found: list[Version] = []
    notices: dict[str, None] = {}
    errors = []
    for part in mail.parts:
        try:
            versions, odd = versions_in(
                part.data, source=source, told=told, limits=limits, charset=part.charset
            )
        except InputError as error:
            errors.append(error)
        else:
            found += versions
            notices.update(dict.fromkeys(odd))
    if not found:
        raise errors[0]
    if errors:
        notices["one of the calendar parts of the mail could not be read"] = None
    return found, tuple(notices)
