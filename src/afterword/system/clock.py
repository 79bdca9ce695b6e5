"""The machine's clock, time zone and time zone database.

They are read only here: other modules take `now` and the user's zone as arguments.
"""

from __future__ import annotations

import datetime as dt
import os
import warnings
import zoneinfo
from pathlib import Path

import tzdata

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Zulu"})
"""The names of UTC, which is the setting of a machine if nobody has chosen a zone."""
TZDATA = Path(tzdata.__file__).parent
"""The directory of the tzdata package."""


def now() -> dt.datetime:
    """Return the current time in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - allowed here only


def local_zone() -> zoneinfo.ZoneInfo | None:
    """Return the machine's zone, or None if the machine does not name it.

    It is None for an empty or unknown TZ, contradictory files, and a copied
    /etc/localtime without a name, so that the caller asks the user and does
    not assume UTC.
    """
    import tzlocal  # noqa: TID251 - allowed here only

    if os.environ.get("TZ") == "":
        return None
    with warnings.catch_warnings():
        # tzlocal warns when it falls back to UTC, which the name check below detects,
        # and when the C library's older zone database disagrees with ours.
        warnings.simplefilter("ignore")
        try:
            zone, name = tzlocal.get_localzone(), tzlocal.get_localzone_name()
            return zoneinfo.ZoneInfo(name) if name and zone.key == name else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return None


def use_newest_zones() -> None:
    """Make `zoneinfo` use the newer of the system's zone database and tzdata's.

    Python prefers the system's, however old: with a database of 2025 a meeting
    in Vancouver in December 2026 is an hour off. Call it once, before the first
    `ZoneInfo`, because those that exist do not change. PYTHONTZPATH, if set,
    takes precedence. tzdata's directory is named, because `zoneinfo` would import
    a package for each continent to find a file in it.
    """
    if "PYTHONTZPATH" not in os.environ and system_version() < tzdata.IANA_VERSION:
        zoneinfo.reset_tzpath(to=[str(TZDATA / "zoneinfo")])


def zones_version() -> str:
    """Return the release of the zone database in use ("2026a")."""
    return system_version() or tzdata.IANA_VERSION


def system_version() -> str:
    """Return the release of the system's zone database ("2025b"), "" if there is none."""
    for directory in map(Path, zoneinfo.TZPATH):
        if (directory / "tzdata.zi").is_file():
            with (directory / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
                return file.readline().removeprefix("# version").strip()
        if (directory / "+VERSION").is_file():
            return (directory / "+VERSION").read_text("ascii", errors="replace").strip()
    return ""
