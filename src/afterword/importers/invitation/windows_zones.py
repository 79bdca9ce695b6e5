"""Map the time zone names of calendar programs (IANA, Windows, vendors') to IANA zones."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from zoneinfo import ZoneInfo

from afterword.formats import validators
from afterword.importers.word_lists import read_lists

# Regions in which the last part of a name is a city, unlike "US/Eastern" and "Etc/GMT+5".
_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# "+02:00", "+0200", "+02.00", "+530" and "-5" in displayed names.
_OFFSET_TEXT = r"([+-])\s?(\d{1,2})(?:[:.]?(\d{2}))?(?![\d:])"
_OFFSET = re.compile(rf"\(?\s*(?:UTC|GMT)?\s*{_OFFSET_TEXT}\s*\)?\s*", re.ASCII | re.IGNORECASE)
# Zimbra and GroupWise: "GMT -0500 (Standard) / GMT -0400 (Daylight)", "GMT-05.00/-04.00".
_SEASONAL = re.compile(
    rf"\(?\s*(?:UTC|GMT)?\s*{_OFFSET_TEXT}\s*(?:\(Standard\)|Standard)?\s*/"
    rf"\s*(?:UTC|GMT)?\s*{_OFFSET_TEXT}\s*(?:\(Daylight\)|Daylight)?\s*\)?\s*",
    re.ASCII | re.IGNORECASE,
)
_ZERO = re.compile(r"\((?:UTC|GMT)\)\s*", re.IGNORECASE)
_UTC_NAMES = {"utc", "gmt", "uct", "zulu", "z", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0"}
_UTC_DISPLAYED = re.compile(
    r"(?:\(?(?:UTC|GMT)(?:[+-]0{1,2}(?:[:.]?00)?)?\)?)?\s*(?:coordinated universal time"
    r"|universal time(?: coordinated)?|koordinierte weltzeit|temps universel(?: coordonné)?"
    r"|(?:tiempo|hora) universal(?: coordinad[ao])?|tempo (?:coordinato universale"
    r"|universal coordenado)|gecoördineerde wereldtijd|UTC)?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[,;:/]\s*|\s+[-\u2013\u2014]\s+")
_AND = re.compile(r"\s(?:and|und|et|y|e|en|&amp;)\s", re.IGNORECASE)
# "(US & Canada)" in every language.
_NORTH_AMERICA = re.compile(r"\s*\([^()]*[ck]anad[aá][^()]*\)", re.IGNORECASE)
_SEASON = re.compile(r"\s+(?:standard|daylight|summer|winter)\s+time$|\s+time(?: zone)?$")
_IANA_WITHIN = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b", re.ASCII)
_MAX_NAME_LENGTH = 200
TYPICAL_YEAR = 2026
"""The year of the offsets by which a zone is recognized without a date."""

ZONE_NAMES = "invitation/zone_names.toml"
"""The data file with the names of zones."""

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
# Preferred where several zones have the same clock.
_COMMON_WINDOWS_NAMES = (
    "W. Europe", "GMT", "Romance", "Eastern", "Central", "Mountain", "Pacific", "South Africa",
    "India", "China", "Tokyo", "AUS Eastern", "New Zealand", "GTB", "Singapore", "Arabian",
)  # fmt: skip


def is_utc_name(tzid: str) -> bool:
    """True if the name means UTC, which states an instant but no location."""
    name = tzid[:_MAX_NAME_LENGTH].strip().strip('"/').casefold().removeprefix("etc/")
    if name in _UTC_NAMES or name == "tzone://microsoft/utc":
        return True
    return bool(name) and bool(_UTC_DISPLAYED.fullmatch(name))


def parse_zone_name(tzid: str) -> ZoneInfo | None:
    """Return the zone of an IANA name (with or without a vendor's prefix) or a displayed name.

    None for an unknown name, and for UTC.
    """
    if not tzid or is_utc_name(tzid):
        return None
    tzid = tzid[:_MAX_NAME_LENGTH].strip()
    name = tzid.strip('"').strip("/")
    return (
        _iana_zone(name)
        or _windows_zones().get(name.casefold())
        or (_iana_suffix(name) if tzid.startswith("/") else None)
        or _displayed_zone(name)
        or next(filter(None, map(_iana_zone, _IANA_WITHIN.findall(name))), None)
    )


def parse_offsets(tzid: str) -> tuple[dt.timedelta, dt.timedelta | None] | None:
    """Return the offset that the name begins with, and that of summer time where it has both.

    The first is that of standard time, as in "(UTC+07:00) somewhere" or "GMT-3".
    """
    name = tzid[:_MAX_NAME_LENGTH].strip().strip('"')
    if match := _SEASONAL.match(name):
        return _parse_offset(*match.groups()[:3]), _parse_offset(*match.groups()[3:])
    match = _OFFSET.match(name)
    return (_parse_offset(*match.groups()), None) if match else None


def is_plain_offset(tzid: str) -> bool:
    """True for an offset alone ("UTC+02:00"), which no summer time changes."""
    name = tzid[:_MAX_NAME_LENGTH].strip().strip('"')
    words = _OFFSET.sub("", name, count=1).casefold()
    return not words or words.startswith("coordinated universal time")


def zones_with_offsets(
    standard: dt.timedelta, summer: dt.timedelta | None, *, year: int
) -> list[ZoneInfo]:
    """Return the zones with that standard time, and that summer time if it is given."""
    return [
        zone
        for zone in common_zones()
        if min(_yearly_offsets(zone, year)) == standard
        and (summer is None or max(_yearly_offsets(zone, year)) == summer)
    ]


def _parse_offset(sign: str, hours: str, minutes: str | None) -> dt.timedelta:
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
    return offset if sign == "+" else -offset


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
    return {name.casefold(): name for name in validators.zone_names()}


def _iana_zone(name: str) -> ZoneInfo | None:
    key = _iana_names().get(name.casefold())
    return ZoneInfo(key) if key else None


def _iana_suffix(name: str) -> ZoneInfo | None:
    """Return the zone after a vendor's prefix (RFC 5545 3.2.19), the longest suffix first."""
    parts = name.split("/")[-4:]
    suffixes = ("/".join(parts[at:]) for at in range(len(parts)))
    return next((zone for suffix in suffixes if (zone := _iana_zone(suffix))), None)


def _displayed_zone(name: str) -> ZoneInfo | None:
    """Return the zone of a Windows display name: an offset, then cities.

    The offset is that of standard time; it tells cities of the same name apart.
    """
    offset, summer = parse_offsets(name) or (None, None)
    if not name.startswith("(") and summer is None:
        offset = None
    words = _SEASONAL.sub("", name, count=1)
    words = _ZERO.sub("", _OFFSET.sub("", words, count=1)) if words.startswith("(") else words
    words = _NORTH_AMERICA.sub("", _AND.sub(" & ", words))
    for word in (words, *_SEPARATOR.split(words)):
        key = _fold(word)
        season = _SEASON.sub("", key)
        windows = _windows_zones().get(f"{season} standard time")
        names = (*_zones_by_name().get(key, ()), *_zones_by_name().get(season, ()))
        for candidate in (*map(_iana_zone, names), windows):
            if candidate and (offset is None or offset in _yearly_offsets(candidate, TYPICAL_YEAR)):
                return candidate
    return None


def _fold(words: str) -> str:
    """Return words for comparison: without accents, capitals and extra white space."""
    decomposed = unicodedata.normalize("NFKD", " ".join(words.split()).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip(' ."')


@functools.cache
def _zones_by_name() -> dict[str, tuple[str, ...]]:
    """Return the IANA names by displayed names of regions and cities, in several languages."""
    zones: dict[str, tuple[str, ...]] = {}
    lists = read_lists(ZONE_NAMES)
    for table in (lists["names"], lists["abbreviations"], lists["cities"]):
        for zone, names in table.items():
            for name in map(_fold, names):
                zones[name] = (*zones.get(name, ()), zone)
    for zone in sorted(_iana_names().values()):
        if zone.startswith(_REGIONS):
            city = _fold(zone.rpartition("/")[2].replace("_", " "))
            zones[city] = (*zones.get(city, ()), zone)
    return zones


@functools.cache
def _yearly_offsets(zone: ZoneInfo, year: int) -> frozenset[dt.timedelta]:
    """Return the offsets in January and July: standard and summer time, north or south."""
    moments = (dt.datetime(year, month, 1, tzinfo=zone) for month in (1, 7))
    return frozenset(moment.utcoffset() or dt.timedelta() for moment in moments)
