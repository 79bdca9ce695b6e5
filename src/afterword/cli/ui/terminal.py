"""The user at a terminal, as services notify and ask them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import click

from afterword.cli.ui import progress
from afterword.cli.ui.output import status

T = TypeVar("T")


class Terminal:
    """Questions and notices go to stderr; stdout is for results alone."""

    def notify(self, message: str, /) -> None:
        """Print a notice."""
        status(message)

    def can_ask(self) -> bool:
        """True if standard input is a terminal."""
        from afterword.cli.ui import prompts

        return prompts.can_ask()

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
        return progress.through(items, doing)

    def steps(self, total: int, doing: str, /) -> AbstractContextManager[Callable[[int], None]]:
        """Show a progress line until the context ends."""
        return progress.steps(total, doing)
