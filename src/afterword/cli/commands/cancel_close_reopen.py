"""`afterword cancel`, `close` and `reopen`: end an interview or an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import RenamedOption, command
from afterword.cli.ui.log_actions import ApplicationLog, log_command, save_and_print
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.prompts import can_ask, confirm
from afterword.cli.ui.views import print_change
from afterword.domain import log_validation
from afterword.domain.applications import full_name, replace_interview, short_name
from afterword.domain.model import Application, InterviewStatus, LogEntry
from afterword.domain.sanitize import pluralize
from afterword.errors import UsageError
from afterword.services.workspace import Workspace

_LISTED = 10


@command("afterword cancel karoo")
@log_command("When you learned of it")
@click.argument("interview", type=options.completed("interview", "@interview"), required=False)
def cancel(log: ApplicationLog, interview: str | None) -> None:
    """Log that an interview is cancelled: the latest, or INTERVIEW by its id."""
    application = log.application
    if interview:
        target = log_validation.find_interview(application, interview)
    else:
        target = max(application.interviews, key=lambda i: i.start)
    if target.status is InterviewStatus.CANCELLED:
        others = [i.id for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
        raise UsageError(
            f"{short_name(application)}: interview {target.id} is already cancelled",
            [f"if you mean another: afterword cancel {application.id} {id}" for id in others],
        )
    start = log.workspace.format_moment(target.start)
    message = f"{short_name(application)}: interview {target.id} of {start} is cancelled."
    entry = LogEntry(at=log.at, interview=target.id, note="The interview was cancelled.")
    cancelled = attrs.evolve(target, status=InterviewStatus.CANCELLED)
    after = replace_interview(application, cancelled, entry)
    save_and_print(log.workspace, application, after, message=message)


@command("""
    afterword close karoo --lesson "Ask for the salary band in the first talk."
    afterword close karoo --keep-in-touch 2027-03-01
    afterword close --all
    """)
@options.with_workspace
@click.argument("app", type=options.APP, required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Close every open application (you found a job)."
)
@click.option(
    "--lesson",
    "--learned",
    cls=RenamedOption,
    type=options.LINE,
    metavar="TEXT",
    help="What you learned; shown at the next add.",
)
@click.option("--keep-in-touch", metavar="DAY", help="Remind me once, on that day, to say hello.")
@options.on_option("When you decided this")
@click.option("--yes", is_flag=True, help="With --all: do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would change; save nothing.")
def close(
    workspace: Workspace,
    app: str | None,
    everything: bool,
    lesson: str | None,
    keep_in_touch: str | None,
    on: str | None,
    yes: bool,
) -> None:
    """Close an application: it has no more reminders.

    On a terminal --all asks before it closes all. `afterword undo --all`
    undoes that for all of them.
    """
    if bool(app) == everything:
        raise UsageError("name the application: afterword close APP, or --all for every open one")
    day = _parse_later_day(workspace, keep_in_touch) if keep_in_touch else None

    def closed(application: Application) -> Application:
        at = workspace.parse_past_moment(on, application)
        entry = LogEntry(at=at, closed=True, lesson=lesson, keep_in_touch=day)
        return attrs.evolve(application, log=(*application.log, entry))

    if app is None:
        open_ones = [a for a in workspace.applications() if not workspace.is_closed(a)]
        if not _close_all([(each, closed(each)) for each in open_ones], workspace, yes=yes):
            return
    else:
        before = workspace.find_application(app)
        if workspace.is_closed(before) and not (lesson or day):
            raise UsageError(f"{full_name(before)}: already closed")
        save_and_print(workspace, before, closed(before), message=f"{full_name(before)}: closed.")
    if workspace.dry_run:
        status("Dry run: nothing was changed.")


def _close_all(
    changes: Sequence[tuple[Application, Application]], workspace: Workspace, *, yes: bool
) -> bool:
    """Save the closed applications together; False if the user does not want that."""
    if not changes:
        status("No application is open.")
        return True
    count = pluralize(len(changes), "application")
    if not (yes or workspace.dry_run) and can_ask():
        for before, _ in changes[:_LISTED]:
            status(f"  {full_name(before)}")
        if len(changes) > _LISTED:
            status(f"  and {len(changes) - _LISTED} more")
        if not confirm(f"Close {count}?", default=False):
            status("Nothing was changed.")
            return False
    workspace.save_batch(changes)
    for before, after in changes:
        echo(f"{full_name(before)}: closed.")
        print_change(workspace, before, after)
    if not workspace.dry_run:
        status(f"{count} closed; to undo that for all of them: afterword undo --all")
    return True


def _parse_later_day(workspace: Workspace, typed: str) -> dt.date:
    day = workspace.parse_future_day(typed)
    if day <= workspace.context.today:
        raise UsageError(f"{workspace.format_day(day)} is not in the future; choose a later day")
    return day


@command("afterword reopen karoo")
@log_command("When you decided this")
def reopen(log: ApplicationLog) -> None:
    """Reopen a closed application."""
    if not log.workspace.is_closed(log.application):
        raise UsageError(f"{short_name(log.application)}: it is not closed")
    message = f"{full_name(log.application)}: open again."
    log.append(LogEntry(at=log.at, reopened=True), message=message)
