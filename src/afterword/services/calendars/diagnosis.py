"""The checks of `afterword doctor`: this machine first, then the connection to the calendar."""

from __future__ import annotations

import datetime as dt
import enum
import importlib.metadata
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from afterword.dav import providers, url_policy
from afterword.domain.sanitize import for_terminal, pluralize
from afterword.errors import AfterwordError, UsageError
from afterword.services import calendar_sources, suggestions
from afterword.services.calendars import google_login
from afterword.services.calendars.calendar_login import Access, CalendarLogin, server_at
from afterword.services.calendars.open_folder import open_folder
from afterword.services.run_context import RunContext
from afterword.system import atomic_files, clock, credentials

if TYPE_CHECKING:
    from afterword.dav.client import ServerInfo
    from afterword.dav.discovery import CalendarInfo
    from afterword.dav.interface import Calendar
    from afterword.vdir.folder_calendar import FolderCalendar

_OLD_ZONE_RULES = dt.timedelta(days=550)
_READABLE_BY_OTHERS, _WRITABLE_BY_OTHERS = 0o077, 0o022
_MAX_CLOCK_SKEW = dt.timedelta(minutes=5)
_CERTIFICATE_ENDS_SOON = dt.timedelta(days=14)
_MAX_ADDRESSES = 3
_A_FEW = 5
_LOG_IN = "log in: afterword calendars --server google"
_FOLDER_HINTS = (
    "vdirsyncer brings the folder to a calendar server, Syncthing brings it to an Android phone",
    "khal lists what is in it and does not ring: alarms ring where a calendar app has the events",
)


class Verdict(enum.StrEnum):
    """The verdict of a check."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@attrs.frozen
class CheckResult:
    """The result of a check; `steps` are the user's next steps."""

    about: str
    verdict: Verdict
    message: str
    steps: tuple[str, ...] = ()


def _ok(about: str, message: str) -> CheckResult:
    return CheckResult(about, Verdict.OK, message)


def _look(about: str, message: str, *steps: str) -> CheckResult:
    return CheckResult(about, Verdict.LOOK, message, steps)


def _wrong(about: str, message: str, *steps: str) -> CheckResult:
    return CheckResult(about, Verdict.WRONG, message, steps)


def _failed(about: str, error: AfterwordError) -> CheckResult:
    return _wrong(about, error.message, *error.notes)


def run_checks(
    context: RunContext,
    url: str | None,
    access: Access,
    *,
    dry_run: bool,
    folder: Path | None = None,
) -> Iterator[CheckResult]:
    """Yield the results of all checks; `url` or `folder` is that of the calendar, if any.

    Unless `dry_run` is set, an event or a file is written and deleted again.
    """
    yield from _check_files(context)
    yield from _check_zone(context)
    yield from _check_language(context)
    if folder is not None:
        yield from _check_folder(context, folder, dry_run=dry_run)
    elif url is not None:
        yield from _check_server(context, url, access, dry_run=dry_run)
    else:
        message = "none on a server is set up (calendar files need none)"
        yield _look("calendar", message, "to set one up: afterword calendars")


def phone_hints(url: str | None, folder: Path | None = None) -> tuple[str, ...]:
    """Return the provider's hints for a phone."""
    if folder is not None:
        return _FOLDER_HINTS
    return providers.provider_for(url).phone if url else providers.OTHER.phone


def _check_files(context: RunContext) -> Iterator[CheckResult]:
    """Check whether others can read or change the user's files."""
    settings = context.locations.settings
    if not settings.exists():
        yield _ok("settings", f"no settings file at {settings}; defaults are used")
    for about, path in (
        ("settings", settings),
        ("facts", context.locations.data),
        ("state", context.locations.state),
    ):
        if path.exists():
            yield _check_mode(about, path)


def _check_mode(about: str, path: Path) -> CheckResult:
    mode = stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else 0
    if mode & _WRITABLE_BY_OTHERS:
        return _wrong(about, f"others can change {path}", f"chmod go-w {path}")
    if mode & _READABLE_BY_OTHERS:
        return _look(about, f"others can read {path}", f"chmod go-rwx {path}")
    return _ok(about, f"only you can read {path}")


def _check_zone(context: RunContext) -> Iterator[CheckResult]:
    machine, zone, now = clock.local_zone(), context.zone, context.now
    if machine is None or machine.key in clock.UTC_NAMES:
        yield _ok("time zone", f"{zone.key} (this computer has none set)")
    elif now.astimezone(machine).utcoffset() == now.astimezone(zone).utcoffset():
        yield _ok("time zone", f"{zone.key}, as this computer is set")
    else:
        message = f"alarms ring by {zone.key}, but this computer is set to {machine.key}"
        step = f"if you have moved: afterword settings set zone {machine.key}"
        yield _look("time zone", message, step)
    yield _check_zone_rules(clock.now())


def _check_language(context: RunContext) -> Iterator[CheckResult]:
    """Name the parts of the chosen language that are in English; most languages have none."""
    from afterword.messages.template_store import describe_missing_parts

    if message := describe_missing_parts(context.settings.language):
        yield _look("language", message, "for English alone: afterword settings set language en")


def _check_zone_rules(now: dt.datetime) -> CheckResult:
    """Check the age of the daylight saving rules."""
    version = clock.zones_version()
    message = f"release {version}"
    released = dt.datetime(int(version[:4]), 1, 1, tzinfo=dt.UTC) if version[:4].isdigit() else now
    if now - released < _OLD_ZONE_RULES:
        return _ok("zone rules", message)
    return _look("zone rules", f"{message} is old", "pip install --upgrade tzdata")


def _check_folder(context: RunContext, path: Path, *, dry_run: bool) -> Iterator[CheckResult]:
    """Check that the folder exists and can be written, and the watched folders beside it."""
    from afterword.formats import ics_patch
    from afterword.vdir.folder_calendar import FolderCalendar

    try:
        calendar = open_folder(context, path)
        listed = calendar.listing()
        resources = calendar.fetch(listed.etags)
    except AfterwordError as error:
        yield _failed("folder", error)
    else:
        ours = sum(bool(ics_patch.marks_of(resource.body)) for resource in resources.values())
        counts = f"{pluralize(len(listed.etags), 'event')}, {ours:,} of them by afterword"
        yield _ok("folder", f"{for_terminal(str(path))} has {counts}")
        yield from _check_choice_of_folder(context, calendar)
        if not dry_run:
            yield _try_to_write(calendar.path)
    yield from _check_watched(context, FolderCalendar(path))


def _check_choice_of_folder(context: RunContext, calendar: FolderCalendar) -> Iterator[CheckResult]:
    """Name the files in it that are not synced, and a calendar on a server that it replaces."""
    if calendar.left_alone:
        names = [f"{for_terminal(name)} {why}" for name, why in calendar.left_alone.items()]
        more = len(names) - _A_FEW
        message = f"{pluralize(len(names), 'file')} in it cannot be synced, and left alone"
        yield _look("files", message, *names[:_A_FEW], *[f"and {more:,} more"] * (more > 0))
    if context.settings.calendar_url and context.settings.calendar_folder:
        step = "for the calendar on the server: afterword settings unset calendar.folder"
        yield _look("settings", "calendar.folder is used, and calendar.url is not", step)


def _try_to_write(directory: Path) -> CheckResult:
    """Write and delete a file that no program takes for an event."""
    probe = directory / f".afterword-{secrets.token_hex(8)}.tmp"
    try:
        atomic_files.write_atomically(probe, [b"written by afterword doctor\n"])
        atomic_files.remove(probe)
    except AfterwordError as error:
        return _failed("a try", error)
    return _ok("a try", "a file was put there and taken away again")


def _check_server(
    context: RunContext, url: str, access: Access, *, dry_run: bool
) -> Iterator[CheckResult]:
    """Check name, certificate, clock, login and calendar, up to the first failure."""
    from afterword.dav import probe
    from afterword.dav.remote_calendar import RemoteCalendar
    from afterword.dav.tls import UntrustedError

    about = "address"
    try:
        server = server_at(url, context, access)
        url = server.url
        about = "dns"
        yield from _check_dns(url)
        about = "server"
        with server.connect() as client:
            info = probe.fetch_server_info(client, url)
        yield _check_tls(url, info)
        yield _check_clock(info)
        about = "password"
        if server.has_token_command:
            about = "token"
        elif server.user and providers.provider_for(url) is providers.GOOGLE:
            about = "token"
            yield from _check_google(context, server.user)
        login = server.log_in()
        yield _check_login(login)
        about = "calendar"
        with server.connect(login.dav) as client:
            calendar = probe.describe_calendar(client, url)
            yield _ok("server", f"{urlsplit(url).netloc} answers and accepts the login")
            yield _check_calendar(context, calendar)
            remote = RemoteCalendar(client, url)
            yield from _check_watched(context, remote)
            if calendar.usable and not dry_run:
                about = "a try"
                # The UID has the machine's own time, so that runs differ.
                probe.probe_write(remote, now=clock.now())
                yield _ok("a try", "written, read and deleted again")
    except UntrustedError as error:
        yield _failed("tls", error)
    except AfterwordError as error:
        yield _failed(about, error)


def _check_dns(url: str) -> Iterator[CheckResult]:
    """Look up the host, or the proxy, which then looks up the host."""
    from afterword.dav import probe

    host = urlsplit(url).hostname or ""
    proxy = url_policy.without_login(url_policy.proxy_of(url) or "")
    if proxy:
        yield _ok("proxy", f"{host} is reached through the proxy {proxy}")
        host = urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or ""
    if url_policy.ip_address_of(host) is not None:
        yield _ok("dns", f"{host} is an IP address, so no name has to be resolved")
        return
    addresses = probe.resolve_addresses(host)
    more = len(addresses) - _MAX_ADDRESSES
    suffix = f", and {more} more" if more > 0 else ""
    yield _ok("dns", f"{host} is at {', '.join(addresses[:_MAX_ADDRESSES])}{suffix}")


def _check_tls(url: str, info: ServerInfo) -> CheckResult:
    """Check the encryption, and when the certificate ends."""
    tls = info.secured
    if tls is None and url_policy.is_loopback(url_policy.host_of(url)):
        return _ok("tls", "not encrypted, which is fine: the server runs on this computer")
    if tls is None:
        message = "not encrypted: your password can be read on the way"
        return _look("tls", message, "use https://, if the server has it")
    issuer = f" by {tls.issuer}" if tls.issuer else ""
    message = f"{tls.protocol}, with a certificate{issuer}"
    if tls.ends is None:
        return _ok("tls", message)
    message += f", valid until {tls.ends:%Y-%m-%d}"
    if tls.ends - clock.now() > _CERTIFICATE_ENDS_SOON:
        return _ok("tls", message)
    step = (
        "most certificates are renewed automatically; if this one is not in a few days, "
        "tell the server's administrator: after that day, nothing is synced"
    )
    return _look("tls", message, step)


def _check_clock(info: ServerInfo) -> CheckResult:
    """Compare the machine's own clock, not the time of --now, with the server's."""
    if info.time is None:
        return _ok("clock", "the server does not report its time")
    skew = info.time - clock.now()
    if abs(skew) < _MAX_CLOCK_SKEW:
        return _ok("clock", "agrees with the server's")
    direction = "behind" if skew > dt.timedelta() else "ahead of"
    minutes = abs(skew) // dt.timedelta(minutes=1)
    message = f"this computer's is {minutes:,} minutes {direction} the server's"
    return _wrong("clock", message, "let this computer set its clock automatically")


def _check_google(context: RunContext, user: str) -> Iterator[CheckResult]:
    """Check library, client and permission; nothing is sent."""
    from afterword.dav import google_oauth

    try:
        google_oauth.check_installed()
    except UsageError as error:
        yield _failed("google", error)
        return
    version = importlib.metadata.version("google-auth-oauthlib")
    yield _ok("google", f"google-auth-oauthlib {version} is installed")
    permission, problem = google_login.saved_permission(user)
    if client_id := context.settings.client_id:
        yield _ok("client", f"the client id is {client_id}")
    else:
        step = "create one (README, Google Calendar)"
        yield _look("client", "no client id of your own is set", step, _LOG_IN)
    if permission is None:
        yield _wrong("permission", problem or f"there is none for {user}", _LOG_IN)
    elif permission.ends is None:
        granted = permission.granted.astimezone(context.zone)
        yield _ok("permission", f"granted on {granted:%Y-%m-%d}, and Google named no end")
    else:
        ends = f"{permission.ends.astimezone(context.zone):%Y-%m-%d %H:%M}"
        if permission.ends <= clock.now():
            yield _wrong("permission", f"ended on {ends}", google_oauth.TESTING)
        else:
            yield _look("permission", f"ends on {ends}", google_oauth.TESTING)


def _check_login(login: CalendarLogin) -> CheckResult:
    """Check the password, or fetch an access token."""
    from afterword.dav.connection_settings import TokenLogin

    if isinstance(login.dav, TokenLogin):
        login.dav.tokens.current()
        return _ok("token", f"an access token was given {login.source}")
    if login.source != credentials.TYPED:
        return _ok("password", f"found {login.source}")
    message = "typed by you and stored nowhere, so a timer cannot sync"
    step = "store it in the keyring: afterword calendars; or set password_command"
    return _look("password", message, step)


def _check_calendar(context: RunContext, calendar: CalendarInfo) -> CheckResult:
    if not calendar.usable:
        reason = "is for tasks only" if not calendar.takes_events else "is read-only for you"
        step = "choose another, or create one: afterword calendars"
        return _wrong("calendar", f"{calendar.name!r} {reason}", step)
    if calendar.shared and not context.settings.private:
        step = "to leave out names and drafts: afterword settings set private true"
        return _look("calendar", f"others can see {calendar.name!r}", step)
    if providers.dialect_of(calendar.url).is_main_calendar(calendar.url):
        message = f"{calendar.name!r} is a main calendar, with everything else in it"
        return _look("calendar", message, "use a separate calendar: afterword calendars")
    return _ok("calendar", f"{calendar.name!r} accepts events")


def _check_watched(context: RunContext, calendar: Calendar) -> Iterator[CheckResult]:
    """Check the watched calendars beside the chosen calendar, if there are any."""
    watch = context.settings.watch
    if not watch:
        return
    span = suggestions.date_range(context.now, None)
    try:
        texts = calendar_sources.read_user_calendars(calendar, watch, span, strict=False)
    except AfterwordError as error:
        yield _failed("watch", error)
        return
    if texts.failures:
        first, *others = texts.failures
        message = f"not all of calendar.watch can be read: {first}"
        step = "to change the names: afterword settings edit"
        yield _wrong("watch", message, *others, step)
        return
    names = f"{', '.join(texts.names)} ({pluralize(len(texts.texts), 'event')})"
    yield _ok("watch", f"each sync reads {names} and writes nothing there")
