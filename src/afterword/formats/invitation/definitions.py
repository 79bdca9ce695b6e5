"""Time zones that a file defines itself (VTIMEZONE), and whose clock they are.

A definition counts for its own file only. The library turns it into a clock;
what it is given is bounded first, because a rule that repeats every second
from the year 1 never comes to an end.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import icalendar

from afterword.core.text import clean
from afterword.formats.invitation.blocks import Block
from afterword.formats.invitation.lines import Line
from afterword.formats.invitation.zone_names import common_zones

_PART = (
    r"(?:FREQ=YEARLY|(?:INTERVAL|COUNT|BYMONTH)=\d{1,4}|BYDAY=[+-]?\d?[A-Z]{2}|BYSETPOS=-?\d"
    r"|BYMONTHDAY=-?\d{1,2}(?:,-?\d{1,2}){0,6}|WKST=[A-Z]{2}|UNTIL=[\dTZ]{8,16})"
)
# Without a month, a day of the week comes fifty times a year.
_RULE = re.compile(
    f"RRULE:(?=(?!.*BYDAY)|.*BYMONTH=){_PART}(?:;{_PART})*;?", re.ASCII | re.IGNORECASE
)
_ONSET = re.compile(
    r"DTSTART[^:]*:(?:1[6-9]|2[01])\d\d\d{4}(?:T\d{6})?Z?", re.ASCII | re.IGNORECASE
)
_OFFSET = re.compile(
    r"TZOFFSET(?:FROM|TO):[+-](?:0\d|1[0-5])[0-5]\d(?:\d\d)?", re.ASCII | re.IGNORECASE
)
_MOST_DATES = 500
_MOST_PARTS = 200
_MOST_RULES = 20


def clock_of(definition: Block) -> dt.tzinfo | None:
    """Return the clock that the VTIMEZONE defines, or None where it is not sound."""
    observances = [b for b in definition.blocks if b.name in {"STANDARD", "DAYLIGHT"}]
    parts = [_observance(block) for block in observances[:_MOST_PARTS]]
    if not parts or any(part is None for part in parts):
        return None
    body = "".join(part for part in parts if part)
    if body.count("RRULE:") > _MOST_RULES:
        return None
    text = f"BEGIN:VTIMEZONE\r\nTZID:of-this-file\r\n{body}END:VTIMEZONE\r\n"
    # The library keeps definitions by name, for every file that comes later.
    icalendar.use_zoneinfo()
    try:
        component = icalendar.Timezone.from_ical(text)
        clock = (
            component.to_tz(lookup_tzid=False)
            if isinstance(component, icalendar.Timezone)
            else None
        )
        offset_at(clock, dt.datetime(2026, 1, 1)) if clock else None  # noqa: DTZ001
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
        return None
    finally:
        icalendar.use_zoneinfo()
    return clock


def offset_at(clock: dt.tzinfo, wall: dt.datetime) -> dt.timedelta | None:
    """Return how far the clock is ahead of UTC when it shows `wall`."""
    return wall.replace(tzinfo=clock).utcoffset()


def zone_like(clock: dt.tzinfo, wall: dt.datetime, likely: Iterable[ZoneInfo]) -> ZoneInfo | None:
    """Return the zone whose clock this is.

    One of the `likely` ones has only to agree at that time; any other has to
    agree all year round.
    """
    for zone in likely:
        if offset_at(zone, wall) == offset_at(clock, wall):
            return zone
    days = [wall + dt.timedelta(days=15 * n) for n in range(25)]
    shown = [offset_at(clock, day) for day in days]
    for zone in common_zones():
        if all(offset_at(zone, day) == offset for day, offset in zip(days, shown, strict=True)):
            return zone
    return None


def _observance(block: Block) -> str | None:
    """Return the lines of one STANDARD or DAYLIGHT part, None where one is unsound."""
    checks = {"DTSTART": _ONSET, "TZOFFSETFROM": _OFFSET, "TZOFFSETTO": _OFFSET, "RRULE": _RULE}
    kept = [f"BEGIN:{block.name}"]
    for name, sound in checks.items():
        found = [_compact(line).upper() for line in block.lines.get(name, ())[:2]]
        if not all(map(sound.fullmatch, found)) or (name != "RRULE" and len(found) != 1):
            return None
        kept += found[:1]
    dates = [_compact(line) for line in block.lines.get("RDATE", ())]
    kept += [line for line in dates if len(line) < 20 * _MOST_DATES][:_MOST_DATES]
    return "".join(f"{line}\r\n" for line in (*kept, f"END:{block.name}"))


def _compact(line: Line) -> str:
    return "".join(clean(line.text).split())
