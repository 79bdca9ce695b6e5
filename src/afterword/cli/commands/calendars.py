"""A calendar's colour in a word, which takes that colour where a terminal wants colours.

`afterword calendars`: find the calendars on a server, and choose the one for the job search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import attrs
import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.calendar_color import color_word
from afterword.cli.ui.columns import format_table
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status, styled, terminal_width
from afterword.dav import providers
from afterword.dav.providers import Provider
from afterword.errors import UsageError
from afterword.services import calendar_login
from afterword.services.calendar_login import (
    Access,
    CalendarLogin,
    access_options,
    address,
    connect,
    password_for,
    save_calendar_choice,
    settings_user,
)
from afterword.services.run_context import RunContext
from afterword.system import credentials

if TYPE_CHECKING:
    from afterword.dav.client import DavClient
    from afterword.dav.connection_settings import Login
    from afterword.dav.discovery import CalendarHome, CalendarInfo, Discovery


@attrs.frozen(kw_only=True)
class CalendarRequest:
    """Which calendar is wanted: a new one by name, or one that is there by address or name."""

    create: str | None = None
    use: str | None = None
    dry_run: bool = False


@attrs.frozen(kw_only=True)
class CalendarSearchResult:
    """What a search ended with; `chosen` is None where only a list was asked for."""

    home: CalendarHome
    chosen: CalendarInfo | None
    visit: CalendarLogin


@click.command(
    cls=CommandWithExample,
    example="""
    afterword calendars
    afterword calendars --server sam@icloud.com --create "Job search"
    afterword calendars --server https://cloud.example --user sam
    """,
)
@click.option(
    "--server",
    metavar="PROVIDER|URL|MAIL",
    help=f"One of {', '.join(providers.BY_NAME)}; or an address of the server, or your e-mail "
    "address there.",
)
@click.option("--create", metavar="NAME", help="Make a calendar of that name, and use it.")
@click.option("--use", metavar="URL|NAME", help="Use this calendar, which is there already.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be made and kept.")
@access_options
@options.with_context
@options.json
def calendars(
    context: RunContext,
    server: str | None,
    create: str | None,
    use: str | None,
    dry_run: bool,
    as_json: bool,
    **flags: Any,
) -> None:
    """Find your calendars on a server, and choose the one for the job search.

    On a terminal it asks for all that is missing: your provider, how to get a
    password for programs there, the calendar. A calendar of its own is best:
    it can be hidden, shared or deleted as a whole.
    """
    if create and use:
        raise UsageError("--create makes a calendar and --use takes one that is there; not both")
    wish = CalendarRequest(create=create, use=use, dry_run=dry_run)
    access = Access(**flags)
    found = _search(context, server, wish, access)
    if as_json:
        echo_json(_calendars_document(found))
    elif not found.chosen:
        _show_calendars(found.home, context)
    if found.chosen and not dry_run:
        save_calendar_choice(context, found.chosen, found.visit, access)


def first_time(context: RunContext, access: Access) -> tuple[str, Login]:
    """Lead a person to a calendar, and return its address with the login on it.

    Raises UsageError where none was chosen after all.
    """
    status("no calendar on a server is chosen yet")
    found = _search(context, None, CalendarRequest(), access)
    if found.chosen is None:
        raise UsageError("no calendar is chosen; `afterword export` writes a file instead")
    save_calendar_choice(context, found.chosen, found.visit, access)
    return found.chosen.url, _login(found.visit)


def _search(
    context: RunContext, server: str | None, wish: CalendarRequest, access: Access
) -> CalendarSearchResult:
    from afterword.dav.discovery import Discovery

    visit = _visit(context, server, wish, access)
    login = _login(visit)

    def server_of(url: str) -> DavClient:
        return connect(context, url, login, access)

    with Discovery(server_of, prompts.about_host) as discovery:
        home = discovery.find(visit.url)
        return CalendarSearchResult(
            home=home, chosen=_chosen(discovery, home, visit, wish), visit=visit
        )


def _login(visit: CalendarLogin) -> Login:
    from afterword.dav.connection_settings import Login

    return Login(user=visit.user, password=visit.password.reveal(), hint=visit.provider.hint)


def _visit(
    context: RunContext, server: str | None, wish: CalendarRequest, access: Access
) -> CalendarLogin:
    """Return where to look, as whom: as flags and settings say, and the person if there is one."""
    provider, begin = _beginning(context, server, wish)
    url = providers.discovery_url(provider, address(begin, access))
    provider = providers.provider_for(url) if provider is providers.OTHER else provider
    user = access.user or settings_user(context, url)
    if not user and not prompts.can_ask() and providers.is_mail(server):
        user = server
    if not user and prompts.can_ask():
        if _can_grant(context, provider, access) and prompts.whether_in_the_browser():
            return calendar_login.log_in(context, provider, url, access)
        for step in provider.steps:
            status(f"  {step}")
        user = prompts.for_user(provider, server)
    if not user:
        raise UsageError(f"who are you on {urlsplit(url).hostname}? --user NAME tells it")
    password = password_for(context, url, user, access)
    return CalendarLogin(provider=provider, url=url, user=user, password=password)


def _can_grant(context: RunContext, provider: Provider, access: Access) -> bool:
    """Tell whether to get a password in the browser.

    Nobody gets to see it, so that a keyring has to keep it; and where one is
    named already, none is needed.
    """
    named = access.password_file or context.settings.password_command
    return provider.name == "nextcloud" and not named and credentials.keyring_available()


def _beginning(
    context: RunContext, server: str | None, wish: CalendarRequest
) -> tuple[Provider, str]:
    """Return the provider and the address to begin at."""
    named = wish.use if wish.use and "//" in wish.use else None
    settings = context.settings.calendar_url
    given = server or named
    if not given and settings:
        # One step up: the calendar's own address would lead to that calendar only.
        given = urljoin(settings, "..")
    if not given and prompts.can_ask():
        given = prompts.for_provider()
    if not given:
        raise UsageError(
            "which server? --server takes a provider, an address or your e-mail address",
            [f"providers: {', '.join(providers.BY_NAME)}"],
        )
    provider, begin = providers.resolve_server(given)
    if not begin and prompts.can_ask():
        begin = prompts.for_address(provider)
    if not begin:
        raise UsageError(
            f"{provider.title} is on a host of your own: --server https://YOUR-HOST names it"
        )
    return provider, begin


def _chosen(
    discovery: Discovery, home: CalendarHome, visit: CalendarLogin, wish: CalendarRequest
) -> CalendarInfo | None:
    """Return the calendar that is wanted, made if need be; None where only a list was asked for."""
    name = wish.create
    if wish.use:
        return _usable(_named(home, wish.use))
    if not name and prompts.can_ask():
        answer = prompts.for_calendar(home, can_create=visit.provider.can_create)
        if not isinstance(answer, str):
            return answer and _usable(answer)
        name = answer
    if not name:
        return None
    there = [one for one in home.calendars if one.name == name]
    if there:
        status(f"{name!r} is there already")
        return _usable(there[0])
    if wish.dry_run:
        status(f"would make the calendar {name!r} in {home.url}")
        return None
    made = discovery.create(home, name)
    status(f"made the calendar {made.name!r}")
    return made


def _named(home: CalendarHome, use: str) -> CalendarInfo:
    """Return the calendar of that address or name."""
    wanted = use.rstrip("/")
    found = [one for one in home.calendars if wanted in {one.url.rstrip("/"), one.name}]
    if len(found) == 1 or (home.url is None and found):
        return found[0]
    if home.url is None and "//" in use:
        return home.calendars[0]
    names = [f"{one.name}: {one.url}" for one in home.calendars]
    which = "more than one calendar is" if found else "no calendar is"
    raise UsageError(f"{which} called {use!r}; name it by its address", names)


def _usable(listed: CalendarInfo) -> CalendarInfo:
    if not listed.takes_events:
        raise UsageError(f"{listed.name!r} is for tasks, and takes no events")
    if listed.writable is False:
        raise UsageError(f"you may only read {listed.name!r}; choose another, or make one")
    return listed


def _show_calendars(home: CalendarHome, context: RunContext) -> None:
    rows = [
        (styled(one.name, bold=True), color_word(one.colour), _remarks(one, context), one.url)
        for one in home.calendars
    ]
    for line in format_table(rows, width=terminal_width()):
        echo(*line)
    if not home.calendars:
        status("there is no calendar yet; --create NAME makes one")


def _remarks(one: CalendarInfo, context: RunContext) -> str:
    remarks = {
        "in use": one.url == context.settings.calendar_url,
        "read only": one.writable is False,
        "shared": one.shared,
        "no events": not one.takes_events,
    }
    return ", ".join(word for word, holds in remarks.items() if holds)


def _calendars_document(found: CalendarSearchResult) -> dict[str, Any]:
    there = found.home.calendars
    made = [found.chosen] if found.chosen and found.chosen not in there else []
    return {
        "version": 1,
        "server": found.visit.url,
        "user": found.visit.user,
        "home": found.home.url,
        "chosen": found.chosen.url if found.chosen else None,
        "calendars": [attrs.asdict(one) for one in (*there, *made)],
    }
