"""Figures with the number of cases behind them."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.domain.application_stats import ApplicationStatus, Figure, compute_statistics
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan
from tests.domain.plans import interview, log, plan, toml

TUESDAY = interview("2026-11-24T14:00:00")
NOW = dt.datetime(2026, 12, 20, tzinfo=dt.UTC)


def made(*entries: str, held: str = TUESDAY) -> Plan:
    return plan(toml(held + log(*entries)), now=NOW)


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([], ApplicationStatus.WAITING),
        (['2026-12-02: heard = "neutral"'], ApplicationStatus.ANSWERED),
        (['2026-12-02: heard = "rejected"'], ApplicationStatus.REJECTED),
        (["2026-12-02: closed = true"], ApplicationStatus.CLOSED),
        (
            ['2026-12-02: heard = "rejected"', "2026-12-03: closed = true"],
            ApplicationStatus.REJECTED,
        ),
        (["2026-12-02: closed = true", "2026-12-03: reopened = true"], ApplicationStatus.WAITING),
        (
            ['2026-12-02: heard = "rejected"', '2026-12-03: heard = "positive"'],
            ApplicationStatus.ANSWERED,
        ),
    ],
)
def test_where_an_application_stands(entries: list[str], outcome: ApplicationStatus) -> None:
    figures = compute_statistics([made(*entries)], now=NOW)

    assert [o for o, count in figures.states.items() if count] == [outcome]


def test_an_interview_to_come_is_not_waited_for() -> None:
    figures = compute_statistics([made(held=interview("2027-01-20T10:00:00"))], now=NOW)

    assert figures.states[ApplicationStatus.UPCOMING] == 1
    assert figures.answered == Figure(value=None, n=0)


def test_no_rate_from_fewer_than_three() -> None:
    two = [made('2026-12-02: heard = "neutral"')] * 2

    assert compute_statistics(two, now=NOW).answered == Figure(value=None, n=2)
    three = [*two, made()]
    assert compute_statistics(three, now=NOW).answered == Figure(value=2 / 3, n=3)


def test_days_to_an_answer_are_counted_from_the_last_message() -> None:
    first = '2026-12-01T10:00:00: sent = "first-follow-up"'
    plans = [
        made(first, '2026-12-03T10:00:00: heard = "neutral"'),
        made(first, '2026-12-04T10:00:00: heard = "positive"'),
        made(first, '2026-12-08T22:00:00: heard = "rejected"'),
        made('2026-11-25T15:00:00: heard = "neutral"'),
    ]

    figures = compute_statistics(plans, now=NOW).days_to_answer

    assert figures == {
        "first-follow-up": Figure(value=3.0, n=3),
        "interview": Figure(value=None, n=1),
    }


def test_steps_sent_in_their_window() -> None:
    sent = 'sent = "first-follow-up"'
    plans = [made(f"2026-{day}: {sent}") for day in ("11-29", "12-01", "12-02")]

    figures = compute_statistics(plans, now=NOW).in_window

    assert figures == {StepKind.FIRST: Figure(value=2 / 3, n=3)}
