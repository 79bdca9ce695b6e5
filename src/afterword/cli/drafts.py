"""`afterword drafts`: the texts that drafts are made from, ours and the person's own."""

from __future__ import annotations

from pathlib import Path

import click

from afterword import files
from afterword.cli import options
from afterword.cli.command import Command
from afterword.cli.console import say, show
from afterword.cli.here import Here
from afterword.cli.keep import aside, in_editor
from afterword.cli.planning import own_texts, readers_language, texts_folder
from afterword.drafts import facts, own
from afterword.drafts.shelf import Title
from afterword.drafts.templates import Text, mistakes
from afterword.errors import DraftError, UsageError


class _Group(Command, click.Group):
    """The group of these commands, with an example of one."""


@click.group("drafts", cls=_Group, example="afterword drafts edit thank-you")
def drafts() -> None:
    """See the texts that drafts are made from, and write your own.

    A file of yours with the name of one of ours, in your settings folder, is
    used in its place.
    """


@drafts.command("list", cls=Command, example="afterword drafts list")
@options.here
def list_texts(here: Here) -> None:
    """List all texts; a * is before your own."""
    mine = own_texts(here)
    for title in own.titles():
        show(f"{'*' if title in mine else ' '} {title}")
    say(f"your own texts are in {texts_folder(here)}")


@drafts.command("show", cls=Command, example="afterword drafts show thank-you")
@click.argument("name")
@click.option("--names", is_flag=True, help="The names that a text may use, too.")
@options.here
def show_text(name: str, names: bool, here: Here) -> None:
    """Print a text as it is used now."""
    show(own.source_of(own.named(name, readers_language(here)), own_texts(here)).rstrip("\n"))
    if names:
        say("A text may use these names:")
        for word, meaning in facts.described().items():
            say(f"  {word}: {meaning}")


@drafts.command("edit", cls=Command, example="afterword drafts edit thank-you")
@click.argument("name")
@options.here
def edit_text(name: str, here: Here) -> None:
    """Open a text in your editor; what you save is yours, and used from then on."""
    title = own.named(name, readers_language(here))
    before = own.source_of(title, own_texts(here))
    path = own.path_of(texts_folder(here), title)
    after = in_editor(before, path)
    if after is None or after == before:
        say("nothing was changed")
        return
    _check(title, path, after, here)
    files.make_directory(path.parent, private=True)
    files.write_atomically(path, [after.encode()], mode=files.PRIVATE)
    say(f"kept as {path}")


@drafts.command("reset", cls=Command, example="afterword drafts reset thank-you")
@click.argument("name")
@options.here
def reset_text(name: str, here: Here) -> None:
    """Take your own text away, so that ours is used again."""
    path = own.path_of(texts_folder(here), own.named(name, readers_language(here)))
    if not path.exists():
        raise UsageError(f"there is no own text {name}; ours is in use")
    files.remove(path)
    say(f"removed {path}")


def _check(title: Title, path: Path, source: str, here: Here) -> None:
    text = Text(place=str(path), source=source, has_subject=title.channel == "email")
    wrong = list(mistakes(text))
    if wrong:
        kept = aside(here, path.name, source)
        raise DraftError(
            "the text has mistakes, and is not used:", [*wrong, f"what you typed is in {kept}"]
        )
