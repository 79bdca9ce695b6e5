"""What the doctor looks at on the way to the calendar, step by step, up to the first that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from afterword import clock, passwords
from afterword.cli.access import (
    Access,
    address,
    connect,
    login_of,
    password_for,
    refuse_google,
    user_on,
)
from afterword.cli.finding import Finding, Verdict
from afterword.cli.here import Here
from afterword.errors import AfterwordError

if TYPE_CHECKING:
    from afterword.passwords import Password
    from afterword.targets.discovery import Listed
    from afterword.targets.server import Heard, Server

_SKEW = dt.timedelta(minutes=5)
_SOON = dt.timedelta(days=14)


def way(here: Here, url: str, access: Access, *, dry_run: bool) -> Iterator[Finding]:
    """Look at name, certificate, clock, login, calendar, and an event that comes and goes."""
    from afterword.targets import checkup
    from afterword.targets.certificates import UntrustedError

    about = "address"
    try:
        url = address(url, access)
        refuse_google(url)
        about = "dns"
        yield from _name(url)
        about = "server"
        with connect(here, url, None, access, quick=False) as server:
            heard = checkup.greet(server, url)
        yield _secured(url, heard)
        yield _skew(heard)
        about = "password"
        user = user_on(here, url, access)
        password = password_for(here, url, user, access)
        yield _found(password)
        about = "calendar"
        with connect(here, url, login_of(url, user, password), access) as server:
            calendar = checkup.look(server, url)
            told = f"{urlsplit(url).netloc} answers, and takes the login"
            yield Finding("server", Verdict.OK, told)
            yield _calendar(here, calendar)
            if calendar.usable and not dry_run:
                about = "a try"
                yield _tried_out(server, url)
    except UntrustedError as error:
        yield Finding("tls", Verdict.WRONG, error.message, error.notes)
    except AfterwordError as error:
        yield Finding(about, Verdict.WRONG, error.message, error.notes)


def _name(url: str) -> Iterator[Finding]:
    """Look up the host, or that of the proxy, which then looks up the other."""
    from afterword.targets import names, trust
    from afterword.targets.proxies import proxy_of

    host = urlsplit(url).hostname or ""
    proxy = trust.without_login(proxy_of(url) or "")
    if proxy:
        yield Finding("proxy", Verdict.OK, f"{host} is reached through {proxy}, which is set here")
        host = urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or ""
    if trust.is_number(host):
        yield Finding("dns", Verdict.OK, f"{host} is a number, for which nobody has to be asked")
        return
    found = names.addresses(host)
    more = f", and {len(found) - 3} more" if found[3:] else ""
    yield Finding("dns", Verdict.OK, f"{host} is at {', '.join(found[:3])}{more}")


def _secured(url: str, heard: Heard) -> Finding:
    """Look at how the way is encrypted, and for how long the certificate is good."""
    from afterword.targets import trust

    secured = heard.secured
    if secured is None and trust.is_loopback(trust.host_of(url)):
        told = "not encrypted, and need not be: it does not leave this machine"
        return Finding("tls", Verdict.OK, told)
    if secured is None:
        steps = ("use https://, if the server has it",)
        told = "not encrypted: everyone on the way can read your password"
        return Finding("tls", Verdict.LOOK, told, steps)
    by = f" by {secured.issuer}" if secured.issuer else ""
    told = f"{secured.protocol}, with a certificate{by}"
    if secured.ends is None:
        return Finding("tls", Verdict.OK, told)
    told += f" that is good until {secured.ends:%Y-%m-%d}"
    if secured.ends - clock.now() > _SOON:
        return Finding("tls", Verdict.OK, told)
    step = (
        "most renew themselves before that day; if this one does not within some days, "
        "tell whoever runs the server: after it nothing is synced"
    )
    return Finding("tls", Verdict.LOOK, told, (step,))


def _skew(heard: Heard) -> Finding:
    """Compare the machine's own clock, not the moment that a flag names, with the server's."""
    if heard.time is None:
        return Finding("clock", Verdict.OK, "the server does not tell its time")
    off = heard.time - clock.now()
    if abs(off) < _SKEW:
        return Finding("clock", Verdict.OK, "as the server's")
    how = "behind" if off > dt.timedelta() else "ahead of"
    minutes = abs(off) // dt.timedelta(minutes=1)
    told = f"this machine's is {minutes:,} minutes {how} the server's"
    return Finding("clock", Verdict.WRONG, told, ("let this machine set its clock by itself",))


def _found(password: Password) -> Finding:
    if password.source != passwords.TYPED:
        return Finding("password", Verdict.OK, f"found {password.source}")
    steps = ("`afterword calendars` keeps it in the keyring; or set password_command",)
    told = "found nowhere but typed by you: a timer could not sync"
    return Finding("password", Verdict.LOOK, told, steps)


def _calendar(here: Here, calendar: Listed) -> Finding:
    if not calendar.usable:
        what = "is for tasks only" if not calendar.takes_events else "may only be read by you"
        steps = ("`afterword calendars` chooses another, or makes one",)
        return Finding("calendar", Verdict.WRONG, f"{calendar.name!r} {what}", steps)
    if calendar.shared and not here.settings.private:
        steps = ("private = true in the settings leaves names and drafts out",)
        return Finding("calendar", Verdict.LOOK, f"others see {calendar.name!r}", steps)
    return Finding("calendar", Verdict.OK, f"{calendar.name!r} takes events")


def _tried_out(server: Server, url: str) -> Finding:
    """Put an event there for a moment; that of this machine, so that each has a UID of its own."""
    from afterword.targets import checkup
    from afterword.targets.collection import RemoteCalendar

    checkup.try_out(RemoteCalendar(server, url), now=clock.now())
    return Finding("a try", Verdict.OK, "an event was put there, read, and taken away again")
