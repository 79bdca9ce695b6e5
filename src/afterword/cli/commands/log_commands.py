"""`afterword sent`, `heard`, `away`, `expect` and `note`: log messages, answers and news."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.log_actions import log_and_print, log_answer, log_sent
from afterword.domain import log_validation
from afterword.domain.applications import short_name
from afterword.domain.log_validation import SentMessage
from afterword.domain.model import Answer, Application, Channel, LogEntry
from afterword.domain.step_names import resolve_step
from afterword.errors import UsageError
from afterword.services.workspace import Workspace


@command("""
    afterword sent karoo
    afterword sent karoo first-follow-up --on yesterday
    afterword sent karoo thank-you --to Thandi --by email
    """)
@options.log_command("When you sent it")
@click.argument("step", type=options.STEP, required=False)
@click.option("--by", type=options.CHANNEL, help="How it was sent.")
@click.option("--to", "recipient", metavar="NAME", help="Which interviewer you thanked.")
def sent(
    workspace: Workspace,
    application: Application,
    at: dt.datetime,
    step: str | None,
    by: Channel | None,
    recipient: str | None,
) -> None:
    """Log that a message was sent: that of the due step, or of STEP."""
    plan = workspace.plan(application)
    kind = resolve_step(step, plan) if step else log_validation.step_to_log(plan).kind
    person = log_validation.find_interviewer(application, recipient) if recipient else None
    log_sent(workspace, application, kind, SentMessage(at=at, by=by, recipient=person))


@command("""
    afterword heard karoo neutral --decision-by 2026-12-11
    afterword heard karoo positive --on yesterday
    afterword heard karoo rejected
    """)
@options.log_command("When they answered")
@click.argument("answer", type=options.ANSWER)
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
def heard(
    workspace: Workspace,
    application: Application,
    at: dt.datetime,
    answer: Answer,
    decision_by: str | None,
) -> None:
    """Log an answer: positive (next steps promised), neutral (no decision yet) or rejected.

    The steps that were planned for the silence before it are dropped, on the
    phone too, and the draft of a reply is printed.
    """
    if decision_by and answer is Answer.REJECTED:
        raise UsageError("a rejection is their decision; leave out --decision-by")
    day = (
        workspace.parse_decision_day(decision_by, *application.interviews) if decision_by else None
    )
    log_answer(workspace, application, answer, at, decision_by=day)


@command("afterword away karoo --until 2026-12-07")
@options.log_command("When you heard it")
@click.option(
    "--until", metavar="DAY", required=True, help='Their last day away: "4 Dec", "next week".'
)
def away(workspace: Workspace, application: Application, at: dt.datetime, until: str) -> None:
    """Log that they are away (an out-of-office note is no answer).

    The plan waits for the working day after their return.
    """
    day = workspace.parse_future_day(until)
    if day < at.date():
        raise UsageError(
            f"{workspace.format_day(day)} had passed by then; add --on DAY, the day you heard it"
        )
    message = f"{short_name(application)}: away until {workspace.format_day(day)}."
    log_and_print(workspace, application, LogEntry(at=at, away_until=day), message=message)


@command("""
    afterword expect karoo --decision-by 2026-12-04
    afterword expect karoo --they-will-call
    """)
@options.log_command("When you heard it")
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
@click.option("--they-will-call", is_flag=True, help="They promised to call.")
def expect(
    workspace: Workspace,
    application: Application,
    at: dt.datetime,
    decision_by: str | None,
    they_will_call: bool,
) -> None:
    """Log when they will decide, or that they will call; the plan waits for it."""
    if not decision_by and not they_will_call:
        raise UsageError("Add --decision-by DAY or --they-will-call.")
    day = (
        workspace.parse_decision_day(decision_by, *application.interviews) if decision_by else None
    )
    lines = (
        [f"{short_name(application)}: they decide by {workspace.format_day(day)}."] if day else []
    )
    lines += [f"{short_name(application)}: they will call."] if they_will_call else []
    entry = LogEntry(at=at, decision_by=day, they_will_call=they_will_call)
    log_and_print(workspace, application, entry, message="\n".join(lines))


@command('afterword note karoo "They liked the portfolio."')
@options.log_command("When it was")
@click.argument("text", type=options.TEXT)
def note(workspace: Workspace, application: Application, at: dt.datetime, text: str) -> None:
    """Add a note to the log of an application. It does not change the plan."""
    message = f"{short_name(application)}: noted."
    log_and_print(workspace, application, LogEntry(at=at, note=text), message=message)
