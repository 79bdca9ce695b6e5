"""Log in to a calendar server: user, password or access tokens, certificates."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import attrs

from afterword.dav import providers, url_policy
from afterword.dav.providers import Provider
from afterword.errors import LoginError, UsageError
from afterword.services.calendars import google_login
from afterword.services.calendars.program_approval import require_approval
from afterword.services.run_context import RunContext
from afterword.system import clock, credentials
from afterword.system.credentials import Account, Password, PasswordSources, SecretCommand

if TYPE_CHECKING:
    from afterword.dav.client import DavClient
    from afterword.dav.connection_settings import AccessTokens, Login, TokenLogin
    from afterword.dav.providers import Provider


class Access(NamedTuple):
    """The options of this run for a server: user, password, encryption."""

    user: str | None = None
    password_file: str | None = None
    allow_insecure_http: bool = False
    ca_file: Path | None = None


@attrs.frozen(kw_only=True)
class CalendarLogin:
    """A login on a server. `password` is None for a login with access tokens.

    `source` is a phrase such as "in the keyring"; `user` may be "" with tokens.
    """

    provider: Provider
    url: str
    user: str
    password: Password | None
    dav: Login | TokenLogin
    source: str


def client_with_login(context: RunContext, url: str, access: Access) -> DavClient:
    """Return the client of a server, with the user's login; nothing is sent yet."""
    return connect(context, url, log_in(context, url, access).dav, access)


def log_in(
    context: RunContext,
    url: str,
    access: Access,
    user: str | None = None,
    provider: Provider | None = None,
) -> CalendarLogin:
    """Return the login on a server: by token_command, by the permission of Google, or a password.

    `provider` is that of the address unless the user named another provider. Raises
    UsageError if none is there, and cannot be asked for.
    """
    user = user or access.user or settings_user(context, url)
    provider = provider or providers.provider_for(url)
    if has_token_command(context, url, access):
        return _with_token_command(context, provider, url, user or "")
    if not user:
        raise unknown_user_error(url)
    if provider is providers.GOOGLE:
        refuse_password(context, access)
        if not url.startswith(providers.GOOGLE.address):
            raise UsageError(
                f"{urlsplit(url).netloc} is an older address of Google, which takes no access "
                "tokens; to find your calendars: afterword calendars --server google"
            )
        tokens = google_login.google_tokens(user, partial_connect(context, access))
        return with_tokens(provider, url, user, tokens, google_login.SOURCE)
    return with_password(provider, url, user, password_for(context, url, user, access))


def connect(
    context: RunContext, url: str, login: Login | TokenLogin | None, access: Access
) -> DavClient:
    """Return the client of a server; nothing is sent yet."""
    from afterword.dav.client import DavClient

    ca_file = _trusted_certificates(context, url, access)
    return DavClient(url, login, now=clock.now, ca_file=ca_file)


def partial_connect(context: RunContext, access: Access) -> Callable[[str], DavClient]:
    """Return a function that connects to a server without a login."""
    return lambda url: connect(context, url, None, access)


def with_password(provider: Provider, url: str, user: str, password: Password) -> CalendarLogin:
    """Return the login with a password, with the provider's hint for a refused login."""
    from afterword.dav.connection_settings import Login

    return CalendarLogin(
        provider=provider,
        url=url,
        user=user,
        password=password,
        dav=Login(user=user, password=password.reveal(), hint=provider.hint),
        source=password.source,
    )


def with_tokens(
    provider: Provider, url: str, user: str, tokens: AccessTokens, source: str
) -> CalendarLogin:
    """Return the login with access tokens."""
    from afterword.dav.connection_settings import TokenLogin

    return CalendarLogin(
        provider=provider,
        url=url,
        user=user,
        password=None,
        dav=TokenLogin(tokens=tokens, hint=provider.hint),
        source=source,
    )


def check_user(context: RunContext, login: CalendarLogin, access: Access) -> None:
    """Raise LoginError if the address of the login is that of another user."""
    from afterword.dav.discovery import PROPERTY_QUERY
    from afterword.dav.interface import NotFoundError
    from afterword.dav.responses import StatusError

    with connect(context, login.url, login.dav, access) as server:
        try:
            server.request("PROPFIND", login.url, PROPERTY_QUERY, {"Depth": "0"})
        except (NotFoundError, StatusError):
            raise LoginError(
                f"you agreed with another account than {login.user}",
                ["start again, and choose that account in the browser; or name yours with --user"],
            ) from None


def check_main_calendar(url: str, name: str, context: RunContext) -> None:
    """Raise UsageError for somebody's main calendar, unless the user confirms it."""
    dialect = providers.dialect_of(url)
    if not dialect.is_main_calendar(url):
        return
    question = f"{name!r} is a main calendar. Put the events of your job search among all others?"
    if context.ui.can_ask() and context.ui.confirm(question, default=False):
        return
    raise UsageError(
        f"{name!r} is a main calendar, with everything else that its owner does",
        [
            f"create a separate calendar {dialect.how_to_create}, and use that",
            "to use this one all the same, run `afterword calendars` on a terminal and confirm it",
        ],
    )


def has_token_command(context: RunContext, url: str, access: Access) -> bool:
    """True if token_command prints the access tokens of a server."""
    command = context.settings.token_command if _settings_apply(context, url) else ()
    return bool(command) and access.password_file is None


def _with_token_command(
    context: RunContext, provider: Provider, url: str, user: str
) -> CalendarLogin:
    from afterword.dav.connection_settings import AccessTokens

    require_approval(context)
    settings, path = context.settings, context.locations.settings
    command = SecretCommand("token_command", settings.token_command, path)
    hint = f"token_command below [calendar] in {path} prints them; run it yourself"
    tokens = AccessTokens(command.run_for_token)
    return with_tokens(provider._replace(hint=hint), url, user, tokens, "by token_command")


def refuse_password(context: RunContext, access: Access) -> None:
    """Raise UsageError if a password is given for a server that takes none."""
    if access.password_file is not None:
        raise UsageError(
            "Google does not allow password logins for its calendar: leave out --password-file",
            [
                "log in with a client of your own: afterword calendars --server google",
                f"or set token_command below [calendar] in {context.locations.settings}",
                google_login.BY_FILE,
            ],
        )


def normalize_address(context: RunContext, url: str, access: Access) -> str:
    """Return a URL in its normal form; notify the user if it is not encrypted."""
    normalized = url_policy.normalize_url(url, allow_http=access.allow_insecure_http)
    host = urlsplit(normalized).hostname or ""
    if normalized.startswith("http://") and not url_policy.is_loopback(host):
        context.ui.notify(
            f"The connection to {host} is not encrypted; your password can be read on the way."
        )
    return normalized


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
    return with_password(provider, url, granted.user, password)


def _settings_apply(context: RunContext, url: str) -> bool:
    """True if the settings name this server, or none."""
    return not context.settings.calendar_url or _is_settings_server(context, url)


def _is_settings_server(context: RunContext, url: str) -> bool:
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
