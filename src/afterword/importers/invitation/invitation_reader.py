"""The calendar parts of a mail (RFC 5322, MIME): found wherever senders put them, and decoded.

The older of the two policies of the standard library reads them: the newer one
takes seconds and gives up on a header of a few thousand parameters.

The one way in: a calendar file or a mail, to the invitations in it.

Invitations as calendars and mails carry them, to what is known of the interview.

Bytes in, values out: no file, no network, no clock; nothing that a file links
to is ever fetched. What the file does not state is a guess that says where it
comes from; what would have to be guessed about time is asked.
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
from afterword.importers.invitation.extract import (
    EventRevision,
    ReaderHints,
    build_invitations,
    parse_events,
)
from afterword.importers.invitation.invitation_model import (
    InvitationReading,
    ReaderLimits,
)

_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:From [^\n]*\n|>?From [^\n]*\n)?"
    rb"(?:(?:[!-9;-~]+[ \t]*:[^\n]*|[ \t][^\n]*)\r?\n)*?"
    rb"(?:from|to|date|subject|received|mime-version|content-type|return-path|message-id)[ \t]*:",
    re.IGNORECASE,
)
_KIND = re.compile(rb"^content-[a-z]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BEGIN = b"BEGIN:VCALENDAR"
_MOST_LINES = 200_000
_MOST_BOUNDARIES = 2_000
_MOST_PARTS = 200
_LONGEST_HEADER = 2_000
_LONGEST_KIND = 10_000


@attrs.frozen(kw_only=True)
class MailPart:
    """One calendar part of a mail, its transfer encoding undone; `charset` is what it declares."""

    data: bytes
    charset: str | None


@attrs.frozen(kw_only=True)
class Mail:
    """The calendar parts of a mail, and the addresses that it came to."""

    parts: tuple[MailPart, ...]
    recipients: tuple[str, ...]


def is_mail(data: bytes) -> bool:
    """Tell whether the bytes begin with the header of a mail."""
    head = data[:4096].lstrip()
    return not head.startswith(b"BEGIN:") and bool(_HEADER.match(head))


def read_mail(data: bytes, *, source: str, limits: ReaderLimits) -> Mail:
    """Return the calendar parts of a mail.

    Raises InputError for a mail that has none, and for one beyond the limits.
    """
    if len(data) > limits.mail_size:
        raise InputError(
            f"{source}: {len(data):,} bytes are more than a mail is read with "
            f"(at most {limits.mail_size:,}); save the attached invitation (.ics) instead"
        )
    if _is_hostile(data):
        raise InputError(f"{source}: has too many parts; save the attached invitation (.ics)")
    try:
        mail = message_from_bytes(data, policy=policy.compat32)
        return Mail(parts=tuple(_parts(mail, source)), recipients=tuple(_recipients(mail)))
    except (RecursionError, MessageError, LookupError, ValueError, TypeError) as error:
        raise InputError(
            f"{source}: cannot be read as a mail; save the attached invitation (.ics) instead"
        ) from error


def _is_hostile(data: bytes) -> bool:
    """Tell whether the mail would keep the parser busy for long."""
    return (
        data.count(b"\n") > _MOST_LINES
        or data.count(b"\n--") > _MOST_BOUNDARIES
        or any(len(match[0]) > _LONGEST_KIND for match in _KIND.finditer(data))
    )


def _parts(mail: Message, source: str) -> list[MailPart]:
    found, packed = [], False
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            break
        packed = packed or part.get_content_type() in _TNEF
        if not part.is_multipart() and (data := _calendar(part)):
            found.append(MailPart(data=data, charset=part.get_content_charset()))
    if found:
        return found
    if packed:
        raise InputError(
            f"{source}: the invitation is packed into winmail.dat; ask for it as .ics, or type it "
            "with `afterword add`"
        )
    raise InputError(f"{source}: has no invitation in it; type it with `afterword add`")


def _calendar(part: Message) -> bytes | None:
    kind = part.get_content_type()
    name = (part.get_filename() or "").casefold()
    is_calendar = kind in _TYPES or name.endswith((".ics", ".vcs"))
    if not is_calendar and kind != "text/plain":
        return None
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return None
    return data if is_calendar or data.lstrip().startswith(_BEGIN) else None


def _recipients(mail: Message) -> Iterator[str]:
    for name in ("Delivered-To", "X-Original-To", "To"):
        written = [str(value)[:_LONGEST_HEADER] for value in mail.get_all(name, [])][:5]
        for _, address in getaddresses(written):
            if "@" in address:
                yield address


def read_invitations(
    data: bytes,
    *,
    source: str,
    me: Collection[str],
    employer_zone: ZoneInfo | None,
    at: dt.datetime | None,
    limits: ReaderLimits,
) -> InvitationReading:
    """Return what `afterword.formats.invitation.read` says; the parameters are the same."""
    source = clean_line(source)
    told = ReaderHints(me=tuple(me), employer_zone=employer_zone, at=at)
    if not is_mail(data):
        versions, notices = parse_events(data, source=source, told=told, limits=limits)
        return build_invitations(
            versions, source=source, told=told, most=limits.events, notices=notices
        )
    mail = read_mail(data, source=source, limits=limits)
    told = ReaderHints(me=tuple(me), hints=mail.recipients, employer_zone=employer_zone, at=at)
    versions, notices = _versions_in_mail(mail, source=source, told=told, limits=limits)
    return build_invitations(
        versions, source=source, told=told, most=limits.events, notices=notices
    )


def _versions_in_mail(
    mail: Mail, *, source: str, told: ReaderHints, limits: ReaderLimits
) -> tuple[list[EventRevision], tuple[str, ...]]:
    """Return the events of all parts; senders attach what they also send inline.

    Raises InputError where no part can be read.
    """
    found: list[EventRevision] = []
    notices: dict[str, None] = {}
    errors = []
    for part in mail.parts:
        try:
            versions, odd = parse_events(
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


def read_invitation(
    data: bytes,
    *,
    source: str,
    me: Collection[str] = (),
    employer_zone: ZoneInfo | None = None,
    at: dt.datetime | None = None,
    limits: ReaderLimits | None = None,
) -> InvitationReading:
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
    return read_invitations(
        data,
        source=source,
        me=me,
        employer_zone=employer_zone,
        at=at,
        limits=limits or ReaderLimits(),
    )
