"""Read the invitations in a calendar file (.ics) or a mail (.eml).

Bytes in, values out: no file, no network, no clock. Facts that the file does not state are guesses
with their source; times that would have to be guessed are asked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.invitation.extract import ReaderHints, build_invitations, parse_events
from afterword.importers.invitation.invitation_model import InvitationReading, ReaderLimits
from afterword.importers.invitation.revisions import EventRevision

_CALENDAR_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"}
_WINMAIL_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_MAIL_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:From [^\n]*\n|>?From [^\n]*\n)?"
    rb"(?:(?:[!-9;-~]+[ \t]*:[^\n]*|[ \t][^\n]*)\r?\n)*?"
    rb"(?:from|to|date|subject|received|mime-version|content-type|return-path|message-id)[ \t]*:",
    re.IGNORECASE,
)
_CONTENT_HEADER = re.compile(
    rb"^content-[a-z]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_BEGIN = b"BEGIN:VCALENDAR"
_MAX_LINES = 200_000
_MAX_BOUNDARIES = 2_000
_MAX_PARTS = 200
_MAX_HEADER_LENGTH = 2_000
_MAX_CONTENT_HEADER_LENGTH = 10_000


@attrs.frozen(kw_only=True)
class MailPart:
    """A calendar part of a mail, decoded from its transfer encoding; `charset` is declared."""

    data: bytes
    charset: str | None


@attrs.frozen(kw_only=True)
class Mail:
    """The calendar parts of a mail, and the addresses that it was sent to."""

    parts: tuple[MailPart, ...]
    recipients: tuple[str, ...]


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


def is_mail(data: bytes) -> bool:
    """True if the bytes begin with the header of a mail (RFC 5322)."""
    head = data[:4096].lstrip()
    return not head.startswith(b"BEGIN:") and bool(_MAIL_HEADER.match(head))


def read_mail(data: bytes, *, source: str, limits: ReaderLimits) -> Mail:
    """Return the calendar parts of a mail (MIME).

    Raises InputError for a mail that has none, and for one beyond the limits.
    """
    if len(data) > limits.mail_size:
        raise InputError(
            f"{source}: {len(data):,} bytes are more than a mail is read with "
            f"(at most {limits.mail_size:,}); save the attached invitation (.ics) instead"
        )
    if _is_too_complex(data):
        raise InputError(f"{source}: has too many parts; save the attached invitation (.ics)")
    try:
        # The newer policy takes seconds for a header with thousands of parameters.
        mail = message_from_bytes(data, policy=policy.compat32)
        return Mail(parts=tuple(_calendar_parts(mail, source)), recipients=tuple(_recipients(mail)))
    except (RecursionError, MessageError, LookupError, ValueError, TypeError) as error:
        raise InputError(
            f"{source}: cannot be read as a mail; save the attached invitation (.ics) instead"
        ) from error


def _is_too_complex(data: bytes) -> bool:
    """True if the mail would keep the parser busy for long."""
    return (
        data.count(b"\n") > _MAX_LINES
        or data.count(b"\n--") > _MAX_BOUNDARIES
        or any(len(m[0]) > _MAX_CONTENT_HEADER_LENGTH for m in _CONTENT_HEADER.finditer(data))
    )


def _calendar_parts(mail: Message, source: str) -> list[MailPart]:
    parts, has_winmail = [], False
    for number, part in enumerate(mail.walk()):
        if number >= _MAX_PARTS:
            break
        has_winmail = has_winmail or part.get_content_type() in _WINMAIL_TYPES
        if not part.is_multipart() and (data := _calendar_data(part)):
            parts.append(MailPart(data=data, charset=part.get_content_charset()))
    if parts:
        return parts
    if has_winmail:
        raise InputError(
            f"{source}: the invitation is packed into winmail.dat; ask for it as .ics, or type it "
            "with `afterword add`"
        )
    raise InputError(f"{source}: has no invitation in it; type it with `afterword add`")


def _calendar_data(part: Message) -> bytes | None:
    content_type = part.get_content_type()
    name = (part.get_filename() or "").casefold()
    is_calendar = content_type in _CALENDAR_TYPES or name.endswith((".ics", ".vcs"))
    if not is_calendar and content_type != "text/plain":
        return None
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return None
    return data if is_calendar or data.lstrip().startswith(_BEGIN) else None


def _recipients(mail: Message) -> Iterator[str]:
    for name in ("Delivered-To", "X-Original-To", "To"):
        values = [str(value)[:_MAX_HEADER_LENGTH] for value in mail.get_all(name, [])][:5]
        for _, address in getaddresses(values):
            if "@" in address:
                yield address
