"""Is this silence normal? Waits after the same step of the same round, and never from a few."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.application_stats import (
    Wait,
    WaitVerdict,
    answered_waits,
    compare_silence,
    compare_wait,
    current_wait,
)
from afterword.domain.planning.plan import Plan
from tests.domain.plans import interview, log, plan, toml


def made(*entries: str, start: str = "2026-11-02T11:00:00", more: str = "", head: str = "") -> Plan:
    return plan(toml(interview(start) + more + log(*entries), head=head), now=at(30))


def at(day: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, 10, tzinfo=dt.UTC)


def answered_after(days: int, **options: str) -> Plan:
    return made(f"2026-11-{2 + days:02}T12:00:00+02:00: heard = 'neutral'", **options)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), []),
        (("2026-11-05T12:00:00+02:00: heard = 'neutral'",), [("interview", 1, 3)]),
        (
            (
                "2026-11-03T12:00:00+02:00: sent = 'thank-you'",
                "2026-11-09T12:00:00+02:00: sent = 'first-follow-up'",
                "2026-11-11T12:00:00+02:00: heard = 'positive'",
            ),
            [("first-follow-up", 1, 2)],
        ),
        (
            (
                "2026-11-05T12:00:00+02:00: heard = 'neutral'",
                "2026-11-06T12:00:00+02:00: sent = 'reply'",
                "2026-11-10T12:00:00+02:00: heard = 'rejected'",
            ),
            [("interview", 1, 3), ("reply", 1, 4)],
        ),
        (
            (
                "2026-11-05T12:00:00+02:00: heard = 'neutral'",
                "2026-11-10T12:00:00+02:00: heard = 'rejected'",
            ),
            [("interview", 1, 3), ("answer", 1, 5)],
        ),
    ],
    ids=["none", "interview", "last message", "after a reply", "after an answer"],
)
def test_a_wait_runs_from_the_last_event_to_the_answer(
    entries: tuple[str, ...], expected: list[tuple[str, int, float]]
) -> None:
    waits = answered_waits(made(*entries))

    assert [(w.since, w.round, w.days) for w in waits] == expected


def test_rounds_are_counted_by_interviews_that_took_place() -> None:
    second = interview("2026-11-10T11:00:00") + interview("2026-11-04T09:00:00").replace(
        "[[interview]]", "[[interview]]\nstatus = 'cancelled'"
    )

    waits = answered_waits(made("2026-11-13T12:00:00+02:00: heard = 'neutral'", more=second))

    assert [(w.since, w.round, w.days) for w in waits] == [("interview", 2, 3)]


@pytest.mark.parametrize(
    ("entries", "day", "more"),
    [
        ((), 2, ""),
        (("2026-11-05: heard = 'rejected'",), 9, ""),
        (("2026-11-05: closed = true",), 9, ""),
        ((), 9, interview("2026-11-20T10:00:00")),
    ],
    ids=["before the interview", "rejected", "closed", "the next round is arranged"],
)
def test_there_is_no_silence(entries: tuple[str, ...], day: int, more: str) -> None:
    now = dt.datetime(2026, 11, day, 6, tzinfo=dt.UTC)

    assert current_wait(made(*entries, more=more), now=now) is None


@pytest.mark.parametrize("days", [(), (3,), (3, 9)], ids=["none", "one", "two"])
def test_fewer_than_three_answers_say_nothing(days: tuple[int, ...]) -> None:
    assert compare_silence(made(), map(answered_after, days), now=at(9)) is None


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(5, WaitVerdict.USUAL), (7, WaitVerdict.LONG), (20, WaitVerdict.LONGEST)],
    ids=str,
)
def test_a_silence_is_compared_with_median_and_range(day: int, verdict: WaitVerdict) -> None:
    comparison = compare_silence(made(), map(answered_after, (2, 4, 9)), now=at(day))

    assert comparison is not None
    assert (comparison.median, comparison.shortest, comparison.longest) == (4, 2, 9)
    assert comparison.n == 3
    assert comparison.verdict is verdict


@pytest.mark.parametrize("other", ["round", "applicant", "step"])
def test_only_the_same_round_step_and_person_count(other: str) -> None:
    more = interview("2026-11-01T11:00:00") if other == "round" else ""
    head = '[applicant]\nname = "Mia"\n' if other == "applicant" else ""
    entries = ["2026-11-05T12:00:00+02:00: heard = 'neutral'"]
    if other == "step":
        entries.insert(0, "2026-11-03T12:00:00+02:00: sent = 'thank-you'")

    past = [made(*entries, more=more, head=head) for _ in range(3)]

    assert compare_silence(made(), past, now=at(9)) is None


@given(st.lists(st.floats(0, 400), max_size=9))
def test_figures_are_within_the_range(days: list[float]) -> None:
    waits = [Wait(since="interview", round=1, began=at(1), days=each) for each in days]
    like = Wait(since="interview", round=1, began=at(1), days=1)

    past = compare_wait(like, waits)

    assert (past is None) == (len(days) < 3)
    if past is not None:
        assert min(days) == past.shortest <= past.median <= past.longest == max(days)
        assert past.n == len(days)
