"""Threads for calls that a stuck server could hold forever, each with a deadline.

The threads are daemons: an interrupt ends the program at once, and a thread that a server
holds past its deadline is abandoned.
"""

from __future__ import annotations

import collections
import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, cast

_AHEAD = 4
T = TypeVar("T")
R = TypeVar("R")


class DeadlineWorker:
    """A thread that does one call after another, and is left behind with one that has no end."""

    def __init__(self) -> None:
        """Wait for the first call."""
        self._calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def within(self, seconds: float, call: Callable[[], R], let_go: Callable[[], object]) -> R:
        """Return what the call returns, or raise what it raises.

        Raises TimeoutError where it takes longer; `let_go` is then called to
        set it free, and this worker takes no more calls.
        """
        self._calls.put(call)
        try:
            result, error = self._outcomes.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            let_go()
            raise TimeoutError(f"no complete answer in {seconds:g} seconds") from None
        if error is not None:
            raise error
        return cast("R", result)

    def stop(self) -> None:
        """Take no more calls."""
        self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._outcomes.put((call(), None))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                self._outcomes.put((None, error))
            del call


class WorkerPool(Generic[T, R]):
    """Calls with each item, `count` at a time; the outcomes come as they are done.

    A line goes on to the next item by itself as long as all goes well. Where a
    call raises, it waits until that was looked at: `halt` stops all lines, whose
    calls under way still come, and `left` are the items that none has begun.
    """

    def __init__(self, call: Callable[[T], R], items: Iterable[T], *, count: int) -> None:
        self._call = call
        self._items = collections.deque(items)
        self._count = count
        self._halted = False
        # The lines do not run far ahead of whoever notes what they did.
        self._done: queue.Queue[tuple[T, R | BaseException] | None] = queue.Queue(_AHEAD * count)

    @property
    def left(self) -> list[T]:
        """Return what was not begun."""
        return list(self._items)

    def halt(self) -> None:
        """Begin nothing new."""
        self._halted = True

    def __iter__(self) -> Iterator[list[tuple[T, R | BaseException]]]:
        """Yield what is done since the last time, one outcome at least."""
        running = 0
        try:
            while True:
                while running < self._count and self._items and not self._halted:
                    threading.Thread(target=self._work, daemon=True).start()
                    running += 1
                if not running:
                    return
                arrived = [self._done.get(), *self._waiting()]
                running -= arrived.count(None)
                if outcomes := [one for one in arrived if one is not None]:
                    yield outcomes
        finally:
            self.halt()
            # Sets free who still waits for a place to tell what it did.
            collections.deque(self._waiting(), maxlen=0)

    def _waiting(self) -> Iterator[tuple[T, R | BaseException] | None]:
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._done.get_nowait()

    def _work(self) -> None:
        try:
            while not self._halted:
                item = self._items.popleft()
                try:
                    self._done.put((item, self._call(item)))
                except BaseException as error:  # noqa: BLE001 - it is an outcome
                    self._done.put((item, error))
                    return
        except IndexError:
            pass  # the items are all begun
        finally:
            self._done.put(None)
