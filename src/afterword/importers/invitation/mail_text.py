"""Read the text of a mail: its plain text, or the text of its HTML; no headers, no attachments."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.importers.invitation.html_text import mail_to_plain_text
from afterword.importers.invitation.mail_reader import (
    is_mail,
    is_too_complex,
    split_mailbox,
    without_frame,
)

_MAX_DEPTH = 20
_ALTERNATIVE = "multipart/alternative"
# A pasted text may begin with a subject or a receiver; a mail program adds these.
_PROGRAM_HEADERS = ("MIME-Version", "Message-ID", "Received", "Content-Type", "Return-Path")


def is_saved_mail(data: bytes) -> bool:
    """True if the bytes are a mail as a mail program saves it, rather than a pasted text."""
    if not is_mail(data) or is_too_complex(data):
        return False
    mail = message_from_bytes(without_frame(data), policy=policy.compat32)
    return any(name in mail for name in _PROGRAM_HEADERS) or ("From" in mail and "Date" in mail)


def read_mail_text(data: bytes, *, source: str) -> str:
    """Return the text of a mail. Raises InputError if it has none, or for several mails."""
    advice = "paste its text into a .txt file instead"
    if is_too_complex(data):
        raise InputError(f"{source}: has too many parts; {advice}")
    mails = split_mailbox(without_frame(data))
    if len(mails) > 1:
        raise InputError(f"{source}: holds {len(mails)} mails; save the one to check alone")
    try:
        mail = message_from_bytes(mails[0], policy=policy.compat32)
        text = "\n\n".join(_texts(mail))
    except (RecursionError, MessageError, LookupError, ValueError, TypeError) as error:
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
        texts = (list(_texts(each, depth + 1)) for each in payload if isinstance(each, Message))
        readable = [each for each in texts if each]
        if part.get_content_type() == _ALTERNATIVE:
            readable = readable[:1]
        for each in readable:
            yield from each
    elif part.get_content_maintype() == "text" and not _is_attachment(part):
        text = _text_of(part)
        if text.strip():
            yield text


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _text_of(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text, _ = decode_text(data, part.get_content_charset())
    kind = part.get_content_subtype()
    if kind == "html":
        return mail_to_plain_text(text)
    return text if kind == "plain" else ""
