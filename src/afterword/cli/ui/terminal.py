"""The user at a terminal: questions and notices of services, and progress lines."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import click

from afterword.cli.ui.output import can_update_status, status, update_status

T = TypeVar("T")

_LONG = 1_000
_STEPS = 100


class Terminal:
    """Questions and notices go to stderr; stdout is for results alone."""

    def notify(self, message: str, /) -> None:
        """Print a notice."""
        status(message)

    def can_ask(self) -> bool:
        """True if standard input is a terminal."""
        from afterword.cli.ui import prompts

        return prompts.can_ask()

    def ask(self, question: str, parse: Callable[[str], T], /) -> T:
        """Return the parsed answer."""
        from afterword.cli.ui import prompts

        return prompts.ask(question, parse)

    def ask_text(self, question: str, /, *, default: str | None = None) -> str:
        """Return the typed answer, or the default."""
        from afterword.cli.ui import prompts

        return prompts.ask_line(question, default=default)

    def ask_password(self, question: str, /) -> str:
        """Return the typed answer, which the terminal does not show."""
        answer: str = click.prompt(question, hide_input=True, err=True)
        return answer

    def confirm(self, question: str, /, *, default: bool) -> bool:
        """Return the answer to a question of yes or no."""
        from afterword.cli.ui import prompts

        return prompts.confirm(question, default=default)

    def choose(self, question: str, choices: Sequence[str], /) -> int:
        """Return the index of the choice that the user makes."""
        from afterword.cli.ui import prompts

        return prompts.choose(question, choices)

    def open_page(self, url: str, /) -> None:
        """Open a page in the browser."""
        click.launch(url)

    def track(self, items: Collection[T], doing: str, /) -> Iterator[T]:
        """Yield the items, with a progress line."""
        return track_progress(items, doing)

    def progress(self, doing: str, /) -> AbstractContextManager[Callable[[int, int], None]]:
        """Show a progress line until the context ends."""
        return progress_line(doing)


def track_progress(items: Collection[T], doing: str, *, long: int = _LONG) -> Iterator[T]:
    """Yield the items; if there are at least `long`, show how many are done."""
    with progress_line(doing, long=long) as report:
        for number, item in enumerate(items):
            report(number, len(items))
            yield item


@contextlib.contextmanager
def progress_line(doing: str, *, long: int = _LONG) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes the number of done steps and the total; erase it at the end."""
    if not can_update_status():
        yield lambda _, __: None
        return
    printed: int | None = None

    def report(done: int, total: int) -> None:
        nonlocal printed
        if total >= long and (part := _STEPS * done // total) != printed:
            printed = part
            update_status(f"{doing}: {done:,} of {total:,}")

    try:
        yield report
    finally:
        if printed is not None:
            update_status("")
