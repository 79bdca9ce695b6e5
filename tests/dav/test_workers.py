"""A few calls at once: each once, never too many, none after a halt, none without an end."""

from __future__ import annotations

import threading

import pytest

from afterword.dav.workers import DeadlineWorker, WorkerPool


def outcomes(lines: WorkerPool[int, int]) -> dict[int, int | BaseException]:
    return {item: outcome for some in lines for item, outcome in some}


@pytest.mark.parametrize("count", [1, 2, 4, 50])
def test_each_is_called_once_and_no_more_than_that_many_at_a_time(count: int) -> None:
    running, most, calls = 0, 0, list[int]()
    counting = threading.Lock()

    def call(item: int) -> int:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
            calls.append(item)
        with counting:
            running -= 1
        return -item

    found = outcomes(WorkerPool(call, range(300), count=count))

    assert found == {item: -item for item in range(300)}
    assert sorted(calls) == list(range(300))
    assert 1 <= most <= count


def test_a_failure_is_an_outcome_and_the_others_go_on() -> None:
    def call(item: int) -> int:
        if item % 3 == 0:
            raise ValueError(item)
        return item

    found = outcomes(WorkerPool(call, range(30), count=3))

    failed = {item for item, outcome in found.items() if isinstance(outcome, ValueError)}
    assert (len(found), failed) == (30, set(range(0, 30, 3)))


def test_after_a_failure_nothing_is_begun_before_it_was_looked_at() -> None:
    """A password that was refused once is not tried again by a line that knows nothing of it."""
    calls = list[int]()

    def call(item: int) -> int:
        calls.append(item)
        raise ValueError

    lines = WorkerPool(call, range(9), count=1)
    for _ in lines:
        lines.halt()

    assert calls == [0]
    assert lines.remaining == list(range(1, 9))


def test_a_halt_lets_what_is_under_way_end() -> None:
    at_once = threading.Barrier(3)

    def call(item: int) -> int:
        at_once.wait(30)
        lines.halt()
        if item == 0:
            raise ValueError
        return item

    lines: WorkerPool[int, int] = WorkerPool(call, range(9), count=3)
    found = outcomes(lines)

    assert set(found) == {0, 1, 2}
    assert lines.remaining == list(range(3, 9))


def test_whoever_walks_away_leaves_no_line_behind() -> None:
    before = threading.active_count()
    for _ in WorkerPool(lambda item: item, range(1000), count=4):
        break
    done = threading.Event()
    for _ in range(100):
        if threading.active_count() <= before:
            break
        done.wait(0.05)

    assert threading.active_count() <= before


class TestWorker:
    def test_it_returns_and_raises_what_the_call_does(self) -> None:
        worker = DeadlineWorker()

        def fail() -> int:
            raise ValueError("mine")

        assert worker.run_with_timeout(30, lambda: 7, lambda: None) == 7
        with pytest.raises(ValueError, match="mine"):
            worker.run_with_timeout(30, fail, lambda: None)
        assert worker.run_with_timeout(30, lambda: None, lambda: None) is None
        worker.stop()

    def test_what_has_no_end_is_let_go(self) -> None:
        let_go = threading.Event()

        with pytest.raises(TimeoutError, match="no complete answer"):
            DeadlineWorker().run_with_timeout(0.01, lambda: let_go.wait(30), let_go.set)

        assert let_go.is_set()
