"""`afterword heard`: log an answer."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.log_actions import log_answer
from afterword.cli.ui.workspace_options import log_command
from afterword.domain.model import Answer, Application
from afterword.errors import UsageError
from afterword.services.workspace import Workspace


@click.command(
    cls=CommandWithExample,
    example="""
    afterword heard karoo neutral --decision-by 2026-12-11
    afterword heard karoo positive --on yesterday
    afterword heard karoo rejected
    """,
)
@log_command("When they answered")
@click.argument("answer", type=options.ANSWER)
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
def heard(
    workspace: Workspace,
    application: Application,
    on: str | None,
    answer: Answer,
    decision_by: str | None,
) -> None:
    """Log an answer: positive (next steps promised), neutral (no decision yet) or rejected.

    The steps that were planned for the silence before it are dropped, on the
    phone too, and the draft of a reply is printed.
    """
    if decision_by and answer is Answer.REJECTED:
        raise UsageError("a rejection is their decision; leave out --decision-by")
    at = workspace.parse_past_moment(on, application)
    day = (
        workspace.parse_decision_day(decision_by, *application.interviews) if decision_by else None
    )
    log_answer(workspace, application, answer, at, decision_by=day)
