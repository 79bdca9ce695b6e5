"""Time zones that a calendar file defines itself (VTIMEZONE, RFC 5545 3.6.5).

The rules are bounded before dateutil sees them, and followed only around the year of interest:
Outlook's begin in 1601, and a hostile one could repeat every second.
"""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import attrs
from dateutil.rrule import rrule, rrulestr

from afterword.domain.sanitize import clean
from afterword.importers.invitation.ical_parser import Component

_PART = (
    r"(?:FREQ=YEARLY|INTERVAL=1|COUNT=[1-9]\d?|BYHOUR=\d{1,2}|BYMINUTE=\d{1,2}|BYSECOND=0{1,2}|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}"
    r"|BYSETPOS=-?\d|BYMONTHDAY=-?\d{1,2}(?:,-?\d{1,2}){0,6}|WKST=[A-Z]{2}"
    r"|UNTIL=\d{8}(?:T\d{6})?Z?)"
)
# Without a month, a day of the week occurs fifty times a year.
_RULE = re.compile(
    rf"RRULE:((?=.*FREQ=)(?=(?!.*BYDAY)|.*BYMONTH=){_PART}(?:;{_PART})*);?", re.ASCII
)
_UNTIL = re.compile(r"UNTIL=([^;]+)")
_ONSET = re.compile(r"DTSTART(?:;VALUE=DATE-TIME)?:((?:1[6-9]|2[01])\d{6}(?:T\d{6})?)Z?", re.ASCII)
_OFFSET = re.compile(r"TZOFFSET(?:FROM|TO):([+-](?:0\d|1[0-5]|\d)[0-5]\d(?:\d\d)?)", re.ASCII)
_DATES = re.compile(r"RDATE(?:;VALUE=DATE-TIME)?:(\d{8}T\d{6}Z?(?:,\d{8}T\d{6}Z?)*)", re.ASCII)
# From this leap year to 9999, the last of datetime, the 28-year cycle of weekdays occurs twice.
_LAST_CYCLES = 9944
# Weekdays and leap years repeat every 28 years, or 40 around a year such as 2100.
_LONGEST_CYCLE = 40
_MAX_OBSERVANCES = 200
_MAX_RULES = 20
_MAX_DATES = 500


class InvalidDefinitionError(ValueError):
    """Raised for a definition that is not valid, or not bounded."""


@attrs.frozen(kw_only=True)
class Observance:
    """A STANDARD or DAYLIGHT part: from each of its onsets on, `offset` is the UTC offset.

    Onsets are naive and sorted: wall time on the clock that they end.
    """

    offset: dt.timedelta
    is_standard: bool
    first: dt.datetime
    onsets: tuple[dt.datetime, ...]
    rule: str | None

    def last_onset(self, wall: dt.datetime) -> dt.datetime | None:
        """Return the last onset at or before `wall`."""
        at = bisect.bisect_right(self.onsets, wall)
        listed = self.onsets[at - 1] if at else None
        if not self.rule or not listed:
            return listed
        recurring = _occurrences(self.rule, self.first, wall.year)
        at = bisect.bisect_right(recurring, wall)
        return max(listed, recurring[at - 1]) if at else listed


class _Part(NamedTuple):
    """A STANDARD or DAYLIGHT part: its name, and the texts of its lines by property."""

    name: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@attrs.frozen
class FileTimezone:
    """The clock that a VTIMEZONE defines."""

    observances: tuple[Observance, ...]

    def offset_at(self, wall: dt.datetime) -> dt.timedelta:
        """Return the UTC offset when the clock shows `wall` (naive).

        Before the first onset it is that of the first STANDARD part.
        """
        onsets = [(onset, o) for o in self.observances if (onset := o.last_onset(wall))]
        if onsets:
            return max(onsets, key=lambda pair: pair[0])[1].offset
        first = (o for o in self.observances if o.is_standard)
        return next(first, self.observances[0]).offset


def parse_vtimezone(definition: Component) -> FileTimezone | None:
    """Return the clock that the VTIMEZONE defines, or None where it is not valid."""
    parts = [part for part in definition.components if part.name in {"STANDARD", "DAYLIGHT"}]
    return _parse_clock(tuple(map(_part, parts[:_MAX_OBSERVANCES])))


def _part(component: Component) -> _Part:
    lines = ((name, tuple(line.text for line in of)) for name, of in component.lines.items())
    return _Part(component.name, tuple(lines))


# Many invitations have the same definition, each a copy of it.
@functools.lru_cache(maxsize=64)
def _parse_clock(parts: tuple[_Part, ...]) -> FileTimezone | None:
    try:
        observances = tuple(map(_parse_observance, parts))
    except (ValueError, OverflowError):
        return None
    if not observances or sum(o.rule is not None for o in observances) > _MAX_RULES:
        return None
    return FileTimezone(observances)


def _parse_observance(part: _Part) -> Observance:
    onset = _parse_onset(_match_single(part, "DTSTART", _ONSET))
    offset_from = _parse_offset(_match_single(part, "TZOFFSETFROM", _OFFSET))
    rule = None
    for text in _texts(part, "RRULE")[:1]:
        rule = _with_local_until(_match(_RULE, text), offset_from)
        _check_recurs(rule, onset)
    dates = [_match(_DATES, line) for line in _texts(part, "RDATE")[:_MAX_DATES]]
    rdates = [_parse_onset(date) for text in dates for date in text.split(",")[:_MAX_DATES]]
    return Observance(
        offset=_parse_offset(_match_single(part, "TZOFFSETTO", _OFFSET)),
        is_standard=part.name == "STANDARD",
        first=onset,
        onsets=tuple(sorted((onset, *rdates))),
        rule=rule,
    )


def _match_single(part: _Part, name: str, pattern: re.Pattern[str]) -> str:
    texts = _texts(part, name)
    if len(texts) != 1:
        raise InvalidDefinitionError(f"{len(texts)} times {name}")
    return _match(pattern, texts[0])


def _match(pattern: re.Pattern[str], text: str) -> str:
    if not (match := pattern.fullmatch(text)):
        raise InvalidDefinitionError(text)
    return match[1]


def _texts(part: _Part, name: str) -> list[str]:
    return ["".join(clean(text).split()).upper() for text in dict(part.lines).get(name, ())]


def _parse_onset(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z"))


def _parse_offset(text: str) -> dt.timedelta:
    if len(text) in {len("+530"), len("+53000")}:
        # Some senders leave out the first zero.
        text = f"{text[0]}0{text[1:]}"
    return dt.datetime.strptime(text, "%z").utcoffset() or dt.timedelta()


def _with_local_until(rule: str, offset_from: dt.timedelta) -> str:
    """Return the rule with its UNTIL, which is in UTC, as wall time like the onsets."""
    match = _UNTIL.search(rule)
    if not match or not match[1].endswith("Z"):
        return rule
    until = _parse_onset(match[1]) + offset_from
    return rule.replace(match[0], f"UNTIL={until:%Y%m%dT%H%M%S}")


@functools.lru_cache(maxsize=256)
def _occurrences(rule: str, onset: dt.datetime, year: int) -> tuple[dt.datetime, ...]:
    """Return the sorted occurrences of the year, after the last occurrence before it."""
    begin, end = dt.datetime(year, 1, 1), dt.datetime(year, 12, 31, 23, 59)  # noqa: DTZ001
    for start in _starts(rule, onset, year):
        earlier, within = None, []
        for occurrence in itertools.takewhile(lambda at: at <= end, _rule_from(rule, start)):
            if occurrence < begin:
                earlier = occurrence
            else:
                within.append(occurrence)
        if earlier or start == onset:
            return (*([earlier] if earlier else []), *within)
    return ()


def _starts(rule: str, onset: dt.datetime, year: int) -> Iterator[dt.datetime]:
    """Yield the dates to follow the rule from: shortly before the year, then the real onset."""
    until = _UNTIL.search(rule)
    last = min(year, int(until[1][:4]) if until else year)
    if "COUNT=" not in rule:
        for years in (2, _LONGEST_CYCLE):
            if last - years > onset.year:
                with contextlib.suppress(ValueError):  # 29 February
                    yield onset.replace(year=last - years)
    yield onset


def _check_recurs(rule: str, onset: dt.datetime) -> None:
    """Raise ValueError for a rule that is invalid or never recurs."""
    _rule_from(rule, onset)
    parts = [part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    if not any(_rule_from(";".join(parts), onset.replace(year=_LAST_CYCLES))):
        raise InvalidDefinitionError(rule)


@functools.lru_cache(maxsize=64)
def _rule_from(rule: str, start: dt.datetime) -> rrule:
    parsed = rrulestr(rule, dtstart=start, ignoretz=True)
    if not isinstance(parsed, rrule):
        raise InvalidDefinitionError(rule)
    return parsed
