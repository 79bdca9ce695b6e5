"""The calendar on a server, for the commands that read or write it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from afterword.cli.access import (
    Access,
    access_options,
    address,
    connect,
    refuse_google,
    server_of,
    somebody_is_there,
)
from afterword.cli.here import Here
from afterword.errors import UsageError

if TYPE_CHECKING:
    from afterword.targets.collection import RemoteCalendar

R = TypeVar("R")


def calendar_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that `open_calendar` takes."""
    return click.option(
        "--calendar-url", metavar="URL", help="The calendar to use instead of the one chosen."
    )(access_options(command))


@contextlib.contextmanager
def open_calendar(
    here: Here, *, calendar_url: str | None, **flags: Any
) -> Iterator[RemoteCalendar]:
    """Yield the calendar that the flags or the settings name; nothing is sent yet.

    The first time, a person at a terminal is led to one. Raises UsageError
    where one of address, user and password is missing.
    """
    from afterword.targets.collection import RemoteCalendar

    access = Access(**flags)
    url = calendar_url or here.settings.calendar_url
    if url:
        url = address(url, access)
        refuse_google(url)
        server = server_of(here, url, access)
    elif somebody_is_there():
        # Its imports are those of a search, which is made once.
        from afterword.cli.calendars import first_time

        url, login = first_time(here, access)
        server = connect(here, url, login, access)
    else:
        raise UsageError(
            "no calendar is chosen yet: `afterword calendars` finds yours, or name one with "
            "--calendar-url"
        )
    with server:
        yield RemoteCalendar(server, url)
