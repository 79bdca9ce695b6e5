"""`afterword doctor`: what could keep a reminder from ringing, each with the next step."""

from __future__ import annotations

import datetime as dt
import enum
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs
import click

from afterword import clock
from afterword.cli import options
from afterword.cli.access import Access, address, connect, login_of, password_for, user_on
from afterword.cli.calendar import calendar_options
from afterword.cli.command import Command
from afterword.cli.console import say, show, show_json, styled
from afterword.cli.here import Here
from afterword.errors import AfterwordError, ExitCode
from afterword.targets import providers

if TYPE_CHECKING:
    from afterword.targets.caldav import Server
    from afterword.targets.checkup import Sight

_SKEW = dt.timedelta(minutes=5)
_OLD_ZONES = dt.timedelta(days=550)
_OTHERS_READ, _OTHERS_WRITE = 0o077, 0o022


class Verdict(enum.StrEnum):
    """How a thing is."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


_LOOKS = {Verdict.OK: "green", Verdict.LOOK: "yellow", Verdict.WRONG: "red"}


@attrs.frozen
class Finding:
    """One thing that was looked at; `steps` are what to do next."""

    about: str
    verdict: Verdict
    told: str
    steps: tuple[str, ...] = ()


@click.command(cls=Command, example="afterword doctor")
@calendar_options
@click.option("--dry-run", is_flag=True, help="Put no event on the server, not even for a moment.")
@options.here
@options.json
def doctor(
    here: Here, calendar_url: str | None, dry_run: bool, as_json: bool, **flags: Any
) -> None:
    """Look for what could keep a reminder from ringing.

    Settings, time zone, clock, and the calendar on the server, where an event
    is put, read and taken away again. Ends with 3 where something is wrong.
    """
    url = calendar_url or here.settings.calendar_url
    findings = list[Finding]()
    for finding in _all(here, url, Access(**flags), dry_run=dry_run):
        findings.append(finding)
        if not as_json:
            _show(finding)
    hints = _hints(url)
    if as_json:
        show_json(_document(findings, hints))
    else:
        say("on the phone:")
        for hint in hints:
            say(f"  {hint}")
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        click.get_current_context().exit(ExitCode.PARTLY)


def _hints(url: str | None) -> tuple[str, ...]:
    """Return what the phone needs; a provider that is refused has been told of already."""
    try:
        return providers.of(url).phone if url else providers.OTHER.phone
    except AfterwordError:
        return providers.OTHER.phone


def _all(here: Here, url: str | None, access: Access, *, dry_run: bool) -> Iterator[Finding]:
    yield from _files(here)
    yield from _zones(here)
    if url is None:
        steps = ("`afterword calendars` chooses one; files need none",)
        yield Finding("calendar", Verdict.LOOK, "none on a server is chosen", steps)
        return
    try:
        yield from _server(here, url, access, dry_run=dry_run)
    except AfterwordError as error:
        yield Finding("calendar", Verdict.WRONG, error.message, error.notes)


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
    yield _zone_rules(here.now)


def _zone_rules(now: dt.datetime) -> Finding:
    """Look at how old the rules of daylight saving time are."""
    version = clock.zones_version()
    told = f"the rules for clocks are of release {version}"
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC) if version[:4].isdigit() else now
    if now - released < _OLD_ZONES:
        return Finding("zone rules", Verdict.OK, told)
    steps = ("pip install --upgrade tzdata",)
    return Finding("zone rules", Verdict.LOOK, f"{told}, which is old", steps)


def _server(here: Here, url: str, access: Access, *, dry_run: bool) -> Iterator[Finding]:
    from afterword.targets import checkup

    url = address(url, access)
    user = user_on(here, url, access)
    password = password_for(here, url, user, access)
    yield Finding("password", Verdict.OK, f"found {password.source}")
    with connect(here, url, login_of(url, user, password), access) as server:
        sight = checkup.look(server, url)
        yield Finding("server", Verdict.OK, f"{urlsplit(url).netloc} answers, and takes the login")
        yield _skew(sight, here.now)
        yield from _calendar(here, sight)
        if not dry_run and sight.calendar.usable:
            yield _tried_out(server, url, here.now)


def _skew(sight: Sight, now: dt.datetime) -> Finding:
    if sight.time is None:
        return Finding("clock", Verdict.OK, "the server does not tell its time")
    off = sight.time - now
    if abs(off) < _SKEW:
        return Finding("clock", Verdict.OK, "as the server's")
    how = "behind" if off > dt.timedelta() else "ahead of"
    minutes = abs(off) // dt.timedelta(minutes=1)
    told = f"this machine's is {minutes:,} minutes {how} the server's"
    return Finding("clock", Verdict.WRONG, told, ("let this machine set its clock by itself",))


def _calendar(here: Here, sight: Sight) -> Iterator[Finding]:
    calendar = sight.calendar
    if not calendar.usable:
        what = "is for tasks only" if not calendar.takes_events else "may only be read by you"
        steps = ("`afterword calendars` chooses another, or makes one",)
        yield Finding("calendar", Verdict.WRONG, f"{calendar.name!r} {what}", steps)
    elif calendar.shared and not here.settings.private:
        steps = ("private = true in the settings leaves names and drafts out",)
        yield Finding("calendar", Verdict.LOOK, f"others see {calendar.name!r}", steps)
    else:
        yield Finding("calendar", Verdict.OK, f"{calendar.name!r} takes events")


def _tried_out(server: Server, url: str, now: dt.datetime) -> Finding:
    from afterword.targets import checkup
    from afterword.targets.collection import RemoteCalendar

    try:
        checkup.try_out(RemoteCalendar(server, url), now=now)
    except AfterwordError as error:
        return Finding("a try", Verdict.WRONG, error.message, error.notes)
    return Finding("a try", Verdict.OK, "an event was put there, read, and taken away again")


def _show(finding: Finding) -> None:
    verdict = styled(f"{finding.verdict:<12}", fg=_LOOKS[finding.verdict], bold=True)
    show(verdict, f"  {finding.about}: {finding.told}")
    for step in finding.steps:
        show(f"{'':14}{step}")


def _document(findings: list[Finding], hints: tuple[str, ...]) -> dict[str, Any]:
    return {
        "version": 1,
        "findings": [
            {
                "about": finding.about,
                "verdict": finding.verdict.name.lower(),
                "told": finding.told,
                "steps": list(finding.steps),
            }
            for finding in findings
        ],
        "phone": list(hints),
    }
