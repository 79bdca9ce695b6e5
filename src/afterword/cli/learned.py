"""`afterword away`, `expect` and `note`: what was learned about the employer's time."""

from __future__ import annotations

import click

from afterword.cli import options
from afterword.cli.book import Book, logs
from afterword.cli.command import Command
from afterword.core.model import Application, Entry
from afterword.errors import UsageError


@click.command(cls=Command, example="afterword away karoo --until 2026-12-07")
@logs
@click.option("--until", metavar="DAY", required=True, help="The last day on which they are away.")
def away(book: Book, application: Application, on: str | None, until: str) -> None:
    """Log that they are away (an out-of-office note is no answer).

    The plan waits for the working day after their return.
    """
    day, at = book.day(until), book.moment(on, application)
    if day < at.date():
        raise UsageError(f"{book.shown_day(day)} had passed by then; --on says when you were told")
    said = f"{application.company}: away until {book.shown_day(day)}."
    book.log(application, Entry(at=at, away_until=day), said=said)


@click.command(
    cls=Command,
    example="""
    afterword expect karoo --decision-by 2026-12-04
    afterword expect karoo --they-will-call
    """,
)
@logs
@click.option("--decision-by", metavar="DAY", help="The day by which they want to decide.")
@click.option("--they-will-call", is_flag=True, help="They promised to call.")
def expect(
    book: Book,
    application: Application,
    on: str | None,
    decision_by: str | None,
    they_will_call: bool,
) -> None:
    """Log what they said about when you will hear from them; the plan waits for it."""
    if not decision_by and not they_will_call:
        raise UsageError("say what they said: --decision-by DAY, or --they-will-call")
    day = book.decision_day(decision_by, *application.interviews) if decision_by else None
    at = book.moment(on, application)
    said = [f"{application.company}: they decide by {book.shown_day(day)}."] if day else []
    said += [f"{application.company}: they will call."] if they_will_call else []
    entry = Entry(at=at, decision_by=day, they_will_call=they_will_call)
    book.log(application, entry, said="\n".join(said))


@click.command(cls=Command, example='afterword note karoo "They liked the portfolio."')
@logs
@click.argument("text", type=options.TEXT)
def note(book: Book, application: Application, on: str | None, text: str) -> None:
    """Keep a note in the log of an application. It changes nothing in the plan."""
    at = book.moment(on, application)
    book.log(application, Entry(at=at, note=text), said=f"{application.company}: noted.")
