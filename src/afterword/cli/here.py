"""Where, when and for whom a command runs: what the flags, the settings and the machine say.

The user's zone is --zone, else that of the settings, else the machine's, which
then is kept: a laptop that travels does not move the plan.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword import clock, config
from afterword.cli.console import say
from afterword.config.locations import Locations, locate
from afterword.errors import UsageError, WriteError


@attrs.frozen(kw_only=True)
class Here:
    """`now` is in UTC; `zone` is the user's in this run."""

    now: dt.datetime
    zone: ZoneInfo
    settings: config.Settings
    locations: Locations


def find(*, now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> Here:
    """Return what holds for this run; a local `now` is read in the user's zone.

    Raises UsageError for wrong settings, and where nothing tells the zone.
    """
    locations = locate(data)
    settings = config.read(locations.settings)
    zone = zone or _users_zone(settings, locations)
    return Here(now=_instant(now, zone), zone=zone, settings=settings, locations=locations)


def _instant(now: dt.datetime | None, zone: ZoneInfo) -> dt.datetime:
    if now is None:
        return clock.now()
    return (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(dt.UTC)


def _users_zone(settings: config.Settings, locations: Locations) -> ZoneInfo:
    machines = clock.local_zone()
    if settings.zone:
        _point_out_journey(settings.zone, machines)
        return settings.zone
    if machines is None:
        raise UsageError(
            "this machine does not name its time zone, and a wrong one would move every date: "
            "say where you live with --zone, such as --zone Europe/Berlin, "
            f"or once and for all in {locations.settings}"
        )
    if machines.key in clock.UTC_NAMES:
        say(
            f"times are in {machines.key}, as this machine is set; --zone Europe/Berlin tells yours"
        )
        return machines
    _keep(machines, locations.settings)
    return machines


def _point_out_journey(zone: ZoneInfo, machines: ZoneInfo | None) -> None:
    """Say that the machine's clock differs; one that is set to UTC is a server, not a journey."""
    if machines is None or machines.key in clock.UTC_NAMES:
        return
    moment = clock.now()
    if moment.astimezone(machines).utcoffset() != moment.astimezone(zone).utcoffset():
        say(f"your plan stays in {zone.key}, though this machine is set to {machines.key}")


def _keep(zone: ZoneInfo, path: Path) -> None:
    try:
        config.store_zone(path, zone)
    except WriteError as error:
        say(f"your time zone is taken to be {zone.key}, as this machine is set ({error.message})")
    else:
        say(f"your time zone is {zone.key}, as this machine is set; it is kept in {path}")
