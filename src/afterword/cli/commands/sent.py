"""`afterword sent`: log that a message was sent."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.log_actions import log_sent
from afterword.cli.ui.workspace_options import log_command
from afterword.domain import log_validation
from afterword.domain.log_validation import SentMessage
from afterword.domain.model import Application, Channel
from afterword.domain.step_names import resolve_step
from afterword.services.workspace import Workspace


@click.command(
    cls=CommandWithExample,
    example="""
    afterword sent karoo
    afterword sent karoo first-follow-up --on yesterday
    afterword sent karoo thank-you --to Thandi --by email
    """,
)
@log_command("When you sent it")
@click.argument("step", type=options.STEP, required=False)
@click.option("--by", type=options.CHANNEL, help="How it was sent.")
@click.option("--to", "recipient", metavar="NAME", help="Which interviewer you thanked.")
def sent(
    workspace: Workspace,
    application: Application,
    on: str | None,
    step: str | None,
    by: Channel | None,
    recipient: str | None,
) -> None:
    """Log that a message was sent: that of the due step, or of STEP."""
    plan = workspace.plan(application)
    kind = resolve_step(step, plan) if step else log_validation.step_to_log(plan).kind
    person = log_validation.find_interviewer(application, recipient) if recipient else None
    at = workspace.parse_past_moment(on, application)
    log_sent(workspace, application, kind, SentMessage(at=at, by=by, recipient=person))
