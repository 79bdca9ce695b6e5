"""A few requests at once, each with an end: waiting that a stuck server cannot stretch.

The threads are daemons, so that an interrupt ends the program at once, and one
that a server holds on to is left behind when its time is up.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def within(seconds: float, call: Callable[[], R]) -> R:
    """Return what the call returns, or raise what it raises; TimeoutError after that long."""
    answers: queue.SimpleQueue[tuple[R | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            answers.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        result, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no complete answer in {seconds:g} seconds") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # None is then what the call returned


class Lines(Generic[T, R]):
    """Calls with each item, `count` at a time; the outcomes come as they are done.

    `halt` stops handing out items: those under way still come, `left` are the
    others.
    """

    def __init__(self, call: Callable[[T], R], items: Iterable[T], *, count: int) -> None:
        self._call = call
        self.left = list(items)
        self._count = count
        self._halted = False

    def halt(self) -> None:
        """Begin nothing new."""
        self._halted = True

    def __iter__(self) -> Iterator[tuple[T, R | BaseException]]:
        done: queue.SimpleQueue[tuple[T, R | BaseException]] = queue.SimpleQueue()
        under_way = 0
        while True:
            while self.left and under_way < self._count and not self._halted:
                self._begin(self.left.pop(0), done)
                under_way += 1
            if not under_way:
                return
            yield done.get()
            under_way -= 1

    def _begin(self, item: T, done: queue.SimpleQueue[tuple[T, R | BaseException]]) -> None:
        def work() -> None:
            try:
                done.put((item, self._call(item)))
            except BaseException as error:  # noqa: BLE001 - it is an outcome
                done.put((item, error))

        threading.Thread(target=work, daemon=True).start()
