"""How far something long is, for who looks at a terminal and waits."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from afterword.cli.console import can_say_over, say_over

T = TypeVar("T")

_LONG = 1_000
_STEPS = 100


def through(items: Collection[T], doing: str, *, long: int = _LONG) -> Iterator[T]:
    """Yield the items; from `long` of them on, tell meanwhile how many are done."""
    with steps(len(items), doing, long=long) as done:
        for number, item in enumerate(items):
            done(number)
            yield item


@contextlib.contextmanager
def steps(total: int, doing: str, *, long: int = _LONG) -> Iterator[Callable[[int], None]]:
    """Yield what is to be told how many of `total` are done; the line goes away at the end."""
    if total < long or not can_say_over():
        yield lambda _: None
        return
    every = total // _STEPS or 1

    def done(number: int) -> None:
        if number % every == 0:
            say_over(f"{doing}: {number:,} of {total:,}")

    try:
        yield done
    finally:
        say_over("")
