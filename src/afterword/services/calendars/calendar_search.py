"""Find the calendars on a server, and choose a calendar for the job search."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import attrs

from afterword.dav import providers, url_policy
from afterword.dav.providers import Provider
from afterword.errors import UsageError
from afterword.services.calendars import google_login
from afterword.services.calendars.calendar_login import (
    Access,
    CalendarLogin,
    CalendarServer,
    account_on,
    server_at,
    unknown_user_error,
)
from afterword.services.run_context import RunContext
from afterword.settings import loader
from afterword.system import credentials

if TYPE_CHECKING:
    from afterword.dav.client import DavClient
    from afterword.dav.connection_settings import AccessTokens
    from afterword.dav.discovery import CalendarHome, CalendarInfo, Discovery
    from afterword.dav.remote_calendar import RemoteCalendar


AskCalendar = Callable[["CalendarHome", bool], "CalendarInfo | str | None"]
"""Asks for an existing calendar, or for the name of a new one if the flag is set; or neither."""


class CalendarRequest(NamedTuple):
    """The calendar to use: created by name, or existing by address or name.

    `google_client` is the JSON file of the user's client at Google.
    """

    create: str | None = None
    use: str | None = None
    dry_run: bool = False
    google_client: Path | None = None


class CalendarSearchResult(NamedTuple):
    """The calendars on a server; `chosen` is None where only a list was asked for."""

    home: CalendarHome
    chosen: CalendarInfo | None
    login: CalendarLogin


@attrs.frozen(kw_only=True)
class CalendarSearch:
    """The context of a search: with which options, and how the user chooses a calendar."""

    context: RunContext
    access: Access
    ask_calendar: AskCalendar

    def search(self, server: str | None, request: CalendarRequest) -> CalendarSearchResult:
        """Return the calendars on a server, and the requested calendar, created if need be."""
        from afterword.dav.discovery import Discovery

        login = self._log_in(server, request)
        client_for = functools.partial(login.server.connect_to, login=login.dav)
        with Discovery(client_for, self._confirm_host) as discovery:
            home = discovery.find_home(login.server.url)
            chosen = self._choose(discovery, home, login, request)
        return CalendarSearchResult(home=home, chosen=chosen, login=login)

    def save(self, chosen: CalendarInfo, login: CalendarLogin) -> None:
        """Save the choice in the settings, and a typed password, if confirmed, in the keyring."""
        notify, path = self.context.ui.notify, self.context.locations.settings
        values: dict[str, Any] = {
            "calendar.url": chosen.url,
            "calendar.user": login.user or None,
            "calendar.folder": None,
        }
        if self.access.ca_file:
            values["calendar.ca_file"] = str(self.access.ca_file.absolute())
        if chosen.shared and not self.context.settings.private:
            question = f"Others see {chosen.name!r}. Neutral titles and no drafts in it (private)?"
            if self._confirm(question, default=True):
                values["private"] = True
            else:
                notify(
                    "Others see this calendar. To hide drafts and names: "
                    "afterword settings set private true"
                )
        loader.save_settings(path, values)
        notify(f"{chosen.name!r} is your calendar now; saved in {path}")
        self._save_password(chosen, login)
        notify("To write your plan to it: afterword sync. On your phone:")
        for hint in login.provider.phone:
            notify(f"  {hint}")
        if login.password:
            notify(f"  {_server_for_phone(chosen.url)}, user {login.user}")

    def choose_first(self) -> tuple[str, DavClient]:
        """Lead the user to a calendar and save it; return its address and a client.

        Raises UsageError if none was chosen.
        """
        self.context.ui.notify("No calendar on a server is chosen yet.")
        result = self.search(None, CalendarRequest())
        if result.chosen is None:
            raise UsageError("no calendar is chosen; to write a file instead: afterword export")
        self.save(result.chosen, result.login)
        url, login = result.chosen.url, result.login
        return url, login.server.connect_to(url, login.dav)

    def _log_in(self, named: str | None, request: CalendarRequest) -> CalendarLogin:
        """Return the server and the login, by options, by settings, or as the user answers."""
        ui, can_ask = self.context.ui, self.context.ui.can_ask()
        provider, start = self._resolve_server(named, request)
        server = server_at(start, self.context, self.access)
        server = attrs.evolve(server, url=providers.discovery_url(provider, server.url))
        provider = providers.provider_for(server.url) if provider is providers.OTHER else provider
        if server.has_token_command:
            return server.log_in(provider=provider)
        if provider is providers.GOOGLE:
            server.refuse_password()
            google_login.check_available(self.context)
        mail = named if providers.is_mail(named) else None
        user = server.user or (None if can_ask else mail)
        if not user and can_ask:
            if self._browser_login_works(provider) and ui.confirm(
                "Log in with your browser?", default=True
            ):
                return server.log_in_with_browser(provider)
            for step in provider.steps:
                ui.notify(f"  {step}")
            user = ui.ask_text(f"Your {provider.user}", default=mail)
        if not user:
            raise unknown_user_error(server.url)
        if provider is providers.GOOGLE:
            return self._log_in_to_google(server, user, request)
        return server.log_in(user, provider)

    def _log_in_to_google(
        self, server: CalendarServer, user: str, request: CalendarRequest
    ) -> CalendarLogin:
        google = providers.GOOGLE
        server = attrs.evolve(server, url=providers.discovery_url(google, server.url, user))

        def login_with(tokens: AccessTokens) -> CalendarLogin:
            return server.with_tokens(google, user, tokens, google_login.SOURCE)

        tokens = google_login.log_in(
            self.context,
            user,
            server.connect_to,
            request.google_client,
            check=lambda tokens: server.check_user(login_with(tokens)),
            save=not request.dry_run,
        )
        return login_with(tokens)

    def _browser_login_works(self, provider: Provider) -> bool:
        """True if a password can be granted in the browser.

        The user does not see such a password, so a keyring has to store it; and where a
        password is given already, none is needed.
        """
        given = self.access.password_file or self.context.settings.password_command
        return provider.name == "nextcloud" and not given and credentials.keyring_available()

    def _resolve_server(self, server: str | None, request: CalendarRequest) -> tuple[Provider, str]:
        can_ask = self.context.ui.can_ask()
        settings_url = self.context.settings.calendar_url
        given = server or (request.use if request.use and "//" in request.use else None)
        if not given and settings_url:
            given = providers.search_address(settings_url)
        if not given and can_ask:
            given = self._ask_provider()
        if not given:
            raise UsageError(
                "which server? Give a provider, an address or your e-mail address: --server",
                [f"providers: {', '.join(providers.BY_NAME)}"],
            )
        provider, start = providers.resolve_server(given)
        if not start and can_ask:
            start = self.context.ui.ask(
                f"The address of your {provider.title}, such as {provider.example}",
                lambda typed: providers.with_scheme(self._checked_server(typed)),
            )
        if not start:
            raise UsageError(
                f"{provider.title} runs on a host of your own; give its address: --server https://YOUR-HOST"
            )
        return provider, start

    def _ask_provider(self) -> str:
        """Return a provider's name, an address, or an e-mail address, as the user answers."""
        ui = self.context.ui
        ui.notify("Where is your calendar?")
        for number, provider in enumerate(providers.PROVIDERS, start=1):
            ui.notify(f"  {number}  {provider.title}")

        def parse(typed: str) -> str:
            if not typed.isdecimal():
                return self._checked_server(typed)
            if 0 < int(typed) <= len(providers.PROVIDERS):
                return providers.PROVIDERS[int(typed) - 1].name
            raise UsageError(f"type a number from 1 to {len(providers.PROVIDERS)}")

        return ui.ask("A number, the server's address, or your e-mail address", parse)

    def _checked_server(self, typed: str) -> str:
        """Return a server as it was typed. Raises UsageError if it cannot be used."""
        provider, start = providers.resolve_server(typed)
        if start:
            url = providers.discovery_url(provider, start)
            url_policy.normalize_url(url, allow_http=self.access.allow_insecure_http)
        return typed

    def _confirm(self, question: str, *, default: bool) -> bool:
        """Return the answer to a question; False where nobody can be asked."""
        ui = self.context.ui
        return ui.can_ask() and ui.confirm(question, default=default)

    def _confirm_host(self, named: str, by: str) -> bool:
        """Ask whether the password may go to the host that the server names."""
        target, server = urlsplit(named).netloc, urlsplit(by).netloc
        return self._confirm(
            f"{server} says that your calendars are on {target}. Send your password there?",
            default=False,
        )

    def _choose(
        self,
        discovery: Discovery,
        home: CalendarHome,
        login: CalendarLogin,
        request: CalendarRequest,
    ) -> CalendarInfo | None:
        """Return the requested calendar, created if need be; None if no calendar is requested."""
        name = request.create
        if request.use:
            return self._check(_find_calendar(home, request.use))
        if not name and self.context.ui.can_ask():
            answer = self.ask_calendar(home, login.provider.can_create)
            if not isinstance(answer, str):
                return answer and self._check(answer)
            name = answer
        return self._create(discovery, home, name, request) if name else None

    def _create(
        self, discovery: Discovery, home: CalendarHome, name: str, request: CalendarRequest
    ) -> CalendarInfo | None:
        """Return the calendar of that name, created if need be; None in a dry run."""
        notify = self.context.ui.notify
        existing = [calendar for calendar in home.calendars if calendar.name == name]
        if existing:
            notify(f"{name!r} exists already.")
            return self._check(existing[0])
        if request.dry_run:
            notify(f"Would create the calendar {name!r} in {home.url}")
            return None
        created = discovery.create(home, name)
        notify(f"Created the calendar {created.name!r}.")
        return created

    def _check(self, calendar: CalendarInfo) -> CalendarInfo:
        """Return a calendar that can be used; the user is asked about their main calendar."""
        _check_main_calendar(calendar.url, calendar.name, self.context)
        if not calendar.takes_events:
            raise UsageError(f"{calendar.name!r} is for tasks and accepts no events")
        if calendar.writable is False:
            raise UsageError(f"you may only read {calendar.name!r}; choose another, or create one")
        return calendar

    def _save_password(self, chosen: CalendarInfo, login: CalendarLogin) -> None:
        account = account_on(chosen.url, login.user)
        if login.password is None or login.source not in {credentials.TYPED, credentials.GRANTED}:
            return
        notify, settings = self.context.ui.notify, self.context.locations.settings
        question = f"Keep the password of {account} in this computer's keyring?"
        if credentials.keyring_available() and self._confirm(question, default=True):
            credentials.save_password(account, login.password)
            notify("The password is stored in the keyring.")
        else:
            notify(
                "The password is not saved: each sync asks for it, or reads --password-file. "
                "So that it does not have to ask:"
            )
            install = credentials.KEYRING_INSTALL
            notify(f"  {install}, or set password_command below [calendar] in {settings}")


@contextlib.contextmanager
def open_calendar(
    context: RunContext, *, calendar_url: str | None, access: Access, ask_calendar: AskCalendar
) -> Iterator[RemoteCalendar]:
    """Yield the calendar that the options or the settings name; nothing is sent yet.

    Where none is named, the user is led to one if they can be asked. Raises UsageError if
    address, user or password is missing.
    """
    from afterword.dav.remote_calendar import RemoteCalendar

    url = calendar_url or context.settings.calendar_url
    if url:
        server = server_at(url, context, access)
        url = server.url
        if url != context.settings.calendar_url:
            _check_main_calendar(url, url, context)
        client = server.connect(server.log_in().dav)
    elif context.ui.can_ask():
        search = CalendarSearch(context=context, access=access, ask_calendar=ask_calendar)
        url, client = search.choose_first()
    else:
        raise UsageError(
            "no calendar is chosen yet; choose one: afterword calendars; or name one with "
            "--calendar-url"
        )
    with client:
        yield RemoteCalendar(client, url)


def _find_calendar(home: CalendarHome, use: str) -> CalendarInfo:
    wanted = use.rstrip("/")
    if "//" in use:
        # In the form of the list: a browser shows an address with other escapes.
        wanted = url_policy.normalize_url(use, allow_http=True).rstrip("/")
    matches = [c for c in home.calendars if wanted in {c.url.rstrip("/"), c.name}]
    if len(matches) == 1 or (home.url is None and matches):
        return matches[0]
    if home.url is None and "//" in use:
        return home.calendars[0]
    names = [f"{calendar.name}: {calendar.url}" for calendar in home.calendars]
    which = "more than one calendar is" if matches else "no calendar is"
    raise UsageError(f"{which} called {use!r}; name it by its address", names)


def _check_main_calendar(url: str, name: str, context: RunContext) -> None:
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


def _server_for_phone(url: str) -> str:
    """Return the address of a server as a phone's settings ask for it."""
    if url_policy.is_loopback(url_policy.host_of(url)):
        return (
            "this server runs on this computer: on your phone, "
            "use its name or address in your network"
        )
    return f"server {url_policy.origin(url)}"
