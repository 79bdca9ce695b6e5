"""Bytes of a calendar to text: size, character set, and what is no calendar at all.

A strict reading comes first, so that no name is damaged silently: UTF-16 by its
mark or its zeros, then UTF-8, and only then the Western European set of
Windows, which is said.
"""

from __future__ import annotations

import re

from afterword.errors import InputError

_UNREADABLE = (
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"%PDF", "is a PDF; import the invitation's .ics or the mail (.eml) instead"),
    (b"\xd0\xcf\x11\xe0", "is an Outlook message (.msg); save the meeting as .ics instead"),
    (b"\x78\x9f\x3e\x22", "is a winmail.dat; ask for the invitation as .ics"),
)
_UTF16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"B\0", "utf-16-le"))
_UTF16_BIG_ENDIAN = (b"\0B", "utf-16-be")
# Others either mean "some Latin set, or so they say" or are no character sets.
_TRUSTED = re.compile(
    r"utf-?16|utf-?32|iso-2022|shift|sjis|cp932|euc|gb|big5|koi8"
    r"|iso-?8859-?(?:[2-9]|1[0-46])\b|(?:windows-|cp)(?:125[013-8]|874)",
    re.IGNORECASE,
)
_NOT_UTF8 = (
    "its characters are not UTF-8 and were read as Western European (Windows-1252); check the names"
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)


def decode(
    data: bytes, *, source: str, size: int, charset: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Return the text and what had to be assumed about it.

    `charset` is what a mail declares; a Latin one is believed only where the
    bytes are not UTF-8, because senders declare it out of habit.

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
    text, notices = _text(data, charset)
    if _HTML.match(text):
        raise InputError(f"{source}: is a web page; download the .ics file that it links to")
    return text, notices


def _text(data: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in (*_UTF16, _UTF16_BIG_ENDIAN):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), ()
    declared = [charset] if charset and _TRUSTED.match(charset) else []
    for encoding in (*declared, "utf-8-sig"):
        try:
            return data.decode(encoding), ()
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", "replace"), (_NOT_UTF8,)
