"""Resolve the start and end of an event (RFC 5545 3.6.1), and compare them with its text."""

from __future__ import annotations

import datetime as dt
import functools
import re
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.sanitize import clean_line
from afterword.formats.dates import parse_clock
from afterword.formats.validators import LONGEST_INTERVIEW
from afterword.importers.invitation.ical_parser import Component, Property
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.windows_zones import ZONE_NAMES
from afterword.importers.invitation.zone_resolver import (
    AmbiguousTimeError,
    ResolvedTime,
    ZoneResolver,
)
from afterword.importers.word_lists import read_lists

_ASSUMED_LENGTH = dt.timedelta(minutes=60)
_SUSPICIOUS_LENGTH = dt.timedelta(hours=12)
_MAX_DURATION = dt.timedelta(days=400)
# A year less at both ends, so that no conversion between zones leaves the range of datetime.
_YEARS = range(FIRST_YEAR + 1, LAST_YEAR)
_DATE_TIME = re.compile(r"\d{8}[T ]\d{4}(?:\d\d(?:\.\d+)?)?(?:Z|[+-]\d{3,4})?", re.ASCII)
_SHORT_OFFSET = re.compile(r"([+-])(\d{3})$")
_DASHED = re.compile(r"^(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DATE = re.compile(r"\d{8}", re.ASCII)
_CLOCK = r"(?P<clock>(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d)?\s*(?:[ap]\.?m\b\.?)?)"
_LABELLED = re.compile(
    r"^[^\w\n]{0,20}(?:time|start(?:s|\s?time)?|uhrzeit|beginn|heure|hora)\s*:\s*"
    rf"(?P<words>{_CLOCK})(?=\s*(?:$|[-–,(]|to\b|bis\b|uhr\b))",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)


@attrs.frozen(kw_only=True)
class TimeRange:
    """The start and end of an interview, their sources, and the fields that were assumed."""

    start: dt.datetime
    end: dt.datetime
    zone: ZoneInfo | None
    sources: dict[str, str]
    guessed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def resolve_time_range(
    event: Component, zones: ZoneResolver, *, at: dt.datetime | None = None
) -> TimeRange:
    """Return start and end of the event; `at` is a start that the user gave, and overrides.

    Raises AmbiguousTimeError where one of them cannot be read without guessing.
    """
    if at is not None:
        return _with_start(event, zones, at)
    start = _parse_start(event, zones)
    end, source, assumed = _parse_end(event, zones, start)
    length = end - start.at.astimezone(dt.UTC)
    if _is_whole_days(start.at, end):
        raise AmbiguousTimeError(
            f"it takes the whole day ({start.at:%Y-%m-%d}); when does it begin?"
        )
    warnings = [*start.warnings, *([f"{source}: its length is assumed to be 60 minutes"] * assumed)]
    if length > LONGEST_INTERVIEW:
        raise AmbiguousTimeError(f"it lasts {length.days} days; when does the interview begin?")
    if length > _SUSPICIOUS_LENGTH:
        warnings.append(f"it lasts {length // datemath.HOUR} hours; check the end")
    # Both ends in one zone: a time range in two zones would only confuse.
    return TimeRange(
        start=start.at,
        end=end.astimezone(start.at.tzinfo),
        zone=start.zone,
        sources={"start": f"DTSTART, {start.source}", "end": source},
        guessed=(*(["zone"] * start.guessed), *(["end"] * assumed)),
        warnings=tuple(warnings),
    )


def parse_ical_instant(event: Component, name: str, zones: ZoneResolver) -> dt.datetime | None:
    """Return the UTC instant of a property, None where it is missing or ambiguous."""
    prop = event.first(name)
    value = _parse_value(prop)
    if prop is None or not isinstance(value, dt.datetime):
        return None
    try:
        return zones.resolve(value, prop.params.get("TZID", "")).at.astimezone(dt.UTC)
    except (AmbiguousTimeError, OverflowError):
        return None


def parse_utc(event: Component, name: str) -> dt.datetime | None:
    """Return the time of a property that is always in UTC, None where it is missing or invalid."""
    value = _parse_value(event.first(name))
    if not isinstance(value, dt.datetime) or value.year not in _YEARS:
        return None
    return value.replace(tzinfo=dt.UTC)


def time_mismatch(text: str, start: dt.datetime, zone: ZoneInfo | None) -> str | None:
    """Return a warning if the text states times and none of them is `start`.

    Only times with the abbreviation of a zone, or else behind a label ("Time: 14:00"), are
    compared, because a text also mentions other times.
    """
    stated = list(_zoned_time().finditer(text))
    if zone and not stated:
        stated = list(_LABELLED.finditer(text))
    if not stated or any(_states(match, start) for match in stated):
        return None
    words = " and ".join(m["words"].strip() for m in stated[:2])
    formatted = f"{start:%H:%M} {zone.key if zone else 'UTC'}"
    return f"the text says {words}, the calendar entry {formatted}; check which is right"


@functools.cache
def _zoned_time() -> re.Pattern[str]:
    """Return the pattern of a time with the abbreviation of its zone."""
    abbreviations = "|".join(
        sorted(read_lists(ZONE_NAMES)["times_in_texts"], key=len, reverse=True)
    )
    return re.compile(
        rf"(?<![\d:.])(?P<words>{_CLOCK}\s*\(?(?P<zone>{abbreviations}))\b(?![+-])",
        re.ASCII | re.IGNORECASE,
    )


def _states(match: re.Match[str], start: dt.datetime) -> bool:
    """True if the text states the start, in its zone or in a zone that it abbreviates."""
    abbreviation = match.groupdict().get("zone")
    names = read_lists(ZONE_NAMES)["times_in_texts"][abbreviation.upper()] if abbreviation else ()
    zones: list[dt.tzinfo | None] = [ZoneInfo(name) for name in names] or [start.tzinfo]
    clocks = [start.astimezone(zone).time() for zone in zones]
    stated = parse_clock.parse_clock(match["clock"], bare_hour=True)
    return stated in [clock.replace(second=0, microsecond=0, fold=0) for clock in clocks]


def _with_start(event: Component, zones: ZoneResolver, at: dt.datetime) -> TimeRange:
    """Return the range from `at` on, as long as the file says if that can be read."""
    try:
        stated = resolve_time_range(event, zones)
    except AmbiguousTimeError:
        zone = zones.employer or (at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else None)
        start = at.astimezone(zone) if zone else at
        return TimeRange(
            start=start,
            end=datemath.add_elapsed(start, _ASSUMED_LENGTH),
            zone=zone,
            sources={"start": CliFlag.AT, "end": CliFlag.AT},
            guessed=("end",),
            warnings=("its length is assumed to be 60 minutes",),
        )
    start = at.astimezone(stated.start.tzinfo)
    if start == stated.start:
        return stated
    warning = f"you gave {start:%Y-%m-%d %H:%M}, the file says {stated.start:%Y-%m-%d %H:%M}"
    return attrs.evolve(
        stated,
        start=start,
        end=datemath.add_elapsed(start, datemath.elapsed(stated.start, stated.end)),
        sources={**stated.sources, "start": CliFlag.AT},
        warnings=(*stated.warnings, warning),
    )


def _parse_start(event: Component, zones: ZoneResolver) -> ResolvedTime:
    prop = event.first("DTSTART")
    if not prop:
        raise AmbiguousTimeError("the file does not say when it begins")
    value = _parse_value(prop)
    quoted = repr(clean_line(prop.value)[:40])
    if value is None:
        raise AmbiguousTimeError(f"the start {quoted} is no time")
    if not isinstance(value, dt.datetime):
        raise AmbiguousTimeError(f"it takes the whole day ({value}); when does it begin?")
    if value.year not in _YEARS:
        raise AmbiguousTimeError(f"the start {quoted} is in an impossible year")
    return zones.resolve(value, _tzid(event, prop))


def _parse_end(
    event: Component, zones: ZoneResolver, start: ResolvedTime
) -> tuple[dt.datetime, str, bool]:
    """Return the end in UTC, its source, and whether it is assumed."""
    begin = start.at.astimezone(dt.UTC)
    prop = event.first("DTEND")
    value = _parse_value(prop)
    if prop and isinstance(value, dt.datetime) and value.year in _YEARS:
        if value.tzinfo is None and not _tzid(event, prop) and start.zone:
            value = value.replace(tzinfo=start.zone)
        end = zones.resolve(value, _tzid(event, prop)).at.astimezone(dt.UTC)
        source = "DTEND"
    elif (length := _parse_duration(event)) is not None and abs(length) < _MAX_DURATION:
        end, source = begin + length, "DURATION"
    else:
        return begin + _ASSUMED_LENGTH, "the file does not say when it ends", True
    if end < begin:
        raise AmbiguousTimeError(f"it ends before it begins ({source})")
    if end == begin:
        return begin + _ASSUMED_LENGTH, "the file gives its end as its start", True
    return end, source, False


def _is_whole_days(start: dt.datetime, end: dt.datetime) -> bool:
    """True if it lasts from midnight to midnight, as some programs write an all-day event."""
    local = end.astimezone(start.tzinfo)
    return start.time() == local.time() == dt.time() and start.date() < local.date()


def _parse_duration(event: Component) -> dt.timedelta | None:
    from icalendar.prop import vDuration

    try:
        length: dt.timedelta = vDuration.from_ical(event.text("DURATION").upper())
    except (ValueError, OverflowError):
        return None
    return length


def _tzid(event: Component, prop: Property) -> str:
    # Some senders write TZID as a property beside the times instead of a parameter.
    return prop.params.get("TZID", "") or event.text("TZID")


def _parse_value(prop: Property | None) -> dt.datetime | dt.date | None:
    """Return a naive time, a time in UTC or a date; ISO 8601 with dashes is accepted."""
    text = _DASHED.sub(r"\1\2\3", prop.value.strip()).replace(":", "").upper() if prop else ""
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
        if not _DATE_TIME.fullmatch(text):
            return None
        # Some senders leave out the first zero of the offset.
        value = dt.datetime.fromisoformat(_SHORT_OFFSET.sub(r"\g<1>0\2", text))
        return (value.astimezone(dt.UTC) if value.tzinfo else value).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None
