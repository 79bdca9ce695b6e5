"""Parse the bytes of a calendar file into a bounded tree of components (RFC 5545 3.1 and 3.4).

The tree is ours because icalendar's loses what matters here: it makes an unknown time zone a naive
time, applies one VTIMEZONE to all later files, reads a truncated file as an empty one, and rejects
a calendar for one bad line, or a line for one bad parameter. Only escapes are undone by icalendar.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.sanitize import clean
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.importers.invitation.invitation_model import ReaderLimits

_OTHER_FORMATS = (
    (b"\x1f\x8b", "is packed with gzip; unpack it first"),
    (b"PK\x03\x04", "is a zip archive; unpack it first"),
    (b"%PDF", "is a PDF; import the invitation's .ics or the mail (.eml) instead"),
    (b"\xd0\xcf\x11\xe0", "is an Outlook message (.msg); save the meeting as .ics instead"),
    (b"\x78\x9f\x3e\x22", "is a winmail.dat; ask for the invitation as .ics"),
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_LINE_SEPARATORS = re.compile("[\x85\u2028\u2029]")
# Only the first CR of a run is tried, so that a run without LF takes no quadratic time.
_LINE_BREAK = re.compile(r"(?<!\r)\r+\n")
_NAME = re.compile(r"\s*([A-Za-z0-9-]+)\s*[;:]")
_TEXT_PROPERTIES = {"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "X-ALT-DESC"}
# The properties that may follow a text with raw line breaks; other "Name: words" are part of it.
_OTHER_PROPERTIES = """
    BEGIN END ACTION ATTACH ATTENDEE CALSCALE CATEGORIES CLASS COLOR COMPLETED CONFERENCE CONTACT
    CREATED DTEND DTSTAMP DTSTART DUE DURATION EXDATE EXRULE GEO IMAGE LAST-MODIFIED METHOD NAME
    ORGANIZER PERCENT-COMPLETE PRIORITY PRODID RDATE RECURRENCE-ID REFRESH-INTERVAL RELATED-TO
    REPEAT REQUEST-STATUS RESOURCES RRULE SEQUENCE SOURCE STATUS TRANSP TRIGGER TZID TZNAME
    TZOFFSETFROM TZOFFSETTO TZURL UID URL VERSION
"""
_PROPERTIES = _TEXT_PROPERTIES.union(_OTHER_PROPERTIES.split())
_MAX_VALUES = 200
_MAX_NOTICES = 5
_MAX_LINE_LENGTH = 100_000
# Names of zones and of people contain colons, often without the quotes that those require.
# A possessive quantifier (*+) never tries a long line again.
_UNQUOTED = r'[^":]*+(?:"[^"]*+"[^":]*+)*+'
_ADDRESS = r'\s*+(?:mailto:\s*+[^\s:"]*+|[^\s:"]*+|(?!mailto:)[a-z][a-z0-9+.-]*+:[^\s"@]*+)\s*+'
_DATE_TIME = r"[\d-]{8,10}(?:[T ][\d:]{4,8}(?:\.\d{1,9})?(?:Z|[+-][\d:]{3,5})?)?"
_BEFORE_ADDRESS = (
    re.compile(rf"{_UNQUOTED}(?=:{_ADDRESS}$)", re.IGNORECASE),
    re.compile(r".*(?=:mailto:)", re.IGNORECASE),
    re.compile(r".*(?=:)"),
)
_BEFORE_TIME = (re.compile(rf'.*?(?=:\s*{_DATE_TIME}\s*+"?\s*+$)', re.IGNORECASE | re.ASCII),)
_BEFORE_VALUE = (re.compile(rf"{_UNQUOTED}(?=:)"), re.compile(r"[^:]*"))
_BEFORE = {
    **dict.fromkeys(("ATTENDEE", "ORGANIZER"), _BEFORE_ADDRESS),
    **dict.fromkeys(("DTSTART", "DTEND", "RECURRENCE-ID"), _BEFORE_TIME),
}
_PARAMETER = re.compile(
    r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"(?=\s*(?:;|$))|.*?(?=;\s*[A-Za-z0-9-]+\s*=|$))'
)
_ESCAPED = re.compile(r"\\([\\,;:])")
_MAX_PARAMETERS = 50


@attrs.frozen
class ContentLine:
    """An unfolded line: the number of its first physical line, its property name, its text."""

    number: int
    name: str
    text: str


@attrs.frozen
class Property:
    """A property: its value with the escapes of TEXT undone, and its parameters."""

    value: str
    params: dict[str, str]


@attrs.define(eq=False)
class Component:
    """A component: its content lines by property name, and the components inside it."""

    name: str
    lines: dict[str, list[ContentLine]] = attrs.Factory(dict)
    components: list[Component] = attrs.Factory(list)
    _parsed: dict[str, list[Property]] = attrs.Factory(dict)

    def properties(self, name: str) -> list[Property]:
        """Return the properties of that name."""
        if name not in self._parsed:
            lines = self.lines.get(name, [])[:_MAX_VALUES]
            self._parsed[name] = list(map(_parse_property, lines))
        return self._parsed[name]

    def first(self, *names: str) -> Property | None:
        """Return the first property with a value, the names in order of preference."""
        for name in names:
            for candidate in self.properties(name):
                if candidate.value.strip():
                    return candidate
        return None

    def text(self, *names: str) -> str:
        """Return the value of the first such property, "" if there is none."""
        first = self.first(*names)
        return first.value.strip() if first else ""

    def subcomponents(self, name: str) -> list[Component]:
        """Return the components of that name directly inside."""
        return [component for component in self.components if component.name == name]


def decode_calendar(
    data: bytes, *, source: str, size: int, charset: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Return the text and notices about its encoding; `charset` is declared by a mail.

    Raises InputError for more than `size` bytes and for other formats.
    """
    if len(data) > size:
        raise InputError(
            f"{source}: {len(data):,} bytes are more than an invitation has (at most {size:,}); "
            "save the one event as a file of its own"
        )
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(f"{source}: is empty; save the invitation again")
    for magic, message in _OTHER_FORMATS:
        if data.startswith(magic):
            raise InputError(f"{source}: {message}")
    text, notices = decode_text(data, charset)
    if _HTML.match(text):
        raise InputError(f"{source}: is a web page; download the .ics file that it links to")
    return text, notices


def logical_lines(text: str, *, source: str, max_lines: int) -> Iterator[ContentLine]:
    """Yield the unfolded content lines; a text with raw line breaks makes a single line.

    Lines may end in CRLF, LF or CR CR LF. Lines that are no property are left out.

    Raises InputError for more than `max_lines` physical lines.
    """
    physical = _physical_lines(text, source)
    if len(physical) > max_lines:
        raise InputError(
            f"{source}: {len(physical):,} lines are more than an invitation has "
            f"(at most {max_lines:,})"
        )
    first, name, parts = 0, "", [""]
    for number, line in _unfold(physical):
        if new_name := _property_name(line, after=name):
            if name:
                yield ContentLine(first, name, "".join(parts))
            first, name, parts = number, new_name, [line.strip()]
        elif name in _TEXT_PROPERTIES:
            parts.append("\\n" + line)
    if name:
        yield ContentLine(first, name, "".join(parts))


def _unfold(physical: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with its folds, which may split even a name, and its number."""
    first, parts = 1, [""]
    for number, line in enumerate(physical, start=1):
        if number > 1 and line[:1] in {" ", "\t"}:
            parts.append(line[1:])
            continue
        yield first, "".join(parts)
        first, parts = number, [line]
    yield first, "".join(parts)


def _physical_lines(text: str, source: str) -> list[str]:
    # As escaped line breaks, Unicode separators stay inside their property.
    text = _LINE_BREAK.sub("\n", _LINE_SEPARATORS.sub(r"\\n", text))
    if "\r" in text and "\n" not in text:
        raise InputError(f"{source}: its lines end in CR alone; save the invitation again")
    return text.replace("\r", " ").split("\n")


def _property_name(line: str, *, after: str) -> str | None:
    """Return the name of the property that begins with the line, or None."""
    if not (match := _NAME.match(line)):
        return None
    name = match[1].upper()
    if after not in _TEXT_PROPERTIES:
        return name
    has_single_case = match[1] in {name, name.lower()}
    return name if has_single_case and (name in _PROPERTIES or name.startswith("X-")) else None


def parse_calendar(
    lines: Iterable[ContentLine], *, source: str, limits: ReaderLimits
) -> tuple[Component, tuple[str, ...]]:
    """Return a nameless root with the file's components, and notices about their structure.

    Raises InputError for a truncated event, and beyond the limits.
    """
    root = Component("")
    open_components, events = [root], 0
    notices: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            component = Component(_component_name(line))
            events += component.name == "VEVENT"
            _check_limits(events, len(open_components), source, limits)
            open_components[-1].components.append(component)
            open_components.append(component)
        elif line.name == "END":
            notices += _close(open_components, line)
        else:
            open_components[-1].lines.setdefault(line.name, []).append(line)
    if any(component.name == "VEVENT" for component in open_components):
        raise InputError(
            f"{source}: ends in the middle of an event, so a part of it is missing; save it again"
        )
    if len(open_components) > 1:
        notices.append("the file ends early: check that no interview is missing")
    return root, tuple(notices[:_MAX_NOTICES])


def _component_name(line: ContentLine) -> str:
    return line.text.partition(":")[2].strip().upper()


def _check_limits(events: int, depth: int, source: str, limits: ReaderLimits) -> None:
    if events > limits.events:
        raise InputError(
            f"{source}: holds more than {limits.events} events, so it is a whole calendar; "
            "save the interview's event as a file of its own"
        )
    if depth > limits.depth:
        raise InputError(f"{source}: its components are nested more than {limits.depth} deep")


def _close(open_components: list[Component], line: ContentLine) -> Iterator[str]:
    """Close the component that the END line names, and those left open inside it."""
    name = _component_name(line)
    quoted = clean(name)[:40]
    if len(open_components) == 1:
        yield f"line {line.number}: END:{quoted} closes nothing"
        return
    names = [component.name for component in open_components]
    if names[-1] != name:
        yield f"line {line.number}: {names[-1]} is closed by END:{quoted}"
    at = len(names) - 1 - names[::-1].index(name) if name in names[1:] else len(names) - 1
    del open_components[at:]


def _parse_property(line: ContentLine) -> Property:
    from icalendar.parser import rfc_6868_unescape, unescape_backslash

    text = clean(line.text[:_MAX_LINE_LENGTH]).replace("\n", " ")
    patterns = (*_BEFORE.get(line.name, ()), *_BEFORE_VALUE)
    before = next(filter(None, (pattern.match(text) for pattern in patterns)))
    head, value = before[0], text[before.end() + 1 :]
    if line.name in _BEFORE or head.count('"') % 2:
        # A quote that opens in the parameters may close behind the value.
        value = value.strip().strip('"')
    params = {}
    for match in itertools.islice(_PARAMETER.finditer(head), _MAX_PARAMETERS):
        unquoted = match[2].strip().strip('"').replace('"', "'")
        params[match[1].upper()] = rfc_6868_unescape(_ESCAPED.sub(r"\1", unquoted))
    return Property(unescape_backslash(value), params)
