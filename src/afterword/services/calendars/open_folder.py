"""Choose the folder that holds the calendar, and open it for a sync."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from afterword.domain.sanitize import for_terminal, shell_word
from afterword.errors import UsageError
from afterword.services.run_context import RunContext
from afterword.settings import loader
from afterword.storage.state import sync_rows

if TYPE_CHECKING:
    from afterword.vdir.folder_calendar import FolderCalendar

_A_FEW = 5
_SUFFIX = ".ics"


def chosen_folder(
    context: RunContext, *, folder: Path | None, calendar_url: str | None
) -> Path | None:
    """Return the folder of the options or the settings, None if a server has the calendar.

    Raises UsageError if both options are given. In the settings the folder counts before
    the calendar on a server.
    """
    if folder is not None and calendar_url is not None:
        raise UsageError("--folder and --calendar-url name two calendars; choose one of them")
    if folder is not None:
        return _expanded(folder)
    settings_folder = context.settings.calendar_folder
    return _expanded(Path(settings_folder)) if settings_folder and not calendar_url else None


def open_folder(context: RunContext, path: Path) -> FolderCalendar:
    """Return the calendar in a folder.

    Raises UsageError if there is no such folder and never was, or if it has calendars in
    folders; a folder that had events is reported by the sync.
    """
    from afterword.vdir.folder_calendar import FolderCalendar

    calendar = FolderCalendar(path)
    _refuse_file(calendar.path)
    if calendar.url in sync_rows.synced_calendars(context.locations.database):
        return calendar
    _refuse_parent_of_calendars(calendar.path)
    if not calendar.path.exists():
        display = for_terminal(str(path))
        raise UsageError(
            f"there is no folder {display}; is its disk connected? "
            f"To make it: afterword calendars --folder {shell_word(str(path))}"
        )
    return calendar


def choose_folder(context: RunContext, path: Path, *, dry_run: bool) -> Path:
    """Make the folder if there is none, save it in the settings, and return its path.

    Raises UsageError for a path that is no folder, or one of several calendars in folders;
    and another error if the folder cannot be read or written.
    """
    from afterword.vdir.folder_calendar import FolderCalendar

    # As typed, so that a link that leads elsewhere one day still counts.
    path = _expanded(path).absolute()
    calendar = FolderCalendar(path)
    notify, display = context.ui.notify, for_terminal(str(path))
    _refuse_file(calendar.path)
    _refuse_parent_of_calendars(calendar.path)
    if calendar.path.exists():
        calendar.listing()
    elif dry_run:
        notify(f"would make the folder {display}")
    else:
        calendar.make(path.name)
        notify(f"made the folder {display}")
    if dry_run:
        return path
    settings = context.locations.settings
    loader.save_settings(settings, {"calendar.folder": str(path)})
    notify(f"{display} is the calendar from now on; saved in {settings}")
    if context.settings.calendar_url:
        notify(
            f"your calendar on a server, {context.settings.calendar_url}, is not synced any more; "
            "to go back to it: afterword settings unset calendar.folder"
        )
    notify("`afterword sync` writes your plan there, a file for each event")
    return path


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise UsageError(f"cannot find the home directory of {path}; write the path out") from None


def _refuse_file(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError(f"{for_terminal(str(path))} is a file; name the folder that it is in")


def _refuse_parent_of_calendars(path: Path) -> None:
    """Raise UsageError for a folder of calendars, as khal and vdirsyncer have them."""
    if not path.is_dir() or any(_calendar_files(path)):
        return
    try:
        folders = sorted(child for child in path.iterdir() if child.is_dir())
        below = [child for child in folders if any(_calendar_files(child))]
    except OSError:
        return
    if below:
        raise UsageError(
            f"{for_terminal(str(path))} has no events, but calendars in it; name one of them, or "
            "a new folder beside them",
            [for_terminal(str(child)) for child in below[:_A_FEW]],
        )


def _calendar_files(path: Path) -> Iterable[Path]:
    try:
        return list(path.glob(f"*{_SUFFIX}"))
    except OSError:
        return ()
