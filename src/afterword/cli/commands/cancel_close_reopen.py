"""`afterword cancel`, `close` and `reopen`: end an interview or an application."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.log_actions import log_and_print, save_and_print
from afterword.cli.ui.output import status
from afterword.cli.ui.workspace_options import log_command, with_workspace
from afterword.domain import datemath, log_validation
from afterword.domain.model import Application, InterviewStatus, LogEntry
from afterword.domain.rounds import replace_interview
from afterword.errors import UsageError
from afterword.services.workspace import Workspace, open_workspace


@click.command(cls=CommandWithExample, example="afterword cancel karoo")
@log_command
@click.argument("interview", required=False)
def cancel(
    workspace: Workspace, application: Application, on: str | None, interview: str | None
) -> None:
    """Log that an interview is cancelled: the latest, or INTERVIEW by its id."""
    if interview:
        target = log_validation.find_interview(application, interview)
    else:
        target = max(application.interviews, key=lambda i: i.start)
    if target.status is InterviewStatus.CANCELLED:
        others = [i.id for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
        raise UsageError(
            f"{application.company}: interview {target.id} is cancelled already",
            [f"if you mean another: afterword cancel {application.id} {id}" for id in others],
        )
    at = workspace.parse_past_moment(on, application)
    start = workspace.format_moment(target.start)
    message = f"{application.company}: interview {target.id} of {start} is cancelled."
    entry = LogEntry(at=at, interview=target.id, note="The interview was cancelled.")
    cancelled = attrs.evolve(target, status=InterviewStatus.CANCELLED)
    after = replace_interview(application, cancelled, entry)
    save_and_print(workspace, application, after, message=message)


@click.command(
    cls=CommandWithExample,
    example="""
    afterword close karoo --lesson "Ask for the salary band in the first talk."
    afterword close karoo --keep-in-touch 2027-03-01
    afterword close --all
    """,
)
@with_workspace
@click.argument("app", required=False)
@click.option("--all", "everything", is_flag=True, help="All that are open: a job is found.")
@click.option(
    "--lesson",
    "--learned",
    type=options.LINE,
    metavar="TEXT",
    help="What you learned; shown at the next add.",
)
@click.option("--keep-in-touch", metavar="DAY", help="Be reminded once, on that day, to say hello.")
@click.option("--on", metavar="WHEN", help="When it was.  [default: now]")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
def close(
    workspace: Workspace,
    app: str | None,
    everything: bool,
    lesson: str | None,
    keep_in_touch: str | None,
    on: str | None,
    dry_run: bool,
) -> None:
    """Close an application: it has no more reminders."""
    if bool(app) == everything:
        raise UsageError("say which application: afterword close APP, or --all for every open one")
    if dry_run:
        workspace = open_workspace(workspace.context, dry_run=True)
        status("nothing is changed: a dry run")
    if app is None:
        applications = [a for a in workspace.applications() if not workspace.is_closed(a)]
    else:
        applications = [workspace.find_application(app)]
    if not applications:
        status("no application is open")
    day = _parse_later_day(workspace, keep_in_touch) if keep_in_touch else None
    for application in applications:
        name = f"{application.company}, {application.role}"
        if workspace.is_closed(application) and not (lesson or day):
            raise UsageError(f"{name}: it is closed already")
        at = workspace.parse_past_moment(on, application)
        entry = LogEntry(at=at, closed=True, lesson=lesson, keep_in_touch=day)
        log_and_print(workspace, application, entry, message=f"{name}: closed.")


def _parse_later_day(workspace: Workspace, typed: str) -> dt.date:
    day = workspace.parse_future_day(typed)
    if day <= datemath.day_of(workspace.context.now, workspace.context.zone):
        raise UsageError(f"{workspace.format_day(day)} is not to come; choose a later day")
    return day


@click.command(cls=CommandWithExample, example="afterword reopen karoo")
@log_command
def reopen(workspace: Workspace, application: Application, on: str | None) -> None:
    """Reopen a closed application."""
    if not workspace.is_closed(application):
        raise UsageError(f"{application.company}: it is not closed")
    at = workspace.parse_past_moment(on, application)
    message = f"{application.company}, {application.role}: open again."
    log_and_print(workspace, application, LogEntry(at=at, reopened=True), message=message)
