"""The only reader of the machine's clock, of its zone, and of its zone database.

Everything else takes `now` and the user's zone as arguments.
"""

from __future__ import annotations

import datetime as dt
import os
import warnings
import zoneinfo
from pathlib import Path

import tzdata

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Zulu"})
"""What a machine is set to on which nobody ever chose a zone."""


def now() -> dt.datetime:
    """Return this moment, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place


def local_zone() -> zoneinfo.ZoneInfo | None:
    """Return the machine's zone, or None where the machine does not name one.

    An empty or unknown TZ, contradictory files and a copied /etc/localtime
    without a name all give None: the caller asks instead of taking UTC.
    """
    import tzlocal  # noqa: TID251 - the one place

    if os.environ.get("TZ") == "":
        return None
    with warnings.catch_warnings():
        # It warns where it falls back on UTC, which the name tells too, and
        # where the C library's older zone database disagrees with ours.
        warnings.simplefilter("ignore")
        try:
            zone, name = tzlocal.get_localzone(), tzlocal.get_localzone_name()
            return zoneinfo.ZoneInfo(name) if name and zone.key == name else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return None


def use_newest_zones() -> None:
    """Let `zoneinfo` read the newer of the system's zone database and tzdata's.

    Python prefers the system's, however old: on a machine of 2025 a meeting
    in Vancouver in December 2026 would be an hour off. Called once, before
    any zone is made, for a `ZoneInfo` once made stays as it is. A PYTHONTZPATH
    that somebody set is left alone.
    """
    if "PYTHONTZPATH" not in os.environ and system_version() < tzdata.IANA_VERSION:
        zoneinfo.reset_tzpath(to=())


def zones_version() -> str:
    """Return the release of the zone database in use, the system's or tzdata's."""
    return system_version() or tzdata.IANA_VERSION


def system_version() -> str:
    """Return the release of the system's zone database ("2025b"); "" if it has or tells none."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "tzdata.zi").is_file():
            with (folder / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
                return file.readline().removeprefix("# version").strip()
        if (folder / "+VERSION").is_file():
            return (folder / "+VERSION").read_text("ascii", errors="replace").strip()
    return ""
