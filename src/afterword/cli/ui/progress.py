"""How far something long is, for who looks at a terminal and waits."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from afterword.cli.ui.output import can_update_status, update_status

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
    with line(doing, long=long) as tell:
        yield lambda done: tell(done, total)


@contextlib.contextmanager
def line(doing: str, *, long: int = _LONG) -> Iterator[Callable[[int, int], None]]:
    """Yield what is to be told how many are done, and of how many; as `steps` does."""
    if not can_update_status():
        yield lambda _, __: None
        return
    shown: int | None = None

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if total >= long and (part := _STEPS * done // total) != shown:
            shown = part
            update_status(f"{doing}: {done:,} of {total:,}")

    try:
        yield tell
    finally:
        if shown is not None:
            update_status("")
