"""Content lines of RFC 5545 3.1: bytes of at most 75 octets a line, and back.

Lines are passed without their line ends. The folds fall where the icalendar
library sets them, but are cut as slices: it walks the text a character at a
time, which is a third of what writing a large calendar costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# 75 with the blank that begins a continuation; the first line keeps to it too.
_OCTETS = 74
# As much as fits, without a backslash or a caret at its end and without half a
# character, while there is more than one line; then the rest.
_SLICES = re.compile(rb"(?=.{75}).{70,73}(?:[^\\^](?![\x80-\xbf])|(?=[\\^]))|.+", re.DOTALL)


def fold(line: bytes) -> bytes:
    """Return the UTF-8 line with CRLF and a blank wherever it is cut.

    No cut falls inside a character or behind a backslash or a caret, which some
    readers would take for an escape that ends there.
    """
    return line if len(line) <= _OCTETS else b"\r\n ".join(_SLICES.findall(line))


def unfold(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content lines of a file's lines, whatever its line ends are."""
    whole: list[bytes] = []
    for line in lines:
        text = line.rstrip(b"\r\n")
        if whole and text[:1] in {b" ", b"\t"}:
            whole.append(text[1:])
            continue
        if whole:
            yield b"".join(whole)
        whole = [text]
    if whole:
        yield b"".join(whole)
