"""Time zones that a file defines itself (VTIMEZONE), and whose clock they are.

A definition counts for its own file only. The library turns it into a clock;
what it is given is bounded first, because a rule that repeats every second
from the year 1 never comes to an end.

Which clock a time of the file is on, and whether that has to be asked.

The order: an IANA name; the definition in this file; a Windows name; an offset
within the name. A floating time is on the clock of the event or calendar that
says one, else on the employer's where that was told. Anything else is asked.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import attrs
import icalendar

from afterword.domain.sanitize import clean, clean_line
from afterword.importers.invitation.ical_parser import Component, Line
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.windows_zones import (
    common_zones,
    is_instant_only,
    offset_named,
    zone_named,
)

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


def clock_of(definition: Component) -> dt.tzinfo | None:
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


def _observance(block: Component) -> str | None:
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


class AmbiguousTimeError(Exception):
    """Raised for what has to be asked; `flag` answers it."""

    def __init__(self, text: str, flag: CliFlag) -> None:
        super().__init__(text)
        self.text = text
        self.flag = flag


@attrs.frozen(kw_only=True)
class ResolvedTime:
    """A time on its clock: `at` is aware; `zone` is None where only the instant is known."""

    at: dt.datetime
    zone: ZoneInfo | None
    source: str
    guessed: bool = False
    warnings: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ZoneResolver:
    """The clocks of one calendar object: its definitions, its own zone, and what was told."""

    definitions: tuple[Component, ...]
    calendar_zone: str
    employer: ZoneInfo | None
    _clocks: dict[str, dt.tzinfo | None] = attrs.field(factory=dict, eq=False)

    def place(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        """Return the time on its clock; `wall` is naive, or in UTC.

        Raises UnclearError where neither the file nor the employer's zone tells.
        """
        if wall.tzinfo is not None:
            return self._twice(wall, tzid) or self._instant(wall.astimezone(dt.UTC), "in UTC")
        if not tzid:
            return self._floating(wall)
        if is_instant_only(tzid):
            return self._instant(wall.replace(tzinfo=dt.UTC), f"TZID {clean_line(tzid)}")
        return self._named(wall, tzid)

    def _twice(self, moment: dt.datetime, tzid: str) -> ResolvedTime | None:
        """Return a time that is given in UTC and in a zone at once, which RFC 5545 forbids."""
        zone = None if is_instant_only(tzid) else zone_named(tzid)
        if zone is None:
            return None
        warning = f"the time is given in UTC and in {zone.key} at once; it was read as UTC"
        at = moment.astimezone(zone)
        return ResolvedTime(at=at, zone=zone, source="in UTC", warnings=(warning,))

    def _named(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        name = clean_line(tzid)[:100]
        zone = zone_named(tzid)
        clock = self._defined(tzid)
        if zone and clock is None:
            return _on(wall, zone, f"TZID {name}", _without_summer(zone))
        if zone and zone.key.casefold() in tzid.casefold():
            return _on(wall, zone, f"TZID {name}", _conflict(name, clock, zone, wall))
        if clock is not None:
            return self._by_definition(wall, name, clock, zone)
        if (offset := offset_named(tzid)) is not None and (fixed := _fixed(offset)):
            warning = f"the time zone {name!r} was read by its offset; summer time is not counted"
            return _on(wall, fixed, f"TZID {name}", (warning,), guessed=True)
        if self.employer:
            return _on(wall, self.employer, "the employer's zone that you gave")
        raise AmbiguousTimeError(f"the time zone {name!r} is not known", CliFlag.EMPLOYER_ZONE)

    def _by_definition(
        self, wall: dt.datetime, name: str, clock: dt.tzinfo, named: ZoneInfo | None
    ) -> ResolvedTime:
        offset = offset_at(clock, wall)
        likely = [zone for zone in (named, self.employer, self._own()) if zone]
        zone = zone_like(clock, wall, likely) or (_fixed(offset) if offset else None)
        source = f"TZID {name}, as this file defines it"
        if zone is None:
            return self._instant((wall - (offset or dt.timedelta())).replace(tzinfo=dt.UTC), source)
        if zone == named:
            return _on(wall, zone, source)
        warning = f"the time zone {name!r} is defined in the file; its clock is that of {zone.key}"
        return _on(wall, zone, source, (warning,), guessed=True)

    def _floating(self, wall: dt.datetime) -> ResolvedTime:
        if own := self._own():
            return _on(wall, own, "X-WR-TIMEZONE")
        if self.employer:
            return _on(wall, self.employer, "the employer's zone that you gave")
        raise AmbiguousTimeError(
            f"the time {wall:%Y-%m-%d %H:%M} has no time zone: is it on their clock or on yours?",
            CliFlag.EMPLOYER_ZONE,
        )

    def _instant(self, moment: dt.datetime, source: str) -> ResolvedTime:
        for zone, told in ((self._own(), "X-WR-TIMEZONE"), (self.employer, "the zone you gave")):
            if zone:
                where = f"{source}, shown on the clock of {told}"
                return ResolvedTime(at=moment.astimezone(zone), zone=zone, source=where)
        return ResolvedTime(at=moment, zone=None, source=source)

    def _own(self) -> ZoneInfo | None:
        if not self.calendar_zone or is_instant_only(self.calendar_zone):
            return None
        return zone_named(self.calendar_zone)

    def _defined(self, tzid: str) -> dt.tzinfo | None:
        key = _key(tzid)
        if key not in self._clocks:
            found = [block for block in self.definitions if _key(block.text("TZID")) == key]
            self._clocks[key] = clock_of(found[0]) if found else None
        return self._clocks[key]


def _key(tzid: str) -> str:
    return "".join(tzid.split()).strip('"').casefold()


def _on(
    wall: dt.datetime,
    zone: ZoneInfo,
    source: str,
    warnings: Iterable[str] = (),
    *,
    guessed: bool = False,
) -> ResolvedTime:
    """Put the time on the clock, and say where the clock skips or repeats it."""
    at = wall.replace(tzinfo=zone)
    shown = at.astimezone(dt.UTC).astimezone(zone)
    said = list(warnings)
    if shown.replace(tzinfo=None) != wall:
        said.append(f"{wall:%H:%M} does not exist on that day in {zone.key}; read as {shown:%H:%M}")
    elif at.utcoffset() != at.replace(fold=1).utcoffset():
        said.append(f"{wall:%H:%M} comes twice on that day in {zone.key}; the first was taken")
    return ResolvedTime(at=shown, zone=zone, source=source, guessed=guessed, warnings=tuple(said))


def _conflict(
    name: str, clock: dt.tzinfo | None, zone: ZoneInfo, wall: dt.datetime
) -> tuple[str, ...]:
    if clock is None or offset_at(clock, wall) == offset_at(zone, wall):
        return ()
    return (f"the file defines {name} in its own way; {zone.key} as everybody has it counts",)


def _without_summer(zone: ZoneInfo) -> tuple[str, ...]:
    # People write these all year round for clocks that do change.
    if zone.key not in {"EST", "MST", "HST"}:
        return ()
    return (f"the time zone {zone.key} has no summer time; check the hour",)


@functools.cache
def _fixed(offset: dt.timedelta) -> ZoneInfo | None:
    """Return a zone that is always this far ahead of UTC."""
    hours, rest = divmod(offset, dt.timedelta(hours=1))
    if not rest and -12 <= hours <= 14:  # noqa: PLR2004 - the range of Etc/GMT
        return ZoneInfo(f"Etc/GMT{-hours:+d}") if hours else None
    days = [dt.datetime(2026, month, 1) for month in range(1, 13)]  # noqa: DTZ001
    return next(
        (z for z in common_zones() if all(offset_at(z, day) == offset for day in days)), None
    )
