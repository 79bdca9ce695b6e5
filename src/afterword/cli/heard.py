"""`afterword heard`: they answered."""

from __future__ import annotations

import datetime as dt

import click

from afterword.cli import options
from afterword.cli.book import Book, logs
from afterword.cli.command import Command
from afterword.cli.console import say, show
from afterword.cli.draft import show_draft
from afterword.core.model import Answer, Application, Entry, State, StepKind
from afterword.errors import UsageError


@click.command(
    cls=Command,
    example="""
    afterword heard karoo neutral --decision-by 2026-12-11
    afterword heard karoo positive --on yesterday
    afterword heard karoo rejected
    """,
)
@logs
@click.argument("answer", type=options.ANSWER)
@click.option("--decision-by", metavar="DAY", help="The day by which they want to decide.")
def heard(
    book: Book,
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
    at = book.moment(on, application)
    day = book.decision_day(decision_by, *application.interviews) if decision_by else None
    log_answer(book, application, answer, at, decision_by=day)


def log_answer(
    book: Book,
    application: Application,
    answer: Answer,
    at: dt.datetime,
    *,
    decision_by: dt.date | None = None,
) -> None:
    """Log an answer, tell what it changed, and print the draft of the reply."""
    said = f"{application.company}: {answer} answer on {book.shown(at)}."
    entries = [Entry(at=at, heard=answer, decision_by=decision_by)]
    if book.is_closed(application) and answer is not Answer.REJECTED:
        say("the application was closed; it is open again")
        entries.insert(0, Entry(at=at, reopened=True))
    after = book.plan(book.log(application, *entries, said=said))
    reply = [s for s in after.steps if s.kind is StepKind.REPLY and s.state is not State.WITHDRAWN]
    if reply:
        show()
        show_draft(after, reply[-1], book.here)
