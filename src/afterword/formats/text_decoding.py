"""Bytes of a text file to text, whichever character set some program wrote it in.

A strict reading comes first, so that no name is damaged silently: UTF-16 by its
mark or its zeros, then UTF-8, and only then the Western European set of
Windows, which is said.
"""

from __future__ import annotations

import re

NOT_UTF8 = (
    "its characters are not UTF-8 and were read as Western European (Windows-1252); check the names"
)
"""What is said of a text that was read by the last resort."""

# Others either mean "some Latin set, or so they say" or are no character sets.
_TRUSTED = re.compile(
    r"utf-?16|utf-?32|iso-2022|shift|sjis|cp932|euc|gb|big5|koi8"
    r"|iso-?8859-?(?:[2-9]|1[0-46])\b|(?:windows-|cp)(?:125[013-8]|874)",
    re.IGNORECASE,
)
_SAMPLE = 400
# In a Latin text nearly every second byte of UTF-16 is zero.
_MANY = 0.4


def decode_text(data: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text and what had to be assumed about it.

    `charset` is what somebody declares; a Latin one is believed only where the
    bytes are not UTF-8, because senders declare it out of habit.
    """
    if wide := _utf16(data):
        return data.decode(wide, "replace"), ()
    declared = [charset] if charset and _TRUSTED.match(charset) else []
    for encoding in (*declared, "utf-8-sig"):
        try:
            return data.decode(encoding), ()
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", "replace"), (NOT_UTF8,)


def _utf16(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2], sample[1 - first :: 2]
        if zeros.count(0) > _MANY * len(zeros) and not others.count(0):
            return encoding
    return None
