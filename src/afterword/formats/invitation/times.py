"""When one event begins and ends (RFC 5545 3.6.1), or what has to be asked for it."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import attrs
from icalendar.error import InvalidCalendar
from icalendar.prop import vDDDTypes

from afterword.core import timing
from afterword.core.text import clean_line
from afterword.formats.invitation.blocks import Block, Property
from afterword.formats.invitation.values import Flag
from afterword.formats.invitation.zones import Placed, UnclearError, Zones
from afterword.formats.values import FIRST_YEAR, LAST_YEAR, LONGEST_INTERVIEW

ASSUMED = dt.timedelta(minutes=60)
"""How long an interview is taken to last where its invitation does not say."""

_LONG = dt.timedelta(hours=12)
# A day less at both ends, so that no zone carries a time out of what a calendar can hold.
_YEARS = range(FIRST_YEAR + 1, LAST_YEAR)
_MOMENT = re.compile(r"(\d{8})[T ](\d{4}|\d{6})(?:\.\d+)?(Z|[+-]\d{4})?", re.ASCII | re.IGNORECASE)
_DASHED = re.compile(r"^(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)


@attrs.frozen(kw_only=True)
class Slot:
    """When an interview takes place, where each end comes from, and what was assumed."""

    start: dt.datetime
    end: dt.datetime
    zone: ZoneInfo | None
    sources: dict[str, str]
    guessed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def slot(event: Block, zones: Zones, *, at: dt.datetime | None = None) -> Slot:
    """Return when the event takes place; `at` is a start that was told, and counts.

    Raises UnclearError where start or end cannot be read without guessing.
    """
    if at is not None:
        return _told(event, zones, at)
    start = _start(event, zones)
    end, source, assumed = _end(event, zones, start)
    if _is_whole_days(start.at, end):
        raise UnclearError(
            f"it takes the whole day ({start.at:%Y-%m-%d}); when does it begin?", Flag.AT
        )
    warnings = [*start.warnings, *([f"{source}: it is taken to last 60 minutes"] * assumed)]
    if end - start.at.astimezone(dt.UTC) > LONGEST_INTERVIEW:
        raise UnclearError(
            f"it lasts {(end - start.at).days} days; when does the interview begin?", Flag.AT
        )
    if end - start.at > _LONG:
        warnings.append(f"it lasts {_hours(end - start.at)}; check the end")
    # One clock for both ends: a reading in two zones says nothing to anybody.
    return Slot(
        start=start.at,
        end=end.astimezone(dt.UTC).astimezone(start.at.tzinfo),
        zone=start.zone,
        sources={"start": f"DTSTART, {start.source}", "end": source},
        guessed=(*(["zone"] * start.guessed), *(["end"] * assumed)),
        warnings=tuple(warnings),
    )


def instant(event: Block, name: str, zones: Zones) -> dt.datetime | None:
    """Return the UTC instant of a property where it can be read, else None."""
    found = event.first(name)
    value = _read(found) if found else None
    if found is None or not isinstance(value, dt.datetime):
        return None
    try:
        return zones.place(value, found.params.get("TZID", "")).at.astimezone(dt.UTC)
    except (UnclearError, OverflowError):
        return None


def stamp(event: Block) -> dt.datetime | None:
    """Return the DTSTAMP, which is in UTC."""
    found = event.first("DTSTAMP", "LAST-MODIFIED")
    value = _read(found) if found else None
    if not isinstance(value, dt.datetime):
        return None
    return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)


def _told(event: Block, zones: Zones, at: dt.datetime) -> Slot:
    try:
        written = slot(event, zones)
    except UnclearError:
        zone = zones.employer or (at.tzinfo if isinstance(at.tzinfo, ZoneInfo) else None)
        start = at.astimezone(zone) if zone else at
        return Slot(
            start=start,
            end=timing.later(start, ASSUMED),
            zone=zone,
            sources={"start": Flag.AT, "end": Flag.AT},
            guessed=("end",),
            warnings=("it is taken to last 60 minutes",),
        )
    start = at.astimezone(written.start.tzinfo)
    moved = start != written.start
    length = timing.elapsed(written.start, written.end)
    said = f"you gave {start:%Y-%m-%d %H:%M}, the file says {written.start:%Y-%m-%d %H:%M}"
    return attrs.evolve(
        written,
        start=start,
        end=timing.later(start, length),
        sources={**written.sources, "start": Flag.AT} if moved else written.sources,
        warnings=(*written.warnings, said) if moved else written.warnings,
    )


def _start(event: Block, zones: Zones) -> Placed:
    found = event.first("DTSTART")
    if not found:
        raise UnclearError("the file does not say when it begins", Flag.AT)
    value = _read(found)
    written = clean_line(found.value)[:40]
    if value is None:
        raise UnclearError(f"the start {written!r} is no time", Flag.AT)
    if not isinstance(value, dt.datetime):
        raise UnclearError(f"it takes the whole day ({value}); when does it begin?", Flag.AT)
    if value.year not in _YEARS:
        raise UnclearError(f"the start {written!r} is in an impossible year", Flag.AT)
    return zones.place(value, _tzid(event, found))


def _end(event: Block, zones: Zones, start: Placed) -> tuple[dt.datetime, str, bool]:
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
        raise UnclearError(f"it ends before it begins ({source})", Flag.AT)
    if end == begin:
        return begin + ASSUMED, "the file gives its end as its start", True
    return end, source, False


def _is_whole_days(start: dt.datetime, end: dt.datetime) -> bool:
    """Tell whether it lasts from one midnight to another, as some write what takes all day."""
    local = end.astimezone(dt.UTC).astimezone(start.tzinfo)
    return start.time() == local.time() == dt.time() and start.date() < local.date()


def _length(event: Block) -> dt.timedelta | None:
    found = event.first("DURATION")
    if not found or not found.value.strip().upper().lstrip("+-").startswith("P"):
        return None
    try:
        value = vDDDTypes.from_ical(found.value.strip())
    except (ValueError, OverflowError, InvalidCalendar):
        return None
    return value if isinstance(value, dt.timedelta) else None


def _tzid(event: Block, found: Property) -> str:
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
