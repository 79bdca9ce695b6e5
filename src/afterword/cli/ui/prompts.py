"""The questions of `afterword calendars`, for a person at a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from afterword.cli.ui.calendar_color import color_word
from afterword.cli.ui.output import status
from afterword.dav.providers import PROVIDERS, Provider, is_mail, with_scheme
from afterword.system.credentials import Account

if TYPE_CHECKING:
    from afterword.dav.discovery import CalendarHome, CalendarInfo


DEDICATED = "Job search"
"""The default name of a new calendar."""


def can_ask() -> bool:
    """True if standard input is a terminal, so that questions can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask_provider() -> str:
    """Return a provider's name, an address, or an e-mail address."""
    status("Where is your calendar?")
    for number, provider in enumerate(PROVIDERS, start=1):
        status(f"  {number}  {provider.title}")
    while True:
        answer = _text("A number, the server's address, or your e-mail address")
        if not answer.isdecimal():
            return answer
        if 0 < int(answer) <= len(PROVIDERS):
            return PROVIDERS[int(answer) - 1].name
        status(f"a number from 1 to {len(PROVIDERS)}, please")


def ask_address(provider: Provider) -> str:
    """Return the address of a self-hosted server."""
    return with_scheme(_text(f"The address of your {provider.title}, such as {provider.example}"))


def confirm_browser() -> bool:
    """Ask whether to log in with the browser, which grants a password."""
    return click.confirm("Log in with your browser?", default=True, err=True)


def ask_user(provider: Provider, given: str | None) -> str:
    """Return the user's name; an e-mail address that was given is the default."""
    return _text(f"Your {provider.user}", given if is_mail(given) else None)


def ask_calendar(home: CalendarHome, *, can_create: bool) -> CalendarInfo | str | None:
    """Return an existing calendar, the name for a new calendar, or None."""
    usable = [calendar for calendar in home.calendars if calendar.usable]
    can_create = can_create and home.url is not None
    if not usable and not can_create:
        status("there is no calendar to put events in yet: make one there, and run this again")
        return None
    own = next((n for n, c in enumerate(usable, start=1) if c.name == DEDICATED), None)
    for number, calendar in enumerate(usable, start=1):
        shared = "  (shared with others)" if calendar.shared else ""
        status(f"  {number}  {calendar.name}  ", color_word(calendar.colour), shared)
    if can_create:
        status("  new  a calendar of its own, which can be hidden or deleted as a whole (best)")
    status("  none  leave all as it is")
    default = str(own) if own else "new" if can_create else None
    while True:
        answer = _text("Which calendar is for the job search?", default)
        if answer == "none":
            return None
        if answer == "new" and can_create:
            return _text("Its name", DEDICATED)
        if answer.isdigit() and 0 < int(answer) <= len(usable):
            return usable[int(answer) - 1]
        status("one of the words or numbers above, please")


def confirm_host(named: str, by: str) -> bool:
    """Ask whether the password may go to the host that the server names."""
    if not can_ask():
        return False
    target, server = urlsplit(named).netloc, urlsplit(by).netloc
    return click.confirm(
        f"{server} says that your calendars are on {target}. Send your password there?", err=True
    )


def confirm_private(chosen: CalendarInfo) -> bool:
    """Ask whether titles should be neutral, in a calendar that others see."""
    return can_ask() and click.confirm(
        f"Others see {chosen.name!r}. Neutral titles and no drafts in it (private)?",
        default=True,
        err=True,
    )


def confirm_save_password(account: Account) -> bool:
    """Ask whether the password goes into the keyring."""
    return can_ask() and click.confirm(
        f"Keep the password of {account} in this computer's keyring?", default=True, err=True
    )


def _text(question: str, default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, err=True)
    return answer.strip()
