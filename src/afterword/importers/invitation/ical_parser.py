"""Bytes of a calendar to text: its size, its character set, and what is no calendar at all.

Text to logical content lines (RFC 5545 3.1), with what senders get wrong put right.

Lines end in CRLF, LF or CR CR LF; folds begin with a blank or a tab; a text
value with raw line breaks in it runs on over the lines that are no property.

Logical lines to a tree of components (RFC 5545 3.4), bounded, and forgiving where it is safe.

The tree is ours and not the library's, because the library loses what matters
here: it makes an unknown zone a naive time, keeps one zone definition for all
later files, takes a file cut in the middle for an empty one, and gives up a
whole calendar for one line. Its grammar of a content line is used as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import attrs
from icalendar.parser import Contentline

from afterword.domain.sanitize import clean
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.importers.invitation.invitation_model import ReaderLimits

_UNREADABLE = (
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"%PDF", "is a PDF; import the invitation's .ics or the mail (.eml) instead"),
    (b"\xd0\xcf\x11\xe0", "is an Outlook message (.msg); save the meeting as .ics instead"),
    (b"\x78\x9f\x3e\x22", "is a winmail.dat; ask for the invitation as .ics"),
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)


def decode_calendar(
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
    text, notices = decode_text(data, charset)
    if _HTML.match(text):
        raise InputError(f"{source}: is a web page; download the .ics file that it links to")
    return text, notices


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


_MOST_VALUES = 200
_MOST_NOTICES = 5
_LONGEST_LINE = 100_000
# Windows writes zone names with colons and commas, often without the quotes.
_DATE_LINE = re.compile(
    r"(?P<name>[^;:]+)(?P<params>;.*?)?:\s*"
    r"(?P<value>[\d-]{8,10}(?:[T ][\d:]{4,8}(?:\.\d+)?(?:Z|[+-][\d:]{4,5})?)?)\s*",
    re.IGNORECASE | re.ASCII,
)
_TZID = re.compile(r"(;\s*TZID\s*=\s*)([^\";]+)", re.IGNORECASE)


@attrs.frozen
class Property:
    """One property: its value with the escapes of TEXT undone, and its parameters."""

    value: str
    params: dict[str, str]


@attrs.define(eq=False)
class Component:
    """One component: its lines by property name, and the components within it."""

    name: str
    lines: dict[str, list[Line]] = attrs.Factory(dict)
    blocks: list[Component] = attrs.Factory(list)
    _read: dict[str, list[Property]] = attrs.Factory(dict)

    def all(self, name: str) -> list[Property]:
        """Return the properties of that name; those that cannot be read are left out."""
        if name not in self._read:
            lines = self.lines.get(name, [])[:_MOST_VALUES]
            self._read[name] = [found for found in map(_property, lines) if found]
        return self._read[name]

    def first(self, *names: str) -> Property | None:
        """Return the first property that has one of the names and a value, in their order."""
        found = itertools.chain.from_iterable(map(self.all, names))
        return next((it for it in found if it.value.strip()), None)

    def text(self, *names: str) -> str:
        """Return the value of the first such property, or nothing."""
        found = self.first(*names)
        return found.value.strip() if found else ""

    def within(self, name: str) -> list[Component]:
        """Return the components of that name directly within this one."""
        return [block for block in self.blocks if block.name == name]


def parse_calendar(
    lines: Iterable[Line], *, source: str, limits: ReaderLimits
) -> tuple[Component, tuple[str, ...]]:
    """Return a nameless block that holds the file's components, and what is odd about them.

    Raises InputError where an event is cut off, and beyond the limits.
    """
    root = Component("")
    open_blocks, events = [root], 0
    notices: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            name = line.text.partition(":")[2].strip().upper()
            events += name == "VEVENT"
            _check(events, len(open_blocks), source, limits)
            block = Component(name)
            open_blocks[-1].blocks.append(block)
            open_blocks.append(block)
        elif line.name == "END":
            notices += _close(open_blocks, line)
        else:
            open_blocks[-1].lines.setdefault(line.name, []).append(line)
    if any(block.name == "VEVENT" for block in open_blocks):
        raise InputError(
            f"{source}: ends in the middle of an event, so a part of it is missing; save it again"
        )
    if len(open_blocks) > 1:
        notices.append("the file ends early: check that no interview is missing")
    return root, tuple(notices[:_MOST_NOTICES])


def _check(events: int, depth: int, source: str, limits: ReaderLimits) -> None:
    if events > limits.events:
        raise InputError(
            f"{source}: holds more than {limits.events} events, so it is a whole calendar; "
            "save the interview's event as a file of its own"
        )
    if depth > limits.depth:
        raise InputError(f"{source}: its components are nested more than {limits.depth} deep")


def _close(open_blocks: list[Component], line: Line) -> Iterator[str]:
    name = line.text.partition(":")[2].strip().upper()
    if len(open_blocks) == 1:
        yield f"line {line.number}: END:{clean(name)[:40]} closes nothing"
        return
    names = [block.name for block in open_blocks]
    if names[-1] != name:
        yield f"line {line.number}: {names[-1]} is closed by END:{clean(name)[:40]}"
    # An outer component's end closes what was left open within it.
    at = len(names) - 1 - names[::-1].index(name) if name in names[1:] else len(names) - 1
    del open_blocks[at:]


def _property(line: Line) -> Property | None:
    text = clean(line.text[:_LONGEST_LINE]).replace("\n", " ")
    if line.name in {"DTSTART", "DTEND", "RECURRENCE-ID"}:
        text = _with_quoted_zone(text)
    try:
        _, params, value = Contentline(text).parts()
    except ValueError:
        return None
    return Property(
        value, {k.upper(): ",".join(v) if isinstance(v, list) else v for k, v in params.items()}
    )


def _with_quoted_zone(text: str) -> str:
    if not (match := _DATE_LINE.fullmatch(text)):
        return text
    params = _TZID.sub(r'\1"\2"', match["params"] or "")
    return f"{match['name']}{params}:{match['value']}"
