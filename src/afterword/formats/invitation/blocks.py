"""Logical lines to a tree of components (RFC 5545 3.4), bounded, and forgiving where it is safe.

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

from afterword.core.text import clean
from afterword.errors import InputError
from afterword.formats.invitation.lines import Line
from afterword.formats.invitation.values import Limits

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
class Block:
    """One component: its lines by property name, and the components within it."""

    name: str
    lines: dict[str, list[Line]] = attrs.Factory(dict)
    blocks: list[Block] = attrs.Factory(list)
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

    def within(self, name: str) -> list[Block]:
        """Return the components of that name directly within this one."""
        return [block for block in self.blocks if block.name == name]


def parse(lines: Iterable[Line], *, source: str, limits: Limits) -> tuple[Block, tuple[str, ...]]:
    """Return a nameless block that holds the file's components, and what is odd about them.

    Raises InputError where an event is cut off, and beyond the limits.
    """
    root = Block("")
    open_blocks, events = [root], 0
    notices: list[str] = []
    for line in lines:
        if line.name == "BEGIN":
            name = line.text.partition(":")[2].strip().upper()
            events += name == "VEVENT"
            _check(events, len(open_blocks), source, limits)
            block = Block(name)
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


def _check(events: int, depth: int, source: str, limits: Limits) -> None:
    if events > limits.events:
        raise InputError(
            f"{source}: holds more than {limits.events} events, so it is a whole calendar; "
            "save the interview's event as a file of its own"
        )
    if depth > limits.depth:
        raise InputError(f"{source}: its components are nested more than {limits.depth} deep")


def _close(open_blocks: list[Block], line: Line) -> Iterator[str]:
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
