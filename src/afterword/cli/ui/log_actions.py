"""Log events, and print the changes of the plan; the options of commands that do so."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import print_change, print_step_drafts
from afterword.domain import log_validation
from afterword.domain.applications import short_name
from afterword.domain.model import (
    FOLLOW_UPS,
    Answer,
    Application,
    Channel,
    LogEntry,
    StepKind,
)
from afterword.domain.planning.plan import Plan, StepState
from afterword.services.workspace import Workspace

_ANSWERED = {
    Answer.POSITIVE: "gave a positive answer",
    Answer.NEUTRAL: "gave a neutral answer",
    Answer.REJECTED: "rejected the application",
}
_UNSOLICITED = {StepKind.THANK_YOU, *FOLLOW_UPS}


class ApplicationLog(NamedTuple):
    """The log of an application, and the time `at` of the entries to add."""

    workspace: Workspace
    application: Application
    at: dt.datetime

    @property
    def plan(self) -> Plan:
        """Return the plan before anything is added."""
        return self.workspace.plan(self.application)

    def append(self, *entries: LogEntry, message: str = "") -> Application:
        """Append entries as `save_and_print` does; return the application with them."""
        after = attrs.evolve(self.application, log=(*self.application.log, *entries))
        save_and_print(self.workspace, self.application, after, message=message)
        return after


def log_command(on_help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add APP, --on and --dry-run, and hand the command the `log` of the application."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @click.argument("app", type=options.APP)
        @options.on_option(on_help)
        @click.option("--dry-run", is_flag=True, help="Show what would change; save nothing.")
        @options.with_workspace
        @functools.wraps(command)
        def call_with_log(
            *args: Any, app: str, on: str | None, workspace: Workspace, **kwargs: Any
        ) -> None:
            application = workspace.find_application(app)
            at = workspace.parse_past_moment(on, application)
            command(*args, log=ApplicationLog(workspace, application, at), **kwargs)
            # Only now, because a command that fails says enough by its error.
            if workspace.dry_run:
                status("Dry run: nothing was changed.")

        return call_with_log

    return decorate


def save_and_print(
    workspace: Workspace, before: Application, after: Application, *, message: str = ""
) -> None:
    """Replace an application; once that is done, print the message and the changes of the plan."""
    workspace.save(before, after)
    if message:
        echo_wrapped(message)
    print_change(workspace, before, after)


def log_sent(
    log: ApplicationLog,
    kind: StepKind,
    *,
    by: Channel | None = None,
    recipient: str | None = None,
) -> None:
    """Log a sent message. Raises UsageError that says why a step cannot have been sent."""
    workspace, application, at = log
    entry = log_validation.record_sent(
        log.plan, kind, at, by=by, recipient=recipient, now=workspace.context.now
    )
    name = f"{kind} to {recipient}" if recipient else str(kind)
    verb = "done" if kind is StepKind.MOVE_ON else "sent"
    message = f"{short_name(application)}: {name} {verb} on {workspace.format_moment(at)}."
    ended = _why_ended(log) if kind in _UNSOLICITED else None
    after = log.append(entry, message=message)
    if ended:
        status(f"{ended}; it is logged anyway")
    missing = _still_to_thank(workspace.plan(after)) if kind is StepKind.THANK_YOU else ()
    if missing:
        status(f"Still to thank: {', '.join(missing)}.")


def _why_ended(log: ApplicationLog) -> str | None:
    """Return why nobody waited for a message at that moment, or None if somebody may have."""
    workspace, application, at = log
    answers = [answer for answer in log.plan.timeline.answers if answer.at <= at]
    if answers and answers[-1].entry.heard is Answer.REJECTED:
        return f"they had rejected the application on {workspace.format_moment(answers[-1].at)}"
    return "the application was closed" if workspace.is_closed(application) else None


def _still_to_thank(plan: Plan) -> tuple[str, ...]:
    for step in plan.steps:
        if step.kind is StepKind.THANK_YOU and step.thanked:
            people = log_validation.find_interview(plan.application, step.interview).interviewers
            return tuple(p.name for p in people if p.name not in step.thanked)
    return ()


def log_answer(log: ApplicationLog, answer: Answer, *, decision_by: dt.date | None = None) -> None:
    """Log an answer, and print the draft of the reply to it."""
    workspace, application, at = log
    moment = workspace.format_moment(at)
    message = f"Logged: {short_name(application)} {_ANSWERED[answer]} ({moment})."
    entries = [LogEntry(at=at, heard=answer, decision_by=decision_by)]
    was_closed = workspace.is_closed(application)
    if was_closed and answer is not Answer.REJECTED:
        status("The application was closed; it is open again.")
        entries.insert(0, LogEntry(at=at, reopened=True))
    after = workspace.plan(log.append(*entries, message=message))
    # A closed application has no reminders, yet its answers deserve a reply.
    replies = [
        step
        for step in after.steps
        if step.kind is StepKind.REPLY
        and (step.state is not StepState.WITHDRAWN or (was_closed and step.opens == at))
    ]
    if replies:
        echo()
        print_step_drafts(after, replies[-1], workspace.context)
