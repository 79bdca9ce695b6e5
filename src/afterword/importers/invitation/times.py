"""A time that the text states, against the time of the calendar.

Only times with the abbreviation of a zone that means one clock everywhere, or
behind a label ("Time: 14:00"), are compared, and one that agrees is enough: a
text names other times too. So there is a warning only where it contradicts.

When one event begins and ends (RFC 5545 3.6.1), or what has to be asked for it.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import attrs
from icalendar.error import InvalidCalendar
from icalendar.prop import vDDDTypes

from afterword.domain import datemath, parse_datetime
from afterword.domain.sanitize import clean_line
from afterword.formats.validators import FIRST_YEAR, LAST_YEAR, LONGEST_INTERVIEW
from afterword.importers.invitation.ical_parser import Component, Property
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.zone_resolver import (
    AmbiguousTimeError,
    ResolvedTime,
    ZoneResolver,
)

# "EST" and "CET" are written in summer too, and mean the clock on the wall.
_CLOCKS = {
    "UTC": ("UTC",),
    "GMT": ("UTC", "Europe/London"),
    "BST": ("Europe/London",),
    "WET": ("UTC", "Europe/Lisbon"),
    "WEST": ("Europe/Lisbon",),
    "CET": ("Etc/GMT-1", "Europe/Berlin"),
    "CEST": ("Etc/GMT-2", "Europe/Berlin"),
    "MEZ": ("Etc/GMT-1", "Europe/Berlin"),
    "MESZ": ("Etc/GMT-2", "Europe/Berlin"),
    "EET": ("Etc/GMT-2", "Europe/Athens"),
    "EEST": ("Etc/GMT-3", "Europe/Athens"),
    "SAST": ("Africa/Johannesburg",),
    "EAT": ("Africa/Nairobi",),
    "WAT": ("Africa/Lagos",),
    "ET": ("America/New_York",),
    "EST": ("Etc/GMT+5", "America/New_York"),
    "EDT": ("Etc/GMT+4", "America/New_York"),
    "CDT": ("Etc/GMT+5", "America/Chicago"),
    "MT": ("America/Denver", "America/Phoenix"),
    "MDT": ("Etc/GMT+6", "America/Denver"),
    "PT": ("America/Los_Angeles",),
    "PST": ("Etc/GMT+8", "America/Los_Angeles"),
    "PDT": ("Etc/GMT+7", "America/Los_Angeles"),
    "AEST": ("Australia/Brisbane", "Australia/Sydney"),
    "AEDT": ("Etc/GMT-11", "Australia/Sydney"),
    "JST": ("Asia/Tokyo",),
    "SGT": ("Asia/Singapore",),
    "HKT": ("Asia/Hong_Kong",),
    "NZST": ("Etc/GMT-12", "Pacific/Auckland"),
    "NZDT": ("Etc/GMT-13", "Pacific/Auckland"),
}
_ZONES = "|".join(sorted(_CLOCKS, key=len, reverse=True))
_CLOCK = r"(?P<clock>(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d)?\s*(?:[ap]\.?m\b\.?)?)"
_ZONED = re.compile(
    rf"(?<![\d:.])(?P<words>{_CLOCK}\s*\(?(?P<zone>{_ZONES}))\b(?![+-])", re.ASCII | re.IGNORECASE
)
_LABELLED = re.compile(
    r"^\W*(?:time|start(?:s|\s?time)?|uhrzeit|beginn|heure|hora)\s*:\s*"
    rf"(?P<words>{_CLOCK})(?=\s*(?:$|[-–,(]|to\b|bis\b|uhr\b))",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)


def time_mismatch(text: str, start: dt.datetime, zone: ZoneInfo | None) -> str | None:
    """Return what to warn of where the text states times and none of them is `start`."""
    stated = list(_ZONED.finditer(text))
    agree = [_clock_in(m) in _times(start, _CLOCKS[m["zone"].upper()]) for m in stated]
    if zone and not stated:
        stated = list(_LABELLED.finditer(text))
        agree = [_clock_in(m) == _clock(start) for m in stated]
    if not stated or any(agree):
        return None
    words = " and ".join(m["words"].strip() for m in stated[:2])
    shown = f"{start:%H:%M} {zone.key if zone else 'UTC'}"
    return f"the text says {words}, the calendar entry {shown}; check which one holds"


def _times(start: dt.datetime, zones: tuple[str, ...]) -> set[dt.time]:
    return {_clock(start.astimezone(ZoneInfo(name))) for name in zones}


def _clock(moment: dt.datetime) -> dt.time:
    return moment.time().replace(second=0, microsecond=0, fold=0)


def _clock_in(match: re.Match[str]) -> dt.time | None:
    return parse_datetime.parse_clock(match["clock"], bare_hour=True)


ASSUMED = dt.timedelta(minutes=60)
"""How long an interview is taken to last where its invitation does not say."""

_LONG = dt.timedelta(hours=12)
# A day less at both ends, so that no zone carries a time out of what a calendar can hold.
_YEARS = range(FIRST_YEAR + 1, LAST_YEAR)
_MOMENT = re.compile(r"(\d{8})[T ](\d{4}|\d{6})(?:\.\d+)?(Z|[+-]\d{4})?", re.ASCII | re.IGNORECASE)
_DASHED = re.compile(r"^(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)


@attrs.frozen(kw_only=True)
class TimeRange:
    """When an interview takes place, where each end comes from, and what was assumed."""

    start: dt.datetime
    end: dt.datetime
    zone: ZoneInfo | None
    sources: dict[str, str]
    guessed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def resolve_time_range(
    event: Component, zones: ZoneResolver, *, at: dt.datetime | None = None
) -> TimeRange:
    """Return when the event takes place; `at` is a start that was told, and counts.

    Raises UnclearError where start or end cannot be read without guessing.
    """
    if at is not None:
        return _stated_zone(event, zones, at)
    start = _start(event, zones)
    end, source, assumed = _end(event, zones, start)
    if _is_whole_days(start.at, end):
        raise AmbiguousTimeError(
            f"it takes the whole day ({start.at:%Y-%m-%d}); when does it begin?", CliFlag.AT
        )
    warnings = [*start.warnings, *([f"{source}: it is taken to last 60 minutes"] * assumed)]
    if end - start.at.astimezone(dt.UTC) > LONGEST_INTERVIEW:
        raise AmbiguousTimeError(
            f"it lasts {(end - start.at).days} days; when does the interview begin?", CliFlag.AT
        )
    if end - start.at > _LONG:
        warnings.append(f"it lasts {_hours(end - start.at)}; check the end")
    # One clock for both ends: a reading in two zones says nothing to anybody.
    return TimeRange(
        start=start.at,
        end=end.astimezone(dt.UTC).astimezone(start.at.tzinfo),
        zone=start.zone,
        sources={"start": f"DTSTART, {start.source}", "end": source},
        guessed=(*(["zone"] * start.guessed), *(["end"] * assumed)),
        warnings=tuple(warnings),
    )


def parse_ical_instant(event: Component, name: str, zones: ZoneResolver) -> dt.datetime | None:
    """Return the UTC instant of a property where it can be read, else None."""
    found = event.first(name)
    value = _read(found) if found else None
    if found is None or not isinstance(value, dt.datetime):
        return None
    try:
        return zones.place(value, found.params.get("TZID", "")).at.astimezone(dt.UTC)
    except (AmbiguousTimeError, OverflowError):
        return None


def parse_stamp(event: Component) -> dt.datetime | None:
    """Return the DTSTAMP, which is in UTC."""
    found = event.first("DTSTAMP", "LAST-MODIFIED")
    value = _read(found) if found else None
    if not isinstance(value, dt.datetime):
        return None
    return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)


def _stated_zone(event: Component, zones: ZoneResolver, at: dt.datetime) -> TimeRange:
    try:
        written = resolve_time_range(event, zones)
    except AmbiguousTimeError:
        zone = zones.employer or (at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else None)
        start = at.astimezone(zone) if zone else at
        return TimeRange(
            start=start,
            end=datemath.add_elapsed(start, ASSUMED),
            zone=zone,
            sources={"start": CliFlag.AT, "end": CliFlag.AT},
            guessed=("end",),
            warnings=("it is taken to last 60 minutes",),
        )
    start = at.astimezone(written.start.tzinfo)
    moved = start != written.start
    length = datemath.elapsed(written.start, written.end)
    said = f"you gave {start:%Y-%m-%d %H:%M}, the file says {written.start:%Y-%m-%d %H:%M}"
    return attrs.evolve(
        written,
        start=start,
        end=datemath.add_elapsed(start, length),
        sources={**written.sources, "start": CliFlag.AT} if moved else written.sources,
        warnings=(*written.warnings, said) if moved else written.warnings,
    )


def _start(event: Component, zones: ZoneResolver) -> ResolvedTime:
    found = event.first("DTSTART")
    if not found:
        raise AmbiguousTimeError("the file does not say when it begins", CliFlag.AT)
    value = _read(found)
    written = clean_line(found.value)[:40]
    if value is None:
        raise AmbiguousTimeError(f"the start {written!r} is no time", CliFlag.AT)
    if not isinstance(value, dt.datetime):
        raise AmbiguousTimeError(
            f"it takes the whole day ({value}); when does it begin?", CliFlag.AT
        )
    if value.year not in _YEARS:
        raise AmbiguousTimeError(f"the start {written!r} is in an impossible year", CliFlag.AT)
    return zones.place(value, _tzid(event, found))


def _end(
    event: Component, zones: ZoneResolver, start: ResolvedTime
) -> tuple[dt.datetime, str, bool]:
    """Return the end, where it comes from, and whether it is assumed."""
    begin = start.at.astimezone(dt.UTC)
    found = event.first("DTEND")
    value = _read(found) if found else None
    if found and isinstance(value, dt.datetime) and value.year in _YEARS:
        if value.tzinfo is None and not _tzid(event, found) and start.zone:
            value = value.replace(tzinfo=start.zone)
        end = zones.place(value, _tzid(event, found)).at.astimezone(dt.UTC)
        source = "DTEND"
    elif (length := _length(event)) is not None and abs(length) < dt.timedelta(days=400):
        end, source = begin + length, "DURATION"
    else:
        return begin + ASSUMED, "the file does not say when it ends", True
    if end < begin:
        raise AmbiguousTimeError(f"it ends before it begins ({source})", CliFlag.AT)
    if end == begin:
        return begin + ASSUMED, "the file gives its end as its start", True
    return end, source, False


def _is_whole_days(start: dt.datetime, end: dt.datetime) -> bool:
    """Tell whether it lasts from one midnight to another, as some write what takes all day."""
    local = end.astimezone(dt.UTC).astimezone(start.tzinfo)
    return start.time() == local.time() == dt.time() and start.date() < local.date()


def _length(event: Component) -> dt.timedelta | None:
    found = event.first("DURATION")
    if not found or not found.value.strip().upper().lstrip("+-").startswith("P"):
        return None
    try:
        value = vDDDTypes.from_ical(found.value.strip())
    except (ValueError, OverflowError, InvalidCalendar):
        return None
    return value if isinstance(value, dt.timedelta) else None


def _tzid(event: Component, found: Property) -> str:
    # Some senders write the zone beside the times instead of into them.
    return found.params.get("TZID", "") or event.text("TZID")


def _read(found: Property) -> dt.datetime | dt.date | None:
    """Return the value: naive, in UTC, or a day; the ISO 8601 form with dashes is taken too."""
    text = _DASHED.sub(r"\1\2\3", found.value.strip()).replace(":", "")
    try:
        if match := _MOMENT.fullmatch(text):
            return _moment(match)
        return vDDDTypes.from_ical(text) if _DAY.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _moment(match: re.Match[str]) -> dt.datetime:
    day, clock, offset = match.groups()
    value: dt.datetime = vDDDTypes.from_ical(f"{day}T{clock:0<6}")
    if not offset:
        return value
    zone = dt.UTC if offset.upper() == "Z" else dt.datetime.strptime(offset, "%z").tzinfo
    return value.replace(tzinfo=zone).astimezone(dt.UTC)


def _hours(length: dt.timedelta) -> str:
    return f"{length // dt.timedelta(hours=1)} hours"
