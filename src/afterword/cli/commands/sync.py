"""`afterword sync`: write the plan to the calendar, and log the user's edits there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.calendar_questions import ask_calendar, calendar_options
from afterword.cli.ui.command_help import RenamedOption, command
from afterword.cli.ui.history_view import SyncPrinter
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.prompts import progress_line
from afterword.domain.sanitize import clean_line, for_terminal, pluralize
from afterword.errors import UsageError
from afterword.services.calendars.calendar_login import Access
from afterword.services.calendars.calendar_search import open_calendar
from afterword.services.calendars.calendar_sync import SyncOptions, SyncResult, sync_calendar
from afterword.services.calendars.open_folder import chosen_folder, open_folder
from afterword.services.exports.event_removal import OTHER_STORES, MissingFiles, command_with
from afterword.services.run_context import RunContext
from afterword.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar

_FEW_WRITES = 8
_LISTED_FAILURES = 3
_LISTED_FILES = 5
_SIGNS = {"create": "+", "update": "~", "delete": "-"}


@command("""
    afterword sync
    afterword sync --dry-run
    afterword sync --use-plan karoo
    """)
@calendar_options
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.option("--check", is_flag=True, help="Show in one line what a sync would do; write nothing.")
@click.option(
    "--use-plan",
    "--take-ours",
    cls=RenamedOption,
    multiple=True,
    metavar="APP",
    help="Replace the texts that you edited in the events of this application by the plan's.",
)
@click.option(
    "--use-mine",
    "--take-theirs",
    cls=RenamedOption,
    multiple=True,
    metavar="APP",
    help="Put your own texts back, which --use-plan replaced.",
)
@click.option(
    "--allow-mass-delete",
    is_flag=True,
    help="Continue even though all afterword events (or the calendar) have disappeared,"
    " or would be deleted.",
)
@click.option(
    "--remove-orphans", is_flag=True, help="Remove events of applications that are no longer here."
)
@click.option(
    "--missing",
    type=options.EnumChoice("missing", MissingFiles, hidden=[MissingFiles.CANCEL]),
    help="What to do with events of applications whose files are gone.  [default: ask; keep"
    " where nobody can be asked (exit code 3)]",
)
@click.option(
    "--adopt",
    is_flag=True,
    help="Take over the events of an application with the same id but another company, role or "
    "interview.",
)
@click.option("--quiet", is_flag=True, help="Print only what needs your attention (for timers).")
@options.json
@options.with_context
def sync(
    context: RunContext,
    dry_run: bool,
    check: bool,
    quiet: bool,
    as_json: bool,
    calendar_url: str | None,
    folder: Path | None,
    access: Access,
    **choices: Any,
) -> None:
    """Write the plan to your calendar, and log your edits from there.

    Your edits are never undone, and other events are never touched. You may
    interrupt it at any time and run it again. With --folder, or calendar.folder
    in the settings, the calendar is a folder with a file for each event.
    """
    workspace = open_workspace(context, dry_run=dry_run or check)
    command = "afterword sync"
    if folder is not None:
        command = command_with(command, "--folder", str(folder))
    folder = chosen_folder(context, folder=folder, calendar_url=calendar_url)
    if workspace.dry_run and not (calendar_url or context.settings.calendar_url or folder):
        raise UsageError("no calendar is chosen yet; choose one: afterword calendars")
    with (
        contextlib.nullcontext(open_folder(context, folder))
        if folder
        else open_calendar(
            context, calendar_url=calendar_url, access=access, ask_calendar=ask_calendar
        ) as calendar,
        progress_line("writing", long=_FEW_WRITES) as report_progress,
    ):
        watched = _follow(workspace, calendar, quiet=quiet, as_json=as_json)
        result = sync_calendar(
            workspace,
            calendar,
            SyncPrinter(context=context, dry_run=workspace.dry_run, quiet=quiet, command=command),
            SyncOptions(**choices),
            command=command,
            progress=None if quiet or as_json else report_progress,
        )
    for url in result.earlier_calendars:
        status(
            f"An earlier sync wrote its events to {url}; delete them there, or both calendars ring."
        )
    if as_json:
        echo_json({**result.report.document(), **watched})
    else:
        _print_report(result, command, quiet=quiet, brief=check, folder=folder)
    if result.report.stopped is not None:
        raise result.report.stopped
    click.get_current_context().exit(result.report.exit_code)


def _follow(
    workspace: Workspace, calendar: Calendar, *, quiet: bool, as_json: bool
) -> dict[str, Any]:
    """Follow the interviews in the calendars that the settings name; return that as JSON."""
    if not workspace.context.settings.watch:
        return {}
    from afterword.cli.ui import suggestion_view
    from afterword.services import follow_events

    report = follow_events.follow_calendars(workspace, calendar)
    if not as_json:
        suggestion_view.print_follow_report(report, workspace, quiet=quiet)
    return suggestion_view.follow_document(report)


def _print_report(
    result: SyncResult, command: str, *, quiet: bool, brief: bool, folder: Path | None
) -> None:
    """Print the changes, made or planned, and the failures."""
    report = result.report
    if report.recreated:
        status(f"The calendar at {report.calendar} was gone; it is created again.")
    if report.dry_run and not brief:
        for action in report.actions:
            title = result.titles.get(action.uid) or "an event that is no longer wanted"
            echo(f"{_SIGNS[action.kind]} {clean_line(title)}")
    for line in (*_failure_lines(report.failed, result.titles), *_notices(result, command)):
        status(line)
    if report.stopped is not None or (quiet and not report.exit_code):
        return
    if report.missing and not report.undecided:
        status(f"unchanged in the calendar: the events of {', '.join(report.missing)}")
    for line in _left_alone_lines(report.left_alone or {}):
        status(line)
    nothing = not report.actions and not report.user_edits and not report.exit_code
    echo("Your calendar is up to date." if nothing else f"{report.summary()}.")
    if report.actions and not report.dry_run:
        status(
            "Your phone shows this after its next fetch."
            if folder is None
            else "Your phone shows this after the folder is synced."
        )


def _notices(result: SyncResult, command: str) -> Iterator[str]:
    """Yield a line for each event that was left alone, or changed in an unexpected field."""
    report = result.report
    yield from (f"{id}: {why}" for id, why in report.rivals.items())
    for name in _names(report.protected, result.titles):
        yield (
            f"{name}: others are invited, or it repeats with exceptions, so it is yours now; "
            "only its reminder is removed when it is over"
        )
    for name in _names(report.shifted_alarms, result.titles):
        yield f"{name}: your alarm at a fixed time was moved with it"
    if report.orphans:
        names = "; ".join(_names(report.orphans, result.titles))
        count = pluralize(len(report.orphans), "event")
        yield (
            f"{count} of afterword in this calendar belong to no application here: {names}. "
            f"{OTHER_STORES} To remove them: {command} --remove-orphans"
        )


def _left_alone_lines(left_alone: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each file in a folder that is no object of a sync, at least a few."""
    for name, reason in list(left_alone.items())[:_LISTED_FILES]:
        yield f"{for_terminal(name)} {reason}; it is left alone"
    more = len(left_alone) - _LISTED_FILES
    if more > 0:
        yield f"and {more:,} more files are left alone; --json lists them all"


def _names(uids: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    return [clean_line(titles.get(uid) or "an event") for uid in uids]


def _failure_lines(failed: Mapping[str, str], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each failed event, or a common line for many with the same reason."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in zip(_names(failed, titles), failed.values(), strict=True):
        by_reason.setdefault(reason, []).append(name)
    for reason, names in by_reason.items():
        if len(names) <= _LISTED_FAILURES:
            yield from (f"{name}: {reason}" for name in names)
        else:
            yield f"{names[0]}, and {len(names) - 1:,} more events: {reason}"
