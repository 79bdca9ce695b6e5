"""`afterword heard`: they answered."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import print_step_drafts
from afterword.domain.model import Answer, Application, LogEntry, StepKind
from afterword.domain.planning.plan import StepState
from afterword.errors import UsageError
from afterword.services.workspace import Workspace, log_command


@click.command(
    cls=CommandWithExample,
    example="""
    afterword heard karoo neutral --decision-by 2026-12-11
    afterword heard karoo positive --on yesterday
    afterword heard karoo rejected
    """,
)
@log_command
@click.argument("answer", type=options.ANSWER)
@click.option("--decision-by", metavar="DAY", help="The day by which they want to decide.")
def heard(
    workspace: Workspace,
    application: Application,
    on: str | None,
    answer: Answer,
    decision_by: str | None,
) -> None:
    """Log an answer: positive (next steps promised), neutral (no decision yet) or rejected.

    What was planned for the silence before it goes away, on the phone too, and
    the draft of a reply is printed at once.
    """
    if decision_by and answer is Answer.REJECTED:
        raise UsageError("a rejection is their decision; leave out --decision-by")
    at = workspace.parse_past_moment(on, application)
    day = (
        workspace.parse_decision_day(decision_by, *application.interviews) if decision_by else None
    )
    log_answer(workspace, application, answer, at, decision_by=day)


def log_answer(
    workspace: Workspace,
    application: Application,
    answer: Answer,
    at: dt.datetime,
    *,
    decision_by: dt.date | None = None,
) -> None:
    """Log an answer, tell what it changed, and print the draft of the reply."""
    said = f"{application.company}: {answer} answer on {workspace.format_moment(at)}."
    entries = [LogEntry(at=at, heard=answer, decision_by=decision_by)]
    if workspace.is_closed(application) and answer is not Answer.REJECTED:
        status("the application was closed; it is open again")
        entries.insert(0, LogEntry(at=at, reopened=True))
    after = workspace.plan(workspace.log(application, *entries, said=said))
    reply = [
        s for s in after.steps if s.kind is StepKind.REPLY and s.state is not StepState.WITHDRAWN
    ]
    if reply:
        echo()
        print_step_drafts(after, reply[-1], workspace.context)
