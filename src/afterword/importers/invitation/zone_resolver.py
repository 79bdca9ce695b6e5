"""Resolve a time of a calendar file to an instant and a time zone, or to a question.

Order of precedence: an IANA name; the definition in the file (VTIMEZONE); a Windows name; an
offset within the name. A floating time is on the calendar's clock if it states one, else on the
employer's if the user gave one. Anything else is asked.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.vtimezone import FileTimezone, parse_vtimezone
from afterword.importers.invitation.windows_zones import (
    common_zones,
    is_utc_name,
    parse_offset_name,
    parse_zone_name,
)

_EMPLOYER_ZONE = "the employer's zone that you gave"


class AmbiguousTimeError(Exception):
    """Raised for a time that cannot be read without guessing; `flag` answers the question."""

    def __init__(self, text: str, flag: CliFlag) -> None:
        super().__init__(text)
        self.text = text
        self.flag = flag


@attrs.frozen(kw_only=True)
class ResolvedTime:
    """An aware time; `zone` is None where only the instant is certain."""

    at: dt.datetime
    zone: ZoneInfo | None
    source: str
    guessed: bool = False
    warnings: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ZoneResolver:
    """The time zones of a calendar object, and the employer's if the user gave it.

    `calendar_zone` is the value of X-WR-TIMEZONE, "" where there is none.
    """

    definitions: tuple[Component, ...]
    calendar_zone: str
    employer: ZoneInfo | None
    _clocks: dict[str, FileTimezone | None] = attrs.field(factory=dict, eq=False)

    def resolve(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        """Return the time in its zone; `wall` is aware where the file gives its offset.

        Raises AmbiguousTimeError where neither the file nor the user states a zone.
        """
        if wall.tzinfo is not None:
            instant = wall.astimezone(dt.UTC)
            return self._utc_with_zone(instant, tzid) or self._in_utc(instant, "in UTC")
        if not tzid:
            return self._floating(wall)
        if is_utc_name(tzid):
            return self._in_utc(wall.replace(tzinfo=dt.UTC), f"TZID {clean_line(tzid)}")
        return self._with_tzid(wall, tzid)

    def _utc_with_zone(self, instant: dt.datetime, tzid: str) -> ResolvedTime | None:
        """Return a time given both in UTC and in a zone, which RFC 5545 3.2.19 forbids."""
        zone = None if is_utc_name(tzid) else parse_zone_name(tzid)
        if zone is None:
            return None
        warning = f"the time is given in UTC and in {zone.key} at once; it was read as UTC"
        at = instant.astimezone(zone)
        return ResolvedTime(at=at, zone=zone, source="in UTC", warnings=(warning,))

    def _with_tzid(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        name = clean_line(tzid)[:100]
        zone = parse_zone_name(tzid)
        clock = self._defined_clock(tzid)
        if zone and clock is None:
            return _on_clock(wall, zone, f"TZID {name}", _no_summer_time(zone))
        if zone and zone.key.casefold() in tzid.casefold():
            return _on_clock(wall, zone, f"TZID {name}", _conflict(name, clock, zone, wall))
        if clock is not None:
            return self._by_definition(wall, name, clock, zone)
        if (offset := parse_offset_name(tzid)) is not None and (fixed := _fixed_zone(offset)):
            warning = f"the time zone {name!r} was read by its offset; summer time is not counted"
            return _on_clock(wall, fixed, f"TZID {name}", (warning,), guessed=True)
        if self.employer:
            return _on_clock(wall, self.employer, _EMPLOYER_ZONE)
        raise AmbiguousTimeError(f"the time zone {name!r} is not known", CliFlag.EMPLOYER_ZONE)

    def _by_definition(
        self, wall: dt.datetime, name: str, clock: FileTimezone, named: ZoneInfo | None
    ) -> ResolvedTime:
        offset = clock.offset_at(wall)
        likely = [zone for zone in (named, self.employer, self._stated_zone()) if zone]
        zone = _zone_like(clock, wall, likely) or _fixed_zone(offset)
        source = f"TZID {name}, as this file defines it"
        if zone is None:
            return self._in_utc((wall - offset).replace(tzinfo=dt.UTC), source)
        if zone == named:
            return _on_clock(wall, zone, source)
        warning = f"the time zone {name!r} is defined in the file; its clock is that of {zone.key}"
        return _on_clock(wall, zone, source, (warning,), guessed=True)

    def _floating(self, wall: dt.datetime) -> ResolvedTime:
        if zone := self._stated_zone():
            return _on_clock(wall, zone, "X-WR-TIMEZONE")
        if self.employer:
            return _on_clock(wall, self.employer, _EMPLOYER_ZONE)
        raise AmbiguousTimeError(
            f"the time {wall:%Y-%m-%d %H:%M} has no time zone: is it on their clock or on yours?",
            CliFlag.EMPLOYER_ZONE,
        )

    def _in_utc(self, instant: dt.datetime, source: str) -> ResolvedTime:
        clocks = ((self._stated_zone(), "X-WR-TIMEZONE"), (self.employer, "the zone you gave"))
        for zone, origin in clocks:
            if zone:
                at = instant.astimezone(zone)
                source = f"{source}, shown on the clock of {origin}"
                return ResolvedTime(at=at, zone=zone, source=source)
        return ResolvedTime(at=instant, zone=None, source=source)

    def _stated_zone(self) -> ZoneInfo | None:
        """Return the calendar's own zone (X-WR-TIMEZONE)."""
        if not self.calendar_zone or is_utc_name(self.calendar_zone):
            return None
        return parse_zone_name(self.calendar_zone)

    def _defined_clock(self, tzid: str) -> FileTimezone | None:
        key = _tzid_key(tzid)
        if key not in self._clocks:
            matches = (d for d in self.definitions if _tzid_key(d.text("TZID")) == key)
            definition = next(matches, None)
            self._clocks[key] = parse_vtimezone(definition) if definition else None
        return self._clocks[key]


def _tzid_key(tzid: str) -> str:
    return "".join(tzid.split()).strip('"').casefold()


def _on_clock(
    wall: dt.datetime,
    zone: ZoneInfo,
    source: str,
    warnings: Iterable[str] = (),
    *,
    guessed: bool = False,
) -> ResolvedTime:
    """Return the time in the zone, with a warning where the clock skips or repeats it."""
    local = wall.replace(tzinfo=zone)
    at = local.astimezone(dt.UTC).astimezone(zone)
    messages = list(warnings)
    if at.replace(tzinfo=None) != wall:
        messages.append(
            f"{wall:%H:%M} does not exist on that day in {zone.key}; read as {at:%H:%M}"
        )
    elif local.utcoffset() != local.replace(fold=1).utcoffset():
        messages.append(f"{wall:%H:%M} comes twice on that day in {zone.key}; the first was taken")
    return ResolvedTime(at=at, zone=zone, source=source, guessed=guessed, warnings=tuple(messages))


def _conflict(
    name: str, clock: FileTimezone | None, zone: ZoneInfo, wall: dt.datetime
) -> tuple[str, ...]:
    if clock is None or clock.offset_at(wall) == _offset_at(zone, wall):
        return ()
    return (f"the file defines {name} in its own way; {zone.key} as everybody has it counts",)


def _no_summer_time(zone: ZoneInfo) -> tuple[str, ...]:
    # People write these names all year round for clocks that do change.
    if zone.key not in {"EST", "MST", "HST"}:
        return ()
    return (f"the time zone {zone.key} has no summer time; check the hour",)


def _zone_like(
    clock: FileTimezone, wall: dt.datetime, likely: Iterable[ZoneInfo]
) -> ZoneInfo | None:
    """Return the IANA zone that shows the same time.

    One of the `likely` zones has to agree at `wall` only, any other all year round.
    """
    for zone in likely:
        if _offset_at(zone, wall) == clock.offset_at(wall):
            return zone
    # At noon no clock changes.
    days = [wall, *(wall.replace(hour=12) + dt.timedelta(days=15 * n) for n in range(25))]
    offsets = [clock.offset_at(day) for day in days]
    for zone in common_zones():
        if all(_offset_at(zone, day) == offset for day, offset in zip(days, offsets, strict=True)):
            return zone
    return None


@functools.cache
def _fixed_zone(offset: dt.timedelta) -> ZoneInfo | None:
    """Return a zone that is always this far ahead of UTC; None for UTC itself."""
    hours, rest = divmod(offset, dt.timedelta(hours=1))
    if not rest and -12 <= hours <= 14:  # noqa: PLR2004 - the range of Etc/GMT
        return ZoneInfo(f"Etc/GMT{-hours:+d}") if hours else None
    days = [dt.datetime(2026, month, 1) for month in range(1, 13)]  # noqa: DTZ001
    return next(
        (z for z in common_zones() if all(_offset_at(z, day) == offset for day in days)), None
    )


def _offset_at(zone: ZoneInfo, wall: dt.datetime) -> dt.timedelta | None:
    return wall.replace(tzinfo=zone).utcoffset()
