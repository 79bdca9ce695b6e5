"""`afterword sent`: a message went out."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli import options
from afterword.cli.book import Book, logs
from afterword.cli.command import Command
from afterword.cli.console import say
from afterword.core import logbook
from afterword.core.model import FOLLOW_UPS, Answer, Application, Channel, StepKind

_UNASKED = {StepKind.THANK_YOU, *FOLLOW_UPS}


@click.command(
    cls=Command,
    example="""
    afterword sent karoo
    afterword sent karoo first-follow-up --on yesterday
    afterword sent karoo thank-you --to Thandi --by email
    """,
)
@logs
@click.argument("step", type=options.STEP, required=False)
@click.option("--by", type=options.CHANNEL, help="How it was sent.")
@click.option("--to", "recipient", metavar="NAME", help="The one of a panel who was thanked.")
def sent(
    book: Book,
    application: Application,
    on: str | None,
    step: StepKind | None,
    by: Channel | None,
    recipient: str | None,
) -> None:
    """Log that a message was sent: the step that is due, or STEP."""
    kind = step or logbook.due_step(book.plan(application)).kind
    person = logbook.person(application, recipient) if recipient else None
    said = logbook.Sent(at=book.moment(on, application), by=by, recipient=person)
    log_sent(book, application, kind, said)


def log_sent(book: Book, application: Application, kind: StepKind, said: logbook.Sent) -> None:
    """Log a message, and tell what that changed. Raises UsageError, which says why not."""
    entry = logbook.sent(book.plan(application), kind, said, now=book.here.now)
    name = f"{kind} to {said.recipient.name}" if said.recipient else str(kind)
    done = "done" if kind is StepKind.MOVE_ON else "sent"
    told = f"{application.company}: {name} {done} on {book.shown(said.at)}."
    ended = _ended(application, said.at, book) if kind in _UNASKED else None
    after = book.log(application, entry, said=told)
    if ended:
        say(f"{ended}; it is logged all the same")
    missing = _still_to_thank(after, book) if kind is StepKind.THANK_YOU else ()
    if missing:
        say(f"Still to thank: {', '.join(missing)}.")


def _ended(application: Application, at: dt.datetime, book: Book) -> str | None:
    """Return what says that nobody waited for a message of that moment."""
    heard = [answer for answer in book.plan(application).history.answers if answer.at <= at]
    if heard and heard[-1].entry.heard is Answer.REJECTED:
        return f"they had said no on {book.shown(heard[-1].at)}"
    return "the application was closed" if book.is_closed(application) else None


def _still_to_thank(application: Application, book: Book) -> tuple[str, ...]:
    for step in book.plan(application).steps:
        if step.kind is StepKind.THANK_YOU and step.thanked:
            people = logbook.interview_of(application, step.interview).interviewers
            return tuple(p.name for p in people if p.name not in step.thanked)
    return ()
