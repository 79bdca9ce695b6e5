"""A progress line for long operations at a terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from afterword.cli.ui.output import can_update_status, update_status

T = TypeVar("T")

_LONG = 1_000
_STEPS = 100


def through(items: Collection[T], doing: str, *, long: int = _LONG) -> Iterator[T]:
    """Yield the items; if there are at least `long`, show how many are done."""
    with steps(len(items), doing, long=long) as done:
        for number, item in enumerate(items):
            done(number)
            yield item


@contextlib.contextmanager
def steps(total: int, doing: str, *, long: int = _LONG) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes the number of done steps; the line is erased at the end."""
    with line(doing, long=long) as report:
        yield lambda done: report(done, total)


@contextlib.contextmanager
def line(doing: str, *, long: int = _LONG) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes the number of done steps and the total, as `steps` does."""
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
