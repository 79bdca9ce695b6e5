"""Decode text files of any program: UTF-16, UTF-8, the declared charset, or Windows-1252; JSON.

Strict encodings are tried first, so that no name is garbled silently; the last
resort comes with a warning.
"""

from __future__ import annotations

import json
import re
from typing import Any

NOT_UTF8 = (
    "its characters are not UTF-8 and were read as Western European (Windows-1252); check the names"
)
"""The warning about a text that was decoded as Windows-1252."""

# Charsets that a declaration is trusted for. Senders declare Latin ones out of habit.
_TRUSTED = re.compile(
    r"utf-?16|utf-?32|iso-2022|shift|sjis|cp932|euc|gb|big5|koi8"
    r"|iso-?8859-?(?:[2-9]|1[0-46])\b|(?:windows-|cp)(?:125[013-8]|874)",
    re.IGNORECASE,
)
_SAMPLE = 400
# In UTF-16 nearly every second byte of a Latin text is zero.
_ZERO_SHARE = 0.4


def decode_text(data: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text and the warnings about it.

    `charset` is the declared one; it is ignored if it is a Latin one.
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


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises ValueError, also where it is nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError:
        # The json module lets this escape; a server's answer of 20 kB is enough for it.
        raise ValueError("nested too deeply") from None


def _utf16(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2], sample[1 - first :: 2]
        if zeros.count(0) > _ZERO_SHARE * len(zeros) and not others.count(0):
            return encoding
    return None
