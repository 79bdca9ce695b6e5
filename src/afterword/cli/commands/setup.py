"""`afterword setup`: ask for the settings that everybody needs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import status
from afterword.cli.ui.setup_questions import ask_setup
from afterword.settings.paths import find_locations


@click.command(cls=CommandWithExample, example="afterword setup")
@options.now_and_zone
@options.data
def setup(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Answer a few questions: name, e-mail, zone, language, reminders, where they go.

    Enter keeps the value in brackets, or skips a question. The first add, round
    or import on a terminal asks the same. Off a terminal nothing is asked.
    """
    if not prompts.can_ask():
        status("setup needs a terminal. Set single values with: afterword settings set KEY VALUE")
        return
    ask_setup(find_locations(data), now, zone, data)
