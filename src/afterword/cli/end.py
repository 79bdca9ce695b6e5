"""`afterword cancel`, `close` and `reopen`: an interview or an application comes to its end."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli import options
from afterword.cli.book import Book, book_of, logs, on_the_store
from afterword.cli.choose import with_interview
from afterword.cli.command import Command
from afterword.cli.console import say
from afterword.core import logbook, timing
from afterword.core.model import Application, Entry, Status
from afterword.errors import UsageError


@click.command(cls=Command, example="afterword cancel karoo")
@logs
@click.argument("interview", required=False)
def cancel(book: Book, application: Application, on: str | None, interview: str | None) -> None:
    """Log that an interview does not take place: the latest, or the one of that id."""
    held = (
        logbook.interview_of(application, interview)
        if interview
        else max(application.interviews, key=lambda i: i.start)
    )
    if held.status is Status.CANCELLED:
        others = [i.id for i in application.interviews if i.status is not Status.CANCELLED]
        raise UsageError(
            f"{application.company}: interview {held.id} is cancelled already",
            [f"if you mean another: afterword cancel {application.id} {id}" for id in others],
        )
    at = book.moment(on, application)
    said = f"{application.company}: interview {held.id} of {book.shown(held.start)} is cancelled."
    entry = Entry(at=at, interview=held.id, note="The interview was cancelled.")
    gone = attrs.evolve(held, status=Status.CANCELLED)
    book.save(application, with_interview(application, gone, entry), said=said)


@click.command(
    cls=Command,
    example="""
    afterword close karoo --lesson "Ask for the salary band in the first talk."
    afterword close karoo --keep-in-touch 2027-03-01
    afterword close --all
    """,
)
@on_the_store
@click.argument("app", required=False)
@click.option("--all", "everything", is_flag=True, help="All that are open: a job is found.")
@click.option(
    "--lesson",
    "--learned",
    type=options.LINE,
    metavar="TEXT",
    help="What you learned; shown at the next add.",
)
@click.option("--keep-in-touch", metavar="DAY", help="Be reminded once, on that day, to say hello.")
@click.option("--on", metavar="WHEN", help="When it was.  [default: now]")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
def close(
    book: Book,
    app: str | None,
    everything: bool,
    lesson: str | None,
    keep_in_touch: str | None,
    on: str | None,
    dry_run: bool,
) -> None:
    """Close an application: nothing of it rings any more."""
    if bool(app) == everything:
        raise UsageError("say which application: afterword close APP, or --all for every open one")
    if dry_run:
        book = book_of(book.here, dry=True)
        say("nothing is changed: a dry run")
    found = [a for a in book.all() if not book.is_closed(a)] if app is None else [book.find(app)]
    if not found:
        say("no application is open")
    day = _day_to_come(book, keep_in_touch) if keep_in_touch else None
    for application in found:
        if book.is_closed(application) and not (lesson or day):
            raise UsageError(f"{application.company}, {application.role}: it is closed already")
        at = book.moment(on, application)
        entry = Entry(at=at, closed=True, lesson=lesson, keep_in_touch=day)
        book.log(application, entry, said=f"{application.company}, {application.role}: closed.")


def _day_to_come(book: Book, typed: str) -> dt.date:
    day = book.day(typed)
    if day <= timing.day_of(book.here.now, book.here.zone):
        raise UsageError(f"{book.shown_day(day)} is not to come; choose a later day")
    return day


@click.command(cls=Command, example="afterword reopen karoo")
@logs
def reopen(book: Book, application: Application, on: str | None) -> None:
    """Open an application that was closed."""
    if not book.is_closed(application):
        raise UsageError(f"{application.company}: it is not closed")
    at = book.moment(on, application)
    said = f"{application.company}, {application.role}: open again."
    book.log(application, Entry(at=at, reopened=True), said=said)
