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
    """A thread that runs calls in turn, and is abandoned if a call takes too long."""

    def __init__(self) -> None:
        """Start the thread, which waits for the first call."""
        self._calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def run_with_timeout(
        self, seconds: float, call: Callable[[], R], cancel: Callable[[], object]
    ) -> R:
        """Return the result of the call, or raise its error.

        Raises TimeoutError if it takes longer. `cancel` is then called to unblock it, and
        this worker takes no more calls.
        """
        self._calls.put(call)
        try:
            result, error = self._outcomes.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            cancel()
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
            except BaseException as error:  # noqa: BLE001 - raised by run_with_timeout
                self._outcomes.put((None, error))
            del call


class WorkerPool(Generic[T, R]):
    """Calls with each item in `count` threads; iterating yields the outcomes as they arrive.

    A thread whose call raises ends; the next step of the iteration starts another, unless
    `halt` was called in between. After `halt`, calls under way still yield their outcomes,
    and `remaining` holds the items that no thread has begun.
    """

    def __init__(self, call: Callable[[T], R], items: Iterable[T], *, count: int) -> None:
        self._call = call
        self._items = collections.deque(items)
        self._count = count
        self._halted = False
        # Bounded, so that threads do not run far ahead of the consumer that records outcomes.
        self._done: queue.Queue[tuple[T, R | BaseException] | None] = queue.Queue(_AHEAD * count)

    @property
    def remaining(self) -> list[T]:
        """Return the items that were not begun."""
        return list(self._items)

    def halt(self) -> None:
        """Begin no more items."""
        self._halted = True

    def __iter__(self) -> Iterator[list[tuple[T, R | BaseException]]]:
        """Yield the outcomes since the last step, never an empty list."""
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
                if outcomes := [outcome for outcome in arrived if outcome is not None]:
                    yield outcomes
        finally:
            self.halt()
            # Unblock threads that wait for room in the full queue.
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
                except BaseException as error:  # noqa: BLE001 - an outcome like a result
                    self._done.put((item, error))
                    return
        except IndexError:
            pass  # no items remain
        finally:
            self._done.put(None)
