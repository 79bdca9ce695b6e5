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
    is_plain_offset,
    is_utc_name,
    parse_offset_name,
    parse_seasonal_offsets,
    parse_zone_name,
    zones_with_offsets,
)

# More than any meeting needs; each costs time.
_MAX_CLOCKS = 20
_EMPLOYER_ZONE = "the employer's zone that you gave"


class AmbiguousTimeError(Exception):
    """Raised for a time that cannot be read without guessing; `flag` answers the question."""

    def __init__(self, text: str, flag: CliFlag = CliFlag.AT) -> None:
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
        if is_utc_name(tzid) and not self._is_defined_as_local(tzid, wall):
            return self._in_utc(wall.replace(tzinfo=dt.UTC), f"TZID {clean_line(tzid)}")
        return self._with_tzid(wall, tzid)

    def _is_defined_as_local(self, tzid: str, wall: dt.datetime) -> bool:
        """True if the file gives a name such as "GMT" the clock of a country with summer time."""
        clock = self._defined_clock(tzid)
        half_a_year = dt.timedelta(days=182)
        return clock is not None and any(map(clock.offset_at, (wall, wall + half_a_year)))

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
        zone = None if is_utc_name(tzid) else parse_zone_name(tzid)
        clock = self._defined_clock(tzid)
        if zone and clock is None:
            return _on_clock(wall, zone, f"TZID {name}", _no_summer_time(zone))
        if zone and zone.key.casefold() in tzid.casefold():
            return _on_clock(wall, zone, f"TZID {name}", _conflict(name, clock, zone, wall))
        if clock is not None:
            return self._by_definition(wall, tzid, clock, zone)
        if (resolved := self._by_offset(wall, tzid)) is not None:
            return resolved
        if self.employer:
            return _on_clock(wall, self.employer, _EMPLOYER_ZONE)
        raise AmbiguousTimeError(f"the time zone {name!r} is not known", CliFlag.EMPLOYER_ZONE)

    def _by_offset(self, wall: dt.datetime, tzid: str) -> ResolvedTime | None:
        """Return the time by the offset in the name of an unknown zone.

        The offset is that of winter; None if in some zone with that offset it is summer time.
        """
        name = clean_line(tzid)[:100]
        offset, seasons = parse_offset_name(tzid), parse_seasonal_offsets(tzid)
        source = f"TZID {name}"
        if seasons:
            zones = zones_with_offsets(*seasons, year=wall.year)
            if zones and len({_offset_at(zone, wall) for zone in zones}) == 1:
                warning = f"the time zone {name!r} was read by its offsets as {zones[0].key}"
                return _on_clock(wall, zones[0], source, (warning,), guessed=True)
            return None
        if offset is None or (fixed := _fixed_zone(offset)) is None:
            return None
        zones = zones_with_offsets(offset, None, year=wall.year)
        if is_plain_offset(tzid) or all(_offset_at(zone, wall) == offset for zone in zones):
            warning = f"the time zone {name!r} was read by its offset; summer time is not counted"
            return _on_clock(wall, fixed, source, (warning,), guessed=True)
        return None

    def _by_definition(
        self, wall: dt.datetime, tzid: str, clock: FileTimezone, named: ZoneInfo | None
    ) -> ResolvedTime:
        name = clean_line(tzid)[:100]
        offset = clock.offset_at(wall)
        location = self._stated_location(tzid)
        likely = [zone for zone in (named, location, self.employer, self._stated_zone()) if zone]
        zone = _zone_like(clock, wall, likely) or _fixed_zone(offset)
        source = f"TZID {name}, as this file defines it"
        if zone is None:
            at = self._in_utc((wall - offset).replace(tzinfo=dt.UTC), source)
            return attrs.evolve(at, warnings=_contradiction(name, named, offset, wall))
        if zone == named:
            return _on_clock(wall, zone, source)
        warning = f"the time zone {name!r} is defined in the file; its clock is that of {zone.key}"
        warnings = (warning, *_contradiction(name, named, offset, wall))
        return _on_clock(wall, zone, source, warnings, guessed=True)

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

    def _stated_location(self, tzid: str) -> ZoneInfo | None:
        """Return the zone that the definition names beside its own name (X-LIC-LOCATION)."""
        definition = self._definition(tzid)
        return parse_zone_name(definition.text("X-LIC-LOCATION")) if definition else None

    def _definition(self, tzid: str) -> Component | None:
        key = _tzid_key(tzid)
        return next((d for d in self.definitions if _tzid_key(d.text("TZID")) == key), None)

    def _defined_clock(self, tzid: str) -> FileTimezone | None:
        key = _tzid_key(tzid)
        if key not in self._clocks:
            definition = self._definition(tzid) if len(self._clocks) < _MAX_CLOCKS else None
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
    return (
        f"the file defines {name} in its own way; {zone.key} as it is commonly defined is used",
    )


def _contradiction(
    name: str, named: ZoneInfo | None, offset: dt.timedelta, wall: dt.datetime
) -> tuple[str, ...]:
    if named is None or _offset_at(named, wall) == offset:
        return ()
    defined = (wall - offset).replace(tzinfo=dt.UTC).astimezone(named)
    text = (
        f"the file defines the time zone {name!r} in contradiction to its name: {wall:%H:%M} is "
        f"{defined:%H:%M} in {named.key}; check the hour"
    )
    return (text,)


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
