"""`afterword undo`, `edit` and `forget`: the file of an application as a whole."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from afterword import exports, files
from afterword.cli.book import Book, on_one, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import say, show
from afterword.cli.here import Here
from afterword.cli.news import show_news
from afterword.cli.reader import reader_of
from afterword.cli.show import in_words
from afterword.core import history
from afterword.core.around import Around, compose
from afterword.core.event import EventText
from afterword.core.model import Application, Plan
from afterword.errors import InputError, UsageError
from afterword.state import resources
from afterword.state.database import Database
from afterword.store.folder import LARGEST


@click.command(cls=Command, example="afterword undo karoo")
@on_one
@click.option("--force", is_flag=True, help="Even where the file was edited by hand since.")
def undo(book: Book, application: Application, force: bool) -> None:
    """Take the last change of an application back, whatever it was; repeatable."""
    after = book.store.undo(application.id, force=force)
    if after is None:
        show(f"{application.company}, {application.role}: it was new, and is gone again.")
        return
    show(f"{application.company}, {application.role}: the last change is taken back.")
    before, reader = book.plan(application), reader_of(book.here)
    read = history.read(application, zone=before.zone, employer_zone=before.employer_zone)
    for logged in read.log:
        if logged.entry not in after.log:
            show(f"  taken back: {in_words(logged, before, reader)}")
    show_news(before, book.plan(after), reader)


@click.command(cls=Command, example="afterword edit karoo")
@click.argument("app")
@on_the_store
def edit(book: Book, app: str) -> None:
    """Open the file of an application in your editor; it counts once it has no mistake."""
    path = book.store.locate(app)
    old = files.read(path, at_most=LARGEST)
    text = old.decode("utf-8", "replace")
    while True:
        edited = in_editor(text, path)
        if edited is None or edited.encode() == old:
            say("nothing was changed")
            return
        try:
            book.store.replace_text(path, old, edited.encode())
        except InputError as error:
            if not sys.stdin.isatty():
                raise _kept_aside(error, edited, path.name, book.here) from None
            say(str(error))
            if not click.confirm("Edit it again?", default=True, err=True):
                raise _kept_aside(error, edited, path.name, book.here) from None
            text = edited
        else:
            say(f"changed {path}")
            return


def in_editor(text: str, path: Path) -> str | None:
    """Return a text as it was left in the person's editor, None where it was not saved.

    Raises UsageError where no editor is named and nobody sits at a terminal.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not sys.stdin.isatty() and not named:
        raise UsageError(f"nobody is at a terminal to edit it; change the file by hand: {path}")
    return click.edit(text, extension=path.suffix)


def _kept_aside(error: InputError, text: str, name: str, here: Here) -> InputError:
    """Keep what was typed, and return the error that says where it is."""
    return InputError(
        error.message, [*error.notes, f"what you typed is in {aside(here, name, text)}"]
    )


def aside(here: Here, name: str, text: str) -> Path:
    """Keep a text that could not be used where its writer finds it again."""
    files.make_directory(here.locations.state, private=True)
    path = here.locations.state / f"not-used-{name}"
    files.write_atomically(path, [text.encode()], mode=files.PRIVATE)
    return path


@click.command(cls=Command, example="afterword forget karoo --yes")
@on_one
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(book: Book, application: Application, yes: bool) -> None:
    """Take an application away, with all that is remembered of it."""
    name = f"{application.company}, {application.role} ({application.id})"
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"{name} would be gone for good; --yes says that you mean it")
        if not click.confirm(f"Forget {name} for good?", err=True):
            say("nothing was changed")
            return
    # Before its facts go: a run that ends in between leaves them, and can be repeated.
    places, calendars = _released(application, book)
    book.store.forget(application.id)
    for place in places:
        say(f"it has events in {place}: the next export to it cancels them")
    for url in calendars:
        say(f"it has events in {url}: the next sync removes them")
    show(f"{name} is forgotten.")


def _released(application: Application, book: Book) -> tuple[list[str], list[str]]:
    """Forget what was exported and synced of an application.

    Return the places and the calendars that are still to be told.
    """
    here = book.here
    path = here.locations.database
    if not path.exists():
        return [], []
    uids = _uids(book.plan(application))
    with Database(path) as database, database.locked():
        calendars = resources.forget(database, uids)
        return exports.forget(database, application.id, now=here.now, zone=here.zone), calendars


def _uids(plan: Plan) -> set[str]:
    """Return the UIDs of all events that follow from a plan; their words do not matter."""
    wordless = EventText(summary="", description="")
    around = compose(plan, tuple(Around), lambda _, __: wordless)
    of_steps = {uid for step in plan.steps for uid in step.uids.values()}
    return of_steps | {event.uid for event in around}
