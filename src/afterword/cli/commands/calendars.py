"""`afterword calendars`: find calendars on a server, and choose a calendar for the job search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.calendar_questions import access_options, ask_calendar, color_word
from afterword.cli.ui.columns import echo_table
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo_json, status, styled
from afterword.dav import providers
from afterword.errors import UsageError
from afterword.services.calendars.calendar_login import Access
from afterword.services.calendars.calendar_search import (
    CalendarRequest,
    CalendarSearch,
    CalendarSearchResult,
)
from afterword.services.calendars.open_folder import choose_folder
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.dav.discovery import CalendarHome, CalendarInfo


@command("""
    afterword calendars
    afterword calendars --server sam@icloud.com --create "Job search"
    afterword calendars --server https://cloud.example --user sam
    afterword calendars --server google --google-client ~/Downloads/client.json
    afterword calendars --folder ~/calendars/job
    """)
@click.option(
    "--server",
    metavar="PROVIDER|URL|MAIL",
    help=f"One of {', '.join(providers.BY_NAME)}; or an address of the server, or your e-mail "
    "address there.",
)
@click.option("--create", metavar="NAME", help="Create a calendar with this name, and use it.")
@click.option("--use", metavar="URL|NAME", help="Use this existing calendar.")
@click.option(
    "--folder",
    type=click.Path(readable=False, path_type=Path),
    metavar="DIR",
    help="Use a folder with a file for each event (vdir), as khal and vdirsyncer do.",
)
@click.option(
    "--google-client",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The JSON file of your own client at Google (README, Google Calendar).",
)
@click.option("--dry-run", is_flag=True, help="Only show what would be created and saved.")
@access_options
@options.with_context
@options.json
def calendars(
    context: RunContext,
    server: str | None,
    create: str | None,
    use: str | None,
    folder: Path | None,
    google_client: Path | None,
    dry_run: bool,
    as_json: bool,
    access: Access,
) -> None:
    """Find your calendars on a server, and choose a calendar for the job search.

    With --folder it is a folder on this computer, which is made if need be. On
    a terminal the command asks for your provider, a password and the
    calendar. A separate calendar is best: you can hide, share or delete it as a
    whole.
    """
    if create and use:
        raise UsageError("give --create for a new calendar or --use for an existing one, not both")
    if folder is not None:
        if server or create or use:
            raise UsageError("--folder needs no server: leave out --server, --create and --use")
        chosen = choose_folder(context, folder, dry_run=dry_run)
        if as_json:
            echo_json({"folder": str(chosen), "calendars": []})
        return
    if context.settings.calendar_folder:
        status(f"the calendar in use is the folder {context.settings.calendar_folder}")
    search = CalendarSearch(context=context, access=access, ask_calendar=ask_calendar)
    request = CalendarRequest(create=create, use=use, dry_run=dry_run, google_client=google_client)
    result = search.search(server or ("google" if google_client else None), request)
    if as_json:
        echo_json(_document(result))
    elif not result.chosen:
        _print_calendars(result.home, context)
    if result.chosen and not dry_run:
        search.save(result.chosen, result.login)


def _print_calendars(home: CalendarHome, context: RunContext) -> None:
    rows = [
        (
            styled(calendar.name, bold=True),
            color_word(calendar.colour),
            _remarks(calendar, context),
            calendar.url,
        )
        for calendar in home.calendars
    ]
    echo_table(rows)
    if not home.calendars:
        status("There is no calendar yet; create one: afterword calendars --create NAME")


def _remarks(calendar: CalendarInfo, context: RunContext) -> str:
    remarks = {
        "in use": calendar.url == context.settings.calendar_url,
        "read only": calendar.writable is False,
        "shared": calendar.shared,
        "no events": not calendar.takes_events,
    }
    return ", ".join(word for word, holds in remarks.items() if holds)


def _document(result: CalendarSearchResult) -> dict[str, Any]:
    existing = result.home.calendars
    created = [result.chosen] if result.chosen and result.chosen not in existing else []
    return {
        "server": result.login.server.url,
        "user": result.login.user,
        "home": result.home.url,
        "chosen": result.chosen.url if result.chosen else None,
        "calendars": [attrs.asdict(calendar) for calendar in (*existing, *created)],
    }
