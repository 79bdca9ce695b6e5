"""`afterword undo`, `edit` and `forget`: the file of an application as a whole."""

from __future__ import annotations

import sys

import click

from afterword import exports, files
from afterword.cli.book import Book, on_one, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import say, show
from afterword.cli.news import show_news
from afterword.cli.planning import readers_language
from afterword.core.model import Application
from afterword.errors import InputError, UsageError
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
    show_news(book.plan(application), book.plan(after), readers_language(book.here))


@click.command(cls=Command, example="afterword edit karoo")
@click.argument("app")
@on_the_store
def edit(book: Book, app: str) -> None:
    """Open the file of an application in your editor; it counts once it has no mistake."""
    path = book.store.locate(app)
    old = files.read(path, at_most=LARGEST)
    text = old.decode("utf-8", "replace")
    while True:
        edited = click.edit(text, extension=".toml")
        if edited is None or edited.encode() == old:
            say("nothing was changed")
            return
        try:
            book.store.replace_text(path, old, edited.encode())
        except InputError as error:
            say(str(error))
            if not sys.stdin.isatty() or not click.confirm(
                "Edit it again?", default=True, err=True
            ):
                raise
            text = edited
        else:
            say(f"changed {path}")
            return


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
    book.store.forget(application.id)
    for place in _exported(application, book):
        say(f"it has events in {place}: the next export to it cancels them")
    show(f"{name} is forgotten.")


def _exported(application: Application, book: Book) -> list[str]:
    """Forget what was exported of an application; return the places that are still to be told."""
    path = book.here.locations.state / "state.sqlite"
    if not path.exists():
        return []
    with Database(path) as database:
        return exports.forget(database, application.id, now=book.here.now)
