"""Log in to a calendar server: user, password or access tokens, certificates."""

from __future__ import annotations

import time
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

    server: CalendarServer
    provider: Provider
    user: str
    password: Password | None = None
    dav: Login | TokenLogin
    source: str


@attrs.frozen
class CalendarServer:
    """A server at an address, as the options and the settings of this run reach it."""

    context: RunContext
    access: Access
    url: str

    def connect(self, login: Login | TokenLogin | None = None) -> DavClient:
        """Return a client of the server; nothing is sent yet."""
        from afterword.dav.client import DavClient

        return DavClient(self.url, login, now=clock.now, ca_file=self._trusted_certificates())

    def connect_to(self, url: str, login: Login | TokenLogin | None = None) -> DavClient:
        """Return a client of another address that the server named."""
        return attrs.evolve(self, url=url).connect(login)

    def log_in(self, user: str | None = None, provider: Provider | None = None) -> CalendarLogin:
        """Return the login: by token_command, by the permission of Google, or a password.

        `provider` is that of the address unless the user named another provider. Raises
        UsageError if none is there, and cannot be asked for.
        """
        user = user or self.user
        provider = provider or providers.provider_for(self.url)
        if self.has_token_command:
            return self._with_token_command(provider, user or "")
        if not user:
            raise unknown_user_error(self.url)
        if provider is providers.GOOGLE:
            self.refuse_password()
            if not self.url.startswith(providers.GOOGLE.address):
                raise UsageError(
                    f"{urlsplit(self.url).netloc} is an older address of Google, which takes no "
                    "access tokens; to find your calendars: afterword calendars --server google"
                )
            tokens = google_login.google_tokens(user, self.connect_to)
            return self.with_tokens(provider, user, tokens, google_login.SOURCE)
        return self._with_password(provider, user, self._password_of(user))

    @property
    def user(self) -> str | None:
        """Return the user's name in the options, or in settings that are about this server."""
        from_settings = self.context.settings.calendar_user if self._settings_apply else None
        return self.access.user or from_settings

    @property
    def has_token_command(self) -> bool:
        """True if token_command prints the access tokens of the server."""
        command = self.context.settings.token_command if self._settings_apply else ()
        return bool(command) and self.access.password_file is None

    def log_in_with_browser(self, provider: Provider) -> CalendarLogin:
        """Open the server's login page, wait for the user, and return the login it grants."""
        from afterword.dav import nextcloud_login

        ui = self.context.ui
        with self.connect() as client:
            flow = nextcloud_login.begin_login(client, self.url.partition("/remote.php/")[0])
            ui.notify(
                "Log in and grant access in your browser. If it does not open, this is the page:"
            )
            ui.notify(f"  {flow.page}")
            ui.open_page(flow.page)
            granted = nextcloud_login.wait_for_login(client, flow, time.sleep)
        ui.notify(f"Access granted to {granted.user}.")
        password = Password(granted.password, credentials.GRANTED)
        return self._with_password(provider, granted.user, password)

    def with_tokens(
        self, provider: Provider, user: str, tokens: AccessTokens, source: str
    ) -> CalendarLogin:
        """Return the login with access tokens."""
        from afterword.dav.connection_settings import TokenLogin

        dav = TokenLogin(tokens=tokens, hint=provider.hint)
        return CalendarLogin(server=self, provider=provider, user=user, dav=dav, source=source)

    def _with_token_command(self, provider: Provider, user: str) -> CalendarLogin:
        from afterword.dav.connection_settings import AccessTokens

        require_approval(self.context)
        settings, path = self.context.settings, self.context.locations.settings
        command = SecretCommand("token_command", settings.token_command, path)
        hint = f"token_command below [calendar] in {path} prints them; run it yourself"
        tokens = AccessTokens(command.run_for_token)
        return self.with_tokens(provider._replace(hint=hint), user, tokens, "by token_command")

    def _with_password(self, provider: Provider, user: str, password: Password) -> CalendarLogin:
        """Return the login with a password, with the provider's hint for a refused login."""
        from afterword.dav.connection_settings import Login

        return CalendarLogin(
            server=self,
            provider=provider,
            user=user,
            password=password,
            dav=Login(user=user, password=password.reveal(), hint=provider.hint),
            source=password.source,
        )

    def _password_of(self, user: str) -> Password:
        """Return the password; password_command is used for the server of the settings alone."""
        context, file = self.context, self.access.password_file
        command = context.settings.password_command if self._settings_apply else ()
        if command and file is None:
            require_approval(context)
        sources = PasswordSources(
            settings=context.locations.settings,
            file=file,
            command=command,
            ask=context.ui.ask_password if context.ui.can_ask() else None,
        )
        return credentials.lookup_password(account_on(self.url, user), sources)

    def check_user(self, login: CalendarLogin) -> None:
        """Raise LoginError if the address is that of another user."""
        from afterword.dav.discovery import PROPERTY_QUERY
        from afterword.dav.interface import NotFoundError
        from afterword.dav.responses import StatusError

        with self.connect(login.dav) as client:
            try:
                client.request("PROPFIND", self.url, PROPERTY_QUERY, {"Depth": "0"})
            except (NotFoundError, StatusError):
                again = "start again, and choose that account in the browser"
                raise LoginError(
                    f"you agreed with another account than {login.user}",
                    [f"{again}; or name yours with --user"],
                ) from None

    def refuse_password(self) -> None:
        """Raise UsageError if a password is given, because the server takes none."""
        if self.access.password_file is not None:
            settings = self.context.locations.settings
            raise UsageError(
                "Google does not allow password logins for its calendar: leave out --password-file",
                [
                    "log in with a client of your own: afterword calendars --server google",
                    f"or set token_command below [calendar] in {settings}",
                    google_login.BY_FILE,
                ],
            )

    def _trusted_certificates(self) -> str | None:
        """Return the file of certificates to trust; that of the settings for their server alone."""
        from afterword.dav import tls

        if self.access.ca_file:
            return tls.readable(str(self.access.ca_file))
        ca_file = self.context.settings.ca_file
        if not ca_file or not self._is_in_settings:
            return None
        if not Path(ca_file).is_file():
            settings = self.context.locations.settings
            raise UsageError(f"calendar.ca_file in {settings}: there is no {ca_file}")
        return tls.readable(ca_file)

    @property
    def _settings_apply(self) -> bool:
        """True if the settings name this server, or none."""
        return not self.context.settings.calendar_url or self._is_in_settings

    @property
    def _is_in_settings(self) -> bool:
        settings_url = self.context.settings.calendar_url
        return bool(settings_url) and url_policy.is_same_site(self.url, str(settings_url))


def server_at(url: str, context: RunContext, access: Access) -> CalendarServer:
    """Return the server at a URL, in its normal form; warn the user if it is not encrypted."""
    normalized = url_policy.normalize_url(url, allow_http=access.allow_insecure_http)
    host = urlsplit(normalized).hostname or ""
    if normalized.startswith("http://") and not url_policy.is_loopback(host):
        context.ui.notify(
            f"The connection to {host} is not encrypted; your password can be read on the way."
        )
    return CalendarServer(context, access, normalized)


def account_on(url: str, user: str) -> Account:
    """Return the account that a password belongs to."""
    return Account(user, urlsplit(url).netloc)


def unknown_user_error(url: str) -> UsageError:
    """Return the error that asks for --user."""
    return UsageError(f"which user name on {urlsplit(url).hostname}? Give it with --user NAME")
