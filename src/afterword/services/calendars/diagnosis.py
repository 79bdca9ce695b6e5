"""The checks of `afterword doctor`: this machine first, then the connection to the calendar."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from afterword.dav import providers, url_policy
from afterword.errors import AfterwordError
from afterword.services.calendars import doctor_checks
from afterword.services.calendars.calendar_login import (
    Access,
    CalendarLogin,
    connect,
    has_token_command,
    log_in,
    normalize_address,
    settings_user,
)
from afterword.services.calendars.doctor_checks import CheckResult, Verdict
from afterword.services.run_context import RunContext
from afterword.system import clock, credentials

if TYPE_CHECKING:
    from afterword.dav.client import DavClient, ServerInfo
    from afterword.dav.discovery import CalendarInfo


_OLD_ZONE_RULES = dt.timedelta(days=550)
_READABLE_BY_OTHERS, _WRITABLE_BY_OTHERS = 0o077, 0o022
_MAX_CLOCK_SKEW = dt.timedelta(minutes=5)
_CERTIFICATE_ENDS_SOON = dt.timedelta(days=14)
_MAX_ADDRESSES = 3


def run_checks(
    context: RunContext,
    url: str | None,
    access: Access,
    *,
    dry_run: bool,
    folder: Path | None = None,
) -> Iterator[CheckResult]:
    """Yield the results of all checks; `url` or `folder` is that of the calendar, if any."""
    from afterword.vdir.folder_calendar import FolderCalendar

    yield from local_checks(context)
    if folder is not None:
        yield from doctor_checks.check_folder(context, folder, dry_run=dry_run)
        yield from doctor_checks.check_watched(context, FolderCalendar(folder))
    elif url is None:
        steps = ("to set one up: afterword calendars",)
        message = "none on a server is set up (calendar files need none)"
        yield CheckResult("calendar", Verdict.LOOK, message, steps)
    else:
        yield from network_checks(context, url, access, dry_run=dry_run)


def phone_hints(url: str | None, folder: Path | None = None) -> tuple[str, ...]:
    """Return the provider's hints for a phone."""
    if folder is not None:
        return doctor_checks.PHONE_HINTS
    return providers.provider_for(url).phone if url else providers.OTHER.phone


def local_checks(context: RunContext) -> Iterator[CheckResult]:
    """Yield the results of all checks that need no network."""
    yield from _check_files(context)
    yield from _check_zone(context)
    yield from _check_language(context)


def _check_files(context: RunContext) -> Iterator[CheckResult]:
    """Check whether others can read or change the user's files."""
    settings = context.locations.settings
    if not settings.exists():
        message = f"no settings file at {settings}; defaults are used"
        yield CheckResult("settings", Verdict.OK, message)
    else:
        yield _check_mode("settings", settings)
    for about, path in (
        ("facts", context.locations.data),
        ("state", context.locations.state),
    ):
        if path.exists():
            yield _check_mode(about, path)


def _check_mode(about: str, path: Path) -> CheckResult:
    mode = stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else 0
    if mode & _WRITABLE_BY_OTHERS:
        steps = (f"chmod go-w {path}",)
        return CheckResult(about, Verdict.WRONG, f"others can change {path}", steps)
    if mode & _READABLE_BY_OTHERS:
        steps = (f"chmod go-rwx {path}",)
        return CheckResult(about, Verdict.LOOK, f"others can read {path}", steps)
    return CheckResult(about, Verdict.OK, f"only you can read {path}")


def _check_zone(context: RunContext) -> Iterator[CheckResult]:
    machine, zone, now = clock.local_zone(), context.zone, context.now
    if machine is None or machine.key in clock.UTC_NAMES:
        message = f"{zone.key} (this computer has none set)"
        yield CheckResult("time zone", Verdict.OK, message)
    elif now.astimezone(machine).utcoffset() == now.astimezone(zone).utcoffset():
        yield CheckResult("time zone", Verdict.OK, f"{zone.key}, as this computer is set")
    else:
        message = f"alarms ring by {zone.key}, but this computer is set to {machine.key}"
        steps = (f"if you have moved: afterword settings set zone {machine.key}",)
        yield CheckResult("time zone", Verdict.LOOK, message, steps)
    yield _check_zone_rules(clock.now())


def _check_language(context: RunContext) -> Iterator[CheckResult]:
    """Name the parts of the chosen language that are in English; most languages have none."""
    from afterword.messages.template_store import describe_missing_parts

    if message := describe_missing_parts(context.settings.language):
        steps = ("for English alone: afterword settings set language en",)
        yield CheckResult("language", Verdict.LOOK, message, steps)


def _check_zone_rules(now: dt.datetime) -> CheckResult:
    """Check the age of the daylight saving rules."""
    version = clock.zones_version()
    message = f"release {version}"
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC) if version[:4].isdigit() else now
    if now - released < _OLD_ZONE_RULES:
        return CheckResult("zone rules", Verdict.OK, message)
    steps = ("pip install --upgrade tzdata",)
    return CheckResult("zone rules", Verdict.LOOK, f"{message} is old", steps)


def network_checks(
    context: RunContext, url: str, access: Access, *, dry_run: bool
) -> Iterator[CheckResult]:
    """Yield the results for name, certificate, clock, login and calendar, up to the first failure.

    Unless `dry_run` is set, an event is written and deleted again.
    """
    from afterword.dav import probe
    from afterword.dav.remote_calendar import RemoteCalendar
    from afterword.dav.tls import UntrustedError

    about = "address"
    try:
        url = normalize_address(context, url, access)
        about = "dns"
        yield from _check_dns(url)
        about = "server"
        with connect(context, url, None, access) as server:
            info = probe.fetch_server_info(server, url)
        yield _check_tls(url, info)
        yield _check_clock(info)
        about = "password"
        user = access.user or settings_user(context, url)
        if user and _is_google_login(context, url, access):
            about = "token"
            yield from doctor_checks.check_google(context, user)
        elif has_token_command(context, url, access):
            about = "token"
        login = log_in(context, url, access)
        yield _check_login(login)
        about = "calendar"
        with connect(context, url, login.dav, access) as server:
            calendar = probe.describe_calendar(server, url)
            message = f"{urlsplit(url).netloc} answers and accepts the login"
            yield CheckResult("server", Verdict.OK, message)
            yield _check_calendar(context, calendar)
            yield from doctor_checks.check_watched(context, RemoteCalendar(server, url))
            if calendar.usable and not dry_run:
                about = "a try"
                yield _check_write(server, url)
    except UntrustedError as error:
        yield CheckResult("tls", Verdict.WRONG, error.message, error.notes)
    except AfterwordError as error:
        yield CheckResult(about, Verdict.WRONG, error.message, error.notes)


def _check_dns(url: str) -> Iterator[CheckResult]:
    """Look up the host, or the proxy, which then looks up the host."""
    from afterword.dav import probe

    host = urlsplit(url).hostname or ""
    proxy = url_policy.without_login(url_policy.proxy_of(url) or "")
    if proxy:
        message = f"{host} is reached through the proxy {proxy}"
        yield CheckResult("proxy", Verdict.OK, message)
        host = urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or ""
    if url_policy.is_ip_address(host):
        message = f"{host} is an IP address, so no name has to be resolved"
        yield CheckResult("dns", Verdict.OK, message)
        return
    addresses = probe.resolve_addresses(host)
    more = len(addresses) - _MAX_ADDRESSES
    suffix = f", and {more} more" if more > 0 else ""
    message = f"{host} is at {', '.join(addresses[:_MAX_ADDRESSES])}{suffix}"
    yield CheckResult("dns", Verdict.OK, message)


def _check_tls(url: str, info: ServerInfo) -> CheckResult:
    """Check the encryption, and when the certificate ends."""
    tls = info.secured
    if tls is None and url_policy.is_loopback(url_policy.host_of(url)):
        message = "not encrypted, which is fine: the server runs on this computer"
        return CheckResult("tls", Verdict.OK, message)
    if tls is None:
        steps = ("use https://, if the server has it",)
        message = "not encrypted: your password can be read on the way"
        return CheckResult("tls", Verdict.LOOK, message, steps)
    issuer = f" by {tls.issuer}" if tls.issuer else ""
    message = f"{tls.protocol}, with a certificate{issuer}"
    if tls.ends is None:
        return CheckResult("tls", Verdict.OK, message)
    message += f", valid until {tls.ends:%Y-%m-%d}"
    if tls.ends - clock.now() > _CERTIFICATE_ENDS_SOON:
        return CheckResult("tls", Verdict.OK, message)
    step = (
        "most certificates are renewed automatically; if this one is not in a few days, "
        "tell the server's administrator: after that day, nothing is synced"
    )
    return CheckResult("tls", Verdict.LOOK, message, (step,))


def _check_clock(info: ServerInfo) -> CheckResult:
    """Compare the machine's own clock, not the time of --now, with the server's."""
    if info.time is None:
        return CheckResult("clock", Verdict.OK, "the server does not report its time")
    skew = info.time - clock.now()
    if abs(skew) < _MAX_CLOCK_SKEW:
        return CheckResult("clock", Verdict.OK, "agrees with the server's")
    direction = "behind" if skew > dt.timedelta() else "ahead of"
    minutes = abs(skew) // dt.timedelta(minutes=1)
    message = f"this computer's is {minutes:,} minutes {direction} the server's"
    return CheckResult(
        "clock", Verdict.WRONG, message, ("let this computer set its clock automatically",)
    )


def _is_google_login(context: RunContext, url: str, access: Access) -> bool:
    is_google = providers.provider_for(url) is providers.GOOGLE
    return is_google and not has_token_command(context, url, access)


def _check_login(login: CalendarLogin) -> CheckResult:
    """Check the password, or fetch an access token."""
    from afterword.dav.connection_settings import TokenLogin

    if isinstance(login.dav, TokenLogin):
        login.dav.tokens.current()
        return CheckResult("token", Verdict.OK, f"an access token was given {login.source}")
    if login.source != credentials.TYPED:
        return CheckResult("password", Verdict.OK, f"found {login.source}")
    steps = ("store it in the keyring: afterword calendars; or set password_command",)
    message = "typed by you and stored nowhere, so a timer cannot sync"
    return CheckResult("password", Verdict.LOOK, message, steps)


def _check_calendar(context: RunContext, calendar: CalendarInfo) -> CheckResult:
    if not calendar.usable:
        reason = "is for tasks only" if not calendar.takes_events else "is read-only for you"
        steps = ("choose another, or create one: afterword calendars",)
        return CheckResult("calendar", Verdict.WRONG, f"{calendar.name!r} {reason}", steps)
    if calendar.shared and not context.settings.private:
        steps = ("to leave out names and drafts: afterword settings set private true",)
        return CheckResult("calendar", Verdict.LOOK, f"others can see {calendar.name!r}", steps)
    if providers.dialect_of(calendar.url).is_main_calendar(calendar.url):
        steps = ("use a separate calendar: afterword calendars",)
        message = f"{calendar.name!r} is a main calendar, with everything else in it"
        return CheckResult("calendar", Verdict.LOOK, message, steps)
    return CheckResult("calendar", Verdict.OK, f"{calendar.name!r} accepts events")


def _check_write(server: DavClient, url: str) -> CheckResult:
    """Write, read and delete an event; its UID has the machine's own time, so runs differ."""
    from afterword.dav import probe
    from afterword.dav.remote_calendar import RemoteCalendar

    probe.probe_write(RemoteCalendar(server, url), now=clock.now())
    return CheckResult("a try", Verdict.OK, "written, read and deleted again")
