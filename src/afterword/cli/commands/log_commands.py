"""`afterword sent`, `heard`, `away`, `expect` and `note`: log messages, answers and news."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.log_actions import ApplicationLog, log_answer, log_command, log_sent
from afterword.domain import log_validation
from afterword.domain.applications import short_name
from afterword.domain.model import Answer, Channel, LogEntry
from afterword.domain.step_names import resolve_step
from afterword.errors import UsageError


@command("""
    afterword sent karoo
    afterword sent karoo first-follow-up --on yesterday
    afterword sent karoo thank-you --to Thandi --by email
    """)
@log_command("When you sent it")
@click.argument("step", type=options.STEP, required=False)
@click.option("--by", type=options.CHANNEL, help="How it was sent.")
@click.option("--to", "recipient", metavar="NAME", help="Which interviewer you thanked.")
def sent(log: ApplicationLog, step: str | None, by: Channel | None, recipient: str | None) -> None:
    """Log that a message was sent: that of the due step, or of STEP."""
    kind = resolve_step(step, log.plan) if step else log_validation.step_to_log(log.plan).kind
    if recipient:
        recipient = log_validation.find_interviewer(log.application, recipient).name
    log_sent(log, kind, by=by, recipient=recipient)


@command("""
    afterword heard karoo neutral --decision-by 2026-12-11
    afterword heard karoo positive --on yesterday
    afterword heard karoo rejected
    """)
@log_command("When they answered")
@click.argument("answer", type=options.ANSWER)
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
def heard(log: ApplicationLog, answer: Answer, decision_by: str | None) -> None:
    """Log an answer: positive (next steps promised), neutral (no decision yet) or rejected.

    The steps that were planned for the silence before it are dropped, on the
    phone too, and the draft of a reply is printed.
    """
    if decision_by and answer is Answer.REJECTED:
        raise UsageError("a rejection is their decision; leave out --decision-by")
    log_answer(log, answer, decision_by=_decision_day(log, decision_by))


def _decision_day(log: ApplicationLog, typed: str | None) -> dt.date | None:
    if not typed:
        return None
    return log.workspace.parse_decision_day(typed, *log.application.interviews)


@command("afterword away karoo --until 2026-12-07")
@log_command("When you heard it")
@click.option(
    "--until", metavar="DAY", required=True, help='Their last day away: "4 Dec", "next week".'
)
def away(log: ApplicationLog, until: str) -> None:
    """Log that they are away (an out-of-office note is no answer).

    The plan waits for the working day after their return.
    """
    day = log.workspace.parse_future_day(until)
    formatted = log.workspace.format_day(day)
    if day < log.at.date():
        raise UsageError(f"{formatted} had passed by then; add --on DAY, the day you heard it")
    message = f"{short_name(log.application)}: away until {formatted}."
    log.append(LogEntry(at=log.at, away_until=day), message=message)


@command("""
    afterword expect karoo --decision-by 2026-12-04
    afterword expect karoo --they-will-call
    """)
@log_command("When you heard it")
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
@click.option("--they-will-call", is_flag=True, help="They promised to call.")
def expect(log: ApplicationLog, decision_by: str | None, they_will_call: bool) -> None:
    """Log when they will decide, or that they will call; the plan waits for it."""
    if not decision_by and not they_will_call:
        raise UsageError("Add --decision-by DAY or --they-will-call.")
    day, name = _decision_day(log, decision_by), short_name(log.application)
    lines = [f"{name}: they decide by {log.workspace.format_day(day)}."] if day else []
    lines += [f"{name}: they will call."] if they_will_call else []
    entry = LogEntry(at=log.at, decision_by=day, they_will_call=they_will_call)
    log.append(entry, message="\n".join(lines))


@command('afterword note karoo "They liked the portfolio."')
@log_command("When it was")
@click.argument("text", type=options.TEXT)
def note(log: ApplicationLog, text: str) -> None:
    """Add a note to the log of an application. It does not change the plan."""
    log.append(LogEntry(at=log.at, note=text), message=f"{short_name(log.application)}: noted.")
