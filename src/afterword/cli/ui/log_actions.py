"""Log events, and print the changes of the plan."""

from __future__ import annotations

import datetime as dt

import attrs

from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import print_change, print_step_drafts
from afterword.domain import log_validation
from afterword.domain.applications import short_name
from afterword.domain.log_validation import SentMessage
from afterword.domain.model import FOLLOW_UPS, Answer, Application, LogEntry, StepKind
from afterword.domain.planning.plan import StepState
from afterword.services.workspace import Workspace

_ANSWERED = {
    Answer.POSITIVE: "gave a positive answer",
    Answer.NEUTRAL: "gave a neutral answer",
    Answer.REJECTED: "rejected the application",
}
_UNSOLICITED = {StepKind.THANK_YOU, *FOLLOW_UPS}


def log_and_print(
    workspace: Workspace, application: Application, *entries: LogEntry, message: str = ""
) -> Application:
    """Append entries to the log as `save_and_print` does; return the application with them."""
    after = attrs.evolve(application, log=(*application.log, *entries))
    save_and_print(workspace, application, after, message=message)
    return after


def save_and_print(
    workspace: Workspace, before: Application, after: Application, *, message: str = ""
) -> None:
    """Replace an application; once that is done, print the message and the changes of the plan."""
    workspace.save(before, after)
    if message:
        echo_wrapped(message)
    print_change(workspace, before, after)


def log_sent(
    workspace: Workspace, application: Application, kind: StepKind, sent: SentMessage
) -> None:
    """Log a sent message. Raises UsageError that says why a step cannot have been sent."""
    entry = log_validation.record_sent(
        workspace.plan(application), kind, sent, now=workspace.context.now
    )
    name = f"{kind} to {sent.recipient.name}" if sent.recipient else str(kind)
    verb = "done" if kind is StepKind.MOVE_ON else "sent"
    message = f"{short_name(application)}: {name} {verb} on {workspace.format_moment(sent.at)}."
    ended = _why_ended(application, sent.at, workspace) if kind in _UNSOLICITED else None
    after = log_and_print(workspace, application, entry, message=message)
    if ended:
        status(f"{ended}; it is logged anyway")
    missing = _still_to_thank(after, workspace) if kind is StepKind.THANK_YOU else ()
    if missing:
        status(f"Still to thank: {', '.join(missing)}.")


def _why_ended(application: Application, at: dt.datetime, workspace: Workspace) -> str | None:
    """Return why nobody waited for a message at that moment, or None if somebody may have."""
    answers = [answer for answer in workspace.plan(application).timeline.answers if answer.at <= at]
    if answers and answers[-1].entry.heard is Answer.REJECTED:
        return f"they had rejected the application on {workspace.format_moment(answers[-1].at)}"
    return "the application was closed" if workspace.is_closed(application) else None


def _still_to_thank(application: Application, workspace: Workspace) -> tuple[str, ...]:
    for step in workspace.plan(application).steps:
        if step.kind is StepKind.THANK_YOU and step.thanked:
            people = log_validation.find_interview(application, step.interview).interviewers
            return tuple(p.name for p in people if p.name not in step.thanked)
    return ()


def log_answer(
    workspace: Workspace,
    application: Application,
    answer: Answer,
    at: dt.datetime,
    *,
    decision_by: dt.date | None = None,
) -> None:
    """Log an answer, and print the draft of the reply to it."""
    message = (
        f"Logged: {short_name(application)} {_ANSWERED[answer]} ({workspace.format_moment(at)})."
    )
    entries = [LogEntry(at=at, heard=answer, decision_by=decision_by)]
    if workspace.is_closed(application) and answer is not Answer.REJECTED:
        status("The application was closed; it is open again.")
        entries.insert(0, LogEntry(at=at, reopened=True))
    after = workspace.plan(log_and_print(workspace, application, *entries, message=message))
    # A closed application has no reminders, yet its answers deserve a reply.
    replies = [
        step
        for step in after.steps
        if step.kind is StepKind.REPLY
        and (
            step.state is not StepState.WITHDRAWN
            or (workspace.is_closed(application) and step.opens == at)
        )
    ]
    if replies:
        echo()
        print_step_drafts(after, replies[-1], workspace.context)
