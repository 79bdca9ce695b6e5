"""Time zones that a calendar file defines itself (VTIMEZONE, RFC 5545 3.6.5).

The rules are bounded before dateutil sees them: a hostile one could repeat every second.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
import re
from collections.abc import Iterator
from typing import cast

import attrs
from dateutil.rrule import rrule, rruleset, rrulestr

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
_PROPERTIES = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")
# Outlook's rules begin in 1601. Followed from this leap year on, each has recurred by 1970.
_FIRST_FOLLOWED = 1940
# From this leap year to 9999, the last of datetime, the 28-year cycle of weekdays occurs twice.
_LAST_CYCLES = 9944
_MAX_OBSERVANCES = 200
_MAX_RULES = 20
_MAX_DATES = 500


@attrs.frozen(kw_only=True)
class Observance:
    """A STANDARD or DAYLIGHT part: from each of its onsets on, `offset` is the UTC offset.

    Onsets are naive: wall time on the clock that they end.
    """

    offset: dt.timedelta
    is_standard: bool
    onsets: rruleset


@attrs.frozen
class FileTimezone:
    """The clock that a VTIMEZONE defines; `location` is the zone that it names beside its own."""

    location: str
    observances: tuple[Observance, ...]

    def offset_at(self, wall: dt.datetime) -> dt.timedelta:
        """Return the UTC offset when the clock shows `wall` (naive).

        Before the first onset it is that of the first STANDARD part.
        """
        last = ((o.onsets.before(wall, inc=True), o.offset) for o in self.observances)
        passed = [(onset, offset) for onset, offset in last if onset]
        if passed:
            return max(passed, key=operator.itemgetter(0))[1]
        standard = (o for o in self.observances if o.is_standard)
        return next(standard, self.observances[0]).offset


def parse_vtimezone(definition: Component) -> FileTimezone | None:
    """Return the clock that the VTIMEZONE defines, or None where it is not valid."""
    parts = [part for part in definition.components if part.name in {"STANDARD", "DAYLIGHT"}]
    lines = tuple((part.name, *_lines(part)) for part in parts[:_MAX_OBSERVANCES])
    return _parse_clock(definition.text("X-LIC-LOCATION"), lines)


def _lines(part: Component) -> Iterator[str]:
    for name in _PROPERTIES:
        for line in part.lines.get(name, [])[:_MAX_DATES]:
            yield "".join(clean(line.text).split()).upper()


# Many invitations have the same definition, each a copy of it.
@functools.lru_cache(maxsize=64)
def _parse_clock(location: str, parts: tuple[tuple[str, ...], ...]) -> FileTimezone | None:
    rules = sum(line.startswith("RRULE") for lines in parts for line in lines)
    if not parts or rules > _MAX_RULES:
        return None
    try:
        return FileTimezone(location, tuple(map(_parse_observance, parts)))
    except (ValueError, OverflowError):
        return None


def _parse_observance(lines: tuple[str, ...]) -> Observance:
    """Return the part with these lines, its name first. Raises ValueError for an invalid part."""
    (start,) = _values(lines, "DTSTART", _ONSET)
    (offset_from,) = map(_parse_offset, _values(lines, "TZOFFSETFROM", _OFFSET))
    (offset,) = map(_parse_offset, _values(lines, "TZOFFSETTO", _OFFSET))
    onset = _parse_onset(start)
    onsets = rruleset(cache=True)
    onsets.rdate(onset)
    for rule in _values(lines, "RRULE", _RULE):
        onsets.rrule(_parse_rule(rule, onset, offset_from))
    for dates in _values(lines, "RDATE", _DATES):
        for date in dates.split(",")[:_MAX_DATES]:
            onsets.rdate(_parse_onset(date))
    return Observance(offset=offset, is_standard=lines[0] == "STANDARD", onsets=onsets)


def _values(lines: tuple[str, ...], name: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(name):
            if not (match := pattern.fullmatch(line)):
                raise ValueError(line)
            yield match[1]


def _parse_onset(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z"))


def _parse_offset(text: str) -> dt.timedelta:
    if len(text) in {len("+530"), len("+53000")}:
        # Some senders leave out the first zero.
        text = f"{text[0]}0{text[1:]}"
    return dt.datetime.strptime(text, "%z").utcoffset() or dt.timedelta()


def _parse_rule(text: str, onset: dt.datetime, offset_from: dt.timedelta) -> rrule:
    """Return the rule. Raises ValueError for a rule that is invalid or never recurs."""
    parts = text.split(";")
    endless = ";".join(part for part in parts if not part.startswith(("COUNT=", "UNTIL=")))
    if not any(_rule_from(endless, onset.replace(year=_LAST_CYCLES))):
        raise ValueError(text)
    until = _UNTIL.search(text)
    if until and until[1].endswith("Z"):
        # It is in UTC, and the onsets are wall time.
        local = _parse_onset(until[1]) + offset_from
        text = text.replace(until[0], f"UNTIL={local:%Y%m%dT%H%M%S}")
    elif text == endless and onset.year < _FIRST_FOLLOWED:
        onset = onset.replace(year=_FIRST_FOLLOWED)
    return _rule_from(text, onset)


def _rule_from(text: str, start: dt.datetime) -> rrule:
    # The text is a rule without dates, so this is no rruleset.
    return cast("rrule", rrulestr(text, dtstart=start, ignoretz=True))
