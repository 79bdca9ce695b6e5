"""Names of time zones as calendars write them, to zones of the IANA database.

Nothing here looks at a definition in the file; a name either says which clock
is meant, or it says no more than an offset, or nothing.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from afterword.formats import validators

# Regions whose last part is a city; "US/Eastern" and "Etc/GMT+5" name none.
_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# Zones of the machine, and copies of the database that not every machine has.
_NOT_NAMES = re.compile(r"(?:posix|right)/|(?:localtime|posixrules|factory)$", re.IGNORECASE)
_OFFSET = re.compile(r"\(?\s*(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*\)?\s*", re.ASCII)
_ZERO = re.compile(r"\((?:UTC|GMT)\)\s*", re.IGNORECASE)
_INSTANT_ONLY = {"utc", "gmt", "uct", "zulu", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0"}
# The Windows names are mapped to names that the database has since given up.
_RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
}
# What Windows shows instead of a city, and what it calls zones in other languages.
_OTHER_NAMES = {
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


def is_instant_only(tzid: str) -> bool:
    """Tell whether the name is one of UTC, which says when but not where."""
    name = tzid.strip().strip('"/').casefold().removeprefix("etc/")
    return name in _INSTANT_ONLY or name == "tzone://microsoft/utc"


def zone_named(tzid: str) -> ZoneInfo | None:
    """Return the zone of an IANA name (with or without a vendor's prefix) or a Windows one."""
    name = tzid.strip().strip('"').strip("/")
    return (
        _iana(name)
        or _windows().get(name.casefold())
        or (_iana_at_end(name) if tzid.strip().startswith("/") else None)
        or _displayed(name)
    )


def offset_named(tzid: str) -> dt.timedelta | None:
    """Return the offset that the name begins with, as in "(UTC+07:00) somewhere" or "GMT-3"."""
    if not (match := _OFFSET.match(tzid)):
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return offset if match[1] == "+" else -offset


def common_zones() -> tuple[ZoneInfo, ...]:
    """Return one zone for each clock in use, the best known first."""
    return tuple(_windows()[name] for name in _by_fame())


@functools.cache
def _by_fame() -> tuple[str, ...]:
    known = (
        "W. Europe", "GMT", "Romance", "Eastern", "Central", "Mountain", "Pacific", "South Africa",
        "India", "China", "Tokyo", "AUS Eastern", "New Zealand", "GTB", "Singapore", "Arabian",
    )  # fmt: skip
    first = [f"{name} Standard Time".casefold() for name in known]
    return (*first, *(name for name in _windows() if name not in first))


@functools.cache
def _windows() -> dict[str, ZoneInfo]:
    found = {
        name.casefold(): _iana(_RENAMED.get(zone, zone)) for name, zone in WINDOWS_TO_OLSON.items()
    }
    return {name: zone for name, zone in found.items() if zone}


@functools.cache
def _names() -> dict[str, str]:
    return {
        name.casefold(): name
        for name in zoneinfo.available_timezones()
        if not _NOT_NAMES.match(name)
    }


@functools.cache
def _cities() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(_names().values()):
        if name.startswith(_REGIONS):
            city = name.rpartition("/")[2].replace("_", " ").casefold()
            found.setdefault(city, []).append(name)
    return found


def _iana(name: str) -> ZoneInfo | None:
    key = _names().get(name.casefold())
    try:
        return validators.validate_zone(key) if key else None
    except validators.InvalidValueError:
        return None


def _iana_at_end(name: str) -> ZoneInfo | None:
    """Find the zone after a vendor's prefix (RFC 5545 3.2.19), longest first."""
    parts = name.split("/")[-4:]
    tails = ("/".join(parts[at:]) for at in range(len(parts)))
    return next((zone for tail in tails if (zone := _iana(tail))), None)


def _displayed(name: str) -> ZoneInfo | None:
    """Find the zone of a name as Windows shows it: an offset, then cities.

    The offset is that of standard time; a city of another offset is another city.
    """
    offset = offset_named(name) if name.startswith("(") else None
    words = _ZERO.sub("", _OFFSET.sub("", name, count=1)) if name.startswith("(") else name
    for word in (words, *words.split(",")):
        key = " ".join(word.split()).casefold()
        for found in (_OTHER_NAMES.get(key), *_cities().get(key, ())):
            zone = _iana(found) if found else None
            if zone and (offset is None or offset in standard_offsets(zone)):
                return zone
    return None


def standard_offsets(zone: ZoneInfo) -> set[dt.timedelta | None]:
    """Return the offsets of the zone in winter, north and south, as Windows names them."""
    return {dt.datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
