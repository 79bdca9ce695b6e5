"""How a server is spoken to, for the commands that do: as whom, and with what password.

A login on the provider's own page, in the person's browser.

The calendar on a server, for the commands that read or write it.

What is kept of the choice of a calendar, and what is told to whoever chose it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import attrs
import click

from afterword.cli.ui import prompts
from afterword.cli.ui.output import status
from afterword.dav.providers import Provider
from afterword.errors import UsageError
from afterword.services.run_context import RunContext
from afterword.settings import loader
from afterword.storage.state import sync_rows
from afterword.storage.state.database import Database
from afterword.system import clock, credentials
from afterword.system.credentials import Account, Password, PasswordSources

if TYPE_CHECKING:
    from afterword.dav.client import DavClient
    from afterword.dav.connection_settings import Login
    from afterword.dav.discovery import CalendarInfo
    from afterword.dav.remote_calendar import RemoteCalendar


R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Access:
    """How a server may be spoken to in this run."""

    user: str | None = None
    password_file: str | None = None
    allow_insecure_http: bool = False
    ca_file: Path | None = None


def access_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add what is needed to log in: the fields of Access."""
    for add in (
        click.option(
            "--ca-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Trust the certificates in this file (PEM), for a server of your own.",
        ),
        click.option(
            "--allow-insecure-http",
            is_flag=True,
            help="Send the password unencrypted in this run.",
        ),
        click.option(
            "--password-file",
            metavar="FILE",
            help="Read the password from the first line of a file of yours, or of - (stdin).",
        ),
        click.option("--user", metavar="NAME", help="Your name on the server."),
    ):
        command = add(command)
    return command


def server_of(context: RunContext, url: str, access: Access) -> DavClient:
    """Return the server of an address in its one form, with the login of this user on it."""
    user = user_on(context, url, access)
    return connect(
        context, url, login_of(url, user, password_for(context, url, user, access)), access
    )


def user_on(context: RunContext, url: str, access: Access) -> str:
    """Return who the user is on the server of an address. Raises UsageError if nothing tells."""
    user = access.user or settings_user(context, url)
    if not user:
        raise UsageError(f"who are you on {urlsplit(url).hostname}? --user NAME tells it")
    return user


def login_of(url: str, user: str, password: Password) -> Login:
    """Return the login, with the hint of the provider that the address is of."""
    from afterword.dav import providers
    from afterword.dav.connection_settings import Login

    return Login(user=user, password=password.reveal(), hint=providers.provider_for(url).hint)


def connect(context: RunContext, url: str, login: Login | None, access: Access) -> DavClient:
    """Return a client for the server of an address; nothing is sent yet."""
    from afterword.dav.client import DavClient

    return DavClient(url, login, now=clock.now, ca_file=_trusted(context, url, access))


def refuse_google(url: str) -> None:
    """Raise UsageError for a server on which no password works, before one is looked for."""
    from afterword.dav import providers

    providers.provider_for(url)


def address(url: str, access: Access) -> str:
    """Return the address in its one form; each run says so where it is not encrypted."""
    from afterword.dav import url_policy

    checked = url_policy.normalize_url(url, allow_http=access.allow_insecure_http)
    host = urlsplit(checked).hostname or ""
    if checked.startswith("http://") and not url_policy.is_loopback(host):
        status(f"the way to {host} is not encrypted: others can read your password")
    return checked


def account_of(url: str, user: str) -> Account:
    """Return whose password is meant for an address."""
    return Account(user, urlsplit(url).netloc)


def password_for(context: RunContext, url: str, user: str, access: Access) -> Password:
    """Return the password; the command of the settings is for the server of the settings only."""
    settings = context.settings
    ours = not settings.calendar_url or _is_settings_server(context, url)
    sources = PasswordSources(
        settings=context.locations.settings,
        file=access.password_file,
        command=settings.password_command if ours else (),
        ask=_asked if prompts.can_ask() else None,
    )
    return credentials.lookup_password(account_of(url, user), sources)


def _trusted(context: RunContext, url: str, access: Access) -> str | None:
    """Return the file of certificates to trust; that of the settings is for their server only."""
    from afterword.dav import tls

    if access.ca_file:
        return tls.readable(str(access.ca_file))
    kept = context.settings.ca_file
    if not kept or not _is_settings_server(context, url):
        return None
    if not Path(kept).is_file():
        raise UsageError(f"calendar.ca_file in {context.locations.settings}: there is no {kept}")
    return tls.readable(kept)


def settings_user(context: RunContext, url: str) -> str | None:
    """Return the name in the settings, if the address is on the server of the settings."""
    ours = not context.settings.calendar_url or _is_settings_server(context, url)
    return context.settings.calendar_user if ours else None


def _is_settings_server(context: RunContext, url: str) -> bool:
    from afterword.dav import url_policy

    kept = context.settings.calendar_url
    return bool(kept) and url_policy.is_same_site(url, str(kept))


def _asked(question: str) -> str:
    answer: str = click.prompt(question, hide_input=True, err=True)
    return answer


@attrs.frozen(kw_only=True)
class CalendarLogin:
    """A server, and who visits it."""

    provider: Provider
    url: str
    user: str
    password: Password


def log_in(context: RunContext, provider: Provider, url: str, access: Access) -> CalendarLogin:
    """Open the page on which access is granted, and return who visits once it was."""
    from afterword.dav import nextcloud_login

    with connect(context, url, None, access) as server:
        flow = nextcloud_login.begin_login(server, url.partition("/remote.php/")[0])
        status("In your browser, log in and grant access; if it does not open, this is the page:")
        status(f"  {flow.page}")
        click.launch(flow.page)
        granted = nextcloud_login.wait_for_login(server, flow, time.sleep)
    status(f"access is granted to {granted.user}")
    password = Password(granted.password, credentials.GRANTED)
    return CalendarLogin(provider=provider, url=url, user=granted.user, password=password)


def calendar_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that `open_calendar` takes."""
    return click.option(
        "--calendar-url", metavar="URL", help="The calendar to use instead of the one chosen."
    )(access_options(command))


@contextlib.contextmanager
def open_calendar(
    context: RunContext, *, calendar_url: str | None, **flags: Any
) -> Iterator[RemoteCalendar]:
    """Yield the calendar that the flags or the settings name; nothing is sent yet.

    The first time, a person at a terminal is led to one. Raises UsageError
    where one of address, user and password is missing.
    """
    from afterword.dav.remote_calendar import RemoteCalendar

    access = Access(**flags)
    url = calendar_url or context.settings.calendar_url
    if url:
        url = address(url, access)
        refuse_google(url)
        server = server_of(context, url, access)
    elif prompts.can_ask():
        # Its imports are those of a search, which is made once.
        from afterword.cli.commands.calendars import first_time

        url, login = first_time(context, access)
        server = connect(context, url, login, access)
    else:
        raise UsageError(
            "no calendar is chosen yet: `afterword calendars` finds yours, or name one with "
            "--calendar-url"
        )
    with server:
        yield RemoteCalendar(server, url)


def save_calendar_choice(
    context: RunContext, chosen: CalendarInfo, visit: CalendarLogin, access: Access
) -> None:
    """Keep the choice in the settings, and the password, if it was typed, in the keyring."""
    path = context.locations.settings
    values: dict[str, Any] = {"calendar.url": chosen.url, "calendar.user": visit.user}
    if access.ca_file:
        values["calendar.ca_file"] = str(access.ca_file.absolute())
    if chosen.shared and not context.settings.private:
        if prompts.whether_private(chosen):
            values["private"] = True
        else:
            status(
                "others see this calendar: private = true in the settings hides drafts and names"
            )
    loader.save_settings(path, values)
    with Database(context.locations.database) as database:
        sync_rows.remember_calendar(database, chosen.url)
    status(f"{chosen.name!r} is the calendar from now on; kept in {path}")
    _keep_password(chosen, visit, path)
    status("`afterword sync` brings your plan there; on your phone:")
    for hint in visit.provider.phone:
        status(f"  {hint}")
    status(f"  {_where(chosen.url)}, user {visit.user}")


def _where(url: str) -> str:
    """Return what a phone needs to know of a server."""
    from afterword.dav import url_policy

    if url_policy.is_loopback(url_policy.host_of(url)):
        return "this server is on this machine: a phone needs its name or number in your network"
    return f"server {url_policy.origin(url)}"


def _keep_password(chosen: CalendarInfo, visit: CalendarLogin, settings: Path) -> None:
    account = account_of(chosen.url, visit.user)
    if visit.password.source not in {credentials.TYPED, credentials.GRANTED}:
        return
    if credentials.keyring_available() and prompts.whether_to_keep(account):
        credentials.save_password(account, visit.password)
        status("the password is in the keyring")
    else:
        status(
            "the password is not kept: each sync asks, or takes --password-file; so that none asks,"
        )
        install = credentials.KEYRING_INSTALL
        status(f"  {install}, or set password_command below [calendar] in {settings}")
