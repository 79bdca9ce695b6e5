"""Map the time zone names of calendar programs (IANA, Windows, vendors') to IANA zones."""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from zoneinfo import ZoneInfo

from afterword.formats import validators

# Regions in which the last part of a name is a city, unlike "US/Eastern" and "Etc/GMT+5".
_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# The machine's own zone, and copies of the database that not every machine has.
_NOT_PORTABLE = re.compile(r"(?:posix|right)/|(?:localtime|posixrules|factory)$", re.IGNORECASE)
_OFFSET = re.compile(r"\(?\s*(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*\)?\s*", re.ASCII)
_ZERO = re.compile(r"\((?:UTC|GMT)\)\s*", re.IGNORECASE)
_UTC_NAMES = {"utc", "gmt", "uct", "zulu", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0"}
# icalendar maps Windows names to some names that the IANA database has replaced.
_RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
}
# Display names of Windows other than cities, also in other languages.
_DISPLAY_NAMES = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "newfoundland": "America/St_Johns",
    "indiana (east)": "America/Indiana/Indianapolis",
    "chennai": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "abu dhabi": "Asia/Dubai",
    "osaka": "Asia/Tokyo",
    "edinburgh": "Europe/London",
    "bern": "Europe/Zurich",
    "west central africa": "Africa/Lagos",
    "harare": "Africa/Harare",
    "pretoria": "Africa/Johannesburg",
    "mitteleuropäische zeit": "Europe/Berlin",
    "mitteleuropäische normalzeit": "Europe/Berlin",
    "westeuropäische normalzeit": "Europe/Berlin",
    "w. europäische normalzeit": "Europe/Berlin",
    "romanische normalzeit": "Europe/Paris",
    "romance (heure standard)": "Europe/Paris",
    "europe de l’ouest": "Europe/Berlin",
    "europe de l'ouest": "Europe/Berlin",
    "w. europe": "Europe/Berlin",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}


# Preferred where several zones have the same clock.
_COMMON_WINDOWS_NAMES = (
    "W. Europe", "GMT", "Romance", "Eastern", "Central", "Mountain", "Pacific", "South Africa",
    "India", "China", "Tokyo", "AUS Eastern", "New Zealand", "GTB", "Singapore", "Arabian",
)  # fmt: skip


def is_utc_name(tzid: str) -> bool:
    """True if the name means UTC, which states an instant but no location."""
    name = tzid.strip().strip('"/').casefold().removeprefix("etc/")
    return name in _UTC_NAMES or name == "tzone://microsoft/utc"


def parse_zone_name(tzid: str) -> ZoneInfo | None:
    """Return the zone of an IANA name (with or without a vendor's prefix) or a Windows name."""
    name = tzid.strip().strip('"').strip("/")
    return (
        _iana_zone(name)
        or _windows_zones().get(name.casefold())
        or (_iana_suffix(name) if tzid.strip().startswith("/") else None)
        or _displayed_zone(name)
    )


def parse_offset_name(tzid: str) -> dt.timedelta | None:
    """Return the offset that the name begins with, as in "(UTC+07:00) somewhere" or "GMT-3"."""
    if not (match := _OFFSET.match(tzid)):
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return offset if match[1] == "+" else -offset


@functools.cache
def common_zones() -> tuple[ZoneInfo, ...]:
    """Return the zones of all Windows names, the most common first."""
    zones = _windows_zones()
    first = [f"{name} Standard Time".casefold() for name in _COMMON_WINDOWS_NAMES]
    return tuple(zones[name] for name in dict.fromkeys((*first, *zones)))


@functools.cache
def _windows_zones() -> dict[str, ZoneInfo]:
    """Return the zones by Windows name in lower case."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    zones = {
        name.casefold(): _iana_zone(_RENAMED.get(zone, zone))
        for name, zone in WINDOWS_TO_OLSON.items()
    }
    return {name: zone for name, zone in zones.items() if zone}


@functools.cache
def _iana_names() -> dict[str, str]:
    """Return the IANA names by themselves in lower case."""
    names = zoneinfo.available_timezones()
    return {name.casefold(): name for name in names if not _NOT_PORTABLE.match(name)}


@functools.cache
def _zones_by_city() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for name in sorted(_iana_names().values()):
        if name.startswith(_REGIONS):
            city = name.rpartition("/")[2].replace("_", " ").casefold()
            zones.setdefault(city, []).append(name)
    return zones


def _iana_zone(name: str) -> ZoneInfo | None:
    key = _iana_names().get(name.casefold())
    try:
        return validators.validate_zone(key) if key else None
    except validators.InvalidValueError:
        return None


def _iana_suffix(name: str) -> ZoneInfo | None:
    """Return the zone after a vendor's prefix (RFC 5545 3.2.19), the longest suffix first."""
    parts = name.split("/")[-4:]
    suffixes = ("/".join(parts[at:]) for at in range(len(parts)))
    return next((zone for suffix in suffixes if (zone := _iana_zone(suffix))), None)


def _displayed_zone(name: str) -> ZoneInfo | None:
    """Return the zone of a Windows display name: an offset, then cities.

    The offset is that of standard time; it tells cities of the same name apart.
    """
    offset = parse_offset_name(name) if name.startswith("(") else None
    words = _ZERO.sub("", _OFFSET.sub("", name, count=1)) if name.startswith("(") else name
    for word in (words, *words.split(",")):
        key = " ".join(word.split()).casefold()
        for candidate in (_DISPLAY_NAMES.get(key), *_zones_by_city().get(key, ())):
            zone = _iana_zone(candidate) if candidate else None
            if zone and (offset is None or offset in _standard_offsets(zone)):
                return zone
    return None


def _standard_offsets(zone: ZoneInfo) -> set[dt.timedelta | None]:
    """Return the offsets in January and July; standard time, north or south, is among them."""
    return {dt.datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
