"""Clean texts of control characters, and derive ids and plurals from them.

Every imported or typed text passes here once. Control characters break
terminals, iCalendar files and CalDAV reports: one U+FFFE in a title makes the
XML of a whole calendar unreadable.
"""

from __future__ import annotations

import re

# Forbidden are C0, DEL and C1, lone surrogates, and the noncharacters that XML
# and most parsers refuse. TAB and LF stay; CR, VT, FF, FS.., NEL and the Unicode
# line separators are replaced by line ends or spaces before. Patterns are compiled
# (and kept by `re`) where they are needed, which most runs do not.
_LINE_ENDS = "\r\n?|[\u0085\u2028\u2029]"
_SPACES = "[\x0b\x0c\x1c-\x1f]"
_NONCHARACTERS = "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
_FORBIDDEN = f"[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff{_NONCHARACTERS}]"
# Bidirectional controls would reorder the rest of a terminal line.
_BIDI = "[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]"
_ANSI = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"


def clean(text: str) -> str:
    """Return the text without control characters and terminal escapes, line ends as LF.

    Cleaning a cleaned text changes nothing.
    """
    if text.isprintable():
        return text
    # Most texts are printable but for their line ends, and need no regular expression; most of
    # their characters are ASCII, which is deleted much quicker than looked up.
    rest = text.encode(errors="surrogatepass").translate(None, _PLAIN)
    if rest.decode(errors="surrogatepass").isprintable():
        return text
    text = re.sub(_ANSI, "", text)
    text = re.sub(_SPACES, " ", re.sub(_LINE_ENDS, "\n", text))
    return re.sub(_FORBIDDEN, "", text)


def clean_line(text: str) -> str:
    """Return the cleaned text as a single line, with white space reduced to single blanks."""
    return " ".join(clean(text).split())


def for_terminal(text: str) -> str:
    """Return the cleaned text without bidirectional controls, for a terminal."""
    return text if text.isprintable() else re.sub(_BIDI, "", clean(text))


def shell_word(text: str) -> str:
    """Return the text as a word of a shell command in a message, quoted if need be."""
    import shlex

    return for_terminal(shlex.quote(text))


def slug(text: str) -> str:
    """Return lower-case ASCII words joined by `-`, for ids and file names; it may be empty."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", folded))[:64].strip("-")


def pluralize(number: int, noun: str) -> str:
    """Return a number with its noun, as "1 event" or "1,200 events"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
