"""Text to logical content lines (RFC 5545 3.1), with what senders get wrong put right.

Lines end in CRLF, LF or CR CR LF; folds begin with a blank or a tab; a text
value with raw line breaks in it runs on over the lines that are no property.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from afterword.errors import InputError

_SEPARATORS = re.compile("[\x85\u2028\u2029]")
_NAME = re.compile(r"\s*([A-Za-z0-9-]+)\s*[;:]")
_TEXTS = {"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "X-ALT-DESC"}
# What may follow a text with raw line breaks; any other "Name: words" is part of it.
_OTHERS = """
    BEGIN END ACTION ATTACH ATTENDEE CALSCALE CATEGORIES CLASS COLOR COMPLETED CONFERENCE CONTACT
    CREATED DTEND DTSTAMP DTSTART DUE DURATION EXDATE EXRULE GEO IMAGE LAST-MODIFIED METHOD NAME
    ORGANIZER PERCENT-COMPLETE PRIORITY PRODID RDATE RECURRENCE-ID REFRESH-INTERVAL RELATED-TO
    REPEAT REQUEST-STATUS RESOURCES RRULE SEQUENCE SOURCE STATUS TRANSP TRIGGER TZID TZNAME
    TZOFFSETFROM TZOFFSETTO TZURL UID URL VERSION
"""
_PROPERTIES = _TEXTS.union(_OTHERS.split())


@attrs.frozen
class Line:
    """One logical line: the number of its first physical line, its property's name, its text."""

    number: int
    name: str
    text: str


def logical_lines(text: str, *, source: str, most: int) -> Iterator[Line]:
    """Yield the logical lines; what is no property and continues none is left out.

    Raises InputError for more than `most` physical lines.
    """
    physical = _physical(text, source)
    if len(physical) > most:
        raise InputError(
            f"{source}: {len(physical):,} lines are more than an invitation has (at most {most:,})"
        )
    number, name, parts = 0, "", [""]
    for here, line in enumerate(physical, start=1):
        if name and line[:1] in {" ", "\t"}:
            parts.append(line[1:])
        elif begun := _begins(line, after=name):
            if name:
                yield Line(number, name, "".join(parts))
            number, name, parts = here, begun, [line.strip()]
        elif name in _TEXTS:
            parts.append("\\n" + line)
    if name:
        yield Line(number, name, "".join(parts))


def _physical(text: str, source: str) -> list[str]:
    # As an escaped line break they stay inside the text that they stand in.
    text = re.sub("\r+\n", "\n", _SEPARATORS.sub(r"\\n", text))
    if "\r" in text and "\n" not in text:
        raise InputError(f"{source}: its lines end in CR alone; save the invitation again")
    return text.replace("\r", " ").split("\n")


def _begins(line: str, *, after: str) -> str | None:
    """Return the name of the property that the line begins, or None."""
    if not (match := _NAME.match(line)):
        return None
    written = match[1]
    name = written.upper()
    if after not in _TEXTS:
        return name
    one_case = written in {name, name.lower()}
    return name if one_case and (name in _PROPERTIES or name.startswith("X-")) else None
