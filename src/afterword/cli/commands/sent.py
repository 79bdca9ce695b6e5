"""`afterword sent`: a message went out."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import status
from afterword.domain import log_validation
from afterword.domain.model import FOLLOW_UPS, Answer, Application, Channel, StepKind
from afterword.services.workspace import Workspace, log_command

_UNASKED = {StepKind.THANK_YOU, *FOLLOW_UPS}


@click.command(
    cls=CommandWithExample,
    example="""
    afterword sent karoo
    afterword sent karoo first-follow-up --on yesterday
    afterword sent karoo thank-you --to Thandi --by email
    """,
)
@log_command
@click.argument("step", type=options.STEP, required=False)
@click.option("--by", type=options.CHANNEL, help="How it was sent.")
@click.option("--to", "recipient", metavar="NAME", help="The one of a panel who was thanked.")
def sent(
    workspace: Workspace,
    application: Application,
    on: str | None,
    step: StepKind | None,
    by: Channel | None,
    recipient: str | None,
) -> None:
    """Log that a message was sent: the step that is due, or STEP."""
    kind = step or log_validation.step_to_log(workspace.plan(application)).kind
    person = log_validation.find_interviewer(application, recipient) if recipient else None
    said = log_validation.SentMessage(
        at=workspace.parse_past_moment(on, application), by=by, recipient=person
    )
    log_sent(workspace, application, kind, said)


def log_sent(
    workspace: Workspace, application: Application, kind: StepKind, said: log_validation.SentMessage
) -> None:
    """Log a message, and tell what that changed. Raises UsageError, which says why not."""
    entry = log_validation.record_sent(
        workspace.plan(application), kind, said, now=workspace.context.now
    )
    name = f"{kind} to {said.recipient.name}" if said.recipient else str(kind)
    done = "done" if kind is StepKind.MOVE_ON else "sent"
    told = f"{application.company}: {name} {done} on {workspace.format_moment(said.at)}."
    ended = _ended(application, said.at, workspace) if kind in _UNASKED else None
    after = workspace.log(application, entry, said=told)
    if ended:
        status(f"{ended}; it is logged all the same")
    missing = _still_to_thank(after, workspace) if kind is StepKind.THANK_YOU else ()
    if missing:
        status(f"Still to thank: {', '.join(missing)}.")


def _ended(application: Application, at: dt.datetime, workspace: Workspace) -> str | None:
    """Return what says that nobody waited for a message of that moment."""
    heard = [answer for answer in workspace.plan(application).timeline.answers if answer.at <= at]
    if heard and heard[-1].entry.heard is Answer.REJECTED:
        return f"they had said no on {workspace.format_moment(heard[-1].at)}"
    return "the application was closed" if workspace.is_closed(application) else None


def _still_to_thank(application: Application, workspace: Workspace) -> tuple[str, ...]:
    for step in workspace.plan(application).steps:
        if step.kind is StepKind.THANK_YOU and step.thanked:
            people = log_validation.find_interview(application, step.interview).interviewers
            return tuple(p.name for p in people if p.name not in step.thanked)
    return ()
