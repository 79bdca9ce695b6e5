"""A time that the text states, against the time of the calendar.

Only times with the abbreviation of a zone that means one clock everywhere, or
behind a label ("Time: 14:00"), are compared, and one that agrees is enough: a
text names other times too. So there is a warning only where it contradicts.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

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
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONED = re.compile(
    rf"(?<![\d:.])(?P<words>{_CLOCK}\s*\(?(?P<zone>{_ZONES}))\b(?![+-])", re.ASCII | re.IGNORECASE
)
_LABELLED = re.compile(
    r"^\W*(?:time|start(?:s|\s?time)?|uhrzeit|beginn|heure|hora)\s*:\s*"
    rf"(?P<words>{_CLOCK})(?=\s*(?:$|[-–,(]|to\b|bis\b|uhr\b))",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_NOON = 12


def conflict(text: str, start: dt.datetime, zone: ZoneInfo | None) -> str | None:
    """Return what to warn of where the text states times and none of them is `start`."""
    stated = list(_ZONED.finditer(text))
    agree = [_time(m) in _times(start, _CLOCKS[m["zone"].upper()]) for m in stated]
    if zone and not stated:
        stated = list(_LABELLED.finditer(text))
        agree = [_time(m) == _clock(start) for m in stated]
    if not stated or any(agree):
        return None
    words = " and ".join(m["words"].strip() for m in stated[:2])
    shown = f"{start:%H:%M} {zone.key if zone else 'UTC'}"
    return f"the text says {words}, the calendar entry {shown}; check which one holds"


def _times(start: dt.datetime, zones: tuple[str, ...]) -> set[dt.time]:
    return {_clock(start.astimezone(ZoneInfo(name))) for name in zones}


def _clock(moment: dt.datetime) -> dt.time:
    return moment.time().replace(second=0, microsecond=0, fold=0)


def _time(match: re.Match[str]) -> dt.time | None:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= _NOON:
        return None
    if half:
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    return dt.time(hour, int(match["minute"] or 0))
