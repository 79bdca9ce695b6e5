"""The user, as services notify and ask them; each front end implements it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

T = TypeVar("T")


class UserInterface(Protocol):
    """Notices, questions and progress of a run."""

    def notify(self, message: str, /) -> None:
        """Pass on a notice that is not part of the result."""

    def can_ask(self) -> bool:
        """True if somebody is there to answer a question."""

    def ask_text(self, question: str, /, *, default: str | None = None) -> str:
        """Return the answer, or the default for an empty answer."""

    def ask_password(self, question: str, /) -> str:
        """Return the answer, which is not echoed while it is typed."""

    def confirm(self, question: str, /, *, default: bool) -> bool:
        """Return the answer to a question of yes or no."""

    def choose(self, question: str, choices: Sequence[str], /) -> int:
        """Return the index of the choice that the user makes."""

    def open_page(self, url: str, /) -> None:
        """Open a page in the user's browser, if possible."""

    def track(self, items: Collection[T], doing: str, /) -> Iterator[T]:
        """Yield the items, and show how many are done where that takes long."""

    def steps(self, total: int, doing: str, /) -> AbstractContextManager[Callable[[int], None]]:
        """Open a progress display, and yield the function that sets how many are done."""
