"""The options for a calendar and the login there, and the choice of a calendar."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from afterword.cli.ui import options
from afterword.cli.ui.output import StyledText, status, styled
from afterword.cli.ui.prompts import ask, ask_line, means_nothing
from afterword.errors import UsageError
from afterword.services.calendars.calendar_login import Access

if TYPE_CHECKING:
    from afterword.dav.discovery import CalendarHome, CalendarInfo

R = TypeVar("R")

DEDICATED = "Job search"
"""The default name of a new calendar."""

_PALE, _DARK, _LIGHT, _BROWN = 0.15, 0.2, 0.9, 0.6
# The largest hue in degrees of each colour word, and the terminal colour that is closest.
_HUES = (
    (15, "red", "red"),
    (42, "orange", "yellow"),
    (68, "yellow", "bright_yellow"),
    (160, "green", "green"),
    (195, "turquoise", "cyan"),
    (255, "blue", "blue"),
    (290, "purple", "magenta"),
    (340, "pink", "bright_magenta"),
    (360, "red", "red"),
)


access_options = options.group(
    "access",
    Access,
    Access._fields,
    click.option("--user", metavar="NAME", help="Your user name on the server."),
    click.option(
        "--password-file",
        metavar="FILE",
        help="Read the password from the first line of a file, or from - (stdin).",
    ),
    click.option(
        "--allow-insecure-http",
        is_flag=True,
        help="Send the password unencrypted in this run.",
    ),
    click.option(
        "--ca-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Trust the certificates in this file (PEM), for a server of your own.",
    ),
)
"""The decorator that adds the options for the login, and hands them over as `access`."""


def calendar_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --calendar-url, --folder and the options of Access."""
    command = click.option(
        "--folder",
        type=click.Path(readable=False, path_type=Path),
        metavar="DIR",
        help="Use this folder with a file for each event (vdir) instead of the chosen calendar.",
    )(access_options(command))
    return click.option(
        "--calendar-url", metavar="URL", help="Use this calendar instead of the chosen one."
    )(command)


def ask_calendar(home: CalendarHome, can_create: bool) -> CalendarInfo | str | None:
    """Return an existing calendar, the name for a new calendar, or None."""
    from afterword.dav.providers import dialect_of

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
        status(
            "  new  a separate calendar, which can be hidden or deleted as a whole (recommended)"
        )
    status("  none  change nothing")
    how_to_create = dialect_of(usable[0].url).how_to_create if usable else ""
    if how_to_create and not own:
        status(f"A separate calendar is best: create one {how_to_create}. Then run this again.")
    default = str(own) if own else "new" if can_create else None

    def parse(typed: str) -> CalendarInfo | str | None:
        word = typed.casefold()
        if word == "new" and can_create:
            return word
        if typed.isdecimal() and 0 < int(typed) <= len(usable):
            return usable[int(typed) - 1]
        same = [calendar for calendar in usable if calendar.name.casefold() == word]
        if len(same) == 1:
            return same[0]
        if means_nothing(typed):
            return None
        raise UsageError("type one of the words or numbers above")

    answer = ask("Which calendar is for the job search?", parse, default=default)
    return (
        ask_line("Name of the new calendar", default=DEDICATED)
        if isinstance(answer, str)
        else answer
    )


def color_word(code: str | None) -> StyledText:
    """Return the word for a colour such as #FF8800 or #FF8800FF; nothing for none."""
    if not code:
        return styled("")
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < _DARK:
        return styled("black")
    if saturation < _PALE:
        return styled("white" if value > _LIGHT else "grey")
    word, look = next((word, look) for most, word, look in _HUES if hue * 360 <= most)
    return styled("brown" if word == "orange" and value < _BROWN else word, fg=look)
