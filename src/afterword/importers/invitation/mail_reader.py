"""Find the calendar parts of mails, and their text.

A mail is a message, a mailbox with several, or a forwarded mail. Its text is the plain text, or
that of its HTML, without headers and attachments.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

import attrs

from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.importers.invitation.html_text import mail_to_plain_text
from afterword.importers.invitation.invitation_model import ReaderLimits

_CALENDAR_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar"}
_WINMAIL_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_WINMAIL_NAMES = ("winmail.dat", "win.dat")
_WINMAIL_MAGIC = b"\x78\x9f\x3e\x22"
_WINMAIL_ONLY = (
    "the invitation is packed into winmail.dat; ask for it as .ics, or type it with `afterword add`"
)
_NO_INVITATION = "has no invitation in it; type it with `afterword add`"
_MAIL_SUFFIXES = (".eml", ".emlx")
# Apple Mail writes the length of the message before it, and its own data behind it.
_EMLX_LENGTH = re.compile(rb"(\d{1,9})[ \t]*\r?\n")
_MBOX_LINE = re.compile(rb"^From [^\r\n]{1,300}\r?\n(?=[!-9;-~]{1,100}:)", re.MULTILINE)
_MBOX_QUOTE = re.compile(rb"^>(>*From )", re.MULTILINE)
# The fields that tell a mail from other "Name: value" lines.
_MAIL_FIELDS = {
    *(b"from", b"to", b"date", b"subject", b"received", b"mime-version", b"content-type"),
    *(b"return-path", b"message-id"),
}
_FIELD_NAME = re.compile(rb"[!-9;-~]+")
_CONTENT_HEADER = re.compile(
    rb"^content-[a-z]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_BEGIN = b"BEGIN:VCALENDAR"
_HEAD = 4096
_MAX_LINES = 200_000
_MAX_BOUNDARIES = 2_000
_MAX_PARTS = 200
_MAX_HEADER_LENGTH = 2_000
_MAX_CONTENT_HEADER_LENGTH = 10_000
_MAX_MAILS = 200
_MAX_FORWARDS = 3
_MAX_DEPTH = 20
_PARSER_ERRORS = (RecursionError, MessageError, LookupError, ValueError, TypeError)
# A pasted text may begin with a subject or a receiver; a mail program adds these.
_PROGRAM_HEADERS = ("MIME-Version", "Message-ID", "Received", "Content-Type", "Return-Path")


@attrs.frozen(kw_only=True)
class MailPart:
    """A calendar part of a mail, decoded from its transfer encoding; `charset` is declared."""

    data: bytes
    charset: str | None = None


@attrs.frozen(kw_only=True)
class Mail:
    """The calendar parts of a mail, and the addresses that it was sent to."""

    parts: tuple[MailPart, ...]
    recipients: tuple[str, ...] = ()


def is_mail(data: bytes) -> bool:
    """True if the bytes begin with the header of a mail (RFC 5322)."""
    head = _without_frame(data[:_HEAD])
    if head.startswith(b"BEGIN:"):
        return False
    # A pattern for all lines at once would try each line break in two ways.
    for number, line in enumerate(head.split(b"\n")):
        name, colon, _ = line.partition(b":")
        name = name.rstrip(b" \t")
        if number == 0 and line.startswith(b"From "):
            continue
        if number > 0 and line[:1] in {b" ", b"\t"}:
            continue
        if not colon or not _FIELD_NAME.fullmatch(name):
            return False
        if name.lower() in _MAIL_FIELDS:
            return True
    return False


def read_mail(data: bytes, *, source: str, limits: ReaderLimits) -> Mail:
    """Return the calendar parts of a mail (MIME), or of all mails in a mailbox (mbox).

    Raises InputError where there is none, and beyond the limits.
    """
    if len(data) > limits.mail_size:
        raise InputError(
            f"{source}: {len(data):,} bytes are more than a mail is read with "
            f"(at most {limits.mail_size:,}); save the attached invitation (.ics) instead"
        )
    if _is_too_complex(data):
        raise InputError(f"{source}: has too many parts; save the attached invitation (.ics)")
    messages = _split_mailbox(_without_frame(data))
    if len(messages) > _MAX_MAILS:
        raise InputError(
            f"{source}: holds {len(messages)} mails, which is a whole mailbox; save the mail with "
            "the invitation alone"
        )
    try:
        walks = [_Walk() for _ in messages]
        for walk, message in zip(walks, messages, strict=True):
            walk.visit(message)
    except _PARSER_ERRORS as error:
        raise InputError(
            f"{source}: cannot be read as a mail; save the attached invitation (.ics) instead"
        ) from error
    parts = tuple(part for walk in walks for part in walk.parts)
    if not parts:
        has_winmail = any(walk.has_winmail for walk in walks)
        raise InputError(f"{source}: {_WINMAIL_ONLY if has_winmail else _NO_INVITATION}")
    # Only the mails with an invitation say who was invited.
    recipients = (address for walk in walks if walk.parts for address in walk.recipients)
    return Mail(parts=parts, recipients=tuple(dict.fromkeys(recipients)))


@attrs.define
class _Walk:
    """Collects the calendar parts of a mail, and of mails forwarded in it."""

    parts: list[MailPart] = attrs.Factory(list)
    recipients: list[str] = attrs.Factory(list)
    has_winmail: bool = False

    def visit(self, data: bytes, *, depth: int = 0) -> None:
        """Collect the parts of a mail."""
        if depth and _is_too_complex(data):
            raise ValueError("a forwarded mail has too many parts")
        # The newer policy takes seconds for a header with thousands of parameters.
        mail = message_from_bytes(data, policy=policy.compat32)
        self.recipients += _recipients(mail)
        for part in itertools.islice(mail.walk(), _MAX_PARTS):
            if part.get_content_type() == "message/rfc822":
                # Such a part has no transfer encoding; where it has, its text is the encoded mail.
                if (inner := _encoded_mail(part)) and depth < _MAX_FORWARDS:
                    self.visit(inner, depth=depth + 1)
            elif not part.is_multipart():
                self._visit_leaf(part, depth)

    def _visit_leaf(self, part: Message, depth: int) -> None:
        name = (part.get_filename() or "").casefold()
        content_type = part.get_content_type()
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            return
        if (
            content_type in _WINMAIL_TYPES
            or name in _WINMAIL_NAMES
            or data.startswith(_WINMAIL_MAGIC)
        ):
            self.has_winmail = True
        elif _is_calendar(data, content_type, name):
            self.parts.append(MailPart(data=data, charset=part.get_content_charset()))
        elif (
            (name.endswith(_MAIL_SUFFIXES) or content_type == "application/octet-stream")
            and depth < _MAX_FORWARDS
            and is_mail(data)
        ):
            self.visit(_without_frame(data), depth=depth + 1)


def _is_calendar(data: bytes, content_type: str, name: str) -> bool:
    if content_type in _CALENDAR_TYPES or name.endswith((".ics", ".vcs", ".ical", ".ifb")):
        return True
    # The head alone: a mail has many attachments that are none.
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    return content_type != "text/html" and head[: len(_BEGIN)].upper() == _BEGIN


def _encoded_mail(part: Message) -> bytes | None:
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().casefold()
    payload = part.get_payload()
    if encoding not in {"base64", "quoted-printable"} or not isinstance(payload, list):
        return None
    text = payload[0].as_bytes().strip() if payload and isinstance(payload[0], Message) else b""
    try:
        data = base64.b64decode(text) if encoding == "base64" else binascii.a2b_qp(text)
    except (binascii.Error, ValueError):
        return None
    return data if is_mail(data) else None


def _without_frame(data: bytes) -> bytes:
    """Return the message without the lines of a mail program or an editor before it."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if match := _EMLX_LENGTH.match(data):
        data = data[match.end() : match.end() + int(match[1])].lstrip()
    return data.partition(b"\n")[2] if data.startswith(b">From ") else data


def _split_mailbox(data: bytes) -> list[bytes]:
    """Return the mails of a mailbox file (mbox); other data is a single mail."""
    if not _MBOX_LINE.match(data.lstrip()):
        return [data]
    starts = list(_MBOX_LINE.finditer(data))
    ends = [*(match.start() for match in starts[1:]), len(data)]
    return [
        _MBOX_QUOTE.sub(rb"\1", data[match.end() : end])
        for match, end in zip(starts, ends, strict=True)
    ]


def _is_too_complex(data: bytes) -> bool:
    """True if the mail would keep the parser busy for long."""
    return (
        data.count(b"\n") > _MAX_LINES
        or data.count(b"\n--") > _MAX_BOUNDARIES
        or any(len(m[0]) > _MAX_CONTENT_HEADER_LENGTH for m in _CONTENT_HEADER.finditer(data))
    )


def _recipients(mail: Message) -> Iterator[str]:
    for name in ("Delivered-To", "X-Original-To", "To"):
        values = [str(value)[:_MAX_HEADER_LENGTH] for value in mail.get_all(name, [])][:5]
        for _, address in getaddresses(values):
            if "@" in address:
                yield address


def is_saved_mail(data: bytes) -> bool:
    """True if the bytes are a mail as a mail program saves it, rather than a pasted text."""
    if not is_mail(data) or _is_too_complex(data):
        return False
    mail = message_from_bytes(_without_frame(data), policy=policy.compat32)
    return any(name in mail for name in _PROGRAM_HEADERS) or ("From" in mail and "Date" in mail)


def read_mail_text(data: bytes, *, source: str) -> str:
    """Return the text of a mail. Raises InputError if it has none, or for several mails."""
    advice = "paste its text into a .txt file instead"
    if _is_too_complex(data):
        raise InputError(f"{source}: has too many parts; {advice}")
    mails = _split_mailbox(_without_frame(data))
    if len(mails) > 1:
        raise InputError(f"{source}: holds {len(mails)} mails; save the one to check alone")
    try:
        mail = message_from_bytes(mails[0], policy=policy.compat32)
        text = "\n\n".join(_texts(mail))
    except _PARSER_ERRORS as error:
        raise InputError(f"{source}: cannot be read as a mail; {advice}") from error
    if not text.strip():
        raise InputError(f"{source}: has no text in it; {advice}")
    return text


def _texts(part: Message, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a part in their order, without those of attachments."""
    payload = part.get_payload()
    if part.get_content_maintype() == "message" or depth > _MAX_DEPTH:
        return
    if isinstance(payload, list):
        for each in payload:
            texts = list(_texts(each, depth + 1)) if isinstance(each, Message) else []
            yield from texts
            if texts and part.get_content_type() == "multipart/alternative":
                return
    elif part.get_content_disposition() != "attachment" and not part.get_filename():
        text = _text_of(part)
        if text.strip():
            yield text


def _text_of(part: Message) -> str:
    data = part.get_payload(decode=True)
    kind = part.get_content_type()
    if not isinstance(data, bytes) or kind not in {"text/plain", "text/html"}:
        return ""
    text, _ = decode_text(data, part.get_content_charset())
    return mail_to_plain_text(text) if kind == "text/html" else text
