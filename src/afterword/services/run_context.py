"""Where, when and for whom a command runs: what the flags, the settings and the machine say.

The user's zone is --zone, else that of the settings, else the machine's, which
then is kept: a laptop that travels does not move the plan.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.cli.ui.output import status
from afterword.errors import UsageError, WriteError
from afterword.settings import loader
from afterword.settings.paths import Locations, find_locations
from afterword.system import clock


@attrs.frozen(kw_only=True, eq=False)
class RunContext:
    """One run: `now` is in UTC, `zone` the user's. What is read once a run is kept by it."""

    now: dt.datetime
    zone: ZoneInfo
    settings: loader.Settings
    locations: Locations


def build_context(
    *, now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None
) -> RunContext:
    """Return what holds for this run; a local `now` is read in the user's zone.

    Raises UsageError for wrong settings, and where nothing tells the zone.
    """
    locations = find_locations(data)
    settings = loader.load_settings(locations.settings)
    users = zone or settings.zone or _machines_zone(locations)
    context = RunContext(
        now=_instant(now, users), zone=users, settings=settings, locations=locations
    )
    if zone is None and settings.zone:
        _point_out_journey(context)
    return context


def _instant(now: dt.datetime | None, zone: ZoneInfo) -> dt.datetime:
    if now is None:
        return clock.now()
    return (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(dt.UTC)


def _machines_zone(locations: Locations) -> ZoneInfo:
    """Return the machine's zone, kept from now on; one that is set to UTC may not be a home."""
    zone = clock.local_zone()
    if zone is None:
        raise UsageError(
            "this machine does not name its time zone, and a wrong one would move every date: "
            "say where you live with --zone, such as --zone Europe/Berlin, "
            f"or once and for all in {locations.settings}"
        )
    if zone.key in clock.UTC_NAMES:
        status(f"times are in {zone.key}, as this machine is set; --zone Europe/Berlin tells yours")
    else:
        _keep(zone, locations.settings)
    return zone


def _point_out_journey(context: RunContext) -> None:
    """Say that the machine's clock differs; one that is set to UTC is a server, not a journey."""
    machines = clock.local_zone()
    if machines is None or machines.key in clock.UTC_NAMES:
        return
    if (
        context.now.astimezone(machines).utcoffset()
        != context.now.astimezone(context.zone).utcoffset()
    ):
        status(
            f"your plan stays in {context.zone.key}, though this machine is set to {machines.key}"
        )


def _keep(zone: ZoneInfo, path: Path) -> None:
    try:
        loader.save_settings(path, {"zone": zone.key})
    except WriteError as error:
        status(
            f"your time zone is taken to be {zone.key}, as this machine is set ({error.message})"
        )
    else:
        status(f"your time zone is {zone.key}, as this machine is set; it is kept in {path}")
