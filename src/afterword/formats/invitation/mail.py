"""The calendar parts of a mail (RFC 5322, MIME): found wherever senders put them, and decoded.

The older of the two policies of the standard library reads them: the newer one
takes seconds and gives up on a header of a few thousand parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

import attrs

from afterword.errors import InputError
from afterword.formats.invitation.values import Limits

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
class Part:
    """One calendar part of a mail, its transfer encoding undone; `charset` is what it declares."""

    data: bytes
    charset: str | None


@attrs.frozen(kw_only=True)
class Mail:
    """The calendar parts of a mail, and the addresses that it came to."""

    parts: tuple[Part, ...]
    recipients: tuple[str, ...]


def is_mail(data: bytes) -> bool:
    """Tell whether the bytes begin with the header of a mail."""
    head = data[:4096].lstrip()
    return not head.startswith(b"BEGIN:") and bool(_HEADER.match(head))


def read_mail(data: bytes, *, source: str, limits: Limits) -> Mail:
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


def _parts(mail: Message, source: str) -> list[Part]:
    found, packed = [], False
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            break
        packed = packed or part.get_content_type() in _TNEF
        if not part.is_multipart() and (data := _calendar(part)):
            found.append(Part(data=data, charset=part.get_content_charset()))
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
