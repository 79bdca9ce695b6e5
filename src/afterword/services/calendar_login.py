"""Log in to a calendar server: whose name, which password, which certificates."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from afterword.errors import UsageError
from afterword.services.program_approval import require_approval
from afterword.services.run_context import RunContext
from afterword.system import clock, credentials
from afterword.system.credentials import Account, Password, PasswordSources

if TYPE_CHECKING:
    from afterword.dav.client import DavClient
    from afterword.dav.connection_settings import Login
    from afterword.dav.providers import Provider


@attrs.frozen(kw_only=True)
class Access:
    """The options of this run for a server: user, password, encryption."""

    user: str | None = None
    password_file: str | None = None
    allow_insecure_http: bool = False
    ca_file: Path | None = None


@attrs.frozen(kw_only=True)
class CalendarLogin:
    """A server, and the user's name and password on it."""

    provider: Provider
    url: str
    user: str
    password: Password


def client_with_login(context: RunContext, url: str, access: Access) -> DavClient:
    """Return the client of a server, with the user's login; nothing is sent yet."""
    user = user_on(context, url, access)
    password = password_for(context, url, user, access)
    return connect(context, url, build_login(url, user, password), access)


def connect(context: RunContext, url: str, login: Login | None, access: Access) -> DavClient:
    """Return the client of a server; nothing is sent yet."""
    from afterword.dav.client import DavClient

    ca_file = _trusted_certificates(context, url, access)
    return DavClient(url, login, now=clock.now, ca_file=ca_file)


def build_login(url: str, user: str, password: Password) -> Login:
    """Return the login, with the provider's hint for a refused login."""
    from afterword.dav import providers
    from afterword.dav.connection_settings import Login

    return Login(user=user, password=password.reveal(), hint=providers.provider_for(url).hint)


def normalize_address(context: RunContext, url: str, access: Access) -> str:
    """Return a URL in its normal form; notify the user if it is not encrypted."""
    from afterword.dav import url_policy

    normalized = url_policy.normalize_url(url, allow_http=access.allow_insecure_http)
    host = urlsplit(normalized).hostname or ""
    if normalized.startswith("http://") and not url_policy.is_loopback(host):
        context.ui.notify(
            f"The connection to {host} is not encrypted; your password can be read on the way."
        )
    return normalized


def refuse_google(url: str) -> None:
    """Raise UsageError for a server without passwords, before a password is asked for."""
    from afterword.dav import providers

    providers.provider_for(url)


def user_on(context: RunContext, url: str, access: Access) -> str:
    """Return the user's name on a server. Raises UsageError if it is not given."""
    user = access.user or settings_user(context, url)
    if not user:
        raise unknown_user_error(url)
    return user


def unknown_user_error(url: str) -> UsageError:
    """Return the error that asks for --user."""
    return UsageError(f"which user name on {urlsplit(url).hostname}? Give it with --user NAME")


def settings_user(context: RunContext, url: str) -> str | None:
    """Return the user's name in the settings, if they are about this server."""
    return context.settings.calendar_user if _settings_apply(context, url) else None


def account_on(url: str, user: str) -> Account:
    """Return the account that a password belongs to."""
    return Account(user, urlsplit(url).netloc)


def password_for(context: RunContext, url: str, user: str, access: Access) -> Password:
    """Return the password; password_command is used for the server of the settings alone."""
    settings, ui = context.settings, context.ui
    command = settings.password_command if _settings_apply(context, url) else ()
    if command and access.password_file is None:
        require_approval(context)
    sources = PasswordSources(
        settings=context.locations.settings,
        file=access.password_file,
        command=command,
        ask=ui.ask_password if ui.can_ask() else None,
    )
    return credentials.lookup_password(account_on(url, user), sources)


def log_in_with_browser(
    context: RunContext, provider: Provider, url: str, access: Access
) -> CalendarLogin:
    """Open the server's login page, wait for the user, and return the login it grants."""
    from afterword.dav import nextcloud_login

    notify = context.ui.notify
    with connect(context, url, None, access) as server:
        flow = nextcloud_login.begin_login(server, url.partition("/remote.php/")[0])
        notify("Log in and grant access in your browser. If it does not open, this is the page:")
        notify(f"  {flow.page}")
        context.ui.open_page(flow.page)
        granted = nextcloud_login.wait_for_login(server, flow, time.sleep)
    notify(f"Access granted to {granted.user}.")
    password = Password(granted.password, credentials.GRANTED)
    return CalendarLogin(provider=provider, url=url, user=granted.user, password=password)


def _settings_apply(context: RunContext, url: str) -> bool:
    """True if the settings name this server, or none."""
    return not context.settings.calendar_url or _is_settings_server(context, url)


def _is_settings_server(context: RunContext, url: str) -> bool:
    from afterword.dav import url_policy

    settings_url = context.settings.calendar_url
    return bool(settings_url) and url_policy.is_same_site(url, str(settings_url))


def _trusted_certificates(context: RunContext, url: str, access: Access) -> str | None:
    """Return the file of certificates to trust; that of the settings for their server alone."""
    from afterword.dav import tls

    if access.ca_file:
        return tls.readable(str(access.ca_file))
    ca_file = context.settings.ca_file
    if not ca_file or not _is_settings_server(context, url):
        return None
    if not Path(ca_file).is_file():
        raise UsageError(f"calendar.ca_file in {context.locations.settings}: there is no {ca_file}")
    return tls.readable(ca_file)
