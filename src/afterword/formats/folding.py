"""Content lines of RFC 5545 3.1: bytes of at most 75 octets a line, and back.

Lines are passed without their line ends. The folds fall where the icalendar
library sets them, but are cut as slices: it walks the text a character at a
time, which is a third of what writing a large calendar costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# 75 with the blank that begins a continuation; the first line keeps to it too.
_OCTETS = 74
_CONTINUATION = 0b1000_0000
_TOP_BITS = 0b1100_0000


def fold(line: bytes) -> bytes:
    """Return the UTF-8 line with CRLF and a blank wherever it is cut.

    No cut falls inside a character or behind a backslash or a caret, which some
    readers would take for an escape that ends there.
    """
    if len(line) <= _OCTETS:
        return line
    slices = []
    start = 0
    while len(line) - start > _OCTETS:
        end = _cut(line, start + _OCTETS)
        slices.append(line[start:end])
        start = end
    slices.append(line[start:])
    return b"\r\n ".join(slices)


def _cut(line: bytes, end: int) -> int:
    while line[end] & _TOP_BITS == _CONTINUATION:
        end -= 1
    return end - 1 if line[end - 1] in b"\\^" else end


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
