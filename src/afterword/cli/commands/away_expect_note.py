"""`afterword away`, `expect` and `note`: log the employer's absence or plans, or a note."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.log_actions import log_and_print
from afterword.cli.ui.workspace_options import log_command
from afterword.domain.applications import short_name
from afterword.domain.model import Application, LogEntry
from afterword.errors import UsageError
from afterword.services.workspace import Workspace


@click.command(cls=CommandWithExample, example="afterword away karoo --until 2026-12-07")
@log_command("When you heard it")
@click.option(
    "--until", metavar="DAY", required=True, help='Their last day away: "4 Dec", "next week".'
)
def away(workspace: Workspace, application: Application, on: str | None, until: str) -> None:
    """Log that they are away (an out-of-office note is no answer).

    The plan waits for the working day after their return.
    """
    day, at = workspace.parse_future_day(until), workspace.parse_past_moment(on, application)
    if day < at.date():
        raise UsageError(
            f"{workspace.format_day(day)} had passed by then; add --on DAY, the day you heard it"
        )
    message = f"{short_name(application)}: away until {workspace.format_day(day)}."
    log_and_print(workspace, application, LogEntry(at=at, away_until=day), message=message)


@click.command(
    cls=CommandWithExample,
    example="""
    afterword expect karoo --decision-by 2026-12-04
    afterword expect karoo --they-will-call
    """,
)
@log_command("When you heard it")
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
@click.option("--they-will-call", is_flag=True, help="They promised to call.")
def expect(
    workspace: Workspace,
    application: Application,
    on: str | None,
    decision_by: str | None,
    they_will_call: bool,
) -> None:
    """Log when they will decide, or that they will call; the plan waits for it."""
    if not decision_by and not they_will_call:
        raise UsageError("Add --decision-by DAY or --they-will-call.")
    day = (
        workspace.parse_decision_day(decision_by, *application.interviews) if decision_by else None
    )
    at = workspace.parse_past_moment(on, application)
    lines = (
        [f"{short_name(application)}: they decide by {workspace.format_day(day)}."] if day else []
    )
    lines += [f"{short_name(application)}: they will call."] if they_will_call else []
    entry = LogEntry(at=at, decision_by=day, they_will_call=they_will_call)
    log_and_print(workspace, application, entry, message="\n".join(lines))


@click.command(cls=CommandWithExample, example='afterword note karoo "They liked the portfolio."')
@log_command("When it was")
@click.argument("text", type=options.TEXT)
def note(workspace: Workspace, application: Application, on: str | None, text: str) -> None:
    """Add a note to the log of an application. It does not change the plan."""
    at = workspace.parse_past_moment(on, application)
    log_and_print(
        workspace,
        application,
        LogEntry(at=at, note=text),
        message=f"{short_name(application)}: noted.",
    )
