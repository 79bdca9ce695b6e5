"""Resolve a time of a calendar file to an instant and a time zone, or to a question.

Order of precedence: an IANA name; the definition in the file (VTIMEZONE); a Windows name; an
offset within the name. A floating time is on the calendar's clock if it states one, else on the
employer's if the user gave one. Anything else is asked.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.vtimezone import FileTimezone, parse_vtimezone
from afterword.importers.invitation.windows_zones import (
    TYPICAL_YEAR,
    common_zones,
    is_plain_offset,
    is_utc_name,
    parse_offsets,
    parse_zone_name,
    zones_with_offsets,
)

# More than any meeting needs; each costs time.
_MAX_CLOCKS = 20


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

    `calendar_zone` is the calendar's own, by its name (X-WR-TIMEZONE).
    """

    definitions: tuple[Component, ...]
    calendar_zone: ZoneInfo | None = attrs.field(converter=parse_zone_name)
    employer: ZoneInfo | None
    _clocks: dict[str, FileTimezone | None] = attrs.field(factory=dict, eq=False)

    def resolve(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        """Return the time in its zone; `wall` is aware where the file gives its offset.

        Raises AmbiguousTimeError where neither the file nor the user states a zone.
        """
        if wall.tzinfo is not None:
            return self._instant(wall.astimezone(dt.UTC), tzid)
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

    def _instant(self, instant: dt.datetime, tzid: str) -> ResolvedTime:
        """Return a time in UTC, with a warning if a zone is given too (RFC 5545 3.2.19)."""
        zone = parse_zone_name(tzid)
        if zone is None:
            return self._in_utc(instant, "in UTC")
        warning = f"the time is given in UTC and in {zone.key} at once; it was read as UTC"
        at = instant.astimezone(zone)
        return ResolvedTime(at=at, zone=zone, source="in UTC", warnings=(warning,))

    def _with_tzid(self, wall: dt.datetime, tzid: str) -> ResolvedTime:
        name = clean_line(tzid)[:100]
        zone, clock = parse_zone_name(tzid), self._defined_clock(tzid)
        if zone and (clock is None or zone.key.casefold() in tzid.casefold()):
            warnings = _name_warnings(name, zone, clock, wall)
            return _on_clock(wall, zone, f"TZID {name}", warnings)
        if clock is not None:
            return self._by_definition(wall, tzid, clock, zone)
        if (resolved := self._by_offset(wall, tzid)) is not None:
            return resolved
        return self._on_employers_clock(wall, f"the time zone {name!r} is not known")

    def _by_offset(self, wall: dt.datetime, tzid: str) -> ResolvedTime | None:
        """Return the time by the offset in the name of an unknown zone.

        The offset is that of winter; None if in some zone with that offset it is summer time.
        """
        name = clean_line(tzid)[:100]
        standard, summer = parse_offsets(tzid) or (None, None)
        if standard is None:
            return None
        zones = zones_with_offsets(standard, summer, year=wall.year)
        offsets = {_offset_at(zone, wall) for zone in zones}
        if summer is None:
            zone = _fixed_zone(standard)
            is_certain = is_plain_offset(tzid) or offsets <= {standard}
            reading = "offset; summer time is not counted"
        else:
            zone = next(iter(zones), None)
            is_certain = len(offsets) == 1
            reading = f"offsets as {zone}"
        if zone is None or not is_certain:
            return None
        warning = f"the time zone {name!r} was read by its {reading}"
        return _on_clock(wall, zone, f"TZID {name}", (warning,), guessed=True)

    def _by_definition(
        self, wall: dt.datetime, tzid: str, clock: FileTimezone, named: ZoneInfo | None
    ) -> ResolvedTime:
        name = clean_line(tzid)[:100]
        offset = clock.offset_at(wall)
        likely = (named, parse_zone_name(clock.location), self.employer, self.calendar_zone)
        zone = _zone_like(clock, wall, filter(None, likely)) or _fixed_zone(offset)
        source = f"TZID {name}, as this file defines it"
        warnings = _contradiction(name, named, offset, wall)
        if zone is None:
            at = self._in_utc((wall - offset).replace(tzinfo=dt.UTC), source)
            return attrs.evolve(at, warnings=warnings)
        if zone != named:
            likeness = f"its clock is that of {zone.key}"
            warnings = (f"the time zone {name!r} is defined in the file; {likeness}", *warnings)
        return _on_clock(wall, zone, source, warnings, guessed=zone != named)

    def _floating(self, wall: dt.datetime) -> ResolvedTime:
        if self.calendar_zone:
            return _on_clock(wall, self.calendar_zone, "X-WR-TIMEZONE")
        return self._on_employers_clock(
            wall,
            f"the time {wall:%Y-%m-%d %H:%M} has no time zone: is it on their clock or on yours?",
        )

    def _on_employers_clock(self, wall: dt.datetime, question: str) -> ResolvedTime:
        if self.employer is None:
            raise AmbiguousTimeError(question, CliFlag.EMPLOYER_ZONE)
        return _on_clock(wall, self.employer, "the employer's zone that you gave")

    def _in_utc(self, instant: dt.datetime, source: str) -> ResolvedTime:
        clocks = ((self.calendar_zone, "X-WR-TIMEZONE"), (self.employer, "the zone you gave"))
        for zone, origin in clocks:
            if zone:
                at = instant.astimezone(zone)
                source = f"{source}, shown on the clock of {origin}"
                return ResolvedTime(at=at, zone=zone, source=source)
        return ResolvedTime(at=instant, zone=None, source=source)

    def _defined_clock(self, tzid: str) -> FileTimezone | None:
        key = _tzid_key(tzid)
        if key not in self._clocks:
            named = (d for d in self.definitions if _tzid_key(d.text("TZID")) == key)
            definition = next(named, None) if len(self._clocks) < _MAX_CLOCKS else None
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


def _name_warnings(
    name: str, zone: ZoneInfo, clock: FileTimezone | None, wall: dt.datetime
) -> Iterator[str]:
    # People write these names all year round for clocks that do change.
    if clock is None and zone.key in {"EST", "MST", "HST"}:
        yield f"the time zone {zone.key} has no summer time; check the hour"
    if clock and clock.offset_at(wall) != _offset_at(zone, wall):
        yield (
            f"the file defines {name} in its own way; {zone.key} as it is commonly defined is used"
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
    return next(iter(zones_with_offsets(offset, offset, year=TYPICAL_YEAR)), None)


def _offset_at(zone: ZoneInfo, wall: dt.datetime) -> dt.timedelta | None:
    return wall.replace(tzinfo=zone).utcoffset()
