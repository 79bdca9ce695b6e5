"""What a bare `afterword` does: show what is due, and on a terminal log it with one key."""

from __future__ import annotations

import datetime as dt
import sys

import click

from afterword.cli.book import Book, book_of
from afterword.cli.console import say, show
from afterword.cli.here import find
from afterword.cli.next import DAYS, address_of, show_agenda
from afterword.cli.planning import readers_language
from afterword.config.locations import locate
from afterword.core import logbook
from afterword.core.agenda import Agenda, Item, Question, Urgency, agenda, clashes
from afterword.core.model import Answer, Entry, StepKind
from afterword.errors import UsageError

_KEYS = "[s]ent  [a]nswered  s[k]ip  [n]ot yet  [q]uit"
_ANSWERS = {"p": Answer.POSITIVE, "n": Answer.NEUTRAL, "r": Answer.REJECTED}


def nothing_is_kept() -> bool:
    """Whether this person has not told of any interview yet."""
    folder = locate().data
    return not folder.is_dir() or not any(folder.glob("*.toml"))


def show_due() -> None:
    """Show what is due over all applications; ask about each on a terminal."""
    book = book_of(find(now=None, zone=None, data=None))
    plans = [book.plan(application) for application in book.all()]
    due = agenda(plans, now=book.here.now, days=DAYS)
    close = clashes(plans, now=book.here.now, address_of=address_of)
    show_agenda(due, close, readers_language(book.here), known=bool(plans))
    if sys.stdin.isatty():
        ask(due, book)


def ask(due: Agenda, book: Book) -> None:
    """Go through what is due and what is not known, one key each, until `q`."""
    waiting: list[Item | Question] = [i for i in due.items if i.urgency is not Urgency.COMING]
    for one in (*due.questions, *waiting):
        language = readers_language(book.here)
        day = language.weekday_and_day(one.step.send_at.astimezone(book.here.zone))
        say(f"\n{one.plan.application.company}: {one.step.kind}, {day}?  {_KEYS}")
        key = click.getchar().casefold()
        if key == "q":
            return
        _act(key, one, book)


def _act(key: str, one: Item | Question, book: Book) -> None:
    application = book.find(one.plan.application.id)
    now = book.moment(None, application)
    step = one.step
    if key == "s":
        at = now if isinstance(one, Item) else _usual(one, now)
        try:
            entry = logbook.sent(
                book.plan(application), step.kind, logbook.Sent(at=at), now=book.here.now
            )
        except UsageError as error:
            say(error.message)
            return
        book.log(application, entry)
    elif key == "k":
        book.log(application, Entry(at=now, interview=step.interview, skipped=step.kind))
    elif key == "a":
        say("[p]ositive  [n]eutral  [r]ejected")
        answer = _ANSWERS.get(click.getchar().casefold())
        if answer:
            book.log(application, Entry(at=now, heard=answer))
            show(f"afterword draft {application.id} {StepKind.REPLY} prints the reply")


def _usual(question: Question, now: dt.datetime) -> dt.datetime:
    """Return when a message that nobody logged was most likely sent: when it was due."""
    return min(now, question.step.send_at.astimezone(now.tzinfo))
