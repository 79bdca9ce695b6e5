"""What the doctor finds: a thing that was looked at, how it is, and what to do about it.

What the doctor looks at on this machine: files and their modes, time zone, rules of clocks.

What the doctor looks at on the way to the calendar, step by step, up to the first that fails.
"""

from __future__ import annotations

import datetime as dt
import enum
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from afterword.errors import AfterwordError
from afterword.services.calendar_login import (
    Access,
    build_login,
    connect,
    normalize_address,
    password_for,
    refuse_google,
    user_on,
)
from afterword.services.run_context import RunContext
from afterword.system import clock, credentials

if TYPE_CHECKING:
    from afterword.dav.client import DavClient, ServerInfo
    from afterword.dav.discovery import CalendarInfo
    from afterword.system.credentials import Password


class Verdict(enum.StrEnum):
    """How a thing is."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@attrs.frozen
class CheckResult:
    """One thing that was looked at; `steps` are what to do next."""

    about: str
    verdict: Verdict
    told: str
    steps: tuple[str, ...] = ()


_OLD_ZONES = dt.timedelta(days=550)
_OTHERS_READ, _OTHERS_WRITE = 0o077, 0o022


def local_checks(context: RunContext) -> Iterator[CheckResult]:
    """Look at all that needs no network."""
    yield from _files(context)
    yield from _zones(context)


def _files(context: RunContext) -> Iterator[CheckResult]:
    """Look at who else may read or change what is kept on this machine."""
    settings = context.locations.settings
    if not settings.exists():
        yield CheckResult("settings", Verdict.OK, f"{settings} is not there: all is as it comes")
    else:
        yield _mode("settings", settings)
    for about, path in (("facts", context.locations.data), ("state", context.locations.state)):
        if path.exists():
            yield _mode(about, path)


def _mode(about: str, path: Path) -> CheckResult:
    mode = stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else 0
    if mode & _OTHERS_WRITE:
        return CheckResult(
            about, Verdict.WRONG, f"others may change {path}", (f"chmod go-w {path}",)
        )
    if mode & _OTHERS_READ:
        return CheckResult(
            about, Verdict.LOOK, f"others may read {path}", (f"chmod go-rwx {path}",)
        )
    return CheckResult(about, Verdict.OK, f"{path} is yours alone")


def _zones(context: RunContext) -> Iterator[CheckResult]:
    machines = clock.local_zone()
    told = f"{context.zone.key}, and so is this machine's"
    if machines is None or machines.key in clock.UTC_NAMES:
        told = f"{context.zone.key}; this machine has none of its own"
        yield CheckResult("time zone", Verdict.OK, told)
    elif (
        context.now.astimezone(machines).utcoffset()
        == context.now.astimezone(context.zone).utcoffset()
    ):
        yield CheckResult("time zone", Verdict.OK, told)
    else:
        told = f"alarms ring by {context.zone.key}, but this machine is set to {machines.key}"
        steps = (f'if you have moved for good: zone = "{machines.key}" in the settings',)
        yield CheckResult("time zone", Verdict.LOOK, told, steps)
    yield _zone_rules(clock.now())


def _zone_rules(now: dt.datetime) -> CheckResult:
    """Look at how old the rules of daylight saving time are."""
    version = clock.zones_version()
    told = f"the rules for clocks are of release {version}"
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC) if version[:4].isdigit() else now
    if now - released < _OLD_ZONES:
        return CheckResult("zone rules", Verdict.OK, told)
    steps = ("pip install --upgrade tzdata",)
    return CheckResult("zone rules", Verdict.LOOK, f"{told}, which is old", steps)


_SKEW = dt.timedelta(minutes=5)
_SOON = dt.timedelta(days=14)


def network_checks(
    context: RunContext, url: str, access: Access, *, dry_run: bool
) -> Iterator[CheckResult]:
    """Look at name, certificate, clock, login, calendar, and an event that comes and goes."""
    from afterword.dav import probe
    from afterword.dav.tls import UntrustedError

    about = "address"
    try:
        url = normalize_address(context, url, access)
        refuse_google(url)
        about = "dns"
        yield from _resolve_check(url)
        about = "server"
        with connect(context, url, None, access) as server:
            heard = probe.fetch_server_info(server, url)
        yield _secured(url, heard)
        yield _skew(heard)
        about = "password"
        user = user_on(context, url, access)
        password = password_for(context, url, user, access)
        yield _calendar_found(password)
        about = "calendar"
        with connect(context, url, build_login(url, user, password), access) as server:
            calendar = probe.describe_calendar(server, url)
            told = f"{urlsplit(url).netloc} answers, and takes the login"
            yield CheckResult("server", Verdict.OK, told)
            yield _calendar_check(context, calendar)
            if calendar.usable and not dry_run:
                about = "a try"
                yield _tried_out(server, url)
    except UntrustedError as error:
        yield CheckResult("tls", Verdict.WRONG, error.message, error.notes)
    except AfterwordError as error:
        yield CheckResult(about, Verdict.WRONG, error.message, error.notes)


def _resolve_check(url: str) -> Iterator[CheckResult]:
    """Look up the host, or that of the proxy, which then looks up the other."""
    from afterword.dav import probe, url_policy
    from afterword.dav.url_policy import proxy_of

    host = urlsplit(url).hostname or ""
    proxy = url_policy.without_login(proxy_of(url) or "")
    if proxy:
        yield CheckResult(
            "proxy", Verdict.OK, f"{host} is reached through {proxy}, which is set here"
        )
        host = urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or ""
    if url_policy.is_ip_address(host):
        yield CheckResult(
            "dns", Verdict.OK, f"{host} is a number, for which nobody has to be asked"
        )
        return
    found = probe.resolve_addresses(host)
    more = f", and {len(found) - 3} more" if found[3:] else ""
    yield CheckResult("dns", Verdict.OK, f"{host} is at {', '.join(found[:3])}{more}")


def _secured(url: str, heard: ServerInfo) -> CheckResult:
    """Look at how the way is encrypted, and for how long the certificate is good."""
    from afterword.dav import url_policy

    secured = heard.secured
    if secured is None and url_policy.is_loopback(url_policy.host_of(url)):
        told = "not encrypted, and need not be: it does not leave this machine"
        return CheckResult("tls", Verdict.OK, told)
    if secured is None:
        steps = ("use https://, if the server has it",)
        told = "not encrypted: everyone on the way can read your password"
        return CheckResult("tls", Verdict.LOOK, told, steps)
    by = f" by {secured.issuer}" if secured.issuer else ""
    told = f"{secured.protocol}, with a certificate{by}"
    if secured.ends is None:
        return CheckResult("tls", Verdict.OK, told)
    told += f" that is good until {secured.ends:%Y-%m-%d}"
    if secured.ends - clock.now() > _SOON:
        return CheckResult("tls", Verdict.OK, told)
    step = (
        "most renew themselves before that day; if this one does not within some days, "
        "tell whoever runs the server: after it nothing is synced"
    )
    return CheckResult("tls", Verdict.LOOK, told, (step,))


def _skew(heard: ServerInfo) -> CheckResult:
    """Compare the machine's own clock, not the moment that a flag names, with the server's."""
    if heard.time is None:
        return CheckResult("clock", Verdict.OK, "the server does not tell its time")
    off = heard.time - clock.now()
    if abs(off) < _SKEW:
        return CheckResult("clock", Verdict.OK, "as the server's")
    how = "behind" if off > dt.timedelta() else "ahead of"
    minutes = abs(off) // dt.timedelta(minutes=1)
    told = f"this machine's is {minutes:,} minutes {how} the server's"
    return CheckResult("clock", Verdict.WRONG, told, ("let this machine set its clock by itself",))


def _calendar_found(password: Password) -> CheckResult:
    if password.source != credentials.TYPED:
        return CheckResult("password", Verdict.OK, f"found {password.source}")
    steps = ("`afterword calendars` keeps it in the keyring; or set password_command",)
    told = "found nowhere but typed by you: a timer could not sync"
    return CheckResult("password", Verdict.LOOK, told, steps)


def _calendar_check(context: RunContext, calendar: CalendarInfo) -> CheckResult:
    if not calendar.usable:
        what = "is for tasks only" if not calendar.takes_events else "may only be read by you"
        steps = ("`afterword calendars` chooses another, or makes one",)
        return CheckResult("calendar", Verdict.WRONG, f"{calendar.name!r} {what}", steps)
    if calendar.shared and not context.settings.private:
        steps = ("private = true in the settings leaves names and drafts out",)
        return CheckResult("calendar", Verdict.LOOK, f"others see {calendar.name!r}", steps)
    return CheckResult("calendar", Verdict.OK, f"{calendar.name!r} takes events")


def _tried_out(server: DavClient, url: str) -> CheckResult:
    """Put an event there for a moment; that of this machine, so that each has a UID of its own."""
    from afterword.dav import probe
    from afterword.dav.remote_calendar import RemoteCalendar

    probe.probe_write(RemoteCalendar(server, url), now=clock.now())
    return CheckResult("a try", Verdict.OK, "an event was put there, read, and taken away again")
