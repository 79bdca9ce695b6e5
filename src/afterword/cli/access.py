"""How a server is spoken to, for the commands that do: as whom, and with what password."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import attrs
import click

from afterword import clock, passwords
from afterword.cli.console import say
from afterword.cli.here import Here
from afterword.errors import UsageError
from afterword.passwords import Account, Password, Sources

if TYPE_CHECKING:
    from afterword.targets.server import Login, Server

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


def server_of(here: Here, url: str, access: Access) -> Server:
    """Return the server of an address in its one form, with the login of this user on it."""
    user = user_on(here, url, access)
    return connect(here, url, login_of(url, user, password_for(here, url, user, access)), access)


def user_on(here: Here, url: str, access: Access) -> str:
    """Return who the user is on the server of an address. Raises UsageError if nothing tells."""
    user = access.user or settings_user(here, url)
    if not user:
        raise UsageError(f"who are you on {urlsplit(url).hostname}? --user NAME tells it")
    return user


def login_of(url: str, user: str, password: Password) -> Login:
    """Return the login, with the hint of the provider that the address is of."""
    from afterword.targets import providers
    from afterword.targets.server import Login

    return Login(user=user, password=password.reveal(), hint=providers.of(url).hint)


def connect(
    here: Here, url: str, login: Login | None, access: Access, *, quick: bool = True
) -> Server:
    """Return the server of an address; nothing is sent yet. See `Server` for `quick`."""
    from afterword.targets.server import Server

    trusted = _trusted(here, url, access)
    return Server(url, login, now=clock.now, trusted=trusted, quick=quick)


def refuse_google(url: str) -> None:
    """Raise UsageError for a server on which no password works, before one is looked for."""
    from afterword.targets import providers

    providers.of(url)


def address(url: str, access: Access) -> str:
    """Return the address in its one form; each run says so where it is not encrypted."""
    from afterword.targets import trust

    checked = trust.checked(url, allow_http=access.allow_insecure_http)
    host = urlsplit(checked).hostname or ""
    if checked.startswith("http://") and not trust.is_loopback(host):
        say(f"the way to {host} is not encrypted: others can read your password")
    return checked


def somebody_is_there() -> bool:
    """Tell whether questions can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def account_of(url: str, user: str) -> Account:
    """Return whose password is meant for an address."""
    return Account(user, urlsplit(url).netloc)


def password_for(here: Here, url: str, user: str, access: Access) -> Password:
    """Return the password; the command of the settings is for the server of the settings only."""
    settings = here.settings
    ours = not settings.calendar_url or _is_settings_server(here, url)
    sources = Sources(
        settings=here.locations.settings,
        file=access.password_file,
        command=settings.password_command if ours else (),
        ask=_asked if somebody_is_there() else None,
    )
    return passwords.find(account_of(url, user), sources)


def _trusted(here: Here, url: str, access: Access) -> str | None:
    """Return the file of certificates to trust; that of the settings is for their server only."""
    from afterword.targets import certificates

    if access.ca_file:
        return certificates.readable(str(access.ca_file))
    kept = here.settings.ca_file
    if not kept or not _is_settings_server(here, url):
        return None
    if not Path(kept).is_file():
        raise UsageError(f"calendar.ca_file in {here.locations.settings}: there is no {kept}")
    return certificates.readable(kept)


def settings_user(here: Here, url: str) -> str | None:
    """Return the name in the settings, if the address is on the server of the settings."""
    ours = not here.settings.calendar_url or _is_settings_server(here, url)
    return here.settings.calendar_user if ours else None


def _is_settings_server(here: Here, url: str) -> bool:
    from afterword.targets import trust

    kept = here.settings.calendar_url
    return bool(kept) and trust.is_same_site(url, str(kept))


def _asked(question: str) -> str:
    answer: str = click.prompt(question, hide_input=True, err=True)
    return answer
