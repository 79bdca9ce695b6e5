"""Bytes of a calendar to text: its size, its character set, and what is no calendar at all."""

from __future__ import annotations

import re

from afterword.errors import InputError
from afterword.formats.charsets import decoded

_UNREADABLE = (
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"%PDF", "is a PDF; import the invitation's .ics or the mail (.eml) instead"),
    (b"\xd0\xcf\x11\xe0", "is an Outlook message (.msg); save the meeting as .ics instead"),
    (b"\x78\x9f\x3e\x22", "is a winmail.dat; ask for the invitation as .ics"),
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)


def decode(
    data: bytes, *, source: str, size: int, charset: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Return the text and what had to be assumed about it; `charset` is what a mail declares.

    Raises InputError for more than `size` bytes and for what is no text.
    """
    if len(data) > size:
        raise InputError(
            f"{source}: {len(data):,} bytes are more than an invitation has (at most {size:,}); "
            "save the one event as a file of its own"
        )
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(f"{source}: is empty; save the invitation again")
    for magic, message in _UNREADABLE:
        if data.startswith(magic):
            raise InputError(f"{source}: {message}")
    text, notices = decoded(data, charset)
    if _HTML.match(text):
        raise InputError(f"{source}: is a web page; download the .ics file that it links to")
    return text, notices
