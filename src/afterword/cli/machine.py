"""What the doctor looks at on this machine: files and their modes, time zone, rules of clocks."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from afterword import clock
from afterword.cli.finding import Finding, Verdict
from afterword.cli.here import Here

_OLD_ZONES = dt.timedelta(days=550)
_OTHERS_READ, _OTHERS_WRITE = 0o077, 0o022


def machine(here: Here) -> Iterator[Finding]:
    """Look at all that needs no network."""
    yield from _files(here)
    yield from _zones(here)


def _files(here: Here) -> Iterator[Finding]:
    """Look at who else may read or change what is kept on this machine."""
    settings = here.locations.settings
    if not settings.exists():
        yield Finding("settings", Verdict.OK, f"{settings} is not there: all is as it comes")
    else:
        yield _mode("settings", settings)
    for about, path in (("facts", here.locations.data), ("state", here.locations.state)):
        if path.exists():
            yield _mode(about, path)


def _mode(about: str, path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else 0
    if mode & _OTHERS_WRITE:
        return Finding(about, Verdict.WRONG, f"others may change {path}", (f"chmod go-w {path}",))
    if mode & _OTHERS_READ:
        return Finding(about, Verdict.LOOK, f"others may read {path}", (f"chmod go-rwx {path}",))
    return Finding(about, Verdict.OK, f"{path} is yours alone")


def _zones(here: Here) -> Iterator[Finding]:
    machines = clock.local_zone()
    told = f"{here.zone.key}, and so is this machine's"
    if machines is None or machines.key in clock.UTC_NAMES:
        told = f"{here.zone.key}; this machine has none of its own"
        yield Finding("time zone", Verdict.OK, told)
    elif here.now.astimezone(machines).utcoffset() == here.now.astimezone(here.zone).utcoffset():
        yield Finding("time zone", Verdict.OK, told)
    else:
        told = f"alarms ring by {here.zone.key}, but this machine is set to {machines.key}"
        steps = (f'if you have moved for good: zone = "{machines.key}" in the settings',)
        yield Finding("time zone", Verdict.LOOK, told, steps)
    yield _zone_rules(clock.now())


def _zone_rules(now: dt.datetime) -> Finding:
    """Look at how old the rules of daylight saving time are."""
    version = clock.zones_version()
    told = f"the rules for clocks are of release {version}"
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC) if version[:4].isdigit() else now
    if now - released < _OLD_ZONES:
        return Finding("zone rules", Verdict.OK, told)
    steps = ("pip install --upgrade tzdata",)
    return Finding("zone rules", Verdict.LOOK, f"{told}, which is old", steps)
