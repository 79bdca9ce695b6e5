"""What is kept of the choice of a calendar, and what is told to whoever chose it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterword import config, passwords
from afterword.cli import asking
from afterword.cli.access import Access, account_of
from afterword.cli.browser import Visit
from afterword.cli.console import say
from afterword.cli.here import Here
from afterword.state import resources
from afterword.state.database import Database

if TYPE_CHECKING:
    from afterword.targets.discovery import Listed


def keep(here: Here, chosen: Listed, visit: Visit, access: Access) -> None:
    """Keep the choice in the settings, and the password, if it was typed, in the keyring."""
    path = here.locations.settings
    values: dict[str, Any] = {"calendar.url": chosen.url, "calendar.user": visit.user}
    if access.ca_file:
        values["calendar.ca_file"] = str(access.ca_file.absolute())
    if chosen.shared and not here.settings.private:
        if asking.whether_private(chosen):
            values["private"] = True
        else:
            say("others see this calendar: private = true in the settings hides drafts and names")
    config.store(path, values)
    with Database(here.locations.database) as database:
        resources.choose(database, chosen.url)
    say(f"{chosen.name!r} is the calendar from now on; kept in {path}")
    _keep_password(chosen, visit, path)
    say("`afterword sync` brings your plan there; on your phone:")
    for hint in visit.provider.phone:
        say(f"  {hint}")
    say(f"  {_where(chosen.url)}, user {visit.user}")


def _where(url: str) -> str:
    """Return what a phone needs to know of a server."""
    from afterword.targets import trust

    if trust.is_loopback(trust.host_of(url)):
        return "this server is on this machine: a phone needs its name or number in your network"
    return f"server {trust.origin(url)}"


def _keep_password(chosen: Listed, visit: Visit, settings: Path) -> None:
    account = account_of(chosen.url, visit.user)
    if visit.password.source not in {passwords.TYPED, passwords.GRANTED}:
        return
    if passwords.can_keep() and asking.whether_to_keep(account):
        passwords.keep(account, visit.password)
        say("the password is in the keyring")
    else:
        say(
            "the password is not kept: each sync asks, or takes --password-file; so that none asks,"
        )
        say(f"  {passwords.KEEPING}, or set password_command below [calendar] in {settings}")
